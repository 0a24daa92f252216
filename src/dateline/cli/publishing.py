"""The command that publishes a ledger to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder
from dateline.cli.printing import print_json, say, steps
from dateline.cli.shared import now, open_existing

if TYPE_CHECKING:
    from dateline.ledger.store import Ledger
    from dateline.publishing.publish import Published

EVERY = 10
"""Seconds between two looks at the ledger; one that finds nothing new reads the names of the receipts."""


@app.command()
def publish(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", envvar="DATELINE_DATABASE", help="postgresql://user@host/database.", show_default=False),
    ],
    schema: Annotated[str, typer.Option(metavar="NAME", help="The schema to publish to; made if there is none.")] = "dateline",
    is_whole: Annotated[
        bool, typer.Option("--history", help="Work out events as of every earlier moment, also where that takes hours.")
    ] = False,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Say what would be published, and change nothing.")] = False,
    is_watching: Annotated[bool, typer.Option("--watch", help="Stay, and publish what is new until stopped.")] = False,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Publishes a ledger to PostgreSQL: claims, documents, quotations, events, judgements and alerts, as of any moment.

    Called again, it enters what is new, in one transaction. Where the address says no password it is taken from PGPASSWORD or
    ~/.pgpass, and PGSSLMODE and the like are kept to (docs/postgresql.md).

    \b
    dateline publish postgresql://me@localhost/news
    dateline publish postgresql://me@localhost/news --watch

    Exit status 5: another publisher is at work, or a later dateline made the schema; 6: an extra is missing
    (`pip install 'dateline[postgres]'`).
    """
    from dateline.publishing.publish import unpublished
    from dateline.publishing.server import connected, shown_address

    book = open_existing(ledger)
    with publish_errors():
        if is_dry:
            with connected(address) as connection:
                lacking = unpublished(book, connection, schema=schema)
            if as_json:
                print_json(lacking)
            else:
                counted = ", ".join(f"{number:,} {what}" for what, number in lacking.items() if number)
                typer.echo(f"{shown_address(address)}, schema {schema}: {counted or 'nothing'} to publish; nothing was changed")
            return
        _publish(book, address, schema, is_whole=is_whole, as_json=as_json)
        while is_watching:
            sleep(EVERY)
            _publish(book, address, schema, is_whole=False, as_json=as_json, is_quiet=True)


def _publish(book: Ledger, address: str, schema: str, *, is_whole: bool, as_json: bool, is_quiet: bool = False) -> None:
    from dateline.publishing.publish import publish as publish_ledger
    from dateline.publishing.server import connected

    with steps() as on_step, connected(address) as connection:
        done = publish_ledger(book, connection, schema=schema, now=now(), is_whole=is_whole, on_step=on_step)
    if as_json and (done.is_new or not is_quiet):
        print_json(asdict(done))
    elif done.is_new or not is_quiet:
        _tell(done, schema)


def _tell(done: Published, schema: str) -> None:
    for sentence in done.said:
        say(sentence)
    if not done.is_new:
        say(f"nothing new: {schema} has everything")
        return
    counted = {**done.rows, "judgements": done.judgements, "versions of events": done.events}
    typer.echo(", ".join(f"{number:,} {what}" for what, number in counted.items() if number) or "nothing that any table shows")
    if done.history_from is not None:
        moment = done.history_from.isoformat(" ", "seconds")
        say(f"events can be asked as of {moment} and later; --history works out what was known before")


@contextmanager
def publish_errors() -> Iterator[None]:
    from dateline.publishing.errors import BusyError, MissingExtraError, NewerSchemaError, PublishError

    try:
        yield
    except MissingExtraError as fault:
        raise StopError(str(fault), Exit.MISSING_PART) from fault
    except (BusyError, NewerSchemaError) as fault:
        raise StopError(str(fault), Exit.LOCKED) from fault
    except PublishError as fault:
        raise StopError(str(fault)) from fault
    except KeyboardInterrupt:
        say("interrupted: what was published before is as it was")
        raise typer.Exit(Exit.INTERRUPTED) from None
