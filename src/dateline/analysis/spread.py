"""How a wave spreads: which places, provinces, sectors or actors it reaches, in which order, when, and how far from the first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted
from dateline.analysis.notes import aside_in_words, several
from dateline.linking.agreement import kilometres
from dateline.records import PlaceKind
from dateline.runs.board import ACTOR, Board

OVER = ("place", "province", "country", "sector", "actor")
"""What a wave can spread over."""

TOO_COARSE = frozenset({PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1})
"""Kinds of place that are no place reached: a wave "in Belarus" says not where."""


@dataclass(frozen=True)
class Reached:
    """A place (or what the wave spreads over) with the days between which it was reached: `low` may be, by `high` it surely was.

    `event` is the one that says so first; `kilometres` from the place that was first, None without points. `events` were there in
    all; `is_single`: the first rests on one independent text.
    """

    name: str
    low: date
    high: date
    event: str
    kilometres: float | None
    latitude: float | None
    longitude: float | None
    events: int
    is_single: bool


@dataclass(frozen=True)
class SpreadDay:
    """How many were reached by the end of a day: surely, and at most."""

    day: date
    low: int
    high: int


@dataclass(frozen=True)
class Spread:
    """A wave over places or sectors, in the order in which they were reached. `undated` events have no day, `nowhere` none of what
    it spreads over."""

    over: str
    reached: tuple[Reached, ...]
    days: tuple[SpreadDay, ...]
    events: int
    undated: int
    nowhere: int
    set_aside: tuple[tuple[str, int], ...]


MOST_DAYS = 4_000
"""Days of a wave that are told one by one."""


def spread_of(events: Counted, *, over: str = "place") -> Spread:
    """The spread of these events taken as one wave. No event that says where: nothing reached.

    Raises ValueError for what it cannot spread over, and for events more than MOST_DAYS apart.
    """
    if over not in OVER:
        raise ValueError(f"a wave cannot spread over {over!r}: it can be {', '.join(OVER)}")
    board = events.board
    at: dict[str, list[int]] = defaultdict(list)
    undated = nowhere = 0
    for row in events.rows.tolist():
        if board.day("first", row) is None:
            undated += 1
            continue
        names = _names(board, row, over)
        nowhere += not names
        for name in names:
            at[name].append(row)
    found = [_reached(board, name, rows) for name, rows in at.items()]
    found.sort(key=lambda r: (r.low, r.high, r.name))
    origin = next(((r.latitude, r.longitude) for r in found if r.latitude is not None and r.longitude is not None), None)
    reached = tuple(_with_distance(r, origin) for r in found)
    return Spread(over, reached, _days(reached), len(events), undated, nowhere, events.set_aside)


def _names(board: Board, row: int, over: str) -> list[str]:
    if over in {"sector", "actor"}:
        parties = board.parties_of(row, ACTOR)
        return list(dict.fromkeys(name for p in parties if (name := p.sector if over == "sector" else p.name)))
    place = board.place_of(row)
    if place is None:
        return []
    match over:
        case "country":
            return [place.country] if place.country else []
        case "province":
            name = place.name if place.kind is PlaceKind.ADMIN1 else place.admin1
            return [f"{name}, {place.country}" if place.country else name] if name else []
        case _:
            return [] if place.kind in TOO_COARSE else [place.name]


def _reached(board: Board, name: str, rows: list[int]) -> Reached:
    told = []
    for row in rows:
        first = board.day("first", row)
        assert first is not None
        told.append((first, max(first, board.day("last", row) or first), board.id_of(row), row))
    low = min(told)
    place = board.place_of(low[3])
    latitude, longitude = place.point if place and place.point else (None, None)
    single = bool(board.columns["witnesses"][low[3]] <= 1)
    return Reached(name, low[0], min(last for _, last, _, _ in told), low[2], None, latitude, longitude, len(rows), single)


def _with_distance(reached: Reached, origin: tuple[float, float] | None) -> Reached:
    if origin is None or reached.latitude is None or reached.longitude is None:
        return reached
    return replace(reached, kilometres=round(kilometres(origin, (reached.latitude, reached.longitude)), 1))


def _days(reached: tuple[Reached, ...]) -> tuple[SpreadDay, ...]:
    """Day by day from the first that was reached to the last."""
    if not reached:
        return ()
    first, last = reached[0].low, max(r.high for r in reached)
    if (last - first).days > MOST_DAYS:
        raise ValueError(f"the events reach from {first} to {last}: ask for one wave with --since and --until")
    lows, highs = (np.sort(np.array([getattr(r, name).toordinal() for r in reached])) for name in ("low", "high"))
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        sure, most = (int(np.searchsorted(days, day.toordinal(), side="right")) for days in (highs, lows))
        found.append(SpreadDay(day, sure, most))
    return tuple(found)


COLUMNS = ("order", "name", "low", "high", "kilometres", "latitude", "longitude", "events", "is_single", "event")
SHOWN = ("order", "name", "reached", "surely by", "km from the first", "events", "one text")


def rows_of(spread: Spread) -> list[dict[str, Any]]:
    """A row for each place reached, in order; for people the same under plainer names."""
    return [
        {
            "order": n, **vars(r), "reached": r.low, "surely by": r.high if r.high != r.low else None,
            "km from the first": r.kilometres, "one text": r.is_single,
        }
        for n, r in enumerate(spread.reached, 1)
    ]  # fmt: skip


def notes_of(spread: Spread) -> list[str]:
    """What must be read beside it."""
    what = {"place": "town or site", "province": "province", "country": "country", "sector": "sector", "actor": "actor"}[
        spread.over
    ]
    said = [f"{several(spread.events, 'event')} taken as one wave."]
    said += [f"{several(spread.nowhere, 'event names', 'events name')} no {what}."] if spread.nowhere else []
    said += [f"{several(spread.undated, 'event has', 'events have')} no day."] if spread.undated else []
    said.append("What no report tells of is not reached here, and may have been.")
    return said + aside_in_words(spread.set_aside)
