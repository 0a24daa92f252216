"""What coreference knows beside its trained weights: the pronouns and how they agree.

Tables: coreference/pronouns.yaml. Each family's examples and near misses run as tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class Pronoun:
    """A family of pronoun forms. `number`: sing, plur or either; `gender`: m, f, n or any."""

    family: str
    person: int
    number: str
    gender: str


@dataclass(frozen=True)
class PronounExample:
    """A text with the family's forms in brackets; `is_match` False: a near miss, without any."""

    family: str
    text: str
    is_match: bool


@dataclass(frozen=True)
class PronounTable:
    """Lower-case form -> family."""

    forms: Mapping[str, Pronoun]
    examples: tuple[PronounExample, ...]


@cache
def load_pronouns() -> PronounTable:
    """The table, checked. Raises ValueError naming a family whose values are not as they should be, or a form given twice."""
    forms: dict[str, Pronoun] = {}
    examples: list[PronounExample] = []
    for family, row in read_yaml("coreference/pronouns.yaml").items():
        pronoun = _pronoun(family, row)
        for form in row["forms"]:
            if form in forms:
                raise ValueError(f"coreference/pronouns.yaml: {form!r} is given twice ({family})")
            forms[form] = pronoun
        examples += [PronounExample(family, text, True) for text in row["examples"]]
        examples += [PronounExample(family, text, False) for text in row.get("near_misses", ())]
    return PronounTable(forms, tuple(examples))


def _pronoun(family: str, row: Mapping[str, Any]) -> Pronoun:
    pronoun = Pronoun(family, row["person"], row["number"], row["gender"])
    fits = pronoun.person in (1, 2, 3) and pronoun.number in ("sing", "plur", "either") and pronoun.gender in ("m", "f", "n", "any")
    if not fits:
        raise ValueError(f"coreference/pronouns.yaml: {family} has values it may not have: {row}")
    return pronoun
