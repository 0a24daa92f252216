"""Where sentences end: the cases of tests/specs/segmentation.yaml, and what must hold on any text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.sentences import (
    LONGEST_CHARACTERS,
    LONGEST_WORDS,
    MODEL,
    Habit,
    case_habit,
    find_candidates,
    split_sentences,
)
from dateline.language.tokens import tokenise
from dateline.records import Span

SPECS = Path(__file__).parents[1] / "specs" / "segmentation.yaml"


def read_cases() -> list[tuple[str, str]]:
    groups = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["sentences"]
    return [(group["about"], line.replace("⏎", "\n")) for group in groups for line in group["cases"].splitlines()]


def split(text: str) -> list[str]:
    return [s.of(text) for s in split_sentences(text, Span(0, len(text)))] if text else []


@pytest.mark.parametrize(("about", "case"), read_cases())
def test_it_ends_sentences_where_the_spec_does(about: str, case: str) -> None:
    assert split(case.replace("|", "")) == [piece.strip() for piece in case.split("|")], about


def test_there_are_at_least_sixty_cases() -> None:
    assert len(read_cases()) >= 60


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
        assert len(piece) <= LONGEST_CHARACTERS
        assert len(tokenise(piece, Span(0, len(piece)))) <= LONGEST_WORDS
        assert piece.endswith((",", "."))


def test_a_run_without_a_space_is_left_whole_however_long() -> None:
    text = "x" * 5000
    assert split(text) == [text]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_any_text_in_order(text: str) -> None:
    end = 0
    for sentence in split_sentences(text, Span(0, len(text))) if text else ():
        assert not text[end : sentence.start].strip()
        assert sentence.of(text) == sentence.of(text).strip()
        end = sentence.end
    assert not text[end:].strip()


@given(st.text(alphabet="ab.?!\"'”“( )\n-:1A@", max_size=80))
def test_candidates_leave_only_spaces_between_two_sentences(block: str) -> None:
    last = 0
    for candidate in find_candidates(block):
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
    assert MODEL.stat().st_size < 300_000
