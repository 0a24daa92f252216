"""PLOVER's own gold sentences, from raw text: event types, and who did it to whom by country; nobody here coded them.

The gold has one event a sentence, the main one, so what a sentence tells as background is left out; the figures with it are
printed below.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from dateline import __version__
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report
from dateline.records import EventMention, Participant, Report, TellingValue

NOBODY = "---"
INTERNATIONAL = frozenset(("EUR", "UNO"))
"""Sides of our own that this gold, older than PLOVER's codes for them, writes as IGO like any other."""
Triple = tuple[str, str, str]


def gold_triples(event: dict[str, Any]) -> set[Triple]:
    """(actor's country, recipient's country, type) of a gold event; three letters of a code are its country."""
    sides = [{code[:3] for code in event[side]} or {NOBODY} for side in ("source", "target")]
    return {(a, r, event["code_plover2"]) for a, r in product(*sides)}


def is_news(event: EventMention) -> bool:
    """True for what the text tells as its news: the gold has the one main event of each sentence."""
    return event.telling.value is TellingValue.NEWS


def coded_triples(events: Iterable[EventMention]) -> set[Triple]:
    """The same of records, whatever their status; a country that is not known is written ---."""
    found = set()
    for event in events:
        found |= {(a, r, event.type) for a, r in product(countries(event.actors), countries(event.recipients))}
    return found


def countries(participants: tuple[Participant, ...]) -> set[str]:
    sides = (p.actor.country or NOBODY for p in participants)
    return {"IGO" if side in INTERNATIONAL else side for side in sides} or {NOBODY}


def add(sums: list[int], *figures: int) -> None:
    """Adds (right, coded, gold) of one sentence to the sums."""
    for i, figure in enumerate(figures):
        sums[i] += figure


def f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench plover", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of data.jsonl")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="each sentence whose type was missed")
    options = parser.parse_args(argv)
    path = options.data / "data.jsonl"
    if not path.exists():
        path = options.data / f"{options.split}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    knowledge, models = load_knowledge(), load_models()
    started = time.process_time()
    sums = {measure: [0, 0, 0] for measure in ("type", "actor, recipient, type", "type, all records", "triple, all records")}
    for row in rows:
        report = Report(row["id"], row["text"].encode(), "text/plain", published=date.fromisoformat(row["date"]))
        events = [claim.event for claim in code_report(report, knowledge, models).claims]
        gold = {t for event in row["events"] for t in gold_triples(event)}
        gold_types = {t for _, _, t in gold}
        for ours, by_type, by_triple in (
            (coded_triples(filter(is_news, events)), "type", "actor, recipient, type"),
            (coded_triples(events), "type, all records", "triple, all records"),
        ):
            types = {t for _, _, t in ours}
            add(sums[by_type], len(types & gold_types), len(types), len(gold_types))
            add(sums[by_triple], len(ours & gold), len(ours), len(gold))
            if options.verbose and by_type == "type" and gold_types - types:
                print(f"{'/'.join(sorted(gold_types))} coded {sorted(types)}: {row['text']}")
    seconds = time.process_time() - started
    for name, (right, predicted, wanted) in sums.items():
        print(f"{name:24} F1 {f1(right, predicted, wanted):.3f}   right {right}, coded {predicted}, gold {wanted}")
    if options.json:
        head = {"name": "plover", "split": options.split, "n": len(rows), "seconds_cpu": round(seconds, 2), "version": __version__}
        figures = {"root_f1": round(f1(*sums["type"]), 4), "triple_f1": round(f1(*sums["actor, recipient, type"]), 4)}
        figures |= {
            "root_f1_all": round(f1(*sums["type, all records"]), 4),
            "triple_f1_all": round(f1(*sums["triple, all records"]), 4),
        }
        print(json.dumps(head | figures))
    return 0
