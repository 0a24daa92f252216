"""Short reports labelled with ACLED's sub-event types, zero-shot (CASE 2021, task 2): records of a text become one label.

    python -m bench acled --data DIR [--split sample] [--errors] [--json]

DIR holds SPLIT.jsonl ({id, text, label}) and labels.jsonl. What a text's records amount to as one incident of ACLED is the
product's crosswalk (ontology/crosswalks.yaml); bench/crosswalks/acled.yaml only renames. Disasters and organised crime are no
events here: those labels are never given.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.plover import f1
from bench.reasons import reasons
from dateline import __version__
from dateline.knowledge.crosswalks import HAPPENED, Crosswalks, load_crosswalks
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report, weigh_report
from dateline.records import Coding, Report, StatusValue

NAMES = Path(__file__).parent / "crosswalks" / "acled.yaml"


def label_of(coding: Coding, crosswalks: Crosswalks, names: dict[str, dict[str, str]]) -> str:
    """The label of a text: its incident's, else that of its first record that has one, else the label of nothing known.

    The incident is what is told as a fact; only where nothing is, what is alleged; only where nothing is that either, what is
    planned or denied. There is always a label.
    """
    events = [c.event for c in coding.claims]
    told = [e for e in events if e.status.value is StatusValue.ASSERTED]
    for records in (told, [e for e in events if e.status.value in HAPPENED], events):
        incident = crosswalks.incident([crosswalks.facts_of(event) for event in records])
        if incident is not None:
            return names["sub_events"][incident[1]]
    others = (names["types"][e.type] for e in events if e.type in names["types"])
    return next(others, str(names["none"]))


def scores(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Weighted, macro and micro F1 of (gold, given) pairs; macro over the labels that gold has."""
    gold, given = Counter(g for g, _ in pairs), Counter(p for _, p in pairs)
    right = Counter(g for g, p in pairs if g == p)
    of_label = {label: f1(right[label], given[label], gold[label]) for label in gold}
    total = max(1, len(pairs))
    return {
        "weighted_f1": sum(of_label[label] * gold[label] for label in gold) / total,
        "macro_f1": sum(of_label.values()) / max(1, len(of_label)),
        "micro_f1": sum(right.values()) / total,
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench acled", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of SPLIT.jsonl")
    parser.add_argument("--split", default="sample")
    parser.add_argument("--errors", action="store_true", help="each text that has another label, and why")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    rows = [json.loads(line) for line in (options.data / f"{options.split}.jsonl").read_text(encoding="utf-8").splitlines()]
    names = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    knowledge, models, crosswalks = load_knowledge(), load_models(), load_crosswalks()
    started = time.process_time()
    pairs = []
    for row in rows:
        report = Report(str(row["id"]), row["text"].encode(), "text/plain")
        coding = code_report(report, knowledge, models)
        given = label_of(coding, crosswalks, names)
        pairs.append((row["label"], given))
        if options.errors and given != row["label"]:
            print(f"{row['label']} coded {given}: {' '.join(row['text'].split())}")
            for line in reasons(weigh_report(report, knowledge, models)):
                print(f"    {line}")
    seconds = time.process_time() - started
    figures = scores(pairs)
    for name, figure in figures.items():
        print(f"{name:12} {figure:.3f}   ({len(pairs)} texts)")
    if options.json:
        head = {"name": "acled", "split": options.split, "n": len(pairs), "seconds_cpu": round(seconds, 2), "version": __version__}
        print(json.dumps(head | {k: round(v, 4) for k, v in figures.items()}))
    return 0
