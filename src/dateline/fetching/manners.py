"""Manners: how often a host is asked, and when it is left alone. What it is worth knowing of a host outlives a run.

A host is asked one thing at a time and no sooner than its rules say; one that says it has too much to do is left alone as long as
it asks for, one that keeps failing ever longer. Hosts do not wait for one another.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Queue
from typing import Protocol

from dateline.fetching.addresses import host_of
from dateline.fetching.client import Answer, Asked, Client
from dateline.fetching.faults import FetchError
from dateline.fetching.robots import Robots, robots_of
from dateline.records import Problem

DELAY = 2.0
"""Seconds between two requests to a host that does not say."""

LONGEST_DELAY = 60.0
"""Seconds beyond which a host's wish for a delay is met by asking it for one thing only, and for the rest another time."""

FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)
PATIENT = 3
"""Failures in a row before a host is rested; one that says it is busy is rested at once."""

BUSY = frozenset({429, 503})

OF_THE_HOST = frozenset({"unresolved", "no connection", "not http", "too slow", "cut short"})
"""Reasons of Problems that say something of the host rather than of the page."""

LANES = 8
"""Hosts that are asked at once."""


@dataclass(frozen=True)
class Standing:
    """How things are with a host: failures in a row, and until when it is left alone (None: it is not)."""

    host: str
    failures: int = 0
    rested_until: datetime | None = None

    def rests(self, now: datetime) -> bool:
        return self.rested_until is not None and now < self.rested_until


@dataclass(frozen=True)
class Postponed:
    """Was not asked for; may be at `until`."""

    asked: Asked
    until: datetime
    why: str


Found = Answer | Problem | Postponed


class Memory(Protocol):
    """Where standings and rules are kept between runs. Threads call it."""

    def standing(self, host: str) -> Standing: ...
    def keep_standing(self, standing: Standing) -> None: ...
    def robots(self, host: str) -> Robots | None: ...
    def keep_robots(self, robots: Robots) -> None: ...


def after(standing: Standing, found: Answer | Problem, now: datetime, jitter: float) -> Standing:
    """How things are with a host once it has answered, or has not. `jitter` from 0 to 1 spreads rests from ¾ to 1¼ of their length,
    so that all who were turned away do not come back at once.

    The first rest is a minute, each further one twice as long, up to six hours; Retry-After is kept if it asks for more,
    up to a day.
    """
    is_busy = isinstance(found, Answer) and found.status in BUSY
    has_failed = is_busy or (found.status >= 500 if isinstance(found, Answer) else found.reason in OF_THE_HOST)
    if not has_failed:
        return Standing(standing.host)
    failures = standing.failures + 1
    if not is_busy and failures < PATIENT:
        return replace(standing, failures=failures, rested_until=None)
    rests = failures - (0 if is_busy else PATIENT - 1)
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(rests - 1, 20)) * (0.75 + jitter / 2)
    asked_for = retry_after(found, now) if isinstance(found, Answer) else None
    return Standing(standing.host, failures, now + max(rest, min(asked_for or rest, timedelta(days=1))))


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """How long the answer asks us to wait, in seconds or by a date; it does not say, or not so that it can be read: None."""
    said = (answer.header("retry-after") or "").strip()
    if said.isdigit():
        return timedelta(seconds=min(int(said), 10**7))
    try:
        return max(timedelta(0), parsedate_to_datetime(said) - now)
    except (TypeError, ValueError, IndexError, OverflowError):  # no date, or one without a time zone
        return None


@dataclass
class _Turn:
    """Whose turn it is with a host, and when it was asked last (by the monotonic clock; None: never)."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float | None = None


@dataclass
class Visitor:
    """Asks many hosts for many things, each with manners. `stop`, once set, ends all waits."""

    client: Client
    memory: Memory
    delay: float = DELAY
    lanes: int = LANES
    stop: threading.Event = field(default_factory=threading.Event)
    jitter: Callable[[], float] = random.random
    _turns: dict[str, _Turn] = field(default_factory=dict, repr=False)

    def visit(self, asks: Iterable[Asked]) -> Iterator[tuple[Asked, Found]]:
        """What came of each, as it comes; of one host in the order given. When the caller leaves off, no more is asked for."""
        by_host: dict[str, list[Asked]] = {}
        for asked in asks:
            by_host.setdefault(host_of(asked.address), []).append(asked)
        hosts: Queue[str | None] = Queue()
        for host in by_host:
            hosts.put(host)
        done: Queue[tuple[Asked, Found] | BaseException | None] = Queue()
        leaving = threading.Event()

        def work() -> None:
            try:
                while (host := hosts.get()) is not None:
                    with closing(self._of_host(host, by_host[host], leaving)) as found:
                        for pair in found:
                            done.put(pair)
            except BaseException as fault:  # a bug of ours: it must reach whoever waits
                done.put(fault)
            finally:
                done.put(None)

        number = min(self.lanes, len(by_host))
        for _ in range(number):
            hosts.put(None)
            threading.Thread(target=work, daemon=True).start()
        try:
            while number:
                found = done.get()
                if found is None:
                    number -= 1
                elif isinstance(found, BaseException):
                    raise found
                else:
                    yield found
        finally:
            leaving.set()

    def _of_host(self, host: str, asks: list[Asked], leaving: threading.Event) -> Generator[tuple[Asked, Found]]:
        turn = self._turns.setdefault(host, _Turn())
        for number, asked in enumerate(asks):
            with turn.lock:  # another visit may be going on, and a host is asked one thing at a time
                found = self._in_turn(host, asked, turn, leaving)
            if isinstance(found, Postponed):
                yield from ((left, replace(found, asked=left)) for left in asks[number:])
                return
            yield asked, found

    def _in_turn(self, host: str, asked: Asked, turn: _Turn, leaving: threading.Event) -> Found:
        now = self.client.now()
        standing = self.memory.standing(host)
        if standing.rests(now) and standing.rested_until:
            until = standing.rested_until
            return Postponed(asked, until, f"{host} is left alone until {until:%Y-%m-%d %H:%M} UTC")
        if turn.last is not None:
            delay = max(self.delay, self._rules(host, asked.address).delay)
            left = turn.last + delay - time.monotonic()
            if left > LONGEST_DELAY:
                return Postponed(asked, now + timedelta(seconds=delay), f"{host} asks for {delay:g} seconds between two requests")
            self.stop.wait(max(0.0, left))
        if self.stop.is_set() or leaving.is_set():
            return Postponed(asked, now, "stopped")
        found = self.client.fetch(asked, self._check)
        turn.last = time.monotonic()
        self.memory.keep_standing(after(standing, found, self.client.now(), self.jitter()))
        return found

    def _check(self, address: str) -> None:
        """Before each hop. Raises FetchError ("not allowed") where robots.txt says so."""
        host = host_of(address)
        rules = self._rules(host, address)
        if rules.is_closed:
            raise FetchError("not allowed", f"the robots.txt of {host} cannot be had, so nothing is asked for; try again later")
        if not rules.allows(address):
            raise FetchError("not allowed", f"the robots.txt of {host} asks programs not to read it")

    def _rules(self, host: str, address: str) -> Robots:
        known = self.memory.robots(host)
        if known is not None and known.holds(self.client.now()):
            return known
        scheme = address.partition(":")[0]
        found = self.client.fetch(Asked(f"{scheme}://{host}/robots.txt", accepts=("text/", "application/")))
        rules = robots_of(host, found, self.client.now())
        self.memory.keep_robots(rules)
        return rules
