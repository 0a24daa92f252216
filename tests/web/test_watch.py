"""The page of watch rules: what is in force, what is wrong in the file, what was found, what would have been found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.watch_rules import read_watch_rules
from dateline.ledger.store import Ledger, open_ledger
from dateline.runs.watching import enter_alerts, watch_ledger
from dateline.web.app import make_app
from dateline.web.site import Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

RULES = """
rules:
- id: any-detained
  says: Anybody detained <b>anywhere</b>
  about: {type: COERCE}
  each: event
  when: {figure: {of: detained, at_least: 10}}
  examples:
  - note: ten are enough
    events: [{type: COERCE, day: 2020-08-12, country: BLR, detained: 10}]
    alerts: [{day: 2020-08-12, says: 10 detained}]
- id: strikes
  says: Strikes
  about: {type: PROTEST}
  each: country
  when: {events: {at_least: 1, days: 1}}
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """One report, in which forty at least are detained."""
    ledger = open_ledger(tmp_path / "ledger")
    report = report_of("one.txt", STRIKE)
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    return ledger


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


def own(ledger: Ledger, rules: str = RULES) -> Path:
    path = ledger.path / "watch.yaml"
    path.write_text(rules, encoding="utf-8")
    return path


def alert(ledger: Ledger) -> None:
    """Asks the rules of the ledger and enters what is new."""
    at = datetime(2020, 8, 19, tzinfo=UTC)
    found = watch_ledger(ledger, read_watch_rules(own(ledger)), load_accounts(), known_at=at)
    assert enter_alerts(ledger, found.alerts, by="test", known_at=at) == 2


def test_a_ledger_without_rules_shows_those_that_ship_and_how_to_begin(small: TestClient) -> None:
    page = small.get("/watch").text
    assert "no rules of its own" in page
    assert "dateline watch list --shipped &gt;" in page
    assert "A hundred or more people detained" in page


def test_rules_in_force_are_told_in_words_with_whether_their_examples_come_out(small: TestClient, ledger: Ledger) -> None:
    own(ledger)
    page = small.get("/watch").text
    assert "2 rules in" in page
    assert "10 or more detained" in page
    assert "Anybody detained &lt;b&gt;anywhere&lt;/b&gt;" in page
    assert "the one there is comes out" in page
    assert "nobody will know" in page
    wrong = own(ledger, RULES.replace("detained: 10}]", "detained: 9}]"))
    assert wrong.exists()
    assert "1 of 1 do not come out" in small.get("/watch").text


def test_a_mistake_is_shown_with_its_line_and_what_to_do(small: TestClient, ledger: Ledger) -> None:
    own(ledger, RULES.replace("when: {figure", "when: {figur"))
    page = small.get("/watch").text
    assert "watch.yaml has 1 mistake" in page
    assert "watch.yaml, line 7" in page
    assert "did you mean “figure”" in page
    assert "<mark>   7" in page
    own(ledger, "rules: [")
    assert "not YAML" in small.get("/watch").text
    assert small.get("/watch/test?since=2020-08-01&until=2020-08-02").status_code == 409


def test_an_alert_shows_what_it_rests_on(small: TestClient, ledger: Ledger) -> None:
    alert(ledger)
    page = small.get("/watch").text
    coding = coding_of(report_of("one.txt", STRIKE))
    assert "2 alerts</a> so far; 2 of them stand" in page
    assert "at least 40 detained" in page
    assert f'href="/events/{coding.claims[1].id}"' in page
    assert "At least 40 people were detained in Hrodna" in page
    assert f'href="/documents/{coding.claims[1].document}#r2"' in page
    assert "at least 40 detained" not in small.get("/watch?as_of=2020-08-18").text


def test_alerts_of_one_rule_and_all_as_data(small: TestClient, ledger: Ledger) -> None:
    alert(ledger)
    assert small.get("/watch/alerts.json?rule=strikes").json()["total"] == 1
    rows = list(csv.DictReader(io.StringIO(small.get("/watch/alerts.csv").text.removeprefix("\ufeff"))))
    assert {row["rule"] for row in rows} == {"any-detained", "strikes"}


def test_rules_are_tried_on_past_days_and_nothing_is_entered(small: TestClient, ledger: Ledger) -> None:
    own(ledger)
    page = small.get("/watch/test?since=2020-08-16&until=2020-08-20&printed=yes").text
    assert "2 alerts on Sun 16 – Thu 20 August 2020, by 2 rules" in page
    assert "Tue 18 August 2020" in page
    assert "at least 40 detained" in page
    assert ledger.derived_columns("alerts").num_rows == 0
    assert "No rule would have said anything" in small.get("/watch/test?since=2020-08-01&until=2020-08-02&printed=yes").text


def test_days_that_make_no_sense_are_refused_with_what_to_do(small: TestClient) -> None:
    for days in ("since=2020-08-02&until=2020-08-01", "since=2020-08-02", "since=2000-01-01&until=2020-01-01"):
        answer = small.get(f"/watch/test?{days}")
        assert answer.status_code == 400
        assert "dateline watch check --since" in answer.text
