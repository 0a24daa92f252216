"""What looks like a place and is none, and adjectives of places that are no countries."""

from __future__ import annotations

import csv

import pytest

from dateline.knowledge.places import Gazetteer, load_countries, load_gazetteer
from dateline.knowledge.tables import TABLES
from dateline.mentions.places import find_places
from dateline.mentions.toponyms import find_toponyms
from dateline.records import EntityKind, PlaceKind
from tests.mentions.reading import document
from tests.mentions.test_places import tagged


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / "places" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.mark.parametrize("row", [r for r in rows("not_places.csv") if r["kind"] != "road"], ids=lambda row: row["word"])
def test_it_sees_no_place_in_the_example(row: dict[str, str], gazetteer: Gazetteer) -> None:
    """Although the reader took the words before the follower, or the language, for a place."""
    text = row["example"].rstrip(".")
    sentence = tagged(text, (row["name"], EntityKind.LOCATION))
    assert find_toponyms(document(text), [sentence], gazetteer) == ()


@pytest.mark.parametrize("row", [r for r in rows("not_places.csv") if r["kind"] == "road"], ids=lambda row: row["word"])
def test_a_road_does_not_stand_in_the_place_of_its_name(row: dict[str, str], gazetteer: Gazetteer) -> None:
    text = row["example"].rstrip(".")
    road = text[text.index(row["name"]) :]
    (mention,) = find_places(document(text), [tagged(text, (road, EntityKind.FACILITY))], gazetteer)
    assert mention.name == road
    assert mention.place is None


@pytest.mark.parametrize("row", rows("region_adjectives.csv"), ids=lambda row: row["adjective"])
def test_every_adjective_has_its_place(row: dict[str, str], gazetteer: Gazetteer) -> None:
    place = gazetteer.place_of_adjective(row["adjective"])
    assert place is not None
    assert place.kind in (PlaceKind.REGION, PlaceKind.ADMIN1, PlaceKind.CITY)


def test_the_adjective_of_a_country_has_the_country(gazetteer: Gazetteer) -> None:
    place = gazetteer.place_of_adjective("Danish")
    assert place is not None
    assert (place.kind, place.country, place.point) == (PlaceKind.COUNTRY, "DNK", None)
    assert gazetteer.place_of_adjective("green") is None


def test_an_adjective_of_two_tables_has_one_country(gazetteer: Gazetteer) -> None:
    for row in rows("region_adjectives.csv"):
        place, country = gazetteer.place_of_adjective(row["adjective"]), gazetteer.country_of_adjective(row["adjective"])
        assert place is not None
        assert country is None or place.country in (None, country)
        assert country is None or country in load_countries()
