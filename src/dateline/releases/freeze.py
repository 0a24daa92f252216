"""Chosen events frozen into a folder that can be cited: written beside its place and put there whole.

No clock is looked at: the same ledger asked the same question gives the same bytes, on any day.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from dateline.knowledge.crosswalks import load_crosswalks
from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.ontology import load_codebook
from dateline.knowledge.protests import load_protests
from dateline.releases.described import File, croissant, data_package
from dateline.releases.facts import ABOUT, Facts, Gathered, Maker, Question, about_of, last_linking, state_of, this_maker
from dateline.releases.papers import citation, method, readme, terms
from dateline.releases.rows import claim_rows, document_row, event_row, figure_rows
from dateline.releases.tables import load_tables
from dateline.releases.writing import writer
from dateline.views.codebook import codebook_data, codebook_page
from dateline.web.filters import REVIEWS, Filters
from dateline.web.sharing.covering import covered
from dateline.web.sharing.events import sources_of, told_events
from dateline.web.sharing.rows import Chosen, choose, filters_of, last_change
from dateline.web.site import Site

SUMS = "SHA256SUMS"

DOCUMENTS_AT_ONCE = 250

OnEvent = Callable[[str], object]


class FolderError(Exception):
    """The release cannot be written there, and why."""


def moment_asked(site: Site, as_of: datetime | None) -> datetime | None:
    """The moment that a release is of: the last change of the ledger by then; an empty ledger, or nothing by then: None.

    What is added later cannot change a release then, though `as_of` may be a day that is not over yet.
    """
    last = last_change(site)
    if last is None or as_of is None or last <= as_of:
        return last
    moments = [known for known in site.ledger.shards().values() if known <= as_of]
    moments += [entry.at for entry in site.log.entries(as_of)[-1:]]
    return max(moments, default=None)


def freeze(site: Site, question: Question, folder: Path, *, on_event: OnEvent = lambda id: None) -> Facts:
    """Writes the release into a folder that is not there or is empty; gives what it says of itself.

    Raises FolderError where anything is in the folder; ValueError for a query that cannot be asked. Ended before the end, it leaves
    an unfinished folder beside that the next run removes.
    """
    check_free(folder)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        facts = write_release(site, question, unfinished, made_by=this_maker(), on_event=on_event)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return facts


def check_free(folder: Path) -> None:
    """Raises FolderError unless a release can be written there."""
    if not folder.exists():
        if not folder.parent.is_dir():
            raise FolderError(f"{folder.parent}: no such folder")
        return
    if not folder.is_dir():
        raise FolderError(f"{folder}: a file, not a folder. Name another place")
    if (folder / ABOUT).exists():
        raise FolderError(f"{folder}: a release is there already, and releases are not replaced. Name another folder")
    if any(folder.iterdir()):
        raise FolderError(f"{folder}: other things are in this folder. Name an empty or a new one")


def write_release(
    site: Site,
    question: Question,
    folder: Path,
    *,
    made_by: Maker,
    on_event: OnEvent = lambda id: None,
    on_tables: Callable[[Path], object] = lambda folder: None,
) -> Facts:
    """Writes all files of the release into a new folder, `made_by` as what they say that they were made by. `on_tables` is told the
    folder when the tables are there and nothing that describes them yet."""
    folder.mkdir(parents=True)
    filters = replace(filters_of(parse_qsl(question.query or "")), as_of=question.moment)
    site.board(question.moment, is_waited_for=True)
    chosen = choose(site, filters)
    judged = site.judged(question.moment)
    with _as_shared(chosen, question) as shared:
        gathered = _write_tables(shared, folder, on_event)
        about = shared.about()
    on_tables(folder)
    # What a covered file says of its question has no query where somebody in it is covered.
    is_told = not question.is_sensitive or about["query"] == filters.query()
    facts = Facts(
        question if is_told else replace(question, query=None),
        in_words(filters) if is_told else _without_all(about["filter"]),
        state_of(site.ledger, judged),
        last_linking(judged.judgements),
        made_by,
        gathered,
    )
    _write_pages(facts, folder)
    return facts


def in_words(filters: Filters) -> str:
    """What is asked, for people, the moment aside; whether somebody reviewed it is told only if it was asked."""
    return _without_all(replace(filters, as_of=None).words())


def _without_all(words: str) -> str:
    return "; ".join(part for part in words.split("; ") if part != REVIEWS["all"]) or "all events"


@contextmanager
def _as_shared(chosen: Chosen, question: Question) -> Iterator[Chosen]:
    if not question.is_sensitive:
        yield chosen
        return
    with covered(chosen, keeps_addresses=question.keeps_addresses) as shared:
        yield shared


def _write_tables(chosen: Chosen, folder: Path, on_event: OnEvent) -> Gathered:
    """The four tables, in one pass over the events and one over their documents."""
    gathered = Gathered()
    claims: Counter[str] = Counter()
    days: dict[str, date] = {}
    with ExitStack() as stack:
        tables = {table.name: stack.enter_context(writer(folder, table)) for table in load_tables()}
        for row in chosen.told():
            tables["events"].add(event_row(row))
        for told in told_events(chosen):
            for row in claim_rows(told):
                tables["claims"].add(row)
                claims[row["document_id"]] += 1
            for row in figure_rows(told):
                tables["figures"].add(row)
            gathered.coders.update(t.claim.coder for t in told.event.tellings)
            gathered.judgements.update({j.id: j.kind for j in told.judgements})
            for id, source in told.sources.items():
                published = source.document.published
                days[id] = published.day if published else date.max
            on_event(told.event.id)
        order = sorted(claims, key=lambda id: (days.get(id, date.max), id))
        for some in _parts(order):
            sources = sources_of(chosen, some)
            for id in some:
                if id in sources:
                    tables["documents"].add(document_row(sources[id], claims[id]))
        gathered.rows = {name: table.rows for name, table in tables.items()}
    return gathered


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), DOCUMENTS_AT_ONCE):
        yield ids[start : start + DOCUMENTS_AT_ONCE]


def _write_pages(facts: Facts, folder: Path) -> None:
    """Everything beside the tables; what describes the files is written after them, and the checksums last."""
    codes = (load_codebook(), load_crosswalks(), load_lexicon(), load_protests())
    pages = {
        "README.md": readme(facts),
        "METHOD.md": method(facts),
        "LICENCE.md": terms(facts),
        "CITATION.cff": citation(facts),
        "codebook.md": codebook_page(*codes),
        "codebook.json": _json(codebook_data(*codes)),
        ABOUT: _json(about_of(facts)),
    }
    for name, text in pages.items():
        _write(folder / name, text)
    written = {path.name: file_of(path) for path in sorted(folder.iterdir())}
    _write(folder / "datapackage.json", _json(data_package(facts, written)))
    _write(folder / "croissant.json", _json(croissant(facts, written)))
    sums = (file_of(path) for path in sorted(folder.iterdir()))
    _write(folder / SUMS, "".join(f"{file.sha256}  {file.name}\n" for file in sums))


def file_of(path: Path) -> File:
    """A file as it lies there."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return File(path.name, size, digest.hexdigest())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))
