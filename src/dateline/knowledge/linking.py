"""What linking knows beforehand: families of words, how far words are apart, and what each sign of a pair of tellings is worth.

Tables: linking/families.yaml and irregular_verbs.yaml (word families), linking/vectors.npz (words near in meaning, made by
`python -m training.linking`), linking/features.yaml (each sign and its levels, in words) and linking/weights.json (what each level
weighs); linking/rarity.csv (which words are rare in news).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.tables import TABLES, read_rows, read_yaml

WEIGHTS = TABLES / "linking" / "weights.json"
NEWS = TABLES / "linking" / "news.json"
VECTORS = TABLES / "linking" / "vectors.npz"


@dataclass(frozen=True)
class Lexis:
    """What is known of words beforehand. `irregular`: form -> the verb's plain form; `families`: word -> its family's first word.

    `vectors` has a row of unit length for each of `known` (stem -> row): words near in meaning are near there. Without any, words
    of different stems are strangers.
    """

    irregular: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 1), np.float32))
    seen: Mapping[str, int] = field(default_factory=dict)
    """Stem -> documents that had it, of `documents` that were counted beforehand (linking/rarity.csv)."""
    documents: int = 0
    mutual: frozenset[str] = frozenset()
    """Types in which either party can be told of as the one that acts (linking/mutual.yaml)."""


def load_lexis(path: Path = VECTORS) -> Lexis:
    """Families, irregular forms, rarity, and the vectors if the file is there."""
    seen, documents = load_rarity()
    if not path.exists():
        return Lexis(load_irregular_forms(), load_families(), seen=seen, documents=documents, mutual=load_mutual())
    with np.load(path) as stored:
        vectors = stored["vectors"].astype(np.float32)
        known = {str(word): row for row, word in enumerate(stored["words"])}
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Lexis(load_irregular_forms(), load_families(), known, vectors, seen, documents, load_mutual())


@cache
def load_mutual() -> frozenset[str]:
    """Types in which either party can be told of as the one that acts."""
    return frozenset(read_yaml("linking/mutual.yaml")["types"])


@cache
def load_families() -> Mapping[str, str]:
    """Word -> the first word of its family. Raises ValueError naming a word that stands in two families."""
    families: dict[str, str] = {}
    for name, others in read_yaml("linking/families.yaml").items():
        for word in (name, *others):
            if word in families:
                raise ValueError(f"linking/families.yaml: {word!r} is in the families {families[word]!r} and {name!r}")
            families[word] = name
    return families


@cache
def load_irregular_forms() -> Mapping[str, str]:
    """Past form or participle -> the verb; a form of two verbs belongs to the first."""
    forms: dict[str, str] = {}
    for verb, pasts in read_yaml("irregular_verbs.yaml").items():
        for form in pasts:
            forms.setdefault(form, verb)
    return forms


EVERY = "(documents)"
"""The row of linking/rarity.csv that says how many documents were counted; no stem has brackets."""


@cache
def load_rarity() -> tuple[Mapping[str, int], int]:
    """Stem -> documents that had it, and how many were counted (linking/rarity.csv, made by `python -m training.rarity`)."""
    seen = {stem: int(documents) for stem, documents in read_rows("linking/rarity.csv", ("stem", "documents"))}
    return seen, seen.pop(EVERY)


# ---------------------------------------------------------------- what a pair is worth


@dataclass(frozen=True)
class SignWeights:
    """A sign's levels. `cuts` are the lower bounds of all levels but the first; `says` and `weights` (log-odds) have one each."""

    cuts: NDArray[np.float32]
    says: tuple[str, ...]
    weights: NDArray[np.float64]


@dataclass(frozen=True)
class PairWeights:
    """What each sign of a pair weighs. `together`: for two signs, [level of the first, level of the second], beside their own."""

    start: float
    signs: Mapping[str, SignWeights]
    together: Mapping[tuple[str, str], NDArray[np.float64]]


Levels = Mapping[str, tuple[NDArray[np.float32], tuple[str, ...]]]
"""A sign's cuts, and the words for its levels."""


def load_levels(name: str = "linking/features.yaml") -> Levels:
    """Each sign's cuts and the words for its levels. Raises ValueError naming a sign that has not one text a level."""
    return levels_of_rows(name, read_yaml(name))


def levels_of_rows(table: str, rows: Mapping[str, Any]) -> Levels:
    levels = {}
    for name, row in rows.items():
        cuts, says = np.array(row["cuts"], np.float32), row["says"]
        if isinstance(says, str):
            says = [row.get("unknown", says), *[says] * len(cuts)]
        if len(says) != len(cuts) + 1 or (np.diff(cuts) <= 0).any():
            raise ValueError(f"{table}: {name!r} has {len(says)} texts for {len(cuts)} cuts, or cuts out of order")
        levels[name] = (cuts, tuple(says))
    return levels


def load_pair_weights(path: Path = WEIGHTS) -> PairWeights:
    """The weights. Raises ValueError naming a sign whose weights do not fit its levels."""
    return pair_weights(json.loads(path.read_text(encoding="utf-8")), load_levels(), path.name)


def pair_weights(written: Mapping[str, Any], levels: Levels, where: str) -> PairWeights:
    """The weights as they are written, beside their levels."""
    signs = {}
    for name, (cuts, says) in levels.items():
        weights = np.array(written["signs"].get(name, ()), np.float64)
        if len(weights) != len(says):
            raise ValueError(f"{where}: {name!r} has {len(weights)} weights for {len(says)} levels")
        signs[name] = SignWeights(cuts, says, weights)
    together = {}
    for names, rows in written["together"].items():
        first, second = names.split(" & ")
        weights = np.array(rows, np.float64)
        if weights.shape != (len(signs[first].weights), len(signs[second].weights)):
            raise ValueError(f"{where}: {names!r} has weights of the shape {weights.shape}")
        together[first, second] = weights
    return PairWeights(float(written["start"]), signs, together)


# ---------------------------------------------------------------- what a pair of reports is worth


@dataclass(frozen=True)
class NewsWeights:
    """What each sign of a pair of reports weighs. `counts`: how much a telling of a type counts for the middle of its report.

    `share`: how many of the pairs that the weights were learned from are of one happening.
    """

    counts: Mapping[str, float]
    weights: PairWeights
    share: float


def load_news_weights() -> NewsWeights:
    """linking/news.yaml and news.json. Raises ValueError naming a sign whose weights do not fit its levels."""
    table, written = read_yaml("linking/news.yaml"), json.loads(NEWS.read_text(encoding="utf-8"))
    weights = pair_weights(written, levels_of_rows("linking/news.yaml", table["signs"]), NEWS.name)
    return NewsWeights(table["counts"], weights, float(written["share"]))


@cache
def load_types_together() -> Mapping[str, frozenset[str]]:
    """For a type the other types that may tell of the same happening (linking/types.yaml)."""
    together: dict[str, set[str]] = {}
    for row in read_yaml("linking/types.yaml"):
        first, second = row["types"]
        together.setdefault(first, set()).add(second)
        together.setdefault(second, set()).add(first)
    return {name: frozenset(others) for name, others in together.items()}
