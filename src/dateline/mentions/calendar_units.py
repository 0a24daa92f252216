"""Readings of weeks, months, quarters, years and longer, of repeated times, and of times that no calendar holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dateline.knowledge.times import TimeKnowledge
from dateline.mentions.counts import count_of, shift, timex_duration, unit_of
from dateline.mentions.expressions import Reading
from dateline.mentions.intervals import (
    Interval,
    century_of,
    decade_of,
    edge_of,
    half_year_of,
    in_calendar,
    month_of,
    quarter_of,
    season_of,
    shift_months,
    weekend_of,
    year_of,
)
from dateline.mentions.numerals import read_ordinal
from dateline.mentions.story import ITSELF, PREVIOUS, PUBLISHED, UNDATED, Resolved, Setting, point_of, unresolved
from dateline.mentions.tense import Side
from dateline.records import Precision, TimeKind


def read_calendar_unit(reading: Reading, setting: Setting) -> Resolved | None:
    """ "last week", "earlier this month", "the following year"."""
    unit, relation, edge = reading.field("unit", "unit_again"), reading.field("relation"), reading.field("edge")
    code = setting.knowledge.units[unit].code
    base, anchor = (setting.published, PUBLISHED)
    if relation in {"that", "following", "previous"}:
        base, anchor = setting.base(code)
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED)
    steps = {"last": -1, "previous": -1, "next": 1, "coming": 1, "following": 1, "this coming": 1}.get(relation, 0)
    if code == "WE":
        return point_of(_weekend(base, relation, setting.side), anchor)
    whole = unit_of(shift(base, steps, code), code)
    if edge in {"earlier", "later"} and steps == 0:
        clipped = replace(whole, last=base) if edge == "earlier" else replace(whole, first=base)
        return point_of(clipped, anchor)
    return point_of(edge_of(whole, edge), anchor)


def _weekend(base: date, relation: str, side: Side) -> Interval:
    """ "last weekend" is over; "the weekend" is the latest begun, or the coming one when the verb looks ahead."""
    this = weekend_of(base)
    before, after = weekend_of(base - timedelta(days=7)), weekend_of(base + timedelta(days=7))
    if relation in {"last", "previous", "this past"}:
        return before
    if relation in {"next", "following"}:
        return after
    if relation in {"this", "this coming", "coming"} or side is Side.FUTURE:
        return this
    return this if this.first <= base else before


def read_month(reading: Reading, setting: Setting) -> Resolved | None:
    """A month, with its year or the one that fits."""
    month = setting.knowledge.months[reading.field("month").rstrip(".")]
    if reading.field("year"):
        return point_of(edge_of(month_of(int(reading.field("year")), month), reading.field("edge")), ITSELF)
    base = setting.published
    if base is None:
        return unresolved(TimeKind.POINT, UNDATED, f"XXXX-{month:02}")
    if reading.field("year_relation"):
        year = base.year + {"last": -1, "this": 0, "next": 1}[reading.field("year_relation")]
    else:
        year = _year_of_part(month, base, reading.field("relation"), setting.side)
    return point_of(edge_of(month_of(year, month), reading.field("edge")), PUBLISHED)


def _year_of_part(month: int, base: date, relation: str, side: Side) -> int:
    """The year of a month or season named without one: the latest begun, or the next when the words look ahead."""
    if relation in {"last", "past", "this past", "previous"}:
        return base.year if month < base.month else base.year - 1
    if relation in {"next", "coming", "this coming"}:
        return base.year if month > base.month else base.year + 1
    if relation == "this":
        return base.year
    if side is Side.NEAREST:
        side = Side.FUTURE if (month - base.month) % 12 < (base.month - month) % 12 else Side.PAST
    if side is Side.FUTURE:
        return base.year if month >= base.month else base.year + 1
    if 0 < month - base.month <= (1 if side is Side.PAST else 3):
        return base.year  # a month about to begin: one nine months gone, or eleven, is written with its year
    return base.year if month <= base.month else base.year - 1


def read_season(reading: Reading, setting: Setting) -> Resolved | None:
    """A season, with its year or the one that fits."""
    season = setting.knowledge.seasons[reading.field("season", "season_in", "season_of")]
    edge = reading.field("edge", "edge_again")
    if reading.field("year"):
        return point_of(edge_of(season_of(int(reading.field("year")), season), edge), ITSELF)
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED, f"XXXX-{season.code}")
    year = _year_of_part(season.first_month, setting.published, reading.field("relation"), setting.side)
    return point_of(edge_of(season_of(year, season), edge), PUBLISHED)


def read_quarter(reading: Reading, setting: Setting) -> Resolved | None:
    """A quarter of a year; a fiscal one keeps its value and has no days."""
    quarter = {"first": 1, "second": 2, "third": 3, "fourth": 4}[reading.field("quarter")]
    if reading.field("year", "year_before"):
        return point_of(quarter_of(int(reading.field("year", "year_before")), quarter), ITSELF)
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED, f"XXXX-Q{quarter}")
    relation = reading.field("relation", "quarter_relation")
    if relation:
        year = setting.published.year + {"last": -1, "this": 0, "next": 1}[relation]
    else:
        year = setting.published.year if quarter * 3 - 2 <= setting.published.month else setting.published.year - 1
    if reading.field("ago"):
        year -= 1
    if reading.field("fiscal"):
        return unresolved(TimeKind.POINT, "fiscal quarter: its months are not said", f"{year}-Q{quarter}")
    return point_of(quarter_of(year, quarter), PUBLISHED)


def read_reporting_period(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the latest quarter", "the year-ago period": the quarter the report is about, or the same one of another year.

    That is the quarter last named, else the last one that had ended when the report came out.
    """
    relation = reading.field("relation", "ago")
    quarter, anchor = setting.story.quarter, PREVIOUS
    if quarter is None:
        if relation.isdigit():
            return point_of(year_of(int(relation)), ITSELF)
        if setting.published is None:
            return unresolved(TimeKind.POINT, UNDATED)
        if reading.field("ago"):  # "year-earlier profit" of a report that speaks of no quarter
            return point_of(year_of(setting.published.year - 1), PUBLISHED)
        before, anchor = shift_months(setting.published, -3), PUBLISHED
        quarter = quarter_of(before.year, (before.month + 2) // 3)
    number = (quarter.first.month + 2) // 3
    if relation.isdigit():
        return point_of(quarter_of(int(relation), number), anchor)
    return point_of(quarter_of(quarter.first.year - (relation != "latest"), number), anchor)


def read_year_end(reading: Reading, setting: Setting) -> Resolved | None:
    """The last days of the publication year; of the year before for what is told as past."""
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED)
    year = setting.published.year - (1 if setting.side is Side.PAST and setting.published.month < 7 else 0)
    return point_of(replace(month_of(year, 12), value=f"{year:04}"), PUBLISHED)


def read_half_year(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the second half of last year"."""
    half = 1 if reading.field("half") == "first" else 2
    if reading.field("year"):
        return point_of(half_year_of(int(reading.field("year")), half), ITSELF)
    if setting.published is None:
        return unresolved(TimeKind.POINT, UNDATED)
    year = setting.published.year + {"last": -1, "next": 1}.get(reading.field("relation"), 0)
    return point_of(half_year_of(year, half), PUBLISHED)


def read_year(reading: Reading, setting: Setting) -> Resolved | None:
    """ "2015", "early 2019"."""
    return point_of(edge_of(year_of(int(reading.field("year"))), reading.field("edge")), ITSELF)


def read_year_range(reading: Reading, setting: Setting) -> Resolved | None:
    """ "1992 to 1995", "2014-15"; None when the second lies before the first."""
    first, last = reading.field("year"), reading.field("last_year")
    last = first[: 4 - len(last)] + last
    if int(last) < int(first):
        return None
    return Resolved(
        TimeKind.RANGE, in_calendar(int(first), 1, 1), in_calendar(int(last), 12, 31), Precision.YEAR, f"{first}/{last}", ITSELF
    )


def read_fiscal_year(reading: Reading, setting: Setting) -> Resolved | None:
    """Whose books is not said, so the months are not known."""
    return Resolved(
        TimeKind.POINT, None, None, Precision.VAGUE, reading.field("year"), ITSELF, "fiscal year: its months are not said"
    )


def read_decade(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the 2000s", "the late 1990s", "the nineties"."""
    words = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
    if reading.field("decade"):
        year = int(reading.field("decade"))
    else:
        tens = reading.field("short_decade")
        two = int(tens) if tens else 20 + 10 * words.index(reading.field("decade_word"))
        year = 1900 + two if two > 20 else 2000 + two
    return point_of(edge_of(decade_of(year), reading.field("edge")), ITSELF)


def read_century(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the 20th century"; None beyond the 29th."""
    number = read_ordinal(reading.field("century"), setting.knowledge.numerals)
    return point_of(edge_of(century_of(number), reading.field("edge")), ITSELF) if number and number < 30 else None


def read_set(reading: Reading, setting: Setting) -> Resolved | None:
    """ "every Sunday", "daily", "twice a week"."""
    return Resolved(TimeKind.SET, None, None, Precision.VAGUE, _set_value(reading, setting.knowledge), ITSELF)


def _set_value(reading: Reading, knowledge: TimeKnowledge) -> str | None:
    unit = reading.field("unit", "unit_again")
    if unit:
        return "P1Y" if unit == "annum" else timex_duration(1, knowledge.units[unit].code)
    words = reading.field("words").split()
    last = words[-1] if words else ""
    singular = last.removesuffix("s")
    if last in knowledge.set_adverbs:
        return knowledge.set_adverbs[last]
    weekday = next((knowledge.weekdays[w.removesuffix("s")] for w in words if w.removesuffix("s") in knowledge.weekdays), None)
    if weekday is not None:
        part = knowledge.parts_of_day.get(singular)
        return f"XXXX-WXX-{weekday}" + (f"T{part}" if part else "")
    if last in knowledge.months:
        return f"XXXX-{knowledge.months[last]:02}"
    if last in knowledge.seasons:
        return f"XXXX-{knowledge.seasons[last].code}"
    if last in knowledge.parts_of_day:
        return f"XXXX-XX-XXT{knowledge.parts_of_day[last]}"
    if last in knowledge.units:
        count = 2.0 if words[1:2] in (["other"], ["second"]) else count_of(reading.field("count") or "one", knowledge)[2]
        return timex_duration(count, knowledge.units[last].code)
    return None


def read_reference(reading: Reading, setting: Setting) -> Resolved | None:
    """ "now", "recently", "soon"."""
    return unresolved(TimeKind.POINT, "no calendar day is meant", setting.knowledge.references[reading.field("reference")])
