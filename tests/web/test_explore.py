"""The first page without script: the same filters, the same events, in pages."""

from __future__ import annotations

import html
import re

from starlette.testclient import TestClient

from dateline.web.pages.explore import A_PAGE, counted_in_words


def said(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def summary(page: str) -> str:
    found = re.search(r'<p class="summary">(.*?)</p>', page)
    assert found
    return found[1]


def test_it_says_how_many_events_there_are_and_lists_fifty(client: TestClient) -> None:
    page = said(client, "/")
    assert re.fullmatch(r"\d+ events from 25 documents", summary(page))
    assert page.count('<th scope="row"') == A_PAGE
    assert 'href="/?page=2"' in page


def test_no_event_is_on_two_pages(client: TestClient) -> None:
    total = int(summary(said(client, "/")).split()[0])
    seen: list[str] = []
    for number in range(1, -(-total // A_PAGE) + 1):
        seen += re.findall(r'<th scope="row"><a href="(/events/[^"]+)"', said(client, f"/?page={number}"))
    assert len(seen) == len(set(seen)) == total


def test_filters_are_said_and_each_can_be_removed(client: TestClient) -> None:
    page = said(client, "/?type=PROTEST&country=-LTU&sort=place")
    assert 'href="/?country=-LTU&sort=place"' in page
    assert "country not LTU" in page
    assert 0 < int(summary(page).split()[0]) < int(summary(said(client, "/")).split()[0])


def test_values_that_are_asked_for_or_left_out_stay_ticked(client: TestClient) -> None:
    page = said(client, "/?type=PROTEST&flag=-plan&actor=nobody+known")
    for name, value in (("type", "PROTEST"), ("flag", "-plan"), ("actor", "nobody known")):
        assert f'<input type="checkbox" name="{name}" value="{value}" checked>' in page


def test_an_empty_list_says_which_filter_left_nothing(client: TestClient) -> None:
    page = said(client, "/?type=VOTE&country=PER")
    assert "No event fits" in page
    assert re.search(r"Without <b><bdi>country PER</bdi></b>: <a href=\"/\?type=VOTE\">\d+ events", page)


def test_orders_hold_the_same_events(client: TestClient) -> None:
    newest = re.findall(r'<a href="(/events/[^"]+)"', said(client, "/?type=PROTEST"))
    oldest = re.findall(r'<a href="(/events/[^"]+)"', said(client, "/?type=PROTEST&sort=first"))
    assert sorted(newest) == sorted(oldest)
    assert newest != oldest


def test_what_is_no_filter_is_refused_with_words(client: TestClient) -> None:
    assert client.get("/?since=yesterday").status_code == 400
    assert client.get("/?page=-3&sort=nothing").status_code == 200


def test_markup_in_an_address_stays_text(client: TestClient) -> None:
    answer = client.get("/", params={"q": "<img src=x onerror=alert(1)>", "actor": "</script><b>"})
    assert "<img src=x" not in answer.text
    assert "</script><b>" not in answer.text


def test_a_chosen_event_is_found_by_its_id(client: TestClient) -> None:
    key = client.get("/columns.bin").headers["etag"].strip('"')
    row = client.get("/rows.json", params={"key": key, "rows": "7"}).json()[0]
    assert client.get("/row.json", params={"key": key, "id": row["id"]}).json() == row
    assert client.get("/row.json", params={"key": key, "id": "unknown"}).status_code == 404
    assert client.get("/row.json", params={"key": "older", "id": row["id"]}).status_code == 409


def test_documents_of_several_events_are_not_claimed_to_be_counted_once() -> None:
    assert counted_in_words(3, 10, 5, 40) == "3 of 10 events from at most 5 documents"
    assert counted_in_words(10, 10, 70, 40) == "10 events from 40 documents"
    assert counted_in_words(1, 10, 1, 40) == "1 of 10 events from 1 document"
    assert counted_in_words(9, 10, 70, 40) == "9 of 10 events from at most 40 documents"
