"""New and changed events as Atom (RFC 4287): the page's feed and the export are made of the same entries.

An entry keeps its id through all revisions of its event, and its `updated` is when the ledger came to know of the last of them, so
that the same ledger always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from dateline.exports.cells import NOT_XML
from dateline.ledger.changes import Change
from dateline.ledger.resolve import CONFIRMS
from dateline.records import JudgementKind
from dateline.views import wording as say

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"

TAG = "tag:dateline.invalid,2026:"
"""Before all ids (RFC 4151). The name is nobody's, and the same wherever a ledger is served; ids of events are hashes."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When the feed of a ledger without events was last updated: `updated` must be there."""


@dataclass(frozen=True)
class Link:
    """A link of a feed."""

    rel: str
    href: str
    type: str = ""


@dataclass(frozen=True)
class Head:
    """What a feed says of itself: what was asked as an address and in words, when its last entry changed (None: it has none)."""

    asked: str
    words: str
    updated: datetime | None
    links: tuple[Link, ...] = ()
    rights: str = ""


def feed_of(head: Head, entries: Iterable[Element]) -> Iterator[bytes]:
    """The feed, an entry at a time."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", f"{TAG}events" + (f"/{hashlib.sha256(head.asked.encode()).hexdigest()[:16]}" if head.asked else ""))
    _add(root, "title", "New and changed events")
    _add(root, "subtitle", head.words)
    _add(root, "updated", _moment(head.updated or NEVER))
    author = _add(root, "author")
    _add(author, "name", "Dateline")
    _add(root, "generator", "Dateline")
    if head.rights:
        _add(root, "rights", head.rights)
    for link in head.links:
        _add(root, "link", rel=link.rel, **({"type": link.type} if link.type else {}), href=link.href)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    before, end, after = written.rpartition(b"</feed>")
    yield before
    for one in entries:
        yield tostring(one, encoding="utf-8")
    yield end + after


def entry(change: Change, data: Mapping[str, Any], marks: Mapping[str, str], base: str) -> Element:
    """The entry of an event. `data` is its row (web/sharing/rows.py `told`), `marks` what each of its marks means.

    `base` is where the ledger is served; "": nobody said, and the entry has its words as content, as RFC 4287 asks of one
    without a link.
    """
    one = Element("entry")
    _add(one, "id", f"{TAG}event/{change.event}")
    _add(one, "title", data["headline"])
    _add(one, "updated", _moment(change.at))
    _add(one, "published", _moment(change.since))
    if base:
        _add(one, "link", rel="alternate", type="text/html", href=f"{base}events/{quote(change.event)}")
    for term in (data["type"], data["mode"], data["status"], data["country"]):
        if term:
            _add(one, "category", term=term)
    _add(one, "summary", _summary(change, data, marks))
    if not base:
        _add(one, "content", _summary(change, data, marks), type="text")
    return one


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


def _summary(change: Change, data: Mapping[str, Any], marks: Mapping[str, str]) -> str:
    """What was so last: figures, on whose word, in doubt about what; then what changed."""
    figures = [
        f"{figure['what']}: {figure['words']}" + (" (reports differ)" if figure["differ"] else "") for figure in data["figures"]
    ]
    parts = [
        *figures,
        f"told by {say.tally(data['documents'], 'document')} of {say.tally(data['witnesses'], 'witness', 'witnesses')}",
        *(marks[mark] for mark in data["marks"] if mark in marks),
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
    return NOT_XML.sub("\ufffd", say.shown(text))


def _moment(of: datetime) -> str:
    """As RFC 3339 has it, to the microsecond, since readers compare."""
    return of.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
