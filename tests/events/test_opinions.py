"""The second opinion on records: background by its rules, confidence that adds up, and both without learned weights."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dateline.events.background import LONG_AGO
from dateline.events.opinions import chance, relevance_of
from dateline.knowledge.weighing import BackgroundRule, load_background, load_weighing
from dateline.pipeline import code_report
from dateline.records import EventMention, Report, StatusValue, Telling, TellingValue
from tests.coding import DAY, code_text, loaded

RULES = load_background().rules
EXAMPLES = [(r, text, trigger) for r in RULES for text, trigger in r.examples]
NEAR_MISSES = [(r, text, trigger) for r in RULES for text, trigger in r.near_misses]


def code_unlearned(text: str, published: date = DAY) -> tuple[EventMention, ...]:
    """The records without learned weights."""
    knowledge, models = loaded()
    report = Report("test", text.encode(), "text/plain", published=published)
    return tuple(c.event for c in code_report(report, replace(knowledge, weighing=None), models).claims)


def record_of(events: tuple[EventMention, ...], text: str, trigger: str) -> EventMention:
    found = [e for e in events if e.trigger.of(text) == trigger]
    assert found, f"no record of {trigger!r} in {text!r}"
    return found[0]


def bared(event: EventMention) -> EventMention:
    """The record without what is weighed."""
    return replace(event, confidence=0.0, confidence_parts=(), field_confidence=(), telling=Telling())


@pytest.mark.parametrize(("rule", "text", "trigger"), EXAMPLES, ids=lambda v: getattr(v, "id", ""))
def test_an_example_of_a_rule_is_background_by_it(rule: BackgroundRule, text: str, trigger: str) -> None:
    telling = record_of(code_unlearned(text), text, trigger).telling
    assert (telling.value, telling.origin.by) == (TellingValue.BACKGROUND, rule.says)


@pytest.mark.parametrize(("rule", "text", "trigger"), NEAR_MISSES, ids=lambda v: getattr(v, "id", ""))
def test_a_near_miss_of_a_rule_is_news(rule: BackgroundRule, text: str, trigger: str) -> None:
    assert record_of(code_unlearned(text), text, trigger).telling.value is TellingValue.NEWS


def test_the_cue_of_background_is_the_word_that_shows_it() -> None:
    text = "The shops closed after police arrested a trader."
    cue = record_of(code_unlearned(text), text, "arrested").telling.cue
    assert cue is not None
    assert cue.of(text) == "after"


def test_what_ended_long_before_the_report_is_background() -> None:
    text = "Police arrested a trader in January 2021."
    telling = record_of(code_unlearned(text), text, "arrested").telling
    assert (telling.value, telling.origin.by) == (TellingValue.BACKGROUND, LONG_AGO)
    assert record_of(code_unlearned(text, date(2021, 1, 20)), text, "arrested").telling.value is TellingValue.NEWS


def test_what_is_planned_is_never_background_by_structure() -> None:
    text = "The union said it will strike after the vote."
    planned = [e for e in code_unlearned(text) if e.status.value is StatusValue.PLANNED]
    assert planned
    assert all(e.telling.value is TellingValue.NEWS for e in planned)


def test_the_parts_of_a_confidence_add_up_to_it() -> None:
    coding = code_text("Soldiers shot dead two students in Kosti on Monday, and the union condemned the killings.")
    assert coding.claims
    for claim in coding.claims:
        odds = sum(value for _, value in claim.event.confidence_parts)
        assert chance(odds) == pytest.approx(claim.event.confidence, abs=0.02)


def test_a_record_says_how_sure_each_value_is() -> None:
    event = code_text("Soldiers arrested two students in Kosti on Monday.").claims[0].event
    assert set(dict(event.field_confidence)) == {"actor", "recipient", "time", "place"}
    assert all(0 < value < 1 for _, value in event.field_confidence)


def test_without_learned_weights_the_lexicons_own_stand() -> None:
    knowledge, _ = loaded()
    text = "Police arrested a trader."
    event = record_of(code_unlearned(text), text, "arrested")
    entry = next(e for e in knowledge.lexicon.entries if e.id == event.rule)
    assert event.confidence == round(entry.weight, 3)
    assert (event.confidence_parts, event.field_confidence, event.telling.news) == ((), (), None)


def test_learning_changes_no_value_but_what_it_weighs() -> None:
    text = "Police, who had banned the march, arrested ten students in Kosti. The union condemned the arrests."
    weighed = [c.event for c in code_text(text).claims]
    bare = code_unlearned(text)
    assert [bared(e) for e in weighed] == [bared(e) for e in bare]


def test_no_file_of_weights_is_no_weights(tmp_path: Path) -> None:
    assert load_weighing(tmp_path / "none.json") is None
    assert relevance_of((), None) is None


def test_a_file_that_holds_no_weights_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"right": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape("broken.json")):
        load_weighing(path)
