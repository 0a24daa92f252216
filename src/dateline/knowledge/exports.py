"""What the formats of other programs are made of: their columns, and the codes that they have for what we code.

Tables: exports/columns.yaml, exports/codes.yaml and exports/countries.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dateline.knowledge.tables import read_csv, read_yaml


@dataclass(frozen=True)
class Column:
    """A column of a format: its name there, and what stands in it, for people."""

    name: str
    says: str


@cache
def columns_of(format: str) -> tuple[Column, ...]:
    """The columns of a format of rows, in order. Raises KeyError for a format that has none. Knowledge: exports/columns.yaml."""
    listed: list[dict[str, str]] = read_yaml("exports/columns.yaml")[format]
    return tuple(Column(name, says) for row in listed for name, says in row.items())


def names_of(format: str) -> tuple[str, ...]:
    """The names of a format's columns, in order."""
    return tuple(column.name for column in columns_of(format))


@dataclass(frozen=True)
class CountryCodes:
    """A country in other schemes; "" where a scheme has none. `fips` is FIPS 10-4, which GDELT goes by."""

    iso_numeric: str
    fips: str
    acled_region: str
    ucdp_region: str


@dataclass(frozen=True)
class Fineness:
    """Codes for how many days an event may have been on: (days at most, code), the last without end; and that of an assumed day."""

    steps: tuple[tuple[int | None, int], ...]
    assumed: int

    def code(self, days: int, *, is_assumed: bool) -> int:
        """The code for so many days, the first and the last included."""
        code = next(code for most, code in self.steps if most is None or days <= most)
        return max(code, self.assumed) if is_assumed else code


@dataclass(frozen=True)
class AcledCodes:
    """ACLED's codes. `kinds` has labels of the codes of actors, `sectors` a sector's code, `crowds` that of people
    who make up an event type, and in the sub-events `crowd_is_target` of those it was done to."""

    disorder: Mapping[str, str]
    kinds: Mapping[int, str]
    sectors: Mapping[str, int]
    external: int
    external_sectors: frozenset[str]
    crowds: Mapping[str, int]
    crowd_is_target: frozenset[str]
    civilians: int
    protesters: int
    targets_civilians: frozenset[str]
    may_target_civilians: frozenset[str]
    words: str
    geo_precision: Mapping[str, int]
    time_precision: Fineness


@dataclass(frozen=True)
class UcdpCodes:
    """UCDP's codes. `sides` are the sectors of a side whose dead are counted, `civilians` is our name of the side of civilians."""

    violence: Mapping[str, int]
    where_prec: Mapping[str, int]
    date_prec: Fineness
    sides: Mapping[str, frozenset[str]]
    civilians: str
    words_for_civilians: str


@dataclass(frozen=True)
class CameoCodes:
    """What CAMEO's data sets have beside the codes of actors and events. `geo_type`: (in the USA, elsewhere)."""

    quad_class: Mapping[str, int]
    penta_class: Mapping[str, int]
    geo_type: Mapping[str, tuple[int, int]]
    known_groups: frozenset[str]


@dataclass(frozen=True)
class ExportCodes:
    """All codes that the writers need."""

    countries: Mapping[str, CountryCodes]
    acled: AcledCodes
    ucdp: UcdpCodes
    cameo: CameoCodes
    not_in_plover: frozenset[str]


@cache
def load_export_codes() -> ExportCodes:
    """Knowledge: exports/codes.yaml and exports/countries.csv."""
    table = read_yaml("exports/codes.yaml")
    rows = read_csv("exports/countries.csv")
    countries = {r["iso3"]: CountryCodes(r["iso_numeric"], r["fips"], r["acled_region"], r["ucdp_region"]) for r in rows}
    cameo = table["cameo"]
    geo = {kind: (codes[0], codes[1]) for kind, codes in cameo["geo_type"].items()}
    classes = CameoCodes(cameo["quad_class"], cameo["penta_class"], geo, frozenset(cameo["known_groups"]))
    return ExportCodes(countries, _acled(table["acled"]), _ucdp(table["ucdp"]), classes, frozenset(table["not_in_plover"]))


def _acled(table: dict[str, Any]) -> AcledCodes:
    return AcledCodes(
        table["disorder"],
        {int(code): label for code, label in table["kinds"].items()},
        table["sectors"],
        table["external"]["kind"],
        frozenset(table["external"]["sectors"]),
        table["crowds"],
        frozenset(table["crowd_is_target"]),
        table["civilians"],
        table["protesters"],
        frozenset(table["targets_civilians"]),
        frozenset(table["may_target_civilians"]),
        table["words"],
        table["geo_precision"],
        _fineness(table["time_precision"], table["assumed_day"]),
    )


def _ucdp(table: dict[str, Any]) -> UcdpCodes:
    return UcdpCodes(
        table["violence"],
        table["where_prec"],
        _fineness(table["date_prec"], table["assumed_day"]),
        {side: frozenset(sectors) for side, sectors in table["sides"].items()},
        table["civilians"],
        table["words_for_civilians"],
    )


def _fineness(steps: list[dict[str, int]], assumed: int) -> Fineness:
    return Fineness(tuple((step.get("days"), step["code"]) for step in steps), assumed)
