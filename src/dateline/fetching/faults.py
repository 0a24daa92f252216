"""Why a fetch was given up: raised inside this room, and a Problem outside it."""

from __future__ import annotations

from dateline.records import Problem


class FetchError(Exception):
    """A fetch cannot go on. `reason` is the Problem's short code; the message completes "<address>: …"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def as_problem(self, address: str) -> Problem:
        """The Problem of the address that was asked for."""
        return Problem("fetching", self.reason, f"{address}: {self}", address, is_fatal=True)
