"""Proof that a ledger is what it says: files against receipts, documents against their bytes, every span against its document.

Nothing is trusted that can be looked at. What is found is named with its file and row, and the rest is looked at all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from dateline.ledger.errors import DamagedLedgerError
from dateline.ledger.rows import Entry, claim_row, row_of_claim
from dateline.ledger.segments import PLAIN, Receipt, Segment, raw_path, schema_of
from dateline.ledger.snapshot import State
from dateline.ledger.store import Ledger
from dateline.ledger.volumes import Volume
from dateline.records import Claim, Coding, Document, Quotation, Report, Span
from dateline.serial import UnreadableRecordError, from_json


@dataclass(frozen=True)
class Fault:
    """`where` is a file, relative to the ledger, with the id of the row if it is a row's; `what` says what is wrong."""

    where: str
    what: str


OnProgress = Callable[[int, int], None]
"""Is told how many files of how many are done."""


def validate(ledger: Ledger, *, is_strict: bool = False, on_progress: OnProgress = lambda done, of: None) -> Iterator[Fault]:
    """Every fault, file by file; a ledger without one gives none.

    Strict: each row must also be the one that its record and its document give, column for column.
    """
    try:
        state = ledger.state()
    except DamagedLedgerError as fault:
        yield Fault(ledger.path.name, str(fault))
        return
    pieces: list[Receipt | Volume] = [*state.receipts, *state.catalogue.volumes]
    beside = [*state.catalogue.links, *state.catalogue.superseded]
    total, done = sum(len(piece.segments) for piece in pieces) + len(beside), 0
    is_whole = True
    for piece in pieces:
        faults = [fault for table, segment in piece.segments.items() for fault in _file_faults(ledger.path, table, segment)]
        if isinstance(piece, Volume):
            faults += [fault for segment in piece.indexes.values() for fault in _hash_faults(ledger.path, segment)]
        yield from faults
        is_whole = is_whole and not faults
        if not faults:
            yield from _piece_faults(ledger.path, piece, is_strict)
        done += len(piece.segments)
        on_progress(done, total)
    for segment in beside:
        faults = list(_hash_faults(ledger.path, segment))
        yield from faults
        is_whole = is_whole and not faults
    on_progress(total, total)
    yield from _report_faults(ledger.path, state)
    if is_whole:
        yield from _reference_faults(ledger)


# ---------------------------------------------------------------- files


def _hash_faults(ledger: Path, segment: Segment) -> Iterator[Fault]:
    try:
        with (ledger / segment.name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        yield Fault(segment.name, "missing")
        return
    if found != segment.sha256:
        yield Fault(segment.name, "changed: its hash is not the one that was promised")


def _file_faults(ledger: Path, table: str, segment: Segment) -> Iterator[Fault]:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    faults = list(_hash_faults(ledger, segment))
    yield from faults
    if faults:
        return
    try:
        with parquet.ParquetFile(ledger / segment.name) as file:
            rows, columns = file.metadata.num_rows, file.schema_arrow
    except (OSError, pa.ArrowException) as fault:
        yield Fault(segment.name, f"not a Parquet file ({fault})")
        return
    if rows != segment.rows:
        yield Fault(segment.name, f"{rows:,} rows, where {segment.rows:,} were promised")
    for column in schema_of(table):
        if column.name not in columns.names:
            yield Fault(segment.name, f"has no column {column.name}")
        elif columns.field(column.name).type != column.type and not pa.types.is_nested(column.type):
            yield Fault(segment.name, f"its column {column.name} holds {columns.field(column.name).type}, not {column.type}")


def _report_faults(ledger: Path, state: State) -> Iterator[Fault]:
    import pyarrow.parquet as parquet

    digests = {report.raw_sha256 for receipt in state.receipts for report in receipt.reports}
    for volume in state.catalogue.volumes:
        if "coded" in volume.segments and (ledger / volume.segments["coded"].name).exists():
            column = parquet.read_table(ledger / volume.segments["coded"].name, columns=["raw_sha256"]).column(0)
            digests.update(column.to_pylist())
    for digest in sorted(digests):
        path = raw_path(ledger, digest)
        where = path.relative_to(ledger).as_posix()
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield Fault(where, "missing: the bytes of a report")
            continue
        if found != digest:
            yield Fault(where, "changed: not the bytes of the report that was handed in")


# ---------------------------------------------------------------- rows


def _piece_faults(ledger: Path, piece: Receipt | Volume, is_strict: bool) -> Iterator[Fault]:
    documents: dict[tuple[str, str], Document] = {}
    for where, row in _rows(ledger, piece, "documents"):
        try:
            document = replace(from_json(Document, row["record"]), text=row["text"])
        except UnreadableRecordError as fault:
            yield Fault(where, str(fault))
            continue
        documents[row["document_id"], row["shard"]] = document
        if document.id != row["document_id"]:
            yield Fault(where, f"its record is that of another document, {document.id}")
        if document.raw_sha256 != row["raw_sha256"]:
            yield Fault(where, "was not read from the bytes that were handed in with it")
        yield from (Fault(where, what) for what in _span_faults(document, document.text, "document"))
    told: dict[tuple[str, str], set[str]] = {}
    same: list[tuple[str, tuple[str, str], str]] = []
    for where, row in _rows(ledger, piece, "claims"):
        key = (row["document_id"], row["shard"])
        told.setdefault(key, set()).add(row["claim_id"])
        if row["same_as"] is not None:
            same.append((where, key, row["same_as"]))
        if key not in documents:
            yield Fault(where, f"its document {key[0]} is not in the same shard")
        else:
            yield from (Fault(where, what) for what in _claim_faults(row, documents[key], is_strict))
    for where, key, claim in same:
        if claim not in told[key]:
            yield Fault(where, f"tells the same as {claim}, which its document does not have")
    for where, row in _rows(ledger, piece, "quotations"):
        key = (row["document_id"], row["shard"])
        if key not in documents:
            yield Fault(where, f"its document {key[0]} is not in the same shard")
        else:
            yield from (Fault(where, what) for what in _quotation_faults(row, documents[key].text))


def _rows(ledger: Path, piece: Receipt | Volume, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of a table with its file and its id."""
    import pyarrow.parquet as parquet

    if table not in piece.segments:
        return
    name = piece.segments[table].name
    columns = [field.name for field in fields(PLAIN[table])]
    with parquet.ParquetFile(ledger / name) as file:
        for batch in file.iter_batches(1024, columns=columns):
            for row in batch.to_pylist():
                yield f"{name} {row.get('claim_id') or row['document_id']}", row


def _claim_faults(row: Mapping[str, Any], document: Document, is_strict: bool) -> Iterator[str]:
    text = document.text
    for what in ("trigger", "evidence"):
        start, end = row[f"{what}_start"], row[f"{what}_end"]
        if not 0 <= start < end <= len(text):
            yield f"its {what} lies outside the text: [{start}, {end}) of {len(text)}"
        elif text[start:end] != row[what]:
            yield f"its {what} is {row[what]!r}, and the text has {text[start:end]!r} there"
    if row["first_day"] and row["last_day"] and row["first_day"] > row["last_day"]:
        yield f"its first day {row['first_day']} is after its last, {row['last_day']}"
    for count in row["counts"]:
        if count["low"] is not None and count["high"] is not None and count["low"] > count["high"]:
            yield f"{count['what']}: at least {count['low']:g} and at most {count['high']:g}"
    try:
        claim = from_json(Claim, row["record"])
    except UnreadableRecordError as fault:
        yield str(fault)
        return
    if (claim.id, claim.document) != (row["claim_id"], row["document_id"]):
        yield "its record is another claim's"
    outside = list(_span_faults(claim, text, "claim"))
    yield from outside
    if not outside:
        words = [count.span.of(text) for count in claim.event.counts]
        if words != [count["text"] for count in row["counts"]]:
            yield f"the words of its counts are {words}, not {[count['text'] for count in row['counts']]}"
        if is_strict:
            yield from _column_faults(row, claim, document)


def _column_faults(row: Mapping[str, Any], claim: Claim, document: Document) -> Iterator[str]:
    coding = Coding(row["report"], document)
    entry = Entry(Report(row["report"], b""), coding, document.raw_sha256, claim.coder, row["known_at"], row["shard"])
    given, there = row_of_claim(claim, document, row["position"], entry), claim_row(dict(row))
    for field in fields(given):
        if field.name != "record" and (one := getattr(given, field.name)) != (other := getattr(there, field.name)):
            yield f"its column {field.name} is {other!r}, and its record gives {one!r}"


def _quotation_faults(row: Mapping[str, Any], text: str) -> Iterator[str]:
    try:
        quotation = from_json(Quotation, row["record"])
    except UnreadableRecordError as fault:
        yield str(fault)
        return
    outside = list(_span_faults(quotation, text, "quotation"))
    yield from outside
    if not outside and " … ".join(span.of(text) for span in quotation.content) != row["text"]:
        yield f"its words are {row['text']!r}, and the text has others there"


def _span_faults(record: object, text: str, path: str) -> Iterator[str]:
    """Each span of a record, however deep inside, that ends behind the text. None begins before it: a Span cannot."""
    if isinstance(record, Span):
        if record.end > len(text):
            yield f"{path} lies outside the text: [{record.start}, {record.end}) of {len(text)}"
    elif is_dataclass(record):
        for field in fields(record):
            if field.name != "offsets":  # they point into the report's bytes
                yield from _span_faults(getattr(record, field.name), text, f"{path}.{field.name}")
    elif isinstance(record, tuple):
        for number, part in enumerate(record):
            yield from _span_faults(part, text, f"{path}[{number}]")


# ---------------------------------------------------------------- what refers to what

REFERENCES = {
    "links": """
        SELECT claim_id AS id, 'a claim that is not in the ledger' AS what FROM all_links ANTI JOIN all_claims USING (claim_id)
        UNION
        SELECT claim_id, 'an event that is no claim, ' || event_id FROM all_links
        WHERE event_id NOT IN (SELECT claim_id FROM all_claims)
    """,
    "reprints": """
        SELECT document_id AS id, 'a document that is not in the ledger' AS what
        FROM all_reprints ANTI JOIN all_documents USING (document_id)
    """,
    "sketches": """
        SELECT DISTINCT document_id AS id, 'a document that is not in the ledger' AS what
        FROM all_sketches ANTI JOIN all_documents USING (document_id)
    """,
    "visits": """
        SELECT visit_id AS id, 'a document that is not in the ledger, ' || document_id AS what
        FROM all_visits WHERE document_id NOT IN (SELECT document_id FROM all_documents)
    """,
}


def _reference_faults(ledger: Ledger) -> Iterator[Fault]:
    for table, query in REFERENCES.items():
        for id, what in ledger.sql(f"SELECT id, what FROM ({query}) ORDER BY ALL").rows:
            yield Fault(f"{table} {id}", f"is of {what}")
