"""The board as data: all columns for the page's scripts, rows in full, words looked for, and downloads of what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dateline.ledger.rows import ClaimRow
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
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.wording import Wording, load_wording
from dateline.watching.happenings import Party
from dateline.web.filters import FLAGS, moment_of
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


def told(site: Site, board: Board, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows in full, as JSON has them."""
    words = load_wording()
    leads = {number: board.lead_of(number) for number in numbers}
    claims = site.ledger.claim_rows(set(leads.values()), as_of=board.as_of)
    for number in numbers:
        yield _told(board, number, claims.get(leads[number]), words)


def _told(board: Board, number: int, claim: ClaimRow | None, words: Wording) -> dict[str, Any]:
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
        "evidence": claim.evidence if claim else None,
        "title": claim.title if claim else None,
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


ROUTES = [
    Route("/columns.bin", columns),
    Route("/rows.json", rows),
    Route("/search.bin", search),
]
