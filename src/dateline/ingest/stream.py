"""The visible characters of a web page, each with its place in the source, and the elements they stand in."""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dateline.ingest.normalise import INK, SPACES, Piece

TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>|[!?][^<>]*>)")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
SILENT = frozenset({"script", "style", "template", "noscript", "svg", "title", "textarea", "select", "iframe", "object"})
"""Elements whose characters a reader does not see, or not as text."""
NOTED = frozenset({"a", "p", "h1", "h2", "h3", "h4", "figcaption", "article"})
INKS = re.compile(f"{INK.pattern}+")


@dataclass(frozen=True)
class Element:
    """An element's ink: [start, end)."""

    start: int
    end: int


@dataclass(frozen=True)
class Stream:
    """The page's ink: its visible characters without white space, in order, and where each starts and ends in the source."""

    source: str
    ink: str
    starts: array[int]
    ends: array[int]
    elements: Mapping[str, tuple[Element, ...]]
    """The noted elements by name, in order; two of one name never overlap."""

    def named(self, name: str) -> tuple[Element, ...]:
        return self.elements.get(name, ())

    def inside(self, name: str, start: int, end: int) -> float:
        """The share of ink [start, end) that stands in elements of this name."""
        elements = self.named(name)
        first = bisect_right(elements, start, key=lambda e: e.end)
        after = bisect_left(elements, end, key=lambda e: e.start)
        return sum(min(e.end, end) - max(e.start, start) for e in elements[first:after]) / max(1, end - start)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The text of ink [start, end), with a space wherever white space or a tag stands between two characters."""
        pieces: list[Piece] = []
        copied = start  # where the copy in hand begins
        for i in range(start, end):
            low, high = self.starts[i], self.ends[i]
            is_copy = high - low == 1
            if i > start and low > self.ends[i - 1]:
                gap = self.source[self.ends[i - 1] : low]
                pieces.append(Piece(" ", self.ends[i - 1], low) if gap.isspace() else Piece(" "))
                copied = i
            elif i > start and not (is_copy and self.ends[i - 1] - self.starts[i - 1] == 1 and self.ends[i - 1] == low):
                copied = i
            following_is_copy = (
                is_copy and i + 1 < end and self.starts[i + 1] == high and self.ends[i + 1] - self.starts[i + 1] == 1
            )
            if not following_is_copy:
                pieces.append(Piece(self.ink[copied : i + 1], self.starts[copied], high))
        return tuple(pieces)


def read_stream(source: str) -> Stream:
    """The page's ink. Takes time in proportion to the page, whatever its markup is like."""
    ink: list[str] = []
    starts, ends = array("q"), array("q")
    elements: dict[str, list[Element]] = {name: [] for name in NOTED}
    opened: dict[str, int] = {}
    for is_tag, start, end, name in _parts(source):
        if not is_tag:
            for text, low, high in _inks(source, start, end):
                ink.append(text)
                is_copy = high - low == len(text)
                starts.extend(range(low, high) if is_copy else [low] * len(text))
                ends.extend(range(low + 1, high + 1) if is_copy else [high] * len(text))
        elif name.lstrip("/") in NOTED:
            # None of the noted elements stands in another of its name, so an opening tag also closes one that was left open.
            closed = opened.pop(name.lstrip("/"), None)
            if closed is not None and closed < len(starts):
                elements[name.lstrip("/")].append(Element(closed, len(starts)))
            if not name.startswith("/"):
                opened[name] = len(starts)
    return Stream(source, "".join(ink), starts, ends, {name: tuple(found) for name, found in elements.items()})


def _parts(source: str) -> Iterator[tuple[bool, int, int, str]]:
    """Tags and the text between them, in order: (is a tag, start, end, name with "/" before a closing one's)."""
    at = 0
    while match := TAG.search(source, at):
        if match.start() > at:
            yield False, at, match.start(), ""
        name = (match.group(2) or "").lower()
        at = match.end()
        if match.group() == "<!--":
            close = source.find("-->", at)
            at = len(source) if close < 0 else close + 3
        elif name in SILENT and not match.group(1) and not match.group().endswith("/>"):
            closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, at)
            at = len(source) if closing is None else closing.end()
        elif name:
            yield True, match.start(), at, (match.group(1) or "") + name
    if at < len(source):
        yield False, at, len(source), ""


def _inks(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    at = start
    for match in ENTITY.finditer(source, start, end):
        yield from ((m.group(), m.start(), m.end()) for m in INKS.finditer(source, at, match.start()))
        at = match.end()
        meant = html.unescape(match.group())
        if meant == match.group():
            yield meant, match.start(), match.end()
        elif visible := re.sub(f"[{SPACES}]", "", "".join(INKS.findall(meant))):
            yield visible, match.start(), match.end()
    yield from ((m.group(), m.start(), m.end()) for m in INKS.finditer(source, at, end))
