"""Toponyms and the places they stand for. Specs: tests/specs/places.yaml."""

from __future__ import annotations

import csv
import math
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.places import Gazetteer, fold, load_countries, load_gazetteer
from dateline.knowledge.tables import TABLES
from dateline.mentions.places import find_places, main_country
from dateline.records import Entity, EntityKind, PlaceKind, Sentence, Span, Token
from tests.mentions.reading import document, read

SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "places.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def models() -> Any:
    from dateline.language.models import MissingModelError, load_models

    try:
        return load_models()
    except MissingModelError as missing:
        pytest.skip(str(missing))


NOT_YET = pytest.mark.xfail(reason="not yet", strict=True)


@pytest.mark.parametrize("spec", [pytest.param(s, id=s["text"], marks=NOT_YET if s.get("not_yet") else ()) for s in SPECS])
def test_it_resolves(spec: dict[str, Any], gazetteer: Gazetteer, models: Any) -> None:
    shown, sentences = read(spec["text"], models)
    found = {m.name: m for m in find_places(shown, sentences, gazetteer)}
    for name, (place_name, kind, country, *within) in spec.get("places", {}).items():
        mention = next((m for n, m in found.items() if n == name or n.startswith(name)), None)
        assert mention is not None, f"{name} not found in {list(found)}"
        assert mention.place is not None
        assert (mention.place.name, mention.place.kind.value, mention.place.country) == (place_name, kind, country)
        assert not within or within[0] in (mention.place.within, mention.place.admin1)
        assert mention.place.kind not in (PlaceKind.COUNTRY, PlaceKind.REGION) or mention.place.point is None
    for name, country in spec.get("adjectives", {}).items():
        mention = found[name]
        assert mention.is_adjective
        assert mention.place is not None
        assert mention.place.country == country
    named = {m.name for m in found.values() if not m.is_adjective}
    assert not named & set(spec.get("nothing", ()))
    assert all(found[name].place is None for name in spec.get("unplaced", ()))


def tagged(text: str, *names: tuple[str, EntityKind]) -> Sentence:
    """A sentence of bare words with the names given."""
    tokens, start = [], 0
    for index, word in enumerate(text.split()):
        start = text.index(word, start)
        upos = "PROPN" if word[0].isupper() else "NOUN"
        tokens.append(Token(index, Span(start, start + len(word)), word, word.lower(), upos, "NNP", -1 if index == 0 else 0, "dep"))
        start += len(word)
    entities = tuple(Entity(Span(text.index(n), text.index(n) + len(n)), kind) for n, kind in names)
    return Sentence(0, 0, Span(0, len(text)), tuple(tokens), entities)


def test_it_gives_no_point_to_a_country(gazetteer: Gazetteer) -> None:
    text = "protests in Belarus"
    (mention,) = find_places(document(text), [tagged(text, ("Belarus", EntityKind.LOCATION))], gazetteer)
    assert mention.place is not None
    assert mention.place.kind is PlaceKind.COUNTRY
    assert mention.place.point is None


def test_it_places_an_unknown_street_inside_the_city_named_with_it(gazetteer: Gazetteer) -> None:
    text = "march on Zubrova Street in Vilnius"
    names = (("Zubrova Street", EntityKind.FACILITY), ("Vilnius", EntityKind.LOCATION))
    street, _ = find_places(document(text), [tagged(text, *names)], gazetteer)
    assert street.place is not None
    assert (street.place.kind, street.place.within, street.place.geonames) == (PlaceKind.FACILITY, "Vilnius", None)


def test_it_says_why_a_name_has_no_place(gazetteer: Gazetteer) -> None:
    text = "fighting near Qwzxopolis"
    (mention,) = find_places(document(text), [tagged(text, ("Qwzxopolis", EntityKind.LOCATION))], gazetteer)
    assert mention.place is None
    assert "no entry" in mention.origin.by


def test_it_finds_nothing_where_no_place_is_named(gazetteer: Gazetteer) -> None:
    assert find_places(document("nothing here"), [tagged("nothing here")], gazetteer) == ()


def test_it_takes_the_country_named_most(gazetteer: Gazetteer) -> None:
    text = "Minsk and Brest and Berlin"
    sentence = tagged(text, ("Minsk", EntityKind.LOCATION), ("Brest", EntityKind.LOCATION), ("Berlin", EntityKind.LOCATION))
    places = find_places(document(text), [sentence], gazetteer)
    assert main_country(places, document(text)) == "BLR"


@pytest.mark.parametrize(
    ("name", "folded"),
    [("St. Petersburg", "saint petersburg"), ("the Gaza Strip", "gaza strip"), ("Côte d'Ivoire", "cote divoire"), ("U.S.", "us"),
     ("Deir ez-Zor", "deir ez zor"), ("Belarus’s", "belarus")],
)  # fmt: skip
def test_it_folds_names_for_comparison(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_it_opens_the_compiled_gazetteer_fast(gazetteer: Gazetteer) -> None:
    start = time.process_time()
    load_gazetteer(gazetteer.path).find("Minsk")
    assert time.process_time() - start < 0.5  # 5 ms when the machine is idle


def test_it_travels_to_another_process(gazetteer: Gazetteer) -> None:
    copy = pickle.loads(pickle.dumps(gazetteer))
    assert copy.find("Minsk")[0].place.country == "BLR"


def test_every_unit_of_the_table_stands_where_its_cities_are(gazetteer: Gazetteer) -> None:
    for row in rows("places/admin1.csv"):
        found = [
            c for c in gazetteer.find(row["name"], 12) if c.place.kind is PlaceKind.ADMIN1 and c.place.country == row["country"]
        ]
        assert found, row["name"]
        assert found[0].place.point is not None
        assert all(math.isfinite(part) for part in found[0].place.point)


def test_the_country_table_has_every_code_once_and_no_adjective_twice() -> None:
    countries = load_countries()
    assert len(countries) > 240
    adjectives = [fold(a) for c in countries.values() for a in c.adjectives]
    assert len(adjectives) == len(set(adjectives))
    assert all(row["source"] for name in ("countries", "admin1", "regions", "words") for row in rows(f"places/{name}.csv"))


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
