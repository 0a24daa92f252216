"""Linked events for a terminal: many in a table, one in full with its rival accounts, and alerts of watch rules.

Nothing relies on colour: what is disputed, revised, withdrawn or planned has a sign, and every sign that is shown is explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dateline.records import (
    Account,
    Alert,
    Days,
    Episode,
    Fulfilment,
    LinkedEvent,
    PlanOutcome,
    Revision,
    Standing,
    StatusValue,
    Tally,
    Testimony,
    Verdict,
)
from dateline.views import wording as say
from dateline.views.lines import INDENT, fields, flat, indented, lines, shortest
from dateline.views.terminal import STATUS_STYLES
from dateline.views.wording import Wording, shown
from dateline.watching.happenings import Happening, best_of, brief_of

SHORT = 8
"""Letters of an id that are shown; `show` takes as many or fewer as tell claims apart."""

MARKS = {
    "≠": "reports differ",
    "△": "a figure was revised",
    "✎": "a report was corrected or taken back",
    "→": "announced",
    "⋯": "part of an episode",
}
"""What the signs of a list mean."""

VERDICT_STYLES = {Verdict.DISPUTE: "bold red", Verdict.RANGE: "yellow", Verdict.AGREEMENT: "green", Verdict.ALONE: "dim"}

STANDING_WORDS = {
    Standing.REVISED: "revised since",
    Standing.SUPERSEDED: "corrected since",
    Standing.RETRACTED: "taken back since",
}

LABELS = {"kind": "what", "days": "when", "place": "where", "actors": "who", "recipients": "whom", "status": "whether"}
"""Fields of an event as people ask for them."""

ROOMY = 110
"""Columns from which a list has room for the words of the first report."""


# ---------------------------------------------------------------- many


def render_events(events: Sequence[LinkedEvent], console: Console) -> None:
    """Prints an event a line in the order given: id, days, signs, what, where, who → whom, how many, reports and witnesses.

    No events: says that nothing was found.
    """
    if not events:
        console.print(Text("No events found."))
        return
    wording = say.load_wording()
    length = shortest({event.id for event in events})
    is_roomy = console.width >= ROOMY
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True, style="dim")
    table.add_column("when", no_wrap=True)
    table.add_column("", no_wrap=True, style="bold")
    table.add_column("what", overflow="fold", style="bold", max_width=None if is_roomy else 9)
    table.add_column("who → whom", overflow="fold")
    table.add_column("where", overflow="fold", max_width=None if is_roomy else 11)
    table.add_column("how many", overflow="fold", max_width=None if is_roomy else 14)
    table.add_column("told", no_wrap=True, justify="right")
    if is_roomy:
        table.add_column("words", overflow="fold")
    signs: set[str] = set()
    statuses: set[StatusValue] = set()
    for event in events:
        brief = brief_of(event)
        marks = marks_of(event, brief)
        signs |= set(marks)
        statuses.add(StatusValue(brief.status))
        cells = _cells(event, brief, marks, length, wording)
        table.add_row(*cells[: len(table.columns)])
    console.print(table)
    lines(Text(say.tally(len(events), "event")), console)
    legend = [f"{wording.glyphs[status]} {status}" for status in StatusValue if status in statuses]
    legend += [f"{sign} {meaning}" for sign, meaning in MARKS.items() if sign in signs]
    lines(Text("  ".join(legend), "dim"), console)
    lines(Text("told: reports/witnesses; reprints of one story are one witness", "dim"), console)


def marks_of(event: LinkedEvent, brief: Happening) -> str:
    """The signs of what a reader must know before using the event: see MARKS. Nothing: ""."""
    holds = {
        "≠": bool(brief.contradictions),
        "△": bool(brief.movements),
        "✎": bool(brief.withdrawals),
        "→": event.plan is not None,
        "⋯": event.episode is not None,
    }
    return "".join(sign for sign, is_so in holds.items() if is_so)


def _cells(event: LinkedEvent, brief: Happening, marks: str, length: int, wording: Wording) -> list[Text]:
    """All that a row can show, left to right; narrow tables leave out the last."""
    whom = ", ".join(party.name for party in brief.recipients)
    who = (", ".join(party.name for party in brief.actors) or "–") + (f" → {whom}" if whom else "")
    units = {c.what: c.unit for t in event.tellings for c in t.claim.event.counts}
    counts = "; ".join(f"{f.what} {say.amount(f.what, f.low, f.high, units.get(f.what, ''))}" for f in brief.figures)
    days = best_of(event.accounts, "days", Days)
    is_assumed = days is not None and days.is_assumed
    glyph = wording.glyphs[brief.status]
    when = Text(shown((say.ASSUMED if is_assumed else "") + _iso(brief.first, brief.last)), "dim" if is_assumed else "")
    return [
        Text(event.id[:length]),
        when,
        Text.assemble((glyph, STATUS_STYLES[StatusValue(brief.status)]), marks),
        Text(shown(f"{brief.type} {brief.mode}" if brief.mode else brief.type)),
        Text(shown(who)),
        Text(shown(brief.place or brief.country or "–")),
        Text(shown(counts or "–")),
        Text(f"{len(_documents(event.tellings))}/{brief.witnesses}"),
        Text(f"“{flat(event.tellings[0].evidence)}”"),
    ]


def _iso(first: date | None, last: date | None) -> str:
    if first and last and first != last:
        return f"{first}\n…{last}"
    return f"{first}" + ("" if last else " …") if first else f"… {last}" if last else "–"


def _documents(tellings: Sequence[Testimony]) -> list[str]:
    return list(dict.fromkeys(t.claim.document for t in tellings))


# ---------------------------------------------------------------- one in full


def render_event(event: LinkedEvent, console: Console) -> None:
    """Prints an event: what it comes to, then field by field who says what, revisions, plan, episode, and every report."""
    wording, brief = say.load_wording(), brief_of(event)
    told = _told_by(event)
    _heading(event, brief, wording, console)
    for name in ("status", "kind", "days", "place", "actors", "recipients"):
        field = event.accounts.field(name)
        if field is not None:
            _accounts(LABELS[name], "", field.accounts, field.best, field.verdict, field.arithmetic, told, console)
    for tally in event.accounts.tallies:
        _tally(tally, told, console)
    revisions = [r for tally in event.accounts.tallies for r in tally.revisions]
    if revisions:
        console.print()
        console.print(Text("Revisions", "bold"))
        for revision in sorted(revisions, key=lambda r: (r.told, r.known_at)):
            indented(Text(shown(_revision(revision))), console)
    if event.plan is not None:
        console.print()
        _plan(event.plan, console)
    if event.episode is not None:
        console.print()
        _episode(event.episode, event.id, console)
    console.print()
    _reports(event.tellings, console)


def _heading(event: LinkedEvent, brief: Happening, wording: Wording, console: Console) -> None:
    status = StatusValue(brief.status)
    kind = f"{brief.type} · {brief.mode}" if brief.mode else brief.type
    badge = Text.assemble((shown(kind), "bold blue"), "  ", (f"{wording.glyphs[status]} {status}", STATUS_STYLES[status]))
    lines(Text.assemble(badge, (f"  {event.id}", "dim")), console)
    lines(Text(shown(headline(brief, wording)), "bold"), console)
    documents, witnesses = len(_documents(event.tellings)), brief.witnesses
    counted = f"{say.tally(documents, 'report')}, {say.tally(witnesses, 'witness', 'witnesses')}"
    lines(Text(f"{counted}; first told {say.day(event.accounts.first_told)}", "dim"), console)
    for sign in marks_of(event, brief):
        if sign in "≠△✎":
            lines(Text(f"{sign} {MARKS[sign]}", "yellow"), console)
    console.print()


def headline(brief: Happening, wording: Wording) -> str:
    """The event in a line: "riot police – arrest – of strikers, Minsk, Wed 19 August 2020"."""
    code = f"{brief.type} {brief.mode}"
    what = wording.nouns.get(code) or brief.mode or wording.nouns.get(brief.type, brief.type.lower())
    link = wording.links.get(code) or wording.links.get(brief.type, "→")
    who = ", ".join(party.name for party in brief.actors) or "nobody named"
    whom = ", ".join(party.name for party in brief.recipients)
    doing = " – ".join(part for part in (who, what, f"{link} {whom}" if whom else "") if part)
    where = ", ".join(dict.fromkeys(part for part in (brief.place, brief.country) if part))
    return ", ".join(part for part in (doing, where, say.days(brief.first, brief.last)) if part)


@dataclass(frozen=True)
class _Told:
    """For each claim who printed it, its day, and how many reports say the same word for word (its witness's other documents)."""

    by_claim: Mapping[str, Testimony]
    prints: Mapping[str, tuple[str, ...]]
    """The publishers of each witness, the first to print it first, each named once."""


def _told_by(event: LinkedEvent) -> _Told:
    prints: dict[str, dict[str, None]] = {}
    for t in event.tellings:
        prints.setdefault(t.witness, {}).setdefault(t.publisher or t.claim.document, None)
    return _Told({t.claim.id: t for t in event.tellings}, {witness: tuple(names) for witness, names in prints.items()})


def _accounts(
    label: str,
    of: str,
    accounts: Sequence[Account],
    best: int | None,
    verdict: Verdict,
    arithmetic: str,
    told: _Told,
    console: Console,
) -> None:
    """A field: one value in a line; rival ones one below the other, each with who says it, then how the verdict came about."""
    if len(accounts) == 1:
        account = accounts[0]
        value = Text.assemble(shown(account.in_words + of), ("  " + shown(_behind(account, told)), "dim"))
        fields([(label, value)], console)
        return
    fields(
        [(label, Text.assemble((str(verdict), VERDICT_STYLES[verdict]), (f"  {shown(arithmetic)}" if arithmetic else "", "dim")))],
        console,
    )
    for number, account in enumerate(accounts):
        is_out = account.standing is not Standing.CURRENT
        sign = "•" if number == best else "×" if is_out else "◦"
        gone = f" ({STANDING_WORDS[account.standing]})" if is_out else ""
        words = Text.assemble((shown(account.in_words + of), "dim strike" if is_out else "bold" if number == best else ""), gone)
        words.append("  " + shown(_behind(account, told)), "dim")
        lines(words, console, INDENT + 13, Text(" " * (INDENT + 11) + sign + " "))


def _behind(account: Account, told: _Told) -> str:
    """Who says so, and where it can be read: "ministry; Halden Press +2 reprints, 13 Aug; Rivergate Dispatch, 14 Aug"."""
    tellings = [told.by_claim[claim] for claim in account.claims if claim in told.by_claim]
    first: dict[str, Testimony] = {}
    papers: dict[str, dict[str, None]] = {}
    for t in tellings:
        first.setdefault(t.witness, t)
        papers.setdefault(t.witness, {}).setdefault(t.publisher or t.claim.document, None)
    read = [f"{_printed(list(papers[witness]))}, {_short_day(t.told)}" for witness, t in first.items()]
    publishers = {t.publisher for t in tellings}
    voices = [teller for teller in account.tellers if teller not in publishers]
    return "; ".join(([f"says {' and '.join(voices)}"] if voices else []) + read)


def _printed(papers: Sequence[str]) -> str:
    more = len(papers) - 1
    return papers[0] + (f" +{say.tally(more, 'reprint')}" if more else "")


def _short_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _tally(tally: Tally, told: _Told, console: Console) -> None:
    label = tally.what if len(tally.what) < 9 else tally.what + " "
    side = f" ({tally.side})" if tally.side else ""
    if not tally.accounts:
        words = say.bounds(tally.low, tally.high) + side
        fields([(label, Text.assemble(shown(words), (f"  {tally.basis}", "dim")))], console)
    else:
        arithmetic = "; ".join(step for step, _ in tally.steps)
        _accounts(label, side, tally.accounts, None, tally.verdict, arithmetic, told, console)
    if len(tally.accounts) > 1:
        best = f", best {say.figure(tally.best)} ({tally.best_rule})" if tally.best is not None else ""
        total = f"all in all {say.bounds(tally.low, tally.high)}{side}{best}"
        lines(Text(shown(total)), console, INDENT + 13, Text(" " * (INDENT + 11) + "= "))


def _revision(revision: Revision) -> str:
    before = say.bounds(revision.before.low, revision.before.high)
    after = say.bounds(revision.after.low, revision.after.high) if revision.after else "nothing in its place"
    side = f" ({revision.side})" if revision.side else ""
    what = f"{revision.what}{side}: {before} → {after}"
    return f"{_short_day(revision.told)}  {what}, {revision.kind} by {revision.by}: {revision.reason}"


def _plan(plan: PlanOutcome, console: Console) -> None:
    console.print(Text("Announced", "bold"))
    due = say.days(plan.due.first, plan.due.last) if plan.due else ""
    words = f"{f'for {due}: ' if due else ''}{plan.fulfilment}, as of {_short_day(plan.as_of)}"
    if plan.outcome_event and plan.fulfilment is not Fulfilment.NOT_YET:
        words += f" (event {plan.outcome_event[:SHORT]})"
    indented(Text(shown(words)), console)
    for reason in plan.reasons:
        lines(Text(shown(reason), "dim"), console, INDENT + 2)


def _episode(episode: Episode, own: str, console: Console) -> None:
    kind = episode.kind.mode or episode.kind.type
    console.print(Text(f"Part of an episode: {kind}, {say.days(episode.first_day, episode.last_day)}", "bold"))
    ties = ", ".join(f"{tie} ({number} of {len(episode.events)})" for tie, number in episode.ties)
    indented(Text(shown(f"{say.tally(len(episode.events), 'event')}; held together by {ties}"), "dim"), console)
    if episode.first_day_told_by:
        claims = ", ".join(claim[:SHORT] for claim in episode.first_day_told_by)
        indented(Text(f"its first day is told by a count of days ({claims})", "dim"), console)
    for day in episode.timeline:
        here = "  ← this one" if own in day.events else ""
        told = ", ".join(event[:SHORT] for event in day.events) or "told of only in a count of days or a longer stretch"
        indented(Text(shown(f"{day.day:%a} {_short_day(day.day)}  {told}{here}"), "" if day.events else "dim"), console)
    for tally in episode.tallies:
        words = f"{tally.what}: {say.bounds(tally.low, tally.high)} ({tally.rule}"
        indented(Text(shown(words + (f"; {len(tally.without)} without a figure)" if tally.without else ")"))), console)


def _reports(tellings: Sequence[Testimony], console: Console) -> None:
    """Every report that tells of the event, witness by witness: the first print in full, its reprints in a line."""
    console.print(Text("Reports", "bold"))
    by_witness: dict[str, list[Testimony]] = {}
    for t in tellings:
        by_witness.setdefault(t.witness, []).append(t)
    for number, told in enumerate(by_witness.values(), 1):
        _witness(number, told, console)


def _witness(number: int, told: Sequence[Testimony], console: Console) -> None:
    first = told[0]
    prefix = Text(f"{number:>{INDENT - 1}} ", "bold")
    for t in (t for t in told if t.claim.document == first.claim.document):
        gone = " – taken back" if t.is_retracted else " – corrected since" if t.superseded_by else ""
        name = t.publisher or "publisher not known"
        words = Text.assemble((shown(name), "bold"), f", {_short_day(t.told)}", (f"  {t.claim.id[:SHORT]}{gone}", "dim"))
        lines(words, console, INDENT, prefix)
        indented(Text(f"“{flat(t.evidence)}”"), console)
        prefix = Text(" " * INDENT)
    others: dict[str, str] = {}
    for t in told:
        if t.claim.document != first.claim.document:
            others.setdefault(
                t.claim.document, f"{t.publisher or 'publisher not known'}, {_short_day(t.told)} {t.claim.id[:SHORT]}"
            )
    if others:
        lines(Text(shown(f"the same by: {'; '.join(others.values())}"), "dim"), console, INDENT + 2)


# ---------------------------------------------------------------- alerts


def render_alerts(alerts: Sequence[Alert], console: Console) -> None:
    """Prints each alert with its day, rule and what is so, the rule's own words once for each run of its alerts. None: says so."""
    if not alerts:
        console.print(Text("No new alerts."))
        return
    before = ""
    for alert in alerts:
        if alert.rule != before:
            console.print(Text.assemble((shown(alert.title), "bold"), (f"  {alert.rule}", "dim")))
            before = alert.rule
        day = str(alert.day) if alert.day else "no day"
        style = "" if alert.holds else "dim"
        lines(Text(shown(alert.said), style), console, INDENT + 12, Text.assemble(" " * INDENT, (f"{day:<12}", "bold")))
        events = ", ".join(event[:SHORT] for event in alert.events[:5]) + (" …" if len(alert.events) > 5 else "")
        of = f"; replaces {alert.replaces[:SHORT]}" if alert.replaces else ""
        lines(Text(f"events {events}{of}", "dim"), console, INDENT + 12)


# ---------------------------------------------------------------- for machines


def event_data(event: LinkedEvent) -> dict[str, Any]:
    """The event as JSON has it: in brief, then all accounts, tallies, plan and episode, and its claims by id with their tellers."""
    accounts = asdict(event.accounts)
    tellings = [
        {
            "claim": t.claim.id,
            "document": t.claim.document,
            "publisher": t.publisher,
            "published": t.published,
            "known_at": t.known_at,
            "witness": t.witness,
            "superseded_by": t.superseded_by,
            "is_retracted": t.is_retracted,
            "evidence": t.evidence,
        }
        for t in event.tellings
    ]
    return {
        "version": 1,
        "id": event.id,
        "brief": asdict(brief_of(event)),
        "fields": accounts["fields"],
        "tallies": accounts["tallies"],
        "witnesses": accounts["witnesses"],
        "first_told": accounts["first_told"],
        "last_told": accounts["last_told"],
        "plan": asdict(event.plan) if event.plan else None,
        "episode": asdict(event.episode) if event.episode else None,
        "tellings": tellings,
    }
