"""Every entry of knowledge/reading/ against its own examples."""

from __future__ import annotations

import pytest

from dateline.ingest.boilerplate import dateline_of, find_cut, find_lead, find_note, is_whole_match
from dateline.knowledge.reading import DatelinePattern, ParagraphPattern, load_reading_tables
from dateline.knowledge.tables import read_yaml

TABLES = load_reading_tables()
LEAD = "Riot police closed the main road to the port after drivers had parked their lorries across it"


def matches(pattern: ParagraphPattern, words: str) -> bool:
    if pattern.at in ("whole", "start"):
        return is_whole_match(pattern, words)
    if pattern.at == "lead":
        return find_lead(pattern, words) is not None
    return (find_note(pattern, words) if pattern.at == "note" else find_cut(pattern, words)) is not None


@pytest.mark.parametrize("pattern", TABLES.paragraphs, ids=lambda p: p.id)
def test_it_matches_each_example_of_a_paragraph_pattern_and_no_near_miss(pattern: ParagraphPattern) -> None:
    assert pattern.examples
    assert pattern.near_misses
    assert [words for words in pattern.examples if not matches(pattern, words)] == []
    assert [words for words in pattern.near_misses if matches(pattern, words)] == []


@pytest.mark.parametrize("pattern", TABLES.datelines, ids=lambda p: p.id)
def test_it_matches_each_example_of_a_dateline_and_no_near_miss(pattern: DatelinePattern) -> None:
    assert [words for words in pattern.examples if not dateline_of(words + LEAD, (pattern,))] == []
    assert [words for words in pattern.near_misses if dateline_of(words + LEAD, (pattern,))] == []


@pytest.mark.parametrize("cue", ["picture", "part", "copyright"])
def test_it_knows_what_a_credit_is_for_by_its_examples(cue: str) -> None:
    entry, pattern = read_yaml("reading/credits.yaml"), getattr(TABLES.credits, cue)
    assert all(pattern.search(words) for words in entry[f"{cue}_examples"])
    assert [
        words for words in entry[f"{cue}_near_misses"] if pattern.match(words) or (cue != "copyright" and pattern.search(words))
    ] == []


def test_it_knows_an_agency_by_the_host_of_its_site() -> None:
    assert TABLES.agency_named("apnews.com") == "AP"
    assert TABLES.agency_named("example.org") is None


def test_it_gives_every_paragraph_pattern_its_own_id() -> None:
    ids = [pattern.id for pattern in TABLES.paragraphs]
    assert len(ids) == len(set(ids))


def test_it_has_no_agency_form_that_stands_for_two_agencies() -> None:
    forms = [form for agency in TABLES.agencies for form in agency.forms]
    assert len(forms) == len(set(forms))


def test_it_knows_twelve_months_and_seven_weekdays() -> None:
    assert set(TABLES.months.values()) == set(range(1, 13))
    assert set(TABLES.weekdays.values()) == set(range(7))


def test_it_knows_how_a_quotation_mark_looks_once_misread() -> None:
    assert TABLES.misread["â€œ"] == "“"
    assert TABLES.misread["â€™"] == "’"
