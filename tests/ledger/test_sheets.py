"""Rows on sheets are the rows of their segment, whichever are asked for and however the segment was cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from dateline.ledger.points import Points
from dateline.ledger.sheets import FOLDER, LEFT_OUT, SHEET, Sheets, write_sheets
from dateline.ledger.snapshot import Snapshot
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from dateline.ledger.volumes import SHEETS, Opened, digest_of_catalogue, write_catalogue
from tests.ledger.examples import NOON
from tests.ledger.test_as_of import HOUR, grow

COMPACTED = NOON + timedelta(days=30)


@pytest.mark.parametrize("groups", [[SHEET], [3, 2 * SHEET, 1], [2 * SHEET + 5, 7, SHEET]])
def test_a_row_is_found_by_its_number_however_the_segment_is_cut(tmp_path: Path, groups: list[int]) -> None:
    count = sum(groups)
    rows = pa.table(
        {"id": [f"id {n}" for n in range(count)], "names": [["a", str(n)] for n in range(count)], "linker": ["l"] * count}
    )
    with parquet.ParquetWriter(tmp_path / "rows.parquet", rows.schema) as writer:
        start = 0
        for size in groups:
            writer.write_table(rows.slice(start, size), row_group_size=size)
            start += size
    write_sheets(tmp_path / "rows.parquet", tmp_path / "rows.arrow")
    sheets = Sheets(tmp_path / "rows.arrow")
    wanted = [0, 2, 3, SHEET - 1, count - 1]
    expected = {number: {k: v for k, v in rows.slice(number, 1).to_pylist()[0].items() if k not in LEFT_OUT} for number in wanted}
    assert sheets.rows(wanted) == expected
    assert sheets.rows([count - 1], ("id",)) == {count - 1: {"id": f"id {count - 1}"}}
    assert sheets.rows([]) == {}
    with pytest.raises(IndexError):
        sheets.rows([count])


def without_sheets(ledger: Ledger) -> None:
    """The ledger as a dateline of before there were sheets would have compacted it."""
    catalogue = ledger.state().catalogue
    bare = [replace(v, indexes={k: segment for k, segment in v.indexes.items() if k not in SHEETS}) for v in catalogue.volumes]
    digest = digest_of_catalogue(ledger.path, catalogue.number)
    assert write_catalogue(ledger.path, replace(catalogue, number=catalogue.number + 1, previous=digest, volumes=tuple(bare)))
    for path in (ledger.path / FOLDER).iterdir():
        path.unlink()


def claims_of_volumes(ledger: Ledger) -> set[str]:
    return {volume.segments["claims"].name for volume in ledger.state().catalogue.volumes if "claims" in volume.segments}


def test_a_volume_without_sheets_is_read_and_gets_them_when_it_is_compacted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.ledger.compaction.VOLUME", 2)  # so that no volume is small, and written anew for that
    ledger = open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
    ledger.compact(made_at=COMPACTED)
    told = [ledger.show(row.claim_id) for row in ledger.find()]
    without_sheets(ledger)
    old = open_ledger(ledger.path)
    assert list(validate(old)) == []
    assert [old.show(row.claim_id) for row in old.find()] == told
    segments = claims_of_volumes(old)
    old.compact(made_at=COMPACTED + HOUR)
    assert claims_of_volumes(old) == segments, "no segment is written anew"
    sheets = {
        f"{table} {what in v.indexes}"
        for v in old.state().catalogue.volumes
        for what, table in SHEETS.items()
        if table in v.segments
    }
    assert sheets == {"claims True", "documents True"}
    assert list(validate(old)) == []
    assert [old.show(row.claim_id) for row in old.find()] == told
    assert old.compact(made_at=COMPACTED + 2 * HOUR).written == 0


def test_a_claim_of_a_volume_and_its_document_are_read_from_their_sheets_and_no_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    ledger.compact(made_at=COMPACTED)
    found = [row.claim_id for row in ledger.find()]

    def ask(points: Points, query: str, parameters: dict[str, object] | None = None) -> list[dict[str, object]]:
        raise AssertionError(query)

    monkeypatch.setattr(Points, "_ask", ask)
    assert ledger.event_claims(found[0])[0].claim_id == found[0]
    assert ledger.show(found[0]).claim.id == found[0]


def test_files_that_a_reader_has_open_are_let_go_when_the_volumes_are_others(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    ledger.compact(made_at=COMPACTED)
    catalogue = ledger.state().catalogue
    opened = Opened(ledger.path)
    (volume,) = catalogue.volumes
    sheets = opened.sheets(volume.indexes["claim_sheets"])
    assert opened.sheets(volume.indexes["claim_sheets"]) is sheets
    opened.keep(catalogue)
    assert opened.sheets(volume.indexes["claim_sheets"]) is sheets
    opened.keep(replace(catalogue, volumes=()))
    assert opened.sheets(volume.indexes["claim_sheets"]) is not sheets


def test_a_reader_who_stays_sees_what_is_sealed_meanwhile(tmp_path: Path) -> None:
    ledger, reader = open_ledger(tmp_path / "l"), open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
        ledger.compact(made_at=COMPACTED + hour * HOUR)
        assert [reader.show(row.claim_id).row for row in reader.find()] == reader.find()
    assert isinstance(reader._spare[0], Snapshot)
    named = {volume.indexes[what].name for volume in reader.state().catalogue.volumes for what in SHEETS if what in volume.indexes}
    assert set(reader._spare[0].opened._sheets) == named
