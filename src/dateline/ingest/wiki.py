"""Exports of MediaWiki: each page's last revision a report in wikitext.

Read by expat as a stream. A document type is refused, so that no entity of its own, and no file that one names, is ever looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.parsers import expat

from dateline.ingest.given import Given, passed_over, refused
from dateline.ingest.unpacking import CHUNK, Readable
from dateline.records import Problem, Report

WIKITEXT = "text/x-wiki"
BEGINS = b"<mediawiki"
MAX_DEPTH = 20
"""Elements inside elements; an export has five."""
MAX_TOKEN = 1_000_000
"""Bytes of one tag; an export's have some hundred."""
KEPT = frozenset({"base", "sitename", "title", "ns", "timestamp", "text"})
TALK = "talk and project pages"


class _RefusedError(ValueError):
    """The XML is not that of an export, or is made to do harm."""


@dataclass
class _Page:
    """A page as far as it has been read; `text` None: its last revision is too large, or there is none yet."""

    number: int
    title: str = ""
    namespace: str = "0"
    is_redirect: bool = False
    moment: str = ""
    text: str | None = None
    is_too_large: bool = False


@dataclass
class _Parser:
    """What expat tells, put together into pages."""

    max_bytes: int
    base: str = ""
    site: str = ""
    done: list[_Page] = field(default_factory=list)
    count: int = 0
    _open: list[str] = field(default_factory=list)
    _page: _Page | None = None
    _moment: str = ""
    _words: list[str] = field(default_factory=list)
    _size: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and name != "mediawiki":
            raise _RefusedError("is XML, but no export of MediaWiki")
        if len(self._open) >= MAX_DEPTH:
            raise _RefusedError(f"has more than {MAX_DEPTH} elements inside each other")
        self._open.append(name)
        self._words, self._size = [], 0
        if name == "page":
            self.count += 1
            self._page = _Page(self.count)
        elif name == "redirect" and self._page:
            self._page.is_redirect = True

    def words(self, words: str) -> None:
        if self._open[-1] in KEPT:
            self._size += len(words)
            if self._size <= self.max_bytes:
                self._words.append(words)

    def end(self, name: str) -> None:
        self._open.pop()
        words = "".join(self._words)
        if name == "base":
            self.base = words
        elif name == "sitename":
            self.site = words.strip()
        elif self._page and name == "title":
            self._page.title = words.strip()[:500]
        elif self._page and name == "ns":
            self._page.namespace = words.strip()
        elif name == "timestamp":
            self._moment = words.strip()
        elif self._page and name == "text" and self._moment >= self._page.moment:
            self._page.moment, self._page.is_too_large = self._moment, self._size > self.max_bytes
            self._page.text = None if self._page.is_too_large else words
        elif self._page and name == "page":
            self.done.append(self._page)
            self._page, self._moment = None, ""
        self._words, self._size = [], 0

    def refuse(self, *_: object) -> None:
        raise _RefusedError("declares a document type or entities of its own, as no export does and attacks do")


def read_export(stream: Readable, name: str, given: Given) -> Iterator[Report | Problem]:
    """The articles of an export, each "dump.xml!Title" with its last revision in wikitext ("text/x-wiki").

    Pages of the main namespace, and of those above 100 that are not talk (portals); redirects, talk, users, templates and the like
    are counted in a remark at the end. XML that breaks off or is broken is a fatal Problem at its line, after the pages before it.
    """
    pages = _Parser(given.max_bytes)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = pages.start, pages.end, pages.words
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = pages.refuse
    counts: Counter[str] = Counter()
    fed = 0
    try:
        while True:
            chunk = stream.read(CHUNK)
            fed += len(chunk)
            parser.Parse(chunk, not chunk)
            yield from _reports(pages, name, given, counts)
            if not chunk:
                break
            if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
                raise _RefusedError(f"has a tag of more than {MAX_TOKEN:,} bytes")
    except expat.ExpatError as fault:
        yield from _reports(pages, name, given, counts)
        message = f"is broken at line {fault.lineno:,} ({expat.ErrorString(fault.code)}); what came before was read"
        yield refused("damaged", name, message)
    except _RefusedError as fault:
        yield from _reports(pages, name, given, counts)
        yield refused("refused XML", name, f"{fault}; it was left off at line {parser.CurrentLineNumber:,}")
    if rest := passed_over(name, counts, "pages"):
        yield rest


def _reports(pages: _Parser, name: str, given: Given, counts: Counter[str]) -> Iterator[Report | Problem]:
    done, pages.done = pages.done, []
    for page in done:
        place = f"{name}!{page.title or page.number}"
        kind = _passed_over(page)
        if kind:
            counts[kind] += 1
        elif page.text is None:
            reason = f"has a revision of more than the {given.max_bytes:,} bytes one report may have"
            yield refused("too large" if page.is_too_large else "no text", place, reason if page.is_too_large else "has no text")
        else:
            yield Report(
                place,
                page.text.encode("utf-8", "replace"),
                WIKITEXT,
                address=_address(pages.base, page.title),
                publisher=given.publisher or pages.site or None,
                published=given.published,
                title=page.title or None,
            )


def _passed_over(page: _Page) -> str | None:
    number = int(page.namespace) if page.namespace.isascii() and page.namespace.isdigit() and len(page.namespace) < 9 else 0
    if number and (number < 100 or number % 2):
        return TALK
    return "redirects" if page.is_redirect else None


def _address(base: str, title: str) -> str | None:
    """The page's address, from that of the wiki's main page, which exports give; no such: None."""
    return f"{base.rpartition('/')[0]}/{quote(title.replace(' ', '_'), safe='/:,')}" if "/" in base and title else None
