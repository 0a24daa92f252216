"""Nobody waits for the board of a large ledger: it is made by a process beside the server, and pages say how far it is."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.judged import AROUND, ENOUGH, IDS, Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.records import About, Judge, JudgementKind
from dateline.runs.board import board_key, wire
from dateline.runs.board_file import keep_board, kept_board, place_of_board
from dateline.runs.board_making import make_board
from dateline.runs.board_upkeep import Making, bring_up_board, making_of
from dateline.web import boards
from dateline.web.site import Site
from tests.web.reviewers import client_of, site_at
from tests.web.world import world_at

KNOWLEDGE = load_accounts()


@dataclass
class Process:
    """A process that is started and does nothing by itself."""

    command: list[str]
    code: int | None = None
    stderr: io.BytesIO = field(default_factory=io.BytesIO)
    is_killed: bool = False

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.is_killed = True

    def wait(self) -> None:
        assert self.is_killed


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that are started, while every ledger is a large one."""
    found: list[Process] = []

    def start(command: list[str], **options: Any) -> Process:
        assert options["start_new_session"]  # Ctrl-C at the server's terminal is not for it
        found.append(Process(command))
        return found[-1]

    monkeypatch.setattr(boards, "AT_ONCE", 0)
    monkeypatch.setattr("dateline.web.boards.subprocess.Popen", start)
    monkeypatch.setattr("dateline.runs.board_making.EPISODES_UP_TO", 0)
    return found


@dataclass
class World:
    site: Site
    ids: list[str]

    @property
    def ledger(self) -> Ledger:
        return self.site.ledger


@pytest.fixture
def world(tmp_path: Path, started: list[Process]) -> World:
    site = site_at(world_at(tmp_path / "ledger"))
    prints = sorted(site.ledger.event_prints().to_pylist(), key=lambda row: (-row["claims"], row["event_id"]))
    return World(site, [row["event_id"] for row in prints])


@pytest.fixture
def client(world: World) -> TestClient:
    return client_of(world.site)


def say(world: World, making: Making) -> None:
    folder = next(place_of_board(world.ledger.path)).parent
    folder.mkdir(exist_ok=True)
    (folder / "making.json").write_text(json.dumps(vars(making)))


def judge(world: World, kind: JudgementKind, event: str) -> None:
    people = Judged(world.ledger, Log(world.ledger.path))
    Log(world.ledger.path).append(people.verdicts(kind, [event], About.EVENT, Judge("Ada"), datetime.now(UTC), ""))


def test_a_page_that_needs_the_board_says_how_far_it_is_and_the_others_answer(
    world: World, client: TestClient, started: list[Process]
) -> None:
    say(world, Making(250_000, 1_000_000, 90.4, time()))
    page = client.get("/?type=PROTEST")
    assert page.status_code == 503
    assert "Putting 250,000 of 1,000,000 events in columns, about 90 seconds left" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert page.headers["retry-after"]
    assert client.get("/columns.bin").json()["of"] == 1_000_000
    assert client.get("/board.json").json()["key"] is None
    for path in ("/review", "/documents", "/actors", "/audit", "/quality", f"/events/{world.ids[0]}"):
        assert client.get(path).status_code == 200, path
    assert [process.command[1:5] for process in started] == [["-m", "dateline", "board", "--ledger"]]


def test_the_board_is_shown_when_the_process_has_made_it_and_judgements_are_put_into_it_at_once(
    world: World, client: TestClient, started: list[Process]
) -> None:
    assert client.get("/").status_code == 503
    bring_up_board(world.ledger, KNOWLEDGE)
    started[0].code = 0
    assert client.get("/").status_code == 200
    before = world.site.board()
    for kind, event in ((JudgementKind.ACCEPTED, world.ids[0]), (JudgementKind.REJECTED, world.ids[1])):
        judge(world, kind, event)
        people = Judged(world.ledger, Log(world.ledger.path))
        assert wire(world.site.board()) == wire(make_board(world.ledger, KNOWLEDGE, people))
    people = Judged(world.ledger, Log(world.ledger.path))
    Log(world.ledger.path).append([people.merger(world.ids[2:4], Judge("Ada"), datetime.now(UTC), "")])
    merged = Judged(world.ledger, Log(world.ledger.path))
    assert wire(world.site.board()) == wire(make_board(world.ledger, KNOWLEDGE, merged))
    Log(world.ledger.path).append([merged.undoing(["1", "2", "3"], Judge("Ada"), datetime.now(UTC), "")])
    undone = world.site.board()
    assert undone.key != before.key
    assert undone.ids.tolist() == before.ids.tolist()
    assert undone.prints.tolist() == before.prints.tolist()
    assert client.get("/board.json").json() == {"key": undone.key, "making": None, "fault": None}
    assert len(started) == 1


def test_a_kept_board_is_shown_while_what_came_in_since_is_put_in_and_judgements_alone_need_no_process(
    world: World, client: TestClient, started: list[Process]
) -> None:
    kept = bring_up_board(world.ledger, KNOWLEDGE)
    judge(world, JudgementKind.ACCEPTED, world.ids[0])
    assert world.site.board().key == board_key(world.ledger, Judged(world.ledger, Log(world.ledger.path)))
    assert started == []
    world.ledger.compact(made_at=datetime.now(UTC))  # the ledger is another; nobody can tell that it says the same
    behind = Site(world.ledger)
    assert behind.board().key == kept.key
    assert behind.behind(behind.board()) is not None
    assert len(started) == 1
    bring_up_board(world.ledger, KNOWLEDGE)
    started[0].code = 0
    assert behind.board().key != kept.key
    assert behind.behind(behind.board()) is None
    behind.close()


def test_a_process_that_fails_says_why_and_rests(world: World, client: TestClient, started: list[Process]) -> None:
    client.get("/")
    started[0].code, started[0].stderr = 1, io.BytesIO(b"Traceback\nerror: no room on the disk\n")
    for _ in range(2):
        assert "It could not be done: error: no room on the disk." in client.get("/").text
    assert len(started) == 1


def test_closing_the_site_ends_the_process(world: World, client: TestClient, started: list[Process]) -> None:
    client.get("/")
    world.site.close()
    assert started[0].is_killed


def test_a_board_of_a_moment_is_made_by_a_process_too(world: World, client: TestClient, started: list[Process]) -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    assert client.get("/", params={"as_of": "2030-01-01T00:00:00Z"}).status_code == 503
    assert started[0].command[-2] == "--as-of"
    bring_up_board(world.ledger, KNOWLEDGE, as_of=datetime.fromisoformat(started[0].command[-1]))
    started[0].code = 0
    assert client.get("/", params={"as_of": "2030-01-01T00:00:00Z"}).status_code == 200
    assert kept_board(world.ledger.path, KNOWLEDGE, moment) is None  # few will ask for the same one again


def test_what_was_worked_out_before_a_kill_is_taken_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.runs.board_making.CLAIMS_A_PIECE", 4)
    monkeypatch.setattr("dateline.runs.board_upkeep.KEEP_EVERY", -1.0)
    monkeypatch.setattr("dateline.runs.board_upkeep.SAY_EVERY", 0.0)

    class KilledError(Exception):
        pass

    def killed(making: Making) -> None:
        assert making_of(world.ledger.path) == making
        if making.done > 8:
            raise KilledError

    with pytest.raises(KilledError):
        bring_up_board(world.ledger, KNOWLEDGE, on_making=killed)
    begun = kept_board(world.ledger.path, KNOWLEDGE)
    assert begun is not None
    assert not begun.key
    assert len(begun) > 4
    assert making_of(world.ledger.path) is None
    said: list[Making] = []
    board = bring_up_board(world.ledger, KNOWLEDGE, on_making=said.append)
    assert said[0].done == len(begun)
    assert wire(board) == wire(make_board(world.ledger, KNOWLEDGE, Judged(world.ledger, Log(world.ledger.path))))


def test_several_processes_make_the_same_board(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.runs.board_making.ALONE_UP_TO", 0)
    monkeypatch.setattr("dateline.runs.board_making.CLAIMS_A_PIECE", 4)
    people = Judged(world.ledger, Log(world.ledger.path))
    assert wire(make_board(world.ledger, KNOWLEDGE, people, workers=2)) == wire(make_board(world.ledger, KNOWLEDGE, people))


def test_a_board_that_cannot_be_put_on_disk_is_none_that_was_kept(world: World) -> None:
    board = make_board(world.ledger, KNOWLEDGE, Judged(world.ledger, Log(world.ledger.path)))
    assert keep_board(board, world.ledger.path, KNOWLEDGE) is not None


@pytest.mark.parametrize("is_compacted", [False, True])
def test_claims_that_are_looked_up_where_they_lie_are_those_of_the_database(world: World, is_compacted: bool) -> None:
    if is_compacted:
        world.ledger.compact(made_at=datetime.now(UTC))
    claims = [row["claim_id"] for row in world.ledger.claim_columns(("claim_id",)).to_pylist()]
    for some in (claims, claims[:1], claims[-3:], ["no claim"]):
        assert sorted(world.ledger.kin(some)) == sorted(world.ledger.sql(AROUND, {"ids": some}).rows)
    for claim in claims[::9]:
        assert world.ledger.ids_beginning(claim[:ENOUGH]) == [id for (id,) in world.ledger.sql(IDS, {"id": claim[:ENOUGH]}).rows]
