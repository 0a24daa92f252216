"""Named entities on gold words and sentences, a document at a time: exact span and class, worldwide-newswire.

    python -m bench names --data DIR [--split dev] [--variant NAME | --variants] [--json]

A variant writes the words in capitals or in small letters, or leaves out those that are punctuation or quotation marks; an entity
loses the words that are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench.variants import EVERY, Variant, add_options, in_case, is_punctuation, is_quotation_mark
from dateline.language.models import Models, load_models
from dateline.language.names import agree_on_names
from dateline.language.reading import Unread, read_words
from dateline.language.tags import spans_of
from dateline.records import Span

TERNARY = frozenset({"Person", "Location", "Organization"})

Counts = Counter[tuple[str, str]]
"""Entities by ("right", "predicted" or "gold", class)."""


@dataclass(frozen=True)
class TaggedSentence:
    """The words of a gold sentence with a BIO tag each; `document` is the part of its id before the #."""

    document: str
    words: tuple[str, ...]
    tags: tuple[str, ...]


def read_tagged(path: Path) -> Iterator[TaggedSentence]:
    """The sentences of a gzipped file, in order; those without words are passed over."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["tokens"]:
                yield TaggedSentence(row["id"].partition("#")[0], tuple(row["tokens"]), tuple(row["tags"]))


def vary(sentence: TaggedSentence, variant: Variant) -> TaggedSentence | None:
    """The sentence as the variant writes it; nothing left of it: None. An entity that loses its first word begins with its next."""
    words: list[str] = []
    tags: list[str] = []
    opened = ""
    for word, tag in zip(sentence.words, sentence.tags, strict=True):
        if is_dropped(word, variant):
            opened = tag if tag.startswith("B-") else opened if tag.startswith("I-") else ""
            continue
        words.append(in_case(word, variant))
        tags.append(f"B-{tag[2:]}" if tag.startswith("I-") and opened[2:] == tag[2:] else tag)
        opened = ""
    return TaggedSentence(sentence.document, tuple(words), tuple(tags)) if words else None


def is_dropped(word: str, variant: Variant) -> bool:
    return (variant is Variant.NOPUNCT and is_punctuation(word)) or (variant is Variant.NOQUOTES and is_quotation_mark(word))


def every_nth(sentences: Sequence[TaggedSentence], step: int) -> list[TaggedSentence]:
    """The sentences of each `step`th document."""
    documents = [list(own) for _, own in groupby(sentences, key=lambda s: s.document)]
    return [s for own in documents[::step] for s in own]


def f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def predict(document: Sequence[TaggedSentence], models: Models) -> Iterator[set[tuple[int, int, str]]]:
    """Our entities of each sentence of a document, as `spans_of` gives the gold ones; read as reports are, names agreed on."""
    text, unread, at = " ".join(" ".join(s.words) for s in document), [], 0
    for sentence in document:
        words = []
        for word in sentence.words:
            words.append(Span(at, at + len(word)))
            at += len(word) + 1
        unread.append(Unread(0, Span(words[0].start, words[-1].end), tuple(words)))
    for raw, read in zip(unread, agree_on_names(text, read_words(text, unread, models)), strict=True):
        first = {w.start: i for i, w in enumerate(raw.words)}
        last = {w.end: i + 1 for i, w in enumerate(raw.words)}
        yield {(first[e.span.start], last[e.span.end], str(e.kind)) for e in read.entities}


def count(sentences: Sequence[TaggedSentence], models: Models) -> Counts:
    counts: Counts = Counter()
    for _, own in groupby(sentences, key=lambda s: s.document):
        document = list(own)
        for sentence, predicted in zip(document, predict(document, models), strict=True):
            gold = set(spans_of(sentence.tags))
            for name, entities in (("right", predicted & gold), ("predicted", predicted), ("gold", gold)):
                counts.update((name, kind) for _, _, kind in entities)
    return counts


def score(counts: Counts, among: frozenset[str] | None = None) -> float:
    """F1 over those classes; None: over all."""
    return f1(*(sum(n for (of, kind), n in counts.items() if of == name and (among is None or kind in among)) for name in NAMES))


NAMES = ("right", "predicted", "gold")


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="bench names", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    add_options(parser)
    options = parser.parse_args(argv)
    gold = every_nth(list(read_tagged(options.data / f"{options.split}.jsonl.gz")), EVERY if options.variants else 1)
    models = load_models()
    started = time.process_time()
    chosen = list(Variant) if options.variants else [options.variant]
    counts = {v: count([s for g in gold if (s := vary(g, v)) is not None], models) for v in chosen}
    seconds = time.process_time() - started
    if options.variants:
        print_variants(counts)
    else:
        print_classes(counts[options.variant])
    print(f"{len(gold) * len(chosen) / seconds:.0f} sentences a CPU second")
    if options.json:
        head = {
            "name": "names",
            "split": options.split,
            "variant": "all" if options.variants else options.variant,
            "n": len(gold),
            "seconds_cpu": round(seconds, 1),
            "version": models.version,
        }
        print(json.dumps(head | figures(counts)))
    return 0


def figures(counts: dict[Variant, Counts]) -> dict[str, float]:
    """The JSON line's shares; where several variants were read, those of all but the plain one carry its name before the key."""
    before = {v: "" if len(counts) == 1 or v is Variant.PLAIN else f"{v}_" for v in counts}
    shares = {"f1": None, "f1_per_loc_org": TERNARY}
    return {before[v] + key: round(score(own, among), 4) for v, own in counts.items() for key, among in shares.items()}


def print_classes(counts: Counts) -> None:
    print(f"{'class':14}{'F1':>7}{'gold':>7}")
    for kind in sorted({kind for _, kind in counts}):
        print(f"{kind:14}{score(counts, frozenset({kind})):7.3f}{counts['gold', kind]:7}")
    print(f"{'all':14}{score(counts):7.3f}{sum(n for (name, _), n in counts.items() if name == 'gold'):7}")
    print(f"{'PER/LOC/ORG':14}{score(counts, TERNARY):7.3f}")


def print_variants(counts: dict[Variant, Counts]) -> None:
    print(f"{'every ' + str(EVERY) + 'th doc':14}{'F1':>7}{'PER/LOC/ORG':>13}")
    for variant, own in counts.items():
        print(f"{variant:14}{score(own):7.3f}{score(own, TERNARY):13.3f}")
