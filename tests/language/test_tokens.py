"""How sentences are cut into words: the cases of tests/specs/tokens, the tables' examples, and any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.segmentation import Example, load_segmentation
from dateline.language.tokens import surface_tokens, tokenise
from dateline.records import Span
from tests.language.spec_cases import Case, as_parameters, read_cases

CASES = list(read_cases("tokens"))


def words(text: str) -> list[str]:
    return [w.of(text) for w in tokenise(text, Span(0, len(text)))] if text else []


def expected(case: str) -> list[str]:
    return [piece.strip() for piece in case.split("|") if piece.strip()]


@pytest.mark.parametrize("case", as_parameters(CASES))
def test_it_cuts_words_as_the_spec_does(case: Case) -> None:
    assert tuple(words(case.text)) == case.pieces


def test_there_are_at_least_a_hundred_cases() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize("example", load_segmentation().examples, ids=lambda e: f"{e.entry}: {e.text}")
def test_every_entry_cuts_its_examples_and_leaves_its_near_misses(example: Example) -> None:
    text = example.text.replace("| .", ".").replace("| ,", ",").replace("|", "")
    assert words(text) == expected(example.text)


def test_every_group_of_abbreviations_has_an_example_and_a_near_miss() -> None:
    tables = load_segmentation()
    shown = {(e.entry, e.is_match) for e in tables.examples}
    for group in tables.abbreviations:
        assert {(group.id, True), (group.id, False)} <= shown


def test_the_last_stop_is_a_word_only_at_the_end() -> None:
    assert words("It was sold to Acme Corp.") == ["It", "was", "sold", "to", "Acme", "Corp", "."]
    assert words('It was sold to "Acme Corp."')[-3:] == ["Corp", ".", '"']
    assert words("Acme Corp. was sold")[:2] == ["Acme", "Corp."]


def test_a_span_inside_the_text_gives_offsets_of_the_whole_text() -> None:
    text = "Before. They don't vote. After."
    assert tokenise(text, Span(8, 24)) == (Span(8, 12), Span(13, 15), Span(15, 18), Span(19, 23), Span(23, 24))


def test_spaces_alone_have_no_words() -> None:
    assert tokenise("   ", Span(0, 3)) == ()


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("They don't vote", ["They", "do n't", "vote"]),
        ("We cannot go", ["We", "can not", "go"]),
        ("Minsk's streets", ["Minsk 's", "streets"]),
        ("The workers' demands", ["The", "workers '", "demands"]),
        ("The 'two weeks' ended", ["The", "'", "two", "weeks", "'", "ended"]),
        ("A 5-day strike", ["A", "5", "-", "day", "strike"]),
    ],
)
def test_surface_tokens_are_what_is_written_together(text: str, groups: list[str]) -> None:
    found = surface_tokens(text, tokenise(text, Span(0, len(text))))
    assert [" ".join(w.of(text) for w in group) for group in found] == groups


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_words_cover_every_character_that_is_no_space(text: str) -> None:
    end = 0
    for word in tokenise(text, Span(0, len(text))) if text else ():
        assert word.start >= end
        assert not text[end : word.start].strip()
        assert not any(c.isspace() for c in word.of(text))
        end = word.end
    assert not text[end:].strip()


@given(st.text(alphabet="aZ9.,'’\"-/@&$%()[]: \n\u0301👍", max_size=60))
def test_words_cover_the_hard_marks_too(text: str) -> None:
    spans = tokenise(text, Span(0, len(text))) if text else ()
    assert "".join(s.of(text) for s in spans) == "".join(text.split())
    assert sum(len(g) for g in surface_tokens(text, spans)) == len(spans)
