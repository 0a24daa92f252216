"""What peers return is put into the notation of the sets fairly, and a peer that is not there is no failure."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bench import peers

WRITTEN = date(2020, 8, 18)
"""A Tuesday."""

SCORE_TIME = (
    "def score(gold, pred):\n    one = (100.0, 100.0, 100.0)\n    return {m: one for m in ('relaxed', 'strict', 'value')}, []\n"
)
SCORE_NUMBERS = """
import gzip, json
def read(path): return [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
def score(rows, answer, average):
    found = sum(len(answer(row["text"])) for row in rows)
    return {"value PRF": (0, 0, float(found)), "value+change PRF": (0, 0, 0.0)}
"""


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("day", "2017-05-18"),
        ("month", "2017-05"),
        ("year", "2017"),
        ("week", "2017-W20"),
        (None, "2017-05-18"),
        ("time", "2017-05-18"),
    ],
)
def test_a_moment_is_as_fine_as_its_period(period: str | None, value: str) -> None:
    assert peers.as_fine_as(datetime(2017, 5, 18, 4, 30), period) == value


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"timex": "2020-08-17", "type": "date", "value": "2020-08-17"}], ("2020-08-17", "DATE")),
        (
            [{"timex": "XXXX-WXX-1", "type": "date", "value": d} for d in ("2020-08-10", "2020-08-17", "2020-08-24")],
            ("2020-08-17", "DATE"),
        ),
        ([{"timex": "XXXX-12-24", "type": "date", "value": "2020-12-24"}], ("2020-12-24", "DATE")),
        ([{"timex": "2017-05", "type": "daterange", "start": "2017-05-01", "end": "2017-06-01"}], ("2017-05", "DATE")),
        ([{"timex": "XXXX-05", "type": "daterange", "start": "2020-05-01", "end": "2020-06-01"}], ("2020-05", "DATE")),
        (
            [{"timex": "(1998-07-01,1998-10-01,P3M)", "type": "daterange", "start": "1998-07-01", "end": "1998-10-01"}],
            ("1998-Q3", "DATE"),
        ),
        (
            [{"timex": "(2019-01-01,2020-01-01,P12M)", "type": "daterange", "start": "2019-01-01", "end": "2020-01-01"}],
            ("2019", "DATE"),
        ),
        ([{"timex": "2014-SU", "type": "daterange", "value": "not resolved"}], ("2014-SU", "DATE")),
        ([{"timex": "P3W", "type": "duration", "value": "1814400"}], ("P3W", "DURATION")),
        ([{"timex": "XXXX-WXX-7", "type": "set", "value": "not resolved"}], ("XXXX-WXX-7", "SET")),
        ([{"timex": "PRESENT_REF", "type": "datetime", "value": "2020-08-18 00:00:00"}], ("PRESENT_REF", "DATE")),
        ([{"timex": "2020-08-12T22", "type": "datetime", "value": "2020-08-12 22:00:00"}], ("2020-08-12T22:00", "TIME")),
        ([{"timex": "T22", "type": "time", "value": "22:00:00"}], ("2020-08-18T22:00", "TIME")),
        ([{"timex": "TMO", "type": "timerange", "start": "08:00:00", "end": "12:00:00"}], ("2020-08-18TMO", "TIME")),
    ],
)  # fmt: skip
def test_it_reads_what_recognizers_offers(values: list[dict[str, str]], expected: tuple[str, str]) -> None:
    assert peers.as_timex3(values, WRITTEN) == expected


def test_a_paragraph_at_a_time_keeps_the_offsets_of_the_whole() -> None:
    def read(text: str, _: date) -> list[tuple[int, int, str | None, str]]:
        at = text.index("Monday")
        return [(at, at + 6, "2020-08-17", "DATE")]

    text = "On Monday.\n\nAnd on Monday."
    found = peers._by_paragraph(read, text, WRITTEN)
    assert [text[start:end] for start, end, _, _ in found] == ["Monday", "Monday"]
    assert [start for start, *_ in found] == [3, 19]


def test_it_keeps_only_calendar_values_in_the_last_column() -> None:
    seen: list[tuple[Any, Any]] = []

    class Scorer:
        @staticmethod
        def score(gold: Any, predicted: Any) -> tuple[dict[str, tuple[float, float, float]], list[Any]]:
            seen.append((gold, predicted))
            return dict.fromkeys(("relaxed", "strict", "value"), (0.0, 0.0, 0.0)), []

    gold = [{"doc_id": "a", "timexes": [{"value": "2020"}, {"value": "P3D"}]}]
    peers._time_measures(Scorer, gold, {"a": [(0, 1, "PRESENT_REF", "DATE"), (2, 3, "2020-08", "DATE"), (4, 5, None, "DATE")]})
    calendar_gold, calendar = seen[1]
    assert [t["value"] for t in calendar_gold[0]["timexes"]] == ["2020"]
    assert [p[2] for p in calendar["a"]] == ["2020-08"]


def test_it_says_which_peers_are_absent(capsys: pytest.CaptureFixture[str]) -> None:
    def missing() -> object:
        raise ModuleNotFoundError("No module named 'nowhere'")

    assert list(peers._installed({"nowhere": missing, "here": lambda: "reader"})) == [("here", "reader")]
    assert capsys.readouterr().out.startswith("nowhere: absent, cannot be imported (No module named 'nowhere')")


def test_it_compares_all_that_is_there_in_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without peers the two tables still stand, with our rows and the names of those absent."""

    def missing() -> Any:
        raise ImportError("left out here")

    monkeypatch.setattr(peers, "TIME_PEERS", {"some-dates": missing})
    monkeypatch.setattr(peers, "NUMBER_PEERS", {"some-numbers": missing})
    for folder, scorer, row in (
        (
            "time_tbaq",
            ("score_time.py", SCORE_TIME),
            {"doc_id": "a", "dct": "2020-08-18", "text": "On Monday he left.", "timexes": []},
        ),
        ("numbers_newsquant", ("score_numbers.py", SCORE_NUMBERS), {"id": "b", "text": "They sold 12 cars.", "quantities": []}),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / scorer[0]).write_text(scorer[1], "utf-8")
        with gzip.open(tmp_path / folder / "dev.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
    assert peers.main(["--data", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr().out.splitlines()
    figures = json.loads(printed[-1])
    assert (figures["name"], figures["split"], figures["n"]) == ("peers", "dev", 2)
    assert figures["dateline_numbers_value_f1"] == 0.01
    assert [line.partition(":")[0] for line in printed if "absent" in line] == ["some-dates", "some-numbers"]
    assert sum(line.startswith("Dateline ") for line in printed) == 2
