"""The application: what an exit status says, and where errors become a line on standard error."""

from __future__ import annotations

import itertools
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

from dateline.cli.printing import MANNER, Manner, complain, say_more, write_utf8
from dateline.cli.settings import FILE_NAME, Settings, SettingsError, defaults, find_file, read_settings
from dateline.errors import MissingExtraError
from dateline.ledger.errors import LedgerError, NewerLedgerError, StaleError


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
            complain("interrupted; `dateline add` keeps what it had coded and, run again, goes on from there")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except StopError as stop:
            _tell_error(str(stop))
            raise typer.Exit(stop.status) from None
        except LedgerError as fault:
            _tell_error(str(fault))
            raise typer.Exit(Exit.LOCKED if isinstance(fault, NewerLedgerError | StaleError) else Exit.ERROR) from None
        except MissingExtraError as fault:
            _tell_error(str(fault))
            raise typer.Exit(Exit.MISSING_PART) from None
        except OSError as fault:
            from dateline.operation.faults import explained

            words = f"{fault.filename or 'a file'}: {fault.strerror or fault}"
            _tell_error(explained(fault) or words)
            raise typer.Exit(Exit.ERROR) from None
        return result

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """`dateline LEDGER` serves that ledger, `dateline PROJECT` that of the project: such a folder names no command."""
        if args[0] not in self.commands and Path(args[0], "ledger.json").is_file():
            args = ["serve", *args]
        elif args[0] not in self.commands and Path(args[0], FILE_NAME).is_file():
            args = ["serve", "--project", *args]
        name, command, rest = super().resolve_command(ctx, args)
        return name, command, self._without_flags(ctx, command, rest)

    def _main_shell_completion(self, ctx_args: Any, prog_name: str, complete_var: str | None = None) -> None:
        """Answers a shell that completes a command line, as the script of `dateline completion` asks; nobody asks: goes on."""
        if COMPLETE in os.environ:
            knows_shells()
        super()._main_shell_completion(ctx_args, PROGRAM, COMPLETE)

    def _without_flags(self, ctx: Any, command: Any, args: list[str]) -> list[str]:
        """The words without the common flags, which may stand after the command as well as before it."""
        levels = [command, *(inner for inner in getattr(command, "commands", {}).values())]
        takes_value = {o for level in levels for p in level.params if not getattr(p, "is_flag", True) for o in p.opts}
        flags = {flag: name for name, several in FLAGS.items() for flag in several}
        left: list[str] = []
        words = iter(args)
        for word in words:
            option, has_value, value = word.partition("=")
            if word == "--":
                return [*left, word, *words]
            if word in flags:
                ctx.params[flags[word]] = True
            elif option in ("--project", "--config") and (has_value or (value := next(words, ""))):
                ctx.params[option.removeprefix("--")] = Path(value)
            else:
                left += [word, *itertools.islice(words, word in takes_value)]
        return left


PROGRAM = "dateline"
COMPLETE = "_DATELINE_COMPLETE"
"""The variable by which a shell asks for completions."""


def knows_shells() -> None:
    """Makes Typer know the shells that it can complete for, as it does not while its own options for that are left out."""
    from typer.completion import get_completion_inspect_parameters

    get_completion_inspect_parameters()


FLAGS = {"is_quiet": ("-q", "--quiet"), "is_verbose": ("-v", "--verbose"), "has_no_bars": ("--no-progress",)}
"""Flags that every command has: the parameter of each, and how it is written."""


def _tell_error(words: str) -> None:
    complain(f"error: {words}")
    if MANNER.get().is_verbose:
        import traceback

        for line in traceback.format_exc().splitlines():
            complain(line)


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
        say_more(f"{ctx.invoked_subcommand}: {seconds:g} s")


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
    project: Annotated[
        Path | None,
        typer.Option(
            "--project",
            metavar="DIR",
            envvar="DATELINE_PROJECT",
            help=f"The folder whose {FILE_NAME} holds; otherwise this one's or that of one above it.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", envvar="DATELINE_CONFIG", help=f"The settings, in place of {FILE_NAME}."),
    ] = None,
    is_quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but data and errors.")] = False,
    is_verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what is being done and with which settings; of an error, where it arose.")
    ] = False,
    has_no_bars: Annotated[bool, typer.Option("--no-progress", help="No bars, also where there is a terminal.")] = False,
) -> None:
    """Reads news reports and keeps a ledger of what they say happened: who did what to whom, when, where, how many, on whose word.

    \b
    dateline code story.html                  read one report
    dateline report story.html -o page.html   the same as a page for the browser
    dateline add news/                        enter a folder in the ledger
    dateline find --type PROTEST              ask the ledger
    dateline dateline-ledger                  look at it in a browser: the same as `dateline serve`

    All but --log may stand after the command too. Colours are left out where NO_COLOR is set.

    \b
    Exit status: 0 done, 1 error, 2 wrong usage, 3 done but some reports failed,
    4 a ledger was checked and has faults, 5 somebody else is at it, or a later dateline was, 6 the language model,
    an engine or an extra is not installed, 130 interrupted.
    """
    token = MANNER.set(Manner(is_quiet, is_verbose and not is_quiet, not has_no_bars))
    context.call_on_close(lambda: MANNER.reset(token))
    settings = Settings() if context.invoked_subcommand in WITHOUT_SETTINGS else settings_of(context, project, config)
    context.obj = settings
    context.default_map = defaults(settings, context.command)
    log = log or settings.common.get("log")
    from dateline.operation.logs import end_log, log_to

    if log is not None:
        handler = log_to(log)
        context.call_on_close(lambda: end_log(handler))
        getLogger("dateline.run").info("run began", extra={"command": context.invoked_subcommand, "program": _version_said()})


WITHOUT_SETTINGS = frozenset({"init", "completion"})
"""Commands that work where the settings are wrong."""


def settings_of(context: typer.Context, project: Path | None, config: Path | None) -> Settings:
    """The settings of the file that is named, or of the project that this folder is in. No file: nothing is set.

    Raises StopError for a file that is named and not there, and for all that is wrong in it.
    """
    if project is not None and config is not None:
        raise StopError("choose one of --project and --config", Exit.USAGE)
    file = config or (project / FILE_NAME if project is not None else None)
    if file is None:
        file, passed = find_file(Path())
        for one in passed:
            complain(f"{one} is passed over: somebody else put it where anybody may write; --config {one} reads it all the same")
    elif not file.is_file():
        advice = f"; `dateline init {project}` makes one" if project is not None else ""
        raise StopError(f"{file}: no such file{advice}", Exit.USAGE)
    if file is None:
        return Settings()
    say_more(f"settings: {file}")
    try:
        return read_settings(file, context)
    except SettingsError as fault:
        raise StopError("; ".join(fault.faults), Exit.USAGE) from fault
