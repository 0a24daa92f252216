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
import time
import types
from collections import Counter
from collections.abc import Iterable, Sequence
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

STALE_AFTER = 3600.0
"""Seconds after which a file that nobody finished is taken for a dead process's: a shard is written in well under one."""

TEMPORARY = ".tmp"


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

    @property
    def moment(self) -> datetime:
        """Since when what it brings is known."""
        return datetime.fromisoformat(self.known_at)


# ---------------------------------------------------------------- Parquet


def schema_of(table: str) -> pa.Schema:
    """The table's columns, in the order of its row's fields; a field that may be None is nullable, no other is."""
    if table in CODED:
        return _row_schema(CODED[table])
    return _row_schema(DERIVED[table]).append(_arrow_field("known_at", datetime)).append(_arrow_field("shard", str))


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


def write_receipt(ledger: Path, receipt: Receipt) -> None:
    """From here on the shard exists."""
    written = json.dumps({"version": 1, **asdict(receipt)}, ensure_ascii=False, indent=1)
    write_file(ledger / "receipts" / f"{receipt.shard}.json", written.encode("utf-8"))


def receipt_names(ledger: Path) -> list[str]:
    """The names of all receipts, sorted."""
    folder = ledger / "receipts"
    return sorted(entry.name for entry in folder.iterdir() if entry.suffix == ".json") if folder.is_dir() else []


def read_receipt(ledger: Path, name: str) -> Receipt:
    """The receipt of that name. Raises DamagedLedgerError when it cannot be read."""
    path = ledger / "receipts" / name
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        del fields["version"]
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


def sweep(ledger: Path, receipts: Iterable[Receipt]) -> list[Path]:
    """Removes what killed processes left: unfinished files and segments that no receipt names, once STALE_AFTER old.

    Returns what it removed.
    """
    promised = {segment.name for receipt in receipts for segment in receipt.segments.values()}
    removed: list[Path] = []
    for folder in (*TABLES, "receipts", "reports"):
        for path in sorted((ledger / folder).glob("*")):
            is_orphan = path.suffix == ".parquet" and path.relative_to(ledger).as_posix() not in promised
            if (path.suffix == TEMPORARY or is_orphan) and _is_stale(path):
                path.unlink(missing_ok=True)
                removed.append(path)
    return removed


def _is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE_AFTER
    except FileNotFoundError:
        return False
