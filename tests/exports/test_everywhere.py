"""What holds for all formats: the page and the command write the same, covered files tell no name, and the docs explain each."""

from __future__ import annotations

import io
import json
import re
import textwrap
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dateline.cli import app
from dateline.cli.sharing import Bounds, To
from dateline.exports.telling import Bound, Options
from dateline.knowledge.exports import columns_of
from dateline.knowledge.tables import read_yaml
from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.sharing.covering import covered
from dateline.web.sharing.files import write_file
from dateline.web.sharing.rows import Chosen, choose, filters_of
from dateline.web.sharing.tables import FORMATS
from dateline.web.site import Site
from tests.exports.conftest import BASE, bytes_of, only
from tests.web.world import NOAM, SAIDA, world_at

DOCS = Path(__file__).resolve().parents[2] / "docs"
PRIVATE = ("the march in the north", "arrest of a reporter")
"""Happenings that private people are in."""

PAGE = (DOCS / "formats.md").read_text(encoding="utf-8")


def text_of(name: str, data: bytes) -> str:
    """What is written in a file, unpacked."""
    if name == "parquet":
        frame = pd.read_parquet(io.BytesIO(data))
        return str(frame.to_json(force_ascii=False, date_format="iso")) + str(pq.read_schema(io.BytesIO(data)).metadata)
    if name == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(entry).decode() for entry in archive.namelist())
    return data.decode()


@pytest.fixture(scope="module")
def hidden(world: Chosen) -> Iterator[Chosen]:
    """Events with private people in them, and a town, covered."""
    with covered(only(world, *PRIVATE, "arrests at the gate", "the march")) as shared:
        yield shared


@pytest.fixture(scope="module")
def page(world: Chosen) -> TestClient:
    return TestClient(make_app(world.site), base_url="http://localhost")


def test_the_command_knows_every_format_of_the_page() -> None:
    assert {to.value for to in To} == {*FORMATS, "html"}
    assert {bound.value for bound in Bounds} == {bound.value for bound in Bound}


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_question_gives_the_same_bytes_from_the_page_and_in_a_file(
    world: Chosen, page: TestClient, tmp_path: Path, name: str
) -> None:
    few = choose(world.site, filters_of([("type", "PROTEST")]), "http://localhost/")
    filed = write_file(few, name, tmp_path / "events")
    answer = page.get(f"/events.{name}", params={"type": "PROTEST"})
    assert answer.content == filed.files[0].read_bytes()
    assert answer.headers["content-disposition"].endswith(f'.{FORMATS[name].ending}"')
    beside = "events-metadata.json" in {file.name for file in filed.files}
    assert beside == FORMATS[name].has_metadata == ("link" in answer.headers)


def test_the_command_writes_the_same_file(world: Chosen, tmp_path: Path) -> None:
    file, ledger = tmp_path / "events", str(world.site.ledger.path)
    asked = ["--to", "xlsx", "-o", str(file), "--base", BASE, "--ledger", ledger]
    result = CliRunner().invoke(app, ["export", *asked])
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == bytes_of(world, "xlsx")


def test_an_address_of_no_format_says_which_there_are(page: TestClient) -> None:
    assert page.get("/events.acled").status_code == 404
    assert page.get("/events.parquet-metadata.json").status_code == 404
    assert page.get("/events.acled-csv", params={"bounds": "middle"}).status_code == 400
    assert page.get("/events.acled-csv", params={"bounds": "best", "all_statuses": "1"}).status_code == 200


def test_the_page_of_files_leads_to_every_format(page: TestClient) -> None:
    assert set(re.findall(r'formaction="/events\.([\w-]+)"', page.get("/share").text)) == set(FORMATS)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_covered_file_tells_no_private_name_no_reviewer_and_no_point(hidden: Chosen, name: str) -> None:
    told = text_of(name, bytes_of(hidden, name, Options(has_all_statuses=True)))
    for private in (SAIDA.name, NOAM.name):
        assert private not in told
    assert '"Ada"' not in told
    assert "170.62" not in told, "a town's point"
    assert "wire.example" not in told, "a report's address"
    assert "are covered" in told or FORMATS[name].has_metadata


def test_what_is_covered_would_be_told_otherwise(world: Chosen) -> None:
    told = bytes_of(only(world, *PRIVATE, "arrests at the gate"), "jsonl").decode()
    assert {SAIDA.name, NOAM.name, "wire.example"} <= {word for word in (SAIDA.name, NOAM.name, "wire.example") if word in told}


def test_formats_are_listed_and_their_columns_explained() -> None:
    for name in FORMATS:
        assert f"| `{name}` |" in (DOCS / "sharing.md").read_text(encoding="utf-8"), name
    for table in read_yaml("exports/columns.yaml"):
        for column in columns_of(table):
            assert f"| `{column.name}` | {column.says} |" in PAGE, (table, column.name)


def test_an_actor_of_several_names_has_the_one_that_is_shown(tmp_path: Path) -> None:
    ledger = world_at(tmp_path / "ledger")
    said = ["same-actor", "Dockers' Union of Ashport", "Lawyers for the Port", "dockers", "--by", "Ada", "--ledger", str(ledger)]
    assert CliRunner().invoke(app, said).exit_code == 0
    gate = only(replace(choose(Site(open_ledger(ledger, create=False)), filters_of([]))), "arrests at the gate")
    row = json.loads(bytes_of(gate, "json"))["events"][0]
    table = pd.read_parquet(io.BytesIO(bytes_of(gate, "parquet")))
    shown = [party["name"] for party in row["recipients"]]
    assert [party["name"] for party in table["recipients"][0]] == shown
    assert "dockers" not in shown
    assert json.loads(bytes_of(gate, "plover-jsonl"))["recipient"][0]["raw_text"]
    assert table["headline"][0] == row["headline"]


def test_the_examples_of_the_docs_run(world: Chosen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("jsonl", "parquet"):
        (tmp_path / f"events.{name}").write_bytes(bytes_of(world, name))
    blocks = re.findall(r"\n\n((?:    .*\n)+)", PAGE)
    python = [block for block in blocks if re.match("    (from dateline|import pandas)", block)]
    assert len(python) == 2
    for block in python:
        exec(textwrap.dedent(block))
    asked = re.findall(r'dbGetQuery\(con, "([^"]+)"\)', PAGE)
    assert len(asked) == 1
    answer = duckdb.connect().execute(asked[0]).fetchall()
    assert ("detained", 14.0, None) in [row[1:] for row in answer]


def test_an_empty_ledger_gives_files_that_open(tmp_path: Path) -> None:
    nothing = choose(Site(open_ledger(tmp_path / "ledger", create=True)), filters_of([]))
    for name in ("json", "geojson", "webanno", "prov", "jsonld"):
        assert json.loads(bytes_of(nothing, name)), name
    assert len(pd.read_parquet(io.BytesIO(bytes_of(nothing, "parquet")))) == 0
    assert zipfile.ZipFile(io.BytesIO(bytes_of(nothing, "xlsx"))).testzip() is None
    for name in ("jsonl", "gdelt-tsv", "cameo-tsv", "plover-jsonl", "ftm"):
        assert bytes_of(nothing, name) == b""
