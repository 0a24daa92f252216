"""Whether a release is whole, and whether it is what the ledger says: its files are made anew and compared byte for byte."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

import pyarrow.parquet as pq

from dateline.releases.facts import ABOUT, Maker, NoReleaseError, Question, read_about, this_maker
from dateline.releases.freeze import SUMS, OnEvent, file_of, write_release
from dateline.web.sharing.rows import filters_of
from dateline.web.site import Site

LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file of a release; `is_fault` False: it is other bytes, and says the same."""

    file: str
    said: str
    is_fault: bool = True


@dataclass(frozen=True)
class Remade:
    """What a release was made by, and what differs from what the ledger gives today."""

    made_by: Maker
    faults: tuple[Fault, ...]

    @property
    def is_same(self) -> bool:
        return not any(fault.is_fault for fault in self.faults)


def question_of(folder: Path) -> tuple[Question, Maker, str]:
    """What the release answers, by what it was made, and which state of the ledger it is of. Raises NoReleaseError."""
    try:
        said = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except OSError:
        raise NoReleaseError(
            f"{folder}: no release here, for it has no {ABOUT}. Name the folder that `dateline release` wrote"
        ) from None
    except ValueError as fault:
        raise NoReleaseError(f"{folder / ABOUT}: no JSON ({fault})") from fault
    return read_about(said if isinstance(said, dict) else {})


def check_sums(folder: Path) -> tuple[int, tuple[Fault, ...]]:
    """How many files have the checksum that SHA256SUMS gives, and what is wrong with the others. Raises NoReleaseError."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise NoReleaseError(f"{folder}: no release here, for it has no {SUMS} that can be read") from None
    sums = {match[2]: match[1] for line in lines if (match := LINE.fullmatch(line))}
    faults = list(_sum_faults(folder, sums))
    unread = len(lines) - len(sums)
    faults += [Fault(SUMS, f"{unread} lines of it give no checksum")] if unread else []
    faults += [Fault(name, f"is not in {SUMS}") for name in sorted(_names(folder) - sums.keys() - {SUMS})]
    return len(sums) - sum(fault.file in sums for fault in faults), tuple(faults)


def _sum_faults(folder: Path, sums: dict[str, str]) -> Iterator[Fault]:
    for name, expected in sums.items():
        path = folder / name
        if Path(name).name != name:  # a checksum of a file outside the folder is none of ours
            yield Fault(name, "is no name of a file of the release")
        elif not path.is_file():
            yield Fault(name, "is missing")
        elif (found := file_of(path).sha256) != expected:
            yield Fault(name, f"has another checksum: {found[:12]}… and not {expected[:12]}…")


def remake(site: Site, folder: Path, *, on_event: OnEvent = lambda id: None) -> Remade:
    """Makes the release anew from the ledger, beside, and compares.

    Raises NoReleaseError, also for a release that does not tell its question, since that names somebody who is covered.
    """
    question, made_by, _ = question_of(folder)
    if question.query is None:
        raise NoReleaseError(
            f"{folder}: what it was asked for names somebody who is covered, so it does not tell. Freeze it again with the same "
            f"options into another folder and compare the two {SUMS}; --checksums says whether this one is whole"
        )
    try:
        filters_of(parse_qsl(question.query))
    except ValueError as fault:
        raise NoReleaseError(f"{folder / ABOUT}: asks for what cannot be asked ({fault})") from None
    notes: list[Fault] = []

    def settle(anew: Path) -> None:
        """Puts Parquet files of another version of Arrow in the place of ours where they hold the same rows."""
        if made_by.arrow == this_maker().arrow:
            return
        for ours in sorted(anew.glob("*.parquet")):
            theirs = folder / ours.name
            if theirs.is_file() and file_of(theirs).sha256 != file_of(ours).sha256 and _same_rows(theirs, ours):
                shutil.copyfile(theirs, ours)
                said = f"was written by {made_by.arrow} and is other bytes than {this_maker().arrow} writes, with the same rows"
                notes.append(Fault(ours.name, said, is_fault=False))

    with TemporaryDirectory(prefix="dateline-release-") as beside:
        anew = Path(beside, "release")
        write_release(site, question, anew, made_by=made_by, on_event=on_event, on_tables=settle)
        return Remade(made_by, (*notes, *_differences(folder, anew)))


def _differences(folder: Path, anew: Path) -> Iterator[Fault]:
    there, expected = _names(folder), _names(anew)
    yield from (Fault(name, "is missing") for name in sorted(expected - there))
    yield from (Fault(name, "is no file of the release") for name in sorted(there - expected))
    for name in sorted(there & expected):
        if file_of(folder / name).sha256 != file_of(anew / name).sha256:
            yield Fault(name, f"differs from what the ledger gives{_where(folder / name, anew / name)}")


def _where(path: Path, anew: Path) -> str:
    """Of texts the first line that differs, in words; of others nothing."""
    if path.suffix == ".parquet":
        return ""
    ours, theirs = (file.read_text(encoding="utf-8", errors="replace").splitlines() for file in (path, anew))
    number = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    here, there = (lines[number] if number < len(lines) else "" for lines in (ours, theirs))
    same = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    start = max(0, same - 20)
    return f", from line {number + 1} on: {here[start : same + 40]!r} here, {there[start : same + 40]!r} by the ledger"


def _same_rows(path: Path, anew: Path) -> bool:
    try:
        return bool(pq.read_table(path).equals(pq.read_table(anew)))
    except (OSError, ValueError):
        return False


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
