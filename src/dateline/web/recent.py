"""The few things that were asked for last, kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """At most `size` things by their keys; of more, the one that was asked for longest ago is let go. For many threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """What is kept under the key; nothing: None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, value: T) -> T:
        """Keeps it, and gives it back."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self.size:
                self._held.popitem(last=False)
        return value

    def values(self) -> tuple[T, ...]:
        """All that is kept, the one asked for last at the end."""
        with self._lock:
            return tuple(self._held.values())
