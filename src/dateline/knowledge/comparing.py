"""When events of two coders are taken for one happening: the parts of the score and their weights.

Table: comparing.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class MatchRules:
    """`within` days may lie between two events and `kilometres` between their points; a pair is taken from `least` on.

    `weights` add up to 1; `place`, `kind` and `parties` say how much of its part each finding is worth. `near` has both orders of
    the types that coders put one thing under.
    """

    within: int
    kilometres: float
    same_kilometres: float
    least: float
    weights: Mapping[str, float]
    place: Mapping[str, float]
    kind: Mapping[str, float]
    parties: Mapping[str, float]
    near: frozenset[tuple[str, str]]


def load_match_rules() -> MatchRules:
    """Knowledge: comparing.yaml."""
    table = read_yaml("comparing.yaml")
    pairs = [tuple(row["types"]) for row in table["near_types"]]
    return MatchRules(
        within=table["within"],
        kilometres=float(table["kilometres"]),
        same_kilometres=float(table["same_kilometres"]),
        least=table["least"],
        weights=table["weights"],
        place=table["place"],
        kind=table["kind"],
        parties=table["parties"],
        near=frozenset((a, b) for one, other in pairs for a, b in ((one, other), (other, one))),
    )
