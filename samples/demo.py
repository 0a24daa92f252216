"""What `make demo` runs: code the sample reports, link what they tell, and show what no single report says.

Safe to run twice: reports that are in the ledger already are not coded again, and linking them again changes nothing.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.rows import ClaimRow
from dateline.ledger.store import open_ledger
from dateline.records import Episode, Fulfilment, LinkedEvent, Revision, RevisionKind, Standing, Tally, Testimony, Verdict
from dateline.runs.events import read_events
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.lines import lines
from dateline.watching.happenings import brief_of

HERE = Path(__file__).resolve().parent
SAMPLES = HERE / "belarus-2020"
LEDGER = HERE.parent / "demo-ledger"
PAGE = HERE.parent / "demo.html"
SHOWN_REPORT = SAMPLES / "01-halden-press-detentions.txt"
RULES = "src/dateline/knowledge/watch/rules.yaml"
SHORT = 8
"""Letters of an id that are shown; the commands take as many."""


def dateline(*arguments: str | Path) -> None:
    """Run the command line as a user would; a failure ends the demo with its exit status."""
    done = subprocess.run([sys.executable, "-m", "dateline", *map(str, arguments)], check=False)
    if done.returncode:
        sys.exit(done.returncode)


# ---------------------------------------------------------------- which event shows a thing best


def muddle(event: LinkedEvent) -> int:
    """How much else is going on in an event: fields on which reports differ or only meet, and its claims. The least shows best."""
    told = [field for field in event.accounts.fields if field.verdict in {Verdict.DISPUTE, Verdict.RANGE}]
    return sum(2 if field.verdict is Verdict.DISPUTE else 1 for field in told) + len(event.tellings)


def with_reprints(events: Sequence[LinkedEvent]) -> LinkedEvent | None:
    """An event with a story that most papers print, and that another paper tells too."""
    found = [e for e in events if len({author for _, author in e.authors}) > 1]
    return max(found, key=lambda e: (most_prints(e), -muddle(e), e.id), default=None)


def most_prints(event: LinkedEvent) -> int:
    return max(len(papers([t for t in event.tellings if t.witness == w])) for w in event.accounts.witnesses)


def disputed(events: Sequence[LinkedEvent]) -> tuple[LinkedEvent, Tally] | None:
    """An event with a figure on which most witnesses contradict one another."""
    found = [(e, t) for e in events for t in e.accounts.tallies if t.verdict is Verdict.DISPUTE and t.side is None]
    return max(found, key=lambda pair: (min(3, len(current(pair[1]))), -muddle(pair[0]), pair[0].id), default=None)


def corrected(events: Sequence[LinkedEvent]) -> tuple[LinkedEvent, Revision] | None:
    """An event with a figure that its own teller corrected, and the correction that moved it least."""
    found = [(e, r) for e in events for t in e.accounts.tallies for r in t.revisions if r.kind is RevisionKind.CORRECTED]
    return min(found, key=lambda pair: (pair[1].after is None, muddle(pair[0]), moved(pair[1]), pair[0].id), default=None)


def moved(revision: Revision) -> float:
    return abs(revision.after.low - revision.before.low) if revision.after else float("inf")


def came_true(events: Sequence[LinkedEvent]) -> LinkedEvent | None:
    """A plan for a told day that was then reported, in another report than announced it."""
    found = [e for e in events if e.plan and e.plan.event == e.id and e.plan.fulfilment is Fulfilment.HAPPENED and e.plan.due]
    document = {t.claim.id: t.claim.document for e in events for t in e.tellings}
    later = [e for e in found if e.plan and {document[c] for c in e.plan.outcome_claims} - {document[c] for c in e.plan.claims}]
    return min(later, key=lambda e: (muddle(e), e.id), default=None)


def episode_of(events: Sequence[LinkedEvent], kind: str) -> Episode | None:
    """The episode of that kind with the most events."""
    found = {e.episode.id: e.episode for e in events if e.episode and e.episode.kind.type == kind}
    return max(found.values(), key=lambda e: (e.kind.mode == "strike", len(e.events), e.id), default=None)


def papers(tellings: Sequence[Testimony]) -> list[str]:
    return list(dict.fromkeys(t.publisher or t.claim.document for t in tellings))


def current(tally: Tally) -> list[str]:
    return [account.in_words for account in tally.accounts if account.standing is Standing.CURRENT]


# ---------------------------------------------------------------- the five things


class Page:
    """What is printed: a heading and a line that explains it, an event in a line, and lines below it."""

    def __init__(self, console: Console) -> None:
        self.console, self.wording = console, say.load_wording()

    def section(self, title: str, why: str) -> None:
        self.console.print()
        self.console.print(Text(title, "bold"))
        lines(Text(why, "dim"), self.console, 2)

    def event(self, event: LinkedEvent) -> None:
        lines(Text.assemble(headline(brief_of(event), self.wording), (f"  {event.id[:SHORT]}", "dim")), self.console, 2)

    def line(self, label: str, words: str) -> None:
        lines(Text(say.shown(words)), self.console, 22, Text(f"    {label:<18}"))


def short_day(day: date) -> str:
    return f"{day.day} {day:%b}"


def flat(words: str) -> str:
    return " ".join(words.split())


def print_reprints(page: Page, events: Sequence[LinkedEvent]) -> None:
    event = with_reprints(events)
    if event is None:
        return
    page.section("Reprints are folded", "A story that other papers print again, cut or rearranged, is one witness and not several.")
    page.event(event)
    authors = dict(event.authors)
    by_witness: dict[str, list[Testimony]] = {}
    for telling in event.tellings:
        by_witness.setdefault(telling.witness, []).append(telling)
    for witness, told in by_witness.items():
        author = authors.get(witness, told[0].publisher or "")
        first = next((t for t in told if t.publisher == author), told[0])
        page.line(short_day(first.told), f"{author}: “{flat(first.evidence)}”")
        if copies := [paper for paper in papers(told) if paper != author]:
            page.line("", f"the same story in {' and '.join(copies)}")
    page.line("", f"{len(papers(event.tellings))} papers, {len(event.accounts.witnesses)} witnesses")


def print_dispute(page: Page, events: Sequence[LinkedEvent]) -> None:
    found = disputed(events)
    if found is None:
        return
    event, tally = found
    page.section("Rival figures stand side by side", "None is averaged away; each keeps its bounds, and on whose word it is.")
    page.event(event)
    by_claim = {t.claim.id: t for t in event.tellings}
    for account in tally.accounts:
        if account.standing is Standing.CURRENT:
            told = by_claim[account.claims[0]]
            page.line(account.in_words, f"{account.tellers[0]}, in {told.publisher}")
    page.line("= all together", f"{tally.what}: {say.bounds(tally.low, tally.high)}")


def print_correction(page: Page, events: Sequence[LinkedEvent]) -> None:
    found = corrected(events)
    if found is None:
        return
    event, revision = found
    page.section("A correction takes its place", "What was wrong is kept, marked, and counts no more; reprints of it fall with it.")
    page.event(event)
    by_claim = {t.claim.id: t for t in event.tellings}
    for claim, words in ((revision.earlier, "corrected since"), (revision.later, "stands")):
        told = by_claim[claim]
        page.line(short_day(told.told), f"{told.publisher}: “{flat(told.evidence)}” – {words}")
    after = say.bounds(revision.after.low, revision.after.high) if revision.after else "nothing"
    page.line("", f"{revision.what}: {say.bounds(revision.before.low, revision.before.high)} → {after}")


def print_plan(page: Page, events: Sequence[LinkedEvent]) -> None:
    event = came_true(events)
    if event is None or event.plan is None or event.plan.due is None:
        return
    page.section(
        "A plan came true", "What is announced is no event until it is told; what nobody tells of is due and not reported."
    )
    page.event(event)
    told = {t.claim.id: t for e in events for t in e.tellings}
    for claims, words in ((event.plan.claims, "announced"), (event.plan.outcome_claims, str(event.plan.fulfilment))):
        for telling in sorted((told[claim] for claim in claims), key=lambda t: (-t.told.toordinal(), -len(t.evidence)))[:1]:
            page.line(words, f"{telling.publisher}, {short_day(telling.told)}: “{flat(telling.evidence)}”")
    page.line("due", f"{say.days(event.plan.due.first, event.plan.due.last)}; {', '.join(event.plan.reasons)}")
    late = [e for e in events if e.plan and e.plan.event == e.id and e.plan.fulfilment is Fulfilment.NOT_REPORTED]
    for other in sorted(late, key=lambda e: (-len(e.accounts.witnesses), e.id))[:1]:
        page.line("not reported", f"“{flat(other.tellings[0].evidence)}”, {say.days(*due_of(other))}")


def due_of(event: LinkedEvent) -> tuple[date | None, date | None]:
    due = event.plan.due if event.plan else None
    return (due.first, due.last) if due else (None, None)


def print_episode(page: Page, events: Sequence[LinkedEvent]) -> None:
    episode = episode_of(events, "PROTEST")
    if episode is None:
        return
    ties = ", ".join(tie for tie, _ in episode.ties)
    page.section("An episode", f"Events of one kind that follow one another, held together by {ties}; each stays an event.")
    by_id = {event.id: event for event in events}
    what = page.wording.nouns.get(f"{episode.kind.type} {episode.kind.mode}", episode.kind.mode or episode.kind.type)
    lines(Text(f"{what}, {say.days(episode.first_day, episode.last_day)}"), page.console, 2)
    for day in episode.timeline:
        for event in (by_id[id] for id in day.events):
            brief = brief_of(event)
            if brief.first == day.day:
                page.line(short_day(day.day), headline(brief, page.wording).rsplit(", ", 1)[0])


def print_counts(rows: Sequence[ClaimRow], reports: int, events: Sequence[LinkedEvent], console: Console) -> None:
    console.print(f"\n[bold]{reports} reports, {len(rows)} claims, {len(events)} events[/bold] by all reports together")
    for counted in (Counter(r.type for r in rows), Counter(r.status for r in rows)):
        console.print("  " + " · ".join(f"{kind} {number}" for kind, number in counted.most_common(7)))


def main() -> None:
    console = Console()
    console.print(f"Coding and linking the sample reports in {SAMPLES.relative_to(HERE.parent)}/ …")
    dateline("add", SAMPLES, "--ledger", LEDGER)
    dateline("link", "--ledger", LEDGER)
    dateline("report", SHOWN_REPORT, "-o", PAGE)
    ledger = open_ledger(LEDGER, create=False)
    rows = ledger.find(limit=None)
    events = read_events(ledger, load_accounts()).events
    print_counts(rows, len(ledger.documents()), events, console)
    page = Page(console)
    for show in (print_reprints, print_dispute, print_correction, print_plan, print_episode):
        show(page, events)
    named = with_reprints(events) or events[0]
    ledger_name, page_name = LEDGER.name, PAGE.name
    console.print(
        f"""
[bold]Where to look[/bold]
  {page_name:14} the agency story with its records beside it: open it in a browser
  {ledger_name + "/":14} the ledger: Parquet files that DuckDB, pandas, Polars and R read
  .venv/bin/dateline serve {ledger_name}      all of it in a browser: http://127.0.0.1:8001/
  .venv/bin/dateline events --ledger {ledger_name} --disputed
  .venv/bin/dateline show --ledger {ledger_name} {named.id[:SHORT]}
  .venv/bin/dateline watch check --ledger {ledger_name} --rules {RULES} --since 2020-08-12 --until 2020-08-25 --as-printed
  .venv/bin/dateline code YOUR-ARTICLE.txt --published 2020-08-18""",
        highlight=False,
    )


if __name__ == "__main__":
    main()
