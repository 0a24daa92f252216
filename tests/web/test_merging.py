"""Events side by side, what would become of them, and what people said against it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from dateline.knowledge.accounts import load_accounts
from dateline.records import LinkedEvent
from dateline.runs.events import read_events
from dateline.web.comparing import rows_of, total_of
from dateline.web.site import Site
from tests.web.ledgers import samples_at
from tests.web.reviewers import site_at

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> tuple[LinkedEvent, ...]:
    site = site_at(samples_at(tmp_path_factory.mktemp("read") / "ledger"))
    return read_events(site.ledger, site.accounts).events


def two_with_figures(events: tuple[LinkedEvent, ...]) -> tuple[LinkedEvent, LinkedEvent]:
    found = [event for event in events if event.accounts.tally("detained") is not None]
    return found[0], found[1]


def test_fields_are_aligned_and_those_that_differ_are_marked(events: tuple[LinkedEvent, ...]) -> None:
    one = events[0]
    other = next(event for event in events if event.accounts.field("kind") != one.accounts.field("kind"))
    rows = {row.label: row for row in rows_of([one, other])}
    assert rows["what"].differs
    assert not {row.label for row in rows_of([one, one]) if row.differs}


def test_sums_say_how_many_events_have_no_figure(events: tuple[LinkedEvent, ...]) -> None:
    one, other = two_with_figures(events)
    silent = next(event for event in events if event.accounts.tally("detained") is None)
    total = total_of([one, other, silent], "detained", load_accounts())
    assert total is not None
    tallies = [event.accounts.tally("detained") for event in (one, other)]
    assert total.low <= sum(tally.low for tally in tallies if tally), "a total that spans days and those days count once"
    assert total.low >= max(tally.low for tally in tallies if tally)
    assert (len(total.events), len(total.without)) == (2, 1)
    assert total_of([silent], "detained", load_accounts()) is None


def test_the_page_shows_fields_reasons_and_figures_before_and_after(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    one, other = two_with_figures(events)
    page = ada.get(f"/merge?id={one.id}&id={other.id}").text
    assert "≠" in page
    assert "tell of one happening" in page or "kept apart by a rule" in page
    assert "Tallies before and after" in page
    assert 'value="merged"' in page
    assert 'value="not-same"' in page


def test_more_than_six_or_fewer_than_two_are_not_laid_side_by_side(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    assert ada.get("/merge", params={"id": [event.id for event in events[:7]]}).status_code == 422
    one = events[0].id
    assert "one event already" in ada.get(f"/merge?id={one}&id={one[:10]}").text
    assert ada.get("/merge").status_code == 200


def test_three_are_compared_pair_by_pair_and_can_be_left_out(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    page = ada.get("/merge", params={"id": [event.id for event in events[:3]]}).text
    assert page.count('form="chosen"') == 3
    assert page.count('class="reasons"') == 3
    assert 'value="not-same"' not in page


def test_what_people_said_against_it_is_shown_before_anybody_merges(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    one, other = events[0].id, events[1].id
    ada.post("/judgements", data={"kind": "not-same", "id": [one, other], "reason": "two factories"}, headers=JSON)
    page = ada.get(f"/merge?id={one}&id={other}").text
    assert "two factories" in page
    assert 'name="force"' in page


def test_what_is_merged_is_one_event_under_either_id_and_is_two_again_when_undone(
    site: Site, ada: TestClient, events: tuple[LinkedEvent, ...]
) -> None:
    one, other = two_with_figures(events)
    before = read_events(site.ledger, site.accounts, only={one.id, other.id}).events
    ada.post("/judgements", data={"kind": "merged", "id": [one.id, other.id]}, headers=JSON)
    assert site.judged().event(one.id) == site.judged().event(other.id)
    assert "one event already" in ada.get(f"/merge?id={one.id}&id={other.id}").text
    ada.post("/undo", headers=JSON)
    assert read_events(site.ledger, site.accounts, only={one.id, other.id}).events == before


def test_claims_are_ticked_and_the_events_shown_before_they_are_split(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    event = next(event for event in events if len(event.accounts.claims) > 2)
    page = ada.get(f"/split?id={event.id}").text
    assert page.count('name="claims"') == len(event.accounts.claims)
    assert 'value="split"' not in page
    leaving = event.accounts.claims[-1]
    page = ada.get(f"/split?id={event.id}&claims={leaving}").text
    assert 'value="split"' in page
    assert "As it would be" in page


def test_a_split_that_leaves_nothing_is_refused_on_the_page(ada: TestClient, events: tuple[LinkedEvent, ...]) -> None:
    event = next(event for event in events if len(event.accounts.claims) > 1)
    page = ada.get("/split", params={"id": event.id, "claims": list(event.accounts.claims)}).text
    assert "none stay" in page
    assert 'value="split"' not in page
