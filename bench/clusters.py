"""Measures of clusterings: MUC, B-cubed and entity CEAF, and their mean, the CoNLL F1. A library for benchmarks.

MUC: Vilain et al. 1995. B-cubed: Bagga and Baldwin 1998. CEAFe: Luo 2005 with his fourth similarity, aligned so that the sum is
highest. Documents are added up before dividing, as the CoNLL 2012 scorer does (Pradhan et al. 2014).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

Clustering = Sequence[frozenset[Hashable]]
"""Disjoint clusters of mentions of one document; a mention is whatever compares equal to the other side's."""

MEASURES = ("muc", "b3", "ceafe", "mention")


@dataclass(frozen=True)
class Tally:
    """What was found of the key's units and of the response's; tallies of several documents add up."""

    recalled: float = 0.0
    key: float = 0.0
    precise: float = 0.0
    response: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.recalled + other.recalled,
            self.key + other.key,
            self.precise + other.precise,
            self.response + other.response,
        )

    @property
    def recall(self) -> float:
        return self.recalled / self.key if self.key else 0.0

    @property
    def precision(self) -> float:
        return self.precise / self.response if self.response else 0.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def clusters_of(labels: Sequence[Hashable]) -> Clustering:
    """The places of a list grouped by what stands there."""
    groups: dict[Hashable, set[Hashable]] = {}
    for place, label in enumerate(labels):
        groups.setdefault(label, set()).add(place)
    return [frozenset(group) for group in groups.values()]


def compare(key: Clustering, response: Clustering) -> dict[str, Tally]:
    """A tally for each of MEASURES, of one document."""
    return {
        "muc": muc(key, response),
        "b3": b_cubed(key, response),
        "ceafe": ceaf_e(key, response),
        "mention": mentions(key, response),
    }


def add_up(tallies: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """The tallies of several documents in one; none: all zero."""
    totals = dict.fromkeys(MEASURES, Tally())
    for tally in tallies:
        totals = {m: totals[m] + tally[m] for m in MEASURES}
    return totals


def conll_f1(tallies: dict[str, Tally]) -> float:
    """The mean of the F1 of MUC, B-cubed and CEAFe."""
    return (tallies["muc"].f1 + tallies["b3"].f1 + tallies["ceafe"].f1) / 3


def owners(clusters: Clustering) -> dict[Hashable, int]:
    """The number of each mention's cluster."""
    return {mention: number for number, cluster in enumerate(clusters) for mention in cluster}


def muc(key: Clustering, response: Clustering) -> Tally:
    """Links: of a cluster of n mentions those n - 1 that hold it together, less one for every part the other side cuts it into."""
    return Tally(*_links_kept(key, owners(response)), *_links_kept(response, owners(key)))


def _links_kept(clusters: Clustering, other: dict[Hashable, int]) -> tuple[float, float]:
    kept = total = 0
    for cluster in clusters:
        placed = [other[m] for m in cluster if m in other]
        parts = len(set(placed)) + len(cluster) - len(placed)
        kept += len(cluster) - parts
        total += len(cluster) - 1
    return kept, total


def b_cubed(key: Clustering, response: Clustering) -> Tally:
    """Mentions, each by the share of its cluster that the other side puts with it."""
    return Tally(*_shares(key, response), *_shares(response, key))


def _shares(clusters: Clustering, other: Clustering) -> tuple[float, float]:
    owner = owners(other)
    found = 0.0
    for cluster in clusters:
        overlaps: dict[int, int] = {}
        for mention in cluster:
            if mention in owner:
                overlaps[owner[mention]] = overlaps.get(owner[mention], 0) + 1
        found += sum(n * n for n in overlaps.values()) / len(cluster)
    return found, sum(len(c) for c in clusters)


def ceaf_e(key: Clustering, response: Clustering) -> Tally:
    """Clusters, aligned one to one; a pair is worth twice its common mentions over the mentions of both.

    Only clusters that have a mention in common are worth anything, so each piece of those that hang together is aligned by itself:
    a corpus of thousands of clusters falls into thousands of small pieces.
    """
    best = 0.0
    for keys, responses in _pieces(key, response):
        worth = [[2 * len(k & r) / (len(k) + len(r)) for r in responses] for k in keys]
        best += best_sum(worth)
    return Tally(best, len(key), best, len(response))


def _pieces(key: Clustering, response: Clustering) -> Iterator[tuple[list[frozenset[Hashable]], list[frozenset[Hashable]]]]:
    """Clusters of both sides that common mentions connect; those that have none with the other side are left out."""
    ours, theirs = owners(response), owners(key)
    waiting = dict.fromkeys(range(len(key)))
    while waiting:
        keys: set[int] = set()
        responses: set[int] = set()
        reached = [next(iter(waiting))]
        while reached:
            number = reached.pop()
            if number in keys:
                continue
            keys.add(number)
            waiting.pop(number)
            for other in {ours[m] for m in key[number] if m in ours} - responses:
                responses.add(other)
                reached.extend({theirs[m] for m in response[other] if m in theirs} - keys)
        yield [key[n] for n in sorted(keys)], [response[n] for n in sorted(responses)]


def mentions(key: Clustering, response: Clustering) -> Tally:
    """Mentions found, whatever their cluster."""
    ours, theirs = owners(response).keys(), owners(key).keys()
    both = len(ours & theirs)
    return Tally(both, len(theirs), both, len(ours))


def best_sum(worth: Sequence[Sequence[float]]) -> float:
    """The highest sum of a one-to-one choice of rows and columns (Kuhn-Munkres by shortest augmenting paths); empty: 0.0."""
    if not worth or not worth[0]:
        return 0.0
    rows = worth if len(worth) <= len(worth[0]) else [list(column) for column in zip(*worth, strict=True)]
    width = len(rows[0])
    row_price, column_price = [0.0] * (len(rows) + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)  # the row (from 1) that holds each column (from 1); column 0 stands for the row being placed
    for number in range(1, len(rows) + 1):
        row_of[0] = number
        column = 0
        slack, came_from, seen = [float("inf")] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        while row_of[column]:
            seen[column] = True
            row, step, nearest = row_of[column], float("inf"), 0
            for j in range(1, width + 1):
                if seen[j]:
                    continue
                cost = -rows[row - 1][j - 1] - row_price[row] - column_price[j]
                if cost < slack[j]:
                    slack[j], came_from[j] = cost, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(width + 1):
                if seen[j]:
                    row_price[row_of[j]] += step
                    column_price[j] -= step
                else:
                    slack[j] -= step
            column = nearest
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    return sum(rows[row_of[j] - 1][j - 1] for j in range(1, width + 1) if row_of[j])
