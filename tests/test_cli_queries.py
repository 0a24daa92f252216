"""Questions in SQL: what can be asked, what is refused, what the page says of tables, and tables for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.errors import QueryError
from dateline.ledger.queries import VIEWS
from dateline.ledger.store import Ledger, open_ledger
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "queries.md").read_text(encoding="utf-8")
INTERNAL = {"late", "current_claims", "sealed_links", "relinked"}
"""Views that others are made of."""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger with one report of three claims."""
    ledger = open_ledger(tmp_path_factory.mktemp("queries") / "ledger")
    report = report_of("a.txt", STRIKE)
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    return ledger


def query(ledger: Ledger, *arguments: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["query", *arguments, "--ledger", str(ledger.path)], input=said)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_blob('{ledger}/../secret.csv')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM query('SELECT * FROM read_csv(''{secret}'')')",
        "SELECT * FROM read_parquet('https://example.org/a.parquet')",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_outside_the_ledger_can_be_read(sql: str, ledger: Ledger) -> None:
    folder = ledger.path.parent
    secret = folder / "secret.csv"
    secret.write_text("a,b\nhush,hush\n", encoding="utf-8")
    with pytest.raises(QueryError, match="the query could not be answered"):
        ledger.sql(sql.format(secret=secret, folder=folder, ledger=ledger.path))


@pytest.mark.parametrize(
    "sql",
    [
        "COPY claims TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA enable_profiling",
        "CREATE TABLE mine AS SELECT 1",
        "INSERT INTO claims SELECT * FROM claims",
        "UPDATE claims SET type = 'AID'",
        "DELETE FROM claims",
        "DROP VIEW claims",
        "SELECT 1; DROP VIEW claims",
    ],
)
def test_nothing_can_be_written_attached_installed_or_set(sql: str, ledger: Ledger) -> None:
    with pytest.raises(QueryError, match="a ledger answers SELECT and nothing else"):
        ledger.sql(sql.format(folder=ledger.path.parent))
    assert not list(ledger.path.parent.glob("out*"))
    assert ledger.sql("SELECT count(*) FROM claims").rows == ((3,),)


def test_what_is_refused_is_an_error_of_the_command(ledger: Ledger) -> None:
    result = query(ledger, "COPY claims TO 'out.csv'", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: a ledger answers SELECT and nothing else")


def test_a_name_is_that_of_a_table_and_never_of_a_variable_of_the_program(ledger: Ledger) -> None:
    import pyarrow as pa

    hush = pa.table({"a": ["hush"]})
    assert hush.num_rows == 1
    with pytest.raises(QueryError, match="hush does not exist"):
        ledger.sql("SELECT * FROM hush")


# ---------------------------------------------------------------- how answers are written


def test_an_answer_is_a_table_for_people_json_or_csv_and_a_question_may_come_from_standard_input(ledger: Ledger) -> None:
    sql = "SELECT type, counts, '=1+1' AS cell FROM claims WHERE type = 'COERCE'"
    assert "COERCE" in query(ledger, sql).stdout
    assert json.loads(query(ledger, "-", "--json", said=sql).stdout)["counts"][0]["what"] == "detained"
    header, row = csv.reader(io.StringIO(query(ledger, sql, "--csv").stdout))
    assert header == ["type", "counts", "cell"]
    assert row[0] == "COERCE"
    assert json.loads(row[1])[0]["what"] == "detained"
    assert row[2] == "'=1+1", "no cell acts as a formula"
    assert query(ledger, sql, "--csv", "--json").exit_code == 2


@pytest.mark.parametrize(("command", "rows"), [("find", 3), ("events", 2)])
def test_claims_and_events_are_tables_for_spreadsheets(command: str, rows: int, ledger: Ledger) -> None:
    result = CliRunner().invoke(app, [command, "--csv", "--ledger", str(ledger.path)])
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(lines) == rows
    (arrest,) = [line for line in lines if line["type"] == "COERCE"]
    assert (arrest["first_day"], arrest["last_day"]) == ("2020-08-09", "")
    assert "record" not in arrest
    if command == "events":
        assert arrest["figures"] == "detained 40 or more"
    else:
        assert arrest["evidence"] in STRIKE


# ---------------------------------------------------------------- the page


def sections() -> dict[str, str]:
    parts = re.split(r"^### (\w+)\n", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("table", sorted({name for name in VIEWS if not name.startswith("all_")} - INTERNAL))
def test_the_page_names_every_column_of_every_table_and_no_other(table: str, ledger: Ledger) -> None:
    columns = {row[0] for row in ledger.sql(f"DESCRIBE {table}").rows}
    named = re.findall(r"^\| (`.+?`) \|", sections()[table], re.MULTILINE)
    assert {name for cell in named for name in re.findall(r"`(\w+)`", cell)} == columns


def test_every_question_of_the_page_can_be_asked(ledger: Ledger) -> None:
    blocks = re.findall(r"^ {4}(dateline query .+?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == PAGE.count("dateline query")
    for block in blocks:
        result = query(ledger, *shlex.split(block)[2:])
        assert result.exit_code == 0, result.stderr
