"""The tables of issues, demands and responses: every class is told from its examples, and none from its near misses."""

from __future__ import annotations

import pytest

from dateline.knowledge.protests import DemandClass, IssueClass, Kind, load_protests
from dateline.records import EventMention
from tests.coding import code_text

KNOWN = load_protests()
MASS_MOBILIZATION_DEMANDS = {
    "labor wage dispute", "land farm issue", "police brutality", "political behavior, process", "price increases, tax policy",
    "removal of politician", "social restrictions",
}  # fmt: skip
MASS_MOBILIZATION_RESPONSES = {"accommodation", "arrests", "beatings", "crowd dispersal", "ignore", "killings", "shootings"}


def events(text: str) -> list[EventMention]:
    return [claim.event for claim in code_text(text).claims]


@pytest.mark.parametrize("issue", KNOWN.issues, ids=lambda i: i.id)
def test_an_issue_is_told_from_its_examples(issue: IssueClass) -> None:
    assert len(issue.examples) >= 2
    for text in issue.examples:
        assert issue.id in {i.issue for e in events(text) for i in e.issues}, text
    for text in issue.near_misses:
        assert issue.id not in {i.issue for e in events(text) for i in e.issues}, text


@pytest.mark.parametrize("demand", KNOWN.demands, ids=lambda d: d.id)
def test_a_demand_is_told_from_its_examples(demand: DemandClass) -> None:
    for text, words in demand.examples:
        assert (demand.id, words) in {(d.demand, d.span.of(text)) for e in events(text) for d in e.demands}, text


@pytest.mark.parametrize("kind", KNOWN.responses.kinds, ids=lambda k: k.id)
def test_a_response_is_told_from_its_example(kind: Kind) -> None:
    text, trigger = kind.example
    (protest,) = [e for e in events(text) if e.type == "PROTEST" and e.trigger.of(text) == trigger]
    assert protest.response is not None
    assert kind.id in {d.kind for d in protest.response.deeds}
    assert protest.response.intensity == kind.intensity


def test_the_classes_of_mass_mobilization_are_its_own() -> None:
    assert {i.mass_mobilization for i in KNOWN.issues} - {None} == MASS_MOBILIZATION_DEMANDS
    assert {k.mass_mobilization for k in KNOWN.responses.kinds} - {None} == MASS_MOBILIZATION_RESPONSES


def test_a_phrase_counts_as_many_times_as_it_has_words() -> None:
    words = [("death", "death"), ("in", "in"), ("custody", "custody")]
    assert KNOWN.issue_words.class_of(words, 0) == "police"
    assert KNOWN.issue_words.class_of(words[:1], 0) == "justice"


def test_a_ruler_is_the_issue_only_where_nothing_finer_is_said() -> None:
    assert KNOWN.issue_words.class_of([("government", "government")], 0) == "government"
    assert KNOWN.issue_words.class_of([("government", "government"), ("pension", "pension"), ("plan", "plan")], 2) == "pensions"
    assert KNOWN.issue_words.class_of([("tree", "trees")], 0) is None
