"""The list of actors and the page of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.store import Ledger, open_ledger
from dateline.records import READ, Actor, Participant
from dateline.web.app import make_app
from dateline.web.lists import binned
from dateline.web.site import Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

HOSTILE = '<b onclick="alert(1)">Ada</b>'


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A strike, told by two reports, in the second of which a hostile name and one in Arabic letters strike too."""
    ledger = open_ledger(tmp_path / "ledger")
    first, second = report_of("first.txt", STRIKE), report_of("second.txt", f"{STRIKE} It goes on.")
    coding = coding_of(second)
    strike = coding.claims[0]
    more = tuple(Participant(Actor(name, "BLR", "CVL"), None, READ) for name in (HOSTILE, "حسن/علي"))
    told = replace(strike, event=replace(strike.event, actors=(*strike.event.actors, *more)))
    codings = [coding_of(first), replace(coding, claims=(told, *coding.claims[1:]))]
    ledger.add(codings, [first, second], coder=CODER, known_at=NOON)
    return ledger


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


def names(client: TestClient, query: str = "") -> list[str]:
    return [row["name"] for row in client.get(f"/actors.json?{query}").json()["rows"]]


def test_the_most_told_of_comes_first_and_tellers_have_a_list_of_their_own(small: TestClient) -> None:
    assert names(small)[:2] == ["Alaksandar Łukašenka", "workers of the tractor plant"]
    assert "Viasna" not in names(small)
    assert names(small, "as=teller") == ["The Paper", "Viasna"]


def test_any_part_of_a_name_finds_it_whatever_its_accents(small: TestClient) -> None:
    assert names(small, "q=lukas") == ["Alaksandar Łukašenka"]
    assert names(small, "q=nobody") == []
    assert "No name has “nobody” in it" in small.get("/actors?q=nobody").text


def test_a_page_behind_the_last_is_the_last(small: TestClient) -> None:
    assert small.get("/actors?page=7").text.count("Łukašenka") >= 1


def test_the_list_as_csv_has_every_name(small: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(small.get("/actors.csv").text.removeprefix("\ufeff"))))
    workers = next(row for row in rows if row["name"] == "workers of the tractor plant")
    assert (workers["as_actor"], workers["country"], workers["first_day"]) == ("2", "BLR", "2020-08-17")


def test_an_actor_has_its_names_sides_others_and_records(small: TestClient) -> None:
    page = small.get("/actors/workers of the tractor plant").text
    assert "did it 2" in page
    assert "Together with" in page
    assert "On the word of" in page
    assert "went on strike" in page
    assert 'href="/?actor=workers+of+the+tractor+plant"' in page


def test_an_actor_of_the_tables_is_found_by_a_surname_though_the_ledger_has_no_such_name(small: TestClient) -> None:
    page = small.get("/actors/Lukashenko").text
    assert "<bdi>Alexander Lukashenko</bdi>" in page
    assert "Offices by the tables" in page


def test_hostile_and_foreign_names_lead_to_their_pages(small: TestClient) -> None:
    listed = small.get("/actors").text
    assert "<b onclick" not in listed
    assert small.get("/actors/%3Cb%20onclick%3D%22alert%281%29%22%3EAda%3C%2Fb%3E").status_code == 200
    assert small.get("/actors/حسن/علي").status_code == 200


def test_an_actor_nobody_knows_gives_names_that_are_like_it(small: TestClient) -> None:
    answer = small.get("/actors/tractor")
    assert answer.status_code == 404
    assert "workers of the tractor plant" in answer.text


def test_an_actor_is_there_as_data(small: TestClient) -> None:
    data = small.get("/actors/workers of the tractor plant.json").json()
    assert data["spellings"][0]["as_actor"] == 2


def test_mistakes_in_ones_own_table_are_shown(small: TestClient, ledger: Ledger) -> None:
    (ledger.path / "actors.csv").write_text("nonsense\n1\n", encoding="utf-8")
    answer = small.get("/actors/Viasna")
    assert answer.status_code == 409
    assert "actors.csv" in answer.text


def test_days_are_put_together_when_they_span_long() -> None:
    assert binned([]) == []
    assert binned([(date(2020, 8, 9), 2), (date(2020, 8, 11), 1)]) == [("2020-08-09", 2), ("2020-08-10", 0), ("2020-08-11", 1)]
    assert binned([(date(2020, 1, 1), 2), (date(2020, 6, 1), 1)])[0] == ("2019-12-30", 2)
    assert [name for name, _ in binned([(date(2000, 1, 1), 1), (date(2020, 6, 1), 1)])][:2] == ["2000", "2001"]
