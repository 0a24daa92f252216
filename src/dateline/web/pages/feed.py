"""The Atom feed of new and changed events (RFC 4287), for readers of feeds and for programs that follow a ledger.

It takes the filters of an address as the page of events does. An entry keeps its id through all revisions of its event, and its
`updated` is when the ledger came to know of the last of them, so that the same ledger always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.ledger.changes import Change, changes
from dateline.ledger.resolve import CONFIRMS
from dateline.records import JudgementKind
from dateline.runs.board import Board, board_key
from dateline.views import wording as say
from dateline.web import lists
from dateline.web.filters import FLAG_WORDS, Filters
from dateline.web.sharing.rows import told
from dateline.web.site import Site, site_of

ATOM = "http://www.w3.org/2005/Atom"
SIZE = 50
"""Entries of a page of the feed."""

TAG = "tag:dateline.invalid,2026:"
"""Before all ids (RFC 4151). The name is nobody's, and the same wherever a ledger is served; ids of events are hashes."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When the feed of a ledger without events was last updated: `updated` must be there."""

UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


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
    entries = [_entry(request, change, data) for change, data in zip(shown, _data(site, board, rows, shown), strict=True)]
    return Response(
        _written(request, filters, pages, entries, fitting[0].at if fitting else NEVER),
        media_type="application/atom+xml; charset=utf-8",
        headers=headers,
    )


def _has(tags: str, etag: str) -> bool:
    """Whether one of the tags that a reader has is this one; weak and strong ones are compared alike (RFC 9110, 13.1.2)."""
    return any(tag.strip() in {"*", etag, etag.removeprefix("W/")} for tag in tags.split(","))


def _data(site: Site, board: Board, rows: dict[str, int], shown: Iterable[Change]) -> list[dict[str, Any]]:
    return list(told(site, board, [rows[change.event] for change in shown]))


def _written(request: Request, filters: Filters, pages: lists.Pages, entries: Iterable[Element], updated: datetime) -> bytes:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    asked = filters.query()
    _add(root, "id", f"{TAG}events" + (f"/{hashlib.sha256(asked.encode()).hexdigest()[:16]}" if asked else ""))
    _add(root, "title", "New and changed events")
    _add(root, "subtitle", filters.words())
    _add(root, "updated", _moment(updated))
    author = _add(root, "author")
    _add(author, "name", "Dateline")
    _add(root, "generator", "Dateline")
    base = str(request.base_url).rstrip("/")
    _add(root, "link", rel="self", type="application/atom+xml", href=base + lists.with_query(request, page=pages.number))
    _add(root, "link", rel="alternate", type="text/html", href=f"{base}/{f'?{asked}' if asked else ''}")
    if pages.number > 1:
        _add(root, "link", rel="previous", href=base + lists.with_query(request, page=pages.number - 1))
    if pages.number < pages.last:
        _add(root, "link", rel="next", href=base + lists.with_query(request, page=pages.number + 1))
    root.extend(entries)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(request: Request, change: Change, data: dict[str, Any]) -> Element:
    entry = Element("entry")
    _add(entry, "id", f"{TAG}event/{change.event}")
    _add(entry, "title", data["headline"])
    _add(entry, "updated", _moment(change.at))
    _add(entry, "published", _moment(change.since))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{request.base_url}events/{quote(change.event)}")
    for term in (data["type"], data["mode"], data["status"], data["country"]):
        if term:
            _add(entry, "category", term=term)
    _add(entry, "summary", _summary(change, data))
    return entry


CHANGED = {
    JudgementKind.ACCEPTED: "accepted by a person",
    JudgementKind.REJECTED: "a reading was rejected by a person",
    JudgementKind.CORRECTED: "corrected by a person",
    JudgementKind.MERGED: "put together from several events by a person",
    JudgementKind.SPLIT: "taken apart by a person",
    JudgementKind.NOT_SAME: "told apart from another event by a person",
    JudgementKind.RETRACTED: "a report was taken back",
    JudgementKind.SUPERSEDED: "a report was replaced by its correction",
    JudgementKind.UNDONE: "a judgement was undone",
}
"""What a change by judgement is called. Who judged is not told: feeds travel further than pages."""


def _summary(change: Change, data: dict[str, Any]) -> str:
    """What was so last: figures, on whose word, in doubt about what; then what changed."""
    figures = [
        f"{figure['what']}: {figure['words']}" + (" (reports differ)" if figure["differ"] else "") for figure in data["figures"]
    ]
    parts = [
        *figures,
        f"told by {say.tally(data['documents'], 'document')} of {say.tally(data['witnesses'], 'witness', 'witnesses')}",
        *(FLAG_WORDS[mark] for mark in data["marks"] if mark in FLAG_WORDS),
        f"“{data['evidence']}”" if data["evidence"] else "",
    ]
    if change.judgement is not None:
        field = f" ({change.judgement.field})" if change.judgement.field else ""
        changed = CHANGED.get(change.judgement.kind, change.judgement.kind.value)
        if CONFIRMS in dict(change.judgement.facts):
            changed = "confirmed by a person to be one event"
        parts.append(f"last change: {changed}{field}")
    return "; ".join(part for part in parts if part) + "."


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A child with its text; what XML cannot hold is shown in its place."""
    child = SubElement(parent, name, {key: _fit(value) for key, value in attributes.items()})
    child.text = _fit(text) if text is not None else None
    return child


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", say.shown(text))


def _moment(of: datetime) -> str:
    """As RFC 3339 has it, to the microsecond, since readers compare."""
    return of.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


ROUTES = [Route("/feed.atom", feed)]
