"""What the commands print: data on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from logging import getLogger
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from dateline.ledger.rows import ClaimRow
    from dateline.records import Coding, Problem


@dataclass(frozen=True)
class Manner:
    """How much is said beside the data. Errors, and what could not be read, are told in any manner."""

    is_quiet: bool = False
    is_verbose: bool = False
    has_bars: bool = True


USUAL = Manner()
MANNER: ContextVar[Manner] = ContextVar("manner", default=USUAL)
"""That of the command that runs. It is asked by whatever speaks, at any depth, and set by the application alone."""


def claim_as_json(row: ClaimRow) -> dict[str, Any]:
    """All columns, with the whole record under "claim" in place of its text."""
    from dateline.ledger.rows import columns_of

    columns = columns_of(row)
    record = json.loads(columns.pop("record"))
    return {"version": record.pop("version"), **columns, "claim": record}


def print_record(coding: Coding, *, is_indented: bool) -> None:
    from dateline.serial import to_json

    written = to_json(coding)
    typer.echo(json.dumps(json.loads(written), ensure_ascii=False, indent=2) if is_indented else written)


def print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat()))


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table for spreadsheets and programs, the names of the columns first; in no cell a formula, and parts of a value as JSON."""
    from dateline.web.lists import line

    def cell(value: Any) -> Any:
        has_parts = isinstance(value, dict) or (isinstance(value, list | tuple) and any(isinstance(part, dict) for part in value))
        return json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat()) if has_parts else value

    typer.echo(line(columns), nl=False)
    for row in rows:
        typer.echo(line([cell(value) for value in row]), nl=False)


def tell(failed: Iterable[Problem]) -> None:
    for problem in failed:
        said = {"report": problem.report, "stage": problem.stage, "reason": problem.reason}
        getLogger("dateline.fault").info("report failed", extra=said)
        message = " ".join(problem.message.split())
        complain(message if message.startswith(problem.report) else f"{problem.report}: {message}")


def say(message: str) -> None:
    """To standard error, unless it is to be quiet."""
    if not MANNER.get().is_quiet:
        complain(message)


def say_more(message: str) -> None:
    """To standard error, for who wants to hear more than usual."""
    if MANNER.get().is_verbose:
        complain(message)


def complain(message: str) -> None:
    """To standard error, with nothing in it that could act on a terminal: it may hold a report's words or a file's name."""
    typer.echo("".join(letter if letter.isprintable() else "\ufffd" for letter in message), err=True)


def console() -> Console:
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Rich would leave with status 1; the rim knows better."""
            raise

    return Screen()


def write_utf8() -> None:
    """What goes into a pipe or a file is UTF-8 wherever we run; a lone surrogate is written out instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def shows_bars() -> bool:
    """Whether somebody looks on at a terminal, and wants to see how far it is."""
    manner = MANNER.get()
    return sys.stderr.isatty() and manner.has_bars and not manner.is_quiet


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Any]:
    """A bar on standard error while the block runs, if somebody looks at a terminal there; gives what is told of each report.

    It has how many are done, how many a second, how long that took and how long the others will take.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(TextColumn):
        """Reports a second, of late."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.1f}/s", style="progress.data.speed")

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), Rate(""), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not shows_bars(), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda name: bar.advance(task)


@contextmanager
def parts(what: str) -> Iterator[Callable[[int, int], None]]:
    """The same bar for work of which it is found out on the way how much there is: takes how much of how much is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not shows_bars(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of or None)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is being done, while the block runs and if somebody looks at a terminal there."""
    if not shows_bars():
        yield say_more
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda step: status.update(f"{step} …")
