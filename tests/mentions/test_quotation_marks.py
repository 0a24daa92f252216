"""It finds what stands between quotation marks, whatever marks the paper prints."""

from __future__ import annotations

from typing import Any

import pytest

from dateline.knowledge.cues import load_quotation_marks
from dateline.knowledge.tables import read_yaml
from dateline.mentions.quotation_marks import find_marked, marked_in
from dateline.records import Span
from dateline.texts import document_of

TABLE: dict[str, Any] = read_yaml("cues/quotation_marks.yaml")


def marked(text: str) -> list[str]:
    return [m.span.of(text) for m in marked_in(text, Span(0, len(text)), load_quotation_marks())]


@pytest.mark.parametrize("example", TABLE["examples"], ids=[e["text"] for e in TABLE["examples"]])
def test_it_finds_every_example_of_the_table(example: dict[str, Any]) -> None:
    assert marked(example["text"]) == example["marked"]


@pytest.mark.parametrize("text", TABLE["near_misses"])
def test_it_finds_no_marks_in_the_near_misses(text: str) -> None:
    assert marked(text) == []


def test_a_paragraph_left_open_is_no_fault_when_the_next_one_opens_again() -> None:
    text = "“They came at night.\n\n“They left at dawn,” she said."
    first, second = find_marked(document_of(text), load_quotation_marks())
    assert (first.span.of(text), first.is_closed, first.is_broken) == ("They came at night.", False, False)
    assert (second.span.of(text), second.is_closed) == ("They left at dawn,", True)


def test_a_mark_that_nobody_closes_reaches_no_further_than_its_sentence() -> None:
    text = '"We will not stop, she said. The crowd cheered.'
    (found,) = find_marked(document_of(text), load_quotation_marks())
    assert found.is_broken
    assert found.span.of(text) == "We will not stop, she said."


def test_the_outer_span_has_the_marks() -> None:
    text = "“No,” he said."
    (found,) = find_marked(document_of(text), load_quotation_marks())
    assert (found.span.of(text), found.outer.of(text)) == ("No,", "“No,”")
