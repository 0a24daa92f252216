"""A ledger that somebody damaged is named where it is damaged, and one that nobody did is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.derived import LinkRow
from dateline.ledger.segments import Receipt, write_receipt, write_segment
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one report and links, and the same one with everything in a volume."""
    folder = tmp_path_factory.mktemp("kept")
    ledger = open_ledger(folder / "loose")
    report = report_of("strike.txt", STRIKE)
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    claim = ledger.find()[0].claim_id
    ledger.add_rows("links", [LinkRow(claim, claim, claim, 1.0, "linker-1")], by="linker-1", known_at=NOON)
    shutil.copytree(folder / "loose", folder / "sealed")
    sealed = open_ledger(folder / "sealed")
    sealed.compact(made_at=NOON)
    return folder


@pytest.fixture
def ledger(kept: Path, tmp_path: Path) -> Ledger:
    return open_ledger(shutil.copytree(kept / "loose", tmp_path / "l"))


def faults(ledger: Ledger, is_strict: bool = True) -> list[str]:
    return [f"{fault.where}: {fault.what}" for fault in validate(open_ledger(ledger.path), is_strict=is_strict)]


def rewrite(ledger: Ledger, table: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Changes the rows of a table and makes a receipt that promises the changed ones: only the rows themselves can tell."""
    receipt = next(r for r in ledger.receipts() if table in r.segments)
    path = ledger.path / receipt.segments[table].name
    columns = parquet.read_table(path)
    rows = columns.to_pylist()
    change(rows)
    segment = write_segment(ledger.path, table, receipt.shard, pa.Table.from_pylist(rows, schema=columns.schema))
    write_receipt(ledger.path, replace(receipt, segments={**receipt.segments, table: segment}))


@pytest.mark.parametrize("kind", ["loose", "sealed"])
def test_a_sound_ledger_has_no_fault(kept: Path, kind: str) -> None:
    assert faults(open_ledger(kept / kind)) == []


@pytest.mark.parametrize("kind", ["loose", "sealed"])
@pytest.mark.parametrize("table", ["claims", "documents", "quotations", "reports", "index", "receipts"])
def test_a_file_that_was_changed_or_removed_is_named(kept: Path, tmp_path: Path, kind: str, table: str) -> None:
    ledger = open_ledger(shutil.copytree(kept / kind, tmp_path / "l"))
    for damage in (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?"), Path.unlink):
        state = open_ledger(ledger.path).state()
        promised = [s.name for r in state.receipts for s in r.segments.values()] + [s.name for s in state.catalogue.files()]
        files = [name for name in promised if name.startswith(f"{table}/")]
        files += [path.relative_to(ledger.path).as_posix() for path in (ledger.path / table).glob("??/*")]
        for name in files:
            damage(ledger.path / name)
            assert any(fault.startswith(name) for fault in faults(ledger, is_strict=False))


def test_a_receipt_that_cannot_be_read_is_named(ledger: Ledger) -> None:
    next((ledger.path / "receipts").iterdir()).write_text("{}", encoding="utf-8")
    (fault,) = faults(ledger)
    assert "not a receipt" in fault


def set_to(column: str, value: object, row: int = 0) -> Callable[[list[dict[str, Any]]], object]:
    return lambda rows: rows[row].__setitem__(column, value)


def in_record(old: str, new: str, row: int = 0) -> Callable[[list[dict[str, Any]]], object]:
    def change(rows: list[dict[str, Any]]) -> None:
        assert old in rows[row]["record"]
        rows[row]["record"] = rows[row]["record"].replace(old, new)

    return change


BACKWARDS = {"what": "detained", "low": 9.0, "high": 3.0, "exactness": "exact", "unit": "people", "text": "", "is_part": False}
BEHIND = '{"start":0,"end":9999}'


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        ("claims", set_to("trigger", "stroke"), "its trigger is 'stroke', and the text has"),
        ("claims", set_to("evidence_end", 10_000), "its evidence lies outside the text"),
        ("claims", set_to("counts", [BACKWARDS]), "detained: at least 9 and at most 3"),
        ("claims", set_to("same_as", "nobody", 2), "tells the same as nobody"),
        ("claims", set_to("document_id", "elsewhere"), "its document elsewhere is not in the same shard"),
        ("claims", set_to("record", "{}"), "not a Claim"),
        ("claims", in_record('"trigger":{', f'"trigger":{BEHIND},"x":{{'), "outside the text: [0, 9999)"),
        ("claims", set_to("place_country", "FRA"), "its column place_country is 'FRA', and its record gives 'BLR'"),
        ("quotations", set_to("text", "nothing was said"), "its words are 'nothing was said'"),
        ("quotations", in_record('"content":[', f'"content":[{BEHIND},'), "outside the text: [0, 9999)"),
        ("documents", set_to("text", STRIKE[:60]), "outside the text"),
        ("documents", set_to("raw_sha256", "0" * 64), "was not read from the bytes"),
        ("links", set_to("claim_id", "nobody"), "is of a claim that is not in the ledger"),
        ("links", set_to("event_id", "nothing"), "is of an event that is no claim, nothing"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_its_document_is_named(
    ledger: Ledger, table: str, change: Callable[[list[dict[str, Any]]], object], named: str
) -> None:
    rewrite(ledger, table, change)
    found = faults(ledger)
    assert any(named in fault for fault in found), found


def test_the_command_says_what_is_wrong_and_ends_with_status_4(ledger: Ledger) -> None:
    run = CliRunner()
    assert run.invoke(app, ["validate", "--ledger", str(ledger.path)]).exit_code == 0
    rewrite(ledger, "claims", set_to("trigger", "stroke"))
    result = run.invoke(app, ["validate", "--json", "--ledger", str(ledger.path)])
    assert result.exit_code == 4
    assert "stroke" in json.loads(result.stdout)["what"]


def test_what_a_receipt_promises_in_rows_is_counted(ledger: Ledger) -> None:
    receipt: Receipt = next(r for r in ledger.receipts() if "claims" in r.segments)
    promised = replace(receipt.segments["claims"], rows=7)
    write_receipt(ledger.path, replace(receipt, segments={**receipt.segments, "claims": promised}))
    assert any("3 rows, where 7 were promised" in fault for fault in faults(ledger))
