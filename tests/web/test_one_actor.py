"""Two names are one actor: seen before it is said, on every page afterwards, and taken back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.judged import Judged
from dateline.runs.board import ACTOR, Board
from dateline.runs.one_actor import together, with_names
from dateline.web.filters import Filters
from dateline.web.site import Options, Site
from tests.web.reviewers import client_of, site_at
from tests.web.world import event_called, world_at

FARMERS, NURSES, ALLIANCE = "farmers", "Nurses' Chamber", "Teachers' Alliance"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world_at(tmp_path_factory.mktemp("actors") / "ledger")


@pytest.fixture(scope="module")
def site(world: Path) -> Site:
    return site_at(world)


@pytest.fixture(scope="module")
def ada(site: Site) -> TestClient:
    return client_of(site)


def actors_of(board: Board, row: int) -> list[str]:
    return [party.name for party in board.parties_of(row, ACTOR)]


def events_with(board: Board, name: str) -> set[str]:
    return {board.id_of(row) for row in range(len(board)) if name in actors_of(board, row)}


def test_what_would_fall_together_is_shown_before_it_is_said(site: Site, ada: TestClient) -> None:
    page = ada.get("/network/one-actor", params={"name": [NURSES, ALLIANCE]}).text
    assert "In 0 of these several of them are named" in page
    assert 'value="same-actor"' in page
    assert site.log.entries() == ()
    strangers = ada.get("/network/one-actor", params={"name": [NURSES, "nurse"]})
    assert strangers.status_code == 422
    assert "names nobody “nurse”" in strangers.text
    assert "Nurses&#x27; Chamber" in strangers.text


def test_two_names_are_one_on_every_page_until_it_is_undone(site: Site, ada: TestClient) -> None:
    before = site.board()
    apart = {name: events_with(before, name) for name in (NURSES, ALLIANCE)}
    assert all(apart.values())
    form = {"kind": "same-actor", "id": [NURSES, ALLIANCE], "reason": "one union", "next": "/actors/x"}
    assert ada.post("/judgements", data=form).status_code == 303

    board = site.board()
    assert events_with(board, NURSES) == apart[NURSES] | apart[ALLIANCE]
    assert ALLIANCE not in board.tables.actors.name
    assert board.ids.tolist() == before.ids.tolist()
    assert len(Filters(actor=(ALLIANCE,)).rows(board)) == len(Filters(actor=(NURSES,)).rows(board))
    sent = ada.get("/", params={"actor": ["-" + ALLIANCE, FARMERS]})
    assert (sent.status_code, sent.headers["location"]) == (303, "/?actor=-Nurses%27+Chamber&actor=farmers")

    network = ada.get("/network").text
    assert "also <bdi>Teachers&#x27; Alliance</bdi>" in network
    page = ada.get(f"/actors/{ALLIANCE}").text
    assert "<h1><bdi>Nurses&#x27; Chamber</bdi></h1>" in page
    assert "People said that <bdi>Teachers&#x27; Alliance</bdi> are the same" in page
    listed = {row["name"]: row for row in csv.DictReader(io.StringIO(ada.get("/actors.csv").content.decode("utf-8-sig")))}
    assert ALLIANCE not in listed
    assert ada.get("/actors.json", params={"q": "teachers"}).json()["rows"][0]["name"] == NURSES
    assert "one actor: <bdi>Nurses&#x27; Chamber</bdi>" in ada.get("/audit").text
    table = list(csv.DictReader(io.StringIO(ada.get("/events.csv").content.decode("utf-8-sig"))))
    assert {row["actors"] for row in table if row["id"] == event_called("the march")} == {NURSES}

    refused = ada.post("/judgements", data={**form, "kind": "not-same-actor"}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "undo that instead" in refused.json()["words"]
    found = _found(site, "--actor", "teachers")
    assert {NURSES, ALLIANCE} <= {name for claim in found for name in claim["actor_names"]}

    ada.post("/undo")
    assert events_with(site.board(), ALLIANCE) == apart[ALLIANCE]
    assert not any(NURSES in claim["actor_names"] for claim in _found(site, "--actor", "teachers"))


def _found(site: Site, *asked: str) -> list[dict[str, list[str]]]:
    result = CliRunner().invoke(app, ["find", *asked, "--json", "--ledger", str(site.ledger.path)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_row_that_names_both_has_one_and_keeps_its_order(site: Site) -> None:
    """Of sixty guards in one event two are one: their order stays, and the event counts once."""
    board = site.board()
    row = max(range(len(board)), key=lambda n: len(actors_of(board, n)))
    names = actors_of(board, row)
    one, other = names[0], names[3]
    found = together(board, [one, other])
    assert (found.shared, found.all_of_them) == (1, 1)
    renamed = with_names(board, {other: one})
    assert actors_of(renamed, row) == [name for name in names if name != other]
    assert all(actors_of(renamed, n) == actors_of(board, n) for n in range(len(board)) if n != row)
    assert with_names(board, {"nobody": "else"}) is board


def test_the_commands_say_the_same(world: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, [*arguments, "--by", "Ada", "--ledger", str(ledger)])
        return result.exit_code, result.stdout, result.stderr

    ledger = world_at(tmp_path / "ledger")
    status, told, aside = run("same-actor", FARMERS, NURSES, "--dry-run")
    assert (status, "nothing was entered" in aside) == (0, True)
    assert "events with one of them; in 0 there are several" in told
    status, told, _ = run("different-actors", FARMERS, NURSES)
    assert f"said that “{FARMERS}” and “{NURSES}” are not one actor" in told
    status, _, aside = run("same-actor", FARMERS, NURSES)
    assert (status, "undo that first" in aside) == (1, True)
    assert run("undo", "1.1")[0] == 0
    assert run("same-actor", FARMERS, NURSES)[0] == 0
    site = site_at(ledger)
    assert Judged(site.ledger, site.log).shown_names == {NURSES: FARMERS}


def test_nothing_can_be_said_where_nothing_can_be_judged_or_without_a_name(world: Path, site: Site) -> None:
    asked = {"name": [NURSES, ALLIANCE]}
    reader = client_of(site_at(world, Options(is_readonly=True)))
    assert 'value="same-actor"' not in reader.get("/network/one-actor", params=asked).text
    assert "under which name you judge" in client_of(site, None).get("/network/one-actor", params=asked).text
