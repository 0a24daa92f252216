"""The queue: what stands in it, in which order and why, who has what in hand, and second answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dateline.ledger.review import Concern, Doubt, Item, Order
from dateline.ledger.second import SHARE, is_asked_twice
from dateline.records import Judge, Judgement, JudgementKind
from dateline.web.desk import LEASE, Desk, Task, Work, task_of
from dateline.web.site import Options, Site
from tests.web.ledgers import samples_at
from tests.web.reviewers import client_of, site_at

JSON = {"accept": "application/json"}


def tasks(site: Site, work: Work = Work.ALL, order: Order = Order.PRESSING, who: str = "Ada") -> tuple[Task, ...]:
    return site.desk.tasks(site.judged(), work, order, who)


def decide(client: TestClient, **fields: Any) -> Any:
    return client.post("/judgements", data=fields, headers=JSON)


def key_of(page: str) -> str:
    found = re.search(r'class="task" data-key="(\w+)"', page)
    assert found
    return found[1]


def test_the_first_thing_is_shown_with_its_reason_and_its_words_in_their_paragraph(site: Site, ada: TestClient) -> None:
    first = tasks(site)[0]
    page = ada.get("/review").text
    assert key_of(page) == first.key
    assert first.item is not None
    assert first.item.concern.value[1:] in page
    shown = site.ledger.show(first.claims[0])
    trigger = shown.claim.event.trigger
    assert f'data-s="{trigger.start}">{trigger.of(shown.document.text)}</mark>' in page
    assert 'class="passage"' in page


@pytest.mark.parametrize("order", list(Order))
def test_the_order_is_the_one_that_the_address_asks_for(site: Site, order: Order) -> None:
    doubts = [task.item.doubt for task in tasks(site, Work.READINGS, order) if task.item and task.item.doubt]
    assert len(doubts) > 10
    weights = [weight_of(doubt, order) for doubt in doubts]
    if order is Order.PRESSING:
        assert weights[0] <= weights[-1]
    else:
        assert weights == sorted(weights)


def weight_of(doubt: Doubt, order: Order) -> float:
    """What the order is by, the first thing least."""
    unsure = 1 - abs(2 * doubt.chance - 1)
    return {
        Order.UNCERTAINTY: -unsure,
        Order.IMPACT: -doubt.claims,
        Order.DISAGREEMENT: -len(doubt.differing),
        Order.AGE: doubt.known_at.timestamp(),
        Order.PRESSING: -unsure * doubt.claims,
    }[order]


def test_what_is_decided_leaves_the_queue_and_is_there_again_when_it_is_undone(site: Site, ada: TestClient) -> None:
    before = tasks(site, Work.READINGS)
    claim = before[0].claims[0]
    decide(ada, kind="accepted", id=claim)
    assert [task.key for task in tasks(site, Work.READINGS)] == [task.key for task in before[1:]]
    ada.post("/undo", headers=JSON)
    assert [task.key for task in tasks(site, Work.READINGS)] == [task.key for task in before]


def test_a_link_can_be_confirmed_or_taken_apart_and_leaves_the_queue(site: Site, ada: TestClient) -> None:
    one, *others = tasks(site, Work.LINKS)
    other = next(task for task in others if task.claims[1] != one.claims[1])
    page = ada.get(f"/review?work=links&key={one.key}").text
    assert "Same event" in page
    assert "The event it was linked to" in page
    assert decide(ada, kind="same", id=one.claims[1], claims=one.claims[0]).status_code == 200
    assert decide(ada, kind="split", id=other.claims[1], claims=other.claims[0]).status_code == 200
    assert not {one.key, other.key} & {task.key for task in tasks(site, Work.LINKS)}


def test_every_form_carries_the_head_that_its_page_showed(site: Site, ada: TestClient) -> None:
    page = ada.get("/review").text
    forms = page.count('action="/judgements"')
    assert forms >= 4
    assert page.count(f'name="head" value="{site.log.head()}"') >= forms - 1


def test_what_one_has_in_hand_is_not_given_to_another(site: Site, ada: TestClient) -> None:
    mine = key_of(ada.get("/review").text)
    ben = client_of(site, "Ben")
    assert key_of(ben.get("/review").text) != mine
    assert key_of(ada.get("/review").text) == mine
    looked_at = ben.get(f"/review?key={mine}").text
    assert "<bdi>Ada</bdi> has this in hand since" in looked_at
    answer = ben.post("/review/lease", data={"key": mine})
    assert (answer.status_code, answer.json()["who"]) == (409, "Ada")


def test_what_comes_next_is_another_and_is_in_hand_too(site: Site, ada: TestClient) -> None:
    mine = key_of(ada.get("/review").text)
    ahead = ada.get(f"/review/next?after={mine}", headers=JSON).json()
    assert ahead["key"] != mine
    assert ahead["key"] in ahead["html"]
    ben = client_of(site, "Ben")
    assert key_of(ben.get("/review").text) not in {mine, ahead["key"]}


def test_nothing_left_to_do_is_said(site: Site, ada: TestClient) -> None:
    keys = [task.key for task in tasks(site, Work.LINKS)]
    assert ada.get("/review/next", params={"work": "links", "after": keys}).status_code == 204
    assert "Nobody contradicts anybody" in ada.get("/review?work=disputed").text


def test_what_is_skipped_comes_last_for_who_skipped_it(site: Site, ada: TestClient) -> None:
    mine = key_of(ada.get("/review?work=links").text)
    assert ada.post("/review/skip", data={"key": mine}).status_code == 303
    assert key_of(ada.get("/review?work=links").text) != mine
    assert key_of(client_of(site, "Ben").get("/review?work=links").text) == mine


def test_any_claim_can_be_looked_at_by_its_id(site: Site, ada: TestClient) -> None:
    claim = tasks(site, Work.READINGS)[-1].claims[0]
    assert f'data-claim="{claim}"' in ada.get(f"/review?id={claim[:12]}").text
    assert ada.get("/review?id=ffffffffffff").status_code == 404


def test_a_server_that_is_read_only_shows_and_asks_nothing(tmp_path: Path) -> None:
    page = client_of(site_at(samples_at(tmp_path / "ledger"), Options(is_readonly=True))).get("/review").text
    assert 'class="passage"' in page
    assert 'action="/judgements"' not in page


def test_the_last_entry_can_be_taken_back_from_the_page_that_follows(site: Site, ada: TestClient) -> None:
    claim = tasks(site, Work.READINGS)[0].claims[0]
    ada.post("/judgements", data={"kind": "rejected", "id": claim, "next": "/review"})
    page = ada.get("/review").text
    number = site.log.entries()[-1].number
    assert f"/audit#entry-{number}" in page
    assert "Undo" in page


# ---------------------------------------------------------------- correcting


def test_days_and_figures_are_put_right_by_their_two_ends(site: Site, ada: TestClient) -> None:
    claim = tasks(site, Work.READINGS)[0].claims[0]
    decide(ada, kind="corrected", id=claim, field="day", low="2020-08-09", high="2020-08-12")
    decide(ada, kind="corrected", id=claim, field="counts.detained", low="40", high="")
    decide(ada, kind="corrected", id=claim, field="place", value="Hrodna", none="yes")
    held = {j.field: j.value for j in site.judged().standings[claim].corrections}
    assert held == {"day": "2020-08-09..2020-08-12", "counts.detained": "40..", "place": ""}


def test_a_correction_can_point_at_its_words(site: Site, ada: TestClient) -> None:
    claim = tasks(site, Work.READINGS)[0].claims[0]
    shown = site.ledger.show(claim)
    evidence = shown.claim.event.evidence
    word = evidence.of(shown.document.text).split()[0]
    span = f"{evidence.start}-{evidence.start + len(word)}"
    assert decide(ada, kind="corrected", id=claim, field="place", value=word, span=span).status_code == 200
    assert dict(site.judged().standings[claim].corrections[0].facts) == {"span": span}
    assert decide(ada, kind="corrected", id=claim, field="place", value="x", words="words that stand nowhere").status_code == 422
    too_far = f"0-{len(shown.document.text) + 1}"
    assert decide(ada, kind="corrected", id=claim, field="place", value="x", span=too_far).status_code == 422


# ---------------------------------------------------------------- what people decided and is in doubt


def test_what_the_coder_now_reads_otherwise_is_asked_anew_and_the_decision_stands(site: Site, ada: TestClient) -> None:
    claim = tasks(site, Work.READINGS)[0].claims[0]
    read_then = ((claim, "PROTEST · strike · asserted"),)
    by, at = Judge("Ben"), datetime(2020, 8, 17, tzinfo=UTC)  # before the ledger was told of the claim
    site.log.append([Judgement("", JudgementKind.REJECTED, by, at, ((claim,),), "", before=read_then)])
    (task,) = Desk().tasks(site.judged(), Work.DECIDED, Order.PRESSING, "Ada")
    assert task.item is not None
    assert task.item.concern is Concern.READING_DIFFERS
    assert site.judged().standings[claim].is_rejected
    page = client_of(site_at(site.ledger.path), "Ada").get("/review?work=decided").text
    assert "The coder now reads it otherwise" in page
    assert "Keep what was decided" in page
    assert "Take the new reading" in page


def test_people_who_contradict_one_another_are_shown_at_once(site: Site, ada: TestClient) -> None:
    one, *others = (task.claims[0] for task in tasks(site, Work.READINGS))
    event_of = site.judged(None).mates([one, *others])
    other = next(claim for claim in others if event_of[claim] != event_of[one])
    decide(ada, kind="not-same", id=[one, other])
    assert tasks(site, Work.DISPUTED) == ()
    decide(client_of(site, "Ben"), kind="merged", id=[one, other], force="yes")
    (task,) = tasks(site, Work.DISPUTED)
    assert task.item is not None
    assert task.item.concern is Concern.CONTRADICTION
    page = ada.get("/review?work=disputed").text
    assert all(f"Take back {id}" in page for id in task.item.judgements)


# ---------------------------------------------------------------- second answers


def asked_twice(site: Site) -> str:
    """A claim that a second person is asked about once it is decided."""
    ids = [id for (id,) in site.ledger.sql("SELECT claim_id FROM claims ORDER BY claim_id").rows]
    found: str = next(id for id in ids if is_asked_twice((id,), SHARE))
    return found


def test_a_share_of_what_is_decided_is_asked_of_another_person_who_does_not_see_the_answer(site: Site, ada: TestClient) -> None:
    claim = asked_twice(site)
    decide(ada, kind="rejected", id=claim, reason="a film, I think")
    assert tasks(site, Work.SECOND, who="Ada") == ()
    (task,) = tasks(site, Work.SECOND, who="Ben")
    page = client_of(site, "Ben").get("/review?work=second").text
    assert key_of(page) == task.key
    assert "a film, I think" not in page
    assert "rejected" not in page.replace('value="rejected"', "")
    assert "Ada" not in page


def test_an_answer_that_differs_is_listed_until_a_person_judges_anew(site: Site, ada: TestClient) -> None:
    claim = asked_twice(site)
    ben = client_of(site, "Ben")
    decide(ada, kind="accepted", id=claim)
    (task,) = tasks(site, Work.SECOND, who="Ben")
    second = {"key": task.key, "answer": "rejected", "reason": "it is a film"}
    assert ben.post("/review/second", data=second, headers=JSON).status_code == 200
    assert not site.judged().standings[claim].is_rejected, "a second answer decides nothing"
    assert ben.post("/review/second", data=second, headers=JSON).status_code == 409
    (disputed,) = tasks(site, Work.DISPUTED)
    assert disputed.item is not None
    assert "Ada and Ben" in disputed.item.reason
    decide(client_of(site, "Cleo"), kind="rejected", id=claim, reason="it is")
    assert tasks(site, Work.DISPUTED) == ()


def test_a_second_answer_with_corrections_names_the_fields_that_differ(site: Site, ada: TestClient) -> None:
    claim = asked_twice(site)
    decide(ada, kind="accepted", id=claim)
    (task,) = tasks(site, Work.SECOND, who="Ben")
    ben = client_of(site, "Ben")
    fields = {"key": task.key, "answer": "accepted", "set.day.low": "2020-08-30", "set.day.high": "2020-08-30"}
    assert ben.post("/review/second", data={**fields, "set.type.value": "NOTHING"}, headers=JSON).status_code == 422
    assert ben.post("/review/second", data=fields, headers=JSON).status_code == 200
    (disputed,) = tasks(site, Work.DISPUTED)
    assert disputed.item is not None
    assert "2020-08-30" in disputed.item.reason


# ---------------------------------------------------------------- the desk


def test_what_is_in_hand_is_free_again_after_a_while() -> None:
    now = datetime(2020, 8, 17, 12, tzinfo=UTC)
    clock = [now]
    desk = Desk(now=lambda: clock[0])
    task = task_of(Item(Concern.UNSURE_READING, ("a",), (), 1.0, "why"))
    assert desk.take(task.key, "Ada").who == "Ada"
    assert desk.take(task.key, "Ben").who == "Ada"
    assert desk.next([task], "Ben") is None
    clock[0] += LEASE / 2
    assert desk.take(task.key, "Ada").since == now, "a sign of life lengthens it"
    clock[0] += LEASE / 2 + timedelta(seconds=1)
    assert desk.next([task], "Ben") is None
    clock[0] += LEASE
    assert desk.next([task], "Ben") == task
    assert desk.take(task.key, "Ben").who == "Ben"


def test_what_is_given_back_is_free_at_once() -> None:
    desk = Desk()
    desk.take("a", "Ada")
    desk.release("a", "Ben")
    assert desk.take("a", "Ben").who == "Ada"
    desk.release("a", "Ada")
    assert desk.take("a", "Ben").who == "Ben"
