"""Feeds and sitemaps: the addresses they list, with what they say of each. RSS, Atom, JSON Feed; sitemaps and their indexes, news
sitemaps; plain lists, an address a line.

All are read from bytes that were fetched: nothing here opens an address, and entities of XML are not followed or expanded.
"""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any
from xml.parsers import expat

from dateline.fetching.addresses import PORTS, canonical_address
from dateline.fetching.decoding import unpacked
from dateline.fetching.faults import FetchError
from dateline.knowledge.addresses import AddressTables
from dateline.records import Problem

MOST_ITEMS = 2_000
"""Items that are read of a feed: the largest real ones have some hundred, and parsing takes three milliseconds each."""

MOST_FEED = 2_000_000
"""Bytes of a feed: real ones have some hundred thousand."""

MOST_MARKUP = 100_000
"""Angle brackets that open in a feed: real ones have some ten thousand, and of nothing but opened elements the parser makes a
second's work and twenty megabytes out of every forty thousand."""

MOST_LISTED = 50_000
"""Addresses that a sitemap may have, by its standard (sitemaps.org)."""

MOST_BYTES = 50_000_000
"""Bytes of a sitemap once unpacked, by its standard."""

MARKUP = re.compile(r"<[^<>]{0,500}>")
ITEM = re.compile(rb"<(?:[A-Za-z0-9_]{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
WORDS = 500
"""Characters of a title that are kept."""


@dataclass(frozen=True)
class Entry:
    """A report that is listed. `address` is in its one form; `published` and `changed` in UTC, None if nobody says; `publisher` is
    whom the list names as its source, not whose list it is."""

    address: str
    title: str | None = None
    published: datetime | None = None
    changed: datetime | None = None
    publisher: str | None = None


@dataclass(frozen=True)
class Listing:
    """What a feed or sitemap lists, in its order, each address once. `sitemaps` are further ones that an index names.

    `publisher` is what it calls itself. `problems` are not fatal: entries that were passed over, and why.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    publisher: str | None = None
    problems: tuple[Problem, ...] = ()


def read_listing(raw: bytes, address: str, tables: AddressTables, ports: frozenset[int] = PORTS) -> Listing | Problem:
    """What the bytes list, whichever of these they are; a Problem ("no feed") when they are none of them.

    `address` is where they were fetched: relative addresses are read from there. A feed that breaks off or is not well formed gives
    what could be read of it.
    """
    try:
        raw = _opened(raw)
        kind = _kind(raw)
        match kind:
            case "json":
                found = _read_json(raw)
            case "sitemap":
                found = _read_sitemap(raw)
            case "list":
                found = Listing(tuple(map(Entry, _lines(raw))))
            case _:
                found = _read_feed(raw)
    except FetchError as fault:
        return fault.as_problem(address)
    return _in_one_form(found, address, tables, ports)


def _opened(raw: bytes) -> bytes:
    """Sitemaps are often kept as a gzip file, which is another matter than how they are sent."""
    return unpacked([raw], "gzip", MOST_BYTES) if raw.startswith(b"\x1f\x8b") else raw


def _kind(raw: bytes) -> str:
    head = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return "json"
    if re.search(rb"<(?:\w{1,20}:)?(?:urlset|sitemapindex)[\s>]", head):
        return "sitemap"
    first = head.splitlines()[0].strip() if head else b""
    return "list" if re.match(rb"(?:#|https?://\S+$)", first) else "feed"


# ---------------------------------------------------------------- RSS and Atom


def _read_feed(raw: bytes) -> Listing:
    import feedparser

    if len(raw) > MOST_FEED:
        raise FetchError("too large", f"has {len(raw):,} bytes, more than the {MOST_FEED:,} that a feed may have")
    if (markup := raw.count(b"<")) > MOST_MARKUP:
        raise FetchError("too large", f"has {markup:,} elements, more than the {MOST_MARKUP:,} that a feed may have")
    starts = [match.start() for _, match in zip(range(MOST_ITEMS + 1), ITEM.finditer(raw), strict=False)]
    if not starts and not re.search(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel)[\s>]", raw[:4096], re.IGNORECASE):
        raise FetchError("no feed", "is neither a feed (RSS, Atom, JSON Feed) nor a sitemap nor a list of addresses")
    is_cut = len(starts) > MOST_ITEMS
    # Bytes in a file object: a string would be taken for an address or a path, and opened.
    parsed = feedparser.parse(io.BytesIO(raw[: starts[-1]] if is_cut else raw), sanitize_html=False, resolve_relative_uris=False)
    problems = (_remark("too large", f"has more than {MOST_ITEMS:,} items; the first {MOST_ITEMS:,} were read"),) if is_cut else ()
    entries = tuple(entry for item in parsed.entries if (entry := _of_feed(item)) is not None)
    return Listing(entries, publisher=_words(parsed.feed.get("title")), problems=problems)


def _of_feed(item: dict[str, Any]) -> Entry | None:
    others = (link.get("href") for link in item.get("links") or [])
    said = item.get("feedburner_origlink") or item.get("link") or next(filter(None, others), None)
    if not said and str(item.get("id", "")).startswith(("http://", "https://")):
        said = item["id"]
    if not said:
        return None
    # Past the parser's own way of asking, which gives the day of publication where no change is told.
    published, changed = (_moment(dict.get(item, f"{name}_parsed")) for name in ("published", "updated"))
    return Entry(str(said), _words(item.get("title")), published, changed, _words((item.get("source") or {}).get("title")))


def _moment(parts: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _words(said: Any) -> str | None:
    """Titles come with markup and entities in them, once or twice escaped."""
    plain = " ".join(unescape(MARKUP.sub("", unescape(str(said or "")[: 4 * WORDS]))).split())[:WORDS]
    return plain or None


# ---------------------------------------------------------------- JSON Feed, lists


def _read_json(raw: bytes) -> Listing:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as fault:
        raise FetchError("no feed", f"begins like a JSON Feed and is not JSON ({str(fault)[:80]})") from fault
    items = told.get("items")
    if not isinstance(items, list):
        raise FetchError("no feed", "is JSON without a list of items, so no JSON Feed (https://www.jsonfeed.org)")
    problems = (
        (_remark("too large", f"has {len(items):,} items; the first {MOST_ITEMS:,} were read"),) if len(items) > MOST_ITEMS else ()
    )
    entries = []
    for item in items[:MOST_ITEMS]:
        said = (item.get("url") or item.get("external_url")) if isinstance(item, dict) else None
        if isinstance(said, str):
            published, changed = (_iso(item.get(name)) for name in ("date_published", "date_modified"))
            entries.append(Entry(said, _words(item.get("title")), published, changed))
    return Listing(tuple(entries), publisher=_words(told.get("title")), problems=problems)


def _iso(said: Any) -> datetime | None:
    """A moment as W3C and RFC 3339 write it, in UTC; a day alone is its beginning."""
    try:
        told = datetime.fromisoformat(str(said).strip())
    except ValueError:
        return None
    try:
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _lines(raw: bytes) -> Iterator[str]:
    for line in raw.decode("utf-8-sig", "replace").splitlines()[:MOST_LISTED]:
        if (said := line.strip()) and not said.startswith("#"):
            yield said


# ---------------------------------------------------------------- sitemaps

PLAIN = frozenset({"loc", "lastmod", "publication_date", "title", "name"})


def _read_sitemap(raw: bytes) -> Listing:
    """A sitemap, an index of sitemaps, or a news sitemap (Google's, 0.9), read to where it is well formed."""
    reader = _Sitemap()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.take
    problems: tuple[Problem, ...] = ()
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as fault:
        problems = (_remark("not well formed", f"is not well formed ({fault}); what stands before that was read"),)
    except _EnoughError:
        problems = (_remark("too large", f"has more than {MOST_LISTED:,} addresses; the first {MOST_LISTED:,} were read"),)
    if reader.is_index:
        return Listing(sitemaps=tuple(reader.entries), problems=problems)
    return Listing(tuple(reader.entries), problems=problems)


class _EnoughError(Exception):
    pass


class _Sitemap:
    """What a sitemap says, as its elements come."""

    def __init__(self) -> None:
        self.is_index = False
        self.entries: list[Entry] = []
        self._said: dict[str, str] = {}
        self._name = ""

    def doctype(self, *_: object) -> None:
        raise FetchError("no feed", "has a document type with entities, which no sitemap needs; it was not read")

    def start(self, name: str, attributes: object) -> None:
        space, _, local = name.rpartition(" ")
        # Pictures and films of a page have addresses and titles too, in name spaces of their own.
        self._name = "" if "sitemap-image" in space or "sitemap-video" in space else local
        self.is_index = self.is_index or self._name == "sitemapindex"
        if self._name in {"url", "sitemap"}:
            self._said = {}

    def take(self, words: str) -> None:
        if self._name in PLAIN and len(self._said.get(self._name, "")) < 4096:
            self._said[self._name] = self._said.get(self._name, "") + words

    def end(self, name: str) -> None:
        self._name = ""
        if name.rpartition(" ")[2] not in {"url", "sitemap"} or not self._said.get("loc", "").strip():
            return
        if len(self.entries) >= MOST_LISTED:
            raise _EnoughError
        said = self._said
        published, changed = (_iso(said.get(key)) for key in ("publication_date", "lastmod"))
        self.entries.append(Entry(said["loc"].strip(), _words(said.get("title")), published, changed, _words(said.get("name"))))


# ---------------------------------------------------------------- addresses


def _in_one_form(found: Listing, base: str, tables: AddressTables, ports: frozenset[int]) -> Listing:
    """The listing with its addresses in their one form, each once; those that are none are passed over, and counted."""
    bad: list[str] = []

    def formed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        once: dict[str, Entry] = {}
        for entry in entries:
            try:
                address = canonical_address(entry.address, tables, base, ports)
            except FetchError:
                bad.append(entry.address[:80])
            else:
                once.setdefault(address, replace(entry, address=address))
        return tuple(once.values())

    entries, sitemaps = formed(found.entries), formed(found.sitemaps)
    problems = tuple(replace(p, report=base, message=f"{base}: {p.message}") for p in found.problems)
    if bad:
        message = f"{base}: lists {len(bad):,} that are no addresses of web pages, such as {bad[0]!r}; they were passed over"
        problems = (*problems, Problem("fetching", "bad address", message, base))
    return replace(found, entries=entries, sitemaps=sitemaps, problems=problems)


def _remark(reason: str, message: str) -> Problem:
    return Problem("fetching", reason, message, "")
