"""How far a number could be another by chance alone: exact intervals of counts, and samples drawn anew.

Clopper and Pearson (1934) for shares, Garwood (1936) for rates; the ratio of two rates by the share of one in both (Przyborowski
and Wilenski 1940). They take events as independent, which those of a wave are not: so the dispersion is told beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95

DRAWS = 4000
"""Samples that an interval is read from."""

SEED = 20200817
"""Where drawing begins, so that the same numbers give the same interval."""


def share_interval(count: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Bounds of a share of which `count` of `n` were seen; n 0: 0 to 1."""
    if n == 0:
        return 0.0, 1.0
    tail, logs = (1 - level) / 2, _log_factorials(n)

    def at_most(k: int, p: float) -> float:
        """The chance of k or fewer."""
        i = np.arange(k + 1)
        return float(np.exp(logs[n] - logs[i] - logs[n - i] + i * log(p) + (n - i) * log1p(-p)).sum())

    low = 0.0 if count == 0 else _root(lambda p: 1 - at_most(count - 1, p) - tail, 0.0, 1.0)
    high = 1.0 if count == n else _root(lambda p: tail - at_most(count, p), 0.0, 1.0)
    return low, high


def count_interval(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Bounds of the mean of which `count` is one draw, if events come independently of one another."""
    tail, logs, i = (1 - level) / 2, _log_factorials(count), np.arange(count + 1)

    def at_most(k: int, mean: float) -> float:
        return float(np.exp(-mean + i[: k + 1] * log(mean) - logs[: k + 1]).sum())

    most = count + 10 * (count**0.5) + 20
    low = 0.0 if count == 0 else _root(lambda m: 1 - at_most(count - 1, m) - tail, 0.0, float(count))
    return low, _root(lambda m: tail - at_most(count, m), 0.0, most)


def ratio_interval(after: int, before: int, days_after: int, days_before: int, level: float = LEVEL) -> tuple[float, float | None]:
    """Bounds of how many times the rate after is that before; nothing was seen before: no upper one."""
    low, high = share_interval(after, after + before, level)
    days = days_before / days_after
    return low / (1 - low) * days if low < 1 else 0.0, high / (1 - high) * days if high < 1 else None


def drawn_ratio(after: Sequence[float], before: Sequence[float], level: float = LEVEL) -> tuple[float, float | None]:
    """The same from days drawn anew, each side from its own; where too many samples have nothing before, no upper one."""
    if not after or not before:
        return 0.0, None
    draw = np.random.default_rng(SEED)
    means = [
        np.asarray(days, float)[draw.integers(0, len(days), (DRAWS, len(days)))].mean(axis=1) for days in (after, before)
    ]  # fmt: skip
    ratios = np.divide(means[0], means[1], out=np.full(DRAWS, np.inf), where=means[1] > 0)
    tail = (1 - level) / 2
    low, high = (float(np.quantile(ratios, share, method="inverted_cdf")) for share in (tail, 1 - tail))
    return low, None if high == np.inf else high


def dispersion(days: Sequence[float]) -> float | None:
    """How many times the variance of the days is their mean: 1 where events are independent; nothing to tell it by: None."""
    mean = float(np.mean(days)) if days else 0.0
    return float(np.var(days, ddof=1)) / mean if len(days) > 1 and mean > 0 else None


def _log_factorials(n: int) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])


def _root(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function is nought, to one part in 10^12 of the way."""
    for _ in range(60):
        middle = (low + high) / 2
        if rises(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
