"""The page of quality says how much it knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Judge, Judgement, JudgementKind
from dateline.views.gaps import load_gaps
from dateline.web.app import make_app
from dateline.web.site import Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A dozen reports, each with a strike."""
    ledger = open_ledger(tmp_path / "ledger")
    reports = [report_of(f"{number}.txt", f"{STRIKE} ({number})") for number in range(12)]
    ledger.add([coding_of(report) for report in reports], reports, coder=CODER, known_at=NOON)
    return ledger


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


def claims() -> list[str]:
    return [coding_of(report_of(f"{number}.txt", f"{STRIKE} ({number})")).claims[0].id for number in range(12)]


def accept(ledger: Ledger) -> None:
    at = NOON + timedelta(minutes=1)
    Log(ledger.path).append([Judgement("", JudgementKind.ACCEPTED, Judge("Ada"), at, ((claim,),)) for claim in claims()])


def test_where_nobody_reviewed_nothing_is_claimed(small: TestClient) -> None:
    page = small.get("/quality").text
    assert "nothing is known" in page
    assert "Nobody has given a second, blind answer yet" in page


def test_figures_come_with_n_interval_and_a_warning_when_there_are_few(small: TestClient, ledger: Ledger) -> None:
    accept(ledger)
    page = small.get("/quality").text
    assert "<b>12 records</b>" in page
    assert "76% to 100%" in page
    assert "too few to say much" in page
    data = small.get("/quality.json").json()
    assert data["fields"]["day"]["n"] == 12
    assert not data["fields"]["day"]["is_enough"]
    assert data["publishers"][0]["name"] == "The Paper"
    assert [row["name"] for row in data["versions"]] == ["dateline 0.1.0 · reader-1 · k1"]


def test_second_answers_give_alpha_by_field(small: TestClient, ledger: Ledger) -> None:
    accept(ledger)
    at = NOON + timedelta(minutes=2)
    answers = [
        Judgement("", JudgementKind.SECONDED, Judge("Ben"), at, ((claim,),), facts=(("answer", "accepted" if n else "rejected"),))
        for n, claim in enumerate(claims())
    ]
    Log(ledger.path).append(answers)
    page = small.get("/quality").text
    assert "<b>12 second answers</b>" in page
    assert "Krippendorff" in page
    assert "August 2020" in page[page.index("nothing differed, by month") :]
    verdict = next(row for row in small.get("/quality.json").json()["agreement"] if row["field"] == "verdict")
    assert (verdict["units"], verdict["alike"]) == (12, 11)


def test_every_value_can_say_where_it_comes_from(small: TestClient) -> None:
    grounding = small.get("/quality.json").json()["grounding"]
    assert grounding["records"] == 36
    assert grounding["neither"] == 0
    assert grounding["words"] > 100
    assert ">100%</b>" in small.get("/quality").text


def test_known_gaps_name_a_page_that_there_is(small: TestClient) -> None:
    gaps = load_gaps()
    assert len(gaps) > 5
    for gap in gaps:
        assert (DOCS / gap.see).is_file()
    assert "Only English is read" in small.get("/quality").text


def test_quality_as_of_a_moment_knows_nothing_of_later_judgements(small: TestClient, ledger: Ledger) -> None:
    accept(ledger)
    assert small.get("/quality.json?as_of=2020-08-18T12:00:30Z").json()["reviewed"] == 0
