"""Who may come in, who is in, and who has tried too often: for servers that others can reach."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.web.users import Users, person, read_users

FREE_TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that somebody waits at most after many failed tries: enough against guessing, and nobody is locked out for long."""
IDLE = 12 * 3600.0
"""Seconds after which a visit ends when nothing was asked for."""
MOST_KEPT = 10_000
AT_ONCE = 2
"""Passwords that are checked at the same time, each of which takes 32 MB."""


@dataclass(frozen=True)
class Refused:
    """Somebody was not let in. `wait` is how many seconds to wait before the next try; 0: none."""

    wait: float = 0.0


class Doorkeeper:
    """Who may come in, who is in, and who has tried too often. The file is read again when it has changed."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._checking = threading.Semaphore(AT_ONCE)
        self._visits: dict[str, tuple[str, float]] = {}
        self._failed: dict[str, tuple[int, float]] = {}
        self._read: tuple[int, Users] | None = None

    def users(self) -> Users:
        """Those who may come in, as the file has them now."""
        changed = self.file.stat().st_mtime_ns if self.file.exists() else 0
        if self._read is None or self._read[0] != changed:
            self._read = (changed, read_users(self.file))
        return self._read[1]

    def let_in(self, name: str, password: str, address: str) -> str | Refused:
        """A new visit for a user whose password is right; wrong, or tried too often by that name or from that address: refused."""
        kept = person(name) or ""
        tried = (f"name {kept}", f"address {address}")
        with self._lock:
            if (wait := max(map(self._wait, tried))) > 0:
                return Refused(wait)
        with self._checking:
            is_admitted = self.users().admits(kept, password)
        with self._lock:
            now = self._clock()
            if not is_admitted:
                for key in tried:
                    self._failed[key] = (self._failed.get(key, (0, 0.0))[0] + 1, now)
                _shorten(self._failed)
                return Refused()
            for key in tried:
                self._failed.pop(key, None)
            visit = secrets.token_urlsafe(24)
            self._visits[visit] = (kept, now)
            _shorten(self._visits)
            return visit

    def name_of(self, visit: str | None) -> str | None:
        """Who came in with that visit; it has ended, or they may no longer come in: None."""
        with self._lock:
            name, last = self._visits.get(visit or "", ("", 0.0))
            now = self._clock()
            if not visit or not name:
                return None
            if now - last > IDLE or name not in self.users().names:
                del self._visits[visit]
                return None
            self._visits[visit] = (name, now)
            return name

    def let_out(self, visit: str | None) -> None:
        with self._lock:
            self._visits.pop(visit or "", None)

    def _wait(self, key: str) -> float:
        times, last = self._failed.get(key, (0, 0.0))
        wait = 0.0 if times <= FREE_TRIES else min(LONGEST_WAIT, 2.0 ** (times - FREE_TRIES))
        return max(0.0, last + wait - self._clock())


def _shorten(kept: dict[str, tuple[Any, float]]) -> None:
    """Drops the oldest when there are too many: whoever tries names without end must not fill the memory."""
    while len(kept) > MOST_KEPT:
        del kept[min(kept, key=lambda key: kept[key][1])]
