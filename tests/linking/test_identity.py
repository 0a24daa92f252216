"""Which claims form which event: reprints, rulings, names, any order of the claims, and going on from the last run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bench.linking import make
from dateline.knowledge.linking import Lexis
from dateline.linking.blocking import Reach
from dateline.linking.clusters import Rows
from dateline.linking.identity import Constraints, Links, Settings, link, relink
from dateline.linking.table import Table
from dateline.linking.tellings import Profile, Telling
from tests.linking.tellings import TELLING, other

SETTINGS = Settings(reach=Reach())


def by_place_and_words(table: Table, pairs: Rows) -> NDArray[np.float64]:
    """A scorer for tests, which looks at nothing but the pair: the same place and day, or many words in common."""
    first, second = pairs[:, 0], pairs[:, 1]
    same = (table.place[first] == table.place[second]) & (table.place[first] >= 0) & (table.first[first] == table.first[second])
    words = ((table.words[first][:, :, None] == table.words[second][:, None, :]) & (table.words[first] >= 0)[:, :, None]).sum(
        axis=(1, 2)
    )
    near = table.position[first] == table.position[second]
    chances: NDArray[np.float64] = np.clip(0.1 + 0.25 * same + 0.12 * words + 0.1 * near, 0.0, 0.97)
    return chances


def table_of(tellings: Sequence[Telling]) -> Table:
    return Table.of(tellings, [Profile(d, "", date(2023, 3, 8)) for d in dict.fromkeys(t.document for t in tellings)], Lexis())


def events(links: Links) -> set[frozenset[str]]:
    return {frozenset(claims) for claims in links.groups().values()}


def named(*names: str) -> list[Telling]:
    return [other(id=name, document=name[0]) for name in names]


def test_reports_of_one_march_are_one_event_named_by_the_claim_that_was_known_first() -> None:
    table = table_of(named("c1", "a1", "b1"))
    assert link(table, by_place_and_words).groups() == {"a1": ("c1", "a1", "b1")}
    assert set(link(table, by_place_and_words, known=np.array([7, 9, 8])).events) == {"c1"}


def test_no_claims_are_no_events() -> None:
    assert link(table_of([]), by_place_and_words).groups() == {}


def test_what_a_document_tells_twice_is_one_until_somebody_rules_otherwise() -> None:
    far = date(2023, 5, 1)
    again = other(id="a2", document="a", first=far, last=far, same_as="a1", words="no word the same", place=None, actors=())
    table = table_of([TELLING, again])
    assert events(link(table, by_place_and_words)) == {frozenset({"a1", "a2"})}
    apart = link(table, by_place_and_words, constraints=Constraints(apart=(("a1", "a2"),)))
    assert events(apart) == {frozenset({"a1"}), frozenset({"a2"})}
    assert apart.contradictions == ()


def test_rulings_hold_and_those_that_contradict_are_reported_by_their_claims() -> None:
    table = table_of([*named("a1", "b1"), other(id="c1", document="c", type="SANCTION")])
    ruled = Constraints(same=(("a1", "zz"), ("b1", "c1"), ("a1", "c1")), apart=(("a1", "b1"),))
    links = link(table, by_place_and_words, constraints=ruled)
    assert events(links) == {frozenset({"a1"}), frozenset({"b1", "c1"})}
    assert links.contradictions == (("a1", "c1"),)


def test_a_reprint_adds_no_voice_of_its_own_and_stands_with_its_original() -> None:
    words = "dockers and their families filled the quay"
    tellings = [other(id=f"{d}1", document=d, words=words, place=None, actors=()) for d in "abcd"]
    weighed: list[int] = []

    def count(table: Table, pairs: Rows) -> NDArray[np.float64]:
        weighed.append(len(pairs))
        return np.zeros(len(pairs))

    links = link(table_of(tellings), count, reprints=np.array([0, 0, 0, 1]))
    assert events(links) == {frozenset({"a1", "b1", "c1"}), frozenset({"d1"})}
    assert sum(weighed) == 1
    apart = link(table_of(tellings), count, constraints=Constraints(apart=(("a1", "b1"),)), reprints=np.array([0, 0, 0, 1]))
    assert not any({"a1", "b1"} <= group for group in events(apart))


# ---------------------------------------------------------------- any order, and going on

MADE = make(160, seed=8)


def whole() -> Table:
    return Table.of(MADE.tellings, MADE.profiles, Lexis())


def taken(table: Table, rows: Rows) -> Table:
    """The table of some of its tellings, with all its documents and all that was counted over the whole."""
    names = [f.name for f in fields(table)]
    columns = names[names.index("document") : names.index("same_as")]
    changes: dict[str, Any] = {n: v[rows] for n in columns if isinstance(v := getattr(table, n), np.ndarray)}
    place = np.full(table.size + 1, -1, np.int32)
    place[rows] = np.arange(len(rows))
    return replace(table, ids=tuple(table.ids[r] for r in rows), same_as=place[table.same_as[rows]], **changes)


@settings(max_examples=10, deadline=None)
@given(st.randoms())
def test_the_order_of_the_claims_makes_no_difference(dice: random.Random) -> None:
    table = whole()
    rows = list(range(table.size))
    dice.shuffle(rows)
    turned = taken(table, np.array(rows))
    once, again = link(table, by_place_and_words), link(turned, by_place_and_words)
    assert dict(zip(once.claims, once.events, strict=True)) == dict(zip(again.claims, again.events, strict=True))
    chances = dict(zip(again.claims, again.chances.tolist(), strict=True))
    assert once.chances.tolist() == pytest.approx([chances[claim] for claim in once.claims])


def test_partitions_give_the_events_of_the_whole() -> None:
    table = whole()
    cut = link(table, by_place_and_words, replace(SETTINGS, most=20))
    assert cut.events == link(table, by_place_and_words, SETTINGS).events
    assert 1 < len(set(cut.events)) < table.size


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60), st.randoms(), st.lists(st.tuples(st.integers(0, 159), st.integers(0, 159)), max_size=3))
def test_going_on_from_the_last_run_gives_what_linking_from_scratch_gives(
    new: int, dice: random.Random, apart: list[tuple[int, int]]
) -> None:
    table = whole()
    rows = sorted(dice.sample(range(table.size), table.size - new))
    ruled = Constraints(apart=tuple((table.ids[a], table.ids[b]) for a, b in apart if a != b and max(a, b) < table.size))
    before = link(taken(table, np.array(rows)), by_place_and_words, SETTINGS, known=None, reprints=MADE.texts)
    anew = {claim for pair in ruled.apart for claim in pair}
    gone_on = relink(table, by_place_and_words, before, SETTINGS, ruled, ruled_anew=anew, reprints=MADE.texts)
    scratch = link(table, by_place_and_words, SETTINGS, ruled, reprints=MADE.texts)
    assert gone_on.events == scratch.events
    assert gone_on.chances.tolist() == pytest.approx(scratch.chances.tolist())
    assert gone_on.weakest.tolist() == pytest.approx(scratch.weakest.tolist())


def test_only_what_new_claims_reach_is_weighed_again() -> None:
    table = whole()
    before = link(taken(table, np.arange(table.size - 5)), by_place_and_words, SETTINGS)
    weighed: list[int] = []

    def count(table: Table, pairs: Rows) -> NDArray[np.float64]:
        weighed.append(len(pairs))
        return by_place_and_words(table, pairs)

    relink(table, count, before, SETTINGS)
    again = sum(weighed)
    link(table, count, SETTINGS)
    assert 0 < again < sum(weighed) - again


def test_a_claim_that_is_gone_makes_linking_begin_from_scratch() -> None:
    table = whole()
    before = link(table, by_place_and_words, SETTINGS)
    rest = taken(table, np.arange(0, table.size, 2))
    assert relink(rest, by_place_and_words, before, SETTINGS).events == link(rest, by_place_and_words, SETTINGS).events
