"""Watch rules asked of a ledger: what is new is entered and written to alerts.jsonl, or what they would have said day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateline.knowledge.accounts import AccountKnowledge
from dateline.knowledge.watch_rules import Rule
from dateline.ledger.derived import AlertRow
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.records import Alert
from dateline.runs.events import Reading, read_events
from dateline.serial import from_json, to_json
from dateline.watching.happenings import brief_of, reported
from dateline.watching.watch import Waiting, Watched, watch

ALERTS = "alerts.jsonl"
"""Where a ledger's alerts are written a line each, for whoever follows a file; the ledger's own table is what counts."""


@dataclass(frozen=True)
class Day:
    """What the rules would have said on a day."""

    day: date
    alerts: tuple[Alert, ...]
    waiting: tuple[Waiting, ...]


def watch_ledger(ledger: Ledger, rules: Sequence[Rule], knowledge: AccountKnowledge, *, known_at: datetime) -> Watched:
    """What is new to these rules, given the alerts that the ledger has; nothing is entered."""
    return _ask(rules, read_events(ledger, knowledge, as_of=known_at), known_at, alerts_of(ledger, as_of=known_at))


def enter_alerts(ledger: Ledger, alerts: Sequence[Alert], *, by: str, known_at: datetime) -> int:
    """Enters the alerts in the ledger, all or none, then appends them to its alerts.jsonl; how many were new."""
    entered = ledger.add_rows("alerts", [_row(alert) for alert in alerts], by=by, known_at=known_at)
    if entered:
        with (ledger.path / ALERTS).open("a", encoding="utf-8") as file:
            file.writelines(to_json(alert) + "\n" for alert in alerts)
    return entered


def alerts_of(ledger: Ledger, *, as_of: datetime | None = None) -> tuple[Alert, ...]:
    """All alerts that the ledger has, in the order in which they were entered."""
    columns = ledger.derived_columns("alerts", as_of=as_of)
    found = (from_json(Alert, record) for record in columns.column("record").to_pylist())
    return tuple(sorted(found, key=lambda alert: (alert.known_at, alert.rule, alert.day or date.min, alert.id)))


def backtest(
    ledger: Ledger,
    rules: Sequence[Rule],
    knowledge: AccountKnowledge,
    first: date,
    last: date,
    *,
    is_as_printed: bool,
    on_progress: Callable[[date], None] = lambda day: None,
) -> Iterator[Day]:
    """What the rules would have said at the end of each day (UTC), had they been asked daily; days without a word are left out.

    `is_as_printed`: as if every report had been entered on the day it was published. Nothing is read from or entered among the
    ledger's alerts.
    """
    earlier: list[Alert] = []
    reading: tuple[object, Reading] | None = None
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        end = datetime.combine(day, time.max, UTC)
        state = _state(ledger, end, day if is_as_printed else None)
        # Of most days nothing is known that was not known the day before: the events are the same.
        if reading is None or reading[0] != state:
            reading = (
                state,
                read_events(ledger, knowledge, as_of=None if is_as_printed else end, printed_by=day if is_as_printed else None),
            )
        found = _ask(rules, reading[1], end, earlier)
        earlier += found.alerts
        on_progress(day)
        if found.alerts or found.waiting:
            yield Day(day, found.alerts, found.waiting)


def unlinked(ledger: Ledger, as_of: datetime | None = None) -> int:
    """How many claims no run of the linker has seen: what they tell may be counted once a report."""
    answer = ledger.sql("SELECT count(*) FROM claims ANTI JOIN links USING (claim_id)", as_of=as_of)
    return int(answer.rows[0][0])


def _ask(rules: Sequence[Rule], reading: Reading, known_at: datetime, earlier: Sequence[Alert]) -> Watched:
    events = [brief_of(event) for event in reading.events]
    return watch(rules, events, reported(reading.published), known_at=known_at, earlier=earlier)


def _state(ledger: Ledger, end: datetime, printed_by: date | None) -> object:
    """What decides which events there are at that moment: receipts and judgements there were, or how many reports were printed."""
    if printed_by is None:
        return len(ledger.receipts(end)), len(Log(ledger.path).judgements(end))
    query = "SELECT count(*) FROM documents WHERE coalesce(published, known_at::DATE) <= $day"
    return ledger.sql(query, {"day": printed_by}).rows[0][0]


def _row(alert: Alert) -> AlertRow:
    return AlertRow(
        alert_id=alert.id,
        rule=alert.rule,
        title=alert.title,
        day=alert.day,
        said=alert.said,
        holds=alert.holds,
        replaces=alert.replaces,
        events=list(alert.events),
        claims=list(alert.claims),
        record=to_json(alert),
    )
