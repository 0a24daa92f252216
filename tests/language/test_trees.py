"""The best tree equals the best of all trees, by brute force on small sentences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dateline.language.trees import best_heads


def is_tree(heads: tuple[int, ...]) -> bool:
    for start in range(1, len(heads) + 1):
        seen, node = set(), start
        while node:
            if node in seen:
                return False
            seen.add(node)
            node = heads[node - 1]
    return True


def by_brute_force(scores: np.ndarray) -> float:
    words = len(scores)
    trees = (h for h in itertools.product(range(words + 1), repeat=words) if h.count(0) == 1 and is_tree(h))
    return max(float(sum(scores[i, h] for i, h in enumerate(heads))) for heads in trees)


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_the_best_single_rooted_tree(seed: int) -> None:
    dice = np.random.default_rng(seed)
    words = int(dice.integers(1, 6))
    scores = dice.normal(size=(words, words + 1)).astype(np.float32)
    heads = tuple(int(h) for h in best_heads(scores))
    assert is_tree(heads)
    assert heads.count(0) == 1
    assert sum(scores[i, h] for i, h in enumerate(heads)) == pytest.approx(by_brute_force(scores), abs=1e-4)
