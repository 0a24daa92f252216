"""What every error that we raise on purpose has in common, and the one that says which extra to install."""

from __future__ import annotations


class Error(Exception):
    """The base of what is raised on purpose: the message says what is wrong, where, and what to do."""


class MissingExtraError(Error):
    """A library is not installed that an extra brings; the message has the command."""

    @classmethod
    def of(cls, library: str, extra: str) -> MissingExtraError:
        """Says that the library is missing and which extra brings it."""
        return cls(f"{library} is not installed: pip install 'dateline[{extra}]'")
