"""Reports into a ledger: shards, going on after a stop, what failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dateline.ledger.store import AddResult, Ledger, open_ledger
from dateline.records import Problem
from dateline.runs.add import add_reports
from dateline.runs.local import Found, LoadCoder
from tests.ledger.examples import CODER, NOON, STRIKE, report_of
from tests.runs import coders


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    coders.stay_in_this_process(monkeypatch)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path / "ledger")


def run(ledger: Ledger, found: list[Found], load: LoadCoder = coders.load, *, shard: int = 64, workers: int = 1) -> AddResult:
    return add_reports(found, ledger, load, coder=CODER, now=noon, shard=shard, workers=workers)


def noon() -> datetime:
    return NOON


def reports(*texts: str) -> list[Found]:
    return [report_of(f"{number}.txt", text) for number, text in enumerate(texts)]


def strikes(number: int) -> list[Found]:
    return reports(*(f"{STRIKE} ({n})" for n in range(number)))


@pytest.mark.parametrize("workers", [1, 2])
def test_it_writes_a_receipt_for_every_full_shard_and_for_the_rest(ledger: Ledger, workers: int) -> None:
    result = run(ledger, strikes(10), shard=4, workers=workers)
    assert (result.documents, result.claims, result.failed) == (10, 30, ())
    assert sorted(len(receipt.reports) for receipt in ledger.receipts()) == [2, 4, 4]


def test_running_again_loads_nothing_and_adds_nothing(ledger: Ledger) -> None:
    run(ledger, strikes(3))
    result = run(ledger, strikes(3), coders.load_never)
    assert result == AddResult(skipped=("0.txt", "1.txt", "2.txt"))


def test_an_interrupted_run_keeps_what_it_had_and_goes_on_from_there(ledger: Ledger) -> None:
    found = strikes(6)
    with pytest.raises(KeyboardInterrupt):
        run(ledger, [*found[:5], report_of("stop.txt", "interrupt"), *found[5:]], shard=4)
    assert len(ledger.documents()) == 5
    result = run(ledger, found)
    assert (result.documents, len(result.skipped)) == (1, 5)


def test_it_tells_of_every_failure_and_codes_the_rest(ledger: Ledger) -> None:
    missing = Problem("reading", "missing", "gone.txt: does not exist", "gone.txt", is_fatal=True)
    result = run(ledger, [missing, *reports("a", "raise", "binary", "b")])
    assert [problem.reason for problem in result.failed] == ["missing", "unexpected-error", "not-text"]
    assert result.documents == 2
    assert ledger.summary().failed == 2, "a file that was never there is not in the ledger"


def test_a_coding_that_cannot_be_written_costs_only_itself(ledger: Ledger) -> None:
    result = run(ledger, reports("a", "unwritable", "b"))
    assert result.documents == 2
    assert [(problem.stage, problem.report) for problem in result.failed] == [("keeping", "1.txt")]


def test_a_full_disk_is_not_blamed_on_a_report(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dateline.ledger.store.write_receipt", full)
    with pytest.raises(OSError, match="No space"):
        run(ledger, reports("a"))
    assert ledger.documents() == []


def test_progress_names_every_report_once(ledger: Ledger) -> None:
    names: list[str] = []
    run(ledger, strikes(2))
    add_reports([*strikes(3), *reports("raise")], ledger, coders.load, coder=CODER, now=noon, on_progress=names.append)
    assert sorted(names) == ["0.txt", "0.txt", "1.txt", "2.txt"]


# ---------------------------------------------------------------- a gate

GATE = replace(CODER, knowledge=f"{CODER.knowledge}+gate-1-any")


def gated(ledger: Ledger, found: list[Found], load: LoadCoder = coders.load_behind_a_gate) -> AddResult:
    return add_reports(found, ledger, load, coder=CODER, now=noon, gate=GATE)


def test_what_a_gate_passes_over_is_kept_said_and_read_by_a_run_without_it(ledger: Ledger) -> None:
    found = [*strikes(2), report_of("cake.txt", "Bake the cake for an hour.")]
    result = gated(ledger, found)
    assert (result.documents, result.claims, result.passed_over) == (3, 6, 1)
    assert len(gated(ledger, found, coders.load_never).skipped) == 3
    again = run(ledger, found)
    assert (again.documents, len(again.skipped), again.passed_over) == (1, 2, 0)
    assert len(run(ledger, found, coders.load_never).skipped) == 3


def test_a_gate_does_not_ask_again_for_what_was_read_without_it(ledger: Ledger) -> None:
    found: list[Found] = [report_of("cake.txt", "Bake the cake for an hour.")]
    run(ledger, found)
    assert len(gated(ledger, found, coders.load_never).skipped) == 1
