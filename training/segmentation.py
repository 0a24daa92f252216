"""Trains the sentence-boundary model: raw text of EWT and GUM train -> a table of feature weights.

    python -m training.segmentation --data DIR --out src/dateline/language/model

DIR holds ud-ewt/ and ud-gum/. Each document is read as it is and again all in small letters and all in capitals, and each
of those once more with its lines wrapped, its sentences a line each, or a space between two of them lost; and some of it
again put into quotation marks or behind a dateline: reports come like that and treebanks do not. The weights for texts without
stops are learnt from copies without punctuation and without the marks that end sentences. The learner is logistic regression by
AdaGrad with a little shrinkage (Duchi, Hazan and Singer 2011), seeded: the same data give the same file. Prints the figures
on dev. Four minutes.
"""

from __future__ import annotations

import argparse
import json
import random
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.syntax import GoldDocument, find_treebank, read_documents
from bench.variants import Variant
from dateline.language.sentences import Candidate, Habit, Writing, find_candidates, find_features

TREEBANKS = ("ud-ewt", "ud-gum")
SEED = 13
EPOCHS = 12
RATE = 0.25
SHRINKAGE = 2e-3
BATCH = 32
RAREST = 8
"""A feature seen less often is left out: it names a document more than it names English."""

RAREST_AT_GAPS = 80
"""Every space of the treebanks is an example there, in six copies."""


@dataclass(frozen=True)
class Paragraph:
    """Text with the starts of its sentences but the first."""

    text: str
    starts: frozenset[int]


class Examples:
    """Candidates' features, by number, and whether a sentence ends there. Features get their numbers as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._features = array("i")
        self._starts = array("q", [0])
        self._answers = array("b")

    def add(self, features: Iterable[str], is_boundary: bool) -> None:
        self._features.extend(self.numbers.setdefault(f, len(self.numbers)) for f in features if f)
        self._starts.append(len(self._features))
        self._answers.append(is_boundary)

    def __len__(self) -> int:
        return len(self._answers)

    def as_arrays(self, rarest: int) -> tuple[list[str], NDArray[np.int32], NDArray[np.float64]]:
        """The names of the features seen that often, sorted; the examples' features as rows of indices into them, padded with
        their number; the answers.
        """
        flat = np.frombuffer(self._features, np.int32)
        counts = np.bincount(flat, minlength=len(self.numbers))
        names = sorted(name for name, number in self.numbers.items() if counts[number] >= rarest)
        renumbered = np.full(len(self.numbers), len(names), np.int32)
        for index, name in enumerate(names):
            renumbered[self.numbers[name]] = index
        starts = np.frombuffer(self._starts, np.int64)
        sizes = np.diff(starts)
        rows = np.full((len(self), sizes.max(initial=1)), len(names), np.int32)
        rows[np.arange(rows.shape[1]) < sizes[:, None]] = renumbered[flat]
        return names, rows, np.frombuffer(self._answers, np.int8).astype(np.float64)


def paragraphs_of(document: GoldDocument) -> Iterator[tuple[str, ...]]:
    """The sentences of each paragraph, as written, each with the spaces that follow it."""
    solid = [i for i, c in enumerate(document.text) if not c.isspace()]
    starts = [solid[s.start] for s in document.analysis.sentences]
    for block in document.blocks:
        own = [s for s in starts if block.start <= s < block.end]
        yield tuple(document.text[a:b] for a, b in zip(own, [*own[1:], block.end], strict=True))


def joined(sentences: Sequence[str]) -> Paragraph:
    text, starts = "", set()
    for sentence in sentences:
        if text:
            starts.add(len(text))
        text += sentence
    return Paragraph(text, frozenset(starts))


def wrapped(paragraph: Paragraph, width: int) -> Paragraph:
    """The paragraph with line breaks for spaces, so that no line is wider: offsets stay."""
    text = list(paragraph.text)
    column = 0
    for i, character in enumerate(text):
        column += 1
        if character == " ":
            following = paragraph.text.find(" ", i + 1)
            word = (following if following >= 0 else len(text)) - i - 1
            if column + word > width:
                text[i] = "\n"
                column = 0
    return Paragraph("".join(text), paragraph.starts)


def roughened(sentences: Sequence[str], dice: random.Random) -> Paragraph:
    """The paragraph as a careless source would carry it: wrapped, a sentence a line, or a space lost."""
    kind = dice.random()
    if kind < 0.55:
        return wrapped(joined(sentences), dice.randrange(55, 90))
    if kind < 0.75:
        return joined([_own_line(s, dice) for s in sentences])
    return joined([s.rstrip() if s.rstrip()[-1:] in {".", "?", "!"} and dice.random() < 0.3 else s for s in sentences])


OPEN_AND_CLOSED = (("“", "”"), ('"', '"'), ("“", "”"), ('"', '"'), ("''", "''"), ("‘", "’"), ("'", "'"))
SPEAKERS = ("he", "she", "they", "the president", "a police officer", "one witness", "the union's leader", "officials", "residents")
NAMED = ("Omar", "Ruiz", "Ms. Ruiz", "General Omar", "President Okafor", "Anna Petrova", "Police Chief Anand Rao")
VERBS = ("said", "said", "said", "asked", "told reporters", "shouted", "added", "wrote", "replied", "says", "declared", "warned")
TAILS = ("", "", "", " on Tuesday", " in a statement", " after the vote", " from the capital", ", adding that talks would go on")


def quoted(sentences: Sequence[str], dice: random.Random) -> Paragraph:
    """Two or three sentences of the treebank put into someone's mouth: treebanks have few quotations, reports are full of them."""
    opening, closing = dice.choice(OPEN_AND_CLOSED)
    *first, last = [s.strip() for s in sentences]
    verb, tail, speaker = dice.choice(VERBS), dice.choice(TAILS), dice.choice(SPEAKERS)
    kind = dice.random()
    if kind < 0.25:  # he said: "S. S."
        cue = f"{speaker[0].upper()}{speaker[1:]} {verb}{tail}: "
        return joined([*_after(cue + opening, [*first, last + closing]), "Later it rained. "])
    if kind < 0.45:  # "S," he said. "S. S."
        head = f"{opening}{first[0].rstrip('.')}{',' if first[0].endswith('.') else ''}{closing} {speaker} {verb}{tail}. "
        return joined([head, *_after(opening, [*first[1:], last + closing])])
    if kind < 0.6:  # "S. S." He said that …
        told = f"{speaker[0].upper()}{speaker[1:]} {dice.choice(VERBS[:3])} that the talks would go on{dice.choice(TAILS[:-1])}. "
        return joined([*_after(opening, [*first, last + closing]), told])
    is_stop = last.endswith(".")
    is_kept = not is_stop or dice.random() < 0.3
    end = last if is_kept else last[:-1] + ","
    who = dice.choice(NAMED) if dice.random() < 0.3 and not (is_stop and is_kept) else speaker
    tail = "" if is_stop and is_kept and dice.random() < 0.8 else tail
    cue = f"{verb} {who}" if dice.random() < 0.3 and verb != "told reporters" else f"{who} {verb}"
    rest = ["The talks failed. "] if dice.random() < 0.5 else []
    return joined([*_after(opening, [*first, f"{end}{closing} {cue}{tail}."]), *rest])


TOWNS = (
    "MINSK",
    "LAGOS",
    "PORT LOUIS",
    "KUALA LUMPUR",
    "Minsk",
    "SALEM, Ore.",
    "CHARLESTON, W.Va.",
    "KAMPALA, Uganda",
    "TUNIS, March 4",
    "LIMA, 4 FEB 90",
)
AGENCIES = (" (Agency)", " (AP)", " (Reuters)", "", "")
DASHES = (" - ", " -- ", " — ", " – ", " (AFP): ", ": ")


def datelined(sentences: Sequence[str], dice: random.Random) -> Paragraph:
    """The paragraph behind a dateline, now and then with a headline before it: the dash ends no sentence."""
    dateline = dice.choice(TOWNS) + dice.choice(AGENCIES) + dice.choice(DASHES)
    headline = ["Talks fail over wages. "] if dice.random() < 0.2 else []
    return joined([*headline, dateline + sentences[0], *sentences[1:]])


def _after(opening: str, sentences: Sequence[str]) -> list[str]:
    """The sentences with that before the first, each followed by a space."""
    return [(opening if i == 0 else "") + s + " " for i, s in enumerate(sentences)]


def can_be_quoted(sentence: str) -> bool:
    bare = sentence.strip()
    return bare[-1:] in {".", "?", "!"} and bare[:1].isupper() and not set(bare) & set('"“”‘’:()')


def _own_line(sentence: str, dice: random.Random) -> str:
    """The sentence with a line break after it, now and then without its full stop, as headlines and lists are."""
    bare = sentence.rstrip()
    is_short = 1 < len(bare) < 50
    return (bare[:-1] if bare.endswith(".") and is_short and dice.random() < 0.3 else bare) + "\n"


def same_length(text: str, habit: Habit) -> str:
    """The text in that case; letters whose other case is longer ("ß") stay, so that offsets hold."""
    if habit is Habit.MIXED:
        return text
    turn = str.lower if habit is Habit.LOWER else str.upper
    return "".join(t if len(t := turn(c)) == 1 else c for c in text)


def read_examples(data: Path, split: str, *, augment: bool) -> Iterator[tuple[Habit, Paragraph]]:
    """Every paragraph of both treebanks, in each habit of case when augmenting, plain and roughened."""
    dice = random.Random(SEED)
    for bank in TREEBANKS:
        for document in read_documents(find_treebank(data / bank, split)):
            for sentences in paragraphs_of(document):
                for start in range(0, len(sentences) - 2 if augment else 0, 2):
                    window = sentences[start : start + dice.choice((2, 3))]
                    if dice.random() < 0.5 or not all(can_be_quoted(s) for s in window):
                        continue
                    said = quoted(window, dice)
                    yield from ((habit, Paragraph(same_length(said.text, habit), said.starts)) for habit in Habit)
                if augment and dice.random() < 0.12 and sentences[0].rstrip().endswith("."):
                    placed = datelined(sentences, dice)
                    yield from ((habit, Paragraph(same_length(placed.text, habit), placed.starts)) for habit in Habit)
                for habit in Habit if augment else (Habit.MIXED,):
                    cased = tuple(same_length(s, habit) for s in sentences)
                    yield habit, joined(cased)
                    if augment and dice.random() < 0.7:
                        yield habit, roughened(cased, dice)


ENDS = ".?!…"
CLOSERS = "\"'”’»)]"


def without_stops(sentences: Sequence[str]) -> tuple[str, ...]:
    """The sentences without the marks that end them, inner punctuation left as it is."""
    return tuple(s.rstrip().rstrip(CLOSERS).rstrip(ENDS).rstrip() + " " for s in sentences)


def read_unstopped(data: Path, split: str) -> Iterator[tuple[Habit, Paragraph]]:
    """Every paragraph of both treebanks without punctuation, and without the marks that end sentences, in each habit of case."""
    for bank in TREEBANKS:
        for variant in (Variant.NOPUNCT, Variant.PLAIN):
            for document in read_documents(find_treebank(data / bank, split), variant):
                for sentences in paragraphs_of(document):
                    bare = sentences if variant is Variant.NOPUNCT else without_stops(sentences)
                    for habit in Habit:
                        yield habit, joined([same_length(s, habit) for s in bare if s.strip()])


def examples_of(paragraph: Paragraph, writing: Writing) -> Iterator[tuple[list[str], bool]]:
    """The features of each candidate with the answer; in a text without stops those of bare spaces: a mark is judged as ever."""
    start = 0
    for candidate in find_candidates(paragraph.text, writing):
        is_start = starts_sentence(paragraph, candidate)
        placed = replace(candidate, previous=start) if candidate.is_gap else candidate
        start = candidate.next if is_start else start
        if candidate.is_gap or writing.has_stops:
            yield find_features(paragraph.text, placed, writing.habit), is_start


def starts_sentence(paragraph: Paragraph, candidate: Candidate) -> bool:
    return candidate.next in paragraph.starts


def train(rows: NDArray[np.int32], answers: NDArray[np.float64], size: int, batch: int) -> NDArray[np.float64]:
    """The weights of `size` features: the mean over the ends of the later half of EPOCHS passes in seeded random order."""
    weights, squares, mean = np.zeros(size + 1), np.full(size + 1, 1e-6), np.zeros(size + 1)
    first_kept = EPOCHS // 2
    dice = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        order = dice.permutation(len(rows))
        rate = RATE / (1 + epoch / 3)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            features = rows[chosen]
            errors = answers[chosen] - 1 / (1 + np.exp(-np.clip(weights[features].sum(1), -30, 30)))
            touched, places = np.unique(features, return_inverse=True)
            pulls = np.bincount(places.ravel(), np.repeat(errors, features.shape[1]), len(touched))
            slopes = pulls - SHRINKAGE * np.bincount(places.ravel(), minlength=len(touched)) * weights[touched]
            squares[touched] += slopes**2
            weights[touched] += rate * slopes / np.sqrt(squares[touched])
            weights[size] = 0.0
        if epoch >= first_kept:
            mean += weights / (EPOCHS - first_kept)
    return mean[:size]


def learn(examples: Examples, rarest: int, batch: int, least: float) -> dict[str, float]:
    """The weights of the features seen that often, those nearer to zero than `least` left out."""
    names, rows, answers = examples.as_arrays(rarest)
    weights = train(rows, answers, len(names), batch)
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True) if abs(w) >= least}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    stopped, unstopped = Examples(), Examples()
    for habit, paragraph in read_examples(options.data, "train", augment=True):
        for features, is_end in examples_of(paragraph, Writing(habit)):
            stopped.add(features, is_end)
    for habit, paragraph in read_unstopped(options.data, "train"):
        for features, is_end in examples_of(paragraph, Writing(habit, has_stops=False)):
            unstopped.add(features, is_end)
    kept = learn(stopped, RAREST, BATCH, 0.1) | learn(unstopped, RAREST_AT_GAPS, 8 * BATCH, 0.25)
    path = options.out / "segmentation.json"
    path.write_text(json.dumps({"weights": kept}, ensure_ascii=False, separators=(",", ":"), indent=None) + "\n", encoding="utf-8")
    candidates = f"{len(stopped)} candidates, {len(unstopped)} spaces"
    print(f"{candidates}, {len(kept)} weights, {path.stat().st_size / 1000:.0f} kB -> {path}")
    report(options.data, kept)


def report(data: Path, weights: dict[str, float]) -> None:
    """The share of candidates judged right on dev, in each habit of case, with stops and without."""
    read = {True: list(read_examples(data, "dev", augment=True)), False: list(read_unstopped(data, "dev"))}
    for writing in (Writing(habit, stops) for stops in (True, False) for habit in Habit):
        right = total = missed = wrong = ends = 0
        for given, paragraph in read[writing.has_stops]:
            if given is writing.habit:
                for features, is_end in examples_of(paragraph, writing):
                    says = sum(weights.get(f, 0.0) for f in features) > 0
                    total, right, ends = total + 1, right + (says == is_end), ends + is_end
                    missed, wrong = missed + (is_end and not says), wrong + (says and not is_end)
        kind = f"{writing.habit.value:6}{'' if writing.has_stops else 'no stops'}"
        print(f"dev {kind} {total} candidates, {ends} ends: {100 * right / total:.2f} % right, {missed} missed, {wrong} too many")


if __name__ == "__main__":
    main()
