"""The ledger at ten million claims: as of a day, group-by, find, point reads, opening; on claims that are made up."""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
from numpy.typing import NDArray

from dateline import __version__
from dateline.ledger.compaction import database, write_receipts, write_volume
from dateline.ledger.segments import Coded, Receipt, receipt_bytes, schema_of
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.volumes import Catalogue, Volume, write_catalogue
from dateline.records import Claim, Coder, Document, EventMention, OffsetMap, Span, Status, StatusValue
from dateline.serial import to_json

VOLUME = 500_000
"""Claims of a volume, as a compaction makes them."""

CLAIMS_A_DOCUMENT = 4
CLAIMS_AN_EVENT = 2
DOCUMENTS_A_SHARD = 64

BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=3_650)
"""How long the ledger grows; then everything is read again by a newer coder, at the same pace."""

POOL = 8_192
COUNTRIES, TYPES, PLACES, ACTORS, PAPERS = 200, 18, 20_000, 50_000, 500


WHOLE = Span(0, 1)
CLAIM = to_json(
    Claim(
        "*", "*",
        EventMention(
            type="PROTEST", mode=None, contexts=(), trigger=WHOLE, evidence=WHOLE, actors=(), recipients=(), time=None, place=None,
            counts=(), status=Status(StatusValue.ASSERTED), attribution=(), rule="*", confidence=0.5,
        ),
        Coder("dateline", "model", "knowledge"),
    )
)  # fmt: skip
"""A claim's record with stars for its id, its document's and a rule so long that the whole is as long as real ones are."""

DOCUMENT = to_json(Document(id="*", name="made up", raw_sha256="", text="", blocks=(), offsets=OffsetMap()))


def ids_of(numbers: NDArray[np.int64], length: int, salt: int) -> pa.StringArray:
    """An id of so many hexadecimal digits for each number, as if hashed; the same number gives the same id."""
    halves = []
    for half in range(2):
        mixed = (numbers.astype(np.uint64) + np.uint64(salt + 7 * half)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        halves.append((mixed ^ (mixed >> np.uint64(32))).astype(">u8").view(np.uint8).reshape(-1, 8))
    octets = np.concatenate(halves, axis=1)[:, : length // 2]
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.empty((len(numbers), length), np.uint8)
    text[:, 0::2], text[:, 1::2] = digits[octets >> 4], digits[octets & 15]
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * length
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))


def skewed(random: np.random.Generator, kinds: int, count: int) -> NDArray[np.int32]:
    """Numbers below `kinds`, the first often and the last seldom, as countries, places and actors are."""
    ends = np.cumsum(1 / np.arange(1, kinds + 1))
    found: NDArray[np.int32] = np.searchsorted(ends, random.random(count) * ends[-1]).astype(np.int32)
    return found


def named(numbers: NDArray[np.int32], names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(names)).cast(pa.string())


@cache
def pool_of(words: int) -> pa.Array:
    """A pool of texts of so many made-up words."""
    random = np.random.default_rng(words)
    vocabulary = np.array(["".join(random.choice(list("aeioulnrstdmkbp"), random.integers(2, 9))) for _ in range(6000)])
    return pa.array([" ".join(vocabulary[skewed(random, 6000, words)]) for _ in range(POOL)])


def make_text(random: np.random.Generator, count: int, words: int) -> pa.Array:
    """Texts of so many made-up words, drawn from a pool."""
    return pool_of(words).take(pa.array(random.integers(0, POOL, count)))


def moments(claim: NDArray[np.int64], claims: int, version: int) -> NDArray[np.int64]:
    """When each claim was entered, in microseconds: a shard at a time, evenly over the years of its version."""
    shard = claim // (CLAIMS_A_DOCUMENT * DOCUMENTS_A_SHARD)
    share = shard * (CLAIMS_A_DOCUMENT * DOCUMENTS_A_SHARD) / claims + version
    return (BEGIN.timestamp() * 1e6 + (share * YEARS.total_seconds()).astype(np.int64) * 1_000_000).astype(np.int64)


def moment_column(values: NDArray[np.int64]) -> pa.Array:
    return pa.array(values, pa.timestamp("us", tz="UTC"))


def make_tables(claim: NDArray[np.int64], claims: int, version: int) -> dict[str, pa.Table]:
    """The rows of these claims (numbers below `claims`) and their documents in one version, and what there is to say of them."""
    random, count = np.random.default_rng([version, int(claim[0])]), len(claim)
    document = claim // CLAIMS_A_DOCUMENT
    known = moments(claim, claims, version)
    day = (known // 86_400_000_000 - version * YEARS.days).astype(np.int32)
    first_day = pa.array(day - random.geometric(0.3, count).astype(np.int32)).cast(pa.date32())
    claim_ids, document_ids, shards = ids_of(claim, 20, 1), ids_of(document, 16, 2), shard_ids(claim, version)
    country = skewed(random, COUNTRIES, count)
    place = skewed(random, PLACES // COUNTRIES, count) * COUNTRIES + country
    evidence, details = make_text(random, count, 14), make_text(random, count, 250)
    written = [pa.scalar(piece) for piece in CLAIM.split("*")]
    written[1:1], written[3:3] = [claim_ids], [document_ids]
    written[5:5] = [details]
    countries = [f"{chr(65 + i // 26)}{chr(65 + i % 26)}X" for i in range(COUNTRIES)]
    singles = np.arange(count + 1, dtype=np.int32)

    def kinds(number: int, name: str) -> pa.Array:
        return named(skewed(random, number, count), [f"{name}{i}" for i in range(number)])

    columns: dict[str, pa.Array] = {
        "claim_id": claim_ids, "document_id": document_ids, "position": pa.array(claim % CLAIMS_A_DOCUMENT),
        "type": kinds(TYPES, "TYPE"), "mode": kinds(30, "mode"), "status": kinds(5, "status"), "rule": kinds(900, "rule"),
        "first_day": first_day, "last_day": first_day, "place_country": named(country, countries),
        "place_name": named(place, [f"place {i}" for i in range(PLACES)]),
        "actor_names": pa.ListArray.from_arrays(singles, kinds(ACTORS, "actor ")),
        "actor_countries": pa.ListArray.from_arrays(singles, named(country, countries)),
        "actor_sectors": pa.ListArray.from_arrays(singles, kinds(12, "S")),
        "latitude": pa.array(random.uniform(-60, 70, count)), "longitude": pa.array(random.uniform(-180, 180, count)),
        "trigger": make_text(random, count, 1), "trigger_start": pa.array(random.integers(0, 3000, count)),
        "evidence": evidence, "evidence_start": pa.array(random.integers(0, 3000, count)),
        "confidence": pa.array(np.round(random.random(count), 3)), "published": pa.array(day).cast(pa.date32()),
        "publisher": named((document % PAPERS).astype(np.int32), [f"paper {i}" for i in range(PAPERS)]),
        "known_at": moment_column(known), "shard": shards, "record": compute.binary_join_element_wise(*written, ""),
    }  # fmt: skip
    heads = pa.array(np.flatnonzero(claim % CLAIMS_A_DOCUMENT == 0))
    of_document = {name: columns[name].take(heads) for name in ("document_id", "published", "publisher", "known_at", "shard")}
    texts = make_text(random, len(heads), 350)
    described = [pa.scalar(piece) for piece in DOCUMENT.split("*")]
    of_document["record"] = compute.binary_join_element_wise(described[0], of_document["document_id"], described[1], "")
    of_document |= {"text": texts, "raw_sha256": ids_of(document[heads.to_numpy()], 32, 5)}
    superseded = moment_column(moments(claim, claims, version + 1)).take(heads)
    link = {
        "claim_id": claim_ids, "event_id": ids_of(claim // CLAIMS_AN_EVENT * CLAIMS_AN_EVENT, 20, 1), "witness": claim_ids,
        "chance": pa.array(np.round(random.random(count), 2)), "linker": named(np.zeros(count, np.int32), ["linker-1"]),
        "known_at": moment_column(moments(claim, claims, 0) + 3_600_000_000), "shard": ids_of(claim // 100_000, 24, 4),
    }  # fmt: skip
    intervals = {"document_id": of_document["document_id"], "shard": of_document["shard"], "until": superseded}
    return {
        "made_claims": filled("claims", columns, count),
        "made_documents": filled("documents", of_document, len(heads)),
        "absorbed": pa.table(link, schema=schema_of("links")),
        "intervals": pa.table(intervals, schema=schema_of("superseded")).slice(0, len(heads) if version == 0 else 0),
        "holders": pa.table({"claim_id": claim_ids, "shard": shard_ids(claim, 0)}),
    }


def shard_ids(claim: NDArray[np.int64], version: int) -> pa.StringArray:
    return ids_of(claim // (CLAIMS_A_DOCUMENT * DOCUMENTS_A_SHARD) * 2 + version, 24, 3)


def make_receipts(documents: pa.Table) -> Iterator[tuple[Receipt, str]]:
    """The receipts of these documents' shards, each with its hash."""
    columns = documents.select(["shard", "document_id", "known_at", "raw_sha256"]).to_pylist()
    for shard, rows in itertools.groupby(columns, key=lambda row: row["shard"]):
        coded = tuple(
            Coded(
                key=f"{row['document_id']}{shard[:16]}", name=f"{row['document_id']}.txt", raw_sha256=row["raw_sha256"],
                media_type="text/plain", address=None, fetched=None, publisher=None, published=None, title=None, byline=None,
                document=row["document_id"], is_failed=False,
            )
            for row in rows
        )  # fmt: skip
        moment = documents.column("known_at")[0].as_py().isoformat(timespec="microseconds")
        receipt = Receipt(shard, moment, "dateline", "model", "knowledge", coded, {})
        yield receipt, hashlib.sha256(receipt_bytes(receipt)).hexdigest()


def build(folder: Path, claims: int) -> Ledger:
    """A ledger of so many claims: half of them, and the same ones read again. Its volumes are those of a compaction."""
    open_ledger(folder)
    once = claims // 2
    volumes: list[Volume] = []
    with database() as connection:
        for version, first in itertools.product(range(2), range(0, once, VOLUME)):
            claim = np.arange(first, min(once, first + VOLUME), dtype=np.int64)
            tables = make_tables(claim, once, version)
            for name, rows in tables.items():
                connection.register(name, rows)
            sources = {table: f"SELECT * FROM made_{table}" for table in ("claims", "documents")}
            name = f"{version:04d}{first:020d}"
            volume = write_volume(connection, folder, name, sources)
            receipts, shards = write_receipts(folder, name, make_receipts(tables["made_documents"]))
            known = tables["made_claims"].column("known_at")
            ends = [known[place].as_py().isoformat(timespec="microseconds") for place in (0, len(known) - 1)]
            segments, indexes = {**volume.segments, **receipts}, {**volume.indexes, "shards": shards}
            volumes.append(Volume(name, ends[0], ends[1], segments, indexes))
            print(f"made {sum(v.segments['claims'].rows for v in volumes):,} claims", file=sys.stderr)
    write_catalogue(folder, Catalogue(number=1, volumes=tuple(volumes)))
    return open_ledger(folder)


def filled(table: str, columns: dict[str, pa.Array], rows: int) -> pa.Table:
    """The columns with those that nothing was made up for: null where they may be, else empty."""
    arrays = []
    for column in schema_of(table):
        if column.name in columns:
            arrays.append(columns[column.name].cast(column.type))
        elif column.nullable:
            arrays.append(pa.nulls(rows, column.type))
        else:
            empty: object = [] if pa.types.is_list(column.type) else "" if pa.types.is_string(column.type) else 0
            arrays.append(
                pa.array([empty], pa.int64() if empty == 0 else column.type).cast(column.type).take(pa.array(np.zeros(rows, int)))
            )
    return pa.table(arrays, schema=schema_of(table))


@dataclass(frozen=True)
class Figure:
    """Median seconds of a question: on the clock, and of all processors."""

    wall: float
    cpu: float


def measure(ask: Callable[[], object], repeat: int) -> Figure:
    """After one time that is not counted."""
    ask()
    times = []
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Figure(statistics.median(t[0] for t in times), statistics.median(t[1] for t in times))


LATEST = """
SELECT place_country, count(*) AS events FROM (
    SELECT event_id, arg_max(place_country, known_at) AS place_country FROM members WHERE {which} GROUP BY event_id
) GROUP BY ALL
"""
"""Of every event the place that was known last, and how many events each country has."""


def questions(ledger: Ledger, claims: int) -> dict[str, tuple[Callable[[], object], int]]:
    """Each question with how often it is asked."""
    once = claims // 2
    half, day = BEGIN + YEARS * 1.5, (BEGIN + YEARS / 2).date()
    picked = np.random.default_rng(1).integers(0, once, 40)
    some = itertools.cycle(
        zip(ids_of(picked, 20, 1).to_pylist(), ids_of(picked // CLAIMS_A_DOCUMENT, 16, 2).to_pylist(), strict=True)
    )
    by_year = f"""
        SELECT type, date_trunc('month', first_day) AS month, count(*) FROM claims
        WHERE first_day BETWEEN DATE '{day}' AND DATE '{day + timedelta(days=365)}' GROUP BY ALL
    """
    return {
        "as_of_all": (lambda: ledger.sql(LATEST.format(which="true"), as_of=half), 3),
        "as_of_country": (lambda: ledger.sql(LATEST.format(which="place_country = 'AFX'"), as_of=half), 3),
        "group_by_year": (lambda: ledger.sql(by_year), 3),
        "find_country_month": (lambda: ledger.find(country="AFX", since=day, until=day + timedelta(days=30), limit=100), 3),
        "find_actor": (lambda: ledger.find(actor="actor 4711", limit=100), 3),
        "find_events_country_month": (
            lambda: ledger.find_events(country="AFX", since=day, until=day + timedelta(days=30), limit=100), 3,
        ),
        "claim": (lambda: ledger.show(next(some)[0]), 15),
        "document": (lambda: ledger.document(next(some)[1]), 15),
        "event_of_claim": (lambda: ledger.event_of(next(some)[0]), 15),
        "claims_of_event": (lambda: ledger.event_claims(ledger.event_of(next(some)[0])), 15),
    }  # fmt: skip


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench ledger", description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where the ledger is made, or is from an earlier run; else a temporary folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as scratch:
        folder = (options.folder or Path(scratch)) / "ledger"
        if not folder.exists():
            build(folder, options.claims)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        opening = measure(lambda: open_ledger(folder).document(ids_of(np.arange(1), 16, 2)[0].as_py()), 5)
        figures = {"open_and_read": opening}
        for name, (ask, repeat) in questions(open_ledger(folder), options.claims).items():
            figures[name] = measure(ask, repeat)
            print(f"{name:26} wall {figures[name].wall:8.3f} s   cpu {figures[name].cpu:8.3f} s", file=sys.stderr)
    keys: dict[str, Any] = {"name": "ledger", "split": "made up", "n": options.claims, "version": __version__}
    keys |= {
        "seconds_cpu": round(time.process_time(), 1),
        "claims": options.claims,
        "bytes_per_claim": round(size / options.claims),
    }
    keys |= {f"{name}_{kind}_s": round(getattr(f, kind), 3) for name, f in figures.items() for kind in ("wall", "cpu")}
    keys["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(keys) if options.json else "\n".join(f"{key:40} {value}" for key, value in keys.items()))
    return 0
