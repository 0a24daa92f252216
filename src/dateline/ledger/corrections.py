"""The fields of a claim that a judgement can correct: how a value is written, what it may be, and a claim with it put in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from dateline.ledger.errors import LedgerError
from dateline.ledger.rows import ClaimRow, CountRow
from dateline.records import (
    Actor,
    Count,
    EventMention,
    EventPlace,
    EventTime,
    Exactness,
    How,
    Judgement,
    Origin,
    Participant,
    Place,
    PlaceKind,
    Precision,
    Span,
    Status,
    StatusValue,
)

COUNTS = "counts."

FIELDS = ("type", "mode", "contexts", "status", "day", "place", "country", "actors", "recipients", f"{COUNTS}WHAT")
"""The fields there are; `counts.killed` is the figure of the killed."""

NONE = "none"
"""What a user writes for "there is no such thing in the report". It is kept as an empty value."""

RANGE = ".."

SPAN = "span"
"""The fact of a correction that says where the words stand which its value rests on: "120-131", half-open, in code points."""

_FIGURE = re.compile(r"\d+(\.\d+)?")


class CorrectionError(LedgerError):
    """A field that there is none of, or a value that it cannot have; the message says what it can be."""


@dataclass(frozen=True)
class Codes:
    """What the ontology and the tables know: modes by type, contexts, countries (ISO 3166 alpha-3), what is counted."""

    modes: Mapping[str, frozenset[str]]
    contexts: frozenset[str]
    countries: frozenset[str]
    counts: frozenset[str]


# ---------------------------------------------------------------- checking


def checked(field: str, value: str, codes: Codes, *, type: str) -> str:
    """The value as it is kept: in one form, so that equal values are equal; "none" as an empty one.

    `type` is the event type the claim has, which says which modes there are. Raises CorrectionError.
    """
    said = " ".join(value.split())
    check = _CHECKS.get(COUNTS if field.startswith(COUNTS) else field)
    if check is None:
        raise CorrectionError(f"no field {field!r} to correct{_near(field, FIELDS)}; there are {', '.join(FIELDS)}")
    if said.lower() == NONE:
        if field in {"type", "status"}:
            raise CorrectionError(f"every claim has a {field}. If the report tells of no event at all, reject the claim")
        said = ""
    elif not said:
        raise CorrectionError(f"an empty value; write {NONE!r} if the report does not say")
    return check(said, field, codes, type)


def _type(said: str, field: str, codes: Codes, type: str) -> str:
    return _one_of(said.upper(), "event type", codes.modes)


def _mode(said: str, field: str, codes: Codes, type: str) -> str:
    return said and _one_of(said.lower(), f"mode of {type}", codes.modes.get(type, frozenset()))


def _contexts(said: str, field: str, codes: Codes, type: str) -> str:
    return "; ".join(_one_of(one.lower(), "context", codes.contexts) for one in _listed(said))


def _status(said: str, field: str, codes: Codes, type: str) -> str:
    return _one_of(said.lower(), "status", [status.value for status in StatusValue])


def _country(said: str, field: str, codes: Codes, type: str) -> str:
    return said and _one_of(said.upper(), "country (ISO 3166, three letters)", codes.countries)


def _words(said: str, field: str, codes: Codes, type: str) -> str:
    return said


def _names(said: str, field: str, codes: Codes, type: str) -> str:
    return "; ".join(_listed(said))


def _day(said: str, field: str, codes: Codes, type: str) -> str:
    if not said:
        return ""
    first, is_range, last = said.partition(RANGE)
    days = [_one_day(part.strip()) for part in (first, last if is_range else first)]
    if days == [None, None]:
        raise CorrectionError(f"{said!r} is open on both sides; write {NONE!r} if the report does not say when")
    if days[0] and days[1] and days[0] > days[1]:
        raise CorrectionError(f"{said!r} ends before it begins")
    return bounds_in_words(*(day.isoformat() if day else "" for day in days))


def _one_day(said: str) -> date | None:
    if not said:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            raise ValueError("not written as a day")
        return date.fromisoformat(said)
    except ValueError as fault:
        advice = "write it as 2020-08-18, several as 2020-08-09..2020-08-12, one side open as 2020-08-09.."
        raise CorrectionError(f"{said!r} is not a day ({fault}); {advice}") from None


def _count(said: str, field: str, codes: Codes, type: str) -> str:
    what = field.removeprefix(COUNTS)
    if what not in codes.counts:
        raise CorrectionError(f"nothing called {what!r} is counted{_near(what, codes.counts)}; an example is {COUNTS}killed")
    if not said:
        return ""
    low, is_range, high = said.partition(RANGE)
    bounds = [_figure(part.strip().replace(",", "")) for part in (low, high if is_range else low)]
    if bounds == [None, None]:
        raise CorrectionError(f"{said!r} is open on both sides; write {NONE!r} if the report gives no figure")
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
        raise CorrectionError(f"{said!r}: the lower bound comes first")
    return bounds_in_words(*("" if bound is None else f"{bound:.15g}" for bound in bounds))


def _figure(said: str) -> float | None:
    if not said:
        return None
    if not _FIGURE.fullmatch(said):
        raise CorrectionError(f"{said!r} is no figure; write 40, or 40..50, or 40.. for at least 40")
    return float(said)


_CHECKS = {
    "type": _type, "mode": _mode, "contexts": _contexts, "status": _status, "day": _day, "place": _words, "country": _country,
    "actors": _names, "recipients": _names, COUNTS: _count,
}  # fmt: skip


def _listed(said: str) -> list[str]:
    return [part.strip() for part in said.split(";") if part.strip()]


def _one_of(value: str, what: str, known: Iterable[str]) -> str:
    there = sorted(known)
    if value in there:
        return value
    listed = f"; there are {', '.join(there)}" if 0 < len(there) <= 24 else ""
    raise CorrectionError(f"no {what} is called {value!r}{_near(value, there)}{listed}")


def _near(value: str, known: Iterable[str]) -> str:
    near = get_close_matches(value.lower(), {name.lower(): name for name in known}, n=1)
    return f" (did you mean {next(name for name in known if name.lower() == near[0])}?)" if near else ""


def bounds_in_words(low: str, high: str) -> str:
    """Two bounds, either of them open, as a value writes them; equal ones as one."""
    return low if low == high else f"{low}{RANGE}{high}"


# ---------------------------------------------------------------- what was read


def reading(row: ClaimRow, field: str) -> str:
    """What the claim has in the field, written as a correction would be; nothing: an empty string."""
    if field.startswith(COUNTS):
        what = field.removeprefix(COUNTS)
        return "; ".join(_count_in_words(count) for count in row.counts if count.what == what)
    values: Mapping[str, str | None] = {
        "type": row.type,
        "mode": row.mode,
        "contexts": "; ".join(row.contexts),
        "status": row.status,
        "day": _days_in_words(row.first_day, row.last_day),
        "place": row.place_name,
        "country": row.place_country,
        "actors": "; ".join(row.actor_names),
        "recipients": "; ".join(row.recipient_names),
    }
    return values[field] or ""


def gist(row: ClaimRow) -> str:
    """What the claim says, on a line: enough to tell later whether a newer coding reads it otherwise."""
    said = [row.type, row.mode, row.status, _days_in_words(row.first_day, row.last_day), row.place_name]
    said += [f"{count.what} {_count_in_words(count)}" for count in row.counts]
    return " · ".join(part for part in said if part)


def _days_in_words(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    return bounds_in_words(first.isoformat() if first else "", last.isoformat() if last else "")


def _count_in_words(count: CountRow) -> str:
    return bounds_in_words(*("" if bound is None else f"{bound:.15g}" for bound in (count.low, count.high)))


# ---------------------------------------------------------------- put in


def with_corrections(event: EventMention, corrections: Sequence[Judgement]) -> EventMention:
    """The event as it was corrected. Each value that was put in is `given`, by the judgement's id; the claim itself stays as it is.

    A value stands at the words that the judgement points at. A figure of which it says nothing stands at the words of the one it
    replaces, or at the event's trigger when there was none.
    """
    for judgement in corrections:
        if judgement.field is not None and judgement.value is not None:
            origin = Origin(How.GIVEN, f"judgement {judgement.id}")
            event = _put_in(event, judgement.field, judgement.value, origin, span_of(judgement))
    return event


def span_of(correction: Judgement) -> Span | None:
    """Where the words stand on which a corrected value rests, if whoever corrected it pointed at them."""
    start, _, end = dict(correction.facts).get(SPAN, "").partition("-")
    return Span(int(start), int(end)) if end else None


def snapped(text: str, span: Span) -> Span:
    """The span widened until it cuts no letter from what belongs to it: accents, joiners, signs that colour or turn another."""
    start, end = span.start, span.end
    while start > 0 and (_leans(text[start]) or text[start - 1] == JOINER):
        start -= 1
    while end < len(text) and (_leans(text[end]) or text[end - 1] == JOINER):
        end += 1
    return Span(start, end)


JOINER = "\u200d"


def _leans(character: str) -> bool:
    """Whether the character is shown on or with the one before it: marks, variation selectors, joiners, tones of skin."""
    return character == JOINER or unicodedata.category(character).startswith("M") or 0x1F3FB <= ord(character) <= 0x1F3FF


def _put_in(event: EventMention, field: str, value: str, origin: Origin, span: Span | None) -> EventMention:
    if field.startswith(COUNTS):
        return replace(event, counts=_counts_with(event, field.removeprefix(COUNTS), value, origin, span))
    if field == "day":
        return replace(event, time=_time(value, origin, span))
    if field == "place":
        return replace(event, place=_place(event.place, value, origin, span))
    if field == "country":
        if event.place is None:
            return event
        return replace(event, place=replace(event.place, place=replace(event.place.place, country=value or None), origin=origin))
    if field in {"actors", "recipients"}:
        known = {p.actor.name: p for p in (*event.actors, *event.recipients)}
        named = tuple(known.get(name, Participant(Actor(name, None, None), span, origin)) for name in _listed(value))
        return replace(event, actors=named) if field == "actors" else replace(event, recipients=named)
    if field == "status":
        return replace(event, status=Status(StatusValue(value), span, origin))
    if field == "contexts":
        return replace(event, contexts=tuple(_listed(value)))
    return replace(event, type=value) if field == "type" else replace(event, mode=value or None)


def _time(value: str, origin: Origin, span: Span | None) -> EventTime | None:
    first, is_range, last = value.partition(RANGE)
    days = [date.fromisoformat(day) if day else None for day in (first, last if is_range else first)]
    return EventTime(days[0], days[1], Precision.DAY, origin, span) if value else None


def _place(before: EventPlace | None, value: str, origin: Origin, span: Span | None) -> EventPlace | None:
    """A place of that name. Where it lies is not known, so the point of the place that was read must not stay with it."""
    if not value:
        return None
    if before is not None and before.place.name == value:  # the place is right, and other words name it
        return replace(before, origin=origin, span=span or before.span)
    kind, country = (before.place.kind, before.place.country) if before else (PlaceKind.CITY, None)
    return EventPlace(Place(value, kind, country), origin, span)


def _counts_with(event: EventMention, what: str, value: str, origin: Origin, span: Span | None) -> tuple[Count, ...]:
    """The counts with that figure in place of all that were read of it."""
    others = tuple(count for count in event.counts if count.what != what)
    if not value:
        return others
    low, is_range, high = value.partition(RANGE)
    bounds = [float(bound) if bound else None for bound in (low, high if is_range else low)]
    exactness = _exactness(*bounds)
    before = next((count for count in event.counts if count.what == what), None)
    if before is not None:
        put_in = replace(before, low=bounds[0], high=bounds[1], exactness=exactness, origin=origin, span=span or before.span)
        return (*others, put_in)
    return (*others, Count(what, span or event.trigger, bounds[0], bounds[1], exactness, "", origin=origin))


def _exactness(low: float | None, high: float | None) -> Exactness:
    if low is None:
        return Exactness.AT_MOST
    if high is None:
        return Exactness.AT_LEAST
    return Exactness.EXACT if low == high else Exactness.RANGE
