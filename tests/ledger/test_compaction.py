"""Compaction changes where rows lie and nothing that can be read of them, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dateline.ledger.compaction import compact
from dateline.ledger.errors import DamagedLedgerError, OutdatedLedgerError
from dateline.ledger.store import FORMAT, Ledger, Summary, describe, migrate, open_ledger
from dateline.ledger.validate import validate
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, report_of
from tests.ledger.test_as_of import HOUR, READINGS, grow

COMPACTED = NOON + timedelta(days=30)


def readings(ledger: Ledger, hours: Sequence[int]) -> list[list[object]]:
    """Everything that can be read as of these hours."""
    return [[_said(reading(ledger, NOON + hour * HOUR)) for reading in READINGS] for hour in hours]


def _said(value: object) -> object:
    """How many shards and volumes there are is all that a compaction may change."""
    return replace(value, shards=0) if isinstance(value, Summary) else value


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    ledger = open_ledger(tmp_path_factory.mktemp("plain") / "l")
    for hour in range(6):
        grow(ledger, hour)
    return ledger


@pytest.fixture(scope="module")
def as_it_was(plain: Ledger) -> list[list[object]]:
    return readings(plain, range(6))


@pytest.mark.parametrize("every", [1, 2, 3])
def test_nothing_that_can_be_read_changes(tmp_path: Path, as_it_was: list[list[object]], every: int) -> None:
    ledger = open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
        if hour % every == every - 1:
            assert ledger.compact(made_at=COMPACTED + hour * HOUR).shards
    for hour, then in enumerate(readings(open_ledger(ledger.path), range(6))):
        for number, (now, before) in enumerate(zip(then, as_it_was[hour], strict=True)):
            assert now == before, f"reading {number} of hour {hour}"


def test_what_lies_beside_the_volumes_is_read_with_them(tmp_path: Path, as_it_was: list[list[object]]) -> None:
    """Codings, failures and links of documents that are sealed already."""
    ledger = open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
        if hour in (0, 2):
            ledger.compact(made_at=COMPACTED + hour * HOUR)
    assert readings(ledger, [1, 3, 5]) == [as_it_was[hour] for hour in (1, 3, 5)]


def test_who_began_to_read_before_goes_on_reading(tmp_path: Path) -> None:
    ledger, reader = open_ledger(tmp_path / "l"), open_ledger(tmp_path / "l")
    grow(ledger, 0)
    before = reader.find()
    batches = reader.document_columns(["document_id"], batch=1)
    assert next(batches).num_rows == 1
    ledger.compact(made_at=datetime.now(UTC))
    ledger.sweep()
    assert list(batches) == []
    assert reader.find() == before


def test_replaced_files_go_after_a_while_and_only_those(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger(tmp_path / "l")
    for hour in range(3):
        grow(ledger, hour)
    ledger.compact(made_at=datetime.now(UTC))
    assert ledger.sweep() == []
    monkeypatch.setattr("dateline.ledger.sweep.GRACE", -1.0)
    removed = {path.parent.name for path in ledger.sweep()}
    assert {"claims", "documents", "links"} <= removed
    assert len(list((ledger.path / "claims").iterdir())) == 1
    assert list(validate(open_ledger(ledger.path))) == []
    grow(ledger, 3)
    assert {row.program for row in open_ledger(ledger.path).find()} == {"dateline 0.2.0"}


def test_what_was_sealed_is_not_coded_again(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    grow(ledger, 1)
    ledger.compact(made_at=COMPACTED)
    again = open_ledger(ledger.path)
    strike, flood = report_of("strike.txt", STRIKE), report_of("flood.txt", FLOOD)
    assert again.is_coded(strike, CODER)
    assert not again.is_coded(flood, CODER), "its coding failed"
    assert again.add([coding_of(strike)], [strike], coder=CODER, known_at=COMPACTED).skipped == ("strike.txt",)
    assert again.compact(made_at=COMPACTED).written == 0


def test_of_two_that_compact_at_once_one_loses_and_nothing_is_doubled(tmp_path: Path) -> None:
    first, second = open_ledger(tmp_path / "l"), open_ledger(tmp_path / "l")
    grow(first, 0)
    state = second.state()
    assert not first.compact(made_at=COMPACTED).is_lost
    assert compact(second.path, state, made_at=COMPACTED).is_lost
    assert len(open_ledger(first.path).find()) == 3


def test_a_damaged_segment_stops_it_before_anything_is_changed(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    (segment,) = (ledger.path / "claims").iterdir()
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-9] + b"x" + whole[-8:])
    with pytest.raises(DamagedLedgerError, match="not what its receipt promises"):
        ledger.compact(made_at=COMPACTED)
    segment.write_bytes(whole)
    assert len(open_ledger(ledger.path).find()) == 3


def test_a_ledger_of_format_1_is_read_and_added_to_and_can_be_migrated(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    (ledger.path / "ledger.json").write_bytes(describe(1))
    grow(ledger, 0)
    old = open_ledger(ledger.path)
    assert (len(old.find()), old.summary().format) == (3, 1)
    with pytest.raises(OutdatedLedgerError, match="dateline migrate"):
        old.compact(made_at=COMPACTED)
    assert (migrate(ledger.path), migrate(ledger.path)) == ((1, FORMAT), (FORMAT, FORMAT))
    assert old.compact(made_at=COMPACTED).shards == 1
    assert len(open_ledger(ledger.path).find()) == 3


def test_a_volume_that_much_was_said_about_since_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.ledger.compaction.VOLUME", 6)
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    ledger.compact(made_at=COMPACTED)
    for hour in (1, 2, 3):
        grow(ledger, hour)
    ledger.compact(made_at=COMPACTED + HOUR)
    assert not ledger.state().catalogue.superseded
    assert not ledger.state().catalogue.links
    assert {row.program for row in ledger.find()} == {"dateline 0.2.0"}
    assert {row.program for row in ledger.find(as_of=NOON + 2 * HOUR)} == {"dateline 0.1.0"}
    assert len(ledger.find_events()) == 1
