"""Events of a board as two coders can be compared by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dateline.records import PlaceKind
from dateline.runs.board import ACTOR, FIGURE_PART, FIGURE_RUNNING, RECIPIENT, Board


@dataclass(frozen=True)
class Bounded:
    """A figure of an event, of it alone; `high` None is open."""

    what: str
    low: float
    high: float | None


@dataclass(frozen=True)
class Occurrence:
    """An event as a coder has it. An open day is the other one; `first` None: no day is told.

    `place` is as fine as `kind` says; a country has no `point`. `parties` are (country, sector) of everybody in it who is not
    unknown.
    """

    id: str
    type: str
    mode: str | None
    first: date | None
    last: date | None
    place: str | None
    kind: PlaceKind | None
    admin1: str | None
    country: str | None
    point: tuple[float, float] | None
    parties: frozenset[tuple[str | None, str | None]]
    figures: tuple[Bounded, ...]
    witnesses: int
    row: int = -1


def occurrences(board: Board, rows: Iterable[int]) -> Iterator[Occurrence]:
    """The events of these rows, in order."""
    for row in rows:
        brief, place = board.brief(row), board.place_of(row)
        first, last = brief.first or brief.last, brief.last or brief.first
        parties = (*board.parties_of(row, ACTOR), *board.parties_of(row, RECIPIENT))
        yield Occurrence(
            id=brief.id,
            type=brief.type,
            mode=brief.mode,
            first=first,
            last=max(first, last) if first and last else last,
            place=place.name if place else None,
            kind=place.kind if place else None,
            admin1=place.admin1 if place else None,
            country=place.country if place else None,
            point=place.point if place else None,
            parties=frozenset((p.country, p.sector) for p in parties if p.country or p.sector),
            figures=tuple(
                Bounded(f.what, f.low, f.high) for f in board.figures_of(row) if not f.flags & (FIGURE_PART | FIGURE_RUNNING)
            ),
            witnesses=brief.witnesses,
            row=row,
        )
