"""Wikitext: the paragraphs a reader of the wiki sees, each character with its place in the source.

Parsed by mwparserfromhell, whose nodes put together are the source again, so that every word's place is known.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dateline.ingest.normalise import Piece, clean
from dateline.knowledge.reading import ReadingTables, WikitextTables
from dateline.records import BlockKind

MAX_WIKITEXT = 2_000_000
"""MediaWiki's own limit is 2,097,152 bytes a page."""
MAX_OPEN = 200
"""Brackets, braces and tags that stand open at once: the parser looks for the end of each to the end of the page, so its time grows
with their square. Articles nest a dozen deep, and leave a few open by mistake."""
MARKS = re.compile(r"(?P<opens>\{\{|\{\||\[|<(?!br|hr|li|p\b|wbr)[a-zA-Z][^<>/]{0,500}>)|\}\}|\|\}|\]|</[a-zA-Z]")
BLOCKS = frozenset({"li", "dt", "dd", "p", "br", "hr", "div", "ul", "ol", "dl", "blockquote", "table"})
"""Elements that begin a line of their own."""
TITLE_DAY = re.compile(r"/(\d{4})[ _]([A-Z][a-z]{2,8})[ _](\d{1,2})$")
"""How a page of the portal of current events ends its title: "Portal:Current events/2020 August 18"."""


class WikitextError(ValueError):
    """The wikitext cannot be read; the message says why."""


@dataclass(frozen=True)
class Wikitext:
    """The paragraphs in order, with what their place says they are; `published`: the words of a template that gives the day."""

    paragraphs: tuple[tuple[tuple[Piece, ...], BlockKind | None], ...]
    published: str | None = None


@dataclass
class _Line:
    """A paragraph being put together: its characters, and where in the source each starts and ends."""

    kind: BlockKind | None = None
    characters: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))


def read_wikitext(source: str, tables: ReadingTables) -> Wikitext:
    """The paragraphs of a wiki page; one without words has none. Raises WikitextError.

    Links show their words, templates nothing but those in knowledge/reading/wikitext.yaml; notes, tables and pictures are left
    out. What stands under "References" and its like is furniture.
    """
    # Imported here: plain texts and pages do not need it.
    import mwparserfromhell

    if len(source) > MAX_WIKITEXT:
        raise WikitextError(f"it has {len(source):,} characters, more than the {MAX_WIKITEXT:,} a wiki page may have")
    if _most_open(source) > MAX_OPEN:
        raise WikitextError(f"more than {MAX_OPEN} links, templates and tags are open at once in it")
    try:
        reader = _Reader(tables.wikitext)
        reader.read(mwparserfromhell.parse(source), 0)
        reader.end()
    except RecursionError as error:
        raise WikitextError("its templates are nested too deeply") from error
    except mwparserfromhell.parser.ParserError as error:
        raise WikitextError("its markup cannot be parsed") from error
    paragraphs = ((_pieces(line, tables), line.kind) for line in reader.lines)
    return Wikitext(tuple((pieces, kind) for pieces, kind in paragraphs if pieces), reader.published)


def day_of_title(title: str) -> str | None:
    """The day that a page of the portal of current events has in its title, day first; another title: None."""
    match = TITLE_DAY.search(title)
    return f"{match[3]} {match[2]} {match[1]}" if match else None


def _most_open(source: str) -> int:
    """How many brackets, braces and tags stand open at once, at most."""
    now = most = 0
    for match in MARKS.finditer(source):
        now = now + 1 if match["opens"] else max(0, now - 1)
        most = max(most, now)
    return most


class _Reader:
    """Goes through the nodes in order; `at` is always where the next one stands in the source."""

    def __init__(self, tables: WikitextTables) -> None:
        self._tables = tables
        self._line = _Line()
        self._is_furniture = False
        self.lines: list[_Line] = []
        self.published: str | None = None

    def read(self, code: Any, at: int) -> None:
        for node in code.nodes:
            written = str(node)
            getattr(self, f"_{type(node).__name__.lower()}", self._nothing)(node, written, at)
            at += len(written)

    def end(self) -> None:
        """Ends the paragraph in hand."""
        if self._line.characters:
            self.lines.append(self._line)
        self._line = _Line(BlockKind.FURNITURE if self._is_furniture else None)

    def _nothing(self, node: Any, written: str, at: int) -> None:
        """Comments and arguments have no words for readers."""

    def _text(self, node: Any, written: str, at: int) -> None:
        for number, line in enumerate(re.split(r"(\n[ \t]*\n\s*)", written)):
            if number % 2:
                self.end()
            else:
                self._put(line, at)
            at += len(line)

    def _put(self, words: str, at: int) -> None:
        self._line.characters.extend(words)
        self._line.starts.extend(range(at, at + len(words)))
        self._line.ends.extend(range(at + 1, at + len(words) + 1))

    def _htmlentity(self, node: Any, written: str, at: int) -> None:
        for character in node.normalize():
            self._line.characters.append(character)
            self._line.starts.append(at)
            self._line.ends.append(at + len(written))

    def _wikilink(self, node: Any, written: str, at: int) -> None:
        title = str(node.title)
        prefix = title.partition(":")[0].strip().lower() if ":" in title else ""
        if prefix in self._tables.apart or (2 <= len(prefix) <= 3 and prefix.isalpha() and node.text is None):
            return  # a picture, a category, or the same page in another language
        if node.text is not None:
            self.read(node.text, at + 2 + len(title) + 1)
        else:
            self._put(title.lstrip(":"), at + 2 + len(title) - len(title.lstrip(":")))

    def _externallink(self, node: Any, written: str, at: int) -> None:
        if node.brackets and node.title is not None:
            self._inside(node.title, written, at, "]")

    def _heading(self, node: Any, written: str, at: int) -> None:
        self.end()
        title = str(node.title).strip().lower()
        self._is_furniture = title in self._tables.furniture or (self._is_furniture and node.level > 2)
        self._line.kind = BlockKind.FURNITURE if self._is_furniture else BlockKind.CROSSHEAD
        self.read(node.title, at + node.level)
        self.end()

    def _tag(self, node: Any, written: str, at: int) -> None:
        name = str(node.tag).strip().lower()
        if name in BLOCKS:
            self.end()
        if name not in self._tables.silent and node.contents is not None:
            closing = node.closing_wiki_markup if node.wiki_markup else f"</{node.closing_tag}>"
            self._inside(node.contents, written, at, closing or "")
        if name in BLOCKS and node.contents:
            self.end()

    def _inside(self, code: Any, written: str, at: int, closing: str) -> None:
        """Reads what stands at the end of a node, before what closes it."""
        inner = str(code)
        offset = len(written) - len(closing) - len(inner)
        if offset >= 0 and written.startswith(inner, offset):
            self.read(code, at + offset)

    def _template(self, node: Any, written: str, at: int) -> None:
        name = " ".join(str(node.name).split()).lower()
        self._find_day(name, node)
        if (wanted := self._tables.shown.get(name)) is None or not node.params:
            return
        at += 2 + len(str(node.name))
        for number, parameter in enumerate(node.params):
            key = str(parameter.name)
            offset = 1 + (len(key) + 1 if parameter.showkey else 0)
            if key.strip() == wanted or (wanted == "last" and number == len(node.params) - 1):
                self.read(parameter.value, at + offset)
                return
            at += offset + len(str(parameter.value))

    def _find_day(self, name: str, node: Any) -> None:
        keys = self._tables.dates.get(name, ())
        values = [str(node.get(key).value).strip() for key in keys if node.has(key)]
        if self.published is None and keys and len(values) == len(keys) and all(values):
            self.published = "-".join(f"{value:0>2}" for value in values)[:60]


def _pieces(line: _Line, tables: ReadingTables) -> tuple[Piece, ...]:
    words = "".join(line.characters)
    cleaned = clean(words, 0, len(words), tables.misread, tables.lone_misread)
    return tuple(piece for part in cleaned for piece in _placed(part, line))


def _placed(piece: Piece, line: _Line) -> Iterator[Piece]:
    """A piece of the line's words as pieces of the source, parted wherever markup stands between two characters."""
    if piece.start < 0:
        yield piece
    elif not piece.is_copy():
        yield Piece(piece.text, line.starts[piece.start], line.ends[piece.end - 1])
    else:
        first = piece.start
        for i in range(piece.start, piece.end):
            is_last = i + 1 == piece.end
            if (
                is_last
                or line.starts[i + 1] != line.ends[i]
                or line.ends[i] - line.starts[i] != 1
                or line.ends[i + 1] - line.starts[i + 1] != 1
            ):
                yield Piece(piece.text[first - piece.start : i + 1 - piece.start], line.starts[first], line.ends[i])
                first = i + 1
