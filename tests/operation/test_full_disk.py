"""A disk that fills up, or may not be written, costs what was not yet acknowledged and nothing else, and says what to do."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.derived import LinkRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, migrate, open_ledger
from dateline.ledger.validate import validate
from dateline.operation.faults import explained
from dateline.records import About, Judge, JudgementKind
from dateline.web.site import Site
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of
from tests.web.reviewers import client_of

ANA = Judge("Ana")


def add(ledger: Ledger, name: str) -> None:
    report = report_of(name, STRIKE + f" In {name}.")
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)


def link(ledger: Ledger) -> None:
    claims = sorted(row.claim_id for row in ledger.find())
    ledger.add_rows("links", [LinkRow(claims[1], claims[0], claims[0], 0.9, "l")], by="l", known_at=NOON)


def judge(ledger: Ledger) -> None:
    judged = Judged(ledger, Log(ledger.path))
    claim = sorted(row.claim_id for row in ledger.find())[0]
    Log(ledger.path).append(judged.verdicts(JudgementKind.ACCEPTED, [claim], About.CLAIM, ANA, NOON, "read"))


WORK: dict[str, Callable[[Ledger], object]] = {
    "add": lambda ledger: add(ledger, "b.txt"),
    "link": link,
    "judge": judge,
    "compact": lambda ledger: ledger.compact(made_at=NOON),
}


def contents(ledger: Ledger) -> tuple[object, ...]:
    again = open_ledger(ledger.path, create=False)
    return again.summary().claims, len(again.find()), again.derived_columns("links").num_rows, len(Log(ledger.path).entries())


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False).returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def filled(disk: Path) -> Path:
    """The file that fills the disk up."""
    path = disk / "fill"
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))
    return path


@pytest.mark.parametrize("work", sorted(WORK))
def test_on_a_full_disk_what_was_entered_stays_and_the_rest_can_be_done_again(work: str, small: Path) -> None:
    ledger = open_ledger(small / "ledger")
    migrate(ledger.path)
    add(ledger, "a.txt")
    before = contents(ledger)
    fill = filled(small)
    with pytest.raises(OSError) as fault:
        WORK[work](ledger)
    said = explained(fault.value)
    assert said is not None
    assert "no room left" in said
    assert "run the same again" in said
    assert contents(ledger) == before
    assert not list(validate(open_ledger(ledger.path)))
    fill.unlink()
    WORK[work](open_ledger(ledger.path))
    assert not list(validate(open_ledger(ledger.path)))
    assert contents(ledger) != before or work == "compact"
    assert not list(ledger.path.rglob(".*.tmp"))


def test_a_board_that_cannot_be_kept_is_served_all_the_same(small: Path) -> None:
    ledger = open_ledger(small / "ledger")
    add(ledger, "a.txt")
    filled(small)
    assert len(Site(ledger).board()) == 2


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_page_says_that_a_judgement_was_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt")
    client = client_of(Site(ledger), "Ada")
    monkeypatch.setattr(Log, "append", full)
    claim = sorted(row.claim_id for row in ledger.find())[0]
    answer = client.post("/judgements", data={"kind": "accepted", "id": claim})
    assert answer.status_code == 507
    assert "nothing that is half-written counts" in answer.text


def test_the_command_says_where_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt")
    migrate(ledger.path)
    monkeypatch.setattr("dateline.ledger.segments.os.fsync", full)
    done = CliRunner().invoke(app, ["compact", "--ledger", str(ledger.path)])
    assert done.exit_code == 1
    assert "no room left on this disk" in done.output
    assert "MB free there" in done.output


def test_a_folder_that_may_not_be_written_is_named() -> None:
    said = explained(PermissionError(errno.EACCES, "Permission denied", "/ledger/claims/x.parquet"))
    assert said is not None
    assert said.startswith("/ledger/claims/x.parquet: cannot be read or written, this user may not")
    assert explained(OSError(errno.ENOENT, "No such file", "x")) is None
