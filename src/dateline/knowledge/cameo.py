"""CAMEO's codes for what we code in PLOVER's: actors with their sectors, and two-digit roots; for comparison with older data.

Table: ontology/cameo.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dateline.knowledge.tables import read_yaml

NO_COUNTRY = "---"
"""What CAMEO's programs write for a country that is not known: "---REB"."""


@dataclass(frozen=True)
class Cameo:
    """The crosswalk. `sides`: side -> (code, the sector it goes without); `roots`: (type, mode or None) -> root."""

    sides: Mapping[str, tuple[str, str]]
    sectors: Mapping[str, str]
    nouns: Mapping[str, str]
    roots: Mapping[tuple[str, str | None], str]
    intents: Mapping[str, str]
    """What type an act of a type is while it is only meant to be done: AGREE or THREATEN."""
    intending: frozenset[str]
    """Verbs of meaning to do, by lemma."""

    def actor_code(self, name: str, country: str | None, sector: str | None, *, is_state: bool = False) -> str:
        """The code of an actor: his side and his sector, "RUSMIL", "IGOUNO", "---REB". Nothing known: "---".

        `is_state`: a country named as such, without an agent, is written without a sector ("RUS"). A noun the scheme puts
        elsewhere (`nouns`) goes before the sector.
        """
        side, without = self.sides.get(country or "", (country or NO_COUNTRY, ""))
        if is_state or sector is None or sector == without:
            return side
        head = name.split()[-1].lower() if name.split() else ""
        return side + (self.nouns.get(head) or self.nouns.get(head.removesuffix("s")) or self.sectors[sector])

    def root(self, kind: str, mode: str | None) -> str | None:
        """The two-digit root of a type and mode; of one that CAMEO does not have (an ELECTION, a VOTE): None."""
        return self.roots.get((kind, mode)) or self.roots.get((kind, None))


def load_cameo() -> Cameo:
    """Knowledge: ontology/cameo.yaml."""
    table = read_yaml("ontology/cameo.yaml")
    return Cameo(
        {row["side"]: (row["code"], row["sector"]) for row in table["sides"]},
        {row["sector"]: row["code"] for row in table["sectors"]},
        {noun: row["code"] for row in table["nouns"] for noun in row["nouns"]},
        {(row["type"], row.get("mode")): row["root"] for row in table["roots"]},
        {kind: intent for intent, kinds in table["intents"].items() for kind in kinds},
        frozenset(table["intending"]),
    )
