"""The error listings say in one word what is wrong with who and whom."""

from __future__ import annotations

import pytest

from bench.sides import Triple, fault

GOLD: list[Triple] = [("NOR", "PER", "ACCUSE")]


@pytest.mark.parametrize(
    ("ours", "wrong"),
    [
        ([("NOR", "PER", "ACCUSE")], None),
        ([("NOR", "PER", "ACCUSE"), ("NOR", "CHL", "AID")], "extra"),
        ([("NOR", "PER", "REJECT")], "type"),
        ([], "type"),
        ([("PER", "NOR", "ACCUSE")], "order"),
        ([("NOR", "CHL", "ACCUSE")], "recipient"),
        ([("CHL", "PER", "ACCUSE")], "actor"),
        ([("CHL", "DNK", "ACCUSE")], "both"),
    ],
)
def test_it_names_what_keeps_the_triples_from_the_golds(ours: list[Triple], wrong: str | None) -> None:
    assert fault(ours, GOLD) == wrong
