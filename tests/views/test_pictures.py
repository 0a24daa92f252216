"""Pictures draw every record once and invent no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.records import Count, EventTime, Exactness, How, Origin, Precision
from dateline.views.pictures import bounds_bar, days_legend, days_picture, probability_bar
from tests.views import sample
from tests.views.page import Element, read

DAYS = st.one_of(st.none(), st.dates(date(2020, 7, 1), date(2020, 9, 1)), st.dates())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=12), DAYS)
def test_every_record_is_drawn_once_whatever_its_days(times: list[tuple[date | None, date | None]], published: date | None) -> None:
    told = [EventTime(first, last, Precision.DAY, Origin(How.READ)) for first, last in times]
    claims = tuple(sample.claim(n, replace(sample.strike(), time=time)) for n, time in enumerate(told, 1))
    page = read(days_picture(claims, published))
    drawn = sorted(int(link.attributes["href"][2:]) for link in page.all("a"))
    is_dated = any(first or last for first, last in times)
    assert drawn == (list(range(1, len(times) + 1)) if is_dated else [])
    assert all(float(e.attributes["x2"]) >= float(e.attributes["x1"]) for e in page.all("line"))


def test_the_year_is_always_in_the_picture() -> None:
    days = read(days_picture(sample.coding().claims, date(2025, 5, 6)))
    assert [e.text() for e in days.all("text", "month")] == ["2025", *["May 2025"] * 5]
    assert [e.text() for e in days.all("text", "published")] == ["published"]


def test_a_day_that_no_words_say_is_hatched_and_explained() -> None:
    said, assumed = sample.strike(), sample.demand()
    claims = (sample.claim(1, said), sample.claim(2, assumed))
    days = read(days_picture(claims, None))
    assert [(a.attributes["data-key"], len(a.all("path", "hatch")), "assumed" in a.classes()) for a in days.all("a")] == [
        ("r1", 0, False),
        ("r2", 1, True),
    ]
    assert read(days_legend(claims)).text() == " words say the day day inferred, no words say it"
    assert days_legend(claims[:1]) == ""


def test_a_stretch_of_which_nothing_is_told_is_a_gap() -> None:
    times = (EventTime(date(2003, 1, 1), date(2003, 12, 31), Precision.YEAR, Origin(How.READ)), sample.strike().time)
    claims = tuple(sample.claim(n, replace(sample.strike(), time=time)) for n, time in enumerate(times, 1))
    days = read(days_picture(claims, None))
    assert [e.text() for e in days.all("text") if e.classes() and e.classes()[0] in {"day", "gap"}] == ["2003", "⋯", "Tue 6"]


def drawn(low: float | None, high: float | None, unit: str = "people") -> Element:
    return read(bounds_bar(Count("killed", sample.at("At least two people"), low, high, Exactness.EXACT, unit), 5000))


@pytest.mark.parametrize(
    ("low", "high", "shapes"),
    [(12, 12, ["dot"]), (6300, 6999, ["extent"]), (2, None, ["extent", "arrow"]), (None, 50, ["extent"]), (0, 0, ["dot"])],
)
def test_an_open_end_is_an_arrow_and_an_exact_figure_a_dot(low: float | None, high: float | None, shapes: list[str]) -> None:
    found = [e.classes()[0] for e in drawn(low, high).all() if e.classes() and e.classes()[0] in {"dot", "extent", "arrow"}]
    assert found == shapes


def test_percentages_lie_between_nought_and_a_hundred() -> None:
    assert [e.text() for e in drawn(80, 80, "percent").all("text")] == ["0%", "50%", "100%"]
    assert [e.text() for e in drawn(80, 80).all("text")] == ["1", "10", "100", "1k", "10k"]


@pytest.mark.parametrize(("probability", "width"), [(0.5, "20.0"), (0.0, "0.0"), (1.2, "40.0")])
def test_a_probability_fills_its_part_of_the_bar(probability: float, width: str) -> None:
    assert read(probability_bar(probability)).all("rect", "fill")[0].attributes["width"] == width
