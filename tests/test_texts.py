"""Times, figures, places and quotations of a bare text."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.language.models import Models, load_models
from dateline.texts import document_of, places_in, quantities_in, quotations_in, times_in


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def test_it_dates_what_a_text_says_against_the_day_it_was_published(models: Models) -> None:
    text = "Dockers walked out on Monday.\n\nThey will meet the minister tomorrow."
    found = times_in(text, published=date(2020, 8, 19), models=models)
    assert [(m.span.of(text), m.first) for m in found] == [("Monday", date(2020, 8, 17)), ("tomorrow", date(2020, 8, 20))]


def test_it_says_why_a_day_stays_open_when_nobody_said_when_the_text_was_published(models: Models) -> None:
    (found,) = times_in("Dockers walked out yesterday.", models=models)
    assert found.first is None
    assert found.problem


def test_it_keeps_the_bounds_of_a_figure(models: Models) -> None:
    (found,) = quantities_in("At least 300 dockers walked out.", models=models)
    assert (found.low, found.high) == (300, None)


def test_it_tells_who_is_cited_with_what(models: Models) -> None:
    text = '"We will not go back," the dockers\' leader said.'
    (found,) = quotations_in(text, models=models)
    assert [span.of(text).strip(",") for span in found.content] == ["We will not go back"]
    assert found.source is not None
    assert found.source.of(text) == "the dockers' leader"
    assert found.speaker is not None
    assert (found.speaker.name, found.speaker.country) == ("dockers' leader", None)


def test_it_finds_nothing_in_nothing(models: Models) -> None:
    assert (times_in("", models=models), quantities_in(" \n", models=models), quotations_in("", models=models)) == ((), (), ())


def test_it_keeps_the_offsets_of_every_paragraph() -> None:
    text = "\n\nOne.\nStill one.\n \nTwo."
    assert [b.span.of(text) for b in document_of(text).blocks] == ["One.\nStill one.", "Two."]


def test_it_places_names_beside_each_other_and_where_the_publisher_is_at_home(models: Models) -> None:
    text = "The mayor of Birmingham resigned."
    (far,) = places_in(text, models=models)
    (near,) = places_in(text, publisher="The Montgomery Herald", models=models)
    assert far.place is not None
    assert near.place is not None
    assert (far.place.country, near.place.country) == ("GBR", "USA")
