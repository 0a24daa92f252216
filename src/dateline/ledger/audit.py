"""Whether a ledger is still what was entered: the chain of judgements, what it anchors, and every file that a receipt promises."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.ledger.errors import DamagedLedgerError
from dateline.ledger.judgements import (
    DESCRIPTION,
    FIRST,
    FOLDER,
    LOG_VERSION,
    Line,
    anchored_files,
    canonical,
    commitment_of,
    hash_of,
    lines,
    name_file,
    sealed_range,
    tombstone,
)
from dateline.ledger.segments import raw_path, read_receipt, receipt_names
from dateline.ledger.signing import is_signed
from dateline.ledger.store import FORMAT, describe
from dateline.ledger.volumes import FOLDER as CATALOGUES
from dateline.ledger.volumes import Catalogue, catalogue_numbers, name_of, read_catalogue
from dateline.records import JudgementKind

ENTRY_FIELDS = frozenset(
    ("version", "number", "previous", "at", "by", "machine", "program", "judgements", "anchors", "key", "hash", "signature")
)


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was entered. `where` is a file, relative to the ledger; `entry` the entry it shows in, if any."""

    where: str
    what: str
    entry: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What verifying found. `head` is the hash of the last entry; `unanchored` counts receipts and catalogues that no
    entry has found yet.

    `keys` counts entries by the key that signed them. No fault: everything that is anchored is as it was.
    """

    entries: int
    judgements: int
    head: str
    receipts: int
    unanchored: int
    files: int
    keys: Mapping[str, int]
    faults: tuple[Fault, ...]


@dataclass
class _Chain:
    """What has been read of the chain."""

    head: str = FIRST
    hashes: set[str] = field(default_factory=set)
    entries: int = 0
    judgements: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    by: dict[str, int] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)
    anchored: dict[str, tuple[str, int]] = field(default_factory=dict)


def verify(ledger: Path, *, head: str | None = None) -> Verdict:
    """Everything that is not as it was entered, in the order: chain, names, receipts, segments and reports.

    Any edit, removal, insertion or reordering of entries shows; that the last entries were cut off shows only against a `head` that
    was noted down. Who can write the folder can also write a whole new chain: that too shows only against a head, or by the keys.
    Raises MissingSignerError when entries are signed and the extra that checks signatures is not installed.
    """
    chain = _Chain()
    faults = list(_chain_faults(ledger, chain))
    if head is not None and not any(digest.startswith(head) for digest in (FIRST, *chain.hashes)):
        what = f"no entry has the hash {head}: entries were cut off after entry {chain.entries}, or the chain was written anew"
        faults.append(Fault(FOLDER, what, chain.entries or None))
    faults += _name_faults(ledger, chain)
    kept = _Kept()
    damaged = [*_sealed_volume_faults(ledger, kept), *_receipt_faults(ledger, kept)]
    faults += _anchor_faults(ledger, chain, kept)
    faults += damaged
    faults += _file_faults(ledger, kept)
    unanchored = sum(name not in chain.anchored for name, _ in anchored_files(ledger, chain.anchored))
    receipts = len(kept.loose | kept.sealed.keys())
    files = len(kept.promised) + sum(1 for _ in kept.catalogue.files())
    return Verdict(
        chain.entries, chain.judgements, chain.head, receipts, unanchored, files, dict(chain.keys), tuple(faults)
    )  # fmt: skip


# ---------------------------------------------------------------- the chain


def _chain_faults(ledger: Path, chain: _Chain) -> Iterator[Fault]:
    expected = 1
    for line in lines(ledger / FOLDER):
        where = line.path.relative_to(ledger).as_posix()
        if line.number != expected:
            yield Fault(where, f"{_numbers(expected, line.number - 1)} missing", expected)
        expected = line.number + 1
        fields = _entry_fields(line)
        if isinstance(fields, str):
            yield Fault(where, fields, line.number)
            chain.entries += 1
            chain.head = ""  # the next one cannot be held against it
            continue
        if chain.head and fields["previous"] != chain.head:
            what = "does not follow the entry before it: one of the two was changed, or an entry was removed, inserted or moved"
            yield Fault(where, what, line.number)
        yield from _signature_faults(fields, where)
        yield from _read_anchors(ledger, fields, chain)
        _take(fields, chain)
    yield from _sealed_faults(ledger)


def _numbers(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _entry_fields(line: Line) -> dict[str, Any] | str:
    """The fields of an entry that is as it was written, or what is wrong with it."""
    try:
        fields = json.loads(line.written)
        same = canonical(fields) == line.written
    except ValueError as fault:
        return f"entry {line.number} was changed: it can no longer be read ({fault})"
    if not isinstance(fields, dict) or not same or "hash" not in fields or fields["hash"] != hash_of(fields):
        return f"entry {line.number} was changed: its hash is of something else"
    version = fields.get("version")
    if isinstance(version, int) and version > LOG_VERSION:
        return f"entry {line.number} is of version {version}: upgrade dateline to verify it"
    if version != LOG_VERSION or fields.keys() != ENTRY_FIELDS or not isinstance(fields["judgements"], list):
        return f"entry {line.number} has not the fields of an entry"
    if fields["number"] != line.number:
        return f"entry {fields['number']} lies where entry {line.number} belongs"
    return fields


def _signature_faults(fields: Mapping[str, Any], where: str) -> Iterator[Fault]:
    key, signature = fields["key"], fields["signature"]
    if key is None and signature is not None:
        yield Fault(where, "has a signature and names no key", fields["number"])
    if key is not None and (signature is None or not is_signed(fields["hash"], key, signature)):
        yield Fault(where, f"its signature is not one of the key it names, {key[:16]}…", fields["number"])


def _read_anchors(ledger: Path, fields: Mapping[str, Any], chain: _Chain) -> Iterator[Fault]:
    digest = fields["anchors"]
    if digest is None:
        return
    name = f"{FOLDER}/anchors/{digest}.json"
    try:
        written = (ledger / name).read_bytes()
    except OSError:
        yield Fault(name, "missing: the hashes of the receipts that this entry found", fields["number"])
        return
    if hashlib.sha256(written).hexdigest() != digest:
        yield Fault(name, "changed: the hashes of the receipts that this entry found are others", fields["number"])
        return
    chain.anchored |= {file: (value, fields["number"]) for file, value in json.loads(written).items()}


def _take(fields: Mapping[str, Any], chain: _Chain) -> None:
    chain.head = fields["hash"]
    chain.hashes.add(chain.head)
    chain.entries += 1
    chain.judgements += len(fields["judgements"])
    if fields["key"] is not None:
        chain.keys[fields["key"]] += 1
    if fields["by"] is not None:
        chain.by.setdefault(fields["by"], fields["number"])
    for judgement in fields["judgements"]:
        if judgement["kind"] == JudgementKind.FORGOTTEN:
            chain.forgotten |= dict.fromkeys(judgement.get("revokes", ()), fields["number"])


def _sealed_faults(ledger: Path) -> Iterator[Fault]:
    """Sealed files that hold more or fewer entries than their names promise: what is cut off inside one leaves no gap behind it."""
    for path in sorted((ledger / FOLDER).glob("*.jsonl")):
        promised = sealed_range(path)
        if promised is None:
            continue
        number, there = promised[1] - promised[0] + 1, len(path.read_bytes().splitlines())
        if there != number:
            yield Fault(path.relative_to(ledger).as_posix(), f"holds {there:,} entries in place of {number:,}", promised[0] + there)


# ---------------------------------------------------------------- names


def _name_faults(ledger: Path, chain: _Chain) -> Iterator[Fault]:
    for commitment, number in chain.by.items():
        where = f"{FOLDER}/names/{commitment}.json"
        removed = chain.forgotten.get(commitment)
        try:
            written = (ledger / where).read_bytes()
        except OSError:
            yield Fault(where, "missing: the name of who made this entry. A name is removed with `dateline audit forget`", number)
            continue
        if written == (tombstone(removed) if removed is not None else None):
            continue
        if not _is_name(written, commitment):
            yield Fault(where, "not the name that this entry was made under", number)
        elif removed is not None:
            yield Fault(where, f"entry {removed} removed this name, and it is still here. Remove it once more", removed)


def _is_name(written: bytes, commitment: str) -> bool:
    try:
        fields = json.loads(written)
        return name_file(fields["name"], fields["salt"]) == written and commitment_of(fields["name"], fields["salt"]) == commitment
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


# ---------------------------------------------------------------- receipts, volumes, segments, reports


@dataclass
class _Kept:
    """What the ledger keeps: `promised` files, each with its hash and what promises it; `sealed` receipts' hashes by shard.

    `loose` are the shards that have a receipt of their own. `is_whole`: every volume could be read.
    """

    promised: dict[str, tuple[str, str]] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    catalogue: Catalogue = field(default_factory=Catalogue)
    is_whole: bool = True


def _sealed_volume_faults(ledger: Path, kept: _Kept) -> Iterator[Fault]:
    """What is wrong with the files that the catalogue promises; what is right is read for the receipts and reports in it."""
    number = max(catalogue_numbers(ledger), default=0)
    where = name_of(number)
    try:
        kept.catalogue = read_catalogue(ledger, number)
    except (DamagedLedgerError, FileNotFoundError) as fault:
        kept.is_whole = False
        yield Fault(where, str(fault))
        return
    wrong: set[str] = set()
    for segment in kept.catalogue.files():
        if found := _fault_of(ledger, segment.name, segment.sha256, f"catalogue {number}"):
            wrong.add(segment.name)
            yield found
    kept.is_whole = not wrong
    for volume in kept.catalogue.volumes:
        there = {table: segment.name for table, segment in volume.segments.items() if segment.name not in wrong}
        if "receipts" in there:
            kept.sealed.update((shard, digest) for shard, digest in _columns(ledger / there["receipts"], "shard", "sha256"))
        if "coded" in there:
            for (digest,) in _columns(ledger / there["coded"], "raw_sha256"):
                kept.promised[raw_path(ledger, digest).relative_to(ledger).as_posix()] = (digest, f"volume {volume.name}")


def _columns(segment: Path, *names: str) -> Iterator[tuple[str, ...]]:
    """The rows of a segment, these columns alone."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(segment) as file:
        for batch in file.iter_batches(columns=list(names)):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def _receipt_faults(ledger: Path, kept: _Kept) -> Iterator[Fault]:
    """Receipts that cannot be read; what the others promise is noted. Of one that was sealed the volume has the segments."""
    for name in receipt_names(ledger):
        try:
            receipt = read_receipt(ledger, name)
        except (DamagedLedgerError, FileNotFoundError) as fault:
            yield Fault(f"receipts/{name}", str(fault))
            continue
        kept.loose.add(receipt.shard)
        for report in receipt.reports:
            path = raw_path(ledger, report.raw_sha256).relative_to(ledger).as_posix()
            kept.promised[path] = (report.raw_sha256, f"receipt {receipt.shard}")
        if receipt.shard not in kept.sealed:
            kept.promised |= {s.name: (s.sha256, f"receipt {receipt.shard}") for s in receipt.segments.values()}


def _anchor_faults(ledger: Path, chain: _Chain, kept: _Kept) -> Iterator[Fault]:
    """What entries found and is no longer so. A receipt may have been sealed, and a catalogue followed by another, since then."""
    for where, (digest, number) in chain.anchored.items():
        found = _digest_of(ledger / where)
        if found == digest:
            continue
        if where == DESCRIPTION and _is_migrated(digest, found):
            continue
        if found is not None:
            yield Fault(where, "changed since this entry found it", number)
        elif where.startswith(f"{CATALOGUES}/"):
            following = kept.catalogue
            place = int(Path(where).stem)
            if following.number <= place or (following.number == place + 1 and following.previous != digest):
                yield Fault(where, "removed since this entry found it, and no other follows it", number)
        elif Path(where).stem in kept.sealed:
            if kept.sealed[Path(where).stem] != digest:
                yield Fault(where, "sealed into a volume as another receipt than this entry found", number)
        elif kept.is_whole:  # a volume that cannot be read may hold it, and is a fault itself
            yield Fault(where, "removed since this entry found it", number)


def _is_migrated(before: str, now: str | None) -> bool:
    """Whether these are the hashes of descriptions of an older and of a newer format."""
    formats = [hashlib.sha256(describe(version)).hexdigest() for version in range(1, FORMAT + 1)]
    return before in formats and now in formats and formats.index(before) < formats.index(now)


def _file_faults(ledger: Path, kept: _Kept) -> Iterator[Fault]:
    """Segments and reports that are not what their receipts say."""
    for where, (digest, promised_by) in sorted(kept.promised.items()):
        if fault := _fault_of(ledger, where, digest, promised_by):
            yield fault


def _fault_of(ledger: Path, where: str, digest: str, promised_by: str) -> Fault | None:
    found = _digest_of(ledger / where)
    if found == digest:
        return None
    return Fault(where, f"{'missing' if found is None else 'changed'}: not what {promised_by} promises")


def _digest_of(path: Path) -> str | None:
    """The SHA-256 of a file; not there: None."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
