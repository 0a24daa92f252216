"""It says of each word why it was coded or not."""

from __future__ import annotations

import pytest

from bench.reasons import reasons
from dateline.pipeline import weigh_report
from dateline.records import Outcome, Report, Span, Weighed
from tests.coding import loaded


def weigh(text: str) -> tuple[Weighed, ...]:
    knowledge, models = loaded()
    return weigh_report(Report("test", text.encode(), "text/plain"), knowledge, models)


@pytest.mark.parametrize(
    ("text", "rule", "outcome", "slot"),
    [
        ("Police arrested 40 students in Oslo.", "coerce.arrest", Outcome.RECORD, None),
        ("Shoppers rushed in when the doors opened.", "mobilize.police-rush", Outcome.LACKING, "subj"),
        ("Football police rushed in to stop the match.", "mobilize.police-rush", Outcome.FORBIDDEN, "near"),
        ("Officers rushed to the spot.", "mobilize.police-rush", Outcome.RECORD, None),
    ],
)
def test_an_entry_says_what_became_of_it(text: str, rule: str, outcome: Outcome, slot: str | None) -> None:
    found = [w for w in weigh(text) if w.rule == rule]
    assert [(w.outcome, w.slot) for w in found] == [(outcome, slot)]


def test_what_was_found_instead_stands_beside_what_was_wanted() -> None:
    (weighed,) = (w for w in weigh("Shoppers rushed in when the doors opened.") if w.rule == "mobilize.police-rush")
    assert weighed.found == ("Shoppers",)
    assert "police" in weighed.wanted


def test_a_text_without_a_word_of_the_lexicon_weighs_nothing() -> None:
    assert weigh("The river is wide.") == ()


def test_the_listing_can_be_kept_to_a_sentence_and_to_types() -> None:
    text = "Shoppers rushed in. Police arrested two men."
    weighed = weigh(text)
    first, second = Span(0, 19), Span(20, len(text))
    assert any("rushed" in line and "needs subj: " in line and "has Shoppers" in line for line in reasons(weighed, first))
    assert reasons(weighed, second, ["COERCE"]) == ["arrested: coerce.arrest: gave a record"]
    assert reasons(weighed, second, ["ELECTION"]) == ["no word of it is in the lexicon for these types"]
