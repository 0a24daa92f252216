"""Named entities on gold words: exact span and class, worldwide-newswire."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from pathlib import Path

from dateline.language.models import load_models
from dateline.language.reading import Unread, read_words
from dateline.records import Span

TERNARY = frozenset({"Person", "Location", "Organization"})


def spans_of(tags: list[str]) -> set[tuple[int, int, str]]:
    """Entities of a BIO sequence as (first word, word after the last, class); an I- that follows nothing of its class opens one."""
    found, start, kind = set(), 0, ""
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind and (prefix != "I" or name != kind):
            found.add((start, i, kind))
            kind = ""
        if prefix != "O" and not kind:
            start, kind = i, name
    return found


def f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench names", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with gzip.open(options.data / f"{options.split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for line in lines if (row := json.loads(line))["tokens"]]
    models = load_models()
    started = time.process_time()
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        words, at = [], 0
        for word in row["tokens"]:
            words.append(Span(at, at + len(word)))
            at += len(word) + 1
        text = " ".join(row["tokens"])
        (sentence,) = read_words(text, [Unread(0, Span(0, len(text)), tuple(words))], models)
        first = {w.start: i for i, w in enumerate(words)}
        last = {w.end: i + 1 for i, w in enumerate(words)}
        predicted = {(first[e.span.start], last[e.span.end], str(e.kind)) for e in sentence.entities}
        gold = spans_of(row["tags"])
        for name, entities in (("right", predicted & gold), ("predicted", predicted), ("gold", gold)):
            for _, _, kind in entities:
                counts[name, kind] += 1
    seconds = time.process_time() - started
    kinds = sorted({kind for _, kind in counts})

    def score(among: list[str]) -> float:
        return f1(*(sum(counts[name, kind] for kind in among) for name in ("right", "predicted", "gold")))

    print(f"{'class':14}{'F1':>7}{'gold':>7}")
    for kind in kinds:
        print(f"{kind:14}{score([kind]):7.3f}{counts['gold', kind]:7}")
    print(f"{'all':14}{score(kinds):7.3f}{sum(counts['gold', k] for k in kinds):7}")
    print(
        f"{'PER/LOC/ORG':14}{score([k for k in kinds if k in TERNARY]):7.3f}\n"
        f"{len(rows) / seconds:.0f} sentences a CPU second, one at a time"
    )
    if options.json:
        figures = {"f1": round(score(kinds), 4), "f1_per_loc_org": round(score([k for k in kinds if k in TERNARY]), 4)}
        print(
            json.dumps(
                {
                    "name": "names",
                    "split": options.split,
                    "n": len(rows),
                    "seconds_cpu": round(seconds, 1),
                    "version": models.version,
                    **figures,
                }
            )
        )
    return 0
