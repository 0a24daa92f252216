"""The board as data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from dateline.web import lists

KINDS = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i32": "<i4"}


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and columns of what /columns.bin gives, read as docs/page-data.md says."""
    assert data[:8] == b"DLBOARD1"
    length = int.from_bytes(data[8:12], "little")
    header = json.loads(data[12 : 12 + length])
    blocks = -(-(12 + length) // 8) * 8
    return header, {
        name: np.frombuffer(data, KINDS[column["kind"]], column["length"], blocks + column["offset"])
        for name, column in header["columns"].items()
    }


def test_it_has_a_row_for_each_event_by_first_day(client: TestClient) -> None:
    header, columns = unpacked(client.get("/columns.bin").content)
    assert header["events"] == len(columns["first"]) > 100
    assert (np.diff(columns["first"].astype(np.int64)) >= 0).all()
    assert columns["party_start"][-1] == len(columns["party"])
    assert columns["figure_start"][-1] == len(columns["figure_what"])
    assert all(column["offset"] % 8 == 0 for column in header["columns"].values())


def test_it_is_not_sent_again_to_whoever_has_it(client: TestClient) -> None:
    answer = client.get("/columns.bin")
    again = client.get("/columns.bin", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_rows_are_told_in_full_with_the_words_of_a_report(client: TestClient) -> None:
    header, columns = unpacked(client.get("/columns.bin").content)
    rows = client.get("/rows.json", params={"key": header["key"], "rows": "5,2"}).json()
    assert [row["row"] for row in rows] == [5, 2]
    assert all(row["evidence"] and row["headline"] for row in rows)
    assert header["tables"]["types"][columns["type"][5]] == rows[0]["type"]


def test_rows_of_another_board_are_refused(client: TestClient) -> None:
    assert client.get("/rows.json", params={"key": "older", "rows": "1"}).status_code == 409
    header, _ = unpacked(client.get("/columns.bin").content)
    assert client.get("/rows.json", params={"key": header["key"], "rows": "999999"}).status_code == 400


def test_words_are_looked_for_in_evidence_titles_and_fields(client: TestClient) -> None:
    header, _ = unpacked(client.get("/columns.bin").content)
    found = np.frombuffer(client.get("/search.bin", params={"key": header["key"], "q": "MINSK detained"}).content, "<u4")
    assert 0 < len(found) < header["events"]


def test_a_table_opens_in_a_spreadsheet(client: TestClient) -> None:
    answer = client.get("/events.csv", params={"type": "COERCE"})
    assert answer.content.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows
    assert {row["type"] for row in rows} == {"COERCE"}
    assert any(row["detained_low"] for row in rows)
    assert rows == sorted(rows, key=lambda row: (row["first_day"], row["last_day"], row["id"]))
    assert answer.content == client.get("/events.csv", params={"type": "COERCE"}).content
    about = client.get(answer.headers["link"].partition(">")[0][1:]).json()
    assert about["dateline"]["events"] == len(rows)
    assert "COERCE" in about["dateline"]["filter"]
    assert [column["name"] for column in about["tableSchema"]["columns"]] == list(rows[0])


def test_a_map_file_has_a_point_only_where_one_is_known(client: TestClient) -> None:
    told = client.get("/events.geojson").json()
    assert told["about"]["events"] == len(told["features"])
    for feature in told["features"]:
        kind = feature["properties"]["place_kind"]
        assert (feature["geometry"] is None) == (feature["properties"]["latitude"] is None)
        assert feature["geometry"] is None or kind not in {None, "country", "region"}
    assert any(feature["geometry"] for feature in told["features"])


def test_the_same_events_come_as_json(client: TestClient) -> None:
    query = {"country": "BLR", "flag": "-differ", "until": "2020-08-15"}
    told, features = (client.get(f"/events.{ending}", params=query).json() for ending in ("json", "geojson"))
    assert told["events"] == [feature["properties"] for feature in features["features"]]
    assert {event["country"] for event in told["events"]} == {"BLR"}
    assert told["events"][0]["address"].endswith(f"/events/{told['events'][0]['id']}")
    assert "licence" in told["about"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_reckon_with_is_made_harmless(start: str) -> None:
    assert lists.line([start, -1.5]).lstrip('"').startswith("'")
    assert "-1.5" in lists.line([start, -1.5])


@pytest.mark.parametrize(
    "query", ["since=2020-02-30", "as_of=soon", "review=mine", "dates=x", "flag=odd", "box=1,2,3", "box=0,9,0,1", "witnesses=x"]
)
def test_what_cannot_be_asked_is_refused_with_what_can(client: TestClient, query: str) -> None:
    answer = client.get(f"/events.json?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text
