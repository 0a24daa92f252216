"""Which pairs of tellings are worth weighing: those that meet on one of a few roads, each of which has a bound.

A road files every telling under what it has in common with others: its place, its country, who took part, the rare words around it;
and its document under that one's rare words and names. Two tellings filed under one head within some days of one another are a
candidate. A head under which thousands are filed (one day in a capital) would give millions of pairs: there the tellings are put
in order of likeness, several times by different signs of it, and each is paired with the few behind it; two that meet in a
crowd only count if they meet on another road too. So the pairs grow with the tellings and not with their square.

A head includes the span of days, so it lies in one stretch of time as a whole. Whether the tellings are looked at together or cut
into partitions, each head is filled with the same tellings and gives the same pairs. Words are known by a hash of their letters,
not by their number in the table, for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.linking.distinct import distinct
from dateline.linking.table import NO_DAY, NOTHING, Table

Rows = NDArray[np.int64]
Keys = NDArray[np.uint64]

NO_ROWS: Rows = np.zeros((0, 2), dtype=np.int64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Reach:
    """How far the roads go. The defaults were chosen on the training halves (docs/decisions/0022-identity.md)."""

    days: int = 3
    """Days that two tellings of one happening are apart at most, by the day each gives it."""
    document_days: int = 30
    """Days of publication that two documents of one story are apart at most, to be brought together by their words."""
    behind: int = 4
    """Tellings under one head that each is paired with, in each order of likeness."""
    crowd: int = 30
    """Tellings under one head from which two that meet there have to meet on two roads."""
    who: int = 2
    """Rarest words of the names in a role under which a telling is filed."""
    words: int = 2
    """Rarest words around the trigger under which a telling is filed."""
    documents_behind: int = 12
    """Documents under one head that each is paired with."""
    terms: int = 8
    """Words that tell most of a document, and rarest names, under which it is filed."""
    common_heads: int = 2
    """Heads that two documents share at least, for their tellings to be paired."""
    tellings: int = 8
    """Tellings of a document that are paired by its words: the surest ones."""
    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a type the other types that may tell of the same happening (knowledge/linking/types.yaml)."""


@dataclass(frozen=True)
class Stretch:
    """Days, inclusive. The heads whose span begins in it are a partition: no pair of theirs needs what lies outside `halo`."""

    first: int
    last: int

    def holds(self, day: NDArray[np.int64]) -> NDArray[np.bool_]:
        """True for days inside."""
        inside: NDArray[np.bool_] = (day >= self.first) & (day <= self.last)
        return inside


ALWAYS = Stretch(NO_DAY, 2**30)
TIMELESS = Stretch(NO_DAY, NO_DAY)
"""The partition of the heads that bring together what has no day with what has the same head on any day."""


def stretches_of(table: Table, most: int) -> tuple[Stretch, ...]:
    """Partitions that together hold all heads: the timeless one, then stretches of whole days of about `most` tellings at most.

    Where everything has a day nothing is timeless.
    """
    day = days_of(table)
    counts = np.bincount(day[day != NO_DAY] - day[day != NO_DAY].min()) if (day != NO_DAY).any() else np.zeros(0, np.int64)
    if not len(counts):
        return (TIMELESS,)
    begin = int(day[day != NO_DAY].min())
    number = (np.cumsum(counts) - 1) // most
    cuts = [NO_DAY + 1, *(begin + np.flatnonzero(np.diff(number)) + 1).tolist(), ALWAYS.last + 1]
    is_timeless = (day == NO_DAY).any() or (table.day == NO_DAY).any()
    return (*((TIMELESS,) if is_timeless else ()), *(Stretch(first, after - 1) for first, after in pairwise(cuts)))


def find_candidates(
    table: Table, reach: Reach = Reach(), rows: Rows | None = None, stretch: Stretch = ALWAYS, *, heads: Heads | None = None
) -> Rows:
    """Pairs of the table's tellings worth weighing, a row each, lower row first, in order, each once. None: a matrix without rows.

    `rows`: only these tellings are filed (of texts printed again one is enough); None: all. `stretch`: only the heads of that
    partition are looked under. The same pair may lie in two partitions; all of them together have the pairs of the whole. `heads`:
    those of the table and the reach, for who asks more than once; None: they are made.
    """
    heads = Heads.of(table, reach) if heads is None else heads
    filing = _Filing.of(table, reach, heads, np.arange(table.size) if rows is None else rows, stretch)
    sure, unsure = [_packed(filing.by_document())], [np.zeros(0, np.uint64)]
    for quiet, crowded in filing.by_telling():
        sure.append(_packed(quiet))
        unsure.append(_packed(crowded))
    again, times = np.unique(np.concatenate(unsure), return_counts=True)
    pairs = _unpacked(distinct(np.concatenate([*sure, again[times > 1]])))
    return pairs[filing.may_go_together(pairs)]


# ---------------------------------------------------------------- heads


def hash_names(names: Iterable[str]) -> Keys:
    """A number of 64 bits for each string, the same everywhere."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def mixed(*parts: Keys | int) -> Keys:
    """One number for a sequence of numbers."""
    with np.errstate(over="ignore"):
        key = np.zeros(1, np.uint64)
        for part in parts:
            given = np.uint64(part) if isinstance(part, int) else part
            key = (key ^ (key >> _SHIFT)) * _MIX + given
        mixture: Keys = (key ^ (key >> _SHIFT)) * _MIX
    return mixture


def spans_of(day: NDArray[np.int64], days: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two spans for each day, by the day they begin on, such that two days no more than `days` apart have one in common."""
    width = 2 * days + 2
    return day // width * width, (day + days + 1) // width * width - (days + 1)


def pairs_behind(keys: Keys, rows: Rows, likeness: Keys, rank: Rows, behind: int) -> Rows:
    """Under each head, each telling with those `behind` it in the order of likeness, ties by rank."""
    order = np.lexsort((rank, likeness, keys))
    keys, rows = keys[order], rows[order]
    pairs = []
    for step in range(1, behind + 1):
        equal = np.flatnonzero(keys[step:] == keys[:-step])
        if not len(equal):
            break
        pairs.append(np.stack([rows[equal], rows[equal + step]], axis=1))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)


def _packed(pairs: Rows) -> Keys:
    """Pairs of different rows as one number each, lower first, each once."""
    return distinct(_in_one(pairs[pairs[:, 0] != pairs[:, 1]]))


def _in_one(pairs: Rows) -> Keys:
    first, second = pairs[:, 0], pairs[:, 1]
    low, high = np.minimum(first, second).astype(np.uint64), np.maximum(first, second).astype(np.uint64)
    packed: Keys = low << np.uint64(32) | high
    return packed


def _unpacked(packed: Keys) -> Rows:
    return np.stack([packed >> np.uint64(32), packed & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


# ---------------------------------------------------------------- roads


@dataclass(frozen=True, eq=False)
class Heads:
    """What a table's tellings and documents can be filed under, whichever of them are, and in whichever stretch.

    It takes as long as the table is large, so for all partitions it is worked out once.
    """

    letters: Keys
    """By number of a name in the table; the last is for NOTHING."""
    day: NDArray[np.int64]
    """The day a telling gives its event, or else the report's; NO_DAY: neither is known."""
    roads: tuple[tuple[str, Keys, NDArray[np.bool_]], ...]
    """The name of each, the head of every telling on it, and whether the telling has one."""
    likenesses: tuple[Keys, ...]
    rank: Rows
    """Place of each telling in the order of their ids."""
    documents: Rows
    """The document of each head in `of_documents`."""
    of_documents: Keys
    """The weightiest words and the rarest names of documents; a word that is a name too is one head."""
    document_likeness: Keys
    document_rank: Rows

    @classmethod
    def of(cls, table: Table, reach: Reach) -> Heads:
        """Those of the table, as many of each telling and document as the reach says."""
        letters = letters_of(table)
        terms = _rarest(table.terms, table.term_weights, letters, reach.terms)
        names = _rarest(table.document_names, table.document_name_weights, letters, reach.terms)
        weightiest = _rarest(table.terms, table.term_weights, letters, 1)[:, 0]
        likenesses = (
            letters[weightiest][table.document] if len(weightiest) else np.zeros(0, np.uint64),
            mixed(letters[_rarest(table.words, table.word_weights, letters, 1)[:, 0]], letters[table.trigger[:, 0]]),
            letters[_rarest(table.actors, table.actor_weights, letters, 1)[:, 0]],
        )
        numbers = np.concatenate([terms, names], axis=1)
        documents, column = np.nonzero(numbers != NOTHING)
        heads = letters[numbers[documents, column]]
        _, once = np.unique(mixed(heads, documents.astype(np.uint64)), return_index=True)
        return cls(
            letters,
            days_of(table),
            tuple(_roads(table, letters, reach)),
            likenesses,
            ranks(np.array(table.ids, dtype=str)),
            documents[once],
            heads[once],
            letters[names[:, 0]] if len(names) else np.zeros(0, np.uint64),
            ranks(np.array(table.documents, dtype=str)),
        )


def _roads(table: Table, letters: Keys, reach: Reach) -> Iterator[tuple[str, Keys, NDArray[np.bool_]]]:
    country = letters[table.place_country]
    yield "place", mixed(_city(table, letters), country), table.place != NOTHING
    yield "country", mixed(country, letters[table.trigger[:, 0]]), table.place_country != NOTHING
    sides = (
        ("actor", table.actors, table.actor_weights, reach.who),
        ("recipient", table.recipients, table.recipient_weights, reach.who),
        ("words", table.words, table.word_weights, reach.words),
    )
    for side, numbers, weights, most in sides:
        rarest = _rarest(numbers, weights, letters, most)
        for column in range(most):
            yield side, letters[rarest[:, column]], rarest[:, column] != NOTHING


def _city(table: Table, letters: Keys) -> Keys:
    """What a telling's place is called, or the place that holds it: a street and its city meet."""
    is_inside = (table.place_within != NOTHING) & (table.place < NOTHING)
    return letters[np.where(is_inside, table.place_within, table.place_name)]


@dataclass(frozen=True, eq=False)
class _Filing:
    """The tellings that are filed (`rows`), in one stretch."""

    table: Table
    reach: Reach
    heads: Heads
    rows: Rows
    kinds: tuple[tuple[Rows, Keys], ...]
    """Tellings and a kind each is filed under: its own type, then pairs of types that go together."""
    open_to_all: Rows
    """Tellings that may meet one without a type, by the head word of the trigger."""
    stretch: Stretch

    @classmethod
    def of(cls, table: Table, reach: Reach, heads: Heads, rows: Rows, stretch: Stretch) -> _Filing:
        halo = ALWAYS if stretch == TIMELESS else Stretch(stretch.first, stretch.last + 2 * reach.days + 1)
        filed = rows[halo.holds(heads.day[rows])]
        return cls(table, reach, heads, rows, _kinds(table, heads.letters, reach, filed), filed, stretch)

    def by_telling(self) -> Iterator[tuple[Rows, Rows]]:
        """For each road the pairs that meet under heads with few tellings, and those that meet in a crowd."""
        for name, heads, is_filed in self.heads.roads:
            yield self._road(name, heads, is_filed)

    def _road(self, name: str, heads: Keys, is_filed: NDArray[np.bool_]) -> tuple[Rows, Rows]:
        """Pairs of tellings that share a head, a kind and a span of days; those without a day meet all that share head and kind."""
        named = hash_names([name])[0]
        filed: list[tuple[Keys, Rows]] = []
        for rows, kinds in self.kinds:
            chosen = is_filed[rows]
            filed.append((mixed(heads[rows[chosen]], kinds[chosen], np.full(chosen.sum(), named)), rows[chosen]))
        quiet, crowded = self._under(*(np.concatenate(column) for column in zip(*filed, strict=True)))
        rows = self.open_to_all[is_filed[self.open_to_all]]
        is_open = self.table.type == NOTHING
        if is_open[rows].any():
            words = self.heads.letters[self.table.trigger[rows, 0]]
            for found, more in zip(
                (quiet, crowded), self._under(mixed(heads[rows], words, np.full(len(rows), named)), rows), strict=True
            ):
                found.extend(pairs[is_open[pairs].any(axis=1)] for pairs in more)
        return np.concatenate([NO_ROWS, *quiet]), np.concatenate([NO_ROWS, *crowded])

    def _under(self, keys: Keys, rows: Rows) -> tuple[list[Rows], list[Rows]]:
        """Pairs under each head and span of days; pairs one of which has no day, under each head. Those in a crowd apart."""
        quiet: list[Rows] = []
        crowded: list[Rows] = []
        has_day = self.heads.day[rows] != NO_DAY
        if self.stretch.last != NO_DAY:
            spans = []
            for parity, begin in enumerate(spans_of(self.heads.day[rows[has_day]], self.reach.days)):
                inside = self.stretch.holds(begin)
                spans.append((mixed(keys[has_day][inside], begin[inside].astype(np.uint64), parity), rows[has_day][inside]))
            few, many = self._pairs(*(np.concatenate(column) for column in zip(*spans, strict=True)))
            quiet += few
            crowded += many
        if self.stretch.first == NO_DAY and not has_day.all():
            meets = np.isin(keys, keys[~has_day])
            few, many = self._pairs(keys[meets], rows[meets])
            quiet += [pairs[(self.heads.day[pairs] == NO_DAY).any(axis=1)] for pairs in few]
            crowded += [pairs[(self.heads.day[pairs] == NO_DAY).any(axis=1)] for pairs in many]
        return quiet, crowded

    def _pairs(self, keys: Keys, rows: Rows) -> tuple[list[Rows], list[Rows]]:
        """Under each head each telling with those behind it, in each order of likeness; heads with a crowd apart."""
        _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
        filed = counts[which]
        found: tuple[list[Rows], list[Rows]] = [], []
        for place, chosen in enumerate(((filed > 1) & (filed <= self.reach.crowd), filed > self.reach.crowd)):
            of, own = which[chosen].astype(np.uint64), rows[chosen]
            found[place].extend(
                pairs_behind(of, own, likeness[own], self.heads.rank[own], self.reach.behind)
                for likeness in self.heads.likenesses
                if len(own)
            )
        return found

    def by_document(self) -> Rows:
        """Pairs of tellings, the surest of each, of documents that share some of their weightiest words and rarest names."""
        filed = np.unique(self.table.document[self.rows])
        near = find_near_documents(self.table, self.reach, self.stretch, filed, heads=self.heads)
        surest = self._surest(near)
        first, second = surest[near[:, 0]], surest[near[:, 1]]
        pairs = np.stack(np.broadcast_arrays(first[:, :, None], second[:, None, :]), axis=-1).reshape(-1, 2)
        pairs = pairs[(pairs >= 0).all(axis=1)]
        trigger = self.table.trigger[:, 0]
        same_word = trigger[pairs[:, 0]] == trigger[pairs[:, 1]]
        same_mode = (self.table.type[pairs[:, 0]] == self.table.type[pairs[:, 1]]) & (
            self.table.mode[pairs[:, 0]] == self.table.mode[pairs[:, 1]]
        )
        kept: Rows = pairs[same_word | same_mode]
        return kept

    def _surest(self, near: Rows) -> Rows:
        """For each document of these pairs its tellings of highest confidence that are filed, padded with -1."""
        is_near = np.zeros(len(self.table.documents), bool)
        is_near[near] = True
        rows = self.rows[is_near[self.table.document[self.rows]]]
        document = self.table.document[rows].astype(np.int64)
        order = np.lexsort((self.heads.rank[rows], -self.table.confidence[rows], document))
        rows, document = rows[order], document[order]
        starts = np.searchsorted(document, np.arange(len(self.table.documents)))
        place = np.arange(len(rows)) - starts[document]
        surest = np.full((len(self.table.documents), self.reach.tellings), -1, np.int64)
        kept = place < self.reach.tellings
        surest[document[kept], place[kept]] = rows[kept]
        return surest

    def may_go_together(self, pairs: Rows) -> NDArray[np.bool_]:
        """False for two types of which the table does not say that they may tell of one happening."""
        first, second = self.table.type[pairs[:, 0]], self.table.type[pairs[:, 1]]
        numbers = np.unique(self.table.type[self.table.type != NOTHING])
        names = [self.table.names[number] for number in numbers]
        may = np.array([[a == b or b in self.reach.together.get(a, ()) for b in names] for a in names], bool)
        may = may.reshape(len(names), len(names))
        is_open = (first == NOTHING) | (second == NOTHING)
        place = np.minimum(np.searchsorted(numbers, np.stack([first, second])), max(0, len(numbers) - 1))
        allowed: NDArray[np.bool_] = is_open | (may[place[0], place[1]] if len(numbers) else is_open)
        return allowed


def find_near_documents(
    table: Table,
    reach: Reach = Reach(),
    stretch: Stretch = ALWAYS,
    filed: NDArray[np.integer[Any]] | None = None,
    *,
    heads: Heads | None = None,
) -> Rows:
    """Pairs of documents, each once, lower row first, that meet under `common_heads` of their weightiest words and rarest names.

    `stretch`: only the heads of that partition count. A pair whose heads lie in two partitions has enough of them in one. `filed`:
    only these documents; None: all. `heads`: as of find_candidates.
    """
    all_heads = Heads.of(table, reach) if heads is None else heads
    day = table.day.astype(np.int64)
    is_filed = np.ones(len(day), bool)
    if stretch.last != NO_DAY:
        is_filed = Stretch(stretch.first, stretch.last + 2 * reach.document_days + 1).holds(day)
    if filed is not None:
        is_filed &= np.isin(np.arange(len(day)), filed)
    kept = is_filed[all_heads.documents]
    documents, named = all_heads.documents[kept], all_heads.of_documents[kept]
    likeness, rank = all_heads.document_likeness, all_heads.document_rank

    def under(keys: Keys, rows: Rows) -> Rows:
        keys, rows = _shared(keys, rows)
        return pairs_behind(keys, rows, likeness[rows], rank[rows], reach.documents_behind)

    dated = day[documents] != NO_DAY
    found = []
    for parity, begin in enumerate(spans_of(day, reach.document_days)):
        inside = dated & stretch.holds(begin[documents])
        keys = mixed(named[inside], begin[documents[inside]].astype(np.uint64), parity)
        found.append(_often(under(keys, documents[inside]), reach.common_heads))
    if stretch.first == NO_DAY and not dated.all():
        meets = np.isin(named, named[~dated])
        timeless = under(named[meets], documents[meets])
        found.append(_often(timeless[(day[timeless] == NO_DAY).any(axis=1)], reach.common_heads))
    return _unpacked(distinct(np.concatenate([_packed(pairs) for pairs in found]))) if found else NO_ROWS


def _often(pairs: Rows, times: int) -> Rows:
    """The pairs that stand there so many times at least, each once."""
    packed, counts = np.unique(_in_one(pairs), return_counts=True)
    return _unpacked(packed[counts >= times])


def letters_of(table: Table) -> Keys:
    """By the number of a name a hash of its letters; the last is for NOTHING."""
    return np.concatenate([hash_names(table.names), np.zeros(1, np.uint64)])


def _rarest(numbers: NDArray[np.int32], weights: NDArray[np.float32], letters: Keys, most: int) -> NDArray[np.int32]:
    """The first columns of padded rows by weight, ties by letters: the order of equal ones in the table is that of reading."""
    if most >= numbers.shape[1] or not len(numbers):
        return numbers[:, :most]
    order = np.lexsort((letters[numbers], -weights.astype(np.float64).round(5)), axis=1)[:, :most]
    return np.take_along_axis(numbers, order, axis=1)


def ranks(ids: NDArray[np.str_]) -> Rows:
    """The place of each id in their order."""
    rank = np.empty(len(ids), np.int64)
    rank[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return rank


def _kinds(table: Table, letters: Keys, reach: Reach, rows: Rows) -> tuple[tuple[Rows, Keys], ...]:
    """Each telling that has a type under it, and under each pair of types that go together, one of which is its own."""
    typed = rows[table.type[rows] != NOTHING]
    kinds = [(typed, letters[table.type[typed]])]
    numbers = {name: number for number, name in enumerate(table.names)}
    pairs = sorted({tuple(sorted((a, b))) for a, others in reach.together.items() for b in others})
    for a, b in pairs:
        both = typed[np.isin(table.type[typed], [numbers.get(a, NOTHING - 1), numbers.get(b, NOTHING - 1)])]
        kinds.append((both, np.full(len(both), hash_names([f"{a} {b}"])[0])))
    return tuple(kinds)


SHORT = 7
"""Days up to which a time of several is as good as a day."""


def days_of(table: Table) -> NDArray[np.int64]:
    """The first day of what a telling says, if it is no longer than a week, or else the day of its report."""
    first = np.where(table.first == NO_DAY, table.last, table.first).astype(np.int64)
    last = np.where(table.last == NO_DAY, table.first, table.last).astype(np.int64)
    reported = table.day.astype(np.int64)[table.document] if len(table.documents) else np.zeros(0, np.int64)
    days: NDArray[np.int64] = np.where((first != NO_DAY) & (last - first < SHORT), first, reported)
    return days


def _shared(keys: Keys, rows: Rows) -> tuple[Keys, Rows]:
    """What is filed under heads that have two at least."""
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    kept = counts[which] > 1
    return keys[kept], rows[kept]
