"""Ctrl-C in the middle of a run by several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dateline.ledger.store import open_ledger

ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from dateline.ledger.store import open_ledger
from dateline.runs.add import add_reports
from tests.ledger.examples import CODER, STRIKE, report_of
from tests.runs import coders

if __name__ == "__main__":
    reports = [report_of("a.txt", STRIKE), report_of("b.txt", "sleep"), report_of("c.txt", "sleep again")]
    ledger = open_ledger(Path(sys.argv[1]))
    told = lambda name: print(name, flush=True)
    try:
        add_reports(reports, ledger, coders.load, coder=CODER, now=lambda: datetime.now(UTC), workers=2, on_progress=told)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def is_gone(group: int) -> bool:
    """Whether the group's last process ends within seconds: multiprocessing's own helper outlives its parent by a moment."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_it_keeps_what_was_coded_and_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "ledger")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a group of its own, as a terminal's foreground job has
        # A suite started in the background hands on that Ctrl-C is ignored; a terminal's job does not have it so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert child.stdout is not None
    assert child.stderr is not None
    with child.stdout, child.stderr:
        assert child.stdout.readline() == b"a.txt\n"
        os.killpg(child.pid, signal.SIGINT)
        assert child.wait(timeout=60) == 130
        assert child.stderr.read() == b""
    assert is_gone(child.pid)
    assert [row.report for row in open_ledger(tmp_path / "ledger").documents()] == ["a.txt"]
