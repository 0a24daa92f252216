"""The addresses of reports that GDELT's tables list: it has no texts, so what it lists must be fetched.

The tables (knowledge/reading/gdelt.yaml) come every 15 minutes as tab-separated files without a head, zipped or not.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from dateline.ingest.given import Given, passed_over, refused
from dateline.ingest.packed import ZIP_MARKS, read_zip
from dateline.ingest.unpacking import PackedError, joined, packing_of, unpack
from dateline.knowledge.reading import AddressTable, ReadingTables, load_reading_tables
from dateline.records import Problem

MAX_LINE = 1_000_000
"""Bytes of a row; the knowledge graph's reach some hundred thousand."""
REMEMBERED = 2_000_000
"""Addresses that are remembered so as not to be given twice: some 200 MB of them. GDELT lists some 300,000 a day."""


@dataclass(frozen=True)
class Address:
    """Where a report is to be fetched. `publisher` is the site's name as GDELT has it; `seen` when GDELT first listed it here."""

    address: str
    publisher: str | None
    seen: datetime | None
    place: str
    """The file and line that list it: "20200818120000.export.CSV:17"."""


def read_addresses(
    sources: Sequence[str], *, stdin: BinaryIO | None = None, tables: ReadingTables | None = None
) -> Iterator[Address | Problem]:
    """The addresses that GDELT's tables list, each once, in the order they are listed; files, zips of files, or "-".

    Only those of web pages (http, https). A row that is not of the table's kind is a Problem; so is a file that is no such table.
    What lists other things than the web is counted in a remark at the end of its file. Nothing is raised for a missing file.
    """
    tables = tables or load_reading_tables()
    met: set[int] = set()
    for source in sources:
        for found in _read_source(source, stdin, tables):
            if isinstance(found, Address):
                key = hash(found.address)
                if key in met:
                    continue
                if len(met) < REMEMBERED:
                    met.add(key)
            yield found


def _read_source(source: str, stdin: BinaryIO | None, tables: ReadingTables) -> Iterator[Address | Problem]:
    if source == "-" and stdin is not None:
        yield from _read_stream(stdin, "standard input", tables)
        return
    try:
        with Path(source).open("rb") as stream:
            yield from _read_stream(stream, source, tables)
    except OSError as error:
        yield refused(
            "missing" if isinstance(error, FileNotFoundError) else "unreadable",
            source,
            f"cannot be read ({error.strerror or error})",
        )
    except ValueError:
        yield refused("missing", source, "does not exist; check the path")


def _read_stream(stream: BinaryIO, name: str, tables: ReadingTables) -> Iterator[Address | Problem]:
    head = stream.read(8)
    rest = joined(head, stream)
    try:
        if head.startswith(ZIP_MARKS) and stream.seekable():
            # The bound on one report is not asked for: nothing is read whole.
            given = Given(tables, MAX_LINE)
            yield from read_zip(stream, name, given, lambda inner, label: _read_rows(inner, label, tables))
        elif packing := packing_of(head):
            yield from _read_rows(io.BufferedReader(unpack(rest, packing)), name, tables)
        else:
            yield from _read_rows(rest, name, tables)
    except PackedError as fault:
        yield refused(fault.reason, name, str(fault))


def _read_rows(stream: BinaryIO, name: str, tables: ReadingTables) -> Iterator[Address | Problem]:
    table: AddressTable | None = None
    counts: Counter[str] = Counter()
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        place = f"{name}:{number}"
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            while (more := stream.readline(MAX_LINE)) and not more.endswith(b"\n"):
                pass
            yield refused("too large", place, f"the row has more than the {MAX_LINE:,} bytes a row may have")
            continue
        fields = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
        if table is None:
            table = next((known for known in tables.address_tables if known.columns == len(fields)), None)
            if table is None:
                kinds = ", ".join(f"{known.columns} ({known.name})" for known in tables.address_tables)
                message = (
                    f"has {len(fields):,} columns, and GDELT's tables have {kinds}; give one of those, or dateline add the reports"
                )
                yield refused("no addresses", name, message)
                return
        if len(fields) != table.columns:
            yield refused(
                "bad line", place, f"the row has {len(fields):,} columns, and the table {table.columns}; it was passed over"
            )
        elif table.only and fields[table.only[0]] != table.only[1]:
            counts["not of the web"] += 1
        else:
            yield from _addresses(fields, table, place, counts)
    if rest := passed_over(name, counts, "rows"):
        yield rest


def _addresses(fields: Sequence[str], table: AddressTable, place: str, counts: Counter[str]) -> Iterator[Address]:
    written = fields[table.address]
    for address in written.split(table.several) if table.several else [written]:
        if _scheme(address) in ("http", "https"):
            publisher = fields[table.publisher] or None if table.publisher is not None else None
            yield Address(address.strip(), publisher, _moment(fields[table.seen]), place)
        else:
            counts["without an address"] += 1


def _scheme(address: str) -> str:
    """The scheme of an address in small letters; what is no address: the empty string."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return parts.scheme.lower() if parts.hostname and address.strip().isprintable() and " " not in address.strip() else ""


def _moment(written: str) -> datetime | None:
    for form in ("%Y%m%d%H%M%S", "%Y%m%d"):
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
