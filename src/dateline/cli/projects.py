"""Commands on a project and its settings: init, settings."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import app
from dateline.cli.options import AsJson
from dateline.cli.printing import print_json, say
from dateline.cli.settings import FILE_NAME, Settings, held, template

LEDGER = "ledger"
"""The folder of a new project's ledger, in the project's."""

NO_SOURCES = """\
# What `dateline watch` reads, and how often; docs/sources.md explains it. Take away [] and the # of a source, and put yours in.
# contact: editor@example.org
sources: []
# - name: the-paper
#   feed: https://paper.example/rss/world.xml
#   publisher: The Paper
#   every: 15 minutes
# - name: agency
#   sitemap: https://agency.example/news-sitemap.xml
"""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder, made if there is none.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Makes a project: settings (dateline.toml), an empty ledger, and in it a table for your own actors and a list of sources.

    What is there already is left as it is. In the folder and below it every command finds the settings by itself.

    \b
    dateline init belarus
    dateline init --json
    """
    from dateline.knowledge import own_actors, sources
    from dateline.ledger.store import open_ledger

    folder.mkdir(parents=True, exist_ok=True)
    ledger = folder / LEDGER
    is_new = not (ledger / "ledger.json").is_file()
    open_ledger(ledger)
    made = [str(ledger)] if is_new else []
    for path, text in (
        (folder / FILE_NAME, template(LEDGER)),
        (ledger / own_actors.FILE_NAME, ",".join((*own_actors.REQUIRED, *own_actors.OPTIONAL)) + "\n"),
        (ledger / sources.FILE_NAME, NO_SOURCES),
    ):
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
        except FileExistsError:
            continue
        made.append(str(path))
    if as_json:
        print_json({"project": str(folder), "made": made})
    else:
        for one in made:
            typer.echo(one)
    say(f"{folder}: a project. `dateline add` enters reports; {folder / FILE_NAME} says where" if made else "all was there already")


@app.command()
def settings(context: typer.Context, as_json: AsJson = False) -> None:
    """Says which settings hold, and where each is from: the environment, the project's dateline.toml, or how it is usually.

    \b
    dateline settings
    dateline settings --json | jq -r .value
    """
    told = context.obj if isinstance(context.obj, Settings) else Settings()
    found = list(held(told, os.environ))
    if as_json:
        for one in found:
            print_json(asdict(one))
        return
    width = max(len(one.setting) for one in found)
    values = max(len(one.value) for one in found)
    for one in found:
        variable = f"({one.variable})" if one.variable and one.variable not in (one.origin, one.setting) else ""
        typer.echo(f"{one.setting:<{width}}  {one.value or '–':<{values}}  {one.origin or 'not set'}  {variable}".rstrip())
    say(f"from {told.path}" if told.path else f"no {FILE_NAME} here or above: `dateline init` makes one")
