"""The board as data: all columns for the page's scripts, rows in full, words looked for, and downloads of what is shown."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dateline.exports.telling import Bound, Options
from dateline.runs.board import Board, wire
from dateline.web.filters import Filters, moment_of
from dateline.web.sharing.covering import HIDE, covered, written_covered
from dateline.web.sharing.rows import Chosen, choose, told
from dateline.web.sharing.tables import FORMATS, MissingLibraryError, metadata, narrowed, needed, written
from dateline.web.site import Site, site_of

MOST_ROWS = 200
"""Rows that are told in full at once: more than a screen shows."""

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


# ---------------------------------------------------------------- downloads


def _chosen(request: Request) -> Chosen:
    return choose(site_of(request), Filters.parse(request.query_params), str(request.base_url))


def _is_hidden(request: Request) -> bool:
    """Whether names of private people and exact places are to be covered (`hidden=1`)."""
    return request.query_params.get(HIDE) == "1"


def download(request: Request) -> Response:
    """The events that fit in a format of FORMATS, sent while they are written."""
    name = _format(request)
    kind, options, is_hidden = FORMATS[name], _options(request), _is_hidden(request)
    try:
        needed(name)
    except MissingLibraryError as fault:
        raise HTTPException(501, str(fault)) from None
    chosen = narrowed(_chosen(request), name, options)
    of = "" if name == kind.ending else f"-{name}"
    file = f"dateline-{len(chosen.rows)}-events-{chosen.board.key[:8]}{'-covered' if is_hidden else ''}{of}.{kind.ending}"
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    if kind.has_metadata:
        query = _query(request, chosen, is_hidden)
        headers["link"] = f'</events.{name}-metadata.json?{query}>; rel="describedby"; type="application/csvm+json"'
    pieces = written_covered(chosen, name, options) if is_hidden else written(chosen, name, options)
    return StreamingResponse(pieces, media_type=kind.media_type, headers=headers)


def about_file(request: Request) -> Response:
    """What a file says of itself, as CSV on the Web has it."""
    name, options, is_hidden = _format(request), _options(request), _is_hidden(request)
    if not FORMATS[name].has_metadata:
        raise HTTPException(404, f"{name} says itself what it is of")
    chosen = narrowed(_chosen(request), name, options)
    if is_hidden:
        with covered(chosen) as shared:
            said = metadata(shared, f"events.{name}", name, options)
    else:
        said = metadata(chosen, f"events.{name}?{_query(request, chosen, is_hidden)}", name, options)
    return JSONResponse(said, media_type="application/csvm+json")


def _format(request: Request) -> str:
    """The format that the address names. Raises HTTPException (404) for one that there is not."""
    name: str = request.path_params["name"]
    if name not in FORMATS:
        raise HTTPException(404, f"no format is called {name}; there are {', '.join(FORMATS)}")
    return name


def _options(request: Request) -> Options:
    """How events are to be written. Raises HTTPException (400) for a bound that there is not."""
    bounds = request.query_params.get("bounds") or Bound.LOW.value
    if bounds not in set(Bound):
        raise HTTPException(400, f"bounds is {', '.join(Bound)}")
    return Options(Bound(bounds), request.query_params.get("all_statuses") == "1")


def _query(request: Request, chosen: Chosen, is_hidden: bool) -> str:
    kept = {name: request.query_params.get(name) for name in ("bounds", "all_statuses")}
    given = urlencode({name: value for name, value in kept.items() if value})
    return "&".join(part for part in (chosen.filters.query(), f"{HIDE}=1" if is_hidden else "", given) if part)


ROUTES = [
    Route("/columns.bin", columns),
    Route("/rows.json", rows),
    Route("/search.bin", search),
    Route("/events.{name}-metadata.json", about_file),
    Route("/events.{name}", download),
]
