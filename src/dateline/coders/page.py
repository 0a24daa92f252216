"""A row written out as words, with where each of its values stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dateline.records import Block, OffsetMap, Run, Span

LONGEST = 20_000
"""Letters of a value beyond which it is cut: no note of a data set is a book."""


@dataclass(frozen=True)
class Page:
    """The words of a row. `lead` is its first line, which says what happened, `trigger` the words in it that name the kind of it.

    `spans`: where the value of each column stands, by the column's name as the table has it.
    """

    text: str
    lead: Span
    trigger: Span
    spans: Mapping[str, Span]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """A paragraph for each line."""
        found, start = [], 0
        for line in self.text.split("\n"):
            if line:
                found.append(Block(Span(start, start + len(line))))
            start += len(line) + 1
        return tuple(found)

    @property
    def offsets(self) -> OffsetMap:
        """The way from the text to the same text in UTF-8."""
        return OffsetMap(tuple(_runs(self.text)))


def written(kind: str, words: str, row: Sequence[tuple[str, str]], notes: str | None = None) -> Page:
    """The row as a page: "KIND: WORDS", an empty line, and a line "column: value" for each value that is not empty.

    `notes`: the column, in small letters, whose value the words are, which then is not written again; None: of no column.
    """
    lead = f"{kind}: {words}" if words else kind
    lines, at = [lead, ""], len(lead) + 2
    spans: dict[str, Span] = {}
    for name, value in row:
        if name.lower() == notes:
            spans[name.lower()] = Span(len(kind) + 2, len(lead))
            continue
        line = f"{name}: {value}"
        spans[name.lower()] = Span(at + len(name) + 2, at + len(line))
        lines.append(line)
        at += len(line) + 1
    return Page("\n".join(lines) + "\n", Span(0, len(lead)), Span(0, len(kind)), spans)


def in_one_line(value: str) -> str:
    """The value without line breaks, controls and needless space; nothing but these: the empty string."""
    kept = "".join(letter if letter.isprintable() else " " for letter in value[:LONGEST])
    return " ".join(kept.split())


def _runs(text: str) -> Iterator[Run]:
    """ASCII in runs, in which a letter is a byte; each other letter is a run of its own."""
    at = byte = 0
    for is_ascii, letters in groupby(text, key=str.isascii):
        run = list(letters)
        for part in [run] if is_ascii else [[letter] for letter in run]:
            size = len("".join(part).encode())
            yield Run(at, len(part), byte, byte + size)
            at, byte = at + len(part), byte + size
