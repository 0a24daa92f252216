"""PETRARCH's validation sentences, from raw text: who did it to whom in CAMEO's actor codes, and the two-digit root of what.

    python -m bench petrarch --data DIR [--split dev] [--errors] [--json]

DIR holds data.jsonl (or dev.jsonl, test.jsonl): rows with `id`, `text`, `date` and `events`, each with `source`, `target` and a
CAMEO `code`. A text is read and coded as any report is; what is coded becomes CAMEO events by the crosswalk of
knowledge/ontology/cameo.yaml and the conventions of `dyads` and `unsaid`, learnt as classes from the scheme's codebook and from
this gold. Measures are micro F1 over the sets of a sentence:

  triple  (source, target, root)    pair  (source, target)    root  the root alone    side  (source, target) by country alone

Codes must be equal letter for letter; `pair_six` compares the first six letters (side and first sector) instead, because the
gold writes further qualifiers of its dictionary (PSEREBHMSGOV) that no other coder has. `who` is not F1: of the gold's events
whose root we coded in that sentence, the share whose two codes are right, which keeps who apart from what.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from pathlib import Path
from typing import Any

from bench.plover import f1
from bench.reasons import reasons
from bench.sides import fault, told
from dateline import __version__
from dateline.events.assemble import code_events
from dateline.events.parties import GOVERNS_THERE
from dateline.ingest.read import read_report
from dateline.knowledge.cameo import NO_COUNTRY, Cameo, load_cameo
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.actor_phrases import OF_DOCUMENT
from dateline.mentions.actors import OF_SENTENCE
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions, weigh_report
from dateline.records import Actor, ActorMention, EventMention, Participant, Report, StatusValue

Triple = tuple[str, str, str]

MUTUAL = frozenset(("CONSULT", "COOPERATE"))
"""What all sides do to each other: every ordered pair of them is an event."""
CONFLICT = frozenset(("ASSAULT", "COERCE", "ACCUSE", "THREATEN"))
"""What a side that tells it of another is heard as accusing it of."""
ACCUSED = "11"
UNREPORTED = frozenset((StatusValue.DENIED, StatusValue.CONDITIONAL))
"""CAMEO has no status: what did not happen, or only would, is no event there."""


# ---------------------------------------------------------------- our records as CAMEO events


@dataclass(frozen=True)
class Coder:
    """How an actor is written: `names` are those of countries, which stand for a state without an agent; `unsaid` see there."""

    cameo: Cameo
    names: frozenset[str]
    unsaid: frozenset[Actor] = frozenset()
    text: str = ""

    def codes(self, participants: tuple[Participant, ...]) -> list[str]:
        """The codes of who is known by country or sector, in text order, each once."""
        found = (self.code(p.actor, is_place=p.origin == GOVERNS_THERE) for p in participants)
        return [c for c in dict.fromkeys(found) if c != NO_COUNTRY]

    def code(self, actor: Actor, *, is_place: bool = False) -> str:
        country = None if actor in self.unsaid else actor.country
        return self.cameo.actor_code(actor.name, country, actor.sector, is_state=is_place or actor.name in self.names)


def unsaid(mentions: Iterable[ActorMention]) -> frozenset[Actor]:
    """Actors whose country we infer from where they are told of, which PETRARCH, reading the phrase alone, writes "---"."""
    return frozenset(m.actor for m in mentions if dict(m.origins).get("country") in (OF_DOCUMENT, OF_SENTENCE))


def country_names(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(c.name for c in knowledge.actors.countries.values())


def coded_events(events: Iterable[EventMention], coder: Coder) -> set[Triple]:
    """The dyads of every event."""
    return {d for event in events for d in dyads(event, coder)}


def dyads(event: EventMention, coder: Coder) -> Iterator[Triple]:
    """(source, target, root) of one event; none where CAMEO has no such event or one of its two sides is not told.

    - All sides of what is mutual meet one another, both ways; where they meet in a third country, it is each with that country.
    - Where nobody is said to be on the receiving end, it is the country where it happens, unless that is the source.
    - Harm that nobody is said to have done was done by the country that the clause puts it in, unless that is the target's.
    - What an actor says that he will do is an expressed intent to cooperate, or a threat; what is only due is the act itself.
    - A conflict that an actor tells of another, and the text in his words, is his accusation.
    """
    root = coder.cameo.root(event.type, event.mode)
    if event.type in coder.cameo.intents and is_intent(event, coder):
        root = coder.cameo.root(coder.cameo.intents[event.type], None)
    if root is None or event.status.value in UNREPORTED:
        return
    sources, targets = coder.codes(event.actors), coder.codes(event.recipients)
    here = event.place.place.country if event.place else None
    stated = here if event.place and event.place.span else None
    if event.type in CONFLICT and (teller := accuser(event)) is not None:
        told_by = coder.code(teller)
        if told_by not in sources:
            yield from ((told_by, accused, ACCUSED) for accused in sources)
            return
    sides = {code[:3] for code in sources + targets}
    elsewhere = stated is not None and not targets and stated not in sides
    if event.type in MUTUAL and len(sources + targets) > 1 and not elsewhere:
        yield from ((a, b, root) for a, b in permutations(dict.fromkeys(sources + targets), 2))
        return
    if not targets and here:
        targets = [here]
    if not sources and event.type == "ASSAULT" and stated and stated not in sides:
        sources = [stated]
    yield from ((a, b, root) for a, b in product(sources, targets) if a != b)


def is_intent(event: EventMention, coder: Coder) -> bool:
    """True if whoever is to do what is planned says so himself ("said it would send a team") or is said to want it."""
    if event.status.value is not StatusValue.PLANNED or not event.actors:
        return False
    cue = event.status.cue.of(coder.text).lower() if event.status.cue and coder.text else ""
    tellers = {t.actor for t in event.attribution}
    means_to = any(cue.startswith(verb.removesuffix("e")) for verb in coder.cameo.intending)
    return means_to or any(a.actor in tellers for a in event.actors)


def accuser(event: EventMention) -> Actor | None:
    """Who tells it in a clause that comes first ("X said that Y …"), the press left out; nobody, or told afterwards: None."""
    tellers = [t for t in event.attribution if t.span is not None and t.actor.country and t.actor.sector != "JRN"]
    if not tellers or event.type == "ACCUSE":
        return None
    last = tellers[-1]
    assert last.span is not None
    return last.actor if last.span.end <= event.trigger.start else None


# ---------------------------------------------------------------- rows and measures


def read_row(row: dict[str, Any]) -> Report:
    """A row as a report; a date that is not written as a day of the calendar is none."""
    try:
        published = date.fromisoformat(row["date"] or "")
    except ValueError:
        published = None
    return Report(row["id"], row["text"].encode(), "text/plain", published=published)


def code_row(
    row: dict[str, Any], knowledge: Knowledge, models: Models, cameo: Cameo
) -> tuple[set[Triple], tuple[EventMention, ...]]:
    """A row's CAMEO events, and the records that they come from.

    The stages of the main path are called one by one, because a coding does not hold the mentions.
    """
    document, _ = read_report(read_row(row))
    if document is None:
        return set(), ()
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    events = code_events(document, sentences, mentions, quotations, knowledge)
    coder = Coder(cameo, country_names(knowledge), unsaid(mentions.actors), document.text)
    return coded_events(events, coder), events


def gold_events(row: dict[str, Any]) -> set[Triple]:
    return {(e["source"], e["target"], e["code"][:2]) for e in row["events"]}


def measures(events: set[Triple]) -> dict[str, set[Any]]:
    """What is compared, under the name of each measure."""
    return {
        "triple": events,
        "root": {root for _, _, root in events},
        "pair": {(a, b) for a, b, _ in events},
        "pair_six": {(a[:6], b[:6]) for a, b, _ in events},
        "side": {(a[:3], b[:3]) for a, b, _ in events},
    }


def rooted(ours: set[Triple], gold: set[Triple]) -> tuple[int, int]:
    """Of the gold's events whose root we coded: (how many with both codes right, how many)."""
    roots = {root for _, _, root in ours}
    told = {event for event in gold if event[2] in roots}
    return len(told & ours), len(told)


# ---------------------------------------------------------------- the command


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench petrarch", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of data.jsonl")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="each sentence whose triples are not the gold's, and what is wrong")
    options = parser.parse_args(argv)
    path = options.data / "data.jsonl"
    if not path.exists():
        path = options.data / f"{options.split}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    knowledge, models, cameo = load_knowledge(), load_models(), load_cameo()
    started = time.process_time()
    sums: dict[str, list[int]] = {}
    who = [0, 0]
    faults: Counter[str] = Counter()
    for row in rows:
        (ours, events), theirs = code_row(row, knowledge, models, cameo), gold_events(row)
        for name, coded in measures(ours).items():
            gold = measures(theirs)[name]
            so_far = sums.setdefault(name, [0, 0, 0])
            sums[name] = [n + more for n, more in zip(so_far, (len(coded & gold), len(coded), len(gold)), strict=True)]
        who = [n + more for n, more in zip(who, rooted(ours, theirs), strict=True)]
        wrong = fault(ours, theirs)
        faults[wrong or "none"] += 1
        if options.errors and wrong is not None:
            print(f"{wrong}: gold {sorted(theirs)}, coded {sorted(ours)}\n    {row['text']}")
            lines = list(told(events, row["text"]))
            if wrong == "type":
                lines += reasons(weigh_report(read_row(row), knowledge, models))
            print("".join(f"      {line}\n" for line in lines))
    seconds = time.process_time() - started
    for name, (right, predicted, wanted) in sums.items():
        print(f"{name:9} F1 {f1(right, predicted, wanted):.3f}   right {right}, coded {predicted}, gold {wanted}")
    print(f"who       {share(*who):.3f}      right {who[0]} of {who[1]} events whose root was coded")
    print("sentences by what is wrong: " + ", ".join(f"{kind} {n}" for kind, n in faults.most_common()))
    if options.json:
        right, predicted, wanted = sums["pair"]
        print(
            json.dumps(
                {"name": "petrarch", "split": options.split, "n": len(rows), "seconds_cpu": round(seconds, 2)}
                | {"version": __version__}
                | {f"{name}_f1": round(f1(*figures), 4) for name, figures in sums.items()}
                | {"pair_precision": share(right, predicted), "pair_recall": share(right, wanted), "who": share(*who)}
            )
        )
    return 0


def share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
