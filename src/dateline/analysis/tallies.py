"""All kinds of figure of the events, each put together by the rules of docs/accounts.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted
from dateline.analysis.notes import aside_in_words
from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.tallies import PEAK, SUM
from dateline.runs.board import FIGURE_DIFFERS, FIGURE_RUNNING
from dateline.web.tallying import figures_of, kinds_of, total_of


@dataclass(frozen=True)
class Sum:
    """What one kind of figure comes to. `events` have one, `without` have none, on that of `disputed` reports differ, `single` rest
    on one independent text, and `running` have only a total so far of more than themselves. `high` None is open."""

    what: str
    low: float
    high: float | None
    best: float
    rule: str
    events: int
    without: int
    disputed: int
    single: int
    running: int


@dataclass(frozen=True)
class Tallies:
    """All kinds, that with most events first. `set_aside`: chosen events that do not count, by status."""

    sums: tuple[Sum, ...]
    events: int
    set_aside: tuple[tuple[str, int], ...]


def tallies_of(events: Counted, knowledge: AccountKnowledge) -> Tallies:
    """Every kind of figure that can be put together and that one of the events has; none: no sums."""
    board, rows = events.board, events.rows
    found = []
    for what in kinds_of(board, rows, knowledge):
        figures = figures_of(board, rows, what)
        total = total_of(board, figures, knowledge)
        if total is None:
            continue
        is_running = figures.flags & FIGURE_RUNNING != 0
        counting = figures.rows[~is_running]
        found.append(
            Sum(
                what=what, low=total.low, high=total.high, best=total.best,
                rule=PEAK if what in knowledge.peaked else SUM,
                events=len(counting), without=len(rows) - len(np.unique(figures.rows)),
                disputed=int(np.count_nonzero(figures.flags[~is_running] & FIGURE_DIFFERS)),
                single=int(np.count_nonzero(board.columns["witnesses"][counting] <= 1)), running=int(is_running.sum()),
            )
        )  # fmt: skip
    return Tallies(tuple(found), len(rows), events.set_aside)


COLUMNS = ("what", "low", "high", "best", "events", "without", "disputed", "single", "running", "rule")
SHOWN = ("what", "bounds", "events", "without", "disputed", "single", "running")


def rows_of(tallies: Tallies) -> list[dict[str, Any]]:
    """A row for each kind."""
    return [dict(vars(one)) for one in tallies.sums]


def notes_of(tallies: Tallies) -> list[str]:
    """What must be read beside them."""
    peaks = [one.what for one in tallies.sums if one.rule == PEAK]
    said = [f"{tallies.events:,} events; {SUM}."]
    said += [f"Of {', '.join(peaks)}: {PEAK}."] if peaks else []
    said += ["Events without a figure may hide any number."] if any(one.without for one in tallies.sums) else []
    return said + aside_in_words(tallies.set_aside)
