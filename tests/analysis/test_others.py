"""Tallies, dyads, the spread of a wave, before and after: what each counts, and what it leaves out in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.analysis.before_after import before_after, notes_of
from dateline.analysis.dyads import NOBODY, dyads_of
from dateline.analysis.intervals import count_interval, dispersion, drawn_ratio, ratio_interval, share_interval
from dateline.analysis.spread import spread_of
from dateline.analysis.tallies import tallies_of
from dateline.runs.board import FIGURE_RUNNING, FigureCell
from tests.analysis.boards import (
    BELARUS,
    GRODNO,
    JOURNALISTS,
    MONDAY,
    PEOPLE,
    POLICE,
    WORKERS,
    detained,
    events_of,
    knowledge,
    row,
)

DAY = timedelta(1)


# ---------------------------------------------------------------- tallies and dyads


def test_tallies_add_what_adds_up_and_take_the_largest_crowd() -> None:
    crowd = FigureCell("participants", 100, 200, 0)
    events = events_of(
        row("a", MONDAY, figures=(detained(10, 12), crowd)), row("b", MONDAY + DAY, figures=(detained(5, 5), crowd)),
        row("c", MONDAY, figures=(detained(99, 99, FIGURE_RUNNING),)), row("d", MONDAY),
    )  # fmt: skip
    told = {one.what: one for one in tallies_of(events, knowledge()).sums}
    assert (told["detained"].low, told["detained"].high) == (15, 17)
    assert (told["detained"].events, told["detained"].without, told["detained"].running) == (2, 1, 1)
    assert (told["participants"].low, told["participants"].high) == (100, 200)


def test_an_event_of_two_pairs_may_be_of_either() -> None:
    events = events_of(
        row("a", MONDAY, parties=(POLICE, PEOPLE)), row("b", MONDAY, parties=(POLICE, PEOPLE, JOURNALISTS), type="ASSAULT"),
        row("c", MONDAY, parties=(WORKERS,), type="PROTEST"), row("d", MONDAY),
    )  # fmt: skip
    found = dyads_of(events, knowledge())
    assert [(d.actor, d.recipient, d.low, d.high) for d in found.dyads] == [
        ("BLR COP", "BLR CVL", 1, 2), ("BLR COP", "BLR JRN", 0, 1), ("BLR LAB", NOBODY, 1, 1),
    ]  # fmt: skip
    assert (found.shared, found.empty) == (1, 1)
    assert found.dyads[0].types == (("ASSAULT", 1), ("COERCE", 1))


def test_dyads_of_a_figure_have_its_bounds_and_tell_where_none_is() -> None:
    events = events_of(
        row("a", MONDAY, parties=(POLICE, PEOPLE), figures=(detained(40, None),)), row("b", MONDAY, parties=(POLICE, PEOPLE)),
        row("c", MONDAY, parties=(WORKERS,)),
    )  # fmt: skip
    police, workers = dyads_of(events, knowledge(), level="sector", figure="detained").dyads
    assert (police.actor, police.low, police.high, police.without) == ("COP", 40, None, 1)
    assert (workers.low, workers.high) == (None, None)


# ---------------------------------------------------------------- spread


def test_a_place_is_surely_reached_when_the_first_of_its_events_is_over() -> None:
    events = events_of(
        row("a", MONDAY, MONDAY + 3 * DAY), row("b", MONDAY + DAY, place=GRODNO), row("c", MONDAY, place=BELARUS),
        row("d", MONDAY + 2 * DAY), row("e", None),
    )  # fmt: skip
    spread = spread_of(events)
    assert [(r.name, (r.low - MONDAY).days, (r.high - MONDAY).days, r.events) for r in spread.reached] == [
        ("Minsk", 0, 2, 2), ("Grodno", 1, 1, 1),
    ]  # fmt: skip
    assert [(d.low, d.high) for d in spread.days] == [(0, 1), (1, 2), (2, 2)]
    assert (spread.nowhere, spread.undated) == (1, 1)
    assert [r.kilometres for r in spread.reached] == [0, pytest.approx(247, abs=3)]


def test_a_wave_spreads_over_sectors_too() -> None:
    spread = spread_of(events_of(row("a", MONDAY, parties=(WORKERS,)), row("b", MONDAY + DAY, parties=(POLICE,))), over="sector")
    assert [r.name for r in spread.reached] == ["LAB", "COP"]


# ---------------------------------------------------------------- before and after


def test_an_event_on_both_sides_is_of_neither_for_sure() -> None:
    on = MONDAY + 3 * DAY
    events = events_of(row("a", MONDAY), row("b", MONDAY + DAY, on), row("c", on), row("d", on + DAY), coverage=[(on, 9)])
    found = before_after(events, knowledge(), on, days=3)
    assert [(s.low, s.high, s.best) for s in (found.before, found.after)] == [(1, 2, 2), (2, 3, 2)]
    assert (found.astride, found.ratio) == (1, 1.0)
    assert found.ratio_low < 1 < (found.ratio_high or 0)
    assert any("Reports read: 0 of the days before, 9" in note for note in notes_of(found))


def test_days_of_one_side_alone_need_a_number_of_days() -> None:
    with pytest.raises(ValueError, match="--days"):
        before_after(events_of(row("a", MONDAY)), knowledge(), MONDAY)
    assert before_after(events_of(row("a", MONDAY)), knowledge(), MONDAY, days=2).ratio is None


def test_an_open_figure_leaves_the_ratio_open() -> None:
    events = events_of(row("a", MONDAY, figures=(detained(10, 10),)), row("b", MONDAY + DAY, figures=(detained(30, None),)))
    found = before_after(events, knowledge(), MONDAY + DAY, days=1, figure="detained")
    assert (found.ratio, found.told_low, found.told_high) == (3.0, 3.0, None)


# ---------------------------------------------------------------- intervals, against published values


def test_exact_intervals_are_those_of_the_tables() -> None:
    assert share_interval(3, 10) == pytest.approx((0.0667, 0.6525), abs=1e-4)
    assert share_interval(0, 5) == pytest.approx((0.0, 0.5218), abs=1e-4)
    assert count_interval(10) == pytest.approx((4.7954, 18.3904), abs=1e-3)
    assert count_interval(0) == pytest.approx((0.0, 3.6889), abs=1e-3)


def test_an_interval_of_thousands_is_no_trouble() -> None:
    low, high = share_interval(40_000, 100_000)
    assert 0.396 < low < 0.4 < high < 0.404


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_ratio_lies_in_its_interval(after: int, before: int) -> None:
    low, high = ratio_interval(after, before, 7, 7)
    if before:
        assert low <= after / before
        assert high is None or after / before <= high
    else:
        assert high is None


def test_samples_drawn_anew_are_the_same_each_time() -> None:
    days = [3.0, 0.0, 5.0, 2.0, 9.0]
    assert drawn_ratio(days, days[::-1]) == drawn_ratio(days, days[::-1])
    low, high = drawn_ratio([10.0] * 5, [5.0] * 5)
    assert (low, high) == (2.0, 2.0)
    assert drawn_ratio([1.0], [0.0])[1] is None
    assert dispersion([4.0, 4.0, 4.0]) == 0
    assert dispersion([]) is None
