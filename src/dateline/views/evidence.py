"""From a shown value back to its words, its sentence and its bytes. Pure: nothing is loaded, nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from dateline.records import Coding, Document, EventMention, How, Origin, Participant, Problem, Quotation, Span, StatusValue, Teller
from dateline.views import wording as say
from dateline.views.wording import Wording


class Role(StrEnum):
    """What a stretch of text is to the record that points at it."""

    EVIDENCE = "evidence"
    TRIGGER = "trigger"
    ACTOR = "actor"
    RECIPIENT = "recipient"
    TIME = "time"
    PLACE = "place"
    COUNT = "count"
    INSTRUMENT = "instrument"
    ISSUE = "issue"
    DEMAND = "demand"
    RESPONSE = "response"
    STATUS = "status"
    TELLER = "teller"
    CUE = "cue"
    CHECK = "check"
    QUOTE = "quote"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Value:
    """One value of a record: what is shown, the words it stands on, and how it arose.

    `label` is the question it answers ("who", "how many"). `span` None: no words say it, and `origin` names the rule.
    """

    role: Role
    label: str
    text: str
    span: Span | None
    origin: Origin

    @property
    def is_assumed(self) -> bool:
        """True where no words say it: shown dimmed behind an ASSUMED sign, its rule kept for the details."""
        return self.span is None


@dataclass(frozen=True)
class Evidence:
    """Where a value stands: its words, the sentence around them, and the bytes of the report ([start, end); None: no map)."""

    span: Span
    words: str
    sentence: Span
    bytes: tuple[int, int] | None


@dataclass(frozen=True)
class Mark:
    """A span that something points at. `key` is that thing's place on the page: "r3", "q1", "p2", "published"."""

    span: Span
    key: str
    role: Role


# ---------------------------------------------------------------- values


def values_of(event: EventMention, wording: Wording) -> tuple[Value, ...]:
    """Every value of a record in reading order.

    What, who, to whom, when, where, how many, with what, about what, what is wanted, what it was met with, whether, on whose word.
    """
    return (
        Value(Role.TRIGGER, "what", say.type_and_mode(event), event.trigger, Origin(How.LOOKED_UP, event.rule)),
        *(_party(Role.ACTOR, "who", p, wording) for p in event.actors),
        *(_party(Role.RECIPIENT, "to whom", p, wording) for p in event.recipients),
        *_time(event),
        *_place(event),
        *(Value(Role.COUNT, "how many", say.how_many(c), c.span, c.origin) for c in event.counts),
        *(Value(Role.INSTRUMENT, "with what", say.with_what(i), i.span, i.origin) for i in event.instruments),
        *(Value(Role.ISSUE, "about", say.issue(i), i.span, i.origin) for i in event.issues),
        *(Value(Role.DEMAND, "wants", say.demand(d), d.span, d.origin) for d in event.demands),
        *_response(event),
        _status(event),
        *_tellers(event),
    )


def _party(role: Role, label: str, participant: Participant, wording: Wording) -> Value:
    return Value(role, label, say.party_in_full(participant.actor, wording), participant.span, participant.origin)


def _time(event: EventMention) -> tuple[Value, ...]:
    return (Value(Role.TIME, "when", say.when(event.time), event.time.span, event.time.origin),) if event.time else ()


def _place(event: EventMention) -> tuple[Value, ...]:
    return (Value(Role.PLACE, "where", say.where(event.place.place), event.place.span, event.place.origin),) if event.place else ()


def _response(event: EventMention) -> tuple[Value, ...]:
    """The intensity, which no words say, then each deed with the word that tells of it; nothing told: none."""
    response = event.response
    if response is None:
        return ()
    deeds = tuple(
        Value(Role.RESPONSE, "met with", d.kind, d.trigger, Origin(How.INFERRED, ", ".join(d.joined))) for d in response.deeds
    )
    if response.intensity is None:
        return deeds
    origin = Origin(How.INFERRED, "the strongest of what is told")
    return Value(Role.RESPONSE, "met with", response.intensity.value, None, origin), *deeds


def _status(event: EventMention) -> Value:
    origin = event.status.origin
    if event.status.cue is None and event.status.value is StatusValue.ASSERTED and not origin.by:
        origin = Origin(How.INFERRED, "no word takes it back")
    return Value(Role.STATUS, "whether", str(event.status.value), event.status.cue, origin)


def _tellers(event: EventMention) -> tuple[Value, ...]:
    return tuple(_teller(teller, is_first=n == 0) for n, teller in enumerate(event.attribution))


def _teller(teller: Teller, *, is_first: bool) -> Value:
    if teller.span:
        return Value(Role.TELLER, "says who", teller.actor.name, teller.span, Origin(How.READ))
    rule = "the report's own voice" if is_first and teller.cue is None else "named elsewhere in the report"
    return Value(Role.TELLER, "says who", teller.actor.name, None, Origin(How.INFERRED, rule))


# ---------------------------------------------------------------- words


SENTENCE_END = re.compile(r"[.!?…。！？؟۔][\"'”’»)\]]*\s+")
# A full stop after these ends no sentence: initials, titles and months as newswires shorten them.
SHORTENED = re.compile(
    r"(?:^|[\s(“\"])(?:\w|[A-Z]\.\w|[MDJS][rst]s?|Gen|Col|Lt|Sgt|Gov|Sen|Rep|Prof|Rev|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)$"
)


def evidence_of(document: Document, span: Span) -> Evidence:
    """The words of a span with the sentence around them and the bytes they came from."""
    return Evidence(span, span.of(document.text), sentence_around(document, span), document.offsets.to_bytes(span))


def sentence_around(document: Document, span: Span) -> Span:
    """The sentence that holds the span, for showing: it never cuts the span and never leaves its paragraph.

    The ledger keeps no sentences, so the bounds are read off the punctuation. A span outside every block stands alone.
    """
    block = document.block_at(span.start)
    if block is None:
        return span
    text = document.text
    start, end = block.span.start, max(block.span.end, span.end)
    for stop in SENTENCE_END.finditer(text, block.span.start, block.span.end):
        if SHORTENED.search(text[max(block.span.start, stop.start() - 8) : stop.start()]):
            continue
        if stop.end() <= span.start:
            start = stop.end()
        elif stop.start() + 1 >= span.end:
            end = stop.start() + len(text[stop.start() : stop.end()].rstrip())
            break
    return Span(start, end)


# ---------------------------------------------------------------- marks


def marks_of(coding: Coding, wording: Wording) -> tuple[Mark, ...]:
    """Every span that anything in the coding points at: records in their order, quotations, problems, the publication date."""
    published = coding.document.published if coding.document else None
    return (
        *(mark for n, claim in enumerate(coding.claims, 1) for mark in _record_marks(f"r{n}", claim.event, wording)),
        *(mark for n, quotation in enumerate(coding.quotations, 1) for mark in _quotation_marks(f"q{n}", quotation)),
        *(mark for n, problem in enumerate(coding.problems, 1) for mark in _problem_marks(f"p{n}", problem)),
        *((Mark(published.span, "published", Role.TIME),) if published and published.span else ()),
    )


def _record_marks(key: str, event: EventMention, wording: Wording) -> tuple[Mark, ...]:
    return (
        Mark(event.evidence, key, Role.EVIDENCE),
        *(Mark(value.span, key, value.role) for value in values_of(event, wording) if value.span),
        *(Mark(teller.cue, key, Role.CUE) for teller in event.attribution if teller.cue),
        *(Mark(span, key, Role.CHECK) for check in event.checks for span in check.spans),
    )


def _quotation_marks(key: str, quotation: Quotation) -> tuple[Mark, ...]:
    told = ((quotation.source, Role.TELLER), (quotation.via_span, Role.TELLER), (quotation.cue, Role.CUE))
    return (
        *(Mark(span, key, Role.QUOTE) for span in quotation.content),
        *(Mark(span, key, role) for span, role in told if span),
    )


def _problem_marks(key: str, problem: Problem) -> tuple[Mark, ...]:
    return (Mark(problem.span, key, Role.PROBLEM),) if problem.span else ()


@dataclass(frozen=True)
class Segment:
    """A stretch that no mark begins or ends inside, with all the marks that cover it, in the order given."""

    span: Span
    marks: tuple[Mark, ...]


def segments(within: Span, marks: tuple[Mark, ...]) -> tuple[Segment, ...]:
    """The stretch cut wherever a mark begins or ends: left to right, no gaps, no overlaps, marks outside it left out.

    Cutting by code points here is what lets the page never count: a browser counts UTF-16 units, and 𝒜 or 🔥 is two of them.
    """
    inside = [mark for mark in marks if mark.span.overlaps(within)]
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for index, mark in enumerate(inside):
        opening.setdefault(max(mark.span.start, within.start), []).append(index)
        closing.setdefault(min(mark.span.end, within.end), []).append(index)
    cuts = sorted({within.start, within.end, *opening, *closing})
    covering: set[int] = set()
    found = []
    for start, end in pairwise(cuts):
        covering.difference_update(closing.get(start, ()))
        covering.update(opening.get(start, ()))
        found.append(Segment(Span(start, end), tuple(inside[index] for index in sorted(covering))))
    return tuple(found)
