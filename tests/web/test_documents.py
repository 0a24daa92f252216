"""The list of documents and the page of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.derived import ReprintRow, VisitRow
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Coding, Report
from dateline.web.app import make_app
from dateline.web.lists import SIZE
from dateline.web.site import Site
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, document_of, failure_of, report_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def ledger_at(folder: Path) -> Ledger:
    """A strike told twice in one text, a flood in which nothing is found, a report that is no text, and a hostile title."""
    ledger = open_ledger(folder / "ledger")
    strike, again = report_of("strike.txt", STRIKE), replace(report_of("again.txt", STRIKE), publisher="=The Echo")
    flood, broken = report_of("flood.txt", FLOOD, None), Report("in box/broken.jsonl:7", b"\xff\xfe\x00")
    hostile = replace(report_of("hostile.txt", f"{FLOOD} {HOSTILE}"), title=HOSTILE)
    codings = [coding_of(strike), coding_of(again), coding_of(flood), failure_of(broken)]
    codings.append(Coding(hostile.name, replace(document_of(hostile), title=HOSTILE)))
    ledger.add(codings, [strike, again, flood, broken, hostile], coder=CODER, known_at=NOON)
    first, second = document_of(strike).id, document_of(again).id
    rows = [ReprintRow(first, first, False), ReprintRow(second, first, False)]
    ledger.add_rows("reprints", rows, by="test", known_at=NOON)
    return ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_at(tmp_path)


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


STRIKE_ID = document_of(report_of("strike.txt", STRIKE)).id
FLOOD_ID = document_of(report_of("flood.txt", FLOOD, None)).id


# ---------------------------------------------------------------- the list


def test_reprints_stand_under_their_first_print_and_both_numbers_are_said(small: TestClient) -> None:
    page = small.get("/documents").text
    assert "<b>4 documents</b>, <b>3 distinct texts</b>" in page
    assert "printed 2 times" in page
    assert page.index("Tue 18 August 2020") < page.index("Day of publication not known")


def test_a_shelf_shows_its_documents_alone(small: TestClient) -> None:
    assert "<b>2 documents</b>, <b>1 distinct text</b>" in small.get("/documents?shelf=told").text
    nothing = small.get("/documents?shelf=nothing").text
    assert "<b>2 documents</b>" in nothing
    assert "dateline add flood.txt" in nothing
    assert "reader-1" in nothing


def test_what_failed_says_why_and_how_to_try_again(small: TestClient) -> None:
    page = small.get("/documents?shelf=failed").text
    assert "1 report could not be coded" in page
    assert "these bytes are no text. Hand in a web page" in page
    assert "dateline add &#x27;in box/broken.jsonl&#x27; --ledger" in page


def test_words_publisher_and_days_are_filters(small: TestClient) -> None:
    def found(query: str) -> list[str]:
        return [row["report"] for row in small.get(f"/documents.json?{query}").json()["rows"]]

    assert found("q=FLOOD") == ["flood.txt"]
    assert found("publisher=%3DThe+Echo") == ["again.txt"]
    assert found("until=2020-08-17") == []
    assert len(found("since=2020-08-18")) == 3
    assert small.get("/documents?since=soon").status_code == 400


def test_nothing_is_there_before_it_was_known(small: TestClient) -> None:
    page = small.get("/documents?as_of=2020-08-17").text
    assert "<b>0 documents</b>" in page
    assert "As known at" in page
    assert small.get("/documents?as_of=2020-08-18").text.count("printed 2 times") == 1


def test_a_long_list_has_pages_that_an_address_leads_to(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "long")
    reports = [report_of(f"flood {number:03}.txt", f"{FLOOD} {number}") for number in range(SIZE + 3)]
    ledger.add([coding_of(report) for report in reports], reports, coder=CODER, known_at=NOON)
    client = TestClient(make_app(Site(ledger)), base_url="http://localhost")
    first, second = client.get("/documents").text, client.get("/documents?page=2").text
    assert f"1–{SIZE} of {SIZE + 3}" in first
    assert 'href="/documents?page=2"' in first
    assert f"{SIZE + 1}–{SIZE + 3} of {SIZE + 3}" in second
    assert client.get("/documents?page=99").text.count(f"{SIZE + 1}–{SIZE + 3}") == 1
    shown = [f'href="/documents/{document_of(report).id}"' for report in reports]
    assert sorted([*(s for s in shown if s in first), *(s for s in shown if s in second)]) == sorted(shown)


def test_the_list_as_csv_has_all_and_no_formula(small: TestClient) -> None:
    answer = small.get("/documents.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="documents.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["report"] for row in rows].count("again.txt") == 1
    assert {row["publisher"] for row in rows} == {"The Paper", "'=The Echo"}
    assert len(rows) == 4
    failed = list(csv.DictReader(io.StringIO(small.get("/documents.csv?shelf=failed").text.removeprefix("\ufeff"))))
    assert [row["reason"] for row in failed] == ["not-text"]


# ---------------------------------------------------------------- one document


def test_a_document_shows_its_events_records_quotations_and_problems(small: TestClient) -> None:
    page = small.get(f"/documents/{STRIKE_ID}").text
    assert "3 records of 2 events" in page
    assert f'href="/events/c0{STRIKE_ID}"' in page
    assert f'href="/events/c1{STRIKE_ID}"' in page
    assert 'id="quotations"' in page
    assert "no place for the third strike" in page
    assert "words is in no record and no quotation" in page


def test_every_word_of_the_text_is_on_the_page(small: TestClient) -> None:
    page = small.get(f"/documents/{FLOOD_ID}").text
    assert FLOOD in page
    assert "nothing in this text was read as an event" in page
    assert "100% of the text’s 5 words" in page


def test_other_prints_are_listed_with_how_alike_they_are(small: TestClient) -> None:
    page = small.get(f"/documents/{STRIKE_ID}").text
    assert "the same text as 1 other document" in page
    assert "100% of this text’s runs of three words are there too" in page


def test_where_a_report_came_from_is_said(small: TestClient, ledger: Ledger) -> None:
    document = ledger.document(STRIKE_ID)
    page = small.get(f"/documents/{STRIKE_ID}").text
    assert document.raw_sha256 in page
    assert "not said by whoever handed it in" in page


def test_how_a_report_was_fetched_and_what_else_was_at_its_address_is_said(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    report = report_of("strike.txt", STRIKE)
    coding = coding_of(report)
    assert coding.document is not None
    document = replace(coding.document, address="https://paper.example/a")
    ledger.add([replace(coding, document=document)], [report], coder=CODER, known_at=NOON)
    came = VisitRow(
        "v1", "https://paper.example/r?1", "https://paper.example/a", NOON, 200, "new", '[["etag", "<b>1</b>"]]',
        document.raw_sha256, document.id, None, "the-paper", ["daily"],
    )  # fmt: skip
    gone = replace(came, visit_id="v2", fetched_at=NOON.replace(hour=18), status=410, outcome="gone", raw_sha256=None)
    ledger.add_rows("visits", [came, gone], by="test", known_at=NOON)
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        page = client.get(f"/documents/{document.id}").text
    assert "https://paper.example/r?1, which led to https://paper.example/a" in page
    assert "the-paper (daily)" in page
    assert "2020-08-18 18:00 UTC: taken down" in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page


def test_the_bytes_are_kept_as_a_file_that_no_browser_runs(small: TestClient, ledger: Ledger) -> None:
    sha256 = ledger.document(STRIKE_ID).raw_sha256
    answer = small.get(f"/reports/{sha256}")
    assert answer.content == STRIKE.encode()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert small.get("/reports/nothing").status_code == 404
    assert small.get("/reports/..%2f..%2fledger.json").status_code == 404


def test_text_and_coding_are_there_as_data(small: TestClient, ledger: Ledger) -> None:
    text = small.get(f"/documents/{STRIKE_ID}.txt")
    assert text.text == STRIKE
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    data = small.get(f"/documents/{STRIKE_ID}.json").json()
    assert len(data["claims"]) == 3


def test_markup_in_a_title_is_text(small: TestClient) -> None:
    listed = small.get("/documents").text
    assert HOSTILE not in listed
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in listed
    row = next(row for row in small.get("/documents.json").json()["rows"] if row["title"] == HOSTILE)
    assert "<img" not in small.get(f"/documents/{row['document_id']}").text


def test_a_document_that_is_not_there_says_so(small: TestClient) -> None:
    answer = small.get("/documents/nothing")
    assert answer.status_code == 404
    assert "Not found" in answer.text
