"""Chosen events as files for programs and spreadsheets: one traversal, many formats, the same from the page and the command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dateline.ledger.corrections import COUNTS
from dateline.ledger.judgements import FIRST
from dateline.runs.table_cells import DECISION, EXPORTED, ID, REASON, columns_of, exported_cell, values_of
from dateline.web import lists
from dateline.web.sharing.rows import Chosen

COLUMNS = (
    ID, DECISION, REASON, "first_day", "last_day", "day_precision", "type", "mode", "status", "place", "place_kind", "admin1",
    "country", "latitude", "longitude", "actors", "recipients", "documents", "witnesses", "claims", "confidence", "marks", "review",
    "first_reported", "known_since", "headline", "evidence", "title", "address",
)  # fmt: skip
"""The columns of the CSV; those of figures (`killed_low`, `killed_high` …) stand after them, then EXPORTED, and ABOUT last.

`decision` and `reason` are empty: they are for whoever edits the table, which can be read back (runs/table_decisions.py).
"""


@dataclass(frozen=True)
class Format:
    """A form in which chosen events can be written: the ending of its files, and its text piece by piece."""

    ending: str
    media_type: str
    write: Callable[[Chosen], Iterator[str]]


def written(chosen: Chosen, name: str) -> Iterator[bytes]:
    """The events in a format of FORMATS, piece by piece; what UTF-8 cannot hold is replaced."""
    return (piece.encode("utf-8", "replace") for piece in FORMATS[name].write(chosen))


def metadata(chosen: Chosen, url: str) -> dict[str, Any]:
    """What the table at that address says of itself, as CSV on the Web has it."""
    columns = [{"name": name, "titles": name} for name in _columns_of(chosen)]
    said = {"@context": "http://www.w3.org/ns/csvw", "url": url, "dateline": chosen.about()}
    return said | {"tableSchema": {"columns": columns, "primaryKey": "id"}}


def as_json(value: Any) -> str:
    """The value as JSON in one line; what UTF-8 cannot hold is replaced."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def _events(chosen: Chosen) -> Iterator[str]:
    """The events that fit, in the order of the board."""
    return _listed(chosen, "events", map(as_json, chosen.told()))


def _features(chosen: Chosen) -> Iterator[str]:
    """One feature an event. Without a known point there is no geometry, and never the middle of a country."""
    return _listed(chosen, "features", map(_feature, chosen.told()))


def _listed(chosen: Chosen, name: str, items: Iterable[str]) -> Iterator[str]:
    """An object with what the file says of itself and the items, one a line."""
    kind = {"type": "FeatureCollection"} if name == "features" else {}
    yield f'{as_json({**kind, "about": chosen.about()})[:-1]},"{name}":['
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{item}"
    yield "\n]}\n"


def _feature(row: dict[str, Any]) -> str:
    has_point = row["longitude"] is not None
    geometry = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if has_point else None
    return as_json({"type": "Feature", "id": row["id"], "geometry": geometry, "properties": row})


def _table(chosen: Chosen) -> Iterator[str]:
    """A table that a spreadsheet opens."""
    whats = _whats(chosen)
    said = lists.in_a_line(chosen.about())
    entries = chosen.site.log.entries(chosen.board.as_of)
    head = entries[-1].hash if entries else FIRST
    yield lists.MARK + lists.line(_columns_of(chosen))
    for number, row in enumerate(chosen.told()):
        figures = {figure["what"]: figure for figure in row["figures"]}
        names = {role: [party["name"] for party in row[role]] for role in ("actors", "recipients")}
        bounds = [figures.get(what, {}).get(side) for what in whats for side in ("low", "high")]
        # A covered table cannot be read back: what it would be compared with has the names.
        values = None if chosen.is_covered else values_of(chosen.board, row["row"])
        exported = exported_cell(row["id"], values, row["claims"], head) if values is not None else None
        cells = ({**row, **names}.get(name) for name in COLUMNS)
        yield lists.line([*cells, *bounds, exported, said if number == 0 else None])


def _columns_of(chosen: Chosen) -> list[str]:
    figures = (column for what in _whats(chosen) for column in columns_of(f"{COUNTS}{what}"))
    return [*COLUMNS, *figures, EXPORTED, lists.ABOUT]


def _whats(chosen: Chosen) -> list[str]:
    """The kinds of figure that the chosen rows have."""
    starts = chosen.board.columns["figure_start"].astype(np.int64)
    has_figures = np.zeros(len(chosen.board), bool)
    has_figures[chosen.rows] = True
    kept = np.repeat(has_figures, np.diff(starts).tolist())
    return sorted(chosen.board.tables.whats[number] for number in np.unique(chosen.board.columns["figure_what"][kept]).tolist())


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", _table),
    "json": Format("json", "application/json", _events),
    "geojson": Format("geojson", "application/geo+json", _features),
}
"""The formats by the name that the command and the page's addresses have for them."""
