"""Files that are written once: Parquet segments, raw reports, receipts.

A shard is what one `add` brings: at most one segment a table, then, last, its receipt. Every file is written under a temporary
name, forced to disk and renamed, so a reader sees whole files only, and a segment that no receipt names does not exist for
readers. Segments are named after their shard and their bytes: two processes that write one shard at once write the same file, or
two different ones, never over one another.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import types
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from dateline.ledger.derived import DERIVED, KEYS, DerivedRow
from dateline.ledger.errors import DamagedLedgerError
from dateline.ledger.rows import ClaimRow, DocumentRow, ProblemRow, QuotationRow, Row, columns_of

if TYPE_CHECKING:
    import pyarrow as pa

CODED: dict[str, type] = {"documents": DocumentRow, "claims": ClaimRow, "quotations": QuotationRow, "problems": ProblemRow}
"""The tables that a coding fills; DERIVED are those that are worked out from them."""

TABLES = (*CODED, *DERIVED)

TEMPORARY = ".tmp"


LAYOUT = 1
"""Version of a receipt and of the columns of its segments. Raise it when a table gets a column: older segments are then read apart,
and lack it."""


@dataclass(frozen=True)
class Segment:
    """A segment as its receipt names it; `name` is relative to the ledger."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Coded:
    """A report in a shard: what was handed in, which document it became (None: none), and whether the coding failed.

    `key` is the same for the same bytes with the same things said about them, read by the same coder.
    """

    key: str
    name: str
    raw_sha256: str
    media_type: str | None
    address: str | None
    fetched: str | None
    publisher: str | None
    published: str | None
    title: str | None
    byline: str | None
    document: str | None
    is_failed: bool


@dataclass(frozen=True)
class CodedRow(Coded):
    """A report of a shard as the sealed table "coded" has it."""

    shard: str
    position: int


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt as the sealed table "receipts" has it: `segments` in JSON, `sha256` of the file that it was."""

    shard: str
    version: int
    known_at: str
    program: str
    model: str
    knowledge: str
    sha256: str
    segments: str


@dataclass(frozen=True)
class SupersededRow:
    """From that moment on this coding is no longer the one that its document shows."""

    document_id: str
    shard: str
    until: datetime


@dataclass(frozen=True)
class Receipt:
    """A finished shard: codings, or rows of a derived table (then `reports` is empty and `program` says which linker made them).

    `segments` by table; a table without rows has none. `known_at` is ISO 8601 in UTC.
    """

    shard: str
    known_at: str
    program: str
    model: str
    knowledge: str
    reports: tuple[Coded, ...]
    segments: dict[str, Segment]
    version: int = LAYOUT

    @property
    def moment(self) -> datetime:
        """Since when what it brings is known."""
        return datetime.fromisoformat(self.known_at)


# ---------------------------------------------------------------- Parquet

PLAIN: dict[str, type] = {**CODED, "receipts": ReceiptRow, "coded": CodedRow, "superseded": SupersededRow}
"""Tables whose rows have all their columns; to those of a derived table the ledger adds two."""


def schema_of(table: str) -> pa.Schema:
    """The table's columns, in the order of its row's fields; a field that may be None is nullable, no other is."""
    if table in PLAIN:
        return _row_schema(PLAIN[table])
    return _row_schema(DERIVED[table]).append(_arrow_field("known_at", datetime)).append(_arrow_field("shard", str))


SEALED_LINK = ("event_id", "witness", "chance", "linker", "linked_at", "link_shard", "holds_link")
"""What a sealed claim says of its own link, so that most claims need no look elsewhere. `holds_link`: of several codings that tell
of the claim this is the one that stands for the row of `links`, which is kept nowhere else."""


def sealed_schema(table: str) -> pa.Schema:
    """The table's columns in a volume. What a coding gave knows until when its document showed it (null: it still does)."""
    import pyarrow as pa

    schema = schema_of(table)
    if table in CODED:
        schema = schema.append(pa.field("known_until", schema.field("known_at").type))
    if table == "claims":
        moment = schema.field("known_at").type
        kinds = (pa.string(), pa.string(), pa.float64(), pa.string(), moment, pa.string(), pa.bool_())
        for name, kind in zip(SEALED_LINK, kinds, strict=True):
            schema = schema.append(pa.field(name, kind))
    return schema


def _row_schema(kind: type) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([_arrow_field(name, hint) for name, hint in get_type_hints(kind).items()])


def _arrow_field(name: str, hint: Any) -> pa.Field:
    import pyarrow as pa

    inner, is_nullable = _without_none(hint)
    return pa.field(name, _arrow_type(inner), nullable=is_nullable)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    (inner,) = (part for part in get_args(hint) if part is not types.NoneType)
    return inner, True


def _arrow_type(hint: Any) -> pa.DataType:
    import pyarrow as pa

    if get_origin(hint) is list:
        return pa.list_(_arrow_field("item", get_args(hint)[0]))
    plain = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        bytes: pa.binary(),
        date: pa.date32(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    return plain[hint] if hint in plain else pa.struct(list(_row_schema(hint)))


def coded_columns(table: str, rows: Sequence[Row]) -> pa.Table:
    """Codings' rows as columns of their table."""
    import pyarrow as pa

    return pa.Table.from_pylist([columns_of(row) for row in rows], schema=schema_of(table))


def derived_columns(table: str, rows: Sequence[DerivedRow]) -> pa.Table:
    """Rows of a derived table as columns, without those that the ledger adds. Raises ValueError when two rows have one key."""
    import pyarrow as pa

    schema = pa.schema(list(schema_of(table))[:-2])
    columns = {name: [getattr(row, name) for row in rows] for name in schema.names}
    keys = list(zip(*(columns[name] for name in KEYS[table]), strict=True))
    if len(set(keys)) < len(keys):
        twice = next(key for key, count in Counter(keys).items() if count > 1)
        raise ValueError(f"two rows for {', '.join(twice)} in {table}: only one can hold")
    return pa.table(columns, schema=schema)


def entered(table: str, columns: pa.Table, known_at: datetime, shard: str) -> pa.Table:
    """The columns with those that the ledger adds."""
    import pyarrow as pa

    schema = schema_of(table)
    count = columns.num_rows
    added = [pa.array([known_at] * count, schema.field("known_at").type), pa.array([shard] * count, pa.string())]
    return pa.table([*columns.columns, *added], schema=schema)


def fingerprint(columns: pa.Table) -> str:
    """The same for the same rows in the same order."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, columns.schema) as stream:
        stream.write_table(columns.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def write_segment(ledger: Path, table: str, shard: str, columns: pa.Table) -> Segment:
    """The rows as a segment of the table, on disk when this returns. Equal rows give equal bytes (with one version of pyarrow)."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(columns, sink, compression="zstd")
    written = sink.getvalue().to_pybytes()
    digest = hashlib.sha256(written).hexdigest()
    name = f"{table}/{shard}-{digest[:12]}.parquet"
    write_file(ledger / name, written)
    return Segment(name, columns.num_rows, digest)


# ---------------------------------------------------------------- raw reports


def raw_path(ledger: Path, sha256: str) -> Path:
    """Where the bytes with that hash are kept. 256 folders, since a folder of a million files is slow to list."""
    return ledger / "reports" / sha256[:2] / sha256


def keep_raw(ledger: Path, raw: bytes, sha256: str) -> None:
    """Keeps the bytes; those that are kept already, whole, are not written again."""
    path = raw_path(ledger, sha256)
    if not path.exists() or path.stat().st_size != len(raw):
        write_file(path, raw, unfinished_in=path.parent.parent)


# ---------------------------------------------------------------- receipts


def receipt_bytes(receipt: Receipt) -> bytes:
    """The receipt's file."""
    fields = asdict(receipt)
    return json.dumps({"version": fields.pop("version"), **fields}, ensure_ascii=False, indent=1).encode("utf-8")


def write_receipt(ledger: Path, receipt: Receipt) -> None:
    """From here on the shard exists."""
    write_file(ledger / "receipts" / f"{receipt.shard}.json", receipt_bytes(receipt))


def receipt_names(ledger: Path) -> list[str]:
    """The names of all receipts, sorted."""
    folder = ledger / "receipts"
    return sorted(entry.name for entry in folder.iterdir() if entry.suffix == ".json") if folder.is_dir() else []


def read_receipt(ledger: Path, name: str) -> Receipt:
    """The receipt of that name. Raises DamagedLedgerError when it cannot be read."""
    path = ledger / "receipts" / name
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["reports"] = tuple(Coded(**report) for report in fields["reports"])
        fields["segments"] = {table: Segment(**segment) for table, segment in fields["segments"].items()}
        return Receipt(**fields)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        message = f"{path}: not a receipt ({fault}). Restore it, or remove it and add its reports again"
        raise DamagedLedgerError(message) from fault


# ---------------------------------------------------------------- files


def write_file(path: Path, content: bytes, *, unfinished_in: Path | None = None) -> None:
    """The content under that name, whole and on disk when this returns, or not there at all.

    While unfinished it has another name in the same folder, or in one above that is quicker to search for what was left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = (unfinished_in or path.parent) / f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as fault:
        fault.filename = str(path)  # a full disk does not say for which file there was no room
        raise
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Forces a renaming to disk; Windows cannot open a folder and does without."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
