"""Commands for whoever looks after a ledger and its machine: backup, restore, doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder
from dateline.cli.printing import print_json, say, shows_bars
from dateline.cli.shared import now, open_existing


@app.command()
def backup(
    folders: Annotated[list[Path], typer.Argument(metavar="LEDGER DEST", help="The ledger, and the folder of its back-ups.")],
    is_verified: Annotated[bool, typer.Option("--verify", help="Of a DEST alone: hold every copy in it against its hash.")] = False,
    as_json: AsJson = False,
) -> None:
    """Backs a ledger up, while others may add and judge: only what is new is copied, and each copy is held against its hash.

    \b
    dateline backup dateline-ledger backups
    dateline backup --verify backups

    Exit status 4 when a copy is not what it was.
    """
    from importlib.metadata import version

    from dateline.operation import backup as backups

    if len(folders) != (1 if is_verified else 2):
        raise StopError("give LEDGER and DEST, or with --verify DEST alone", Exit.USAGE)
    with backup_errors(), _bytes("verifying" if is_verified else "copying") as on_file:
        if is_verified:
            number, faults = backups.verify(folders[0], on_file=on_file)
        else:
            book, program = open_existing(folders[0]), f"dateline {version('dateline')}"
            done = backups.back_up(book, folders[1], made_at=now(), program=program, on_file=on_file)
    if not is_verified:
        if as_json:
            print_json(asdict(done))
        else:
            new = f"{done.copied_files:,} were new, {done.copied_bytes:,} bytes"
            typer.echo(f"{done.name}: {done.files:,} files, {done.bytes:,} bytes; {new}")
        return
    if as_json:
        print_json({"files": number, "faults": faults})
    else:
        for fault in faults:
            typer.echo(fault)
    if faults:
        say(f"{len(faults):,} fault{'s' * (len(faults) > 1)}. Back the ledger up to another folder, while it is whole")
        raise typer.Exit(Exit.FAULTS_FOUND)
    say(f"no fault: {number:,} files are what was copied")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="DEST", help="The folder of the back-ups.")],
    ledger: Annotated[Path, typer.Argument(metavar="LEDGER", help="Where the ledger is to be: a folder that is not there yet.")],
    name: Annotated[
        str | None, typer.Option("--snapshot", metavar="NAME", help="Which, as `dateline backup` said; else the latest.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Makes the ledger that was backed up. Nothing is written over: a folder that has something in it is refused.

    \b
    dateline restore backups restored-ledger
    dateline validate --ledger restored-ledger
    """
    from dateline.operation import backup as backups

    with backup_errors(), _bytes("restoring") as on_file:
        snapshot = backups.restore(source, ledger, name=name, on_file=on_file)
    if as_json:
        print_json({"made_at": snapshot.made_at, "files": len(snapshot.files)})
    say(f"{len(snapshot.files):,} files as of {snapshot.made_at}; `dateline validate --ledger {ledger}` reads them all")


@app.command()
def doctor(as_json: AsJson = False, ledger: LedgerFolder = DEFAULT_LEDGER) -> None:
    """Looks at machine, install and ledger, and says of everything that is amiss what to do. Nothing is changed.

    \b
    dateline doctor
    dateline doctor --json --ledger dateline-ledger

    Exit status 4 when something is at fault; a warning alone leaves it 0.
    """
    from dateline.language.models import SHIPPED
    from dateline.operation.doctor import Level, examine

    signs = {Level.OK: "  ", Level.NOTE: "· ", Level.WARNING: "! ", Level.FAULT: "✗ "}
    levels = []
    for finding in examine(ledger, SHIPPED, now=now()):
        levels.append(finding.level)
        if as_json:
            print_json(asdict(finding))
        else:
            typer.echo(f"{signs[finding.level]}{finding.about:<16}{finding.said}")
            if finding.advice:
                typer.echo(f"  {'':<16}→ {finding.advice}")
    if Level.FAULT in levels:
        raise typer.Exit(Exit.FAULTS_FOUND)


@contextmanager
def backup_errors() -> Iterator[None]:
    from dateline.operation.backup import BackupError

    try:
        yield
    except BackupError as fault:
        raise StopError(str(fault)) from fault


@contextmanager
def _bytes(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar of bytes on standard error, if somebody looks at a terminal there."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn(what), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not shows_bars()) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
