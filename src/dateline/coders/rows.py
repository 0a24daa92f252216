"""The rows of a table of another coder: a head or a known number of columns, any order, any columns besides."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dateline.coders.page import in_one_line
from dateline.ingest.given import refused
from dateline.knowledge.coders import Scheme
from dateline.records import Problem

DELIMITERS = ("\t", ",", ";", "|")


@dataclass(frozen=True)
class TableRow:
    """A row with its place ("acled.csv:12") and its values that are not empty, in the order of the columns.

    `names` lead from our name of a column to the table's own, in small letters.
    """

    place: str
    values: tuple[tuple[str, str], ...]
    names: Mapping[str, str]

    def get(self, ours: str) -> str:
        """The value of a column by our name of it; empty, or no such column: the empty string."""
        name = self.names.get(ours)
        return next((value for column, value in self.values if column.lower() == name), "") if name else ""


class NoTableError(Exception):
    """The file is no table of this data set; the message says what is missing."""


def read_rows(raw: bytes, name: str, scheme: Scheme) -> Iterator[TableRow | Problem]:
    """The rows in order; one with another number of columns than the head is a fatal Problem of its line, and the next go on.

    UTF-8 is taken, with a mark or without, and else Windows-1252. Raises NoTableError where needed columns are missing.
    """
    text = _decoded(raw)
    if not text.strip():
        raise NoTableError(f"{name}: is empty")
    if scheme.layouts and "\t" in text.partition("\n")[0]:
        yield from _without_head(text, name, scheme)
        return
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [in_one_line(c) for c in next(reader)]
    names = _names([c.lower() for c in columns], scheme, name)
    yield from _read(reader, columns, names, name)


def _without_head(text: str, name: str, scheme: Scheme) -> Iterator[TableRow | Problem]:
    """A file without a head: the number of columns of its first row says which table it is; one with a head names its own."""
    first = text.partition("\n")[0].rstrip("\r").split("\t")
    known = {len(columns): columns for _, columns in scheme.layouts}
    if any(in_one_line(c).lower() in scheme.columns["id"] for c in first):
        layout, body = tuple(in_one_line(c) for c in first), text.partition("\n")[2]
        start = 1
    elif len(first) in known:
        layout, body, start = known[len(first)], text, 0
    else:
        sizes = " or ".join(f"{size} ({title})" for title, columns in scheme.layouts for size in [len(columns)])
        raise NoTableError(f"{name}: its first row has {len(first)} columns; {scheme.title} has {sizes}, divided by tabs")
    names = _names([c.lower() for c in layout], scheme, name)
    # No quoting: a quotation mark in a name is a letter there.
    reader = csv.reader(io.StringIO(body, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    yield from _read(reader, list(layout), names, name, before=start)


def _names(columns: list[str], scheme: Scheme, name: str) -> dict[str, str]:
    names = {ours: found for ours, theirs in scheme.columns.items() if (found := next((c for c in theirs if c in columns), None))}
    missing = [scheme.columns[ours][0] for ours in scheme.needs if ours not in names]
    if missing:
        raise NoTableError(f"{name}: no table of {scheme.title}: its head lacks {', '.join(missing)}")
    return names


def _read(
    reader: Iterator[list[str]], columns: list[str], names: dict[str, str], name: str, *, before: int = 0
) -> Iterator[TableRow | Problem]:
    line = before
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield refused("bad line", name, f"a row after line {line} cannot be read ({fault})")
            continue
        line = before + int(getattr(reader, "line_num", line + 1))
        place = f"{name}:{line}"
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(columns):
            yield refused("bad line", place, f"has {len(row)} columns, where the head has {len(columns)}; mend it")
            continue
        cells = ((column, in_one_line(cell)) for column, cell in zip(columns, row, strict=True))
        yield TableRow(place, tuple((column, value) for column, value in cells if value and column), names)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
