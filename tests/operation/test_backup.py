"""A back-up holds a ledger whole, copies what is new alone, and tells when a copy is not what it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.audit import verify as verify_audit
from dateline.ledger.coders import other_coder
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, migrate, open_ledger
from dateline.ledger.validate import validate
from dateline.operation import backup
from dateline.operation.backup import BackedUp, BackupError, back_up, read_snapshot, restore, snapshots, verify
from dateline.records import About, Judge, JudgementKind
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of


def add(ledger: Ledger, name: str) -> None:
    report = report_of(name, STRIKE + f" In {name}.")
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)


def judge(ledger: Ledger) -> None:
    judged = Judged(ledger, Log(ledger.path))
    claim = sorted(row.claim_id for row in ledger.find())[0]
    Log(ledger.path).append(judged.verdicts(JudgementKind.ACCEPTED, [claim], About.CLAIM, Judge("Ana"), NOON, "read"))


def ledger_at(folder: Path) -> Ledger:
    ledger = open_ledger(folder)
    migrate(folder)
    add(ledger, "a.txt")
    judge(ledger)
    (folder / "actors.csv").write_text("name\n", encoding="utf-8")
    (folder / "board").mkdir()
    (folder / "board" / "events.board").write_bytes(b"made again")
    return ledger


def backed_up(ledger: Ledger, folder: Path, hours: int = 0) -> BackedUp:
    return back_up(ledger, folder, made_at=NOON + timedelta(hours=hours), program="dateline")


def files_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and "board" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_ledger_comes_back_as_it_was_at_each_time(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    first, was = backed_up(ledger, kept), files_of(ledger.path)
    add(ledger, "b.txt")
    second = backed_up(ledger, kept, 1)
    assert 0 < second.copied_files < second.files
    ledger.compact(made_at=NOON)
    backed_up(ledger, kept, 2)
    assert backed_up(ledger, kept, 3).copied_files == 0
    restore(kept, tmp_path / "first", name=first.name)
    assert files_of(tmp_path / "first") == was
    restore(kept, tmp_path / "last")
    last = open_ledger(tmp_path / "last", create=False)
    assert last.summary() == ledger.summary()
    for folder in ("first", "last"):
        assert not list(validate(open_ledger(tmp_path / folder)))
        assert not verify_audit(open_ledger(tmp_path / folder, create=False).path).faults
    assert verify(kept)[1] == []


def test_what_others_write_meanwhile_is_in_it_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    add(ledger, "b.txt")
    copy = backup._keep
    work_of_others: list[Callable[[], object]] = [
        lambda: add(ledger, "c.txt"), lambda: judge(ledger), lambda: ledger.compact(made_at=NOON)
    ]  # fmt: skip
    others = iter(work_of_others)

    def while_others_write(source: Path, folder: Path, promised: str | None) -> tuple[str, int, bool]:
        if (work := next(others, None)) is not None:
            work()
        return copy(source, folder, promised)

    monkeypatch.setattr(backup, "_keep", while_others_write)
    backed_up(open_ledger(ledger.path), kept)
    restore(kept, tmp_path / "again")
    again = open_ledger(tmp_path / "again", create=False)
    assert not list(validate(again))
    assert again.summary().documents in {2, 3}


def test_a_back_up_that_is_killed_leaves_earlier_ones_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    backed_up(ledger, kept)
    add(ledger, "b.txt")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backup, "write_file", killed)
        with pytest.raises(KeyboardInterrupt):
            backed_up(ledger, kept, 1)
    assert len(snapshots(kept)) == 1
    assert verify(kept)[1] == []
    assert backed_up(ledger, kept, 2).copied_files == 0


def test_a_copy_that_changed_is_told_and_not_restored(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    backed_up(ledger, kept)
    file = next(f for f in read_snapshot(kept).files if f.path.startswith("claims/"))
    copy = kept / "objects" / file.sha256[:2] / file.sha256
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    done = CliRunner().invoke(app, ["backup", "--verify", str(kept)])
    assert done.exit_code == 4
    assert f"not what was copied, of {file.path}" in done.output
    with pytest.raises(BackupError, match="missing or changed"):
        restore(kept, tmp_path / "again")
    assert not (tmp_path / "again" / "ledger.json").exists()


def test_a_damaged_ledger_is_not_backed_up_as_if_it_were_whole(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    segment = next((ledger.path / "claims").glob("*.parquet"))
    segment.write_bytes(segment.read_bytes()[:-1] + b"x")
    with pytest.raises(BackupError, match="not what its receipt promises"):
        backed_up(ledger, kept)
    assert not (kept / "snapshots").exists()


def test_other_coders_are_backed_up_with_their_answers(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    other = ledger_at(other_coder(ledger.path, "second"))
    (other.path / "answers").mkdir()
    (other.path / "answers" / "ab12.json").write_text("{}", encoding="utf-8")
    other_coder(ledger.path, "begun").mkdir()
    backed_up(ledger, kept)
    restore(kept, tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(ledger.path)
    assert not list(validate(open_ledger(other_coder(tmp_path / "again", "second"))))


def test_what_is_known_of_fetching_is_copied_as_one_moment_has_it(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    with sqlite3.connect(ledger.path / "fetching.sqlite") as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE pages (address TEXT)")
        live.execute("INSERT INTO pages VALUES ('a')")
        live.commit()
        backed_up(ledger, kept)
    live.close()
    restore(kept, tmp_path / "again")
    copy = sqlite3.connect(tmp_path / "again" / "fetching.sqlite")
    assert copy.execute("SELECT address FROM pages").fetchall() == [("a",)]
    copy.close()


def test_where_it_does_not_belong_it_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    with pytest.raises(BackupError, match="lies inside the ledger"):
        backed_up(ledger, ledger.path / "kept")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(BackupError, match="other things are in this folder"):
        backed_up(ledger, tmp_path / "photos")
    backed_up(ledger, tmp_path / "kept")
    with pytest.raises(BackupError, match="something is there already"):
        restore(tmp_path / "kept", ledger.path)
    monkeypatch.setattr("dateline.operation.backup.SPARE", 10**18)
    with pytest.raises(BackupError, match=r"are to be copied and .* are free"):
        backed_up(ledger, tmp_path / "other")


def test_a_list_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    done = backed_up(ledger, kept)
    path = kept / "snapshots" / f"{done.name}.json"
    path.write_text(path.read_text().replace('"actors.csv"', '"../actors.csv"'))
    with pytest.raises(BackupError, match="leads out of the ledger"):
        restore(kept, tmp_path / "again")
    assert not (tmp_path / "actors.csv").exists()


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    ledger, kept = ledger_at(tmp_path / "ledger"), tmp_path / "kept"
    made = CliRunner().invoke(app, ["backup", str(ledger.path), str(kept)])
    assert made.exit_code == 0, made.output
    assert "were new" in made.output
    back = CliRunner().invoke(app, ["restore", str(kept), str(tmp_path / "again")])
    assert back.exit_code == 0, back.output
    assert CliRunner().invoke(app, ["backup", str(kept)]).exit_code == 2
