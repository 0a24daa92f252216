"""How many, over the events of a board: grouped by time, country or kind, by the rules of docs/accounts.md for several events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.sums import Summand, Total, added, largest
from dateline.runs.board import EPOCH, FIGURE_DIFFERS, FIGURE_PART, FIGURE_RUNNING, NO_DAY, NOTHING, Board

Rows = NDArray[np.int64]

PERIODS = ("day", "week", "month", "year")
GROUPINGS = {**{period: f"by {period}" for period in PERIODS}, "country": "by country", "type": "by kind of event"}
"""What events can be grouped by, and how a page says so."""

MOST_PERIODS = 60
"""Groups up to which a finer period is taken, where the reader has asked for none."""


@dataclass(frozen=True)
class Figures:
    """The figures of one kind on some rows of a board: which rows have one, ascending, its bounds (`high` NaN: open), its flags."""

    what: str
    rows: Rows
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    flags: NDArray[np.uint8]


@dataclass(frozen=True)
class Group:
    """What the events of a group come to. `total` None: none of them has a figure that can be put together.

    `events` are rows that count, `without` how many have no figure, `disputed` on how many of those that count reports differ, and
    `running` the rows whose figure is a total so far of more than the event, which is added to nothing. `documents` were published
    in its days; None: it is no stretch of time.
    """

    key: str
    name: str
    total: Total | None
    events: Rows
    without: int
    disputed: int
    running: Rows
    documents: int | None = None


def kinds_of(board: Board, rows: Rows, knowledge: AccountKnowledge) -> dict[str, int]:
    """The kinds of figure that can be put together, each with on how many of the rows there is one, most first."""
    entries, _ = _entries(board, rows)
    whole = entries[board.columns["figure_flags"][entries] & FIGURE_PART == 0]
    counts = np.bincount(board.columns["figure_what"][whole], minlength=len(board.tables.whats))
    can = knowledge.summed | knowledge.peaked
    found = {what: int(n) for what, n in zip(board.tables.whats, counts.tolist(), strict=True) if n and what in can}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def figures_of(board: Board, rows: Rows, what: str) -> Figures:
    """The figures of a kind on these rows; parts of another figure are left out, as their whole has them."""
    entries, owners = _entries(board, rows)
    columns = board.columns
    number = board.tables.whats.index(what) if what in board.tables.whats else -1
    is_wanted = (columns["figure_what"][entries] == number) & (columns["figure_flags"][entries] & FIGURE_PART == 0)
    entries, owners = entries[is_wanted], owners[is_wanted]
    high = columns["figure_high"][entries].astype(np.float64)
    high[columns["figure_high"][entries] == NOTHING["u4"]] = np.nan
    return Figures(what, owners, columns["figure_low"][entries].astype(np.float64), high, columns["figure_flags"][entries])


def total_of(board: Board, figures: Figures, knowledge: AccountKnowledge) -> Total | None:
    """What they come to; no figure: None."""
    is_counted = figures.flags & FIGURE_RUNNING == 0
    summands = _summands(board, figures, np.flatnonzero(is_counted))
    if not summands:
        return None
    return largest(summands) if figures.what in knowledge.peaked else added(summands)


def all_together(board: Board, rows: Rows, what: str, knowledge: AccountKnowledge) -> Group:
    """All the rows as one group, which has no name."""
    return _group(board, figures_of(board, rows, what), "", "", len(rows), knowledge, 0)


def grouped(board: Board, rows: Rows, what: str, by: str, knowledge: AccountKnowledge, *, dates: str = "event") -> list[Group]:
    """The groups in order: of time from the first to the last with none left out, others by how many events they have."""
    figures = figures_of(board, rows, what)
    keys = _keys(board, by, dates)
    all_keys, of_figures = keys(rows), keys(figures.rows)
    sizes: dict[str, int] = defaultdict(int)
    for key, count in zip(*np.unique(all_keys, return_counts=True), strict=True):
        sizes[str(key)] = int(count)
    order = np.argsort(of_figures, kind="stable")
    places = dict(zip(*_runs(of_figures[order]), strict=True))
    documents = _coverage(board, by) if by in PERIODS else {}
    groups = []
    for key in _in_order(sizes, by):
        start, end = places.get(key, (0, 0))
        groups.append(_group(board, _taken(figures, order[start:end]), key, by, sizes[key], knowledge, documents.get(key, 0)))
    return groups


def finest(board: Board, rows: Rows, dates: str = "event") -> str:
    """The finest period of which the rows' days fill no more than MOST_PERIODS; none has a day: "month"."""
    days = board.columns["told" if dates == "report" else "first"][rows]
    days = days[days != NO_DAY]
    if not len(days):
        return "month"
    span = int(days.max()) - int(days.min()) + 1
    return next((p for p, length in zip(PERIODS, (1, 7, 30, 365), strict=True) if span / length <= MOST_PERIODS), "year")


def period_of(day: date, by: str) -> str:
    """The period that a day is in: "2020-08-18", "2020-W34", "2020-08" or "2020"."""
    match by:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case "month":
            return f"{day:%Y-%m}"
        case _:
            return f"{day.year:04d}"


NO_DAY_TOLD = "no day"
NOWHERE = "no place"


def _entries(board: Board, rows: Rows) -> tuple[Rows, Rows]:
    """The places of the rows' figures in the figure columns, and the row of each."""
    start = board.columns["figure_start"].astype(np.int64)
    counts = start[rows + 1] - start[rows]
    owners = np.repeat(rows, counts)
    if not len(owners):
        return owners, owners
    ends = np.cumsum(counts)
    return np.arange(len(owners)) - np.repeat(ends - counts, counts) + np.repeat(start[rows], counts), owners


def _keys(board: Board, by: str, dates: str) -> Callable[[Rows], NDArray[np.str_]]:
    columns, tables = board.columns, board.tables
    if by == "country":
        names = np.array([*tables.countries, NOWHERE])
        return lambda rows: names[np.minimum(columns["country"][rows].astype(np.int64), len(tables.countries))]
    if by == "type":
        return lambda rows: np.array(tables.types or [""])[columns["type"][rows]]
    days = columns["told" if dates == "report" else "first"]

    def of_days(rows: Rows) -> NDArray[np.str_]:
        distinct, places = np.unique(days[rows], return_inverse=True)
        told = [NO_DAY_TOLD if day == NO_DAY else period_of(EPOCH + timedelta(days=day), by) for day in distinct.tolist()]
        return np.array(told or [""])[places]

    return of_days


def _runs(keys: NDArray[np.str_]) -> tuple[list[str], list[tuple[int, int]]]:
    """The distinct keys of a sorted array with where each begins and ends."""
    if not len(keys):
        return [], []
    begins = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = np.r_[begins[1:], len(keys)]
    return [str(key) for key in keys[begins]], list(zip(begins.tolist(), ends.tolist(), strict=True))


def _taken(figures: Figures, places: Rows) -> Figures:
    return Figures(figures.what, figures.rows[places], figures.low[places], figures.high[places], figures.flags[places])


def _group(board: Board, figures: Figures, key: str, by: str, size: int, knowledge: AccountKnowledge, documents: int) -> Group:
    is_running = figures.flags & FIGURE_RUNNING != 0
    events = figures.rows[~is_running]
    return Group(
        key=key,
        name=key,
        total=total_of(board, figures, knowledge),
        events=events,
        without=size - len(np.unique(figures.rows)),
        disputed=int(np.count_nonzero(figures.flags[~is_running] & FIGURE_DIFFERS)),
        running=figures.rows[is_running],
        documents=documents if by in PERIODS and key != NO_DAY_TOLD else None,
    )


def _summands(board: Board, figures: Figures, places: Rows) -> list[Summand]:
    first, last = (board.columns[name][figures.rows[places]].tolist() for name in ("first", "last"))
    lows, highs = figures.low[places].tolist(), figures.high[places].tolist()
    return [
        Summand(None if f == NO_DAY else f, None if t == NO_DAY else t, low, None if high != high else high, low)
        for f, t, low, high in zip(first, last, lows, highs, strict=True)
    ]


def _coverage(board: Board, by: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for day, count in zip(board.columns["coverage_day"].tolist(), board.columns["coverage"].tolist(), strict=True):
        found[period_of(EPOCH + timedelta(days=day), by)] += count
    return found


def _in_order(sizes: dict[str, int], by: str) -> Sequence[str]:
    if by not in PERIODS:
        return sorted(sizes, key=lambda key: (-sizes[key], key))
    told = sorted(key for key in sizes if key != NO_DAY_TOLD)
    between = periods_between(told[0], told[-1], by) if told else []
    return [*between, *([NO_DAY_TOLD] if NO_DAY_TOLD in sizes else [])]


MOST_BETWEEN = 4_000
"""Periods that are filled in between the first and the last: ten years of days."""


def periods_between(first: str, last: str, by: str) -> list[str]:
    """All periods from one to another, those in which nothing happened too: a gap in a row of bars would hide them."""
    day = _begin(first, by)
    found: list[str] = []
    while (key := period_of(day, by)) <= last and len(found) < MOST_BETWEEN:
        found.append(key)
        day = _begin_of_next(day, by)
    return found if found and found[-1] == last else [*found, last]


def _begin(key: str, by: str) -> date:
    match by:
        case "day":
            return date.fromisoformat(key)
        case "week":
            return date.fromisocalendar(int(key[:4]), int(key[6:]), 1)
        case "month":
            return date(int(key[:4]), int(key[5:]), 1)
        case _:
            return date(int(key), 1, 1)


def _begin_of_next(day: date, by: str) -> date:
    match by:
        case "day":
            return day + timedelta(days=1)
        case "week":
            return day + timedelta(days=7)
        case "month":
            return date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case _:
            return date(day.year + 1, 1, 1)


def days_of(key: str, by: str) -> tuple[date, date]:
    """The first and the last day of a period."""
    first = _begin(key, by)
    return first, _begin_of_next(first, by) - timedelta(days=1)
