"""Web archives (WARC): the pages and texts in them as reports; damage costs the record it is in, and no other.

Source: ISO 28500 (WARC/1.1), RFC 9112 for the HTTP messages inside. Read by our own reader (docs/decisions/0041): what matters in
an archive is what is done where it is broken.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dateline.ingest.given import Given, passed_over, refused
from dateline.ingest.unpacking import CHUNK, PackedError, Readable, Unpacked, decode_content
from dateline.records import Problem, Report

BEGINS = b"WARC/"
MAX_HEAD = 65_536
"""Bytes of a record's headers, and of the HTTP headers in it; browsers stop at a few hundred thousand, servers at 8,192."""
TOLD = frozenset({"response", "resource", "conversion"})
"""The records that may hold a report: what a server sent, a file as it lay, and the text taken out of a page (WET)."""
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
NEXT_RECORD = re.compile(rb"WARC/\d\.\d\r?\n(?:WARC|Content)-")
RECORD_LINE = re.compile(rb"WARC/\d\.\d\s*$")


class Tape:
    """A stream read forward, of which some can be put back; `position` counts what was taken."""

    def __init__(self, stream: Readable, begun: bytes = b"") -> None:
        self._stream = stream
        self._held = begun
        self._at = 0
        self.position = 0

    def line(self, limit: int) -> bytes:
        """Up to and with the next line feed, or `limit` bytes if that comes first; at the end: what is left."""
        while (found := self._held.find(b"\n", self._at, self._at + limit)) < 0 and len(self._held) - self._at < limit:
            if not self._more():
                return self._take(min(limit, len(self._held) - self._at))
        return self._take(found + 1 - self._at if found >= 0 else limit)

    def read(self, size: int) -> bytes:
        """As many bytes as asked for; fewer at the end only."""
        while len(self._held) - self._at < size and self._more():
            pass
        return self._take(min(size, len(self._held) - self._at))

    def skip(self, size: int) -> int:
        """Passes over so many bytes, and says how many there were."""
        left = size
        while left > 0 and (taken := len(self.read(min(left, CHUNK)))):
            left -= taken
        return size - left

    def unread(self, words: bytes) -> None:
        self._held, self._at = words + self._held[self._at :], 0
        self.position -= len(words)

    def restart(self, position: int) -> None:
        """Forgets what is held: the stream goes on elsewhere, which counts as `position`."""
        self._held, self._at, self.position = b"", 0, position

    def _more(self) -> bool:
        more = self._stream.read(CHUNK)
        self._held, self._at = self._held[self._at :] + more, 0
        return bool(more)

    def _take(self, size: int) -> bytes:
        taken = self._held[self._at : self._at + size]
        self._at += size
        self.position += size
        return taken


@dataclass(frozen=True)
class Record:
    """A record's headers, names in small letters, and how long its block says it is."""

    headers: Mapping[str, str]
    length: int

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def address(self) -> str | None:
        return self.headers.get("warc-target-uri", "").strip("<> ") or None

    @property
    def fetched(self) -> datetime | None:
        try:
            moment = datetime.fromisoformat(self.headers.get("warc-date", ""))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class RecordError(ValueError):
    """The record holds no report that can be had. `reason` is the Problem's short code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class _NoReportError(ValueError):
    """The record is of a kind that holds no report; the message says which, in the plural."""


def read_warc(stream: Readable, name: str, given: Given, *, begun: bytes = b"") -> Iterator[Report | Problem]:
    """The HTML pages and plain texts that an archive holds with status 200, in its order; each named "crawl.warc.gz@OFFSET".

    OFFSET is where the record, or the gzip member it is in, begins in the file, as in a CDX index. A record that is cut off, does
    not agree with its digest, is too large or cannot be decoded is a fatal Problem of that name, and reading goes on at the next
    record, or the next gzip member. Last comes a remark that counts what holds no report. Little more than
    `given.max_bytes` is in memory. `begun`: what was read of the stream already.
    """
    counts: Counter[str] = Counter()
    tape = Tape(stream, begun)
    is_told = False
    while True:
        place = _place(name, stream, tape)
        try:
            lost = _find_record(tape)
            if lost and not is_told:
                yield refused("damaged", place, f"has {lost:,} bytes that are no WARC record; they were passed over")
            is_told = False
            place = _place(name, stream, tape)
            record = _read_head(tape)
            if record is None:
                break
            yield from _reports(record, tape, place, given)
        except _NoReportError as kind:
            counts[str(kind)] += 1
        except RecordError as fault:
            is_told = True
            yield refused(fault.reason, place, str(fault))
        except PackedError as fault:
            yield refused(fault.reason, f"{name}@{fault.at}", str(fault))
            if not (isinstance(stream, Unpacked) and stream.resume(BEGINS)):
                break
            tape.restart(stream.given)
    if rest := passed_over(name, counts, "records"):
        yield rest


def _place(name: str, stream: Readable, tape: Tape) -> str:
    return f"{name}@{stream.member_of(tape.position) if isinstance(stream, Unpacked) else tape.position}"


def _find_record(tape: Tape) -> int:
    """Goes to where the next record begins, or to the end; how many bytes there were before it, empty lines not counted."""
    lost = 0
    is_whole = True  # whether the last piece ended a line, so that the next begins one
    while line := tape.line(MAX_HEAD):
        if is_whole and RECORD_LINE.match(line):
            tape.unread(line)
            break
        is_whole = line.endswith(b"\n")
        lost += len(line) if line.strip() else 0
    return lost


def _read_head(tape: Tape) -> Record | None:
    """The headers of the record that begins here; the end of the archive: None."""
    if not tape.line(MAX_HEAD):
        return None
    headers: dict[str, str] = {}
    left = MAX_HEAD
    while (line := tape.line(left)).strip():
        left -= len(line)
        if left <= 0 or not line.endswith(b"\n"):
            raise RecordError("damaged", f"its headers do not end within {MAX_HEAD:,} bytes; it was passed over")
        key, _, value = line.decode("utf-8", errors="replace").partition(":")
        headers.setdefault(key.strip().lower(), value.strip())
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise RecordError("damaged", f"its length is “{length[:20]}”, which is no number of bytes; it was passed over")
    return Record(headers, int(length))


def _reports(record: Record, tape: Tape, place: str, given: Given) -> Iterator[Report | Problem]:
    """The report of a record; a Problem, not fatal, goes before one that the crawler itself cut short."""
    if record.type not in TOLD:
        _skip(record, tape, 0)
        raise _NoReportError(f"of type {record.type[:20] or 'unknown'}")
    block = tape.read(min(record.length, MAX_HEAD))
    try:
        head = _http_head(record, block)
    except (_NoReportError, RecordError):
        _skip(record, tape, len(block))
        raise
    if record.length > given.max_bytes + MAX_HEAD:
        _skip(record, tape, len(block))
        raise RecordError("too large", f"has {record.length:,} bytes, more than the {given.max_bytes:,} one report may have")
    block += tape.read(record.length - len(block))
    _check_end(record, tape, block)
    _check_digest(record, block, head.size)
    body = _body(head, block[head.size :], given.max_bytes)
    if cut := record.headers.get("warc-truncated"):
        message = f"{place}: was cut short when it was captured ({cut[:20]}), so its text may stop in the middle"
        yield Problem("reading", "truncated", message, place)
    yield Report(
        place,
        body,
        head.media_type,
        address=record.address,
        fetched=record.fetched,
        publisher=given.publisher,
        published=given.published,
    )


def _skip(record: Record, tape: Tape, taken: int) -> None:
    left = record.length - taken
    if tape.skip(left) < left:
        raise RecordError("cut off", f"says it has {record.length:,} bytes, and the archive ends before that; fetch it again")


def _check_end(record: Record, tape: Tape, block: bytes) -> None:
    """Raises RecordError where the length is not true, and puts the records back that a wrong one took in."""
    end = tape.read(4)
    tape.unread(end)
    stripped = end.strip(b"\r\n")
    if len(block) == record.length and (not stripped or (stripped != end and BEGINS.startswith(stripped))):
        return
    after = tape.read(20)  # the next record's first line may stand across the end
    if following := NEXT_RECORD.search(block + after):
        tape.unread((block + after)[following.start() :])
        message = f"is not the {record.length:,} bytes long that it says it is; it was passed over"
        raise RecordError("damaged", message)
    tape.unread(after)
    if len(block) < record.length:
        raise RecordError("cut off", f"has {len(block):,} of the {record.length:,} bytes it says it has; fetch it again")
    raise RecordError("damaged", f"is not the {record.length:,} bytes long that it says it is; it was passed over")


def _check_digest(record: Record, block: bytes, head_size: int) -> None:
    """Raises RecordError where the bytes are not those that were captured; a digest that cannot be read proves nothing.

    A payload's digest is taken of the body as it was sent by some crawlers and without its chunks by others, so both are tried.
    """
    if said := record.headers.get("warc-block-digest"):
        candidates = [block]
    elif said := record.headers.get("warc-payload-digest"):
        body = block[head_size:]
        candidates = [body, _without_chunks(body)]
    else:
        return
    algorithm, _, digest = said.partition(":")
    name = algorithm.strip().lower().replace("sha-", "sha")
    if name not in ("sha1", "md5", "sha256", "sha512"):
        return
    wanted = {digest.strip().lower().rstrip("=")}
    for candidate in candidates:
        found = hashlib.new(name, candidate, usedforsecurity=False)
        if wanted & {found.hexdigest(), base64.b32encode(found.digest()).decode().lower().rstrip("=")}:
            return
    raise RecordError("damaged", f"its bytes do not agree with its digest ({said[:60]}), so they are not what was captured")


# ---------------------------------------------------------------- HTTP


@dataclass(frozen=True)
class _Head:
    """What is known of a body before it is read: its type with what follows it, its codings, and where it begins in the block."""

    media_type: str
    size: int = 0
    coding: str = ""
    is_chunked: bool = False


def _http_head(record: Record, block: bytes) -> _Head:
    """Raises _NoReportError where the record holds no page or text, RecordError where its headers cannot be read."""
    kept_as = record.headers.get("content-type", "")
    if record.type == "conversion" or "application/http" not in kept_as.lower().replace(" ", ""):
        return _Head(_wanted_type(kept_as))
    status = STATUS.match(block)
    if status is None:
        raise RecordError("damaged", "does not begin as an HTTP response does; it was passed over")
    end = min((at for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark)) >= 0), default=-1)
    if end < 0:
        raise RecordError("damaged", f"has HTTP headers that do not end within {MAX_HEAD:,} bytes; it was passed over")
    code = status.group(1).decode()
    if code != "200":
        raise _NoReportError(f"of status {code}")
    headers: dict[str, str] = {}
    for line in block[:end].decode("latin-1").splitlines()[1:]:
        key, _, value = line.partition(":")
        headers.setdefault(key.strip().lower(), value.strip())
    size = end + (4 if block.startswith(b"\r\n\r\n", end) else 2)
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    media_type = _wanted_type(headers.get("content-type", ""))
    return _Head(media_type, size, headers.get("content-encoding", ""), is_chunked)


def _wanted_type(media_type: str) -> str:
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in PAGE_TYPES:
        raise _NoReportError(f"of type {kind[:40] or 'unknown'}")
    return media_type.strip()[:200]


def _body(head: _Head, body: bytes, max_bytes: int) -> bytes:
    if head.is_chunked:
        body = _without_chunks(body)
    codings = [coding for coding in head.coding.split(",") if coding.strip()]
    if len(codings) > 2:  # each could be a bomb inside the last; servers use one
        raise RecordError("unknown coding", f"is coded {len(codings)} times over; it was passed over")
    try:
        for coding in reversed(codings):
            body = decode_content(body, coding, max_bytes)
    except PackedError as fault:
        raise RecordError(fault.reason, str(fault)) from fault
    if len(body) > max_bytes:
        raise RecordError("too large", f"has {len(body):,} bytes, more than the {max_bytes:,} one report may have")
    return body


def _without_chunks(body: bytes) -> bytes:
    """The body put together from its chunks; one that is not in chunks (crawlers join them and keep the header): as it is."""
    parts: list[bytes] = []
    at = 0
    while match := CHUNK_SIZE.match(body, at):
        size = int(match.group(1), 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    return b"".join(parts) if parts and at >= len(body) else body
