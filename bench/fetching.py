"""Servers that mean ill, one attack after the other: what a fetch says, how long it takes, and how much memory it holds at most.

    python -m bench fetching [--seconds 10]

The server runs in a process of its own on this machine; the client's limits are those that everybody has, but for the seconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import socket
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import repeat
from multiprocessing.connection import Connection
from threading import Thread

from dateline.fetching.client import FEEDS, Answer, Asked, Client, Limits
from dateline.fetching.feeds import read_listing
from dateline.fetching.guard import Guard
from dateline.knowledge.addresses import load_address_tables
from dateline.records import Problem

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n"


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(1000)), packer.flush()])


def _sent(body: bytes, more: bytes = b"") -> Iterator[bytes]:
    yield HEAD + more + b"\r\n" + body


def _drip() -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        time.sleep(0.5)
        yield b"a"


def _laughs() -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE x [<!ENTITY l0 "ha">' + entities + b"]><rss><channel><item><title>&l9;</title></item></channel></rss>"


ATTACKS: dict[str, Callable[[], Iterator[bytes]]] = {
    "a gzip stream of a megabyte that unpacks to a gigabyte": lambda: _sent(_bomb(), b"Content-Encoding: gzip\r\n"),
    "a body without end": lambda: iter([HEAD + b"\r\n", *repeat(bytes(65536), 10_000)]),
    "a byte every half second": _drip,
    "headers without end": lambda: iter([b"HTTP/1.1 200 OK\r\n", *repeat(b"X: " + b"a" * 1000 + b"\r\n", 1_000_000)]),
    "redirects without end": lambda: iter([b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /4\r\n\r\n"]),
    "a redirect to another address of this machine": lambda: iter(
        [b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://localhost:8080/\r\n\r\n"]
    ),
    "a body shorter than it says": lambda: _sent(b"<rss>", b"Content-Length: 1000\r\n"),
    "a feed of a million items": lambda: _sent(b"<rss><channel>" + b"<item/>" * 1_000_000),
    "a feed of two megabytes of opened elements": lambda: _sent(b"<rss><channel><item>" + b"<a>" * 660_000),
    "a billion laughs in a feed": lambda: _sent(_laughs()),
    "a billion laughs in a sitemap": lambda: _sent(_laughs().replace(b"rss>", b"urlset>")),
}


def _serve(told: Connection) -> None:
    attacks = list(ATTACKS.values())
    _bomb()  # made before anybody waits for it
    listening = socket.create_server(("127.0.0.1", 0))
    told.send(listening.getsockname()[1])

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = connection.recv(65536).split(b" ")[1]
            for piece in attacks[int(asked[1:])]():
                connection.sendall(piece)

    while True:
        Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()


@dataclass(frozen=True)
class Row:
    """What an attack came to: seconds on the clock and of CPU, and megabytes that the process held at most so far."""

    attack: str
    outcome: str
    seconds: float
    cpu: float
    megabytes: float


def attack(port: int, number: int, name: str, seconds: float) -> Row:
    """One attack, from the request to what is made of the answer."""
    tables = load_address_tables()
    limits = Limits(seconds=seconds, ports=frozenset({port, 80, 443, 8080}))
    guard = Guard(tables, frozenset({"127.0.0.1"}), lambda host, port: ["::1" if host == "localhost" else host])
    client = Client(guard, lambda: datetime.now(UTC), limits=limits)
    begun, cpu = time.monotonic(), time.process_time()
    found = client.fetch(Asked(f"http://127.0.0.1:{port}/{number}", accepts=FEEDS))
    listed = read_listing(found.raw, found.address, tables) if isinstance(found, Answer) else found
    entries = 0 if isinstance(listed, Problem) else len(listed.entries)
    outcome = listed.reason if isinstance(listed, Problem) else f"{entries} entries read"
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(name, outcome, time.monotonic() - begun, time.process_time() - cpu, held)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench attacks", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="What a fetch may take in all.")
    options = parser.parse_args(argv)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        port = ours.recv()
        print(f"{'attack':<56}{'outcome':<22}{'s':>6}{'cpu s':>7}{'MB':>6}")
        for number, name in enumerate(ATTACKS):
            row = attack(port, number, name, options.seconds)
            print(f"{row.attack:<56}{row.outcome:<22}{row.seconds:>6.1f}{row.cpu:>7.1f}{row.megabytes:>6.0f}", flush=True)
    finally:
        server.kill()
        server.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
