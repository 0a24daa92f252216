"""Commands that say what events come to: analyse series, tallies, dyads, spread, response, before-after."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing
from dateline.cli.options import AsJson, day
from dateline.cli.printing import console, progress, say

if TYPE_CHECKING:
    from dateline.analysis.before_after import BeforeAfter
    from dateline.analysis.dyads import Dyads
    from dateline.analysis.response import ResponseTable
    from dateline.analysis.series import Series
    from dateline.analysis.spread import Spread
    from dateline.web.sharing.rows import Chosen

analyse = typer.Typer(
    no_args_is_help=True,
    help="""Says what events come to, with bounds: series, tallies, dyads, spread, response, before-after (docs/analysis.md).

    \b
    dateline analyse series --figure detained --by day
    """,
)
app.add_typer(analyse, name="analyse")

Figure = Annotated[
    str | None,
    typer.Option("--figure", metavar="WHAT", help="Of a figure of the events, as detained; without it: how many events."),
]
Period = Annotated[str | None, typer.Option("--by", metavar="day|week|month|year", help="Periods; without it the finest that fit.")]
Split = Annotated[str | None, typer.Option("--split", metavar="type|mode|country", help="A line for each of these.")]
Level = Annotated[str, typer.Option("--level", metavar="side|country|sector|name", help="By what parties are one.")]
Over = Annotated[str, typer.Option("--over", metavar="place|province|country|sector|actor", help="What the wave spreads over.")]
AnswerFigure = Annotated[str, typer.Option("--figure", metavar="WHAT", help="What is counted for each protest.")]
Grouping = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="day|week|month|year|country|province|mode", help="Groups; without it the finest period that fits."
    ),
]
On = Annotated[date, typer.Option("--on", metavar="DAY", parser=day, help="The day; it is of the days after.", show_default=False)]
Around = Annotated[
    int | None, typer.Option("--days", min=1, max=3660, metavar="N", help="Days on either side; without it as many as both have.")
]
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


def series_for(asked: Asked, chosen: Chosen, figure: str | None, by: str | None, split: str | None) -> Series:
    """The series that is asked for. Raises StopError for what cannot be."""
    from dateline.analysis.series import series_of
    from dateline.web.tallying import PERIODS

    if by is not None and by not in PERIODS:
        raise StopError(f"--by {by}: a series is by {', '.join(PERIODS)}", Exit.USAGE)
    with wrong_usage():
        return series_of(asked.counted(chosen), chosen.site.accounts, figure=figure, by=by, split=split)


@analyse.command("tallies")
@choosing
def tallies(asked: Asked, as_json: AsJson = False, as_csv: AsCsv = False, output: Output = None) -> None:
    """Every kind of figure that the events have, put together: killed, detained, participants, …

    \b
    dateline analyse tallies --country BLR --since 2020-08-09
    """
    from dateline.analysis.tallies import COLUMNS, SHOWN, notes_of, rows_of, tallies_of

    chosen = asked.chosen()
    found = tallies_of(asked.counted(chosen), chosen.site.accounts)
    show(View(found, COLUMNS, SHOWN, rows_of(found), notes_of(found)), chosen, as_json=as_json, as_csv=as_csv, output=output)


@analyse.command("dyads")
@choosing
def dyads(
    asked: Asked,
    figure: Figure = None,
    level: Level = "side",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: Output = None,
) -> None:
    """Who does it to whom: pairs of actor and recipient with how many events, or how many of whom.

    \b
    dateline analyse dyads --type COERCE --type ASSAULT
    dateline analyse dyads --figure detained --level country
    """
    from dateline.analysis.dyads import COLUMNS, SHOWN, notes_of, rows_of

    chosen = asked.chosen()
    found = dyads_for(asked, chosen, figure, level)
    show(View(found, COLUMNS, SHOWN, rows_of(found), notes_of(found)), chosen, as_json=as_json, as_csv=as_csv, output=output)


@analyse.command("spread")
@choosing
def spread(asked: Asked, over: Over = "place", as_json: AsJson = False, as_csv: AsCsv = False, output: Output = None) -> None:
    """How a wave spreads: which places, sectors or actors it reaches, in which order and when, and how far from the first.

    \b
    dateline analyse spread --type PROTEST --mode strike --country BLR
    dateline analyse spread --type PROTEST --over province
    """
    from dateline.analysis.spread import COLUMNS, SHOWN, notes_of, rows_of

    chosen = asked.chosen()
    found = spread_for(asked, chosen, over)
    show(View(found, COLUMNS, SHOWN, rows_of(found), notes_of(found)), chosen, as_json=as_json, as_csv=as_csv, output=output)


@analyse.command("response")
@choosing
def response(
    asked: Asked,
    figure: AnswerFigure = "detained",
    by: Grouping = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: Output = None,
) -> None:
    """How protests were met: the share with force and arrests, and how many were detained for each.

    \b
    dateline analyse response --country BLR --by week
    dateline analyse response --figure injured --by province
    """
    from dateline.analysis.response import COLUMNS, SHOWN, notes_of, rows_of

    chosen = asked.chosen()
    found = response_for(asked, chosen, figure, by)
    show(View(found, COLUMNS, SHOWN, rows_of(found), notes_of(found)), chosen, as_json=as_json, as_csv=as_csv, output=output)


@analyse.command("before-after")
@choosing
def before_after(
    asked: Asked,
    on: On,
    days: Around = None,
    figure: Figure = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: Output = None,
) -> None:
    """How much of it before a day and after: rates, their ratio, and how far that may be chance.

    \b
    dateline analyse before-after --on 2020-08-14 --type PROTEST --days 7
    """
    from dateline.analysis.before_after import COLUMNS, SHOWN, notes_of, rows_of

    chosen = asked.chosen()
    found = before_after_for(asked, chosen, on, days, figure)
    show(View(found, COLUMNS, SHOWN, rows_of(found), notes_of(found)), chosen, as_json=as_json, as_csv=as_csv, output=output)


# ---------------------------------------------------------------- results


def dyads_for(asked: Asked, chosen: Chosen, figure: str | None, level: str) -> Dyads:
    """The dyads that are asked for. Raises StopError for what cannot be."""
    from dateline.analysis.dyads import dyads_of

    with wrong_usage():
        return dyads_of(asked.counted(chosen), chosen.site.accounts, level=level, figure=figure)


def spread_for(asked: Asked, chosen: Chosen, over: str) -> Spread:
    """The spread that is asked for. Raises StopError for what cannot be."""
    from dateline.analysis.spread import spread_of

    with wrong_usage():
        return spread_of(asked.counted(chosen), over=over)


def before_after_for(asked: Asked, chosen: Chosen, on: date, days: int | None, figure: str | None) -> BeforeAfter:
    """The comparison that is asked for. Raises StopError for what cannot be."""
    from dateline.analysis.before_after import before_after

    with wrong_usage():
        return before_after(asked.counted(chosen), chosen.site.accounts, on, days=days, figure=figure)


def response_for(asked: Asked, chosen: Chosen, figure: str, by: str | None) -> ResponseTable:
    """How the chosen protests were met. Raises StopError for what cannot be asked."""
    from dateline.analysis.reading import read_answered
    from dateline.analysis.response import responses_of
    from dateline.web.tallying import PERIODS, finest, period_of

    knowledge, board = chosen.site.accounts, chosen.board
    if figure not in knowledge.summed | knowledge.peaked:
        raise StopError(f"--figure {figure}: what can be added up is {', '.join(sorted(knowledge.summed))}", Exit.USAGE)
    groupings = (*PERIODS, "country", "province", "mode")
    if by is not None and by not in groupings:
        raise StopError(f"--by {by}: protests are grouped by {', '.join(groupings)}", Exit.USAGE)
    events = asked.counted(chosen)
    types = board.tables.types
    is_protest = board.columns["type"][events.rows] == (types.index("PROTEST") if "PROTEST" in types else 255)
    protests = events.only(is_protest)
    period = by or finest(board, protests.rows, events.dates)
    rows = {board.id_of(row): row for row in protests.rows.tolist()}

    def key_of(id: str) -> str:
        brief = board.brief(rows[id])
        match period:
            case "country":
                return brief.country or "no country"
            case "province":
                return ", ".join(name for name in (brief.admin1, brief.country) if name) or "no place"
            case "mode":
                return brief.mode or "not told"
            case _:
                return period_of(brief.first, period) if brief.first else "no day"

    as_of = chosen.filters.as_of
    with progress("protests", len(rows)) as on_event:
        read = read_answered(
            chosen.site.ledger, knowledge, list(rows), as_of=as_of, people=chosen.site.judged(as_of), on_event=on_event
        )
    aside = events.set_aside
    return responses_of(read.protests, read.answering, read.event_of, key_of, knowledge, by=period, figure=figure, set_aside=aside)


@contextmanager
def wrong_usage() -> Iterator[None]:
    """What cannot be asked ends the command as wrong usage."""
    try:
        yield
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

    rows = list(view.rows)
    if "bounds" in view.shown:
        rows = [{**row, "bounds": in_figures(row["low"], row["high"])} for row in rows]
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
