"""Events in files for others: from the page and from the command line the same bytes, each of which says what it is of."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.judgements import Log
from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.sharing.rows import filters_of, without_each
from dateline.web.site import Options, Site
from tests.web.ledgers import samples_at


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports, which nothing here changes."""
    return samples_at(tmp_path_factory.mktemp("shared") / "ledger")


@pytest.fixture(scope="module")
def page(ledger: Path) -> TestClient:
    return TestClient(make_app(Site(open_ledger(ledger, create=False), Options())), base_url="http://localhost")


def export(ledger: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments, "--ledger", str(ledger)])


@pytest.mark.parametrize("name", ["csv", "json", "geojson"])
def test_page_and_command_write_the_same_bytes(ledger: Path, page: TestClient, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"coerce.{name}"
    filters = ["--type", "COERCE", "--country", "-RUS", "--since", "2020-08-10", "--as-of", "2020-08-18T12:00Z"]
    query = {"type": "COERCE", "country": "-RUS", "since": "2020-08-10", "as_of": "2020-08-18T12:00Z"}
    result = export(ledger, "--to", name, "-o", str(file), "--base", "http://localhost", *filters)
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == page.get(f"/events.{name}", params=query).content
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_a_file_says_what_it_is_of(ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "protests.csv"
    assert export(ledger, "--to", "csv", "-o", str(file), "--type", "PROTEST").exit_code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert rows[0]["about"].startswith(f"{len(rows)} events; filter: PROTEST")
    assert {row["about"] for row in rows[1:]} == {""}
    about = json.loads(file.with_name("protests.csv-metadata.json").read_text())["dateline"]
    assert about["events"] == len(rows)
    assert about["licence"]
    assert about["program"].startswith("Dateline ")
    told = json.loads(export(ledger, "--to", "json", "-o", "-", "--type", "PROTEST").stdout)
    assert told["about"] == about


def test_its_date_is_the_ledgers_and_not_the_clocks(ledger: Path) -> None:
    first, again = (export(ledger, "--to", "json", "-o", "-").stdout for _ in range(2))
    assert first == again
    moments = [receipt.moment for receipt in open_ledger(ledger, create=False).state().receipts]
    moments += [entry.at for entry in Log(ledger).entries()]
    assert json.loads(first)["about"]["date"] == max(moments).isoformat()
    then = json.loads(export(ledger, "--to", "json", "-o", "-", "--as-of", "2020-08-14").stdout)["about"]
    assert then["date"] == then["as_of"] == "2020-08-14T23:59:59.999999+00:00"


def test_what_no_server_shows_has_no_address(ledger: Path) -> None:
    rows = json.loads(export(ledger, "--to", "json", "-o", "-", "--type", "PROTEST").stdout)["events"]
    assert {row["address"] for row in rows} == {None}


def test_what_cannot_be_asked_is_wrong_usage_and_says_what_can(ledger: Path) -> None:
    for wrong in (["--flag", "odd"], ["--review", "mine"], ["--box", "1,2,3"], ["--dates", "x"]):
        result = export(ledger, "--to", "csv", "-o", "-", *wrong)
        assert result.exit_code == 2
        assert wrong[1] in result.stderr


def test_nothing_found_says_which_filter_left_nothing(ledger: Path) -> None:
    result = export(ledger, "--to", "json", "-o", "-", "--actor", "Nobody At All", "--type", "PROTEST")
    assert json.loads(result.stdout)["events"] == []
    assert "without --actor" in result.stderr
    assert "without --type" not in result.stderr


def test_each_filter_is_left_out_in_turn() -> None:
    filters = filters_of([("type", "PROTEST"), ("q", "minsk"), ("witnesses", "2")])
    assert [(name, rest.query()) for name, rest in without_each(filters)] == [
        ("type", "q=minsk&witnesses=2"),
        ("q", "type=PROTEST&witnesses=2"),
        ("witnesses", "type=PROTEST&q=minsk"),
    ]
