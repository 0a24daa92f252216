"""The board as data: all columns for the page's scripts, rows in full, words looked for, and downloads of what is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dateline import __version__
from dateline.ledger.corrections import COUNTS
from dateline.ledger.judgements import FIRST
from dateline.runs.board import (
    ACCEPTED,
    CORRECTED,
    FIGURE_DIFFERS,
    FIGURE_PART,
    FIGURE_RUNNING,
    REGROUPED,
    Board,
    FigureCell,
    wire,
)
from dateline.runs.table_cells import DECISION, EXPORTED, ID, REASON, columns_of, exported_cell, values_of
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.wording import Wording, load_wording
from dateline.watching.happenings import Party
from dateline.web import lists
from dateline.web.filters import FLAGS, Filters, Rows, moment_of
from dateline.web.site import Site, site_of

MOST_ROWS = 200
"""Rows that are told in full at once: more than a screen shows."""

AT_ONCE = 100_000
"""Rows of a download whose words are read at once."""

BINARY = "application/octet-stream"


# ---------------------------------------------------------------- for the page's scripts


def columns(request: Request) -> Response:
    """The whole board (docs/page-data.md)."""
    board = site_of(request).board(moment_of(request))
    tag = f'"{board.key}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(wire(board), media_type=BINARY, headers=headers)


def rows(request: Request) -> Response:
    """Rows of a board in full, in the order asked for; the board is another by now: 409."""
    site = site_of(request)
    board = _the_board(request, site)
    try:
        numbers = [int(number) for number in request.query_params.get("rows", "").split(",") if number]
    except ValueError:
        raise HTTPException(400, "rows are numbers with commas between") from None
    if len(numbers) > MOST_ROWS or any(not 0 <= number < len(board) for number in numbers):
        raise HTTPException(400, f"at most {MOST_ROWS} rows, from 0 to {len(board) - 1}")
    return JSONResponse(list(told(site, board, numbers)))


def search(request: Request) -> Response:
    """The rows of the events with the words, as u32."""
    site = site_of(request)
    board = _the_board(request, site)
    found = site.find(board, request.query_params.get("q", ""))
    return Response(found.astype("<u4").tobytes(), media_type=BINARY)


def _the_board(request: Request, site: Site) -> Board:
    """The board of which the page has the columns. Raises HTTPException (409) when it is another by now."""
    board = site.board(moment_of(request))
    if request.query_params.get("key") != board.key:
        raise HTTPException(409, "The ledger has changed: fetch the columns again")
    return board


def told(site: Site, board: Board, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows in full, as JSON has them."""
    words = load_wording()
    for start in range(0, len(numbers), AT_ONCE):
        leads = {number: board.lead_of(number) for number in numbers[start : start + AT_ONCE]}
        said = site.ledger.evidence_of(set(leads.values()), as_of=board.as_of)
        for number, lead in leads.items():
            evidence, title = said.get(lead, (None, None))
            yield {**_told(board, number, words), "evidence": evidence, "title": title}


def _told(board: Board, number: int, words: Wording) -> dict[str, Any]:
    brief, place = board.brief(number), board.place_of(number)
    return {
        "row": number,
        "id": brief.id,
        "headline": headline(brief, words),
        "type": brief.type,
        "mode": brief.mode,
        "status": brief.status,
        "when": say.days(brief.first, brief.last),
        "place": place.name if place else None,
        "country": brief.country,
        "actors": [_party(party) for party in brief.actors],
        "recipients": [_party(party) for party in brief.recipients],
        "figures": [_figure(figure) for figure in board.figures_of(number)],
        "documents": int(board.columns["documents"][number]),
        "witnesses": brief.witnesses,
        "marks": _named(FLAGS, int(board.columns["flags"][number])),
        "review": _named(REVIEWED, int(board.columns["review"][number])),
    }


REVIEWED = {"accepted": ACCEPTED, "corrected": CORRECTED, "regrouped": REGROUPED}


def _named(bits: dict[str, int], held: int) -> list[str]:
    return [name for name, bit in bits.items() if held & bit]


def _party(party: Party) -> dict[str, Any]:
    return {"name": party.name, "country": party.country, "sector": party.sector}


def _figure(figure: FigureCell) -> dict[str, Any]:
    return {
        "what": figure.what,
        "low": figure.low,
        "high": figure.high,
        "words": say.bounds(figure.low, figure.high),
        "differ": bool(figure.flags & FIGURE_DIFFERS),
        "running": bool(figure.flags & FIGURE_RUNNING),
        "part": bool(figure.flags & FIGURE_PART),
    }


# ---------------------------------------------------------------- downloads

LICENCE = (
    "Evidence and titles are quoted from the reports and remain their publishers'. Place names and coordinates are from GeoNames, "
    "CC BY 4.0. For all else ask whoever keeps the ledger."
)

COLUMNS = (
    ID, DECISION, REASON, "first_day", "last_day", "day_precision", "type", "mode", "status", "place", "place_kind", "admin1",
    "country", "latitude", "longitude", "actors", "recipients", "documents", "witnesses", "claims", "confidence", "marks", "review",
    "first_reported", "known_since", "headline", "evidence", "title", "address",
)  # fmt: skip
"""The columns of the CSV; those of figures (`killed_low`, `killed_high` …) stand after them, and `exported` last.

`decision` and `reason` are empty: they are for whoever edits the table, which can be read back (runs/table_decisions.py).
"""


@dataclass(frozen=True)
class Chosen:
    """What a download is of."""

    site: Site
    board: Board
    filters: Filters
    rows: Rows
    base: str

    def about(self) -> dict[str, Any]:
        """What a file must say of itself. No clock: the same ledger gives the same bytes."""
        return {
            "events": len(self.rows),
            "filter": self.filters.words(),
            "query": self.filters.query(),
            "as_of": self.board.as_of.isoformat() if self.board.as_of else None,
            "ledger": self.board.key,
            "program": f"Dateline {__version__}",
            "licence": LICENCE,
        }

    def told(self) -> Iterator[dict[str, Any]]:
        """The rows as JSON has them, with days, place and address written out."""
        for row in told(self.site, self.board, self.rows.tolist()):
            yield {**row, **_written_out(self.board, row["row"], self.base)}

    def answer(self, parts: Iterable[str], media_type: str, ending: str) -> Response:
        """The download, piece by piece."""
        name = f"dateline-{len(self.rows)}-events-{self.board.key[:8]}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        if ending == "csv":
            query = self.filters.query()
            headers["link"] = f'</events.csv-metadata.json?{query}>; rel="describedby"; type="application/csvm+json"'
        return StreamingResponse(parts, media_type=media_type, headers=headers)


def _chosen(request: Request) -> Chosen:
    site, filters = site_of(request), Filters.parse(request.query_params)
    board = site.board(filters.as_of)
    found = site.find(board, filters.q) if filters.q else None
    return Chosen(site, board, filters, filters.rows(board, found), str(request.base_url))


def _written_out(board: Board, row: int, base: str) -> dict[str, Any]:
    place, precision = board.place_of(row), int(board.columns["precision"][row])
    latitude, longitude = place.point if place and place.point else (None, None)
    days = {name: day.isoformat() if (day := board.day(column, row)) else None for name, column in DAYS.items()}
    return {
        **days,
        "day_precision": board.tables.precisions[precision] if precision < len(board.tables.precisions) else None,
        "place_kind": place.kind.value if place else None,
        "admin1": place.admin1 if place else None,
        "latitude": latitude,
        "longitude": longitude,
        "claims": int(board.columns["claims"][row]),
        "confidence": int(board.columns["confidence"][row]) / 100,
        "address": f"{base}events/{board.id_of(row)}",
    }


DAYS = {"first_day": "first", "last_day": "last", "first_reported": "told", "known_since": "known"}


def as_json(request: Request) -> Response:
    """The events that fit, in the order of the board."""
    chosen = _chosen(request)
    return chosen.answer(_listed(chosen, "events", map(_json, chosen.told())), "application/json", "json")


def as_geojson(request: Request) -> Response:
    """The same as GeoJSON: one feature an event. Without a known point there is no geometry, and never the middle of a country."""
    chosen = _chosen(request)
    return chosen.answer(_listed(chosen, "features", map(_feature, chosen.told())), "application/geo+json", "geojson")


def as_csv(request: Request) -> Response:
    """The same as a table that a spreadsheet opens."""
    chosen = _chosen(request)
    return chosen.answer(_csv(chosen), "text/csv; charset=utf-8", "csv")


def about_csv(request: Request) -> Response:
    """What the table says of itself, as CSV on the Web has it: a table of its own, since lines before the head break programs."""
    chosen = _chosen(request)
    columns = [{"name": name, "titles": name} for name in _columns_of(chosen)]
    said = {"@context": "http://www.w3.org/ns/csvw", "url": f"events.csv?{chosen.filters.query()}", "dateline": chosen.about()}
    return JSONResponse(said | {"tableSchema": {"columns": columns, "primaryKey": "id"}}, media_type="application/csvm+json")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def _listed(chosen: Chosen, name: str, items: Iterable[str]) -> Iterator[str]:
    """An object with what the file says of itself and the items, one a line."""
    kind = {"type": "FeatureCollection"} if name == "features" else {}
    yield f'{_json({**kind, "about": chosen.about()})[:-1]},"{name}":['
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{item}"
    yield "\n]}\n"


def _feature(row: dict[str, Any]) -> str:
    has_point = row["longitude"] is not None
    geometry = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if has_point else None
    return _json({"type": "Feature", "id": row["id"], "geometry": geometry, "properties": row})


def _csv(chosen: Chosen) -> Iterator[str]:
    whats = _whats(chosen)
    entries = chosen.site.log.entries(chosen.board.as_of)
    head = entries[-1].hash if entries else FIRST
    yield lists.MARK + lists.line(_columns_of(chosen))
    for row in chosen.told():
        figures = {figure["what"]: figure for figure in row["figures"]}
        names = {role: [party["name"] for party in row[role]] for role in ("actors", "recipients")}
        bounds = [figures.get(what, {}).get(side) for what in whats for side in ("low", "high")]
        exported = exported_cell(row["id"], values_of(chosen.board, row["row"]), row["claims"], head)
        yield lists.line([*({**row, **names}.get(name) for name in COLUMNS), *bounds, exported])


def _columns_of(chosen: Chosen) -> list[str]:
    return [*COLUMNS, *_figure_columns(chosen), EXPORTED]


def _figure_columns(chosen: Chosen) -> list[str]:
    return [column for what in _whats(chosen) for column in columns_of(f"{COUNTS}{what}")]


def _whats(chosen: Chosen) -> list[str]:
    """The kinds of figure that the chosen rows have."""
    starts = chosen.board.columns["figure_start"].astype(np.int64)
    has_figures = np.zeros(len(chosen.board), bool)
    has_figures[chosen.rows] = True
    kept = np.repeat(has_figures, np.diff(starts).tolist())
    return sorted(chosen.board.tables.whats[number] for number in np.unique(chosen.board.columns["figure_what"][kept]).tolist())


ROUTES = [
    Route("/columns.bin", columns),
    Route("/rows.json", rows),
    Route("/search.bin", search),
    Route("/events.json", as_json),
    Route("/events.geojson", as_geojson),
    Route("/events.csv", as_csv),
    Route("/events.csv-metadata.json", about_csv),
]
