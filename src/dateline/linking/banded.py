"""Which documents may be copies of one another: an index of the bands of their signatures that grows as documents come.

A band is two neighbouring places of a signature. Documents with an equal band are candidates (locality-sensitive hashing, Indyk
and Motwani 1998): those whose runs overlap by .3 nearly always have one, those by .05 rarely. A band and the document that has it
are one number; the numbers stand sorted in a few blocks, of which the small ones are put together as more come, so that a
document costs a few searches however many there are. A document takes up 1 kB for its bands and half of that for its signature.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dateline.linking.distinct import distinct
from dateline.linking.sketch import SIZE, Sketch, stack

BANDS = SIZE // 2
HOT = 60
"""Documents with one band, of each block, that are candidates: the first ones. More are prints of one story, or a note in all."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_PLACE = np.uint64(32)

Keys = NDArray[np.uint64]
"""A band's hash in the high half, the document's number in the low half."""


class BandIndex:
    """Numbers documents from 0 in the order they come, and finds for each those that have a band with it."""

    def __init__(self) -> None:
        self._blocks: list[Keys] = []
        self._signatures = np.zeros((0, SIZE), dtype=np.uint16)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def bytes(self) -> int:
        """What the index takes up in memory."""
        return sum(b.nbytes for b in self._blocks) + self._signatures.nbytes

    def add(self, sketches: Sequence[Sketch]) -> None:
        """Enters documents. One without runs is numbered and never found."""
        first, signatures = self._count, stack(sketches)
        self._count += len(sketches)
        if self._count > len(self._signatures):
            grown = np.zeros((max(self._count, 2 * len(self._signatures)), SIZE), dtype=np.uint16)
            grown[:first] = self._signatures[:first]
            self._signatures = grown
        self._signatures[first : self._count] = signatures
        filled = np.array([i for i, s in enumerate(sketches) if len(s.runs)], dtype=np.int64)
        if not len(filled):
            return
        keys = _bands(signatures[filled]) | (filled.astype(np.uint64) + np.uint64(first))[:, None]
        self._blocks.append(np.sort(keys, axis=None))
        while len(self._blocks) > 1 and len(self._blocks[-2]) < 2 * len(self._blocks[-1]):
            last = self._blocks.pop()
            # Two sorted stretches: the stable sort only puts them together.
            self._blocks[-1] = np.sort(np.concatenate([self._blocks[-1], last]), kind="stable")

    def pairs(self, documents: NDArray[np.int64], shared: float) -> NDArray[np.int64]:
        """Each of the documents with each other one that has a band with it, a row a pair, lower number first, in order, each once.

        `shared` is the share of places that two signatures must have alike.
        """
        found = [self._pairs_in(block, documents) for block in self._blocks]
        # One number a pair: sorting rows is slow.
        numbers = distinct(np.concatenate(found)) if found else np.zeros(0, dtype=np.uint64)
        pairs = np.stack([numbers >> _PLACE, numbers & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)
        kept = [
            (self._signatures[part[:, 0]] == self._signatures[part[:, 1]]).mean(axis=1) >= shared
            for part in np.array_split(pairs, max(1, len(pairs) // 4096))
        ]
        alike: NDArray[np.int64] = pairs[np.concatenate(kept)]
        return alike

    def _pairs_in(self, block: Keys, documents: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The pairs that one block gives, as numbers; a few bands at a time, or ten thousand documents at once would not fit."""
        found = []
        for part in np.array_split(documents, max(1, len(documents) // 2048)):
            wanted = _bands(self._signatures[part])
            asking = np.repeat(part, BANDS)
            low = np.searchsorted(block, wanted.ravel())
            high = np.searchsorted(block, wanted.ravel() | np.uint64(0xFFFFFFFF), side="right")
            high = np.minimum(high, low + HOT)
            is_found = high > low
            low, high, asking = low[is_found], high[is_found], asking[is_found]
            sizes = high - low
            at = np.repeat(low - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
            answers = (block[at] & np.uint64(0xFFFFFFFF)).astype(np.int64)
            askers = np.repeat(asking, sizes)
            is_other = answers != askers
            first = np.minimum(askers, answers)[is_other].astype(np.uint64)
            second = np.maximum(askers, answers)[is_other].astype(np.uint64)
            found.append(distinct((first << _PLACE) | second))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)


def _bands(signatures: NDArray[np.uint16]) -> Keys:
    """The bands' hashes, in the high half of each number; a row a document."""
    wide = signatures.astype(np.uint64)
    both: Keys = (wide[:, 0::2] << np.uint64(16)) | wide[:, 1::2] | (np.arange(BANDS, dtype=np.uint64)[None, :] << _PLACE)
    return ((both ^ (both >> np.uint64(29))) * _MIX) & ~np.uint64(0xFFFFFFFF)
