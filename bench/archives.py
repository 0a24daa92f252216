"""A web archive read through: records and megabytes a second of the processor, beside fastwarc, and memory as the archive grows."""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.attacks import http, page, warc
from dateline.ingest.readers import find_reports
from dateline.ledger.store import open_ledger
from dateline.records import Coder, Report

RECORDS = 300
BODIES = 20
"""Texts that pages are made with, each in its turn: to make a new one for each of many pages takes longer than to read it."""

WORDS = (
    "police",
    "miners",
    "strike",
    "court",
    "minister",
    "union",
    "march",
    "square",
    "protest",
    "bread",
    "Monday",
    "said",
    "held",
)


def make(path: Path, records: int) -> int:
    """Writes an archive of pages of some 100 KB, each record a gzip member; how many bytes the pages have."""
    chance = random.Random(9)
    size = 0
    bodies = ["".join(f"<p class='x{n}'>{' '.join(chance.choices(WORDS, k=40))}</p>" for n in range(350)) for _ in range(BODIES)]
    with path.open("wb") as file:
        for number in range(records):
            body = bodies[number % BODIES]
            block = http(page(f"<h1>{number}</h1>{body}"))
            size += len(block)
            file.write(gzip.compress(warc(block), 6))
    return size


def by_dateline(path: Path) -> int:
    return sum(isinstance(found, Report) for found in find_reports([str(path)]))


def asked_of_a_ledger(path: Path) -> int:
    """As a run that goes on does: each report is asked for in the ledger before it is coded."""
    coder = Coder("dateline", "model", "knowledge")
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger")
        return sum(isinstance(found, Report) and not ledger.is_coded(found, coder) for found in find_reports([str(path)]))


def by_fastwarc(path: Path) -> int:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    found = 0
    for record in ArchiveIterator(str(path), record_types=WarcRecordType.response, parse_http=True):
        found += len(record.reader.read(10_000_000)) > 0
    return found


def measured(read: Callable[[Path], int], path: Path) -> tuple[float, int, int]:
    """Seconds of the processor, how many records were read, peak bytes, in a process that does nothing else."""
    came, gone = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.process_time()
        count = read(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        os.write(gone, f"{time.process_time() - start} {count} {peak}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(gone)
    with os.fdopen(came) as said:
        words = said.read().split()
    return float(words[0]), int(words[1]), int(words[2])


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench archives", description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS, help="pages of the smaller archive; the larger has four times more")
    options = parser.parse_args(argv)
    readers: dict[str, Callable[[Path], int]] = {"dateline": by_dateline, "dateline, asked of a ledger": asked_of_a_ledger}
    try:
        import fastwarc.warc  # noqa: F401

        readers["fastwarc (reading alone)"] = by_fastwarc
    except ImportError:
        print("fastwarc is not installed, so there is nothing to compare with")
    with tempfile.TemporaryDirectory() as folder:
        for records in (options.records, 4 * options.records):
            path = Path(folder) / f"{records}.warc.gz"
            size = make(path, records)
            print(f"{records:,} records, {size / 1e6:,.0f} MB of pages, {path.stat().st_size / 1e6:,.0f} MB packed")
            for name, read in readers.items():
                seconds, count, peak = measured(read, path)
                assert count == records, name
                print(
                    f"  {name:30} {records / seconds:8,.0f} records/s {size / 1e6 / seconds:7,.0f} MB/s  peak {peak / 1e6:5,.0f} MB"
                )
    return 0
