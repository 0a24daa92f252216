"""Who did harm that somebody claims or is blamed for, as the examples of knowledge/blame.yaml have it."""

from __future__ import annotations

from typing import Any

import pytest

from dateline.knowledge.blame import TABLE
from dateline.knowledge.tables import read_yaml
from dateline.records import EventMention, How
from tests.coding import code_text

KNOWN: dict[str, list[dict[str, Any]]] = read_yaml(TABLE)


def killings(text: str, trigger: str) -> list[EventMention]:
    return [c.event for c in code_text(text).claims if c.event.trigger.of(text) == trigger and c.event.type == "ASSAULT"]


@pytest.mark.parametrize("example", KNOWN["examples"], ids=lambda e: e["text"])
def test_whoever_claims_it_or_is_blamed_did_it(example: dict[str, Any]) -> None:
    text = example["text"]
    events = killings(text, example["trigger"])
    assert events, "not coded"
    [actor] = events[0].actors
    assert actor.span is not None
    assert example["actor"] in actor.span.of(text)
    assert actor.origin.how is How.INFERRED


@pytest.mark.parametrize("example", KNOWN["near_misses"], ids=lambda e: e["text"])
def test_nobody_else_did(example: dict[str, Any]) -> None:
    text = example["text"]
    events = killings(text, example["trigger"])
    assert all(not e.actors for e in events)
