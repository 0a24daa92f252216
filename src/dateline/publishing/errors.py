"""What can keep a ledger from being published, each with what to do."""

from __future__ import annotations


class PublishError(Exception):
    """Nothing was published; the database is as it was. The message says why and what to do."""


class MissingExtraError(PublishError):
    """The library that speaks with PostgreSQL is not installed."""


class BusyError(PublishError):
    """Another publisher is at work on the schema."""


class NewerSchemaError(PublishError):
    """A later dateline made the schema."""
