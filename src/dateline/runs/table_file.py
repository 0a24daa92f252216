"""A table as a spreadsheet saved it: whatever its code page, its separator and the order of its columns, the same cells.

Excel saves "CSV" in the code page of the machine and with the separator of its language, "Unicode text" in UTF-16 with tabs, and
leaves out cells at the end of a row that are empty; LibreOffice and Google Sheets save UTF-8 with commas.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dateline.ledger.errors import LedgerError

WINDOWS = "windows-1252"
"""The code page of Excel in Western Europe and America. Letters that it lacks come back as "?" or as their nearest."""

SEPARATORS = (",", ";", "\t")

ZIPPED = b"PK\x03\x04"
"""What workbooks of Excel and LibreOffice begin with."""

GUARDED = re.compile(r"'(?=[=+\-@\t\r\n])")
"""The mark that keeps a cell from acting as a formula (web/lists.py)."""

SEPARATOR_LINE = re.compile(r'"?sep=.{1,2}"?\r?\n', re.IGNORECASE)
"""What some programs write before the head to tell Excel the separator."""


class TableError(LedgerError):
    """No table that can be read; the message says what it is instead and what to do."""


@dataclass(frozen=True)
class TableRow:
    """A row by the number that a spreadsheet shows, its cells by column. A cell that was left out is an empty one."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a table that are not empty, in order, with the columns it has and how it was written.

    `broken` are rows with more cells than the head, which cannot be told apart any more. `text` is the file's, decoded.
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    broken: tuple[int, ...]
    encoding: str
    separator: str
    text: str


def read_table(raw: bytes, known: Callable[[str], bool], key: str) -> Table:
    """The table in these bytes. `known` says whether a column is one that it may have, `key` is the one that it must.

    Names of columns are known without case and spaces around them. Raises TableError.
    """
    encoding, text = _decoded(raw)
    body = SEPARATOR_LINE.sub("", text, count=1) if SEPARATOR_LINE.match(text) else text
    separator = max(SEPARATORS, key=lambda one: sum(map(known, _head(body, one))))
    head = _head(body, separator)
    if key not in head:
        there = ", ".join(name for name in head[:8] if name) or "none"
        raise TableError(f"no column {key!r} in the first row, which names the columns of the table (there: {there})")
    if twice := next((name for name in head if name and head.count(name) > 1), None):
        raise TableError(f"two columns are called {twice!r}: rename the one that is not of the download, or delete it")
    rows, broken = [], []
    try:
        for number, line in enumerate(csv.reader(io.StringIO(body, newline=""), delimiter=separator), 1):
            cells = [_cell(cell) for cell in line]
            if number == 1 or not any(cells):
                continue
            if any(cells[len(head) :]):
                broken.append(number)
                continue
            rows.append(TableRow(number, dict(zip(head, [*cells, *[""] * (len(head) - len(cells))], strict=False))))
    except csv.Error as fault:
        raise TableError(
            f"row {len(rows) + len(broken) + 2}: no row of a table ({fault}). Is a quotation mark left open?"
        ) from None
    return Table(tuple(name for name in head if name), tuple(rows), tuple(broken), encoding, separator, text)


def _decoded(raw: bytes) -> tuple[str, str]:
    """The name of the encoding and the text, without the mark of its order of bytes."""
    if raw.startswith(ZIPPED):
        raise TableError("this is a workbook, no table: save the sheet as CSV (UTF-8)")
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            return encoding, raw[len(mark) :].decode(encoding, "replace")
    try:
        text, encoding = raw.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode(WINDOWS, "replace"), WINDOWS
    if "\0" in text:
        raise TableError("these bytes are no text: save the sheet as CSV (UTF-8)")
    if not text.strip():
        raise TableError("the table is empty")
    return encoding, text


def _head(text: str, separator: str) -> list[str]:
    """The names of the columns by the first row; one that cannot be read has none."""
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return []
    return [" ".join(name.split()).casefold() for name in first]


def _cell(said: str) -> str:
    """What the cell says, without the mark against formulas and with one space where there are several."""
    return " ".join(GUARDED.sub("", said, count=1).split()) if said[:1] == "'" else " ".join(said.split())


def is_lossy_of(cell: str, value: str) -> bool:
    """Whether the cell is what is left of the value in the code page: each letter that it lacks may be any one."""
    pattern = "".join(re.escape(letter) if _is_in_page(letter) else "." for letter in value)
    return cell == value or re.fullmatch(pattern, cell) is not None


def has_lost_letters(value: str) -> bool:
    """Whether the value has a letter that the code page lacks."""
    return not all(map(_is_in_page, value))


def _is_in_page(letter: str) -> bool:
    try:
        letter.encode(WINDOWS)
    except UnicodeEncodeError:
        return False
    return True
