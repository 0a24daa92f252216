"""Files, folders, archives and standard input -> reports."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from dateline.ingest.dating import parse_date
from dateline.ingest.decode import binary_format
from dateline.ingest.given import Given, refused, remark
from dateline.ingest.packed import ZIP_MARKS, read_tar, read_zip
from dateline.ingest.tabular import read_table
from dateline.ingest.unpacking import PackedError, joined, packing_of, unpack
from dateline.ingest.warc import BEGINS, read_warc
from dateline.ingest.wiki import BEGINS as WIKI_BEGINS
from dateline.ingest.wiki import read_export
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.records import Problem, Report

MAX_BYTES = 10_000_000
"""The largest file of one report, and the longest line of many, unless the caller says otherwise."""
STANDARD_INPUT = "standard input"
PLAIN, PAGE, LINES, JSON = "text/plain", "text/html", "application/x-ndjson", "application/json"
TABLE, TABBED = "text/csv", "text/tab-separated-values"
MEDIA_TYPES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": PLAIN,
    ".html": PAGE,
    ".htm": PAGE,
    ".xhtml": PAGE,
    ".jsonl": LINES,
    ".ndjson": LINES,
    ".json": JSON,
    ".csv": TABLE,
    ".tsv": TABBED,
}
PACKED_ENDINGS = frozenset({".gz", ".bz2", ".xz", ".zst"})
HEAD = 1024
"""First bytes that are looked at to tell an archive."""
TAR_MARK = (257, b"ustar")
XML_MARKS = (b"<?xml", b"\xef\xbb\xbf<", WIKI_BEGINS)


def find_reports(
    sources: Sequence[str],
    *,
    publisher: str | None = None,
    published: date | None = None,
    media_type: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
    tables: ReadingTables | None = None,
) -> Iterator[Report | Problem]:
    """The reports of the sources, in the order given, and a Problem in the place of each that could not be had.

    A source is a file, a folder, or "-" for standard input. A folder is walked in the order of its names, files before folders;
    hidden files and folders are passed over. A file is read by its ending: .txt and .html hold one report, .jsonl and .ndjson one a
    line, .csv and .tsv one a row, .json one or a list of them. Other endings are looked into: archives (WARC, WACZ, zip, tar),
    exports of MediaWiki and packed files (gzip, bzip2, xz, Zstandard) are known by their first bytes (docs/archives.md).
    `publisher` and `published` hold for all reports and go before what the files say; `media_type` holds for all sources
    ("text/plain", "text/html", "application/x-ndjson", "application/json", "text/csv", "text/tab-separated-values").

    A JSON report has its text under "text", "body" or "content", or a page under "html"; further keys are in
    knowledge/reading/metadata.yaml, json_keys. Its bytes, which spans lead back to, are that text in UTF-8. A line that is no
    report is a fatal Problem naming file and line; the lines after it go on. Nothing is raised for a source that is missing or
    cannot be read. A Problem that is not fatal is a remark: on the report that follows, if it has its name, or on the whole source.
    """
    given = Given(tables or load_reading_tables(), max_bytes, publisher, published)
    for source in sources:
        if source == "-":
            yield from _read_stream(stdin or sys.stdin.buffer, STANDARD_INPUT, media_type, given)
        elif Path(source).is_dir():
            yield from _read_folder(Path(source), media_type, given)
        else:
            yield from _read_file(Path(source), media_type, given)


def _read_folder(folder: Path, media_type: str | None, given: Given) -> Iterator[Report | Problem]:
    found = False
    shut: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=shut.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                found = True
                yield from _read_file(Path(where) / name, media_type, given)
    for error in shut:
        yield refused("unreadable", str(error.filename), f"cannot be opened ({error.strerror}); check its permissions")
    if not found and not shut:
        yield refused("empty", str(folder), "has no files in it; give a folder with reports")


def _read_file(path: Path, media_type: str | None, given: Given) -> Iterator[Report | Problem]:
    name = str(path)
    try:
        if not path.exists():
            yield refused("missing", name, "does not exist; check the path")
            return
        if not path.is_file():
            yield refused("unreadable", name, "is neither a file nor a folder; give a file, a folder or - for standard input")
            return
        with path.open("rb") as stream:
            yield from _read_stream(stream, name, media_type or MEDIA_TYPES.get(path.suffix.lower()), given)
    except OSError as error:
        yield refused("unreadable", name, f"cannot be read ({error.strerror or error}); check its permissions, and the disk")


def _read_stream(stream: BinaryIO, name: str, media_type: str | None, given: Given) -> Iterator[Report | Problem]:
    if media_type == LINES:
        yield from _read_lines(stream, name, given)
    elif media_type in (TABLE, TABBED):
        delimiter = "\t" if media_type == TABBED else None
        yield from read_table(stream, name, given, lambda row, place: _json_report(row, place, given), delimiter)
    elif media_type is not None:
        yield from _read_text(stream, name, media_type, given)
    else:
        head = stream.read(HEAD)
        yield from _read_unknown(head, stream, name, given)


def _read_unknown(head: bytes, stream: BinaryIO, name: str, given: Given, *, is_inside: bool = False) -> Iterator[Report | Problem]:
    """A source whose ending says nothing, or that it is packed: told by its first bytes, which have been read.

    `is_inside`: it lies in an archive. Archives of files are not opened there, or some would unpack for ever.
    """
    rest = joined(head, stream)
    is_tar, is_zip = head.startswith(TAR_MARK[1], TAR_MARK[0]), head.startswith(ZIP_MARKS)
    if packing := packing_of(head):
        yield from _read_packed(rest, name, packing, given, is_inside=is_inside)
    elif head.startswith(BEGINS):
        yield from read_warc(rest, name, given)
    elif head.lstrip().startswith(XML_MARKS) and WIKI_BEGINS in head:
        yield from read_export(rest, name, given)
    elif is_inside and (is_tar or is_zip):
        yield refused("nested archive", name, "is an archive inside an archive; unpack the outer one and give the folder")
    elif is_tar:
        yield from read_tar(rest, name, lambda inner, label: _read_inside(inner, label, given))
    elif is_zip and not stream.seekable():
        yield refused("unreadable", name, "is a zip archive, which can be read from a file only; save it to one")
    elif is_zip:
        yield from read_zip(stream, name, given, lambda inner, label: _read_inside(inner, label, given))
    else:
        yield from _read_text(rest, name, None, given)


def _read_packed(stream: BinaryIO, name: str, packing: str, given: Given, *, is_inside: bool) -> Iterator[Report | Problem]:
    """A packed file: told by the ending before ".gz", or by what it unpacks to. What is packed twice is not opened."""
    unpacked = unpack(stream, packing)
    try:
        ending = Path(Path(name).stem).suffix.lower() if Path(name).suffix.lower() in PACKED_ENDINGS else ""
        if media_type := MEDIA_TYPES.get(ending):
            yield from _read_stream(io.BufferedReader(unpacked), name, media_type, given)
            return
        head = _head(unpacked)
        if head.startswith(BEGINS):
            # From the packed stream itself, which knows where its members begin and can go on after damage.
            yield from read_warc(unpacked, name, given, begun=head)
        elif packing_of(head):
            yield from _read_text(joined(head, io.BufferedReader(unpacked)), name, None, given)
        else:
            yield from _read_unknown(head, io.BufferedReader(unpacked), name, given, is_inside=is_inside)
    except PackedError as fault:
        yield refused(fault.reason, name, str(fault))


def _head(unpacked: io.RawIOBase) -> bytes:
    """The first bytes; where they are damaged, those before the damage, which is met again by whoever reads on."""
    head = b""
    try:
        while len(head) < HEAD and (more := unpacked.read(HEAD - len(head))):
            head += more
    except PackedError:
        if not head:
            raise
    return head


def _read_inside(stream: BinaryIO, name: str, given: Given) -> Iterator[Report | Problem]:
    """A file of an archive."""
    media_type = MEDIA_TYPES.get(Path(name).suffix.lower())
    if media_type is not None:
        yield from _read_stream(stream, name, media_type, given)
    else:
        yield from _read_unknown(stream.read(HEAD), stream, name, given, is_inside=True)


def _read_text(stream: BinaryIO, name: str, media_type: str | None, given: Given) -> Iterator[Report | Problem]:
    """One report, or JSON that holds several; a source whose media type nobody told may be lines after all."""
    raw = stream.read(given.max_bytes + 1)
    if media_type is None and _looks_like_lines(raw):
        yield from _read_lines(stream, name, given, begun=raw)
        return
    if len(raw) > given.max_bytes:
        yield refused("too large", name, f"has more than the {given.max_bytes:,} bytes one report may have; give one report a file")
    elif media_type == JSON or (media_type is None and raw.lstrip()[:1] in (b"{", b"[") and _is_json(raw)):
        yield from _read_json(raw, name, given)
    elif media_type is None and (binary := binary_format(raw, given.tables.formats)):
        yield refused("binary", name, f"is {binary.name}, not text; {binary.advice}")
    else:
        yield Report(name, raw, media_type, publisher=given.publisher, published=given.published)


# ---------------------------------------------------------------- JSON


def _looks_like_lines(raw: bytes) -> bool:
    """Whether the bytes begin with a line that is a whole JSON object, and go on after it."""
    first, newline, rest = raw.lstrip().partition(b"\n")
    return bool(newline) and first.startswith(b"{") and _is_json(first) and bool(rest.strip())


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _read_lines(stream: BinaryIO, name: str, given: Given, begun: bytes = b"") -> Iterator[Report | Problem]:
    found = False
    for number, line in enumerate(_lines(stream, given.max_bytes, begun), 1):
        place = f"{name}:{number}"
        if line is None:
            yield refused("too large", place, f"the line has more than the {given.max_bytes:,} bytes one report may have")
        elif line.strip().strip(b"\xef\xbb\xbf"):
            yield from _read_json(line, place, given, is_line=True)
        else:
            continue
        found = True
    if not found:
        yield refused("empty", name, "is empty; give one JSON object a line")


def _lines(stream: BinaryIO, max_bytes: int, begun: bytes) -> Iterator[bytes | None]:
    """The lines, the ones already read first; None for a line longer than `max_bytes`, which is passed over without being kept."""
    *whole, rest = begun.split(b"\n")
    yield from whole
    is_too_long = len(rest) > max_bytes
    rest = b"" if is_too_long else rest
    while chunk := stream.readline(max_bytes + 1 - len(rest)):
        rest += chunk
        if rest.endswith(b"\n"):
            yield None if is_too_long else rest
            rest, is_too_long = b"", False
        elif len(rest) > max_bytes:
            rest, is_too_long = b"", True
    if rest or is_too_long:
        yield None if is_too_long else rest


def _read_json(raw: bytes, place: str, given: Given, *, is_line: bool = False) -> Iterator[Report | Problem]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = str(error) if not isinstance(error, RecursionError) else "nested too deeply"
        yield refused("bad line" if is_line else "bad JSON", place, f"is not JSON in UTF-8 ({reason}); mend or remove it")
        return
    if isinstance(found, list) and not is_line:
        for number, item in enumerate(found, 1):
            yield from _json_report(item, f"{place}:{number}", given)
    else:
        yield from _json_report(found, place, given)


def _json_report(found: Any, place: str, given: Given) -> Iterator[Report | Problem]:
    if not isinstance(found, dict):
        yield refused("bad line", place, f"is a JSON {_kind(found)}, not an object with a “text”; give one object a report")
        return
    tables = given.tables
    values = {name: _first(found, keys) for name, keys in tables.json_keys.items()}
    text, page = values["text"], values["html"]
    if text is None and page is None:
        wanted = ", ".join(f"“{key}”" for key in (*tables.json_keys["text"], *tables.json_keys["html"]))
        yield refused("bad line", place, f"has no text: none of the keys {wanted} holds any")
        return
    name = f"{place} ({values['name']})" if values["name"] else place
    day = parse_date(values["published"], tables) if values["published"] else None
    if values["published"] and day is None and given.published is None:
        message = f"gives the date “{values['published'][:40]}”, which cannot be read; write it as 2021-03-04"
        yield remark("unreadable date", name, message)
    yield Report(
        name=name,
        # Lone surrogates are allowed in JSON and are no characters.
        raw=(text or page or "").encode("utf-8", errors="replace"),
        media_type=PLAIN if text is not None else PAGE,
        address=values["address"],
        publisher=given.publisher or values["publisher"],
        published=given.published or day,
        title=values["title"],
        byline=values["byline"],
    )


def _first(found: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    """The first of the keys that holds words or a number, as words; none: None."""
    for key in keys:
        value = found.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def _kind(found: Any) -> str:
    return {list: "list", str: "string", bool: "true or false", type(None): "null"}.get(type(found), "number")
