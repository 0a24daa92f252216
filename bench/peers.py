"""Dateline beside the libraries that people use for dates and numbers: same texts, same scorers, in one run.

    python -m bench peers --data DIR [--split dev] [--json]

DIR is the folder of all sets: it holds time_tbaq/ and numbers_newsquant/ with the scorers that stand beside the data. The peers
are an extra, `pip install -e ".[peers]"`; one that is not installed is said to be absent. All get the document's day and, but for
us, a paragraph at a time. They answer with days and not with TIMEX3 values, so what they find is put into its notation here: how is
written at each. Speed is sentences (as Dateline counts them) in a second of CPU time, everything loaded and warm.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.numbers import Value, make_reader
from bench.time import Prediction, document_of, load_scorer, read_rows, timexes_of
from dateline.knowledge.quantities import load_quantities
from dateline.knowledge.times import load_times
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.times import find_times
from dateline.texts import PARAGRAPH

CALENDAR = re.compile(r"\d")
"""TIMEX3 values that name a stretch of the calendar; durations, sets and "now" cannot be said by a library that returns days."""

TimeReader = Callable[[str, date], list[Prediction]]
"""From a text and the day it was written to its time expressions."""

NumberReader = Callable[[str], list[tuple[Value, str]]]
"""From a sentence to its numbers in NewsQuant's notation."""


@dataclass(frozen=True)
class Row:
    """One tool on one set: measures in the order of the table's columns, and sentences in a CPU second."""

    tool: str
    measures: tuple[float, ...]
    sentences_per_s: float


def main(argv: list[str]) -> int:
    """Prints both tables, and the JSON object when asked; 0 when all went well, with or without the peers."""
    parser = argparse.ArgumentParser(prog="python -m bench peers", description="Dateline beside other libraries.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds time_tbaq and numbers_newsquant")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    began = time.process_time()
    models = load_models()
    texts, scorer = options.data / "time_tbaq", load_scorer(options.data / "time_tbaq" / "score_time.py")
    documents = read_rows(texts / f"{options.split}.jsonl.gz")
    times = list(compare_times(documents, scorer, models))
    _print_table(f"times, time_tbaq {options.split}", ("relaxed", "strict", "value", "calendar"), times)
    figures = options.data / "numbers_newsquant"
    scorer = load_scorer(figures / "score_numbers.py")
    sentences = scorer.read(figures / f"{options.split}.jsonl.gz")
    numbers = list(compare_numbers(sentences, scorer, models))
    _print_table(f"numbers, numbers_newsquant {options.split}", ("value", "value+change"), numbers)
    if options.json:
        head = {"name": "peers", "split": options.split, "n": len(documents) + len(sentences)}
        head |= {"seconds_cpu": round(time.process_time() - began, 2), "version": models.version}
        print(json.dumps(head | _keys("time", ("relaxed_f1", "strict_f1", "value_f1", "calendar_f1"), times)
                         | _keys("numbers", ("value_f1", "value_change_f1"), numbers)))  # fmt: skip
    return 0


def _print_table(title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    print(f"\n{title}")
    print(f"{'':34}" + "".join(f"{c:>14}" for c in columns) + f"{'sentences/s':>14}{'ours = 1':>10}")
    for row in rows:
        values = "".join(f"{m:14.1f}" for m in row.measures)
        print(f"{row.tool:34}{values}{row.sentences_per_s:14.1f}{row.sentences_per_s / rows[0].sentences_per_s:10.2f}")


def _keys(subject: str, names: Sequence[str], rows: Sequence[Row]) -> dict[str, float]:
    """ "quantulum3_numbers_value_f1" and the like, shares between 0 and 1."""
    found: dict[str, float] = {}
    for row in rows:
        tool = re.sub(r"\W+", "_", row.tool.lower())
        found |= {f"{tool}_{subject}_{n}": round(m / 100, 4) for n, m in zip(names, row.measures, strict=True)}
        found[f"{tool}_{subject}_sentences_per_s"] = round(row.sentences_per_s, 1)
    return found


def _installed(loaders: Mapping[str, Callable[[], Any]]) -> Iterator[tuple[str, Any]]:
    """The peers that can be imported, by name; of any other it says so."""
    for name, load in loaders.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what a peer warns of when it is imported is not ours to mend
                reader = load()
        except ImportError as missing:
            print(f'{name}: absent, cannot be imported ({missing}); pip install -e ".[peers]"')
            continue
        yield name, reader


# ---------------------------------------------------------------- times


def compare_times(documents: Sequence[dict[str, Any]], scorer: Any, models: Models) -> Iterator[Row]:
    """A row for Dateline and for each peer at hand. Nothing of the gold but the day of writing is looked at before scoring."""
    knowledge = load_times()
    ours = [document_of(r["doc_id"], r["text"], r["dct"]) for r in documents]
    for document in ours[:1]:
        find_times(document, analyse(document, models), knowledge)
    began, sentences = time.process_time(), 0
    predicted: dict[str, list[Prediction]] = {}
    for document in ours:
        read = analyse(document, models)
        sentences += len(read)
        predicted[document.id] = [p for m in find_times(document, read, knowledge) for p in timexes_of(m, document.text)]
    seconds = time.process_time() - began
    yield Row("Dateline", _time_measures(scorer, documents, predicted), sentences / seconds)
    for name, reader in _installed(TIME_PEERS):
        reader("They met on Monday.", date(2020, 8, 18))
        began = time.process_time()
        predicted = {r["doc_id"]: _by_paragraph(reader, r["text"], date.fromisoformat(r["dct"][:10])) for r in documents}
        seconds = time.process_time() - began
        yield Row(name, _time_measures(scorer, documents, predicted), sentences / seconds)


def _by_paragraph(reader: TimeReader, text: str, written: date) -> list[Prediction]:
    found = []
    for paragraph in PARAGRAPH.finditer(text):
        at = paragraph.start()
        found += [(start + at, end + at, value, kind) for start, end, value, kind in reader(paragraph[0], written)]
    return found


def _time_measures(scorer: Any, documents: Sequence[dict[str, Any]], predicted: dict[str, list[Prediction]]) -> tuple[float, ...]:
    """Relaxed, strict and value F1, and value F1 among calendar values alone, as percentages."""
    figures, _ = scorer.score(documents, predicted)
    calendar_gold = [r | {"timexes": [t for t in r["timexes"] if CALENDAR.match(t["value"])]} for r in documents]
    calendar = {name: [p for p in found if p[2] and CALENDAR.match(p[2])] for name, found in predicted.items()}
    on_calendar, _ = scorer.score(calendar_gold, calendar)
    return (*(figures[m][2] for m in ("relaxed", "strict", "value")), on_calendar["value"][2])


def load_dateparser(*, with_period: bool) -> TimeReader:
    """search_dates with English alone, the day of writing as base, and the past preferred.

    `with_period` asks the library again how fine each expression is ("May 2017" is a month); without it every answer is a day, as
    the library returns it. The words are taken as returned, and looked for in the text from left to right.
    """
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    def read(text: str, written: date) -> list[Prediction]:
        settings = {"RELATIVE_BASE": datetime(written.year, written.month, written.day), "PREFER_DATES_FROM": "past"}
        parser = DateDataParser(languages=["en"], settings=settings)
        found: list[Prediction] = []
        at = 0
        for words, moment in search_dates(text, languages=["en"], settings=settings) or []:
            start = text.find(words, at)
            if start < 0:
                continue
            at = start + len(words)
            period = parser.get_date_data(words).period if with_period else "day"
            found.append((start, at, as_fine_as(moment, period), "DATE"))
        return found

    return read


def as_fine_as(moment: datetime, period: str | None) -> str:
    """The TIMEX3 value of the day, or of the week, month or year that holds it; any other period is taken as a day."""
    year, week, _ = moment.isocalendar()
    coarse = {"year": f"{moment:%Y}", "month": f"{moment:%Y-%m}", "week": f"{year:04}-W{week:02}"}
    return coarse.get(period or "day", f"{moment:%Y-%m-%d}")


def load_recognizers_times() -> TimeReader:
    """recognize_datetime in English, with the day of writing as reference."""
    from recognizers_date_time import Culture, recognize_datetime

    def read(text: str, written: date) -> list[Prediction]:
        reference = datetime(written.year, written.month, written.day)
        found = recognize_datetime(text, Culture.English, reference=reference)
        return [(r.start, r.end + 1, *as_timex3(r.resolution["values"], written)) for r in found if r.resolution]

    return read


def as_timex3(values: Sequence[Mapping[str, str]], written: date) -> tuple[str, str]:
    """TIMEX3 value and type of what recognizers-text offers for one expression.

    Of several readings ("Monday" is the last one or the next) the latest that is not after the day of writing; none: the first.
    """
    past = [v for v in values if v.get("value", v.get("start", "9999"))[:10] <= written.isoformat()]
    chosen = past[-1] if past else values[0]
    timex, kind = chosen.get("timex", ""), chosen["type"]
    if kind in {"duration", "set"} or timex.endswith("_REF"):
        return timex, {"duration": "DURATION", "set": "SET"}.get(kind, "DATE")
    resolved = chosen.get("value", chosen.get("start", ""))
    is_resolved = re.match(r"\d{4}-\d\d-\d\d", resolved) is not None
    if kind == "date":
        return resolved if is_resolved else timex, "DATE"
    if kind == "daterange":
        return _date_range(timex, chosen), "DATE"
    part = re.search(r"T.*", timex)
    day = resolved[:10] if is_resolved else written.isoformat()
    clock = part[0] if part and re.fullmatch(r"T[A-Z]{2}", part[0]) else f"T{resolved[-8:-3]}" if resolved else ""
    return day + clock, "TIME"


def _date_range(timex: str, chosen: Mapping[str, str]) -> str:
    """The month, quarter, half-year or year a range of days fills; a range that fills none: its first day."""
    if "(" not in timex and "X" not in timex:
        return timex
    start, end = chosen.get("start", ""), chosen.get("end", "")
    if not start or not end:
        return timex
    first, after = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    months = (after.year - first.year) * 12 + after.month - first.month if first.day == after.day == 1 else 0
    if months == 12 and first.month == 1:
        return f"{first:%Y}"
    if months == 3 and first.month % 3 == 1:
        return f"{first:%Y}-Q{(first.month + 2) // 3}"
    if months == 6 and first.month in {1, 7}:
        return f"{first:%Y}-H{1 if first.month == 1 else 2}"
    if months == 1:
        return f"{first:%Y-%m}"
    year, week, weekday = first.isocalendar()
    return f"{year:04}-W{week:02}" if (after - first).days == 7 and weekday == 1 else start[:10]


TIME_PEERS: Mapping[str, Callable[[], TimeReader]] = {
    "dateparser, period asked": lambda: load_dateparser(with_period=True),
    "dateparser, as returned": lambda: load_dateparser(with_period=False),
    "recognizers-text-date-time": load_recognizers_times,
}


# ---------------------------------------------------------------- numbers


def compare_numbers(rows: Sequence[dict[str, Any]], scorer: Any, models: Models) -> Iterator[Row]:
    """A row for Dateline and for each peer at hand; averages of ranges count as the ranges, as the set's authors allow it."""
    for name, reader in (("Dateline", make_reader(models, load_quantities())), *_installed(NUMBER_PEERS)):
        reader("They sold 12 of them.")
        answers, seconds = _timed(reader, [r["text"] for r in rows])
        figures = scorer.score(rows, answers.__getitem__, True)
        yield Row(name, (figures["value PRF"][2], figures["value+change PRF"][2]), len(rows) / seconds)


def _timed(reader: NumberReader, texts: Sequence[str]) -> tuple[dict[str, list[tuple[Value, str]]], float]:
    began = time.process_time()
    answers = {text: reader(text) for text in texts}
    return answers, time.process_time() - began


def load_quantulum() -> NumberReader:
    """Every quantity with "="; its unit classifier, an extra of its own, stays off. An uncertainty ("±", a range) is "~"."""
    from quantulum3 import parser

    def read(text: str) -> list[tuple[Value, str]]:
        return [(q.value, "~" if q.uncertainty else "=") for q in parser.parse(text)]

    return read


def load_recognizers_numbers() -> NumberReader:
    """recognize_number in English; every number with "=", for it says nothing of what stands around it."""
    from recognizers_number import Culture, recognize_number

    def read(text: str) -> list[tuple[Value, str]]:
        found = (r.resolution["value"] for r in recognize_number(text, Culture.English))
        return [(float(value), "=") for value in found if value is not None]

    return read


NUMBER_PEERS: Mapping[str, Callable[[], NumberReader]] = {
    "quantulum3": load_quantulum,
    "recognizers-text-number": load_recognizers_numbers,
}
