"""How far two people who judged the same agree, beyond what chance would give: Krippendorff's alpha, field by field.

Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), whose worked examples are the tests. Written out because
the package of that name comes under the GPL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.ledger.corrections import COUNTS, RANGE
from dateline.ledger.second import Pair

Values = NDArray[np.float64]
Unit = Sequence[float | None]
"""What each observer says of one thing, as numbers; None: they say nothing of it."""

DRAWS = 2000
"""Samples that an interval is read from: its ends then hold still in the second decimal."""

SEED = 20200817
"""Where drawing begins, so that the same answers give the same interval."""

ENOUGH = 10
"""Units under which an interval would say more than anybody knows."""


def nominal(one: Values, other: Values) -> Values:
    """How far values are apart that are the same or not."""
    apart: Values = (one != other).astype(np.float64)
    return apart


def interval(one: Values, other: Values) -> Values:
    """How far numbers are apart whose differences mean something."""
    apart: Values = (one - other) ** 2
    return apart


def ratio(one: Values, other: Values) -> Values:
    """How far numbers are apart of which nought means none: 1 and 2 are further apart than 101 and 102."""
    total = one + other
    return np.where(total == 0, 0.0, ((one - other) / np.where(total == 0, 1.0, total)) ** 2)


Metric = Callable[[Values, Values], Values]


@dataclass(frozen=True)
class Agreement:
    """How far observers agree on one field. `units` are what two or more said something of, `alike` those on which all agree.

    `alpha` is 1 where all agree, and 0 where they agree as often as chance would have it; None: all said the same throughout, so
    that chance cannot be told from agreement. `low` and `high` hold it in 95 of 100 samples drawn anew; None: too few units.
    """

    field: str
    metric: str
    units: int
    alike: int
    alpha: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class _Counted:
    """How often each value was said of each unit, and the distances between values; units of one answer are left out."""

    counts: Values
    distances: Values


def _counted(units: Sequence[Unit], metric: Metric) -> _Counted | None:
    said = [[value for value in unit if value is not None] for unit in units]
    said = [values for values in said if len(values) > 1]
    if not said:
        return None
    known = np.array(sorted({value for values in said for value in values}), dtype=np.float64)
    counts = np.zeros((len(said), len(known)))
    for row, values in enumerate(said):
        for value in values:
            counts[row, np.searchsorted(known, value)] += 1
    return _Counted(counts, metric(known[:, None], known[None, :]))


def _alphas(counted: _Counted, weights: Values) -> Values:
    """Alpha for each row of weights, which say how often each unit is taken; not to be told: nan."""
    counts, distances = counted.counts, counted.distances
    sizes = counts.sum(axis=1)
    within = ((counts @ distances) * counts).sum(axis=1) / (sizes - 1)
    totals = weights @ counts
    number = totals.sum(axis=1)
    observed = (weights @ within) / number
    expected = ((totals @ distances) * totals).sum(axis=1) / (number * (number - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def alpha(units: Sequence[Unit], metric: Metric = nominal) -> float | None:
    """Krippendorff's alpha; nothing was said twice, or all of it is the same: None."""
    counted = _counted(units, metric)
    if counted is None:
        return None
    found = float(_alphas(counted, np.ones((1, len(counted.counts))))[0])
    return None if np.isnan(found) else found


def interval_of(units: Sequence[Unit], metric: Metric = nominal) -> tuple[float, float] | None:
    """The bounds that hold alpha in 95 of 100 samples of these units, drawn with replacement from SEED on; too few units: None."""
    counted = _counted(units, metric)
    if counted is None or len(counted.counts) < ENOUGH:
        return None
    number = len(counted.counts)
    weights = np.random.default_rng(SEED).multinomial(number, np.full(number, 1 / number), size=DRAWS).astype(np.float64)
    found = _alphas(counted, weights)
    found = found[~np.isnan(found)]
    if not len(found):
        return None
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


# ---------------------------------------------------------------- of second answers


def agreements(pairs: Sequence[Pair]) -> tuple[Agreement, ...]:
    """How far first and second answers agree, field by field, in the order in which fields were first answered; none: nothing."""
    said: defaultdict[str, list[tuple[str | None, str | None]]] = defaultdict(list)
    for pair in pairs:
        for name, one, other in pair.answers:
            said[name].append((one, other))
    found = (_agreement(name, answers) for name, answers in said.items())
    return tuple(agreement for agreement in found if agreement.units)


def _agreement(name: str, answers: Sequence[tuple[str | None, str | None]]) -> Agreement:
    is_figure = name.startswith(COUNTS)
    metric: Metric = ratio if is_figure else nominal
    codes: dict[str, float] = {}
    number: Callable[[str], float | None] = _figure if is_figure else lambda value: codes.setdefault(value, float(len(codes)))
    units = [tuple(None if value is None else number(value) for value in pair) for pair in answers]
    whole = [(one, other) for one, other in units if one is not None and other is not None]
    bounds = interval_of(units, metric)
    return Agreement(
        name, "ratio" if is_figure else "nominal", len(whole), sum(one == other for one, other in whole), alpha(units, metric),
        bounds[0] if bounds else None, bounds[1] if bounds else None,
    )  # fmt: skip


def _figure(value: str) -> float | None:
    """The figure of a value: the lower bound, or else the upper one; that there is none is no figure to compare: None."""
    low, _, high = value.partition(";")[0].strip().partition(RANGE)
    return float(low or high) if (low or high) else None
