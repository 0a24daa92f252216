"""A ledger is read by another reader into a ledger beside it: resumable, counted, audited, and mixed into nothing of ours."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.coders import other_coders
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from dateline.other_reader.prompt import load_prompt
from dateline.other_reader.server import Reply
from dateline.records import Coder, Report
from dateline.runs.reading_with import ANSWERS, PROMPTS, Reader, Wanted, papers, read_with
from tests.coding import code_text, loaded
from tests.other_reader.model_server import (
    ModelServer,
    by_paragraph,
    drips,
    hangs_up,
    is_silent,
    proposes,
    record,
    says,
    sends,
)

STORIES = {
    date(2024, 5, 13): "Nurses marched in Oslo on Monday.",
    date(2024, 5, 14): "Police arrested 40 students in Bergen on Tuesday.",
    date(2024, 5, 15): "Parliament is to vote on the budget next week.",
}

MARCH = record("Nurses marched in Oslo on Monday", "marched", "PROTEST", actors=["Nurses"], time="Monday", place="Oslo")
ARREST = record("Police arrested 40 students", "arrested", "COERCE", mode="arrest", actors=["Police"], recipients=["40 students"])
WELL = by_paragraph({"Nurses": [MARCH], "students": [ARREST]})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reports in a ledger, which nothing here changes."""
    folder = tmp_path_factory.mktemp("read") / "ledger"
    reports = [Report("test", text.encode(), "text/plain", published=day) for day, text in STORIES.items()]
    codings = [code_text(text, day) for day, text in STORIES.items()]
    open_ledger(folder).add(codings, reports, coder=Coder("0", "0", "0"), known_at=datetime(2024, 5, 16, tzinfo=UTC))
    return folder


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "ledger"))


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Knowledge and models are those of other tests, and nobody waits between tries."""
    knowledge, models = loaded()
    monkeypatch.setattr("dateline.knowledge.load.load_knowledge", lambda own=None: knowledge)
    monkeypatch.setattr("dateline.language.models.load_models", lambda: models)
    monkeypatch.setattr("dateline.other_reader.server.FIRST_WAIT", 0.0)
    monkeypatch.delenv("DATELINE_READER_KEY", raising=False)


def run(ledger: Path, server: ModelServer | str, *options: str) -> Result:
    address = server if isinstance(server, str) else server.address
    command = ["read-with", "--server", address, "--model", "Org/Tiny-1B", "--ledger", str(ledger), *options]
    return CliRunner().invoke(app, command)


def counts_of(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def theirs(ledger: Path) -> Ledger:
    return open_ledger(ledger / "coders" / "tiny-1b", create=False)


# ---------------------------------------------------------------- well


def test_what_it_reads_is_a_ledger_beside_ours(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    before = open_ledger(ledger, create=False).summary()
    result = run(ledger, server, "--json")
    assert result.exit_code == 0, result.output
    counts = counts_of(result)
    assert (counts["documents"], counts["proposed"], counts["accepted"], counts["refused"]) == (3, 2, 2, 0)
    assert other_coders(ledger) == ("tiny-1b",)
    rows = theirs(ledger).find()
    assert [(row.type, row.trigger, row.model.partition("+")[0]) for row in rows] == [
        ("PROTEST", "marched", "Org/Tiny-1B"),
        ("COERCE", "arrested", "Org/Tiny-1B"),
    ]
    assert list(validate(theirs(ledger), is_strict=True)) == []
    assert open_ledger(ledger, create=False).summary() == before


def test_its_claims_are_found_like_ours(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    assert run(ledger, server).exit_code == 0
    found = CliRunner().invoke(app, ["find", "--ledger", str(ledger / "coders" / "tiny-1b"), "--country", "NOR", "--json"])
    assert found.exit_code == 0
    assert [json.loads(line)["place_name"] for line in found.stdout.splitlines()] == ["Oslo"]


def test_what_was_read_is_not_asked_again(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    assert counts_of(run(ledger, server, "--json", "--limit", "2"))["documents"] == 2
    again = counts_of(run(ledger, server, "--json"))
    assert (again["documents"], again["skipped"], again["requests"]) == (1, 2, 1)
    assert counts_of(run(ledger, server, "--json"))["documents"] == 0
    assert len(server.asked) == 3


def test_documents_can_be_chosen_by_day_and_publisher(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    assert run(ledger, server, "--since", "2024-05-14", "--until", "2024-05-14").exit_code == 0
    assert [asked.paragraphs for asked in server.asked] == [[STORIES[date(2024, 5, 14)]]]
    assert counts_of(run(ledger, server, "--publisher", "Nobody's Post", "--json"))["requests"] == 0


def test_several_requests_are_under_way_at_once_and_what_is_entered_keeps_its_order(ledger: Path, server: ModelServer) -> None:
    met = threading.Barrier(3, timeout=5)

    def together(handler: Any, request: dict[str, Any]) -> None:
        met.wait()
        WELL(handler, request)

    server.usual = together
    assert run(ledger, server, "--workers", "3").exit_code == 0
    assert [row.type for row in theirs(ledger).find()] == ["PROTEST", "COERCE"]


# ---------------------------------------------------------------- what is kept


def test_each_answer_is_kept_under_the_hash_of_its_request(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    assert run(ledger, server).exit_code == 0
    folder = theirs(ledger).path
    kept = [json.loads(path.read_text()) for path in (folder / ANSWERS).glob("*.json")]
    assert {one["request"] for one in kept} == {path.stem for path in (folder / ANSWERS).glob("*.json")}
    assert len(kept) == 3
    assert any("marched" in one["answer"] for one in kept)
    (prompt,) = (folder / PROMPTS).glob("*.json")
    assert {one["prompt"] for one in kept} == {prompt.stem}
    assert json.loads(prompt.read_text())["system"] == server.asked[0].body["messages"][0]["content"]


def test_an_answer_that_is_kept_is_not_asked_for_again(ledger: Path, server: ModelServer) -> None:
    server.usual = WELL
    assert run(ledger, server).exit_code == 0
    folder = theirs(ledger).path
    for part in ("receipts", "claims", "documents"):  # as if it had been killed before anything was entered
        shutil.rmtree(folder / part)
    counts = counts_of(run(ledger, server, "--json"))
    assert (counts["documents"], counts["reused"], counts["requests"], counts["accepted"]) == (3, 3, 0, 2)
    assert len(server.asked) == 3


def test_the_key_comes_from_the_environment_and_lies_in_no_file(
    ledger: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_READER_KEY", "sk-secret-1")
    server.script = [says("your key is sk-secret-1"), sends('{"error": "bad sk-secret-1"}', 400)]
    server.usual = WELL
    result = run(ledger, server)
    assert {asked.headers["Authorization"] for asked in server.asked} == {"Bearer sk-secret-1"}
    assert "sk-secret" not in result.output
    files = [path for path in ledger.rglob("*") if path.is_file()]
    assert not [path for path in files if b"sk-secret" in path.read_bytes()]


# ---------------------------------------------------------------- badly, slowly, not at all


def test_what_is_refused_is_counted_and_kept_with_its_reason(ledger: Path, server: ModelServer) -> None:
    server.usual = by_paragraph({"Nurses": [MARCH, {**MARCH, "evidence": "Nurses stormed the palace"}], "students": [{}]})
    result = run(ledger, server)
    assert result.exit_code == 0
    assert "3 records proposed, 1 accepted, 2 refused" in result.stderr
    assert "1 refused: quote not in text" in result.stderr
    problems = theirs(ledger).sql("SELECT reason, message FROM problems ORDER BY reason").rows
    assert [reason for reason, _ in problems] == ["refused: quote not in text", "refused: wrong schema"]
    assert "stormed the palace" in problems[0][1]


@pytest.mark.parametrize(
    ("badly", "reason"),
    [
        (says("I would rather not."), "unreadable answer"),
        (sends("<html>", kind="text/html"), "no answer"),
        (sends(b"x" * 5_000_000), "too large"),
        (drips(), "too slow"),
        (is_silent(0.6), "too slow"),
        (hangs_up, "cut short"),
        (sends("{}", 503), "busy"),
    ],
    ids=["refusal", "html", "huge", "drip", "silence", "hang up", "busy"],
)
def test_one_bad_answer_fails_one_document_and_the_next_run_asks_again(
    ledger: Path, server: ModelServer, badly: Any, reason: str
) -> None:
    def answer(handler: Any, request: dict[str, Any]) -> None:
        (badly if "Nurses" in request["messages"][1]["content"] else WELL)(handler, request)

    server.usual = answer
    result = run(ledger, server, "--timeout", "0.3", "--json")
    assert result.exit_code == 3
    counts = counts_of(result)
    assert (counts["documents"], counts["accepted"], len(counts["failed"])) == (2, 1, 1)
    assert theirs(ledger).sql("SELECT reason, is_fatal FROM problems").rows == ((reason, True),) or reason in result.output
    server.usual = WELL
    again = run(ledger, server, "--json")
    assert again.exit_code == 0, again.output
    assert (counts_of(again)["documents"], counts_of(again)["skipped"]) == (1, 2)
    assert len(theirs(ledger).find()) == 2


def test_a_server_that_goes_away_ends_the_run_and_what_was_read_is_kept(ledger: Path, server: ModelServer) -> None:
    server.script = [WELL]
    server.usual = sends("{}", 401)
    result = run(ledger, server)
    assert result.exit_code == 1
    assert "DATELINE_READER_KEY" in result.stderr
    assert len(theirs(ledger).find()) == 1
    assert len(server.asked) == 2


def test_nobody_there_is_said_at_once(ledger: Path) -> None:
    result = run(ledger, "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "is it running?" in result.stderr


def test_who_interrupts_keeps_what_was_read_and_waits_for_no_request(ledger: Path, server: ModelServer) -> None:
    server.script = [WELL]
    server.usual = is_silent(3.0)
    began = time.monotonic()

    def interrupt(name: str) -> None:
        raise KeyboardInterrupt

    knowledge, models = loaded()
    book, beside = open_ledger(ledger, create=False), open_ledger(ledger / "coders" / "tiny-1b")
    reader = Reader("m", load_prompt(knowledge), knowledge, lambda: models)
    from dateline.other_reader.server import Server, check_address

    asked = Server(check_address(server.address, is_remote_allowed=False, has_key=False))
    with pytest.raises(KeyboardInterrupt):
        read_with(
            papers(book, beside, reader, Wanted()),
            beside,
            reader,
            asked.ask,
            now=lambda: datetime.now(UTC),
            on_progress=interrupt,
        )
    assert time.monotonic() - began < 2.0
    assert len(beside.find()) == 1


def test_an_interrupted_command_says_where_it_goes_on(ledger: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dateline.runs.reading_with.read_with", interrupted)
    result = run(ledger, server)
    assert result.exit_code == 130
    assert "the same command goes on from there" in result.stderr


def test_a_mistake_of_ours_in_a_thread_is_not_taken_for_the_servers(ledger: Path) -> None:
    knowledge, models = loaded()
    book, beside = open_ledger(ledger, create=False), open_ledger(ledger / "coders" / "m")
    reader = Reader("m", load_prompt(knowledge), knowledge, lambda: models)

    def broken(request: Mapping[str, Any], schema: Mapping[str, Any]) -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_with(papers(book, beside, reader, Wanted()), beside, reader, broken, now=lambda: datetime.now(UTC))


# ---------------------------------------------------------------- before anything is sent


def test_a_dry_run_shows_the_request_and_sends_and_makes_nothing(ledger: Path, server: ModelServer) -> None:
    result = run(ledger, server, "--dry-run")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert shown["model"] == "Org/Tiny-1B"
    assert json.loads(shown["messages"][1]["content"])["paragraphs"] == ["Nurses marched in Oslo on Monday."]
    assert "3 requests for 3 documents" in result.stderr
    assert server.asked == []
    assert not (ledger / "coders").exists()


@pytest.mark.parametrize(
    ("address", "options", "why"),
    [
        ("http://192.0.2.7:8080", (), "--allow-remote"),
        ("ftp://localhost", (), "no address of a server"),
        ("http://localhost:8080", ("--coder", "../ours"), "cannot be a coder's name"),
    ],
)
def test_what_must_not_be_asked_is_wrong_usage(ledger: Path, address: str, options: tuple[str, ...], why: str) -> None:
    result = run(ledger, address, *options)
    assert result.exit_code == 2
    assert why in result.stderr
    assert not (ledger / "coders").exists()


def test_a_report_that_gives_orders_changes_nothing_beside_the_ledger_of_the_reader(ledger: Path, server: ModelServer) -> None:
    obeyed = says(json.dumps({"records": [], "command": "rm", "files": {"../../ledger.json": ""}, "server": "http://192.0.2.7"}))
    server.usual = obeyed
    before = {path: path.read_bytes() for path in ledger.rglob("*") if path.is_file()}
    assert run(ledger, server).exit_code == 0
    after = {path: path.read_bytes() for path in ledger.rglob("*") if path.is_file() and "coders" not in path.parts}
    assert after == before
    assert theirs(ledger).find() == []


def test_words_of_another_report_are_refused(ledger: Path, server: ModelServer) -> None:
    server.usual = proposes(MARCH)
    counts = counts_of(run(ledger, server, "--json"))
    assert (counts["proposed"], counts["accepted"], counts["refused"]) == (3, 1, 2)
