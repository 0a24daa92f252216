"""What stands between quotation marks, whatever marks the paper prints and however carelessly.

A mark that is never closed runs to the end of its paragraph, as newspapers print quotations of several paragraphs; a mark that
closes what was never opened closes its paragraph's beginning. Marks inside other marks open nothing. Knowledge:
knowledge/cues/quotation_marks.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.knowledge.cues import QuotationMarks
from dateline.records import BlockKind, Document, Span

_QUOTED = frozenset({BlockKind.BODY, BlockKind.CAPTION, BlockKind.TITLE})
_BEFORE_OPENING = frozenset("([{—–-/\u00a0")


@dataclass(frozen=True)
class Marked:
    """The words between two marks, without them. `is_closed` is False for one that runs to the end of its paragraph."""

    span: Span
    outer: Span
    """With the marks."""
    is_closed: bool
    is_broken: bool = False
    """True for one that nobody closes: it bounds nothing, and reaches to the end of its sentence at most."""


def find_marked(document: Document, marks: QuotationMarks) -> tuple[Marked, ...]:
    """What is marked in each paragraph, in text order; nothing marked: an empty tuple."""
    found = [list(marked_in(document.text, b.span, marks)) for b in document.blocks if b.kind in _QUOTED]
    for number, own in enumerate(found):
        later = found[number + 1] if number + 1 < len(found) else []
        if own and not own[-1].is_closed and not (later and _opens_block(document, later[0])):
            own[-1] = _broken(document.text, own[-1])
    return tuple(m for own in found for m in own)


def _opens_block(document: Document, marked: Marked) -> bool:
    block = document.block_at(marked.outer.start)
    return block is not None and marked.outer.start - block.span.start <= 1


def _broken(text: str, marked: Marked) -> Marked:
    end = re.compile(r"[.!?](?=\s)|$").search(text, marked.span.start, marked.span.end)
    stop = end.end() if end is not None else marked.span.end
    return Marked(Span(marked.span.start, stop), Span(marked.outer.start, stop), is_closed=False, is_broken=True)


def marked_in(text: str, block: Span, marks: QuotationMarks) -> Iterator[Marked]:
    """What is marked in one paragraph, left to right."""
    found = [(m.start(), m.group()) for m in re.compile(marks.pattern).finditer(text, block.start, block.end)]
    at = 0
    done = block.start
    while at < len(found):
        start, mark = found[at]
        at += 1
        if start < done:
            continue
        if _is_stray_closing(text, start, mark, block, marks):
            # Closes what nobody opened: from the beginning of the paragraph, if nothing was marked before.
            if (
                done == block.start
                and (marked := _between(text, block.start, block.start, start, start + len(mark), is_closed=True)) is not None
            ):
                yield marked
                done = start + len(mark)
            continue
        if not _can_open(text, start, mark, block, marks):
            continue
        closing = next((f for f in found[at:] if _closes(text, f, mark, block, marks)), None)
        if mark in marks.single and closing is None:
            continue  # an apostrophe
        stop, end = (closing[0], closing[0] + len(closing[1])) if closing is not None else (block.end, block.end)
        if (marked := _between(text, start, start + len(mark), stop, end, is_closed=closing is not None)) is not None:
            yield marked
        done = end


def _between(text: str, outer: int, start: int, stop: int, end: int, *, is_closed: bool) -> Marked | None:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return Marked(Span(start, stop), Span(outer, end), is_closed) if start < stop else None


def _can_open(text: str, at: int, mark: str, block: Span, marks: QuotationMarks) -> bool:
    if mark in marks.opening:
        return True
    if mark in marks.closing:
        return False
    after = text[at + len(mark) : at + len(mark) + 1]
    before = text[at - 1] if at > block.start else " "
    opens = bool(after) and not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)
    return opens and (mark not in marks.single or after.isalpha() or after in '[“"…')


def _is_stray_closing(text: str, at: int, mark: str, block: Span, marks: QuotationMarks) -> bool:
    """True for a double mark that only closes by its surroundings: behind a word or a stop, before a space."""
    if mark in marks.single or mark in marks.opening:
        return False
    after = text[at + len(mark) : at + len(mark) + 1] if at + len(mark) < block.end else " "
    return at > block.start and text[at - 1] in ",.?!" and (after.isspace() or after in ",.;)")


def _closes(text: str, found: tuple[int, str], opening: str, block: Span, marks: QuotationMarks) -> bool:
    at, mark = found
    if opening in marks.single:
        if mark not in marks.single[opening]:
            return False
        before = text[at - 1]
        after = text[at + 1] if at + 1 < block.end else " "
        if after.isalnum() or before.isspace():
            return False
        rest = text[at + 1 : block.end]
        # "the miners’ leader": a plural's apostrophe, if a better closing mark is still to come.
        return before != "s" or not re.search(rf"[,.?!]{re.escape(mark)}", rest.partition(opening if opening != mark else "\n")[0])
    if opening in marks.opening:
        return mark in marks.opening[opening] and (mark != opening or (at > 0 and not text[at - 1].isspace()))
    if mark == opening:
        return not _can_open(text, at, mark, block, marks) or not text[at - 1].isspace()
    return mark in marks.closing and opening == '"'
