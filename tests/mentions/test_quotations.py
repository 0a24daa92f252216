"""Quotations: who speaks, by which cue, and where the words begin and end."""

from __future__ import annotations

import pytest

from dateline.records import Quotation
from tests.coding import code_text


def quotations(text: str) -> list[tuple[str | None, str, str]]:
    coding = code_text(text)
    assert coding.document is not None
    shown = coding.document.text
    return [(q.speaker.name if q.speaker else None, q.kind.value, q.content[0].of(shown)) for q in coding.quotations]


def first(text: str) -> Quotation:
    return code_text(text).quotations[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“We will not leave the square,” Anna Berg said.", ("Anna Berg", "direct", "We will not leave the square,")),
        ("Anna Berg said the strike would go on.", ("Anna Berg", "indirect", "the strike would go on")),
        ("Anna Berg said that the strike would go on.", ("Anna Berg", "indirect", "the strike would go on")),
        (
            "Anna Berg said the decree was “an insult to every miner”.",
            ("Anna Berg", "mixed", "the decree was “an insult to every miner"),
        ),
    ],
)
def test_it_finds_who_says_what(text: str, found: tuple[str, str, str]) -> None:
    assert found in quotations(text)


def test_a_quotation_runs_over_sentences() -> None:
    text = "“They came at night. They took my brother,” Anna Berg said."
    assert ("Anna Berg", "direct", "They came at night. They took my brother,") in quotations(text)


def test_a_second_quotation_goes_on_with_the_same_speaker() -> None:
    text = "“We are not afraid of them,” Anna Berg said.\n\n“The strike will go on until he leaves.”"
    assert [speaker for speaker, _, _ in quotations(text)] == ["Anna Berg", "Anna Berg"]


def test_a_pronoun_goes_on_with_whoever_was_quoted() -> None:
    text = "“Viktor Holm must go,” Anna Berg said. “He has ruled for too long,” she added."
    assert [speaker for speaker, _, _ in quotations(text)] == ["Anna Berg", "Anna Berg"]


def test_it_keeps_the_teller_between() -> None:
    quotation = first("Viktor Holm said the council was an attempt to seize power, according to the Belta news agency.")
    assert quotation.speaker is not None
    assert quotation.speaker.name == "Viktor Holm"
    assert quotation.via is not None
    assert quotation.via.name == "Belta"


def test_what_the_paper_adds_is_not_quoted() -> None:
    text = "“This is a strong message,” Anna Berg said after lawmakers approved the sanctions."
    assert [words for _, _, words in quotations(text)] == ["This is a strong message,"]


def test_scare_quotes_are_no_quotation() -> None:
    assert quotations("The so-called “people's court” met on Monday.") == []
