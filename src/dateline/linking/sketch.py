"""A document's sketch: which runs of three words and which telling words it has, and a signature by which documents that share many
runs are found.

The signature is MinHash (Broder 1997, "On the resemblance and containment of documents"): of each of SIZE random orders of all
possible runs the first that the document has. Two documents agree in a place of their signatures as often as their runs overlap.
Written on numpy, because signatures are made and compared for whole ledgers at once; the hash functions are fixed, so sketches of
different days and machines can be compared.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dateline.records import BlockKind, Document

RUN = 3
"""Words in a run. Five, the usual choice, loses copies that were edited."""

SIZE = 256
"""Places of a signature: the estimate of an overlap of .2 is off by .025."""

_WORD = re.compile(r"[^\W_]+")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_RANDOM = np.random.default_rng(20200818)
_FACTORS = _RANDOM.integers(1, 2**63, SIZE, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 2**63, SIZE, dtype=np.uint64)

Hashes = NDArray[np.uint32]
"""Sorted, each once."""
Runs = Hashes
Signature = NDArray[np.uint16]

TOLD = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})

VERSION = "2"
"""Of what a sketch holds. Sketches of another version cannot be compared with these and are made again."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """Of one document: the hashes of its runs and of its telling words, and its signature. `day` is its day of publication, if
    known.

    About 2.6 kB for a report of 400 words: four bytes a run and a word, two a place of the signature.
    """

    document: str
    day: date | None
    runs: Runs
    words: Hashes
    signature: Signature


def sketch(document: str, day: date | None, text: str) -> Sketch:
    """The sketch of a text. A text of fewer than three words has no runs, and resembles nothing."""
    runs = find_runs(text)
    return Sketch(document, day, runs, find_words(text), sign(runs))


def sketch_of(document: Document) -> Sketch:
    """The sketch of what a document tells: title, body and captions. Its furniture is in all of its publisher's documents."""
    told = (b.span.of(document.text) for b in document.blocks if b.kind in TOLD)
    return sketch(document.id, document.published.day if document.published else None, "\n\n".join(told))


def find_runs(text: str) -> Runs:
    """The hashes of all runs of RUN words, sorted, each once; capitals and punctuation make no difference."""
    words = np.array([zlib.crc32(w.encode()) for w in _WORD.findall(text.casefold())], dtype=np.uint64)
    if len(words) < RUN:
        return np.zeros(0, dtype=np.uint32)
    runs = words[: len(words) - RUN + 1].copy()
    for i in range(1, RUN):
        runs = (runs ^ (runs >> np.uint64(29))) * _MIX + words[i : len(words) - RUN + 1 + i]
    return np.unique(((runs * _MIX) >> np.uint64(32)).astype(np.uint32))


STEM = 6
"""Letters of a word that count: "protest" and "protesters" are one."""


def find_words(text: str) -> Hashes:
    """The hashes of the words that tell one text from another in any wording: figures, names, and words of six letters or more."""
    telling = {
        w[:STEM].casefold() for w in _WORD.findall(text) if len(w) >= STEM or w[0].isdigit() or (w[0].isupper() and len(w) > 3)
    }
    return np.unique(np.array([zlib.crc32(w.encode()) for w in telling], dtype=np.uint32))


def sign(runs: Runs) -> Signature:
    """The low half of the smallest hash under each of SIZE hash functions; no runs: all ones."""
    if not len(runs):
        return np.full(SIZE, 0xFFFF, dtype=np.uint16)
    wide = runs.astype(np.uint64)
    spread = (wide ^ (wide << np.uint64(31))) * _MIX
    smallest = np.full(SIZE, 0xFFFFFFFF, dtype=np.uint32)
    for first in range(0, len(spread), 2048):  # a book must not need a gigabyte
        hashed = (spread[None, first : first + 2048] * _FACTORS[:, None] + _SHIFTS[:, None]) >> np.uint64(32)
        smallest = np.minimum(smallest, hashed.min(axis=1).astype(np.uint32))
    return (smallest & np.uint32(0xFFFF)).astype(np.uint16)


def to_bytes(hashes: Hashes | Signature) -> bytes:
    """Hashes or a signature as they are kept: little-endian, on any machine."""
    return hashes.astype(hashes.dtype.newbyteorder("<")).tobytes()


def from_bytes(document: str, day: date | None, runs: bytes, words: bytes, signature: bytes) -> Sketch:
    """A sketch as it was kept."""
    kept, telling = (np.frombuffer(hashes, dtype="<u4").astype(np.uint32) for hashes in (runs, words))
    return Sketch(document, day, kept, telling, np.frombuffer(signature, dtype="<u2").astype(np.uint16))


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two documents share. `resemblance`: of the runs of both, `of_first` and `of_second`: of each one's own; 0 to 1."""

    shared: int
    resemblance: float
    of_first: float
    of_second: float

    @property
    def containment(self) -> float:
        """The share of the shorter one that the longer has too."""
        return max(self.of_first, self.of_second)

    def turned(self) -> Overlap:
        """The same, the second document first."""
        return Overlap(self.shared, self.resemblance, self.of_second, self.of_first)


def overlap(first: Hashes, second: Hashes) -> Overlap:
    """Counted on the hashes themselves; an empty document shares nothing."""
    few, many = sorted((first, second), key=len)
    shared = int(np.count_nonzero(many[np.searchsorted(many[:-1], few)] == few)) if len(few) else 0
    both = len(first) + len(second) - shared
    return Overlap(shared, shared / both if both else 0.0, shared / max(1, len(first)), shared / max(1, len(second)))


def stack(sketches: Sequence[Sketch]) -> NDArray[np.uint16]:
    """Their signatures as one matrix, a row a sketch."""
    return np.stack([s.signature for s in sketches]) if sketches else np.zeros((0, SIZE), dtype=np.uint16)
