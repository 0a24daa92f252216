"""Commands that ask the ledger: find, show, explain, query, info, actor."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsCsv, AsJson, AsOf, LedgerFolder, MinConfidence, OwnActors, day, one_form
from dateline.cli.printing import claim_as_json, console, print_csv, print_json, say
from dateline.cli.shared import coding_errors, open_existing, other_names, own_actors_of
from dateline.values import Intensity, StatusValue

if TYPE_CHECKING:
    from dateline.ledger.store import Ledger, Shown, Summary

MANY = 1000
"""Claims beyond which it is enough to say that there are many."""


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
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Not over before this day.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Begun by this day.")] = None,
    text: Annotated[str | None, typer.Option(metavar="WORDS", help="Words of the evidence or the title.")] = None,
    min_confidence: MinConfidence = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="The first N only.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Lists claims of the ledger, by day. All filters given must fit; case and accents do not matter.

    \b
    dateline find --type PROTEST --country BLR --since 2020-08-09
    dateline find --actor lukashenka --status denied
    dateline find --country BLR --csv > claims.csv
    dateline find --json | jq -r '[.first_day, .type, .evidence] | @tsv'
    """
    one_form(as_json, as_csv)
    book = open_existing(ledger)
    filters = {
        "type": type, "mode": mode, "status": status.value if status else None, "place": place, "country": country,
        "actor": actor, "issue": issue, "demand": demand, "response": response.value if response else None,
        "since": since, "until": until, "text": text, "min_confidence": min_confidence,
    }  # fmt: skip
    names = other_names(book, actor, as_of)
    rows = book.find(**filters, names=names, limit=limit, as_of=as_of)  # type: ignore[arg-type]
    if as_json:
        for row in rows:
            print_json(claim_as_json(row))
    elif as_csv:
        from dateline.ledger.rows import ClaimRow, columns_of

        names_ = [field.name for field in fields(ClaimRow)][:-1]  # the record is the last one, and no cell of a table
        print_csv(names_, (list(columns_of(row).values())[: len(names_)] for row in rows))
    else:
        from dateline.views.terminal import render_claims

        render_claims(rows, console())
    if not rows:
        _explain_nothing(book, {name: value for name, value in filters.items() if value is not None}, as_of)


@app.command()
def show(
    claim_id: Annotated[str, typer.Argument(metavar="ID", help="An event's or claim's id, or as much of it as is needed.")],
    is_claim: Annotated[bool, typer.Option("--claim", help="The claim alone, with the words of each value.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Shows an event: what its reports say together, where they differ, what was revised or corrected, and on whose word.

    The event of any of its claims is shown. With --claim, shows that claim with the words each value was read from.

    \b
    dateline show 4f1c09
    dateline show 4f1c09 --as-of 2020-08-14 --json
    dateline show --claim 4f1c09
    """
    book = open_existing(ledger)
    if is_claim:
        _show_claim(book.show(claim_id, as_of), as_json=as_json)
        return
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.events import event_of, read_events
    from dateline.views.events import event_data, render_event

    wanted = event_of(book, claim_id, as_of=as_of)
    found = read_events(book, load_accounts(), only={wanted}, as_of=as_of)
    if not found.events:
        raise StopError(f"the event {wanted} has no claims left: people rejected all of them (`dateline history {wanted}`)")
    if as_json:
        print_json(event_data(found.events[0]))
    else:
        render_event(found.events[0], console())


def _show_claim(shown: Shown, *, as_json: bool) -> None:
    if as_json:
        from dateline.serial import to_json

        print_json({"claim": json.loads(to_json(shown.claim)), "document": json.loads(to_json(shown.document))})
    else:
        from dateline.views.terminal import render_claim

        render_claim(shown.claim, shown.document, console())


@app.command()
def explain(
    claim_id: Annotated[str | None, typer.Argument(metavar="ID", help="A claim's id, or as much of it as is needed.")] = None,
    other_id: Annotated[
        str | None, typer.Argument(metavar="ID2", help="Another's, to see why the two are one event or are not.")
    ] = None,
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

    With two claims, says what speaks for their being one event and what against it, part by part. With --sentence, says of any text
    which entries of the lexicon have words in it, and what each lacked or lost to.

    \b
    dateline explain 4f1c09 --field place
    dateline explain 4f1c09 77ab31
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
    if other_id is not None:
        if field is not None:
            raise StopError("--field is of one claim; two are compared whole", Exit.USAGE)
        _explain_pair(open_existing(ledger), claim_id, other_id, as_json=as_json)
        return
    wanted = [field_named(field)] if field is not None else list(Field)
    if wanted == [None]:
        raise StopError(f"no field {field!r}; there are: {', '.join(Field)}", Exit.USAGE)
    shown = open_existing(ledger).show(claim_id)
    wording = load_wording()
    explanations = [explain_field(shown.claim, shown.document, one, wording) for one in wanted if one is not None]
    if as_json:
        from dataclasses import asdict

        for explanation in explanations:
            print_json(asdict(explanation))
    else:
        from dateline.views.terminal import render_explanation

        for explanation in explanations:
            render_explanation(explanation, console())


def _explain_pair(book: Ledger, first: str, second: str, *, as_json: bool) -> None:
    from dateline.runs.pairs import compare_claims
    from dateline.views.events import Weight, render_pair

    try:
        pair = compare_claims(book, first, second)
    except ValueError as fault:
        raise StopError(str(fault), Exit.USAGE) from fault
    if as_json:
        parts = [{"sign": part.sign, "says": part.says, "value": part.value, "odds": part.odds} for part in pair.parts]
        claims = [claim.id for claim in pair.claims]
        told = {"claims": claims, "events": pair.events, "chance": pair.chance, "apart": pair.apart, "parts": parts}
        print_json({"version": 1, **told})
    else:
        tellings = list(zip(pair.events, pair.claims, pair.documents, strict=True))
        render_pair(tellings, [Weight(part.says, part.odds) for part in pair.parts], pair.chance, console(), apart=pair.apart)


def _explain_sentence(text: str, *, as_json: bool) -> None:
    from dataclasses import asdict

    from dateline.runs.coder import load_weigher
    from dateline.views.terminal import render_weighed

    with coding_errors():
        from dateline.records import Report

        weighed = load_weigher()(Report("sentence", text.encode(), "text/plain"))
    if as_json:
        for one in weighed:
            print_json(asdict(one))
    else:
        render_weighed(weighed, console())


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A SELECT (docs/queries.md); - reads it from standard input.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Answers a question in SQL. Nothing is changed, and nothing outside the ledger can be read.

    \b
    dateline query "SELECT type, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC"
    dateline query --as-of 2020-08-18 "SELECT event_id, witness_count FROM events"
    dateline query --csv "SELECT document_id, publisher, published FROM documents" > documents.csv
    echo "SELECT count(*) FROM claims" | dateline query -
    """
    one_form(as_json, as_csv)
    answer = open_existing(ledger).sql(sys.stdin.read() if sql == "-" else sql, as_of=as_of)
    if as_json:
        for row in answer.rows:
            print_json(dict(zip(answer.columns, row, strict=True)))
    elif as_csv:
        print_csv(answer.columns, answer.rows)
    else:
        from dateline.views.terminal import render_answer

        render_answer(answer.columns, answer.rows, console())


@app.command()
def info(as_of: AsOf = None, as_json: AsJson = False, ledger: LedgerFolder = DEFAULT_LEDGER) -> None:
    """Says what a ledger holds: documents, claims by type and status, and what coded them.

    \b
    dateline info
    dateline info --as-of 2020-08-18 --json
    """
    summary = open_existing(ledger).summary(as_of)
    if as_json:
        from dataclasses import asdict

        print_json({"ledger": str(ledger), **asdict(summary)})
    else:
        console().print(_summary_lines(ledger, summary), markup=False, highlight=False, soft_wrap=True)


@app.command()
def actor(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any spelling, or an actor's id.")],
    country: Annotated[str | None, typer.Option(metavar="ISO3", help="Tells namesakes apart, as BLR.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The latest N claims.")] = 10,
    actors: OwnActors = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Shows what tables and ledger know of an actor: names, offices by date, sides, and the claims it is party to or tells.

    \b
    dateline actor Lukashenka
    dateline actor Lukashenka --country BLR --json
    """
    from dateline.knowledge.actors import load_actors
    from dateline.knowledge.own_actors import read_own_actors, with_own_actors
    from dateline.views.actor_page import names_like, read_actor_page

    book = open_existing(ledger)
    knowledge = load_actors()
    with coding_errors():
        if table := actors or own_actors_of(ledger):
            knowledge = with_own_actors(knowledge, read_own_actors(table, knowledge.countries))
    page = read_actor_page(book, knowledge, name, country=country.upper() if country else None, limit=limit, as_of=as_of)
    if page is None:
        like = names_like(book, name)
        say(f"names like it in this ledger: {'; '.join(like)}" if like else "`dateline find --actor` looks for a part of a name")
        raise StopError(f"neither the tables nor {ledger} know an actor called {name!r}")
    if as_json:
        from dataclasses import asdict

        told = asdict(page)
        told["latest"] = [claim_as_json(row) for row in page.latest]
        print_json({"version": 1, **told})
    else:
        from dateline.views.terminal import render_actor

        render_actor(page, console())


def _explain_nothing(ledger: Ledger, filters: dict[str, Any], as_of: datetime | None) -> None:
    """Says which filter, left out, would let something through."""
    for name in filters:
        rest = {other: value for other, value in filters.items() if other != name}
        if number := len(ledger.find(**rest, limit=MANY, as_of=as_of)):
            option, more = name.replace("_", "-"), " or more" if number == MANY else ""
            say(f"nothing fits all filters; without --{option} {number:,}{more} would")
    if filters.get("type") or not filters:
        types = ", ".join(ledger.summary(as_of).types)
        say(f"types in this ledger: {types}" if types else f"{ledger.path}: no claims yet; `dateline add` enters reports")


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
