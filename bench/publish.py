"""Publishing a ledger to PostgreSQL: what the first run costs, and one after a hundred new reports."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.ledger import CLAIM, build
from dateline import __version__
from dateline.ledger.store import Ledger, open_ledger
from dateline.publishing.publish import Published, publish
from dateline.publishing.server import connected
from dateline.records import Block, Claim, Coder, Coding, Document, OffsetMap, Report, Span
from dateline.serial import from_json

SCHEMA = "dateline_bench"
CODER = Coder("dateline", "model", "knowledge")


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and CPU seconds of this process and of the server's (None: it runs elsewhere)."""

    wall: float
    cpu: float
    server_cpu: float | None


def published(ledger: Ledger, address: str, on_step: Callable[[str], None]) -> tuple[Published, Cost, int]:
    """What a run did, what it cost, and how large the schema is in bytes."""
    began, cpu = time.perf_counter(), time.process_time()
    with connected(address) as connection:
        before = server_cpu(connection.info.backend_pid)
        done = publish(ledger, connection, schema=SCHEMA, now=datetime.now(UTC), on_step=on_step)
        connection.commit()
        after = server_cpu(connection.info.backend_pid)
        size = connection.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relnamespace = %s::regnamespace AND relkind = 'r'",
            [SCHEMA],
        ).fetchone()
    used = None if before is None or after is None else after - before
    return done, Cost(time.perf_counter() - began, time.process_time() - cpu, used), int(size[0]) if size else 0


def server_cpu(pid: int) -> float | None:
    """CPU seconds of the server's process that works for us; it is not on this machine: None."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def add_reports(ledger: Ledger, number: int) -> None:
    """Reports of one claim each, told to the ledger after all others."""
    template = from_json(Claim, CLAIM)
    reports = [Report(f"new {n}", f"Strikers march once more, number {n}.".encode()) for n in range(number)]
    codings = []
    for report in reports:
        digest, text = hashlib.sha256(report.raw).hexdigest(), report.raw.decode()
        document = Document(digest[:16], report.name, digest, text, (Block(Span(0, len(text))),), OffsetMap())
        event = replace(template.event, trigger=Span(9, 14), evidence=Span(0, len(text)))
        codings.append(Coding(report.name, document, (Claim(digest[16:48], document.id, event, CODER),)))
    moment = max(ledger.shards().values()) + timedelta(hours=1)
    ledger.add(codings, reports, coder=CODER, known_at=moment)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench publish", description=__doc__)
    parser.add_argument("--database", required=True, help="a database to try it in; its schema dateline_bench is made anew")
    parser.add_argument(
        "--ledger", type=Path, help="a ledger on the disk of temporary files, which is left as it is; else one is made up"
    )
    parser.add_argument("--claims", type=int, default=1_000_000, help="of the one that is made up")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as scratch:
        folder = Path(scratch) / "ledger"
        if options.ledger:
            shutil.copytree(options.ledger, folder, copy_function=os.link)  # no file of a ledger is ever written again
            ledger = open_ledger(folder, create=False)
        else:
            ledger = build(folder, options.claims)
        with connected(options.database) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

        def tell(step: str) -> None:
            print(f"{time.process_time():8.1f} s of CPU  {step}", file=sys.stderr, flush=True)

        first, first_cost, size = published(ledger, options.database, tell)
        add_reports(ledger, 100)
        more, more_cost, _ = published(ledger, options.database, tell)
        nothing, nothing_cost, _ = published(ledger, options.database, tell)
    assert not nothing.is_new
    keys: dict[str, Any] = {"name": "publish", "split": "made up", "version": __version__}
    keys |= {f"{table}_rows": number for table, number in first.rows.items() if number}
    keys |= {"events": first.events, "bytes_per_claim": round(size / max(first.rows.get("claims", 1), 1))}
    keys |= {"new_claims": more.rows.get("claims", 0), "new_events": more.events}
    for name, cost in (("first", first_cost), ("hundred_new", more_cost), ("nothing_new", nothing_cost)):
        keys |= {f"{name}_wall_s": round(cost.wall, 2), f"{name}_cpu_s": round(cost.cpu, 2)}
        keys |= {f"{name}_server_cpu_s": round(cost.server_cpu, 2)} if cost.server_cpu is not None else {}
    keys["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(keys) if options.json else "\n".join(f"{key:40} {value}" for key, value in keys.items()))
    return 0
