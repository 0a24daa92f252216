"""`dateline serve`: what it refuses to start with, what it says, how it ends; and the file of those who may sign in."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.cli.app import Exit
from dateline.ledger.store import open_ledger
from dateline.web import users

PASSWORD = "nine grey herons"


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(users, "COST", 2)
    monkeypatch.chdir(tmp_path)
    return open_ledger(tmp_path / "ledger").path


def run(*arguments: str, entered: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), input=entered)
    return result.exit_code, result.stdout, result.stderr


def add_ada() -> None:
    assert run("users", "add", "Ada", "--users", "u.json", entered=PASSWORD + "\n")[0] == Exit.OK


# ---------------------------------------------------------------- what it refuses


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "--allow-host NAME"),
        (["--host", "::"], "--allow-host NAME"),
        (["--host", "192.0.2.7"], "--users FILE"),
        (["--host", "events.example"], "--users FILE"),
        (["--allow-host", "events.example"], "--users FILE"),
        (["--public", "https://events.example"], "--users FILE"),
        (["--host", "192.0.2.7", "--users", "u.json"], "--tls-cert"),
        (["--public", "http://events.example", "--users", "u.json"], "--public https://"),
        (["--public", "https://events.example/page/", "--users", "u.json"], "no address of a server"),
        (["--allow-host", "https://events.example", "--users", "u.json"], "no name of a machine"),
        (["--users", "nobody.json"], "dateline users add"),
        (["--basemap", "none.pmtiles"], "there is no file none.pmtiles"),
        (["--tls-cert", "u.json"], "go together"),
    ],
    ids=lambda given: given if isinstance(given, str) else " ".join(given),
)  # fmt: skip
def test_it_does_not_start_open_to_others_and_says_what_to_do(arguments: list[str], said: str) -> None:
    add_ada()
    status, printed, error = run("serve", "ledger", *arguments)
    assert (status, printed) == (Exit.USAGE, "")
    assert error.count("\n") == 1
    assert said in error


def test_a_ledger_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    status, _, error = run("serve", "nowhere")
    assert status == Exit.ERROR
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_port_that_is_taken_is_said_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, error = run("serve", "ledger", "--port", port)
    assert status == Exit.ERROR
    assert f"port {port} of 127.0.0.1 is taken" in error
    assert error.count("\n") == 1


# ---------------------------------------------------------------- a server that runs


class Server:
    """A server in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dateline", *arguments, "--port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        self.said = self.process.stderr.readline()
        found = re.search(r"(https?)://\S+:(\d+)/", self.said)
        assert found is not None, self.said
        self.address = f"{found[1]}://127.0.0.1:{found[2]}"

    def end(self) -> None:
        """Ends it whatever it does."""
        self.process.kill()
        self.process.communicate()

    def stop(self, by: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(by)
        _, error = self.process.communicate(timeout=20)
        return self.process.returncode, error


@pytest.fixture
def server() -> Iterator[Server]:
    """`dateline LEDGER` is `dateline serve LEDGER`."""
    server = Server("ledger", "--readonly")
    yield server
    server.end()


def test_it_says_where_answers_and_is_stopped_without_a_word_too_many(server: Server) -> None:
    assert server.said.startswith("serving ledger at http://127.0.0.1:")
    assert "read-only" in server.said
    with urllib.request.urlopen(f"{server.address}/you") as answer:
        assert answer.status == 200
        assert "server" not in answer.headers
        port = server.address.rpartition(":")[2]
        assert answer.headers["set-cookie"].startswith(f"dateline-{port}=")
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(urllib.request.Request(f"{server.address}/you", headers={"Host": "rebound.example"}))
    assert server.stop(signal.SIGINT) == (Exit.OK, "stopped\n")


# ---------------------------------------------------------------- users


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    add_ada()
    assert run("users", "add", "נועם", "--users", "u.json", entered="another nine herons\n")[0] == Exit.OK
    assert run("users", "list", "--users", "u.json")[:2] == (Exit.OK, "Ada\nנועם\n")
    assert PASSWORD not in Path("u.json").read_text(encoding="utf-8")
    assert run("users", "remove", "Ada", "--users", "u.json")[0] == Exit.OK
    assert run("users", "list", "--users", "u.json")[1] == "נועם\n"


def test_what_will_not_do_is_said() -> None:
    status, _, error = run("users", "add", "Ada", "--users", "u.json", entered="short\n")
    assert status == Exit.ERROR
    assert "at least" in error
    assert not Path("u.json").exists()
    Path("u.json").write_text("{}")
    assert "not a file of users" in run("users", "list", "--users", "u.json")[2]
    assert "no user" in run("users", "remove", "Eve")[2]


OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(OPENSSL is None, reason="makes a certificate with openssl")
def test_it_speaks_tls_and_asks_others_to_sign_in(tmp_path: Path) -> None:
    import ssl

    add_ada()
    assert OPENSSL is not None
    made = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=desk.example", "-days", "2"]
    subprocess.run([*made, "-keyout", "key.pem", "-out", "cert.pem"], check=True, capture_output=True)
    server = Server(
        "serve", "ledger", "--host", "0.0.0.0", "--allow-host", "desk.example", "--users", "u.json",
        "--tls-cert", "cert.pem", "--tls-key", "key.pem",
    )  # fmt: skip
    try:
        assert server.said.startswith("serving ledger at https://desk.example:")
        context = ssl.create_default_context(cafile="cert.pem")
        context.check_hostname = False
        request = urllib.request.Request(f"{server.address}/you", headers={"Host": "desk.example"})
        with urllib.request.urlopen(request, context=context) as answer:
            assert answer.url.endswith("/sign-in?next=%2Fyou")
            assert "secure" in answer.headers["set-cookie"]
    finally:
        server.end()
