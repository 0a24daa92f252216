"""Titles and who held them on a day. The examples stand in the table: actors/titles.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.office_titles import load_titles

ADJECTIVES = ("embattled",)


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


@pytest.mark.parametrize("example", load_titles().examples, ids=lambda e: f"{e['phrase']} of {e['country']}")
def test_it_knows_who_is_meant(example: Mapping[str, Any], knowledge: ActorKnowledge) -> None:
    index = knowledge.office_index
    titled = index.taken_apart(example["phrase"], ADJECTIVES.__contains__, knowledge.country_called)
    holder = index.holder(titled, example["country"], example["day"]) if titled else None
    assert (holder.name if holder else None) == example["holder"]


def test_it_finds_a_holder_under_another_spelling(knowledge: ActorKnowledge) -> None:
    from datetime import date

    assert {o.name for o in knowledge.offices_of("Moammar Kadhafi")} == {"Muammar Gaddafi"}
    assert {o.name for o in knowledge.holder_by_surname("Lukashenka", date(2020, 8, 18))} == {"Alexander Lukashenko"}
    assert knowledge.offices_of("Moammar Kadhim") == ()
