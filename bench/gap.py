"""He and she among two names: F1 of the links of the GAP benchmark (Webster et al. 2018), from raw text.

    python -m bench gap --data DIR [--split validation] [--json]

DIR holds gap-SPLIT.tsv.gz: a text, one pronoun in it, and two names, of which the pronoun stands for one or neither. A name is
said to be meant when a phrase of the pronoun's chain is called by it. F1 is over the names (two a text), as in the
benchmark's own scorer, with the ratio of women's to men's. The half called development is part of the linker's training.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.clusters import Tally
from dateline.knowledge.actors import load_actors
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.coreference import find_chains, load_weights
from dateline.mentions.coreference_mentions import Candidate
from dateline.records import Block, Document, OffsetMap, Sentence, Span

WOMEN = frozenset(("she", "her", "hers"))


@dataclass(frozen=True)
class Riddle:
    """A text with a pronoun and two names, each with whether the pronoun stands for it."""

    id: str
    text: str
    pronoun: Span
    names: tuple[tuple[Span, bool], tuple[Span, bool]]

    @property
    def is_of_woman(self) -> bool:
        return self.pronoun.of(self.text).lower() in WOMEN


def read_riddles(path: Path) -> Iterator[Riddle]:
    """The rows of a gzipped file, in order."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            at = int(row["Pronoun-offset"])
            a, b = ((_span(row[n], int(row[f"{n}-offset"])), row[f"{n}-coref"].upper() == "TRUE") for n in "AB")
            yield Riddle(row["ID"], row["Text"], _span(row["Pronoun"], at), (a, b))


def _span(words: str, at: int) -> Span:
    return Span(at, at + len(words))


def read_text(text: str, models: Models) -> tuple[Sentence, ...]:
    """Our reading of a text as one paragraph."""
    return analyse(Document("gap", "gap", "", text, (Block(Span(0, len(text))),), OffsetMap()), models)


def meant(riddle: Riddle, chains: Sequence[Sequence[Candidate]]) -> tuple[bool, bool]:
    """For each name whether our chains say the pronoun stands for it."""
    own = next((c for c in chains if any(p.form and p.head.span == riddle.pronoun for p in c)), ())
    first, second = (any(is_named(p, name) for p in own) for name, _ in riddle.names)
    return first, second


def is_named(phrase: Candidate, name: Span) -> bool:
    """Whether a phrase is called by a name: it holds its head, or a word set beside its head ("the novelist [Ada Quick]")."""
    tokens = phrase.sentence.tokens[phrase.first : phrase.last + 1]
    beside = [t for t in tokens if t.head == phrase.head.index and t.relation.startswith(("flat", "appos", "compound"))]
    return not phrase.form and any(name.overlaps(t.span) for t in (phrase.head, *beside))


def score(riddles: Sequence[Riddle], answers: Sequence[tuple[bool, bool]]) -> Tally:
    """Names said to be meant against those that are."""
    said = [(given, gold) for r, a in zip(riddles, answers, strict=True) for given, (_, gold) in zip(a, r.names, strict=True)]
    right = sum(given and gold for given, gold in said)
    return Tally(right, sum(gold for _, gold in said), right, sum(given for given, _ in said))


def main(argv: list[str]) -> int:
    """Prints the figures, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench gap", description="F1 of he and she among two names.")
    parser.add_argument("--data", type=Path, required=True, help="folder with gap-SPLIT.tsv.gz")
    parser.add_argument("--split", default="validation")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    split = {"dev": "validation"}.get(options.split, options.split)
    riddles = list(read_riddles(options.data / f"gap-{split}.tsv.gz"))
    models, knowledge, weights = load_models(), load_actors(), load_weights()
    started = time.process_time()
    answers = [meant(r, find_chains(r.text, read_text(r.text, models), knowledge, weights)) for r in riddles]
    seconds = time.process_time() - started
    parts = {"": [True, False], "women_": [True], "men_": [False]}
    tallies = {}
    for part, wanted in parts.items():
        kept = [(r, a) for r, a in zip(riddles, answers, strict=True) if r.is_of_woman in wanted]
        tallies[part] = score([r for r, _ in kept], [a for _, a in kept])
        own = tallies[part]
        shown = (("F1", own.f1), ("precision", own.precision), ("recall", own.recall))
        print(f"{part.rstrip('_') or 'all':6}" + "".join(f"{name:>12} {100 * value:.2f}" for name, value in shown))
    if options.json:
        head = {"name": "gap", "split": options.split, "n": len(riddles), "seconds_cpu": round(seconds, 2)}
        print(json.dumps(head | {"version": version("dateline")} | {f"{p}f1": round(t.f1, 4) for p, t in tallies.items()}))
    return 0
