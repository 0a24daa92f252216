"""The door to PostgreSQL: a connection, and what its refusals mean for whoever typed the command.

A password is never said: not in a message, not in what a failed connection tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from dateline.publishing.errors import BusyError, MissingExtraError, PublishError

if TYPE_CHECKING:
    from psycopg import Connection

OLDEST = 140000
"""PostgreSQL 14, the oldest that is still looked after by its makers (postgresql.org/support/versioning, 2026)."""

INSTALL = "pip install 'dateline[postgres]'"

ADVICE = (
    (("password", "authentication"), "Give the password in PGPASSWORD or ~/.pgpass, and check the user's name"),
    (("no pg_hba.conf entry",), "The server does not let this user in from here; its pg_hba.conf says who may"),
    (("permission denied",), "Ask the database's owner: GRANT CREATE ON DATABASE … TO …; or publish as who made the schema"),
    (("does not exist",), "Create the database first (createdb NAME), and check the user's name"),
    (("no space left",), "The server's disk is full. Nothing was changed; make room and run again"),
    (("timeout",), "Run again; if it lasts, ask who looks after the server"),
    (("connection refused",), "Is the server running there, and on that port?"),
    (("could not translate", "failed to resolve", "name or service"), "No machine has that name: check the address"),
    (("terminating connection", "server closed", "connection is lost"), "Nothing was changed; run again when it is back"),
    (("ssl", "certificate"), "How to encrypt is said in the address, as ?sslmode=require or verify-full with sslrootcert"),
)
"""What to do by words of what PostgreSQL says, the first that fit; before one is connected there is no code to go by."""


def psycopg_of() -> Any:
    """The library. Raises MissingExtraError with the command that installs it."""
    try:
        import psycopg
    except ImportError as fault:
        raise MissingExtraError(f"PostgreSQL is spoken with by psycopg, which is not installed. Install it: {INSTALL}") from fault
    return psycopg


def shown_address(address: str) -> str:
    """The address as it may be said: without password and options."""
    try:
        parts = urlsplit(address)
        user = f"{parts.username}@" if parts.username else ""
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"
    except ValueError:
        return "this address"


@contextmanager
def connected(address: str) -> Iterator[Connection[Any]]:
    """A connection with one transaction, which is committed when the block ends and undone when it raises.

    What the address does not say is taken from the environment (PGPASSWORD, PGSSLMODE, …; see libpq). Raises PublishError.
    """
    psycopg = psycopg_of()
    if not address.startswith(("postgresql://", "postgres://")):
        raise PublishError("not an address of PostgreSQL. Write postgresql://user@host/database; the password may be in PGPASSWORD")
    with explained(address):
        connection = psycopg.connect(address, application_name="dateline publish")
    with explained(address), connection:
        if connection.info.server_version < OLDEST:
            raise PublishError(
                f"{shown_address(address)}: PostgreSQL {connection.info.server_version // 10000}; 14 or later is needed"
            )
        connection.execute("SET TIME ZONE 'UTC'")
        yield connection


@contextmanager
def explained(address: str) -> Iterator[None]:
    """Raises PublishError for what PostgreSQL refuses, with what to do about it."""
    psycopg = psycopg_of()
    try:
        yield
    except psycopg.errors.LockNotAvailable as fault:
        advice = "Somebody holds a table of the schema; run again when they have finished"
        raise BusyError(f"{shown_address(address)}: waited in vain for a lock. {advice}") from fault
    except psycopg.Error as fault:
        raise PublishError(f"{shown_address(address)}: {_advice(fault, address)}") from fault


def _advice(fault: Any, address: str) -> str:
    said = _without_password(" ".join(str(fault).split()), address)
    lower = said.lower()
    for words, advice in ADVICE:
        if any(word in lower for word in words):
            return f"{said}. {advice}"
    return said


def _without_password(said: str, address: str) -> str:
    try:
        secret = urlsplit(address).password
    except ValueError:
        return "the address cannot be read"
    for form in filter(None, (secret, unquote(secret or ""))):
        said = said.replace(form, "…")
    return said
