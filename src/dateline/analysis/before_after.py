"""How much of it before a day and after: rates, how many times the one is the other, and how far that may be chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted
from dateline.analysis.intervals import count_interval, dispersion, drawn_ratio, ratio_interval
from dateline.analysis.notes import aside_in_words, several
from dateline.analysis.series import EVENTS, Series, series_of
from dateline.knowledge.accounts import AccountKnowledge
from dateline.runs.board import EPOCH, NO_DAY, number_of
from dateline.web.tallying import figures_of, total_of

EXACT = "exact interval of the ratio of two Poisson rates"
DRAWN = "95 of 100 ratios of days drawn anew, each side from its own (bootstrap)"

LONGEST = 183
"""Days on either side that are taken where nobody says how many."""


@dataclass(frozen=True)
class Side:
    """The days before or after. Of events: `low` lie wholly in them, `high` touch them, `best` begin in them; of a figure its
    bounds.

    `rate` is the best of a day, `rate_low` to `rate_high` the mean it may be a draw of (Garwood; of events alone). `without` have
    no figure. `documents` were published in these days.
    """

    first: date
    last: date
    days: int
    low: float
    high: float | None
    best: float
    events: int
    without: int
    documents: int
    rate: float
    rate_low: float | None
    rate_high: float | None


@dataclass(frozen=True)
class BeforeAfter:
    """The two sides of a day, which itself is of the second. `ratio` is the rate after over that before, None where nothing was
    before.

    `ratio_low` to `ratio_high` by `method`, what chance may do; `told_low` to `told_high` what the bounds of the two sides allow.
    `astride` events are of days on both sides. `dispersion`: how many times the variance of days is their mean, 1 where events do
    not come in waves. `series` has the days.
    """

    on: date
    of: str
    before: Side
    after: Side
    ratio: float | None
    ratio_low: float
    ratio_high: float | None
    method: str
    told_low: float | None
    told_high: float | None
    dispersion: float | None
    astride: int
    series: Series
    set_aside: tuple[tuple[str, int], ...]


def before_after(
    events: Counted, knowledge: AccountKnowledge, on: date, *, days: int | None = None, figure: str | None = None
) -> BeforeAfter:
    """The comparison; `days` on either side, without it as many as the events reach on the shorter side, LONGEST at most.

    Raises ValueError where all events are on one side of the day and nobody said how many days to look at, and for figures that
    cannot be put together.
    """
    columns, rows = events.board.columns, events.rows
    names = ("told", "told") if events.dates == "report" else ("first", "last")
    first, last = (columns[name][rows].astype(np.int64) for name in names)
    has_day = first != NO_DAY
    first, last = first[has_day], np.where(last[has_day] == NO_DAY, first[has_day], last[has_day])
    middle = number_of(on)
    days = days or _reach(first, last, middle, on)
    begin, end = middle - days, middle + days - 1
    inside = (first <= end) & (last >= begin)
    part = Counted(events.board, rows[has_day][inside], events.dates, events.set_aside)
    first, last = first[inside], last[inside]
    sides = [
        _side(part, first, last, low, high, figure, knowledge) for low, high in ((begin, middle - 1), (middle, end))
    ]  # fmt: skip
    before, after = sides
    clipped = (first >= begin) & (first <= end)
    own = Counted(part.board, part.rows[clipped], part.dates, part.set_aside)
    series = series_of(own, knowledge, figure=figure, by="day")
    by_day = {p.first: (p.best or 0.0) for p in series.points}
    daily = [[by_day.get(EPOCH + timedelta(days=int(d)), 0.0) for d in range(a, a + days)] for a in (begin, middle)]
    if figure is None:
        low, high = ratio_interval(int(after.best), int(before.best), days, days)
        method = EXACT
    else:
        low, high = drawn_ratio(daily[1], daily[0])
        method = DRAWN
    return BeforeAfter(
        on=on, of=figure or EVENTS, before=before, after=after,
        ratio=after.rate / before.rate if before.rate else None, ratio_low=low, ratio_high=high, method=method,
        told_low=after.low / before.high if before.high else None,
        told_high=after.high / before.low if after.high is not None and before.low else None,
        dispersion=dispersion([*daily[0], *daily[1]]) if figure is None else None,
        astride=int(np.count_nonzero((first < middle) & (last >= middle))), series=series, set_aside=events.set_aside,
    )  # fmt: skip


def _reach(first: Any, last: Any, middle: int, on: date) -> int:
    if not len(first) or first.min() >= middle or last.max() < middle:
        raise ValueError(f"no event lies on the other side of {on}: say how many days to look at with --days")
    return int(min(middle - first.min(), last.max() - middle + 1, LONGEST))


def _side(events: Counted, first: Any, last: Any, begin: int, end: int, figure: str | None, knowledge: AccountKnowledge) -> Side:
    days = end - begin + 1
    begins = (first >= begin) & (first <= end)
    day, number = events.board.columns["coverage_day"].astype(np.int64), events.board.columns["coverage"]
    documents = int(number[(day >= begin) & (day <= end)].sum())
    count = int(np.count_nonzero(begins))
    if figure is None:
        low, high = (
            float(np.count_nonzero((first >= begin) & (last <= end))),
            float(np.count_nonzero((first <= end) & (last >= begin))),
        )
        best, without = float(count), 0
        rate_low, rate_high = (bound / days for bound in count_interval(count))
        return Side(_day(begin), _day(end), days, low, high, best, count, 0, documents, best / days, rate_low, rate_high)
    rows = events.rows[begins]
    figures = figures_of(events.board, rows, figure)
    total = total_of(events.board, figures, knowledge)
    without = count - len(np.unique(figures.rows))
    low, most, best = (total.low, total.high, total.best) if total else (0.0, None if count else 0.0, 0.0)
    return Side(_day(begin), _day(end), days, low, most, best, count, without, documents, best / days, None, None)


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


COLUMNS = (
    "side",
    "first",
    "last",
    "days",
    "low",
    "high",
    "best",
    "events",
    "without",
    "documents",
    "rate",
    "rate_low",
    "rate_high",
)
SHOWN = ("side", "first", "last", "bounds", "events", "without", "documents", "a day", "may be a day")


def rows_of(found: BeforeAfter) -> list[dict[str, Any]]:
    """A row for each side."""
    return [
        {
            "side": name, **vars(side), "a day": round(side.rate, 2),
            "may be a day": f"{side.rate_low:.2f}–{side.rate_high:.2f}" if side.rate_low is not None else None,
        }
        for name, side in (("before", found.before), ("after", found.after))
    ]  # fmt: skip


def notes_of(found: BeforeAfter) -> list[str]:
    """What must be read beside it, the ratio first."""
    if found.ratio is None:
        said = [f"Nothing was told of the {found.before.days} days before {found.on}: no ratio."]
    else:
        high = "no upper end" if found.ratio_high is None else f"{found.ratio_high:.2f}"
        said = [
            f"After {found.on}: {found.ratio:.2f} times as many a day as before ({found.ratio_low:.2f} to {high}; {found.method})."
        ]
    if found.told_low is not None and found.ratio is not None:
        high = "any number" if found.told_high is None else f"{found.told_high:.2f}"
        said.append(f"The bounds that reports leave allow {found.told_low:.2f} to {high} times.")
    if found.dispersion is not None and found.dispersion > 1.5:
        said.append(
            f"Days differ {found.dispersion:.1f} times as much as independent events would: the interval is too narrow by that."
        )
    said.append(f"Reports read: {found.before.documents:,} of the days before, {found.after.documents:,} of those after.")
    without = found.before.without + found.after.without
    said += [f"{several(without, 'event has', 'events have')} no figure."] if without else []
    if found.astride:
        one, many = "event lies on both sides and counts where it begins", "events lie on both sides and count where they begin"
        said.append(f"{several(found.astride, one, many)}.")
    return said + aside_in_words(found.set_aside)
