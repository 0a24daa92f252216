"""Documents a page at a time, one text once: however many a ledger has, only those that are looked at are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dateline.ledger.segments import Coded
from dateline.ledger.store import Ledger
from dateline.ledger.volumes import Opened, locate


class Shelf(StrEnum):
    """Which documents are looked at."""

    ALL = "all"
    TOLD = "told"  # at least one record
    NOTHING = "nothing"  # coded, and no record
    REPRINTED = "reprinted"  # one text with others
    NOTED = "noted"  # its editors say something of it: a correction, a retraction, an update
    FAILED = "failed"  # it could not be coded


@dataclass(frozen=True)
class Sought:
    """What documents are looked for by. `words` must be in title, publisher, address or name of the report, whatever their case;
    `publisher` is the exact name; the days are of publication, both included, and one without a day never fits them."""

    shelf: Shelf = Shelf.ALL
    words: str | None = None
    publisher: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Shelves:
    """How many documents that fit stand on each shelf, and how many different texts they are; a shelf that was not counted is
    left out."""

    documents: Mapping[Shelf, int]
    texts: Mapping[Shelf, int]


@dataclass(frozen=True)
class Listed:
    """A document in a list. `text` is the id of the first document that printed the same text: its own if it is the only one."""

    document_id: str
    text: str
    report: str
    title: str | None
    publisher: str | None
    published: date | None
    address: str | None
    claims: int
    is_failed: bool
    is_round_up: bool
    raw_sha256: str
    program: str
    model: str
    knowledge: str
    known_at: datetime


@dataclass(frozen=True)
class Failure:
    """A report that could not be coded, and why. `document_id` None: it did not even become a document."""

    report: str
    document_id: str | None
    stage: str
    reason: str
    message: str
    raw_sha256: str
    known_at: datetime


# Of most texts there is one print only, and no reason to look for others: `shared_text` is that of the few.
_FITTING = """
placed AS MATERIALIZED (SELECT document_id, "group", is_round_up FROM reprints),
shared AS MATERIALIZED (
    SELECT document_id, is_round_up, CASE WHEN is_several THEN "group" END AS shared_text FROM (
        SELECT *, "group" IN (SELECT "group" FROM placed WHERE document_id <> "group") AS is_several FROM placed
    ) WHERE is_several OR is_round_up
),
fitting AS (
    SELECT documents.*, shared_text, shared_text IS NOT NULL AS is_shared, coalesce(shared_text, document_id) AS text_id,
        coalesce(is_round_up, false) AS is_round_up
    FROM (SELECT * EXCLUDE (text, record) FROM documents) AS documents LEFT JOIN shared USING (document_id)
    WHERE ($words::VARCHAR IS NULL OR has(title, $words) OR has(publisher, $words) OR has(address, $words) OR has(report, $words))
      AND ($publisher::VARCHAR IS NULL OR publisher = $publisher)
      AND ($since::DATE IS NULL OR published >= $since)
      AND ($until::DATE IS NULL OR published <= $until)
)
"""

_ON = {
    Shelf.ALL: "true",
    Shelf.TOLD: "claims > 0",
    Shelf.NOTHING: "claims = 0 AND NOT is_failed",
    Shelf.REPRINTED: "is_shared",
    # The only thing that has to be looked for in the records, which takes longer than all else.
    Shelf.NOTED: "document_id IN (SELECT document_id FROM documents WHERE contains(record, '\"notes\":[{'))",
    Shelf.FAILED: "is_failed",
}
"""What each shelf asks of a document."""

_COUNTED = f"WITH {_FITTING} SELECT {{counts}} FROM fitting"

_COUNT = """
count(*) FILTER ({on}) AS {shelf}_documents,
count(*) FILTER (({on}) AND NOT is_shared) + count(DISTINCT shared_text) FILTER ({on}) AS {shelf}_texts
"""

_TEXTS = f"""
WITH {_FITTING}
SELECT text_id FROM (
    SELECT text_id, published FROM fitting WHERE ({{on}}) AND NOT is_shared
    UNION ALL
    SELECT text_id, min(published) FROM fitting WHERE ({{on}}) AND is_shared GROUP BY text_id
)
ORDER BY published DESC NULLS LAST, text_id LIMIT $limit OFFSET $offset
"""

_COLUMNS = """
document_id, text_id AS text, report, title, publisher, published, address, claims, is_failed, is_round_up, raw_sha256,
program, model, knowledge, known_at
"""

_OF_TEXTS = f"""
WITH {_FITTING}
SELECT {_COLUMNS} FROM fitting WHERE text_id IN (SELECT unnest($texts::VARCHAR[])) AND {{on}}
ORDER BY published NULLS LAST, document_id
"""

_ROWS = f"""
WITH {_FITTING}
SELECT {_COLUMNS} FROM fitting WHERE {{on}} ORDER BY published DESC NULLS LAST, document_id LIMIT $limit OFFSET $offset
"""

_PUBLISHERS = """
SELECT publisher, count(*) AS documents FROM documents WHERE publisher IS NOT NULL
GROUP BY publisher ORDER BY documents DESC, publisher LIMIT $limit
"""

_FAILURES = """
SELECT report, document_id, stage, reason, message, raw_sha256, known_at FROM problems
WHERE is_fatal AND ($words::VARCHAR IS NULL OR has(report, $words) OR has(reason, $words) OR has(message, $words))
QUALIFY row_number() OVER (PARTITION BY raw_sha256, report ORDER BY position) = 1
ORDER BY known_at DESC, report LIMIT $limit OFFSET $offset
"""

_FAILED = """
SELECT count(DISTINCT (raw_sha256, report)) AS n FROM problems
WHERE is_fatal AND ($words::VARCHAR IS NULL OR has(report, $words) OR has(reason, $words) OR has(message, $words))
"""

_COPIES = """
SELECT document_id FROM reprints WHERE "group" = (SELECT "group" FROM reprints WHERE document_id = $id) AND document_id <> $id
ORDER BY document_id LIMIT $limit
"""

AT_ONCE = 20_000
"""Documents that are read together when all are asked for."""


def shelves(ledger: Ledger, sought: Sought, *, as_of: datetime | None = None) -> Shelves:
    """How many documents fit, shelf by shelf. Shelf.NOTED is counted only when it is the one that is sought.

    On Shelf.FAILED reports are counted, those that did not become a document among them, by `words` alone.
    """
    counted = [shelf for shelf in Shelf if shelf is not Shelf.FAILED and (shelf is not Shelf.NOTED or shelf is sought.shelf)]
    counts = ", ".join(_COUNT.replace("{on}", _ON[shelf]).replace("{shelf}", shelf) for shelf in counted)
    row = _select(ledger, _COUNTED.replace("{counts}", counts), _filters(sought), as_of)[0]
    failed = {Shelf.FAILED: int(_select(ledger, _FAILED, {"words": sought.words}, as_of)[0]["n"])}
    documents = {shelf: row[f"{shelf}_documents"] for shelf in counted} | failed
    return Shelves(documents, {shelf: row[f"{shelf}_texts"] for shelf in counted} | failed)


def texts(
    ledger: Ledger, sought: Sought, *, limit: int, offset: int = 0, as_of: datetime | None = None
) -> list[tuple[Listed, ...]]:
    """The texts of which a document fits, the latest first and undated ones last; of each its documents that fit, the first print
    first."""
    on, filters = _ON[sought.shelf], _filters(sought)
    found = _select(ledger, _TEXTS.replace("{on}", on), {**filters, "limit": limit, "offset": offset}, as_of)
    order = [row["text_id"] for row in found]
    groups: dict[str, list[Listed]] = {text: [] for text in order}
    for row in _select(ledger, _OF_TEXTS.replace("{on}", on), {**filters, "texts": order}, as_of) if order else ():
        groups[row["text"]].append(Listed(**row))
    return [tuple(documents) for documents in groups.values()]


def documents(ledger: Ledger, sought: Sought, *, limit: int, offset: int = 0, as_of: datetime | None = None) -> list[Listed]:
    """The documents that fit, each by itself, the latest first and undated ones last."""
    query = _ROWS.replace("{on}", _ON[sought.shelf])
    return [Listed(**row) for row in _select(ledger, query, {**_filters(sought), "limit": limit, "offset": offset}, as_of)]


def all_documents(ledger: Ledger, sought: Sought, *, as_of: datetime) -> Iterator[Listed]:
    """Every document that fits, read some thousands at a time. The moment keeps what is entered meanwhile out of it."""
    offset = 0
    while found := documents(ledger, sought, limit=AT_ONCE, offset=offset, as_of=as_of):
        yield from found
        offset += len(found)


def publishers(ledger: Ledger, *, limit: int, as_of: datetime | None = None) -> list[tuple[str, int]]:
    """Publishers with how many documents they have, the largest first."""
    return [(row["publisher"], row["documents"]) for row in _select(ledger, _PUBLISHERS, {"limit": limit}, as_of)]


def failures(
    ledger: Ledger, words: str | None = None, *, limit: int, offset: int = 0, as_of: datetime | None = None
) -> list[Failure]:
    """Reports that could not be coded, the latest first. None: an empty list."""
    rows = _select(ledger, _FAILURES, {"words": words, "limit": limit, "offset": offset}, as_of)
    return [Failure(**row) for row in rows]


def all_failures(ledger: Ledger, words: str | None = None, *, as_of: datetime) -> Iterator[Failure]:
    """Every report that could not be coded, read some thousands at a time."""
    offset = 0
    while found := failures(ledger, words, limit=AT_ONCE, offset=offset, as_of=as_of):
        yield from found
        offset += len(found)


def copies(ledger: Ledger, document_id: str, *, limit: int, as_of: datetime | None = None) -> list[str]:
    """The ids of the other documents that printed the same text; none, or never compared: an empty list."""
    return [row["document_id"] for row in _select(ledger, _COPIES, {"id": document_id, "limit": limit}, as_of)]


def handed_in(ledger: Ledger, document_id: str) -> tuple[Coded, ...]:
    """Every report that became this document, as it was handed in, the first first. No such document: an empty tuple."""
    import pyarrow.parquet as parquet

    state = ledger.state()
    loose = [(r.known_at, r.shard, report) for r in state.receipts for report in r.reports if report.document == document_id]
    names = [field.name for field in fields(Coded)]
    sealed = []
    holding = locate(Opened(ledger.path), state.catalogue, "documents", [document_id])
    for volume in state.catalogue.volumes:
        if "coded" in volume.segments and volume.segments["documents"].name in holding:
            path = ledger.path / volume.segments["coded"].name
            rows = parquet.read_table(path, filters=[("document", "=", document_id)]).to_pylist()
            sealed += [Coded(**{name: row[name] for name in names}) for row in sorted(rows, key=lambda row: row["shard"])]
    return (*sealed, *(report for *_, report in sorted(loose, key=lambda one: one[:2])))


def _filters(sought: Sought) -> dict[str, Any]:
    return {name: value for name, value in asdict(sought).items() if name != "shelf"}


def _select(ledger: Ledger, query: str, parameters: Mapping[str, Any], as_of: datetime | None) -> Sequence[dict[str, Any]]:
    answer = ledger.sql(query, {name: value for name, value in parameters.items() if f"${name}" in query}, as_of=as_of)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
