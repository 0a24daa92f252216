"""A ledger's back-up: its files under their hashes, each once, and a list of them for each time one was made.

    objects/ab/ab12…            a file of the ledger under its SHA-256
    snapshots/20200818T120000000000Z.json     what lay where in the ledger then

Files of a ledger are written once, so a back-up copies what is new and no more, and others may write meanwhile: judgements are
taken first, then receipts and catalogue, then what these name. A list is written last and whole: a back-up that was killed has left
copies that the next one finds, and no list of them. What can be made again (boards) is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dateline.ledger.coders import other_coder, other_coders
from dateline.ledger.judgements import FOLDER as JUDGEMENTS
from dateline.ledger.segments import TEMPORARY, raw_path, sync_folder, write_file
from dateline.ledger.store import DESCRIPTION, Ledger, open_ledger
from dateline.ledger.volumes import FOLDER as CATALOGUE
from dateline.ledger.volumes import catalogue_numbers, name_of

VERSION = 1
"""Version of a list."""

OBJECTS, SNAPSHOTS = "objects", "snapshots"

REMADE = frozenset({"board"})
"""Folders of a ledger that can be made again."""

WALKED = frozenset({DESCRIPTION, JUDGEMENTS, CATALOGUE, "receipts", "reports"}) | REMADE
"""What of a ledger's folder is taken by name, or left out; other folders hold what receipts and catalogue name."""

ASKED = ("answers", "prompts")
"""Folders of another coder's ledger with what a server was asked, and said."""

ATTEMPTS = 3
"""Times that a ledger is looked at anew when a compaction moved a file in between."""

SPARE = 16 * 2**20
"""Bytes that are to stay free."""


class BackupError(Exception):
    """A back-up that cannot be made, read or trusted; the message says why and what to do."""


@dataclass(frozen=True)
class Kept:
    """A file of a ledger: where it lay (relative, with slashes), its hash and size."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Snapshot:
    """What lay where at that moment (ISO 8601 in UTC), by path."""

    version: int
    made_at: str
    program: str
    format: int
    files: tuple[Kept, ...]


@dataclass(frozen=True)
class BackedUp:
    """What a back-up did: files and bytes that it copied, and those it has in all."""

    name: str
    files: int
    bytes: int
    copied_files: int
    copied_bytes: int


@dataclass(frozen=True)
class _Wanted:
    """A file to be kept; `sha256` if it is known what it must be."""

    path: str
    size: int
    sha256: str | None = None


OnFile = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""


# ---------------------------------------------------------------- making one


def back_up(ledger: Ledger, folder: Path, *, made_at: datetime, program: str, on_file: OnFile = lambda done, of: None) -> BackedUp:
    """Backs a ledger up into a folder, which is made. Every copy is held against its hash.

    Raises BackupError when there is no room, other things are in the folder, or a file is not what its receipt promises.
    """
    if _is_inside(folder, ledger.path):
        raise BackupError(f"{folder} lies inside the ledger: a back-up belongs on another disk, or in another folder at least")
    _check_ours(folder)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            files = _files(ledger)
            copied = _copy_all(ledger, folder, files, on_file)
            break
        except FileNotFoundError as gone:
            # A compaction seals judgements and receipts into larger files; who looks again finds these.
            if attempt == ATTEMPTS:
                raise BackupError(f"{gone.filename} is missing. `dateline validate --ledger {ledger.path}` tells more") from gone
    kept, copied_files, copied_bytes = copied
    version = json.loads((ledger.path / DESCRIPTION).read_text(encoding="utf-8"))["format"]
    moment = made_at.astimezone(UTC)
    snapshot = Snapshot(VERSION, moment.isoformat(), program, version, tuple(sorted(kept, key=lambda file: file.path)))
    name = f"{moment:%Y%m%dT%H%M%S%f}Z"
    write_file(folder / SNAPSHOTS / f"{name}.json", json.dumps(asdict(snapshot), indent=1).encode("utf-8"))
    return BackedUp(name, len(kept), sum(file.size for file in kept), copied_files, copied_bytes)


def _is_inside(folder: Path, ledger: Path) -> bool:
    return folder.resolve().is_relative_to(ledger.resolve())


def _check_ours(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BackupError(f"{folder}: a file, not a folder. Name another")
    if folder.exists() and (others := {entry.name for entry in folder.iterdir()} - {OBJECTS, SNAPSHOTS}):
        raise BackupError(f"{folder}: other things are in this folder ({sorted(others)[0]}). Name another or an empty one")


def _files(ledger: Ledger) -> list[_Wanted]:
    """What there is, in an order in which nothing refers to what was not looked at: judgements name claims, receipts name files."""
    root = ledger.path
    found = [_Wanted(path, size) for path, size in _below(root, JUDGEMENTS)]
    state = ledger.state()
    segments = [segment for receipt in state.receipts for segment in receipt.segments.values()]
    segments += state.catalogue.files()
    promised = {segment.name: segment.sha256 for segment in segments}
    found += [_Wanted(name, (root / name).stat().st_size, digest) for name, digest in promised.items()]
    receipts = [f"receipts/{receipt.shard}.json" for receipt in state.receipts]
    # Earlier catalogues are kept for the chain that each has to the one before.
    catalogues = [name_of(number) for number in catalogue_numbers(root) if number <= state.catalogue.number]
    found += [_Wanted(name, (root / name).stat().st_size) for name in (*receipts, *catalogues, DESCRIPTION)]
    for path, size in _below(root, "reports"):
        name = path.rpartition("/")[2]
        found.append(_Wanted(path, size, name if root / path == raw_path(root, name) else None))
    # The users' own tables, sources, failures, and what is known of fetching.
    for entry in sorted(root.iterdir()):
        if entry.is_file() and entry.name not in WALKED and entry.suffix != TEMPORARY and not _is_beside_database(entry):
            found.append(_Wanted(entry.name, entry.stat().st_size))
    for name in other_coders(root):
        found += _files_of_coder(root, name)
    return found


def _files_of_coder(root: Path, name: str) -> Iterator[_Wanted]:
    """The ledger of another coder, and what it was given as answers, which could not be asked for again."""
    inner = other_coder(root, name)
    if not (inner / DESCRIPTION).is_file():
        return  # one that was begun and has nothing in it
    beside = [_Wanted(path, size) for folder in ASKED for path, size in _below(inner, folder)]
    for file in [*beside, *_files(open_ledger(inner, create=False))]:
        yield replace(file, path=(inner / file.path).relative_to(root).as_posix())


def _below(root: Path, folder: str) -> Iterator[tuple[str, int]]:
    for path in sorted((root / folder).rglob("*")):
        if path.is_file() and path.suffix != TEMPORARY:
            yield path.relative_to(root).as_posix(), path.stat().st_size


DATABASE = ".sqlite"


def _is_beside_database(path: Path) -> bool:
    """A journal of SQLite, which its own copy has no need of."""
    return any(path.name.endswith(f"{DATABASE}-{part}") for part in ("wal", "shm", "journal"))


def _copy_all(ledger: Ledger, folder: Path, files: list[_Wanted], on_file: OnFile) -> tuple[list[Kept], int, int]:
    def is_there(file: _Wanted) -> bool:
        path = _object(folder, file.sha256) if file.sha256 else None
        return path is not None and path.is_file() and path.stat().st_size == file.size

    new = [file for file in files if not is_there(file)]
    need = sum(file.size for file in new if file.sha256)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if need + SPARE > free:
        raise BackupError(
            f"{folder}: {_size(need)} are to be copied and {_size(free)} are free. Make room, or name a folder on another disk; "
            "earlier back-ups there are as they were"
        )
    total, done, copied_files, copied_bytes = sum(file.size for file in files), 0, 0, 0
    kept: list[Kept] = []
    missing = set(new)
    for file in files:
        if file in missing:
            digest, size, is_copied = _keep(ledger.path / file.path, folder, file.sha256)
            copied_files += is_copied
            copied_bytes += size * is_copied
        else:
            digest, size = file.sha256 or "", file.size
        kept.append(Kept(file.path, digest, size))
        done += file.size
        on_file(done, total)
    for inner in (folder / OBJECTS).iterdir() if copied_files else ():
        sync_folder(inner)
    return kept, copied_files, copied_bytes


def _keep(source: Path, folder: Path, promised: str | None) -> tuple[str, int, bool]:
    """The file's hash and size, and whether it had to be copied. Raises BackupError when it is not what was promised."""
    if source.suffix == DATABASE:
        with TemporaryDirectory() as scratch:
            whole = Path(scratch) / source.name
            with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(whole)) as copy:
                live.backup(copy)
            return _keep_bytes(whole, folder, promised, source)
    return _keep_bytes(source, folder, promised, source)


def _keep_bytes(source: Path, folder: Path, promised: str | None, named: Path) -> tuple[str, int, bool]:
    objects = folder / OBJECTS
    objects.mkdir(exist_ok=True)
    unfinished = objects / f".{secrets.token_hex(8)}{TEMPORARY}"
    try:
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as read, unfinished.open("xb") as written:
            while piece := read.read(2**20):
                digest.update(piece)
                written.write(piece)
                size += len(piece)
            written.flush()
            os.fsync(written.fileno())
        found = digest.hexdigest()
        if promised is not None and found != promised:
            raise BackupError(
                f"{named}: not what its receipt promises, so it is not backed up. `dateline validate` tells more; an earlier "
                "back-up may have it whole"
            )
        target = _object(folder, found)
        if target.is_file() and target.stat().st_size == size:
            return found, size, False
        target.parent.mkdir(exist_ok=True)
        unfinished.replace(target)
        return found, size, True
    finally:
        unfinished.unlink(missing_ok=True)


def _object(folder: Path, sha256: str) -> Path:
    return folder / OBJECTS / sha256[:2] / sha256


def _size(number: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


# ---------------------------------------------------------------- reading one


def snapshots(folder: Path) -> list[str]:
    """The names of the back-ups in a folder, oldest first. Raises BackupError when it holds none."""
    found = sorted(path.stem for path in (folder / SNAPSHOTS).glob("*.json")) if (folder / SNAPSHOTS).is_dir() else []
    if not found:
        raise BackupError(f"{folder}: no back-up is here. `dateline backup LEDGER {folder}` makes one")
    return found


def read_snapshot(folder: Path, name: str | None = None) -> Snapshot:
    """The back-up of that name, or the latest. Raises BackupError."""
    names = snapshots(folder)
    chosen = name or names[-1]
    if chosen not in names:
        raise BackupError(f"{folder}: no back-up is called {chosen!r}; there are {', '.join(names[-5:])}")
    path = folder / SNAPSHOTS / f"{chosen}.json"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["version"] > VERSION:
            raise BackupError(f"{path}: made by a later dateline. Upgrade dateline")
        files = tuple(Kept(**file) for file in fields.pop("files"))
        return Snapshot(**fields, files=files)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BackupError(f"{path}: not a list of a back-up ({fault}). Take another: {', '.join(names[-5:])}") from fault


def verify(folder: Path, *, on_file: OnFile = lambda done, of: None) -> tuple[int, list[str]]:
    """How many files all back-ups of a folder have, each counted once, and what is wrong with which."""
    faults: list[str] = []
    wanted: dict[str, Kept] = {}
    for name in snapshots(folder):
        try:
            wanted |= {file.sha256: file for file in read_snapshot(folder, name).files}
        except BackupError as fault:
            faults.append(str(fault))
    total, done = sum(file.size for file in wanted.values()), 0
    for file in wanted.values():
        path = _object(folder, file.sha256)
        if not path.is_file():
            faults.append(f"{path}: missing, the copy of {file.path}")
        elif _digest(path) != file.sha256:
            faults.append(f"{path}: not what was copied, of {file.path}")
        done += file.size
        on_file(done, total)
    return len(wanted), faults


def restore(folder: Path, target: Path, *, name: str | None = None, on_file: OnFile = lambda done, of: None) -> Snapshot:
    """Makes the ledger that was backed up, in a folder that is not there yet or empty; each file is held against its hash.

    What makes a folder a ledger is written last: one that was killed on the way is no ledger, and can be removed.
    Raises BackupError.
    """
    snapshot = read_snapshot(folder, name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target}: something is there already. Name a folder that is not there")
    target.mkdir(parents=True, exist_ok=True)
    total, done = sum(file.size for file in snapshot.files), 0
    if total + SPARE > (free := shutil.disk_usage(target).free):
        raise BackupError(f"{target}: {_size(total)} to be written, {_size(free)} are free: make room, or name another disk")
    for file in sorted(snapshot.files, key=lambda file: file.path == DESCRIPTION):
        source, path = _object(folder, file.sha256), target / file.path
        if not path.resolve().is_relative_to(target.resolve()):
            raise BackupError(f"{file.path!r} leads out of the ledger: this list was tampered with")
        if not source.is_file() or _digest(source) != file.sha256:
            raise BackupError(
                f"{source}: missing or changed, the copy of {file.path}. `dateline backup --verify {folder}` tells all"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, source.read_bytes()) if file.path == DESCRIPTION else shutil.copyfile(source, path)
        done += file.size
        on_file(done, total)
    open_ledger(target, create=False).state()
    return snapshot


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
