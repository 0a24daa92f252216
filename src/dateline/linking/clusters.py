"""Groups that do not chain: which claims tell of one happening, by the chances of their pairs and by what people have ruled.

Two groups are joined as long as the mean chance over all pairs between them reaches a threshold, the likeliest two first (average
linkage: Sokal and Michener 1958). Pairs that nobody proposed count with a low chance of their own, up to some number of them: so a
claim that resembles one member of a large group and none of the others stays out, and a happening of two hundred reports, not all
of which were compared with all, is still one. No two groups without one pair above the threshold can ever be joined; therefore the
pairs above it fall into pieces that are worked out one by one, and what a piece gives does not depend on the rest. Claims that are
given as one (told twice in one document, ruled the same) are one voice: the likeliest of their pairs speaks for all.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
"""Numbers of claims; pairs of them are a matrix with a row a pair."""

NO_PAIRS: Rows = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Joining:
    """When groups are joined. The defaults were chosen on the training halves (docs/decisions/0022-identity.md)."""

    threshold: float = 0.5
    """Mean chance over the pairs between two groups from which they are one."""
    unknown: float = 0.02
    """Chance of a pair that was not proposed. Below `threshold`."""
    doubts: int = 6
    """Pairs between two groups that were not proposed and count none the less, at most."""

    def __post_init__(self) -> None:
        if not 0 <= self.unknown < self.threshold <= 1:
            raise ValueError(f"not 0 <= unknown < threshold <= 1: {self.unknown}, {self.threshold}")


@dataclass(frozen=True)
class Ruled:
    """What has been decided about pairs of claims, row by row in order of precedence.

    `same` and `apart` are people's. `tied` is the machine's (told again in one document, reprinted): it gives way without a word
    wherever somebody has ruled otherwise. `owned` are rows of a claim and the number of an owner, such as a report that prints it:
    two claims of one owner stand in one group only where they are ruled the same or tied.
    """

    same: Rows = field(default_factory=lambda: NO_PAIRS)
    apart: Rows = field(default_factory=lambda: NO_PAIRS)
    tied: Rows = field(default_factory=lambda: NO_PAIRS)
    owned: Rows = field(default_factory=lambda: NO_PAIRS)


@dataclass(frozen=True)
class Clusters:
    """Groups of claims. `labels` has for each claim the lowest number in its group.

    `belonging` is for each claim the mean chance of its pairs with the others of its group, 1 for a claim alone. `contradictions`
    are the pairs ruled the same (places in `Ruled.same`) that would have brought together what is ruled apart; they were not
    followed.
    """

    labels: Rows
    belonging: NDArray[np.float64]
    contradictions: tuple[int, ...] = ()

    def weakest(self) -> NDArray[np.float64]:
        """For each claim the belonging of the member of its group that belongs least: the group's weakest bond."""
        least = np.ones(len(self.labels))
        np.minimum.at(least, self.labels, self.belonging)
        return least[self.labels]


def find_clusters(
    size: int, pairs: Rows, chances: NDArray[np.float64], joining: Joining = Joining(), ruled: Ruled = Ruled()
) -> Clusters:
    """Claims 0 … size - 1 in groups. `pairs` are of different claims, each proposed once, in any order; no claims: no groups.

    Pairs ruled apart never stand in one group, and pairs ruled the same always do, but for the contradictions.
    """
    first, second = pairs.min(axis=1, initial=size), pairs.max(axis=1, initial=0)
    order = np.lexsort((second, first))
    first, second, chances = first[order], second[order], chances[order]
    if len(first) and (first[0] < 0 or second.max() >= size or (first == second).any()):
        raise ValueError(f"a pair is not of two different claims of {size}")
    given, contradictions = _follow(size, ruled)
    labels = _join(given, first, second, chances, joining, ruled)
    return Clusters(labels, belonging(labels, first, second, chances, joining), contradictions)


# ---------------------------------------------------------------- what is ruled


class _Forest:
    """Groups under way, each by the number of its root, and the groups it must not be joined with."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.apart: dict[int, set[int]] = {}

    def root(self, row: int) -> int:
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def forbid(self, first: int, second: int) -> None:
        self.apart.setdefault(first, set()).add(second)
        self.apart.setdefault(second, set()).add(first)

    def may_join(self, first: int, second: int) -> bool:
        return second not in self.apart.get(first, ())

    def join(self, kept: int, gone: int) -> None:
        """The group of one root becomes part of the other's."""
        self.parent[gone] = kept
        for other in self.apart.pop(gone, ()):
            self.apart[other].discard(gone)
            self.forbid(kept, other)


def _follow(size: int, ruled: Ruled) -> tuple[_Forest, tuple[int, ...]]:
    """The groups that are ruled, and the rulings "same" that could not be followed: each in its turn, the machine's last."""
    forest = _Forest(size)
    for first, second in ruled.apart.tolist():
        if first == second:
            raise ValueError(f"claim {first} is ruled apart from itself")
        forest.forbid(first, second)
    contradictions = []
    for place, (first, second) in enumerate([*ruled.same.tolist(), *ruled.tied.tolist()]):
        kept, gone = sorted((forest.root(first), forest.root(second)))
        if kept == gone:
            continue
        if forest.may_join(kept, gone):
            forest.join(kept, gone)
        elif place < len(ruled.same):
            contradictions.append(place)
    return forest, tuple(contradictions)


# ---------------------------------------------------------------- joining


def _join(forest: _Forest, first: Rows, second: Rows, chances: NDArray[np.float64], joining: Joining, ruled: Ruled) -> Rows:
    """The labels after all joins; what is ruled counts as joined from the start."""
    size = len(forest.parent)
    given = np.array([forest.root(row) for row in range(size)], dtype=np.int64)
    heads, tails = given[first], given[second]
    piece = find_pieces(size, heads, tails, chances >= joining.threshold)[given]
    parted = _of_one_owner(ruled.owned, piece, given)
    for one, other in parted.tolist():
        forest.forbid(one, other)
    apart = np.concatenate([ruled.apart, parted])
    is_whole = _whole(piece, first, second, chances >= joining.threshold, apart)[piece]
    labels = np.where(is_whole, piece, given)
    inside = np.flatnonzero(~is_whole[first] & (piece[first] == piece[second]) & (heads != tails))
    heads, tails, likeliest = _likeliest_of_two(heads[inside], tails[inside], chances[inside])
    for rows in _by_piece(piece[heads]):
        edges = (column[rows].tolist() for column in (heads, tails, likeliest))
        _join_piece(list(zip(*edges, strict=True)), joining, forest)
    rest = np.flatnonzero(~is_whole)
    labels[rest] = [forest.root(row) for row in rest.tolist()]
    return _lowest_of_each(labels)


def _likeliest_of_two(heads: Rows, tails: Rows, chances: NDArray[np.float64]) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """One pair for any two groups that are given, with the chance of their likeliest.

    What is decided to be one is one voice, whatever it is made of: of "three died when a bomb went off" and "a blast killed three"
    the deaths are alike and so are the blasts, and that a death is no blast says nothing.
    """
    low, high = np.minimum(heads, tails), np.maximum(heads, tails)
    order = np.lexsort((-chances, high, low))
    low, high = low[order], high[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return low[is_first], high[is_first], chances[order][is_first]


def _of_one_owner(owned: Rows, piece: Rows, given: Rows) -> Rows:
    """Pairs of groups, by their heads, that have claims of one owner in one piece; of different pieces none could be joined."""
    claims, owners = owned[:, 0], owned[:, 1]
    met = np.unique(np.stack([owners, piece[claims], given[claims]], axis=1), axis=0)
    if not len(met):
        return NO_PAIRS
    starts = np.flatnonzero(np.r_[True, (np.diff(met[:, :2], axis=0) != 0).any(axis=1)])
    found = [
        np.stack([heads[i], heads[j]], axis=1)
        for heads in np.split(met[:, 2], starts[1:])
        if len(heads) > 1
        for i, j in [np.triu_indices(len(heads), 1)]
    ]
    return np.concatenate(found) if found else NO_PAIRS


def find_pieces(size: int, first: Rows, second: Rows, strong: NDArray[np.bool_]) -> Rows:
    """For each of 0 … size - 1 the lowest number that strong pairs connect it with, by way of others or at once."""
    label = np.arange(size)
    a, b = first[strong], second[strong]
    while len(a):
        lowest = np.minimum(label[a], label[b])
        np.minimum.at(label, label[a], lowest)
        np.minimum.at(label, label[b], lowest)
        while not ((further := label[label]) == label).all():  # until everyone points at the end of its chain
            label = further
        apart = label[a] != label[b]
        a, b = a[apart], b[apart]
    return label


def _whole(piece: Rows, first: Rows, second: Rows, strong: NDArray[np.bool_], apart: Rows) -> NDArray[np.bool_]:
    """By the number of a piece: true where every pair of it is above the threshold, which can only end as one group.

    Most pieces are two or three claims, so this spares most of the work.
    """
    members = np.bincount(piece, minlength=len(piece))
    pairs = np.bincount(piece[first[strong & (piece[first] == piece[second])]], minlength=len(piece))
    whole: NDArray[np.bool_] = pairs == members * (members - 1) // 2
    whole[piece[apart].ravel()] = False
    return whole


def _by_piece(pieces: Rows) -> Iterator[Rows]:
    """The places of each piece's pairs, in their order."""
    order = np.argsort(pieces, kind="stable")
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(pieces[order])) + 1)


Between = dict[int, dict[int, tuple[float, int]]]
"""For two groups the sum of the chances of the proposed pairs between them, and how many those are."""


def _join_piece(edges: Sequence[tuple[int, int, float]], joining: Joining, forest: _Forest) -> None:
    """Joins the likeliest two groups of a piece until none reaches the threshold. `edges` has two voices once.

    An entry of the queue is looked at again when its turn comes: it may have fallen since. It rises only where both groups joined
    had pairs with a third, and there a new entry is made. Of two groups the one with fewer neighbours is poured into the other.
    """
    between: Between = defaultdict(dict)
    voices: defaultdict[int, int] = defaultdict(lambda: 1)
    for a, b, chance in edges:
        between[a][b] = between[b][a] = (chance, 1)

    def entry_of(a: int, b: int) -> tuple[float, int, int]:
        total, count = between[a][b]
        doubts = min(voices[a] * voices[b] - count, joining.doubts)
        return -(total + joining.unknown * doubts) / (count + doubts), min(a, b), max(a, b)

    strong = dict.fromkeys((min(a, b), max(a, b)) for a, b, chance in edges if chance >= joining.threshold)
    waiting = {entry for a, b in strong if -(entry := entry_of(a, b))[0] >= joining.threshold}
    queue = list(waiting)
    heapq.heapify(queue)

    def wait(entry: tuple[float, int, int]) -> None:
        if -entry[0] >= joining.threshold and entry not in waiting:
            waiting.add(entry)
            heapq.heappush(queue, entry)

    while queue:
        entry = heapq.heappop(queue)
        waiting.discard(entry)
        a, b = forest.root(entry[1]), forest.root(entry[2])
        if a == b or not forest.may_join(a, b):
            continue
        now = entry_of(a, b)
        if now[0] > entry[0]:
            wait(now)
            continue
        kept, gone = (a, b) if len(between[a]) >= len(between[b]) else (b, a)
        met = _pour(between, kept, gone)
        voices[kept] += voices[gone]
        forest.join(kept, gone)
        for other in met:
            wait(entry_of(kept, other))


def _pour(between: Between, kept: int, gone: int) -> list[int]:
    """What lay between one group and others lies between the other group and them. Returns those that both had pairs with."""
    del between[kept][gone]
    met = []
    for other, (total, count) in between.pop(gone).items():
        if other == kept:
            continue
        del between[other][gone]
        if (known := between[kept].get(other)) is not None:
            met.append(other)
            total, count = total + known[0], count + known[1]
        between[kept][other] = between[other][kept] = (total, count)
    return met


def _lowest_of_each(labels: Rows) -> Rows:
    """The same groups, each named by the lowest number in it."""
    lowest = np.full(len(labels), len(labels), dtype=np.int64)
    np.minimum.at(lowest, labels, np.arange(len(labels)))
    return lowest[labels]


def belonging(labels: Rows, first: Rows, second: Rows, chances: NDArray[np.float64], joining: Joining) -> NDArray[np.float64]:
    """For each claim the mean chance of its pairs with the others of its group, as groups are weighed; alone: 1."""
    size = len(labels)
    inside = labels[first] == labels[second]
    total, count = np.zeros(size), np.zeros(size)
    for end in (first[inside], second[inside]):
        total += np.bincount(end, chances[inside], minlength=size)
        count += np.bincount(end, minlength=size)
    others = np.bincount(labels, minlength=size)[labels] - 1
    doubts = np.minimum(others - count, joining.doubts)
    return np.where(others > 0, (total + joining.unknown * doubts) / np.maximum(count + doubts, 1), 1.0)
