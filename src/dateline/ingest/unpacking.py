"""Compressed bytes, unpacked a piece at a time and counted, so that no bomb is ever held in memory or waited for.

A DEFLATE stream unpacks to at most 1,032 times its size, bzip2 and Zstandard to far more; text that people wrote packs to a tenth,
pages of one template to a fiftieth.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections import deque
from collections.abc import Callable
from typing import Protocol

RATIO = 200
"""The most a stream may unpack to, as a multiple of what was read of it; what does is no text that anybody wrote."""
FREE = 32_000_000
"""Bytes that any stream may unpack to, whatever its ratio: a small file of white space is no attack."""
CHUNK = 65_536
KEPT = 4_000_000
"""Packed bytes of the member in hand that are kept, to find the next member in if this one is damaged."""
XZ_MEMORY = 128_000_000
"""What an xz stream may ask for; `xz -9` asks for 65 MB."""

PACKINGS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "Zstandard"}
"""First bytes -> how the rest is packed. Source: RFC 1952, the formats' specifications, RFC 8878."""
GZIP = b"\x1f\x8b\x08"


class PackedError(ValueError):
    """The packed bytes cannot be unpacked any further. `at` is where in them the member stands that cannot."""

    def __init__(self, reason: str, message: str, at: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.at = at


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def packing_of(head: bytes) -> str | None:
    """How bytes that begin like this are packed: "gzip", "bzip2", "xz" or "Zstandard"; not packed: None."""
    return next((name for magic, name in PACKINGS.items() if head.startswith(magic)), None)


def unpack(stream: Readable, packing: str) -> io.RawIOBase:
    """What a packed stream unpacks to, as a stream; reading it raises PackedError where it is damaged, cut off, or a bomb."""
    return Unpacked(stream, packing) if packing != "Zstandard" else _Counted(stream)


class Unpacked(io.RawIOBase):
    """A stream of gzip, bzip2 or xz members, one after another, unpacked as one.

    Only what is before the damage is given out; then PackedError is raised, at every further read until `resume`.
    """

    def __init__(self, stream: Readable, packing: str) -> None:
        self._stream = stream
        decoders: dict[str, Callable[[], _Decoder]] = {"gzip": _Gzip, "bzip2": bz2.BZ2Decompressor, "xz": _xz}
        self._new = decoders[packing]
        self._magic = next(magic for magic, name in PACKINGS.items() if name == packing)
        self._packing = packing
        self._decoder: _Decoder | None = None
        self._pending = b""
        self._kept = bytearray()
        self._start = 0
        self._taken = 0
        self._given = 0
        self._fault: PackedError | None = None
        self._members: deque[tuple[int, int]] = deque(maxlen=4096)

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._fault:
            raise self._fault
        try:
            out = self._next(len(target))
        except (zlib.error, lzma.LZMAError, OSError, EOFError, MemoryError) as fault:
            if isinstance(fault, OSError) and fault.errno is not None:
                raise  # the disk's fault, not the file's
            raise self._failed("damaged", f"is damaged at byte {self._start:,}: what follows cannot be unpacked") from fault
        target[: len(out)] = out
        return len(out)

    def member_of(self, position: int) -> int:
        """Where in the packed bytes the member begins in which unpacked byte `position` stands, if that was lately given out."""
        return next((packed for unpacked, packed in reversed(self._members) if unpacked <= position), 0)

    @property
    def given(self) -> int:
        """How many bytes have been given out."""
        return self._given

    def resume(self, begins: bytes) -> bool:
        """Goes on, after damage, at the next gzip member that unpacks to something beginning so; there is none: False."""
        if self._packing != "gzip":
            return False
        at, rest = self._start, bytes(self._kept) + self._pending
        skip = 1
        while True:
            found = rest.find(GZIP, skip)
            if found < 0 or len(rest) - found < CHUNK // 16:
                more = self._stream.read(CHUNK)
                if more:
                    keep = found if found >= 0 else max(skip, len(rest) - len(GZIP) + 1)
                    at, rest, skip = at + keep, rest[keep:] + more, 0
                    continue
            if found < 0:
                return False
            if _begins(rest[found : found + CHUNK], begins):
                self._pending = rest[found:]
                self._taken = at + found
                self._decoder, self._fault = None, None
                self._kept.clear()
                return True
            skip = found + 1

    def _next(self, size: int) -> bytes:
        """Up to `size` unpacked bytes, at least one; at the end none."""
        while True:
            if self._decoder is None and not self._begin():
                return b""
            assert self._decoder is not None
            packed = self._pending or self._stream.read(CHUNK)
            self._pending = packed  # if it is damaged, the next member is looked for in it
            out = self._decoder.decompress(packed, size)
            left = self._decoder.unused_data if self._decoder.eof else _tail(self._decoder)
            used = len(packed) - len(left)
            self._taken += used
            self._given += len(out)
            if len(self._kept) < KEPT:
                self._kept += packed[:used]
            self._pending = left
            if self._given > FREE + RATIO * self._taken:
                raise self._failed("bomb", f"unpacks to more than {RATIO} times its size, as no text does; it was left off there")
            if self._decoder.eof:
                self._decoder = None
            elif not packed and not out:
                raise self._failed(
                    "cut off", f"ends in the middle: the part from byte {self._start:,} is not whole; fetch it again"
                )
            if out:
                return out

    def _begin(self) -> bool:
        """Opens the next member; at the end, or where only padding follows: False."""
        packed = self._pending
        while len(packed) < len(self._magic) or not packed.strip(b"\0"):
            self._taken += len(packed) if not packed.strip(b"\0") else 0
            packed = b"" if not packed.strip(b"\0") else packed
            more = self._stream.read(CHUNK)
            if not more:
                break
            packed += more
        stripped = packed.lstrip(b"\0") if self._given else packed
        self._taken += len(packed) - len(stripped)
        self._pending = b""
        if not stripped:
            return False
        self._start, self._pending = self._taken, stripped
        self._kept.clear()
        if not stripped.startswith(self._magic):
            raise zlib.error("no member begins here")
        self._members.append((self._given, self._start))
        self._decoder = self._new()
        return True

    def _failed(self, reason: str, message: str) -> PackedError:
        self._fault = PackedError(reason, message, self._start)
        return self._fault


class _Gzip:
    """A gzip member with the face of the other decoders: zlib's own keeps what it did not take under another name."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def tail(self) -> bytes:
        return self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(data, max_length)


def _tail(decoder: _Decoder) -> bytes:
    # bzip2's and xz's decoders keep what they did not take themselves.
    return decoder.tail if isinstance(decoder, _Gzip) else b""


def _xz() -> _Decoder:
    return lzma.LZMADecompressor(memlimit=XZ_MEMORY)


def _begins(packed: bytes, begins: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, max(64, len(begins))).startswith(begins)
    except zlib.error:
        return False


class _Counted(io.RawIOBase):
    """A Zstandard or Brotli stream, by the codec that Arrow brings, with both sides counted."""

    def __init__(self, stream: Readable, codec: str = "zstd") -> None:
        # Imported here: it takes a tenth of a second, and few sources need it.
        import pyarrow

        self._source = _Counting(stream)
        self._inner = pyarrow.CompressedInputStream(pyarrow.PythonFile(self._source, mode="r"), codec)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        try:
            out = self._inner.read(min(len(target), CHUNK))
        except (OSError, ValueError) as fault:
            if isinstance(fault, OSError) and fault.errno is not None:
                raise
            message = "is damaged or ends in the middle: what follows cannot be unpacked"
            raise PackedError("damaged", message, self._source.taken) from fault
        self._given += len(out)
        if self._given > FREE + RATIO * self._source.taken:
            message = f"unpacks to more than {RATIO} times its size, as no text does; it was left off there"
            raise PackedError("bomb", message, self._source.taken)
        target[: len(out)] = out
        return len(out)


class _Counting(io.RawIOBase):
    """A stream that knows how much of it was read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        found = self._stream.read(CHUNK if size is None or size < 0 else min(size, CHUNK))
        self.taken += len(found)
        return found


def joined(head: bytes, stream: Readable) -> io.BufferedReader:
    """A stream with the bytes that were read of it already before it."""
    return io.BufferedReader(_Joined(head, stream))


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        found = self._head[: len(target)] or self._stream.read(len(target))
        self._head = self._head[len(target) :]
        target[: len(found)] = found
        return len(found)


# ---------------------------------------------------------------- codings of HTTP


def decode_content(body: bytes, coding: str, max_bytes: int) -> bytes:
    """A body without its content coding ("gzip", "deflate", "br", "zstd"), or as it is where it does not have it after all.

    Crawlers often keep the header of a coding that they have undone. Raises PackedError, "too large" where it unpacks to more than
    `max_bytes`, "unknown coding" for another. Source: RFC 9110, section 8.4.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity") or not body:
        return body
    try:
        if coding in ("gzip", "x-gzip"):
            return _within(Unpacked(io.BytesIO(body), "gzip"), max_bytes) if body.startswith(GZIP[:2]) else body
        if coding == "deflate":
            return _inflate(body, max_bytes)
        if coding == "zstd":
            return _within(_Counted(io.BytesIO(body)), max_bytes) if packing_of(body) == "Zstandard" else body
        if coding == "br":
            return _brotli(body, max_bytes)
    except zlib.error as fault:
        raise PackedError("damaged", f"is damaged: its {coding} coding cannot be undone", 0) from fault
    raise PackedError("unknown coding", f"is in the coding “{coding[:40]}”, which cannot be undone; fetch it without", 0)


def _within(stream: io.RawIOBase, max_bytes: int) -> bytes:
    found = bytearray()
    while chunk := stream.read(CHUNK):
        found += chunk
        if len(found) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(found)


def _inflate(body: bytes, max_bytes: int) -> bytes:
    # "deflate" is zlib's format by the book, and bare DEFLATE from some servers.
    for window in (15, -15):
        decoder = zlib.decompressobj(window)
        try:
            found = decoder.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if len(found) > max_bytes:
            raise _too_large(max_bytes)
        return found
    return body


def _brotli(body: bytes, max_bytes: int) -> bytes:
    try:
        return _within(_Counted(io.BytesIO(body), "brotli"), max_bytes)
    except PackedError as fault:
        # Brotli has no first bytes to know it by: a page that begins with markup was decoded by whoever kept it.
        if fault.reason == "damaged" and body.lstrip()[:1] == b"<":
            return body
        raise


def _too_large(max_bytes: int) -> PackedError:
    return PackedError("too large", f"unpacks to more than the {max_bytes:,} bytes one report may have; hand in less of it", 0)
