"""What linking sees of a claim, and of the document it stands in.

A `Telling` is one telling of one happening: a claim of the ledger, or any other mention of an event that has been read. A
`Profile` is one document. Both are plain values, made from a claim with its document or from the flat columns of the ledger's
table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateline.records import Claim, Count, Document, EventPlace, How, Participant, Precision

_CAPITALISED = re.compile(r"(?<![.!?:\n\"“”'‘] )(?<!^)\b[A-Z][\w'’-]*[a-z][\w'’-]*")
_NAME_OF_DOCUMENT = 120
"""Names kept of a document, the first ones: a list of signatories must not make a document near to everything."""


@dataclass(frozen=True)
class Party:
    """Somebody in a role of an event, by the canonical name. `country` and `sector` None: unknown. `id`: row of the actor table."""

    name: str
    country: str | None = None
    sector: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Where:
    """A place as linking compares it. `is_inferred`: no words of the event's own sentence say so (the dateline, the lead)."""

    name: str
    kind: str
    country: str | None = None
    admin1: str | None = None
    geonames: int | None = None
    point: tuple[float, float] | None = None
    within: str | None = None
    is_inferred: bool = False


@dataclass(frozen=True)
class Figure:
    """How many of what. `high` None is open. `is_part`: of another figure of the same telling."""

    what: str
    low: float | None
    high: float | None
    is_part: bool = False


@dataclass(frozen=True)
class Telling:
    """One telling of one happening. `trigger` is the words that evoke it, `words` those around them that carry the event.

    `first`/`last` are days, inclusive; None: unknown on that side. `is_day_assumed`: the day is the report's, or the lead's.
    `precision` is the record's ("day", "month", …), None without a time. `position` counts the document's tellings from 0; `start`
    is where the trigger stands in the text. `type` None: the lexicon codes no record there. `same_as` is the id of a telling in the
    same document that this one was already found to repeat.
    """

    id: str
    document: str
    trigger: str
    words: str
    position: int
    start: int
    type: str | None = None
    mode: str | None = None
    status: str = "asserted"
    first: date | None = None
    last: date | None = None
    precision: str | None = None
    is_day_assumed: bool = False
    place: Where | None = None
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    figures: tuple[Figure, ...] = ()
    same_as: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Profile:
    """One document. `names` are what it names: capitalised words inside sentences, lower case, each once, in order.

    `day` None: the day of publication is unknown.
    """

    document: str
    text: str
    day: date | None = None
    publisher: str | None = None
    names: tuple[str, ...] = ()


def telling_of(claim: Claim, document: Document, position: int = 0) -> Telling:
    """The claim as linking sees it. `position` is its place among the document's claims."""
    event, time = claim.event, claim.event.time
    return Telling(
        id=claim.id,
        document=claim.document,
        trigger=event.trigger.of(document.text),
        words=event.evidence.of(document.text),
        position=position,
        start=event.trigger.start,
        type=event.type,
        mode=event.mode,
        status=event.status.value.value,
        first=time.first if time else None,
        last=time.last if time else None,
        precision=time.precision.value if time else None,
        is_day_assumed=time is not None and time.origin.how is not How.READ,
        place=where_of(event.place) if event.place else None,
        actors=parties_of(event.actors),
        recipients=parties_of(event.recipients),
        figures=figures_of(event.counts),
        same_as=claim.same_as,
        confidence=event.confidence,
    )


def tellings_of(claims: Iterable[Claim], document: Document) -> tuple[Telling, ...]:
    """A document's claims, in the order given."""
    return tuple(telling_of(claim, document, position) for position, claim in enumerate(claims))


def where_of(place: EventPlace) -> Where:
    """The place of an event; one that is looked up or read is not inferred."""
    found = place.place
    return Where(
        found.name,
        found.kind.value,
        found.country,
        found.admin1,
        found.geonames,
        found.point,
        found.within,
        place.origin.how is How.INFERRED,
    )


def parties_of(participants: Iterable[Participant]) -> tuple[Party, ...]:
    return tuple(Party(p.actor.name, p.actor.country, p.actor.sector, p.actor.id) for p in participants)


def figures_of(counts: Iterable[Count]) -> tuple[Figure, ...]:
    return tuple(Figure(count.what, count.low, count.high, count.is_part) for count in counts)


def telling_of_columns(row: Mapping[str, Any]) -> Telling:
    """The claim by the flat columns of the ledger's table (`ClaimRow`, but `record` and what is about the coder are not needed).

    Quicker than reading the record. The row knows no ids of actors: canonical names stand for them.
    """
    return Telling(
        id=row["claim_id"],
        document=row["document_id"],
        trigger=row["trigger"],
        words=row["evidence"],
        position=row["position"],
        start=row["trigger_start"],
        type=row["type"],
        mode=row["mode"],
        status=row["status"],
        first=row["first_day"],
        last=row["last_day"],
        precision=row["date_precision"],
        is_day_assumed=row["date_origin"] is not None and row["date_origin"] != How.READ.value,
        place=_where_in_columns(row),
        actors=_parties_in_columns(row, "actor"),
        recipients=_parties_in_columns(row, "recipient"),
        figures=tuple(Figure(count["what"], count["low"], count["high"], count["is_part"]) for count in row["counts"]),
        same_as=row["same_as"],
        confidence=row["confidence"],
    )


TELLING_COLUMNS = (
    "claim_id", "document_id", "position", "type", "mode", "status", "first_day", "last_day", "date_precision", "date_origin",
    "actor_names", "actor_countries", "actor_sectors", "recipient_names", "recipient_countries", "recipient_sectors",
    "place_name", "place_kind", "place_country", "place_admin1", "place_within", "place_geonames", "latitude", "longitude",
    "place_origin", "counts", "trigger", "trigger_start", "evidence", "confidence", "same_as",
)  # fmt: skip
"""The columns of the ledger's claims that `telling_of_columns` reads."""


def _where_in_columns(row: Mapping[str, Any]) -> Where | None:
    if row["place_name"] is None:
        return None
    point = None if row["latitude"] is None else (row["latitude"], row["longitude"])
    return Where(
        row["place_name"],
        row["place_kind"],
        row["place_country"],
        row["place_admin1"],
        row["place_geonames"],
        point,
        row["place_within"],
        row["place_origin"] == How.INFERRED.value,
    )


def _parties_in_columns(row: Mapping[str, Any], role: str) -> tuple[Party, ...]:
    columns = (row[f"{role}_names"], row[f"{role}_countries"], row[f"{role}_sectors"])
    return tuple(Party(name, country, sector) for name, country, sector in zip(*columns, strict=True))


def profile_of(document: Document) -> Profile:
    """The document as linking sees it."""
    return profile_of_text(document.id, document.text, document.published.day if document.published else None, document.publisher)


def profile_of_text(document: str, text: str, day: date | None, publisher: str | None = None) -> Profile:
    """The same from the columns of the ledger's documents (`document_id`, `text`, `published`, `publisher`)."""
    return Profile(document, text, day, publisher, names_in(text))


def names_in(text: str) -> tuple[str, ...]:
    """Capitalised words that do not open a sentence, in lower case, each once, in order of telling; none: an empty tuple."""
    return tuple(dict.fromkeys(word.lower() for word in _CAPITALISED.findall(text)))[:_NAME_OF_DOCUMENT]


def is_fine(precision: str | None) -> bool:
    """True for a time of a day or finer."""
    return precision in {Precision.MINUTE.value, Precision.PART_OF_DAY.value, Precision.DAY.value}
