"""Commands on linked events: events, and the watch rules that are asked of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.fetching import Allow, Contact
from dateline.cli.options import DEFAULT_LEDGER, AsCsv, AsJson, AsOf, LedgerFolder, day, one_form
from dateline.cli.printing import console, print_csv, print_json, progress, say
from dateline.cli.shared import in_lines, now, open_existing, other_names
from dateline.values import StatusValue

if TYPE_CHECKING:
    from dateline.knowledge.watch_rules import Rule
    from dateline.ledger.store import Filters, Ledger
    from dateline.records import Alert
    from dateline.watching.happenings import Figure, Happening
    from dateline.watching.watch import Waiting

Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="The rules; otherwise watch.yaml in the ledger's folder (docs/watch.md)."),
]


def _bounds(figure: Figure) -> str:
    """A figure in few words, as "killed 3–5" or "detained 40 or more"."""
    from dateline.views.wording import bounds

    return f"{figure.what} {bounds(figure.low, figure.high)}"


EVENT_COLUMNS: dict[str, Callable[[Happening], Any]] = {
    "event_id": lambda event: event.id,
    "first_day": lambda event: event.first,
    "last_day": lambda event: event.last,
    "type": lambda event: event.type,
    "mode": lambda event: event.mode,
    "status": lambda event: event.status,
    "place": lambda event: event.place,
    "admin1": lambda event: event.admin1,
    "country": lambda event: event.country,
    "actors": lambda event: [party.name for party in event.actors],
    "recipients": lambda event: [party.name for party in event.recipients],
    "figures": lambda event: [_bounds(figure) for figure in event.figures],
    "disputed": lambda event: [contradiction.field for contradiction in event.contradictions],
    "witnesses": lambda event: event.witnesses,
    "claims": lambda event: len(event.claims),
    "confidence": lambda event: event.confidence,
}
"""The columns of the table of events, and what each has of one."""


@app.command()
def events(
    type: Annotated[str | None, typer.Option(metavar="TYPE", help="PROTEST, COERCE, ELECTION, …")] = None,
    mode: Annotated[str | None, typer.Option(metavar="MODE", help="strike, arrest, …")] = None,
    status: Annotated[StatusValue | None, typer.Option(help="Whether a report says that it happened.")] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Place, province, or what it lies in; a part will do.")] = None,
    country: Annotated[str | None, typer.Option(metavar="ISO3", help="Country of the place, as BLR.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Either party; a part of the name will do.")] = None,
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Not over before this day.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Begun by this day.")] = None,
    text: Annotated[str | None, typer.Option(metavar="WORDS", help="Words of the evidence or the title of a report.")] = None,
    min_witnesses: Annotated[int, typer.Option("--witnesses", min=1, metavar="N", help="Told by N witnesses or more.")] = 1,
    is_disputed: Annotated[bool, typer.Option("--disputed", help="Only those on which reports differ.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="The first N only.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Lists linked events by day: what happened by all reports together, and whether they differ.

    An event is listed if one of its claims fits all filters given. `dateline export --to csv` has more columns than --csv, and its
    table can be read back.

    \b
    dateline events --country BLR --type COERCE
    dateline events --disputed --witnesses 2
    dateline events --country BLR --csv > events.csv
    dateline events --as-of 2020-08-14 --json | jq .tallies
    """
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.events import fitting, read_events
    from dateline.views.events import event_data, render_events
    from dateline.watching.happenings import brief_of

    one_form(as_json, as_csv)
    book = open_existing(ledger)
    filters: Filters = {
        "type": type, "mode": mode, "status": status.value if status else None, "place": place, "country": country,
        "actor": actor, "names": other_names(book, actor, as_of), "since": since, "until": until, "text": text,
    }  # fmt: skip
    found = read_events(book, load_accounts(), as_of=as_of, only=fitting(book, filters, as_of=as_of))
    chosen = [
        (event, brief)
        for event in found.events
        if (brief := brief_of(event)).witnesses >= min_witnesses and (brief.contradictions or not is_disputed)
    ]
    chosen.sort(key=lambda pair: (pair[1].first or pair[1].last or date.max, pair[1].last or date.max, pair[0].id))
    listed = [event for event, _ in chosen[:limit]]
    if as_json:
        for event in listed:
            print_json(event_data(event))
    elif as_csv:
        print_csv(list(EVENT_COLUMNS), ([of(brief) for of in EVENT_COLUMNS.values()] for _, brief in chosen[:limit]))
    else:
        render_events(listed, console())
    _say_unlinked(book, as_of)


def _say_unlinked(book: Ledger, as_of: datetime | None = None) -> None:
    from dateline.runs.watching import unlinked

    if number := unlinked(book, as_of):
        say(f"{number:,} claims are not linked yet, so what several reports tell may stand there several times: `dateline link`")


# ---------------------------------------------------------------- watch rules

rules_app = typer.Typer(rich_markup_mode="rich")
app.add_typer(rules_app, name="watch")


@rules_app.callback(invoke_without_command=True)
def watch_sources(
    context: typer.Context,
    is_once: Annotated[bool, typer.Option("--once", help="One round, and end.")] = False,
    metrics: Annotated[
        int | None,
        typer.Option("--metrics", min=0, max=65535, metavar="PORT", help="Figures for Prometheus at a port of this machine."),
    ] = None,
    contact: Contact = "",
    allow: Allow = [],  # noqa: B006 - Typer reads it, nobody writes to it
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Reads the sources of a ledger (docs/sources.md) on their schedules until it is stopped: what is new is fetched, entered,
    linked, and asked of the watch rules. The commands below are about these rules (docs/watch.md).

    Killed at any moment it loses nothing; started again, it goes on from there.

    \b
    dateline watch
    dateline watch --once --ledger belarus
    dateline watch check
    """
    if context.invoked_subcommand is None:
        from dateline.cli.fetching import poll_sources

        poll_sources(ledger, is_once=is_once, contact=contact, allow=allow, metrics_port=metrics)


@rules_app.command("check")
def watch_check(
    rules: Rules = None,
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Day by day from then on; enters nothing.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="The last day of that; otherwise today.")] = None,
    is_as_printed: Annotated[
        bool, typer.Option("--as-printed", help="With --since: as if each report had been entered the day it was published.")
    ] = False,
    as_of: AsOf = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Say what is new, and enter nothing.")] = False,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Asks the rules and prints what is new; each alert is entered in the ledger and its alerts.jsonl, once.

    With --as-of, says what would have been new at that moment; with --since, on each day up to --until. Neither enters anything.

    \b
    dateline watch check
    dateline watch check --as-of 2020-08-14 --json
    dateline watch check --rules mine.yaml --since 2020-08-10 --until 2020-08-24 --as-printed
    """
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.watching import backtest, enter_alerts, watch_ledger
    from dateline.watching.watch import Watched

    if as_of is not None and since is not None:
        raise StopError("choose one of --as-of and --since", Exit.USAGE)
    if since is None and (until is not None or is_as_printed):
        raise StopError("--until and --as-printed go with --since", Exit.USAGE)
    book = open_existing(ledger)
    asked = _rules(rules, ledger)
    if since is not None:
        last = until or now().date()
        if last < since:
            raise StopError(f"--since {since} is after --until {last}", Exit.USAGE)
        with progress("days", (last - since).days + 1) as on_progress:
            days = list(backtest(book, asked, load_accounts(), since, last, is_as_printed=is_as_printed, on_progress=on_progress))
        waiting = days[-1].waiting if days else ()
        _print_days([(d.day, d.alerts) for d in days if d.alerts], as_json=as_json)
    else:
        moment = as_of or now()
        found: Watched = watch_ledger(book, asked, load_accounts(), known_at=moment)
        if as_of is None and not is_dry:
            enter_alerts(book, found.alerts, by=_signature(asked), known_at=moment)
        waiting = found.waiting
        _print_alerts(found.alerts, as_json=as_json)
    _say_waiting(waiting)
    _say_unlinked(book, as_of)


@rules_app.command("list")
def watch_list(
    rules: Rules = None,
    is_shipped: Annotated[bool, typer.Option("--shipped", help="The file of rules that ship as examples, to be copied.")] = False,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says in words what each rule watches for, and how often it has spoken in this ledger.

    \b
    dateline watch list
    dateline watch list --shipped > dateline-ledger/watch.yaml
    """
    from dateline.knowledge.watch_rules import shipped_rules_path

    if is_shipped:
        typer.echo(shipped_rules_path().read_text(encoding="utf-8"), nl=False)
        return
    from dataclasses import asdict

    from dateline.views.rules import render_rules
    from dateline.watching.watch import tips_of

    listed = _rules(rules, ledger)
    alerts = _alerts_there(ledger)
    if as_json:
        for rule in listed:
            print_json({**asdict(rule), "alerts": sum(alert.rule == rule.id for alert in alerts)})
    else:
        render_rules(listed, alerts, {tip.id for tip in tips_of(alerts) if tip.holds}, console())


@rules_app.command("test")
def watch_test(
    file: Annotated[Path | None, typer.Argument(metavar="RULES", help="The rules; otherwise those of the ledger.")] = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Tries the examples that stand beside the rules, without a ledger's events. Exit status 4: some do not come out.

    \b
    dateline watch test mine.yaml
    """
    from dataclasses import asdict

    from dateline.watching.examples import try_examples

    tried = _rules(file, ledger)
    failures = [failure for rule in tried for failure in try_examples(rule)]
    examples = sum(len(rule.examples) for rule in tried)
    if as_json:
        print_json({"rules": len(tried), "examples": examples, "failures": [asdict(failure) for failure in failures]})
    else:
        for failure in failures:
            note = f" ({failure.note})" if failure.note else ""
            typer.echo(f"{failure.rule}, example {failure.number}{note}: {failure.wrong}")
        typer.echo(f"{len(tried)} rules, {examples} examples, {len(failures)} do not come out")
    for rule in tried:
        if not rule.examples:
            say(f"{rule.id}: no examples; a rule without one may be silent for ever and nobody will know")
    if failures:
        raise typer.Exit(Exit.FAULTS_FOUND)


def tell_news(book: Ledger, *, moment: datetime) -> None:
    """After a run that changed what is known: asks the ledger's own rules, if it has any, and tells what is new on standard error.

    Nothing of the run fails for it: what is wrong in the rules is told too.
    """
    from dateline.knowledge.accounts import load_accounts
    from dateline.knowledge.watch_rules import FILE_NAME, WatchRulesError, read_watch_rules
    from dateline.runs.watching import enter_alerts, watch_ledger

    path = book.path / FILE_NAME
    if not path.is_file():
        return
    try:
        rules = read_watch_rules(path)
    except WatchRulesError as fault:
        say(f"the watch rules were not asked: {in_lines(fault.faults)}")
        return
    found = watch_ledger(book, rules, load_accounts(), known_at=moment)
    enter_alerts(book, found.alerts, by=_signature(rules), known_at=moment)
    for alert in found.alerts:
        say(f"watch: {alert.rule}: {f'{alert.day}, ' if alert.day else ''}{alert.said}")


def _rules(file: Path | None, ledger: Path) -> tuple[Rule, ...]:
    from dateline.knowledge.watch_rules import FILE_NAME, WatchRulesError, read_watch_rules

    path = file or ledger / FILE_NAME
    if not path.is_file():
        advice = f"`dateline watch list --shipped > {ledger / FILE_NAME}` makes one to begin with"
        raise StopError(f"{path}: no such file of watch rules; {advice}")
    try:
        return read_watch_rules(path)
    except WatchRulesError as fault:
        raise StopError(in_lines(fault.faults)) from fault


def _signature(rules: Sequence[Rule]) -> str:
    """What the ledger is told entered the alerts: the program and which rules, as a hash of what they say."""
    import hashlib
    from importlib.metadata import version

    return f"dateline {version('dateline')} watch {hashlib.sha256(repr(rules).encode()).hexdigest()[:8]}"


def _alerts_there(ledger: Path) -> tuple[Alert, ...]:
    """The alerts of the ledger; no ledger there: none."""
    from dateline.ledger.errors import LedgerError
    from dateline.runs.watching import alerts_of

    try:
        return alerts_of(open_existing(ledger))
    except LedgerError:
        return ()


def _print_alerts(alerts: Sequence[Alert], *, as_json: bool) -> None:
    from dateline.serial import to_json
    from dateline.views.events import render_alerts

    if as_json:
        for alert in alerts:
            typer.echo(to_json(alert))
    else:
        render_alerts(alerts, console())


def _print_days(days: Sequence[tuple[date, Sequence[Alert]]], *, as_json: bool) -> None:
    from dateline.serial import to_json
    from dateline.views.events import render_days

    if as_json:
        for _, alerts in days:
            for alert in alerts:
                typer.echo(to_json(alert))
    else:
        render_days(days, console())


def _say_waiting(waiting: Sequence[Waiting]) -> None:
    for rule in waiting:
        say(f"{rule.rule}: looks back further than there are reports; it can first judge {rule.day}")
