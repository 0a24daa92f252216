"""The application: what an exit status says, and where errors become a line on standard error."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dateline.cli.printing import say, write_utf8
from dateline.ledger.errors import LedgerError


class Exit(IntEnum):
    """What the exit status says."""

    OK = 0
    ERROR = 1
    USAGE = 2
    SOME_FAILED = 3
    FAULTS_FOUND = 4
    LOCKED = 5
    MISSING_PART = 6
    INTERRUPTED = 130


class StopError(Exception):
    """Ends the command with that message and status."""

    def __init__(self, message: str, status: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.status = status


class Rim(TyperGroup):
    """Where an error that has an explanation becomes a line on standard error and an exit status; any other is a bug and shows."""

    def invoke(self, ctx: Any) -> Any:
        write_utf8()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read our output has had enough ("| head"): nothing is wrong. Python would flush once more, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.OK) from None
        except KeyboardInterrupt:
            say("interrupted; `dateline add` keeps what it had coded and, run again, goes on from there")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except StopError as stop:
            say(f"error: {stop}")
            raise typer.Exit(stop.status) from None
        except LedgerError as fault:
            say(f"error: {fault}")
            raise typer.Exit(Exit.ERROR) from None
        except OSError as fault:
            say(f"error: {fault.filename or 'a file'}: {fault.strerror or fault}")
            raise typer.Exit(Exit.ERROR) from None
        return result

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """`dateline LEDGER` serves that ledger: a folder that is one names no command."""
        if args[0] not in self.commands and Path(args[0], "ledger.json").is_file():
            args = ["serve", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Rim,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def dateline(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Reads news reports and keeps a ledger of what they say happened: who did what to whom, when, where, how many, on whose word.

    \b
    dateline code story.html                  read one report
    dateline report story.html -o story.html  the same as a page for the browser
    dateline add news/                        enter a folder in the ledger
    dateline find --type PROTEST              ask the ledger
    dateline dateline-ledger                  look at it in a browser: the same as `dateline serve`

    \b
    Exit status: 0 done, 1 error, 2 wrong usage, 3 done but some reports failed,
    4 a ledger was checked and has faults, 5 somebody else is at it, or a later dateline was, 6 the language model,
    an engine or an extra is not installed, 130 interrupted.
    """
