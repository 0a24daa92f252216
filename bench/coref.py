"""Chains of names, nouns and pronouns within documents: CoNLL F1 on predicted mentions.

    python -m bench coref --data DIR [--split dev] [--json]

DIR holds SPLIT.conll.gz in the layout of coref-ontogum (bench/coref_data.py tells it); given are words and, where the treebank
ud-gum stands beside DIR, sentences. Parse, names and mentions are ours. Beside the whole there are two extracts. Pronouns: the
F1 of third-person pronouns, right when the nearest phrase before them in our chain that is no pronoun (or, where there is none,
the nearest at all) is in their gold chain. The coder's: CoNLL F1 over the chains, gold ones and ours, that hold a name or a role
noun (actors/roles.csv), which are those that can be an actor.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.clusters import Tally, add_up, compare, conll_f1
from bench.coref_data import MarkedDocument, Place, find_treebank_beside, lay_out, read_laid_out, read_marked
from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.coreference import load_pronouns
from dateline.language.models import Models, load_models
from dateline.mentions.coreference import find_chains, load_weights
from dateline.records import Sentence, Token

Chains = tuple[frozenset[Place], ...]


@dataclass(frozen=True)
class Answer:
    """Our chains of a document by the numbers of its words, and those words as we read them."""

    chains: Chains
    tokens: tuple[Token, ...]
    seconds: float
    """CPU seconds for the chains alone, given the parse."""


def answer(text: str, sentences: Sequence[Sentence], knowledge: ActorKnowledge) -> Answer:
    """Our chains."""
    weights = load_weights()
    started = time.process_time()
    found = find_chains(text, sentences, knowledge, weights)
    seconds = time.process_time() - started
    firsts, at = [], 0
    for sentence in sentences:
        firsts.append(at)
        at += len(sentence.tokens)
    chains = tuple(frozenset((firsts[p.sentence.index] + p.first, firsts[p.sentence.index] + p.last) for p in c) for c in found)
    return Answer(chains, tuple(t for s in sentences for t in s.tokens), seconds)


# ---------------------------------------------------------------- extracts


def is_pronoun(place: Place, tokens: Sequence[Token], person: int | None = None) -> bool:
    """Whether a mention is one word and a pronoun (of that person)."""
    pronoun = load_pronouns().forms.get(tokens[place[0]].text.lower()) if place[0] == place[1] else None
    return pronoun is not None and person in (None, pronoun.person)


def pronouns(key: Sequence[frozenset[Place]], response: Chains, tokens: Sequence[Token]) -> Tally:
    """Third-person pronouns that go back to something, in the key and in the response, and those that go back to the same."""
    wanted, given = ({p for c in side for p in c if is_pronoun(p, tokens, 3) and any(q < p for q in c)} for side in (key, response))
    gold_of = {p: n for n, c in enumerate(key) for p in c}
    right = 0
    for chain in response:
        for place in sorted(chain):
            if place in wanted and place in given:
                right += gold_of.get(_antecedent(place, chain, tokens), -1) == gold_of[place]
    return Tally(right, len(wanted), right, len(given))


def _antecedent(place: Place, chain: Iterable[Place], tokens: Sequence[Token]) -> Place:
    before = [p for p in chain if p < place]
    return max([p for p in before if not is_pronoun(p, tokens)] or before)


def coders(chains: Sequence[frozenset[Place]], tokens: Sequence[Token], knowledge: ActorKnowledge) -> Chains:
    """The chains that hold a name or a role noun as a mention's head."""

    def is_actor(place: Place) -> bool:
        inside = tokens[place[0] : place[1] + 1]
        base = tokens[place[0]].index - place[0]
        head = next((t for t in inside if not place[0] <= t.head - base <= place[1]), inside[-1])
        return head.upos == "PROPN" or head.lemma.lower() in knowledge.roles

    return tuple(c for c in chains if any(is_actor(p) for p in c))


# ---------------------------------------------------------------- the figures


@dataclass(frozen=True)
class Score:
    """A document's tallies."""

    genre: str
    whole: dict[str, Tally]
    coder: dict[str, Tally]
    pronoun: Tally


def score(document: MarkedDocument, ours: Answer, knowledge: ActorKnowledge) -> Score:
    """The document's tallies, whole and by extract."""
    return Score(
        document.genre,
        compare(document.clusters, ours.chains),
        compare(coders(document.clusters, ours.tokens, knowledge), coders(ours.chains, ours.tokens, knowledge)),
        pronouns(document.clusters, ours.chains, ours.tokens),
    )


def read_answers(
    data: Path, split: str, documents: Sequence[MarkedDocument], models: Models, knowledge: ActorKnowledge
) -> list[Answer]:
    """Our chains of each document, in order."""
    treebank = find_treebank_beside(data, split)
    answers = []
    for document in documents:
        laid_out = lay_out(document, treebank.get(document.name, ()))
        answers.append(answer(laid_out.text, read_laid_out(laid_out, models), knowledge))
    return answers


def figures(scores: Sequence[Score]) -> dict[str, float]:
    """The keys of the JSON line."""
    whole, coder = add_up(s.whole for s in scores), add_up(s.coder for s in scores)
    pronoun = sum((s.pronoun for s in scores), Tally())
    return {
        "conll_f1": conll_f1(whole),
        **{f"{measure}_f1": tally.f1 for measure, tally in whole.items()},
        "pronoun_f1": pronoun.f1,
        "coder_conll_f1": conll_f1(coder),
        **{f"coder_{measure}_f1": tally.f1 for measure, tally in coder.items()},
    }


def print_table(rows: Mapping[str, Sequence[Score]]) -> None:
    """A line a genre and one for all."""
    shown = ("conll_f1", "muc_f1", "b3_f1", "ceafe_f1", "mention_f1", "pronoun_f1", "coder_conll_f1")
    print(f"{'genre':14}{'docs':>5}" + "".join(f"{name.removesuffix('_f1'):>13}" for name in shown))
    for name, scores in rows.items():
        values = figures(scores)
        print(f"{name:14}{len(scores):5}" + "".join(f"{100 * values[key]:13.2f}" for key in shown))


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench coref", description="CoNLL F1 of coreference on predicted mentions.")
    parser.add_argument("--data", type=Path, required=True, help="folder with SPLIT.conll.gz (coref-ontogum)")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    documents = list(read_marked(options.data / f"{options.split}.conll.gz"))
    models, knowledge = load_models(), load_actors()
    started = time.process_time()
    answers = read_answers(options.data, options.split, documents, models, knowledge)
    seconds = time.process_time() - started
    scores = [score(d, a, knowledge) for d, a in zip(documents, answers, strict=True)]
    genres = sorted({s.genre for s in scores})
    print_table({**{g: [s for s in scores if s.genre == g] for g in genres}, "all": scores})
    words = sum(len(d.forms) for d in documents)
    own = sum(a.seconds for a in answers)
    print(f"{len(documents)} documents; chains take {400_000 * own / words:.1f} CPU-ms for 400 words, given the parse")
    if options.json:
        head = {"name": "coref", "split": options.split, "n": len(documents), "seconds_cpu": round(seconds, 2)}
        print(json.dumps(head | {"version": version("dateline")} | {k: round(v, 4) for k, v in figures(scores).items()}))
    return 0
