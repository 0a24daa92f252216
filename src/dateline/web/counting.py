"""Every answer counted, by the pattern of its route: for whoever looks after the server."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline.operation.metrics import Metrics

NOWHERE = "none"
"""The route of what no pattern fits, or what was refused before one was looked for."""


class Counting:
    """The middleware, outside of all others: what they refuse is counted too."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: list[BaseRoute]) -> None:
        self.app = app
        self.metrics = metrics
        self.patterns: dict[Any, str] = {route.endpoint: route.path for route in routes if isinstance(route, Route)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self.metrics.under_way():
            try:
                await self.app(scope, receive, sending)
            finally:
                route = self.patterns.get(scope.get("endpoint"), NOWHERE)
                method = scope["method"] if scope["method"] in METHODS else "other"
                self.metrics.answered(route, method, status, perf_counter() - began)


METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
