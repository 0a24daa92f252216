"""Who and what is harmed: people named one by one, things and not their owners, what a bomb goes off at."""

from __future__ import annotations

import pytest

from tests.coding import code_text


def harmed(text: str) -> list[str]:
    return [p.actor.name for c in code_text(text).claims if c.event.type == "ASSAULT" for p in c.event.recipients]


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Guerrillas murdered the nuns Ana Mora, Rita Soto and Juana Cruz.", ["nuns", "Ana Mora", "Rita Soto", "Juana Cruz"]),
        ("Guerrillas attacked the homes of two judges with dynamite.", ["homes"]),
        ("A bomb exploded near the television building.", ["television building"]),
        ("Guerrillas attacked two judges in the town.", ["two judges"]),
    ],
)
def test_it_knows_who_or_what_is_harmed(text: str, recipients: list[str]) -> None:
    assert [r.removeprefix("two ") for r in harmed(text)] == [r.removeprefix("two ") for r in recipients]


def test_where_force_of_another_kind_is_used_is_nobody_harmed() -> None:
    assert harmed("Gunmen killed a judge near the television building.") == ["judge"]


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("A woman was killed and five others were wounded when a mine exploded.", ["woman", "people"]),
        ("A man was killed and five more were wounded in an attack.", ["man", "people"]),
        ("A clerk was shot and another was stabbed by robbers.", ["clerk", "another person"]),
    ],
)
def test_those_beside_one_person_are_other_people(text: str, recipients: list[str]) -> None:
    assert harmed(text)[:2] == recipients


def test_who_takes_responsibility_for_a_bombing_did_it_and_yields_nothing() -> None:
    claims = code_text("The Red Front accepted responsibility for the bombings.").claims
    assert [(c.event.type, [p.actor.name for p in c.event.actors]) for c in claims] == [("ASSAULT", ["Red Front"])]
