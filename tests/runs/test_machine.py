"""How many workers fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.runs import machine
from dateline.runs.machine import WORKER, cores, default_workers, free_memory


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """A container of one and a half cores and two gigabytes, a half of which is used and a quarter of that is files."""
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    (tmp_path / "memory.max").write_text("2000000000\n")
    (tmp_path / "memory.current").write_text("1000000000\n")
    (tmp_path / "memory.stat").write_text("anon 700000000\ninactive_file 250000000\n")
    return tmp_path


def test_a_container_has_as_many_cores_as_its_quota_gives(group: Path) -> None:
    assert cores(group) == 1


@pytest.mark.parametrize("quota", ["max 100000", "20000 100000", ""])
def test_there_is_always_a_core(tmp_path: Path, quota: str) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    assert cores(tmp_path) >= 1


def test_free_memory_is_the_lesser_of_the_machines_and_the_containers(tmp_path: Path, group: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:       24000000 kB\nMemAvailable:    8000000 kB\n")
    assert free_memory(told, group) == 1_250_000_000
    assert free_memory(told, tmp_path / "none") == 8_192_000_000


def test_a_system_that_does_not_say_what_is_free_gets_a_worker_a_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert free_memory(tmp_path / "none", tmp_path / "none") is None
    monkeypatch.setattr(machine, "cores", lambda: 6)
    monkeypatch.setattr(machine, "free_memory", lambda: None)
    assert default_workers() == 6


def test_there_are_no_more_workers_than_memory_holds_and_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 6)
    monkeypatch.setattr(machine, "free_memory", lambda: 3 * WORKER + 5)
    assert default_workers() == 3
    monkeypatch.setattr(machine, "free_memory", lambda: 5)
    assert default_workers() == 1
