"""The server: which page answers which address, and what all requests pass first."""

from __future__ import annotations

import secrets
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from dateline.ledger.errors import AmbiguousIdError, LedgerError, NotFoundError
from dateline.web import pages
from dateline.web.guard import Guard
from dateline.web.shell import problem
from dateline.web.site import Site


def make_app(site: Site, *, secret: str | None = None) -> Starlette:
    """The application that serves a site. Every module of `pages/` has ROUTES, none of which is another's.

    `secret` signs the sessions; None: one of its own, and sessions end with the server."""
    static = Path(str(files("dateline.web").joinpath("static")))
    routes: list[BaseRoute] = [Mount("/static", StaticFiles(directory=static, packages=[("dateline.views", "static")]))]
    for module in iter_modules(pages.__path__):
        routes += import_module(f"{pages.__name__}.{module.name}").ROUTES
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SessionMiddleware, secret_key=secret or secrets.token_hex(32), session_cookie="dateline", same_site="lax"),
            Middleware(Guard, hosts=site.options.hosts),
        ],
        exception_handlers={HTTPException: _missing, LedgerError: _fault},
    )
    app.state.site = site
    return app


async def _missing(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    title = "There is no such page" if fault.status_code == 404 else fault.detail
    return problem(request, fault.status_code, title, f"{request.url.path} leads nowhere here.")


async def _fault(request: Request, fault: Exception) -> Response:
    """An error of the ledger, which says itself what to do."""
    is_missing = isinstance(fault, NotFoundError | AmbiguousIdError)
    return problem(request, 404 if is_missing else 409, "Not found" if is_missing else "The ledger could not answer", str(fault))
