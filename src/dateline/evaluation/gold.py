"""Gold sets as they are written: articles coded by hand (NAME.yaml beside NAME.txt), and tables of events."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dateline.comparing.occurrences import Bounded, Occurrence
from dateline.evaluation.spans import FileOffsets, places_of
from dateline.knowledge.tables import plain_yaml
from dateline.records import Coding, EventMention, PlaceKind, Report, Span


class GoldError(Exception):
    """A gold set that cannot be read; the message says where and what to do."""


@dataclass(frozen=True)
class Party:
    """Who, as a record has it; all None: nobody is told."""

    name: str | None = None
    country: str | None = None
    sector: str | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of a record; None is an open bound."""

    what: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class GoldRecord:
    """What a coder recorded of one happening. `evidence` are the places where its words stand in the article's text, `trigger` the
    word in the first of them (None: not told). `also` are types that are right too."""

    id: str
    type: str
    mode: str | None
    also: frozenset[str]
    evidence: tuple[Span, ...]
    trigger: Span | None
    words: str
    actor: Party
    recipient: Party
    first: date | None
    last: date | None
    place: str | None
    country: str | None
    status: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Article:
    """An article with what a coder recorded. `unplaced` are the ids of records whose words are not in its text."""

    name: str
    raw: bytes
    text: str
    report: Report
    records: tuple[GoldRecord, ...]
    publisher: str | None
    unplaced: tuple[str, ...] = ()


# ---------------------------------------------------------------- articles by hand


def read_articles(path: Path) -> tuple[Article, ...]:
    """The articles of a folder, by name, or that of one NAME.yaml. Raises GoldError for what cannot be read, and for none."""
    files = [path] if path.is_file() else sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    found = tuple(_article(file) for file in files if file.with_suffix(".txt").is_file())
    if not found:
        raise GoldError(f"{path}: no NAME.yaml with its text in NAME.txt beside it (docs/evaluation.md)")
    return found


def _article(file: Path) -> Article:
    text_file = file.with_suffix(".txt")
    raw = text_file.read_bytes()
    text = raw.decode("utf-8", errors="replace").replace("\r\n", "\n")
    try:
        read = plain_yaml(file.read_text("utf-8"))
    except ValueError as fault:
        raise GoldError(f"{file}: {fault}") from None
    if not isinstance(read, dict) or not isinstance(read.get("events", []), list):
        raise GoldError(f"{file}: should have `document` and a list of `events` (docs/evaluation.md)")
    said, meta = read.get("document") or {}, _meta(file)
    day = meta.get("date") or said.get("published")
    report = Report(
        name=text_file.name, raw=raw, media_type="text/plain", address=meta.get("url"), title=meta.get("title"),
        published=_day(day, file) if day else None,
    )  # fmt: skip
    records = tuple(_record(value, n, text, file) for n, value in enumerate(read.get("events") or [], 1))
    unplaced = tuple(r.id for r in records if not r.evidence)
    return Article(file.stem, raw, text, report, records, said.get("publisher"), unplaced)


def _meta(file: Path) -> dict[str, Any]:
    beside = file.with_name(f"{file.stem}.meta.json")
    found: dict[str, Any] = json.loads(beside.read_text("utf-8")) if beside.is_file() else {}
    return found


def _record(value: Any, number: int, text: str, file: Path) -> GoldRecord:
    if not isinstance(value, dict) or not value.get("type") or not value.get("evidence"):
        raise GoldError(f"{file}: event {number} needs a type and evidence")
    evidence = places_of(str(value["evidence"]), text)
    trigger = None
    if evidence and value.get("trigger"):
        inside = places_of(str(value["trigger"]), evidence[0].of(text))
        trigger = inside[0].shift(evidence[0].start) if inside else None
    days = value.get("date") or [None, None]
    days = days if isinstance(days, list) else [days, days]
    place = value.get("place") or [None, None]
    return GoldRecord(
        id=str(value.get("id") or number),
        type=str(value["type"]),
        mode=value.get("mode"),
        also=frozenset(value.get("also") or ()),
        evidence=evidence,
        trigger=trigger,
        words=str(value["evidence"]),
        actor=_party(value.get("actor")),
        recipient=_party(value.get("recipient")),
        first=_day(days[0], file) if days[0] else None,
        last=_day(days[-1], file) if days[-1] else None,
        place=place[0],
        country=place[1] if len(place) > 1 else None,
        status=str(value.get("status") or "asserted"),
        figures=tuple(Figure(str(c["what"]), c.get("low"), c.get("high")) for c in value.get("counts") or ()),
    )


def _party(value: Any) -> Party:
    parts = [*(value or [])][:3] if isinstance(value, list) else [value]
    return Party(*(None if part is None else str(part) for part in parts))


def _day(value: Any, file: Path | str) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise GoldError(f"{file}: {value!r} is no day: write it as 2020-08-18") from None


# ---------------------------------------------------------------- ours in the same form


def records_of(coding: Coding, raw: bytes) -> tuple[GoldRecord, ...]:
    """What a coding of the file has, as a coder by hand would write it; records of words that are not in the file are left out."""
    if coding.document is None:
        return ()
    offsets = FileOffsets(coding.document, raw)
    found = []
    for claim in coding.claims:
        evidence = offsets.of(claim.event.evidence)
        if evidence is not None:
            words = claim.event.evidence.of(coding.document.text)
            found.append(_of_event(claim.id, claim.event, evidence, offsets.of(claim.event.trigger), words))
    return tuple(found)


def _of_event(id: str, event: EventMention, evidence: Span, trigger: Span | None, words: str) -> GoldRecord:
    parties = []
    for listed in (event.actors, event.recipients):  # a hand coding has room for one
        first = listed[0].actor if listed else None
        parties.append(Party(first.name, first.country, first.sector) if first else Party())
    time, place = event.time, event.place.place if event.place else None
    return GoldRecord(
        id=id, type=event.type, mode=event.mode, also=frozenset(), evidence=(evidence,), trigger=trigger, words=words,
        actor=parties[0], recipient=parties[1], first=time.first if time else None, last=time.last if time else None,
        place=place.name if place else None, country=place.country if place else None, status=event.status.value.value,
        figures=tuple(Figure(c.what, c.low, c.high) for c in event.counts),
    )  # fmt: skip


# ---------------------------------------------------------------- tables of events

NEEDED = ("id", "first_day", "type", "country")


def read_events(path: Path) -> tuple[Occurrence, ...]:
    """The events of a CSV whose head names them as `dateline export --to csv` does, those of NEEDED at least.

    Raises GoldError for what cannot be read, naming the row.
    """
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig", errors="replace"), newline=""))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise GoldError(f"{path}: its head lacks {', '.join(missing)} (docs/evaluation.md)")
    found = tuple(_event(row, f"{path.name}:{rows.line_num}") for row in rows)
    ids = [event.id for event in found]
    if twice := next((id for id in ids if ids.count(id) > 1), None):
        raise GoldError(f"{path}: the id {twice!r} stands in two rows")
    return found


def _event(row: Mapping[str, str], where: str) -> Occurrence:
    first = _day(row["first_day"], where) if row["first_day"] else None
    last = _day(row["last_day"], where) if row.get("last_day") else first
    kind, name = row.get("place_kind"), row.get("place") or None
    point = None
    figures = []
    try:
        if row.get("latitude") and row.get("longitude"):
            point = (float(row["latitude"]), float(row["longitude"]))
        for column, value in row.items():
            if column and column.endswith("_low") and value:
                what = column.removesuffix("_low").replace("_", " ")
                high = row.get(f"{column.removesuffix('_low')}_high")
                figures.append(Bounded(what, float(value), float(high) if high else None))
        place_kind = PlaceKind(kind) if kind else PlaceKind.CITY if name else PlaceKind.COUNTRY
    except ValueError as fault:
        raise GoldError(f"{where}: {fault}") from None
    return Occurrence(
        id=row["id"], type=row["type"], mode=row.get("mode") or None, first=first, last=last, place=name, kind=place_kind,
        admin1=row.get("admin1") or None, country=row["country"] or None, point=point, parties=frozenset(), figures=tuple(figures),
        witnesses=1,
    )  # fmt: skip
