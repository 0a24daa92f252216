"""Series: what a period has at least and at most, what no figure is told of, and what stands in none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.analysis.series import notes_of, rows_of, series_of
from dateline.runs.board import FIGURE_DIFFERS, FIGURE_RUNNING
from tests.analysis.boards import MONDAY, detained, events_of, knowledge, row

TUESDAY, WEDNESDAY = MONDAY + timedelta(1), MONDAY + timedelta(2)


def test_an_event_of_several_days_may_be_of_each_and_is_surely_of_none() -> None:
    series = series_of(events_of(row("a", MONDAY), row("b", MONDAY, WEDNESDAY), row("c", WEDNESDAY)), knowledge(), by="day")
    assert [(p.low, p.high, p.best) for p in series.points] == [(1, 2, 2), (0, 1, 0), (1, 2, 1)]
    week = series_of(events_of(row("a", MONDAY), row("b", MONDAY, WEDNESDAY)), knowledge(), by="week")
    assert [(p.low, p.high) for p in week.points] == [(2, 2)]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=12)


@given(SPANS, st.sampled_from(["day", "week", "month"]))
def test_the_bounds_are_those_of_counting_each_period_by_hand(spans: list[tuple[int, int]], by: str) -> None:
    days = [(MONDAY + timedelta(a), MONDAY + timedelta(a + b)) for a, b in spans]
    series = series_of(events_of(*(row(f"e{n}", a, b) for n, (a, b) in enumerate(days))), knowledge(), by=by)
    for p in series.points:
        assert p.low == sum(p.first <= a and b <= p.last for a, b in days)
        assert p.high == sum(a <= p.last and b >= p.first for a, b in days)
        assert p.best == p.events == sum(p.first <= a <= p.last for a, _ in days)
    assert sum(p.events for p in series.points) == len(days)
    assert all(b.first - a.last == timedelta(1) for a, b in zip(series.points, series.points[1:], strict=False))


def test_only_what_is_asserted_counts_and_the_rest_is_said() -> None:
    events = events_of(row("a", MONDAY), row("b", MONDAY, status="planned"), row("c", MONDAY, status="denied"), row("d", None))
    series = series_of(events, knowledge(), by="day")
    assert (series.events, series.undated) == (2, 1)
    assert [p.low for p in series.points] == [1]
    assert "Not counted, since no report asserts them: 1 denied, 1 planned." in notes_of(series)


def test_a_figure_that_nobody_tells_is_not_nought() -> None:
    events = events_of(
        row("a", MONDAY, figures=(detained(40, None, FIGURE_DIFFERS),)), row("b", MONDAY), row("c", WEDNESDAY),
        row("d", WEDNESDAY, figures=(detained(900, 900, FIGURE_RUNNING),)),
    )  # fmt: skip
    first, middle, last = series_of(events, knowledge(), figure="detained", by="day").points
    assert (first.low, first.high, first.without, first.disputed) == (40, None, 1, 1)
    assert (middle.low, middle.events) == (None, 0)
    assert (last.low, last.without, last.running) == (None, 1, 1)


def test_what_rests_on_one_text_is_told() -> None:
    events = events_of(row("a", MONDAY, witnesses=1), row("b", MONDAY, witnesses=3), coverage=[(MONDAY, 7)])
    (point,) = series_of(events, knowledge(), by="day").points
    assert (point.single, point.documents) == (1, 7)


def test_split_lines_run_over_the_same_periods_most_events_first() -> None:
    events = events_of(row("a", MONDAY), row("b", WEDNESDAY, type="PROTEST"), row("c", WEDNESDAY, type="PROTEST"))
    series = series_of(events, knowledge(), by="day", split="type")
    assert [(line.name, [p.best for p in line.points]) for line in series.lines] == [("PROTEST", [0, 0, 2]), ("COERCE", [1, 0, 0])]
    assert len(rows_of(series)) == 6


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"figure": "vote share"}, "cannot be put together"), ({"split": "actor"}, "cannot be split"), ({"by": "day"}, "--by")],
)
def test_what_cannot_be_asked_is_refused_with_what_can(asked: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        series_of(events_of(row("a", MONDAY), row("b", date(1990, 1, 1))), knowledge(), **asked)


def test_nothing_has_no_points() -> None:
    assert series_of(events_of(row("a", None)), knowledge()).points == ()
