"""A server with the chat interface of OpenAI, as most servers of models have it, on this machine or, if that is allowed, elsewhere.

It is trusted with nothing: each request has one deadline from connecting to the last byte, an answer has so many bytes at most, no
redirect is followed, no proxy is asked, and a name is resolved once, looked at, and connected to as it was looked at.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2

from dateline.fetching.decoding import unpacked
from dateline.fetching.faults import FetchError
from dateline.fetching.guard import Budget, Guard, GuardedBackend, within
from dateline.knowledge.addresses import load_address_tables

SECONDS = 120.0
"""What a request may take in all: a model on a laptop writes some ten tokens a second."""

BYTES = 4_000_000
"""What an answer may have, head and all."""

TRIES = 4

LONGEST_WAIT = 60.0
"""Seconds that a server may ask us to wait; one that asks for more is asked again by the next run."""

FIRST_WAIT = 0.5
"""Seconds before the second try; each wait is twice the one before."""

BUSY = frozenset({408, 429, 500, 502, 503, 504, 529})
"""Answers after which the same request may succeed."""

REFUSES_ALL = {
    401: "wants a key: put it into the environment as DATELINE_READER_KEY",
    403: "does not let us in: is the key in DATELINE_READER_KEY the right one?",
    404: "knows no such address or model: look at --server and --model",
    405: "does not take requests there: look at --server",
}
"""Answers that any other request would get as well."""

FORMS = ("schema", "object", "plain")
"""How an answer is asked for, strictest first; a server that refuses one is asked in the next."""

HINT = 200
"""Characters of a server's own words that a message repeats."""


class ServerError(Exception):
    """There is no answer. `reason` is a Problem's short code; `is_whole`: no other request would have one either."""

    def __init__(self, reason: str, message: str, *, is_whole: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_whole = is_whole


@dataclass(frozen=True)
class Reply:
    """What a model answered. `is_cut`: it stopped because it had said as much as it may."""

    said: str
    is_cut: bool


@dataclass(frozen=True)
class NearbyGuard(Guard):
    """Lets through this machine alone, or, where `is_remote_allowed`, any machine."""

    is_remote_allowed: bool = False

    def addresses_of(self, host: str, port: int, seconds: float) -> tuple[str, ...]:
        found = tuple(within(seconds, lambda: self.resolve(host, port), host))
        usable = tuple(a for a in found if self.is_remote_allowed or ip_address(a.partition("%")[0]).is_loopback)
        if not usable:
            raise FetchError("forbidden address", f"{host} is {', '.join(found) or 'no address'}, which is not this machine")
        return usable


def check_address(text: str, *, is_remote_allowed: bool, has_key: bool) -> httpx2.URL:
    """The address of a server's interface, with `/chat/completions` behind its `/v1`. Raises ValueError that says what to write."""
    try:
        url = httpx2.URL(text.strip())
    except (httpx2.InvalidURL, ValueError) as fault:
        raise ValueError(f"{text[:80]!r} cannot be read as an address ({fault}); write it as http://localhost:8080") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"{text[:80]!r} is no address of a server; write it as http://localhost:8080")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("a server's address has no name, password or question in it; a key goes into DATELINE_READER_KEY")
    is_near = is_loopback(url.host)
    if not is_near and not is_remote_allowed:
        raise ValueError(
            f"{url.host} is not this machine. With --allow-remote the texts of the reports are sent there, to whoever runs it; "
            "without it nothing leaves this machine"
        )
    if has_key and url.scheme == "http" and not is_near:
        raise ValueError(f"{url.host} would get the key in the clear: write https://, or take DATELINE_READER_KEY away")
    path = url.path.rstrip("/").removesuffix("/chat/completions")
    path = path if path.endswith("/v1") else f"{path}/v1"
    return url.copy_with(path=f"{path}/chat/completions")


def is_loopback(host: str) -> bool:
    """Whether a host's name says that it is this machine; where it leads is looked at again when it is connected to."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost" or host.rstrip(".").lower().endswith(".localhost")


def check_key(key: str) -> None:
    """Raises ValueError for what cannot be a key; the message does not repeat it."""
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError("DATELINE_READER_KEY has letters in it that no key has; set it anew")


@dataclass
class Server:
    """A server that is asked. Threads may share one. `form` is how answers are asked for, once the server refused a stricter one.

    `sleep` waits between tries; `now` is seconds since 1970, against which a date in Retry-After is held.
    """

    url: httpx2.URL
    key: str = field(default="", repr=False)
    is_remote_allowed: bool = False
    seconds: float = SECONDS
    most_bytes: int = BYTES
    tries: int = TRIES
    sleep: Callable[[float], object] = time.sleep
    now: Callable[[], float] = time.time
    form: int = 0

    def ask(self, request: Mapping[str, Any], schema: Mapping[str, Any]) -> Reply:
        """The model's answer to a request (prompt.request_of), in the strictest form that the server takes. Raises ServerError."""
        refusal: _FormError | None = None
        for form in range(self.form, len(FORMS)):
            try:
                reply = self._ask_patiently({**request, **_format(FORMS[form], schema)})
            except _FormError as fault:
                refusal = fault
                continue
            # Only now: a request that is refused in every form was refused for something else, as being too long.
            self.form = max(self.form, form)
            return reply
        raise ServerError("refused", f"refused the request: {refusal}")

    def _ask_patiently(self, body: Mapping[str, Any]) -> Reply:
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        for number in range(1, self.tries + 1):
            try:
                return self._ask_once(content)
            except _BusyError as fault:
                wait = FIRST_WAIT * 2 ** (number - 1) if fault.wait is None else fault.wait
                if number == self.tries or wait > LONGEST_WAIT:
                    asks = f", and asks to wait {wait:,.0f} seconds" if wait > LONGEST_WAIT else f" after {number} tries"
                    raise ServerError(fault.reason, f"{fault}{asks}", is_whole=fault.reason == "no connection") from None
                self.sleep(wait)
        raise AssertionError("a try ends with an answer or a fault")

    def _ask_once(self, content: bytes) -> Reply:
        budget = Budget(self.seconds, self.most_bytes)
        try:
            status, headers, raw = self._exchange(content, budget)
        except FetchError as fault:
            if fault.reason in {"no connection", "cut short", "unresolved"}:
                raise _BusyError(fault.reason, str(fault)) from None
            is_whole = fault.reason in {"forbidden address", "bad address"}
            raise ServerError(fault.reason, str(fault), is_whole=is_whole) from None
        if self.key:  # a server that repeats the key must not get it into a message or a file
            raw = raw.replace(self.key.encode(), b"[key]")
        if status == 200:
            return _reply(raw, headers)
        if status in BUSY:
            raise _BusyError("busy", f"answered with status {status}", self._wait_of(headers))
        if status in REFUSES_ALL:
            raise ServerError("refused", f"{REFUSES_ALL[status]} (status {status}){_hint(raw)}", is_whole=True)
        if 300 <= status < 400:
            raise ServerError("redirect", f"leads elsewhere (status {status}), and that is not followed", is_whole=True)
        if status in {400, 415, 422, 501}:
            raise _FormError(f"status {status}{_hint(raw)}")
        raise ServerError("refused", f"answered with status {status}{_hint(raw)}")

    def _exchange(self, content: bytes, budget: Budget) -> tuple[int, dict[str, str], bytes]:
        url, port = self.url, self.url.port or (443 if self.url.scheme == "https" else 80)
        guard = NearbyGuard(load_address_tables(), is_remote_allowed=self.is_remote_allowed)
        backend = GuardedBackend(guard, budget, {port})
        pool = httpcore2.ConnectionPool(
            self._trusted, max_connections=1, max_keepalive_connections=0, network_backend=backend, http2=False
        )
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        seconds = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), budget.seconds_left())}
        try:
            with pool, pool.stream("POST", target, headers=self._headers(content), content=content, extensions=seconds) as response:
                headers = {name.decode("ascii", "replace").lower(): value.decode("latin-1") for name, value in response.headers}
                raw = unpacked(response.iter_stream(), headers.get("content-encoding", ""), self.most_bytes)
                return response.status, headers, raw
        except httpcore2.TimeoutException:
            raise budget.too_slow() from None
        except httpcore2.ConnectError as fault:
            raise FetchError("no connection", f"could not be connected to ({_words(fault)}); is it running?") from None
        except (httpcore2.NetworkError, httpcore2.RemoteProtocolError) as fault:
            is_cut = (
                isinstance(fault, httpcore2.NetworkError) or "closed connection" in str(fault) or "without sending" in str(fault)
            )
            raise FetchError("cut short" if is_cut else "not http", f"broke off ({_words(fault)})") from None
        except OSError as fault:
            raise FetchError("unresolved", f"was not found ({_words(fault)}); is --server right?") from None

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        return httpcore2.default_ssl_context(_trust_env=False)

    def _headers(self, content: bytes) -> list[tuple[bytes, bytes]]:
        headers = [
            ("Host", self.url.netloc.decode("ascii")),
            ("User-Agent", f"dateline/{version('dateline')}"),
            ("Accept", "application/json"),
            ("Accept-Encoding", "gzip"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            ("Connection", "close"),
        ]
        headers += [("Authorization", f"Bearer {self.key}")] if self.key else []
        return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]

    def _wait_of(self, headers: Mapping[str, str]) -> float | None:
        """Seconds that the server asks us to wait; it does not say, or not so that it can be read: None."""
        said = headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit() and len(said) < 9:
            return float(said)
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - self.now()) if said else None
        except (ValueError, OverflowError):
            return None


class _BusyError(Exception):
    """The same request may succeed later. `wait` None: the server does not say when."""

    def __init__(self, reason: str, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.wait = wait


class _FormError(Exception):
    """The request was not understood; perhaps for the form that the answer is to have."""


def _format(form: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if form == "schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "records", "strict": True, "schema": schema}}}
    return {"response_format": {"type": "json_object"}} if form == "object" else {}


def _reply(raw: bytes, headers: Mapping[str, str]) -> Reply:
    """The words of the first choice. Raises ServerError for what is no answer of such a server."""
    kind = headers.get("content-type", "").partition(";")[0].strip()[:60] or "nothing that says what it is"
    try:
        choice = json.loads(raw)["choices"][0]
        said = choice["message"]["content"]
        is_cut = choice.get("finish_reason") == "length"
    except (ValueError, KeyError, IndexError, TypeError, RecursionError, AttributeError):
        raise ServerError("no answer", f"sent {kind} and no answer in it: is --server the address of such an interface?") from None
    if not isinstance(said, str):
        raise ServerError("no answer", "answered without words")
    return Reply(said, is_cut)


def _hint(raw: bytes) -> str:
    """What a server says of its refusal, as far as it is words."""
    try:
        fault = json.loads(raw)["error"]
        said = fault["message"] if isinstance(fault, dict) else fault
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return f": {' '.join(str(said).split())[:HINT]}"


def _words(fault: Exception) -> str:
    return " ".join(str(fault).split())[:120] or type(fault).__name__
