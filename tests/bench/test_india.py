"""Records become the labels of IndiaPoliceEvents as the crosswalk says, in the sentence that holds their trigger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bench.india import Crosswalk, example_f1, sentence_labels
from dateline.records import Report


@pytest.fixture(scope="module")
def coded() -> Any:
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import MissingModelError, load_models
    from dateline.pipeline import code_report

    try:
        knowledge, models = load_knowledge(), load_models()
    except MissingModelError as missing:
        pytest.skip(str(missing))

    def code(text: str) -> Any:
        return code_report(Report("r.txt", text.encode(), "text/plain", published=date(2020, 8, 18)), knowledge, models)

    return code


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("Police arrested nine students in Rajkot. ", {"ARREST", "ANY_ACTION"}),
        ("Twelve traders were arrested in Surat on Monday. ", {"ARREST", "ANY_ACTION"}),
        ("Police fired tear gas at the crowd in Surat. ", {"FORCE", "ANY_ACTION"}),
        ("Villagers set three shops ablaze in Surat. ", set()),
        ("The market is quiet again. ", set()),
    ],
)
def test_a_sentence_has_the_labels_of_its_records(coded: Any, sentence: str, labels: set[str]) -> None:
    before = "A long week ended in the city on Sunday. "
    given = sentence_labels(coded(before + sentence), [{"text": before}, {"text": sentence}], Crosswalk.read())
    assert given == [set(), labels]


def test_it_averages_over_items_that_have_a_label_or_got_one() -> None:
    pairs = [({"KILL"}, {"KILL"}), ({"KILL", "FORCE"}, {"FORCE"}), (set(), set()), (set(), {"FAIL"})]
    assert example_f1(pairs) == pytest.approx((1 + 2 / 3 + 0) / 3)
