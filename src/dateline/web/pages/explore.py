"""The first page: when, where, who and how many, over all events of the ledger."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.views.markup import tag
from dateline.web.shell import page
from dateline.web.site import site_of


def explore(request: Request) -> Response:
    """How many events there are."""
    summary = site_of(request).ledger.summary()
    return page(request, "Events", tag("h1", "Events"), tag("p", f"{summary.events:,} events."), here="events", wide=True)


ROUTES = [Route("/", explore)]
