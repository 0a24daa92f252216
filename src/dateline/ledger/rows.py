"""What stands in the ledger's tables: one flat row a claim, document, quotation and problem, each with the whole record beside it.

The flat columns are what people ask for; `record` is the record's JSON (dateline.serial), so that nothing is lost in between.
Lists run in text order, and the lists of one party (`actor_names`, `actor_countries`, …) are as long as one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline.records import Claim, Coder, Coding, Count, Document, Participant, Problem, Quotation, Report, Span, Teller
from dateline.serial import to_json

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class CountRow:
    """A count of a claim. `high` None is open; `text` is its words."""

    what: str
    low: float | None
    high: float | None
    exactness: str
    unit: str
    text: str
    is_part: bool


@dataclass(frozen=True)
class ClaimRow:
    """A claim as the ledger's table has it. Columns of what was not found are None or empty.

    `first_day`/`last_day` inclusive; `date_origin` and `place_origin` say how the value arose ("read", "inferred", …).
    `by` is the first teller that the text names, None for the paper's own voice; `attribution` the whole chain.
    `report` is the name under which the report was handed in; `known_at` when the ledger was told; `shard` the receipt it has.
    """

    claim_id: str
    document_id: str
    position: int
    type: str
    mode: str | None
    contexts: list[str]
    status: str
    first_day: date | None
    last_day: date | None
    date_precision: str | None
    date_origin: str | None
    actor_names: list[str]
    actor_countries: list[str | None]
    actor_sectors: list[str | None]
    recipient_names: list[str]
    recipient_countries: list[str | None]
    recipient_sectors: list[str | None]
    place_name: str | None
    place_kind: str | None
    place_country: str | None
    place_admin1: str | None
    place_within: str | None
    place_geonames: int | None
    latitude: float | None
    longitude: float | None
    place_origin: str | None
    counts: list[CountRow]
    by: str | None
    attribution: list[str]
    trigger: str
    trigger_start: int
    trigger_end: int
    evidence: str
    evidence_start: int
    evidence_end: int
    confidence: float
    rule: str
    same_as: str | None
    publisher: str | None
    published: date | None
    title: str | None
    address: str | None
    report: str
    program: str
    model: str
    knowledge: str
    known_at: datetime
    shard: str
    record: str


@dataclass(frozen=True)
class DocumentRow:
    """A document. Its `record` leaves the text out, which has its own column. `is_failed`: nothing of it could be coded."""

    document_id: str
    report: str
    address: str | None
    raw_sha256: str
    encoding: str
    title: str | None
    byline: str | None
    publisher: str | None
    published: date | None
    published_origin: str | None
    agencies: list[str]
    text: str
    claims: int
    is_failed: bool
    program: str
    model: str
    knowledge: str
    known_at: datetime
    shard: str
    record: str


@dataclass(frozen=True)
class QuotationRow:
    """A quotation. A content of several spans is joined by " … "; `start` and `end` are its outer bounds."""

    document_id: str
    position: int
    kind: str
    text: str
    start: int
    end: int
    source: str | None
    cue: str | None
    speaker_name: str | None
    speaker_country: str | None
    speaker_sector: str | None
    via_name: str | None
    known_at: datetime
    shard: str
    record: str


@dataclass(frozen=True)
class ProblemRow:
    """A problem. `document_id` None: the report never became a document."""

    document_id: str | None
    report: str
    raw_sha256: str
    position: int
    stage: str
    reason: str
    message: str
    is_fatal: bool
    start: int | None
    end: int | None
    known_at: datetime
    shard: str
    record: str


@dataclass(frozen=True)
class EventRow:
    """A happening as the ledger has it at a moment. `claims` are the ids of all claims of it, the one known first first.

    The other columns are those of the telling that says where and when, and of several of those the one known first.
    `witness_count` counts texts that are no copies of one another; `known_since` is when the first claim was entered.
    """

    event_id: str
    type: str
    mode: str | None
    status: str
    first_day: date | None
    last_day: date | None
    place_name: str | None
    place_admin1: str | None
    place_country: str | None
    actor_names: list[str]
    recipient_names: list[str]
    evidence: str
    title: str | None
    claims: list[str]
    document_count: int
    witness_count: int
    known_since: datetime


@dataclass(frozen=True)
class TellingRow:
    """A claim as one of its event's, with its words and the witness it comes from; `record` is its JSON."""

    event_id: str
    document_id: str
    witness: str
    record: str
    trigger: str
    evidence: str
    publisher: str | None
    published: date | None
    known_at: datetime


@dataclass(frozen=True)
class KinRow:
    """A document that another may be an edition of. `text_group` is the same for all prints of one text.

    `record` and `text` are there only for one whose editors say something of it.
    """

    document_id: str
    published: date | None
    agencies: list[str]
    address: str | None
    record: str | None
    text: str | None
    text_group: str


class ClaimTold(NamedTuple):
    """A claim as one of its event's, by the columns that say what it tells; days are numbers from 1970-01-01 on.

    `told` is the day of publication; of one that is not known, that of entry.
    """

    event: str
    claim: str
    witness: str
    document: str
    told: int
    known: int
    type: str
    mode: str | None
    status: str
    first: int | None
    last: int | None
    precision: str | None
    place: str | None
    kind: str | None
    country: str | None
    admin1: str | None
    within: str | None
    geonames: int | None
    latitude: float | None
    longitude: float | None
    actors: list[str]
    actor_countries: list[str | None]
    actor_sectors: list[str | None]
    recipients: list[str]
    recipient_countries: list[str | None]
    recipient_sectors: list[str | None]
    counts: list[dict[str, Any]]
    is_running: bool
    attribution: list[str]
    trigger: str
    confidence: float


def claims_in(columns: pa.Table) -> Iterator[ClaimTold]:
    """The rows of the columns that `Ledger.claims_told` gives, in their order."""
    return map(ClaimTold._make, zip(*map(_values, columns.columns), strict=True))


def tellings_in(columns: pa.Table) -> Iterator[TellingRow]:
    """The rows of the columns that `Ledger.tellings_in_columns` gives, in their order."""
    return map(TellingRow, *(column.to_pylist() for column in columns.columns))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column; lists are cut out of one, which takes a third of the time that Arrow takes to make each by itself."""
    import pyarrow as pa

    if not pa.types.is_list(column.type) or column.null_count:
        return list(column.to_pylist())
    lists = column.combine_chunks()
    ends = lists.offsets.to_pylist()
    values = lists.values
    if pa.types.is_struct(values.type):
        names = [field.name for field in values.type]
        told = zip(*(child.to_pylist() for child in values.flatten()), strict=True)
        flat: list[Any] = [dict(zip(names, row, strict=True)) for row in told]
    else:
        flat = values.to_pylist()
    return [flat[start:end] for start, end in pairwise(ends)]


@dataclass(frozen=True)
class NamedActor:
    """A name in the ledger with the side it was taken for: in how many claims as what, from which first day to which.

    Of a teller the ledger knows the name alone: `country` and `sector` are None there.
    """

    name: str
    country: str | None
    sector: str | None
    as_actor: int
    as_recipient: int
    as_teller: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class ActorCount:
    """In how many claims of a type and year an actor stands as "actor", "recipient" or "teller". `year` None: undated."""

    party: str
    type: str
    year: int | None
    claims: int


Row = ClaimRow | DocumentRow | QuotationRow | ProblemRow


@dataclass(frozen=True)
class Entry:
    """One report's coding as it enters the ledger: by which coder, under which receipt, known since when (UTC)."""

    report: Report
    coding: Coding
    raw_sha256: str
    coder: Coder
    known_at: datetime
    shard: str


def is_failed(coding: Coding) -> bool:
    """Whether nothing of the report could be coded."""
    return coding.document is None or any(problem.is_fatal for problem in coding.problems)


def rows_of(entry: Entry) -> dict[str, list[Row]]:
    """The entry's rows by table: "documents", "claims", "quotations", "problems", each in the order of the coding."""
    coding, document = entry.coding, entry.coding.document
    claims: list[Row] = []
    quotations: list[Row] = []
    if document is not None:
        claims = [row_of_claim(claim, document, position, entry) for position, claim in enumerate(coding.claims)]
        quotations = [_quotation_row(quotation, document, position, entry) for position, quotation in enumerate(coding.quotations)]
    return {
        "documents": [] if document is None else [_document_row(document, entry)],
        "claims": claims,
        "quotations": quotations,
        "problems": [_problem_row(problem, position, entry) for position, problem in enumerate(coding.problems)],
    }


def row_of_claim(claim: Claim, document: Document, position: int, entry: Entry) -> ClaimRow:
    """The claim's row; of the entry it takes the report's name, the moment and the shard."""
    event, text = claim.event, document.text
    time, place = event.time, event.place
    point = place.place.point if place else None
    return ClaimRow(
        claim_id=claim.id,
        document_id=claim.document,
        position=position,
        type=event.type,
        mode=event.mode,
        contexts=list(event.contexts),
        status=event.status.value.value,
        first_day=time.first if time else None,
        last_day=time.last if time else None,
        date_precision=time.precision.value if time else None,
        date_origin=time.origin.how.value if time else None,
        **_party("actor", event.actors),
        **_party("recipient", event.recipients),
        place_name=place.place.name if place else None,
        place_kind=place.place.kind.value if place else None,
        place_country=place.place.country if place else None,
        place_admin1=place.place.admin1 if place else None,
        place_within=place.place.within if place else None,
        place_geonames=place.place.geonames if place else None,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        place_origin=place.origin.how.value if place else None,
        counts=[_count_row(count, text) for count in event.counts],
        by=_named_teller(event.attribution),
        attribution=[teller.actor.name for teller in event.attribution],
        trigger=event.trigger.of(text),
        trigger_start=event.trigger.start,
        trigger_end=event.trigger.end,
        evidence=event.evidence.of(text),
        evidence_start=event.evidence.start,
        evidence_end=event.evidence.end,
        confidence=event.confidence,
        rule=event.rule,
        same_as=claim.same_as,
        publisher=document.publisher,
        published=document.published.day if document.published else None,
        title=document.title,
        address=document.address,
        report=entry.coding.report,
        program=claim.coder.program,
        model=claim.coder.model,
        knowledge=claim.coder.knowledge,
        known_at=entry.known_at,
        shard=entry.shard,
        record=to_json(claim),
    )


def _party(role: str, participants: tuple[Participant, ...]) -> dict[str, Any]:
    actors = [participant.actor for participant in participants]
    return {
        f"{role}_names": [actor.name for actor in actors],
        f"{role}_countries": [actor.country for actor in actors],
        f"{role}_sectors": [actor.sector for actor in actors],
    }


def _count_row(count: Count, text: str) -> CountRow:
    words = count.span.of(text)
    return CountRow(count.what, count.low, count.high, count.exactness.value, count.unit, words, count.is_part)


def _named_teller(chain: tuple[Teller, ...]) -> str | None:
    """The first teller with words of its own: the publisher, who heads the chain unspoken, is the paper's own voice."""
    return next((teller.actor.name for teller in chain if teller.span or teller.cue), None)


def _document_row(document: Document, entry: Entry) -> DocumentRow:
    published, coder = document.published, entry.coder
    return DocumentRow(
        document_id=document.id,
        report=entry.coding.report,
        address=document.address,
        raw_sha256=entry.raw_sha256,
        encoding=document.encoding,
        title=document.title,
        byline=document.byline,
        publisher=document.publisher,
        published=published.day if published else None,
        published_origin=published.origin.how.value if published else None,
        agencies=list(document.agencies),
        text=document.text,
        claims=len(entry.coding.claims),
        is_failed=is_failed(entry.coding),
        program=coder.program,
        model=coder.model,
        knowledge=coder.knowledge,
        known_at=entry.known_at,
        shard=entry.shard,
        record=to_json(replace(document, text="")),
    )


def _quotation_row(quotation: Quotation, document: Document, position: int, entry: Entry) -> QuotationRow:
    text, speaker = document.text, quotation.speaker
    return QuotationRow(
        document_id=document.id,
        position=position,
        kind=quotation.kind.value,
        text=" … ".join(span.of(text) for span in quotation.content),
        start=quotation.content[0].start,
        end=quotation.content[-1].end,
        source=_words(quotation.source, text),
        cue=_words(quotation.cue, text),
        speaker_name=speaker.name if speaker else None,
        speaker_country=speaker.country if speaker else None,
        speaker_sector=speaker.sector if speaker else None,
        via_name=quotation.via.name if quotation.via else None,
        known_at=entry.known_at,
        shard=entry.shard,
        record=to_json(quotation),
    )


def _words(span: Span | None, text: str) -> str | None:
    return span.of(text) if span else None


def _problem_row(problem: Problem, position: int, entry: Entry) -> ProblemRow:
    document = entry.coding.document
    return ProblemRow(
        document_id=document.id if document else None,
        report=entry.coding.report,
        raw_sha256=entry.raw_sha256,
        position=position,
        stage=problem.stage,
        reason=problem.reason,
        message=problem.message,
        is_fatal=problem.is_fatal,
        start=problem.span.start if problem.span else None,
        end=problem.span.end if problem.span else None,
        known_at=entry.known_at,
        shard=entry.shard,
        record=to_json(problem),
    )


def claim_row(columns: dict[str, Any]) -> ClaimRow:
    """The row that a query gave as a dictionary of all its columns."""
    return ClaimRow(**{**columns, "counts": [CountRow(**count) for count in columns["counts"]]})


def columns_of(row: Row) -> dict[str, Any]:
    """The row as a dictionary, in the order of its columns."""
    return asdict(row)
