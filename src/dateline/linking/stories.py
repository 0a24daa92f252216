"""How alike two reports are when each is read together with those most like it: a measure of being about one story.

Two reports of one happening may share few words; both share many with a third. So each report's words and names are mixed with
those of its nearest, and the same once more. Reports of one story come close together and those of a like story (another bombing
in another town) do not, which counting common words alone cannot do. In information retrieval this is the expansion of a document
by its neighbours (Singhal and Pereira 1999, "Document expansion for speech retrieval").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAREST = 5
"""Reports that each is mixed with."""
ROUNDS = 2
LIKE = 0.08
"""Likeness below which a report is nobody's neighbour."""
COMMON = 50
"""Reports that an entry may be in to count for nearness."""
KEPT = 192
"""Entries kept of a mixed report."""
CHUNK = 2048

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Bags:
    """Rows of numbered entries with weights: [m, k], -1 and 0 where a row has fewer, heaviest first, each row of unit length."""

    numbers: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.numbers)


def beside(first: Bags, second: Bags) -> Bags:
    """One row of both, entries of the second kept apart from those of the first; likeness is then the mean of the two."""
    shift = int(first.numbers.max(initial=-1)) + 1
    apart = np.where(second.numbers < 0, -1, second.numbers + shift)
    joined = np.concatenate([first.weights, second.weights], axis=1)
    order = np.argsort(-joined, axis=1, kind="stable")
    numbers = np.take_along_axis(np.concatenate([first.numbers, apart], axis=1), order, axis=1).astype(np.int32)
    return Bags(numbers, _of_unit_length(np.take_along_axis(joined, order, axis=1)))


def _of_unit_length(weights: Floats) -> Floats:
    scaled: Floats = (weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return scaled


def spread(reports: Bags) -> Bags:
    """The reports, each mixed with its nearest, ROUNDS times; without a neighbour a report stays as it is."""
    for _ in range(ROUNDS):
        near, likeness = nearest(reports)
        reports = _mixed(reports, near, likeness)
    return reports


def nearest(reports: Bags) -> tuple[Ints, Floats]:
    """[m, NEAREST] the rows most like each, most like first, and how like; -1 and 0 where there are fewer above LIKE.

    Entries that are in more than COMMON rows are not counted: they are told everywhere, and looking them up takes long.
    """
    rows, kept = np.nonzero(reports.numbers >= 0)
    numbers, weights = reports.numbers[rows, kept], reports.weights[rows, kept]
    order = np.argsort(numbers, kind="stable")
    holders, held = rows[order].astype(np.int32), weights[order]
    bounds = np.searchsorted(numbers[order], np.arange(int(reports.numbers.max(initial=-1)) + 2))
    near = np.full((len(reports), NEAREST), -1, np.int32)
    likeness = np.zeros((len(reports), NEAREST), np.float32)
    for row in range(len(reports)):
        own = reports.numbers[row]
        own = own[own >= 0]
        starts, sizes = bounds[own], bounds[own + 1] - bounds[own]
        few = sizes <= COMMON
        starts, sizes, mine = starts[few], sizes[few], reports.weights[row, : len(own)][few]
        if not len(sizes):
            continue
        places = np.repeat(starts - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
        met, which = np.unique(holders[places], return_inverse=True)
        total = np.bincount(which, np.repeat(mine, sizes) * held[places])
        total[met == row] = 0.0
        best = np.argsort(-total, kind="stable")[:NEAREST]
        best = best[total[best] >= LIKE]
        near[row, : len(best)], likeness[row, : len(best)] = met[best], total[best]
    return near, likeness


def _mixed(reports: Bags, near: Ints, likeness: Floats) -> Bags:
    """Each row plus the mean of its nearest, weighed by likeness; the KEPT heaviest entries."""
    width = int(reports.numbers.max(initial=-1)) + 1
    numbers = np.full((len(reports), KEPT), -1, np.int32)
    weights = np.zeros((len(reports), KEPT), np.float32)
    shares = likeness / np.maximum(likeness.sum(axis=1, keepdims=True), 1e-6)
    for start in range(0, len(reports), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(reports)))
        members = np.concatenate([rows[:, None], np.maximum(near[rows], 0)], axis=1)
        factors = np.concatenate([np.ones((len(rows), 1), np.float32), shares[rows]], axis=1)
        entries = reports.numbers[members].reshape(len(rows), -1)
        values = (reports.weights[members] * factors[:, :, None]).reshape(len(rows), -1)
        keys = (np.arange(len(rows))[:, None] * width + entries)[(entries >= 0) & (values > 0)]
        found, which = np.unique(keys, return_inverse=True)
        total = np.bincount(which, values[(entries >= 0) & (values > 0)])
        order = np.lexsort((-total, found // max(1, width)))
        row = found[order] // max(1, width)
        place = np.arange(len(order)) - np.searchsorted(row, row)
        few = place < KEPT
        numbers[start + row[few], place[few]] = (found[order] % max(1, width))[few]
        weights[start + row[few], place[few]] = total[order][few]
    return Bags(numbers, _of_unit_length(weights))
