"""What the gate keeps and what it spares: reports of news coded with and without it.

    python -m bench gate --data BENCH [--codings FILE] [--json]

The reports are those of `training.gate`'s dev halves: world news, local news, events told by many papers, police events, attacks,
and writing that is no news. `kept` is the share of the records that the coder finds, of confidence .5 or more,
that stand in reports which pass; `spared` the share of reports that do not. "any" passes whatever may tell of some type. Coded by
hand are the templates of muc4 and the sentences of india_police_events: `kept` is the share of them in reports that pass. `ms` is
the gate's own time for a thousand words, beside the coder's (`python -m bench speed`).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.knowledge.gate import Gate, load_gate, may_tell
from training.coding import read_rows
from training.gate import SURE, Coded, code_sets

NEWS = ("newswire", "local", "ecb")
"""The sets that are a mixture of news as it comes."""
ANY = "any"


@dataclass(frozen=True)
class Kept:
    """`records` there are in `reports`; `kept` of them stand in the reports that pass, `spared` of the reports do not."""

    set: str
    type: str
    reports: int
    telling: int
    records: int
    kept: int
    spared: int

    def as_row(self) -> dict[str, Any]:
        share = round(self.kept / self.records, 3) if self.records else None
        return {**vars(self), "share_kept": share, "share_spared": round(self.spared / self.reports, 3) if self.reports else None}


def measure(name: str, type_: str, reports: Sequence[Coded], passes: Callable[[Coded], bool]) -> Kept:
    numbers = [sum(c >= SURE and type_ in (ANY, t) for t, c in report.records) for report in reports]
    passing = [passes(report) for report in reports]
    kept = sum(number for number, passed in zip(numbers, passing, strict=True) if passed)
    telling = sum(number > 0 for number in numbers)
    return Kept(name, type_, len(reports), telling, sum(numbers), kept, passing.count(False))


def passes_for(gate: Gate, type_: str) -> Callable[[Coded], bool]:
    types = () if type_ == ANY else (type_,)
    return lambda report: may_tell(report.text, gate, types)


def coded_by_hand(data: Path, gate: Gate) -> list[Kept]:
    """What others coded by hand, in the reports that pass the gate for force."""
    found = []
    attacks = [(row["text"], len(row["gtt_templates"])) for row in read_rows(data / "muc4" / "dev.jsonl")]
    labels: dict[str, int] = {}
    for row in read_rows(data / "india_police_events" / "sents.dev.jsonl"):
        labels[row["doc_id"]] = labels.get(row["doc_id"], 0) + bool(row["labels"])
    police = [(row["text"], labels.get(row["doc_id"], 0)) for row in read_rows(data / "india_police_events" / "docs.dev.jsonl")]
    for name, types, rows in (("muc4 templates", ("ASSAULT",), attacks), ("india sentences", ("ASSAULT", "COERCE"), police)):
        passing = [may_tell(text, gate, types) for text, _ in rows]
        kept = sum(number for (_, number), passed in zip(rows, passing, strict=True) if passed)
        told = [number for _, number in rows]
        found.append(Kept(name, "+".join(types), len(rows), sum(n > 0 for n in told), sum(told), kept, passing.count(False)))
    return found


def milliseconds(reports: Sequence[Coded], gate: Gate) -> float:
    """CPU time of the gate for a thousand words."""
    words = sum(len(report.text.split()) for report in reports)
    begun = time.process_time()
    for report in reports:
        may_tell(report.text, gate)
    return 1e6 * (time.process_time() - begun) / words


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--codings", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    gate = load_gate()
    reports = code_sets(options.data, "dev", options.codings)
    news = [report for report in reports if report.set in NEWS]
    rows = [measure("news", type_, news, passes_for(gate, type_)) for type_ in (ANY, *sorted(gate.types))]
    rows += [
        measure(name, ANY, [r for r in reports if r.set == name], passes_for(gate, ANY))
        for name in sorted({r.set for r in reports})
    ]
    rows += coded_by_hand(options.data, gate)
    cost = round(milliseconds(reports, gate), 2)
    if options.json:
        print(json.dumps({"rows": [row.as_row() for row in rows], "ms": cost}))
        return 0
    print(f"{'set':16} {'type':16} {'reports':>7} {'telling':>7} {'records':>7} {'kept':>6} {'spared':>6}")
    for row in map(Kept.as_row, rows):
        kept = "" if row["share_kept"] is None else f"{row['share_kept']:.3f}"
        numbers = f"{row['reports']:7} {row['telling']:7} {row['records']:7}"
        print(f"{row['set']:16} {row['type']:16} {numbers} {kept:>6} {row['share_spared']:6.3f}")
    print(f"{cost} CPU ms for a thousand words")
    return 0
