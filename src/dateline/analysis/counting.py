"""Which of the chosen events count as having happened, and what is said of those that do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.records import StatusValue
from dateline.runs.board import Board

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Rows of a board that count. `set_aside` says how many of the chosen ones do not, by status, most first.

    `dates`: "event" for the days on which they happened, "report" for the day that first told of them.
    """

    board: Board
    rows: Rows
    dates: str = "event"
    set_aside: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, mask: NDArray[np.bool_]) -> Counted:
        """Those of them for which the mask, as long as `rows`, is true."""
        return Counted(self.board, self.rows[mask], self.dates, self.set_aside)


def counted(board: Board, rows: Rows, *, dates: str = "event", has_any_status: bool = False) -> Counted:
    """Of these rows the events that reports assert. What was planned, denied, conditional or only alleged is counted apart.

    `has_any_status`: whoever asks has named the statuses that they want, and all rows count.
    """
    if has_any_status:
        return Counted(board, rows, dates)
    statuses, tables = board.columns["status"][rows], board.tables.statuses
    is_asserted = statuses == tables.index(StatusValue.ASSERTED.value)
    others = np.bincount(statuses[~is_asserted], minlength=len(tables)).tolist()
    aside = sorted(((name, n) for name, n in zip(tables, others, strict=True) if n), key=lambda pair: (-pair[1], pair[0]))
    return Counted(board, rows[is_asserted], dates, tuple(aside))
