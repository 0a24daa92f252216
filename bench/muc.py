"""Templates of the Fourth Message Understanding Conference: who attacked whom in Latin America, a document at a time.

    python -m bench muc --data DIR [--split dev] [--errors] [--json]

DIR holds SPLIT.jsonl ({doc_id, text, gtt_templates}). The upper-case text is coded as it is; what makes a template of records
stands in bench/incidents.py and bench/crosswalks/muc.yaml. The measure is the template F1 of Du et al. (NAACL 2021), in our own
lines: a given template may only be set against a gold one of the same incident; of all one-to-one pairings the one with most right
fillers counts; an incident is a filler, and a role's filler is right when it is, word for word, one of the mentions of a gold
entity that no other filler has taken. Nothing was trained on the templates; the crosswalk's choices were made on the train half.
Date, place and figures of the key are not scored by this measure.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from bench.incidents import DETERMINER, ROLES, Incidents, Template
from dateline import __version__
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report
from dateline.records import Report

MOST_PAIRED = 7
"""Templates of a document up to which every pairing is tried; beyond, the best pair is taken first."""


@dataclass(frozen=True)
class Tally:
    """Fillers that are right, given and gold, by slot."""

    right: Mapping[str, int]
    given: Mapping[str, int]
    gold: Mapping[str, int]


def pair_up(given: Sequence[Template], gold: Sequence[Mapping[str, Any]]) -> Tally:
    """The tally of a document under the pairing that makes most fillers right."""
    best: list[tuple[int, int]] = []
    options = {(i, j): right for i, g in enumerate(given) for j, t in enumerate(gold) if (right := _right(g, t))}
    if len(gold) <= MOST_PAIRED and len(given) <= len(gold):
        for order in permutations(range(len(gold)), len(given)):
            pairs = [(i, j) for i, j in enumerate(order) if (i, j) in options]
            if sum(sum(options[p].values()) for p in pairs) > sum(sum(options[p].values()) for p in best):
                best = pairs
    else:
        left = dict(options)
        while left:
            chosen = max(left, key=lambda pair: sum(left[pair].values()))
            best.append(chosen)
            left = {pair: right for pair, right in left.items() if pair[0] != chosen[0] and pair[1] != chosen[1]}
    slots = ("incident_type", *ROLES)
    right = {slot: sum(options[pair].get(slot, 0) for pair in best) for slot in slots}
    counted = {slot: sum(1 if slot == "incident_type" else len(t.fillers[slot]) for t in given) for slot in slots}
    wanted = {slot: sum(1 if slot == "incident_type" else len(t[slot]) for t in gold) for slot in slots}
    return Tally(right, counted, wanted)


def _right(given: Template, gold: Mapping[str, Any]) -> dict[str, int]:
    """Right fillers by slot of one template set against another; other incidents: none."""
    if given.incident not in str(gold["incident_type"]).split(" / "):
        return {}
    right = {"incident_type": 1}
    for role in ROLES:
        left = [{_plain(mention) for mention, _ in entity} for entity in gold[role]]
        right[role] = 0
        for words in given.fillers[role]:
            match = next((entity for entity in left if _plain(words) in entity), None)
            if match is not None:
                left.remove(match)
                right[role] += 1
    return right


def _plain(words: str) -> str:
    return DETERMINER.sub("", " ".join(words.lower().split()))


def _written(given: Sequence[Template], gold: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line a template, ours first: the incident, then what fills each role; of a gold entity its mentions."""
    for t in given:
        yield f"ours {t.incident}: " + "; ".join(f"{role} {', '.join(words)}" for role, words in t.fillers.items() if words)
    for row in gold:
        entities = {role: [" = ".join(dict.fromkeys(m for m, _ in entity)) for entity in row[role]] for role in ROLES if row[role]}
        yield f"gold {row['incident_type']}: " + "; ".join(f"{role} {', '.join(words)}" for role, words in entities.items())


def f1(tallies: Sequence[Tally], slots: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all documents of some slots."""
    right, given, gold = (
        sum(getattr(tally, part)[slot] for tally in tallies for slot in slots) for part in ("right", "given", "gold")
    )
    precision, recall = right / max(1, given), right / max(1, gold)
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench muc", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of SPLIT.jsonl")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit", type=int, help="only the first so many documents")
    parser.add_argument("--errors", action="store_true", help="given and gold templates of each document")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    lines = (options.data / f"{options.split}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines][: options.limit]
    knowledge, models = load_knowledge(), load_models()
    incidents = Incidents.read(knowledge.actors)
    started = time.process_time()
    tallies = []
    for row in rows:
        coding = code_report(Report(row["doc_id"], row["text"].encode(), "text/plain"), knowledge, models)
        given = incidents.templates(coding)
        tallies.append(pair_up(given, row["gtt_templates"]))
        if options.errors:
            print(row["doc_id"], *_written(given, row["gtt_templates"]), sep="\n  ")
    seconds = time.process_time() - started
    slots = ("incident_type", *ROLES)
    for slot in slots:
        precision, recall, figure = f1(tallies, (slot,))
        print(f"{slot:14} F1 {figure:.3f}   P {precision:.3f}  R {recall:.3f}")
    precision, recall, figure = f1(tallies, slots)
    print(f"{'templates':14} F1 {figure:.3f}   P {precision:.3f}  R {recall:.3f}   ({len(rows)} documents)")
    if options.json:
        head = {"name": "muc", "split": options.split, "n": len(rows), "seconds_cpu": round(seconds, 2), "version": __version__}
        by_slot = {slot.lower(): round(f1(tallies, (slot,))[2], 4) for slot in slots}
        print(json.dumps(head | {"template_f1": round(figure, 4)} | by_slot))
    return 0
