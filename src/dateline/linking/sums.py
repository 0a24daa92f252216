"""Bounds of several events put together: added up, where those whose days hold others count once; or the largest of them.

The same rules for an episode of ten events and for a month of a hundred thousand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Summand(NamedTuple):
    """What one event comes to. Its days are ordinals, both inclusive; None is not told. `high` None is open."""

    first: int | None
    last: int | None
    low: float
    high: float | None
    best: float

    @property
    def length(self) -> int:
        """How many days it reaches beyond its first; days that are not told reach nowhere."""
        return self.last - self.first if self.first is not None and self.last is not None else 0


class Total(NamedTuple):
    """What several events come to. `high` None is open."""

    low: float
    high: float | None
    best: float


NOTHING = Total(0.0, 0.0, 0.0)


def added(summands: Sequence[Summand]) -> Total:
    """The sum, in which an event that spans others counts instead of them, or they instead of it, whichever is more.

    The longest spans first; of equals those told first in `summands`. Nothing: nothing, exactly.
    """
    held = sorted(
        (n for n, s in enumerate(summands) if s.first is not None and s.last is not None), key=lambda n: summands[n].first or 0
    )
    firsts = [summands[n].first or 0 for n in held]
    is_counted = [False] * len(summands)
    total = NOTHING
    for outer in sorted(range(len(summands)), key=lambda n: -summands[n].length):
        if is_counted[outer]:
            continue
        is_counted[outer] = True
        own = summands[outer]
        inner = _inside(own, summands, held, firsts, is_counted) if own.length > 0 else []
        for n in inner:
            is_counted[n] = True
        total = _plus(total, _more(own, added([summands[n] for n in inner])) if inner else Total(own.low, own.high, own.best))
    return total


def _inside(outer: Summand, summands: Sequence[Summand], held: list[int], firsts: list[int], is_counted: list[bool]) -> list[int]:
    """Those not counted yet whose days lie in those of the outer one, which has more of them; in the order they were given."""
    assert outer.first is not None
    assert outer.last is not None
    near = held[bisect_left(firsts, outer.first) : bisect_right(firsts, outer.last)]
    return sorted(
        n for n in near if not is_counted[n] and (summands[n].last or 0) <= outer.last and summands[n].length < outer.length
    )


def _more(outer: Summand, inner: Total) -> Total:
    low = max(outer.low, inner.low)
    return Total(low, None if outer.high is None else max(outer.high, low), max(outer.best, inner.best))


def _plus(one: Total, other: Total) -> Total:
    high = None if one.high is None or other.high is None else one.high + other.high
    return Total(one.low + other.low, high, one.best + other.best)


def largest(summands: Sequence[Summand]) -> Total:
    """The largest of each bound; one that is open leaves it open. Nothing: nothing, exactly."""
    if not summands:
        return NOTHING
    high = None if any(s.high is None for s in summands) else max(s.high or 0.0 for s in summands)
    return Total(max(s.low for s in summands), high, max(s.best for s in summands))
