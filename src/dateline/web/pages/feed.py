"""The Atom feed of new and changed events (RFC 4287), for readers of feeds and for programs that follow a ledger.

It takes the filters of an address as the page of events does. An entry keeps its id through all revisions of its event, and its
`updated` is when the ledger came to know of the last of them, so that the same ledger always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.exports import atom
from dateline.exports.atom import Head, Link, feed_of
from dateline.ledger.changes import Change, changes
from dateline.runs.board import Board, board_key
from dateline.web import lists
from dateline.web.filters import FLAG_WORDS, Filters
from dateline.web.sharing.rows import told
from dateline.web.site import Site, site_of

SIZE = 50
"""Entries of a page of the feed."""


def feed(request: Request) -> Response:
    """The events that fit, the one that changed last first. Not changed since the reader's ETag: 304."""
    site, filters = site_of(request), Filters.parse(request.query_params)
    judged = site.judged(filters.as_of)
    address = f"{request.base_url}feed.atom"
    said = [board_key(site.ledger, judged), address, request.url.query]
    etag = f'W/"{hashlib.sha256(chr(0).join(said).encode()).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    board = site.board(filters.as_of)
    rows = {board.id_of(int(row)): int(row) for row in filters.rows(board, site.find(board, filters.q) if filters.q else None)}
    fitting = [change for change in changes(judged) if change.event in rows]
    pages = lists.pages_of(request, len(fitting), SIZE)
    shown = fitting[pages.offset : pages.offset + pages.size]
    base, asked = str(request.base_url), filters.query()
    told = zip(shown, _data(site, board, rows, shown), strict=True)
    head = Head(asked, filters.words(), fitting[0].at if fitting else None, tuple(_links(request, pages, asked)))
    return Response(
        b"".join(feed_of(head, (atom.entry(change, data, FLAG_WORDS, base) for change, data in told))),
        media_type="application/atom+xml; charset=utf-8",
        headers=headers,
    )


def _has(tags: str, etag: str) -> bool:
    """Whether one of the tags that a reader has is this one; weak and strong ones are compared alike (RFC 9110, 13.1.2)."""
    return any(tag.strip() in {"*", etag, etag.removeprefix("W/")} for tag in tags.split(","))


def _data(site: Site, board: Board, rows: dict[str, int], shown: Iterable[Change]) -> list[dict[str, Any]]:
    return list(told(site, board, [rows[change.event] for change in shown]))


def _links(request: Request, pages: lists.Pages, asked: str) -> Iterator[Link]:
    """Where this page of the feed is, the page that people read, and the pages before and after."""
    base = str(request.base_url).rstrip("/")
    yield Link("self", base + lists.with_query(request, page=pages.number), atom.MEDIA_TYPE)
    yield Link("alternate", f"{base}/{f'?{asked}' if asked else ''}", "text/html")
    if pages.number > 1:
        yield Link("previous", base + lists.with_query(request, page=pages.number - 1))
    if pages.number < pages.last:
        yield Link("next", base + lists.with_query(request, page=pages.number + 1))


ROUTES = [Route("/feed.atom", feed)]
