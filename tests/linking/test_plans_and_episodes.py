"""What became of plans, and which events are one episode, as the specs have it; and what holds for any events."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.accounts import load_accounts
from dateline.linking.episodes import EpisodeRules, find_episodes
from dateline.linking.fulfilment import follow_plans
from dateline.linking.outlines import Outline, outline_of
from dateline.records import Actor, Fulfilment, Place, PlaceKind, StatusValue
from tests.linking.testimonies import count, say, tell

SPECS = Path(__file__).resolve().parents[1] / "specs" / "accounts"
PLANS = yaml.safe_load((SPECS / "plans.yaml").read_text(encoding="utf-8"))
EPISODES = yaml.safe_load((SPECS / "episodes.yaml").read_text(encoding="utf-8"))
KNOWLEDGE = load_accounts()
MINSK = Place("Minsk", PlaceKind.CITY, "BLR", 625144, None, (53.9, 27.57))
FIRST = date(2021, 3, 1)


def events_of(row: dict[str, Any]) -> list[Outline]:
    told = [t for report in tell(row["reports"]) for t in report.testimonies if t.claim.event.type == row["type"]]
    return [outline_of(t.claim.id, [t], KNOWLEDGE) for t in told]


def report_of(claim: str) -> int:
    """The number of the report that a claim of a spec is from."""
    return int(claim.split()[0])


@pytest.mark.parametrize("row", PLANS, ids=[row["it"] for row in PLANS])
def test_it_follows_a_plan(row: dict[str, Any]) -> None:
    outcomes = follow_plans(events_of(row), row["as_of"], KNOWLEDGE)
    outcome = next(o for o in outcomes if report_of(o.event) == 1)
    found: dict[str, Any] = {"fulfilment": outcome.fulfilment.value}
    if outcome.outcome_event is not None:
        found["told_by"] = report_of(outcome.outcome_event)
    assert found == row["outcome"], outcome.reasons
    assert outcome.reasons


@pytest.mark.parametrize("row", EPISODES, ids=[row["it"] for row in EPISODES])
def test_it_finds_episodes(row: dict[str, Any]) -> None:
    found = []
    for episode, wanted in zip(find_episodes(events_of(row), KNOWLEDGE), [*row["episodes"], {}], strict=False):
        own: dict[str, Any] = {"reports": sorted({report_of(e) for e in episode.events})}
        own |= {key: getattr(episode, key) for key in ("first_day", "last_day") if key in wanted}
        found.append(own)
    assert found == row["episodes"]


def strike(
    name: str, day: date, *, status: StatusValue = StatusValue.ASSERTED, killed: int = 0, last: date | None = None
) -> Outline:
    counts = (count("killed", killed),) if killed else ()
    told = say(
        name, *counts, day=day, type="PROTEST", mode="strike", status=status, happened=(day, last or day), place=MINSK,
        actors=(Actor("tram drivers", "BLR", "LAB", is_group=True),),
    )  # fmt: skip
    return outline_of(name, [told], KNOWLEDGE)


def test_a_plan_that_was_moved_says_so() -> None:
    planned = [
        say("1", day=FIRST, type="PROTEST", status=StatusValue.PLANNED, happened=(FIRST + timedelta(days=3),) * 2),
        say(
            "2",
            day=FIRST + timedelta(days=1),
            type="PROTEST",
            status=StatusValue.PLANNED,
            happened=(FIRST + timedelta(days=6),) * 2,
        ),
    ]
    (outcome,) = follow_plans([outline_of("1", planned, KNOWLEDGE)], FIRST + timedelta(days=5), KNOWLEDGE)
    assert outcome.fulfilment is Fulfilment.NOT_YET
    assert outcome.reasons[0] == "moved from 2021-03-04 to 2021-03-07"


def test_a_plan_without_a_day_waits_for_the_same_event() -> None:
    plan = say("1", day=FIRST, type="PROTEST", status=StatusValue.PLANNED)
    done = say("2", day=FIRST + timedelta(days=9), type="PROTEST")
    (alone,) = follow_plans([outline_of("1", [plan], KNOWLEDGE)], FIRST + timedelta(days=20), KNOWLEDGE)
    (linked,) = follow_plans([outline_of("1", [plan, done], KNOWLEDGE)], FIRST + timedelta(days=20), KNOWLEDGE)
    assert (alone.fulfilment, linked.fulfilment) == (Fulfilment.NO_DAY, Fulfilment.HAPPENED)
    assert linked.outcome_claims == ("2",)


def test_what_was_planned_only_is_in_no_episode() -> None:
    days = [strike(str(n), FIRST + timedelta(days=n), status=StatusValue.PLANNED) for n in range(3)]
    assert find_episodes(days, KNOWLEDGE) == ()


def test_an_episode_has_a_day_for_each_of_its_days_and_tallies_of_its_own() -> None:
    days = [strike(str(n), FIRST + timedelta(days=n), killed=n) for n in (0, 1, 3)]
    (episode,) = find_episodes(days, KNOWLEDGE)
    assert [len(d.events) for d in episode.timeline] == [1, 1, 0, 1]
    (killed,) = episode.tallies
    assert (killed.low, killed.high, killed.without) == (4, 4, ("0",))
    assert ("party: tram drivers", 3) in episode.ties


@given(st.lists(st.integers(0, 200), min_size=1, max_size=40), st.randoms())
def test_no_episode_is_longer_than_allowed_or_has_a_longer_gap(days: list[int], dice: random.Random) -> None:
    rules = EpisodeRules()
    events = [strike(f"{n:03}", FIRST + timedelta(days=d)) for n, d in enumerate(days)]
    episodes = find_episodes(events, KNOWLEDGE)
    dice.shuffle(events)
    assert find_episodes(events, KNOWLEDGE) == episodes
    told = [e for episode in episodes for e in episode.events]
    assert len(told) == len(set(told))
    for episode in episodes:
        assert (episode.last_day - episode.first_day).days < rules.longest
        busy = [d.day for d in episode.timeline if d.events]
        assert all((b - a).days <= rules.gap_of_one_matter for a, b in pairwise(busy))
