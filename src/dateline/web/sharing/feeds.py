"""Chosen events as an Atom feed and as provenance: what needs the log beside the events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from dateline.exports import atom
from dateline.exports.provenance import prov_json
from dateline.exports.telling import Asked
from dateline.ledger.changes import Change, changes
from dateline.web.filters import FLAG_WORDS
from dateline.web.sharing.rows import AT_ONCE, Chosen, told


def atom_file(chosen: Chosen) -> Iterator[bytes]:
    """All events that fit as one feed, the one that changed last first."""
    board = chosen.board
    rows = {board.id_of(row): row for row in chosen.rows.tolist()}
    fitting = [change for change in changes(chosen.site.judged(chosen.filters.as_of)) if change.event in rows]
    about = chosen.about()
    query = f"?{about['query']}" if about["query"] else ""
    links = (atom.Link("alternate", f"{chosen.base}{query}", "text/html"),)
    parts = (about["licence"], about.get("hidden"), f"{about['program']}, ledger {about['ledger']}, {about['date']}.")
    said = " ".join(part for part in parts if part)
    head = atom.Head(about["query"], about["filter"], fitting[0].at if fitting else None, links if chosen.base else (), said)
    return atom.feed_of(head, _entries(chosen, fitting, rows))


def _entries(chosen: Chosen, fitting: list[Change], rows: dict[str, int]) -> Iterator[Element]:
    rest = iter(fitting)
    while some := list(islice(rest, AT_ONCE)):
        data = told(chosen.site, chosen.board, [rows[change.event] for change in some])
        for change, row in zip(some, data, strict=True):
            yield atom.entry(change, row, FLAG_WORDS, chosen.base)


def prov_file(chosen: Chosen, asked: Asked) -> Iterator[bytes]:
    """Where the events come from, and what was judged of their claims."""
    pieces = prov_json(asked, chosen.site.log.entries(chosen.filters.as_of))
    return (piece.encode("utf-8", "replace") for piece in pieces)
