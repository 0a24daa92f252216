"""The benchmark that kills finds nothing lost in a few kills, and would say so if something were."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.crash import count, crash, crash_run
from dateline.ledger.store import open_ledger


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_few_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    loss = crash(tmp_path / "ledger", kills=2)
    assert (loss.lost, loss.doubled) == (0, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_run_that_is_killed_and_started_again_has_each_report_once(tmp_path: Path) -> None:
    loss, inside = crash_run(tmp_path / "ledger", kills=2, reports=24)
    assert (loss.lost, loss.doubled, loss.claims) == (0, 0, 72)
    assert inside >= 1


def test_what_was_acknowledged_and_is_not_there_is_counted_as_lost(tmp_path: Path) -> None:
    open_ledger(tmp_path / "ledger")
    said = ["claim 00", "link 00 01", "judgement 1.2", "compaction"]
    assert count(tmp_path / "ledger", said).lost == 3
