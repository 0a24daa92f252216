"""Readings of single days: dates, weekdays, days with names, parts of the day and clock times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from dateline.knowledge.times import NamedDay, TimeKnowledge
from dateline.mentions.expressions import Reading
from dateline.mentions.intervals import day_of, easter_of, in_calendar, safe_date, week_of
from dateline.mentions.numerals import read_ordinal
from dateline.mentions.story import ITSELF, NO_SUCH_DAY, PREVIOUS, PUBLISHED, UNDATED, Resolved, Setting, point_of, unresolved
from dateline.mentions.tense import Side
from dateline.records import Precision, TimeKind

EVENING = "T19:00"


FAR_AHEAD, JUST_GONE = 330, 30


FAR_PAST, NEAR_FUTURE = 270, 62
"""A date without a year lies ahead, whatever the verb, when the last such day is over 270 days gone and the next within 60:
a day that far back is written with its year."""


def day_with_hours(day: date, anchor: str, reading: Reading, knowledge: TimeKnowledge) -> Resolved:
    """One day, finer when the expression names a part of it or a clock time."""
    clock = reading.field("clock", "clock_after", "clock_marked")
    part = reading.field("part_after", "part_before", "part_before_on", "part_before_early", "part")
    if clock:
        return Resolved(TimeKind.POINT, day, day, Precision.MINUTE, day.isoformat() + read_clock(clock), anchor)
    if part:
        return Resolved(
            TimeKind.POINT, day, day, Precision.PART_OF_DAY, f"{day.isoformat()}T{knowledge.parts_of_day[part]}", anchor
        )
    return Resolved(TimeKind.POINT, day, day, Precision.DAY, day.isoformat(), anchor)


def read_clock(words: str) -> str:
    """ "6 pm" as T18:00, "noon" as T12:00, "1530 gmt" as T15:30."""
    if words in {"noon", "midday"}:
        return "T12:00"
    if words == "midnight":
        return "T24:00"
    figures = re.match(r"(\d{1,2})[:.]?(\d\d)?", words)
    if figures is None:
        raise ValueError(f"not a clock time: {words!r}")
    hour, minute = int(figures[1]), int(figures[2] or 0)
    if re.search(r"p\.?m", words) and hour < 12:
        hour += 12
    if re.search(r"a\.?m", words) and hour == 12:
        hour = 0
    return f"T{hour:02}:{minute:02}"


def read_date(reading: Reading, setting: Setting) -> Resolved | None:
    """A day of a month, with its year or the year that fits; None when the words name no day."""
    month = (
        setting.knowledge.months[reading.field("month").rstrip(".")]
        if reading.field("month")
        else int(reading.field("month_number"))
    )
    word = reading.field("day_word")
    day = read_ordinal(word, setting.knowledge.numerals) if word else int(reading.field("day"))
    if day is None:
        return None
    if reading.field("year"):
        exact = safe_date(int(reading.field("year")), month, day)
        return day_with_hours(exact, ITSELF, reading, setting.knowledge) if exact else unresolved(TimeKind.POINT, NO_SUCH_DAY)
    return _date_without_year(month, day, reading, setting)


def _date_without_year(month: int, day: int, reading: Reading, setting: Setting) -> Resolved | None:
    base, anchor = (setting.published, PUBLISHED) if setting.published else (setting.told, PREVIOUS)
    if safe_date(2000, month, day) is None:
        return unresolved(TimeKind.POINT, NO_SUCH_DAY)
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED, f"XXXX-{month:02}-{day:02}")
    side = Side.FUTURE if reading.field("relation") in {"next", "this coming"} else setting.side
    candidates = [d for year in range(base.year - 4, base.year + 5) if (d := safe_date(year, month, day))]
    weekday = setting.knowledge.weekdays.get(reading.field("weekday").rstrip("."))
    fitting = [d for d in candidates if d.isoweekday() == weekday and abs((d - base).days) < 366]
    chosen = _nearest(fitting, base, side) or _nearest(candidates, base, side)
    return day_with_hours(chosen, anchor, reading, setting.knowledge) if chosen else None


def _nearest(days: Sequence[date], base: date, side: Side) -> date | None:
    """The day among candidates that a paper of day `base` means. No candidate: None."""
    past = max((d for d in days if d <= base), default=None)
    future = min((d for d in days if d >= base), default=None)
    if past is None or future is None:
        return past or future
    ahead, behind = (future - base).days, (base - past).days
    if side is Side.NEAREST:
        return future if ahead < behind else past
    if side is Side.FUTURE:  # "they had until Jan. 14", told on the 15th: a day nearly a year ahead is written with its year
        return past if ahead > FAR_AHEAD and behind <= JUST_GONE else future
    return future if behind > FAR_PAST and ahead <= NEAR_FUTURE else past


def read_slashed(reading: Reading, setting: Setting) -> Resolved | None:
    """Day first unless only month first makes a date; where both do and differ it is doubtful."""
    a, b, year = int(reading.field("a")), int(reading.field("b")), int(reading.field("year"))
    day_first, month_first = safe_date(year, b, a), safe_date(year, a, b)
    if day_first and month_first and day_first != month_first:
        return unresolved(TimeKind.POINT, "day or month first: cannot tell")
    chosen = day_first or month_first
    return point_of(day_of(chosen), ITSELF) if chosen else None


def read_day_range(reading: Reading, setting: Setting) -> Resolved | None:
    """ "Aug. 9-12", "3 to 7 March": both days; None when the second lies before the first."""
    fields = dict(reading.fields)
    if year := reading.field("year_of_range"):
        fields["year"] = year
    first = read_date(replace(reading, fields=fields), setting)
    last = read_date(replace(reading, fields={**fields, "day": reading.field("last_day")}), setting)
    if first is None or last is None or (first.first and last.first and first.first > last.first):
        return None
    value = f"{first.value}/{last.value}"
    return Resolved(TimeKind.RANGE, first.first, last.last, Precision.DAY, value, first.anchor, first.problem)


def read_named_day(reading: Reading, setting: Setting) -> Resolved | None:
    """ "Christmas Eve", "May Day 2019"."""
    named = setting.knowledge.named_days[reading.field("named_day")]
    year = int(reading.field("year")) if reading.field("year") else named.year
    if year is not None:
        exact = _in_year(named, year)
        return day_with_hours(exact, ITSELF, reading, setting.knowledge) if exact else None
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED)
    days = [d for y in range(setting.published.year - 1, setting.published.year + 2) if (d := _in_year(named, y))]
    chosen = _nearest(days, setting.published, Side.FUTURE if reading.field("relation") == "next" else setting.side)
    return day_with_hours(chosen, PUBLISHED, reading, setting.knowledge) if chosen else None


def _in_year(named: NamedDay, year: int) -> date | None:
    if named.is_easter:
        return easter_of(year) + timedelta(days=named.offset)
    if named.weekday is not None and named.nth is not None:
        first = in_calendar(year, named.month or 1, 1)
        return first + timedelta(days=(named.weekday - first.isoweekday()) % 7 + 7 * (named.nth - 1))
    return safe_date(year, named.month or 0, named.day or 0)


def read_weekday(reading: Reading, setting: Setting) -> Resolved | None:
    """A weekday on the side of publication that its words or its verb say."""
    weekday = setting.knowledge.weekdays[reading.field("weekday")]
    relation = reading.field("relation")
    base, anchor = (setting.published, PUBLISHED)
    if relation in {"following", "that", "previous"} and setting.told is not None:
        base, anchor = setting.told, PREVIOUS
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED, f"XXXX-WXX-{weekday}")
    back, ahead = (base.isoweekday() - weekday) % 7, (weekday - base.isoweekday()) % 7
    if relation in {"last", "past", "this past", "previous"}:
        offset = -(back or 7)
    elif relation in {"next", "coming", "this coming", "following"}:
        offset = ahead or 7
    elif relation == "this":
        offset = weekday - base.isoweekday()
    else:
        looks_ahead = setting.side is Side.FUTURE or (setting.side is Side.NEAREST and ahead < back)
        offset = ahead if looks_ahead and relation != "that" else -back
    return day_with_hours(base + timedelta(days=offset), anchor, reading, setting.knowledge)


def read_weekday_of_week(reading: Reading, setting: Setting) -> Resolved | None:
    """ "Monday of last week"."""
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED)
    weeks = {"last": -1, "this": 0, "next": 1}[reading.field("week_relation")]
    monday = week_of(setting.published).first + timedelta(weeks=weeks)
    day = monday + timedelta(days=setting.knowledge.weekdays[reading.field("weekday")] - 1)
    return day_with_hours(day, PUBLISHED, reading, setting.knowledge)


def read_day_offset(reading: Reading, setting: Setting) -> Resolved | None:
    """ "today", "yesterday evening", "the day after tomorrow"."""
    word = reading.field("deictic")
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED)
    offset = {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}.get(word, 0)
    if word == "tonight" and not reading.field("part_after", "clock", "clock_after"):
        reading = replace(reading, fields={**reading.fields, "part_after": "night"})
    return day_with_hours(setting.published + timedelta(days=offset), PUBLISHED, reading, setting.knowledge)


def read_part_of_day(reading: Reading, setting: Setting) -> Resolved | None:
    """ "this morning" and "last night" hang on the publication day, "that night" and "the next morning" on the story's."""
    which = reading.field("which").removeprefix("the ")
    base, anchor = (setting.published, PUBLISHED) if which in {"this", "last"} else setting.base()
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED)
    offset = {"last": -1, "previous": -1, "following": 1, "next": 1}.get(which, 0)
    return day_with_hours(base + timedelta(days=offset), anchor, reading, setting.knowledge)


def read_overnight(reading: Reading, setting: Setting) -> Resolved | None:
    """The night that ends on the publication day; "overnight into Monday" ends on it, "overnight on Sunday" begins on it."""
    if setting.published is None:
        return unresolved(TimeKind.RANGE, UNDATED)
    first = setting.published - timedelta(days=0 if setting.side is Side.FUTURE else 1)
    if reading.field("weekday"):
        named = read_weekday(reading, setting)
        if named is None or named.first is None:
            return named
        first = named.first - timedelta(days=1 if reading.field("into") else 0)
    return Resolved(TimeKind.RANGE, first, first + timedelta(days=1), Precision.PART_OF_DAY, f"{first.isoformat()}TNI", PUBLISHED)


def read_clock_time(reading: Reading, setting: Setting) -> Resolved | None:
    """A clock time without a day belongs to the day the sentence, else the story, speaks of."""
    clock = read_clock(reading.field("clock", "clock_marked"))
    day, anchor = (setting.here, PREVIOUS) if setting.here else setting.base()
    if setting.side is Side.FUTURE and setting.here is None and setting.published is not None:
        day, anchor = setting.published, PUBLISHED
    if day is None:
        return unresolved(TimeKind.POINT, UNDATED, "XXXX-XX-XX" + clock)
    if anchor == PUBLISHED and setting.side is not Side.FUTURE and clock >= EVENING:
        day -= timedelta(days=1)  # what a report tells of ten at night was the night before it came out
    return day_with_hours(day, anchor, reading, setting.knowledge)


def read_clock_range(reading: Reading, setting: Setting) -> Resolved | None:
    """ "between 9 am and 3 pm"; past midnight it ends on the next day."""
    opening, closing = reading.field("clock"), reading.field("clock_last")
    if opening[-1:].isdigit() and (half := re.search(r"[ap]\.?m\.?$", closing)):
        opening += half[0]  # "between 10 and 11 am"
    day, anchor = (setting.here, PREVIOUS) if setting.here else setting.base()
    value = "{0}" + read_clock(opening) + "/{0}" + read_clock(closing)
    if day is None:
        return unresolved(TimeKind.RANGE, UNDATED, value.format("XXXX-XX-XX"))
    last = day if read_clock(closing) >= read_clock(opening) else day + timedelta(days=1)
    text = f"{day.isoformat()}{read_clock(opening)}/{last.isoformat()}{read_clock(closing)}"
    return Resolved(TimeKind.RANGE, day, last, Precision.MINUTE, text, anchor)


def read_neighbouring_day(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the day before", "that day", "the following day": counted from the day the story last spoke of."""
    base, anchor = setting.base()
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED)
    words = reading.field("neighbour")
    if re.search(r"before|a day earlier|the day earlier|one day earlier|previous|preceding", words):
        offset = -1
    elif re.search(r"same|that|in the day", words):
        offset = 0
    else:
        offset = 1
    return day_with_hours(base + timedelta(days=offset), anchor, reading, setting.knowledge)


def read_week_of_date(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the week of March 6"."""
    day = read_date(reading, setting)
    return day if day is None or day.first is None else point_of(week_of(day.first), day.anchor)
