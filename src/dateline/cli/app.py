"""The application: what an exit status says, and where errors become a line on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from logging import getLogger
from pathlib import Path
from time import monotonic
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
            with logged(ctx):
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
            from dateline.operation.faults import explained

            words = f"{fault.filename or 'a file'}: {fault.strerror or fault}"
            say(f"error: {explained(fault) or words}")
            raise typer.Exit(Exit.ERROR) from None
        return result

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """`dateline LEDGER` serves that ledger: a folder that is one names no command."""
        if args[0] not in self.commands and Path(args[0], "ledger.json").is_file():
            args = ["serve", *args]
        return super().resolve_command(ctx, args)


@contextmanager
def logged(ctx: Any) -> Iterator[None]:
    """Logs that a command began and how it ended; its arguments are left out, since an address may hold a password."""
    log, began = getLogger("dateline.run"), monotonic()
    said: dict[str, Any] = {"status": Exit.ERROR}
    try:
        yield
        said["status"] = Exit.OK
    except (StopError, typer.Exit) as end:
        said["status"] = end.status if isinstance(end, StopError) else end.exit_code
        raise
    except KeyboardInterrupt:
        said["status"] = Exit.INTERRUPTED
        raise
    except Exception as fault:
        said["fault"] = type(fault).__name__
        raise
    finally:
        seconds = round(monotonic() - began, 3)
        log.info("run ended", extra={"command": ctx.invoked_subcommand, "seconds": seconds, **said, "status": int(said["status"])})


app = typer.Typer(
    cls=Rim,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version_said() -> str:
    from importlib.metadata import version

    return f"dateline {version('dateline')}"


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(_version_said())
        raise typer.Exit


@app.callback()
def dateline(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    log: Annotated[
        str | None,
        typer.Option(
            "--log", metavar="FILE", envvar="DATELINE_LOG", help="Log runs, fetches and faults there, as JSON lines; -: here."
        ),
    ] = None,
) -> None:
    """Reads news reports and keeps a ledger of what they say happened: who did what to whom, when, where, how many, on whose word.

    \b
    dateline code story.html                  read one report
    dateline report story.html -o page.html   the same as a page for the browser
    dateline add news/                        enter a folder in the ledger
    dateline find --type PROTEST              ask the ledger
    dateline dateline-ledger                  look at it in a browser: the same as `dateline serve`

    \b
    Exit status: 0 done, 1 error, 2 wrong usage, 3 done but some reports failed,
    4 a ledger was checked and has faults, 5 somebody else is at it, or a later dateline was, 6 the language model,
    an engine or an extra is not installed, 130 interrupted.
    """
    from dateline.operation.logs import end_log, log_to

    if log is not None:
        handler = log_to(log)
        context.call_on_close(lambda: end_log(handler))
        getLogger("dateline.run").info("run began", extra={"command": context.invoked_subcommand, "program": _version_said()})
