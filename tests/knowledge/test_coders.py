"""The tables of other coders against the ontology and against the way there."""

from __future__ import annotations

import pytest

from dateline.knowledge.coders import SCHEMES, Scheme, load_scheme
from dateline.knowledge.crosswalks import load_crosswalks
from dateline.knowledge.ontology import load_ontology

SECTORS = {"GOV", "LEG", "JUD", "MIL", "COP", "SPY", "PRM", "REB", "UAF", "CRM", "PTY", "OPP", "LAB", "AGR", "BUS", "EDU", "MED",
           "JRN", "REL", "SOC", "CVL", "REF", "ELI", "MNC", "IGO", "IMG"}  # fmt: skip


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return load_scheme(request.param)


def test_types_and_modes_are_those_of_the_ontology(scheme: Scheme) -> None:
    types = load_ontology().types
    for kind in scheme.types.values():
        assert kind.type is None or kind.mode is None or kind.mode in types[kind.type].modes, kind


def test_sectors_are_those_of_plover(scheme: Scheme) -> None:
    told = {*scheme.sectors.values(), *(s for _, s in scheme.words), *(s for pair in scheme.sides.values() for s in pair)}
    assert told <= SECTORS


def test_what_we_call_something_of_theirs_comes_back_as_a_type_that_may_be_called_so() -> None:
    crosswalks = load_crosswalks()
    acled, gdelt = load_scheme("acled"), load_scheme("gdelt")
    types_of: dict[tuple[str, str], set[str]] = {}
    cameo_of: dict[str, set[str]] = {}
    for type, rows in crosswalks.rows.items():
        for row in rows:
            if row.codes.acled:
                types_of.setdefault(row.codes.acled, set()).add(type)
            if row.codes.cameo:
                cameo_of.setdefault(row.codes.cameo, set()).add(type)
    for _, sub_event in crosswalks.incidents:
        types_of.setdefault(sub_event, set()).update({"PROTEST", "ASSAULT"})
    for pair, types in types_of.items():
        back = acled.type_of(*pair)
        assert back is not None, pair
        assert back.type in types | ({"AGREE"} if pair[1] == "Agreement" else set()), pair
    for code, types in cameo_of.items():
        back = gdelt.type_of(code)
        assert back is not None, code
        assert back.type in types, code


def test_the_longest_code_that_a_row_begins_with_is_taken() -> None:
    gdelt = load_scheme("gdelt")
    assert [kind and (kind.type, kind.mode) for kind in map(gdelt.type_of, ("1411", "0214", "99"))] == [
        ("PROTEST", "demo"), ("REQUEST", None), None,
    ]  # fmt: skip


def test_countries_are_known_by_name_number_and_fips() -> None:
    countries = load_scheme("gdelt").countries
    assert countries.of_name("Myanmar (Burma)") == "MMR"
    assert countries.of_name("Bosnia-Herzegovina") == "BIH"
    assert (countries.by_number["112"], countries.by_fips["BO"]) == ("BLR", "BLR")
    assert countries.of_name("Nowhere") is None
