"""PLOVER's own gold sentences, from raw text: event types, and who did it to whom by country; nobody here coded them.

The gold has one event a sentence, the main one, so what a sentence tells as background is left out; the figures with it are
printed below.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from bench.reasons import reasons
from bench.sides import fault, told
from dateline import __version__
from dateline.knowledge.cameo import load_cameo
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report, weigh_report
from dateline.records import EventMention, Participant, Report, StatusValue, TellingValue

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


def coded_triples(events: Iterable[EventMention], intents: Mapping[str, str]) -> set[Triple]:
    """The same of records, whatever their status."""
    return {triple for event in events for triple in event_triples(event, intents)}


def event_triples(event: EventMention, intents: Mapping[str, str]) -> set[Triple]:
    """The triples of one record, by the conventions of this gold; a country that is not known is written ---.

    - A side that the sentence does not name is the country where it happens: of a protest without an addressee, "nobody was named
      for the bombing near Basra".
    - What an actor means to do is his agreement to do it, or his threat (`intents` of knowledge/ontology/cameo.yaml).
    - What several countries do together has all of them as its source and no target.
    """
    actors, recipients = countries(event.actors), countries(event.recipients)
    where = event.place.place.country if event.place else None
    if not event.actors and where:
        actors = {where}
    if not event.recipients and where and len(actors) == 1:
        recipients = {where}
    is_meant = event.status.value is StatusValue.PLANNED and bool(event.actors)
    kind = intents.get(event.type, event.type) if is_meant else event.type
    return {(a, r, kind) for a, r in product(actors, recipients)}


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
    parser.add_argument("--errors", action="store_true", help="each sentence whose triples were missed, what is wrong, and why")
    options = parser.parse_args(argv)
    path = options.data / "data.jsonl"
    if not path.exists():
        path = options.data / f"{options.split}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    knowledge, models, intents = load_knowledge(), load_models(), load_cameo().intents
    started = time.process_time()
    sums = {measure: [0, 0, 0] for measure in ("type", "actor, recipient, type", "type, all records", "triple, all records")}
    faults: Counter[str] = Counter()
    for row in rows:
        report = Report(row["id"], row["text"].encode(), "text/plain", published=date.fromisoformat(row["date"]))
        coding = code_report(report, knowledge, models)
        events = [claim.event for claim in coding.claims]
        theirs = {t for event in row["events"] for t in gold_triples(event)}
        gold_types = {t for _, _, t in theirs}
        news, everything = coded_triples(filter(is_news, events), intents), coded_triples(events, intents)
        for ours, by_type, by_triple in (
            (news, "type", "actor, recipient, type"),
            (everything, "type, all records", "triple, all records"),
        ):
            types = {t for _, _, t in ours}
            add(sums[by_type], len(types & gold_types), len(types), len(gold_types))
            add(sums[by_triple], len(ours & theirs), len(ours), len(theirs))
        wrong = fault(news, theirs)
        faults[wrong or "none"] += 1
        if options.errors and wrong not in (None, "extra") and coding.document is not None:
            print(f"{wrong}: gold {sorted(theirs)}, coded {sorted(news)}\n    {row['text']}")
            lines = list(told(events, coding.document.text))
            if wrong == "type":
                lines += reasons(weigh_report(report, knowledge, models), types=sorted(gold_types))
            print("".join(f"      {line}\n" for line in lines))
    seconds = time.process_time() - started
    for name, (right, predicted, wanted) in sums.items():
        print(f"{name:24} F1 {f1(right, predicted, wanted):.3f}   right {right}, coded {predicted}, gold {wanted}")
    print("sentences by what is wrong: " + ", ".join(f"{kind} {n}" for kind, n in faults.most_common()))
    if options.json:
        head = {"name": "plover", "split": options.split, "n": len(rows), "seconds_cpu": round(seconds, 2), "version": __version__}
        figures = {"root_f1": round(f1(*sums["type"]), 4), "triple_f1": round(f1(*sums["actor, recipient, type"]), 4)}
        figures |= {
            "root_f1_all": round(f1(*sums["type, all records"]), 4),
            "triple_f1_all": round(f1(*sums["triple, all records"]), 4),
        }
        print(json.dumps(head | figures))
    return 0
