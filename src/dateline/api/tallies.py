"""How many by several events, as bounds: the rules of the page's tallies, as records."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.web.sharing.rows import Chosen
from dateline.web.tallying import GROUPINGS, Group, all_together, grouped, kinds_of


@dataclass(frozen=True)
class Counted:
    """How many some events come to. `key` is the group ("2020-08", "BLR"), or "" where all are together.

    `low` and `high` are inclusive; `high` None is open, and both None: no event has a figure. `events` have one, `without` have
    none and may hide any number, `disputed` is on how many reports differ, and `running` have a total so far, which is not added.
    """

    what: str
    key: str
    low: float | None
    high: float | None
    events: int
    without: int
    disputed: int
    running: int

    def __str__(self) -> str:
        if self.low is None:
            told = "no figure"
        elif self.high is None:
            told = f"{self.low:,g} or more"
        else:
            told = f"{self.low:,g}" if self.low == self.high else f"{self.low:,g}–{self.high:,g}"
        events = f"{self.events:,} event{'' if self.events == 1 else 's'}"
        group = f"{self.key}: " if self.key else ""
        return f"{group}{self.what} {told} ({events} with a figure, {self.without:,} without)"


def counted(chosen: Chosen, what: str, *, by: str | None, dates: str) -> Counted | tuple[Counted, ...]:
    """The figures of a kind, together or by group. Raises ValueError for a kind or a grouping that there is not."""
    board, rows, knowledge = chosen.board, chosen.rows, chosen.site.accounts
    if what not in knowledge.summed | knowledge.peaked:
        told = kinds_of(board, rows, knowledge)
        raise ValueError(f"{what}: no figure that can be put together over events; these have {', '.join(told) or 'none'}")
    if by is not None and by not in GROUPINGS:
        raise ValueError(f"by={by}: not a way to group; there is {', '.join(GROUPINGS)}")
    if dates not in {"event", "report"}:
        raise ValueError(f"dates={dates}: it can be event, report")
    if by is not None:
        return tuple(_counted(what, group) for group in grouped(board, rows, what, by, knowledge, dates=dates))
    return _counted(what, all_together(board, rows, what, knowledge))


def _counted(what: str, group: Group) -> Counted:
    low, high = (group.total.low, group.total.high) if group.total else (None, None)
    return Counted(what, group.key, low, high, len(group.events), group.without, group.disputed, len(group.running))
