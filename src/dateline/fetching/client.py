"""One address fetched: its answer with how it came, or a Problem that says why there is none.

Every hop of a redirect is a request of its own, over a connection of its own: each is looked at alike. Connections are not kept
for the next request, since between two requests to one host lies at least a second (politeness.py).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from urllib.parse import urljoin

import httpcore2
import httpx2

from dateline.fetching.addresses import PORTS, read_address
from dateline.fetching.decoding import ACCEPTED, unpacked
from dateline.fetching.faults import FetchError
from dateline.fetching.guard import Budget, Guard, GuardedBackend
from dateline.records import Problem

PAGES = ("text/", "application/xhtml+xml", "application/xml", "application/json", "application/ld+json")
"""Kinds of content that a report can be."""

FEEDS = (
    *PAGES,
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/x-rss+xml",
)
"""Kinds of content that a feed or a sitemap can be: many are sent as something more general."""

SITEMAPS = (*FEEDS, "application/gzip", "application/x-gzip", "application/octet-stream")

KEPT_HEADERS = frozenset(
    {"content-type", "content-language", "etag", "last-modified", "date", "cache-control", "expires", "retry-after", "x-robots-tag"}
)
"""Headers of an answer that are kept: what it is, since when, and what its sender asks of us."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

MAX_HEADERS = 100
"""Header lines of an answer; real ones have some thirty. Their bytes are bounded by the library (100 KB)."""


@dataclass(frozen=True)
class Limits:
    """What a fetch may take. `seconds` in all, redirects included; `wire` bytes as they come in; `bytes` once unpacked."""

    seconds: float = 30.0
    wire: int = 10_000_000
    bytes: int = 10_000_000
    redirects: int = 5
    ports: frozenset[int] = PORTS


@dataclass(frozen=True)
class Asked:
    """What is asked for. With `etag` or `modified`, of an earlier answer, only if it has changed since."""

    address: str
    etag: str | None = None
    modified: str | None = None
    accepts: tuple[str, ...] = PAGES


@dataclass(frozen=True)
class Answer:
    """What came: `address` is where the last redirect led, `raw` the body, unpacked; of anything but status 200 it is empty.

    `headers` are those of KEPT_HEADERS, names in lower case, in the order they came. `at` is when it was asked for.
    """

    asked: str
    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    raw: bytes
    at: datetime
    is_moved: bool = False
    """Whether every redirect on the way says that it is for good."""

    def header(self, name: str) -> str | None:
        """The first header of that name; none: None."""
        return next((value for known, value in self.headers if known == name), None)

    @property
    def media_type(self) -> str | None:
        """The kind of content without its parameters, in lower case; nobody said: None."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower() or None


OnHop = Callable[[str], None]
"""Is told each address before it is asked for, and raises FetchError to stop there: robots.txt is looked at here."""


@dataclass(frozen=True)
class Client:
    """Fetches. Threads may share one. `contact` is how a publisher can reach whoever runs this: an address of a page or of mail."""

    guard: Guard
    now: Callable[[], datetime]
    contact: str = ""
    limits: Limits = field(default_factory=Limits)
    trust: ssl.SSLContext | None = None
    """Whose certificates are believed; None: those that this machine believes."""

    @property
    def agent(self) -> str:
        """What requests say who is asking."""
        who = f"; {self.contact}" if self.contact else ""
        return f"dateline/{version('dateline')} (reads news for event data{who})"

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        return self.trust or httpcore2.default_ssl_context(_trust_env=False)

    def fetch(self, asked: Asked, on_hop: OnHop = lambda address: None) -> Answer | Problem:
        """The answer, whatever its status; or why there is none, as a Problem whose reason is one of: bad address, unresolved,
        forbidden address, no connection, not http, too slow, too large, too many redirects, cut short, bad encoding, wrong type, or
        what `on_hop` gave.

        Raises nothing for anything that a server or a network may do.
        """
        at, budget = self.now(), Budget(self.limits.seconds, self.limits.wire)
        try:
            return self._follow(asked, at, budget, on_hop)
        except FetchError as fault:
            return fault.as_problem(asked.address)

    def _follow(self, asked: Asked, at: datetime, budget: Budget, on_hop: OnHop) -> Answer:
        url, is_moved = read_address(asked.address, self.limits.ports), True
        for hop in range(self.limits.redirects + 1):
            on_hop(str(url))
            found = self._ask(asked, url, budget)
            if isinstance(found, _Redirect):
                is_moved = is_moved and found.is_moved
                url = read_address(urljoin(str(url), found.location), self.limits.ports)
                continue
            status, headers, raw = found
            return Answer(asked.address, str(url.copy_with(fragment=None)), status, headers, raw, at, is_moved and hop > 0)
        raise FetchError("too many redirects", f"leads on and on: {self.limits.redirects} redirects were followed")

    def _ask(self, asked: Asked, url: httpx2.URL, budget: Budget) -> _Redirect | tuple[int, tuple[tuple[str, str], ...], bytes]:
        """One request: where it leads, or status, headers and body."""
        backend = GuardedBackend(self.guard, budget, self.limits.ports)
        pool = httpcore2.ConnectionPool(
            self._trusted, max_connections=1, max_keepalive_connections=0, network_backend=backend, http2=False
        )
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        seconds = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), budget.seconds_left())}
        try:
            with pool, pool.stream("GET", target, headers=self._headers(asked, url), extensions=seconds) as response:
                headers = _read_headers(response.headers)
                said = dict(reversed(headers))  # of several the first
                if response.status in REDIRECTS and said.get("location"):
                    return _Redirect(said["location"], response.status in {301, 308})
                kept = tuple((name, value) for name, value in headers if name in KEPT_HEADERS)
                if response.status != 200:
                    return response.status, kept, b""
                self._check(said, asked.accepts)
                return 200, kept, unpacked(response.iter_stream(), said.get("content-encoding", ""), self.limits.bytes)
        except httpcore2.TimeoutException as fault:
            raise budget.too_slow() from fault
        except httpcore2.ConnectError as fault:
            raise FetchError("no connection", f"{url.host} could not be connected to ({_words(fault)}); try again later") from fault
        except httpcore2.NetworkError as fault:
            raise FetchError("cut short", f"{url.host} broke the connection ({_words(fault)}); try again later") from fault
        except httpcore2.ProtocolError as fault:
            reason = "cut short" if "closed connection" in str(fault) or "without sending" in str(fault) else "not http"
            raise FetchError(reason, f"{url.host} did not keep to HTTP ({_words(fault)})") from fault

    def _headers(self, asked: Asked, url: httpx2.URL) -> list[tuple[bytes, bytes]]:
        headers = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", self.agent),
            ("Accept", ", ".join(kind if "/" in kind and not kind.endswith("/") else f"{kind}*" for kind in asked.accepts)),
            ("Accept-Encoding", ACCEPTED),
            ("Connection", "close"),
        ]
        headers += [("If-None-Match", asked.etag)] if asked.etag else []
        headers += [("If-Modified-Since", asked.modified)] if asked.modified else []
        return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers]

    def _check(self, said: dict[str, str], accepts: Iterable[str]) -> None:
        """Raises FetchError for what need not be read to be refused: another kind of content, or too much of it."""
        kind = said.get("content-type", "").partition(";")[0].strip().lower()
        if kind and not any(kind.startswith(accepted) for accepted in accepts):
            raise FetchError("wrong type", f"is {kind[:60]!r}; a text or a web page was expected")
        length = said.get("content-length", "")
        if length.isdigit() and int(length) > self.limits.wire:
            raise FetchError("too large", f"has {int(length):,} bytes, more than the {self.limits.wire:,} that are read")


@dataclass(frozen=True)
class _Redirect:
    location: str
    is_moved: bool


def _read_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    read = [(name.decode("ascii", "replace").lower(), value.decode("latin-1")) for name, value in headers]
    if len(read) > MAX_HEADERS:
        raise FetchError("not http", f"sent {len(read)} header lines, more than the {MAX_HEADERS} that an answer may have")
    return read


def _words(fault: Exception) -> str:
    return " ".join(str(fault).split())[:120] or type(fault).__name__
