"""A document in parts that a model can read at once: whole paragraphs, each where it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.records import BlockKind, Document, Span

MOST = 6000
"""Characters of a part: some 1,500 tokens, which leaves room for the answer in the smallest contexts that servers start with."""

END_OF_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s")


@dataclass(frozen=True)
class Chunk:
    """Paragraphs that are read at once, in order; a very long one may be in pieces."""

    paragraphs: tuple[Span, ...]


def chunks_of(document: Document, most: int = MOST) -> tuple[Chunk, ...]:
    """The parts of what tells: body and captions, or the title where there is no body; nothing tells: an empty tuple.

    Paragraphs are not overlapping and none is in two parts, so that nothing is told twice.
    """
    parts: list[list[Span]] = [[]]
    for span in (piece for block in _telling(document) for piece in _pieces(document.text, block, most)):
        if parts[-1] and sum(map(len, parts[-1])) + len(span) > most:
            parts.append([])
        parts[-1].append(span)
    return tuple(Chunk(tuple(part)) for part in parts if part)


def _telling(document: Document) -> Iterator[Span]:
    has_body = any(block.kind is BlockKind.BODY for block in document.blocks)
    told = {BlockKind.BODY, BlockKind.CAPTION} if has_body else {BlockKind.TITLE, BlockKind.CAPTION}
    yield from (block.span for block in document.blocks if block.kind in told)


def _pieces(text: str, span: Span, most: int) -> Iterator[Span]:
    """The paragraph, cut behind a sentence where it is too long, or at a space where one sentence is."""
    start = span.start
    while span.end - start > most:
        ends = [match.end() for match in END_OF_SENTENCE.finditer(text, start, start + most)]
        space = text.rfind(" ", start + 1, start + most)
        end = ends[-1] if ends else space + 1 if space > 0 else start + most
        yield Span(start, end)
        start = end
    yield Span(start, span.end)
