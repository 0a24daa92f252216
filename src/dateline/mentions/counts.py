"""Readings that count units of the calendar: "two days later", "the last five days", "the 10th straight day"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from dateline.knowledge.times import TimeKnowledge
from dateline.mentions.expressions import Reading
from dateline.mentions.intervals import (
    Interval,
    century_of,
    day_of,
    decade_of,
    in_calendar,
    month_of,
    quarter_of,
    shift_months,
    week_of,
    weekend_of,
    year_of,
)
from dateline.mentions.numerals import read_number, read_ordinal
from dateline.mentions.story import ITSELF, PREVIOUS, PUBLISHED, UNDATED, Resolved, Setting, point_of, unresolved
from dateline.records import Precision, TimeKind, TimeMention

BEGINNING = re.compile(r",?\s+(?:beginning|starting)\s+(?:on\s+|in\s+)?", re.IGNORECASE)


def count_of(words: str, knowledge: TimeKnowledge) -> tuple[int | None, int | None, float | None]:
    """Least, most and exact number of units; "several" has no exact one, an unknown word has none at all."""
    if words in {"a", "an"}:
        return 1, 1, 1
    if words in {"half a", "half an", "half"}:
        return 0, 1, 0.5
    inexact = knowledge.inexact_counts.get(words)
    if inexact is not None:
        exact = float(inexact.low) if inexact.low is not None and inexact.low == inexact.high else None
        return inexact.low, inexact.high, exact
    ends = [read_number(part, knowledge.numerals) for part in re.split(r" (?:to|or) |\s?[-–]\s?(?=\d)", words)]
    if len(ends) > 1 and ends[0] is not None and ends[-1] is not None:
        return int(ends[0]), int(ends[-1]), ends[0]
    number = read_number(words, knowledge.numerals)
    return (None, None, None) if number is None else (int(number), int(number), number)


HALVES = MappingProxyType({"Y": "6M", "H": "30M", "M": "30S", "D": "T12H"})
"""Half a year, hour, minute and day, as TIMEX3 writes what follows the whole ones."""


def timex_duration(count: float | None, code: str) -> str:
    """ "P5D", "PT3H", "P2Y6M", "PXW" for a count that is not said."""
    code, factor = (code.lstrip("0123456789"), int(code[:-1] or 1)) if code[:1].isdigit() else (code, 1)
    sign, code = ("PT", code[1:]) if code.startswith("T") else ("P", code)
    if count is None:
        return f"{sign}X{code}"
    amount = count * factor
    if amount % 1 == 0.5 and code in HALVES:
        return sign + (f"{int(amount)}{code}" if amount > 1 else "") + HALVES[code]
    return f"{sign}{amount:g}{code}" if amount < 1e6 else f"{sign}{int(amount)}{code}"


def shift(day: date, count: int, code: str) -> date:
    """The day that many units on. Raises OverflowError beyond the calendar."""
    months = {"M": 1, "Q": 3, "Y": 12, "10Y": 120, "100Y": 1200}.get(code)
    if months is not None:
        return shift_months(day, count * months)
    return day + timedelta(days=count * {"D": 1, "W": 7, "WE": 7, "2W": 14}.get(code, 0))


def unit_of(day: date, code: str) -> Interval:
    """The day, week, month or year that holds a day, as coarse as the unit."""
    coarse: dict[str, Interval] = {}
    if code in {"W", "2W"}:
        coarse[code] = week_of(day)
    return (
        coarse.get(code)
        or {
            "WE": lambda: weekend_of(day),
            "M": lambda: month_of(day.year, day.month),
            "Q": lambda: quarter_of(day.year, (day.month + 2) // 3),
            "Y": lambda: year_of(day.year),
            "10Y": lambda: decade_of(day.year),
            "100Y": lambda: century_of(day.year // 100 + 1),
        }.get(code, lambda: day_of(day))()
    )


def read_ago(reading: Reading, setting: Setting) -> Resolved | None:
    """ "two weeks ago": counted back from publication, as coarse as its unit."""
    return _same_quarter_a_year_ago(reading, setting) or _count_from(reading, setting, setting.published, PUBLISHED, -1)


def read_later(reading: Reading, setting: Setting) -> Resolved | None:
    """ "two days later", "a week earlier": counted from the story; "two weeks from now" from publication."""
    direction = reading.field("direction")
    if direction == "earlier" and (compared := _same_quarter_a_year_ago(reading, setting)):
        return compared
    code = setting.knowledge.units[reading.field("unit")].code
    base, anchor = (setting.published, PUBLISHED) if direction in {"hence", "from now"} else setting.base(code)
    if anchor == PUBLISHED and direction in {"later", "afterwards"} and setting.story.year is not None:
        _, _, exact = count_of(reading.field("count"), setting.knowledge)  # "in March it shut; two days later" is not now
        return unresolved(TimeKind.POINT, "counted from a time that is not said as finely", timex_duration(exact, code))
    return _count_from(reading, setting, base, anchor, -1 if direction in {"earlier", "previously"} else 1)


def _same_quarter_a_year_ago(reading: Reading, setting: Setting) -> Resolved | None:
    """ "third-quarter profit rose from $3 million a year ago": the quarter, not the year. No quarter was spoken of: None."""
    quarter = setting.story.quarter
    if quarter is None or reading.field("unit") != "year" or reading.field("count") not in {"a", "one"}:
        return None
    return point_of(quarter_of(quarter.first.year - 1, (quarter.first.month + 2) // 3), PREVIOUS)


def _count_from(reading: Reading, setting: Setting, base: date | None, anchor: str, sign: int) -> Resolved | None:
    low, high, exact = count_of(reading.field("count"), setting.knowledge)
    code = setting.knowledge.units[reading.field("unit")].code
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED, timex_duration(exact, code))
    if low is None or high is None:
        return unresolved(TimeKind.POINT, f"how many {reading.field('unit')} is not said", "PAST_REF" if sign < 0 else "FUTURE_REF")
    near, far = unit_of(shift(base, sign * low, code), code), unit_of(shift(base, sign * high, code), code)
    first, last = min(near.first, far.first), max(near.last, far.last)
    if exact is None:
        return Resolved(TimeKind.POINT, first, last, Precision.VAGUE, "PAST_REF" if sign < 0 else "FUTURE_REF", anchor)
    precision = Precision.PART_OF_DAY if code.startswith("T") else near.precision
    return Resolved(TimeKind.POINT, first, last, precision, near.value, anchor)


def read_from_happening(reading: Reading, setting: Setting) -> Resolved | None:
    """ "two days after the vote": how long is known, from when is not."""
    _, _, exact = count_of(reading.field("count"), setting.knowledge)
    value = timex_duration(exact, setting.knowledge.units[reading.field("unit")].code)
    return unresolved(TimeKind.POINT, "counted from a happening, not from a day", value)


def read_window(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the last five days" ends on the publication day and holds it; "the next five days" begins the day after."""
    low, _, exact = count_of(reading.field("count"), setting.knowledge)
    unit = reading.field("unit")
    code = setting.knowledge.units[unit].code
    value = timex_duration(exact, code)
    is_past = reading.field("which") in {"last", "past", "previous", "preceding"}
    today = setting.published
    if today is None:
        return unresolved(TimeKind.RANGE, UNDATED, value)
    if exact is None or low is None:
        problem = f"how many {unit} is not said"
        first, last = (None, today) if is_past else (today, None)
        return Resolved(TimeKind.RANGE, first, last, Precision.VAGUE, value, PUBLISHED, problem, is_past, not is_past)
    if code.startswith("T"):
        hours = int(exact) // 24 if code == "TH" else 0
        other = today - timedelta(days=max(hours, 1 if code == "TH" and exact > 12 else 0)) * (1 if is_past else -1)
    else:
        one = timedelta(days=1)
        other = shift(today, -low, code) + one if is_past else shift(today, low, code)
        today = today if is_past else today + one
    first, last = (other, today) if is_past else (today, other)
    return Resolved(TimeKind.RANGE, first, last, unit_of(today, code).precision, value, PUBLISHED)


def read_duration(reading: Reading, setting: Setting) -> Resolved | None:
    """ "for three hours": how long, and no days."""
    _, _, exact = count_of(reading.field("count"), setting.knowledge)
    if exact is not None and reading.field("words").endswith(" and a half") and exact % 1 == 0:
        exact += 0.5  # "an hour and a half"
    value = timex_duration(exact, setting.knowledge.units[reading.field("unit", "unit_again")].code)
    return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)


def read_run_of_days(reading: Reading, setting: Setting) -> Resolved | None:
    """ "ten straight days": how long, and no days."""
    fields = {"count": reading.field("count", "count_again"), "unit": reading.field("unit", "unit_again")}
    return read_duration(replace(reading, fields=fields), setting)


def read_long(reading: Reading, setting: Setting) -> Resolved | None:
    """ "year-long" is one year, "weeks-long" and "for weeks" are not said how many."""
    unit = reading.field("unit")
    count = None if unit.endswith("s") and unit != "s" else 1.0
    value = timex_duration(count, setting.knowledge.units[unit].code)
    return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)


def read_day_count(reading: Reading, setting: Setting) -> Resolved | None:
    """The 10th straight day is the sentence's day, else the publication day; the first lies nine days before."""
    words = reading.field("ordinal")
    number = (
        read_ordinal(words, setting.knowledge.numerals)
        if words
        else read_number(reading.field("count"), setting.knowledge.numerals)
    )
    if not number:
        return None
    unit = reading.field("unit", "unit_running")
    last, anchor = (setting.here, PREVIOUS) if setting.here else (setting.published, PUBLISHED)
    if last is None:
        return unresolved(TimeKind.DAY_COUNT, UNDATED)
    weekday = setting.knowledge.weekdays.get(unit.removesuffix("s"))
    if weekday is not None:
        last -= timedelta(days=(last.isoweekday() - weekday) % 7)
    code = "W" if weekday is not None else setting.knowledge.units[unit].code
    first = shift(last, -(int(number) - 1), code)
    held = day_of(first) if weekday is not None else unit_of(first, code)
    return Resolved(TimeKind.DAY_COUNT, held.first, last, held.precision, last.isoformat(), anchor)


def read_first_days(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the first four days of the protests", open until date_first_days finds a day count."""
    _, _, exact = count_of(reading.field("count"), setting.knowledge)
    value = timex_duration(exact, setting.knowledge.units[reading.field("unit")].code)
    return unresolved(TimeKind.RANGE, "the first day is not said", value)


def read_first_units(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the first nine months of 2019" counts from the first of January; of an unnamed year it is a span of unknown place."""
    _, high, exact = count_of(reading.field("count"), setting.knowledge)
    code = setting.knowledge.units[reading.field("unit")].code
    value = timex_duration(exact, code)
    relation = reading.field("year_relation")
    if not (reading.field("year") or relation) or high is None or code.startswith("T") or reading.field("which") != "first":
        return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)
    if reading.field("year"):
        year, anchor = int(reading.field("year")), ITSELF
    elif setting.published is None:
        return unresolved(TimeKind.RANGE, UNDATED, value)
    else:
        year, anchor = setting.published.year + {"last": -1, "next": 1}.get(relation, 0), PUBLISHED
    first = in_calendar(year, 1, 1)
    last = shift(first, high, code) - timedelta(days=1)
    return Resolved(TimeKind.RANGE, first, last, unit_of(first, code).precision, value, anchor)


def bounded_by_durations(mentions: Sequence[TimeMention], text: str, knowledge: TimeKnowledge) -> Iterator[TimeMention]:
    """ "for several days beginning on July 9" ends with the last of them; other mentions as they are."""
    before: TimeMention | None = None
    for mention in mentions:
        if (
            before is not None
            and before.kind is TimeKind.DURATION
            and mention.is_open_end
            and mention.first is not None
            and BEGINNING.fullmatch(text, before.span.end, mention.span.start)
        ):
            words, _, unit = " ".join(before.span.of(text).lower().split()).rpartition(" ")
            _, high, _ = count_of(words, knowledge)
            code = knowledge.units[unit].code if unit in knowledge.units else "T"
            if high is not None and not code.startswith("T"):
                last = shift(mention.first, high, code) - timedelta(days=1)
                mention = replace(mention, last=last, is_open_end=False)
        yield mention
        before = mention
