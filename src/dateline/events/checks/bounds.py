"""Sums over figures of which only bounds are known, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from dateline.records import Count, Quantity


@dataclass(frozen=True)
class Bounds:
    """The least and the most a figure may be, both included; `high` is infinite when nothing bounds it.

    Two figures contradict each other only when no values within their bounds agree: that is what the `can_` tests ask.
    """

    low: float
    high: float

    @classmethod
    def of(cls, figure: Count | Quantity) -> Bounds:
        """The bounds of a count or quantity; an open low end is 0, because nothing counted is less."""
        return cls(figure.low or 0.0, math.inf if figure.high is None else figure.high)

    @classmethod
    def exactly(cls, value: float) -> Bounds:
        return cls(value, value)

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Bounds:
        return Bounds(self.low * factor, self.high * factor)

    def widened(self, share: float) -> Bounds:
        """With that share of itself to either side: what is rounded in the telling."""
        return Bounds(self.low * (1 - share), self.high * (1 + share))

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def can_equal(self, other: Bounds) -> bool:
        return self.low <= other.high and other.low <= self.high

    def can_be_at_most(self, other: Bounds) -> bool:
        return self.low <= other.high

    def __str__(self) -> str:
        if self.is_exact:
            return number(self.low)
        if math.isinf(self.high):
            return f"{number(self.low)} or more"
        return f"at most {number(self.high)}" if self.low == 0 else f"{number(self.low)}–{number(self.high)}"


def number(value: float) -> str:
    """As people write it: "7,300", "0.5", "66.7"."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def add(parts: Iterable[Bounds]) -> Bounds:
    """The sum; of nothing: exactly 0."""
    return sum(parts, Bounds.exactly(0.0))


def written_sum(parts: Iterable[Bounds]) -> str:
    """The parts joined by plus signs; one that is itself several words stands in brackets."""
    return " + ".join(f"({part})" if " " in str(part) else str(part) for part in parts)
