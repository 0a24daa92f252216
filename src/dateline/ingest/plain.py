"""Plain text: its head, and where its paragraphs begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]*(?:\r\n|[\r\n\v\f\u2028\u2029]|$)")
HEAD_LINE = re.compile(r"\s*([A-Za-z]{2,12})\s*(?::|(?<=[Bb][Yy])\s)\s*(\S.*?)\s*$")
FINAL = re.compile(r"[.!?…:;][\"'”’)\]]*$")
RUNS_ON = re.compile(r"\s*+(?!\d)(?:\S++\s++){3,}[a-z]+\s*+$")
"""A line of several words that opens with no figure and closes with a small word: "police in Brest detained almost"."""

COUNTS = re.compile(r"\s*[\d,.]+\s+[a-z]")
"""A line that opens with how many: what it counts belongs to the line before, and "2. A point" or "20" alone does not."""

NARROW, WIDE = 40, 120
"""Lines wrapped by hand or by a wire machine are between these many characters; longer ones are paragraphs of their own."""


@dataclass(frozen=True)
class HeadLine:
    """A line `Key: value` that a report opens with: what it is metadata of, its value, and where line and value stand."""

    field: str
    value: str
    start: int
    end: int
    value_start: int


@dataclass(frozen=True)
class Line:
    start: int
    end: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def read_head(source: str, keys: Mapping[str, str]) -> tuple[tuple[HeadLine, ...], int]:
    """The metadata lines a text opens with, in order, and where the text proper begins.

    The head is the lines before the first empty one, each `Key: value` with a known key, or "By …" below another. The first line
    that is not ends it; a text that does not open so has none. Knowledge: knowledge/reading/metadata.yaml, front_matter.
    """
    head: list[HeadLine] = []
    at = 0
    for line in _lines(source):
        match = HEAD_LINE.match(line.text)
        field = keys.get(match.group(1).lower()) if match else None
        # "By" without a colon opens many ordinary sentences: it is a byline only below another line of a head.
        is_sentence = match is not None and ":" not in line.text[: match.start(2)] and not head
        if match is None or field is None or is_sentence:
            break
        start = line.start + match.start(2)
        head.append(HeadLine(field, match.group(2), line.start, line.end, start))
        at = line.end
    return tuple(head), at


def find_paragraphs(source: str, start: int) -> tuple[tuple[int, int], ...]:
    """Where the paragraphs of source[start:] stand, in order.

    Empty lines divide them. Inside such a block each line is a paragraph, unless the lines were wrapped at a fixed width: then
    they are joined, and a line that stops short after the end of a sentence, or an indented next line, ends the paragraph.
    """
    blocks = tuple(_blocks(source, start))
    width = _wrap_width(blocks)
    return tuple(paragraph for block in blocks for paragraph in _paragraphs(block, width))


def _lines(source: str, start: int = 0) -> Iterator[Line]:
    for match in LINE.finditer(source, start):
        if match.end() > match.start():
            # U+0085 is white space to Python, and an ellipsis to us: Windows-1252 that went through Latin-1.
            words = match.group().rstrip("\r\n\v\f\u2028\u2029").replace("\x85", "…")
            yield Line(match.start(), match.end(), words)


def _blocks(source: str, start: int) -> Iterator[tuple[Line, ...]]:
    block: list[Line] = []
    for line in _lines(source, start):
        if line.text.strip():
            block.append(line)
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def _wrap_width(blocks: tuple[tuple[Line, ...], ...]) -> int | None:
    """The width the text was wrapped at; a text that was not: None.

    Wrapped means: no line is wider than 120, and at seven line breaks in ten the next line's first word had no room left.
    """
    inner = [pair for block in blocks for pair in pairwise(block)]
    width = max((len(line.text.rstrip()) for block in blocks for line in block), default=0)
    if not inner or not NARROW <= width <= WIDE:
        return None
    full = sum(1 for line, following in inner if _is_full(line, following, width))
    open_ended = sum(1 for line, _ in inner if not FINAL.search(line.text.rstrip()))
    return width if full >= 0.7 * len(inner) and open_ended >= 0.5 * len(inner) else None


def _is_full(line: Line, following: Line, width: int) -> bool:
    # Wire machines leave a few columns: a word counts as having no room when the line would have come within four of the edge.
    first = following.text.split(maxsplit=1)[0]
    return len(line.text.rstrip()) + 1 + len(first) >= width - 4


def _paragraphs(block: tuple[Line, ...], width: int | None) -> Iterator[tuple[int, int]]:
    first = block[0]
    for line, following in pairwise(block):
        if _ends_paragraph(line, following, width):
            yield first.start, line.end
            first = following
    yield first.start, block[-1].end


def _ends_paragraph(line: Line, following: Line, width: int | None) -> bool:
    if width is not None:
        is_short = not _is_full(line, following, width) and bool(FINAL.search(line.text.rstrip()))
        return is_short or following.indent >= line.indent + 2
    if len(line.text) > WIDE or FINAL.search(line.text.rstrip()):
        return True
    goes_on = following.text.lstrip()[:1].islower() or (RUNS_ON.match(line.text) and COUNTS.match(following.text))
    return not goes_on
