"""Who does what to whom, over the rows of a board: actors with directed, counted ties between them, and where to draw them.

The same rows give the same network and the same places: nothing is drawn by lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dateline.records import StatusValue
from dateline.runs.board import ACTOR, RECIPIENT, TELLER, Board

Rows = NDArray[np.int64]
Numbers = NDArray[np.int64]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class Node:
    """An actor by name, with the sides that reports put it on (most events first), and in how many events it has which role."""

    name: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    acts: int
    suffers: int
    speaks: int


@dataclass(frozen=True)
class Tie:
    """What one actor does to another: events of a type. `asserted` of them are told as fact; the rest are alleged, denied, planned
    or conditional. `source` and `target` are places in `Network.nodes`."""

    source: int
    target: int
    type: str
    events: int
    asserted: int


@dataclass(frozen=True)
class Network:
    """Actors, the ones in most events first, and the ties between them, most events first.

    `actors` is how many have a tie to anybody, of whom `nodes` are some or all; `untied` are named in events that name nobody at
    the other end. `ties_in_all` counts the ties of all actors.
    """

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    actors: int
    untied: int
    ties_in_all: int


def network_of(board: Board, rows: Rows, most: int | None = None) -> Network:
    """The network of some rows. `most`: only the actors in most events; None: all of them."""
    names, named = _by_name(board)
    start, end = board.columns["party_start"][rows].astype(np.int64), board.columns["party_start"][rows + 1].astype(np.int64)
    row = np.repeat(rows, end - start)
    at = _ranges(start, end)
    party = board.columns["party"][at]
    role = party & 3
    who = named[party >> 2]
    acting, meant = role == ACTOR, role == RECIPIENT
    source, target, of = _pairs(row[acting], who[acting], row[meant], who[meant])
    apart = source != target  # of three who met each both acts and is acted on, but not by himself
    source, target, of = source[apart], target[apart], of[apart]
    asserted = np.array([status == StatusValue.ASSERTED.value for status in board.tables.statuses], bool)
    type_of = board.columns["type"][of].astype(np.int64)
    is_fact = asserted[board.columns["status"][of]] if len(of) else np.zeros(0, bool)
    tied = np.unique(np.concatenate([source, target]))
    there = np.unique(who[acting | meant])
    events = _events_of(row[acting | meant], who[acting | meant], len(names))
    order = np.array(sorted(tied.tolist(), key=lambda n: (-int(events[n]), names[n])), np.int64)[:most]
    place = np.full(len(names), -1, np.int64)
    place[order] = np.arange(len(order))
    keys, inverse = np.unique(np.stack([source, target, type_of]), axis=1, return_inverse=True)
    counts = np.bincount(inverse.ravel(), minlength=keys.shape[1])
    facts = np.bincount(inverse.ravel(), weights=is_fact, minlength=keys.shape[1])
    ties = [
        Tie(int(place[a]), int(place[b]), board.tables.types[t], int(n), int(f))
        for a, b, t, n, f in zip(*keys.tolist(), counts, facts, strict=True)
        if place[a] >= 0 and place[b] >= 0
    ]
    ties.sort(key=lambda tie: (-tie.events, tie.source, tie.target, tie.type))
    roles = [_events_of(row[role == r], who[role == r], len(names)) for r in (ACTOR, RECIPIENT, TELLER)]
    sides = _sides(board, named, party)
    nodes = tuple(Node(names[n], *sides.get(n, ((), ())), *(int(counts[n]) for counts in roles)) for n in order.tolist())
    return Network(nodes, tuple(ties), len(tied), len(there) - len(tied), keys.shape[1])


@dataclass(frozen=True)
class Matrix:
    """Who acts on whom, counted: `sources` and `targets` are places in `Network.nodes`, those in most events first, and `events`
    has the pairs with at least one. `sources_in_all` and `targets_in_all`: of how many in the network."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    events: Mapping[tuple[int, int], int]
    sources_in_all: int
    targets_in_all: int


def matrix_of(network: Network, most: int) -> Matrix:
    """The network's ties, all types of event together, between the `most` that act and the `most` that are acted on."""
    pairs: Counter[tuple[int, int]] = Counter()
    for tie in network.ties:  # an event is of one type: those of several ties are different ones
        pairs[tie.source, tie.target] += tie.events
    acts: Counter[int] = Counter()
    suffers: Counter[int] = Counter()
    for (source, target), events in pairs.items():
        acts[source] += events
        suffers[target] += events
    sources, targets = (tuple(sorted(sums, key=lambda n: (-sums[n], n))) for sums in (acts, suffers))
    shown = {pair: events for pair, events in pairs.items() if pair[0] in sources[:most] and pair[1] in targets[:most]}
    return Matrix(sources[:most], targets[:most], shown, len(sources), len(targets))


def rows_between(board: Board, rows: Rows, source: str, target: str, type: str = "") -> Rows:
    """Those of the rows in which the one acts on the other, ascending; `type`: only in events of it."""
    start, end = board.columns["party_start"][rows].astype(np.int64), board.columns["party_start"][rows + 1].astype(np.int64)
    row, party = np.repeat(rows, end - start), board.columns["party"][_ranges(start, end)]

    def with_role(name: str, role: int) -> Rows:
        numbers = np.flatnonzero(np.array([one == name for one in board.tables.actors.name], bool))
        found: Rows = row[np.isin(party >> 2, numbers) & (party & 3 == role)]
        return found

    found: Rows = np.intersect1d(with_role(source, ACTOR), with_role(target, RECIPIENT)).astype(np.int64)
    if type:
        is_of_type = np.array([one == type for one in board.tables.types], bool)
        found = found[is_of_type[board.columns["type"][found]]]
    return found


def _by_name(board: Board) -> tuple[tuple[str, ...], Numbers]:
    """The names of the board's actors, each once, and the number of the name of each actor: who has two sides is one."""
    numbers: dict[str, int] = {}
    named = [numbers.setdefault(name, len(numbers)) for name in board.tables.actors.name]
    return tuple(numbers), np.array(named, np.int64)


def _ranges(start: Numbers, end: Numbers) -> Numbers:
    """The whole numbers from each start up to its end, one range after another."""
    length = end - start
    before = np.cumsum(length) - length
    within: Numbers = np.arange(int(length.sum()), dtype=np.int64) - np.repeat(before - start, length)
    return within


def _pairs(rows_a: Numbers, a: Numbers, rows_b: Numbers, b: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Each a with each b of its row, and the row; each pair once a row. Rows ascend."""
    first = np.searchsorted(rows_b, rows_a, "left")
    after = np.searchsorted(rows_b, rows_a, "right")
    pairs = np.stack([np.repeat(rows_a, after - first), np.repeat(a, after - first), b[_ranges(first, after)]])
    rows, source, target = np.unique(pairs, axis=1)
    return source, target, rows


def _events_of(rows: Numbers, who: Numbers, names: int) -> Numbers:
    """In how many rows each name is."""
    pairs = np.unique(np.stack([who, rows]), axis=1)
    counts: Numbers = np.bincount(pairs[0], minlength=names)
    return counts


def _sides(board: Board, named: Numbers, party: Numbers) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """By name its countries and sectors, those told most often first."""
    actors, times = np.unique(party >> 2, return_counts=True)
    found: dict[int, tuple[dict[str, int], dict[str, int]]] = {}
    for actor, count in zip(actors.tolist(), times.tolist(), strict=True):
        countries, sectors = found.setdefault(int(named[actor]), ({}, {}))
        for value, held in ((board.tables.actors.country[actor], countries), (board.tables.actors.sector[actor], sectors)):
            if value:
                held[value] = held.get(value, 0) + count
    return {name: (_most_first(countries), _most_first(sectors)) for name, (countries, sectors) in found.items()}


def _most_first(counts: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))


# ---------------------------------------------------------------- where to draw them

STEPS = 160
"""Steps of the layout up to FEW actors; more actors get fewer, so that none waits long."""
FEW = 400

GOLDEN = np.pi * (3 - sqrt(5))
"""The angle from one actor to the next at the start: no two begin in one direction."""

PULL = 1.6
"""How much the middle draws: less, and what hangs together with nothing drifts away."""


def layout(network: Network) -> Points:
    """A point for each node, x and y from -1 to 1: what is tied stands together. No nodes: none."""
    weights = tuple(sorted(_weights(network.ties).items()))
    return np.array(_laid_out(len(network.nodes), weights), np.float64).reshape(-1, 2)


def _weights(ties: Sequence[Tie]) -> dict[tuple[int, int], int]:
    """Events between each two actors, whoever acts."""
    weights: dict[tuple[int, int], int] = {}
    for tie in ties:
        if tie.source != tie.target:
            pair = (min(tie.source, tie.target), max(tie.source, tie.target))
            weights[pair] = weights.get(pair, 0) + tie.events
    return weights


@lru_cache(maxsize=16)
def _laid_out(count: int, weights: tuple[tuple[tuple[int, int], int], ...]) -> tuple[tuple[float, float], ...]:
    """Springs between the tied, repulsion between all (Fruchterman and Reingold 1991), from a spiral, the busiest in the middle."""
    if count == 0:
        return ()
    turn = np.arange(count) * GOLDEN
    at = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.sqrt((np.arange(count) + 0.5) / count)[:, None]
    pairs = np.array([pair for pair, _ in weights], np.int64).reshape(-1, 2)
    strength = 1 + np.log(np.array([events for _, events in weights], np.float64))
    ideal = sqrt(3.0 / count)
    steps = STEPS if count <= FEW else max(30, STEPS * FEW * FEW // (count * count))
    for step in range(steps):
        apart = at[:, None, :] - at[None, :, :]
        square = np.maximum((apart**2).sum(axis=2), 1e-6)
        force = (apart * (ideal**2 / square)[:, :, None]).sum(axis=1) - PULL * ideal * at
        along = at[pairs[:, 1]] - at[pairs[:, 0]]
        pull = along * (np.sqrt((along**2).sum(axis=1)) / ideal * strength * 0.6)[:, None]
        np.add.at(force, pairs[:, 0], pull)
        np.add.at(force, pairs[:, 1], -pull)
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        at = at + force / length[:, None] * np.minimum(length, 0.12 * (1 - step / steps) + 0.002)[:, None]
    at = at - (at.max(axis=0) + at.min(axis=0)) / 2
    at = at / max(float(np.abs(at).max()), 1e-9)
    return tuple((round(x, 4), round(y, 4)) for x, y in at.tolist())
