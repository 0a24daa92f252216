"""The command that has a large language model read a ledger's documents: read-with."""

from __future__ import annotations

import itertools
import json
import os
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder, day
from dateline.cli.printing import print_json, progress, say, tell
from dateline.cli.reading import leave
from dateline.cli.shared import coding_errors, now, open_existing, own_actors_of

if TYPE_CHECKING:
    from pathlib import Path

    from dateline.ledger.store import Ledger
    from dateline.runs.reading_with import Paper, Reader, ReadResult, Wanted

KEY = "DATELINE_READER_KEY"
"""The environment's name for the key of a server: not an option, since command lines are seen by others and kept in histories."""

MOST_REASONS = 6


@app.command(name="read-with")
def read_with(
    server: Annotated[str, typer.Option(metavar="URL", help="Its address, as http://localhost:8080.", show_default=False)],
    model: Annotated[str, typer.Option(metavar="NAME", help="The model's name, as the server calls it.", show_default=False)],
    coder: Annotated[str, typer.Option(metavar="NAME", help="What its ledger is called; otherwise after the model.")] = "",
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Only reports published from this day on.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Only reports published up to this day.")] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Only reports of this publisher, to the letter.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Read N documents at most.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Requests under way at once.")] = 1,
    timeout: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="What one request may take in all.")] = 120.0,
    is_remote_allowed: Annotated[
        bool, typer.Option("--allow-remote", help="Texts of reports may be sent to a server that is not this machine.")
    ] = False,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be asked; nothing is sent.")] = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
    as_json: AsJson = False,
) -> None:
    """Has a large language model read the ledger's documents, as another coder whose claims lie beside ours (docs/other-reader.md).

    Any server with the chat interface of OpenAI will do. What it proposes is entered only if its words stand in the text and its
    codes are ours. What it has read already is not asked again. A key is taken from DATELINE_READER_KEY in the environment.

    \b
    dateline read-with --server http://localhost:8080 --model qwen3-8b --limit 20
    dateline find --ledger dateline-ledger/coders/qwen3-8b
    """
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.ledger.coders import other_coder
    from dateline.ledger.store import open_ledger
    from dateline.other_reader.prompt import load_prompt
    from dateline.other_reader.server import Server, check_address, check_key, is_loopback
    from dateline.runs.reading_with import Reader, Wanted, papers
    from dateline.runs.reading_with import read_with as read

    key = os.environ.get(KEY, "").strip()
    try:
        check_key(key)
        url = check_address(server, is_remote_allowed=is_remote_allowed, has_key=bool(key))
        folder = other_coder(ledger, coder or _slug(model))
    except ValueError as fault:
        raise StopError(str(fault), Exit.USAGE) from None
    book = open_existing(ledger)
    with coding_errors():
        knowledge = load_knowledge(own_actors_of(ledger))
    reader = Reader(model, load_prompt(knowledge), knowledge, load_models)
    wanted = Wanted(since, until, publisher)
    if is_dry:
        _show(book, folder, reader, wanted, limit)
        return
    if not is_loopback(url.host):
        say(f"the texts of the reports are sent to {url.host}, to whoever runs it")
    theirs = open_ledger(folder)
    asked = Server(url, key, is_remote_allowed, timeout)
    try:
        with coding_errors(), progress("reading", limit) as on_progress:
            result = read(
                papers(book, theirs, reader, wanted),
                theirs,
                reader,
                asked.ask,
                now=now,
                workers=workers,
                limit=limit,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        say(f"interrupted; what was read lies in {folder}, and the same command goes on from there")
        raise typer.Exit(Exit.INTERRUPTED) from None
    tell(result.failed)
    _say(result, folder)
    if as_json:
        counts = {name: getattr(result, name) for name in ("documents", "skipped", "proposed", "accepted", "refused", "left_out")}
        rest = {"requests": result.requests, "reused": result.reused, "reasons": dict(result.reasons), "stopped": result.stopped}
        print_json({"coder": folder.name, **counts, **rest, "failed": [problem.report for problem in result.failed]})
    if result.stopped is not None:
        raise StopError(f"{url.host}: the server {result.stopped}")
    leave(result.failed)


def _slug(model: str) -> str:
    """A coder's name after a model's: "Org/Qwen3-8B:Q4" is "qwen3-8b-q4"."""
    return re.sub(r"[^a-z0-9]+", "-", model.rpartition("/")[2].lower()).strip("-")[:64].rstrip("-")


def _show(book: Ledger, folder: Path, reader: Reader, wanted: Wanted, limit: int | None) -> None:
    """What would be sent: the first request in full, and how many there would be."""
    from dateline.ledger.store import Ledger
    from dateline.runs.reading_with import Paper, papers, requests_of

    # Not opened: a ledger that is not there yet is not made by looking.
    theirs = Ledger(folder)
    found: list[Paper] = list(itertools.islice((p for p in papers(book, theirs, reader, wanted) if isinstance(p, Paper)), limit))
    requests = requests_of(found, reader)
    if requests:
        typer.echo(json.dumps(requests[0], ensure_ascii=False, indent=2))
    letters = sum(len(message["content"]) for request in requests for message in request["messages"])
    say(f"{len(requests):,} requests for {len(found):,} documents, {letters:,} characters in all; nothing was sent")
    say(f"its claims would lie in {folder}, as those of {reader.coder.model}")


def _say(result: ReadResult, folder: Path) -> None:
    parts = [
        f"{result.documents:,} documents read: {result.proposed:,} records proposed, {result.accepted:,} accepted, "
        f"{result.refused:,} refused, {result.left_out:,} fields left out"
    ]
    parts += [f"{result.skipped:,} were read before"] if result.skipped else []
    parts += [f"{result.reused:,} answers were there already"] if result.reused else []
    parts += [f"{len(result.failed):,} documents failed"] if result.failed else []
    say("; ".join(parts))
    reasons = sorted(result.reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS]
    for reason, number in reasons:
        say(f"  {number:,} {reason}")
    if result.accepted:
        say(f"look at them with `dateline find --ledger {folder}`")
