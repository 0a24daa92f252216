"""Coreference: which names, nouns and pronouns of a document stand for one thing.

Phrases come from the parse (`coreference_mentions`); names that are one by their form are grouped first. Then, in reading order,
a person's name and an acronym go back to their namesakes, and every other phrase to the earlier one that weighs most, or to none
(`coreference_features` says what is weighed; the weights are trained by training/coreference.py on OntoGUM, GUM and GAP).
A mention-ranking model as of Durrett and Klein (2013).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

from dateline.knowledge.actors import ActorKnowledge
from dateline.knowledge.coreference import load_pronouns
from dateline.knowledge.tables import TABLES
from dateline.mentions.coreference_features import (
    Chain,
    Surroundings,
    agree,
    certain_antecedent,
    find_antecedents,
    kind_of,
    link_features,
    look_around,
    new_features,
    table_of,
)
from dateline.mentions.coreference_mentions import Candidate, find_candidates
from dateline.records import Sentence

SHIPPED = TABLES / "coreference" / "weights.json"

Table = Mapping[str, float]
"""A weight for each feature; a feature that is not there weighs nothing."""


@dataclass(frozen=True)
class Weights:
    """What was trained. `classes`: feature -> class -> weight; `new` and `links`: kind of phrase or pair -> feature -> weight."""

    classes: Mapping[str, Table]
    new: Mapping[str, Table]
    links: Mapping[str, Table]

    def classify(self, features: Sequence[str]) -> str:
        """The class that weighs most; nothing known: "abstract"."""
        sums: dict[str, float] = {}
        for feature in features:
            for name, weight in self.classes.get(feature, {}).items():
                sums[name] = sums.get(name, 0.0) + weight
        return max(sums, key=lambda n: (sums[n], n)) if sums else "abstract"


@cache
def load_weights(path: Path = SHIPPED) -> Weights:
    """The shipped weights. Raises FileNotFoundError when they were not trained yet."""
    tables = json.loads(path.read_text(encoding="utf-8"))
    return Weights(tables["classes"], tables["new"], tables["links"])


@dataclass(frozen=True)
class Choice:
    """A phrase with what may come before it, the nearest first, and the features of each choice.

    `contradicting`: numbers of those whose chain has been called he where this phrase is she.
    """

    phrase: Candidate
    antecedents: Sequence[Candidate]
    new: Sequence[str]
    links: Sequence[Sequence[str]]
    contradicting: frozenset[int]


def find_chains(
    text: str, sentences: Sequence[Sentence], knowledge: ActorKnowledge, weights: Weights
) -> tuple[tuple[Candidate, ...], ...]:
    """The chains of a document, each of two phrases or more in text order, by their first phrase; none: an empty tuple."""
    candidates = find_candidates(text, sentences, load_pronouns(), knowledge, weights.classify)
    return link(candidates, knowledge, weights)


def link(candidates: Sequence[Candidate], knowledge: ActorKnowledge, weights: Weights) -> tuple[tuple[Candidate, ...], ...]:
    """The chains of candidates that were found."""
    chains = walk(candidates, knowledge, lambda choice: best_link(choice, weights))
    return tuple(tuple(c.phrases) for c in chains if len(c.phrases) > 1)


def walk(candidates: Sequence[Candidate], knowledge: ActorKnowledge, decide: Callable[[Choice], Candidate | None]) -> list[Chain]:
    """Every phrase in order, put into the chain of the earlier one that `decide` names, or into a new one; by first phrase."""
    around = look_around(candidates, knowledge)
    chains: list[Chain] = []
    chain_of: dict[int, Chain] = {}
    for phrase in candidates:
        antecedents = find_antecedents(phrase, around)
        links = list(_links(phrase, antecedents, chain_of, around))
        contradicting = frozenset(a.number for a in antecedents if {chain_of[a.number].gender, phrase.gender} >= {"m", "f"})
        antecedent = certain_antecedent(phrase, around) or decide(
            Choice(phrase, antecedents, new_features(phrase, antecedents, around), links, contradicting)
        )
        if antecedent is None:
            chains.append(Chain())
        chain = chains[-1] if antecedent is None else chain_of[antecedent.number]
        chain.add(phrase)
        chain_of[phrase.number] = chain
    return chains


def _links(
    phrase: Candidate, antecedents: Sequence[Candidate], chain_of: Mapping[int, Chain], around: Surroundings
) -> Iterator[list[str]]:
    rank = 0
    for earlier in antecedents:
        yield link_features(earlier, phrase, chain_of[earlier.number], around, rank)
        rank += agree(earlier, phrase)


def _added(table: Mapping[str, float], features: Sequence[str]) -> float:
    return sum(map(table.get, features, repeat(0.0)))


def best_link(choice: Choice, weights: Weights) -> Candidate | None:
    """The earlier phrase that outweighs all others and a new beginning; none: None."""
    if not choice.antecedents:
        return None
    table = weights.new.get(kind_of(choice.phrase), {})
    best, found = _added(table, choice.new), None
    for earlier, features in zip(choice.antecedents, choice.links, strict=True):
        table = weights.links.get(table_of(earlier, choice.phrase), {})
        score = _added(table, features)
        if score > best and earlier.number not in choice.contradicting:
            best, found = score, earlier
    return found
