"""Which documents are one text told again."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reprints import adjusted_rand, make, pairs
from dateline.linking.reprints import find_reprints
from dateline.linking.sketch import Sketch, find_runs, overlap, sketch

WORDS = [
    f"{a}{b}"
    for a in ("mar", "tol", "ben", "sur", "kel", "dov", "lin", "pra")
    for b in ("ta", "ro", "mi", "sen", "gal", "dor", "ve")
]


def story(seed: int, length: int = 300) -> list[str]:
    dice = random.Random(seed)
    return [dice.choice(WORDS) for _ in range(length)]


def sketches(*texts: str | list[str], day: date | None = None) -> list[Sketch]:
    return [sketch(str(i), day, t if isinstance(t, str) else " ".join(t)) for i, t in enumerate(texts)]


def groups(*texts: str | list[str]) -> set[frozenset[int]]:
    return {frozenset(g) for g in find_reprints(sketches(*texts)).groups}


def test_capitals_and_punctuation_make_no_difference() -> None:
    assert np.array_equal(find_runs("The miners went on strike."), find_runs("THE MINERS, went on strike"))


def test_an_overlap_counts_what_is_shared() -> None:
    shares = overlap(find_runs("a b c d"), find_runs("a b c d e f"))
    assert (shares.shared, shares.resemblance, shares.of_first, shares.of_second, shares.containment) == (2, 0.5, 1.0, 0.5, 1.0)


def test_signatures_agree_about_as_often_as_texts_overlap() -> None:
    one, other = sketches(story(1), story(1)[:200] + story(2)[:100])
    estimate = float((one.signature == other.signature).mean())
    assert estimate == pytest.approx(overlap(one.runs, other.runs).resemblance, abs=0.1)


def test_the_same_text_is_one_group_and_another_is_not() -> None:
    assert groups(story(1), story(1), story(2)) == {frozenset({0, 1}), frozenset({2})}


def test_an_abridged_and_a_padded_copy_belong_to_the_story() -> None:
    whole = story(1)
    assert groups(whole, whole[:90], whole + story(2, 500)) == {frozenset({0, 1, 2})}


def test_a_round_up_is_a_copy_of_none_of_its_stories() -> None:
    texts = [story(n) for n in range(4)]
    round_up = [word for text in texts for word in text]
    found = find_reprints(sketches(*texts, round_up))
    assert found.round_ups == {4}
    assert {frozenset(g) for g in found.groups} == {frozenset({n}) for n in range(5)}


def test_groups_do_not_chain() -> None:
    # each shares its half with the next: the ends have nothing in common
    words = story(1, 1200)
    chain = [words[i : i + 400] for i in range(0, 1000, 200)]
    assert all(len(group) < 4 for group in groups(*chain))


def test_a_note_that_many_papers_print_joins_nothing() -> None:
    note = " Sign up here for our letter and read it with your coffee every morning of the week"
    found = groups(*[" ".join(story(n, 40)) + note for n in range(20)])
    assert found == {frozenset({n}) for n in range(20)}


def test_copies_lie_days_apart_and_not_years() -> None:
    text = " ".join(story(1))
    near = [sketch("a", date(2020, 8, 18), text), sketch("b", date(2020, 8, 20), text)]
    far = [sketch("a", date(2020, 8, 18), text), sketch("b", date(2021, 8, 18), text)]
    unknown = [sketch("a", None, text), sketch("b", date(2021, 8, 18), text)]
    assert [len(find_reprints(s).groups) for s in (near, far, unknown)] == [1, 2, 1]


def test_nothing_and_next_to_nothing_are_left_alone() -> None:
    assert find_reprints([]).groups == ()
    assert groups("", "", "two words", "two words") == {frozenset({n}) for n in range(4)}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_every_document_is_in_one_group(texts: list[str]) -> None:
    found = find_reprints(sketches(*texts))
    assert sorted(i for g in found.groups for i in g) == list(range(len(texts)))
    assert len(found.labels()) == len(texts)


def test_the_order_of_documents_changes_no_group() -> None:
    texts = [" ".join(t) for n in range(5) for t in (story(n), story(n)[:120], story(n) + story(9, 100))]
    dice = random.Random(3)
    shuffled = dice.sample(texts, len(texts))
    by_text = [{frozenset(ts[i] for i in g) for g in find_reprints(sketches(*ts)).groups} for ts in (texts, shuffled)]
    assert by_text[0] == by_text[1]


def test_the_measure_is_the_adjusted_rand_index() -> None:
    assert adjusted_rand([0, 0, 1, 1], [5, 5, 7, 7]) == 1.0
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    precision, recall = pairs([0, 0, 0, 1], [0, 0, 1, 1])
    assert precision == 0.5
    assert recall == pytest.approx(1 / 3)


def test_made_copies_are_found() -> None:
    texts = [". ".join(" ".join(story(n, 400)[i : i + 12]) for i in range(0, 400, 12)) for n in range(12)]
    made = make(texts, 12, seed=1)
    found = find_reprints([sketch(str(i), None, t) for i, (_, t) in enumerate(made)])
    assert adjusted_rand([label for label, _ in made], found.labels().tolist()) > 0.9
