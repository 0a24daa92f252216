"""A board on which the names of one actor are one name, and what it would come to if some were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dateline.runs.board import Actors, Board


@dataclass(frozen=True)
class Together:
    """What falls together if names are one: in how many events each is a party or tells, in how many of them two or more are, so
    that they count once from then on, and in how many one of them is."""

    events: Mapping[str, int]
    shared: int
    all_of_them: int


def with_names(board: Board, shown: Mapping[str, str]) -> Board:
    """The board with these names (keys) under those that are shown for them; none of them is on it: the board itself.

    Sides stay as they were taken: an actor may have several. What a row then has twice in one role it has once.
    """
    names = board.tables.actors.name
    if shown.keys().isdisjoint(names):
        return board
    table = board.tables.actors
    keys = [
        (shown.get(name, name), country, sector) for name, country, sector in zip(names, table.country, table.sector, strict=True)
    ]
    kept = sorted(set(keys), key=lambda key: (key[0], key[1] or "", key[2] or ""))
    place = {key: number for number, key in enumerate(kept)}
    renumbered = np.array([place[key] for key in keys], np.int64)
    party = board.columns["party"].astype(np.int64)
    party = 4 * renumbered[party >> 2] + (party & 3)
    starts = board.columns["party_start"].astype(np.int64)
    row = np.repeat(np.arange(len(board)), np.diff(starts))
    # The first of equal cells of a row stays where it is: the order in a row is that of its accounts.
    _, first = np.unique(np.stack([row, party]), axis=1, return_index=True)
    first.sort()
    counts = np.bincount(row[first], minlength=len(board))
    columns = dict(board.columns)
    columns["party"] = party[first].astype(board.columns["party"].dtype)
    columns["party_start"] = np.append(0, np.cumsum(counts)).astype(board.columns["party_start"].dtype)
    actors = Actors(tuple(key[0] for key in kept), tuple(key[1] for key in kept), tuple(key[2] for key in kept))
    return replace(board, tables=replace(board.tables, actors=actors), columns=columns, renamed=shown)


def together(board: Board, names: Sequence[str]) -> Together:
    """What of a board falls together if these names are one."""
    starts = board.columns["party_start"].astype(np.int64)
    row = np.repeat(np.arange(len(board)), np.diff(starts))
    actor = board.columns["party"] >> 2
    rows: dict[str, set[int]] = {}
    for name in names:
        numbers = np.flatnonzero(np.array([one == name for one in board.tables.actors.name], bool))
        rows[name] = set(row[np.isin(actor, numbers)].tolist())
    every = set().union(*rows.values())
    shared = sum(1 for one in every if sum(one in some for some in rows.values()) > 1)
    return Together({name: len(some) for name, some in rows.items()}, shared, len(every))


def has_name(board: Board, name: str) -> bool:
    """Whether the board names anybody so, as a party or as a teller."""
    return name in board.tables.actors.name


def names_near(board: Board, words: str, limit: int = 5) -> list[str]:
    """Names of the board that hold the words, in any case; the shortest first."""
    sought = words.casefold()
    return sorted({name for name in board.tables.actors.name if sought in name.casefold()}, key=lambda name: (len(name), name))[
        :limit
    ]
