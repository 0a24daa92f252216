"""Bodies of many countries by their name are not of the country that the report is about."""

from __future__ import annotations

import pytest

from dateline.knowledge.tables import read_csv
from tests.coding import code_text

ROWS = list(read_csv("actors/worldwide.csv"))


@pytest.mark.parametrize("word", [row["word"] for row in ROWS])
def test_its_name_says_that_it_is_of_many_countries(word: str) -> None:
    (claim,) = code_text(f"The {word} Association of Weavers condemned the mayor of Lima.").claims
    assert [a.actor.country for a in claim.event.actors] == ["NGO"]


@pytest.mark.parametrize("name", ["Lima Association of Weavers", "Association of Weavers"])
def test_any_other_body_is_of_the_country_of_the_report(name: str) -> None:
    (claim,) = code_text(f"The {name} condemned the mayor of Lima.").claims
    assert [a.actor.country for a in claim.event.actors] == ["PER"]
