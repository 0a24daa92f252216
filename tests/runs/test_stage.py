"""The stage that every engine runs, and what is made of its answers: without an engine, which tests/runs/test_on_*.py have."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.ledger.store import open_ledger
from dateline.records import Coding, Problem, Report
from dateline.runs.add import add_reports
from dateline.runs.engines import EngineName, engine_of
from dateline.runs.local import Found, code_reports, written
from dateline.runs.rounds import EngineError, MissingEngineError, code_in_rounds
from dateline.runs.stage import Coders, batch_of, codings_of, codings_schema, reports_of, reports_schema
from dateline.serial import to_json
from tests.ledger.examples import CODER, NOON, STRIKE, report_of
from tests.runs import coders

WORDS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MOMENTS = st.none() | st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=45))]))
REPORTS = st.builds(
    Report,
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    raw=st.binary(max_size=20),
    media_type=WORDS,
    address=WORDS,
    fetched=MOMENTS,
    publisher=WORDS,
    published=st.none() | st.dates(),
    title=WORDS,
    byline=WORDS,
)


def mixed() -> list[Found]:
    """Reports of which some fail, in every way, and a file that was not there."""
    words = {1: "raise", 2: "binary", 5: "die", 8: "unwritable"}
    found: list[Found] = [report_of(f"{n}.txt", f"{words.get(n, '')} {STRIKE} ({n})".strip()) for n in range(12)]
    found.insert(4, Problem("reading", "missing", "gone.txt: does not exist", "gone.txt", is_fatal=True))
    found.insert(9, Problem("reading", "unreadable date", "8.txt: gives the date “sometime”", "8.txt"))
    return found


@given(st.lists(REPORTS, max_size=4))
def test_a_batch_holds_all_that_was_said_of_a_report(reports: list[Report]) -> None:
    numbered = list(enumerate(reports, 7))
    batch = batch_of(numbered)
    assert batch.schema == reports_schema()
    assert list(reports_of(batch)) == numbered


def test_a_batch_made_by_others_needs_no_more_than_position_name_and_bytes() -> None:
    batch = pa.table({"position": [3], "name": ["a.txt"], "raw": [b"text"], "their_own": ["column"]})
    assert list(reports_of(batch)) == [(3, Report("a.txt", b"text"))]


def test_it_gives_a_coding_for_every_row_and_the_next_batch_finds_it_warm() -> None:
    reports = [report_of(f"{n}.txt", f"{word} {STRIKE}") for n, word in enumerate(["a", "die", "unwritable", "b", "raise"])]
    with Coders(coders.load) as code:
        first = code(batch_of(list(enumerate(reports))))
        (worker,) = code._pool.workers
        second = code(batch_of([(7, reports[0])]))
        assert code._pool.workers == [worker], "no other process was started for it"
    assert first.schema == codings_schema()
    told = dict(codings_of(first))
    reasons = [told[n].problems[0].reason if told[n].document is None else "coded" for n in range(5)]
    assert reasons == ["coded", "process-died", "unexpected-error", "coded", "unexpected-error"]
    assert [(position, to_json(coding)) for position, coding in codings_of(second)] == [(7, to_json(told[0]))]


# ---------------------------------------------------------------- rounds


def shuffled(batches: Sequence[pa.Table]) -> Iterator[pa.Table]:
    """An engine that cuts the reports into other batches and gives them back in no order."""
    rows = pa.concat_tables(batches).take(pa.array(random.Random(1).sample(range(n := sum(map(len, batches))), n)))
    with Coders(coders.load) as code:
        for start in range(0, len(rows), 3):
            yield code(rows.slice(start, 3))


@pytest.mark.parametrize("size", [6, 100])
def test_an_engine_gives_what_a_local_run_gives_in_whatever_order_it_works(size: int) -> None:
    expected = list(code_reports(mixed(), coders.load, workers=2))
    coded = list(code_in_rounds(mixed(), shuffled, size))
    assert [item for item, _ in coded] == [item for item, _ in expected]
    assert [coding for _, coding in coded] == [written(coding)[0] for _, coding in expected]


def test_no_more_than_a_round_is_read_ahead() -> None:
    taken = 0

    def endless() -> Iterator[Found]:
        nonlocal taken
        while True:
            taken += 1
            yield report_of(f"{taken}.txt", f"report {taken}")

    def engine(batches: Sequence[pa.Table]) -> Iterator[pa.Table]:
        with Coders(coders.load) as code:
            yield from map(code, batches)

    for number, _ in enumerate(islice(code_in_rounds(endless(), engine, 20), 45), 1):
        assert taken <= number + 20


def test_an_engine_that_loses_a_report_or_makes_one_up_is_found_out() -> None:
    reports: list[Found] = [report_of("a.txt", "a"), report_of("b.txt", "b")]

    def some(batches: Sequence[pa.Table], positions: list[int]) -> Iterator[pa.Table]:
        rows = [{"position": n, "report": "a.txt", "coding": to_json(Coding("a.txt", None))} for n in positions]
        yield pa.Table.from_pylist(rows, schema=codings_schema())

    coded: list[str] = []
    with pytest.raises(EngineError, match="left 1 reports"):
        coded.extend(item.name for item, _ in code_in_rounds(reports, lambda b: some(b, [0]), 9) if isinstance(item, Report))
    assert coded == ["a.txt"], "what came before is kept"
    with pytest.raises(EngineError, match="not asked for"):
        list(code_in_rounds(reports, lambda b: some(b, [0, 1, 2]), 9))


def test_an_engine_is_not_called_when_there_is_nothing_to_code() -> None:
    def never(batches: Sequence[pa.Table]) -> Iterator[pa.Table]:
        raise AssertionError

    assert list(code_in_rounds([], never, 9)) == []
    assert len(list(code_in_rounds([item for item in mixed() if isinstance(item, Problem) and item.is_fatal], never, 9))) == 1


@pytest.mark.parametrize(("name", "library"), [("ray", "ray"), ("spark", "pyspark.sql")])
def test_a_missing_engine_says_how_to_install_it(name: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingEngineError, match=rf"pip install 'dateline\[{name}\]'"):
        list(engine_of(EngineName(name))([report_of("a.txt", "a")], coders.load, workers=1, time_limit=1.0))


# ---------------------------------------------------------------- what is no text


def test_what_was_said_of_a_report_and_is_no_text_is_written_out_and_the_report_kept(tmp_path: Path) -> None:
    report = Report("a.txt", STRIKE.encode(), "text/plain", title="lone \ud800", published=date(2020, 8, 18))
    ledger = open_ledger(tmp_path / "ledger")

    def add() -> tuple[int, int]:
        done = add_reports([report], ledger, coders.load, coder=CODER, now=lambda: datetime(2020, 8, 18, tzinfo=UTC))
        return done.documents, len(done.skipped)

    assert add() == (1, 0)
    assert add() == (0, 1)
    assert ledger.receipts()[0].reports[0].title == r"lone \ud800"
    assert ledger.receipts()[0].moment < NOON
