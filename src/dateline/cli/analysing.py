"""Commands that say what events come to: analyse series, tallies, dyads, spread, response, before-after."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing
from dateline.cli.options import AsJson
from dateline.cli.printing import console, say

if TYPE_CHECKING:
    from dateline.web.sharing.rows import Chosen

analyse = typer.Typer(
    no_args_is_help=True,
    help="Says what events come to, with bounds: series, tallies, dyads, spread, response, before-after (docs/analysis.md).",
)
app.add_typer(analyse, name="analyse")

Figure = Annotated[
    str | None,
    typer.Option("--figure", metavar="WHAT", help="Of a figure of the events, as detained; without it: how many events."),
]
Period = Annotated[str | None, typer.Option("--by", metavar="day|week|month|year", help="Periods; without it the finest that fit.")]
Split = Annotated[str | None, typer.Option("--split", metavar="type|mode|country", help="A line for each of these.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="A table for spreadsheets instead of words for people.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there; a table if it ends with .csv.")
]


@analyse.command("series")
@choosing
def series(
    asked: Asked,
    figure: Figure = None,
    by: Period = None,
    split: Split = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: Output = None,
) -> None:
    """How many events, or how many of whom, by day, week, month or year.

    \b
    dateline analyse series --by week --split type
    dateline analyse series --figure detained --country BLR --csv -o detained.csv
    """
    from dateline.analysis.series import COLUMNS, SHOWN, notes_of, rows_of

    chosen = asked.chosen()
    found = series_for(asked, chosen, figure, by, split)
    view = View(found, COLUMNS, [c for c in SHOWN if split or c != "line"], rows_of(found), notes_of(found))
    show(view, chosen, as_json=as_json, as_csv=as_csv, output=output)


def series_for(asked: Asked, chosen: Chosen, figure: str | None, by: str | None, split: str | None) -> Any:
    """The series that is asked for. Raises StopError for what cannot be."""
    from dateline.analysis.series import series_of
    from dateline.web.tallying import PERIODS

    if by is not None and by not in PERIODS:
        raise StopError(f"--by {by}: a series is by {', '.join(PERIODS)}", Exit.USAGE)
    try:
        return series_of(asked.counted(chosen), chosen.site.accounts, figure=figure, by=by, split=split)
    except ValueError as fault:
        raise StopError(str(fault), Exit.USAGE) from None


# ---------------------------------------------------------------- showing


@dataclasses.dataclass(frozen=True)
class View:
    """A result with its rows: all `columns` for programs, those that are `shown` to people, and what must be read beside it."""

    result: Any
    columns: Sequence[str]
    shown: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    notes: Sequence[str]


def show(view: View, chosen: Chosen, *, as_json: bool, as_csv: bool, output: Path | None) -> None:
    """A result as JSON, as a table for spreadsheets, or as words for people; notes stand in each."""
    is_table = as_csv or (output is not None and output.suffix.lower() == ".csv" and not as_json)
    if is_table:
        from dateline.web.lists import ABOUT, MARK, in_a_line, line

        said = in_a_line({**chosen.about(), "notes": " ".join(view.notes)})
        lines = [MARK + line([*view.columns, ABOUT])]
        lines += [line([*(row.get(c) for c in view.columns), said if n == 0 else None]) for n, row in enumerate(view.rows)]
        put("".join(lines), output)
    elif as_json:
        import json

        data = {"about": chosen.about(), "notes": list(view.notes), "result": dataclasses.asdict(view.result)}
        put(json.dumps(data, ensure_ascii=False, default=lambda value: value.isoformat()) + "\n", output)
    elif output is not None:
        raise StopError("say as what it is written: a file that ends with .csv, or --json", Exit.USAGE)
    else:
        _print_table(view)
        for note in view.notes:
            say(note)


def put(text: str, output: Path | None) -> None:
    """The text on standard output, or in a file, whole or not at all."""
    if output is None or output == Path("-"):
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        return
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        unfinished.write_bytes(text.encode("utf-8", "replace"))
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
    say(f"written to {output}")


def _print_table(view: View) -> None:
    """The rows as people read them; a column that says nothing in any row is left out."""
    from rich.table import Table
    from rich.text import Text

    from dateline.analysis.notes import in_figures

    rows = [{**row, "bounds": in_figures(row.get("low"), row.get("high"))} for row in view.rows]
    shown = [c for c in view.shown if any(row.get(c) not in (None, "", 0, ()) for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in shown:
        is_number = column == "bounds" or any(isinstance(row.get(column), int | float) for row in rows)
        table.add_column(
            column, justify="right" if is_number else "left", no_wrap=max(len(_plain(r.get(column))) for r in rows) < 24
        )
    for row in rows:
        table.add_row(*(Text(_plain(row.get(column))) for column in shown))
    console().print(table)


def _plain(value: Any) -> str:
    from dateline.analysis.notes import short

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float | int):
        return short(float(value))
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(value))
