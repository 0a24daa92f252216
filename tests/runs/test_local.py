"""Many reports, some of them bad, by one process and by several."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from dateline.records import Coding, Problem, Report
from dateline.runs.local import WINDOW, Found, WorkerError, code_here, code_reports, program_left_out
from tests.ledger.examples import STRIKE, coding_of, report_of
from tests.runs import coders

MISSING = Problem("reading", "missing", "gone.txt: does not exist; check the path", "gone.txt", is_fatal=True)


def reports(*texts: str) -> list[Found]:
    return [report_of(f"{number}.txt", text) for number, text in enumerate(texts)]


def reason(coding: Coding) -> str:
    return coding.problems[0].reason if coding.problems and coding.problems[0].is_fatal else "coded"


@pytest.mark.parametrize("workers", [1, 2])
def test_it_codes_every_report_in_the_order_they_came(workers: int) -> None:
    found = reports(*(f"{STRIKE} ({number})" for number in range(30)))
    found.insert(3, MISSING)
    coded = list(code_reports(found, coders.load, workers=workers))
    assert [item for item, _ in coded] == found
    assert [coding for _, coding in coded] == [
        Coding("gone.txt", None, problems=(MISSING,)) if isinstance(item, Problem) else coding_of(item) for item in found
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_remark_on_a_report_stands_in_its_coding(workers: int) -> None:
    remark = Problem("reading", "unreadable date", "0.txt: gives the date “sometime”", "0.txt")
    ((item, coding),) = code_reports([remark, *reports("a")], coders.load, workers=workers)
    assert isinstance(item, Report)
    assert coding.problems[0] == remark
    assert coding.document is not None


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_is_a_problem_of_its_report_alone(workers: int) -> None:
    coded = [coding for _, coding in code_reports(reports("a", "raise", "b"), coders.load, workers=workers)]
    assert [reason(coding) for coding in coded] == ["coded", "unexpected-error", "coded"]
    (problem,) = coded[1].problems
    assert problem.report == "1.txt"
    assert problem.message.startswith("1.txt: ")
    assert "KeyError" in problem.message
    assert "please report this" in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize("workers", [1, 2])
def test_a_report_that_kills_its_process_or_takes_too_long_or_too_much_costs_only_itself(workers: int) -> None:
    found = reports("a", "die", "b", "sleep", "c", "hoard", "d", "raise")
    coded = [coding for _, coding in code_reports(found, coders.load, workers=workers, time_limit=3.0)]
    expected = ["coded", "process-died", "coded", "too-slow", "coded", "too-much-memory", "coded", "unexpected-error"]
    assert [reason(coding) for coding in coded] == expected
    assert multiprocessing.active_children() == []


def test_it_takes_no_more_reports_in_hand_than_its_window() -> None:
    taken = 0

    def endless() -> Iterator[Found]:
        nonlocal taken
        while True:
            taken += 1
            yield report_of(f"{taken}.txt", f"report {taken}")

    coded = code_reports(endless(), coders.load, workers=2)
    for number, _ in enumerate(islice(coded, 40), 1):
        assert taken <= number + 2 * WINDOW
    coded.close()
    assert multiprocessing.active_children() == [], "whoever stops listening stops the processes"


def test_a_remark_on_a_source_stands_alone_wherever_it_comes() -> None:
    first, last = (Problem("reading", "passed over", f"{name}: 3 records hold no report", name) for name in ("a.warc", "b.warc"))
    coded = list(code_reports([first, *reports("a"), last], coders.load))
    assert [item if isinstance(item, Problem) else item.name for item, _ in coded] == [first, "0.txt", last]
    assert [coding.problems for _, coding in coded] == [(first,), (), (last,)]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_loaded_is_raised_and_not_blamed_on_a_report(workers: int) -> None:
    with pytest.raises(FileNotFoundError, match="no language model"):
        list(code_reports(reports("a"), coders.load_nothing, workers=workers))


def test_it_does_not_start_processes_that_die_while_loading_for_ever() -> None:
    with pytest.raises(WorkerError, match="--workers"):
        list(code_reports(reports("a"), coders.load_and_die, workers=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_is_loaded_when_there_is_nothing_to_code(workers: int) -> None:
    assert list(code_reports([], coders.load_never, workers=workers)) == []


def test_a_file_name_that_is_no_text_is_written_out() -> None:
    ((_, coding),) = code_reports([Report("caf\udce9.txt", b"a")], coders.load)
    assert coding.report == r"caf\udce9.txt"


UNGUARDED = """
from dateline.records import Report
from dateline.runs.local import code_reports
from tests.runs import coders

print(*(coding.report for _, coding in code_reports([Report("a", b"a"), Report("b", b"b")], coders.load)))
"""


def test_a_program_that_came_from_standard_input_starts_processes_which_do_not_run_it_again() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-"], input=UNGUARDED, capture_output=True, text=True, cwd=root, check=False)
    assert (done.stdout.split(), done.stderr) == (["a", "b"], "")


def test_the_program_is_left_out_only_while_processes_start() -> None:
    program = sys.modules["__main__"]
    with program_left_out():
        assert not hasattr(sys.modules["__main__"], "__file__")
    assert sys.modules["__main__"] is program


def test_in_this_process_it_gives_the_codings_that_others_give() -> None:
    remark = Problem("reading", "unreadable date", "1.txt: gives the date “sometime”", "1.txt")
    found: list[Found] = reports("a", "b", "raise", "c")
    found[1:1] = [remark, MISSING]
    assert list(code_here(found, coders.load)) == list(code_reports(found, coders.load))
    assert list(code_here([MISSING], coders.load_never)) == [(MISSING, Coding("gone.txt", None, problems=(MISSING,)))]
    assert multiprocessing.active_children() == []
