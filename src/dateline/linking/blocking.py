"""Which pairs of tellings are worth weighing: those that meet on one of a few roads, each of which has a bound.

A road files every telling under what it has in common with others: its place, its country, who took part, the rare words around it;
and its document under that one's rare words and names. Two tellings filed under one head within some days of one another are a
candidate. A head under which thousands are filed (one day in a capital) would give millions of pairs: there the tellings are put
in order of likeness, several times by different signs of it, and each is paired with the few behind it. So the pairs grow with the
tellings and not with their square.

A head includes the span of days, so it lies in one stretch of time as a whole. Whether the tellings are looked at together or cut
into partitions, each head is filled with the same tellings and gives the same pairs. Words are known by a hash of their letters, not by
their number in the table, for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from dateline.linking.table import NO_DAY, NOTHING, Table

Rows = NDArray[np.int64]
Keys = NDArray[np.uint64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Reach:
    """How far the roads go. The defaults were chosen on the training halves (docs/decisions/0022-identity.md)."""

    days: int = 3
    """Days that two tellings of one happening are apart at most, by the day each gives it."""
    document_days: int = 30
    """Days of publication that two documents of one story are apart at most, to be brought together by their words."""
    behind: int = 6
    """Tellings under one head that each is paired with, in each order of likeness."""
    who: int = 2
    """Rarest words of the names in a role under which a telling is filed."""
    words: int = 2
    """Rarest words around the trigger under which a telling is filed."""
    terms: int = 8
    """Words that tell most of a document, and rarest names, under which it is filed."""
    common_heads: int = 2
    """Heads that two documents share at least, for their tellings to be paired."""
    tellings: int = 8
    """Tellings of a document that are paired by its words: the surest ones."""
    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a type the other types that may tell of the same happening (knowledge/linking/types.yaml)."""


def find_candidates(table: Table, reach: Reach = Reach(), rows: Rows | None = None) -> Rows:
    """Pairs of the table's tellings worth weighing, a row each, lower row first, in order, each once. None: a matrix without rows.

    `rows`: only these tellings are filed (of texts printed again one is enough); None: all.
    """
    rows = np.arange(table.size) if rows is None else rows
    filing = _Filing.of(table, reach, rows)
    found = [_packed(pairs) for pairs in (*filing.by_telling(), filing.by_document())]
    packed = np.unique(np.concatenate(found))
    pairs = _unpacked(packed)
    return pairs[filing.may_go_together(pairs)]


# ---------------------------------------------------------------- heads


def hash_names(names: Iterable[str]) -> Keys:
    """A number of 64 bits for each string, the same everywhere."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def mixed(*parts: Keys | int) -> Keys:
    """One number for a sequence of numbers."""
    with np.errstate(over="ignore"):
        key: Keys = np.uint64(0) + np.uint64(len(parts))
        for part in parts:
            given = np.uint64(part) if isinstance(part, int) else part
            key = (key ^ (key >> _SHIFT)) * _MIX + given
        return (key ^ (key >> _SHIFT)) * _MIX


def spans_of(day: NDArray[np.int64], days: int) -> tuple[Keys, Keys]:
    """Two spans of days for each day, such that two days no more than `days` apart have one in common."""
    width = 2 * days + 2
    even, odd = day // width, (day + days + 1) // width
    return mixed(even.astype(np.uint64), 0), mixed(odd.astype(np.uint64), 1)


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
    low, high = pairs.min(axis=1).astype(np.uint64), pairs.max(axis=1).astype(np.uint64)
    return np.unique((low << np.uint64(32) | high)[low != high])


def _unpacked(packed: Keys) -> Rows:
    return np.stack([packed >> np.uint64(32), packed & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)
