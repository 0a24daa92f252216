"""Names by region: how well the reader knows the names of each part of the world.

    python -m bench regions --data DIR [--split dev] [--json]

DIR is worldwide-newswire, whose rows say from which part of the world the outlet is. A name is right when its words and its class
are, as in `python -m bench names`; words are the data's own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.names import TERNARY, TaggedSentence, predict
from bench.roles import common, read_rows
from bench.syntax import Tally
from dateline.language.models import Models, load_models
from dateline.language.tags import spans_of
from dateline.records import Sentence

Name = tuple[int, int, str]
MEASURES = ("f1", "f1_per_loc_org", "f1_spans")


def names_of(sentence: Sentence) -> set[Name]:
    """First word, word after the last and class of each name."""
    first = {t.span.start: t.index for t in sentence.tokens}
    end = {t.span.end: t.index + 1 for t in sentence.tokens}
    return {(first[e.span.start], end[e.span.end], str(e.kind)) for e in sentence.entities}


def tally_names(ours: set[Name], gold: set[Name]) -> dict[str, Tally]:
    """One sentence: all classes, persons, places and organisations alone, and words whatever the class."""
    return {
        "f1": common(ours, gold),
        "f1_per_loc_org": common([n for n in ours if n[2] in TERNARY], [n for n in gold if n[2] in TERNARY]),
        "f1_spans": common([n[:2] for n in ours], [n[:2] for n in gold]),
    }


def tally_regions(rows: Iterable[tuple[str, set[Name], set[Name]]]) -> dict[str, dict[str, Tally]]:
    """From (region, our names, theirs) of each sentence: the tallies of each region, and of all under ""."""
    totals: dict[str, dict[str, Tally]] = defaultdict(lambda: dict.fromkeys(MEASURES, Tally()))
    for region, ours, gold in rows:
        own = tally_names(ours, gold)
        for key in ("", region):
            totals[key] = {m: totals[key][m] + own[m] for m in MEASURES}
    return dict(sorted(totals.items()))


def read_documents(rows: Sequence[dict[str, Any]], models: Models) -> Iterator[tuple[str, set[Name], set[Name]]]:
    """(region, our names, theirs) of each sentence, a document at a time."""
    tagged = [(r["region"], TaggedSentence(r["id"].partition("#")[0], tuple(r["tokens"]), tuple(r["tags"]))) for r in rows]
    for _, own in groupby(tagged, key=lambda pair: pair[1].document):
        regions, sentences = zip(*own, strict=True)
        for region, sentence, ours in zip(regions, sentences, predict(sentences, models), strict=True):
            yield region, ours, set(spans_of(sentence.tags))


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench regions", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="worldwide-newswire")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    rows: list[dict[str, Any]] = [r for r in read_rows(options.data / f"{options.split}.jsonl.gz") if r["tokens"]]
    models = load_models()
    began = time.process_time()
    totals = tally_regions(read_documents(rows, models))
    seconds = time.process_time() - began
    print(f"{'region':16}{'F1':>7}{'PER/LOC/ORG':>13}{'any class':>11}{'gold':>7}")
    for region, own in totals.items():
        scores = f"{own['f1'].f1:7.3f}{own['f1_per_loc_org'].f1:13.3f}{own['f1_spans'].f1:11.3f}"
        print(f"{region or 'all':16}{scores}{own['f1'].gold:7}")
    if options.json:
        head = {
            "name": "regions",
            "split": options.split,
            "n": len(rows),
            "seconds_cpu": round(seconds, 1),
            "version": models.version,
        }
        figures = {f"{region}_{m}".lstrip("_"): round(own[m].f1, 4) for region, own in totals.items() for m in MEASURES}
        print(json.dumps(head | figures))
    return 0
