"""Groups that do not chain, checked against a slow and plain average linkage, and what people have ruled."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.linking.clusters import Clusters, Joining, Rows, Ruled, find_clusters

JOINING = Joining(threshold=0.5, unknown=0.02, doubts=3)


Pair = tuple[int, int]


def rows(*pairs: Pair) -> Rows:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def clusters(size: int, chances: dict[Pair, float], **ruled: Rows) -> Clusters:
    return find_clusters(size, rows(*chances), np.array(list(chances.values()), dtype=float), JOINING, Ruled(**ruled))


def groups_of(labels: Rows) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_it_keeps_every_claim_alone_when_no_pair_is_proposed() -> None:
    found = clusters(3, {})
    assert found.labels.tolist() == [0, 1, 2]
    assert found.belonging.tolist() == [1.0, 1.0, 1.0]
    assert clusters(0, {}).labels.tolist() == []


def test_it_does_not_chain() -> None:
    chain = {(i, i + 1): 0.9 for i in range(9)}
    assert max(map(len, groups_of(clusters(10, chain).labels))) == 2


def test_a_claim_that_resembles_one_of_many_stays_out() -> None:
    together = dict.fromkeys(itertools.combinations(range(5), 2), 0.9)
    assert groups_of(clusters(6, {**together, (4, 5): 0.9}).labels) == {frozenset(range(5)), frozenset({5})}


def test_belonging_is_the_mean_chance_with_the_others_and_the_weakest_bond_is_the_lowest() -> None:
    found = clusters(3, {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.7})
    assert found.belonging == pytest.approx([0.8, 0.85, 0.75])
    assert found.weakest() == pytest.approx([0.75] * 3)


def test_a_pair_must_be_of_two_claims_that_there_are() -> None:
    for pair in ((0, 0), (0, 3), (-1, 1)):
        with pytest.raises(ValueError):
            clusters(3, {pair: 0.9})
    with pytest.raises(ValueError):
        Joining(threshold=0.1, unknown=0.2)


# ---------------------------------------------------------------- what people have ruled


def test_what_is_ruled_the_same_is_together_though_nothing_speaks_for_it() -> None:
    found = clusters(4, {}, same=rows((1, 3), (3, 2)))
    assert groups_of(found.labels) == {frozenset({0}), frozenset({1, 2, 3})}


def test_what_is_ruled_apart_is_apart_though_every_pair_is_sure() -> None:
    every = dict.fromkeys(itertools.combinations(range(4), 2), 0.99)
    found = clusters(4, every, apart=rows((0, 3)))
    assert found.labels[0] != found.labels[3]
    assert len(groups_of(found.labels)) == 2


def test_the_machines_tie_gives_way_to_a_ruling() -> None:
    assert groups_of(clusters(2, {}, tied=rows((0, 1))).labels) == {frozenset({0, 1})}
    assert groups_of(clusters(2, {(0, 1): 0.99}, tied=rows((0, 1)), apart=rows((1, 0))).labels) == {frozenset({0}), frozenset({1})}


def test_what_is_given_as_one_speaks_with_its_likeliest_pair() -> None:
    deaths_and_blasts = {(0, 2): 0.9, (1, 3): 0.9, (0, 3): 0.1, (1, 2): 0.1}
    assert len(groups_of(clusters(4, deaths_and_blasts).labels)) == 2
    assert groups_of(clusters(4, deaths_and_blasts, tied=rows((0, 1), (2, 3))).labels) == {frozenset(range(4))}


def test_a_contradiction_is_reported_and_what_is_apart_stays_apart() -> None:
    found = clusters(3, {}, same=rows((0, 1), (1, 2)), apart=rows((2, 0)))
    assert found.contradictions == (1,)
    assert groups_of(found.labels) == {frozenset({0, 1}), frozenset({2})}


# ---------------------------------------------------------------- against a plain average linkage

SIZE = 9
PAIRS = list(itertools.combinations(range(SIZE), 2))
SCORED = st.dictionaries(st.sampled_from(PAIRS), st.floats(0.0, 1.0, allow_subnormal=False), max_size=len(PAIRS))
RULED = st.lists(st.sampled_from(PAIRS), max_size=4, unique=True)


Voices = Sequence[frozenset[int]]
"""Claims that are given as one, each such set a voice."""


def mean_between(chances: dict[Pair, float], a: frozenset[int], b: frozenset[int], voices: Voices) -> float:
    of_a, of_b = ([v for v in voices if v <= group] for group in (a, b))
    known = [max(found) for v in of_a for w in of_b if (found := chances_between(chances, v, w))]
    doubts = min(len(of_a) * len(of_b) - len(known), JOINING.doubts)
    return (math.fsum(known) + JOINING.unknown * doubts) / (len(known) + doubts)


def chances_between(chances: dict[Pair, float], a: frozenset[int], b: frozenset[int]) -> list[float]:
    return [chances[pair] for x in a for y in b if (pair := (min(x, y), max(x, y))) in chances]


def slowly(chances: dict[Pair, float], same: Sequence[Pair] = (), apart: Sequence[Pair] = ()) -> tuple[set[frozenset[int]], bool]:
    """Average linkage by looking at everything again after each join; and whether two joins were nearly as likely."""
    groups = [frozenset({i}) for i in range(SIZE)]

    def forbidden(a: frozenset[int], b: frozenset[int]) -> bool:
        return any((x in a and y in b) or (x in b and y in a) for x, y in apart)

    for x, y in same:
        a = next(g for g in groups if x in g)
        b = next(g for g in groups if y in g)
        if a is not b and not forbidden(a, b):
            groups = [g for g in groups if g not in (a, b)] + [a | b]
    is_close, voices = False, tuple(groups)
    while True:
        pairs = [(n, a, b) for n, (a, b) in enumerate(itertools.combinations(groups, 2)) if not forbidden(a, b)]
        scored = sorted(((mean_between(chances, a, b, voices), n) for n, a, b in pairs), reverse=True)
        if not scored or scored[0][0] < JOINING.threshold - 1e-9:
            return set(groups), is_close
        is_close |= abs(scored[0][0] - JOINING.threshold) < 1e-9
        is_close |= len(scored) > 1 and scored[0][0] - scored[1][0] < 1e-9
        a, b = list(itertools.combinations(groups, 2))[scored[0][1]]
        groups = [g for g in groups if g not in (a, b)] + [a | b]


@given(SCORED, RULED, RULED)
def test_it_finds_what_a_plain_average_linkage_finds(chances: dict[Pair, float], same: list[Pair], apart: list[Pair]) -> None:
    expected, is_close = slowly(chances, same, apart)
    found = clusters(SIZE, chances, same=rows(*same), apart=rows(*apart))
    if not is_close:
        assert groups_of(found.labels) == expected
    for first, second in apart:
        assert found.labels[first] != found.labels[second]
    for place, (first, second) in enumerate(same):
        assert (found.labels[first] == found.labels[second]) or place in found.contradictions


@given(SCORED, RULED, st.randoms())
def test_the_order_of_the_pairs_makes_no_difference(chances: dict[Pair, float], apart: list[Pair], dice: random.Random) -> None:
    turned = [(pair[::-1] if dice.random() < 0.5 else pair, chance) for pair, chance in chances.items()]
    dice.shuffle(turned)
    once, again = clusters(SIZE, chances, apart=rows(*apart)), clusters(SIZE, dict(turned), apart=rows(*apart))
    assert once.labels.tolist() == again.labels.tolist()
    assert once.belonging.tolist() == again.belonging.tolist()


def test_two_claims_of_one_owner_stay_apart_unless_they_are_tied() -> None:
    """Two claims of report 7, and one of report 8 that is like both: it goes with the one that it is more like."""
    owned = np.array([[0, 7], [1, 7], [2, 8]])
    chances = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.7}
    assert groups_of(clusters(3, chances, owned=owned).labels) == {frozenset({0, 2}), frozenset({1})}
    assert groups_of(clusters(3, chances, owned=owned, tied=rows((0, 1))).labels) == {frozenset({0, 1, 2})}
