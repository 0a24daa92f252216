"""Characters and white space made plain, with the way back to the report's bytes kept.

A document's text is woven from pieces; each piece knows which code points of the decoded source it stands for, and the
decoded source knows which bytes each of its code points came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.records import OffsetMap, Run, Span

ByteStarts = npt.NDArray[np.int64]
"""Where each code point of the decoded source starts in the report's bytes, and, last, where the last one ends."""

# White space of every kind; what is invisible: control characters, soft hyphens, zero-width and direction marks, byte-order marks.
# The upper control characters, 0x80-0x9f, are neither: they are Windows-1252 characters that went through Latin-1.
SPACES = " \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = "\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
SPACE = re.compile(f"[{SPACES}]")
INK = re.compile(f"[^{SPACES}{INVISIBLE}]")


@dataclass(frozen=True)
class Piece:
    """Some of the text, and the code points [start, end) of the source it stands for.

    As many code points as the source's: it is a copy of them. Otherwise it stands for them as a whole ("&amp;" for "&").
    `start` below 0: nothing of the source stands behind it.
    """

    text: str
    start: int = -1
    end: int = -1

    def is_copy(self) -> bool:
        return self.start >= 0 and self.end - self.start == len(self.text)


@dataclass(frozen=True)
class Woven:
    """A text, its paragraphs in order, and the way back to the bytes."""

    text: str
    paragraphs: tuple[Span, ...]
    offsets: OffsetMap


def clean(source: str, start: int, end: int, misread: Mapping[str, str], lone: str) -> tuple[Piece, ...]:
    """The paragraph source[start:end] with its noise taken out: no white space at either end, single spaces within.

    Quotation marks and dashes stay as they are; only characters that were once misread as Windows-1252 are put back. A hard
    line break after a hyphen joins the two halves ("stone-\\npelting"). Nothing but noise: an empty tuple.
    """
    pieces: list[Piece] = []
    at = start
    for match in _edits(misread, lone).finditer(source, start, end):
        replacement = _replacement(match.group(), misread, lone, is_after_hyphen=source[max(match.start() - 1, 0)] == "-")
        if replacement == match.group():
            continue
        if match.start() > at:
            pieces.append(Piece(source[at : match.start()], at, match.start()))
        if replacement:
            pieces.append(Piece(replacement, match.start(), match.end()))
        at = match.end()
    if at < end:
        pieces.append(Piece(source[at:end], at, end))
    return trimmed(pieces)


def trimmed(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces without white space at either end, and without two spaces in a row."""
    kept: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if text.startswith(" ") and (not kept or kept[-1].text.endswith(" ")):
            piece = _without_first(piece)
        if piece.text:
            kept.append(piece)
    while kept and kept[-1].text.endswith(" "):
        last = kept.pop()
        if len(last.text) > 1:
            kept.append(Piece(last.text[:-1], last.start, last.end - 1 if last.is_copy() else last.end))
    return tuple(kept)


def weave(paragraphs: Iterable[Sequence[Piece]], byte_starts: ByteStarts | None) -> Woven:
    """The paragraphs one after another, an empty line between them. `byte_starts` None: nothing is mapped."""
    texts: list[str] = []
    spans: list[Span] = []
    runs: list[Run] = []
    at = 0
    for pieces in paragraphs:
        if texts:
            texts.append("\n\n")
            at += 2
        first = at
        for piece in pieces:
            texts.append(piece.text)
            if byte_starts is not None and piece.start >= 0:
                for run in _runs(piece, at, byte_starts):
                    _append(runs, run)
            at += len(piece.text)
        spans.append(Span(first, at))
    return Woven("".join(texts), tuple(spans), OffsetMap(tuple(runs)))


def _edits(misread: Mapping[str, str], lone: str) -> re.Pattern[str]:
    # re.compile keeps its own cache, so this costs a dictionary look-up.
    found = "|".join(re.escape(m) for m in sorted(misread, key=lambda m: (-len(m), m)))
    return re.compile(f"{found}|{lone}(?=[{SPACES}])[{SPACES}{INVISIBLE}]+|[\x80-\x9f]|[{SPACES}{INVISIBLE}]+")


def _replacement(found: str, misread: Mapping[str, str], lone: str, *, is_after_hyphen: bool) -> str:
    if found in misread:
        true = misread[found]
        return " " if SPACE.match(true) else true
    if len(found) == 1 and "\x80" <= found <= "\x9f":
        return bytes([ord(found)]).decode("cp1252", errors="ignore")
    if is_after_hyphen and "\n" in found:
        return ""
    return " " if SPACE.search(found) or found.startswith(lone) else ""


def _without_first(piece: Piece) -> Piece:
    rest = piece.text[1:]
    return Piece(rest, piece.start + 1 if piece.is_copy() else piece.start, piece.end)


def _runs(piece: Piece, at: int, byte_starts: ByteStarts) -> Iterator[Run]:
    """A copy: one run for every stretch of single bytes and one for every longer character. Not a copy: one run."""
    low, high = int(byte_starts[piece.start]), int(byte_starts[piece.end])
    if not piece.is_copy() or high - low == len(piece.text):
        yield Run(at, len(piece.text), low, high)
        return
    starts = byte_starts[piece.start : piece.end + 1]
    wide = np.flatnonzero(np.diff(starts) != 1)
    done = 0
    for index in wide.tolist():
        if index > done:
            yield Run(at + done, index - done, int(starts[done]), int(starts[index]))
        yield Run(at + index, 1, int(starts[index]), int(starts[index + 1]))
        done = index + 1
    if done < len(piece.text):
        yield Run(at + done, len(piece.text) - done, int(starts[done]), high)


def _append(runs: list[Run], run: Run) -> None:
    """Adds a run, joined to the last one where both are byte for byte and touch in the text and in the bytes."""
    if runs:
        last = runs[-1]
        touch = last.start + last.length == run.start and last.byte_end == run.byte_start
        if touch and last.byte_end - last.byte_start == last.length and run.byte_end - run.byte_start == run.length:
            runs[-1] = Run(last.start, last.length + run.length, last.byte_start, run.byte_end)
            return
    runs.append(run)
