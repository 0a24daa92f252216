"""Tellings for tests, made from a few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dateline.linking.tellings import Figure, Party, Telling, Where

TELLING = Telling(
    id="a1",
    document="a",
    trigger="marched",
    words="About 300 teachers marched through Lyon on Tuesday",
    position=0,
    start=40,
    type="PROTEST",
    mode="demonstrate",
    first=date(2023, 3, 7),
    last=date(2023, 3, 7),
    precision="day",
    place=Where("Lyon", "city", "FRA", "Auvergne-Rhône-Alpes", 2996944, (45.75, 4.85)),
    actors=(Party("teachers", "FRA", "LAB"),),
    figures=(Figure("participants", 300, 300),),
)


def other(**changes: object) -> Telling:
    """The same told in another report, with changes."""
    return replace(TELLING, **{"id": "b1", "document": "b", **changes})  # type: ignore[arg-type]
