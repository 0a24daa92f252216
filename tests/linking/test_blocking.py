"""Candidate pairs: who meets on which road, that crowds stay bounded, and that partitions together give what the whole gives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.linking import make
from dateline.knowledge import tables
from dateline.knowledge.linking import Lexis, load_types_together
from dateline.linking.blocking import Reach, Stretch, find_candidates, find_near_documents, spans_of, stretches_of
from dateline.linking.table import Table
from dateline.linking.tellings import Profile, Telling, Where
from tests.coding import code_text
from tests.linking.tellings import TELLING, other

LEXIS = Lexis()
REACH = Reach()


def table_of(tellings: Sequence[Telling], texts: dict[str, str] | None = None, day: date | None = date(2023, 3, 8)) -> Table:
    documents = dict.fromkeys(t.document for t in tellings)
    return Table.of(tellings, [Profile(d, (texts or {}).get(d, ""), day) for d in documents], LEXIS)


def meet(*tellings: Telling, reach: Reach = REACH, day: date | None = date(2023, 3, 8)) -> set[tuple[str, str]]:
    table = table_of(tellings, day=day)
    return {(table.ids[a], table.ids[b]) for a, b in find_candidates(table, reach).tolist()}


def test_tellings_of_one_place_and_type_some_days_apart_meet() -> None:
    for days in range(4):
        assert meet(TELLING, other(first=date(2023, 3, 7) + timedelta(days), last=None, trigger="rallied")) == {("a1", "b1")}
    far = date(2023, 3, 28)
    assert not meet(TELLING, other(first=far, last=far))


def test_tellings_without_a_place_meet_by_their_actors_or_words() -> None:
    assert meet(TELLING, other(place=None, words="nothing in common", trigger="rallied")) == {("a1", "b1")}
    assert meet(TELLING, other(place=None, actors=(), trigger="rallied")) == {("a1", "b1")}


def test_a_telling_without_a_day_has_that_of_its_report_and_without_either_meets_its_likes_of_any_day() -> None:
    assert meet(TELLING, other(first=None, last=None)) == {("a1", "b1")}
    long_ago = date(2019, 1, 1)
    undated = other(first=None, last=None)
    assert meet(other(id="c1", document="c", first=long_ago, last=long_ago), undated, day=None) == {("c1", "b1")}


def test_types_that_do_not_go_together_never_meet_and_those_that_do_meet() -> None:
    riot = other(type="ASSAULT", mode="primitive")
    assert not meet(TELLING, riot)
    assert meet(TELLING, riot, reach=Reach(together=load_types_together())) == {("a1", "b1")}
    assert not meet(TELLING, other(type="SANCTION"), reach=Reach(together=load_types_together()))


def test_a_telling_without_a_type_meets_those_with_the_same_word() -> None:
    assert meet(TELLING, other(type=None)) == {("a1", "b1")}
    assert not meet(TELLING, other(type=None, trigger="spoke"))


def test_reports_that_share_rare_words_bring_tellings_together_that_share_nothing_else() -> None:
    place = Where("Nantes", "city", "FRA", None, 2990969, (47.2, -1.5))
    far = other(place=place, actors=(), words="they went", first=date(2023, 3, 20), last=date(2023, 3, 20))
    texts = {"a": "the quarrel over Brindlemoor weir and its keeper", "b": "Brindlemoor weir again"}
    table = table_of([TELLING, far], texts)
    assert find_near_documents(table).tolist() == [[0, 1]]
    assert find_candidates(table).tolist() == [[0, 1]]


def test_a_crowd_under_one_head_does_not_make_a_square_of_pairs() -> None:
    crowd = [other(id=f"x{n:04}", document=f"x{n:04}", actors=(), words=f"word{n}") for n in range(1500)]
    assert len(find_candidates(table_of(crowd))) < 30 * len(crowd)


@given(st.integers(0, 1_000_000), st.integers(0, 60), st.integers(0, 40))
def test_days_no_further_apart_than_asked_share_a_span(day: int, apart: int, days: int) -> None:
    spans = [spans_of(np.array([d]), days) for d in (day, day + apart)]
    shared = any(int(a[0]) == int(b[0]) for a, b in zip(*spans, strict=True))
    if apart <= days:
        assert shared
    if apart >= 2 * days + 2:
        assert not shared


@pytest.mark.parametrize("most", [1, 50, 400])
def test_partitions_together_give_the_pairs_of_the_whole(most: int) -> None:
    made = make(600, seed=3)
    tellings = [t if n % 9 else other(id=t.id, document=t.document, first=None, last=None) for n, t in enumerate(made.tellings)]
    profiles = [p if n % 5 else Profile(p.document, p.text, None, None, p.names) for n, p in enumerate(made.profiles)]
    table = Table.of(tellings, profiles, LEXIS)
    reach = Reach(together=load_types_together())
    parts = [find_candidates(table, reach, stretch=stretch) for stretch in stretches_of(table, most)]
    assert len(parts) > 1
    assert np.unique(np.concatenate(parts), axis=0).tolist() == find_candidates(table, reach).tolist()


def test_a_partition_needs_nothing_outside_its_halo() -> None:
    made = make(500, seed=4)
    whole = Table.of(made.tellings, made.profiles, LEXIS)
    stretch, reach = Stretch(date(2023, 3, 8).toordinal(), date(2023, 3, 12).toordinal()), Reach()
    day, reported = whole.first, whole.day[whole.document]
    by_day = (day >= stretch.first) & (day <= stretch.last + 2 * reach.days + 1)
    by_report = (reported >= stretch.first) & (reported <= stretch.last + 2 * reach.document_days + 1)
    halo = np.flatnonzero(by_day | by_report)
    assert len(halo) < whole.size
    assert find_candidates(whole, reach, halo, stretch).tolist() == find_candidates(whole, reach, None, stretch).tolist()


@settings(max_examples=10, deadline=None)
@given(st.randoms())
def test_the_order_of_the_tellings_makes_no_difference(dice: random.Random) -> None:
    made = make(120, seed=5)
    tellings, profiles = list(made.tellings), list(made.profiles)
    expected = named(Table.of(tellings, profiles, LEXIS))
    dice.shuffle(tellings)
    dice.shuffle(profiles)
    assert named(Table.of(tellings, profiles, LEXIS)) == expected


def named(table: Table) -> set[frozenset[str]]:
    return {frozenset((table.ids[a], table.ids[b])) for a, b in find_candidates(table).tolist()}


@pytest.mark.parametrize("row", tables.read_yaml("linking/types.yaml"), ids=lambda row: " ".join(row["types"]))
def test_types_that_go_together_are_what_the_coder_makes_of_the_examples(row: dict[str, list[str]]) -> None:
    for name, text in zip(row["types"], row["example"], strict=True):
        assert name in {claim.event.type for claim in code_text(text).claims}
