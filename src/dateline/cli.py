"""The command line. Data goes to standard output, everything else to standard error.

Each command is a few lines onto the functions of the other rooms; what is slow to import is imported by the command that needs
it, so that `dateline --help` answers at once.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from dateline.ledger.errors import LedgerError
from dateline.records import Coding, Intensity, Problem, Report, StatusValue

if TYPE_CHECKING:
    from rich.console import Console

    from dateline.ledger.rows import ClaimRow
    from dateline.ledger.store import AddResult, Ledger, Summary

FAILURES = "failures.jsonl"

FEW = 16
"""Reports up to which one process is quicker: another takes a second to load, as long as it takes to code five."""

MANY = 1000
"""Claims beyond which it is enough to say that there are many."""


class Exit(IntEnum):
    """What the exit status says. 4 (validation found faults) and 5 (locked, or out of date) are kept for commands to come."""

    OK = 0
    ERROR = 1
    USAGE = 2
    SOME_FAILED = 3
    MISSING_MODEL = 6
    INTERRUPTED = 130


class StopError(Exception):
    """Ends the command with that message and status."""

    def __init__(self, message: str, status: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.status = status


class Rim(TyperGroup):
    """Where an error that has an explanation becomes a line on standard error and an exit status; any other is a bug and shows."""

    def invoke(self, ctx: Any) -> Any:
        _write_utf8()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read our output has had enough ("| head"): nothing is wrong. Python would flush once more, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.OK) from None
        except KeyboardInterrupt:
            _say("interrupted; `dateline add` keeps what it had coded and, run again, goes on from there")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except StopError as stop:
            _say(f"error: {stop}")
            raise typer.Exit(stop.status) from None
        except LedgerError as fault:
            _say(f"error: {fault}")
            raise typer.Exit(Exit.ERROR) from None
        except OSError as fault:
            _say(f"error: {fault.filename or 'a file'}: {fault.strerror or fault}")
            raise typer.Exit(Exit.ERROR) from None
        return result


app = typer.Typer(
    cls=Rim,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _day(text: str | date) -> date:
    if isinstance(text, date):
        return text
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2020-08-18") from None


Sources = Annotated[list[str], typer.Argument(metavar="FILE", help="Text, web page, JSON or JSON lines; - is standard input.")]
Published = Annotated[
    date | None, typer.Option(metavar="DAY", parser=_day, help="The day all of them were published, as 2020-08-18.")
]
Publisher = Annotated[str | None, typer.Option(metavar="NAME", help="Who published all of them.")]
LedgerFolder = Annotated[Path, typer.Option("--ledger", "-l", metavar="DIR", envvar="DATELINE_LEDGER", help="The ledger's folder.")]
OwnActors = Annotated[
    Path | None,
    typer.Option("--actors", metavar="FILE", envvar="DATELINE_ACTORS", help="Your own actors, a CSV table (docs/actors.md)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines instead of words for people.")]
MinConfidence = Annotated[
    float | None,
    typer.Option("--min-confidence", min=0.0, max=1.0, metavar="P", help="Only records as sure as this (docs/confidence.md)."),
]
DEFAULT_LEDGER = Path("dateline-ledger")


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def dateline(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Reads news reports and keeps a ledger of what they say happened: who did what to whom, when, where, how many, on whose word.

    \b
    dateline code story.html                  read one report
    dateline report story.html -o story.html  the same as a page for the browser
    dateline add news/                        enter a folder in the ledger
    dateline find --type PROTEST              ask the ledger

    \b
    Exit status: 0 done, 1 error, 2 wrong usage, 3 done but some reports failed,
    6 the language model is missing, 130 interrupted.
    """


# ---------------------------------------------------------------- reading reports


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
        if as_json or as_lines:
            _print_record(coding, is_indented=as_json)
        elif not fatal:
            from dateline.views.terminal import render_coding

            render_coding(coding, _console())
        _tell(fatal)
    _leave(failed)


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
    codings = list(itertools.islice(_codings([source], published, publisher, actors), 2))
    fatal = [problem for coding in codings for problem in coding.problems if problem.is_fatal]
    if len(codings) == 1 and codings[0].document is None:
        _tell(fatal)
        _leave(fatal)
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
        _say(f"{out}: written")
    _tell(fatal)
    _leave(fatal)


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(metavar="SRC", help="Files, folders, or - for standard input.")],
    ledger: LedgerFolder = DEFAULT_LEDGER,
    published: Published = None,
    publisher: Publisher = None,
    actors: OwnActors = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes that code; otherwise one a core, or one for a few reports.")
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
    """
    from dateline.ledger.store import open_ledger
    from dateline.runs.add import add_reports
    from dateline.runs.coder import coder_version, load_coder

    with _coding_errors():
        book = open_ledger(ledger)
        table = actors or _own_actors_of(ledger)
        coder = coder_version(table)
        load = partial(load_coder, table) if table else load_coder
        book.sweep()
        found = _find_reports(sources, published, publisher)
        few = list(itertools.islice(found, FEW + 1))
        number = workers or (1 if len(few) <= FEW else os.cpu_count() or 1)
        with _progress("coding", _number_of_files(sources)) as on_progress:
            result = add_reports(
                itertools.chain(few, found),
                book,
                load,
                coder=coder,
                now=_now,
                workers=number,
                on_progress=on_progress,
            )
    _keep_failures(book, result.failed)
    _tell(result.failed)
    _say(_added(result, ledger))
    if as_json:
        counts = {key: getattr(result, key) for key in ("documents", "claims", "quotations", "problems")}
        _print_json({**counts, "skipped": len(result.skipped), "failed": [problem.report for problem in result.failed]})
    _leave(result.failed)


# ---------------------------------------------------------------- asking the ledger


@app.command()
def find(
    type: Annotated[str | None, typer.Option(metavar="TYPE", help="PROTEST, COERCE, ELECTION, …")] = None,
    mode: Annotated[str | None, typer.Option(metavar="MODE", help="strike, arrest, …")] = None,
    status: Annotated[StatusValue | None, typer.Option(help="Whether the report says it happened.")] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Place, province, or what it lies in; a part will do.")] = None,
    country: Annotated[str | None, typer.Option(metavar="ISO3", help="Country of the place, as BLR.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Either party; a part of the name will do.")] = None,
    issue: Annotated[str | None, typer.Option(metavar="CLASS", help="What a protest is about: wages, election, …")] = None,
    demand: Annotated[str | None, typer.Option(metavar="CLASS", help="What is called for: release, pay, …")] = None,
    response: Annotated[Intensity | None, typer.Option(help="What a protest was met with.")] = None,
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=_day, help="Not over before this day.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=_day, help="Begun by this day.")] = None,
    text: Annotated[str | None, typer.Option(metavar="WORDS", help="Words of the evidence or the title.")] = None,
    min_confidence: MinConfidence = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="The first N only.")] = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Lists claims of the ledger, by day. All filters given must fit; case and accents do not matter.

    \b
    dateline find --type PROTEST --country BLR --since 2020-08-09
    dateline find --actor lukashenka --status denied
    dateline find --json | jq -r '[.first_day, .type, .evidence] | @tsv'
    """
    book = _open(ledger)
    filters = {
        "type": type, "mode": mode, "status": status.value if status else None, "place": place, "country": country,
        "actor": actor, "issue": issue, "demand": demand, "response": response.value if response else None,
        "since": since, "until": until, "text": text, "min_confidence": min_confidence,
    }  # fmt: skip
    rows = book.find(**filters, limit=limit)  # type: ignore[arg-type]
    if as_json:
        for row in rows:
            _print_json(_claim_as_json(row))
    else:
        from dateline.views.terminal import render_claims

        render_claims(rows, _console())
    if not rows:
        _explain_nothing(book, {name: value for name, value in filters.items() if value is not None})


@app.command()
def show(
    claim_id: Annotated[str, typer.Argument(metavar="ID", help="A claim's id, or as much of it as is needed.")],
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Shows one claim of the ledger with the words each value was read from.

    \b
    dateline show 4f1c09
    """
    shown = _open(ledger).show(claim_id)
    if as_json:
        from dateline.serial import to_json

        _print_json({"claim": json.loads(to_json(shown.claim)), "document": json.loads(to_json(shown.document))})
    else:
        from dateline.views.terminal import render_claim

        render_claim(shown.claim, shown.document, _console())


@app.command()
def explain(
    claim_id: Annotated[str | None, typer.Argument(metavar="ID", help="A claim's id, or as much of it as is needed.")] = None,
    sentence: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Instead of a claim: a text, to see why its words are coded or not.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="type, actor, recipient, when, place, counts, instruments, issues, demands, response, status, teller; else all.",
        ),
    ] = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says why a value of a claim is what it is: which words, by which rule, and what was weighed against it.

    With --sentence, says of any text which entries of the lexicon have words in it, and what each lacked or lost to.

    \b
    dateline explain 4f1c09 --field place
    dateline explain 4f1c09 --json
    dateline explain --sentence "Police stood by while the shops burnt."
    """
    from dateline.views.explanation import Field, field_named
    from dateline.views.explanation import explain as explain_field
    from dateline.views.wording import load_wording

    if (claim_id is None) == (sentence is None):
        raise StopError("give a claim's ID, or a text with --sentence", Exit.USAGE)
    if sentence is not None:
        _explain_sentence(sentence, as_json=as_json)
        return
    assert claim_id is not None
    wanted = [field_named(field)] if field is not None else list(Field)
    if wanted == [None]:
        raise StopError(f"no field {field!r}; there are: {', '.join(Field)}", Exit.USAGE)
    shown = _open(ledger).show(claim_id)
    wording = load_wording()
    explanations = [explain_field(shown.claim, shown.document, one, wording) for one in wanted if one is not None]
    if as_json:
        from dataclasses import asdict

        for explanation in explanations:
            _print_json(asdict(explanation))
    else:
        from dateline.views.terminal import render_explanation

        for explanation in explanations:
            render_explanation(explanation, _console())


def _explain_sentence(text: str, *, as_json: bool) -> None:
    from dataclasses import asdict

    from dateline.runs.coder import load_weigher
    from dateline.views.terminal import render_weighed

    with _coding_errors():
        weighed = load_weigher()(Report("sentence", text.encode(), "text/plain"))
    if as_json:
        for one in weighed:
            _print_json(asdict(one))
    else:
        render_weighed(weighed, _console())


@app.command()
def info(as_json: AsJson = False, ledger: LedgerFolder = DEFAULT_LEDGER) -> None:
    """Says what a ledger holds: documents, claims by type and status, and what coded them."""
    summary = _open(ledger).summary()
    if as_json:
        from dataclasses import asdict

        _print_json({"ledger": str(ledger), **asdict(summary)})
    else:
        _console().print(_summary_lines(ledger, summary), markup=False, highlight=False, soft_wrap=True)


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
def actor(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any spelling, or an actor's id.")],
    country: Annotated[str | None, typer.Option(metavar="ISO3", help="Tells namesakes apart, as BLR.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The latest N claims.")] = 10,
    actors: OwnActors = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Shows what tables and ledger know of an actor: names, offices by date, sides, and the claims it is party to or tells.

    \b
    dateline actor Lukashenka
    dateline actor "Jane Doe" --country USA --json
    """
    from dateline.knowledge.actors import load_actors
    from dateline.knowledge.own_actors import read_own_actors, with_own_actors
    from dateline.views.actor_page import names_like, read_actor_page

    book = _open(ledger)
    knowledge = load_actors()
    with _coding_errors():
        if table := actors or _own_actors_of(ledger):
            knowledge = with_own_actors(knowledge, read_own_actors(table, knowledge.countries))
    page = read_actor_page(book, knowledge, name, country=country.upper() if country else None, limit=limit)
    if page is None:
        like = names_like(book, name)
        _say(f"names like it in this ledger: {'; '.join(like)}" if like else "`dateline find --actor` looks for a part of a name")
        raise StopError(f"neither the tables nor {ledger} know an actor called {name!r}")
    if as_json:
        from dataclasses import asdict

        told = asdict(page)
        told["latest"] = [_claim_as_json(row) for row in page.latest]
        _print_json({"version": 1, **told})
    else:
        from dateline.views.terminal import render_actor

        render_actor(page, _console())


@app.command()
def actors(table: Annotated[Path, typer.Argument(metavar="FILE", help="Your own actors, a CSV table.")]) -> None:
    """Checks a table of your own actors and says what it holds. Nothing is coded or kept.

    \b
    dateline actors dateline-ledger/actors.csv
    """
    from dateline.knowledge.own_actors import read_own_actors
    from dateline.knowledge.places import load_countries

    with _coding_errors():
        own = read_own_actors(table, load_countries())
    people = sum(row.is_person for row in own.rows)
    typer.echo(
        f"{table}: {len(own.rows):,} rows, {people:,} of people and {len(own.rows) - people:,} of bodies; version {own.version}"
    )
    for row in own.rows:
        said = " · ".join(part for part in (", ".join(row.names), row.country, row.sector, row.role) if part)
        days = f" ({row.since or '…'} to {row.until or '…'})" if row.since or row.until else ""
        typer.echo(f"  {'person' if row.is_person else 'body':<8}{said}{days}")


@app.command()
def schema() -> None:
    """Prints the JSON Schema of what `code --json` prints."""
    from dateline.serial import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


# ---------------------------------------------------------------- what the commands share


def _find_reports(sources: Sequence[str], published: date | None, publisher: str | None) -> Iterator[Report | Problem]:
    from dateline.ingest.readers import find_reports

    return find_reports(sources, publisher=publisher, published=published)


def _codings(sources: Sequence[str], published: date | None, publisher: str | None, actors: Path | None) -> Iterator[Coding]:
    from dateline.runs.coder import load_coder
    from dateline.runs.local import code_reports

    load = partial(load_coder, actors) if actors else load_coder
    with _coding_errors():
        for _, coding in code_reports(_find_reports(sources, published, publisher), load):
            yield coding


@contextmanager
def _coding_errors() -> Iterator[None]:
    from dateline.knowledge.own_actors import OwnActorsError
    from dateline.language.models import MissingModelError
    from dateline.runs.local import WorkerError

    try:
        yield
    except OwnActorsError as fault:
        raise StopError(_in_lines(fault.faults)) from fault
    except WorkerError as fault:
        raise StopError(str(fault)) from fault
    except MissingModelError as fault:
        raise StopError(str(fault), Exit.MISSING_MODEL) from fault


def _own_actors_of(ledger: Path) -> Path | None:
    """The table of the users' own actors that lies in a ledger's folder; none there: None."""
    from dateline.knowledge.own_actors import FILE_NAME

    table = ledger / FILE_NAME
    return table if table.is_file() else None


def _in_lines(faults: Sequence[str]) -> str:
    """Faults one below the other, each of which `_say` can show on its own line."""
    return (
        "; ".join(faults)
        if len(faults) == 1
        else f"{len(faults)} faults: " + "; ".join(f"({n}) {f}" for n, f in enumerate(faults, 1))
    )


def _open(folder: Path) -> Ledger:
    from dateline.ledger.store import open_ledger

    return open_ledger(folder, create=False)


def _now() -> datetime:
    return datetime.now(UTC)


def _keep_failures(ledger: Ledger, failed: Iterable[Problem]) -> None:
    """Appends a line for each to the ledger's failures.jsonl: short ones, which several processes can append at once."""
    moment = _now().isoformat(timespec="seconds")
    lines = [
        {"at": moment, "report": p.report, "stage": p.stage, "reason": p.reason, "message": p.message} for p in failed
    ]  # fmt: skip
    if lines:
        with (ledger.path / FAILURES).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _explain_nothing(ledger: Ledger, filters: dict[str, Any]) -> None:
    """Says which filter, left out, would let something through."""
    for name in filters:
        rest = {other: value for other, value in filters.items() if other != name}
        if number := len(ledger.find(**rest, limit=MANY)):
            option, more = name.replace("_", "-"), " or more" if number == MANY else ""
            _say(f"nothing fits all filters; without --{option} {number:,}{more} would")
    if filters.get("type") or not filters:
        types = ", ".join(ledger.summary().types)
        _say(f"types in this ledger: {types}" if types else f"{ledger.path}: no claims yet; `dateline add` enters reports")


def _sure_enough(coding: Coding, least: float | None) -> Coding:
    """The coding without the records that are less sure than asked for; how many those are is said."""
    from dataclasses import replace

    kept = tuple(c for c in coding.claims if least is None or c.event.confidence >= least)
    if left := len(coding.claims) - len(kept):
        _say(f"{coding.report}: {left:,} of {len(coding.claims):,} records are less sure than {least:g} and left out")
    return replace(coding, claims=kept)


# ---------------------------------------------------------------- what is printed


def _claim_as_json(row: ClaimRow) -> dict[str, Any]:
    """All columns, with the whole record under "claim" in place of its text."""
    from dateline.ledger.rows import columns_of

    columns = columns_of(row)
    record = json.loads(columns.pop("record"))
    return {"version": record.pop("version"), **columns, "claim": record}


def _print_record(coding: Coding, *, is_indented: bool) -> None:
    from dateline.serial import to_json

    written = to_json(coding)
    typer.echo(json.dumps(json.loads(written), ensure_ascii=False, indent=2) if is_indented else written)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat()))


def _summary_lines(folder: Path, summary: Summary) -> str:
    from dateline.knowledge.places import ATTRIBUTION

    def tallies(counts: dict[str, int]) -> str:
        return ", ".join(f"{name} {number:,}" for name, number in counts.items()) or "none"

    lines = [
        ("ledger", f"{folder} (format {summary.format}, {summary.shards:,} shards)"),
        ("documents", f"{summary.documents:,}, and {summary.failed:,} reports that could not be coded"),
        ("claims", f"{summary.claims:,} of {summary.events:,} happenings, document by document"),
        ("types", tallies(summary.types)),
        ("statuses", tallies(summary.statuses)),
        ("quotations", f"{summary.quotations:,}"),
        ("days", f"{summary.first_day} to {summary.last_day}" if summary.first_day else "none"),
        *(("coder", f"{coder.program} / {coder.model} / {coder.knowledge}") for coder in summary.coders),
        ("sources", ATTRIBUTION),
        ("last added", summary.last_added.isoformat(" ", "seconds") if summary.last_added else "never"),
    ]
    return "\n".join(f"{label:<12}{words}" for label, words in lines)


def _added(result: AddResult, folder: Path) -> str:
    parts = [f"{result.documents:,} documents with {result.claims:,} claims added to {folder}"]
    parts += [f"{len(result.skipped):,} were there already"] if result.skipped else []
    parts += [f"{len(result.failed):,} failed (see {folder / FAILURES})"] if result.failed else []
    return "; ".join(parts)


def _tell(failed: Iterable[Problem]) -> None:
    for problem in failed:
        message = " ".join(problem.message.split())
        _say(message if message.startswith(problem.report) else f"{problem.report}: {message}")


def _leave(failed: Sequence[Problem]) -> None:
    if failed:
        raise typer.Exit(Exit.SOME_FAILED)


def _say(message: str) -> None:
    """To standard error, with nothing in it that could act on a terminal: it may hold a report's words or a file's name."""
    typer.echo("".join(letter if letter.isprintable() else "\ufffd" for letter in message), err=True)


def _console() -> Console:
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Rich would leave with status 1; the rim knows better."""
            raise

    return Screen()


def _write_utf8() -> None:
    """What goes into a pipe or a file is UTF-8 wherever we run; a lone surrogate is written out instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _number_of_files(sources: Sequence[str]) -> int | None:
    """How many reports there will be, where the number of files tells: None with standard input or files of many reports."""
    files = [file for source in sources for file in (Path(source).rglob("*") if Path(source).is_dir() else [Path(source)])]
    one_each = all(str(file) != "-" and file.suffix.lower() not in {".jsonl", ".ndjson", ".json"} for file in files)
    return sum(not file.is_dir() for file in files) if one_each else None


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Any]:
    """A bar on standard error while the block runs, if somebody looks at a terminal there; gives what is told of each report."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda name: bar.advance(task)
