"""The log of judgements as a page and as data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Judge, Judgement, JudgementKind
from dateline.web.app import make_app
from dateline.web.lists import SIZE
from dateline.web.site import Options, Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

ADA, BEN, JANE = Judge("Ada"), Judge("Ben <b>"), Judge("Jane Roe")
FIRST = [claim.id for claim in coding_of(report_of("first.txt", STRIKE)).claims]
SECOND = [claim.id for claim in coding_of(report_of("second.txt", f"{STRIKE} Again.")).claims]


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Two reports, of which five entries were judged; the second was undone by the fourth, and Jane's name was removed."""
    ledger = open_ledger(tmp_path / "ledger")
    reports = [report_of("first.txt", STRIKE), report_of("second.txt", f"{STRIKE} Again.")]
    ledger.add([coding_of(report) for report in reports], reports, coder=CODER, known_at=NOON)
    log = Log(ledger.path)
    log.append([Judgement("", JudgementKind.MERGED, ADA, NOON + minutes(1), ((FIRST[0],), (SECOND[0],)), "one strike")])
    day = Judgement(
        "", JudgementKind.CORRECTED, BEN, NOON + minutes(2), ((FIRST[1],),), "=1+1", field="day", value="2020-08-10",
        before=((FIRST[1], "2020-08-09.."),),
    )  # fmt: skip
    log.append([day])
    log.append([Judgement("", JudgementKind.REJECTED, JANE, NOON + minutes(3), ((SECOND[1],),))])
    log.append([Judgement("", JudgementKind.UNDONE, ADA, NOON + minutes(4), ((FIRST[1],),), revokes=("2.1",))])
    log.forget("Jane Roe", by=ADA, at=NOON + minutes(5), reason="at her request")
    return ledger


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


def token(client: TestClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/audit").text)
    assert found
    return found[1]


def entries(client: TestClient, query: str = "") -> list[str]:
    return re.findall(r'id="entry-(\d+)"', client.get(f"/audit?{query}").text)


def test_each_entry_says_who_when_what_before_after_why_and_by_which_program(small: TestClient) -> None:
    page = small.get("/audit").text
    start = page.index('id="entry-2"')
    entry = page[start : page.index('id="entry-1"')]
    assert "Ben &lt;b&gt;" in entry
    assert "2020-08-18 12:02:00 UTC" in entry
    assert "<dt>before</dt><dd><bdi>2020-08-09..</bdi></dd>" in entry
    assert "<dt>after</dt><dd><bdi>2020-08-10</bdi>" in entry
    assert "=1+1" in entry
    assert "dateline 0." in entry
    assert 'undone by <a href="/audit/4">4.1</a>' in entry


def test_the_latest_entry_comes_first_and_each_can_be_linked_to(small: TestClient) -> None:
    assert entries(small) == ["5", "4", "3", "2", "1"]
    answer = small.get("/audit/3", follow_redirects=False)
    assert answer.headers["location"] == "/audit#entry-3"
    assert small.get("/audit/9").status_code == 404


def test_an_entry_far_back_is_on_the_page_that_its_address_leads_to(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "long")
    log = Log(ledger.path)
    for number in range(SIZE + 2):
        log.append([Judgement("", JudgementKind.ACCEPTED, ADA, NOON + minutes(number), ((f"claim{number}",),))])
    client = TestClient(make_app(Site(ledger)), base_url="http://localhost")
    answer = client.get("/audit/2", follow_redirects=False)
    assert answer.headers["location"] == "/audit?page=2#entry-2"
    assert entries(client, "page=2") == ["2", "1"]


def test_person_kind_and_event_are_filters(small: TestClient) -> None:
    assert entries(small, "by=Ada") == ["5", "4", "1"]
    assert entries(small, "kind=corrected") == ["2"]
    assert entries(small, f"about={FIRST[1]}") == ["4", "2"]
    assert entries(small, f"about={FIRST[1]}&by=Ada") == ["4"]
    assert small.get("/audit?about=nothing").status_code == 404
    assert "Take a filter away" in small.get("/audit?by=Nobody").text


def test_a_removed_name_is_shown_as_removed_and_is_nowhere(small: TestClient) -> None:
    for address in ("/audit", "/audit.csv", "/audit.json", "/audit.prov.json"):
        answer = small.get(address).text
        assert "Jane" not in answer
        assert "(name removed)" in answer


def test_the_log_is_there_as_of_any_moment(small: TestClient) -> None:
    assert entries(small, "as_of=2020-08-18T12:02Z") == ["2", "1"]
    then = small.get("/audit.json?as_of=2020-08-18T12:02Z").json()
    assert [(row["id"], row["holds"]) for row in then["judgements"]] == [("1.1", True), ("2.1", True)]
    assert [row["holds"] for row in small.get("/audit.json").json()["judgements"]][:2] == [True, False]


def test_verifying_says_that_all_is_as_it_was(small: TestClient, ledger: Ledger) -> None:
    answer = small.post("/audit/verify", data={"csrf": token(small), "head": Log(ledger.path).head()[:12]})
    assert "Everything is as it was entered" in answer.text
    assert "5 entries with 5 judgements" in answer.text


def test_verifying_names_the_file_that_was_changed(small: TestClient, ledger: Ledger) -> None:
    sealed = ledger.path / "judgements" / "0000000002.json"
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes().replace(b"2020-08-10", b"2020-08-11"))
    page = small.post("/audit/verify", data={"csrf": token(small)}).text
    assert "this is not what was entered" in page
    assert "judgements/0000000002.json" in page
    unknown = small.post("/audit/verify", data={"csrf": token(small), "head": "feed" * 4}).text
    assert "no entry has the hash feed" in unknown


def test_verifying_is_asked_for_by_a_form_of_ours(small: TestClient) -> None:
    assert small.post("/audit/verify").status_code == 403
    assert small.get("/audit/verify").status_code in {404, 405}


def test_what_holds_can_be_taken_back_by_a_form(small: TestClient, ledger: Ledger) -> None:
    page = small.get("/audit").text
    undoable = re.findall(r'name="kind" value="undone"><input type="hidden" name="id" value="([^"]+)"', page)
    assert undoable == ["4.1", "3.1", "1.1"]
    assert page.count(f'name="head" value="{Log(ledger.path).head()}"') == 3
    reading = TestClient(make_app(Site(ledger, Options(is_readonly=True))), base_url="http://localhost")
    assert 'action="/judgements"' not in reading.get("/audit").text


def test_the_log_as_csv_has_a_row_a_judgement_and_no_formula(small: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(small.get("/audit.csv").text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == ["1.1", "2.1", "3.1", "4.1", "5.1"]
    assert rows[1]["reason"] == "'=1+1"
    assert (rows[1]["before"], rows[1]["after"], rows[1]["undone_by"]) == ("2020-08-09..", "2020-08-10", "4.1")


def test_the_log_in_the_w3cs_terms_names_agents_activities_and_entities(small: TestClient) -> None:
    told = small.get("/audit.prov.json").json()
    assert told["prefix"]["prov"] == "http://www.w3.org/ns/prov#"
    assert set(told) <= {
        "prefix", "entity", "activity", "agent", "wasGeneratedBy", "used", "wasAssociatedWith", "wasAttributedTo",
        "actedOnBehalfOf", "wasInvalidatedBy",
    }  # fmt: skip
    assert told["activity"]["dl:entry/2"]["prov:startTime"] == "2020-08-18T12:02:00+00:00"
    assert told["entity"]["dl:judgement/2.1"]["dl:after"] == "2020-08-10"
    named = {*told["entity"], *told["activity"], *told["agent"]}
    references = [
        value
        for section in ("wasGeneratedBy", "used", "wasAssociatedWith", "wasAttributedTo", "actedOnBehalfOf", "wasInvalidatedBy")
        for relation in told[section].values()
        for name, value in relation.items()
        if name != "prov:time"
    ]
    assert set(references) <= named
    (undone,) = told["wasInvalidatedBy"].values()
    assert (undone["prov:entity"], undone["prov:activity"]) == ("dl:judgement/2.1", "dl:entry/4")
    ada = {relation["prov:agent"] for name, relation in told["wasAssociatedWith"].items() if name in {"_:by1", "_:by4", "_:by5"}}
    assert len(ada) == 1


def test_the_form_undoes_by_a_further_entry_and_leads_back_to_the_log(small: TestClient, ledger: Ledger) -> None:
    small.post("/you", data={"csrf": token(small), "name": "Ada"})
    fields = {"csrf": token(small), "kind": "undone", "id": "4.1", "reason": "a Monday after all"}
    fields |= {"head": Log(ledger.path).head(), "next": "/audit#entry-4"}
    answer = small.post("/judgements", data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit#entry-4")
    (last,) = Log(ledger.path).entries()[-1].judgements
    assert (last.kind, last.by, last.revokes) == (JudgementKind.UNDONE, ADA, ("4.1",))
    assert [row["holds"] for row in small.get("/audit.json").json()["judgements"]][1] is True
