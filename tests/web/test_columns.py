"""The board as data."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.testclient import TestClient

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
