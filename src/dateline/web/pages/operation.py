"""For whoever looks after the server: is it alive, is it ready, and its figures. None of them says what reports say."""

from __future__ import annotations

import hmac
import os

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dateline.ledger.errors import LedgerError
from dateline.operation.metrics import CONTENT_TYPE
from dateline.web.people import HEALTH, METRICS, READY, reviewer_of
from dateline.web.site import site_of


async def health(request: Request) -> Response:
    """Whether the process answers at all; nothing of the ledger is read."""
    return PlainTextResponse("ok\n")


def ready(request: Request) -> Response:
    """Whether the ledger can be read now. What is amiss is for the log and `dateline doctor`, not for whoever asks."""
    ledger = site_of(request).ledger
    try:
        ledger.state()
        is_ready = os.access(ledger.path, os.R_OK | os.X_OK)
    except (LedgerError, OSError):
        is_ready = False
    return PlainTextResponse("ready\n" if is_ready else "the ledger cannot be read\n", 200 if is_ready else 503)


def metrics(request: Request) -> Response:
    """The server's figures, for Prometheus."""
    site = site_of(request)
    if site.doorkeeper is not None and reviewer_of(request) is None and not _has_token(request, site.options.metrics_token):
        return PlainTextResponse("sign in, or show the token of --metrics-token\n", 401, {"www-authenticate": "Bearer"})
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)


def _has_token(request: Request, token: str | None) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return token is not None and kind.casefold() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


ROUTES = [Route(HEALTH, health), Route(READY, ready), Route(METRICS, metrics)]
