"""Event identity: which claims tell of one happening, over documents and within them.

    tellings → copies in reprints set aside → candidate pairs → their chances → groups → events

A copy in a reprint is filed with the first telling of those words and adds no weight of its own: forty papers with one story are
one voice. An event is named by its first claim, the one known earliest, so an id once given goes on naming the event that holds
that claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dateline.linking.blocking import Reach, find_candidates, letters_of, mixed, pairs_behind, ranks, stretches_of
from dateline.linking.clusters import NO_PAIRS, Clusters, Joining, Rows, Ruled, find_clusters, find_pieces
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
) -> Links:
    """The events of a table's claims. The order of the rows makes no difference; no claims: no events.

    `known` says for each claim when it became known (any unit; None: all at once), which decides who names an event. `reprints`
    gives for each document the number of its group of one text (None: each is a group of its own).
    """
    rank = ranks(np.array(table.ids, dtype=str))
    ruled = _ruled(table, constraints)
    copies = find_copies(table, rank, reprints, settings.copied)
    copies = copies[~np.isin(copies, ruled.apart).any(axis=1)]
    originals = find_originals(table.size, copies, rank)
    voices = np.unique(originals)
    voices = voices[np.argsort(rank[voices])]
    pairs, chances = weigh(table, scorer, settings, voices)
    place = np.full(table.size, -1, np.int64)
    place[voices] = np.arange(len(voices))
    owned = np.stack([place[originals], table.document.astype(np.int64)], axis=1) if settings.parts else NO_PAIRS
    same, apart, tied = (place[originals[rows]] for rows in (ruled.same, ruled.apart, ruled.tied))
    moved = Ruled(same, apart, tied, owned)
    clusters = find_clusters(len(voices), place[pairs], chances, settings.joining, moved)
    return _links(table, clusters, place[originals], constraints, known, rank)


def weigh(table: Table, scorer: Chances, settings: Settings, rows: Rows | None = None) -> tuple[Rows, NDArray[np.float64]]:
    """The candidate pairs of the rows, each once and in order, and their chances: partition by partition."""
    packed, kept = [np.zeros(0, np.int64)], [np.zeros(0)]
    for stretch in stretches_of(table, settings.most):
        pairs = find_candidates(table, settings.reach, rows, stretch)
        chances = scorer(table, pairs)
        packed.append(pairs[:, 0] * table.size + pairs[:, 1])
        kept.append(chances)
    found, first = np.unique(np.concatenate(packed), return_index=True)
    return np.stack(np.divmod(found, max(1, table.size)), axis=1), np.concatenate(kept)[first]


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


def find_copies(table: Table, rank: Rows, reprints: NDArray[np.int64] | None, likeness: float) -> Rows:
    """Pairs of tellings of two documents of one text that stand in the same words: one type, one trigger, and alike around it.

    Of several tellings of the other document the likeliest is the copy, and only if it is so both ways.
    """
    if reprints is None or not table.size:
        return NO_PAIRS
    group = reprints[table.document]
    printed_again = np.flatnonzero(np.bincount(reprints, minlength=int(group.max()) + 1)[group] > 1)
    letters = letters_of(table)
    rows = printed_again
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


def _links(
    table: Table, clusters: Clusters, voice: Rows, constraints: Constraints, known: NDArray[np.int64] | None, rank: Rows
) -> Links:
    """`voice` is for each claim its place among the claims that were grouped."""
    label = clusters.labels[voice]
    since = np.zeros(table.size, np.int64) if known is None else known
    order = np.lexsort((rank, since, label))
    is_first = np.ones(table.size, bool)
    is_first[1:] = label[order][1:] != label[order][:-1]
    first_of = np.zeros(len(clusters.labels), np.int64)
    first_of[label[order][is_first]] = order[is_first]
    ids = set(table.ids)
    known_pairs = [pair for pair in constraints.same if ids.issuperset(pair)]
    return Links(
        table.ids,
        tuple(table.ids[row] for row in first_of[label].tolist()),
        clusters.belonging[voice],
        clusters.weakest()[voice],
        tuple(known_pairs[place] for place in clusters.contradictions),
    )
