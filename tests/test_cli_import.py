"""`dateline import`: what is said before anything is entered, and what is entered."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.judgements import Log
from dateline.ledger.store import open_ledger
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The claims of one report, the first two of which are events by themselves."""
    monkeypatch.chdir(tmp_path)
    report = report_of("a.txt", STRIKE)
    coding = coding_of(report)
    open_ledger(tmp_path / "dateline-ledger").add([coding], [report], coder=CODER, known_at=NOON)
    return [claim.id for claim in coding.claims]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["import", "table.csv", "--as", "decisions", "--by", "Ada", *arguments])


def entries() -> int:
    return len(Log(Path("dateline-ledger")).entries())


def test_it_says_what_it_would_enter_and_enters_it_once(ids: list[str]) -> None:
    Path("table.csv").write_text(f"id;decision;reason\n{ids[0]};accept;read\n{ids[1]};reject;\n{ids[1]};perhaps;\n", "utf-8")
    tried = run("--dry-run")
    assert tried.exit_code == 3
    assert "3 rows: 1 accepted, 1 rejected" in tried.stdout
    assert "row 4, decision: 'perhaps' is no decision" in tried.stderr
    assert entries() == 0
    entered = run("--reason", "a second look")
    assert "entry 1: 2 judgements. `dateline undo 1`" in entered.stderr
    assert [j.reason for j in Log(Path("dateline-ledger")).judgements()] == ["read", "a second look"]
    assert "2 entered before" in run().stdout
    assert entries() == 1


def test_a_file_that_is_no_table_is_an_error(ids: list[str]) -> None:
    Path("table.csv").write_bytes(b"PK\x03\x04")
    result = run()
    assert result.exit_code == 1
    assert "save the sheet as CSV" in result.stderr
