"""A publisher's server on this machine, well or ill meant: what it answers is said path by path, and what it was asked is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dateline.fetching.client import Client, Limits
from dateline.fetching.guard import Guard
from dateline.knowledge.addresses import AddressTables, load_address_tables

TABLES: AddressTables = load_address_tables()

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    headers: Mapping[str, str]


@dataclass
class Site:
    """The running server."""

    port: int
    routes: dict[str, Answering] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(
        self, path: str, body: bytes | str, *, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str
    ) -> None:
        """Answers with the body; `etag="…"` and the like become headers, and a request that knows the tag gets a 304."""
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer(handler: BaseHTTPRequestHandler) -> None:
            is_known = "etag" in named and handler.headers.get("If-None-Match") == named["etag"]
            is_known = is_known or ("last-modified" in named and handler.headers.get("If-Modified-Since") == named["last-modified"])
            handler.send_response(304 if is_known and status == 200 else status)
            for name, value in {"Content-Type": kind, **named}.items():
                handler.send_header(name, value)
            sent = b"" if is_known and status == 200 else raw
            if not is_known:
                handler.send_header("Content-Length", str(len(sent)))
            handler.end_headers()
            handler.wfile.write(sent)

        self.routes[path] = answer

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.page(path, b"", status=status, location=to)

    def pieces(self, path: str, pieces: Callable[[], Iterable[bytes]]) -> None:
        """Answers with these bytes as they are, head and all."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            for piece in pieces():
                handler.wfile.write(piece)
                handler.wfile.flush()

        self.routes[path] = answer

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.asked)


@contextmanager
def running() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(Request(self.path, {name.lower(): value for name, value in self.headers.items()}))
            with suppress(ConnectionError):  # whoever asked has had enough
                site.routes.get(self.path, missing)(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    def missing(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(404)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def moment() -> datetime:
    return datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


def client_of(site: Site, *, allowed: Iterable[str] = ("127.0.0.1",), resolve: object = None, **limits: object) -> Client:
    """A client that may ask this server: the guard is the one that everybody has, and is told of one address."""
    guard = Guard(TABLES, frozenset(allowed))
    if resolve is not None:
        guard = replace(guard, resolve=resolve)  # type: ignore[arg-type]
    told = {"seconds": 60.0, "ports": frozenset({site.port}), **limits}
    return Client(guard, moment, contact="editor@example.org", limits=Limits(**told))  # type: ignore[arg-type]
