"""A body as it was before it was compressed for the way: counted while it is unpacked, so that a bomb is stopped as it swells."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import brotli

from dateline.fetching.faults import FetchError

ACCEPTED = "gzip, deflate, br"
"""What a request says it can read."""

PIECE = 64 * 1024
"""Bytes unpacked at a time: what can come out beyond what is allowed before it is noticed."""

GZIP = 16 + zlib.MAX_WBITS


def unpacked(chunks: Iterable[bytes], coding: str, most: int) -> bytes:
    """The body whole. `coding` is the Content-Encoding header, empty for none.

    Raises FetchError: "too large" when more than `most` bytes come out, "cut short" when the packed stream has no end, "bad
    encoding" for one that is damaged or none of gzip, deflate and br.
    """
    names = [name.strip().lower() for name in coding.split(",") if name.strip().lower() not in {"", "identity"}]
    if len(names) > 1:
        raise FetchError("bad encoding", f"was packed several times over ({coding[:60]}), which no publisher does")
    name = names[0] if names else ""
    match name:
        case "":
            pieces: Iterator[bytes] = iter(chunks)
        case "gzip" | "x-gzip":
            pieces = _inflated(chunks, GZIP)
        case "deflate":
            pieces = _deflated(chunks)
        case "br":
            pieces = _unbrotlied(chunks)
        case _:
            raise FetchError("bad encoding", f"was packed as {name[:30]!r}, which was not asked for; {ACCEPTED} can be read")
    whole = bytearray()
    try:
        for piece in pieces:
            whole += piece
            if len(whole) > most:
                raise FetchError("too large", f"is more than {most:,} bytes once unpacked, and was stopped")
    except (zlib.error, brotli.error) as fault:
        raise FetchError("bad encoding", f"is damaged: it cannot be unpacked as {name} ({fault})") from fault
    return bytes(whole)


def _inflated(chunks: Iterable[bytes], window: int) -> Iterator[bytes]:
    """Several members one behind the other are one stream; what follows the last and is no member is passed over."""
    stream, is_begun = zlib.decompressobj(window), False
    for chunk in chunks:
        rest = chunk
        while rest:
            if stream.eof:
                if window != GZIP or not rest.startswith(b"\x1f"):
                    rest = b""
                    continue
                stream = zlib.decompressobj(window)
            is_begun = True
            yield stream.decompress(rest, PIECE)
            rest = stream.unused_data if stream.eof else stream.unconsumed_tail
    while is_begun and not stream.eof:  # what is left in the window although all that came was taken in
        piece = stream.decompress(b"", PIECE)
        if not piece:
            raise FetchError("cut short", "ended before its packed text did; try again later")
        yield piece


def _deflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """With zlib's two bytes of header, as the standard says, or without, as some servers send it (RFC 9110, 8.4.1.2)."""
    waiting = iter(chunks)
    head = b""
    while len(head) < 2 and (chunk := next(waiting, None)) is not None:
        head += chunk
    has_header = len(head) >= 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0

    def whole() -> Iterator[bytes]:
        yield head
        yield from waiting

    return _inflated(whole(), zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _unbrotlied(chunks: Iterable[bytes]) -> Iterator[bytes]:
    stream, is_begun = brotli.Decompressor(), False
    for chunk in chunks:
        if stream.is_finished():
            break
        is_begun = is_begun or bool(chunk)
        yield stream.process(chunk, output_buffer_limit=PIECE)
        while not stream.can_accept_more_data() and not stream.is_finished():
            yield stream.process(b"", output_buffer_limit=PIECE)
    if is_begun and not stream.is_finished():
        raise FetchError("cut short", "ended before its packed text did; try again later")
