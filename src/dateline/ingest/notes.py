"""What editors say of a report itself: corrections, retractions, updates, and what they say was changed.

Knowledge: knowledge/reading/notes.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dateline.knowledge.reading import NotePattern, ReadingTables
from dateline.records import Block, BlockKind, EditorsNote, Span

OPENING = re.compile(r"(?:^|[.!?…][\"'”’)\]]*\s+|\n+)(?=\S)")
"""Where a sentence may begin, near enough: an abbreviation costs nothing, since a note must open with known words."""
STOP = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|$)|\n")
BRACKETS = {"(": ")", "[": "]"}
LONGEST = 600
"""Code points of a note in brackets."""


def find_notes(text: str, blocks: Sequence[Block], tables: ReadingTables) -> tuple[EditorsNote, ...]:
    """The notes, in text order, none inside another; a text that says nothing of itself: an empty tuple.

    They are looked for in all blocks but links to other stories, in headlines only where the headline opens with them.
    """
    found: list[EditorsNote] = []
    first = next((b for b in blocks if b.kind in (BlockKind.TITLE, BlockKind.BODY)), None)
    for block in blocks:
        if block.kind is BlockKind.LINK:
            continue
        for note in _notes_of(text, block, tables, is_head=block is first):
            if not any(note.span.overlaps(other.span) for other in found):
                found.append(note)
    return tuple(found)


def _notes_of(text: str, block: Block, tables: ReadingTables, *, is_head: bool) -> Iterator[EditorsNote]:
    words = block.span.of(text)
    if is_head:
        yield from _opened(words, 0, "title", block, tables)
    for bracket in re.finditer(r"[(\[]", words):
        yield from _opened(words, bracket.end(), "bracket", block, tables)
    for opening in OPENING.finditer(words):
        yield from _opened(words, opening.end(), "opening", block, tables)


def _opened(words: str, start: int, at: str, block: Block, tables: ReadingTables) -> Iterator[EditorsNote]:
    """The note that opens there, if any."""
    for pattern in tables.notes:
        match = pattern.regex.match(words, start) if pattern.at == at else None
        if match is None:
            continue
        span = _extent(words, match, pattern, block)
        if pattern.unless and pattern.unless.search(span.of(words)):
            continue
        yield _note(words, match, pattern, span, block, tables)
        return


def _extent(words: str, match: re.Match[str], pattern: NotePattern, block: Block) -> Span:
    """How far the note goes: the brackets it stands in, the words of the slug, or its sentence; a note's block is all note."""
    if pattern.at == "title":
        return Span(*match.span())
    if pattern.at == "bracket":
        start = match.start() - 1
        end = words.find(BRACKETS[words[start]], match.end(), match.end() + LONGEST)
        return Span(start, end + 1 if end >= 0 else match.end())
    if block.kind is BlockKind.FURNITURE:
        return Span(match.start(), len(words))
    stop = STOP.search(words, match.end())
    return Span(match.start(), stop.end() if stop else len(words))


def _note(words: str, match: re.Match[str], pattern: NotePattern, span: Span, block: Block, tables: ReadingTables) -> EditorsNote:
    told: dict[str, Span] = {}
    if pattern.at != "title":
        for change in tables.changes:
            for said in change.finditer(words, span.start, span.end):
                for name, value in said.groupdict().items():
                    if value:
                        told.setdefault(name, Span(*said.span(name)).shift(block.span.start))
                break
    return EditorsNote(
        pattern.kind,
        span.shift(block.span.start),
        Span(*match.span()).shift(block.span.start),
        told.get("matter"),
        told.get("earlier"),
        told.get("now"),
    )
