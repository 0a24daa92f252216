"""The made-up ledger has what it says it has: pages are tested on it, and without rivals they would show nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.store import open_ledger
from dateline.ledger.validate import validate
from dateline.records import Fulfilment, LinkedEvent, PlaceKind, Standing, Verdict
from dateline.runs.events import read_events
from tests.web.world import LONG, event_called, papers, world_at


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world_at(tmp_path_factory.mktemp("world") / "ledger")


@pytest.fixture(scope="module")
def events(ledger: Path) -> dict[str, LinkedEvent]:
    return {event.id: event for event in read_events(open_ledger(ledger, create=False), load_accounts()).events}


def test_every_span_has_its_words(ledger: Path) -> None:
    assert list(validate(open_ledger(ledger, create=False))) == []


def test_a_figure_is_disputed_open_and_corrected(events: dict[str, LinkedEvent]) -> None:
    event = events[event_called("arrests at the gate")]
    assert (len(event.tellings), len(event.accounts.witnesses)) == (6, 3)
    tally = event.accounts.tally("detained")
    assert tally is not None
    assert tally.verdict is Verdict.DISPUTE
    assert tally.high is None
    assert Standing.SUPERSEDED in {account.standing for account in tally.accounts}
    assert tally.revisions


def test_a_report_was_taken_back(events: dict[str, LinkedEvent]) -> None:
    assert sum(telling.is_retracted for telling in events[event_called("the mill")].tellings) == 2


def test_plans_came_true_and_did_not(events: dict[str, LinkedEvent]) -> None:
    outcomes = {name: events[event_called(name)].plan for name in ("the march", "the vigil")}
    assert [plan and plan.fulfilment for plan in outcomes.values()] == [Fulfilment.HAPPENED, Fulfilment.NOT_REPORTED]


def test_strikes_are_an_episode_and_places_are_rivals(events: dict[str, LinkedEvent]) -> None:
    episode = events[event_called("the strike in Nakora")].episode
    assert episode is not None
    assert len(episode.events) == 3
    place = events[event_called("the rally")].accounts.field("place")
    assert place is not None
    assert place.verdict is Verdict.DISPUTE


def test_a_country_has_no_point_and_an_undated_event_no_day(events: dict[str, LinkedEvent]) -> None:
    place = events[event_called("the curfew")].tellings[0].claim.event.place
    assert place is not None
    assert (place.place.kind, place.place.point) == (PlaceKind.COUNTRY, None)
    assert events[event_called("behind the station")].tellings[0].claim.event.time is None


def test_a_report_is_long(events: dict[str, LinkedEvent]) -> None:
    assert max(len(paper.text) for paper in papers()) >= LONG
    assert len(events[event_called("the roll")].tellings) == 60
