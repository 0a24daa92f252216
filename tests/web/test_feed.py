"""The feed of new and changed events, read as strictly as RFC 4287 has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from starlette.testclient import TestClient

from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Judge, Judgement, JudgementKind
from dateline.web.app import make_app
from dateline.web.pages.feed import SIZE
from dateline.web.site import Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[\w./-]+")
FEED = {"id", "title", "updated", "author", "link", "subtitle", "generator", "entry"}
ENTRY = {"id", "title", "updated", "published", "link", "category", "summary"}
ONCE = {"id", "title", "updated", "published", "subtitle", "generator", "summary"}


def add(ledger: Ledger, name: str, at: datetime) -> list[str]:
    """A report of a strike and of arrests; the ids of its claims."""
    report = report_of(f"{name}.txt", f"{STRIKE} ({name} \x0b\ufffe <b>)")
    coding = coding_of(report)
    ledger.add([coding], [report], coder=CODER, known_at=at)
    return [claim.id for claim in coding.claims]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "one", NOON)
    add(ledger, "two", NOON + timedelta(hours=1))
    return ledger


@pytest.fixture
def small(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(make_app(Site(ledger)), base_url="http://localhost") as client:
        yield client


def read(text: str) -> tuple[Element, list[dict[str, str]]]:
    """A feed that is as the standard asks: the feed, and its entries by their elements. Anything else fails."""
    root = fromstring(text)
    assert root.tag == f"{ATOM}feed"
    held(root, FEED, required={"id", "title", "updated", "author"})
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = root.findall(f"{ATOM}link")
    assert [link.get("rel") for link in links].count("self") == 1
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        held(entry, ENTRY, required={"id", "title", "updated"})
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None  # there is no content
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
    for link in root.iter(f"{ATOM}link"):
        assert (link.get("href") or "").startswith("http://localhost/")
    ids = [element.text or "" for element in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    assert all(TAG_URI.fullmatch(id) for id in ids)
    return root, [{child.tag.removeprefix(ATOM): child.text or "" for child in entry} for entry in entries]


def held(element: Element, known: set[str], required: set[str]) -> None:
    names = [child.tag.removeprefix(ATOM) for child in element]
    assert set(names) <= known
    assert required <= set(names)
    assert all(names.count(name) <= 1 for name in ONCE)
    for child in element:
        if child.tag in {f"{ATOM}updated", f"{ATOM}published"}:
            assert RFC_3339.fullmatch(child.text or "")
            datetime.fromisoformat(child.text or "")


def test_the_feed_is_as_the_standard_asks_and_the_last_change_comes_first(small: TestClient) -> None:
    answer = small.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root, entries = read(answer.text)
    moments = [entry["updated"] for entry in entries]
    assert len(entries) == 4
    assert moments == sorted(moments, reverse=True)
    assert root.findtext(f"{ATOM}updated") == moments[0] == "2020-08-18T13:00:00.000000Z"
    assert "At least 40 people were detained" in "".join(entry["summary"] for entry in entries)


def test_an_event_that_somebody_judges_is_updated_under_the_id_it_had(small: TestClient, ledger: Ledger) -> None:
    _, before = read(small.get("/feed.atom").text)
    last = before[-1]
    claim = last["id"].rpartition("/")[2]
    at = NOON + timedelta(days=1)
    corrected = Judgement(
        "", JudgementKind.CORRECTED, Judge("Ada"), at, ((claim,),), field="country", value="BLR", before=((claim, ""),)
    )
    Log(ledger.path).append([corrected])
    _, after = read(small.get("/feed.atom").text)
    assert {entry["id"] for entry in after} == {entry["id"] for entry in before}
    assert after[0]["id"] == last["id"]
    assert after[0]["updated"] == "2020-08-19T12:00:00.000000Z"
    assert after[0]["published"] == last["published"]
    assert "corrected by a person (country)" in after[0]["summary"]
    assert "Ada" not in after[0]["summary"]


def test_a_second_answer_and_a_confirmed_link_are_told_for_what_they_are(small: TestClient, ledger: Ledger) -> None:
    one, two = (coding_of(report_of(f"{name}.txt", f"{STRIKE} ({name} \x0b\ufffe <b>)")).claims[1].id for name in ("one", "two"))
    at = NOON + timedelta(days=1)
    facts = (("answer", "accepted"),)
    Log(ledger.path).append([Judgement("", JudgementKind.SECONDED, Judge("Ben"), at, ((one,),), facts=facts)])
    assert "2020-08-19" not in small.get("/feed.atom").text
    confirms = (("confirms", "link"),)
    sides = ((one,), (two,))
    Log(ledger.path).append([Judgement("", JudgementKind.MERGED, Judge("Ben"), at + timedelta(days=1), sides, facts=confirms)])
    _, entries = read(small.get("/feed.atom").text)
    assert "confirmed by a person to be one event" in entries[0]["summary"]
    assert "rightly of one event" in small.get("/audit").text


def test_events_that_become_one_are_one_entry(small: TestClient, ledger: Ledger) -> None:
    one, two = (coding_of(report_of(f"{name}.txt", f"{STRIKE} ({name} \x0b\ufffe <b>)")).claims[0].id for name in ("one", "two"))
    Log(ledger.path).append([Judgement("", JudgementKind.MERGED, Judge("Ada"), NOON + timedelta(days=1), ((one,), (two,)))])
    _, entries = read(small.get("/feed.atom").text)
    assert len(entries) == 3
    assert entries[0]["id"].endswith(one)


def test_a_reader_who_has_it_is_told_so_until_something_changes(small: TestClient, ledger: Ledger) -> None:
    etag = small.get("/feed.atom").headers["etag"]
    assert small.get("/feed.atom", headers={"if-none-match": f'"other", {etag}'}).status_code == 304
    assert small.get("/feed.atom?type=PROTEST", headers={"if-none-match": etag}).status_code == 200
    add(ledger, "three", NOON + timedelta(hours=2))
    answer = small.get("/feed.atom", headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert len(read(answer.text)[1]) == 6


def test_the_same_ledger_gives_the_same_bytes(small: TestClient, ledger: Ledger) -> None:
    again = TestClient(make_app(Site(open_ledger(ledger.path))), base_url="http://localhost")
    assert again.get("/feed.atom").content == small.get("/feed.atom").content


def test_filters_of_the_address_hold(small: TestClient) -> None:
    root, entries = read(small.get("/feed.atom?type=COERCE").text)
    assert len(entries) == 2
    assert root.findtext(f"{ATOM}id") != read(small.get("/feed.atom").text)[0].findtext(f"{ATOM}id")
    assert "COERCE" in (root.findtext(f"{ATOM}subtitle") or "")
    assert len(read(small.get("/feed.atom?as_of=2020-08-18T12:30Z").text)[1]) == 2
    assert small.get("/feed.atom?flag=nonsense").status_code == 400


def test_a_long_feed_has_pages(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "long")
    for number in range(SIZE // 2 + 1):
        add(ledger, str(number), NOON + timedelta(minutes=number))
    client = TestClient(make_app(Site(ledger)), base_url="http://localhost")
    root, first = read(client.get("/feed.atom").text)
    further = root.find(f"{ATOM}link[@rel='next']")
    assert further is not None
    _, second = read(client.get((further.get("href") or "").removeprefix("http://localhost")).text)
    assert (len(first), len(second)) == (SIZE, 2)
    assert not {entry["id"] for entry in first} & {entry["id"] for entry in second}


def test_an_empty_ledger_has_a_feed_too(tmp_path: Path) -> None:
    client = TestClient(make_app(Site(open_ledger(tmp_path / "empty"))), base_url="http://localhost")
    assert read(client.get("/feed.atom").text)[1] == []
