"""The log of judgements: a chain of entries, each of which holds the hash of the one before.

    judgements/0000000012.json                  an entry: one line, made once and never again
    judgements/0000000001-0000001000.jsonl      a thousand of them sealed into one file, line for line as they were
    judgements/anchors/<hash>.json              the hashes of the receipts that an entry was the first to find
    judgements/names/<commitment>.json          whose name it is that an entry's commitment stands for, or a tombstone

No lock is taken. An entry is written whole under another name, forced to disk, and then linked to the next number, which fails when
somebody else has taken it: then it is chained anew behind theirs. What `append` returned is on disk.

A person's name is not in the chain. An entry holds a commitment, the hash of the name with a salt; name and salt lie in a file of
their own, which can be removed without breaking the chain, and nobody can tell from the commitment whose it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from dateline.ledger.errors import DamagedLedgerError, JudgementError, NotFoundError, StaleError
from dateline.ledger.segments import TEMPORARY, receipt_names, sync_folder, write_file
from dateline.ledger.volumes import catalogue_numbers, name_of
from dateline.records import About, Judge, Judgement, JudgementKind

if TYPE_CHECKING:
    from dateline.ledger.signing import Signer

LOG_VERSION = 1
"""Version of the written form of an entry."""

FOLDER = "judgements"

DESCRIPTION = "ledger.json"

SEAL_AT = 1000
"""Entries that are sealed into one file: a folder of a hundred thousand files takes seconds to read, a hundred files do not."""

FIRST = "0" * 64
"""What the first entry has in place of the hash of the one before."""

RETRIES = 3
"""Times that the folder is looked at before a gap in it is believed."""

UNKNOWN = "(name removed)"

_LOOSE = re.compile(r"(\d{10})\.json")
_SEALED = re.compile(r"(\d{10})-(\d{10})\.jsonl")


@dataclass(frozen=True)
class Entry:
    """What was entered at once: judgements of one judge and moment. `anchors` names the file of the receipts it is first to find.

    `program` is the program that entered it, with its version. `key` is the public key it is signed with; None: it is chained and
    named, and not signed.
    """

    number: int
    hash: str
    previous: str
    at: datetime
    by: Judge
    judgements: tuple[Judgement, ...]
    anchors: str | None
    key: str | None
    program: str


@dataclass(frozen=True)
class Line:
    """An entry as it lies on disk: its number by the file's name, its bytes, and where it lies."""

    number: int
    written: bytes
    path: Path


@dataclass
class Log:
    """The log of the ledger in that folder. What it remembers are entries it has read; the files decide.

    Threads may share one: they read and enter one after another.
    """

    ledger: Path
    _entries: list[Entry] = field(default_factory=list, repr=False)
    _names: dict[str, str | None] = field(default_factory=dict, repr=False)
    _anchored: dict[str, str] = field(default_factory=dict, repr=False)
    """The hash of each file that an entry has found, and the files of anchors where more of them stand."""
    _unread_anchors: list[str] = field(default_factory=list, repr=False)
    _turn: RLock = field(default_factory=RLock, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        return self.ledger / FOLDER

    # ------------------------------------------------------------ reading

    def entries(self, as_of: datetime | None = None) -> tuple[Entry, ...]:
        """All entries in the order of their numbers, or those made by that moment. None yet: an empty tuple.

        Hashes are not recomputed here; `audit.verify` does that. Raises DamagedLedgerError when an entry is missing or no entry.
        """
        with self._turn:
            self._refresh()
            return tuple(self._entries if as_of is None else (entry for entry in self._entries if entry.at <= as_of))

    def _refresh(self) -> None:
        """Reads what was entered since the last reading."""
        for attempt in range(RETRIES):
            try:
                self._read_on()
                return
            except DamagedLedgerError:
                # A folder that is listed while entries are being sealed can show neither the old file nor the new one.
                if attempt == RETRIES - 1:
                    raise

    def _read_on(self) -> None:
        new = list(lines(self.folder, after=len(self._entries)))
        names = read_names(self.folder)  # after the entries: the name of one that is there was written before it
        if any(names.get(commitment) != name for commitment, name in self._names.items()):
            self._entries, new = [], list(lines(self.folder))  # somebody was forgotten since
        self._names = names
        for line in new:
            entry = read_entry(line, names)
            last = self._entries[-1].hash if self._entries else FIRST
            if entry.number != len(self._entries) + 1 or entry.previous != last:
                raise DamagedLedgerError(
                    f"{line.path}: entry {line.number} does not follow the one before. `dateline audit verify` says what is wrong"
                )
            self._entries.append(entry)
            self._unread_anchors += [entry.anchors] if entry.anchors else []

    def judgements(self, as_of: datetime | None = None) -> tuple[Judgement, ...]:
        """The judgements of all entries, in order: those that were undone as well."""
        return tuple(judgement for entry in self.entries(as_of) for judgement in entry.judgements)

    def head(self) -> str:
        """The hash of the last entry. Whoever notes it down can tell later whether entries were cut off."""
        entries = self.entries()
        return entries[-1].hash if entries else FIRST

    def then(self, number: int) -> Log:
        """The log as it was when it had so many entries."""
        return _Then(self.ledger, list(self.entries()[:number]))

    # ------------------------------------------------------------ entering

    def append(self, judgements: Sequence[Judgement], *, signer: Signer | None = None, behind: str | None = None) -> Entry:
        """Enters judgements of one judge and moment; on disk when this returns. Their ids are given here.

        Many belong into one entry: an entry takes some milliseconds, whatever it holds. `behind` is the hash that the last entry
        must have (`head`); None: whatever it is. Raises StaleError when another entry came before, ValueError for no judgement, for
        several judges or moments, and for a moment without a time zone.
        """
        with self._turn:
            return self._append(judgements, signer, behind)

    def _append(self, judgements: Sequence[Judgement], signer: Signer | None, behind: str | None) -> Entry:
        by, at = _one_voice(judgements)
        commitment = None if by.is_machine else self._commit(by.name)
        while True:
            self._refresh()
            number, previous = len(self._entries) + 1, self._entries[-1].hash if self._entries else FIRST
            if behind is not None and previous != behind:
                raise StaleError(f"{self.ledger}: judgements were entered since {behind[:8]}. Look at them and decide again")
            body: dict[str, Any] = {
                "version": LOG_VERSION,
                "number": number,
                "previous": previous,
                "at": _written_moment(at),
                "by": commitment,
                "machine": by.name if by.is_machine else None,
                "program": f"dateline {version('dateline')}",
                "judgements": [_fields(judgement) for judgement in judgements],
                "anchors": self._anchor(),
                "key": signer.key if signer else None,
            }
            digest = hash_of(body)
            line = canonical({**body, "hash": digest, "signature": signer.sign(digest) if signer else None})
            if self._create(number, line):
                break
        if number % SEAL_AT == 0:
            self.seal()
        self._refresh()
        return self._entries[number - 1]

    def _create(self, number: int, line: bytes) -> bool:
        """The entry under its number, whole and on disk; False when somebody else has the number."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{number:010}.json"
        unfinished = self.folder / f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}"
        try:
            with unfinished.open("xb") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            # A link is made or refused in one step, also where a rename would silently replace what is there.
            path.hardlink_to(unfinished)
        except FileExistsError:
            return False
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(self.folder)
        # If the number had been sealed and its file removed, it only looked free. If it is ours that was sealed, all is well.
        sealed = next((found for found in lines(self.folder, after=number - 1) if found.number == number), None)
        if sealed is not None and sealed.written != line:
            path.unlink(missing_ok=True)
            return False
        return True

    def seal(self) -> list[Path]:
        """Puts full thousands of entries into one file each; gives the files made. Killed at any point, it loses nothing."""
        made: list[Path] = []
        loose, sealed = _files(self.folder)
        for first in range(1, max(loose, default=0) + 1, SEAL_AT):
            numbers = range(first, first + SEAL_AT)
            if all(number in loose for number in numbers) and not any(f <= first <= last for f, last in sealed):
                path = self.folder / f"{first:010}-{numbers[-1]:010}.jsonl"
                try:
                    write_file(path, b"".join(loose[number].read_bytes() for number in numbers))
                except FileNotFoundError:  # another process has sealed them meanwhile
                    continue
                made.append(path)
        for path in made:
            sealed[_range(path)] = path
        for number, path in loose.items():
            if any(first <= number <= last for first, last in sealed):
                path.unlink(missing_ok=True)
        return made

    # ------------------------------------------------------------ names

    def _commit(self, name: str) -> str:
        """The commitment that stands for the name: the one it has, or a new one."""
        known = sorted(commitment for commitment, known in read_names(self.folder).items() if known == name)
        if known:
            return known[0]
        salt = secrets.token_hex(16)
        commitment = commitment_of(name, salt)
        write_file(self.folder / "names" / f"{commitment}.json", name_file(name, salt))
        return commitment

    def forget(self, name: str, *, by: Judge, at: datetime, reason: str, signer: Signer | None = None) -> Entry:
        """Removes a name for good and leaves a tombstone. The chain and what the person judged stay as they are.

        Raises NotFoundError when nobody of that name has judged.
        """
        stones = tuple(sorted(commitment for commitment, known in read_names(self.folder).items() if known == name))
        if not stones:
            raise NotFoundError(f"nobody called {name!r} has judged anything in {self.ledger}")
        entry = self.append([Judgement("", JudgementKind.FORGOTTEN, by, at, reason=reason, revokes=stones)], signer=signer)
        for commitment in stones:
            write_file(self.folder / "names" / f"{commitment}.json", tombstone(entry.number))
        return self.entries()[entry.number - 1]

    # ------------------------------------------------------------ anchors

    def _anchor(self) -> str | None:
        """Writes the hashes of what no entry has found yet, or not as it is; gives the name of the file. Nothing new: None."""
        for digest in self._unread_anchors:
            self._anchored |= read_anchors(self.folder, digest)
        self._unread_anchors.clear()
        new = {name: digest for name, digest in anchored_files(self.ledger, self._anchored) if self._anchored.get(name) != digest}
        if not new:
            return None
        written = canonical(new)
        digest = hashlib.sha256(written).hexdigest()
        write_file(self.folder / "anchors" / f"{digest}.json", written)
        return digest


class _Then(Log):
    """A log that is not read on."""

    def _refresh(self) -> None:
        """Nothing came since."""


# ---------------------------------------------------------------- files


def lines(folder: Path, *, after: int = 0) -> Iterator[Line]:
    """Entries as they lie on disk, in the order of their numbers, those after a number; a sealed one before a loose one.

    A loose file whose number is sealed was never an entry: its writer lost the number and was killed.
    """
    loose, sealed = _files(folder)
    for (first, last), path in sorted(sealed.items()):
        if last > after:
            written = path.read_bytes().splitlines(keepends=True)
            yield from (Line(first + n, line, path) for n, line in enumerate(written) if first + n > after)
    for number, path in sorted(loose.items()):
        if number > after and not any(first <= number <= last for first, last in sealed):
            try:
                yield Line(number, path.read_bytes(), path)
            except FileNotFoundError:  # sealed since we looked
                yield from lines(folder, after=number - 1)
                return


def _files(folder: Path) -> tuple[dict[int, Path], dict[tuple[int, int], Path]]:
    """The files of entries: loose ones by number, sealed ones by first and last number."""
    paths = list(folder.iterdir()) if folder.is_dir() else []
    loose = {int(path.name[:10]): path for path in paths if _LOOSE.fullmatch(path.name)}
    sealed = {_range(path): path for path in paths if _SEALED.fullmatch(path.name)}
    return loose, sealed


def _range(path: Path) -> tuple[int, int]:
    first, _, last = path.stem.partition("-")
    return int(first), int(last)


def sealed_range(path: Path) -> tuple[int, int] | None:
    """The first and last number that a sealed file promises by its name; a loose entry's file: None."""
    return _range(path) if _SEALED.fullmatch(path.name) else None


def read_anchors(folder: Path, digest: str) -> dict[str, str]:
    """The hashes that an anchors file holds, by file. Raises DamagedLedgerError when it is missing or no such file."""
    path = folder / "anchors" / f"{digest}.json"
    try:
        found = json.loads(path.read_bytes())
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as fault:
        raise DamagedLedgerError(f"{path}: not the file it was ({fault}). `dateline audit verify` says what is wrong") from fault


def anchored_files(ledger: Path, known: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The ledger's description, its receipts and its catalogue, each with its hash; `known` ones that never change are passed over.

    The catalogue stands for what was sealed into volumes, receipts among it; one of them that is sealed meanwhile is in there.
    """
    files = [DESCRIPTION, *(f"receipts/{name}" for name in receipt_names(ledger))]
    files += [name_of(number) for number in catalogue_numbers(ledger)[-1:]]
    for name in files:
        if name == DESCRIPTION or name not in known:
            with suppress(FileNotFoundError):
                yield name, hashlib.sha256((ledger / name).read_bytes()).hexdigest()


# ---------------------------------------------------------------- the written form


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The one way to write these fields, on a line: what differs in a single byte is not what we wrote."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") + b"\n"


def hash_of(body: Mapping[str, Any]) -> str:
    """The hash of an entry: over all it says but the hash itself and the signature, which is made over the hash."""
    return hashlib.sha256(canonical({k: v for k, v in body.items() if k not in {"hash", "signature"}})).hexdigest()


def commitment_of(name: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}\0{name}".encode()).hexdigest()


def name_file(name: str, salt: str) -> bytes:
    """What lies in the file of a name."""
    return canonical({"version": LOG_VERSION, "name": name, "salt": salt})


def tombstone(number: int) -> bytes:
    """What lies in place of a name that was removed by the entry of that number."""
    return canonical({"version": LOG_VERSION, "name": None, "removed_by": number})


def read_names(folder: Path) -> dict[str, str | None]:
    """The names that commitments stand for; removed or unreadable: None."""
    return {path.stem: _name_in(path) for path in (folder / "names").glob("*.json")}


def _name_in(path: Path) -> str | None:
    try:
        name = json.loads(path.read_bytes()).get("name")
    except (OSError, ValueError, AttributeError):
        return None
    return name if isinstance(name, str) else None


def _one_voice(judgements: Sequence[Judgement]) -> tuple[Judge, datetime]:
    voices = {(judgement.by, judgement.at) for judgement in judgements}
    if len(voices) != 1:
        raise ValueError(f"an entry is of one judge and moment, and of at least one judgement; these are of {len(voices)}")
    ((by, at),) = voices
    if at.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {at.isoformat()}")
    if not by.name.strip():
        raise JudgementError("a judgement needs a name: whose is it?")
    return by, at


def _written_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _fields(judgement: Judgement) -> dict[str, Any]:
    """What a judgement says, less what its entry says of all of them; what is empty is left out."""
    fields: dict[str, Any] = {
        "kind": judgement.kind.value,
        "about": None if judgement.about is About.CLAIM else judgement.about.value,
        "sides": [list(side) for side in judgement.sides],
        "reason": judgement.reason,
        "field": judgement.field,
        "value": judgement.value,
        "before": [list(pair) for pair in judgement.before],
        "revokes": list(judgement.revokes),
        "facts": [list(pair) for pair in judgement.facts],
    }
    return {name: value for name, value in fields.items() if value or (name == "value" and value is not None)}


def read_entry(line: Line, names: Mapping[str, str | None]) -> Entry:
    """The entry of a line; `names` by commitment. Raises DamagedLedgerError when it is none."""
    try:
        fields = json.loads(line.written)
        if fields["version"] > LOG_VERSION:
            raise JudgementError(f"{line.path}: an entry of version {fields['version']}. Upgrade dateline")
        at = datetime.fromisoformat(fields["at"])
        by = _judge(fields, names)
        judgements = tuple(
            _judgement(f"{fields['number']}.{place}", said, by, at) for place, said in enumerate(fields["judgements"], 1)
        )
        return Entry(
            fields["number"], fields["hash"], fields["previous"], at, by, judgements, fields["anchors"], fields["key"],
            fields["program"],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise DamagedLedgerError(f"{line.path}: not an entry ({fault}). `dateline audit verify` says what is wrong") from fault


def _judge(fields: Mapping[str, Any], names: Mapping[str, str | None]) -> Judge:
    if fields["machine"] is not None:
        return Judge(fields["machine"], is_machine=True)
    name = names.get(fields["by"])
    return Judge(name if name is not None else f"{UNKNOWN} {fields['by'][:8]}")


def _judgement(id: str, said: Mapping[str, Any], by: Judge, at: datetime) -> Judgement:
    return Judgement(
        id=id,
        kind=JudgementKind(said["kind"]),
        by=by,
        at=at,
        sides=tuple(tuple(side) for side in said.get("sides", ())),
        reason=said.get("reason", ""),
        about=About(said.get("about", About.CLAIM)),
        field=said.get("field"),
        value=said.get("value"),
        before=tuple((claim, value) for claim, value in said.get("before", ())),
        revokes=tuple(said.get("revokes", ())),
        facts=tuple((name, value) for name, value in said.get("facts", ())),
    )
