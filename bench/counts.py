"""Killed and injured of an incident, from all reports on it: the tallies of what they are linked to say, against its record.

    python -m bench counts --data DIR [--split dev] [--codings FILE ...] [--errors N] [--json]

DIR holds docs.SPLIT.jsonl.gz and incidents.SPLIT.jsonl (bench/gva_incidents). The reports are grouped as the records group them, as
the regular expressions of the floor are: grouping is `python -m bench identity`. Of each report the claims that tell of its main
event count. FILE holds codings made before, JSON, one a line; reports that are in none are coded here.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dateline
from dateline.knowledge.accounts import AccountKnowledge, load_accounts
from dateline.linking.agreement import kilometres
from dateline.linking.outlines import COARSE
from dateline.linking.tallies import tally_event
from dateline.records import Claim, Coding, Document, Place, Report, StatusValue, Tally, Testimony
from dateline.serial import from_json

COUNTED = ("killed", "injured")


@dataclass(frozen=True)
class Incident:
    """A record of the data set with the codings of its reports, in their order."""

    id: str
    killed: int
    injured: int
    codings: tuple[Coding, ...]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]


def read_codings(data: Path, split: str, cached: Sequence[Path] = ()) -> dict[str, Coding]:
    """By the id of each document its coding: from the files, whose codings are named by it, or made now."""
    found = {c.report: c for path in cached for c in _cached(path)}
    rows = [row for row in read_rows(data / f"docs.{split}.jsonl.gz") if row["doc_id"] not in found]
    if not rows:
        return found
    knowledge, models = dateline.load_knowledge(), dateline.load_models()
    for n, row in enumerate(rows):
        day = date.fromisoformat(row["dct"]) if row["dct"] else None
        raw = f"{row['title']}\n\n{row['text']}".encode()
        report = Report(row["doc_id"], raw, "text/plain", address=row["url"], published=day, title=row["title"])
        found[row["doc_id"]] = dateline.code_report(report, knowledge, models)
        if sys.stderr.isatty():
            print(f"\rcoding {n + 1}/{len(rows)}", end="", file=sys.stderr)
    return found


def _cached(path: Path) -> Iterator[Coding]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (from_json(Coding, line) for line in lines)


def read_incidents(data: Path, split: str, codings: dict[str, Coding]) -> list[Incident]:
    """The incidents of the data set; reports that could not be coded are left out of theirs."""
    found = []
    for row in read_rows(data / f"incidents.{split}.jsonl"):
        own = tuple(codings[d] for d in row["doc_ids"] if d in codings and codings[d].document is not None)
        found.append(Incident(row["incident_id"], row["num_killed"], row["num_injured"], own))
    return found


# ---------------------------------------------------------------- what of a report is its main event


def main_testimonies(codings: Sequence[Coding]) -> list[Testimony]:
    """The claims of harm that are of the main event of the reports: of its day or later and its place, as far as these are told."""
    told = [(c.document, claim) for c in codings if c.document is not None for claim in c.claims if _tells_of_harm(claim)]
    day, place = main_day(told), main_place(told)
    return [_testimony(document, claim) for document, claim in told if _may_be_of(day, place, claim)]


def _tells_of_harm(claim: Claim) -> bool:
    event = claim.event
    return event.type == "ASSAULT" or any(c.what in COUNTED for c in event.counts)


def main_day(told: Iterable[tuple[Document, Claim]]) -> date | None:
    """The day that most claims of harm are of; of equals the earliest. No claim has a day: None."""
    votes: Counter[date] = Counter()
    for _, claim in told:
        time = claim.event.time
        if time is not None and time.first is not None and time.first == time.last:
            votes[time.first] += 2 if time.span is not None else 1
    return min(votes, key=lambda d: (-votes[d], d)) if votes else None


def main_place(told: Iterable[tuple[Document, Claim]]) -> Place | None:
    """The place, finer than a province, that most claims of harm are of; of equals the one told first. None is told: None."""
    votes: Counter[Place] = Counter()
    for _, claim in told:
        place = claim.event.place
        if place is not None and place.place.point is not None and place.place.kind not in COARSE:
            votes[place.place] += 1
    return max(votes, key=lambda p: votes[p]) if votes else None


BEFORE, FAR = timedelta(days=1), 60.0
"""How long before the main day a claim's day may begin, and how many kilometres from the main place its place may lie."""


def _may_be_of(day: date | None, place: Place | None, claim: Claim) -> bool:
    event = claim.event
    if event.status.value not in {StatusValue.ASSERTED, StatusValue.ALLEGED}:
        return False
    if place is not None and event.place is not None and event.place.span is not None:
        own = event.place.place
        if own.point is not None and place.point is not None and kilometres(own.point, place.point) > FAR:
            return False
    time = event.time
    if day is None or time is None or time.span is None or time.first is None:
        return True
    return time.first >= day - BEFORE


def _testimony(document: Document, claim: Claim) -> Testimony:
    event, text = claim.event, document.text
    published = document.published.day if document.published is not None else None
    return Testimony(
        claim=claim,
        trigger=event.trigger.of(text),
        evidence=event.evidence.of(text),
        publisher=None,
        published=published,
        known_at=datetime.combine(published or date(1970, 1, 1), datetime.min.time(), UTC),
        witness=document.id,
    )


# ---------------------------------------------------------------- scores


def count_harm(codings: Sequence[Coding], knowledge: AccountKnowledge) -> dict[str, Tally]:
    """The tallies of killed and injured of the main event of some reports on one incident; what nobody tells of is not in it."""
    tallies = tally_event(main_testimonies(codings), knowledge)
    return {t.what: t for t in tallies if t.what in COUNTED and t.side is None}


def best_of(tallies: dict[str, Tally], what: str) -> int:
    """The one figure; nobody tells of any: 0."""
    tally = tallies.get(what)
    return int(tally.best or 0) if tally is not None else 0


def score(incidents: Sequence[Incident], knowledge: AccountKnowledge) -> tuple[dict[str, float], list[str]]:
    """Shares right and mean absolute errors, and for each incident that is wrong a line for people."""
    right: dict[str, int] = defaultdict(int)
    off: dict[str, float] = defaultdict(float)
    wrong = []
    for incident in incidents:
        tallies = count_harm(incident.codings, knowledge)
        for what, truth in (("killed", incident.killed), ("injured", incident.injured)):
            found = best_of(tallies, what)
            right[f"{what}_exact"] += found == truth
            off[f"{what}_mae"] += abs(found - truth)
            tally = tallies.get(what)
            if found != truth:
                steps = " | ".join(step for step, _ in tally.steps) if tally is not None else "nothing is told"
                wrong.append(f"{incident.id}: {what} {found}, in the record {truth}: {steps}")
            inside = tally is not None and tally.low <= truth and (tally.high is None or truth <= tally.high)
            right[f"{what}_inside"] += inside if tally is not None else truth == 0
        right["both_exact"] += best_of(tallies, "killed") == incident.killed and best_of(tallies, "injured") == incident.injured
    n = max(1, len(incidents))
    return {**{k: v / n for k, v in right.items()}, **{k: v / n for k, v in off.items()}}, wrong


def exact(data: Path, split: str, codings: dict[str, Coding]) -> dict[str, float]:
    """The shares of incidents whose killed and injured come out right, under the keys of `python -m bench identity`."""
    scores, _ = score(read_incidents(data, split, codings), load_accounts())
    return {key: scores[key] for key in ("killed_exact", "injured_exact")}


def lines_of(scores: dict[str, float], n: int) -> Iterator[str]:
    """The table for people."""
    yield f"{'':10}{'exact':>8}{'within bounds':>15}{'mean error':>12}   ({n} incidents)"
    for what in COUNTED:
        yield f"{what:10}{scores[f'{what}_exact']:8.1%}{scores[f'{what}_inside']:15.1%}{scores[f'{what}_mae']:12.2f}"
    yield f"{'both':10}{scores['both_exact']:8.1%}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench counts", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--codings", type=Path, nargs="*", default=[], help="codings made before, JSON lines, packed")
    parser.add_argument("--errors", type=int, default=0, help="print so many of what is wrong")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    start = time.process_time()
    codings = read_codings(arguments.data, arguments.split, arguments.codings)
    incidents = read_incidents(arguments.data, arguments.split, codings)
    scores, wrong = score(incidents, load_accounts())
    for line in (*lines_of(scores, len(incidents)), *wrong[: arguments.errors]):
        print(line)
    if arguments.json:
        told: dict[str, Any] = {"name": "counts", "split": arguments.split, "n": len(incidents), **scores}
        print(json.dumps({**told, "seconds_cpu": time.process_time() - start, "version": dateline.__version__}))
    return 0
