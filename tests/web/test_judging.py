"""What the page is told to enter, and what it refuses."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dateline.records import Judge, Judgement, JudgementKind
from dateline.web.site import Options, Site
from tests.web.ledgers import samples_at
from tests.web.reviewers import client_of, site_at

JSON = {"accept": "application/json"}


def events_of(site: Site) -> dict[str, tuple[str, ...]]:
    """The claims of every event, its id first."""
    judged, events = site.judged(), defaultdict(list)
    for claim, event in judged.mates(id for (id,) in site.ledger.sql("SELECT claim_id FROM claims").rows).items():
        events[event].append(claim)
    return {event: tuple(sorted(claims, key=lambda claim: (claim != event, claim))) for event, claims in events.items()}


def some(site: Site, claims: int = 1) -> str:
    """An event that has so many claims or more."""
    return next(id for id, members in sorted(events_of(site).items()) if len(members) >= claims)


def post(client: TestClient, **fields: Any) -> Any:
    return client.post("/judgements", data=fields, headers=JSON)


def head(site: Site) -> str:
    return site.log.head()


@pytest.mark.parametrize("kind", ["accepted", "rejected", "retracted"])
def test_a_verdict_is_entered_under_the_name_of_who_gave_it(site: Site, ada: TestClient, kind: str) -> None:
    answer = post(ada, kind=kind, id=some(site), reason="read it twice", head=head(site))
    assert answer.status_code == 200
    (judgement,) = site.log.entries()[-1].judgements
    assert (judgement.kind.value, judgement.by, judgement.reason) == (kind, Judge("Ada"), "read it twice")
    assert answer.json()["head"] == head(site)
    assert answer.json()["address"] == f"/audit#entry-{answer.json()['entry']}"


def test_a_form_of_a_page_is_answered_with_the_way_to_the_next(site: Site, ada: TestClient) -> None:
    fields = {"kind": "accepted", "id": some(site), "next": "/review?order=age"}
    answer = ada.post("/judgements", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review?order=age")


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1", ""])
def test_the_way_to_the_next_never_leads_elsewhere(site: Site, ada: TestClient, path: str) -> None:
    answer = ada.post("/judgements", data={"kind": "accepted", "id": some(site), "next": path})
    assert answer.headers["location"] == "/review"


def test_a_correction_is_checked_as_on_the_command_line(site: Site, ada: TestClient) -> None:
    claim = some(site)
    refused = post(ada, kind="corrected", id=claim, field="day", value="30 February")
    assert refused.status_code == 422
    assert "is not a day" in refused.json()["words"]
    assert post(ada, kind="corrected", id=claim, field="day", value="2020-08-17").status_code == 200
    assert site.judged().standings[claim].corrections[0].value == "2020-08-17"


def test_several_claims_are_one_entry_that_is_undone_as_a_whole(site: Site, ada: TestClient) -> None:
    ids = sorted(events_of(site))[:3]
    entry = post(ada, kind="accepted", id=ids).json()["entry"]
    assert set(site.judged().standings) == set(ids)
    assert post(ada, kind="undone", id=str(entry)).status_code == 200
    assert site.judged().standings == {}


def test_merging_and_undoing_give_back_the_events_as_they_were(site: Site, ada: TestClient) -> None:
    before = events_of(site)
    one, other = sorted(before)[:2]
    entry = post(ada, kind="merged", id=[one, other], reason="one march").json()["entry"]
    assert len(events_of(site)) == len(before) - 1
    assert site.judged().event(one) == site.judged().event(other)
    post(ada, kind="undone", id=str(entry))
    assert events_of(site) == before


def test_splitting_and_undoing_give_back_the_event_as_it_was(site: Site, ada: TestClient) -> None:
    before = events_of(site)
    event = some(site, 2)
    leaving = before[event][-1]
    entry = post(ada, kind="split", id=event, claims=leaving, reason="the day after").json()["entry"]
    assert site.judged().event(leaving) != site.judged().event(event)
    post(ada, kind="undone", id=str(entry))
    assert events_of(site) == before


def test_a_split_that_would_leave_no_claim_is_refused(site: Site, ada: TestClient) -> None:
    event = some(site, 2)
    answer = post(ada, kind="split", id=event, claims=events_of(site)[event])
    assert answer.status_code == 422
    assert "none stay" in answer.json()["words"]
    assert post(ada, kind="split", id=event).status_code == 422


def test_a_link_that_is_confirmed_changes_no_event_now_or_when_it_is_undone(site: Site, ada: TestClient) -> None:
    before = events_of(site)
    event = some(site, 2)
    entry = post(ada, kind="same", id=event, claims=before[event][-1]).json()["entry"]
    assert events_of(site) == before
    assert set(before[event]) <= set(site.judged().constraints().together[0])
    post(ada, kind="undone", id=str(entry))
    assert events_of(site) == before
    assert site.judged().constraints().together == ()


def test_what_contradicts_a_chain_is_refused_with_the_chain_until_somebody_insists(site: Site, ada: TestClient) -> None:
    a, b, c = sorted(events_of(site))[:3]
    assert post(ada, kind="not-same", id=[a, b]).status_code == 200
    assert post(ada, kind="merged", id=[a, c]).status_code == 200
    answer = post(ada, kind="merged", id=[b, c])
    assert answer.status_code == 409
    assert answer.json()["error"] == "contradicts"
    assert {j["kind"] for one in answer.json()["against"] for j in one["judgements"]} == {"not the same"}
    assert post(ada, kind="merged", id=[b, c], force="yes").status_code == 200


def test_a_decision_on_what_somebody_judged_meanwhile_is_refused_with_what_they_said(site: Site, ada: TestClient) -> None:
    claim, seen = some(site), head(site)
    post(client_of(site, "Ben"), kind="corrected", id=claim, field="day", value="2020-08-17", head=seen)
    answer = post(ada, kind="accepted", id=claim, head=seen)
    assert answer.status_code == 409
    (since,) = answer.json()["since"]
    assert since["by"] == "Ben"
    assert "to 2020-08-17" in since["words"]
    assert post(ada, kind="accepted", id=claim, head=answer.json()["head"]).status_code == 200


def test_a_decision_on_a_claim_of_an_event_that_somebody_merged_meanwhile_is_refused(site: Site, ada: TestClient) -> None:
    one, other, seen = *sorted(events_of(site))[:2], head(site)
    post(client_of(site, "Ben"), kind="merged", id=[one, other])
    assert post(ada, kind="split", id=one, claims=events_of(site)[site.judged().event(one)][-1], head=seen).status_code == 409


def test_a_decision_on_what_nobody_else_touched_goes_through(site: Site, ada: TestClient) -> None:
    one, other, seen = *sorted(events_of(site))[:2], head(site)
    post(client_of(site, "Ben"), kind="accepted", id=one, head=seen)
    assert post(ada, kind="accepted", id=other, head=seen).status_code == 200


def test_what_one_entered_oneself_does_not_stand_against_the_next_decision(site: Site, ada: TestClient) -> None:
    event, seen = some(site, 2), head(site)
    one, other = events_of(site)[event][:2]
    assert post(ada, kind="accepted", id=one, head=seen).status_code == 200
    assert post(ada, kind="rejected", id=other, head=seen).status_code == 200
    assert post(client_of(site, "Ben"), kind="accepted", id=other, head=seen).status_code == 409


def test_a_page_of_another_ledger_is_refused(site: Site, ada: TestClient) -> None:
    answer = post(ada, kind="accepted", id=some(site), head="f" * 64)
    assert (answer.status_code, answer.json()["since"]) == (409, [])


def test_the_page_that_refuses_shows_what_was_said_and_offers_the_form_again(site: Site, ada: TestClient) -> None:
    claim, seen = some(site), head(site)
    post(client_of(site, "Ben"), kind="rejected", id=claim, reason="<b>a film</b>")
    answer = ada.post("/judgements", data={"kind": "accepted", "id": claim, "head": seen, "reason": "as read"})
    assert answer.status_code == 409
    assert "&lt;b&gt;a film&lt;/b&gt;" in answer.text
    assert f'value="{head(site)}"' in answer.text
    assert 'value="as read"' in answer.text


def test_what_is_tried_is_not_entered_and_shows_the_events_before_and_after(site: Site, ada: TestClient) -> None:
    one, other = sorted(events_of(site))[:2]
    answer = post(ada, kind="merged", id=[one, other], dry="yes").json()
    assert answer["dry"] is True
    assert {event["id"] for event in answer["before"]} == {one, other}
    assert len(answer["after"]) == 1
    assert not any(judgement.kind is JudgementKind.MERGED for judgement in site.log.judgements())
    page = ada.post("/judgements", data={"kind": "rejected", "id": one, "dry": "yes"})
    assert "Nothing is entered yet" in page.text


def test_nothing_is_entered_without_a_name(site: Site) -> None:
    nobody = client_of(site, None)
    assert post(nobody, kind="accepted", id=some(site)).json()["address"] == "/you?next=%2Freview"
    answer = nobody.post("/judgements", data={"kind": "accepted", "id": some(site), "next": "/events/1?a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/you?next=%2Fevents%2F1%3Fa%3Db")


def test_nothing_is_entered_on_a_server_that_is_read_only(tmp_path: Path) -> None:
    site = site_at(samples_at(tmp_path / "ledger"), Options(is_readonly=True))
    before = site.log.entries()
    assert post(client_of(site), kind="accepted", id=some(site)).status_code == 403
    assert site.log.entries() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "liked", "id": "1"},
        {"kind": "accepted"},
        {"kind": "accepted", "id": "1", "about": "world"},
        {"kind": "accepted", "id": "1", "reason": "x" * 5000},
        {"kind": "corrected", "id": "1", "field": "day", "value": "none", "span": "9-2"},
        {"kind": "not-same", "id": "1"},
    ],
    ids=["kind", "no id", "about", "reason", "span", "one event"],
)
def test_a_form_that_asks_for_nothing_possible_says_what_is_wrong(ada: TestClient, fields: dict[str, str]) -> None:
    answer = post(ada, **fields)
    assert answer.status_code == 422
    assert answer.json()["words"]


def test_an_id_that_there_is_none_of_is_not_found(ada: TestClient) -> None:
    assert post(ada, kind="accepted", id="ffffffffffffffff").status_code == 404


def test_undo_takes_back_what_the_same_person_entered_last(site: Site, ada: TestClient) -> None:
    one, other = sorted(events_of(site))[:2]
    ben = client_of(site, "Ben")
    post(ada, kind="accepted", id=one)
    post(ben, kind="accepted", id=other)
    assert ada.post("/undo", headers=JSON).status_code == 200
    assert set(site.judged().standings) == {other}
    assert ada.post("/undo", headers=JSON).status_code == 404


def test_many_who_judge_at_once_are_all_entered_once(site: Site) -> None:
    ids, seen = sorted(events_of(site))[:4], head(site)
    before = len(site.log.entries())
    clients = [client_of(site, f"Reviewer {n}") for n in range(len(ids))]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pair: post(pair[0], kind="accepted", id=pair[1], head=seen), zip(clients, ids, strict=True)))
    assert [answer.status_code for answer in answers] == [200] * len(ids)
    assert len(site.log.entries()) == before + len(ids)
    judged: list[Judgement] = [j for entry in site.log.entries()[before:] for j in entry.judgements]
    assert sorted(j.claims[0] for j in judged) == ids
