"""A server of models is asked with patience and trusted with nothing: slow, huge, broken and absent ones are told apart."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from dateline.fetching.faults import FetchError
from dateline.knowledge.addresses import load_address_tables
from dateline.other_reader.server import NearbyGuard, Reply, Server, ServerError, check_address, check_key
from tests.other_reader.model_server import Answering, ModelServer, drips, hangs_up, is_silent, proposes, says, sends

REQUEST: dict[str, Any] = {"model": "m", "messages": []}
SCHEMA: dict[str, Any] = {"type": "object"}


def asking(server: ModelServer, **changes: Any) -> Server:
    waits: list[float] = []
    url = check_address(server.address, is_remote_allowed=False, has_key=False)
    made = Server(url, seconds=5.0, sleep=waits.append, now=lambda: 1000.0)
    return replace(made, **changes)


def waits_of(asked: Server) -> list[float]:
    return asked.sleep.__self__  # type: ignore[attr-defined, no-any-return]


def refused(server: Server) -> ServerError:
    with pytest.raises(ServerError) as fault:
        server.ask(REQUEST, SCHEMA)
    return fault.value


def test_an_answer_is_the_words_of_the_first_choice(server: ModelServer) -> None:
    server.usual = says("yes")
    assert asking(server).ask(REQUEST, SCHEMA) == Reply("yes", is_cut=False)
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert "Authorization" not in asked.headers


def test_an_answer_that_ran_out_of_words_says_so(server: ModelServer) -> None:
    server.usual = says('{"records": [', finish="length")
    assert asking(server).ask(REQUEST, SCHEMA).is_cut


def test_a_server_that_takes_no_schema_is_asked_for_json_and_one_that_takes_neither_plainly(server: ModelServer) -> None:
    no = sends('{"error": {"message": "response_format is not supported"}}', 400)
    server.script = [no, no]
    server.usual = says("plain")
    asked = asking(server)
    assert asked.ask(REQUEST, SCHEMA).said == "plain"
    assert asked.ask(REQUEST, SCHEMA).said == "plain"
    forms = [request.body.get("response_format", {}).get("type") for request in server.asked]
    assert forms == ["json_schema", "json_object", None, None]


def test_a_request_that_is_refused_in_every_form_gives_the_servers_words(server: ModelServer) -> None:
    server.usual = sends('{"error": {"message": "context too\\nlong"}}', 400)
    fault = refused(asking(server))
    assert (fault.reason, fault.is_whole) == ("refused", False)
    assert "context too long" in str(fault)


def test_a_request_that_is_refused_in_every_form_says_nothing_of_the_forms(server: ModelServer) -> None:
    server.script = [sends("{}", 400)] * 3
    server.usual = says("yes")
    asked = asking(server)
    refused(asked)
    asked.ask(REQUEST, SCHEMA)
    assert server.asked[-1].body["response_format"]["type"] == "json_schema"


# ---------------------------------------------------------------- badly


@pytest.mark.parametrize(
    "answer",
    [
        sends("<html><body>Welcome</body></html>", kind="text/html"),
        sends("{"),
        sends("[]"),
        sends('{"choices": []}'),
        sends('{"choices": [{"message": {"content": null}}]}'),
        sends('{"choices": "x"}'),
        sends("[" * 100_000),
    ],
    ids=["html", "broken", "list", "no choice", "no words", "text", "deep"],
)
def test_what_is_no_answer_is_said_to_be_none(server: ModelServer, answer: Answering) -> None:
    server.usual = answer
    assert refused(asking(server)).reason == "no answer"
    assert len(server.asked) == 1


def test_an_answer_without_end_of_bytes_is_stopped(server: ModelServer) -> None:
    server.usual = sends(b" " * 200_000)
    assert refused(asking(server, most_bytes=50_000)).reason == "too large"


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    server.usual = sends("", 307, Location=f"{server.address}/elsewhere")
    fault = refused(asking(server))
    assert (fault.reason, fault.is_whole) == ("redirect", True)
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "hint"), [(401, "DATELINE_READER_KEY"), (403, "DATELINE_READER_KEY"), (404, "--model")])
def test_what_every_request_would_be_told_ends_the_run_with_advice(server: ModelServer, status: int, hint: str) -> None:
    server.usual = sends("{}", status)
    fault = refused(asking(server))
    assert fault.is_whole
    assert hint in str(fault)
    assert len(server.asked) == 1


# ---------------------------------------------------------------- slowly


@pytest.mark.parametrize("slowly", [drips(), is_silent(1.0)], ids=["drip", "silence"])
def test_a_request_has_one_deadline_however_an_answer_is_drawn_out(server: ModelServer, slowly: Answering) -> None:
    server.usual = slowly
    began = time.monotonic()
    assert refused(asking(server, seconds=0.25)).reason == "too slow"
    assert time.monotonic() - began < 1.0
    assert len(server.asked) == 1


# ---------------------------------------------------------------- not now


def test_a_busy_server_is_asked_again_after_ever_longer_waits(server: ModelServer) -> None:
    server.script = [sends("{}", 503), sends("{}", 500), hangs_up]
    server.usual = says("at last")
    asked = asking(server)
    assert asked.ask(REQUEST, SCHEMA).said == "at last"
    assert waits_of(asked) == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(("said", "wait"), [("7", 7.0), (formatdate(1012.0, usegmt=True), 12.0), ("soon", 0.5)])
def test_a_server_that_says_when_to_come_back_is_believed(server: ModelServer, said: str, wait: float) -> None:
    server.script = [sends("{}", 429, Retry_After=said)]
    server.usual = says("now")
    asked = asking(server)
    asked.ask(REQUEST, SCHEMA)
    assert waits_of(asked) == [wait]


def test_a_wait_of_an_hour_is_not_waited_for(server: ModelServer) -> None:
    server.usual = sends("{}", 429, Retry_After="3600")
    asked = asking(server)
    fault = refused(asked)
    assert (fault.reason, fault.is_whole) == ("busy", False)
    assert "3,600 seconds" in str(fault)
    assert waits_of(asked) == []


# ---------------------------------------------------------------- not at all


def test_a_server_that_hangs_up_each_time_is_given_up(server: ModelServer) -> None:
    server.usual = hangs_up
    fault = refused(asking(server))
    assert (fault.reason, fault.is_whole) == ("cut short", False)
    assert len(server.asked) == 4


def test_nobody_there_ends_the_run(server: ModelServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        url = check_address(f"http://127.0.0.1:{taken.getsockname()[1]}", is_remote_allowed=False, has_key=False)
        fault = refused(asking(server, url=url))
    assert (fault.reason, fault.is_whole) == ("no connection", True)
    assert "is it running?" in str(fault)


# ---------------------------------------------------------------- where to


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://localhost:8080", "http://localhost:8080/v1/chat/completions"),
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://[::1]:1/api/v1/chat/completions", "http://[::1]:1/api/v1/chat/completions"),
    ],
)
def test_an_address_may_be_given_with_or_without_its_end(given: str, asked: str) -> None:
    assert str(check_address(given, is_remote_allowed=False, has_key=False)) == asked


@pytest.mark.parametrize(
    ("address", "remote", "key", "why"),
    [
        ("https://models.example.org", False, False, "--allow-remote"),
        ("http://10.0.0.7:8080", False, False, "--allow-remote"),
        ("http://localhost.example.org", False, False, "--allow-remote"),
        ("http://10.0.0.7:8080", True, True, "in the clear"),
        ("ftp://localhost", False, False, "no address of a server"),
        ("localhost:8080", False, False, "no address of a server"),
        ("http://me:secret@localhost", False, False, "no name, password"),
        ("http://localhost/?key=1", False, False, "no name, password"),
    ],
)
def test_an_address_that_is_not_to_be_asked_is_refused_before_anything_is_sent(
    address: str, remote: bool, key: bool, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        check_address(address, is_remote_allowed=remote, has_key=key)


def test_a_name_that_leads_away_from_this_machine_is_not_connected_to() -> None:
    guard = NearbyGuard(load_address_tables(), resolve=lambda host, port: ["192.0.2.1"])
    with pytest.raises(FetchError, match="not this machine"):
        guard.addresses_of("localhost", 80, 1.0)
    assert NearbyGuard(load_address_tables(), resolve=lambda host, port: ["192.0.2.1", "127.0.0.1"]).addresses_of("x", 80, 1.0) == (
        "127.0.0.1",
    )


# ---------------------------------------------------------------- the key


def test_a_key_goes_to_the_server_and_nowhere_else(server: ModelServer) -> None:
    server.usual = sends('{"error": {"message": "bad key sk-secret-1"}}', 401)
    asked = asking(server, key="sk-secret-1")
    fault = refused(asked)
    assert server.asked[0].headers["Authorization"] == "Bearer sk-secret-1"
    assert "sk-secret" not in str(fault)
    assert "sk-secret" not in repr(asked)
    assert "sk-secret" not in json.dumps(server.asked[0].body)


def test_a_key_that_a_server_repeats_is_blotted_out(server: ModelServer) -> None:
    server.usual = says("your key is sk-secret-1")
    assert asking(server, key="sk-secret-1").ask(REQUEST, SCHEMA).said == "your key is [key]"


def test_what_cannot_be_a_key_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="DATELINE_READER_KEY") as fault:
        check_key("sk-secret\n1")
    assert "secret" not in str(fault.value)


def test_well_formed_records_come_through(server: ModelServer) -> None:
    server.usual = proposes({"a": 1})
    assert json.loads(asking(server).ask(REQUEST, SCHEMA).said) == {"records": [{"a": 1}]}
