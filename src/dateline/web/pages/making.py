"""While all events are put in columns: how far it is, for who waits at a page that needs them."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dateline.runs.board_upkeep import Making
from dateline.views.markup import Html, tag
from dateline.web.boards import BoardInMakingError
from dateline.web.filters import moment_of
from dateline.web.guard import prefers_json
from dateline.web.shell import PAGES, page
from dateline.web.site import site_of

AGAIN = 4
"""Seconds after which it is looked whether it is done."""


def in_making(request: Request, fault: Exception) -> Response:
    """What a page answers that needs the board while there is none: how far it is, and the pages that can do without."""
    assert isinstance(fault, BoardInMakingError)
    headers = {"retry-after": str(AGAIN)}
    if prefers_json(request) or "." in request.url.path:
        return JSONResponse({"error": str(fault), **_data(fault.making)}, HTTPStatus.SERVICE_UNAVAILABLE, headers)
    answer = page(
        request,
        "One moment",
        tag("h1", "One moment"),
        tag("p", "All events of the ledger are put in columns, once, so that they can be looked at together."),
        progress_html(fault.making, fault.fault),
        tag("p", "These pages need not wait: ", *_others(), "."),
        here="events",
        islands=("making",),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        again_in=AGAIN,
        data={"asOf": request.query_params.get("as_of")},
    )
    answer.headers.update(headers)
    return answer


def progress_html(making: Making, fault: str | None = None) -> Html:
    """How far it is, as a page says it; its scripts put later words in the place of these."""
    if fault is not None:
        words = f"It could not be done: {fault}. It is tried again in a minute; “dateline board” says more."
        return tag("p", words, class_="bad", role="alert", id="making")
    sized = {"value": str(making.done), "max": str(making.of)} if making.of else {}
    bar = tag("progress", aria_label="Events in columns", **sized)
    return tag("p", tag("span", f"{_capital(making.in_words)}. "), bar, id="making", role="status", class_="note")


def board_json(request: Request) -> Response:
    """Which board there is, and how far the next is: {key, making, fault}.

    `key` None: there is none yet; `making` None: it is the last; `fault`: why there is none, if it could not be made.
    """
    site, moment = site_of(request), moment_of(request)
    try:
        board = site.board(moment)
    except BoardInMakingError as fault:
        return JSONResponse({"key": None, "making": _data(fault.making), "fault": fault.fault})
    behind = site.behind(board)
    return JSONResponse({"key": board.key, "making": None if behind is None else _data(behind), "fault": None})


ROUTES = [Route("/board.json", board_json)]


def _data(making: Making) -> dict[str, object]:
    return {"done": making.done, "of": making.of, "left": making.left, "words": f"{_capital(making.in_words)}."}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _others() -> list[Html | str]:
    free = [(words, address) for name, words, address in PAGES if name not in {"events", "tallies"}]
    parts: list[Html | str] = []
    for number, (words, address) in enumerate(free):
        parts += [", " if number else "", tag("a", words, href=address)]
    return parts
