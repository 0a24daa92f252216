"""Arc scores -> one tree: Chu and Liu's (1965) and Edmonds' (1967) maximum spanning arborescence, with a single root."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IMPOSSIBLE = -1e9


def best_heads(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The head of each word: scores [words, words + 1], column 0 the root; the answer counts words from 1, 0 is the root.

    The greedy choice is taken when it is already a tree with one root, which it mostly is.
    """
    words = scores.shape[0]
    square = np.full((words + 1, words + 1), IMPOSSIBLE)
    square[1:, :] = scores[:, : words + 1]
    np.fill_diagonal(square, IMPOSSIBLE)
    greedy: NDArray[np.int64] = np.asarray(square.argmax(1), np.int64)
    greedy[0] = 0
    if (greedy[1:] == 0).sum() == 1 and not _find_cycle(greedy):
        return np.asarray(greedy[1:], np.int64)
    roots = [int(r) for r in np.argsort(-square[1:, 0])[:4] + 1]
    trees = [_rooted_at(square, root) for root in roots]
    totals = [square[np.arange(1, words + 1), tree[1:]].sum() for tree in trees]
    return np.asarray(trees[int(np.argmax(totals))][1:], np.int64)


def _rooted_at(square: NDArray[np.float64], root: int) -> NDArray[np.int64]:
    """The best tree in which only `root` hangs from column 0."""
    own = square.copy()
    own[1:, 0] = IMPOSSIBLE
    own[root, :] = IMPOSSIBLE
    own[root, 0] = 0.0
    return _arborescence(own)


def _find_cycle(heads: NDArray[np.int64]) -> list[int]:
    """The nodes of one cycle among the heads; none: an empty list."""
    state = [0] * len(heads)
    for start in range(1, len(heads)):
        path = []
        node = start
        while node != 0 and state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if node != 0 and state[node] == 1:
            return path[path.index(node) :]
        for seen in path:
            state[seen] = 2
    return []


def _arborescence(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Edmonds' algorithm: the best head of each node, node 0 the root."""
    heads: NDArray[np.int64] = np.asarray(scores.argmax(1), np.int64)
    heads[0] = 0
    cycle = _find_cycle(heads)
    if not cycle:
        return heads
    members = set(cycle)
    outside = [i for i in range(len(scores)) if i not in members]
    index = {node: i for i, node in enumerate(outside)}
    merged = len(outside)
    small = np.full((merged + 1, merged + 1), IMPOSSIBLE)
    small[:merged, :merged] = scores[np.ix_(outside, outside)]
    cycle_score = sum(scores[n, heads[n]] for n in cycle)
    enters: dict[int, int] = {}
    leaves: dict[int, int] = {}
    for node in outside:
        best = max(cycle, key=lambda c: scores[node, c])
        small[index[node], merged] = scores[node, best]
        leaves[node] = best
        into = max(cycle, key=lambda c: scores[c, node] - scores[c, heads[c]])
        small[merged, index[node]] = cycle_score + scores[into, node] - scores[into, heads[into]]
        enters[node] = into
    np.fill_diagonal(small, IMPOSSIBLE)
    small_heads = _arborescence(small)
    result = heads.copy()
    for node in outside:
        if node == 0:
            continue
        head = int(small_heads[index[node]])
        result[node] = leaves[node] if head == merged else outside[head]
    source = outside[int(small_heads[merged])]
    result[enters[source]] = source
    return result
