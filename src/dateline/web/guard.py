"""What every request passes: a host that is ours, a token on whatever writes, and a content policy on whatever is answered.

The Host check is against DNS rebinding: a page elsewhere that makes its own name lead to this machine is asked for under that name.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesParser
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
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
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""With "no-referrer" browsers would not say either which page of ours a form was sent from."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_FORM = 4_000_000
"""Bytes of a form: an edited table of decisions is the largest."""
MAX_FIELDS = 50_000
MAX_PARTS = 100
"""Fields of a form that has a file."""
MAX_TARGET = 16_000
"""Characters of an address: filters are repeated in it."""

TOKEN = "csrf"

OWN_WRITES = frozenset({"/you", "/sign-in", "/sign-out", "/theme"})
"""What may be sent to a server that is read-only: it changes the session and no ledger."""

HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]\s/@]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Allowed:
    """What a server lets pass. `hosts` are the names (no port) that it answers to; `is_readonly`: nothing is written to the ledger;
    `is_private`: pages are not kept by the browser, since another may sit down at it after signing out."""

    hosts: frozenset[str]
    is_readonly: bool = False
    is_private: bool = False


class Guard:
    """The middleware. A form that passes it is kept with the request; see `form_of`."""

    def __init__(self, app: ASGIApp, allowed: Allowed) -> None:
        self.app = app
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = _with_headers(send, "no-store" if self.allowed.is_private else "private, no-cache")
        refusal = _strange_host(headers, self.allowed.hosts) or _long_address(scope)
        if refusal is None and scope["method"] not in SAFE:
            refusal = _too_long(headers) or _from_elsewhere(scope, headers) or self._shut(scope)
            if refusal is None:
                body = await _body(receive)
                if body is None:  # whoever sent it has gone
                    return
                refusal = _not_ours(scope, headers, body)
                receive = _again(body, receive)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _shut(self, scope: Scope) -> Response | None:
        if self.allowed.is_readonly and scope["path"] not in OWN_WRITES:
            return _refused(403, "this server was started with --readonly: nothing can be judged here")
        return None


def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of the form that was sent, each with its values in order; nothing sent: none."""
    fields: dict[str, list[str]] = request.scope.get("form", {})
    return fields


def files_of(request: Request) -> dict[str, bytes]:
    """The files of the form that was sent, by the name of their field, of several the first; none was chosen: none."""
    files: dict[str, bytes] = request.scope.get("files", {})
    return files


def token_of(request: Request) -> str:
    """The token that this session's forms must carry."""
    # Asked for first, since setting a default marks the session as changed and every answer would carry the cookie anew.
    token: str | None = request.session.get(TOKEN)
    if token is None:
        token = request.session[TOKEN] = secrets.token_urlsafe(24)
    return token


def token_field(request: Request) -> Html:
    """The token as a hidden field; every form that is posted has one."""
    return tag("input", type="hidden", name=TOKEN, value=token_of(request))


def own_path(text: str | None) -> str:
    """A path of ours to go on to, as `next` gave it: what could lead elsewhere, or is none, is the first page."""
    # A browser takes "//host" and "/\\host" for another server, and leaves out tabs and line breaks before it looks.
    is_ours = bool(text) and re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", text or "") is not None
    return text if text and is_ours else "/"


def prefers_json(request: Request) -> bool:
    """Whether a script asks, which reads JSON, and not somebody who reads pages."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _with_headers(send: Send, caching: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", caching)
        await send(message)

    return sending


async def _body(receive: Receive) -> bytes | None:
    """What was sent, of which one byte more than a form may have is read at most; whoever sent it has gone: None."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_FORM or not message.get("more_body"):
            return b"".join(parts)[: MAX_FORM + 1]


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


# ---------------------------------------------------------------- what is refused; passed: None


def _refused(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status)


def _strange_host(headers: Headers, hosts: frozenset[str]) -> Response | None:
    named = headers.getlist("host")
    found = HOST.fullmatch(named[0]) if len(named) == 1 else None
    if found is None:
        return _refused(400, "a request names one host")
    name = found["name"].casefold().removesuffix(".")
    if name in hosts:
        return None
    return _refused(421, f"this server does not go by the name {name!r}. Start it with --allow-host {name} if it should")


def _long_address(scope: Scope) -> Response | None:
    if len(scope["path"]) + len(scope["query_string"]) > MAX_TARGET:
        return _refused(414, f"an address has at most {MAX_TARGET:,} characters")
    return None


def _too_long(headers: Headers) -> Response | None:
    """By what the request says of itself, before any of it is read."""
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        return _refused(400, "a content-length is a number")
    return _refused(413, f"a form has at most {MAX_FORM:,} bytes") if int(length) > MAX_FORM else None


def _from_elsewhere(scope: Scope, headers: Headers) -> Response | None:
    """By what browsers say of where a request comes from. Programs say nothing of it, and have the token to show."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
    is_ours = origin is None or _place(origin) == _place(f"{scope['scheme']}://{headers['host']}")
    if is_ours and site in {"same-origin", "none"}:
        return None
    return _refused(403, "this was sent from another site's page")


def _place(address: str) -> str:
    """Host and port; those of every origin that is none ("null") are no host's."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return "nowhere"
    # A proxy may speak TLS to the browser and none to us, so ports that go without saying are all alike.
    return f"{(parts.hostname or 'nowhere').casefold()}:{'' if port in {None, 80, 443} else port}"


def _not_ours(scope: Scope, headers: Headers, body: bytes) -> Response | None:
    """Keeps the form with the request, if it has this session's token."""
    if len(body) > MAX_FORM:
        return _refused(413, f"a form has at most {MAX_FORM:,} bytes")
    form: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    kind = headers.get("content-type", "")
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
        elif kind.startswith("multipart/form-data"):
            form, files = _parts(kind, body)
    except ValueError:
        return _refused(413, f"a form has at most {MAX_FIELDS:,} fields, and {MAX_PARTS} where it has a file")
    expected = scope["session"].get(TOKEN, "")
    given = headers.get("x-csrf-token") or next(iter(form.get(TOKEN, [])), "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogateescape")):
        return _refused(403, "this page is from an earlier start of the server: reload it and send it again")
    scope["form"], scope["files"] = form, files
    return None


def _parts(kind: str, body: bytes) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """The fields and the files of a form that has files, as RFC 7578 has it: parts of a message, which the mail package reads.

    A file that nobody chose has no bytes and is left out. Raises ValueError for too many parts.
    """
    head = Part()
    head["content-type"] = kind
    boundary = head.get_boundary()
    if boundary is not None and body.count(b"--" + boundary.encode("utf-8", "replace")) > MAX_PARTS + 1:
        raise ValueError("too many parts")
    message = BytesParser().parsebytes(b"content-type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body)
    form: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for part in message.get_payload() if message.is_multipart() else ():
        if not isinstance(part, Part):
            continue
        name, said = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(said, bytes):
            continue  # no field of a form, or a message inside a message
        if part.get_filename() is None:
            form.setdefault(name, []).append(said.decode("utf-8", "replace"))
        elif said:
            files.setdefault(name, said)
    return form, files
