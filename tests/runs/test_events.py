"""Linked events out of a ledger, as of a moment or of what had been printed, and watch rules asked of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dateline.knowledge import watch_rules
from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.watch_rules import EventsReached, FigureReached, Key, Rule
from dateline.ledger.corrections import Codes
from dateline.ledger.derived import LinkRow
from dateline.ledger.errors import NotFoundError
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import About, Alert, Judge, Judgement, JudgementKind
from dateline.runs.events import event_of, fitting, read_events
from dateline.runs.watching import alerts_of, backtest, enter_alerts, unlinked, watch_ledger
from dateline.serial import from_json
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

KNOWLEDGE = load_accounts()
LATER = NOON + timedelta(days=2)
MANY = Rule("many", "Forty or more detained", watch_rules.About(), (Key.EVENT,), (FigureReached("detained", 40),))
TWO = Rule("two", "Two strikes in a place", watch_rules.About(types=("PROTEST",)), (Key.PLACE,), (EventsReached(2, days=30),))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Two papers that tell of the strike and the arrests: one of 18 August, entered then, one of the 20th, entered then."""
    ledger = open_ledger(tmp_path / "l")
    for name, text, day, moment in (
        ("one.txt", STRIKE, date(2020, 8, 18), NOON),
        ("two.txt", STRIKE + " So it was said.", date(2020, 8, 20), LATER),
    ):
        report = report_of(name, text, day)
        ledger.add([coding_of(report)], [report], coder=CODER, known_at=moment)
    return ledger


def link(ledger: Ledger, *, known_at: datetime = LATER) -> str:
    """Links the strikes of both papers, and the arrests; the id of the arrests' event."""
    for kind in ({"mode": "strike", "status": "asserted"}, {"type": "COERCE"}):
        rows = sorted(ledger.find(**kind), key=lambda row: row.known_at)  # type: ignore[arg-type]
        first = rows[0].claim_id
        links = [LinkRow(row.claim_id, first, row.claim_id, 0.9, "test") for row in rows]
        ledger.add_rows("links", links, by="test", known_at=known_at)
    return first


# ---------------------------------------------------------------- events


def test_a_ledger_that_was_never_linked_has_the_events_of_each_report(ledger: Ledger) -> None:
    assert sorted(len(e.tellings) for e in read_events(ledger, KNOWLEDGE).events) == [1, 1, 2, 2]
    assert unlinked(ledger) == 6


def test_linked_claims_are_one_event_with_two_witnesses(ledger: Ledger) -> None:
    arrests = link(ledger)
    events = {e.id: e for e in read_events(ledger, KNOWLEDGE).events}
    assert len(events[arrests].accounts.witnesses) == 2
    tally = events[arrests].accounts.tally("detained")
    assert tally is not None
    assert (tally.low, tally.high, len(tally.accounts)) == (40, None, 1)
    assert unlinked(ledger) == 2  # the strike that may spread is told again in each report, and was not linked here


def test_what_became_known_later_does_not_exist_before(ledger: Ledger) -> None:
    link(ledger)
    assert [len(e.tellings) for e in read_events(ledger, KNOWLEDGE, as_of=NOON).events] == [2, 1]
    assert read_events(ledger, KNOWLEDGE, as_of=NOON - timedelta(days=1)).events == ()


def test_it_can_be_asked_as_if_reports_had_been_entered_when_they_were_printed(ledger: Ledger) -> None:
    arrests = link(ledger)

    def witnesses(day: int) -> int:
        found = read_events(ledger, KNOWLEDGE, printed_by=date(2020, 8, day)).events
        return next((len(e.accounts.witnesses) for e in found if e.id == arrests), 0)

    assert [witnesses(day) for day in (17, 18, 19, 20)] == [0, 1, 1, 2]


def test_any_claim_of_an_event_leads_to_it(ledger: Ledger) -> None:
    arrests = link(ledger)
    second = next(row.claim_id for row in ledger.find(type="COERCE") if row.claim_id != arrests)
    assert event_of(ledger, second[:12]) == arrests
    assert event_of(ledger, second, as_of=LATER) == arrests
    with pytest.raises(NotFoundError):
        event_of(ledger, "zzz")


def test_only_the_events_asked_for_are_given(ledger: Ledger) -> None:
    arrests = link(ledger)
    chosen = fitting(ledger, {"type": "COERCE"})
    assert chosen == frozenset({arrests})
    assert [e.id for e in read_events(ledger, KNOWLEDGE, only=chosen).events] == [arrests]
    assert fitting(ledger, {"type": None}) is None
    assert read_events(ledger, KNOWLEDGE, only=frozenset()).events == ()


# ---------------------------------------------------------------- watch rules


def test_alerts_are_entered_once_with_a_line_each(ledger: Ledger) -> None:
    arrests = link(ledger)
    found = watch_ledger(ledger, [MANY], KNOWLEDGE, known_at=LATER)
    assert [(a.rule, a.events) for a in found.alerts] == [("many", (arrests,))]
    assert enter_alerts(ledger, found.alerts, by="test", known_at=LATER) == 1
    assert enter_alerts(ledger, found.alerts, by="test", known_at=LATER) == 0
    lines = (ledger.path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [from_json(Alert, line) for line in lines] == list(found.alerts) == list(alerts_of(ledger))
    again = watch_ledger(open_ledger(ledger.path), [MANY], KNOWLEDGE, known_at=LATER + timedelta(days=1))
    assert again.alerts == ()


def test_alerts_are_a_table_that_can_be_asked(ledger: Ledger) -> None:
    link(ledger)
    found = watch_ledger(ledger, [MANY], KNOWLEDGE, known_at=LATER)
    enter_alerts(ledger, found.alerts, by="test", known_at=LATER)
    rows = ledger.sql("SELECT rule, title, holds, said, record FROM alerts").rows
    ((rule, title, holds, said, record),) = rows
    assert (rule, title, holds, said) == ("many", MANY.says, True, found.alerts[0].said)
    assert json.loads(record)["numbers"] == [["detained, low", 40.0], ["detained, high", None]]


def test_what_a_rule_would_have_said_then_is_not_what_it_says_now(ledger: Ledger) -> None:
    link(ledger)
    assert watch_ledger(ledger, [TWO], KNOWLEDGE, known_at=NOON).alerts == ()
    enter_alerts(ledger, watch_ledger(ledger, [MANY], KNOWLEDGE, known_at=LATER).alerts, by="test", known_at=LATER)
    assert alerts_of(ledger, as_of=NOON) == ()
    assert len(watch_ledger(ledger, [MANY], KNOWLEDGE, known_at=NOON).alerts) == 1


@pytest.mark.parametrize("is_as_printed", [True, False])
def test_a_backtest_tells_each_alert_on_its_day_and_once(ledger: Ledger, is_as_printed: bool) -> None:
    days = list(backtest(ledger, [MANY], KNOWLEDGE, date(2020, 8, 16), date(2020, 8, 22), is_as_printed=is_as_printed))
    assert [(d.day.day, len(d.alerts)) for d in days] == [(18, 1), (20, 1)]
    link(ledger, known_at=LATER)
    assert alerts_of(ledger) == ()


def test_a_backtest_sees_the_links_of_today_when_it_goes_by_print_and_those_of_then_otherwise(ledger: Ledger) -> None:
    link(ledger, known_at=datetime(2020, 8, 25, tzinfo=UTC))
    printed = list(backtest(ledger, [MANY], KNOWLEDGE, date(2020, 8, 16), date(2020, 8, 30), is_as_printed=True))
    assert [(d.day.day, [a.holds for a in d.alerts]) for d in printed] == [(18, [True])]
    known = list(backtest(ledger, [MANY], KNOWLEDGE, date(2020, 8, 16), date(2020, 8, 30), is_as_printed=False))
    assert [(d.day.day, [a.holds for a in d.alerts]) for d in known] == [(18, [True]), (20, [True]), (25, [False])]


# ---------------------------------------------------------------- what people judged


def judge(ledger: Ledger, *judgements: Judgement) -> None:
    Log(ledger.path).append(judgements)


ADA = Judge("Ada")


def test_a_claim_that_people_rejected_is_no_testimony_and_an_event_of_none_else_is_gone(ledger: Ledger) -> None:
    arrests = link(ledger)
    people = Judged(ledger, Log(ledger.path))
    judge(ledger, *people.verdicts(JudgementKind.REJECTED, [arrests], About.CLAIM, ADA, LATER, ""))
    events = {e.id: e for e in read_events(ledger, KNOWLEDGE).events}
    assert [len(e.tellings) for e in events.values() if e.tellings[0].claim.event.type == "COERCE"] == [1]
    judge(ledger, *Judged(ledger, Log(ledger.path)).verdicts(JudgementKind.REJECTED, [arrests], About.EVENT, ADA, LATER, ""))
    assert all(e.tellings[0].claim.event.type != "COERCE" for e in read_events(ledger, KNOWLEDGE).events)


def test_what_people_put_right_counts_and_is_told(ledger: Ledger) -> None:
    arrests = link(ledger)
    codes = Codes({"COERCE": frozenset({"arrest"})}, frozenset(), frozenset({"BLR"}), frozenset({"detained"}))
    people = Judged(ledger, Log(ledger.path))
    judge(ledger, people.correction(arrests, "counts.detained", "41", codes, About.EVENT, ADA, LATER, "as the court said"))
    event = next(e for e in read_events(ledger, KNOWLEDGE).events if e.id == arrests)
    tally = event.accounts.tally("detained")
    assert tally is not None
    assert (tally.low, tally.high) == (41, 41)
    assert [(c.by.name, c.value) for c in event.corrections] == [("Ada", "41")]
    assert read_events(ledger, KNOWLEDGE, as_of=NOON).events[0].corrections == ()


def test_events_that_people_merged_are_one(ledger: Ledger) -> None:
    rows = ledger.find(type="COERCE")
    judge(ledger, Judged(ledger, Log(ledger.path)).merger([row.claim_id for row in rows], ADA, LATER, ""))
    found = [e for e in read_events(ledger, KNOWLEDGE).events if e.tellings[0].claim.event.type == "COERCE"]
    assert [len(e.tellings) for e in found] == [2]
