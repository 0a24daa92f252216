"""What holds for all formats: the page and the command write the same, covered files tell no name, and the docs explain each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

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
from dateline.web.app import make_app
from dateline.web.sharing.covering import covered
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import FORMATS
from tests.exports.conftest import BASE, bytes_of
from tests.web.world import NOAM, SAIDA

DOCS = Path(__file__).resolve().parents[2] / "docs"
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
    with covered(world) as shared:
        yield shared


def test_the_command_knows_every_format_of_the_page() -> None:
    assert {to.value for to in To} == {*FORMATS, "html"}
    assert {bound.value for bound in Bounds} == {bound.value for bound in Bound}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"csv", "json", "geojson"}])
def test_page_and_command_write_the_same_bytes(world: Chosen, tmp_path: Path, name: str) -> None:
    client = TestClient(make_app(world.site), base_url=BASE.rstrip("/").replace("events.example.org", "localhost"))
    file, ledger = tmp_path / "events", str(world.site.ledger.path)
    asked = ["--type", "PROTEST", "--base", "https://localhost"]
    result = CliRunner().invoke(app, ["export", "--to", name, "-o", str(file), *asked, "--ledger", ledger])
    assert result.exit_code == 0, result.output
    answer = client.get(f"/events.{name}", params={"type": "PROTEST"})
    assert answer.content == file.read_bytes()
    assert answer.headers["content-disposition"].endswith(f'.{FORMATS[name].ending}"')
    beside = (tmp_path / "events-metadata.json").exists()
    assert beside == FORMATS[name].has_metadata
    assert ("link" in answer.headers) == beside


def test_an_address_of_no_format_says_which_there_are(world: Chosen) -> None:
    client = TestClient(make_app(world.site), base_url="http://localhost")
    assert client.get("/events.acled").status_code == 404
    assert client.get("/events.parquet-metadata.json").status_code == 404
    assert client.get("/events.acled-csv", params={"bounds": "middle"}).status_code == 400
    assert client.get("/events.acled-csv", params={"bounds": "best", "all_statuses": "1"}).status_code == 200


def test_the_page_of_files_leads_to_every_format(world: Chosen) -> None:
    page = TestClient(make_app(world.site), base_url="http://localhost").get("/share").text
    assert set(re.findall(r'formaction="/events\.([\w-]+)"', page)) == set(FORMATS)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_covered_file_tells_no_private_name_no_reviewer_and_no_point(world: Chosen, hidden: Chosen, name: str) -> None:
    plain, told = (text_of(name, bytes_of(chosen, name, Options(has_all_statuses=True))) for chosen in (world, hidden))
    for private in (SAIDA.name, NOAM.name):
        assert private not in told
    assert '"Ada"' not in told
    assert "170.62" not in told, "a town's point"
    assert "wire.example" not in told, "a report's address"
    assert "are covered" in told or FORMATS[name].has_metadata
    assert len(plain) > 0


def test_formats_are_listed_and_their_columns_explained() -> None:
    for name in FORMATS:
        assert f"| `{name}` |" in (DOCS / "sharing.md").read_text(encoding="utf-8"), name
    for table in read_yaml("exports/columns.yaml"):
        for column in columns_of(table):
            assert f"| `{column.name}` | {column.says} |" in PAGE, (table, column.name)
