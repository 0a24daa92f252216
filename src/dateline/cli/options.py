"""Options that several commands have, and how they are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer


def day(text: str | date) -> date:
    if isinstance(text, date):
        return text
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2020-08-18") from None


def moment(text: str | datetime) -> datetime:
    """A moment in UTC: a day alone is its end, so that `--as-of 2020-08-18` includes what became known that day."""
    if isinstance(text, datetime):
        return text
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no moment; write it as 2020-08-18 or 2020-08-18T12:00Z") from None
    if len(text) <= len("2020-08-18"):
        return datetime.combine(told.date(), time.min, UTC) + timedelta(days=1, microseconds=-1)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


Sources = Annotated[list[str], typer.Argument(metavar="FILE", help="Texts, web pages, tables, archives; - is standard input.")]
Published = Annotated[
    date | None, typer.Option(metavar="DAY", parser=day, help="The day all of them were published, as 2020-08-18.")
]
Publisher = Annotated[str | None, typer.Option(metavar="NAME", envvar="DATELINE_PUBLISHER", help="Who published all of them.")]
LedgerFolder = Annotated[Path, typer.Option("--ledger", "-l", metavar="DIR", envvar="DATELINE_LEDGER", help="The ledger's folder.")]
OwnActors = Annotated[
    Path | None,
    typer.Option("--actors", metavar="FILE", envvar="DATELINE_ACTORS", help="Your own actors, a CSV table (docs/actors.md)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines instead of words for people.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="A table for spreadsheets, the names of its columns first.")]
MinConfidence = Annotated[
    float | None,
    typer.Option("--min-confidence", min=0.0, max=1.0, metavar="P", help="Only records as sure as this (docs/confidence.md)."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", metavar="WHEN", parser=moment, help="What was known then: a day, or a moment (UTC unless it says)."),
]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", envvar="DATELINE_USER", help="Who judges: a name or a pseudonym.", show_default=False)
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the judgement.")]


def one_form(as_json: bool, as_csv: bool) -> None:
    """Raises BadParameter where two forms of output are asked for."""
    if as_json and as_csv:
        raise typer.BadParameter("choose one of --json and --csv")


DEFAULT_LEDGER = Path("dateline-ledger")
