"""Who bears witness to an event, and on whose word: which of its claims come from one text or one newsroom.

Two notions that are easily taken for one are kept apart. A `witness` is whoever wrote the text down: a wire story in forty papers
is one, and so is an agency that papers cite or credit. A `source` is whose word the text goes by: two papers that heard the
ministry are two witnesses of one source.

A claim's witness is, the first that applies: the news organisation that its text names as having told it ("AP reported"); that of
an earlier report with the same passage, nearly word for word, in other texts; the agency that its document, or a reprint of it,
credits; the publisher who printed its text first. A paper is one witness however often it writes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from dateline.linking.sketch import Runs, find_runs
from dateline.records import Claim, CreditFor, Document, Span, Teller

UNNAMED_AGENCIES = "agencies"
"""What `Credit.agency` is where a text credits agencies and names none."""

PRESS = "JRN"
"""PLOVER's sector of news organisations."""

NOBODY_IN_PARTICULAR = frozenset({"CVL", PRESS, None})
"""Sectors in which words that name nobody ("witnesses", "local media", "a report") are somebody else in each text. "Police" or "the
ministry" are the same in all texts that tell of one event."""


# ---------------------------------------------------------------- what a claim brings


@dataclass(frozen=True)
class Voice:
    """Somebody on whose word a text goes. `key` is the same for the same one in other texts; None: nobody in particular."""

    name: str
    key: str | None
    is_press: bool = False


@dataclass(frozen=True)
class Deposition:
    """A claim as far as it matters who tells it.

    `text` is the id of its document's group of reprints, the document's own where it is alone; `passage` the runs of the
    sentences that the claim rests on, words in quotation marks left out; `tellers` those whom the text
    names, the one nearest to the publisher first; `credits` the agencies that the document credits with its text.
    """

    claim: str
    document: str
    text: str
    day: date | None
    publisher: str | None
    passage: Runs
    tellers: tuple[Voice, ...] = ()
    credits: tuple[str, ...] = ()


class Houses(Protocol):
    """How news organisations are named; `ReadingTables` is one."""

    def agency_named(self, form: str) -> str | None:
        """The agency that a name, a form of it or the host of its site stands for; of none: None."""

    def house_named(self, name: str) -> str:
        """A news organisation's name without words that say only what it is ("Halden Press Agency": "Halden Press")."""


def deposition_of(claim: Claim, document: Document, text: str, houses: Houses, *, is_round_up: bool = False) -> Deposition:
    """The deposition of a claim in its document, whose group of reprints is `text`.

    A round-up's credits are for some of its parts, and which is not said: they count for nothing.
    """
    agency = houses.agency_named(document.publisher) if document.publisher else None
    credited = [] if is_round_up else [c.agency for c in document.credits if c.of is CreditFor.TEXT]
    return Deposition(
        claim=claim.id,
        document=document.id,
        text=text,
        day=document.published.day if document.published else None,
        publisher=houses.house_named(document.publisher) if document.publisher else None,
        passage=find_runs(passage_of(document, claim.event.evidence)),
        tellers=tuple(voice_of(t, houses) for t in claim.event.attribution if t.span or t.cue),
        credits=(agency,) if agency else tuple(dict.fromkeys(houses.house_named(name) for name in credited)),
    )


def voice_of(teller: Teller, houses: Houses) -> Voice:
    """Who a teller is. One of the actor table goes by its id, others by name and country."""
    actor = teller.actor
    if agency := houses.agency_named(actor.name):
        return Voice(agency, house_key(agency), is_press=True)
    is_named = actor.id is not None or (any(w[:1].isupper() for w in actor.name.split()) and not actor.is_group)
    if not is_named and actor.sector in NOBODY_IN_PARTICULAR:
        return Voice(actor.name, None, is_press=False)
    name = actor.name.casefold()
    if actor.sector == PRESS:
        return Voice(actor.name, house_key(houses.house_named(actor.name)), is_press=True)
    return Voice(actor.name, actor.id or f"{name}/{actor.country or ''}")


_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|(?<=[a-z])[.!?](?=[A-Z])|\n+")
"""Where a sentence ends, near enough to compare passages; pages lose the space between paragraphs."""

_QUOTED = re.compile(r"“[^“”]{1,600}”|\"[^\"\n]{1,600}\"")


REACH = 1_000
"""Code points looked at before and after the evidence: a paragraph may be a whole book."""


def passage_of(document: Document, evidence: Span) -> str:
    """The sentences that the evidence stands in, without what is in quotation marks: papers that quote one speech share its words
    without sharing a text."""
    block = document.block_at(evidence.start)
    low, high = (block.span.start, max(block.span.end, evidence.end)) if block else (evidence.start, evidence.end)
    low, high = max(low, evidence.start - REACH), min(high, evidence.end + REACH)
    ends = [m.end() for m in _SENTENCE.finditer(document.text, low, high)]
    start = max((e for e in ends if e <= evidence.start), default=low)
    end = min((e for e in ends if e >= evidence.end), default=high)
    return _QUOTED.sub(" ", document.text[start:end])


# ---------------------------------------------------------------- what comes of it


class Tie(StrEnum):
    """Why a claim counts with another one, or as another's."""

    TOLD_BY = "told by"  # its text names the news organisation
    SAME_PASSAGE = "same passage as"
    SAME_TEXT = "same text as"
    CREDITS = "credits"
    SAME_PUBLISHER = "same publisher as"
    NOT_HERE = "not here itself"  # the text names an organisation from which nothing else has come
    MANY_AGENCIES = "credits several agencies"


@dataclass(frozen=True)
class Reason:
    """A tie and what it is to: a name ("AFP"), or the claim of another document."""

    tie: Tie
    to: str

    def __str__(self) -> str:
        match self.tie:
            case Tie.NOT_HERE:
                return f"on the word of {self.to}, which is not here itself"
            case Tie.MANY_AGENCIES:
                return f"credits {self.to}, and which of them told it is not said"
            case _:
                return f"{self.tie} {self.to}"


@dataclass(frozen=True)
class Witnessed:
    """Whose a claim is. `witness` is the id of the first claim of its witness, `name` that witness in words.

    `source` is on whose word the text says it, the last of the tellers it names, None where the text speaks for itself;
    `source_key` is the same in all texts that go by the same word. `reasons` say why it is not a witness by itself; none: it is
    one.
    """

    claim: str
    document: str
    witness: str
    name: str
    source: str | None
    source_key: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How many claims, of how many documents, and how many witnesses and sources stand behind them."""

    claims: int
    documents: int
    witnesses: int
    sources: int


@dataclass(frozen=True)
class _Whose:
    """A voice that claims are put under, with the reason where it is not plainly the text's own."""

    key: str
    name: str
    reason: Reason | None = None


def find_witnesses(depositions: Sequence[Deposition]) -> tuple[Witnessed, ...]:
    """Whose each claim of one event is, in the order given. No claims: an empty tuple.

    The earliest claim, by the day of its document, is the witness's first; of one day those with a credit come first, then the
    lower id; undated ones come last.
    """
    ordered = sorted(depositions, key=_age)
    texts = {text: _text_of(text, prints) for text, prints in _by(ordered, lambda d: d.text).items()}
    head = _passages(ordered)
    told_alike = _by(ordered, lambda d: head[d.claim])
    whose = {d.claim: _whose(d, told_alike[head[d.claim]], texts) for d in ordered}
    whose |= _hearsay(ordered, texts, whose)
    whose |= _compiled(ordered, texts, whose)
    first: dict[str, Deposition] = {}
    for d in ordered:
        first.setdefault(whose[d.claim].key, d)
    found = tuple(_witnessed(d, whose[d.claim], first[whose[d.claim].key]) for d in depositions)
    fuller = _fuller_names({w.source_key for w in found})
    return tuple(replace(w, source_key=fuller.get(w.source_key, w.source_key)) for w in found)


def _fuller_names(keys: set[str]) -> dict[str, str]:
    """For sources of a country that end one other's name there, that other: "ministry" is the only "interior ministry" told of."""
    named = [key for key in keys if "/" in key]
    fuller = {key: [other for other in named if other.endswith(f" {key}")] for key in named}
    return {key: others[0] for key, others in fuller.items() if len(others) == 1}


def _by(depositions: Iterable[Deposition], key: Callable[[Deposition], str]) -> dict[str, list[Deposition]]:
    groups: dict[str, list[Deposition]] = defaultdict(list)
    for d in depositions:
        groups[key(d)].append(d)
    return groups


def _whose(deposition: Deposition, alike: Sequence[Deposition], texts: Mapping[str, _Whose]) -> _Whose:
    """Whose a claim is by its own text and those with the same passage, the earliest first.

    An agency that one of them credits wrote the passage, although another, without the credit, may have been printed before.
    """
    own = texts[deposition.text]
    press = _press(deposition)
    if press is None and alike[0].text != deposition.text and (told := _press(alike[0])):
        return _Whose(told.key or "", told.name, Reason(Tie.SAME_PASSAGE, alike[0].claim))
    if press:
        return _Whose(press.key or "", press.name, Reason(Tie.TOLD_BY, press.name))
    others = {d.text: d for d in reversed(alike)}
    credited = {text: texts[text] for text in others if texts[text].reason}
    by_agency = {w.key: text for text, w in reversed(credited.items())}
    text = next(iter(by_agency.values())) if len(by_agency) == 1 else alike[0].text
    if text == deposition.text or texts[text].key == own.key:
        return own
    return _Whose(texts[text].key, texts[text].name, Reason(Tie.SAME_PASSAGE, others[text].claim))


def count_witnesses(witnessed: Iterable[Witnessed]) -> Tally:
    """What stands behind the claims given: those of an event, or those that tell one of its values. None: noughts."""
    chosen = list(witnessed)
    return Tally(
        claims=len(chosen),
        documents=len({w.document for w in chosen}),
        witnesses=len({w.witness for w in chosen}),
        sources=len({w.source_key for w in chosen}),
    )


def _age(deposition: Deposition) -> tuple[date, int, str]:
    rank = 0 if _is_its_own(deposition) else 1 if deposition.credits else 2
    return (deposition.day or date.max, rank, deposition.claim)


def _is_its_own(deposition: Deposition) -> bool:
    """Whether the agency that is credited printed it itself."""
    return bool(deposition.credits) and house_key(deposition.publisher or "") in map(house_key, deposition.credits)


def house_key(name: str) -> str:
    """A news organisation by the letters of its name or, where that is the host of its site, of the part that names it.

    "The Harbour Post", "Harbour Post" and "www.harbourpost.example" are one.
    """
    folded = name.casefold().removeprefix("the ")
    labels = folded.split(".")
    if len(labels) > 1 and " " not in folded:
        labels.pop()
        if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
            labels.pop()
        folded = labels[-1]
    return re.sub(r"[\W_]+", "", folded) or name


_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
"""What stands before a country in a host's name ("bugle.co.uk")."""


def _press(deposition: Deposition) -> Voice | None:
    """The news organisation nearest to what happened that the text names, unless it is the publisher itself; none: None."""
    own = house_key(deposition.publisher or "")
    return next((v for v in reversed(deposition.tellers) if v.is_press and v.key and v.key != own), None)


def _text_of(text: str, prints: Sequence[Deposition]) -> _Whose:
    """Whose a text is: the one agency's that any print of it credits, or the publisher's who printed it first."""
    agencies = _agencies(prints)
    if len(agencies) == 1:
        return _Whose(house_key(agencies[0]), agencies[0], Reason(Tie.CREDITS, agencies[0]))
    publisher = next((d.publisher for d in prints if d.publisher), None)
    return _Whose(house_key(publisher), publisher) if publisher else _Whose(f"text {text}", text)


def _agencies(prints: Sequence[Deposition]) -> list[str]:
    named = dict.fromkeys(a for t in prints for a in t.credits if a != UNNAMED_AGENCIES)
    return list(named)


def _hearsay(ordered: Sequence[Deposition], texts: Mapping[str, _Whose], whose: Mapping[str, _Whose]) -> dict[str, _Whose]:
    """Claims on the word of an organisation that nobody else brings anything of: their text's own, if it tells anything else.

    A paper that says "AP reported" of one figure and tells the rest itself is no second witness by that.
    """
    texts_of: dict[str, set[str]] = defaultdict(set)
    for t in ordered:
        texts_of[whose[t.claim].key].add(t.text)
    has_own = {t.text for t in ordered if whose[t.claim].key == texts[t.text].key}
    moved: dict[str, _Whose] = {}
    for t in ordered:
        told = whose[t.claim]
        is_told_on = told.reason is not None and told.reason.tie is Tie.TOLD_BY
        if is_told_on and t.text in has_own and texts_of[told.key] == {t.text} and told.key != texts[t.text].key:
            moved[t.claim] = _Whose(texts[t.text].key, texts[t.text].name, Reason(Tie.NOT_HERE, told.name))
    return moved


def _compiled(ordered: Sequence[Deposition], texts: Mapping[str, _Whose], whose: Mapping[str, _Whose]) -> dict[str, _Whose]:
    """Texts compiled from several agencies: no further witness where all of those are here already, else one of their own."""
    moved: dict[str, _Whose] = {}
    for text, told in _by(ordered, lambda d: d.text).items():
        agencies = _agencies(told)
        if len(agencies) < 2:
            continue
        here = {whose[t.claim].key for t in ordered if t.text != text}
        if all(house_key(a) in here for a in agencies):
            reason = Reason(Tie.MANY_AGENCIES, " and ".join(agencies))
            for t in told:
                if whose[t.claim] is texts[text]:
                    moved[t.claim] = _Whose(house_key(agencies[0]), agencies[0], reason)
    return moved


def _witnessed(deposition: Deposition, whose: _Whose, first: Deposition) -> Witnessed:
    is_plain = whose.reason is None or (whose.reason.tie is Tie.CREDITS and _is_its_own(deposition))
    reasons = [] if is_plain or whose.reason is None else [whose.reason]
    if first.document != deposition.document and not (whose.reason and whose.reason.tie is Tie.SAME_PASSAGE):
        if first.text == deposition.text:
            reasons.insert(0, Reason(Tie.SAME_TEXT, first.claim))
        elif not reasons:
            reasons.append(Reason(Tie.SAME_PUBLISHER, first.claim))
    source = deposition.tellers[-1] if deposition.tellers else None
    # Nobody in particular is somebody else in each witness's text; a text that names nobody goes by its own word.
    key = whose.key if source is None else source.key or f"{whose.key}: {source.name.casefold()}"
    return Witnessed(
        deposition.claim, deposition.document, first.claim, whose.name, source.name if source else None, key, tuple(reasons)
    )


SHORTEST = 10
"""Runs of three words, those of a sentence of twelve words: shorter ones are alike by chance ("Police said nobody was hurt")."""

ALIKE = 0.6
"""Share of the shorter passage's runs that the other must have. A changed word breaks three runs."""

AT_LEAST = 0.35
"""Share of the longer passage's runs that the shorter must have: one sentence of a long paragraph is not its passage."""


def _passages(ordered: Sequence[Deposition]) -> dict[str, str]:
    """For each claim the first claim of another document with the same passage, nearly word for word, or the claim itself.

    A passage stands for those that are like it: what is like one of them only begins another. A thousand copies are one entry.
    """
    heads: list[Deposition] = []
    told_at: dict[int, list[int]] = defaultdict(list)
    found: dict[str, str] = {}
    for d in ordered:
        found[d.claim] = d.claim
        if len(d.passage) < SHORTEST:
            continue
        shared: dict[int, int] = defaultdict(int)
        for run in d.passage.tolist():
            for i in told_at.get(run, ()):
                shared[i] += 1
        alike = (heads[i] for i in sorted(shared) if _are_alike(shared[i], len(heads[i].passage), len(d.passage)))
        if head := next((h for h in alike if h.document != d.document), None):
            found[d.claim] = head.claim
            continue
        for run in d.passage.tolist():
            told_at[run].append(len(heads))
        heads.append(d)
    return found


def _are_alike(shared: int, one: int, other: int) -> bool:
    return shared >= ALIKE * min(one, other) and shared >= AT_LEAST * max(one, other)
