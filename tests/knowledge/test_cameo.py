"""The crosswalk to CAMEO covers our sectors and types, and writes codes as that scheme does."""

from __future__ import annotations

import pytest

from dateline.knowledge.actors import BODIES, SECTORS
from dateline.knowledge.cameo import Cameo, load_cameo
from dateline.knowledge.ontology import load_ontology


@pytest.fixture(scope="module")
def cameo() -> Cameo:
    return load_cameo()


def test_every_sector_and_side_has_a_code(cameo: Cameo) -> None:
    assert cameo.sectors.keys() >= SECTORS
    assert cameo.sides.keys() == BODIES


def test_every_type_but_our_own_two_has_a_root(cameo: Cameo) -> None:
    types = load_ontology().types
    assert {kind for kind in types if cameo.root(kind, None) is None} == {"ELECTION", "VOTE"}


def test_every_mode_with_a_root_of_its_own_is_a_mode_of_that_type(cameo: Cameo) -> None:
    types = load_ontology().types
    assert all(kind in types and (mode is None or mode in types[kind].modes) for kind, mode in cameo.roots)


def test_the_root_of_a_mode_goes_before_that_of_its_type(cameo: Cameo) -> None:
    assert cameo.root("ACCUSE", "investigate") == "09"
    assert cameo.root("ACCUSE", "allege") == "11"


@pytest.mark.parametrize(
    ("name", "country", "sector", "is_state", "code"),
    [
        ("Ghana", "GHA", "GOV", True, "GHA"),
        ("Ghanaian government", "GHA", "GOV", False, "GHAGOV"),
        ("insurgents", None, "REB", False, "---REB"),
        ("European Union", "EUR", "IGO", False, "IGOEUREEC"),
        ("UN soldiers", "UNO", "MIL", False, "IGOUNOMIL"),
        ("reporters", "KEN", "JRN", False, "KENMED"),
        ("nurses", "KEN", "MED", False, "KENHLH"),
        ("Kenyan demonstrators", "KEN", "CVL", False, "KENOPP"),
        ("Kenyan villagers", "KEN", "CVL", False, "KENCVL"),
        ("somebody", None, None, False, "---"),
    ],
)
def test_an_actor_is_written_as_side_and_sector(
    cameo: Cameo, name: str, country: str | None, sector: str | None, is_state: bool, code: str
) -> None:
    assert cameo.actor_code(name, country, sector, is_state=is_state) == code
