"""Where sentences end: the cases of tests/specs/sentences, and what must hold on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.sentences import (
    FEWEST_BARE_WORDS,
    FEWEST_WORDS,
    LONGEST_WORDS,
    MODEL,
    Habit,
    Writing,
    case_habit,
    find_candidates,
    find_writing,
    split_sentences,
)
from dateline.language.tokens import tokenise
from dateline.records import Span
from tests.language.spec_cases import Case, as_parameters, read_cases

CASES = list(read_cases("sentences"))


def split(text: str) -> list[str]:
    return [s.of(text) for s in split_sentences(text, Span(0, len(text)))] if text else []


@pytest.mark.parametrize("case", as_parameters(CASES))
def test_it_ends_sentences_where_the_spec_does(case: Case) -> None:
    assert tuple(split(case.text)) == case.pieces


def test_there_are_at_least_a_hundred_cases() -> None:
    assert len(CASES) >= 100


def test_it_reads_one_block_and_gives_offsets_of_the_whole_text() -> None:
    text = "A title\n\n  One ended. Two began.  \n\nAnother block."
    block = Span(9, 34)
    assert [s.of(text) for s in split_sentences(text, block)] == ["One ended.", "Two began."]


def test_a_block_of_spaces_has_no_sentence() -> None:
    assert split_sentences("a  \n b", Span(1, 5)) == ()


def test_an_empty_line_always_ends_a_sentence() -> None:
    assert split("the march\n\nwent on") == ["the march", "went on"]


def test_it_sees_a_small_letter_text_by_its_neighbours() -> None:
    lower = "the police came. the crowd ran away. nobody was hurt in the town. "
    assert case_habit(lower) is Habit.LOWER
    assert case_habit(lower.upper()) is Habit.UPPER
    assert case_habit("The police came to Minsk. The crowd ran.") is Habit.MIXED
    assert case_habit("1234 ...") is Habit.MIXED


def test_a_sentence_over_the_cap_is_cut_at_a_clause() -> None:
    clause = "the workers of the plant walked out of the gate and did not come back"
    text = "They said that " + ", and ".join([clause] * 30) + "."
    pieces = split(text)
    assert len(pieces) > 1
    assert " ".join(pieces) == text
    for piece in pieces:
        assert len(tokenise(piece, Span(0, len(piece)))) <= LONGEST_WORDS
        assert piece.endswith((",", "."))


def test_a_single_word_is_left_whole_however_long() -> None:
    text = "x" * 5000
    assert split(text) == [text]


def test_an_overlong_run_without_a_space_is_cut_between_two_words() -> None:
    text = "a,b;" * 500
    pieces = split(text)
    assert "".join(pieces) == text
    assert max(len(tokenise(p, Span(0, len(p)))) for p in pieces) <= LONGEST_WORDS


BRIEF = "the police came and the crowd ran away from the square in front of the town hall "


def test_only_a_long_text_with_hardly_a_stop_is_taken_to_have_none() -> None:
    assert find_writing(BRIEF * 10) == Writing(Habit.LOWER, has_stops=False)
    assert find_writing(BRIEF * 3 + ", and ran").has_stops
    assert BRIEF.count(" ") * 3 < FEWEST_WORDS
    assert find_writing((BRIEF.strip() + ". ") * 10).has_stops
    assert find_writing("Mr. Omar met Dr. Ruiz and Gen. Okafor in the U.S. on behalf of Acme Inc. and " * 12).has_stops is False


def test_a_short_text_has_no_stops_only_where_it_has_no_mark_at_all() -> None:
    assert not find_writing(BRIEF * 2).has_stops
    assert not find_writing(BRIEF * 2 + "and the U.S. embassy gave 1,000 blankets at 10:30").has_stops
    for mark in (",", ";", "?", ":", "."):
        assert find_writing(BRIEF * 2 + f"and ran away{mark} and came back").has_stops, mark
    assert BRIEF.count(" ") < FEWEST_BARE_WORDS
    assert find_writing(BRIEF).has_stops


def test_where_there_are_stops_a_bare_space_ends_nothing() -> None:
    text = (BRIEF.strip() + ". ") * 10
    assert not any(c.is_gap for c in find_candidates(text, find_writing(text)))


def test_a_later_stop_inside_a_russian_dateline_is_not_taken_for_one_elsewhere() -> None:
    assert split("The army left MOSCOW. March 5 (Friday) was calm.") == ["The army left MOSCOW.", "March 5 (Friday) was calm."]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_any_text_in_order(text: str) -> None:
    end = 0
    for sentence in split_sentences(text, Span(0, len(text))) if text else ():
        assert not text[end : sentence.start].strip()
        assert sentence.of(text) == sentence.of(text).strip()
        end = sentence.end
    assert not text[end:].strip()


@pytest.mark.parametrize("has_stops", [True, False])
@given(block=st.text(alphabet="ab.?!\"'”“( )\n-:1A@", max_size=80))
def test_candidates_leave_only_spaces_between_two_sentences(block: str, has_stops: bool) -> None:
    last = 0
    for candidate in find_candidates(block, Writing(Habit.MIXED, has_stops)):
        assert last < candidate.end <= candidate.next < len(block)
        assert candidate.mark <= candidate.end
        assert not block[candidate.end : candidate.next].strip()
        last = candidate.end


@given(st.text(alphabet='12 .?!\n"', max_size=60), st.text(alphabet='abc De.?"\n', max_size=60))
def test_a_block_is_split_without_looking_at_where_it_stands(before: str, block: str) -> None:
    """Only the habit of case comes from around it, and what is around it here has no letters."""
    alone = split(block)
    text = f"{before}\n\n{block}"
    span = Span(len(before) + 2, len(text)) if block else None
    assert [s.of(text) for s in split_sentences(text, span)] == alone if span else alone == []


def test_the_model_is_small() -> None:
    assert MODEL.stat().st_size < 1_000_000
