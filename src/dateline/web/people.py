"""Who sits at the page: the name under which judgements are entered, and who may come in where others can reach the server.

On a server that only this machine can reach whoever sits at it says who they are. On any other they sign in, and every page but
that of signing in is shut until they have.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dateline.web.door import Doorkeeper
from dateline.web.guard import own_path, prefers_json
from dateline.web.site import site_of

NAME = "reviewer"
SESSION = "visit"
SIGN_IN = "/sign-in"
STATIC = "/static/"
HEALTH, READY, METRICS = "/healthz", "/readyz", "/metrics"

OPEN = frozenset({SIGN_IN, HEALTH, READY, METRICS})
"""What is open to those who have not signed in; the figures ask for a token themselves."""


class Door:
    """The middleware that lets nobody further who has not signed in, where that is asked."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper | None) -> None:
        self.app = app
        self.doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_open(scope):
            await self.app(scope, receive, send)
        else:
            await _sign_in_first(Request(scope))(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        if self.doorkeeper is None or scope["path"] in OPEN or scope["path"].startswith(STATIC):
            return True
        return self.doorkeeper.name_of(scope["session"].get(SESSION)) is not None


def _sign_in_first(request: Request) -> Response:
    if request.method == "GET" and not prefers_json(request):
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': _here(request)})}", 303)
    return JSONResponse({"error": f"sign in first, at {SIGN_IN}"}, 401)


def reviewer_of(request: Request) -> str | None:
    """The name that this session judges under; nobody has said: None."""
    keeper = site_of(request).doorkeeper
    if keeper is not None:
        return keeper.name_of(request.session.get(SESSION))
    name: str | None = request.session.get(NAME)
    return name


def ask_who(request: Request, back: str | None = None) -> Response:
    """Sends whoever has not said who they are to the page where they do, and then `back`: a path of ours, or where they were."""
    return RedirectResponse(f"/you?{urlencode({'next': own_path(back or _here(request))})}", 303)


def _here(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
