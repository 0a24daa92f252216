"""Shooting reports of the Gun Violence Archive grouped into incidents. A library: `python -m bench identity` measures.

A document of several incidents counts for the one of the lowest number. Reports are coded with the day of the crawl as the day of
publication, title first. What is held to be one incident is what the records say; nothing of the records is read but that.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.clusters import MEASURES, Tally, clusters_of, compare, conll_f1
from dateline.knowledge.linking import load_lexis, load_news_weights
from dateline.linking.news import group_reports
from dateline.linking.table import Table
from dateline.linking.tellings import Profile, Telling, profile_of, profile_of_text, tellings_of
from dateline.records import Coding, Report
from dateline.runs.coder import load_coder
from dateline.runs.local import code_safely
from dateline.serial import from_json


@dataclass(frozen=True)
class GoldReport:
    """A report with a record: its id, what is handed to the coder, and the incidents that it tells of."""

    id: str
    report: Report
    incidents: tuple[str, ...]


def read_reports(data: Path, split: str) -> list[GoldReport]:
    """The reports of a split that have a record, in the order of the file."""
    path = next(p for name in (f"docs.{split}.jsonl.gz", f"docs.{split}.jsonl") if (p := data / name).exists())
    written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in written.decode("utf-8").splitlines()]
    return [
        GoldReport(row["doc_id"], _report(row), tuple(sorted(row["incident_ids_with_record"], key=int)))
        for row in rows
        if row["incident_ids_with_record"]
    ]


def _report(row: dict[str, str | None]) -> Report:
    try:
        day = date.fromisoformat((row.get("dct") or "")[:10])
    except ValueError:
        day = None
    title, text = row.get("title") or "", row["text"] or ""
    raw = f"{title}\n\n{text}".encode()
    return Report(str(row["doc_id"]), raw, "text/plain", address=row.get("url"), published=day, title=row.get("title"))


def code_reports(reports: Sequence[GoldReport], cached: Sequence[Path] = ()) -> Iterator[Coding]:
    """Each report's coding, in order: from a file of codings that has it (JSON, one a line, by the report's id), else made now."""
    known: dict[str, str] = {}
    wanted = {r.id for r in reports}
    for path in cached:
        written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in written.decode("utf-8").splitlines():
            if (name := json.loads(line)["report"]) in wanted:
                known[name] = line
    code = load_coder() if wanted - known.keys() else None
    columns = (TextColumn("coding reports"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=code is None) as progress:
        for report in progress.track(reports):
            if code is None or report.id in known:
                yield from_json(Coding, known[report.id])
            else:
                yield code_safely(code, report.report)


def as_told(reports: Sequence[GoldReport], codings: Iterable[Coding]) -> tuple[list[Telling], list[Profile]]:
    """Tellings and documents, the documents in the order of the reports and under their ids; one that could not be read has its
    words alone. The same text under two ids stands twice."""
    tellings: list[Telling] = []
    profiles: list[Profile] = []
    for gold, coding in zip(reports, codings, strict=True):
        if coding.document is None:
            words = gold.report.raw.decode("utf-8")
            profiles.append(profile_of_text(gold.id, words, gold.report.published))
            continue
        profiles.append(replace(profile_of(coding.document), document=gold.id))
        for telling in tellings_of(coding.claims, coding.document):
            again = telling.same_as and f"{gold.id} {telling.same_as}"
            tellings.append(replace(telling, id=f"{gold.id} {telling.id}", document=gold.id, same_as=again))
    return tellings, profiles


@dataclass(frozen=True)
class Figures:
    """How well documents were grouped: the tallies of each measure, and the incidents of several documents that came out whole."""

    documents: int
    incidents: int
    groups: int
    tallies: dict[str, Tally]

    def as_numbers(self) -> dict[str, float]:
        """The F1 of each measure by its key, CoNLL's first."""
        return {"conll_f1": conll_f1(self.tallies)} | {f"{m}_f1": self.tallies[m].f1 for m in MEASURES if m != "mention"}


def measure(reports: Sequence[GoldReport], codings: Sequence[Coding]) -> tuple[Figures, list[int]]:
    """The figures of reports, each with its coding, and the group that each was put in."""
    table = Table.of(*as_told(reports, codings), load_lexis())
    labels: list[int] = group_reports(table, load_news_weights()).labels.tolist()
    gold, found = clusters_of([r.incidents[0] for r in reports]), clusters_of(labels)
    return Figures(len(reports), len(gold), len(found), compare(gold, found)), labels


def mistakes(reports: Sequence[GoldReport], labels: Sequence[int]) -> Iterator[str]:
    """Groups of several incidents and incidents in several groups, each with its reports' days, groups and titles."""
    for name, one, other in (
        ("joined", labels, [r.incidents[0] for r in reports]),
        ("split", [r.incidents[0] for r in reports], labels),
    ):
        for group in clusters_of(one):
            rows = sorted(int(str(place)) for place in group)
            if len({other[row] for row in rows}) > 1:
                yield f"{name}:"
                for row in rows:
                    report = reports[row].report
                    yield f"    {report.published}  {reports[row].incidents[0]:>8} {labels[row]:>5}  {report.title or report.name}"
