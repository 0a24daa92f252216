"""Commands that show what Dateline codes with: codebook, actors, schema."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import AsJson
from dateline.cli.printing import print_json
from dateline.cli.shared import coding_errors


@app.command()
def codebook(
    type: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only this event type, as PROTEST.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of Markdown.")] = False,
) -> None:
    """Prints the codebook: event types with their boundaries, modes, codes in other schemes, statuses, sectors, contexts, protests.

    \b
    dateline codebook --type PROTEST
    dateline codebook --json
    """
    from dateline.knowledge.crosswalks import load_crosswalks
    from dateline.knowledge.lexicon import load_lexicon
    from dateline.knowledge.ontology import load_codebook
    from dateline.knowledge.protests import load_protests
    from dateline.views.codebook import codebook_data, codebook_page

    book, only = load_codebook(), type.upper() if type else None
    known = [guide.type.id for guide in book.types]
    if only is not None and only not in known:
        raise StopError(f"no event type is called {type!r}; there are {', '.join(known)}", Exit.USAGE)
    if as_json:
        data = codebook_data(book, load_crosswalks(), load_lexicon(), load_protests(), only=only)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        typer.echo(codebook_page(book, load_crosswalks(), load_lexicon(), load_protests(), only=only), nl=False)


@app.command()
def actors(
    table: Annotated[Path, typer.Argument(metavar="FILE", help="Your own actors, a CSV table.")], as_json: AsJson = False
) -> None:
    """Checks a table of your own actors and says what it holds. Nothing is coded or kept.

    \b
    dateline actors dateline-ledger/actors.csv
    """
    from dateline.knowledge.own_actors import read_own_actors
    from dateline.knowledge.places import load_countries

    with coding_errors():
        own = read_own_actors(table, load_countries())
    if as_json:
        for row in own.rows:
            print_json(asdict(row))
        return
    people = sum(row.is_person for row in own.rows)
    typer.echo(
        f"{table}: {len(own.rows):,} rows, {people:,} of people and {len(own.rows) - people:,} of bodies; version {own.version}"
    )
    for row in own.rows:
        said = " · ".join(part for part in (", ".join(row.names), row.country, row.sector, row.role) if part)
        days = f" ({row.since or '…'} to {row.until or '…'})" if row.since or row.until else ""
        typer.echo(f"  {'person' if row.is_person else 'body':<8}{said}{days}")


@app.command()
def schema(
    is_of_events: Annotated[bool, typer.Option("--events", help="Of a line of `export --to jsonl`.")] = False,
) -> None:
    """Prints the JSON Schema of what `code --json` prints, or of the lossless export of events.

    \b
    dateline schema > record.schema.json
    dateline schema --events > events.schema.json
    """
    from dateline.records import Coding, EventInFull
    from dateline.serial import json_schema

    typer.echo(json.dumps(json_schema(EventInFull if is_of_events else Coding), ensure_ascii=False, indent=2))
