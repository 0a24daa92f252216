"""Reports that tell no event of the field give no record, and a word tells an event only in the sense that does.

Specs: tests/specs/relevance/. What is still coded wrongly is bounded, so that it can only become less.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.coding import code_text

SPECS = Path(__file__).parent / "specs" / "relevance"
OFF_TOPIC: dict[str, list[str]] = yaml.safe_load((SPECS / "offtopic.yaml").read_text(encoding="utf-8"))
SENSES: list[dict[str, Any]] = yaml.safe_load((SPECS / "senses.yaml").read_text(encoding="utf-8"))
MOST_CODED, MOST_CONFUSED = 11, 8
"""Off-topic texts that give a record, and pairs of senses that are not told apart, when this was written."""


def types_of(text: str) -> set[str]:
    return {claim.event.type for claim in code_text(text).claims}


def test_reports_of_sport_business_weather_and_culture_seldom_give_a_record() -> None:
    coded = [text for texts in OFF_TOPIC.values() for text in texts if types_of(text)]
    assert len(coded) <= MOST_CODED, "\n".join(coded)


def test_senses_of_a_word_are_told_apart() -> None:
    confused = [pair["word"] for pair in SENSES if pair["type"] in types_of(pair["other"])]
    missed = [pair["word"] for pair in SENSES if pair["type"] not in types_of(pair["event"])]
    assert len(confused) + len(missed) <= MOST_CONFUSED, (confused, missed)


@pytest.mark.parametrize("pair", SENSES, ids=lambda pair: f"{pair['word']} {pair['type']}")
def test_both_senses_of_a_pair_use_the_word(pair: dict[str, Any]) -> None:
    stem = pair["word"][:4]
    assert stem in pair["event"]
    assert stem in pair["other"]


def test_a_report_of_a_protest_is_more_relevant_than_one_of_a_match() -> None:
    protest = code_text("Riot police fired tear gas at protesters who marched on parliament to demand that the government resign.")
    match = code_text("The striker scored two goals and the keeper saved a penalty as the team won its first match of the season.")
    assert protest.relevance is not None
    assert match.relevance is not None
    assert match.relevance < 0.5 < protest.relevance
