"""How codes and values are put into words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dateline.knowledge.ontology import load_ontology
from dateline.records import (
    Actor,
    BlockKind,
    Count,
    EventTime,
    Exactness,
    How,
    Origin,
    Place,
    PlaceKind,
    Precision,
    PublicationDate,
    Span,
    StatusValue,
)
from dateline.views import wording as say
from tests.views import sample


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (12, 12, "people", "12"),
        (6300, 6999, "people", "6,300–6,999"),
        (2, None, "people", "2 or more"),
        (0, 50, "people", "at most 50"),
        (None, 50, "people", "at most 50"),
        (0, 0, "people", "0"),
        (80, 80, "percent", "80%"),
        (0.2, 0.2, "share", "0.2"),
        (None, None, "people", "not said"),
        (1_500_000, None, "USD", "1,500,000 or more"),
    ],
)
def test_it_says_bounds_and_invents_no_end(low: float | None, high: float | None, unit: str, words: str) -> None:
    assert say.bounds(low, high, unit) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2020, 8, 18), date(2020, 8, 18), "Tue 18 August 2020"),
        (date(2020, 8, 17), date(2020, 8, 18), "Mon 17 – Tue 18 August 2020"),
        (date(2020, 7, 30), date(2020, 8, 2), "Thu 30 July – Sun 2 August 2020"),
        (date(2019, 12, 31), date(2020, 1, 1), "Tue 31 December 2019 – Wed 1 January 2020"),
        (date(2020, 8, 9), None, "from Sun 9 August 2020"),
        (None, date(2020, 8, 9), "until Sun 9 August 2020"),
        (None, None, ""),
    ],
)
def test_it_says_days_with_the_shared_part_once(first: date | None, last: date | None, words: str) -> None:
    assert say.days(first, last) == words


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ((date(2015, 1, 1), date(2015, 12, 31), Precision.YEAR), "2015"),
        ((date(2015, 2, 1), date(2015, 2, 28), Precision.MONTH), "February 2015"),
        ((None, None, Precision.VAGUE), "not resolved"),
        ((date(2015, 2, 1), date(2015, 2, 9), Precision.VAGUE), "Sun 1 – Mon 9 February 2015 (vague)"),
    ],
)
def test_it_names_whole_years_and_months(time: tuple[date | None, date | None, Precision], words: str) -> None:
    assert say.when(EventTime(*time, Origin(How.READ))) == words


@pytest.mark.parametrize(
    ("what", "unit", "words"),
    [
        ("participants", "count", "participants: 47"),
        ("detained", "people", "detained: 47"),
        ("votes for", "votes", "votes for: 47"),
        ("seats", "seats", "seats: 47"),
        ("sentence", "years", "sentence: 47 years"),
        ("ammunition", "rounds", "ammunition: 47 rounds"),
        ("vote share", "percent", "vote share: 47%"),
        ("damage", "USD", "damage: 47 USD"),
    ],
)
def test_it_writes_a_unit_only_where_it_tells_something(what: str, unit: str, words: str) -> None:
    assert say.how_many(Count(what, Span(0, 1), 47, 47, Exactness.EXACT, unit)) == words


@pytest.mark.parametrize(
    ("origin", "words", "said"),
    [
        (Origin(How.READ, "head of the text"), "6 May 2025", "read in the text"),
        (Origin(How.READ, "page metadata: meta article:published_time"), None, "read in the page's metadata"),
        (Origin(How.READ, "path of the address"), None, "read in the path of the address"),
        (Origin(How.INFERRED, "dateline's day, in the year of 2025-05-04"), "6 May 2025", "inferred from the dateline"),
        (Origin(How.GIVEN), None, "given by you"),
    ],
)
def test_it_says_where_the_day_of_publication_comes_from(origin: Origin, words: str | None, said: str) -> None:
    published = PublicationDate(sample.TUESDAY, origin, sample.at(words) if words else None)
    assert say.date_origin(replace(sample.document(), published=published)) == said


@pytest.mark.parametrize(
    ("actor", "short", "full"),
    [
        (Actor("police", "FRA", "COP"), "police (FRA, police)", "police (FRA, police)"),
        (Actor("Kenyan police", "KEN", "COP"), "Kenyan police (KEN, police)", "Kenyan police (KEN, police)"),
        (Actor("workers", None, "LAB"), "workers (labour)", "workers (country not known, labour)"),
        (Actor("Brest", "BLR", None), "Brest (BLR)", "Brest (BLR)"),
    ],
)
def test_it_gives_country_and_sector_the_same_way_for_all(actor: Actor, short: str, full: str) -> None:
    wording = say.load_wording()
    assert (say.party(actor, wording), say.party_in_full(actor, wording)) == (short, full)


def test_a_country_is_never_a_point() -> None:
    assert sample.MALTA.point is not None
    assert say.point(sample.MALTA) == ""
    assert say.point(sample.VALLETTA) == "35.900° N, 14.515° E"
    assert say.point(Place("here", PlaceKind.CITY, None, point=(-1.5, -70.25))) == "1.500° S, 70.250° W"


def test_the_headline_reads_as_a_sentence() -> None:
    wording = say.load_wording()
    strike, deaths = sample.strike(), sample.deaths()
    assert str(say.headline(strike, wording)) == "dock workers (MLT, labour) – strike – against Karmenu Zerafa (MLT, government)"
    assert str(say.headline(deaths, wording)) == "nobody named – assault – on people (MLT, civilians)"


def test_every_status_and_skipped_block_has_words() -> None:
    wording = say.load_wording()
    assert set(wording.glyphs) == {status.value for status in StatusValue}
    assert len(set(wording.glyphs.values())) == len(StatusValue), "statuses must differ without colour"
    assert set(wording.skipped) == {kind.value for kind in BlockKind} - {"title", "body", "caption"}


def test_every_type_and_mode_of_the_ontology_has_words() -> None:
    nouns = say.load_wording().nouns
    types = load_ontology().types.values()
    assert {event.id for event in types} | {f"{event.id} {mode}" for event in types for mode in event.modes} <= set(nouns)


def test_every_mode_belongs_to_a_type_that_has_words() -> None:
    nouns = say.load_wording().nouns
    assert {code.split()[0] for code in nouns} == {code for code in nouns if " " not in code}


def test_it_makes_control_characters_visible_and_keeps_the_count() -> None:
    nasty = "a\x1b[31mb\x00\x7f\x85\u202e\ud800\tc\nd سلام e\u0301 👩\u200d🔬"
    said = say.shown(nasty)
    assert len(said) == len(nasty)
    assert said == "a␛[31mb␀␡\ufffd\ufffd\ufffd\tc\nd سلام e\u0301 👩\u200d🔬"
    said.encode()
