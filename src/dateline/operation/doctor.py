"""What is amiss with a machine, an install or a ledger, each with what to do. Nothing is changed, and nothing is read for long."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from dateline.ledger.errors import LedgerError
from dateline.ledger.judgements import Log
from dateline.ledger.segments import TEMPORARY
from dateline.ledger.store import FORMAT, Ledger, open_ledger, read_format

GB = 10**9

LEAST_MEMORY, LEAST_FREE = 2 * GB, 1 * GB
"""Bytes below which work is likely to fail: two workers take 1.5 GB (docs/benchmarks.md), a compaction writes all anew."""

LOOSE = 500
"""Shards beyond which questions become slow, and compacting is worth it."""

AHEAD = timedelta(minutes=10)
"""How far a clock may be ahead of another machine's."""

LIBRARIES = ("numpy", "onnxruntime", "tokenizers", "trafilatura", "duckdb", "pyarrow", "pydantic", "typer", "starlette", "uvicorn")

EXTRAS = {
    "postgres": ("psycopg", "dateline publish"),
    "sign": ("cryptography", "signed judgements"),
    "ray": ("ray", "runs on Ray Data"),
    "spark": ("pyspark", "runs on Spark"),
}
"""Extras by name: the module that shows that it is there, and what needs it."""


class Level(StrEnum):
    """How bad it is. OK and NOTE ask for nothing; WARNING will be trouble; FAULT is."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and what to do about it ("": nothing)."""

    level: Level
    about: str
    said: str
    advice: str = ""


def examine(ledger: Path, models: Path, *, now: datetime) -> Iterator[Finding]:
    """Everything in turn: machine, install, model, extras, clock, and the ledger if there is one."""
    yield from _machine()
    yield from _install()
    yield from _model(models)
    yield from _extras()
    if now.year < 2024:
        yield Finding(Level.FAULT, "clock", f"it says {now:%Y-%m-%d}", "Set the clock: every entry bears its moment")
    if not (ledger / "ledger.json").exists():
        yield Finding(Level.NOTE, "ledger", f"none in {ledger}", "`dateline add` makes one; --ledger names another")
        return
    try:
        book = open_ledger(ledger, create=False)
        yield from _ledger(book, now)
    except LedgerError as fault:
        yield Finding(Level.FAULT, "ledger", str(fault), f"`dateline validate --ledger {ledger}` lists what is wrong")
    except OSError as fault:
        yield Finding(Level.FAULT, "ledger", f"{fault.filename or ledger}: {fault.strerror}", "Check whose files these are")


def _machine() -> Iterator[Finding]:
    yield Finding(Level.OK, "machine", f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores")
    yield Finding(Level.OK, "python", platform.python_version())
    total, available = memory()
    if total is None or available is None:
        yield Finding(Level.NOTE, "memory", "not told by this system")
    elif available < LEAST_MEMORY:
        advice = "Close something, or read with one worker: `dateline add --workers 1`"
        yield Finding(Level.WARNING, "memory", f"{available / GB:.1f} of {total / GB:.1f} GB free", advice)
    else:
        yield Finding(Level.OK, "memory", f"{available / GB:.1f} of {total / GB:.1f} GB free")


def memory() -> tuple[int | None, int | None]:
    """Bytes of memory, in all and free, as Linux tells it; elsewhere (None, None)."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None, None
    told = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
    return told.get("MemTotal"), told.get("MemAvailable")


def _install() -> Iterator[Finding]:
    yield Finding(Level.OK, "dateline", f"{version('dateline')}, ledgers up to format {FORMAT}")
    there, lacking = [], []
    for name in LIBRARIES:
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lacking.append(name)
    yield Finding(Level.OK, "libraries", ", ".join(there))
    if lacking:
        yield Finding(Level.FAULT, "libraries", f"{', '.join(lacking)} missing", "Install dateline again: pip install dateline")


def _model(folder: Path) -> Iterator[Finding]:
    weights = sorted(folder.glob("*.onnx"))
    if not weights:
        yield Finding(Level.FAULT, "model", f"none in {folder}", "Install dateline again: pip install --force-reinstall dateline")
    for path in weights:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Finding(Level.OK, "model", f"{path.name}, {path.stat().st_size / 10**6:.0f} MB, SHA-256 {digest[:16]}…")


def _extras() -> Iterator[Finding]:
    for name, (module, purpose) in EXTRAS.items():
        if find_spec(module) is not None:
            yield Finding(Level.OK, f"extra {name}", "installed")
        else:
            yield Finding(Level.NOTE, f"extra {name}", f"not installed; for {purpose}", f"pip install 'dateline[{name}]'")


# ---------------------------------------------------------------- the ledger


def _ledger(book: Ledger, now: datetime) -> Iterator[Finding]:
    found, state = read_format(book.path), book.state()
    if found < FORMAT:
        yield Finding(Level.WARNING, "ledger", f"of format {found}", f"`dateline migrate` raises it to {FORMAT}")
    shards = len(state.receipts)
    yield Finding(Level.OK, "ledger", f"{book.path}: {shards:,} shards and {len(state.catalogue.volumes):,} volumes")
    if shards > LOOSE:
        yield Finding(Level.WARNING, "ledger", f"{shards:,} small shards make every question slow", "`dateline compact`")
    yield from _files(book)
    yield from _permissions(book.path)
    yield from _room(book.path)
    moments = [receipt.moment for receipt in state.receipts]
    moments += [datetime.fromisoformat(volume.last_known) for volume in state.catalogue.volumes]
    if moments and (last := max(moments)) > now + AHEAD:
        said = f"the ledger was told something at {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC, which is yet to come"
        yield Finding(Level.WARNING, "clock", said, "A clock of this or another machine is wrong: `--as-of` goes by it")
    entries = Log(book.path).entries()
    yield Finding(Level.OK, "judgements", f"{len(entries):,} entries")
    if any("claim_sheets" not in volume.indexes for volume in state.catalogue.volumes):
        yield Finding(
            Level.NOTE, "sheets", "some volumes have none: single claims are read slowly", "`dateline compact` makes them"
        )
    board = book.path / "board"
    boards = sorted(board.glob("*"), key=lambda path: path.stat().st_mtime) if board.is_dir() else []
    if boards:
        made = datetime.fromtimestamp(boards[-1].stat().st_mtime, UTC)
        yield Finding(Level.OK, "board", f"kept at {made:%Y-%m-%d %H:%M} UTC")
    else:
        yield Finding(Level.NOTE, "board", "none is kept: the first page takes longer", "`dateline serve` makes one")


def _files(book: Ledger) -> Iterator[Finding]:
    """Whether what receipts and catalogue promise is there; whether it is what it was, `dateline validate` tells."""
    state = book.state()
    promised = {segment.name for receipt in state.receipts for segment in receipt.segments.values()}
    promised |= {segment.name for segment in state.catalogue.files()}
    missing = sorted(name for name in promised if not (book.path / name).is_file())
    if missing:
        advice = "Restore from a back-up (`dateline restore`)"
        yield Finding(Level.FAULT, "files", f"{len(missing):,} missing, as {missing[0]}", advice)
    else:
        yield Finding(Level.OK, "files", f"all {len(promised):,} are there")
    left = [path for folder in book.path.iterdir() if folder.is_dir() for path in folder.glob(f".*{TEMPORARY}")]
    if left:
        yield Finding(
            Level.NOTE, "files", f"{len(left):,} unfinished, of runs at work or killed", "`dateline compact` sweeps old ones"
        )


def _permissions(ledger: Path) -> Iterator[Finding]:
    folders = [ledger, *(path for path in ledger.iterdir() if path.is_dir())]
    shut = [path for path in folders if not os.access(path, os.R_OK | os.X_OK)]
    if shut:
        yield Finding(Level.FAULT, "permissions", f"{shut[0]} cannot be read", f"chmod u+rwx {shut[0]}, or run as its owner")
    closed = [path for path in folders if path not in shut and not os.access(path, os.W_OK)]
    if closed:
        advice = f"chmod u+w {closed[0]}, or run as its owner, if it is to be added to"
        yield Finding(Level.WARNING, "permissions", f"{closed[0]} cannot be written: the ledger can only be read", advice)
    if not shut and not closed:
        yield Finding(Level.OK, "permissions", "readable and writable")


def _room(ledger: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(ledger).free
    if free < LEAST_FREE:
        advice = "Make room: what is entered is safe, and nothing more can be"
        yield Finding(Level.WARNING, "disk", f"{free / GB:.2f} GB free", advice)
    else:
        yield Finding(Level.OK, "disk", f"{free / GB:.1f} GB free")
