"""The log of judgements: what is entered is there, for every writer, after every crash, and whose it was can be forgotten."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dateline.ledger import judgements as log_module
from dateline.ledger.audit import verify
from dateline.ledger.errors import DamagedLedgerError, JudgementError, NotFoundError
from dateline.ledger.judgements import FIRST, Log, canonical, hash_of
from dateline.records import About, Judge, Judgement, JudgementKind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, BEN = Judge("Ada"), Judge("Ben")
ROOT = Path(__file__).resolve().parents[2]


def merged(*ids: str, by: Judge = ADA, at: datetime = NOON, reason: str = "one march") -> Judgement:
    return Judgement("", JudgementKind.MERGED, by, at, tuple((id,) for id in ids), reason)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


# ---------------------------------------------------------------- entering and reading


def test_it_gives_back_what_was_entered_with_its_number_and_place(log: Log) -> None:
    corrected = Judgement(
        "", JudgementKind.CORRECTED, ADA, NOON, (("c1", "c2"),), "misprint", About.EVENT, "day", "2026-02-28",
        before=(("c1", "2026-02-27"),),
    )  # fmt: skip
    run = Judgement("", JudgementKind.LINKED, Judge("linker 1", True), NOON, facts=(("seen", "1"), ("digest", "ab")))
    log.append([corrected, merged("c1", "c3")])
    log.append([run])
    expected = (replace(corrected, id="1.1"), replace(merged("c1", "c3"), id="1.2"), replace(run, id="2.1"))
    assert Log(log.ledger).judgements() == expected


def test_each_entry_holds_the_hash_of_the_one_before(log: Log) -> None:
    entries = [log.append([merged("a", "b")]) for _ in range(3)]
    assert [entry.previous for entry in entries] == [FIRST, entries[0].hash, entries[1].hash]
    assert log.head() == entries[2].hash


def test_an_empty_value_is_kept_apart_from_none(log: Log) -> None:
    emptied = Judgement("", JudgementKind.CORRECTED, ADA, NOON, (("c1",),), field="place", value="")
    log.append([emptied])
    assert Log(log.ledger).judgements()[0].value == ""


def test_it_reads_the_log_as_of_a_moment(log: Log) -> None:
    for day in range(3):
        log.append([merged("a", "b", at=NOON + timedelta(days=day))])
    assert [j.id for j in log.judgements(NOON + timedelta(days=1))] == ["1.1", "2.1"]
    assert log.judgements(NOON - timedelta(seconds=1)) == ()


def test_moments_are_kept_in_utc(log: Log) -> None:
    log.append([merged("a", "b", at=datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3))))])
    assert '"at":"2026-03-01T12:00:00.000000+00:00"' in (log.folder / "0000000001.json").read_text()


@pytest.mark.parametrize(
    ("drafts", "says"),
    [
        ([], "at least one judgement"),
        ([merged("a", "b"), merged("a", "b", by=BEN)], "one judge"),
        ([merged("a", "b", at=datetime(2026, 3, 1))], "time zone"),
    ],
)
def test_it_refuses_what_is_not_of_one_judge_and_moment(log: Log, drafts: list[Judgement], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        log.append(drafts)
    assert log.judgements() == ()


def test_it_refuses_a_judgement_of_nobody(log: Log) -> None:
    with pytest.raises(JudgementError, match="whose"):
        log.append([merged("a", "b", by=Judge("  "))])


# ---------------------------------------------------------------- many writers, crashes, sealing


def test_many_writers_lose_and_double_nothing_while_entries_are_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SEAL_AT", 10)

    def write(worker: int) -> list[str]:
        log = Log(tmp_path)
        return [log.append([merged(f"{worker}-{n}", "x")]).judgements[0].sides[0][0] for n in range(15)]

    with ThreadPoolExecutor(4) as pool:
        entered = [claim for claims in pool.map(write, range(4)) for claim in claims]
    there = [judgement.sides[0][0] for judgement in Log(tmp_path).judgements()]
    assert sorted(there) == sorted(entered)
    assert len(there) == 60
    assert verify(tmp_path).faults == ()


def test_sealing_changes_nothing_that_is_read(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SEAL_AT", 4)
    for number in range(10):
        log.append([merged(f"{number}", "x")])
    assert sorted(path.name for path in log.folder.glob("0*")) == [
        "0000000001-0000000004.jsonl", "0000000005-0000000008.jsonl", "0000000009.json", "0000000010.json",
    ]  # fmt: skip
    assert [j.id for j in Log(log.ledger).judgements()] == [f"{n}.1" for n in range(1, 11)]
    assert log.append([merged("y", "x")]).number == 11


def test_a_number_that_was_sealed_is_not_taken_again(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SEAL_AT", 4)
    for number in range(4):
        log.append([merged(f"{number}", "x")])
    late = canonical({"version": 1, "number": 2})
    assert not log._create(2, late), "the writer looked before the others wrote, and its number looks free"
    assert [j.sides[0][0] for j in Log(log.ledger).judgements()] == ["0", "1", "2", "3"]


def test_what_a_killed_writer_left_under_a_sealed_number_is_no_entry(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SEAL_AT", 4)
    for number in range(4):
        log.append([merged(f"{number}", "x")])
    (log.folder / "0000000002.json").write_bytes(b"{}\n")
    (log.folder / ".0000000005.json.ab.tmp").write_bytes(b"half")
    assert len(Log(log.ledger).judgements()) == 4
    assert verify(log.ledger).faults == ()


def write_until_killed(path: Path) -> None:
    """What the child does: enters judgement after judgement, telling of each when it is entered."""
    log = Log(path)
    for number in range(10_000):
        entry = log.append([merged(f"{number}", "x")])
        print(entry.number, flush=True)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_killed_writer_loses_nothing_that_was_entered(tmp_path: Path) -> None:
    code = f"from pathlib import Path\nfrom tests.ledger.test_judgements import write_until_killed as w\nw(Path({str(tmp_path)!r}))"
    for delay in (0.05, 0.11, 0.23):
        child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        with child.stdout:
            told = [child.stdout.readline()]
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
            told += child.stdout.readlines()
            child.wait()
        last = max(int(line) for line in told if line.endswith("\n"))
        assert len(Log(tmp_path).entries()) in {last, last + 1}, "one may be on disk that was not told of yet"
        assert verify(tmp_path).faults == ()


def test_it_does_not_read_on_over_a_gap(log: Log) -> None:
    for _ in range(3):
        log.append([merged("a", "b")])
    (log.folder / "0000000002.json").unlink()
    with pytest.raises(DamagedLedgerError, match="audit verify"):
        Log(log.ledger).entries()


# ---------------------------------------------------------------- names


def test_a_name_is_not_in_the_chain(log: Log) -> None:
    log.append([merged("a", "b")])
    assert b"Ada" not in (log.folder / "0000000001.json").read_bytes()
    assert Log(log.ledger).judgements()[0].by == ADA


def test_a_forgotten_name_is_gone_and_the_chain_holds(log: Log) -> None:
    log.append([merged("a", "b")])
    log.append([merged("a", "c", by=BEN)])
    log.append([merged("a", "d")])
    head = log.head()
    log.forget("Ada", by=BEN, at=NOON, reason="she asked for it")
    assert b"Ada" not in b"".join(path.read_bytes() for path in log.folder.rglob("*.json"))
    for reader in (log, Log(log.ledger)):
        first, second, third, last = reader.judgements()
        assert first.by == third.by != ADA, "it still shows that both are of one person"
        assert first.by.name.startswith("(name removed)")
        assert (second.by, last.kind) == (BEN, JudgementKind.FORGOTTEN)
    assert verify(log.ledger, head=head).faults == ()


def test_nobody_of_that_name_can_be_forgotten(log: Log) -> None:
    with pytest.raises(NotFoundError, match="Cy"):
        log.forget("Cy", by=ADA, at=NOON, reason="")


def test_the_commitment_of_a_forgotten_name_cannot_be_guessed_from_the_name(tmp_path: Path) -> None:
    one, other = Log(tmp_path / "a"), Log(tmp_path / "b")
    for log in (one, other):
        log.append([merged("a", "b")])
    commitments = {json.loads((log.folder / "0000000001.json").read_text())["by"] for log in (one, other)}
    assert len(commitments) == 2, "there is salt in it"


# ---------------------------------------------------------------- signatures


def test_a_signed_entry_names_its_key_and_is_verified(log: Log, tmp_path: Path) -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    from dateline.ledger.signing import load_signer

    key = tmp_path / "key"
    private = ed25519.Ed25519PrivateKey.generate()
    form = serialization.PrivateFormat.OpenSSH
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    signer = load_signer(key)
    entry = log.append([merged("a", "b")], signer=signer)
    assert entry.key == private.public_key().public_bytes_raw().hex()
    assert verify(log.ledger).faults == ()
    assert verify(log.ledger).keys == {entry.key: 1}

    path = log.folder / "0000000001.json"
    fields = json.loads(path.read_text())
    fields["judgements"][0]["reason"] = "another"
    path.write_bytes(canonical({**fields, "hash": hash_of(fields)}))
    (fault,) = verify(log.ledger).faults
    assert "signature" in fault.what, "the hash was made anew, the signature could not be"


def test_a_file_that_is_no_key_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from dateline.ledger.signing import KeyFileError, load_signer

    (tmp_path / "key").write_text("nothing")
    with pytest.raises(KeyFileError, match="ssh-keygen"):
        load_signer(tmp_path / "key")
