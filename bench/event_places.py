"""Where events are put: the place of each record against what annotators or a registry of incidents say.

    python -m bench event_places --data DIR [--split dev] [--limit N] [--json] [-v]

DIR is one of two kinds of folder. With docs.SPLIT.jsonl.gz and incidents.SPLIT.jsonl (reports of shootings and the registry's
record of each incident: country, state, city or county) the place of a report's first record of harm is compared with that of its
incident; reports of several incidents are left out, as are those too short to tell of any. With SPLIT.jsonl (WikiEvents: documents
with event triggers and their arguments) the place of the record with the same trigger is compared with the event's Place arguments,
where the annotators name one by a proper name somewhere in the document. Every text is coded before its answers are looked at.

A registry knows more than a report: the city is named in nine texts of ten, the state in fewer than four.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dateline.knowledge.places import fold
from dateline.records import Coding, EventMention, EventPlace, Report, Span

SHORTEST = 300
"""Code points of a text below which it is a failed page rather than a report."""

HARM = frozenset({"ASSAULT"})


@dataclass(frozen=True)
class Verdict:
    """One comparison: `right` by the name of each level asked for; `told` describes both sides for people."""

    report: str
    right: Mapping[str, bool]
    told: str


# ---------------------------------------------------------------- reports of incidents


@dataclass(frozen=True)
class Incident:
    """Where a registry says that the incident of a report was."""

    country: str
    state: str
    city: str


def read_incidents(data: Path, split: str) -> tuple[tuple[Report, ...], dict[str, Incident]]:
    """The reports of one incident each, and the incident by the report's name."""
    incidents = {}
    for line in (data / f"incidents.{split}.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        incidents[record["incident_id"]] = Incident(record["country"], record["state"] or "", record["city_or_county"] or "")
    reports, where = [], {}
    with gzip.open(data / f"docs.{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            told = document["incident_ids_with_record"]
            if len(told) != 1 or len(document["text"]) < SHORTEST:
                continue
            day = date.fromisoformat(document["dct"][:10]) if document.get("dct") else None
            reports.append(
                Report(
                    document["doc_id"],
                    document["text"].encode(),
                    "text/plain",
                    document["url"],
                    published=day,
                    title=document["title"],
                )
            )
            where[document["doc_id"]] = incidents[told[0]]
    return tuple(reports), where


def judge_report(coding: Coding, incident: Incident) -> Verdict | None:
    """The place of the first record of harm against the incident's; no such record: None."""
    event = next((c.event for c in coding.claims if c.event.type in HARM), None)
    if event is None or coding.document is None:
        return None
    place = event.place.place if event.place else None
    names = {fold(name) for name in ((place.name, place.within or "") if place else ())}
    is_city = bool({fold(name) for name in incident.city.rstrip(")").split(" (")} & names)  # "Pittsburgh (Wilkinsburg)": either
    is_state = place is not None and fold(incident.state) in {fold(place.admin1 or ""), *names}
    is_elsewhere = place is not None and not is_city and place.admin1 is not None and not is_state
    told = f"{describe(event.place)}, is {incident.city}, {incident.state}: {event.evidence.of(coding.document.text)[:90]!r}"
    levels = {
        "city": is_city,
        "state": is_state,
        "country": place is not None and place.country == "USA",
        "elsewhere": is_elsewhere,
    }
    return Verdict(coding.report, levels, told)


# ---------------------------------------------------------------- events with Place arguments


@dataclass(frozen=True)
class Placed:
    """An event's trigger, its Place arguments, and all names that the document has for the places, as spans and as text."""

    trigger: Span
    arguments: tuple[Span, ...]
    names: frozenset[str]


def read_placed(data: Path, split: str) -> tuple[tuple[Report, ...], dict[str, tuple[Placed, ...]]]:
    """The documents, and by their names the events whose place has a proper name."""
    reports, events = [], {}
    for line in (data / f"{split}.jsonl").read_text("utf-8").splitlines():
        document = json.loads(line)
        reports.append(Report(document["doc_id"], document["text"].encode(), "text/plain"))
        events[document["doc_id"]] = tuple(_placed(document))
    return tuple(reports), events


def _placed(document: Mapping[str, Any]) -> Iterator[Placed]:
    spans = token_spans(document["text"], document["tokens"])
    mentions = {m["id"]: m for m in document["entity_mentions"]}
    cluster_of = {m: tuple(cluster) for cluster in document["coref"]["clusters"] for m in cluster}
    for event in document["events"]:
        places = [a for a in event["arguments"] if a["role"] == "Place"]
        same = {m for a in places for m in cluster_of.get(a["entity_id"], (a["entity_id"],))}
        names = {mentions[m]["text"] for m in same if m in mentions and mentions[m]["text"][:1].isupper()}
        if places and names:
            trigger = event["trigger"]
            yield Placed(
                Span(spans[trigger["start"]].start, spans[trigger["end"] - 1].end),
                tuple(Span(spans[a["start"]].start, spans[a["end"] - 1].end) for a in places),
                frozenset(map(fold, names)),
            )


def token_spans(text: str, tokens: Sequence[str]) -> list[Span]:
    """Where each token stands in the text, in order. Raises ValueError for one that does not follow."""
    spans, at = [], 0
    for token in tokens:
        start = text.index(token, at)
        at = start + len(token)
        spans.append(Span(start, at))
    return spans


def judge_events(coding: Coding, events: Iterable[Placed]) -> Iterator[Verdict]:
    """One verdict for each event that there is a record of, by its trigger; others are no matter of places."""
    if coding.document is None:
        return
    raw_span = {claim.id: coding.document.offsets.to_bytes(claim.event.trigger) for claim in coding.claims}
    for event in events:
        ours = next((c.event for c in coding.claims if (at := raw_span[c.id]) and Span(*at).overlaps(event.trigger)), None)
        if ours is not None:
            words = ours.trigger.of(coding.document.text)
            told = f"{words}: {describe(ours.place)}, is {', '.join(sorted(event.names))}"
            yield Verdict(coding.report, {"place": is_named(ours, event.names), "unsaid": ours.place is None}, told)


def is_named(event: EventMention, names: frozenset[str]) -> bool:
    """Whether the record's place, or what it stands within, bears one of the names: all words of the shorter are in the longer."""
    place = event.place.place if event.place else None
    own = {fold(n) for n in (place.name, place.within or "")} - {""} if place else set()
    return any(set(name.split()) <= set(mine.split()) or set(mine.split()) <= set(name.split()) for name in names for mine in own)


# ---------------------------------------------------------------- the command


def describe(place: EventPlace | None) -> str:
    """The place with how it was found, for people; none: a dash."""
    if place is None:
        return "–"
    within = f" in {place.place.within}" if place.place.within else ""
    return f"{place.place.name}{within}, {place.place.admin1 or ''} {place.place.country} ({place.origin.by or place.origin.how})"


def code_reports(reports: Iterable[Report]) -> Iterator[Coding]:
    """Each report coded by the whole path, in order."""
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    knowledge, models = load_knowledge(), load_models()
    for report in reports:
        yield code_report(report, knowledge, models)


def add_up(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """The share right at each level; nothing compared: an empty table."""
    right = Counter(level for v in verdicts for level, is_right in v.right.items() if is_right)
    levels = dict.fromkeys(level for v in verdicts for level in v.right)
    return {level: right[level] / len(verdicts) for level in levels}


def main(argv: list[str]) -> int:
    """Prints the shares, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench event_places", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of reports and incidents, or of WikiEvents")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit", type=int, help="the first N documents only")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="every record that is not at the place it should be at")
    options = parser.parse_args(argv)

    began = time.process_time()
    verdicts: list[Verdict] = []
    if (options.data / f"incidents.{options.split}.jsonl").is_file():
        reports, incidents = read_incidents(options.data, options.split)
        reports = reports[: options.limit]
        for coding in code_reports(reports):
            verdict = judge_report(coding, incidents[coding.report])
            verdicts += [verdict] if verdict else []
    else:
        reports, events = read_placed(options.data, options.split)
        reports = reports[: options.limit]
        for coding in code_reports(reports):
            verdicts += judge_events(coding, events[coding.report])
    seconds = time.process_time() - began
    shares = add_up(verdicts)
    print(f"{len(reports)} documents, {len(verdicts)} records compared")
    for level, share in shares.items():
        print(f"{level:10} {share:.3f}")
    if options.verbose:
        for verdict in verdicts:
            if not verdict.right.get("city", verdict.right.get("place")):
                print(f"  {verdict.report}  {verdict.told}")
    if options.json:
        head = {"name": "event_places", "split": options.split, "n": len(verdicts), "seconds_cpu": round(seconds, 2)}
        print(json.dumps(head | {"version": version("dateline")} | {level: round(share, 4) for level, share in shares.items()}))
    return 0
