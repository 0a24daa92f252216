"""The command that writes events into files for others: export."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing
from dateline.cli.printing import progress, say
from dateline.values import StatusValue

if TYPE_CHECKING:
    from dateline.exports.telling import Options
    from dateline.web.filters import Filters
    from dateline.web.sharing.rows import Chosen
    from dateline.web.site import Site

STDOUT = Path("-")

Several = list[str] | None


class To(StrEnum):
    """What events can be written as."""

    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"
    JSONL = "jsonl"
    PARQUET = "parquet"
    ACLED = "acled-csv"
    GED = "ged-csv"
    GDELT = "gdelt-tsv"
    CAMEO = "cameo-tsv"
    PLOVER = "plover-jsonl"
    XLSX = "xlsx"
    GRAPHML = "graphml"
    GEXF = "gexf"
    NETWORK = "network-csv"
    FTM = "ftm"
    WEBANNO = "webanno"
    ATOM = "atom"
    PROV = "prov"
    JSONLD = "jsonld"
    HTML = "html"


class Bounds(StrEnum):
    """Which number stands where a format has one and the ledger has bounds; exports/telling.py has them for the writers."""

    LOW = "low"
    HIGH = "high"
    BEST = "best"


@app.command()
@choosing
def export(
    asked: Asked,
    to: Annotated[To, typer.Option("--to", help="As what.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="A file, or for html a folder; - is standard output.")
    ],
    base: Annotated[str, typer.Option(metavar="URL", help="Where the ledger is served, for the address of each event.")] = "",
    bounds: Annotated[
        Bounds, typer.Option(metavar="low|high|best", help="Which number stands where a format has one (acled-csv: fatalities).")
    ] = Bounds.LOW,
    has_all_statuses: Annotated[
        bool, typer.Option("--all-statuses", help="What was only planned, denied or alleged, in formats that cannot say so too.")
    ] = False,
    has_whole_texts: Annotated[bool, typer.Option("--whole-texts", help="Of html and jsonl: the reports' texts in full.")] = False,
    is_sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Covers the names of private people and exact places (docs/sensitive.md).")
    ] = False,
    keeps_addresses: Annotated[
        bool, typer.Option("--addresses", help="With --sensitive: addresses of reports stay, but for those with a name in them.")
    ] = False,
) -> None:
    """Writes events into a file for others, the same bytes as the page's downloads, or into a folder to be read without a server.

    Filters are those of the page (docs/page-data.md): values of one are alternatives, -VALUE leaves it out, and filters hold
    together.

    \b
    dateline export --to csv -o protests.csv --type PROTEST --since 2020-08-09
    dateline export --to geojson -o - --country BLR --as-of 2020-08-14
    dateline export --to html -o protests --type PROTEST
    """
    from dateline.exports.telling import Bound, Options
    from dateline.web.sharing.tables import FORMATS, narrowed

    if has_whole_texts and to not in {To.HTML, To.JSONL}:
        raise StopError("--whole-texts is of --to html and --to jsonl: a row has the words of one report", Exit.USAGE)
    if bounds is not Bounds.LOW and not (to in FORMATS and FORMATS[to].has_bounds):
        known = ", ".join(name for name, kind in FORMATS.items() if kind.has_bounds)
        raise StopError(f"--bounds is of --to {known}: {to} has both bounds", Exit.USAGE)
    if has_all_statuses and not (to in FORMATS and not FORMATS[to].has_status):
        raise StopError(f"--all-statuses is not needed: {to} has all statuses, and says which", Exit.USAGE)
    if keeps_addresses and not is_sensitive:
        raise StopError("--addresses is of --sensitive: without it they stay", Exit.USAGE)
    options = Options(Bound(bounds), has_all_statuses, has_whole_texts)
    chosen = asked.chosen_in(asked.ledger, base)
    chosen = narrowed(chosen, to, options) if to in FORMATS else chosen
    with _as_shared(chosen, is_sensitive=is_sensitive, keeps_addresses=keeps_addresses) as shared:
        if to is To.HTML:
            _write_pages(shared, output, has_whole_texts=has_whole_texts)
        else:
            _write_table(shared, to, output, options)
    if not len(chosen.rows):
        explain_nothing(chosen.site, asked.filters)


@contextmanager
def _as_shared(chosen: Chosen, *, is_sensitive: bool, keeps_addresses: bool) -> Iterator[Chosen]:
    """What was chosen as it is written: covered if that was asked for."""
    if not is_sensitive:
        yield chosen
        return
    from dateline.web.sharing.covering import covered

    with (
        progress("covering", None) as on_document,
        covered(chosen, keeps_addresses=keeps_addresses, on_document=on_document) as shared,
    ):
        yield shared


def _write_table(chosen: Chosen, to: To, output: Path, options: Options) -> None:
    """The events in a file, or on standard output; beside it what it says of itself, where it cannot do so."""
    from dateline.web.sharing.files import write_file
    from dateline.web.sharing.tables import narrowed, written

    if output == STDOUT:
        left_out: Counter[str] = Counter()
        for piece in written(chosen, to, options, lambda reason: left_out.update([reason])):
            sys.stdout.buffer.write(piece)
        _say_left_out({**narrowed(chosen, to, options).left_out, **left_out})
        return
    with progress("events", len(chosen.rows)) as on_event:
        filed = write_file(chosen, to, output, options, on_event)
    beside = f", and {' and '.join(path.name for path in filed.files[1:])}" if len(filed.files) > 1 else ""
    say(f"{filed.events:,} events written to {output}{beside}")
    _say_left_out(filed.left_out)


def _say_left_out(left_out: Mapping[str, int]) -> None:
    """Says which events are not in the file, and how they may be had."""
    statuses = {reason: number for reason, number in left_out.items() if reason in set(StatusValue)}
    if statuses:
        said = ", ".join(f"{number:,} {status}" for status, number in statuses.items())
        say(f"{sum(statuses.values()):,} left out that would stand there as facts ({said}); --all-statuses writes them too")
    for reason, number in left_out.items():
        if reason not in statuses:
            say(f"{number:,} left out: {reason}")


def _write_pages(chosen: Chosen, folder: Path, *, has_whole_texts: bool) -> None:
    from dateline.web.sharing.folder import FolderError, write_folder

    if folder == STDOUT:
        raise StopError("--to html writes a folder: say where to, -o FOLDER", Exit.USAGE)
    try:
        with progress("events", len(chosen.rows)) as on_event:
            write_folder(chosen, folder, has_whole_texts=has_whole_texts, on_event=on_event)
    except FolderError as fault:
        raise StopError(str(fault)) from None
    say(f"{len(chosen.rows):,} events written: open {folder / 'index.html'} in a browser")


def explain_nothing(site: Site, filters: Filters) -> None:
    """Says which filter, left out, would let something through."""
    from dateline.web.sharing.rows import without_each

    for name, rest in without_each(filters):
        if number := len(site.rows(rest)):
            option = {"q": "text"}.get(name, name.replace("_", "-"))
            say(f"nothing fits all filters; without --{option} {number:,} would")
