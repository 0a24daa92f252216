"""What a protest was met with: the records of its report that tell of it, tied to it by parties, words, place and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dateline.knowledge.crosswalks import NOBODY
from dateline.knowledge.protests import Kind, ProtestKnowledge, RecordWanted
from dateline.records import Deed, Document, EventMention, Participant, PlaceKind, Response, Sentence, Span, StatusValue

HAPPENED = frozenset({StatusValue.ASSERTED, StatusValue.ALLEGED})
DONE_TO, SAME_SENTENCE, NAMED = "done to those who protested", "same sentence", "the protest is named with it"
ASKED_TIES = {"crowd": {DONE_TO}, "sentence": {DONE_TO, SAME_SENTENCE}, "named": {DONE_TO, SAME_SENTENCE, NAMED}}
"""What ties a deed of a kind that is `tied` to a protest: any of these."""
CLAUSE = 10
"""Words on either side of a trigger that may say how it was done ("fired *in the air*")."""


@dataclass(frozen=True)
class _Told:
    """A record with the sentence it stands in, and its place in the order of the text."""

    event: EventMention
    sentence: Sentence


@dataclass(frozen=True)
class _Tied:
    """A deed that may answer a protest: its weight and what it is made of."""

    weight: int
    deed: Deed


def find_responses(
    document: Document, sentences: Sequence[Sentence], events: Sequence[EventMention], protests: ProtestKnowledge
) -> tuple[EventMention, ...]:
    """The events in the same order, each protest that happened with what it was met with; nothing told: `response` stays None.

    A record answers the protest it is tied to most closely, and others it is tied to nearly as closely (further tellings of it).
    Knowledge: ontology/responses.yaml.
    """
    told = [told for e in events if (told := _told(e, sentences)) is not None]
    crowds = [t for t in told if t.event.type == "PROTEST" and t.event.status.value in HAPPENED]
    if not crowds:
        return tuple(events)
    deeds: dict[int, list[_Tied]] = {id(c.event): [] for c in crowds}
    for other in (t for t in told if t.event.type != "PROTEST" and t.event.status.value in HAPPENED):
        tied = [(c, t) for c in crowds if (t := _tie(c, other, protests)) is not None]
        closest = max((t.weight for _, t in tied), default=0)
        for crowd, tie in tied:
            if tie.weight >= closest - 1:
                deeds[id(crowd.event)].append(tie)
    for c in crowds:
        deeds[id(c.event)] += _said_of(c, crowds, document, sentences, protests)
    return tuple(_answered(e, deeds.get(id(e), ()), protests) for e in events)


def _answered(event: EventMention, deeds: Sequence[_Tied], protests: ProtestKnowledge) -> EventMention:
    if not deeds:
        return event
    kinds = {k.id: k for k in protests.responses.kinds}
    order = protests.responses.order
    told = [intensity for d in deeds if (intensity := kinds[d.deed.kind].intensity) is not None]
    strongest = max(told, key=order.index, default=None)
    return replace(event, response=Response(strongest, tuple(d.deed for d in sorted(deeds, key=lambda d: d.deed.trigger))))


def _told(event: EventMention, sentences: Sequence[Sentence]) -> _Told | None:
    sentence = next((s for s in sentences if s.span.contains(event.trigger)), None)
    return _Told(event, sentence) if sentence is not None else None


# ---------------------------------------------------------------- which records are answers


def _kind_of(told: _Told, protests: ProtestKnowledge, *, is_done_to_crowd: bool) -> Kind | None:
    """The first kind of response that the record tells of; none: None."""
    kinds = protests.responses.kinds
    return next((k for k in kinds if any(_fits(told, w, is_done_to_crowd=is_done_to_crowd) for w in k.records)), None)


def _fits(told: _Told, wanted: RecordWanted, *, is_done_to_crowd: bool) -> bool:
    event, sentence = told.event, told.sentence
    if wanted.is_done_to_crowd and not is_done_to_crowd:
        return False
    if event.type != wanted.type or (wanted.modes is not None and event.mode not in wanted.modes):
        return False
    if wanted.actor is not None and not wanted.actor & _sectors(event.actors):
        return False
    if wanted.recipient is not None and not wanted.recipient & _sectors(event.recipients):
        return False
    if wanted.counts is not None and not any(c.what in wanted.counts and c.high != 0 for c in event.counts):
        return False
    word = next(t for t in sentence.tokens if t.span.overlaps(event.trigger))
    if wanted.words is not None and not {word.lemma.lower(), word.text.lower()} & wanted.words:
        return False
    clause = sentence.tokens[max(0, word.index - CLAUSE) : word.index + CLAUSE + 1]
    return wanted.near is None or any(t.lemma.lower() in wanted.near for t in clause)


def _sectors(parties: Sequence[Participant]) -> frozenset[str]:
    return frozenset(p.actor.sector or "UNK" for p in parties) or frozenset({NOBODY})


# ---------------------------------------------------------------- what ties them to the protest


def _tie(crowd: _Told, other: _Told, protests: ProtestKnowledge) -> _Tied | None:
    """The record as an answer to the protest; something speaks against it, or too little for it: None."""
    knowledge = protests.responses
    is_done_to = _is_done_to(crowd, other, protests)
    kind = _kind_of(other, protests, is_done_to_crowd=is_done_to)
    if kind is None or {p.actor.name for p in crowd.event.actors} & {p.actor.name for p in other.event.actors}:
        return None
    if (
        (not is_done_to and _is_done_to_state(other, knowledge.not_crowd))
        or not _days_agree(crowd, other, knowledge.days)
        or not _places_agree(crowd, other)
    ):
        return None
    holding = {
        DONE_TO: is_done_to,
        SAME_SENTENCE: crowd.sentence.index == other.sentence.index,
        NAMED: _is_named_with(crowd, other, protests),
        "near": -1 <= other.sentence.index - crowd.sentence.index <= knowledge.reach,
        "same day": _share_day(crowd, other),
        "same place": _share_place(crowd, other),
    }
    joined = tuple(name for name in knowledge.ties if holding[name])
    weight = sum(knowledge.ties[name] for name in joined)
    if weight < knowledge.enough or (kind.tied is not None and not set(joined) & ASKED_TIES[kind.tied]):
        return None
    if not holding["near"] and not (is_done_to and holding["same place"]):
        return None
    return _Tied(weight, Deed(kind.id, other.event.trigger, joined))


def _is_done_to_state(other: _Told, state: frozenset[str]) -> bool:
    sectors = _sectors(other.event.recipients)
    return sectors <= state


def _is_done_to(crowd: _Told, other: _Told, protests: ProtestKnowledge) -> bool:
    """Whether those it was done to are the protest's own actors, a crowd by another name, or the protest itself."""
    doers = {p.actor.name.lower() for p in crowd.event.actors}
    for p in other.event.recipients:
        if p.actor.name.lower() in doers:
            return True
        head = other.sentence.head_of(p.span) if p.span is not None and other.sentence.span.contains(p.span) else None
        if head is not None and head.lemma.lower() in protests.responses.crowd | protests.cues.before_nouns:
            return True
    word = next(t for t in other.sentence.tokens if t.span.overlaps(other.event.trigger))
    aims = other.sentence.fillers(word, *protests.responses.aimed_by)
    return any(t.lemma.lower() in protests.cues.before_nouns for t in aims)


def _is_named_with(crowd: _Told, other: _Told, protests: ProtestKnowledge) -> bool:
    """ "arrested 40 people *at the march*": the answer's own sentence names the protest."""
    if crowd.sentence.index == other.sentence.index:
        return False
    return any(
        t.lemma.lower() in protests.cues.before_nouns | protests.responses.crowd for t in other.sentence.tokens if t.upos == "NOUN"
    )


def _days_agree(crowd: _Told, other: _Told, days: int) -> bool:
    """False where the answer came before the protest or long after it."""
    one, two = crowd.event.time, other.event.time
    if one is None or two is None:
        return True
    begun, over = one.first or one.last, one.last or one.first
    first, last = two.first or two.last, two.last or two.first
    if begun is None or over is None or first is None or last is None:
        return True
    return last >= begun and first <= over + timedelta(days=days)


def _is_another(one: _Told, two: _Told) -> bool:
    """Whether two protests cannot be one, by day or place."""
    a, b = one.event.time, two.event.time
    are_dated = a is not None and b is not None and bool(a.first and a.last and b.first and b.last)
    return (are_dated and not _share_day(one, two)) or not _places_agree(one, two)


def _share_day(crowd: _Told, other: _Told) -> bool:
    one, two = crowd.event.time, other.event.time
    if one is None or two is None or not (one.first and one.last and two.first and two.last):
        return False
    return one.first <= two.last and two.first <= one.last


def _places_agree(crowd: _Told, other: _Told) -> bool:
    """False where both say where in words, and name two places neither of which can hold the other."""
    one, two = crowd.event.place, other.event.place
    if one is None or two is None:
        return True
    a, b = one.place, two.place
    if a.country is not None and b.country is not None and a.country != b.country:
        return False
    if one.span is None or two.span is None:
        return True
    return a.name == b.name or not {a.kind, b.kind} <= {PlaceKind.CITY, PlaceKind.ADMIN2} or a.country is None


def _share_place(crowd: _Told, other: _Told) -> bool:
    one, two = crowd.event.place, other.event.place
    return one is not None and two is not None and one.place.name == two.place.name


# ---------------------------------------------------------------- what no record stands for


def _said_of(
    crowd: _Told, crowds: Sequence[_Told], document: Document, sentences: Sequence[Sentence], protests: ProtestKnowledge
) -> Iterator[_Tied]:
    """Words that say how it went: "passed off peacefully", "police did not intervene", in its sentence or those behind it."""
    knowledge = protests.responses
    for sentence in sentences:
        distance = sentence.index - crowd.sentence.index
        if any(c.sentence is sentence and _is_another(crowd, c) for c in crowds):
            continue  # how that one went
        if not 0 <= distance <= knowledge.reach or sentence.block > crowd.sentence.block + 1:
            continue
        joined = "same sentence" if distance == 0 else "near"
        words = sentence.span.of(document.text)
        for kind in knowledge.kinds:
            for pattern in kind.patterns:
                if match := pattern.search(words):
                    span = Span(*match.span()).shift(sentence.span.start)
                    yield _Tied(knowledge.ties[joined], Deed(kind.id, span, (joined,)))
                    break
