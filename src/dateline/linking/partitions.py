"""Linking in parts: a stretch of days with the tellings that its heads need, which another process or machine can weigh alone.

A part has the whole table's numbers of words and their rarity, so that a pair is worth in it what it is worth in the whole. Under
one head lie the same tellings in either (blocking.py); so all parts together give the pairs of the whole and their chances, to the
last bit, whoever works them out and in whichever order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.linking.blocking import Keys, Reach, Rows, Stretch, days_of, find_candidates, stretches_of
from dateline.linking.scoring import Chances
from dateline.linking.table import NO_DAY, Table


@dataclass(frozen=True, eq=False)
class Part:
    """A stretch of a table. `rows` are the table's rows that it has, ascending; `filed` those of its own that are filed."""

    table: Table
    rows: Rows
    filed: Rows
    stretch: Stretch


@dataclass(frozen=True, eq=False)
class Weighed:
    """Pairs of rows of the whole table, lower first, in order, and their chances."""

    pairs: Rows
    chances: NDArray[np.float64]


RunParts = Callable[[Callable[[Part], Weighed], Iterable[Part]], Iterable[Weighed]]
"""What runs a function over parts, here or elsewhere, and gives back what it gave, in any order: `map` is one."""


@dataclass(frozen=True)
class Weighing:
    """What is done with a part; a plain object, so that it can be sent where the part is."""

    reach: Reach
    scorer: Chances

    def __call__(self, part: Part) -> Weighed:
        """The part's candidate pairs and their chances."""
        pairs = find_candidates(part.table, self.reach, part.filed, part.stretch)
        return Weighed(part.rows[pairs], self.scorer(part.table, pairs))


def parts_of(table: Table, reach: Reach, most: int, filed: Rows | None = None) -> Iterator[Part]:
    """The table in parts of about `most` tellings and their halo, one at a time; `filed`: only these tellings meet; None: all.

    What has no day meets its likes of any day: the part of these, if there are any, has the whole table.
    """
    filed = np.arange(table.size) if filed is None else filed
    day = days_of(table)
    reported = table.day.astype(np.int64)[table.document] if table.size else day
    for stretch in stretches_of(table, most):
        needed = np.ones(table.size, bool)
        if stretch.first != NO_DAY:
            needed = Stretch(stretch.first, stretch.last + 2 * reach.days + 1).holds(day)
            needed |= Stretch(stretch.first, stretch.last + 2 * reach.document_days + 1).holds(reported)
        rows = np.flatnonzero(needed)
        own = np.flatnonzero(np.isin(rows, filed))
        if len(own) > 1:
            yield Part(table if needed.all() else table.take(rows), rows, own, stretch)


def weigh_parts(table: Table, scorer: Chances, reach: Reach, most: int, filed: Rows | None = None, run: RunParts = map) -> Weighed:
    """The candidate pairs of a table, each once, and their chances, worked out part by part."""
    keys: list[Keys] = [np.zeros(0, np.uint64)]
    chances = [np.zeros(0)]
    for weighed in run(Weighing(reach, scorer), parts_of(table, reach, most, filed)):
        keys.append(weighed.pairs[:, 0].astype(np.uint64) << np.uint64(32) | weighed.pairs[:, 1].astype(np.uint64))
        chances.append(weighed.chances)
    found, first = np.unique(np.concatenate(keys), return_index=True)  # a pair may lie in two parts
    pairs = np.stack([found >> np.uint64(32), found & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)
    return Weighed(pairs, np.concatenate(chances)[first])
