"""What keeps two tellings of one kind apart, whatever else they share.

Table: linking/exclusions.yaml, whose examples run as tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from dateline.knowledge.ontology import load_codebook
from dateline.knowledge.tables import read_yaml


class When(StrEnum):
    """What two tellings must differ in to be kept apart; the file says each in words."""

    OTHER_ACTORS = "other actors"
    OTHER_SIDES = "other sides"
    OTHER_NAMES = "other names"
    OTHER_PEOPLE = "other people"
    OTHER_COUNTERPARTS = "other counterparts"
    OTHER_VICTIMS = "other victims"
    OTHER_COUNTRY = "other country"
    OTHER_TOWN = "other town"
    OTHER_DAY = "other day"
    OTHER_MATTER = "other matter"
    NOTHING_IN_COMMON = "nothing in common"
    OTHER_FIGURES = "other figures"


@dataclass(frozen=True)
class Exclusion:
    """A rule of linking/exclusions.yaml. `modes` empty: any; `counts` and `factor` are of OTHER_FIGURES alone, `words`
    of NOTHING_IN_COMMON."""

    id: str
    types: tuple[str, ...]
    when: When
    why: str
    modes: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    factor: float = 1.0
    apart: tuple[tuple[str, str], ...] = ()
    not_apart: tuple[tuple[str, str], ...] = ()


@cache
def load_sides() -> Mapping[str, str]:
    """PLOVER sector -> the side it is on, the kinds of ontology/sectors.yaml; those that may be on any side are left out."""
    return {sector.id: sector.kind for sector in load_codebook().sectors if sector.kind not in {"partial", "unknown"}}


@cache
def load_exclusions() -> tuple[Exclusion, ...]:
    """What keeps two tellings apart whatever else they share, in the order of the file."""
    return tuple(_exclusion(row) for row in read_yaml("linking/exclusions.yaml"))


def _exclusion(row: Mapping[str, Any]) -> Exclusion:
    return Exclusion(
        id=row["id"],
        types=tuple(row["types"]),
        when=When(row["when"]),
        why=row["why"],
        modes=tuple(row.get("modes", ())),
        counts=tuple(row.get("counts", ())),
        words=tuple(row.get("words", ())),
        factor=row.get("factor", 1.0),
        apart=tuple((one, other) for one, other in row["apart"]),
        not_apart=tuple((one, other) for one, other in row["not_apart"]),
    )
