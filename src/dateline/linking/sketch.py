"""A document's sketch: which runs of three words it has, and a signature by which documents that share many are found.

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

RUN = 3
"""Words in a run. Five, the usual choice, loses copies that were edited."""

SIZE = 256
"""Places of a signature: the estimate of an overlap of .2 is off by .025."""

_WORD = re.compile(r"[^\W_]+")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_RANDOM = np.random.default_rng(20200818)
_FACTORS = _RANDOM.integers(1, 2**63, SIZE, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 2**63, SIZE, dtype=np.uint64)

Runs = NDArray[np.uint64]
Signature = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Sketch:
    """Of one document: its runs as sorted hashes, each once, and its signature. `day` is its day of publication, if known."""

    document: str
    day: date | None
    runs: Runs
    signature: Signature


def sketch(document: str, day: date | None, text: str) -> Sketch:
    """The sketch of a text. A text of fewer than three words has no runs, and resembles nothing."""
    runs = find_runs(text)
    return Sketch(document, day, runs, sign(runs))


def find_runs(text: str) -> Runs:
    """The hashes of all runs of RUN words, sorted, each once; capitals and punctuation make no difference."""
    words = np.array([zlib.crc32(w.encode()) for w in _WORD.findall(text.casefold())], dtype=np.uint64)
    if len(words) < RUN:
        return np.zeros(0, dtype=np.uint64)
    runs = words[: len(words) - RUN + 1].copy()
    for i in range(1, RUN):
        runs = (runs ^ (runs >> np.uint64(29))) * _MIX + words[i : len(words) - RUN + 1 + i]
    return np.unique(runs)


def sign(runs: Runs) -> Signature:
    """The SIZE smallest hashes, one under each hash function; no runs: all ones."""
    if not len(runs):
        return np.full(SIZE, 0xFFFFFFFF, dtype=np.uint32)
    spread = (runs ^ (runs >> np.uint64(31))) * _MIX
    smallest = np.full(SIZE, 0xFFFFFFFF, dtype=np.uint32)
    for first in range(0, len(spread), 2048):  # a book must not need a gigabyte
        hashed = (spread[None, first : first + 2048] * _FACTORS[:, None] + _SHIFTS[:, None]) >> np.uint64(32)
        smallest = np.minimum(smallest, hashed.min(axis=1).astype(np.uint32))
    return smallest


@dataclass(frozen=True)
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


def overlap(first: Runs, second: Runs) -> Overlap:
    """Counted on the runs themselves; an empty document shares nothing."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    both = len(first) + len(second) - shared
    return Overlap(shared, shared / both if both else 0.0, shared / max(1, len(first)), shared / max(1, len(second)))


def stack(sketches: Sequence[Sketch]) -> NDArray[np.uint32]:
    """Their signatures as one matrix, a row a sketch."""
    return np.stack([s.signature for s in sketches]) if sketches else np.zeros((0, SIZE), dtype=np.uint32)
