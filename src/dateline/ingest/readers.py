"""Files, folders and standard input -> reports."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from dateline.ingest.dating import parse_date
from dateline.ingest.decode import binary_format
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.records import Problem, Report

MAX_BYTES = 10_000_000
"""The largest file of one report, and the longest line of many, unless the caller says otherwise."""
STANDARD_INPUT = "standard input"
PLAIN, PAGE, LINES, JSON = "text/plain", "text/html", "application/x-ndjson", "application/json"
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
}


@dataclass(frozen=True)
class Given:
    """What the caller says about all reports; it goes before what a report's own file says."""

    publisher: str | None = None
    published: date | None = None


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
    line, .json one or a list of them. Other endings are looked into. `publisher` and `published` hold for all reports and go before
    what the files say; `media_type` holds for all sources ("text/plain", "text/html", "application/x-ndjson", "application/json").

    A JSON report has its text under "text", "body" or "content", or a page under "html"; further keys are in
    knowledge/reading/metadata.yaml, json_keys. Its bytes, which spans lead back to, are that text in UTF-8. A line that is no
    report is a fatal Problem naming file and line; the lines after it go on. Nothing is raised for a source that is missing
    or cannot be read.
    """
    tables = tables or load_reading_tables()
    given = Given(publisher, published)
    for source in sources:
        if source == "-":
            yield from _read_stream(stdin or sys.stdin.buffer, STANDARD_INPUT, media_type, given, max_bytes, tables)
        elif Path(source).is_dir():
            yield from _read_folder(Path(source), media_type, given, max_bytes, tables)
        else:
            yield from _read_file(Path(source), media_type, given, max_bytes, tables)


def _read_folder(
    folder: Path, media_type: str | None, given: Given, max_bytes: int, tables: ReadingTables
) -> Iterator[Report | Problem]:
    found = False
    refused: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                found = True
                yield from _read_file(Path(where) / name, media_type, given, max_bytes, tables)
    for error in refused:
        yield _problem("unreadable", str(error.filename), f"cannot be opened ({error.strerror}); check its permissions")
    if not found and not refused:
        yield _problem("empty", str(folder), "has no files in it; give a folder with reports")


def _read_file(
    path: Path, media_type: str | None, given: Given, max_bytes: int, tables: ReadingTables
) -> Iterator[Report | Problem]:
    name = str(path)
    try:
        if not path.exists():
            yield _problem("missing", name, "does not exist; check the path")
            return
        if not path.is_file():
            yield _problem("unreadable", name, "is neither a file nor a folder; give a file, a folder or - for standard input")
            return
        with path.open("rb") as stream:
            yield from _read_stream(stream, name, media_type or MEDIA_TYPES.get(path.suffix.lower()), given, max_bytes, tables)
    except OSError as error:
        yield _problem("unreadable", name, f"cannot be opened ({error.strerror or error}); check its permissions")


def _read_stream(
    stream: BinaryIO, name: str, media_type: str | None, given: Given, max_bytes: int, tables: ReadingTables
) -> Iterator[Report | Problem]:
    if media_type == LINES:
        yield from _read_lines(stream, name, given, max_bytes, tables)
        return
    raw = stream.read(max_bytes + 1)
    if media_type is None and _looks_like_lines(raw):
        yield from _read_lines(stream, name, given, max_bytes, tables, begun=raw)
        return
    if len(raw) > max_bytes:
        yield _problem("too large", name, f"has more than the {max_bytes:,} bytes one report may have; give one report a file")
    elif media_type == JSON or (media_type is None and raw.lstrip()[:1] in (b"{", b"[") and _is_json(raw)):
        yield from _read_json(raw, name, given, tables)
    elif media_type is None and (binary := binary_format(raw, tables.formats)):
        yield _problem("binary", name, f"is {binary.name}, not text; {binary.advice}")
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


def _read_lines(
    stream: BinaryIO, name: str, given: Given, max_bytes: int, tables: ReadingTables, begun: bytes = b""
) -> Iterator[Report | Problem]:
    found = False
    for number, line in enumerate(_lines(stream, max_bytes, begun), 1):
        place = f"{name}:{number}"
        if line is None:
            yield _problem("too large", place, f"the line has more than the {max_bytes:,} bytes one report may have")
        elif line.strip().strip(b"\xef\xbb\xbf"):
            yield from _read_json(line, place, given, tables, is_line=True)
        else:
            continue
        found = True
    if not found:
        yield _problem("empty", name, "is empty; give one JSON object a line")


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


def _read_json(raw: bytes, place: str, given: Given, tables: ReadingTables, *, is_line: bool = False) -> Iterator[Report | Problem]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = str(error) if not isinstance(error, RecursionError) else "nested too deeply"
        yield _problem("bad line" if is_line else "bad JSON", place, f"is not JSON in UTF-8 ({reason}); mend or remove it")
        return
    if isinstance(found, list) and not is_line:
        for number, item in enumerate(found, 1):
            yield from _json_report(item, f"{place}:{number}", given, tables)
    else:
        yield from _json_report(found, place, given, tables)


def _json_report(found: Any, place: str, given: Given, tables: ReadingTables) -> Iterator[Report | Problem]:
    if not isinstance(found, dict):
        yield _problem("bad line", place, f"is a JSON {_kind(found)}, not an object with a “text”; give one object a report")
        return
    values = {name: _first(found, keys) for name, keys in tables.json_keys.items()}
    text, page = values["text"], values["html"]
    if text is None and page is None:
        wanted = ", ".join(f"“{key}”" for key in (*tables.json_keys["text"], *tables.json_keys["html"]))
        yield _problem("bad line", place, f"has no text: none of the keys {wanted} holds any")
        return
    name = f"{place} ({values['name']})" if values["name"] else place
    day = parse_date(values["published"], tables) if values["published"] else None
    if values["published"] and day is None and given.published is None:
        message = f"gives the date “{values['published'][:40]}”, which cannot be read; write it as 2021-03-04"
        yield replace(_problem("unreadable date", name, message), is_fatal=False)
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


def _problem(reason: str, name: str, message: str) -> Problem:
    return Problem(stage="reading", reason=reason, message=f"{name}: {message}", report=name, is_fatal=True)
