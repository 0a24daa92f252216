"""Quantities: the bounds table against its examples, and sentences against their figures (tests/specs/quantities)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.numerals import load_numerals
from dateline.knowledge.quantities import AgePattern, BoundExample, NotCounted, load_quantities
from dateline.knowledge.tables import read_yaml
from dateline.mentions.numerals import read_number, read_ordinal
from dateline.mentions.quantities import find_quantities
from dateline.records import Quantity, Sentence, Span, Tallied, Token
from tests.mentions.texts import document_of, unparsed

KNOWLEDGE = load_quantities()
SPECS: list[dict[str, Any]] = [
    spec
    for path in sorted((Path(__file__).parents[1] / "specs" / "quantities").glob("*.yaml"))
    for spec in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def read(text: str) -> tuple[Quantity, ...]:
    return find_quantities(document_of(text, date(2020, 8, 18)), unparsed(text), KNOWLEDGE)


@pytest.mark.parametrize("example", KNOWLEDGE.examples, ids=lambda e: e.text)
def test_the_bounds_table_holds_for_its_examples(example: BoundExample) -> None:
    assert [(q.low, q.high) for q in read(example.text)] == [(example.low, example.high)]


@pytest.mark.parametrize(("entry", "example"), [(n, e) for n in KNOWLEDGE.not_counted for e in n.examples], ids=str)
def test_a_number_that_counts_nothing_is_known_by_its_pattern(entry: NotCounted, example: str) -> None:
    text, wanted = unmarked(example)
    assert any(Span(*m.span()).contains(wanted) or wanted.overlaps(Span(*m.span())) for m in entry.pattern.finditer(text) if m[0])


@pytest.mark.parametrize(("entry", "text"), [(n, e) for n in KNOWLEDGE.not_counted for e in n.near_misses], ids=str)
def test_a_number_that_counts_is_not_taken_for_one_that_does_not(entry: NotCounted, text: str) -> None:
    assert entry.pattern.search(text) is None


def unmarked(example: str) -> tuple[str, Span]:
    """The example without its square brackets, and the span they held."""
    opening = example.rindex("[")
    closing = example.index("]", opening)
    return example[:opening] + example[opening + 1 : closing] + example[closing + 1 :], Span(opening, closing - 1)


AGES = [(age, example) for age in KNOWLEDGE.ages for example in age.examples]


@pytest.mark.parametrize(("age", "example"), AGES, ids=lambda x: getattr(x, "id", None) or x[0])
def test_an_age_is_read_with_its_bounds(age: AgePattern, example: tuple[str, float | None, float | None, str]) -> None:
    text, wanted = unmarked(example[0])
    assert any(Span(*m.span()).overlaps(wanted) for m in age.pattern.finditer(text))
    assert (*example[1:],) in {(q.low, q.high, q.unit) for q in read(text)}


@pytest.mark.parametrize(("age", "text"), [(a, t) for a in KNOWLEDGE.ages for t in a.near_misses], ids=str)
def test_a_number_that_is_no_age_is_not_taken_for_one(age: AgePattern, text: str) -> None:
    assert age.pattern.search(text) is None


CHANGES = sorted({(text, parts) for cues in KNOWLEDGE.changes.cues.values() for cue in cues for text, parts in cue.examples})


@pytest.mark.parametrize(("text", "parts"), CHANGES, ids=lambda x: x if isinstance(x, str) else "")
def test_a_change_is_told_by_how_much_from_what_and_to_what(text: str, parts: tuple[tuple[str, str], ...]) -> None:
    told = [(q.change.part.value, q.span.of(text)) for q in read(text) if q.change]
    assert [part for part, _ in told] == [part for part, _ in parts]
    assert all(got.startswith(words) for (_, got), (_, words) in zip(told, parts, strict=True))


def test_every_cue_of_a_change_has_an_example_that_goes_its_way() -> None:
    for cues in KNOWLEDGE.changes.cues.values():
        for cue in cues:
            ways = {q.change.direction for text, _ in cue.examples for q in read(text) if q.change}
            assert ways == {cue.direction}, cue.id


@pytest.mark.parametrize(("text", "part", "whole"), KNOWLEDGE.parts.examples)
def test_a_part_is_told_its_whole(text: str, part: str, whole: str) -> None:
    assert (part, whole) in {(q.span.of(text), q.part_of.of(text)) for q in read(text) if q.part_of}


@pytest.mark.parametrize("text", KNOWLEDGE.parts.near_misses)
def test_figures_side_by_side_are_no_part_of_each_other(text: str) -> None:
    assert [q.part_of for q in read(text)] == [None, None]


@pytest.mark.parametrize(("text", "votes"), KNOWLEDGE.ballots.examples)
def test_the_sides_of_a_ballot_are_votes(text: str, votes: tuple[float, ...]) -> None:
    assert tuple(q.low for q in read(text) if q.unit == "votes") == votes


@pytest.mark.parametrize("text", KNOWLEDGE.ballots.near_misses)
def test_figures_of_no_ballot_are_no_votes(text: str) -> None:
    assert [q for q in read(text) if q.unit == "votes"] == []


def written(quantity: Quantity, text: str) -> dict[str, Any]:
    return {
        "text": quantity.span.of(text),
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
        "exactness": quantity.exactness.value,
        "noun": quantity.noun.of(text) if quantity.noun else None,
        "part_of": quantity.part_of.of(text) if quantity.part_of else None,
        "tallied": quantity.tallied.value,
        "ordinal": quantity.is_ordinal,
        "change": [change.direction.value, change.part.value, change.cue.of(text)] if (change := quantity.change) else None,
    }


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["text"][:60])
def test_a_sentence_gives_the_quantities_of_its_spec(spec: dict[str, Any]) -> None:
    text = spec["text"]
    found = [written(q, text) for q in read(text)]
    assert [f["text"] for f in found] == [q["text"] for q in spec["quantities"]]
    for got, expected in zip(found, spec["quantities"], strict=True):
        assert {k: got[k] for k in expected} == expected
        assert got["tallied"] == expected.get("tallied", got["tallied"])


def test_the_same_words_without_capitals_give_the_same_bounds() -> None:
    text = "Nineteen of the 141 members and hundreds of others marched; at least two died."
    assert [(q.low, q.high) for q in read(text)] == [(q.low, q.high) for q in read(text.lower())] != []


def test_bounds_are_in_order_for_every_spec() -> None:
    for spec in SPECS:
        for quantity in read(spec["text"]):
            assert quantity.high is None or quantity.low is None or quantity.low <= quantity.high
            assert quantity.span.contains(quantity.figure) or quantity.is_ordinal


def sentence_of(words: str) -> tuple[str, Sentence]:
    """A sentence from "text/lemma/upos/xpos/head/relation" items joined by blanks."""
    tokens, at = [], 0
    for index, item in enumerate(words.split()):
        form, lemma, upos, xpos, head, relation = item.split("/")
        tokens.append(Token(index, Span(at, at + len(form)), form, lemma, upos, xpos, int(head), relation))
        at += len(form) + 1
    text = " ".join(t.text for t in tokens)
    return text, Sentence(0, 0, Span(0, len(text)), tuple(tokens), ())


def parsed(words: str) -> tuple[str, tuple[Quantity, ...]]:
    text, sentence = sentence_of(words)
    return text, find_quantities(document_of(text, None), (sentence,), KNOWLEDGE)


def test_a_figure_without_a_noun_counts_people_when_its_verb_is_done_to_people() -> None:
    _, (quantity,) = parsed(
        "They/they/PRON/PRP/1/nsubj injured/injure/VERB/VBD/-1/root hundreds/hundred/NOUN/NNS/1/obj "
        "with/with/ADP/IN/4/case clubs/club/NOUN/NNS/1/obl"
    )
    assert (quantity.unit, quantity.noun, quantity.low, quantity.high) == ("people", None, 200, 999)


def test_the_counted_noun_takes_its_adjectives_and_its_bare_second_noun() -> None:
    text, (quantity,) = parsed(
        "Over/over/ADV/RB/1/advmod 200/200/NUM/CD/3/nummod Chinese/Chinese/ADJ/JJ/3/amod lawyers/lawyer/NOUN/NNS/6/nsubj:pass "
        "and/and/CCONJ/CC/5/cc activists/activist/NOUN/NNS/3/conj detained/detain/VERB/VBN/-1/root"
    )
    assert quantity.noun is not None
    assert (quantity.noun.of(text), quantity.unit, quantity.low) == ("Chinese lawyers and activists", "people", 201)


def test_a_label_after_its_noun_counts_nothing() -> None:
    _, quantities = parsed("Reactor/reactor/PROPN/NNP/2/nsubj 4/4/NUM/CD/0/nummod failed/fail/VERB/VBD/-1/root")
    assert quantities == ()


NUMBERS = {
    "1,00,000": 1e5, "5.8 billion": 5.8e9, "twenty-five": 25, "two hundred and six": 206, "a dozen": 12, "half a million": 5e5,
    "two and a half million": 2.5e6, "2 1/2": 2.5, "1½": 1.5, "½": 0.5, "10 000": 1e4, "1.250.000": 1.25e6, "3,5 million": 3.5e6,
    "4 hundred million": 4e8, "a quarter of a million": 2.5e5, "a million and a half": 1.5e6, "2 and a half": 2.5, "3×10⁸": 3e8,
    "2.1 x 10^-3": 2.1e-3, "three lakh": 3e5, "five lakhs": 5e5, "2.5 crores": 2.5e7, ".5": 0.5, "one thousand nine hundred": 1900,
    "banana": None,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS.items())
def test_it_reads_number_words(words: str, value: float | None) -> None:
    assert read_number(words, load_numerals()) == value


def test_it_reads_ordinals() -> None:
    assert [read_ordinal(w, load_numerals()) for w in ("10th", "third", "twenty-first", "last")] == [10, 3, 21, None]


@given(st.integers(min_value=0, max_value=10**9))
def test_grouped_figures_are_read_back(number: int) -> None:
    assert read_number(f"{number:,}", load_numerals()) == number


@given(st.text(max_size=120))
def test_no_text_makes_it_fail_and_every_span_lies_in_the_text(text: str) -> None:
    if text.strip():
        for quantity in read(text.strip()):
            assert quantity.span.end <= len(text.strip())


def test_new_counts_and_running_totals_are_told_apart() -> None:
    assert [q.tallied for q in read("Another 12 people died.")] == [Tallied.NEW]
    assert [q.tallied for q in read("The death toll rose to 41 people.")] == [Tallied.RUNNING_TOTAL]
    assert [q.tallied for q in read("Police shot 12 people.")] == [Tallied.UNSAID]


TALLIED = read_yaml("quantities/bounds.yaml")["tallied"]
TALLIES = [
    (text, value, is_example)
    for row, value in ((TALLIED["running_total"], Tallied.RUNNING_TOTAL), (TALLIED["new"], Tallied.NEW))
    for is_example in (True, False)
    for text in row["examples" if is_example else "near_misses"]
]


@pytest.mark.parametrize(("example", "value", "is_example"), TALLIES)
def test_the_table_tells_new_counts_from_running_totals(example: str, value: Tallied, is_example: bool) -> None:
    text, wanted = unmarked(example) if "[" in example else (example, None)
    told = [q.tallied is value for q in read(text) if wanted is None or q.figure.overlaps(wanted)]
    assert told == [is_example]


def test_a_pattern_that_is_not_in_words_has_a_digit_in_its_examples() -> None:
    assert [n.id for n in KNOWLEDGE.not_counted if not n.is_in_words and not all(re.search(r"\d", e) for e in n.examples)] == []


def test_every_pattern_has_examples_and_near_misses() -> None:
    assert [n.id for n in KNOWLEDGE.not_counted if not n.examples or not n.near_misses] == []
    assert all(re.search(r"\[.+\]", e) for n in KNOWLEDGE.not_counted for e in n.examples)
