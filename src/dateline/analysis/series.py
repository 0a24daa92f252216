"""How much of it when: events, or a figure of theirs such as the detained, by day, week, month or year, each with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted, Rows
from dateline.analysis.notes import aside_in_words, several
from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.tallies import PEAK, SUM
from dateline.runs.board import EPOCH, NO_DAY, NOTHING
from dateline.web.tallying import MOST_BETWEEN, NO_DAY_TOLD, days_of, finest, grouped, period_of, periods_between

EVENTS = "events"
"""What a series is of, where no figure is asked for."""

ONCE = "at least those whose days all lie in the period, at most those whose days touch it"
"""How many events a period has: an event of several days, or of one that is not known to the day, may be of any of them."""

SPLITS = ("type", "mode", "country")
"""What a series can be split by."""

ALL, NONE = "all", "none told"


@dataclass(frozen=True)
class Point:
    """One period, from `first` to `last`, both inclusive.

    `low` None: no figure is told of it (which is not nought); `high` None with a `low` is open. `best` is one figure within the
    bounds: of events those that begin in it. `events` begin in it and count; `without` of them have no figure, on the figure of
    `disputed` reports differ, `longer` go on after it, and `running` have only a total so far of more than themselves, which is
    added to nothing. `single`: of those that make `low`, how many rest on one independent text; `documents` were published in it.
    """

    period: str
    first: date
    last: date
    low: float | None
    high: float | None
    best: float | None
    events: int
    without: int
    disputed: int
    single: int
    longer: int
    running: int
    documents: int


@dataclass(frozen=True)
class Line:
    """The points of one value of what the series is split by, in order and without a gap; not split: "all"."""

    name: str
    points: tuple[Point, ...]
    events: int
    undated: int


@dataclass(frozen=True)
class Series:
    """A series by `period`, of events or of a figure; `rule` says how the bounds of several events make one.

    `undated` events have no day and are in no point. `set_aside`: chosen events that do not count, by status.
    """

    of: str
    by: str
    split: str | None
    dates: str
    rule: str
    lines: tuple[Line, ...]
    events: int
    undated: int
    set_aside: tuple[tuple[str, int], ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """All points, line after line."""
        return tuple(point for line in self.lines for point in line.points)


def series_of(
    events: Counted, knowledge: AccountKnowledge, *, figure: str | None = None, by: str | None = None, split: str | None = None
) -> Series:
    """The series; `by` None takes the finest period that leaves it readable. Events of which no day is told are counted apart.

    All lines run over the same periods, the one with most events first. Raises ValueError for a figure that no rule puts together
    (docs/accounts.md), for what cannot be split by, and for more periods than anybody reads.
    """
    board, rows = events.board, events.rows
    if figure is not None and figure not in knowledge.summed | knowledge.peaked:
        can = ", ".join(sorted(knowledge.summed | knowledge.peaked))
        raise ValueError(f"figures of {figure!r} cannot be put together; what can: {can}")
    if split is not None and split not in SPLITS:
        raise ValueError(f"a series cannot be split by {split!r}; what can: {', '.join(SPLITS)}")
    by = by or finest(board, rows, events.dates)
    periods = _periods(events, by)
    parts = _parts(events, split)
    lines = tuple(
        Line(name, _points(part, periods, by, figure, knowledge), len(part), _undated(part)) for name, part in parts if len(part)
    )
    rule = ONCE if figure is None else PEAK if figure in knowledge.peaked else SUM
    return Series(figure or EVENTS, by, split, events.dates, rule, lines, len(rows), _undated(events), events.set_aside)


# ---------------------------------------------------------------- periods


@dataclass(frozen=True)
class _Days:
    """First and last day of rows as numbers of the board, those of no day left out; an open end is the other end."""

    rows: Rows
    first: Rows
    last: Rows


def _days(events: Counted) -> _Days:
    columns = events.board.columns
    if events.dates == "report":
        first = last = columns["told"][events.rows].astype(np.int64)
    else:
        first, last = (columns[name][events.rows].astype(np.int64) for name in ("first", "last"))
    has_day = first != NO_DAY
    first, last = first[has_day], last[has_day]
    return _Days(events.rows[has_day], first, np.where(last == NO_DAY, first, np.maximum(first, last)))


def _undated(events: Counted) -> int:
    return len(events.rows) - len(_days(events).rows)


def _periods(events: Counted, by: str) -> list[str]:
    """The periods from that of the first beginning to that of the last, without a gap; no event has a day: none."""
    days = _days(events).first
    if not len(days):
        return []
    first, last = (EPOCH + timedelta(days=int(day)) for day in (days.min(), days.max()))
    found = periods_between(period_of(first, by), period_of(last, by), by)
    if len(found) >= MOST_BETWEEN:
        raise ValueError(
            f"the events reach from {first} to {last}, which is more than {MOST_BETWEEN:,} times a {by}: "
            "ask for fewer with --since and --until, or for longer periods with --by"
        )
    return found


def _parts(events: Counted, split: str | None) -> Iterator[tuple[str, Counted]]:
    """The events by value of the column, most first; of equals in the order of their names."""
    if split is None:
        yield ALL, events
        return
    tables, columns = events.board.tables, events.board.columns
    names = {"type": tables.types, "mode": tables.modes, "country": tables.countries}[split]
    values = columns[split][events.rows]
    nothing = NOTHING[{"type": "u1", "mode": "u1", "country": "u2"}[split]]
    found = [(int(value), int(n)) for value, n in zip(*np.unique(values, return_counts=True), strict=True)]
    named = [(names[value] if value != nothing else NONE, value, n) for value, n in found]
    for name, value, _ in sorted(named, key=lambda one: (-one[2], one[0])):
        yield name, events.only(values == value)


# ---------------------------------------------------------------- points


def _points(events: Counted, periods: list[str], by: str, figure: str | None, knowledge: AccountKnowledge) -> tuple[Point, ...]:
    if not periods:
        return ()
    if figure is None:
        return _of_events(events, periods, by)
    return _of_figure(events, periods, by, figure, knowledge)


def _of_events(events: Counted, periods: list[str], by: str) -> tuple[Point, ...]:
    spans = [days_of(period, by) for period in periods]
    starts = np.array([(first - EPOCH).days for first, _ in spans])
    days = _days(events)
    begins, ends = (np.searchsorted(starts, day, side="right") - 1 for day in (days.first, days.last))
    size = len(periods)
    ends = np.where(days.last > (spans[-1][1] - EPOCH).days, size, ends)  # beyond the last period, in which something begins
    sure = np.bincount(begins[begins == ends], minlength=size)
    most = np.cumsum(np.bincount(begins, minlength=size + 1) - np.bincount(np.minimum(ends + 1, size), minlength=size + 1))
    began = np.bincount(begins, minlength=size)
    has_one = events.board.columns["witnesses"][days.rows] <= 1
    single = np.bincount(begins[(begins == ends) & has_one], minlength=size)
    longer = np.bincount(begins[ends > begins], minlength=size)
    documents = _documents(events, periods, by)
    return tuple(
        Point(
            period=period, first=first, last=last, low=float(sure[n]), high=float(most[n]), best=float(began[n]),
            events=int(began[n]), without=0, disputed=0, single=int(single[n]), longer=int(longer[n]), running=0,
            documents=documents[n],
        )
        for n, (period, (first, last)) in enumerate(zip(periods, spans, strict=True))
    )  # fmt: skip


def _documents(events: Counted, periods: list[str], by: str) -> list[int]:
    """How many documents were published in each period."""
    columns = events.board.columns
    starts = np.array([(days_of(period, by)[0] - EPOCH).days for period in periods])
    end = (days_of(periods[-1], by)[1] - EPOCH).days
    day, number = columns["coverage_day"].astype(np.int64), columns["coverage"]
    inside = (day >= starts[0]) & (day <= end)
    places = np.searchsorted(starts, day[inside], side="right") - 1
    return [int(n) for n in np.bincount(places, weights=number[inside], minlength=len(periods))]


def _of_figure(events: Counted, periods: list[str], by: str, figure: str, knowledge: AccountKnowledge) -> tuple[Point, ...]:
    groups = {g.key: g for g in grouped(events.board, events.rows, figure, by, knowledge, dates=events.dates)}
    groups.pop(NO_DAY_TOLD, None)
    documents = _documents(events, periods, by)
    columns = events.board.columns
    bare = {point.period: point for point in _of_events(events, periods, by)}
    found = []
    for n, period in enumerate(periods):
        group = groups.get(period)
        first, last = days_of(period, by)
        total, rows = (group.total, group.events) if group else (None, np.zeros(0, np.int64))
        end = (last - EPOCH).days
        found.append(
            Point(
                period=period, first=first, last=last,
                low=total.low if total else None, high=total.high if total else None, best=total.best if total else None,
                events=bare[period].events, without=group.without if group else 0, disputed=group.disputed if group else 0,
                single=int(np.count_nonzero(columns["witnesses"][rows] <= 1)),
                longer=int(np.count_nonzero(columns["last"][rows] > end)) if events.dates == "event" else 0,
                running=len(group.running) if group else 0, documents=documents[n],
            )
        )  # fmt: skip
    return tuple(found)


# ---------------------------------------------------------------- in rows and words

COLUMNS = (
    "line", "period", "first", "last", "low", "high", "best", "events", "without", "disputed", "single", "longer", "running",
    "documents",
)  # fmt: skip
"""The columns of `rows_of`."""

SHOWN = ("line", "period", "bounds", "events", "without", "disputed", "single", "longer", "running", "documents")
"""Those of them that people are shown, with low and high as one."""


def rows_of(series: Series) -> list[dict[str, Any]]:
    """A row for each point, with the line it is of."""
    return [{"line": line.name, **vars(point)} for line in series.lines for point in line.points]


def notes_of(series: Series) -> list[str]:
    """What must be read beside the series, a sentence each."""
    points = series.points
    without, running, longer = (sum(getattr(p, name) for p in points) for name in ("without", "running", "longer"))
    said = [f"{several(series.events, 'event')}; bounds: {series.rule}."]
    if series.of != EVENTS:
        said += [f"{several(without, 'event has', 'events have')} no figure and may hide any number."] if without else []
        said += (
            [f"{several(running, 'total so far', 'totals so far')} of more than one event, added to nothing."] if running else []
        )
    if longer:
        where = ("may be of any of its days", "may be of any of their days")
        if series.of != EVENTS:
            where = ("counts where it begins", "count where they begin")
        one, many = (
            f"{verb} on beyond the {series.by} of {whose} beginning and "
            for verb, whose in (("event goes", "its"), ("events go", "their"))
        )
        said.append(f"{several(longer, one + where[0], many + where[1])}.")
    said += [f"{several(series.undated, 'event has', 'events have')} no day and no place in the series."] if series.undated else []
    return said + aside_in_words(series.set_aside)
