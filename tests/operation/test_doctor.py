"""The doctor says of what is amiss what to do, and changes nothing."""

from __future__ import annotations

import json
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.language.models import SHIPPED
from dateline.ledger.store import Ledger, open_ledger
from dateline.operation import doctor
from dateline.operation.doctor import Finding, Level, examine
from tests.ledger.examples import CODER, STRIKE, coding_of, report_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ledger_at(folder: Path, known_at: datetime = NOW) -> Ledger:
    ledger = open_ledger(folder)
    report = report_of("a.txt", STRIKE)
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=known_at)
    return ledger


def found(ledger: Path, level: Level, about: str) -> list[Finding]:
    return [f for f in examine(ledger, SHIPPED, now=NOW) if f.level is level and f.about == about]


def test_a_whole_ledger_has_no_fault(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    before = sorted(tmp_path.rglob("*"))
    findings = list(examine(ledger.path, SHIPPED, now=NOW))
    assert Level.FAULT not in {f.level for f in findings}
    assert {"machine", "python", "libraries", "model", "files", "permissions", "disk", "judgements", "board"} <= {
        f.about for f in findings
    }
    assert all(f.advice for f in findings if f.level in {Level.WARNING, Level.FAULT})
    assert sorted(tmp_path.rglob("*")) == before


def test_a_missing_file_is_a_fault_and_leads_to_the_back_up(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    next((ledger.path / "claims").glob("*.parquet")).unlink()
    (fault,) = found(ledger.path, Level.FAULT, "files")
    assert fault.said.startswith("1 missing, as claims/")
    assert "dateline restore" in fault.advice
    done = CliRunner().invoke(app, ["doctor", "--json", "--ledger", str(ledger.path)])
    assert done.exit_code == 4
    assert {"level", "about", "said", "advice"} == json.loads(done.stdout.splitlines()[0]).keys()


def test_a_broken_receipt_is_a_fault(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    (ledger.path / "receipts" / "broken.json").write_text("{")
    (fault,) = found(ledger.path, Level.FAULT, "ledger")
    assert "not a receipt" in fault.said


def test_a_clock_that_was_wrong_is_told(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger", NOW + timedelta(days=2))
    (warning,) = found(ledger.path, Level.WARNING, "clock")
    assert "yet to come" in warning.said


def test_little_room_and_memory_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("dateline.operation.doctor.shutil.disk_usage", lambda path: usage(10**9, 10**9, 10**6))
    monkeypatch.setattr(doctor, "memory", lambda: (4 * 10**9, 10**9))
    ledger = ledger_at(tmp_path / "ledger")
    assert found(ledger.path, Level.WARNING, "disk")
    assert found(ledger.path, Level.WARNING, "memory")


def test_where_there_is_no_ledger_or_model_it_says_how_to_get_one(tmp_path: Path) -> None:
    findings = list(examine(tmp_path / "none", tmp_path, now=NOW))
    assert [f.about for f in findings if f.level is Level.FAULT] == ["model"]
    assert findings[-1].about == "ledger"
    assert "dateline add" in findings[-1].advice
