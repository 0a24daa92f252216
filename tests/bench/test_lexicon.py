"""How the breadth of the lexicon is counted."""

from __future__ import annotations

from collections import Counter

from bench.lexicon import cover, matched, senses_of
from dateline.knowledge.lexicon import Lexicon, read_entry, spell_out
from tests.coding import loaded

ROW = {
    "id": "coerce.arrest",
    "type": "COERCE",
    "source": "a test",
    "verbs": ["arrest", "round up"],
    "nouns": ["arrest"],
    "examples": [{"text": "Police {arrested|rounded up} forty students.", "actor": "Police"}],
    "near_misses": ["The film {arrests|arrested} our attention."],
}


def test_a_choice_stands_for_as_many_examples_whose_triggers_are_the_words_chosen() -> None:
    example = read_entry(ROW, "a table").examples[0]
    spelt = [(e.text, e.trigger, e.actor) for e in example.spelt_out()]
    assert spelt == [
        ("Police arrested forty students.", "arrested", "Police"),
        ("Police rounded up forty students.", "rounded up", "Police"),
    ]


def test_a_text_without_a_choice_stands_for_itself() -> None:
    assert list(spell_out("Nothing to choose.")) == [("Nothing to choose.", "")]


def test_every_word_of_an_entry_is_a_sense() -> None:
    assert [sense for sense, _ in senses_of(read_entry(ROW, "a table"))] == [
        ("coerce.arrest", "verb", "arrest"),
        ("coerce.arrest", "verb", "round up"),
        ("coerce.arrest", "noun", "arrest"),
    ]


def test_a_text_matches_the_words_of_its_triggers() -> None:
    knowledge, models = loaded()
    assert ("coerce.arrest", "verb", "round up") in matched("Police rounded up forty students.", knowledge, models)
    assert matched("The weather was fine.", knowledge, models) == []


def test_a_sense_is_shown_by_examples_that_match_its_very_words() -> None:
    knowledge, models = loaded()
    arrest = next(e for e in knowledge.lexicon.entries if e.id == "coerce.arrest")
    shown = read_entry(ROW | {"verbs": ["arrest", "round up", "haul in"]}, "a table")
    assert {"arrest", "round up"} <= {" ".join(p) for p in arrest.verbs}
    coverage = cover(Lexicon((shown,), {}, {}), Counter(), knowledge, models)
    assert coverage.examples["coerce.arrest", "verb", "round up"] == 1
    assert coverage.examples["coerce.arrest", "verb", "haul in"] == 0
    assert coverage.near_misses["coerce.arrest", "verb", "arrest"] == 2
    assert not coverage.is_shown(("coerce.arrest", "verb", "round up"), is_frequent=True)
    assert coverage.frequent() == []
