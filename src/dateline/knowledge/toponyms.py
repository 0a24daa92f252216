"""Words about toponyms: what is no place although it looks like one, and adjectives of places that are no countries.

Tables: places/not_places.csv, places/region_adjectives.csv. Adjectives of countries are in places/countries.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dateline.knowledge.tables import read_csv


@dataclass(frozen=True)
class ToponymWords:
    """`followers` are words after which a name is none ("West Nile virus"), `languages` names of languages, `bodies` names
    of armed groups and the like that sound like a state's ("Islamic State"), `roads` words for
    roads, which are elsewhere than the place they are named after ("London Road"); all in lower case.

    `adjectives` maps an adjective in lower case ("siberian") to the name of its place.
    """

    followers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    roads: frozenset[str] = frozenset()
    adjectives: Mapping[str, str] = field(default_factory=dict)


def load_toponym_words() -> ToponymWords:
    rows = read_csv("places/not_places.csv")
    return ToponymWords(
        frozenset(row["word"] for row in rows if row["kind"] == "follower"),
        frozenset(row["word"] for row in rows if row["kind"] == "language"),
        frozenset(row["word"] for row in rows if row["kind"] == "body"),
        frozenset(row["word"] for row in rows if row["kind"] == "road"),
        {row["adjective"].lower(): row["place"] for row in read_csv("places/region_adjectives.csv")},
    )
