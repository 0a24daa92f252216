"""`dateline compare`, on the sample reports and a few rows of another coder, written by us."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from tests.coders.tables import ACLED, STRIKE, table
from tests.web.ledgers import samples_at

ROWS = (
    {**STRIKE, "event_date": "2020-08-16", "notes": "Many thousands rallied in Minsk."},
    {**STRIKE, "event_id_cnty": "XYZ2", "event_date": "2020-08-21", "location": "Vitebsk", "latitude": 55.19, "longitude": 30.2},
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "a.csv").write_bytes(table(ACLED, *ROWS))
    ledger = samples_at(folder / "ledger")
    assert run("import", str(folder / "a.csv"), "--as", "acled", "-l", str(ledger)).exit_code == 0
    return ledger


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_it_says_who_has_what_with_the_words_to_judge_it_by(ledger: Path) -> None:
    result = run("compare", "acled", "-l", str(ledger), "--limit", "3")
    assert result.exit_code == 0
    assert "of theirs we have 1 of 2 (50%, 9%–91%)" in result.stdout
    assert "only acled (1)" in result.stdout
    assert "Peaceful protest: On 17 August 2020, workers" in result.stdout
    assert "set aside: " in result.stderr


def test_the_table_has_a_row_for_each_event_and_says_why_two_are_one(ledger: Path) -> None:
    file = ledger.parent / "differences.csv"
    assert run("compare", "acled", "-l", str(ledger), "-o", str(file)).exit_code == 0
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    data = json.loads(run("compare", "acled", "-l", str(ledger), "--json").stdout)
    assert len(rows) == data["all"]["both"] + data["all"]["only_ours"] + data["all"]["only_theirs"]
    (both,) = [row for row in rows if row["who_has_it"] == "both"]
    assert (both["our_first_day"], both["their_place"]) == ("2020-08-16", "Minsk")
    assert "days: same day (+0.3)" in both["why"]


def test_any_two_ledgers_can_be_compared_and_one_is_wholly_in_itself(ledger: Path) -> None:
    data = json.loads(run("compare", str(ledger), "-l", str(ledger), "--country", "BLR", "--json").stdout)
    assert data["all"]["only_ours"] == data["all"]["only_theirs"] == 0
    assert data["all"]["both"] > 50
    assert all(row["our_id"] == row["their_id"] for row in data["events"] if row["score"] == 1.0)


def test_a_coder_that_is_not_there_is_told_with_those_that_are(ledger: Path) -> None:
    result = run("compare", "ucdp", "-l", str(ledger))
    assert result.exit_code == 2
    assert "coders: acled" in result.stderr
