"""Figures, health and logs tell how it goes and never what reports say."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.store import Ledger, open_ledger
from dateline.operation.logs import end_log, log_to
from dateline.operation.metrics import Metrics, figures_of
from dateline.web.app import make_app
from dateline.web.site import Options, Site
from dateline.web.users import read_users, write_users
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of


def ledger_at(folder: Path) -> Ledger:
    ledger = open_ledger(folder)
    report = report_of("a.txt", STRIKE)
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    return ledger


def told(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def client_of(ledger: Ledger, **given: object) -> TestClient:
    return TestClient(make_app(Site(ledger, Options(**given))), base_url="http://localhost", follow_redirects=False)  # type: ignore[arg-type]


def test_a_server_tells_its_requests_by_route_and_its_ledgers_figures(tmp_path: Path) -> None:
    client = client_of(ledger_at(tmp_path / "ledger"))
    for address in ("/documents", "/documents/d1", "/documents/d2", "/nowhere/secret-name"):
        client.get(address)
    client.get("/documents", headers={"host": "elsewhere.example"})
    figures = told(client.get("/metrics").text)

    def requests(route: str, status: str) -> float:
        return figures["dateline_http_requests_total", (("method", "GET"), ("route", route), ("status", status))]

    assert requests("/documents", "200") == 1
    assert requests("/documents/{id}", "404") == 2
    assert requests("none", "404") == 1
    assert requests("none", "421") == 1
    assert figures["dateline_http_request_seconds_count", (("route", "/documents/{id}"),)] == 2
    assert figures["dateline_ledger_claims_entered", ()] == 3
    assert figures["dateline_ledger_last_added_seconds", ()] == NOON.timestamp()
    assert "secret-name" not in client.get("/metrics").text


def test_the_figures_of_a_compacted_ledger_are_the_same(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    before = figures_of(ledger)
    ledger.compact(made_at=NOON)
    assert figures_of(open_ledger(ledger.path)) == before


def test_health_is_open_and_figures_ask_for_a_name_or_a_token(tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    write_users(users, read_users(users).with_password("Ada", "a long enough password"))
    client = client_of(ledger_at(tmp_path / "ledger"), users=users, metrics_token="open sesame")
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200
    assert client.get("/documents").status_code == 303
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer open sesame"}).status_code == 200


def test_a_ledger_that_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    client = client_of(ledger)
    (ledger.path / "receipts" / "broken.json").write_text("{")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "the ledger cannot be read\n"


def test_a_watcher_tells_its_figures_at_a_port(tmp_path: Path) -> None:
    metrics = Metrics()
    metrics.of_ledger(lambda: figures_of(ledger))
    ledger = ledger_at(tmp_path / "ledger")
    metrics.fetched("new")
    metrics.round_ended(datetime(2024, 1, 1, tzinfo=UTC))
    with metrics.listening(0) as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        figures = told(answer.read().decode())
    assert figures["dateline_fetches_total", (("outcome", "new"),)] == 1
    assert figures["dateline_ledger_documents_entered", ()] == 1


# ---------------------------------------------------------------- logs


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_is_logged_with_how_it_ended_and_without_its_arguments(tmp_path: Path) -> None:
    ledger, log = ledger_at(tmp_path / "ledger"), tmp_path / "logs" / "dateline.jsonl"
    CliRunner().invoke(app, ["--log", str(log), "info", "--ledger", str(ledger.path)])
    CliRunner().invoke(app, ["--log", str(log), "show", "secret", "--ledger", str(ledger.path)])
    began, ended, _, failed = lines(log)
    assert (began["event"], began["command"]) == ("run began", "info")
    assert (ended["event"], ended["status"]) == ("run ended", 0)
    assert failed["status"] == 1
    assert "secret" not in log.read_text(encoding="utf-8")


def test_a_fault_is_logged_with_its_place_and_without_its_words(tmp_path: Path) -> None:
    from logging import getLogger

    handler = log_to(str(tmp_path / "log"))
    try:
        raise ValueError("words of a report")
    except ValueError:
        getLogger("dateline.fault").exception("it broke", extra={"report": "a.txt"})
    finally:
        end_log(handler)
    (line,) = lines(tmp_path / "log")
    assert (line["level"], line["fault"], line["report"]) == ("error", "ValueError", "a.txt")
    assert "words of a report" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_without_a_log_nothing_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    done = CliRunner().invoke(app, ["info", "--ledger", str(ledger.path)])
    assert done.exit_code == 0
    assert capfd.readouterr().err == ""
