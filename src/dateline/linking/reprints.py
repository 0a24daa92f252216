"""Reprints: which documents are one text told again, so that a wire story in forty papers is one witness.

Candidates share two neighbouring places of their signatures; each is then counted out on the runs themselves. A copy resembles the
other document, or is mostly contained in it (abridged, padded). A text that holds several others, a round-up, is a copy of none of
them, or it would make one story of all. A document joins a group when it is a copy of most of those in it: groups do not chain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.linking.sketch import SIZE, Overlap, Sketch, overlap, stack


@dataclass(frozen=True)
class Limits:
    """When two documents are one text. Chosen by `python -m bench reprints` on texts that its figures are not made on."""

    resemblance: float = 0.3
    """Runs shared of all runs of both from which they are copies."""
    containment: float = 0.6
    """Share of the shorter one from which they are copies although one is much longer."""
    shortest: int = 30
    """Runs that a document needs to be a copy by containment: a note of two sentences is in many."""
    shared: float = 0.08
    """Estimated resemblance below which a pair is not counted out."""
    days: int = 30
    """Days of publication that copies lie apart at most; documents without a day go with all."""
    common: float = 0.02
    """Share of all documents from which a run is boilerplate ("sign up for our newsletter") and counts for nothing."""
    few: int = 8
    """Documents that a run must be in, whatever the share, to be boilerplate: a story in ten papers of fifty is none."""
    most: float = 0.5
    """Share of a group's documents that a document must be a copy of, more than this, to join it."""


@dataclass(frozen=True)
class Copy:
    """Two documents that are one text, by their places in the list that was given, and what they share."""

    first: int
    second: int
    overlap: Overlap


@dataclass(frozen=True)
class Reprints:
    """Groups of one text each, as places in the list that was given, longest text first; and the round-ups, which are in none."""

    groups: tuple[tuple[int, ...], ...]
    round_ups: frozenset[int]
    copies: tuple[Copy, ...]

    def labels(self) -> NDArray[np.int64]:
        """For each document the number of its group."""
        labels = np.zeros(sum(map(len, self.groups)), dtype=np.int64)
        for number, group in enumerate(self.groups):
            labels[list(group)] = number
        return labels


def find_reprints(sketches: Sequence[Sketch], limits: Limits = Limits()) -> Reprints:
    """The documents grouped by text; one that is nobody's copy is a group by itself. No documents: no groups."""
    runs = without_boilerplate([s.runs for s in sketches], limits)
    copies = tuple(_count_out(sketches, runs, candidates(sketches, limits), limits))
    lengths = [len(r) for r in runs]
    near: dict[int, dict[int, Overlap]] = defaultdict(dict)
    for c in copies:
        near[c.first][c.second] = c.overlap
        near[c.second][c.first] = Overlap(c.overlap.shared, c.overlap.resemblance, c.overlap.of_second, c.overlap.of_first)
    round_ups = frozenset(i for i in range(len(sketches)) if is_round_up(i, near, lengths))
    groups: list[list[int]] = []
    group_of: dict[int, int] = {}
    for i in sorted(range(len(sketches)), key=lambda i: (-lengths[i], i)):
        best = _best_group(i, near, groups, group_of, round_ups, limits)
        if best is None:
            group_of[i] = len(groups)
            groups.append([i])
        else:
            group_of[i] = best
            groups[best].append(i)
    return Reprints(tuple(map(tuple, groups)), round_ups, copies)


def without_boilerplate(runs: Sequence[NDArray[np.uint64]], limits: Limits) -> list[NDArray[np.uint64]]:
    """Each document's runs without those that too many documents have; a document that is nothing else keeps them."""
    if not runs:
        return []
    kinds, counts = np.unique(np.concatenate(runs), return_counts=True)
    common = kinds[counts > max(limits.few, limits.common * len(runs))]
    kept = [np.setdiff1d(r, common, assume_unique=True) for r in runs]
    return [k if len(k) else r for k, r in zip(kept, runs, strict=True)]


HOT = 60
"""Documents with one key that are all paired; of more, each with as many behind it."""


def candidates(sketches: Sequence[Sketch], limits: Limits) -> NDArray[np.int64]:
    """Pairs worth counting out, a row each, lower place first: two neighbouring places alike, an estimate above `shared`, and days
    that are near."""
    signatures = stack(sketches)
    day = np.array([s.day.toordinal() if s.day else -1 for s in sketches], dtype=np.int64)
    filled = np.array([len(s.runs) > 0 for s in sketches], dtype=bool)
    found: list[NDArray[np.int64]] = []
    for place in range(0, SIZE, 2):
        key = (signatures[:, place].astype(np.uint64) << np.uint64(32)) | signatures[:, place + 1]
        found.append(_pairs_of_equals(key, filled))
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 2), dtype=np.int64)
    if not len(pairs):
        return pairs.reshape(0, 2)
    first, second = pairs[:, 0], pairs[:, 1]
    is_near = (day[first] < 0) | (day[second] < 0) | (abs(day[first] - day[second]) <= limits.days)
    pairs = pairs[is_near]
    kept = [
        (signatures[part[:, 0]] == signatures[part[:, 1]]).mean(axis=1) >= limits.shared
        for part in np.array_split(pairs, max(1, len(pairs) // 4096))
    ]
    return pairs[np.concatenate(kept)] if kept else pairs


def _pairs_of_equals(key: NDArray[np.uint64], filled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pairs of places with equal keys: all of a run of up to HOT, of a longer one each with the HOT behind it."""
    order = np.flatnonzero(filled)[np.argsort(key[filled], kind="stable")]
    ordered = key[order]
    pairs = []
    for step in range(1, HOT):
        equal = np.flatnonzero(ordered[step:] == ordered[:-step])
        if not len(equal):
            break
        pairs.append(np.stack([order[equal], order[equal + step]], axis=1))
    found = np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)
    return np.sort(found, axis=1)


def _count_out(
    sketches: Sequence[Sketch], runs: Sequence[NDArray[np.uint64]], pairs: NDArray[np.int64], limits: Limits
) -> Iterator[Copy]:
    for first, second in pairs.tolist():
        shares = overlap(runs[first], runs[second])
        shorter = min(len(runs[first]), len(runs[second]))
        if shares.resemblance >= limits.resemblance or (shares.containment >= limits.containment and shorter >= limits.shortest):
            yield Copy(first, second, shares)


LOOSE = 0.34
"""Share of a document's copies that are copies of one another, below which it holds different texts."""


def is_round_up(document: int, near: dict[int, dict[int, Overlap]], lengths: Sequence[int]) -> bool:
    """True for a document that holds two shorter ones or more, none of them most of it, that share nothing."""
    parts = [i for i, shares in near[document].items() if lengths[i] < lengths[document] and shares.of_first < 0.6]
    if len(parts) < 2:
        return False
    pairs = [(a, b) for n, a in enumerate(parts) for b in parts[n + 1 :]]
    return sum(b in near[a] for a, b in pairs) < LOOSE * len(pairs)


SAMPLED = 12
"""Documents of a group that a newcomer is compared with: the longest ones, which joined first."""


def _best_group(
    document: int,
    near: dict[int, dict[int, Overlap]],
    groups: Sequence[Sequence[int]],
    group_of: dict[int, int],
    round_ups: frozenset[int],
    limits: Limits,
) -> int | None:
    """The group most of whose documents it is a copy of, by mean resemblance; None: it begins a group of its own."""
    if document in round_ups:
        return None
    best, best_mean = None, 0.0
    for number in {group_of[i] for i in near[document] if i in group_of and i not in round_ups}:
        members = groups[number][:SAMPLED]
        shares = [near[document][m].resemblance for m in members if m in near[document]]
        mean = sum(shares) / len(members)
        if len(shares) > limits.most * len(members) and mean > best_mean:
            best, best_mean = number, mean
    return best
