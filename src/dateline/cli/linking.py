"""The command that links: which reports are reprints, which claims tell of one happening, who bears witness."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer

from dateline.cli.app import app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder
from dateline.cli.printing import print_json, say, steps
from dateline.cli.shared import coding_errors, now, open_existing
from dateline.cli.watching import tell_news
from dateline.runs.engines import EngineName


@app.command()
def link(
    threshold: Annotated[
        float | None,
        typer.Option(min=0.05, max=0.99, metavar="P", help="How likely two groups of claims must be one happening to be joined."),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            envvar="DATELINE_WORKERS",
            help="Processes that weigh pairs, when a large ledger is linked from scratch.",
        ),
    ] = 1,
    engine: Annotated[
        EngineName, typer.Option(help="What runs them: this machine's processes, Ray or Spark (docs/scale.md).")
    ] = EngineName.LOCAL,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Links the claims of all reports: reprints are counted once, and claims that tell of one happening become one event.

    Nothing that was read is changed, and what people have judged is kept to. Run it again after `dateline add`: only what is new or
    has changed is entered. If the ledger has watch rules (docs/watch.md), they are asked, and what is new is told.

    \b
    dateline link
    dateline link --threshold 0.7 --json
    """
    from dateline.runs.link import USUAL, link_ledger
    from dateline.runs.tasks import parts_runner

    book = open_existing(ledger)
    settings = USUAL if threshold is None else replace(USUAL, joining=replace(USUAL.joining, threshold=threshold))
    with coding_errors(), steps() as on_step:
        run_parts = parts_runner(engine, workers)
        result = link_ledger(book, now=now, settings=settings, run_parts=run_parts, on_step=on_step)
    for one, other in result.contradictions:
        say(f"{one} and {other} were judged one happening, and others keep them apart: left apart. `dateline history {one}` tells")
    if as_json:
        print_json(asdict(result))
    else:
        reprints = result.documents - result.texts
        typer.echo(
            f"{result.claims:,} claims tell of {result.events:,} events; {result.linked:,} of them share theirs with others\n"
            f"{result.documents:,} reports are {result.texts:,} texts ({reprints:,} reprints); {result.changed:,} links entered"
        )
    tell_news(book, moment=now())
