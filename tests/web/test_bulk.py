"""One decision about all events that fit a query."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from dateline.records import JudgementKind
from dateline.web.site import Site
from tests.web.reviewers import client_of

JSON = {"accept": "application/json"}


def fields_of(page: str, **more: str) -> dict[str, str]:
    """The hidden fields of the form that decides."""
    form = page[page.index('class="card decide"') :]
    found = dict(re.findall(r'name="(query|shown|head)" value="([^"]*)"', form))
    return {name: value.replace("&amp;", "&") for name, value in found.items()} | more


def number_of(page: str) -> int:
    found = re.search(r"<b>([\d,]+) events?</b>", page)
    assert found
    return int(found[1].replace(",", ""))


def test_how_many_fit_is_told_with_a_sample_before_anything_is_decided(site: Site, ada: TestClient) -> None:
    before = site.log.entries()
    page = ada.get("/review/bulk?type=COERCE").text
    assert number_of(page) > 5
    assert "by the machine alone" in page
    assert page.count("<li><a href") >= min(number_of(page), 12)
    assert site.log.entries() == before
    assert 'class="card decide"' not in ada.get("/review/bulk").text


def test_all_are_decided_in_one_entry_and_taken_back_as_a_whole(site: Site, ada: TestClient) -> None:
    page = ada.get("/review/bulk?type=COERCE").text
    answer = ada.post("/review/bulk", data=fields_of(page, kind="accepted", reason="read a dozen"), headers=JSON)
    assert answer.status_code == 200
    entry = site.log.entries()[-1]
    assert len(entry.judgements) == number_of(page)
    assert {j.kind for j in entry.judgements} == {JudgementKind.ACCEPTED}
    judged = site.judged()
    for judgement in entry.judgements[:5]:
        assert set(judgement.claims) == set(judged.claims_of(judgement.claims[0]))
    assert "No event fits" in ada.get("/review/bulk?type=COERCE").text, "what people judged is left out unless it is asked for"
    ada.post("/undo", headers=JSON)
    assert site.judged().standings == {}
    assert number_of(ada.get("/review/bulk?type=COERCE").text) == number_of(page)


def test_events_that_are_not_those_that_were_shown_are_not_decided(site: Site, ada: TestClient) -> None:
    fields: dict[str, Any] = fields_of(ada.get("/review/bulk?type=COERCE").text, kind="rejected", reason="x")
    one = site.judged().event(site.ledger.sql("SELECT claim_id FROM claims WHERE type = 'COERCE'").rows[0][0])
    ben = client_of(site, "Ben")
    ben.post("/judgements", data={"kind": "accepted", "id": one}, headers=JSON)
    before = site.log.entries()
    assert ada.post("/review/bulk", data=fields, headers=JSON).status_code == 409
    assert site.log.entries() == before


@pytest.mark.parametrize("change", [{"kind": "merged"}, {"query": "type=NOTHING"}], ids=["kind", "none fits"])
def test_what_cannot_be_said_of_many_is_refused(ada: TestClient, change: dict[str, str]) -> None:
    fields = fields_of(ada.get("/review/bulk?type=COERCE").text, kind="accepted", reason="x")
    assert ada.post("/review/bulk", data={**fields, **change}, headers=JSON).status_code == 422


def test_nobody_decides_without_a_name(site: Site) -> None:
    nobody = client_of(site, None)
    fields = fields_of(nobody.get("/review/bulk?type=COERCE").text, kind="accepted", reason="x")
    assert nobody.post("/review/bulk", data=fields).headers["location"].startswith("/you?next=%2Freview%2Fbulk")
