from __future__ import annotations

import pytest

from dateline.ingest.plain import find_paragraphs, read_head
from dateline.knowledge.reading import load_reading_tables

KEYS = load_reading_tables().front_matter


def paragraphs(source: str) -> list[str]:
    return [" ".join(source[low:high].split()) for low, high in find_paragraphs(source, 0)]


def test_it_divides_at_empty_lines() -> None:
    assert paragraphs("One.\n\nTwo.\n \t\n\nThree.\r\n\r\nFour.") == ["One.", "Two.", "Three.", "Four."]


def test_it_joins_lines_wrapped_at_a_fixed_width() -> None:
    wrapped = (
        "Dock workers in the northern port walked off the job on Monday\n"
        "after talks over pay broke down, and by noon most of the cranes\n"
        "stood still. The union said nine in ten of its members had come\n"
        "out.\n\nThe port's managers said they would not be moved by threats\n"
        "and that two ships had been sent to other harbours further down\n"
        "the coast."
    )
    assert len(paragraphs(wrapped)) == 2


def test_it_takes_an_indented_line_of_wrapped_text_for_a_new_paragraph() -> None:
    wrapped = (
        "   DOCK WORKERS IN THE NORTHERN PORT WALKED OFF THE JOB ON MONDAY\n"
        "AFTER TALKS OVER PAY BROKE DOWN, AND BY NOON MOST OF THE CRANES\n"
        "STOOD STILL.\n"
        "   THE UNION SAID NINE IN TEN OF ITS MEMBERS IN THE TOWN HAD COME\n"
        "OUT AND THAT MORE WOULD FOLLOW."
    )
    assert len(paragraphs(wrapped)) == 2


def test_it_takes_each_line_for_a_paragraph_where_lines_were_not_wrapped() -> None:
    source = "Cranes stand still\nDock workers walked off the job on Monday.\nThe union said most had come out."
    assert len(paragraphs(source)) == 3


def test_it_joins_a_line_broken_in_the_middle_of_a_sentence() -> None:
    assert paragraphs("The union said\nmost had come out.") == ["The union said most had come out."]


def test_it_reads_the_head() -> None:
    source = "Title: Cranes stand still\nDate: 2021-03-04\nBy Ana Petrov\nPublisher: The Bugle\n\nDock workers walked off."
    head, start = read_head(source, KEYS)
    assert [(line.field, line.value) for line in head] == [
        ("title", "Cranes stand still"),
        ("published", "2021-03-04"),
        ("byline", "Ana Petrov"),
        ("publisher", "The Bugle"),
    ]
    assert source[start:].strip() == "Dock workers walked off."


def test_it_takes_no_sentence_for_a_head() -> None:
    for source in ("By Friday the port was empty.", "Minister: we were warned.\n\nHe said so.", "Dock workers walked off."):
        assert read_head(source, KEYS) == ((), 0)


def test_a_line_that_opens_with_how_many_goes_on_with_the_one_before() -> None:
    broken = "On Monday police in Brest detained almost\n20 students who had blocked a road."
    assert paragraphs(broken) == ["On Monday police in Brest detained almost 20 students who had blocked a road."]


@pytest.mark.parametrize(
    "lines", ["12 dead in the north\n20 wounded in the south", "What they ask for\n2. A fair vote", "Dead\n20 so far"]
)
def test_a_list_of_figures_stays_one(lines: str) -> None:
    assert paragraphs(lines) == lines.split("\n")
