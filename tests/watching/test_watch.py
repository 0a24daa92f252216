"""Watch rules over time: each alert once, changes name what they replace, and what is no longer so is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dateline.knowledge.watch_rules import (
    About,
    Condition,
    Disputed,
    EventsReached,
    FigureReached,
    FirstIn,
    Key,
    Overdue,
    RevisedBy,
    Rise,
    Rule,
    Withdrawn,
    load_shipped_rules,
)
from dateline.records import Alert
from dateline.serial import from_json, to_json
from dateline.watching.examples import happening_of, try_examples
from dateline.watching.happenings import Contradiction, Happening, Movement, Reported, Withdrawal
from dateline.watching.watch import Waiting, watch

NOON = datetime(2020, 8, 20, 12, tzinfo=UTC)
LONG = Reported(date(2010, 1, 1), 1000)
COUNTRY = (Key.COUNTRY,)


def rule_of(*when: Condition, keys: tuple[Key, ...] = (Key.EVENT,), **about: Any) -> Rule:
    return Rule("r", "Something is up", About(**about), keys, when)


def event(id: str, day: str | None = "2020-08-12", **given: Any) -> Happening:
    if day is not None:
        given["day"] = day if ".." in day else date.fromisoformat(day)
    return happening_of({"id": id, "type": "COERCE", "country": "BLR", **given}, id)


def alerts_of(
    rule: Rule, *events: Happening, earlier: tuple[Alert, ...] = (), at: datetime = NOON, since: Reported = LONG
) -> tuple[Alert, ...]:
    return watch([rule], events, since, known_at=at, earlier=earlier).alerts


DETAINED = rule_of(FigureReached("detained", 100, days=1), keys=COUNTRY)


@pytest.mark.parametrize("rule", load_shipped_rules(), ids=lambda r: r.id)
def test_a_shipped_rule_says_what_its_examples_say(rule: Rule) -> None:
    assert rule.examples
    assert try_examples(rule) == ()


def test_every_shipped_rule_has_an_example_that_gives_an_alert() -> None:
    assert all(any(example.alerts for example in rule.examples) for rule in load_shipped_rules())


# ---------------------------------------------------------------- once


def test_asked_again_it_says_nothing_new() -> None:
    events = (event("a", detained=70), event("b", detained=60))
    first = alerts_of(DETAINED, *events)
    assert [(a.group, a.day, a.numbers) for a in first] == [
        ((("country", "BLR"),), date(2020, 8, 12), (("detained, low", 130.0), ("detained, high", 130.0)))
    ]
    assert first[0].events == ("a", "b")
    assert first[0].claims == ("a", "b")
    assert alerts_of(DETAINED, *events, earlier=first, at=NOON + timedelta(days=1)) == ()


def test_a_reprint_that_adds_a_claim_and_no_figure_is_nothing_new() -> None:
    first = alerts_of(DETAINED, event("a", detained=130))
    more = replace(event("a", detained=130), claims=("a", "z"), witnesses=1)
    assert alerts_of(DETAINED, more, earlier=first) == ()


def test_a_changed_figure_gives_an_alert_that_names_the_old_one() -> None:
    first = alerts_of(DETAINED, event("a", detained=130))
    second = alerts_of(DETAINED, event("a", detained=150), earlier=first)
    assert [(a.replaces, a.holds, dict(a.numbers)["detained, low"]) for a in second] == [(first[0].id, True, 150.0)]
    assert alerts_of(DETAINED, event("a", detained=150), earlier=first + second) == ()


def test_what_is_no_longer_so_is_said_once() -> None:
    first = alerts_of(DETAINED, event("a", detained=130))
    second = alerts_of(DETAINED, event("a", detained=13), earlier=first)
    assert [(a.replaces, a.holds) for a in second] == [(first[0].id, False)]
    assert second[0].said.startswith("no longer so: ")
    assert alerts_of(DETAINED, event("a", detained=13), earlier=first + second) == ()
    third = alerts_of(DETAINED, event("a", detained=130), earlier=first + second)
    assert [(a.replaces, a.holds) for a in third] == [(second[0].id, True)]
    assert third[0].id != first[0].id


def test_an_event_that_got_an_earlier_first_claim_is_still_the_same_matter() -> None:
    rule = rule_of(Disputed())
    told = (Contradiction("killed", ("2", "3")),)
    first = alerts_of(rule, replace(event("b"), contradictions=told))
    merged = replace(event("a"), claims=("a", "b"), contradictions=told)
    assert alerts_of(rule, merged, earlier=first) == ()


def test_an_event_whose_day_was_corrected_is_still_the_same_matter() -> None:
    rule = rule_of(FigureReached("killed", 10))
    first = alerts_of(rule, event("a", killed=12))
    assert alerts_of(rule, event("a", "2020-08-11", killed=12), earlier=first) == ()
    assert alerts_of(rule, event("a", None, killed=12), earlier=first) == ()


def test_windows_that_overlap_are_one_matter_and_those_apart_are_two() -> None:
    rule = rule_of(EventsReached(2, days=7), keys=COUNTRY)
    days = ("2020-08-01", "2020-08-03", "2020-08-05", "2020-08-19", "2020-08-20")
    alerts = alerts_of(rule, *(event(day, day) for day in days))
    assert [(a.day, dict(a.numbers)["events"]) for a in alerts] == [(date(2020, 8, 3), 3.0), (date(2020, 8, 20), 2.0)]


def test_the_order_of_events_does_not_matter() -> None:
    events = [event(f"e{n}", f"2020-08-{n + 1:02}", detained=90 + n) for n in range(20)]
    assert alerts_of(DETAINED, *events) == alerts_of(DETAINED, *reversed(events))


def test_rules_do_not_meddle_with_one_another() -> None:
    other = replace(DETAINED, id="other")
    first = alerts_of(other, event("a", detained=130))
    assert [a.replaces for a in alerts_of(DETAINED, event("a", detained=130), earlier=first)] == [None]


def test_an_alert_has_a_written_form() -> None:
    for alert in alerts_of(DETAINED, event("a", detained="130+")):
        assert from_json(Alert, to_json(alert)) == alert
        assert dict(alert.numbers)["detained, high"] is None


# ---------------------------------------------------------------- conditions


def test_all_conditions_of_a_rule_must_hold() -> None:
    rule = rule_of(FigureReached("detained", 100), Disputed(("detained",)))
    assert alerts_of(rule, event("a", detained=130)) == ()
    both = alerts_of(rule, event("a", detained=130, dispute={"detained": ["130", "70"]}))
    assert [a.said for a in both] == ["COERCE, BLR: 130 detained; reports differ on detained: 130 or 70"]


def test_the_figure_of_one_event_counts_however_long_it_lasted() -> None:
    rule = rule_of(FigureReached("detained", 1000))
    assert len(alerts_of(rule, event("a", "2020-08-09..2020-08-12", detained="6300-6999"))) == 1


def test_an_event_of_no_day_is_in_no_window() -> None:
    assert alerts_of(DETAINED, event("a", None, detained=500)) == ()


@pytest.mark.parametrize(("after", "is_said"), [(110, False), (111, True), (89, True), (90, False)])
def test_a_revision_is_told_beyond_its_percentage_either_way(after: int, is_said: bool) -> None:
    moved = replace(event("a"), movements=(Movement("killed", (100, 100), (after, after)),))
    assert bool(alerts_of(rule_of(RevisedBy(10)), moved)) is is_said


def test_a_revision_from_nothing_is_told_and_one_between_bounds_that_do_not_meet_is_not() -> None:
    def said(before: tuple[float | None, float | None], after: tuple[float | None, float | None]) -> bool:
        return bool(alerts_of(rule_of(RevisedBy(50)), replace(event("a"), movements=(Movement("killed", before, after),))))

    assert said((0, 0), (1, 1))
    assert not said((0, 0), (0, None))
    assert not said((None, 5), (6, None))
    assert said((None, 5), (None, 9))


def test_a_second_correction_of_an_event_is_news() -> None:
    rule = rule_of(Withdrawn())
    once = replace(event("a"), withdrawals=(Withdrawal("correction", "The Paper of 2020-08-15"),))
    twice = replace(once, withdrawals=(*once.withdrawals, Withdrawal("retraction", "The Paper of 2020-08-16")))
    first = alerts_of(rule, once)
    assert [a.replaces for a in alerts_of(rule, twice, earlier=first)] == [first[0].id]


def test_a_plan_is_overdue_after_its_days_of_grace() -> None:
    rule = rule_of(Overdue(2), statuses=("planned",))
    plan = event("a", "2020-08-16", due=date(2020, 8, 16))
    on = [day for day in range(15, 22) if alerts_of(rule, plan, at=datetime(2020, 8, day, 9, tzinfo=UTC))]
    assert on == [19, 20, 21]
    first = alerts_of(rule, plan, at=datetime(2020, 8, 19, 9, tzinfo=UTC))
    held = event("a", "2020-08-16", due=date(2020, 8, 16), plan="happened")
    assert [a.holds for a in alerts_of(rule, held, earlier=first)] == [False]


def test_a_rule_that_looks_back_further_than_there_are_reports_says_from_when_on_it_can_judge() -> None:
    rule = rule_of(FirstIn(90), keys=(Key.PLACE,))
    found = watch([rule], [event("a", place="Lida")], Reported(date(2020, 8, 1), 9), known_at=NOON)
    assert found.alerts == ()
    assert found.waiting == (Waiting("r", date(2020, 10, 30)),)
    assert watch([rule], [event("a", place="Lida")], LONG, known_at=NOON).waiting == ()


def test_an_event_still_going_on_is_no_gap() -> None:
    rule = rule_of(FirstIn(30), keys=(Key.PLACE,))
    long = event("long", "2020-01-01..2020-08-15", place="Lida")
    short = event("short", "2020-08-12", place="Lida")
    assert [a.events for a in alerts_of(rule, long, short)] == [("long",)]


def test_a_rise_is_measured_against_the_weeks_before_and_small_numbers_keep_quiet() -> None:
    def said(per_week: int, now: int) -> bool:
        events = [event(f"{w}-{n}", f"{date(2020, 8, 12) - timedelta(weeks=w)}") for w in range(1, 9) for n in range(per_week)]
        events += [event(f"now-{n}") for n in range(now)]
        on = alerts_of(rule_of(Rise(times=3, weeks=8, at_least=5), keys=COUNTRY), *events)
        return any(a.day == date(2020, 8, 12) for a in on)

    assert said(2, 7)
    assert not said(2, 6)
    assert not said(0, 4)
    assert said(0, 5)


@pytest.mark.parametrize(
    ("about", "given", "is_seen"),
    [
        ({"types": ("COERCE",)}, {}, True),
        ({"types": ("PROTEST",)}, {}, False),
        ({"places": ("hrodna",)}, {"place": "Hrodna"}, True),
        ({"places": ("hrodna region",)}, {"place": "Lida", "admin1": "Hrodna Region"}, True),
        ({"actors": ("viasna",)}, {"recipient": "Viasna"}, True),
        ({"witnesses": 2}, {"witnesses": 1}, False),
        ({"min_confidence": 0.5}, {"confidence": 0.4}, False),
        ({"statuses": ("alleged",)}, {}, False),
        ({"statuses": ("alleged",)}, {"status": "alleged"}, True),
        ({"events": ("4f1c",)}, {}, False),
    ],
)
def test_a_rule_is_about_events_that_fit_all_its_fields(about: dict[str, Any], given: dict[str, Any], is_seen: bool) -> None:
    rule = rule_of(FigureReached("detained", 1), **about)
    assert bool(alerts_of(rule, event("a", detained=5, **given))) is is_seen


def test_an_event_is_followed_by_the_beginning_of_any_of_its_claims_ids() -> None:
    rule = rule_of(FigureReached("detained", 1), events=("4f1c",))
    assert alerts_of(rule, replace(event("0000", detained=5), claims=("0000", "4f1c09")))
