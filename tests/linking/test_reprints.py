"""Which documents are one text told again."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reprints import adjusted_rand, make, pairs
from dateline.linking.reprints import Placed, Register, find_reprints
from dateline.linking.sketch import Sketch, find_runs, find_words, from_bytes, overlap, sketch, sketch_of, to_bytes
from dateline.records import Block, BlockKind, Document, OffsetMap, Span

WORDS = [
    f"{a}{b}{c}"
    for a in ("mar", "tol", "ben", "sur", "kel", "dov", "lin", "pra")
    for b in ("ta", "ro", "mi", "sen", "gal", "dor", "ve")
    for c in ("", "nik", "pel", "zum", "tarn", "osk")
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


def test_telling_words_are_names_figures_and_long_words() -> None:
    assert np.array_equal(find_words("In Minsk 40 protesters sat down"), find_words("40 protest by Minsk"))


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


# ---------------------------------------------------------------- documents that come later


def copies(stories: int, seed: int = 0) -> list[Sketch]:
    """Sketches of stories with copies of each: the same, a third of it, with another's words added, a day apart each."""
    made = []
    for n in range(seed, seed + stories):
        words = story(n)
        for m, text in enumerate((words, words[:110], words + story(90 + n, 120), words[60:] + words[:60])):
            made.append(sketch(f"{n}.{m}", date(2021, 3, 1 + m), " ".join(text)))
    return made


def placed_by(register: Register) -> dict[str, str]:
    """For each document the members of its group, in words that do not depend on which came first."""
    sketches = register.sketches
    return {
        sketches[i].document: " ".join(sorted(sketches[m].document for m in group))
        for group in register.reprints().groups
        for i in group
    }


@pytest.mark.parametrize("lump", [1, 3, 7, 40])
def test_documents_that_come_later_join_the_groups_they_would_have_been_in(lump: int) -> None:
    made = random.Random(lump).sample(copies(10), 40)
    register = Register()
    for at in range(0, len(made), lump):
        register.add(made[at : at + lump])
    whole = Register()
    whole.add(copies(10))
    assert placed_by(register) == placed_by(whole)


def test_a_group_goes_by_the_document_that_came_first() -> None:
    register = Register()
    long, short = (sketch(name, None, " ".join(words)) for name, words in (("long", story(1)), ("short", story(1)[:110])))
    assert register.add([short]) == (Placed("short", "short", False),)
    assert register.add([long]) == (Placed("long", "short", False),)


def test_two_groups_that_a_new_document_shows_to_be_one_go_by_the_older_id() -> None:
    words = [str(n) for n in range(1000, 1400)]
    register = Register()
    head, tail = (sketch(name, None, " ".join(part)) for name, part in (("head", words[:250]), ("tail", words[150:])))
    register.add([tail])
    assert register.add([head]) == (Placed("head", "head", False),)
    # the whole holds more than half of each
    assert register.add([sketch("whole", None, " ".join(words))]) == (
        Placed("head", "tail", False),
        Placed("whole", "tail", False),
    )


def test_a_document_that_turns_out_to_be_a_round_up_leaves_its_group() -> None:
    parts = [story(n, 120) for n in (1, 2, 3)]
    register = Register()
    register.add([sketch("news", None, " ".join(word for part in parts for word in part))])
    assert register.add([sketch("one", None, " ".join(parts[0]))]) == (Placed("one", "news", False),)
    assert register.add([sketch("two", None, " ".join(parts[1]))]) == (
        Placed("news", "news", True),
        Placed("one", "one", False),
        Placed("two", "two", False),
    )


def test_only_what_moved_is_said() -> None:
    register = Register()
    register.add(copies(5))
    assert register.add([sketch("new", date(2021, 3, 2), " ".join(story(2)))]) == (Placed("new", "2.0", False),)


def test_a_register_goes_on_from_what_was_kept() -> None:
    made = copies(6)
    first = Register()
    placed = {p.document: p for p in first.add(made[:15])}
    second = Register()
    second.load(made[:15], placed)
    assert placed_by(second) == placed_by(first)
    assert second.add(made[15:]) == first.add(made[15:])


def test_hundreds_of_prints_of_one_story_are_one_group() -> None:
    words = story(1)
    prints = [sketch(f"{n:03}", None, " ".join(words[: 300 - n // 5] + story(1000 + n, 20))) for n in range(400)]
    register = Register()
    for at in range(0, 400, 50):
        register.add(prints[at : at + 50])
    assert [len(g) for g in register.reprints().groups] == [400]


def test_a_sketch_is_kept_as_bytes_and_read_back() -> None:
    made = sketch("d", date(2021, 3, 1), " ".join(story(1)))
    read = from_bytes("d", made.day, to_bytes(made.runs), to_bytes(made.words), to_bytes(made.signature))
    assert (read.document, read.day) == ("d", made.day)
    for kept, own in ((read.runs, made.runs), (read.words, made.words), (read.signature, made.signature)):
        assert kept.dtype == own.dtype
        assert np.array_equal(kept, own)


def test_a_sketch_leaves_out_what_the_document_does_not_tell() -> None:
    text = "Sign up for our letter\n\nThe gate stood open all day"
    document = Document("d", "d", "", text, (Block(Span(0, 22), BlockKind.FURNITURE), Block(Span(24, len(text)))), OffsetMap())
    assert np.array_equal(sketch_of(document).runs, find_runs("The gate stood open all day"))


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
    texts = [". ".join(" ".join(story(n, 400)[i : i + 12]) for i in range(0, 400, 12)) for n in range(200)]
    made = make(texts, 20, seed=1)
    found = find_reprints([sketch(str(i), None, m.text) for i, m in enumerate(made)])
    assert adjusted_rand([m.story for m in made], found.labels().tolist()) > 0.9
