"""Chains of names, nouns and pronouns: the specs under tests/specs/coreference/, what candidates look like, and the tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.coreference import PronounExample, load_pronouns
from dateline.language.models import load_models
from dateline.mentions.coreference import SHIPPED, Weights, find_chains, load_weights
from dateline.mentions.coreference_mentions import Candidate, find_candidates, quoted_spans
from dateline.records import Span
from tests.mentions.reading import read

SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "coreference" / "chains.yaml").read_text(encoding="utf-8"))
BRACKETED = re.compile(r"\[(\d+) ([^\[\]]+)\]")
LARGEST = 300_000
"""Bytes the weights may have: they are read at every start."""


@pytest.fixture(scope="module")
def models() -> Any:
    return load_models()


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


def chains_of(text: str, models: Any, knowledge: ActorKnowledge) -> tuple[tuple[Candidate, ...], ...]:
    shown, sentences = read(text, models)
    return find_chains(shown.text, sentences, knowledge, load_weights())


def chain_at(chains: tuple[tuple[Candidate, ...], ...], span: Span) -> int | None:
    """The number of the chain with a phrase whose head is in the span and that reaches no further than an article beyond it."""
    for number, chain in enumerate(chains):
        if any(span.contains(p.head.span) and len(p.span) <= len(span) + 4 for p in chain):
            return number
    return None


def unbracketed(text: str) -> tuple[str, list[tuple[str, Span]]]:
    """The plain text, and each bracket's number and span in it."""
    plain, marked, at = "", [], 0
    for match in BRACKETED.finditer(text):
        plain += text[at : match.start()]
        marked.append((match[1], Span(len(plain), len(plain) + len(match[2]))))
        plain += match[2]
        at = match.end()
    return plain + text[at:], marked


NOT_YET = pytest.mark.xfail(reason="not yet", strict=True)


@pytest.mark.parametrize("spec", [pytest.param(s, id=s["it"], marks=NOT_YET if s.get("not_yet") else ()) for s in SPECS])
def test_it(spec: dict[str, Any], models: Any, knowledge: ActorKnowledge) -> None:
    text, marked = unbracketed(spec["text"])
    chains = chains_of(text, models, knowledge)
    wanted: dict[str, list[str]] = {}
    for number, span in marked:
        wanted.setdefault(number, []).append(span.of(text))
    placed = {(number, span): chain_at(chains, span) for number, span in marked}
    for number, words in wanted.items():
        own = {place for (n, _), place in placed.items() if n == number}
        assert own != {None}, f"not tied: {words}"
        assert len(own) == 1, f"not one chain: {words}"
    assert len(set(placed.values())) == len(wanted), "chains that should differ are one"
    for one, other in spec.get("apart", ()):
        spans = [Span(text.rindex(w), text.rindex(w) + len(w)) for w in (one, other)]
        first, second = (chain_at(chains, s) for s in spans)
        assert first is None or first != second, f"{one!r} and {other!r} are tied"


def test_no_text_has_no_chains(knowledge: ActorKnowledge) -> None:
    assert find_chains("", (), knowledge, load_weights()) == ()


def test_chains_have_two_phrases_or_more_in_text_order(models: Any, knowledge: ActorKnowledge) -> None:
    text = "Peter Novak resigned. He said his party would split. The party denied it. Novak left the hall."
    chains = chains_of(text, models, knowledge)
    assert chains
    assert all(len(c) > 1 and [p.number for p in c] == sorted(p.number for p in c) for c in chains)
    firsts = [c[0].number for c in chains]
    assert firsts == sorted(firsts)


def test_a_second_reading_gives_the_same_chains(models: Any, knowledge: ActorKnowledge) -> None:
    text = "Peter Novak met Maria Lopez. She gave him a letter. The letter named the dead."
    once, again = (chains_of(text, models, knowledge) for _ in range(2))
    assert [[p.span for p in c] for c in once] == [[p.span for p in c] for c in again]


# ---------------------------------------------------------------- candidates


def candidates_of(text: str, models: Any, knowledge: ActorKnowledge) -> list[str]:
    shown, sentences = read(text, models)
    found = find_candidates(shown.text, sentences, load_pronouns(), knowledge, load_weights().classify)
    return [c.span.of(text) for c in found]


def test_a_phrase_holds_its_complement_and_a_possessor_its_mark(models: Any, knowledge: ActorKnowledge) -> None:
    found = candidates_of("The mayor of the town read the envoy's letter.", models, knowledge)
    assert {"The mayor of the town", "the town", "the envoy's", "the envoy's letter"} <= set(found)


def test_a_list_is_a_phrase_and_so_are_its_members(models: Any, knowledge: ActorKnowledge) -> None:
    found = candidates_of("Nurses and doctors marched.", models, knowledge)
    assert {"Nurses and doctors", "Nurses", "doctors"} <= set(found)


def test_the_words_of_a_name_are_no_names_of_their_own(models: Any, knowledge: ActorKnowledge) -> None:
    found = candidates_of("Vladimir Putin arrived.", models, knowledge)
    assert found == ["Vladimir Putin"]


def test_quotations_are_seen_in_curly_and_in_straight_marks() -> None:
    text = '“We won,” he said. "So did we," she said.'
    assert [s.of(text) for s in quoted_spans(text)] == ["“We won,", '"So did we,']


def test_a_mark_never_closed_opens_nothing() -> None:
    text = "He said “we won.\n" + "Nobody believed him. " * 200 + "\nThe end."
    assert quoted_spans(text) == []


# ---------------------------------------------------------------- tables


def pronoun_spans(example: PronounExample) -> tuple[str, list[Span]]:
    plain, spans, at = "", [], 0
    for match in re.finditer(r"\[([^\[\]]+)\]", example.text):
        plain += example.text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[1])))
        plain += match[1]
        at = match.end()
    return plain + example.text[at:], spans


@pytest.mark.parametrize("example", load_pronouns().examples, ids=lambda e: f"{e.family}: {e.text}")
def test_a_pronoun_is_found_where_its_examples_say(example: PronounExample, models: Any, knowledge: ActorKnowledge) -> None:
    text, spans = pronoun_spans(example)
    shown, sentences = read(text, models)
    found = find_candidates(shown.text, sentences, load_pronouns(), knowledge, load_weights().classify)
    assert [c.head.span for c in found if c.form == example.family] == spans


def test_the_weights_are_small_and_hold_every_kind_of_pronoun() -> None:
    weights = load_weights()
    assert SHIPPED.stat().st_size <= LARGEST
    assert {p.family for p in load_pronouns().forms.values()} <= set(weights.new)


def test_without_weights_nothing_is_tied(models: Any, knowledge: ActorKnowledge) -> None:
    shown, sentences = read("Peter Novak resigned. He left.", models)
    assert find_chains(shown.text, sentences, knowledge, Weights({}, {}, {})) == ()


def test_a_class_is_the_one_that_weighs_most() -> None:
    weights = Weights({"lemma=nurse": {"person": 1.0, "object": 0.4}, "bias": {"object": 0.5}}, {}, {})
    assert weights.classify(["bias", "lemma=nurse"]) == "person"
    assert weights.classify(["lemma=unheard"]) == "abstract"
