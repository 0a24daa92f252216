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
    Claim,
    Days,
    Document,
    Episode,
    Fulfilment,
    Judgement,
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
from dateline.views.lines import INDENT, flat, indented, lines, shortest
from dateline.views.terminal import STATUS_STYLES
from dateline.views.wording import Wording, shown
from dateline.watching.happenings import Happening, Party, best_of, brief_of

SHORT = 8
"""Letters of an id that are shown; `show` takes as many or fewer as tell claims apart."""

MARKS = {
    "≠": "reports differ",
    "△": "a figure was revised",
    "✎": "a report was corrected or taken back",
    "→": "announced",
    "⋯": "part of an episode",
    say.ASSUMED: "no words say the day",
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
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True, style="dim")
    table.add_column("when", no_wrap=True)
    table.add_column("", no_wrap=True, style="bold")
    table.add_column("event", overflow="fold", ratio=1)
    table.add_column("told", no_wrap=True, justify="right")
    signs: set[str] = set()
    statuses: set[StatusValue] = set()
    for event in events:
        brief = brief_of(event)
        marks = marks_of(event, brief)
        signs |= set(marks)
        statuses.add(StatusValue(brief.status))
        days = best_of(event.accounts, "days", Days)
        is_assumed = days is not None and days.is_assumed
        if is_assumed:
            signs.add(say.ASSUMED)
        when = (say.ASSUMED if is_assumed else "") + _iso(brief.first, brief.last)
        table.add_row(
            Text(event.id[:length]),
            Text(when, "dim" if is_assumed else ""),
            Text.assemble((wording.glyphs[brief.status], STATUS_STYLES[StatusValue(brief.status)]), marks),
            _in_a_line(event, brief, console.width >= ROOMY),
            Text(f"{len(_documents(event.tellings))}/{brief.witnesses}"),
        )
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


def _in_a_line(event: LinkedEvent, brief: Happening, is_roomy: bool) -> Text:
    """What is told, in a line: "COERCE arrest, Minsk: police → people; detained 630–770", and its words where there is room."""
    units = {c.what: c.unit for t in event.tellings for c in t.claim.event.counts}
    figures = [f"{f.what} {say.amount(f.what, f.low, f.high, units.get(f.what, ''))}" for f in brief.figures]
    whom = _few(brief.recipients)
    who = (_few(brief.actors) or ("–" if whom else "")) + (f" → {whom}" if whom else "")
    said = Text(shown(f"{brief.type} {brief.mode}" if brief.mode else brief.type), "bold")
    said.append(shown(f", {brief.place or brief.country}" if brief.place or brief.country else ""), "not bold")
    said.append(shown(": " + "; ".join([*([who] if who else []), *figures]) if who or figures else ""), "not bold")
    if is_roomy:
        said.append(shown(f"  “{flat(event.tellings[0].evidence)}”"), "not bold dim")
    return said


MOST = 2
"""Parties of one role that a line names; of more it says how many there are."""


def _few(parties: Sequence[Party]) -> str:
    more = f" +{len(parties) - MOST}" if len(parties) > MOST else ""
    return ", ".join(party.name for party in parties[:MOST]) + more


def _iso(first: date | None, last: date | None) -> str:
    if first and last and first != last:
        return f"{first}\n…{last}"
    return f"{first}" + ("" if last else " …") if first else f"… {last}" if last else "–"


def _documents(tellings: Sequence[Testimony]) -> list[str]:
    return list(dict.fromkeys(t.claim.document for t in tellings))


# ---------------------------------------------------------------- one in full


def render_event(event: LinkedEvent, console: Console) -> None:
    """Prints an event: what it comes to, then field by field who says what, revisions, plan, episode, and every report."""
    wording, brief, told = say.load_wording(), brief_of(event), _told_by(event)
    _heading(event, brief, wording, console)
    for name in ("status", "kind", "days", "place", "actors", "recipients"):
        field = event.accounts.field(name)
        # What the heading has said already, and nobody says otherwise, is not said again.
        if field is not None and (len(field.accounts) > 1 or name not in {"status", "kind"}):
            _accounts(LABELS[name], field.accounts, field.best, field.verdict, field.arithmetic, told, console)
    for tally in event.accounts.tallies:
        _tally(tally, told, console)
    _revisions(event, told, console)
    _put_right(event.corrections, console)
    if event.plan is not None:
        _plan(event.plan, event.id, told, console)
    if event.episode is not None:
        _episode(event.episode, event.id, told, console)
    _reports(event.tellings, told, console)


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
    return ", ".join(part for part in map(str, headline_parts(brief, wording)) if part)


def headline_parts(brief: Happening, wording: Wording) -> tuple[say.Headline, str, str]:
    """Who did what to whom, where, and when, for who puts them together otherwise; what is not told: ""."""
    code = f"{brief.type} {brief.mode}"
    what = wording.nouns.get(code) or brief.mode or wording.nouns.get(brief.type, brief.type.lower())
    link = wording.links.get(code) or wording.links.get(brief.type, "→")
    whom = _few(brief.recipients)
    doing = say.Headline(_few(brief.actors) or "nobody named", what, link if whom else "", whom)
    where = ", ".join(dict.fromkeys(part for part in (brief.place, brief.country) if part))
    return doing, where, say.days(brief.first, brief.last)


@dataclass(frozen=True)
class _Told:
    """Who told what: claims with their telling, witnesses with who wrote their text, and the year that need not be said."""

    by_claim: Mapping[str, Testimony]
    authors: Mapping[str, str]
    year: int | None

    def day(self, of: date) -> str:
        """ "13 Aug", with its year if the event's reports are of several."""
        return f"{of.day} {of:%b}" if of.year == self.year else f"{of.day} {of:%b} {of.year:04d}"

    def author(self, told: Testimony) -> str:
        return self.authors.get(told.witness) or told.publisher or "publisher not known"


def _told_by(event: LinkedEvent) -> _Told:
    years = {t.told.year for t in event.tellings}
    return _Told({t.claim.id: t for t in event.tellings}, dict(event.authors), years.pop() if len(years) == 1 else None)


def _accounts(
    label: str, accounts: Sequence[Account], best: int | None, verdict: Verdict, arithmetic: str, told: _Told, console: Console
) -> None:
    """A field: one value in a line; rival ones one below the other, each with who says it, after how the verdict came about."""
    if len(accounts) == 1:
        _labelled(label, Text.assemble(shown(_value(accounts[0])), ("  " + shown(_behind(accounts[0], told)), "dim")), console)
        return
    reasons = list(dict.fromkeys(arithmetic.split("; ")))
    more = [f"and {len(reasons) - MOST_REASONS} more such"] if len(reasons) > MOST_REASONS else []
    steps = "; ".join([*reasons[:MOST_REASONS], *more])
    _labelled(label, Text.assemble((str(verdict), VERDICT_STYLES[verdict]), (f"  {shown(steps)}" if steps else "", "dim")), console)
    for number, account in enumerate(accounts):
        is_out = account.standing is not Standing.CURRENT
        sign = "•" if number == best else "×" if is_out else "◦"
        words = Text(shown(_value(account)), "dim" if is_out else "bold" if number == best else "")
        words.append(f" ({STANDING_WORDS[account.standing]})" if is_out else "", "dim")
        words.append("  " + shown(_behind(account, told)), "dim")
        lines(words, console, INDENT + 13, Text(" " * (INDENT + 11) + sign + " "))


MOST_REASONS = 3
"""Steps of a verdict that are written out: five values make ten pairs. JSON has all of them."""


def _labelled(label: str, words: Text, console: Console) -> None:
    lines(words, console, INDENT + 9, Text.assemble(" " * INDENT, (f"{label:<8} ", "dim")))


def _value(account: Account) -> str:
    is_assumed = isinstance(account.value, Days) and account.value.is_assumed
    return (say.ASSUMED if is_assumed else "") + account.in_words


def _behind(account: Account, told: _Told) -> str:
    """Who says so, and where: "the ministry, in Halden Press Agency +2 reprints, 13 Aug; Viasna, in Rivergate Dispatch, 14 Aug"."""
    by_witness: dict[str, list[Testimony]] = {}
    for t in (told.by_claim[claim] for claim in account.claims if claim in told.by_claim):
        by_witness.setdefault(t.witness, []).append(t)
    return "; ".join(_witness_in_brief(tellings, told) for tellings in by_witness.values())


def _witness_in_brief(tellings: Sequence[Testimony], told: _Told) -> str:
    first = tellings[0]
    papers = {t.publisher or t.claim.document for t in tellings}
    papers |= {told.authors[first.witness]} if first.witness in told.authors else set()
    more = f" +{say.tally(len(papers) - 1, 'reprint')}" if len(papers) > 1 else ""
    chain = [teller.actor.name for teller in first.claim.event.attribution if teller.span or teller.cue]
    by = f"{chain[-1]}, in " if chain else ""
    return f"{by}{told.author(first)}{more}, {told.day(first.told)}"


def _tally(tally: Tally, told: _Told, console: Console) -> None:
    label = f"{tally.what}, {tally.side}" if tally.side else tally.what
    if not tally.accounts:
        words = Text.assemble(say.bounds(tally.low, tally.high), (f"  {tally.basis}", "dim"))
        _labelled(label, words, console)
        return
    current = [number for number, account in enumerate(tally.accounts) if account.standing is Standing.CURRENT]
    arithmetic = "; ".join(step for step, _ in tally.steps)
    _accounts(label, tally.accounts, current[0] if len(current) == 1 else None, tally.verdict, arithmetic, told, console)
    if len(current) > 1:
        best = f", best figure {say.figure(tally.best)}" if tally.best is not None else ""
        total = f"together {say.bounds(tally.low, tally.high)}{best}"
        lines(Text(total), console, INDENT + 13, Text(" " * (INDENT + 11) + "= "))


def _revisions(event: LinkedEvent, told: _Told, console: Console) -> None:
    found = sorted((r for tally in event.accounts.tallies for r in tally.revisions), key=lambda r: (r.told, r.known_at))
    said = list(dict.fromkeys((told.day(r.told), _revision(r)) for r in found))  # each reprint was revised: say it once
    if said:
        _section("Revisions", console)
    for day, words in said:
        lines(Text(shown(words)), console, INDENT + 9, Text.assemble(" " * INDENT, (f"{day:<8} ", "dim")))


def _revision(revision: Revision) -> str:
    before = say.bounds(revision.before.low, revision.before.high)
    after = say.bounds(revision.after.low, revision.after.high) if revision.after else "nothing in its place"
    side = f" ({revision.side})" if revision.side else ""
    return f"{revision.what}{side} {before} → {after}, {revision.kind} by {revision.by}: {revision.reason}"


def _put_right(corrections: Sequence[Judgement], console: Console) -> None:
    """What people put in place of what was read, and what that was."""
    if corrections:
        _section("Put right by people", console)
    for judgement in corrections:
        read = "; ".join(dict.fromkeys(value or "nothing" for _, value in judgement.before))
        reason = f": {judgement.reason}" if judgement.reason else ""
        words = f"{judgement.field} is {judgement.value or 'not told'}, by {judgement.by.name}{reason}"
        indented(Text(shown(f"{words} (read as {read or 'nothing'}; judgement {judgement.id})")), console)


def _plan(plan: PlanOutcome, own: str, told: _Told, console: Console) -> None:
    _section("Announced", console)
    due = say.days(plan.due.first, plan.due.last) if plan.due else ""
    words = f"{f'for {due}: ' if due else ''}{plan.fulfilment}, as of {told.day(plan.as_of)}"
    if plan.outcome_event and plan.fulfilment not in {Fulfilment.NOT_YET, Fulfilment.NOT_REPORTED}:
        words += f" (event {plan.outcome_event[:SHORT]})" if plan.outcome_event not in {plan.event, own} else ""
    if own != plan.event:
        words = f"in event {plan.event[:SHORT]} {words}"
    indented(Text(shown(words)), console)
    for reason in plan.reasons:
        lines(Text(shown(reason), "dim"), console, INDENT + 2)


def _episode(episode: Episode, own: str, told: _Told, console: Console) -> None:
    kind = episode.kind.mode or episode.kind.type
    _section(f"Part of an episode: {kind}, {say.days(episode.first_day, episode.last_day)}", console)
    ties = ", ".join(f"{tie} ({number} of {len(episode.events)})" for tie, number in episode.ties)
    indented(Text(shown(f"{say.tally(len(episode.events), 'event')}; held together by {ties}"), "dim"), console)
    if episode.first_day_told_by:
        claims = ", ".join(claim[:SHORT] for claim in episode.first_day_told_by)
        indented(Text(f"its first day is told by a count of days ({claims})", "dim"), console)
    for day in episode.timeline:
        here = "  ← this one" if own in day.events else ""
        events = ", ".join(event[:SHORT] for event in day.events) or "–"
        indented(Text(f"{day.day:%a} {told.day(day.day):<7} {events}{here}", "" if day.events else "dim"), console)
    for tally in episode.tallies:
        words = f"{tally.what}: {say.bounds(tally.low, tally.high)} ({tally.rule}"
        indented(Text(shown(words + (f"; {len(tally.without)} without a figure)" if tally.without else ")"))), console)


def _reports(tellings: Sequence[Testimony], told: _Told, console: Console) -> None:
    """Every report that tells of the event, witness by witness: its author's reports with their words, reprints in a line."""
    _section("Reports", console)
    by_witness: dict[str, list[Testimony]] = {}
    for t in tellings:
        by_witness.setdefault(t.witness, []).append(t)
    for number, of in enumerate(by_witness.values(), 1):
        _witness(number, of, told, console)


def _witness(number: int, tellings: Sequence[Testimony], told: _Told, console: Console) -> None:
    author = told.author(tellings[0])
    own = [t for t in tellings if t.publisher == author] or tellings[:1]
    prefix = Text(f"{number:>{INDENT - 1}} ", "bold")
    for t in own:
        gone = " – taken back" if t.is_retracted else " – corrected since" if t.superseded_by else ""
        words = Text.assemble(
            (shown(t.publisher or author), "bold"), f", {told.day(t.told)}", (f"  {t.claim.id[:SHORT]}{gone}", "dim")
        )
        lines(words, console, INDENT, prefix)
        indented(Text(f"“{flat(t.evidence)}”"), console)
        prefix = Text(" " * INDENT)
    others = [t for t in tellings if t not in own]
    reprints = dict.fromkeys(f"{t.publisher or 'publisher not known'}, {told.day(t.told)}" for t in others)
    if reprints:
        lines(Text(shown(f"reprinted by {'; '.join(reprints)}"), "dim"), console, INDENT + 2)


def _section(title: str, console: Console) -> None:
    console.print()
    lines(Text(shown(title), "bold"), console)


# ---------------------------------------------------------------- why two claims are one event, or are not


@dataclass(frozen=True)
class Weight:
    """Something that speaks for two claims' telling of one happening (positive), or against it, in log-odds."""

    words: str
    odds: float


LEAST = 0.05
"""Log-odds below which a part is not worth a line; together they are told as the rest."""


def render_pair(
    tellings: Sequence[tuple[str, Claim, Document]],
    weights: Sequence[Weight],
    chance: float,
    console: Console,
    *,
    apart: Sequence[str] = (),
) -> None:
    """Prints two claims, each with its event's id, whether they are one event, which rules keep them apart, and what their likeness
    is the sum of."""
    wording = say.load_wording()
    for event, claim, document in tellings:
        told = f"{document.publisher or document.name}" + (f", {document.published.day}" if document.published else "")
        lines(Text.assemble((claim.id[:SHORT], "bold"), f"  {shown(told)}", (f"  event {event[:SHORT]}", "dim")), console)
        indented(Text(shown(str(say.headline(claim.event, wording)))), console)
        indented(Text(f"“{flat(claim.event.evidence.of(document.text))}”"), console)
    is_one = len({event for event, _, _ in tellings}) == 1
    console.print()
    lines(Text("one event" if is_one else "two events", "bold green" if is_one else "bold"), console)
    for why in apart:
        lines(Text(f"kept apart, whatever their likeness: {why}", "bold"), console)
    if not apart:
        lines(Text(f"the pair alone: {chance:.2f} that they tell of one happening"), console)
    parts = sorted(weights, key=lambda weight: -abs(weight.odds))
    for weight in (w for w in parts if abs(w.odds) >= LEAST):
        indented(Text(shown(f"{weight.odds:+.2f}  {weight.words}")), console)
    small = [weight.odds for weight in parts if abs(weight.odds) < LEAST]
    if small:
        indented(Text(f"{sum(small):+.2f}  {say.tally(len(small), 'smaller part')}", "dim"), console)
    indented(Text(f"{sum(w.odds for w in weights):+.2f}  in all, in log-odds", "bold"), console)
    words = "Groups of claims are joined by all pairs between them, and by what people judged: one pair does not decide."
    lines(Text(words, "dim"), console)


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


def render_days(days: Sequence[tuple[date, Sequence[Alert]]], console: Console) -> None:
    """Prints day by day what rules would have said. No day: says so."""
    if not days:
        console.print(Text("The rules would have said nothing."))
    for number, (day, alerts) in enumerate(days):
        if number:
            console.print()
        console.print(Text(f"On {say.day(day)}", "bold underline"))
        render_alerts(alerts, console)


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
        "corrections": [asdict(judgement) for judgement in event.corrections],
        "tellings": tellings,
    }
