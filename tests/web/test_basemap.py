"""What the map asks the server for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.records import Place, Verdict
from dateline.web.app import make_app
from dateline.web.site import Options, Site
from tests.web.ledgers import samples_at
from tests.web.world import world_at


def test_it_says_where_the_base_map_is_and_which_country_is_which(client: TestClient) -> None:
    told = client.get("/map.json").json()
    assert told["codes"]["BLR"] == "BY"
    assert told["basemap"] is None
    assert told["borders"] is None
    assert client.get("/basemap.pmtiles").status_code == 404


def test_a_users_own_files_are_served_in_ranges(tmp_path: Path) -> None:
    tiles, borders = tmp_path / "own.pmtiles", tmp_path / "own.geojson"
    tiles.write_bytes(b"PMTiles" + bytes(range(200)))
    borders.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    site = Site(open_ledger(samples_at(tmp_path / "ledger"), create=False), Options(basemap=tiles, borders=borders))
    with TestClient(make_app(site), base_url="http://localhost") as client:
        assert client.get("/map.json").json()["basemap"] == "/basemap.pmtiles"
        answer = client.get("/basemap.pmtiles", headers={"range": "bytes=0-6", "accept-encoding": "gzip"})
        assert (answer.status_code, answer.content) == (206, b"PMTiles")
        assert answer.headers["content-range"].startswith("bytes 0-6/")
        assert client.get("/borders.geojson").json()["features"] == []
        borders.write_text("[1")
        assert client.get("/borders.geojson").status_code == 422


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(open_ledger(world_at(tmp_path_factory.mktemp("world") / "ledger"), create=False))


def test_rival_places_of_an_event_are_told_each_with_its_source(world: Site) -> None:
    board = world.board()
    events = world.events([board.id_of(row) for row in range(len(board))])
    disputed = [e for e in events if (f := e.accounts.field("place")) is not None and f.verdict is Verdict.DISPUTE]
    assert disputed
    with TestClient(make_app(world), base_url="http://localhost") as client:
        for event in disputed:
            told = client.get(f"/events/{event.id}/places.json").json()
            assert len(told) > 1
            assert all(place["quotes"] and place["tellers"] for place in told)


def test_a_country_has_no_point(world: Site) -> None:
    board = world.board()
    events = world.events([board.id_of(row) for row in range(len(board))])
    with TestClient(make_app(world), base_url="http://localhost") as client:
        for event in events:
            where = event.accounts.field("place")
            if where is None or not any(isinstance(a.value, Place) and a.value.kind.value == "country" for a in where.accounts):
                continue
            told = client.get(f"/events/{event.id}/places.json").json()
            assert all(place["latitude"] is None for place in told if place["kind"] == "country")
