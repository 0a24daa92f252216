"""Coders made for tests. They stand in a module, since other processes must be able to load them by name."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from dateline.knowledge.gate import PASSED_OVER
from dateline.records import Coding, Problem, Report
from dateline.runs import local
from dateline.runs.local import CodeReport, Found, LoadCoder
from tests.ledger.examples import coding_of, failure_of


def code(report: Report) -> Coding:
    """Does what the report's first word says; anything else it codes."""
    word = report.raw.split(b" ")[0]
    if word == b"raise":
        raise KeyError("a trigger that\nnobody foresaw")
    if word == b"die":
        os._exit(9)
    if word == b"hoard":
        held = [bytes(10_000_000) for _ in range(1000)]
        assert held
    if word == b"sleep":
        time.sleep(60)
    if word == b"unwritable":
        return Coding(report.name, None, problems=(Problem("reading", "r", "lone \udce9", report.name),))
    if word == b"interrupt":
        raise KeyboardInterrupt
    if word == b"binary":
        return failure_of(report)
    return coding_of(report)


def load(own_actors: Path | None = None) -> CodeReport:
    return code


def load_behind_a_gate() -> CodeReport:
    """Passes over whatever does not name a strike."""

    def code_some(report: Report) -> Coding:
        coding = code(report)
        if b"strike" in report.raw or coding.document is None:
            return coding
        return Coding(report.name, coding.document, problems=(Problem("reading", PASSED_OVER, "no words of it", report.name),))

    return code_some


def load_nothing() -> CodeReport:
    raise FileNotFoundError("no language model here")


def load_and_die() -> CodeReport:
    os._exit(9)


def load_never() -> CodeReport:
    raise AssertionError("nothing was to be loaded")


def stay_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker codes where the test runs: to start a process takes longer than most tests. Processes are for test_local.py."""
    processes = local._code_in_processes

    def code_here(reports: Iterator[Found], load: LoadCoder, workers: int, time_limit: float) -> Generator[tuple[Found, Coding]]:
        if workers > 1:
            yield from processes(reports, load, workers, time_limit)
            return
        code_one = load()
        for item in reports:
            yield (
                item,
                Coding(item.report, None, problems=(item,)) if isinstance(item, Problem) else local.code_safely(code_one, item),
            )

    monkeypatch.setattr(local, "_code_in_processes", code_here)
