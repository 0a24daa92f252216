"""PETRARCH's validation sentences, from raw text: who did it to whom in CAMEO's actor codes, and the two-digit root of what.

    python -m bench petrarch --data DIR [--split dev] [--json] [-v]

DIR holds data.jsonl (or dev.jsonl, test.jsonl): rows with `id`, `text`, `date` and `events`, each with `source`, `target` and a
CAMEO `code`. A text is coded as any report is; its claims become CAMEO events by the crosswalk of knowledge/ontology/cameo.yaml
and the conventions of `dyads`, learnt as classes from the scheme's codebook. Measures are micro F1 over the sets of a sentence:

  triple  (source, target, root)   pair  (source, target)   root  the root alone   side  (source, target) by country alone

Codes must be equal letter for letter; `pair_six_f1` compares the first six letters (side and first sector) instead, because the
gold writes further qualifiers of its dictionary (PSEREBHMSGOV) that no other coder has.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import permutations, product
from pathlib import Path
from typing import Any

from bench.plover import f1
from dateline import __version__
from dateline.events.parties import GOVERNS_THERE
from dateline.knowledge.cameo import NO_COUNTRY, Cameo, load_cameo
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report
from dateline.records import Actor, EventMention, Participant, Report, StatusValue

Triple = tuple[str, str, str]

MUTUAL = frozenset(("CONSULT", "COOPERATE"))
"""What all sides do to each other: every ordered pair of them is an event."""
CONFLICT = frozenset(("ASSAULT", "COERCE", "ACCUSE", "THREATEN"))
"""What a side that tells it of another is heard as accusing it of."""
ACCUSED = "11"
UNREPORTED = frozenset((StatusValue.DENIED, StatusValue.CONDITIONAL))
"""CAMEO has no status: what did not happen, or only would, is no event there."""


def coded_events(events: Iterable[EventMention], cameo: Cameo, names: frozenset[str]) -> set[Triple]:
    """The dyads of every event; `names` are those of countries, which stand for a state without an agent."""
    return {d for event in events for d in dyads(event, cameo, names)}


def dyads(event: EventMention, cameo: Cameo, names: frozenset[str]) -> Iterator[Triple]:
    """(source, target, root) of one event; none where CAMEO has no such event or one of its two sides is not told.

    - All sides of what is mutual meet one another, both ways.
    - Where nobody is said to be on the receiving end, it is the country where it happens, unless that is the source.
    - A conflict that an actor tells of another, and the text in his words, is his accusation.
    """
    root = cameo.root(event.type, event.mode)
    if root is None or event.status.value in UNREPORTED:
        return
    sources = codes(event.actors, cameo, names)
    targets = codes(event.recipients, cameo, names)
    if event.type in CONFLICT and (teller := accuser(event)) is not None:
        told_by = code_of(teller, cameo, names)
        if told_by not in sources:
            yield from ((told_by, accused, ACCUSED) for accused in sources)
            return
    if event.type in MUTUAL and len(sources + targets) > 1:
        yield from ((a, b, root) for a, b in permutations(dict.fromkeys(sources + targets), 2))
        return
    if not targets and event.place is not None and event.place.place.country:
        targets = [event.place.place.country]
    yield from ((a, b, root) for a, b in product(sources, targets) if a != b)


def accuser(event: EventMention) -> Actor | None:
    """Who tells it in a clause that comes first ("X said that Y …"), the press left out; nobody, or told afterwards: None."""
    tellers = [t for t in event.attribution if t.span is not None and t.actor.country and t.actor.sector != "JRN"]
    if not tellers or event.type == "ACCUSE":
        return None
    last = tellers[-1]
    assert last.span is not None
    return last.actor if last.span.end <= event.trigger.start else None


def codes(participants: tuple[Participant, ...], cameo: Cameo, names: frozenset[str]) -> list[str]:
    """The codes of who is known by country or sector, in text order, each once."""
    places = frozenset(p.actor.name for p in participants if p.origin == GOVERNS_THERE)
    found = (code_of(p.actor, cameo, names | places) for p in participants)
    return [c for c in dict.fromkeys(found) if c != NO_COUNTRY]


def code_of(actor: Actor, cameo: Cameo, names: frozenset[str]) -> str:
    return cameo.actor_code(actor.name, actor.country, actor.sector, is_state=actor.name in names)


def gold_events(row: dict[str, Any]) -> set[Triple]:
    return {(e["source"], e["target"], e["code"][:2]) for e in row["events"]}


def read_row(row: dict[str, Any]) -> Report:
    """A row as a report; a date that is not written as a day of the calendar is none."""
    try:
        published = date.fromisoformat(row["date"] or "")
    except ValueError:
        published = None
    return Report(row["id"], row["text"].encode(), "text/plain", published=published)


def shorten(events: set[Triple], letters: int) -> set[tuple[str, str]]:
    return {(a[:letters], b[:letters]) for a, b, _ in events}


def measures(events: set[Triple]) -> dict[str, set[Any]]:
    """What is compared, under the name of each measure."""
    return {
        "triple": events,
        "root": {root for _, _, root in events},
        "pair": {(a, b) for a, b, _ in events},
        "pair_six": shorten(events, 6),
        "side": shorten(events, 3),
    }


def country_names(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(c.name for c in knowledge.actors.countries.values())


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench petrarch", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of data.jsonl")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="each sentence whose pairs are not the gold's")
    options = parser.parse_args(argv)
    path = options.data / "data.jsonl"
    if not path.exists():
        path = options.data / f"{options.split}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    knowledge, models, cameo = load_knowledge(), load_models(), load_cameo()
    names = country_names(knowledge)
    started = time.process_time()
    sums: dict[str, list[int]] = {}
    for row in rows:
        claims = code_report(read_row(row), knowledge, models).claims
        ours, theirs = coded_events((c.event for c in claims), cameo, names), gold_events(row)
        for name, coded in measures(ours).items():
            gold = measures(theirs)[name]
            so_far = sums.setdefault(name, [0, 0, 0])
            sums[name] = [n + more for n, more in zip(so_far, (len(coded & gold), len(coded), len(gold)), strict=True)]
        if options.verbose and measures(ours)["pair"] != measures(theirs)["pair"]:
            print(f"gold {sorted(theirs)}\n  we {sorted(ours)}\n     {row['text']}")
    seconds = time.process_time() - started
    for name, (right, coded_, gold_) in sums.items():
        print(f"{name:9} F1 {f1(right, coded_, gold_):.3f}   right {right}, coded {coded_}, gold {gold_}")
    if options.json:
        head = {"name": "petrarch", "split": options.split, "n": len(rows), "seconds_cpu": round(seconds, 2), "version": __version__}
        right, coded_, gold_ = sums["pair"]
        pair = {"pair_precision": round(right / coded_, 4) if coded_ else 0.0, "pair_recall": round(right / gold_, 4)}
        print(json.dumps(head | {f"{name}_f1": round(f1(*s), 4) for name, s in sums.items()} | pair))
    return 0
