"""Codes and values put into plain words; the web page and the terminal say them the same way.

Knowledge: static/wording.yaml.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dateline.records import (
    Actor,
    BlockKind,
    Check,
    CheckResult,
    Coding,
    Count,
    Demand,
    Document,
    EventMention,
    EventTime,
    How,
    Instrument,
    Issue,
    Origin,
    Participant,
    PartyRole,
    Place,
    PlaceKind,
    Precision,
    Tallied,
    Teller,
    Telling,
)


@dataclass(frozen=True)
class Wording:
    """The table of words, each column by its code."""

    sectors: dict[str, str]
    nouns: dict[str, str]
    links: dict[str, str]
    glyphs: dict[str, str]
    statuses: dict[str, str]
    skipped: dict[str, str]


@dataclass(frozen=True)
class Headline:
    """A record in one line: who – what – link whom. `whom` empty: no recipient, and then `link` is empty too."""

    who: str
    what: str
    link: str
    whom: str

    def __str__(self) -> str:
        return " – ".join(part for part in (self.who, self.what, f"{self.link} {self.whom}".strip()) if part)


@cache
def load_wording() -> Wording:
    """The words of static/wording.yaml, which ships inside the package. They are read once: every page asks for them, many several
    times, and reading them takes a tenth of a second of processor."""
    table: Any = yaml.safe_load(files("dateline.views").joinpath("static/wording.yaml").read_text(encoding="utf-8"))
    doings = table["types"] | table["modes"]
    return Wording(
        sectors=table["sectors"],
        nouns={code: entry["noun"] for code, entry in doings.items()},
        links={code: entry["link"] for code, entry in doings.items()},
        glyphs={code: entry["glyph"] for code, entry in table["statuses"].items()},
        statuses={code: entry["meaning"] for code, entry in table["statuses"].items()},
        skipped=table["skipped"],
    )


# ---------------------------------------------------------------- text as it may be shown


def shown(text: str) -> str:
    """The text with nothing in it that could act on a terminal or a parser, as many code points as before.

    Control characters become their pictures (ESC is shown as ␛), lone surrogates and bidirectional overrides the replacement
    character. Line breaks and tabs stay.
    """
    return text if text.isprintable() else "".join(map(_shown_character, text))


def _shown_character(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    # Overrides and embeddings can make a sentence read as another; marks and joiners (Cf too) only shape letters.
    if unicodedata.category(character) in {"Cc", "Cs"} or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return "\ufffd"
    return character


# ---------------------------------------------------------------- who and what


def type_and_mode(event: EventMention) -> str:
    """PLOVER's own names: "PROTEST · strike", or the type alone."""
    return f"{event.type} · {event.mode}" if event.mode else event.type


def headline(event: EventMention, wording: Wording) -> Headline:
    """The record in one line; a party the text does not name is said to be unnamed."""
    code = f"{event.type} {event.mode}"
    what = wording.nouns.get(code) or event.mode or wording.nouns.get(event.type, event.type.lower())
    whom = parties(event.recipients, wording)
    link = wording.links.get(code) or wording.links.get(event.type, "→")
    return Headline(parties(event.actors, wording) or "nobody named", what, link if whom else "", whom)


def parties(participants: tuple[Participant, ...], wording: Wording) -> str:
    """ "a (BLR, labour), b and c", each actor once; nobody: ""."""
    names = list(dict.fromkeys(party(p.actor, wording) for p in participants))
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def party(actor: Actor, wording: Wording) -> str:
    """The name with its side, country first: "factory workers (BLR, labour)"; of an unknown country "workers (labour)"."""
    return _sided(actor, actor.country, wording)


def party_in_full(actor: Actor, wording: Wording) -> str:
    """As `party`, for where there is room to say what is missing: "workers (country not known, labour)"."""
    return _sided(actor, actor.country or "country not known", wording)


def _sided(actor: Actor, country: str | None, wording: Wording) -> str:
    side = ", ".join(part for part in (country, wording.sectors.get(actor.sector or "", actor.sector)) if part)
    return f"{actor.name} ({side})" if side else actor.name


# ---------------------------------------------------------------- when and where


def days(first: date | None, last: date | None) -> str:
    """Both days, the shared part said once: "Mon 17 – Tue 18 August 2020". One side open: "from …", "until …"; none: ""."""
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"from {day(first)}" if first else f"until {day(last)}" if last else ""
    if first == last:
        return day(first)
    left = f"{first:%a} {first.day}"
    if first.year != last.year:
        left += f" {first:%B} {first.year:04d}"
    elif first.month != last.month:
        left += f" {first:%B}"
    return f"{left} – {day(last)}"


def day(of: date) -> str:
    """ "Tue 18 August 2020"."""
    return f"{of:%a} {of.day} {of:%B} {of.year:04d}"


def when(time: EventTime) -> str:
    """The days in words, by precision: a whole year or month is named as one, and a vague time says that it is."""
    first, last = time.first, time.last
    if first and last and time.precision is Precision.YEAR and first.year == last.year:
        return f"{first.year:04d}"
    if first and last and time.precision is Precision.MONTH and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.year:04d}"
    said = days(first, last) or "not resolved"
    return f"{said} (vague)" if time.precision is Precision.VAGUE and first else said


def where(place: Place) -> str:
    """The place and what holds it, finest first: "Minsk, BLR". A region or country stands alone."""
    if place.kind in {PlaceKind.COUNTRY, PlaceKind.REGION}:
        return place.name
    around = [part for part in (place.within, place.admin1, place.country) if part and part != place.name]
    return ", ".join([place.name, *dict.fromkeys(around)])


def point(place: Place) -> str:
    """Latitude and longitude for a place that has a point; a country or region never has one: ""."""
    if place.point is None or place.kind in {PlaceKind.COUNTRY, PlaceKind.REGION}:
        return ""
    latitude, longitude = place.point
    return f"{abs(latitude):.3f}° {'N' if latitude >= 0 else 'S'}, {abs(longitude):.3f}° {'E' if longitude >= 0 else 'W'}"


# ---------------------------------------------------------------- how many


def figure(value: float) -> str:
    """A number as people write it: 6300.0 is "6,300", 0.2 is "0.2"."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}" if value < 1000 else f"{value:,.1f}"


def bounds(low: float | None, high: float | None, unit: str = "people") -> str:
    """Inclusive bounds with the open end said: "12", "6,300–6,999", "2 or more", "at most 50"; neither: "not said"."""
    sign = "%" if unit == "percent" else ""
    if low is None and high is None:
        return "not said"
    if low is None or (low == 0 and high):
        return f"at most {figure(high or 0)}{sign}"
    if high is None:
        return f"{figure(low)}{sign} or more"
    said = figure(low) if low == high else f"{figure(low)}–{figure(high)}"
    return said + sign


PLAIN_UNITS = frozenset({"", "count", "people", "person", "persons", "things", "votes", "percent"})
"""Units not written after a figure: what is counted says them already, or, for percent, the figure's own sign."""


def amount(what: str, low: float | None, high: float | None, unit: str) -> str:
    """The bounds with a unit only where it tells more than `what` does: "6,300–6,999", "3 years", "2,000,000 or more USD"."""
    said = bounds(low, high, unit)
    if unit in PLAIN_UNITS or unit == what:
        return said
    return f"{said} of the whole" if unit == "share" else f"{said} {unit}"


def how_many(count: Count) -> str:
    """What is counted and its bounds: "detained: 6,300–6,999", "sentence: 3 years", "damage: 2,000,000 or more USD"."""
    return f"{count.what}: {amount(count.what, count.low, count.high, count.unit)}"


def with_what(instrument: Instrument) -> str:
    """The words with their kind: "car bomb (explosive)"; where the kind is the word itself, alone: "drone"."""
    return instrument.name if instrument.name.lower() == instrument.kind else f"{instrument.name} ({instrument.kind})"


def whose(count: Count, event: EventMention) -> str:
    """Whom a figure of an event counts: "the students"; told by its being the only one, or not told: ""."""
    party = count.party
    if party is None:
        return ""
    if party.actor is not None:
        return party.actor.name
    members = event.actors if party.role is PartyRole.ACTOR else event.recipients
    is_one_of_several = sum(c.what == count.what and not c.is_part for c in event.counts) > 1
    return members[party.index].actor.name if party.index is not None and is_one_of_several else ""


def issue(issue: Issue) -> str:
    """ "wages", "war (against)"; in no class: "something else"."""
    stance = f" ({issue.stance})" if issue.stance else ""
    return f"{issue.issue or 'something else'}{stance}"


def demand(demand: Demand) -> str:
    """ "release, of the governor"; in no class: "something else"."""
    of = f", of {demand.addressee.actor.name}" if demand.addressee else ""
    return f"{demand.demand or 'something else'}{of}"


def count_notes(count: Count, event: EventMention) -> str:
    """What else a reader must know before adding it up: "of the students; part of another count"; nothing: ""."""
    whom = whose(count, event)
    notes = (
        (f"of {whom}", bool(whom)),
        ("running total", count.tallied is Tallied.RUNNING_TOTAL),
        ("newly added", count.tallied is Tallied.NEW),
        ("part of another count", count.is_part),
    )
    return "; ".join(note for note, holds in notes if holds)


# ---------------------------------------------------------------- on whose word, and how we know


def with_quotations_only(coding: Coding) -> Coding:
    """The coding without what people only want, know or like: a reader who looks for quotations means what was said."""
    return replace(coding, quotations=tuple(q for q in coding.quotations if q.is_quoted))


def tellers(chain: tuple[Teller, ...]) -> str:
    """The chain from the paper back: "TRT World ← Belta ← Alexander Lukashenko"; none: "the paper's own voice"."""
    return " ← ".join(teller.actor.name for teller in chain) or "the paper's own voice"


def origin(how: Origin) -> str:
    """ "read in the text", "read: page metadata", "inferred: month of publication", "looked up: office holders"."""
    if how.by:
        return f"{how.how}: {how.by}"
    return "read in the text" if how.how is How.READ else str(how.how)


def telling(told: Telling, document: Document) -> str:
    """ "news", "background: told as what came before (“after”)", and the learned probability that it is news, if any."""
    cue = f" (“{told.cue.of(document.text)}”)" if told.cue else ""
    why = f": {told.origin.by}{cue}" if told.origin.by else ""
    return f"{told.value}{why}" + (f"; news with probability {told.news:.2f}" if told.news is not None else "")


DATED_BY = {BlockKind.CAPTION: "a caption's date", BlockKind.DATELINE: "the dateline", BlockKind.CREDIT: "a credit line"}


def date_origin(document: Document) -> str:
    """How the day of publication is known: "read in the text", "read in the page's metadata", "read in the path of the address",
    "inferred from a caption's date", "given by you"; no such day: ""."""
    published = document.published
    if published is None:
        return ""
    how, span = published.origin, published.span
    if how.how is How.GIVEN:
        return "given by you"
    if how.how is How.READ:
        elsewhere = "page's metadata" if how.by.startswith("page metadata") else how.by or "page"
        return "read in the text" if span else f"read in the {elsewhere}"
    block = document.block_at(span.start) if span else None
    return f"{how.how} from {DATED_BY.get(block.kind, 'the text')}" if block else origin(how)


ASSUMED = "≈"
"""Stands before a value that no words of the report say."""

CHECK_GLYPHS = {CheckResult.PASSED: "✓", CheckResult.FAILED: "✗", CheckResult.NOT_APPLICABLE: "–"}


def check(of: Check) -> str:
    """ "✓ votes add up: 120 + 0 + 2 + 19 = 141"."""
    said = f"{CHECK_GLYPHS[of.result]} {of.name}"
    return f"{said}: {of.arithmetic}" if of.arithmetic else f"{said} ({of.result})"


def tally(number: int, one: str, many: str | None = None) -> str:
    """ "1 record", "36 records"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
