"""Chosen events with the names of private people and exact places covered: the same choice, of a covered copy of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dateline.covering.cover import Cover
from dateline.covering.people import Knowledge
from dateline.exports.telling import USUAL
from dateline.exports.telling import Options as Writing
from dateline.knowledge.covering import load_name_words
from dateline.knowledge.places import load_gazetteer
from dateline.ledger.store import Ledger
from dateline.runs.covered import Covered, cover_ledger, documents_of
from dateline.web.sharing.rows import HIDDEN, Chosen
from dateline.web.sharing.tables import narrowed, written
from dateline.web.site import Options, Site

HIDE = "hidden"
"""The field of an address that asks for it, with the value 1."""


def knowledge_of(site: Site) -> Knowledge:
    """The tables by which a site's names are judged."""
    return Knowledge(site.actors, load_name_words(), load_gazetteer())


@contextmanager
def covered(
    chosen: Chosen, *, keeps_addresses: bool = False, on_document: Callable[[str], object] = lambda id: None
) -> Iterator[Chosen]:
    """The same events of a covered copy, which is there while the block runs. `on_document` is told of each document copied.

    Which events were asked for is settled before: what is covered cannot be asked for, and the answer must not tell it either.
    """
    site, as_of = chosen.site, chosen.filters.as_of
    events = [chosen.board.id_of(row) for row in chosen.rows.tolist()]
    people = site.judged(as_of)
    documents = documents_of(site.ledger, events, judged=people.events, as_of=as_of)
    with TemporaryDirectory(prefix="dateline-covered-") as folder:
        made = cover_ledger(
            site.ledger,
            Path(folder, "ledger"),
            knowledge_of(site),
            documents=documents,
            as_of=as_of,
            keeps_addresses=keeps_addresses,
            on_document=on_document,
        )
        yield _of_copy(chosen, made, events)


def written_covered(chosen: Chosen, name: str, options: Writing = USUAL) -> Iterator[bytes]:
    """The same events in a format of FORMATS, covered, piece by piece."""
    with covered(narrowed(chosen, name, options)) as shared:
        yield from written(shared, name, options)


@contextmanager
def covered_site(ledger: Ledger, options: Options, *, on_document: Callable[[str], object] = lambda id: None) -> Iterator[Site]:
    """A site of a covered copy of a whole ledger, in which nothing can be judged; the copy is there while the block runs."""
    own = Site(ledger, options)
    with TemporaryDirectory(prefix="dateline-covered-") as folder:
        made = cover_ledger(ledger, Path(folder, ledger.path.resolve().name), knowledge_of(own), on_document=on_document)
        yield Site(made.ledger, replace(options, is_readonly=True, is_sensitive=True))


def _of_copy(chosen: Chosen, made: Covered, events: list[str]) -> Chosen:
    site = Site(made.ledger, Options(is_readonly=True))
    board = site.board(chosen.filters.as_of, is_waited_for=True)
    return replace(chosen, site=site, board=board, rows=board.rows_of(events), said=_said(chosen, made.cover))


def _said(chosen: Chosen, cover: Cover) -> dict[str, object]:
    """What the files say of themselves: of the ledger that was asked, without the names that were asked for."""
    about = chosen.about()
    everybody = range(len(cover.people.named))
    asked = cover.text(about["filter"], everybody)
    query = about["query"] if asked == about["filter"] and not cover.replacements(about["query"], everybody) else ""
    return {**about, "filter": asked, "query": query, "hidden": HIDDEN}
