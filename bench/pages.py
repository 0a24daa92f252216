"""How long the page of an actor takes in a large ledger, made for the purpose.

    python -m bench pages [--claims 100000] [--split made] [--json]

A ledger of that many claims by people with made-up names is written to a temporary folder, in 40 shards; then the pages of
somebody in the tables, of somebody known in the ledger only, and of a crowd are read, each three times. The figures are the slowest
page's, wall clock and CPU, each at its quickest. Nothing is coded and no data are needed: `--data` is taken and not used.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.ledger.rows import ClaimRow, DocumentRow
from dateline.ledger.segments import Receipt, coded_columns, write_receipt, write_segment
from dateline.ledger.store import Ledger, open_ledger
from dateline.views.actor_page import read_actor_page

SHARDS = 40
CLAIMS_A_DOCUMENT = 6
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
GIVEN = ["Ivan", "Rita", "Oleg", "Anna", "Boris", "Mara", "Pavel", "Dina"]
STEMS = ["Kal", "Mir", "Tar", "Sol", "Bor", "Gan", "Rud", "Vor", "Zim", "Lut"]
ASKED = ("Alyaksandr Lukashenka", "Oleg Kalov", "police")


def write_ledger(folder: Path, claims: int) -> Ledger:
    """A ledger of that many claims, about 2,000 words of text and a kilobyte of record to each document and claim."""
    ledger = open_ledger(folder)
    chance = random.Random(1)
    names = [f"{given} {stem}ov" for given in GIVEN for stem in STEMS]
    names += ["Alexander Lukashenko", "protesters", "police", *(f"group {number}" for number in range(3000))]
    for shard in range(SHARDS):
        name = f"s{shard:03}"
        ids = [f"{name}-{number}" for number in range(max(1, claims // SHARDS // CLAIMS_A_DOCUMENT))]
        rows = [_claim(f"{document}-{n}", document, n, name, names, chance) for document in ids for n in range(CLAIMS_A_DOCUMENT)]
        segments = {
            "documents": write_segment(
                folder, "documents", name, coded_columns("documents", [_document(document, name) for document in ids])
            ),
            "claims": write_segment(folder, "claims", name, coded_columns("claims", rows)),
        }
        write_receipt(folder, Receipt(name, NOON.isoformat(), "p", "m", "k", (), segments))
    return ledger


def _document(identity: str, shard: str) -> DocumentRow:
    return DocumentRow(
        document_id=identity, report=identity, address=None, raw_sha256="0" * 64, encoding="utf-8", title="A title", byline=None,
        publisher="The Paper", published=NOON.date(), published_origin=None, agencies=[], text="words of a report " * 500,
        claims=CLAIMS_A_DOCUMENT, is_failed=False, program="p", model="m", knowledge="k", known_at=NOON, shard=shard, record="{}",
    )  # fmt: skip


def _claim(identity: str, document: str, position: int, shard: str, names: list[str], chance: random.Random) -> ClaimRow:
    day = date(2015 + chance.randrange(10), 1 + chance.randrange(12), 1 + chance.randrange(28))
    actors, recipients = ([chance.choice(names) for _ in range(chance.randrange(3))] for _ in range(2))
    return ClaimRow(
        claim_id=identity, document_id=document, position=position, type=chance.choice(("PROTEST", "COERCE", "ACCUSE", "CONSULT")),
        mode=None, contexts=[], status="asserted", first_day=day, last_day=day, date_precision="day", date_origin="read",
        actor_names=actors, actor_countries=["BLR"] * len(actors), actor_sectors=["GOV"] * len(actors), recipient_names=recipients,
        recipient_countries=["BLR"] * len(recipients), recipient_sectors=["CVL"] * len(recipients), place_name="Minsk",
        place_kind="city", place_country="BLR", place_admin1=None, place_within=None, place_geonames=None, latitude=None,
        longitude=None, place_origin="read", counts=[], by=None, attribution=["The Paper", chance.choice(names)], trigger="x",
        trigger_start=0, trigger_end=1, evidence="words of evidence", evidence_start=0, evidence_end=5, confidence=0.9, rule="r",
        same_as=None, publisher="The Paper", published=day, title="A title", address=None, report=document, program="p", model="m",
        knowledge="k", known_at=NOON, shard=shard, record="{}" * 500,
    )  # fmt: skip


def seconds_for(ledger: Ledger, knowledge: ActorKnowledge, name: str) -> tuple[float, float]:
    """Seconds by the wall clock and of CPU of three readings of a page, the least of each."""
    spent = []
    for _ in range(3):
        began = time.perf_counter(), time.process_time()
        if read_actor_page(ledger, knowledge, name) is None:
            raise ValueError(f"no page of {name!r}")
        spent.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return min(wall for wall, _ in spent), min(cpu for _, cpu in spent)


def main(argv: list[str]) -> int:
    """Prints the seconds for each page; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--split", default="made")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    knowledge = load_actors()
    with tempfile.TemporaryDirectory() as folder:
        print(f"writing {options.claims:,} claims …", file=sys.stderr)
        ledger = write_ledger(Path(folder) / "ledger", options.claims)
        spent = {name: seconds_for(ledger, knowledge, name) for name in ASKED}
    for name, (wall, cpu) in spent.items():
        print(f"{name:24}{wall:6.2f} s{cpu:8.2f} CPU-s")
    if options.json:
        wall, cpu = (max(column) for column in zip(*spent.values(), strict=True))
        head = {"name": "pages", "split": options.split, "n": options.claims, "version": version("dateline")}
        print(json.dumps(head | {"actor_page_s": round(wall, 2), "actor_page_cpu_s": round(cpu, 2)}))
    return 0
