"""Tables (CSV, TSV): each row a report, its columns told by their names."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, BinaryIO

from dateline.ingest.given import Given, refused
from dateline.ingest.unpacking import joined
from dateline.records import Problem, Report

DELIMITERS = ",;\t|"
NO_DELIMITER = "\x1f"
MAX_COLUMNS = 10_000

ReadRow = Callable[[Mapping[str, Any], str], Iterator[Report | Problem]]
"""Makes a report of a row, told by its columns' names in small letters, and of the place it stands at."""


class _LineError(ValueError):
    """A line is longer than a report may be."""


def read_table(
    stream: BinaryIO, name: str, given: Given, read_row: ReadRow, delimiter: str | None = None
) -> Iterator[Report | Problem]:
    """The reports of a table's rows, each named "news.csv:LINE" by the line its row begins on.

    The first row names the columns; which names are known is in knowledge/reading/metadata.yaml, json_keys. `delimiter` None: that
    one of comma, semicolon, tab and bar by which the first row has most known names. The encoding is UTF-8, UTF-16 with its mark,
    or else Windows-1252, told field by field. A row with a field of more than `given.max_bytes`, or with other columns than the
    first, is a fatal Problem of its line; the rows after it go on.
    """
    lines = _Lines(stream, given.max_bytes)
    known = {key for keys in given.tables.json_keys.values() for key in keys}
    try:
        first = lines.peek()
    except _LineError as fault:
        yield refused("too large", name, f"is no table: {fault}")
        return
    if not first.strip():
        yield refused("empty", name, "is empty; give a table whose first row names its columns")
        return
    delimiter = delimiter or _delimiter(first, known)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    columns: list[str] | None = None
    while True:
        line = lines.number + 1
        place = f"{name}:{line}"
        try:
            row = _next(reader, given.max_bytes)
        except StopIteration:
            break
        except _LineError as fault:
            yield refused("too large", place, str(fault))
            continue
        except csv.Error as fault:
            yield refused(
                "bad line", place, f"the row cannot be read ({fault}): is a quotation mark missing? Reading went on after it"
            )
            continue
        if columns is None:
            columns = _names(row)
            if problem := _unknown_columns(columns, name, given):
                yield problem
                return
        elif any(field.strip() for field in row):
            if len(row) != len(columns):
                yield refused(
                    "bad line", place, f"the row has {len(row):,} columns, and the first row names {len(columns):,}; mend it"
                )
                continue
            yield from read_row({key: _mended(field) for key, field in zip(columns, row, strict=True) if key}, place)


def _delimiter(first: str, known: Set[str]) -> str:
    """What divides the columns of a first row; a row with one column: a character that no text has."""
    present = [mark for mark in DELIMITERS if mark in first]
    return max(present, key=lambda mark: len(known & set(_names(first.split(mark)))), default=NO_DELIMITER)


def _names(row: Sequence[str]) -> list[str]:
    return [field.strip().strip('"').strip().lower() for field in row[: MAX_COLUMNS + 1]]


def _unknown_columns(columns: Sequence[str], name: str, given: Given) -> Problem | None:
    keys = given.tables.json_keys
    wanted = (*keys["text"], *keys["html"])
    if len(columns) > MAX_COLUMNS:
        return refused("too large", name, f"has more than the {MAX_COLUMNS:,} columns a table may have")
    if not set(wanted) & set(columns):
        named = ", ".join(f"“{key}”" for key in wanted)
        return refused("no text", name, f"has no column of texts: none of {named} is named in the first row (docs/archives.md)")
    doubled = next((key for key in (*wanted, *keys["title"]) if columns.count(key) > 1), None)
    return refused("bad line", name, f"names the column “{doubled}” twice in its first row; name each once") if doubled else None


def _next(reader: Any, max_bytes: int) -> list[str]:
    """The next row. The module's bound on fields is the process's, so it is put back at once."""
    before = csv.field_size_limit(max_bytes)
    try:
        row: list[str] = next(reader)
        return row
    finally:
        csv.field_size_limit(before)


def _mended(field: str) -> str:
    """A field whose bytes were not UTF-8, read as Windows-1252; others as they are."""
    try:
        field.encode("utf-8")
    except UnicodeEncodeError:
        return field.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return field


class _Lines:
    """The lines of a table; `number` counts those given out. One of more than `max_bytes` is passed over with _LineError."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream, self._encoding = _decoded(stream)
        self._max_bytes = max_bytes
        self._peeked: str | None = None
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._peeked if self._peeked is not None else self._read()
        self._peeked = None
        if not line:
            raise StopIteration
        self.number += 1
        # A zero byte is no character of a text, and older readers of tables stop at it.
        return line.replace("\0", "")

    def peek(self) -> str:
        """The first line, which stays to be read."""
        self._peeked = self._read()
        return self._peeked

    def _read(self) -> str:
        raw = self._stream.readline(self._max_bytes + 1)
        if len(raw) > self._max_bytes and not raw.endswith(b"\n"):
            while (more := self._stream.readline(self._max_bytes)) and not more.endswith(b"\n"):
                pass
            self.number += 1
            raise _LineError(f"a line has more than the {self._max_bytes:,} bytes one report may have; it was passed over")
        return raw.decode(self._encoding, "surrogateescape")


def _decoded(stream: BinaryIO) -> tuple[BinaryIO, str]:
    """The stream, past its byte-order mark and in UTF-8, or UTF-16 turned into it."""
    head = stream.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16-le" if head == codecs.BOM_UTF16_LE else "utf-16-be"
        return io.BufferedReader(_Recoded(stream, encoding)), "utf-8"
    head += stream.read(1)
    return joined(b"" if head == codecs.BOM_UTF8 else head, stream), "utf-8"


class _Recoded(io.RawIOBase):
    """A stream in another encoding, in UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._ready:
            more = self._stream.read(65_536)
            self._ready = self._decoder.decode(more, final=not more).encode("utf-8", "replace")
            if not more and not self._ready:
                return 0
        found, self._ready = self._ready[: len(target)], self._ready[len(target) :]
        target[: len(found)] = found
        return len(found)
