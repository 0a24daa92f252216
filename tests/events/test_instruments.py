"""What an event was done with, as the examples of knowledge/weapons.yaml have it."""

from __future__ import annotations

from typing import Any

import pytest

from dateline.knowledge.tables import read_yaml
from dateline.knowledge.weapons import TABLE, load_weapons
from tests.coding import code_text

EXAMPLES: list[dict[str, Any]] = read_yaml(TABLE)["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["text"])
def test_an_event_has_the_instruments_of_its_example(example: dict[str, Any]) -> None:
    text = example["text"]
    events = [c.event for c in code_text(text).claims if c.event.trigger.of(text) == example["trigger"]]
    assert events, "not coded"
    assert {i.name: i.kind for i in events[0].instruments} == example["instruments"]
    assert all(i.span.of(text) == i.name for i in events[0].instruments)


def test_the_longest_phrase_says_what_a_weapon_is() -> None:
    weapons = load_weapons()
    assert weapons.kind_of(["grenade"]) == "explosive"
    assert weapons.kind_of(["tear", "gas", "grenade"]) == weapons.kind_of(["tear-gas", "grenade"]) == "crowd control"
    assert weapons.kind_of(["garden"]) is None


def test_what_the_police_seize_is_no_instrument() -> None:
    text = "Police seized two rifles and a bomb in the flat."
    assert not any(c.event.instruments for c in code_text(text).claims)


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("Police fired rubber bullets and tear gas at the crowd.", ["crowd-control"]),
        ("Police fired rubber bullets and live rounds at the crowd.", ["firearms"]),
        ("Two farmers were killed with machetes in the valley.", ["primitive"]),
        ("Two farmers were killed in the valley.", [None]),
    ],
)
def test_a_mode_that_no_word_tells_is_that_of_the_instruments(text: str, modes: list[str | None]) -> None:
    assert [c.event.mode for c in code_text(text).claims if c.event.type == "ASSAULT"] == modes
