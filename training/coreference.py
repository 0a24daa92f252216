"""Trains the linker of mentions: coref-ontogum, coref-gum and GAP -> tables of weights.

    python -m training.coreference --data BENCH --out src/dateline/knowledge/coreference/weights.json

BENCH holds coref-ontogum/, coref-gum/, gap/ and, for its sentences, ud-gum/. Two learners, both logistic, both by AdaGrad with
shrinkage to zero (Duchi, Hazan and Singer 2011), seeded: the same data and the same language model give the same file.

Classes: what a noun or name denotes, of GUM's ten entity classes. The linker sees classes guessed by a learner that was not
shown the document (five folds), or it would trust them more than it may later.
Links: for each phrase one choice among "begins a chain, or none" and the earlier phrases; any earlier phrase of the gold chain
is right. Mistakes are made dearer while learning, by their kind (Durrett and Klein 2013, "Easy Victories and Uphill Battles").
He and she learn once more from the development half of GAP, whose names are chosen to be hard to tell apart.
Prints the figures on dev. Some three minutes of CPU, most of it reading the texts.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.clusters import Tally, add_up, compare, conll_f1
from bench.coref_data import MarkedDocument, Place, find_treebank_beside, lay_out, read_laid_out, read_marked
from bench.gap import Riddle, read_riddles, read_text
from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.coreference import PronounTable, load_pronouns
from dateline.language.models import Models, load_models
from dateline.mentions.coreference import Choice, Weights, best_link, find_chains, walk
from dateline.mentions.coreference_features import kind_of, table_of
from dateline.mentions.coreference_mentions import Candidate, find_candidates
from dateline.records import Sentence

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

FOLDS = 5
CLASS_EPOCHS, LINK_EPOCHS = 12, 20
RATE = 0.1
CLASS_SHRINKAGE, LINK_SHRINKAGE = 1.5e-3, 1e-4
RAREST_CLASS, RAREST_LINK = 6, 6
"""A feature seen in fewer examples is left out."""
FALSE_LINK, FALSE_START, WRONG_LINK = 0.3, 2.0, 1.0
"""What it costs to link a phrase that begins a chain or has none, to leave out a link, to link to the wrong phrase."""
STEP = 40
"""Questions a step of the learner, at least."""
DIGITS = 1


@dataclass(frozen=True)
class Lesson:
    """A document read by us, with its gold chains and, from coref-gum, the classes of its phrases by place."""

    document: MarkedDocument
    classes: dict[Place, str]
    text: str
    sentences: tuple[Sentence, ...]


# ---------------------------------------------------------------- what is learned from


def read_lessons(bench: Path, split: str, models: Models) -> list[Lesson]:
    """The documents of one half, read by the shipped language model."""
    treebank = find_treebank_beside(bench / "coref-ontogum", split)
    typed = {d.name: d for d in read_marked(bench / "coref-gum" / f"{split}.conll.gz")}
    lessons = []
    for document in read_marked(bench / "coref-ontogum" / f"{split}.conll.gz"):
        laid_out = lay_out(document, treebank.get(document.name, ()))
        sentences = read_laid_out(laid_out, models)
        lessons.append(Lesson(document, classes_of(typed[document.name]), laid_out.text, sentences))
    return lessons


def classes_of(document: MarkedDocument) -> dict[Place, str]:
    """The entity class of each phrase of a coref-gum document."""
    return {
        place: label.partition("-")[0]
        for cluster, labels in zip(document.clusters, document.labels, strict=True)
        for place, label in zip(sorted(cluster), labels, strict=True)
    }


def places_of(lesson: Lesson, candidates: Sequence[Candidate]) -> list[Place]:
    """Where in the document each candidate stands."""
    starts, at = [], 0
    for sentence in lesson.sentences:
        starts.append(at)
        at += len(sentence.tokens)
    return [(starts[c.sentence.index] + c.first, starts[c.sentence.index] + c.last) for c in candidates]


@dataclass(frozen=True)
class Questions:
    """Choices to be made, as numbers of features: choice c has the features ids[starts[c]:starts[c + 1]].

    Question q has the choices firsts[q] to firsts[q + 1]. `is_right` and `costs` are by choice.
    """

    ids: Ints
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]
    is_right: NDArray[np.bool_]
    costs: Floats


class Asker:
    """Collects questions, numbering features as they come; seldom ones are dropped at the end."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.seen: Counter[int] = Counter()
        self.documents: list[list[tuple[list[list[int]], list[bool], list[float]]]] = []

    def begin_document(self) -> None:
        self.documents.append([])

    def ask(self, choices: Iterable[Iterable[str]], is_right: list[bool], costs: list[float]) -> None:
        numbered = [[self.numbers.setdefault(f, len(self.numbers)) for f in features] for features in choices]
        self.seen.update({f for features in numbered for f in features})
        self.documents[-1].append((numbered, is_right, costs))

    def finish(self, rarest: int) -> tuple[list[Questions], list[str]]:
        """The questions of each document, and the features that are left by their new numbers."""
        kept = [number for number in range(len(self.numbers)) if self.seen[number] >= rarest]
        renumbered = {old: new for new, old in enumerate(kept)}
        names = list(self.numbers)
        return [_questions(d, renumbered) for d in self.documents if d], [names[k] for k in kept]


def _questions(asked: list[tuple[list[list[int]], list[bool], list[float]]], renumbered: dict[int, int]) -> Questions:
    ids: list[int] = []
    starts, firsts = [0], [0]
    is_right: list[bool] = []
    costs: list[float] = []
    for choices, right, cost in asked:
        for features in choices:
            ids += [renumbered[f] for f in features if f in renumbered]
            starts.append(len(ids))
        is_right += right
        costs += cost
        firsts.append(len(starts) - 1)
    return Questions(
        np.array(ids, np.int32), np.array(starts), np.array(firsts), np.array(is_right, np.bool_), np.array(costs, np.float32)
    )


def in_steps(documents: Sequence[Questions]) -> list[Questions]:
    """Texts of a few questions put together, so that a step of the learner rests on some."""
    steps: list[Questions] = []
    held: list[Questions] = []
    for questions in documents:
        held.append(questions)
        if sum(len(q.firsts) - 1 for q in held) >= STEP:
            steps.append(_together(held))
            held = []
    return [*steps, _together(held)] if held else steps


def _together(parts: Sequence[Questions]) -> Questions:
    def shifted(ends: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        before = np.cumsum([0, *(int(e[-1]) for e in ends)])
        return np.asarray(np.concatenate([[0], *(e[1:] + b for e, b in zip(ends, before, strict=False))]))

    return Questions(
        np.concatenate([q.ids for q in parts]),
        shifted([q.starts for q in parts]),
        shifted([q.firsts for q in parts]),
        np.concatenate([q.is_right for q in parts]),
        np.concatenate([q.costs for q in parts]),
    )


# ---------------------------------------------------------------- the learner


def learn(documents: Sequence[Questions], size: int, *, epochs: int, shrinkage: float, seed: int = 7) -> Floats:
    """A weight for each feature: AdaGrad, a document a step, weights pulled to zero as by a Laplace prior."""
    order = np.random.default_rng(seed)
    weights, squares = np.zeros(size), np.full(size, 1e-6)
    total = np.zeros(size)
    for epoch in range(epochs):
        for number in order.permutation(len(documents)):
            gradient = gradient_of(documents[number], weights)
            touched = gradient != 0
            squares[touched] += gradient[touched] ** 2
            rates = RATE / np.sqrt(squares)
            moved = weights - rates * gradient
            pull = rates * shrinkage * len(documents[number].firsts)
            weights = np.where(touched, np.sign(moved) * np.maximum(0.0, np.abs(moved) - pull), weights)
        if epoch >= epochs // 2:
            total += weights
    return (total / (epochs - epochs // 2)).astype(np.float32)


def gradient_of(questions: Questions, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the negative log-likelihood of the right choices, costs added to the wrong ones (softmax margin)."""
    scores = sums_of(questions, weights) + questions.costs
    everything = shares_of(scores, questions.firsts)
    right = shares_of(np.where(questions.is_right, scores, -1e9), questions.firsts)
    slopes = np.repeat(everything - right, np.diff(questions.starts))
    return np.asarray(np.bincount(questions.ids, slopes, len(weights)), np.float64)


def sums_of(questions: Questions, weights: NDArray[Any]) -> NDArray[np.float64]:
    """The score of each choice; one without features: 0."""
    running = np.concatenate([[0.0], np.cumsum(weights[questions.ids], dtype=np.float64)])
    return np.asarray(running[questions.starts[1:]] - running[questions.starts[:-1]])


def shares_of(scores: NDArray[np.float64], firsts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Softmax within each question."""
    sizes = np.diff(firsts)
    highest = np.repeat(np.maximum.reduceat(scores, firsts[:-1]), sizes)
    raised = np.exp(scores - highest)
    return np.asarray(raised / np.repeat(np.add.reduceat(raised, firsts[:-1]), sizes))


# ---------------------------------------------------------------- classes


def ask_classes(lessons: Sequence[Lesson], knowledge: ActorKnowledge, pronouns: PronounTable) -> tuple[Asker, list[str]]:
    """One question a noun or name that coref-gum has, with every class as a choice."""
    classes = sorted({c for lesson in lessons for c in lesson.classes.values()})
    asker = Asker()
    for lesson in lessons:
        asker.begin_document()
        noted: list[Sequence[str]] = []

        def note(features: Sequence[str], noted: list[Sequence[str]] = noted) -> str:
            noted.append(features)
            return ""

        candidates = find_candidates(lesson.text, lesson.sentences, pronouns, knowledge, note)
        own = [p for p, c in zip(places_of(lesson, candidates), candidates, strict=True) if not c.form]
        for place, features in zip(own, noted, strict=True):
            if gold := lesson.classes.get(place):
                choices = ([f"{name}\t{f}" for f in features] for name in classes)
                asker.ask(choices, [name == gold for name in classes], [0.0] * len(classes))
    return asker, classes


def class_table(weights: Floats, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Feature -> class -> weight, without those that round to nothing."""
    table: dict[str, dict[str, float]] = {}
    for name, weight in zip(names, weights.tolist(), strict=True):
        if rounded := round(weight, DIGITS):
            class_, _, feature = name.partition("\t")
            table.setdefault(feature, {})[class_] = rounded
    return table


# ---------------------------------------------------------------- links


def ask_links(asker: Asker, lesson: Lesson, candidates: Sequence[Candidate], knowledge: ActorKnowledge) -> None:
    """One question a phrase that has anything before it."""
    asker.begin_document()
    chain_of = {place: number for number, chain in enumerate(lesson.document.clusters) for place in chain}
    chains = [chain_of.get(place, -1) for place in places_of(lesson, candidates)]

    def answer(choice: Choice) -> Candidate | None:
        own = chains[choice.phrase.number]
        right = [own >= 0 and chains[a.number] == own for a in choice.antecedents]
        if right:
            costs = [FALSE_START if any(right) else 0.0]
            costs += [0.0 if r else WRONG_LINK if any(right) else FALSE_LINK for r in right]
            new = (f"new\t{kind_of(choice.phrase)}\t{f}" for f in choice.new)
            links = (
                [f"links\t{table_of(earlier, choice.phrase)}\t{f}" for f in features]
                for earlier, features in zip(choice.antecedents, choice.links, strict=True)
            )
            asker.ask((new, *links), [not any(right), *right], costs)
        return next((a for a, r in zip(choice.antecedents, right, strict=True) if r), None)

    walk(candidates, knowledge, answer)


def ask_riddle(asker: Asker, riddle: Riddle, sentences: Sequence[Sentence], knowledge: ActorKnowledge, weights: Weights) -> None:
    """One question a GAP text whose pronoun stands for one of its names: of the phrases before it that are tied to a name, which.

    The other phrases are tied by weights learned before; whether the pronoun stands for any of them is not known, so they are
    no choices.
    """
    asker.begin_document()
    candidates = find_candidates(riddle.text, sentences, load_pronouns(), knowledge, weights.classify)
    name_of: dict[int, bool] = {}  # for each phrase tied to one of the names, whether that name is the right one

    def answer(choice: Choice) -> Candidate | None:
        phrase = choice.phrase
        found = best_link(choice, weights)
        named = [is_right for name, is_right in riddle.names if not phrase.form and name.overlaps(phrase.head.span)]
        if phrase.head.span == riddle.pronoun:
            known = [n for n, a in enumerate(choice.antecedents) if a.number in name_of]
            right = [name_of[choice.antecedents[n].number] for n in known]
            if any(right) and not all(right):
                links = ([f"links\t{table_of(choice.antecedents[n], phrase)}\t{f}" for f in choice.links[n]] for n in known)
                asker.ask(links, right, [0.0 if r else WRONG_LINK for r in right])
        elif named:
            name_of[phrase.number] = named[0]
        elif found is not None and found.number in name_of:
            name_of[phrase.number] = name_of[found.number]
        return found

    walk(candidates, knowledge, answer)


def link_tables(weights: Floats, names: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    """ "new" and "links" -> kind of phrase or pair -> feature -> weight, without those that round to nothing."""
    tables: dict[str, dict[str, dict[str, float]]] = {"new": {}, "links": {}}
    for name, weight in zip(names, weights.tolist(), strict=True):
        if rounded := round(weight, DIGITS):
            part, table, feature = name.split("\t", 2)
            tables[part].setdefault(table, {})[feature] = rounded
    return tables


# ---------------------------------------------------------------- all of it


def train(
    lessons: Sequence[Lesson],
    riddles: Sequence[tuple[Riddle, Sequence[Sentence]]],
    knowledge: ActorKnowledge,
    pronouns: PronounTable,
) -> Weights:
    """Classes on all documents, classes on four fifths for each fifth, then links over the classes so guessed, twice:

    without the riddles, whose other phrases have to be tied first, and with them.
    """
    asker, _ = ask_classes(lessons, knowledge, pronouns)
    questions, names = asker.finish(RAREST_CLASS)

    def learn_classes(part: Sequence[Questions]) -> dict[str, dict[str, float]]:
        return class_table(learn(part, len(names), epochs=CLASS_EPOCHS, shrinkage=CLASS_SHRINKAGE), names)

    classes = learn_classes(questions)
    links = Asker()
    for fold in range(FOLDS):
        guessing = Weights(learn_classes([q for n, q in enumerate(questions) if n % FOLDS != fold]), {}, {})
        for lesson in lessons[fold::FOLDS]:
            candidates = find_candidates(lesson.text, lesson.sentences, pronouns, knowledge, guessing.classify)
            ask_links(links, lesson, candidates, knowledge)
    first = learn_links(links, classes)
    if not riddles:
        return first
    for riddle, sentences in riddles:
        ask_riddle(links, riddle, sentences, knowledge, first)
    return learn_links(links, classes)


def learn_links(asker: Asker, classes: dict[str, dict[str, float]]) -> Weights:
    """The weights after all that was asked so far."""
    asked, names = asker.finish(RAREST_LINK)
    tables = link_tables(learn(in_steps(asked), len(names), epochs=LINK_EPOCHS, shrinkage=LINK_SHRINKAGE), names)
    return Weights(classes, tables["new"], tables["links"])


def measure(lessons: Sequence[Lesson], knowledge: ActorKnowledge, weights: Weights) -> dict[str, Tally]:
    """The tallies of our chains against gold ones."""
    return add_up(
        compare(
            lesson.document.clusters,
            [frozenset(places_of(lesson, chain)) for chain in find_chains(lesson.text, lesson.sentences, knowledge, weights)],
        )
        for lesson in lessons
    )


def write(weights: Weights, path: Path) -> None:
    """The weights as JSON, keys in order."""
    tables = {"classes": weights.classes, "new": weights.new, "links": weights.links}
    path.write_text(json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.coreference", description="Trains the linker of mentions.")
    parser.add_argument("--data", type=Path, required=True, help="folder with coref-ontogum, coref-gum and ud-gum")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    knowledge, pronouns, models = load_actors(), load_pronouns(), load_models()
    riddles = [(r, read_text(r.text, models)) for r in read_riddles(options.data / "gap" / "gap-development.tsv.gz")]
    weights = train(read_lessons(options.data, "train", models), riddles, knowledge, pronouns)
    write(weights, options.out)
    tallies = measure(read_lessons(options.data, "dev", models), knowledge, weights)
    print(f"{options.out}: {options.out.stat().st_size // 1000} kB")
    print(f"dev: CoNLL F1 {conll_f1(tallies):.4f}", *(f"{name} {tally.f1:.4f}" for name, tally in tallies.items()))


if __name__ == "__main__":
    main()
