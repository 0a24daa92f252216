"""Small boards made of a few words a row: what is told of each event, without reports or a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from dateline.analysis.counting import Counted, counted
from dateline.knowledge.accounts import AccountKnowledge, load_accounts
from dateline.runs.board import ACTOR, RECIPIENT, Board, FigureCell, PartyCell, PlaceCell, Row, laid_out, number_of, stacked

MONDAY = date(2020, 8, 17)
MINSK = PlaceCell("Minsk", "BLR", "Minsk City", "city", 53.9, 27.57)
GRODNO = PlaceCell("Grodno", "BLR", "Grodno Region", "city", 53.68, 23.83)
BELARUS = PlaceCell("Belarus", "BLR", None, "country", None, None)
POLICE = PartyCell(ACTOR, "police", "BLR", "COP")
WORKERS = PartyCell(ACTOR, "workers", "BLR", "LAB")
PEOPLE = PartyCell(RECIPIENT, "people", "BLR", "CVL")
JOURNALISTS = PartyCell(RECIPIENT, "journalists", "BLR", "JRN")


@cache
def knowledge() -> AccountKnowledge:
    return load_accounts()


def detained(low: float, high: float | None, flags: int = 0) -> FigureCell:
    return FigureCell("detained", low, high, flags)


def row(id: str, first: date | None, last: date | None = None, **given: Any) -> Row:
    """An event on a day; `last` None: that day alone."""
    fields: dict[str, Any] = {
        "lead": id, "print": 1, "precision": "day", "told": number_of(first or MONDAY), "known": number_of(first or MONDAY),
        "type": "COERCE", "mode": "arrest", "status": "asserted", "place": MINSK, "documents": 1, "witnesses": 2, "claims": 1,
        "confidence": 0.9, "review": 0, "flags": 0, "parties": (), "figures": (),
    }  # fmt: skip
    return Row(id=id, first=number_of(first), last=number_of(last or first), **(fields | given))


def board_of(rows: Sequence[Row], coverage: Sequence[tuple[date | None, int]] = ()) -> Board:
    return laid_out([stacked(rows)], key="k", as_of=None, coverage=coverage, has_episodes=False)


def events_of(*rows: Row, coverage: Sequence[tuple[date | None, int]] = ()) -> Counted:
    board = board_of(rows, coverage)
    return counted(board, np.arange(len(board)))
