"""How likely two tellings are to tell of one happening, and from what that was added up.

The score is a sum: to begin with, then what the level of each sign weighs, then what the levels of some pairs of signs weigh
together (the same word says more in reports that are alike). Through the logistic function it is a probability, calibrated on
topics that the weights were not learned from. Weights are knowledge/linking/weights.json.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.linking import PairWeights
from dateline.linking.features import CHUNK, FEATURES, Pairs, pair_features
from dateline.linking.table import Table

Levels = NDArray[np.intp]


@dataclass(frozen=True)
class Part:
    """What one sign adds to a score, in log-odds. `says` is what was found, in words; `value` None: the start, which all pairs
    have."""

    sign: str
    says: str
    value: float | None
    odds: float


@dataclass(frozen=True)
class Scorer:
    """The learned weights, as the rest of linking asks for them."""

    weights: PairWeights

    def chances(self, table: Table, pairs: Pairs) -> NDArray[np.float64]:
        """[n] calibrated probability for each pair [n, 2] of the table's rows that the two tell of one happening."""
        odds = np.empty(len(pairs))
        for start in range(0, len(pairs), 4 * CHUNK):
            part = slice(start, start + 4 * CHUNK)
            odds[part] = self.odds(pair_features(table, pairs[part]))
        return 1.0 / (1.0 + np.exp(-odds))

    def odds(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """[n] log-odds for rows of `pair_features`."""
        levels = levels_of(features, self.weights)
        total = np.full(len(features), self.weights.start)
        for weights, column in zip(self._signs(), levels, strict=True):
            total += weights[column]
        for (first, second), weights in self.weights.together.items():
            total += weights[levels[NAMES.index(first)], levels[NAMES.index(second)]]
        return total

    def parts(self, table: Table, first: int, second: int) -> tuple[Part, ...]:
        """What the pair's score is the sum of: the start, then each part that weighs anything, the heaviest first."""
        features = pair_features(table, np.array([[first, second]], np.int64))
        levels = [int(column[0]) for column in levels_of(features, self.weights)]
        values = features[0].tolist()
        says = [self._says(name, level, value) for name, level, value in zip(NAMES, levels, values, strict=True)]
        found = [
            Part(name, words, value, float(weights[level]))
            for name, words, value, weights, level in zip(NAMES, says, values, self._signs(), levels, strict=True)
        ]
        for (one, other), weights in self.weights.together.items():
            a, b = NAMES.index(one), NAMES.index(other)
            found.append(Part(f"{one} & {other}", f"{says[a]}, and {says[b]}", None, float(weights[levels[a], levels[b]])))
        heavy = sorted((part for part in found if part.odds), key=lambda part: -abs(part.odds))
        return (Part("start", "two tellings that were compared", None, self.weights.start), *heavy)

    def _signs(self) -> Sequence[NDArray[np.float64]]:
        return [self.weights.signs[name].weights for name in NAMES]

    def _says(self, name: str, level: int, value: float) -> str:
        return self.weights.signs[name].says[level].format(value=value)


NAMES = tuple(FEATURES)
Chances = Callable[[Table, Pairs], NDArray[np.float64]]
"""What a linker needs of a scorer."""


def levels_of(features: NDArray[np.float32], weights: PairWeights) -> list[Levels]:
    """For each sign the level of every row."""
    return [np.searchsorted(weights.signs[name].cuts, features[:, i], side="right") for i, name in enumerate(NAMES)]
