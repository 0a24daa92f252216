"""The commands on the network, as they are typed: what they say and leave with. No model is loaded, for nothing is read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.derived import VisitRow
from dateline.ledger.store import open_ledger
from dateline.records import Block, Span
from tests.fetching.site import Site, running
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

EMPTY = "<rss><channel><title>The Paper</title></channel></rss>"


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as found:
        found.page("/feed", EMPTY, kind="application/rss+xml", etag='"1"')
        yield found


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=text)


def with_sources(folder: Path, site: Site) -> Path:
    folder.mkdir()
    told = f"contact: editor@example.org\nsources:\n- name: the-paper\n  feed: {site.at('/feed')}\n  every: 15 minutes\n"
    (folder / "sources.yaml").write_text(told)
    return folder


def test_fetch_refuses_what_is_no_public_page_and_says_why(tmp_path: Path, site: Site) -> None:
    site.page("/a", "<p>secret</p>")
    lines = f"# a comment\nhttp://localhost:8080/\nftp://example.org/\n{site.at('/a')}\n"
    done = run("fetch", "-", "--ledger", str(tmp_path / "ledger"), "--contact", "me@example.org", "--json", text=lines)
    assert done.exit_code == 3
    assert "this machine" in done.stderr
    assert "no web address" in done.stderr
    assert f"asks for port {site.port}" in done.stderr
    assert len(json.loads(done.stdout)["failed"]) == 3
    assert site.asked == []
    assert "me@example.org" not in done.stderr


def test_fetch_says_when_nobody_could_be_written_to(tmp_path: Path) -> None:
    done = run("fetch", "ftp://example.org/", "--ledger", str(tmp_path / "ledger"))
    assert "no contact is given" in done.stderr


def test_watch_says_what_it_lacks(tmp_path: Path) -> None:
    done = run("watch", "--once", "--ledger", str(tmp_path / "ledger"))
    assert done.exit_code == 1
    assert "sources.yaml: no such file" in done.stderr
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "sources.yaml").write_text("sources:\n- name: a\n  fed: https://a.example/\n")
    done = run("watch", "--once", "--ledger", str(tmp_path / "ledger"))
    assert "line 3, source a: unknown key 'fed'; did you mean “feed”?" in done.stderr


def test_watch_polls_once_and_knows_the_next_time_what_it_was_told(tmp_path: Path, site: Site) -> None:
    ledger = with_sources(tmp_path / "ledger", site)
    allow = f"127.0.0.1:{site.port}"
    done = run("watch", "--once", "--allow", allow, "--ledger", str(ledger))
    assert done.exit_code == 0, done.stderr
    assert "the-paper: 0 to fetch of 0 listed" in done.stderr
    assert "editor@example.org" in site.asked[-1].headers["user-agent"]
    again = run("watch", "--once", "--allow", allow, "--ledger", str(ledger))
    assert again.exit_code == 0
    assert site.count("/feed") == 1  # it is not due yet


def test_watch_ends_at_one_interrupt_and_says_that_nothing_is_lost(tmp_path: Path, site: Site) -> None:
    ledger = with_sources(tmp_path / "ledger", site)
    command = [sys.executable, "-m", "dateline", "watch", "--allow", f"127.0.0.1:{site.port}", "--ledger", str(ledger)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stderr is not None
    said = ""
    until = time.monotonic() + 120
    while "Ctrl-C ends" not in said and time.monotonic() < until:
        said += process.stderr.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(60) == 0, said + rest
    process.stderr.close()
    assert "the-paper" in said
    assert "goes on from there" in rest


def test_changes_shows_versions_and_that_a_page_was_taken_down(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    address = "https://paper.example/a"
    documents = []
    for number, text in enumerate((f"{STRIKE}\nIt rained.", f"{STRIKE}\nIt snowed for long.")):
        report = report_of(f"{number}.txt", text)
        coding = coding_of(report)
        assert coding.document is not None
        at = text.index("\n")
        blocks = (Block(Span(0, at)), Block(Span(at + 1, len(text))))
        document = replace(coding.document, address=address, blocks=blocks)
        ledger.add([replace(coding, document=document)], [report], coder=CODER, known_at=NOON + timedelta(days=number))
        documents.append(document.id)
    gone = VisitRow("v", address, address, NOON + timedelta(days=2), 410, "gone", "[]", None, documents[1], None, None, [])
    ledger.add_rows("visits", [gone], by="test", known_at=NOON + timedelta(days=2))
    done = run("changes", f"{address}?utm_source=x#top", "--ledger", str(tmp_path / "ledger"))
    assert done.exit_code == 0, done.stderr
    assert "− It rained." in done.stdout
    assert "+ It snowed for long." in done.stdout
    assert "taken down (status 410)" in done.stdout
    told = json.loads(run("changes", documents[0], "--json", "--ledger", str(tmp_path / "ledger")).stdout)
    assert [version["document"] for version in told["versions"]] == documents
    assert [visit["outcome"] for visit in told["visits"]] == ["gone"]
    assert (
        len(
            json.loads(run("changes", address, "--json", "--as-of", "2020-08-18", "--ledger", str(tmp_path / "ledger")).stdout)[
                "versions"
            ]
        )
        == 1
    )
    assert run("changes", "https://paper.example/none", "--ledger", str(tmp_path / "ledger")).exit_code == 1
