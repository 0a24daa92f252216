"""Calendar arithmetic: days, weeks, months and years as first day, last day and TIMEX3 value."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

from dateline.knowledge.times import Season
from dateline.records import Precision


@dataclass(frozen=True)
class Interval:
    """First and last day, both inclusive, how fine, and the TIMEX3 value."""

    first: date
    last: date
    precision: Precision
    value: str


def in_calendar(year: int, month: int, day: int) -> date:
    """The day; raises OverflowError for a year beyond the calendar, which text can name, and ValueError for no such day."""
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"year {year} is outside the calendar")
    return date(year, month, day)


def day_of(day: date) -> Interval:
    return Interval(day, day, Precision.DAY, day.isoformat())


def week_of(day: date) -> Interval:
    """The ISO week, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Interval(monday, monday + timedelta(days=6), Precision.WEEK, f"{year}-W{week:02}")


def weekend_of(day: date) -> Interval:
    """Saturday and Sunday of the day's ISO week."""
    week = week_of(day)
    return Interval(week.last - timedelta(days=1), week.last, Precision.DAY, f"{week.value}-WE")


def month_of(year: int, month: int) -> Interval:
    return Interval(
        in_calendar(year, month, 1), in_calendar(year, month, monthrange(year, month)[1]), Precision.MONTH, f"{year:04}-{month:02}"
    )


def quarter_of(year: int, quarter: int) -> Interval:
    last = month_of(year, quarter * 3).last
    return Interval(in_calendar(year, quarter * 3 - 2, 1), last, Precision.SEASON, f"{year:04}-Q{quarter}")


def half_year_of(year: int, half: int) -> Interval:
    last = month_of(year, half * 6).last
    return Interval(in_calendar(year, half * 6 - 5, 1), last, Precision.SEASON, f"{year:04}-H{half}")


def season_of(year: int, season: Season) -> Interval:
    """Three months; winter is named for the year it begins in."""
    first = in_calendar(year, season.first_month, 1)
    end = shift_months(first, 2)
    return Interval(first, month_of(end.year, end.month).last, Precision.SEASON, f"{year:04}-{season.code}")


def year_of(year: int) -> Interval:
    return Interval(in_calendar(year, 1, 1), in_calendar(year, 12, 31), Precision.YEAR, f"{year:04}")


def decade_of(year: int) -> Interval:
    first = year - year % 10
    return Interval(in_calendar(first, 1, 1), in_calendar(first + 9, 12, 31), Precision.DECADE, f"{first // 10}")


def century_of(number: int) -> Interval:
    """The 20th century: 1900 to 1999, as papers and TIMEX3 count it."""
    first = max((number - 1) * 100, MINYEAR)
    return Interval(in_calendar(first, 1, 1), in_calendar(first // 100 * 100 + 99, 12, 31), Precision.VAGUE, f"{number - 1:02}")


def edge_of(interval: Interval, edge: str) -> Interval:
    """The early, middle or late third of an interval; its value and precision stay. Any other word: the whole."""
    third = max(((interval.last - interval.first).days + 1) // 3, 1)
    word = edge.removeprefix("the ")
    if word.startswith(("early", "beginning", "start")):
        return replace(interval, last=interval.first + timedelta(days=third - 1))
    if word.startswith("mid"):
        return replace(interval, first=interval.first + timedelta(days=third), last=interval.last - timedelta(days=third))
    if word.startswith(("late", "end")) and word != "later":
        return replace(interval, first=interval.last - timedelta(days=third - 1))
    return interval


def shift_months(day: date, months: int) -> date:
    """The same day of the month, that many months on; the month's last day where it is shorter.

    Raises OverflowError beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = in_calendar(year, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(year, month + 1)[1]))


def easter_of(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian computus, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * i) // 451
    month, day = divmod(h + i - 7 * m + 114, 31)
    return in_calendar(year, month, day + 1)


def safe_date(year: int, month: int, day: int) -> date | None:
    """The day, or None if the calendar has none such (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
