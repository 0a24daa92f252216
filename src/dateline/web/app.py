"""The server: which page answers which address, and what all requests pass first."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline.ledger.errors import AmbiguousIdError, LedgerError, NotFoundError
from dateline.operation.faults import explained
from dateline.operation.metrics import Metrics, figures_of
from dateline.web import pages
from dateline.web.assets import Assets
from dateline.web.boards import BoardInMakingError
from dateline.web.counting import Counting
from dateline.web.guard import Allowed, Guard, prefers_json
from dateline.web.pages.making import in_making
from dateline.web.people import Door
from dateline.web.shell import problem
from dateline.web.site import Site

NOT_COMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream")
"""Columns of a million events are 15 MB, which take longer to compress than to hand to a browser on the same machine."""
COMPRESSION = 4

WORDS = {
    404: ("There is no such page", "leads nowhere here."),
    405: ("That cannot be done here", "does not take what was sent to it."),
}


def make_app(site: Site, *, secret: str | None = None, cookie: str = "dateline") -> Starlette:
    """The application that serves a site; every module of `pages/` has ROUTES, none of which is another's.

    `secret` signs the sessions; None: one of its own, and sessions end with the server.
    `cookie` holds the session. Servers of one machine share their cookies, whatever their ports: each needs a name of its own.
    """
    assets = Assets(*(Path(str(files(f"dateline.{room}").joinpath("static"))) for room in ("web", "views")))
    routes: list[BaseRoute] = [Route("/static/{path:path}", assets.answer)]
    for module in iter_modules(pages.__path__):
        routes += import_module(f"{pages.__name__}.{module.name}").ROUTES
    options, metrics = site.options, Metrics()
    metrics.of_ledger(lambda: figures_of(site.ledger, site.board_made))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Counting, metrics=metrics, routes=routes),
            Middleware(GZipMiddleware, compresslevel=COMPRESSION, exclude_content_types=NOT_COMPRESSED),
            Middleware(
                SessionMiddleware,
                secret_key=secret or secrets.token_hex(32),
                session_cookie=f"__Host-{cookie}" if options.is_secure else cookie,
                same_site="lax",
                https_only=options.is_secure,
            ),
            Middleware(Guard, allowed=Allowed(options.hosts, options.is_readonly, is_private=options.users is not None)),
            Middleware(Door, doorkeeper=site.doorkeeper),
            Middleware(Rim),
        ],
        exception_handlers={HTTPException: _missing, LedgerError: _fault, BoardInMakingError: in_making, OSError: _no_room},
    )
    app.state.site = site
    app.state.metrics = metrics
    app.state.assets = assets
    return app


class Rim:
    """Where a mistake of ours becomes a page that says so and nothing more; the server's log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def sending(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            if scope["type"] == "http" and not is_begun:
                request = Request(scope)
                answer = _said(request, 500, "Something went wrong here", "This is a mistake of the program; its log says more.")
                await answer(scope, receive, send)
            raise


async def _missing(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    title, words = WORDS.get(fault.status_code, (HTTPStatus(fault.status_code).phrase, ""))
    answer = _said(request, fault.status_code, title, f"{request.url.path} {words}" if words else fault.detail)
    answer.headers.update(fault.headers or {})
    return answer


async def _fault(request: Request, fault: Exception) -> Response:
    """An error of the ledger, which says itself what to do."""
    is_missing = isinstance(fault, NotFoundError | AmbiguousIdError)
    return _said(request, 404 if is_missing else 409, "Not found" if is_missing else "The ledger could not answer", str(fault))


async def _no_room(request: Request, fault: Exception) -> Response:
    """A disk that is full or may not be written: nothing was entered, and that is said. Any other is a mistake of ours."""
    words = explained(fault) if isinstance(fault, OSError) else None
    if words is None:
        raise fault
    return _said(request, 507, "It could not be kept", words)


def _said(request: Request, status: int, title: str, words: str) -> Response:
    if prefers_json(request):
        return JSONResponse({"error": words or title}, status)
    return problem(request, status, title, words)
