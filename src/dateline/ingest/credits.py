"""Which news agencies a document credits, where, and with what: its text, a part of it, or a picture.

Knowledge: knowledge/reading/agencies.yaml and credits.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dateline.ingest.boilerplate import dateline_of
from dateline.knowledge.reading import NAME, ReadingTables
from dateline.records import Block, BlockKind, Credit, CreditFor, Span

DATELINE_REACH = 2_000
"""Code points looked at from where a dateline starts: more than the longest, with the words after it that some forms ask for."""
SOURCE = re.compile(r"^\W{0,2}sources?\s*:\s*(?P<names>\S.{1,120})$", re.IGNORECASE)
BETWEEN_NAMES = re.compile(r"\s*(?:[/,;&]|\b(?:and|via|with)\b)\s*")
SOURCE_NAME = re.compile(rf"{NAME}(?:\s\d{{1,3}})?\.?")
SOURCE_WORDS = 7
"""More words than these are no source's name."""
AGENCIES = re.compile(r"\bagencies\b", re.IGNORECASE)


def find_credits(text: str, blocks: Sequence[Block], tables: ReadingTables, byline: str | None = None) -> tuple[Credit, ...]:
    """The credits of agencies in datelines, credit lines, captions' credits and copyright lines, in text order; none: empty.

    An agency in the table goes by the name it has there, and "agencies" stands where only that is said. One that is not in the
    table goes by its own words, where the form is clear: in brackets in a dateline ("MINSK (Halden Press) -"), or after "Source:"
    with a word such as Agency, Press or News. `byline` is the one given with the report, which may stand nowhere in its text: what
    it credits comes first and has no span.
    """
    given = [Credit(name, None, CreditFor.TEXT) for name in _known(byline or "", tables)]
    found: list[Credit] = []
    for i, block in enumerate(blocks):
        names = dict.fromkeys(_credited(text, block, tables))
        for name in names:
            span = _where(text, block.span, name, tables)
            found.append(Credit(name, span, _credited_with(text, blocks, i, span, tables)))
    here = {(c.agency, c.of) for c in found}
    return (*(c for c in given if (c.agency, c.of) not in here), *found)


def agencies_of(credits: Sequence[Credit]) -> tuple[str, ...]:
    """The agencies credited with anything, each once."""
    return tuple(dict.fromkeys(c.agency for c in credits))


def _credited(text: str, block: Block, tables: ReadingTables) -> Iterator[str]:
    words = block.span.of(text)
    if block.kind in (BlockKind.CREDIT, BlockKind.DATELINE):
        yield from _known(words, tables)
        if AGENCIES.search(words):
            yield "agencies"
    if block.kind is BlockKind.DATELINE:
        match = dateline_of(text[block.span.start : block.span.start + DATELINE_REACH], tables.datelines)
        groups = match.groupdict() if match else {}
        yield from _names(groups.get("credit") or groups.get("credit2") or "", tables)
    elif block.kind in (BlockKind.CREDIT, BlockKind.FURNITURE):
        match = SOURCE.match(words)
        names = _names(match["names"], tables) if match else []
        yield from (name for name in names if tables.credits.organisation.search(name))
    if block.kind is BlockKind.FURNITURE and tables.credits.copyright.match(words):
        yield from _known(words, tables)


def _known(words: str, tables: ReadingTables) -> list[str]:
    return [tables.agency_named(m.group()) or m.group() for m in tables.agency.finditer(words)]


def _names(credit: str, tables: ReadingTables) -> list[str]:
    """The sources a credit names: agencies by the table's names, others by their own words."""
    names: list[str] = []
    for part in BETWEEN_NAMES.split(credit.strip("/ ")):
        is_name = bool(SOURCE_NAME.fullmatch(part)) and len(part.split()) <= SOURCE_WORDS
        if known := _known(part, tables):
            names += known
        elif is_name and len(part) > 1 and part.lower() not in tables.credits.names_nobody:
            names.append(part.rstrip("."))
    return names


def _where(text: str, span: Span, name: str, tables: ReadingTables) -> Span:
    """Where in the block a name stands, in whichever form; the block itself where that cannot be told."""
    words = span.of(text)
    for match in tables.agency.finditer(words):
        if tables.agency_named(match.group()) == name:
            return Span(*match.span()).shift(span.start)
    match_of_words = re.search(re.escape(name), words, re.IGNORECASE)
    return Span(*match_of_words.span()).shift(span.start) if match_of_words else span


def _credited_with(text: str, blocks: Sequence[Block], i: int, name: Span, tables: ReadingTables) -> CreditFor:
    """What the credit in a block is for: the picture whose caption it closes, the help of a colleague, or the text."""
    block, words = blocks[i], blocks[i].span.of(text)
    if block.kind is BlockKind.FURNITURE:
        # "Copyright 2013 The Bugle. All rights reserved. The Associated Press contributed to this report."
        is_owner = ". " not in text[block.span.start : name.start]
        return CreditFor.TEXT if is_owner or not tables.credits.part.search(words) else CreditFor.PART
    if block.kind is not BlockKind.CREDIT:
        return CreditFor.TEXT
    before = blocks[i - 1] if i else None
    is_same_line = before is not None and "\n" not in text[before.span.end : block.span.start]
    if before is not None and before.kind is BlockKind.CAPTION and is_same_line:
        return CreditFor.PICTURE
    if tables.credits.picture.search(words):
        return CreditFor.PICTURE
    return CreditFor.PART if tables.credits.part.search(words) else CreditFor.TEXT
