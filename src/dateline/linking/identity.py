"""Event identity: which claims tell of one happening, over documents and within them.

    tellings → copies in reprints set aside → candidate pairs → their chances → groups → events

A copy in a reprint is filed with the first telling of those words and adds no weight of its own: forty papers with one story are
one voice. An event is named by its first claim, the one known earliest, so an id once given goes on naming the event that holds
that claim.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dateline.linking.blocking import Heads, Reach, find_candidates, letters_of, mixed, pairs_behind, ranks
from dateline.linking.clusters import NO_PAIRS, Clusters, Joining, Rows, Ruled, find_clusters, find_pieces
from dateline.linking.distinct import distinct
from dateline.linking.partitions import RunParts, weigh_parts
from dateline.linking.scoring import Chances
from dateline.linking.table import NOTHING, Table


@dataclass(frozen=True)
class Settings:
    """How candidates are found and groups are joined."""

    reach: Reach = field(default_factory=Reach)
    joining: Joining = field(default_factory=Joining)
    parts: bool = False
    """Whether two tellings of one report are of two happenings unless its coder found them to be one. It reads closer than any
    comparison from outside; mentions that no coder has joined are another matter."""
    most: int = 200_000
    """Tellings of a partition, as near as whole days allow."""
    copied: float = 0.8
    """Likeness of the words around two triggers, in reprints of one text, from which one telling is the other's copy."""


@dataclass(frozen=True)
class Constraints:
    """What people have ruled, as pairs of claim ids, in order of precedence; ids that the table has not are passed over."""

    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Links:
    """For each claim, in the table's order, the event that it belongs to, named by the event's first claim.

    `chances`: how likely the claim belongs to it, 1 where it is alone. `weakest`: the lowest of those of its event.
    `contradictions` are rulings "same" that were not followed, because others keep the claims apart.
    """

    claims: tuple[str, ...]
    events: tuple[str, ...]
    chances: NDArray[np.float64]
    weakest: NDArray[np.float64]
    contradictions: tuple[tuple[str, str], ...] = ()

    def groups(self) -> dict[str, tuple[str, ...]]:
        """The claims of each event, in the order given."""
        found: dict[str, list[str]] = {}
        for claim, event in zip(self.claims, self.events, strict=True):
            found.setdefault(event, []).append(claim)
        return {event: tuple(claims) for event, claims in found.items()}


def link(
    table: Table,
    scorer: Chances,
    settings: Settings = Settings(),
    constraints: Constraints = Constraints(),
    *,
    known: NDArray[np.int64] | None = None,
    reprints: NDArray[np.int64] | None = None,
    run: RunParts = map,
) -> Links:
    """The events of a table's claims. The order of the rows makes no difference; no claims: no events.

    `known` says for each claim when it became known (any unit; None: all at once), which decides who names an event. `reprints`
    gives for each document the number of its group of one text (None: each is a group of its own). `run` says where the pairs of
    a partition are weighed: here, one after the other, or in several processes at once (runs/tasks.py); the links are the same.
    """
    ready = _Ready.of(table, settings, constraints, reprints)
    pairs, chances = weigh(table, scorer, settings, ready.voices, run=run)
    return _links(ready, ready.groups(pairs, chances, settings), known)


def relink(
    table: Table,
    scorer: Chances,
    previous: Links,
    settings: Settings = Settings(),
    constraints: Constraints = Constraints(),
    *,
    ruled_anew: Collection[str] = (),
    known: NDArray[np.int64] | None = None,
    reprints: NDArray[np.int64] | None = None,
) -> Links:
    """What `link` gives, where the table has the claims of the last run, unchanged, and new ones: what these reach is done again.

    `ruled_anew` are claims that somebody has ruled on since, or has taken a ruling back. Looked at again are the tellings whose
    candidates are others than before, and whatever hangs together with one of them by likely pairs, ties and rulings. So the result
    is that of `link` as far as a pair's chance does not depend on the rest of the collection; where words' rarity has moved, the
    chances of the last run stand. A table that lacks claims of the last run is linked from scratch.
    """
    before = {claim: place for place, claim in enumerate(previous.claims)}
    is_old = np.array([claim in before for claim in table.ids], bool)
    if is_old.sum() < len(before):
        return link(table, scorer, settings, constraints, known=known, reprints=reprints)
    ready = _Ready.of(table, settings, constraints, reprints)
    old = _Ready.of(table, settings, constraints, reprints, np.flatnonzero(is_old))
    heads = Heads.of(table, settings.reach)
    pairs = find_candidates(table, settings.reach, ready.voices, heads=heads)
    former = find_candidates(table, settings.reach, old.voices, heads=heads)
    seeds = [
        np.setxor1d(pairs[:, 0] * table.size + pairs[:, 1], former[:, 0] * table.size + former[:, 1]),
        np.flatnonzero(~is_old | (ready.originals != old.originals)),
        np.array([row for row, claim in enumerate(table.ids) if claim in ruled_anew], np.int64),
    ]
    reached = np.zeros(table.size, bool)
    reached[ready.originals[np.concatenate([*np.divmod(seeds[0], max(1, table.size)), *seeds[1:]])]] = True
    chances = _spread(reached, table, scorer, pairs, ready, settings.joining.threshold)
    weighed = ~np.isnan(chances)
    clusters = ready.groups(pairs[weighed], chances[weighed], settings)
    again = _links(ready, clusters, known)
    is_again = reached[ready.originals]
    kept = [before.get(claim, 0) for claim in table.ids]
    return Links(
        table.ids,
        tuple(event if done else previous.events[place] for event, done, place in zip(again.events, is_again, kept, strict=True)),
        np.where(is_again, again.chances, previous.chances[kept] if len(before) else 1.0),
        np.where(is_again, again.weakest, previous.weakest[kept] if len(before) else 1.0),
        again.contradictions,
    )


def _spread(
    reached: NDArray[np.bool_], table: Table, scorer: Chances, pairs: Rows, ready: _Ready, threshold: float
) -> NDArray[np.float64]:
    """Marks what hangs together with what is reached, and returns the chances of the pairs that touch it, else not-a-number."""
    chances = np.full(len(pairs), np.nan)
    bound = np.concatenate([ready.originals[rows] for rows in (ready.ruled.same, ready.ruled.tied)])
    while True:
        before = reached.sum()
        due = np.flatnonzero(np.isnan(chances) & reached[pairs].any(axis=1))
        chances[due] = scorer(table, pairs[due])
        for together in (pairs[np.nan_to_num(chances) >= threshold], bound):
            reached[together[reached[together].any(axis=1)].ravel()] = True
        if reached.sum() == before:
            return chances


@dataclass(frozen=True, eq=False)
class _Ready:
    """What is decided before tellings are compared: rulings, and which tellings are copies of which."""

    table: Table
    constraints: Constraints
    rank: Rows
    ruled: Ruled
    originals: Rows
    """[n] the telling that each is a copy of; itself where it is none"""
    voices: Rows
    """Tellings that are no copies, by id."""

    @classmethod
    def of(
        cls,
        table: Table,
        settings: Settings,
        constraints: Constraints,
        reprints: NDArray[np.int64] | None,
        rows: Rows | None = None,
    ) -> _Ready:
        """`rows`: as if the table had only these."""
        rank = ranks(np.array(table.ids, dtype=str))
        rows = np.arange(table.size) if rows is None else rows
        ruled = _ruled(table, constraints)
        copies = find_copies(table, rank, reprints, settings.copied, rows)
        copies = copies[~np.isin(copies, ruled.apart).any(axis=1)]
        originals = find_originals(table.size, copies, rank)
        voices = distinct(originals[rows])
        return cls(table, constraints, rank, ruled, originals, voices[np.argsort(rank[voices])])

    def groups(self, pairs: Rows, chances: NDArray[np.float64], settings: Settings) -> Clusters:
        """The clusters of the voices, numbered by their place among them."""
        place = self.places()
        same, apart, tied = (place[self.originals[rows]] for rows in (self.ruled.same, self.ruled.apart, self.ruled.tied))
        printed = np.stack([place[self.originals], self.table.document.astype(np.int64)], axis=1)
        owned = printed[printed[:, 0] >= 0] if settings.parts else NO_PAIRS
        return find_clusters(len(self.voices), place[pairs], chances, settings.joining, Ruled(same, apart, tied, owned))

    def places(self) -> Rows:
        """For each telling that is a voice its place among them."""
        place = np.full(self.table.size, -1, np.int64)
        place[self.voices] = np.arange(len(self.voices))
        return place


def weigh(
    table: Table, scorer: Chances, settings: Settings, rows: Rows | None = None, *, run: RunParts = map
) -> tuple[Rows, NDArray[np.float64]]:
    """The candidate pairs of the rows, found partition by partition, each once and in order, and their chances."""
    weighed = weigh_parts(table, scorer, settings.reach, settings.most, rows, run)
    return weighed.pairs, weighed.chances


# ---------------------------------------------------------------- what is decided beforehand


def _ruled(table: Table, constraints: Constraints) -> Ruled:
    """People's rulings as rows, and what each document says twice. Pairs of claims that the table has not are left out."""
    row_of = {claim: row for row, claim in enumerate(table.ids)}

    def rows_of(pairs: Sequence[tuple[str, str]]) -> Rows:
        found = [(row_of[a], row_of[b]) for a, b in pairs if a in row_of and b in row_of]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    again = np.flatnonzero(table.same_as != NOTHING)
    tied = np.stack([again, table.same_as[again].astype(np.int64)], axis=1)
    return Ruled(rows_of(constraints.same), rows_of(constraints.apart), tied)


def find_copies(table: Table, rank: Rows, reprints: NDArray[np.int64] | None, likeness: float, rows: Rows) -> Rows:
    """Pairs of tellings of two documents of one text that stand in the same words: one type, one trigger, and alike around it.

    Of several tellings of the other document the likeliest is the copy, and only if it is so both ways.
    """
    if reprints is None or not len(rows):
        return NO_PAIRS
    group = reprints[table.document]
    printed = np.bincount(reprints[distinct(table.document[rows])], minlength=int(reprints.max()) + 1)
    rows = rows[printed[group[rows]] > 1]
    letters = letters_of(table)
    keys = mixed(group[rows].astype(np.uint64), letters[table.type[rows]], letters[table.trigger[rows, 0]])
    alike = letters[table.words].min(axis=1, initial=np.iinfo(np.uint64).max, where=table.words != NOTHING)
    pairs = np.unique(
        np.concatenate([pairs_behind(keys, rows, order[rows], rank[rows], 12) for order in (alike, letters[table.words[:, 0]])]),
        axis=0,
    )
    pairs = pairs[table.document[pairs[:, 0]] != table.document[pairs[:, 1]]]
    worth = likeness_around(table, pairs)
    pairs, worth = pairs[worth >= likeness], worth[worth >= likeness]
    is_best = np.ones(len(pairs), bool)
    for here, there in ((0, 1), (1, 0)):
        one, other = pairs[:, here], table.document[pairs[:, there]]
        order = np.lexsort((rank[pairs[:, there]], -worth, other, one))
        is_first = np.ones(len(order), bool)
        is_first[1:] = (one[order][1:] != one[order][:-1]) | (other[order][1:] != other[order][:-1])
        is_best[order] &= is_first
    copies: Rows = pairs[is_best]
    return copies


def likeness_around(table: Table, pairs: Rows) -> NDArray[np.float32]:
    """Cosine of the words around two triggers, by rarity."""
    found = [np.zeros(0, np.float32)]
    for part in np.array_split(pairs, len(pairs) // 32768 + 1):
        a, b = table.words[part[:, 0]], table.words[part[:, 1]]
        same = (a[:, :, None] == b[:, None, :]) & (a != NOTHING)[:, :, None]
        found.append(np.einsum("na,nb,nab->n", table.word_weights[part[:, 0]], table.word_weights[part[:, 1]], same))
    return np.concatenate(found)


def find_originals(size: int, copies: Rows, rank: Rows) -> Rows:
    """For each telling the first by rank of those it is a copy of, by way of others or at once; itself where it is none."""
    row_of = np.argsort(rank)
    first, second = rank[copies[:, 0]], rank[copies[:, 1]]
    originals: Rows = row_of[find_pieces(size, first, second, np.ones(len(copies), bool))][rank]
    return originals


# ---------------------------------------------------------------- events


def _links(ready: _Ready, clusters: Clusters, known: NDArray[np.int64] | None) -> Links:
    table, voice = ready.table, ready.places()[ready.originals]
    label = clusters.labels[voice]
    since = np.zeros(table.size, np.int64) if known is None else known
    order = np.lexsort((ready.rank, since, label))
    is_first = np.ones(table.size, bool)
    is_first[1:] = label[order][1:] != label[order][:-1]
    first_of = np.zeros(len(clusters.labels), np.int64)
    first_of[label[order][is_first]] = order[is_first]
    ids = set(table.ids)
    known_pairs = [pair for pair in ready.constraints.same if ids.issuperset(pair)]
    return Links(
        table.ids,
        tuple(table.ids[row] for row in first_of[label].tolist()),
        clusters.belonging[voice],
        clusters.weakest()[voice],
        tuple(known_pairs[place] for place in clusters.contradictions),
    )
