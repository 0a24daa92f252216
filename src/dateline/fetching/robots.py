"""What a host's robots.txt asks of us (RFC 9309), and for how long that is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from protego import Protego

from dateline.fetching.client import Answer
from dateline.records import Problem

PRODUCT = "dateline"
"""The name that a group of rules is looked for by; without one, those for everybody hold."""

BELIEVED = timedelta(days=1)
"""How long rules hold before they are asked for again: what the standard says."""

CLOSED = timedelta(hours=1)
"""How long a host whose robots.txt cannot be had is left alone: an error of its server may be over soon."""

MOST = 512_000
"""Bytes of a robots.txt that are read: what the standard says, and its maker too."""


@dataclass(frozen=True)
class Robots:
    """A host's rules as they were at a moment. `text` None: it has none, or they could not be had (then `is_closed`)."""

    host: str
    text: str | None
    is_closed: bool
    at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether they are still believed, and need not be asked for again."""
        return self.at <= now < self.at + (CLOSED if self.is_closed else BELIEVED)

    def allows(self, address: str) -> bool:
        """Whether we may ask for that address."""
        return not self.is_closed and (self._rules is None or bool(self._rules.can_fetch(address, PRODUCT)))

    @property
    def delay(self) -> float:
        """Seconds that should lie between two requests; nothing is said: 0."""
        if self._rules is None:
            return 0.0
        rate = self._rules.request_rate(PRODUCT)
        return max(float(self._rules.crawl_delay(PRODUCT) or 0.0), rate.seconds / rate.requests if rate and rate.requests else 0.0)

    @cached_property
    def _rules(self) -> Any:
        return Protego.parse(self.text) if self.text else None


def robots_of(host: str, found: Answer | Problem, at: datetime) -> Robots:
    """The rules that came of asking for them.

    A status of 4xx says that there are none. With 429, 5xx, or no answer at all the host is closed for a while: it may have rules,
    and nobody can say which.
    """
    if isinstance(found, Answer):
        if found.status == 200:
            return Robots(host, found.raw[:MOST].decode("utf-8-sig", "replace"), False, at)
        if 400 <= found.status < 500 and found.status != 429:
            return Robots(host, None, False, at)
    elif found.reason in {"wrong type", "too large", "bad encoding", "bad address", "forbidden address"}:
        # A page for people in its place; or the host itself may not be asked, which it is better to say of what was asked for.
        return Robots(host, None, False, at)
    return Robots(host, None, True, at)
