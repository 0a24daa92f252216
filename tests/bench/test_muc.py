"""Templates are set against gold ones of the same incident only, one to one, and a gold entity is taken once."""

from __future__ import annotations

from typing import Any

import pytest

from bench.incidents import ROLES, Incidents, Template
from bench.muc import f1, pair_up
from tests.coding import code_text, loaded


def gold(incident: str, **roles: list[list[str]]) -> dict[str, Any]:
    return {"incident_type": incident} | {r: [[[m, 0] for m in entity] for entity in roles.get(r, [])] for r in ROLES}


def template(incident: str, **roles: list[str]) -> Template:
    made = Template(incident)
    for role, fillers in roles.items():
        for words in fillers:
            made.add(role, words)
    return made


def test_a_filler_is_right_when_it_is_one_of_the_mentions_of_an_entity_that_is_left() -> None:
    tally = pair_up(
        [template("attack", Victim=["the mayor", "Mayor Ruiz", "a nun"])],
        [gold("attack", Victim=[["mayor", "mayor ruiz"], ["two nuns"]])],
    )
    assert (tally.right["Victim"], tally.given["Victim"], tally.gold["Victim"]) == (1, 3, 2)


def test_another_incident_makes_nothing_right() -> None:
    tally = pair_up([template("arson", Target=["bus"])], [gold("bombing", Target=[["bus"]])])
    assert sum(tally.right.values()) == 0


def test_it_takes_the_pairing_that_makes_most_right() -> None:
    given = [template("attack", Victim=["ruiz"]), template("attack", Victim=["lopez"])]
    tally = pair_up(given, [gold("attack", Victim=[["lopez"]]), gold("attack", Victim=[["ruiz"]])])
    assert tally.right["Victim"] == tally.right["incident_type"] == 2


def test_figures_are_over_all_documents() -> None:
    tallies = [pair_up([template("attack")], [gold("attack"), gold("arson")]), pair_up([template("arson")], [])]
    assert f1(tallies, ("incident_type",)) == pytest.approx((0.5, 0.5, 0.5))


@pytest.mark.parametrize("count", [8, 9])
def test_many_templates_do_not_take_for_ever(count: int) -> None:
    tally = pair_up(
        [template("attack", Victim=[str(i)]) for i in range(count)], [gold("attack", Victim=[[str(i)]]) for i in range(count)]
    )
    assert tally.right["Victim"] == count


# ---------------------------------------------------------------- what makes a template of records


def incidents(text: str) -> list[Template]:
    return Incidents.read(loaded()[0].actors).templates(code_text(text))


def test_what_is_told_of_an_attack_in_several_sentences_is_one_template() -> None:
    [template] = incidents(
        "A car bomb exploded outside the town hall of Oruro on Monday. The explosion killed the mayor. "
        "Guerrillas of the Shining Path placed the bomb, police said."
    )
    assert template.incident == "bombing"
    assert template.fillers["Weapon"] == ["car bomb"]
    assert template.fillers["PerpInd"] == ["guerrillas"]
    assert template.fillers["PerpOrg"] == ["shining path"]


def test_a_kidnapping_and_an_attack_on_somebody_else_are_two() -> None:
    text = "Gunmen kidnapped Ana Quispe on Monday. On Tuesday rebels shot dead Luis Mamani in another town."
    assert [(t.incident, t.fillers["Victim"]) for t in incidents(text)] == [
        ("kidnapping", ["ana quispe"]),
        ("attack", ["luis mamani"]),
    ]


def test_battles_are_no_incidents() -> None:
    assert incidents("Soldiers killed six guerrillas in the hills on Monday.") == []


def test_buildings_and_vehicles_are_targets() -> None:
    [template] = incidents("Gunmen destroyed two gas stations and a bus on Monday.")
    assert template.fillers["Target"] == ["gas stations", "bus"]
