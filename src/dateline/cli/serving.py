"""The command that serves the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import app
from dateline.cli.options import DEFAULT_LEDGER
from dateline.cli.printing import say
from dateline.cli.shared import open_existing


@app.command()
def serve(
    ledger: Annotated[
        Path, typer.Argument(metavar="LEDGER", envvar="DATELINE_LEDGER", help="The ledger's folder.")
    ] = DEFAULT_LEDGER,
    host: Annotated[str, typer.Option("--host", "-h", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0: one that is free.")] = 8001,
    is_readonly: Annotated[bool, typer.Option("--readonly", help="Nothing can be judged.")] = False,
) -> None:
    """Serves the ledger's page to a browser on this machine.

    \b
    dateline serve demo-ledger
    """
    import uvicorn

    from dateline.web.app import make_app
    from dateline.web.site import Options, Site

    site = Site(open_existing(ledger), Options(is_readonly=is_readonly))
    say(f"serving {ledger} at http://{host}:{port}/ until interrupted")
    uvicorn.run(make_app(site), host=host, port=port, log_level="warning")
