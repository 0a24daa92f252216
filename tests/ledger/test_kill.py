"""A writer is killed without warning, again and again: what has a receipt is whole, and running again finishes the work."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from dateline.ledger.store import Ledger, open_ledger
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

REPORTS = 60
KILLS = 5
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")


def write_everything(path: Path, known_at: datetime = NOON) -> None:
    """What the child does: REPORTS shards of one report each, those that are there already skipped."""
    ledger = open_ledger(path)
    for number in range(REPORTS):
        report = report_of(f"{number}.txt", f"{STRIKE} ({number})")
        ledger.add([coding_of(report)], [report], coder=CODER, known_at=known_at)


def killed_while_writing(path: Path, delay: float) -> None:
    code = f"""
from pathlib import Path
from tests.ledger.test_kill import write_everything
import pyarrow.parquet, duckdb
print("ready", flush=True)
write_everything(Path({str(path)!r}))
"""
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline() == b"ready\n"
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()


def assert_whole(ledger: Ledger) -> int:
    """Every file that a receipt promises is there, unharmed, and readers see it once. Returns the number of documents."""
    for receipt in ledger.receipts():
        for segment in receipt.segments.values():
            assert hashlib.sha256((ledger.path / segment.name).read_bytes()).hexdigest() == segment.sha256
        for report in receipt.reports:
            assert ledger.raw(report.raw_sha256).startswith(STRIKE.encode())
    documents = ledger.documents()
    ids = [row.claim_id for row in ledger.find()]
    assert len(ids) == len(set(ids)) == 3 * len(documents)
    assert len(documents) == len(ledger.receipts())
    return len(documents)


def test_a_killed_writer_leaves_a_whole_ledger_and_can_be_run_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    chance = random.Random(7)
    seen = 0
    for _ in range(KILLS):
        killed_while_writing(path, chance.uniform(0.0, 0.25))
        if path.exists():
            now = assert_whole(open_ledger(path))
            assert now >= seen, "what had a receipt was lost"
            seen = now
    write_everything(path)
    assert assert_whole(open_ledger(path)) == REPORTS
