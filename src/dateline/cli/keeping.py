"""Commands that look after a ledger: validate, compact, board, migrate."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, AsOf, LedgerFolder
from dateline.cli.printing import parts, print_json, say, shows_bars
from dateline.cli.shared import now, open_existing

if TYPE_CHECKING:
    from dateline.ledger.validate import Fault


@app.command()
def validate(
    is_strict: Annotated[bool, typer.Option("--strict", help="Each row must be what its record gives, column for column.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Show the first N faults; with --json all are shown.")] = 20,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Proves a ledger: files against receipts, reports against their hashes, every span against its document's text.

    \b
    dateline validate
    dateline validate --strict --json | jq -r .where

    Exit status 4 when there are faults.
    """
    from rich.console import Console
    from rich.progress import Progress

    from dateline.ledger import validate as checks

    faults: list[Fault] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not shows_bars()) as bar:
        task = bar.add_task("validating", total=None)
        for fault in checks.validate(
            open_existing(ledger),
            is_strict=is_strict,
            on_progress=lambda done, of: bar.update(task, completed=done, total=of),
        ):
            faults.append(fault)
            if as_json:
                typer.echo(json.dumps(asdict(fault), ensure_ascii=False))
    if not as_json:
        for fault in faults[:limit]:
            typer.echo(f"{fault.where}: {fault.what}")
        if len(faults) > limit:
            say(f"{len(faults) - limit:,} more; --limit or --json shows them")
    if faults:
        say(f"{len(faults):,} fault{'s' * (len(faults) > 1)}. What is missing or changed can be restored from a copy of the ledger")
        raise typer.Exit(Exit.FAULTS_FOUND)
    say("no fault: every file is as it was written, and every span has its words")


@app.command()
def compact(as_json: AsJson = False, ledger: LedgerFolder = DEFAULT_LEDGER) -> None:
    """Puts many small files of a ledger together into few large ones; what can be read stays the same.

    Others may read and add meanwhile, and a run that was killed has changed nothing. Replaced files are removed an hour later,
    by `dateline add` or the next run of this command.

    \b
    dateline compact
    """
    book = open_existing(ledger)
    done = book.compact(made_at=now())
    book.sweep()
    if as_json:
        print_json(asdict(done))
    if done.is_lost:
        say("another process compacted this ledger at the same time; nothing was changed")
    elif not done.written:
        say("nothing to put together")
    else:
        say(f"{done.shards:,} shards sealed, {done.written:,} volumes written; {done.volumes:,} hold {done.claims:,} claims")


@app.command()
def board(
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", envvar="DATELINE_WORKERS", help="Processes that share the work; otherwise one a core."),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Puts all events in columns for the page, ahead of who looks at it; what is there already is taken over.

    `dateline serve` does so by itself, in the background: of a large ledger it takes minutes, which this lets you choose. It can be
    stopped, and goes on where it was.

    \b
    dateline board
    """
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.board_upkeep import bring_up_board

    book = open_existing(ledger)
    with parts("putting events in columns") as on_part:
        made = bring_up_board(
            book,
            load_accounts(),
            as_of=as_of,
            workers=workers or os.cpu_count() or 1,
            on_making=lambda making: on_part(making.done, making.of),
        )
    if as_json:
        print_json({"events": len(made)})
    say(f"{len(made):,} events are in columns")


@app.command()
def migrate(as_json: AsJson = False, ledger: LedgerFolder = DEFAULT_LEDGER) -> None:
    """Raises a ledger to the format of this dateline, in one step; run again it does nothing.

    \b
    dateline migrate
    """
    from dateline.ledger.store import migrate as raise_format

    before, after = raise_format(open_existing(ledger).path)
    if as_json:
        print_json({"before": before, "after": after})
    say(f"of format {after} already" if before == after else f"from format {before} to {after}; an older dateline refuses it now")
