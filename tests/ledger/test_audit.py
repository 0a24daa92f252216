"""Verifying a judged ledger: any change to it is found and named, and nothing is found where nothing was changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.ledger import judgements as log_module
from dateline.ledger.audit import Fault, verify
from dateline.ledger.judgements import Log, canonical, hash_of
from dateline.ledger.store import FORMAT, describe, migrate, open_ledger
from dateline.ledger.volumes import catalogue_numbers, read_catalogue
from dateline.records import Judge, Judgement, JudgementKind
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, report_of
from tests.ledger.test_judgements import ADA, BEN, merged


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with reports, judgements loose and sealed, a name that was forgotten, and every receipt anchored."""
    path = tmp_path_factory.mktemp("whole") / "ledger"
    ledger, log = open_ledger(path), Log(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_module, "SEAL_AT", 4)
        for number, text in enumerate((STRIKE, FLOOD, STRIKE + " Again.")):
            report = report_of(f"{number}.txt", text)
            ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)
            log.append([merged(f"c{number}", "x", by=(ADA, BEN)[number % 2])])
        log.forget("Ben", by=ADA, at=NOON, reason="asked")
        log.append([Judgement("", JudgementKind.LINKED, Judge("linker 1", True), NOON, facts=(("seen", "4"),))])
        log.append([merged("d", "e", at=NOON + timedelta(days=1))])
    return path


@pytest.fixture
def ledger(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "ledger"))


def test_it_finds_nothing_in_a_whole_ledger(whole: Path) -> None:
    verdict = verify(whole)
    assert verdict.faults == ()
    assert (verdict.entries, verdict.judgements, verdict.receipts, verdict.unanchored) == (6, 6, 3, 0)
    assert verdict.head == Log(whole).head()


def test_a_receipt_that_no_entry_has_found_yet_is_counted(ledger: Path) -> None:
    report = report_of("late.txt", STRIKE + " Late.")
    open_ledger(ledger).add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    assert (verify(ledger).unanchored, verify(ledger).faults) == (1, ())
    Log(ledger).append([merged("a", "b")])
    assert verify(ledger).unanchored == 0


def files_that_count(ledger: Path) -> list[Path]:
    """The files of a ledger, in order."""
    return sorted(path for path in ledger.rglob("*") if path.is_file())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_finds_any_byte_that_was_changed_in_any_file(whole: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(files_that_count(whole)))
    written = path.read_bytes()
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(1, 255)) ^ written[at]
    path.write_bytes(written[:at] + bytes([other]) + written[at + 1 :])
    try:
        faults = verify(whole).faults
    finally:
        path.write_bytes(written)
    assert faults
    assert path.relative_to(whole).as_posix() in {fault.where for fault in faults}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_finds_any_file_that_was_removed_or_cut_short(whole: Path, data: st.DataObject) -> None:
    files = [path for path in files_that_count(whole) if path.name != "0000000006.json"]
    path = data.draw(st.sampled_from(files), label="all but the last entry, which only a head can tell of")
    written = path.read_bytes()
    kept = data.draw(st.integers(-1, len(written) - 1))
    if kept < 0:
        path.unlink()
    else:
        path.write_bytes(written[:kept])
    try:
        faults = verify(whole).faults
    finally:
        path.write_bytes(written)
    assert faults


def entry(ledger: Path, number: int) -> Path:
    return ledger / "judgements" / f"{number:010}.json"


def swap(ledger: Path) -> None:
    one, other = entry(ledger, 5), entry(ledger, 6)
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)


def edit_with_its_hash(ledger: Path) -> None:
    fields = json.loads(entry(ledger, 5).read_bytes())
    fields["at"] = "2020-08-19T12:00:00.000000+00:00"
    entry(ledger, 5).write_bytes(canonical({**fields, "hash": hash_of(fields)}))


def forge_without_fields(ledger: Path) -> None:
    made = {"number": 6, "judgements": []}
    entry(ledger, 6).write_bytes(canonical({**made, "hash": hash_of(made)}))


def insert(ledger: Path) -> None:
    fields = json.loads(entry(ledger, 6).read_bytes())
    entry(ledger, 7).write_bytes(entry(ledger, 6).read_bytes())
    made = {**fields, "at": "2020-01-01T00:00:00.000000+00:00"}
    entry(ledger, 6).write_bytes(canonical({**made, "hash": hash_of(made)}))


def cut_inside_the_sealed(ledger: Path) -> None:
    (sealed,) = (ledger / "judgements").glob("*.jsonl")
    sealed.write_bytes(b"".join(sealed.read_bytes().splitlines(keepends=True)[:-1]))
    for number in (5, 6):
        entry(ledger, number).unlink()


def give_somebody_elses_name(ledger: Path) -> None:
    for path in (ledger / "judgements" / "names").iterdir():
        if b"Ada" in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(b"Ada", b"Eva"))


def bring_back_a_name(ledger: Path) -> None:
    for path in (ledger / "judgements" / "names").iterdir():
        if b"removed_by" in path.read_bytes():
            path.write_bytes(canonical({"version": 1, "name": "Ben", "salt": "0"}))


def empty_a_receipt(ledger: Path) -> None:
    path = next((ledger / "receipts").iterdir())
    fields = json.loads(path.read_text())
    path.write_text(json.dumps({**fields, "segments": {}, "reports": []}))


def exchange_a_segment(ledger: Path) -> None:
    """A segment and its receipt, changed so that they fit each other."""
    path = next((ledger / "receipts").iterdir())
    fields = json.loads(path.read_text())
    segment = ledger / fields["segments"]["documents"]["name"]
    segment.write_bytes(b"other rows")
    fields["segments"]["documents"]["sha256"] = hashlib.sha256(b"other rows").hexdigest()
    path.write_text(json.dumps(fields))


@pytest.mark.parametrize(
    ("damage", "number", "says"),
    [
        (swap, 5, "entry 6 lies where entry 5 belongs"),
        (edit_with_its_hash, 6, "does not follow"),
        (insert, 7, "lies where"),
        (forge_without_fields, 6, "not the fields of an entry"),
        (lambda ledger: entry(ledger, 5).unlink(), 5, "entry 5 is missing"),
        (cut_inside_the_sealed, 4, "holds 3 entries in place of 4"),
        (give_somebody_elses_name, 1, "not the name"),
        (bring_back_a_name, 2, "not the name"),
        (empty_a_receipt, 1, "changed since"),
        (exchange_a_segment, 1, "changed since"),
    ],
)
def test_it_says_where_and_what(ledger: Path, damage: Callable[[Path], None], number: int, says: str) -> None:
    damage(ledger)
    faults = verify(ledger).faults
    assert any(says in fault.what for fault in faults), faults
    if damage not in {empty_a_receipt, exchange_a_segment}:
        assert any(fault.entry == number and says in fault.what for fault in faults), faults


def test_entries_cut_off_show_against_a_head_and_not_without(ledger: Path) -> None:
    head = Log(ledger).head()
    entry(ledger, 6).unlink()
    assert verify(ledger).faults == ()
    (fault,) = verify(ledger, head=head).faults
    assert fault == Fault("judgements", fault.what, 5)
    assert "cut off after entry 5" in fault.what


def test_an_earlier_head_is_still_in_a_chain_that_grew(ledger: Path) -> None:
    head = Log(ledger).head()
    Log(ledger).append([merged("a", "b")])
    assert verify(ledger, head=head[:12]).faults == ()


# ---------------------------------------------------------------- ledgers that were compacted or migrated since


@pytest.fixture(scope="module")
def compacted(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole ledger after two compactions, its receipts and old segments gone, judged once more."""
    path = Path(shutil.copytree(whole, tmp_path_factory.mktemp("compacted") / "ledger"))
    for day in (1, 2):
        ledger = open_ledger(path)
        report = report_of(f"more {day}.txt", f"{STRIKE} More {day}.")
        ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON + timedelta(days=day))
        ledger.compact(made_at=NOON + timedelta(days=day))
    open_ledger(path).compact(made_at=NOON + timedelta(days=3))
    open_ledger(path).sweep()
    return path


def test_a_compaction_moves_what_was_anchored_and_is_no_fault(compacted: Path) -> None:
    assert list((compacted / "receipts").glob("*.json")) == [], "the receipts are in the volumes now"
    verdict = verify(compacted)
    assert verdict.faults == ()
    assert (verdict.receipts, verdict.unanchored) == (5, 1)
    assert verdict.files > 5


def test_the_catalogue_is_anchored_by_the_next_entry(compacted: Path, tmp_path: Path) -> None:
    ledger = Path(shutil.copytree(compacted, tmp_path / "ledger"))
    Log(ledger).append([merged("a", "b")])
    assert verify(ledger).unanchored == 0
    assert verify(ledger).faults == ()
    for path in (ledger / "catalogue").iterdir():
        path.unlink()
    assert any("no other follows it" in fault.what for fault in verify(ledger).faults)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_finds_any_byte_that_was_changed_in_what_was_compacted(compacted: Path, data: st.DataObject) -> None:
    promised = {segment.name for segment in read_catalogue(compacted, max(catalogue_numbers(compacted))).files()}
    kept = [compacted / name for name in sorted(promised)]
    kept += sorted(path for path in (compacted / "reports").rglob("*") if path.is_file())
    path = data.draw(st.sampled_from([path for path in kept if path.stat().st_size]))
    written = path.read_bytes()
    at = data.draw(st.integers(0, len(written) - 1))
    path.write_bytes(written[:at] + bytes([data.draw(st.integers(1, 255)) ^ written[at]]) + written[at + 1 :])
    try:
        faults = verify(compacted).faults
    finally:
        path.write_bytes(written)
    assert path.relative_to(compacted).as_posix() in {fault.where for fault in faults}


def test_a_ledger_that_was_migrated_is_no_fault_and_one_taken_back_is(ledger: Path) -> None:
    (ledger / "ledger.json").write_bytes(describe(FORMAT - 1))
    assert [fault.where for fault in verify(ledger).faults] == ["ledger.json"]
    Log(ledger).append([merged("a", "b")])
    assert verify(ledger).faults == ()
    migrate(ledger)
    assert verify(ledger).faults == ()
