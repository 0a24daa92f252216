"""Commands that read reports: code, report, add."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder, MinConfidence, OwnActors, Published, Publisher, Sources
from dateline.cli.printing import console, print_json, print_record, progress, say, tell
from dateline.cli.shared import coding_errors, now, own_actors_of
from dateline.runs.engines import EngineName

if TYPE_CHECKING:
    from dateline.knowledge.gate import Gating
    from dateline.ledger.store import AddResult, Ledger
    from dateline.records import Coding, Problem, Report

FAILURES = "failures.jsonl"

ARCHIVES = frozenset({".warc", ".wacz", ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".csv", ".tsv", ".xml"})
"""Endings of files that may hold many reports."""

FEW = 16
"""Reports up to which one process is quicker: another takes a second to load, as long as it takes to code five."""


@app.command()
def code(
    sources: Sources,
    published: Published = None,
    publisher: Publisher = None,
    actors: OwnActors = None,
    min_confidence: MinConfidence = None,
    as_json: AsJson = False,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="JSON, one report a line.")] = False,
) -> None:
    """Reads reports and prints what they say happened. Nothing is kept.

    \b
    dateline code story.txt
    dateline code --published 2020-08-18 story.txt
    curl -s https://example.org/story | dateline code -
    dateline code --jsonl news/ | jq .claims
    """
    if as_json and as_lines:
        raise typer.BadParameter("choose one of --json and --jsonl")
    failed: list[Problem] = []
    for every in _codings(sources, published, publisher, actors):
        coding = _sure_enough(every, min_confidence)
        fatal = [problem for problem in coding.problems if problem.is_fatal]
        failed += fatal
        if coding.document is None and coding.problems and not fatal:
            tell(coding.problems)  # on a source as a whole, and no report's
            continue
        if as_json or as_lines:
            print_record(coding, is_indented=as_json)
        elif not fatal:
            from dateline.views.terminal import render_coding

            render_coding(coding, console())
        tell(fatal)
    leave(failed)


@app.command()
def report(
    source: Annotated[str, typer.Argument(metavar="FILE", help="The report; - is standard input.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="HTML", help="The page to write; - is standard output.")],
    published: Published = None,
    publisher: Publisher = None,
    actors: OwnActors = None,
    min_confidence: MinConfidence = None,
) -> None:
    """Reads one report and writes a page that shows every value beside the words it was read from.

    \b
    dateline report story.txt -o story.html
    """
    if str(out) != "-" and source != "-" and out.exists() and Path(source).exists() and out.samefile(source):
        raise StopError(f"{out} is the report itself: give the page another name with -o", Exit.USAGE)
    codings = list(itertools.islice(_codings([source], published, publisher, actors), 3))
    fatal = [problem for coding in codings for problem in coding.problems if problem.is_fatal]
    codings = [coding for coding in codings if coding.document or not coding.problems or coding.problems[0].is_fatal]
    if len(codings) == 1 and codings[0].document is None:
        tell(fatal)
        leave(fatal)
    if len(codings) != 1:
        raise StopError(f"{source}: {'more than one report' if codings else 'no report'} in it; a page shows exactly one")
    from dateline.views.report import render_report

    page = render_report(_sure_enough(codings[0], min_confidence))
    if str(out) == "-":
        typer.echo(page)
    else:
        partial = out.with_name(f".{out.name}.partial")
        try:
            partial.write_text(page, encoding="utf-8")
            partial.replace(out)
        except OSError as fault:
            raise StopError(f"{out}: cannot be written: {fault.strerror}") from None
        say(f"{out}: written")
    tell(fatal)
    leave(fatal)


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(metavar="SRC", help="Files, folders, or - for standard input.")],
    ledger: LedgerFolder = DEFAULT_LEDGER,
    published: Published = None,
    publisher: Publisher = None,
    actors: OwnActors = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            envvar="DATELINE_WORKERS",
            help="Processes that code; otherwise one a core that memory allows, or one for a few reports.",
        ),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="What runs them: this machine's processes, Ray or Spark (docs/scale.md).")
    ] = EngineName.LOCAL,
    gate: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE", help="Read only reports whose words may tell of this type, or of any (docs/gate.md)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reads reports and enters what they say in the ledger, which is made if there is none.

    What the ledger has already is skipped, so a run that was stopped can simply be started again. Reports that could not be read
    are told of at the end, and in failures.jsonl in the ledger. Your own actors are read from actors.csv in the ledger's folder,
    if there is one, or from the table given with --actors.

    \b
    dateline add news/
    dateline add --ledger belarus --publisher "The Paper" *.html
    dateline add --gate PROTEST --gate COERCE crawl.warc.gz
    dateline add --engine ray --workers 32 news/
    """
    from dateline.ledger.store import open_ledger
    from dateline.runs.add import add_reports
    from dateline.runs.coder import coder_version, gate_version, load_coder
    from dateline.runs.engines import engine_of
    from dateline.runs.machine import default_workers

    gating = _gating(gate) if gate else None
    with coding_errors():
        book = open_ledger(ledger)
        table = actors or own_actors_of(ledger)
        coder = coder_version(table)
        load = partial(load_coder, table, gating) if table or gating else load_coder
        book.sweep()
        found = _find_reports(sources, published, publisher)
        few = list(itertools.islice(found, FEW + 1))
        number = workers or (1 if len(few) <= FEW else default_workers())
        with progress("coding", _number_of_files(sources)) as on_progress:
            result = add_reports(
                itertools.chain(few, found),
                book,
                load,
                coder=coder,
                now=now,
                workers=number,
                engine=engine_of(engine),
                gate=gate_version(coder, gating) if gating else None,
                on_progress=on_progress,
            )
    keep_failures(book, result.failed)
    tell(result.failed)
    tell(result.remarks)
    say(_added(result, ledger))
    if as_json:
        counts = {key: getattr(result, key) for key in ("documents", "claims", "quotations", "problems")}
        counts["passed_over"] = result.passed_over
        print_json({**counts, "skipped": len(result.skipped), "failed": [problem.report for problem in result.failed]})
    leave(result.failed)


@app.command()
def addresses(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="GDELT's tables, zipped or not; - is standard input.")],
    as_lines: Annotated[
        bool, typer.Option("--json", "--jsonl", help="JSON with publisher and moment, one address a line.")
    ] = False,
) -> None:
    """Lists the addresses of the reports that GDELT's tables name, each once: GDELT has no texts of its own.

    \b
    dateline addresses 20200818*.export.CSV.zip
    dateline addresses --jsonl 20200818120000.gkg.csv.zip | jq -r .publisher
    """
    from dateline.ingest.gdelt import read_addresses
    from dateline.records import Problem

    failed: list[Problem] = []
    for found in read_addresses(files, stdin=sys.stdin.buffer):
        if isinstance(found, Problem):
            tell([found])
            failed += [found] if found.is_fatal else []
        elif as_lines:
            print_json(asdict(found))
        else:
            typer.echo(found.address)
    leave(failed)


def _gating(types: Sequence[str]) -> Gating:
    """The packaged gate for these types; "any" among them: for all. A type that it does not know: wrong usage."""
    from dateline.knowledge.gate import Gating, load_gate

    gate = load_gate()
    wanted = tuple(sorted({type_.upper() for type_ in types}))
    if unknown := sorted({*wanted} - gate.types - {"ANY"}):
        raise StopError(f"--gate {unknown[0]}: no such type; give any, or of {', '.join(sorted(gate.types))}", Exit.USAGE)
    return Gating(gate, () if "ANY" in wanted else wanted)


def _find_reports(sources: Sequence[str], published: date | None, publisher: str | None) -> Iterator[Report | Problem]:
    from dateline.ingest.readers import find_reports

    return find_reports(sources, publisher=publisher, published=published)


def _codings(sources: Sequence[str], published: date | None, publisher: str | None, actors: Path | None) -> Iterator[Coding]:
    from dateline.runs.coder import load_coder
    from dateline.runs.local import code_reports

    load = partial(load_coder, actors) if actors else load_coder
    with coding_errors():
        for _, coding in code_reports(_find_reports(sources, published, publisher), load):
            yield coding


def keep_failures(ledger: Ledger, failed: Iterable[Problem]) -> None:
    """Appends a line for each to the ledger's failures.jsonl: short ones, which several processes can append at once."""
    moment = now().isoformat(timespec="seconds")
    lines = [
        {"at": moment, "report": p.report, "stage": p.stage, "reason": p.reason, "message": p.message} for p in failed
    ]  # fmt: skip
    if lines:
        with (ledger.path / FAILURES).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _sure_enough(coding: Coding, least: float | None) -> Coding:
    """The coding without the records that are less sure than asked for; how many those are is said."""
    from dataclasses import replace

    kept = tuple(c for c in coding.claims if least is None or c.event.confidence >= least)
    if left := len(coding.claims) - len(kept):
        say(f"{coding.report}: {left:,} of {len(coding.claims):,} records are less sure than {least:g} and left out")
    return replace(coding, claims=kept)


def _added(result: AddResult, folder: Path) -> str:
    parts = [f"{result.documents:,} documents with {result.claims:,} claims added to {folder}"]
    parts += [f"{result.passed_over:,} of them were passed over by the gate"] if result.passed_over else []
    parts += [f"{len(result.skipped):,} were there already"] if result.skipped else []
    parts += [f"{len(result.failed):,} failed (see {folder / FAILURES})"] if result.failed else []
    return "; ".join(parts)


def leave(failed: Sequence[Problem]) -> None:
    if failed:
        raise typer.Exit(Exit.SOME_FAILED)


def _number_of_files(sources: Sequence[str]) -> int | None:
    """How many reports there will be, where the number of files tells: None with standard input or files of many reports."""
    files = [file for source in sources for file in (Path(source).rglob("*") if Path(source).is_dir() else [Path(source)])]
    one_each = all(str(file) != "-" and file.suffix.lower() not in {".jsonl", ".ndjson", ".json", *ARCHIVES} for file in files)
    return sum(not file.is_dir() for file in files) if one_each else None
