"""`dateline eval` on a gold set of our own, coded now, from a ledger, by two coders, and as a table of events."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.store import open_ledger
from dateline.records import Report
from tests.coding import code_text
from tests.evaluation.golds import MARCH, gold_at, second_at
from tests.ledger.examples import CODER, NOON
from tests.web.ledgers import samples_at


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("eval")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


def test_articles_are_coded_now_and_scored_by_type(folder: Path) -> None:
    result = run(gold_at(folder / "gold"), "--code", "--by", "type", "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    found = next(m for m in data["measures"] if m["name"] == "record found")
    assert (found["gold"], data["articles"]) == (5, 2)
    assert found["recall"] >= 0.6
    assert {g["name"] for g in data["groups"]} >= {"PROTEST", "COERCE"}


def test_articles_are_found_in_a_ledger_by_their_bytes(folder: Path) -> None:
    gold, ledger = gold_at(folder / "gold"), folder / "ledger"
    report = Report("test", MARCH.encode(), "text/plain", published=date(2020, 8, 18))
    open_ledger(ledger).add([code_text(MARCH, date(2020, 8, 18))], [report], coder=CODER, known_at=NOON)
    result = run(gold, "-l", ledger, "--misses")
    assert result.exit_code == 0
    assert "not in the ledger, and counted as coded empty: visit" in result.stderr
    assert "visit: missed: CONSULT “The Polish president visited Vilnius”" in result.stdout
    (folder / "other").mkdir()
    nothing = gold_at(folder / "other" / "gold")
    (nothing / "march.txt").write_text("Thousands marched in Minsk elsewhere.", "utf-8")
    assert "`dateline add` them" in run(nothing, "-l", ledger).stderr


def test_two_coders_have_alphas(folder: Path) -> None:
    result = run(gold_at(folder / "gold"), "--second", second_at(folder / "second"))
    assert result.exit_code == 0
    assert "alpha" in result.stdout


def test_a_table_of_events_is_compared_with_linked_events(folder: Path) -> None:
    table = folder / "events.csv"
    table.write_text(
        "id,first_day,type,mode,country,place,latitude,longitude\n"
        "1,2020-08-16,PROTEST,demo,BLR,Minsk,53.9,27.57\n2,2020-08-15,COERCE,arrest,BLR,Brest,52.1,23.7\n"
        "3,2020-08-15,PROTEST,demo,BLR,Vitebsk,55.2,30.2\n",
        "utf-8",
    )
    ledger = samples_at(folder / "samples")
    data = json.loads(run(table, "-l", ledger, "--json").stdout)
    assert (data["all"]["both"], data["missed"]) == (2, ["3"])
    words = run(table, "-l", ledger, "--misses")
    assert "recall 2 of 3 (67%" in words.stdout
    assert run(table, "--code").exit_code == 2


def test_a_folder_without_a_gold_set_is_told_what_one_is(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 1
    assert "NAME.yaml" in result.stderr
