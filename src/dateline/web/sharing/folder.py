"""Chosen events as one folder that opens from the file system: written beside its place and put there whole.

A folder that an export wrote has MARKER in it, with the SHA-256 of each of its files; only such a folder is ever replaced, and only
while it holds nothing else. The same ledger asked the same question gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from dateline.errors import Error
from dateline.views.events import headline
from dateline.watching.happenings import brief_of
from dateline.web.sharing.events import Told, sources_of, told_events
from dateline.web.sharing.pages import (
    SHEETS,
    Frame,
    Layout,
    Quoted,
    document_page,
    documents_page,
    event_page,
    list_page,
    overview,
)
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import metadata, written

T = TypeVar("T")

MARKER = "dateline-export.json"

A_LIST = 250
"""Events of a page of the list, or documents: some twenty sheets of paper."""

MANY = 1000
"""Events from which on their pages lie in folders by the beginning of their ids."""

DATA = {
    "csv": "a table for spreadsheets, a row an event",
    "json": "for programs, with all that a row says",
    "geojson": "for maps; no geometry where no point is known",
}


class FolderError(Error):
    """The folder cannot be written there, and why."""


def write_folder(
    chosen: Chosen,
    folder: Path,
    *,
    has_whole_texts: bool = False,
    on_event: Callable[[str], object] = lambda id: None,
) -> dict[str, Any]:
    """Writes the folder, in place of one that an earlier export wrote there; gives what it says of itself.

    `on_event` is told of each event that was written. Raises FolderError where other things lie in the folder. A run that was ended
    leaves the earlier folder as it was, and beside it an unfinished one that the next run removes.
    """
    _check(folder)
    unfinished, before = (folder.with_name(f".{folder.name}.{state}") for state in ("unfinished", "replaced"))
    for left in (unfinished, before):
        shutil.rmtree(left, ignore_errors=True)
    about = chosen.about()
    digests: dict[str, str] = {}
    for path, pieces in _files(chosen, about, has_whole_texts=has_whole_texts, on_event=on_event):
        digests[path] = _write(unfinished / path, pieces)
    marker = {"what": "events of a Dateline ledger", "version": 1, "about": about, "files": dict(sorted(digests.items()))}
    _write(unfinished / MARKER, [(json.dumps(marker, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")])
    if folder.exists():
        folder.rename(before)
    unfinished.rename(folder)
    shutil.rmtree(before, ignore_errors=True)
    return about


def _check(folder: Path) -> None:
    """Raises FolderError unless the folder is not there, empty, or what an earlier export wrote and nothing else."""
    if not folder.exists():
        if not folder.parent.is_dir():
            raise FolderError(f"{folder.parent}: no such folder")
        return
    if not folder.is_dir():
        raise FolderError(f"{folder}: a file, not a folder. Name another place")
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if not held:
        return
    try:
        ours = {MARKER, *json.loads((folder / MARKER).read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise FolderError(f"{folder}: other things are in this folder. Name an empty or a new one") from None
    if others := sorted(held - ours):
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise FolderError(f"{folder}: {others[0]}{more} came from no export. Move it away, or name another folder")


def _write(path: Path, pieces: Iterable[bytes]) -> str:
    """Writes a file; gives the SHA-256 of what is in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


Files = Iterator[tuple[str, Iterable[bytes]]]


@dataclass
class _Paper:
    """What is gathered of a document while events are written: its day, and what rests on it."""

    published: date | None
    quoted: list[Quoted]


def _files(chosen: Chosen, about: dict[str, Any], *, has_whole_texts: bool, on_event: Callable[[str], object]) -> Files:
    """Every file but the marker: its path in the folder and its bytes."""
    lists = _numbered("days", len(chosen.rows))
    layout = Layout(len(chosen.rows) > MANY, has_whole_texts, lists, _numbered("documents", 0))
    frame = Frame(layout, about)
    papers: dict[str, _Paper] = {}
    for told in told_events(chosen):
        yield layout.event(told.event.id), _bytes(event_page(frame, chosen, told))
        _gather(told, chosen, papers)
        on_event(told.event.id)
    for number, some in enumerate(_parts(chosen.told()), 1):
        yield lists[number - 1], _bytes(list_page(frame, number, some))
    if not len(chosen.rows):
        yield lists[0], _bytes(list_page(frame, 1, []))
    yield from _document_pages(Frame(replace(layout, papers=_numbered("documents", len(papers))), about), chosen, papers)
    data = [(f"data/events.{name}", words) for name, words in DATA.items()]
    yield "index.html", _bytes(overview(frame, chosen, len(papers), data))
    for name in DATA:
        yield f"data/events.{name}", written(chosen, name)
    said = json.dumps(metadata(chosen, "events.csv"), ensure_ascii=False, indent=1) + "\n"
    yield "data/events.csv-metadata.json", _bytes(said)
    for name in SHEETS:
        yield f"style/{name}.css", [files("dateline.web").joinpath("static", f"{name}.css").read_bytes()]


def _gather(told: Told, chosen: Chosen, papers: dict[str, _Paper]) -> None:
    """Notes on which words of which documents the event rests."""
    title = headline(brief_of(told.event), chosen.site.wording)
    for testimony in told.event.tellings:
        id = testimony.claim.document
        if id in told.sources:
            published = told.sources[id].document.published
            paper = papers.setdefault(id, _Paper(published.day if published else None, []))
            paper.quoted.append(Quoted(told.event.id, title, testimony.claim.event.evidence))


def _document_pages(frame: Frame, chosen: Chosen, papers: dict[str, _Paper]) -> Files:
    """The documents by day of publication, those of unknown day last: a page each, and the list of them."""
    order = sorted(papers, key=lambda id: (papers[id].published or date.max, id))
    for number, some in enumerate(_parts(order), 1):
        sources = sources_of(chosen, some)
        for id in some:
            yield frame.layout.document(id), _bytes(document_page(frame, sources[id], papers[id].quoted))
        listed = [(sources[id], papers[id].quoted) for id in some]
        yield frame.layout.papers[number - 1], _bytes(documents_page(frame, number, listed))
    if not papers:
        yield frame.layout.papers[0], _bytes(documents_page(frame, 1, []))


def _bytes(text: str) -> list[bytes]:
    return [text.encode("utf-8", "replace")]


def _numbered(name: str, rows: int) -> tuple[str, ...]:
    """The pages of a list of so many rows: "days.html", "days-2.html", …"""
    return (f"{name}.html", *(f"{name}-{number}.html" for number in range(2, -(-rows // A_LIST) + 1)))


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows in order, as many at a time as a page of a list has."""
    rest = iter(rows)
    while some := list(islice(rest, A_LIST)):
        yield some
