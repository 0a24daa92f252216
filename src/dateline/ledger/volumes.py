"""Volumes and their catalogue: what many shards were sealed into, so that a ledger of years opens as quickly as one of a day.

A volume holds the rows of many shards in one segment a table, sorted so that a query reads little of it, with indexes by which a
row is found by its id, and the receipts of its shards. The catalogue lists the volumes; each compaction writes the next one, whole,
under the next number, and the highest number holds. Nobody can write a number twice: of two that compact at once, one loses.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dateline.ledger.errors import DamagedLedgerError
from dateline.ledger.index import Index, find_rows, keys_of, may_have, open_index
from dateline.ledger.segments import LAYOUT, TEMPORARY, Coded, Receipt, Segment, schema_of, sync_folder
from dateline.ledger.sheets import Sheets

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "catalogue"


@dataclass(frozen=True)
class Volume:
    """`segments` by table ("receipts" and "coded", the reports, are tables too), `indexes` by what they find rows by.

    The first and the last moment at which something of it became known, ISO 8601 in UTC.
    """

    name: str
    first_known: str
    last_known: str
    segments: dict[str, Segment]
    indexes: dict[str, Segment]
    version: int = LAYOUT

    def is_known(self, moment: datetime | None) -> bool:
        """Whether something of it was known then."""
        return moment is None or datetime.fromisoformat(self.first_known) <= moment

    def has_later(self, moment: datetime | None) -> bool:
        """Whether something of it became known after that."""
        return moment is not None and datetime.fromisoformat(self.last_known) > moment


@dataclass(frozen=True)
class Retired:
    """A file that nothing needs any more since then; who still reads it has a while."""

    name: str
    since: str


@dataclass(frozen=True)
class Catalogue:
    """All volumes at one moment.

    `previous` is the SHA-256 of the catalogue before it. `links` are segments of link rows that no sealed claim carries itself;
    `superseded` of codings that stopped being the one their document shows, where their own rows do not say so.
    """

    number: int = 0
    previous: str = ""
    made_at: str = ""
    volumes: tuple[Volume, ...] = ()
    links: tuple[Segment, ...] = ()
    superseded: tuple[Segment, ...] = ()
    retired: tuple[Retired, ...] = field(default=())

    def files(self) -> Iterator[Segment]:
        """Every file that it promises."""
        for volume in self.volumes:
            yield from volume.segments.values()
            yield from volume.indexes.values()
        yield from self.links
        yield from self.superseded


def name_of(number: int) -> str:
    """The file of the catalogue of that number, relative to the ledger."""
    return f"{FOLDER}/{number:08d}.json"


def catalogue_numbers(ledger: Path) -> list[int]:
    """The numbers of the catalogues there are, ascending."""
    folder = ledger / FOLDER
    return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()) if folder.is_dir() else []


def read_catalogue(ledger: Path, number: int) -> Catalogue:
    """The catalogue of that number; 0 is the one without a volume. Raises DamagedLedgerError when it cannot be read."""
    if not number:
        return Catalogue()
    path = ledger / name_of(number)
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        del fields["version"]
        fields["volumes"] = tuple(_volume(volume) for volume in fields["volumes"])
        fields["links"] = tuple(Segment(**segment) for segment in fields["links"])
        fields["superseded"] = tuple(Segment(**segment) for segment in fields["superseded"])
        fields["retired"] = tuple(Retired(**retired) for retired in fields["retired"])
        return Catalogue(**fields)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise DamagedLedgerError(f"{path}: not a catalogue ({fault}). Restore it from a copy") from fault


def _volume(fields: dict[str, Any]) -> Volume:
    parts = {part: {key: Segment(**segment) for key, segment in fields[part].items()} for part in ("segments", "indexes")}
    return Volume(**{**fields, **parts})


def digest_of_catalogue(ledger: Path, number: int) -> str:
    """The SHA-256 of the catalogue's file; of number 0 an empty string."""
    return hashlib.sha256((ledger / name_of(number)).read_bytes()).hexdigest() if number else ""


def write_catalogue(ledger: Path, catalogue: Catalogue) -> bool:
    """From here on its volumes exist. False, and nothing is written, when somebody else was first with this number."""
    path = ledger / name_of(catalogue.number)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        with unfinished.open("xb") as file:
            file.write(json.dumps({"version": 1, **asdict(catalogue)}, ensure_ascii=False, indent=1).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)  # unlike a renaming, it fails when the name is taken
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


# ---------------------------------------------------------------- receipts in volumes


def receipt_tables(receipts: Iterable[tuple[Receipt, str]]) -> tuple[pa.Table, pa.Table]:
    """Receipts, each with the SHA-256 of its file, as the tables "receipts" (by shard) and "coded" (by reading key)."""
    import pyarrow as pa

    ordered = sorted(receipts, key=lambda pair: pair[0].shard)
    rows = [
        {
            "shard": receipt.shard, "version": receipt.version, "known_at": receipt.known_at, "program": receipt.program,
            "model": receipt.model, "knowledge": receipt.knowledge, "sha256": digest,
            "segments": json.dumps({table: asdict(segment) for table, segment in receipt.segments.items()}),
        }
        for receipt, digest in ordered
    ]  # fmt: skip
    coded = [
        {**asdict(report), "shard": receipt.shard, "position": position}
        for receipt, _ in ordered
        for position, report in enumerate(receipt.reports)
    ]
    coded.sort(key=lambda row: (row["key"], row["shard"], row["position"]))
    return pa.Table.from_pylist(rows, schema=schema_of("receipts")), pa.Table.from_pylist(coded, schema=schema_of("coded"))


def sealed_receipts(ledger: Path, volume: Volume) -> list[tuple[Receipt, str]]:
    """The receipts of a volume's shards with the SHA-256 of their files, by shard. The segments they name are no longer there."""
    import pyarrow.parquet as parquet

    reports: dict[str, list[tuple[int, Coded]]] = {}
    if "coded" in volume.segments:
        for row in parquet.read_table(ledger / volume.segments["coded"].name).to_pylist():
            shard, position = row.pop("shard"), row.pop("position")
            reports.setdefault(shard, []).append((position, Coded(**row)))
    found = []
    for row in parquet.read_table(ledger / volume.segments["receipts"].name).to_pylist():
        digest = row.pop("sha256")
        row["segments"] = {table: Segment(**segment) for table, segment in json.loads(row["segments"]).items()}
        coded = tuple(report for _, report in sorted(reports.get(row["shard"], ()), key=lambda pair: pair[0]))
        found.append((Receipt(**row, reports=coded), digest))
    return found


def sealed_moments(ledger: Path, volume: Volume) -> dict[str, datetime]:
    """The volume's shards, each with when the ledger was told of it."""
    import pyarrow.parquet as parquet

    rows = parquet.read_table(ledger / volume.segments["receipts"].name, columns=["shard", "known_at"]).to_pylist()
    return {row["shard"]: datetime.fromisoformat(row["known_at"]) for row in rows}


@dataclass(frozen=True, eq=False)
class SealedKeys:
    """The reading keys of all sealed reports, sorted: those some coding of which succeeded, and those that failed."""

    succeeded: NDArray[np.bytes_]
    failed: NDArray[np.bytes_]

    def outcome(self, key: str) -> bool | None:
        """Whether some coding with that key succeeded; None: there is none."""
        return True if _has(self.succeeded, key) else False if _has(self.failed, key) else None


def _has(keys: NDArray[np.bytes_], key: str) -> bool:
    sought = key.encode("ascii")
    place = int(np.searchsorted(keys, sought))
    return place < len(keys) and bool(keys[place] == sought)


def sealed_keys(ledger: Path, catalogue: Catalogue) -> SealedKeys:
    """The keys of all volumes; some hundred megabytes for three million reports, and only who adds needs them."""
    import pyarrow.parquet as parquet

    found: dict[bool, list[NDArray[np.bytes_]]] = {False: [_NO_KEYS], True: [_NO_KEYS]}
    for volume in catalogue.volumes:
        if "coded" in volume.segments:
            columns = parquet.read_table(ledger / volume.segments["coded"].name, columns=["key", "is_failed"])
            keys = np.array(columns.column("key").to_pylist(), dtype=_NO_KEYS.dtype)
            is_failed = columns.column("is_failed").to_numpy()
            found[False].append(keys[~is_failed])
            found[True].append(keys[is_failed])
    return SealedKeys(np.unique(np.concatenate(found[False])), np.unique(np.concatenate(found[True])))


_NO_KEYS = np.zeros(0, dtype="S32")


def are_sealed(ledger: Path, catalogue: Catalogue, shards: list[str]) -> set[str]:
    """Which of these shards are in a volume."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    if not shards:
        return set()
    keys = keys_of(pa.chunked_array([shards], pa.string()))
    found: set[str] = set()
    for volume in catalogue.volumes:
        if may_have(ledger / volume.indexes["shards"].name, keys).any():
            there = parquet.read_table(ledger / volume.segments["receipts"].name, columns=["shard"]).column("shard").to_pylist()
            found |= set(there) & set(shards)
    return found


# ---------------------------------------------------------------- where rows are


INDEXES = (
    ("claims", "claims", "claim_id"),
    ("claims_of_documents", "claims", "document_id"),
    ("claims_of_events", "claims", "event_id"),
    ("documents", "documents", "document_id"),
)
"""What rows of which table are found by which of their columns."""


SHEETS = {"claim_sheets": "claims", "document_sheets": "documents"}
"""What among its indexes a volume calls the rows of which table on sheets (sheets.py); one that was made before has none."""


@dataclass(frozen=True, eq=False)
class Opened:
    """Files of a ledger's volumes that were looked into once and stay open: to open them takes longer than to find a row.

    Not for two threads at once.
    """

    ledger: Path
    _indexes: dict[str, Index] = field(default_factory=dict)
    _sheets: dict[str, Sheets] = field(default_factory=dict)

    def index(self, segment: Segment) -> Index:
        """The index of that file. Raises OSError when there is none."""
        if segment.name not in self._indexes:
            self._indexes[segment.name] = open_index(self.ledger / segment.name)
        return self._indexes[segment.name]

    def sheets(self, segment: Segment) -> Sheets:
        """The rows of that file. Raises OSError when there is none."""
        if segment.name not in self._sheets:
            self._sheets[segment.name] = Sheets(self.ledger / segment.name)
        return self._sheets[segment.name]

    def keep(self, catalogue: Catalogue) -> None:
        """Lets go of the files that the catalogue does not name."""
        named = {segment.name for segment in catalogue.files()}
        for opened in (self._indexes, self._sheets):
            for name in opened.keys() - named:
                del opened[name]


def locate(opened: Opened, catalogue: Catalogue, what: str, beginnings: Sequence[str]) -> dict[str, list[int]]:
    """The sealed rows that an index finds by ids or their beginnings, by the name of their segment.

    Some may have another id that begins alike.
    """
    (table,) = (table for name, table, _ in INDEXES if name == what)
    found = {}
    for volume in catalogue.volumes if beginnings else ():
        if table in volume.segments and len(rows := find_rows(opened.index(volume.indexes[what]), beginnings)):
            found[volume.segments[table].name] = rows.tolist()
    return found
