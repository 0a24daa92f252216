"""`dateline analyse` and `dateline plot` on the sample reports."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app, choosing
from dateline.cli.app import StopError
from dateline.runs.board_upkeep import Making
from dateline.web.boards import BoardInMakingError
from tests.web.ledgers import samples_at


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples_at(tmp_path_factory.mktemp("analyse") / "ledger")


def run(ledger: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--ledger", str(ledger)])


KINDS = ["series", "tallies", "dyads", "spread", "response", "before-after"]


def asked(kind: str) -> list[str]:
    return [kind, "--on", "2020-08-14"] if kind == "before-after" else [kind]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_as_words_as_a_table_and_as_data(ledger: Path, kind: str) -> None:
    words = run(ledger, "analyse", *asked(kind))
    assert words.exit_code == 0, words.stderr
    assert "Not counted, since no report asserts them: " in words.stderr
    data = json.loads(run(ledger, "analyse", *asked(kind), "--json").stdout)
    assert set(data) == {"about", "notes", "result"}
    table = list(csv.DictReader(run(ledger, "analyse", *asked(kind), "--csv").stdout.removeprefix("\ufeff").splitlines()))
    assert table
    assert "ledger: " in table[0]["about_this_file"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn(ledger: Path, tmp_path: Path, kind: str) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "plot.svg"
    result = run(ledger, "plot", *asked(kind), "-o", str(file))
    assert result.exit_code == 0, result.stderr
    assert "Source: Dateline" in file.read_text("utf-8")


def test_a_status_that_is_asked_for_is_counted(ledger: Path) -> None:
    data = json.loads(run(ledger, "analyse", "series", "--status", "planned", "--json").stdout)
    assert data["result"]["events"] == 11
    assert data["result"]["set_aside"] == []


def test_a_file_is_named_for_what_it_holds(ledger: Path, tmp_path: Path) -> None:
    assert run(ledger, "analyse", "tallies", "-o", str(tmp_path / "t.csv")).exit_code == 0
    assert (tmp_path / "t.csv").read_text("utf-8-sig").startswith("what,low,high")
    assert run(ledger, "analyse", "tallies", "-o", str(tmp_path / "t.txt")).exit_code == 2
    result = run(ledger, "plot", "tallies", "-o", str(tmp_path / "t.gif"))
    assert result.exit_code == 2
    assert "svg, png, pdf" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["series", "--by", "hour"], "day, week, month, year"),
        (["series", "--figure", "hats"], "what can"),
        (["dyads", "--level", "shoe"], "side, country"),
        (["response", "--by", "moon"], "province"),
        (["spread", "--over", "moon"], "province"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(ledger: Path, arguments: list[str], words: str) -> None:
    result = run(ledger, "analyse", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


class Slow:
    """A site whose board is in the making when it is first asked for."""

    def __init__(self, *faults: str | None) -> None:
        self.faults, self.is_closed = list(faults), False

    def board(self, as_of: datetime | None) -> str:
        if self.faults:
            raise BoardInMakingError(Making(), self.faults.pop(0))
        return "board"

    def behind(self, board: str) -> None:
        return None

    def close(self) -> None:
        self.is_closed = True


def test_a_large_ledger_is_waited_for_and_its_fault_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(choosing, "WAIT", 0.0)
    choosing.wait_for_board(Slow(None, None), None)  # type: ignore[arg-type]
    assert capsys.readouterr().err.count("put together first") == 1
    broken = Slow(None, "no room on the disk")
    with pytest.raises(StopError, match="no room on the disk"):
        choosing.wait_for_board(broken, None)  # type: ignore[arg-type]
    assert broken.is_closed
