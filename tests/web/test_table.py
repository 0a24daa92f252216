"""A table that was edited is brought to the page: looked at, entered, taken back."""

from __future__ import annotations

import csv
import io
import re
from base64 import urlsafe_b64encode
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.runs.table_file import WINDOWS
from dateline.web.site import Options, Site
from tests.web.reviewers import client_of, site_at
from tests.web.world import event_called, world_at

HERE = "/review/table"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world_at(tmp_path_factory.mktemp("tables") / "ledger")


@pytest.fixture(scope="module")
def site(world: Path) -> Site:
    return site_at(world)


@pytest.fixture(scope="module")
def ada(site: Site) -> TestClient:
    return client_of(site)


def edited(raw: bytes, **cells: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    next(row for row in rows if row["id"] == event_called("the march")).update(cells)
    sink = io.StringIO()
    writer = csv.DictWriter(sink, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode(WINDOWS, "replace")


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(table|reason|shown)" value="([^"]*)"', page)}


def test_a_file_is_looked_at_then_entered_and_taken_back_as_a_whole(site: Site, ada: TestClient) -> None:
    file = edited(ada.get("/events.csv").content, mode="strike", decision="reject", place="")
    looked = ada.post(HERE, files={"file": ("events.csv", file, "text/csv")}, data={"reason": "seen it <b>"})
    assert looked.status_code == 200
    assert "1 corrected mode, 1 rejected" in looked.text
    assert "emptied: write" in looked.text
    assert "seen it &lt;b&gt;" in looked.text
    assert "<b>Town</b>" not in looked.text
    assert site.log.entries() == ()

    changed = ada.post(HERE, data={**hidden(looked.text), "shown": "something else"})
    assert "The ledger has changed meanwhile" in changed.text
    entered = ada.post(HERE, data=hidden(looked.text))
    assert (entered.status_code, entered.headers["location"]) == (303, "/review")
    (entry,) = site.log.entries()
    assert {j.reason for j in entry.judgements} == {"seen it <b>"}
    assert "There is nothing to enter" in ada.post(HERE, files={"file": ("events.csv", file)}).text
    ada.post("/undo")
    assert site.judged().standings == {}


def test_pasted_rows_do_as_well(ada: TestClient) -> None:
    rows = f"id\tdecision\r\n{event_called('the vigil')}\taccept\r\nnobody\taccept\r\n"
    page = ada.post(HERE, files={"file": ("", b"")}, data={"text": rows}).text
    assert "1 accepted" in page
    assert "is no event or claim of this ledger" in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "no table was sent"),
        ({"text": "a,b\n1,2\n"}, "no column 'id'"),
        ({"table": "no letters of it"}, "choose the file once more"),
        ({"table": urlsafe_b64encode(b"PK\x03\x04").decode()}, "save the sheet as CSV"),
        ({"text": "x" * 2_900_000}, "`dateline import` reads it, however large"),
        ({"text": "id\n1", "reason": "x" * 5000}, "at most 4,000 letters"),
    ],
    ids=["nothing", "no id", "no base64", "a workbook", "too much", "a long reason"],
)
def test_what_is_no_table_is_refused_with_what_to_do(ada: TestClient, form: dict[str, str], words: str) -> None:
    answer = ada.post(HERE, data=form)
    assert answer.status_code == 422
    assert words in unescape(answer.text)


def test_it_is_asked_for_and_nobody_decides_without_a_name_or_where_nothing_can_be_judged(site: Site, world: Path) -> None:
    nobody = client_of(site, None)
    page = nobody.get(HERE).text
    assert 'enctype="multipart/form-data"' in page
    assert "under which name you judge" in page
    answer = nobody.post(HERE, data={"text": "id,decision\nx,accept\n"})
    assert answer.headers["location"].startswith("/you?next=%2Freview%2Ftable")
    reader = client_of(site_at(world, Options(is_readonly=True)))
    assert 'type="file"' not in reader.get(HERE).text
    assert reader.post(HERE, data={"text": "id,decision\nx,accept\n"}).status_code == 403


def test_a_form_with_a_file_needs_the_token_and_has_few_parts(site: Site) -> None:
    """The token may come in the form, as browsers without script send it."""
    client = client_of(site)
    token = client.headers.pop("x-csrf-token")
    file = {"file": ("t.csv", b"id,decision\n")}
    assert client.post(HERE, files=file).status_code == 403
    assert client.post(HERE, files=file, data={"csrf": token}).status_code == 200
    many = {f"f{number}": "x" for number in range(200)}
    assert client.post(HERE, files=file, data={"csrf": token, **many}).status_code == 413
