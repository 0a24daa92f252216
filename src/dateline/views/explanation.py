"""Why a value of a claim is what it is: its words, the rule that chose them, and what lost against it.

Pure, and from the claim alone: what was weighed was kept when it was decided, so an explanation tells of that day's decision and
not of what today's program would do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dateline.records import Claim, Document, EventPlace, How, Origin, Outcome, PlaceCandidate, Weighed
from dateline.views import wording as say
from dateline.views.evidence import Role, Value, evidence_of, values_of
from dateline.views.wording import Wording


class Field(StrEnum):
    """The fields that can be asked about, in reading order."""

    TYPE = "type"
    ACTOR = "actor"
    RECIPIENT = "recipient"
    WHEN = "when"
    PLACE = "place"
    COUNTS = "counts"
    INSTRUMENTS = "instruments"
    ISSUES = "issues"
    DEMANDS = "demands"
    RESPONSE = "response"
    STATUS = "status"
    TELLER = "teller"


OTHER_NAMES = {
    "what": Field.TYPE,
    "who": Field.ACTOR,
    "actors": Field.ACTOR,
    "whom": Field.RECIPIENT,
    "to whom": Field.RECIPIENT,
    "recipients": Field.RECIPIENT,
    "time": Field.WHEN,
    "date": Field.WHEN,
    "day": Field.WHEN,
    "where": Field.PLACE,
    "how many": Field.COUNTS,
    "count": Field.COUNTS,
    "with what": Field.INSTRUMENTS,
    "instrument": Field.INSTRUMENTS,
    "weapon": Field.INSTRUMENTS,
    "weapons": Field.INSTRUMENTS,
    "issue": Field.ISSUES,
    "about": Field.ISSUES,
    "demand": Field.DEMANDS,
    "wants": Field.DEMANDS,
    "met with": Field.RESPONSE,
    "whether": Field.STATUS,
    "says": Field.TELLER,
    "by": Field.TELLER,
    "attribution": Field.TELLER,
}
"""What other commands and the page call the fields."""

ROLES = {
    Field.TYPE: Role.TRIGGER,
    Field.ACTOR: Role.ACTOR,
    Field.RECIPIENT: Role.RECIPIENT,
    Field.WHEN: Role.TIME,
    Field.PLACE: Role.PLACE,
    Field.COUNTS: Role.COUNT,
    Field.INSTRUMENTS: Role.INSTRUMENT,
    Field.ISSUES: Role.ISSUE,
    Field.DEMANDS: Role.DEMAND,
    Field.RESPONSE: Role.RESPONSE,
    Field.STATUS: Role.STATUS,
    Field.TELLER: Role.TELLER,
}


@dataclass(frozen=True)
class Part:
    """Something that adds to a score or distance, and how much."""

    name: str
    value: float


@dataclass(frozen=True)
class WeighedWords:
    """Words that might have said where. `distance` None: they could not, and `why_not` says why. The nearest were chosen."""

    words: str
    place: str
    distance: float | None
    parts: tuple[Part, ...]
    why_not: str
    is_chosen: bool


@dataclass(frozen=True)
class WeighedPlace:
    """A place that the chosen words may stand for; the one of the highest score was chosen."""

    place: str
    kind: str
    geonames: int | None
    score: float
    parts: tuple[Part, ...]
    is_chosen: bool


@dataclass(frozen=True)
class Reason:
    """One value of a field and `how` it arose. `words`, their `sentence` and bytes are None where no words say it."""

    value: str
    how: str
    words: str | None
    sentence: str | None
    bytes: tuple[int, int] | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """All that a claim knows of how one field came about; a field without a value has no `reasons`.

    `confidence_parts` are what the confidence in the type was added up from, in log-odds; nothing learned: none.
    """

    claim: str
    field: Field
    reasons: tuple[Reason, ...]
    weighed_words: tuple[WeighedWords, ...] = ()
    weighed_places: tuple[WeighedPlace, ...] = ()
    confidence_parts: tuple[Part, ...] = ()


def field_named(name: str) -> Field | None:
    """The field by its own name or one that other commands use ("where"); no such field: None."""
    folded = name.strip().lower().replace("_", " ")
    return next((field for field in Field if field == folded), OTHER_NAMES.get(folded))


def explain(claim: Claim, document: Document, field: Field, wording: Wording) -> Explanation:
    """Why the field of the claim is what it is. Reads nothing but the claim and its document."""
    values = [v for v in values_of(claim.event, wording) if v.role is ROLES[field]]
    reasons = tuple(_reason(value, field, claim, document) for value in values)
    if field is Field.TYPE:
        parts = tuple(Part(name, value) for name, value in claim.event.confidence_parts)
        return Explanation(claim.id, field, reasons, confidence_parts=parts)
    place = claim.event.place if field is Field.PLACE else None
    if place is None:
        return Explanation(claim.id, field, reasons)
    return Explanation(claim.id, field, reasons, _weighed_words(place, document), _weighed_places(place))


def _reason(value: Value, field: Field, claim: Claim, document: Document) -> Reason:
    how, notes = _how(value.origin, field, claim), _notes(value, field, claim, document)
    if value.span is None:
        return Reason(value.text, how, None, None, None, notes)
    found = evidence_of(document, value.span)
    return Reason(value.text, how, found.words, found.sentence.of(document.text), found.bytes, notes)


def _how(origin: Origin, field: Field, claim: Claim) -> str:
    """The rule in words; "read" says by which rule the words were taken."""
    if field is Field.TYPE:
        return f"looked up: lexicon entry {claim.event.rule} of knowledge {claim.coder.knowledge}"
    if field is Field.PLACE and origin.how is How.READ and not origin.by:
        return "read: the nearest words that say where in the event's own clause"
    if field is Field.PLACE and origin.how is How.INFERRED:
        return f"inferred: {origin.by}"
    return say.origin(origin)


def _notes(value: Value, field: Field, claim: Claim, document: Document) -> tuple[str, ...]:
    """What else the record says of the value."""
    event = claim.event
    match field:
        case Field.TYPE:
            how = (
                "learned, from the signs below"
                if event.confidence_parts
                else "the entry's weight, less for parties that are missing"
            )
            return f"confidence {event.confidence:.2f}: {how}", say.telling(event.telling, document)
        case Field.ACTOR | Field.RECIPIENT:
            party = next(p for p in (*event.actors, *event.recipients) if (p.span, p.origin) == (value.span, value.origin))
            actor = party.actor
            table = f"looked up in the actor table as {actor.id}" if actor.id else "named by this report alone"
            return (f"{actor.name}: {table}", *((f"role: {actor.role}",) if actor.role else ()))
        case Field.WHEN if event.time is not None:
            return (f"as fine as a {event.time.precision}",) if event.time.precision != "vague" else ("vague",)
        case Field.COUNTS:
            counts = [c for c in event.counts if (c.span, say.how_many(c)) == (value.span, value.text)]
            return tuple(f"{c.exactness}: {say.bounds(c.low, c.high, c.unit)} {c.unit}" for c in counts) + tuple(
                said for c in counts if (said := say.count_notes(c, event))
            )
        case Field.ISSUES:
            cues = (i.cue.of(document.text) for i in event.issues if i.span == value.span and i.cue is not None)
            return tuple(f"tied to it by “{cue}”" for cue in cues)
        case Field.DEMANDS:
            cues = (d.cue.of(document.text) for d in event.demands if d.span == value.span and d.cue is not None)
            return tuple(f"tied to it by “{cue}”" for cue in cues)
        case Field.RESPONSE if event.response is not None:
            deeds = [d for d in event.response.deeds if d.trigger == value.span and d.kind == value.text]
            return tuple(f"told by claim {d.claim}" if d.claim else "told by no record of its own" for d in deeds)
        case Field.PLACE if event.place is not None:
            place = event.place.place
            within = f", within {place.within}" if place.within else ""
            return (f"as fine as a {place.kind}{within}", *((f"GeoNames {place.geonames}",) if place.geonames else ()))
        case _:
            return ()


def _weighed_words(place: EventPlace, document: Document) -> tuple[WeighedWords, ...]:
    return tuple(
        WeighedWords(
            words=c.span.of(document.text),
            place=c.name,
            distance=c.distance,
            parts=tuple(Part(name, value) for name, value in c.parts) if c.distance is not None else (),
            why_not=c.parts[0][0] if c.distance is None and c.parts else "",
            is_chosen=c.span == place.span,
        )
        for c in place.considered
    )


def _weighed_places(place: EventPlace) -> tuple[WeighedPlace, ...]:
    return tuple(_weighed_place(c, is_chosen=n == 0) for n, c in enumerate(place.candidates))


def _weighed_place(candidate: PlaceCandidate, *, is_chosen: bool) -> WeighedPlace:
    place = candidate.place
    parts = tuple(Part(name, value) for name, value in candidate.parts)
    return WeighedPlace(say.where(place), place.kind.value, place.geonames, candidate.score, parts, is_chosen)


# ---------------------------------------------------------------- why a word was not coded

_LONGEST_LIST = 8
"""How many fillers of a constraint are shown; the entry itself has them all."""

_IN_WORDS = {
    Outcome.RECORD: "gave a record",
    Outcome.CARRIED: "fits, but another record carries it or it only refers to what is told elsewhere",
    Outcome.OUTDONE: "fits, but an entry of more words or more constraints fits too",
    Outcome.PART_OF_NAME: "stands inside a name or a date",
}


def why(weighed: Weighed) -> str:
    """What became of an entry, in words: the constraint it failed and what stood there, or what it lost to."""
    if weighed.outcome in _IN_WORDS:
        return _IN_WORDS[weighed.outcome]
    some = ", ".join(weighed.wanted[:_LONGEST_LIST]) + (", …" if len(weighed.wanted) > _LONGEST_LIST else "")
    there = f", has {', '.join(weighed.found)}" if weighed.found else ""
    if weighed.outcome is Outcome.LACKING:
        return f"needs {weighed.slot}: {some}{there or ', has nothing'}" if weighed.slot != "near" else f"needs nearby: {some}"
    return f"must not have {'nearby' if weighed.slot == 'near' else weighed.slot}: {some}{there}"
