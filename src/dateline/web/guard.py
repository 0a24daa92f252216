"""What every request passes: a host that is ours, a token on whatever writes, and a content policy on whatever is answered.

The Host check is against DNS rebinding: a page elsewhere that makes its own name lead to this machine is asked for under that name.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline.views.markup import Html, tag

POLICY = "; ".join(
    (
        "default-src 'self'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No script, style or picture from elsewhere, and none written into a page. MapLibre makes its worker from a blob."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_FORM = 4_000_000
"""Bytes of a form: an edited table of decisions is the largest."""

TOKEN = "csrf"


class Guard:
    """The middleware. A form that passes it is kept with the request; see `form_of`."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = _with_headers(send)
        if (refusal := self._refusal(headers)) is not None:
            await PlainTextResponse(refusal, 421)(scope, receive, send)
            return
        if scope["method"] not in SAFE:
            body = await _body(receive)
            if body is None:
                await PlainTextResponse(f"a form has at most {MAX_FORM:,} bytes", 413)(scope, receive, send)
                return
            form = _fields(headers, body)
            if (refusal := _forged(scope, headers, form)) is not None:
                await PlainTextResponse(refusal, 403)(scope, receive, send)
                return
            scope["form"] = form
            receive = _again(body, receive)
        await self.app(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name.casefold() in self.hosts:
            return None
        return f"this server does not go by the name {name!r}. Start it with --allow-host {name} if it should"


def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of the form that was sent, each with its values in order; nothing sent: none."""
    fields: dict[str, list[str]] = request.scope.get("form", {})
    return fields


def token_of(request: Request) -> str:
    """The token that this session's forms must carry."""
    token: str = request.session.setdefault(TOKEN, secrets.token_urlsafe(24))
    return token


def token_field(request: Request) -> Html:
    """The token as a hidden field; every form that is posted has one."""
    return tag("input", type="hidden", name=TOKEN, value=token_of(request))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


async def _body(receive: Receive) -> bytes | None:
    """What was sent; more than a form may have: None."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_FORM:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body to whoever asks next."""
    sent = False

    async def giving() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return giving


def _fields(headers: Headers, body: bytes) -> dict[str, list[str]]:
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _forged(scope: Scope, headers: Headers, form: dict[str, list[str]]) -> str | None:
    """Why a request that writes is refused; None: it comes from one of our pages."""
    origin = headers.get("origin")
    if origin not in (None, "null") and urlsplit(origin or "").netloc.casefold() != headers.get("host", "").casefold():
        return "this was sent from another site's page"
    expected = scope["session"].get(TOKEN, "")
    given = headers.get("x-csrf-token") or next(iter(form.get(TOKEN, [])), "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        return "this page is from an earlier start of the server: reload it and send it again"
    return None
