"""A table in parts gives the pairs and chances of the whole, to the last bit, and so the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.linking import Made, make
from dateline.knowledge.exclusions import load_exclusions
from dateline.knowledge.linking import load_lexis, load_pair_weights
from dateline.linking.blocking import find_candidates
from dateline.linking.exclusions import Excluding
from dateline.linking.identity import link
from dateline.linking.partitions import Part, Weighed, weigh_parts
from dateline.linking.scoring import Chances, Scorer
from dateline.linking.table import Table
from dateline.runs.link import USUAL
from dateline.runs.tasks import parts_in_processes


def scorer() -> Chances:
    return Excluding(Scorer(load_pair_weights()).chances, load_exclusions()).chances


@cache
def made(seed: int) -> tuple[Made, Table]:
    """A made-up collection; every ninth report says no day, nor do its tellings."""
    some = make(250, seed)
    profiles = [replace(p, day=None) if n % 9 == 0 else p for n, p in enumerate(some.profiles)]
    timeless = {p.document for p in profiles if p.day is None}
    tellings = [replace(t, first=None, last=None) if t.document in timeless else t for t in some.tellings]
    return replace(some, tellings=tellings, profiles=profiles), Table.of(tellings, profiles, load_lexis())


@settings(max_examples=5)
@given(seed=st.integers(1, 2), most=st.sampled_from([30, 90, 10_000]), dice=st.randoms(use_true_random=False))
def test_parts_in_any_order_give_the_pairs_and_the_chances_of_the_whole(seed: int, most: int, dice: object) -> None:
    table = made(seed)[1]

    def in_some_order(weigh: Callable[[Part], Weighed], parts: Iterable[Part]) -> Iterator[Weighed]:
        each = list(parts)
        dice.shuffle(each)  # type: ignore[attr-defined]
        return map(weigh, each)

    pairs = find_candidates(table, USUAL.reach)
    found = weigh_parts(table, scorer(), USUAL.reach, most, run=in_some_order)
    assert np.array_equal(found.pairs, pairs)
    assert np.array_equal(found.chances, scorer()(table, pairs))
    assert len(pairs) > 50


def test_parts_weighed_in_other_processes_make_the_same_events() -> None:
    some, table = made(1)
    here = link(table, scorer(), USUAL, reprints=some.texts)
    there = link(table, scorer(), replace(USUAL, most=90), reprints=some.texts, run=parts_in_processes(2))
    assert (there.claims, there.events) == (here.claims, here.events)
    assert np.array_equal(there.chances, here.chances)


def test_a_table_of_few_rows_says_of_them_what_the_whole_says() -> None:
    table = made(2)[1]
    rows = np.arange(3, table.size, 4)
    few = table.take(rows)
    assert few.ids == tuple(table.ids[row] for row in rows)
    assert [few.documents[d] for d in few.document] == [table.documents[d] for d in table.document[rows]]
    assert np.array_equal(few.terms[few.document], table.terms[table.document[rows]])
    assert np.array_equal(few.stories.numbers[few.document], table.stories.numbers[table.document[rows]])
    assert few.head_shares is table.head_shares, "how common a word is does not depend on which rows are looked at"
    again = np.flatnonzero(few.same_as >= 0)
    assert [table.same_as[rows[row]] for row in again] == [rows[few.same_as[row]] for row in again]


@pytest.mark.parametrize("size", [0, 1])
def test_nothing_to_compare_gives_no_pair(size: int) -> None:
    table = made(1)[1].take(np.arange(size))
    found = weigh_parts(table, scorer(), USUAL.reach, 10)
    assert found.pairs.shape == (0, 2)
    assert found.chances.shape == (0,)
