"""Who does it to whom: pairs of sides with how many events, or how many of whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted
from dateline.analysis.notes import aside_in_words, several
from dateline.knowledge.accounts import AccountKnowledge
from dateline.runs.board import ACTOR, RECIPIENT, Board
from dateline.watching.happenings import Party
from dateline.web.tallying import figures_of, total_of

NOBODY = "nobody named"
UNKNOWN = "?"

LEVELS = ("side", "country", "sector", "name")
"""By what parties are one: country and sector, either, or their name."""

EVENTS = "events"


@dataclass(frozen=True)
class Dyad:
    """One pair. Of events: `low` are those that name no other pair, `high` all that name it. Of a figure: its bounds over these
    events, `low` None where none has one, `high` None where it is open. `types` most first; `single` rest on one text."""

    actor: str
    recipient: str
    low: float | None
    high: float | None
    events: int
    without: int
    single: int
    types: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Dyads:
    """All pairs, most events first. `shared` events name several; `empty` name nobody in either role and are in none."""

    of: str
    level: str
    dyads: tuple[Dyad, ...]
    events: int
    shared: int
    empty: int
    set_aside: tuple[tuple[str, int], ...]


def dyads_of(events: Counted, knowledge: AccountKnowledge, *, level: str = "side", figure: str | None = None) -> Dyads:
    """The pairs of actor and recipient. Where a role names nobody it says so: much force is told without who used it.

    An event that names several stands at each pair. Raises ValueError for a level that is none, and a figure that cannot be summed.
    """
    if level not in LEVELS:
        raise ValueError(f"parties cannot be put together by {level!r}: it can be {', '.join(LEVELS)}")
    if figure is not None and figure not in knowledge.summed | knowledge.peaked:
        raise ValueError(f"figures of {figure!r} cannot be put together")
    board = events.board
    rows_at: dict[tuple[str, str], list[int]] = defaultdict(list)
    alone: Counter[tuple[str, str]] = Counter()
    shared = empty = 0
    for row in events.rows.tolist():
        actors, recipients = (_names(board.parties_of(row, role), level) for role in (ACTOR, RECIPIENT))
        if actors == recipients == [NOBODY]:
            empty += 1
            continue
        pairs = [(a, r) for a in actors for r in recipients]
        shared += len(pairs) > 1
        for pair in pairs:
            rows_at[pair].append(row)
        if len(pairs) == 1:
            alone[pairs[0]] += 1
    found = [_dyad(board, pair, rows, alone[pair], figure, knowledge) for pair, rows in rows_at.items()]
    found.sort(key=lambda d: (-(d.low or 0.0) if figure else 0.0, -d.events, d.actor, d.recipient))
    return Dyads(figure or EVENTS, level, tuple(found), len(events), shared, empty, events.set_aside)


def _names(parties: tuple[Party, ...], level: str) -> list[str]:
    """What the parties are called at that level, each once, in order; nobody: that."""
    named = []
    for party in parties:
        match level:
            case "side":
                name = f"{party.country or UNKNOWN} {party.sector or UNKNOWN}"
            case "country":
                name = party.country or UNKNOWN
            case "sector":
                name = party.sector or UNKNOWN
            case _:
                name = party.name
        named.append(name)
    return list(dict.fromkeys(named)) or [NOBODY]


def _dyad(
    board: Board, pair: tuple[str, str], rows: list[int], alone: int, figure: str | None, knowledge: AccountKnowledge
) -> Dyad:
    numbers = np.array(rows, np.int64)
    types = Counter(board.tables.types[t] for t in board.columns["type"][numbers].tolist())
    low: float | None = float(alone)
    high: float | None = float(len(rows))
    without = 0
    if figure is not None:
        figures = figures_of(board, numbers, figure)
        total = total_of(board, figures, knowledge)
        low, high = (total.low, total.high) if total else (None, None)
        without = len(rows) - len(np.unique(figures.rows))
    single = int(np.count_nonzero(board.columns["witnesses"][numbers] <= 1))
    told = tuple(sorted(types.items(), key=lambda item: (-item[1], item[0])))
    return Dyad(pair[0], pair[1], low, high, len(rows), without, single, told)


COLUMNS = ("actor", "recipient", "low", "high", "events", "without", "single", "types")
SHOWN = ("actor", "recipient", "bounds", "events", "without", "single", "mostly")


def rows_of(dyads: Dyads) -> list[dict[str, Any]]:
    """A row for each pair."""
    return [
        {
            **vars(d),
            "types": ", ".join(f"{name} {n}" for name, n in d.types),
            "mostly": ", ".join(f"{name} {n}" for name, n in d.types[:2]) + (" …" if len(d.types) > 2 else ""),
        }
        for d in dyads.dyads
    ]


def notes_of(dyads: Dyads) -> list[str]:
    """What must be read beside them."""
    if dyads.of == EVENTS:
        said = [f"{several(dyads.events, 'event')}; at least those that name no other pair, at most all that name it."]
    else:
        without = sum(d.without for d in dyads.dyads)
        said = [f"{several(dyads.events, 'event')}; the events' bounds added pair by pair."]
        said += [f"{without:,} times an event of a pair has no figure."] if without else []
    said += (
        [f"{several(dyads.shared, 'event names several pairs and stands', 'events name several pairs and stand')} at each."]
        if dyads.shared
        else []
    )
    said += [f"{several(dyads.empty, 'event names', 'events name')} nobody in either role."] if dyads.empty else []
    return said + aside_in_words(dyads.set_aside)
