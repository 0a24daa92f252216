"""Reprints: which documents are one text told again, so that a wire story in forty papers is one witness.

Candidates share a band of their signatures (banded.py); each is then counted out on the runs themselves. A copy resembles the other
document, is mostly contained in it (abridged, padded, a page that grew), or shares some runs and most telling words with it (put in
other words). A text that holds several others, a round-up, is a copy of none of them, or it would make one story of all. A document
joins a group when it is a copy of enough of the longest in it: groups do not chain.

Groups are made in one order, the longest document first, and so they hardly depend on the order in which documents come. A new
document is looked up among the old; only the groups it touches are made again.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.linking.banded import BandIndex
from dateline.linking.sketch import Overlap, Runs, Sketch, overlap


@dataclass(frozen=True)
class Limits:
    """When two documents are one text. Chosen by `python -m bench reprints` on texts that its figures are not made on."""

    resemblance: float = 0.3
    """Runs shared of all runs of both from which they are copies."""
    containment: float = 0.5
    """Share of the shorter one from which they are copies although one is much longer."""
    shortest: int = 30
    """Runs that a document needs to be a copy by containment: a note of two sentences is in many."""
    wording: float = 0.55
    """Telling words shared of all of both from which they are copies although few runs are the same."""
    long: int = 150
    """Runs that both need to be copies by their words: two short notes on one matter share most of theirs."""
    shared: float = 0.08
    """Estimated resemblance below which a pair is not counted out."""
    days: int = 30
    """Days of publication that copies lie apart at most; documents without a day go with all."""
    common: float = 0.02
    """Share of all documents from which a run is boilerplate ("sign up for our newsletter") and counts for nothing."""
    few: int = 50
    """Documents that a run must be in, whatever the share, to be boilerplate: a story in forty papers of a hundred is none."""
    most: float = 0.4
    """Share of a group's longest documents that a document must be a copy of, more than this, to join it."""


LEADERS = 12
"""Documents of a group that a newcomer is compared with: the longest ones."""

CELLS = 1 << 20
"""Counters of how many documents have a run. Runs share them by chance, which weighs little: boilerplate is in many documents."""

PART = 0.5
"""Share of a document from which what it contains is no part of it but the text itself."""

LEAST = 0.1
"""Share of a document from which what it has in common with another is a part of it."""

SEVERAL = 3
"""Documents that have parts of one, from which it is made of them."""

COVERED = 0.7
"""Share of a document that they make up together, from which it has little to tell of itself."""

LOOSE = 0.2
"""Share of a document's copies that are copies of one another, below which it holds different texts."""


@dataclass(frozen=True)
class Placed:
    """Where a document belongs. `group` is the id of the group's first document, its own when it is alone; round-ups always are."""

    document: str
    group: str
    is_round_up: bool


@dataclass(frozen=True)
class Reprints:
    """Groups of one text each, as places in the list that was given, longest text first; and the round-ups, which are alone."""

    groups: tuple[tuple[int, ...], ...]
    round_ups: frozenset[int]

    def labels(self) -> NDArray[np.int64]:
        """For each document the number of its group."""
        labels = np.zeros(sum(map(len, self.groups)), dtype=np.int64)
        for number, group in enumerate(self.groups):
            labels[list(group)] = number
        return labels


def find_reprints(sketches: Sequence[Sketch], limits: Limits = Limits()) -> Reprints:
    """The documents grouped by text; one that is nobody's copy is a group by itself. No documents: no groups."""
    register = Register(limits)
    register.add(sketches)
    return register.reprints()


class Register:
    """The documents known so far and their groups. Memory: some 4 kB a document; of a large ledger the days concerned will do.

    Whatever the order in which documents are added, and however many at a time, the groups come out nearly the same (`python -m
    bench reprints` says how nearly). What differs: boilerplate is counted as it stands at the time; of more than HOT prints of
    one story the first ones are looked up; and a document in a group that nothing new touches is not asked again whether another
    suits it better.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._index = BandIndex()
        self._sketches: list[Sketch] = []
        self._seen = np.zeros(CELLS, dtype=np.uint32)
        self._groups: dict[int, list[int]] = {}
        self._group_of: list[int] = []
        self._round_ups: set[int] = set()

    @property
    def sketches(self) -> Sequence[Sketch]:
        """The documents, in the order they came."""
        return self._sketches

    @property
    def bytes(self) -> int:
        """What the register takes up in memory, without the documents' names and the lists that hold it together."""
        return self._index.bytes + self._seen.nbytes + sum(s.runs.nbytes + s.words.nbytes for s in self._sketches)

    def load(self, sketches: Sequence[Sketch], placed: Mapping[str, Placed]) -> None:
        """Enters documents that were grouped before, in the order in which they came; one that `placed` lacks is alone.

        Nothing is compared. A group whose first document is not among those loaded goes by the first that is.
        """
        numbers: dict[str, int] = {}
        for i in self._enter(sketches):
            place = placed.get(self._sketches[i].document)
            self._join(i, numbers.setdefault(place.group, i) if place else i)
            if place and place.is_round_up:
                self._round_ups.add(i)

    def add(self, sketches: Sequence[Sketch]) -> tuple[Placed, ...]:
        """Enters new documents; returns where each belongs and where older ones belong that were moved, in the order they came.

        Two groups that a new document shows to be one are one from then on, under the older id.
        """
        new = self._enter(sketches)
        for i in new:
            self._join(i, i)
        moved = self._regroup(new, _Copies(self._sketches, self._index, self._seen, self._limits))
        return tuple(self._placed(i) for i in sorted(moved | set(new)))

    def reprints(self) -> Reprints:
        """All groups as they are, the one of the longest document first."""
        groups = sorted(self._groups.values(), key=lambda group: self._order(group[0]))
        return Reprints(tuple(map(tuple, groups)), frozenset(self._round_ups))

    def _enter(self, sketches: Sequence[Sketch]) -> range:
        start = len(self._sketches)
        self._sketches += sketches
        self._index.add(sketches)
        if sketches:
            cells = np.concatenate([s.runs & np.uint32(CELLS - 1) for s in sketches])
            self._seen += np.bincount(cells, minlength=CELLS).astype(np.uint32)
        return range(start, len(self._sketches))

    def _order(self, document: int) -> tuple[int, str]:
        known = self._sketches[document]
        return (-len(known.runs), known.document)

    def _placed(self, document: int) -> Placed:
        first = self._sketches[self._group_of[document]]
        return Placed(self._sketches[document].document, first.document, document in self._round_ups)

    # ------------------------------------------------------------ groups, made in the one order

    def _regroup(self, new: Sequence[int], copies: _Copies) -> set[int]:
        """Makes the groups again that new documents touch. Returns the old documents that changed places."""
        copies.look_up(new)
        was = self._touched(new, copies)
        copies.look_up(sorted(was.keys() - set(new)))
        for i in was:
            self._leave(i)
        for i in sorted(was, key=self._order):
            best = None if i in self._round_ups else self._best_group(i, copies)
            self._join(i, i if best is None else best)
        for number in {self._group_of[i] for i in was}:
            was = self._named_by_its_first(number) | was
        return {i for i, place in was.items() if self._placed(i) != place}

    def _touched(self, new: Sequence[int], copies: _Copies) -> dict[int, Placed]:
        """The new documents and the members of all groups whose making they may change, with the places that they had."""
        was = {i: self._placed(i) for i in new}
        longer = (other for i in new for other in copies.of(i) if self._order(other) < self._order(i))
        for i in dict.fromkeys((*new, *longer)):
            if is_round_up(i, copies) != (i in self._round_ups):
                was |= self._placed_with(i)
                self._round_ups ^= {i}
        for i in new:
            for other in () if i in self._round_ups else copies.of(i):
                group = self._groups[self._group_of[other]]
                if other not in self._round_ups and not self._is_settled(group, i):
                    was = self._placed_with(other) | was
        return was

    def _placed_with(self, document: int) -> dict[int, Placed]:
        return {i: self._placed(i) for i in self._groups[self._group_of[document]]}

    def _is_settled(self, group: Sequence[int], newcomer: int) -> bool:
        """Whether the group's leaders all come before the newcomer: then it can join, and nobody else's place depends on it."""
        return len(group) >= LEADERS and self._order(group[LEADERS - 1]) < self._order(newcomer)

    def _best_group(self, document: int, copies: _Copies) -> int | None:
        """The group of whose leaders it is a copy of enough, and that has most of it most often; none: None."""
        own, best, most = self._order(document), None, 0.0
        for number in sorted({self._group_of[i] for i in copies.of(document) if i not in self._round_ups} - {-1}):
            leaders = [m for m in self._groups[number][:LEADERS] if self._order(m) < own]
            shares = [shares.of_first for m in leaders if (shares := copies.between(document, m))]
            if len(shares) > self._limits.most * len(leaders) and sum(shares) > most:
                best, most = number, sum(shares)
        return best

    def _join(self, document: int, number: int) -> None:
        if document == len(self._group_of):
            self._group_of.append(number)
        self._group_of[document] = number
        insort(self._groups.setdefault(number, []), document, key=self._order)

    def _leave(self, document: int) -> None:
        number = self._group_of[document]
        self._groups[number].remove(document)
        if not self._groups[number]:
            del self._groups[number]
        self._group_of[document] = -1

    def _named_by_its_first(self, number: int) -> dict[int, Placed]:
        """Puts a group under the number of its first document; where that changes, the members' places before."""
        first = min(self._groups[number])
        if first == number:
            return {}
        members = self._groups.pop(number)
        was = {i: self._placed(i) for i in members}
        self._groups[first] = members
        for i in members:
            self._group_of[i] = first
        return was


def is_round_up(document: int, copies: _Copies) -> bool:
    """True for a document that tells what several others tell that share nothing, none of them most of it.

    A report that was printed with other news is most of what it was printed with, and no round-up; a reprint of a round-up is one.
    """
    most = (i for i, shares in copies.of(document).items() if shares.of_first >= PART)
    return holds_several(document, copies) and all(holds_several(i, copies) for i in most)


def holds_several(document: int, copies: _Copies) -> bool:
    """True for a document with parts that share nothing.

    It holds two shorter documents or more; or three or more have their parts of it, the openings of long reports, and leave little
    of its own. Two with a part each are a report and the local news it was printed with.
    """
    held = [i for i, shares in copies.of(document).items() if copies.is_shorter(i, document) and shares.of_first < PART]
    pairs = [(a, b) for n, a in enumerate(held) for b in held[n + 1 :]]
    if len(held) > 1 and sum(copies.between(a, b) is not None for a, b in pairs) < LOOSE * len(pairs):
        return True
    touching = copies.touching(document)
    apart: list[int] = []
    for i in sorted(touching, key=lambda i: (-touching[i].of_first, i)):
        if LEAST <= touching[i].of_first < PART and all(copies.between(i, other) is None for other in apart):
            apart.append(i)
    return len(apart) >= SEVERAL and sum(touching[i].of_first for i in apart) >= COVERED


Near = Mapping[int, Overlap]
"""What one document shares with others, by their numbers; it is the first in each overlap."""


class _Copies:
    """Which documents are copies of which, looked up and counted out once each, while documents are added."""

    def __init__(self, sketches: Sequence[Sketch], index: BandIndex, seen: NDArray[np.uint32], limits: Limits) -> None:
        self._sketches = sketches
        self._index = index
        self._common = seen > max(limits.few, limits.common * len(sketches))
        self._limits = limits
        self._near: dict[int, Near] = {}
        self._touching: dict[int, Near] = {}
        self._shares: dict[tuple[int, int], Overlap] = {}
        self._runs: dict[int, Runs] = {}

    def look_up(self, documents: Sequence[int]) -> None:
        """Finds all copies of the documents, those that are known already left aside."""
        wanted = [i for i in documents if i not in self._near]
        if not wanted:
            return
        found: dict[int, dict[int, Overlap]] = {i: {} for i in wanted}
        for first, second in self._index.pairs(np.array(wanted, dtype=np.int64), self._limits.shared).tolist():
            shares = self._share(first, second)
            if first in found:
                found[first][second] = shares
            if second in found:
                found[second][first] = shares.turned()
        self._touching |= found
        self._near |= {i: {j: s for j, s in near.items() if self.between(i, j)} for i, near in found.items()}

    def of(self, document: int) -> Near:
        """The copies of a document, in the order in which they came; none: empty."""
        self.look_up([document])
        return self._near[document]

    def touching(self, document: int) -> Near:
        """What a document shares with those that have a band with it, copies or not."""
        self.look_up([document])
        return self._touching[document]

    def between(self, first: int, second: int) -> Overlap | None:
        """What two copies share; two documents that are none: None."""
        shares = self._share(first, second)
        return shares if self._are_copies(first, second, shares) else None

    def _share(self, first: int, second: int) -> Overlap:
        if first > second:
            return self._share(second, first).turned()
        if (first, second) not in self._shares:
            self._shares[first, second] = overlap(self._runs_of(first), self._runs_of(second))
        return self._shares[first, second]

    def is_shorter(self, first: int, second: int) -> bool:
        return len(self._runs_of(first)) < len(self._runs_of(second))

    def _are_copies(self, first: int, second: int, shares: Overlap) -> bool:
        one, other, limits = self._sketches[first], self._sketches[second], self._limits
        if one.day and other.day and abs((one.day - other.day).days) > limits.days:
            return False
        if shares.resemblance >= limits.resemblance:
            return True
        shorter = min(len(self._runs_of(first)), len(self._runs_of(second)))
        if shares.containment >= limits.containment:
            return shorter >= limits.shortest
        if shares.resemblance < limits.shared or shorter < limits.long:
            return False
        return overlap(one.words, other.words).resemblance >= limits.wording

    def _runs_of(self, document: int) -> Runs:
        """Its runs without boilerplate; where that would be most of them they are no boilerplate, but a story that many print."""
        if document not in self._runs:
            runs = self._sketches[document].runs
            kept = runs[~self._common[runs & np.uint32(CELLS - 1)]]
            self._runs[document] = kept if 2 * len(kept) >= len(runs) else runs
        return self._runs[document]
