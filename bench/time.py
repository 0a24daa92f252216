"""Time expressions and their TIMEX3 values in news, measured as in TempEval-3.

    python -m bench time --data DIR [--split dev] [--json] [-v]

DIR holds SPLIT.jsonl.gz and score_time.py, which defines the metric. Texts are read raw, a paragraph a block, with the
document's creation day as publication day. A range made of two points ("from Friday to Sunday") is one record for us and two
expressions in TIMEX3: it is given as its two ends.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from dateline import texts
from dateline.knowledge.times import load_times
from dateline.language.models import load_models
from dateline.language.reading import analyse
from dateline.mentions.times import find_times
from dateline.records import Document, Span, TimeKind, TimeMention

BETWEEN = re.compile(r"\s+(?:to|until|till|through|and)\s+(?:on\s+)?")
Prediction = tuple[int, int, str | None, str]


def load_scorer(path: Path) -> ModuleType:
    """The scorer that stands beside the data. Raises FileNotFoundError when it is not there."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.exists():
        raise FileNotFoundError(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def document_of(name: str, text: str, created: str) -> Document:
    """The text with a block for each paragraph; nothing of the gold but the creation day is looked at."""
    return replace(texts.document_of(text, date.fromisoformat(created[:10])), id=name, name=name)


def predict(documents: Sequence[Document]) -> tuple[dict[str, list[Prediction]], float]:
    """Predictions by document, and how many sentences a CPU second the finding and resolving of times takes, read ones given."""
    models, knowledge = load_models(), load_times()
    read = [analyse(d, models) for d in documents]
    began = time.process_time()
    found = [find_times(d, sentences, knowledge) for d, sentences in zip(documents, read, strict=True)]
    seconds = time.process_time() - began
    predicted = {d.id: [p for m in mentions for p in timexes_of(m, d.text)] for d, mentions in zip(documents, found, strict=True)}
    return predicted, sum(map(len, read)) / max(seconds, 1e-9)


def timexes_of(mention: TimeMention, text: str) -> Iterator[Prediction]:
    """One of our mentions in TIMEX3's terms: a range written with a word between its ends is two expressions there."""
    ends = (mention.value or "").split("/")
    between = BETWEEN.search(text, mention.span.start, mention.span.end)
    if mention.kind is TimeKind.RANGE and len(ends) == 2 and between is not None:
        yield as_timex(replace(mention, span=Span(mention.span.start, between.start()), value=ends[0]))
        yield as_timex(replace(mention, span=Span(between.end(), mention.span.end), value=ends[1]))
    else:
        yield as_timex(mention)


def as_timex(mention: TimeMention) -> Prediction:
    """Extent, value and TIMEX3 type."""
    value = mention.value
    if mention.kind is TimeKind.SET:
        kind = "SET"
    elif value is not None and value.startswith("P") and not value.endswith("_REF"):
        kind = "DURATION"
    else:
        kind = "TIME" if value is not None and re.match(r"[\dX-]+T", value) else "DATE"
    return mention.span.start, mention.span.end, value, kind


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench time", description="TempEval-3 measures from raw text.")
    parser.add_argument("--data", type=Path, required=True, help="folder with SPLIT.jsonl.gz and score_time.py")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what differs from the gold")
    options = parser.parse_args(argv)
    rows = read_rows(options.data / f"{options.split}.jsonl.gz")
    began = time.process_time()
    predicted, per_second = predict([document_of(r["doc_id"], r["text"], r["dct"]) for r in rows])
    seconds = time.process_time() - began
    figures, errors = load_scorer(options.data / "score_time.py").score(rows, predicted)
    print(f"time {options.split}: {figures['gold']} gold, {figures['sys']} predicted, {seconds:.1f} s CPU")
    print(f"finding and resolving, after the language pass: {per_second:,.0f} sentences a CPU second")
    for measure in ("relaxed", "strict", "value", "type"):
        precision, recall, f1 = figures[measure]
        print(f"{measure:8} precision {precision:5.1f}  recall {recall:5.1f}  F1 {f1:5.1f}")
    if options.verbose:
        for error in errors:
            print(*error, sep=" | ")
    if options.json:
        head = {"name": "time", "split": options.split, "n": figures["gold"], "seconds_cpu": round(seconds, 2)}
        scores = {f"{m}_f1": round(figures[m][2] / 100, 4) for m in ("relaxed", "strict", "value")}
        speed = {"sentences_per_s": round(per_second)}
        print(json.dumps(head | {"version": load_models().version} | scores | speed))
    return 0
