"""The reader's own negations stand in where the tree shows no cue, and only there."""

from __future__ import annotations

from dataclasses import replace

from dateline.events.status import find_status
from dateline.knowledge.load import load_knowledge
from dateline.records import FactualityCue, FactualityKind, Predicate, Sentence, Span, StatusValue, Token

CUES = load_knowledge().cues
ROWS = [("France", "PROPN", 3, "nsubj"), ("has", "AUX", 3, "aux"), ("not", "PART", 4, "advmod"), ("imposed", "VERB", -1, "root"),
        ("sanctions", "NOUN", 3, "obj")]  # fmt: skip
"""A wrong tree: the negation hangs from the object's noun."""


def sentence(*cues: FactualityCue) -> Sentence:
    tokens = tuple(
        Token(i, Span(9 * i, 9 * i + len(w)), w, w.lower(), upos, "", head, rel) for i, (w, upos, head, rel) in enumerate(ROWS)
    )
    return Sentence(0, 0, Span(0, 50), tokens, (), predicates=(Predicate(3, "impose.01", (), cues),))


def test_a_negation_that_the_tree_hides_is_taken_from_the_reader() -> None:
    read = sentence(FactualityCue(FactualityKind.NEGATION, 2))
    status = find_status(read, read.tokens[3], CUES)
    assert status.value is StatusValue.DENIED
    assert status.cue == read.tokens[2].span


def test_without_the_readers_word_the_tree_is_believed() -> None:
    read = sentence()
    assert find_status(read, read.tokens[3], CUES).value is StatusValue.ASSERTED


def test_a_word_that_no_table_knows_as_a_negation_denies_nothing() -> None:
    read = sentence(FactualityCue(FactualityKind.NEGATION, 4))
    assert find_status(read, read.tokens[3], CUES).value is StatusValue.ASSERTED


def test_other_cues_of_the_reader_are_not_asked() -> None:
    read = sentence(FactualityCue(FactualityKind.PLAN, 2))
    assert find_status(read, read.tokens[3], CUES).value is StatusValue.ASSERTED


def test_a_cue_in_the_tree_goes_first() -> None:
    read = sentence(FactualityCue(FactualityKind.NEGATION, 2))
    will = replace(read.tokens[1], text="will", lemma="will")
    read = replace(read, tokens=(read.tokens[0], will, *read.tokens[2:]))
    assert find_status(read, read.tokens[3], CUES).value is StatusValue.PLANNED
