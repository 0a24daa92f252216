"""The way out: connections are made to addresses that were looked at, within a budget of seconds and bytes, and to no others.

A name is resolved once for each connection, and the connection goes to an address that was found then and was looked at: between
the look and the connection nobody can put another one in its place (DNS rebinding), and a redirect to this machine is looked at
like any other. TLS is still asked for the name. Nothing is sent through a proxy, which would resolve names by itself.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from dateline.fetching.faults import FetchError
from dateline.knowledge.addresses import AddressTables

Resolve = Callable[[str, int], Sequence[str]]
"""The IP addresses of a host, best first. Raises OSError when it has none."""


def resolve(host: str, port: int) -> Sequence[str]:
    """As this machine resolves names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


@dataclass(frozen=True)
class Guard:
    """Which addresses may be connected to. `allowed` are single IP addresses that may be in spite of the table: a server of one's
    own on this machine."""

    tables: AddressTables
    allowed: frozenset[str] = frozenset()
    resolve: Resolve = resolve

    def addresses_of(self, host: str, port: int, seconds: float) -> tuple[str, ...]:
        """The addresses that a connection to the host may go to, best first.

        Raises FetchError: "unresolved" when there is none within so many seconds, "forbidden address" when none may be used.
        """
        found = within(seconds, lambda: self.resolve(host, port), host)
        refusals = {address: None if address in self.allowed else self.tables.refusal(address) for address in found}
        usable = tuple(address for address, refusal in refusals.items() if refusal is None)
        if not usable:
            said = ", ".join(f"{address} ({refusal})" for address, refusal in refusals.items())
            raise FetchError("forbidden address", f"{host} is {said}; only public addresses are connected to")
        return usable


def within(seconds: float, ask: Callable[[], Sequence[str]], host: str) -> Sequence[str]:
    """The answer, if it comes in time: a resolver cannot be stopped, but need not be waited for."""
    answers: list[Sequence[str]] = []
    faults: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except (OSError, UnicodeError) as fault:
            faults.append(fault)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if answers and answers[0]:
        return answers[0]
    why = f" ({faults[0]})" if faults else "" if answers else " in time"
    raise FetchError("unresolved", f"no address was found for {host}{why}; is the name right, and is this machine online?")


@dataclass
class Budget:
    """What one fetch may take, redirects included: seconds until it must be over, bytes that may come in."""

    seconds: float
    most: int
    received: int = 0
    started: float = field(default_factory=time.monotonic)

    def seconds_left(self) -> float:
        """Raises FetchError ("too slow") when there are none."""
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def take(self, number: int) -> None:
        """Counts bytes that came in, headers too. Raises FetchError ("too large") when they are too many."""
        self.received += number
        if self.received > self.most:
            raise FetchError("too large", f"sent more than {self.most:,} bytes, and was stopped")

    def too_slow(self) -> FetchError:
        return FetchError("too slow", f"took longer than {self.seconds:g} seconds in all, and was stopped")


@dataclass
class GuardedStream(httpcore2.NetworkStream):
    """A connection that counts what comes in, and of which every wait ends with the budget."""

    inner: httpcore2.NetworkStream
    budget: Budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self.inner.read(max_bytes, self.budget.seconds_left())
        self.budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.budget.seconds_left())

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return GuardedStream(self.inner.start_tls(ssl_context, server_hostname, self.budget.seconds_left()), self.budget)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


@dataclass
class GuardedBackend(httpcore2.NetworkBackend):
    """Makes connections: to addresses that the guard lets through, and within the budget."""

    guard: Guard
    budget: Budget
    ports: Collection[int]
    inner: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        if port not in self.ports:
            raise FetchError("forbidden address", f"port {port} is not connected to")
        *others, last = self.guard.addresses_of(host, port, self.budget.seconds_left())
        for address in others:
            try:
                # A quarter of what is left for each: a host whose first address is dead must not cost the fetch.
                return self._connected(address, port, self.budget.seconds_left() / 4)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return self._connected(last, port, self.budget.seconds_left())

    def _connected(self, address: str, port: int, timeout: float) -> GuardedStream:
        return GuardedStream(self.inner.connect_tcp(address, port, timeout, None, ()), self.budget)
