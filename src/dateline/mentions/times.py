"""Sentences -> time expressions and the days they stand for.

Three steps: the rules of knowledge/times/expressions.yaml are matched against each sentence and the longest kept; each reading
is resolved against the publication day, the verb's tense and the story so far; then what needs the whole document ("the first
four days of the protests") is resolved against the day counts found. The extents and values follow TIMEX3 (TimeML 1.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from dateline.knowledge.times import NamedDay, TimeKnowledge
from dateline.mentions.expressions import Reading, find_readings, happening_of
from dateline.mentions.intervals import (
    Interval,
    century_of,
    day_of,
    decade_of,
    easter_of,
    edge_of,
    half_year_of,
    month_of,
    quarter_of,
    safe_date,
    season_of,
    shift_months,
    week_of,
    weekend_of,
    year_of,
)
from dateline.mentions.numerals import read_number, read_ordinal
from dateline.mentions.stretches import stretches
from dateline.mentions.tense import Side, side_of
from dateline.records import Document, How, Origin, Precision, Sentence, TimeKind, TimeMention

PUBLISHED, ITSELF, PREVIOUS = "publication date", "itself", "previous time"
NO_SUCH_DAY = "the calendar has no such day"
UNDATED = "no publication date to count from"
DAY_FINE = frozenset({Precision.MINUTE, Precision.PART_OF_DAY, Precision.DAY})

EVENING = "T19:00"
FAR_AHEAD, JUST_GONE = 330, 30
FAR_PAST, NEAR_FUTURE = 270, 62
"""A date without a year lies ahead, whatever the verb, when the last such day is over 270 days gone and the next within 60:
a day that far back is written with its year."""

QUARTER_VALUE = re.compile(r"\d{4}-Q\d$")
COMPARED = frozenset({"ago", "later", "quarter", "reporting period"})
"""Readings that "from" puts beside a figure: "up 5 percent from a year ago" opens no range."""
BEGINNING = re.compile(r",?\s+(?:beginning|starting)\s+(?:on\s+|in\s+)?", re.IGNORECASE)
PAIR = re.compile(r"\s*(to|until|till|through|–|—|-|and)\s+(?:on\s+|the\s+)?|\s?[-–]\s?", re.IGNORECASE)
OPENING = re.compile(
    r"(?:^|\W)((?:starting|beginning|as|up)(?: (?:on|of|to|until))?|since|from|until|till|through|by|effective)"
    r"\s+((?:the|last|a|his|her|its|their)\s+)?(?:(?:on|around|about|at)\s+)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Story:
    """The times a report last spoke of, each as fine as was said: "in March 2015" leaves the day of an earlier sentence standing.

    `quarter` is the last quarter named that was over when the report came out: it is compared with the same one "a year ago".
    """

    day: date | None = None
    month: date | None = None
    year: date | None = None
    quarter: Interval | None = None

    def after(self, mention: TimeMention, published: date | None) -> Story:
        """The story once it has spoken of a time; what is no resolved point changes nothing."""
        if mention.kind is not TimeKind.POINT or mention.last is None:
            return self
        told = mention.last
        if mention.precision in DAY_FINE:
            return replace(self, day=told, month=told, year=told)
        if mention.precision in {Precision.MONTH, Precision.WEEK}:
            return replace(self, month=told, year=told)
        if mention.value and QUARTER_VALUE.match(mention.value):
            is_reported = mention.anchor != PREVIOUS and (published is None or told < published)
            return replace(self, year=told, quarter=quarter_of(told.year, (told.month + 2) // 3) if is_reported else self.quarter)
        return replace(self, year=told) if mention.precision is Precision.YEAR else self


@dataclass(frozen=True)
class Setting:
    """What an expression is resolved against: the publication day, the story so far, `here` the last day in this sentence."""

    published: date | None
    story: Story
    here: date | None
    side: Side
    knowledge: TimeKnowledge

    @property
    def told(self) -> date | None:
        """The day the story last spoke of."""
        return self.story.day

    def base(self, code: str = "D") -> tuple[date | None, str]:
        """Where the story stands, as fine as the unit counted from it needs, else the publication day; with its name."""
        told = {"M": self.story.month, "Q": self.story.month, "Y": self.story.year, "10Y": self.story.year}.get(
            code, self.story.day
        )
        return (told, PREVIOUS) if told is not None else (self.published, PUBLISHED)


@dataclass(frozen=True)
class Resolved:
    """What an expression stands for, before it is tied to its words."""

    kind: TimeKind
    first: date | None
    last: date | None
    precision: Precision
    value: str | None
    anchor: str
    problem: str | None = None
    is_open_start: bool = False
    is_open_end: bool = False


def find_times(document: Document, sentences: Sequence[Sentence], knowledge: TimeKnowledge) -> tuple[TimeMention, ...]:
    """The time expressions of the document in text order, never overlapping; none: an empty tuple.

    A time that cannot be resolved is kept with `first` and `last` None and a `problem`. Datelines are read as well as sentences.
    Works on texts without capitals, and on sentences without a parse (the tense is then guessed from the words to the left).
    Knowledge: times/*.yaml.
    """
    published = document.published.day if document.published else None
    found: list[TimeMention] = []
    anchored: list[tuple[int, Reading]] = []
    story = Story()
    for sentence in stretches(document, sentences):
        kind = document.blocks[sentence.block].kind
        here: date | None = None
        in_sentence: list[TimeMention] = []
        for reading in find_readings(document.text, sentence, knowledge):
            side = side_of(sentence, reading.span, document.text, knowledge.tense, kind)
            mention = resolve(reading, Setting(published, story, here, side, knowledge))
            if mention is None:
                continue
            mention = _open_sides(mention, document.text, sentence, knowledge, is_compared=reading.rule.means in COMPARED)
            if reading.rule.means == "first days of":
                anchored.append((mention.span.start, reading))
            story = story.after(mention, published)
            if mention.kind is TimeKind.POINT and mention.precision in DAY_FINE and mention.last is not None:
                here = mention.last
            in_sentence.append(mention)
        found += _join_pairs(tuple(_bounded_by_durations(in_sentence, document.text, knowledge)), document.text)
    return _date_first_days(found, dict(anchored), document.text, knowledge)


def resolve(reading: Reading, setting: Setting) -> TimeMention | None:
    """The expression as a mention; None when what it says is no date at all ("30 February")."""
    try:
        resolved = READINGS[reading.rule.means](reading, setting)
    except OverflowError:  # "10,000 years ago" lies outside the calendar
        resolved = _unresolved(TimeKind.POINT, "outside the calendar")
    if resolved is None:
        return None
    origin = Origin(How.READ if resolved.anchor == ITSELF else How.INFERRED, reading.rule.id)
    return TimeMention(
        reading.span,
        resolved.kind,
        resolved.first,
        resolved.last,
        resolved.precision,
        origin,
        resolved.anchor,
        resolved.value,
        resolved.is_open_start,
        resolved.is_open_end,
        resolved.problem,
    )


# ---------------------------------------------------------------- days


def _unresolved(kind: TimeKind, problem: str, value: str | None = None) -> Resolved:
    return Resolved(kind, None, None, Precision.VAGUE, value, PUBLISHED, problem)


def _point(interval: Interval, anchor: str) -> Resolved:
    return Resolved(TimeKind.POINT, interval.first, interval.last, interval.precision, interval.value, anchor)


def _day(day: date, anchor: str, reading: Reading, knowledge: TimeKnowledge) -> Resolved:
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


def _read_date(reading: Reading, setting: Setting) -> Resolved | None:
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
        return _day(exact, ITSELF, reading, setting.knowledge) if exact else _unresolved(TimeKind.POINT, NO_SUCH_DAY)
    return _date_without_year(month, day, reading, setting)


def _date_without_year(month: int, day: int, reading: Reading, setting: Setting) -> Resolved | None:
    base, anchor = (setting.published, PUBLISHED) if setting.published else (setting.told, PREVIOUS)
    if safe_date(2000, month, day) is None:
        return _unresolved(TimeKind.POINT, NO_SUCH_DAY)
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED, f"XXXX-{month:02}-{day:02}")
    side = Side.FUTURE if reading.field("relation") in {"next", "this coming"} else setting.side
    candidates = [d for year in range(base.year - 4, base.year + 5) if (d := safe_date(year, month, day))]
    weekday = setting.knowledge.weekdays.get(reading.field("weekday").rstrip("."))
    fitting = [d for d in candidates if d.isoweekday() == weekday and abs((d - base).days) < 366]
    chosen = _nearest(fitting, base, side) or _nearest(candidates, base, side)
    return _day(chosen, anchor, reading, setting.knowledge) if chosen else None


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


def _read_slashed(reading: Reading, setting: Setting) -> Resolved | None:
    """Day first unless only month first makes a date; where both do and differ it is doubtful."""
    a, b, year = int(reading.field("a")), int(reading.field("b")), int(reading.field("year"))
    day_first, month_first = safe_date(year, b, a), safe_date(year, a, b)
    if day_first and month_first and day_first != month_first:
        return _unresolved(TimeKind.POINT, "day or month first: cannot tell")
    chosen = day_first or month_first
    return _point(day_of(chosen), ITSELF) if chosen else None


def _read_day_range(reading: Reading, setting: Setting) -> Resolved | None:
    fields = dict(reading.fields)
    if year := reading.field("year_of_range"):
        fields["year"] = year
    first = _read_date(replace(reading, fields=fields), setting)
    last = _read_date(replace(reading, fields={**fields, "day": reading.field("last_day")}), setting)
    if first is None or last is None or (first.first and last.first and first.first > last.first):
        return None
    value = f"{first.value}/{last.value}"
    return Resolved(TimeKind.RANGE, first.first, last.last, Precision.DAY, value, first.anchor, first.problem)


def _read_named_day(reading: Reading, setting: Setting) -> Resolved | None:
    named = setting.knowledge.named_days[reading.field("named_day")]
    year = int(reading.field("year")) if reading.field("year") else named.year
    if year is not None:
        exact = _in_year(named, year)
        return _day(exact, ITSELF, reading, setting.knowledge) if exact else None
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    days = [d for y in range(setting.published.year - 1, setting.published.year + 2) if (d := _in_year(named, y))]
    chosen = _nearest(days, setting.published, Side.FUTURE if reading.field("relation") == "next" else setting.side)
    return _day(chosen, PUBLISHED, reading, setting.knowledge) if chosen else None


def _in_year(named: NamedDay, year: int) -> date | None:
    if named.is_easter:
        return easter_of(year) + timedelta(days=named.offset)
    if named.weekday is not None and named.nth is not None:
        first = date(year, named.month or 1, 1)
        return first + timedelta(days=(named.weekday - first.isoweekday()) % 7 + 7 * (named.nth - 1))
    return safe_date(year, named.month or 0, named.day or 0)


def _read_weekday(reading: Reading, setting: Setting) -> Resolved | None:
    weekday = setting.knowledge.weekdays[reading.field("weekday")]
    relation = reading.field("relation")
    base, anchor = (setting.published, PUBLISHED)
    if relation in {"following", "that", "previous"} and setting.told is not None:
        base, anchor = setting.told, PREVIOUS
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED, f"XXXX-WXX-{weekday}")
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
    return _day(base + timedelta(days=offset), anchor, reading, setting.knowledge)


def _read_weekday_of_week(reading: Reading, setting: Setting) -> Resolved | None:
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    weeks = {"last": -1, "this": 0, "next": 1}[reading.field("week_relation")]
    monday = week_of(setting.published).first + timedelta(weeks=weeks)
    day = monday + timedelta(days=setting.knowledge.weekdays[reading.field("weekday")] - 1)
    return _day(day, PUBLISHED, reading, setting.knowledge)


def _read_day_offset(reading: Reading, setting: Setting) -> Resolved | None:
    word = reading.field("deictic")
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    offset = {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}.get(word, 0)
    if word == "tonight" and not reading.field("part_after", "clock", "clock_after"):
        reading = replace(reading, fields={**reading.fields, "part_after": "night"})
    return _day(setting.published + timedelta(days=offset), PUBLISHED, reading, setting.knowledge)


def _read_part_of_day(reading: Reading, setting: Setting) -> Resolved | None:
    """ "this morning" and "last night" hang on the publication day, "that night" and "the next morning" on the story's."""
    which = reading.field("which").removeprefix("the ")
    base, anchor = (setting.published, PUBLISHED) if which in {"this", "last"} else setting.base()
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    offset = {"last": -1, "previous": -1, "following": 1, "next": 1}.get(which, 0)
    return _day(base + timedelta(days=offset), anchor, reading, setting.knowledge)


def _read_overnight(reading: Reading, setting: Setting) -> Resolved | None:
    """The night that ends on the publication day; "overnight into Monday" ends on it, "overnight on Sunday" begins on it."""
    if setting.published is None:
        return _unresolved(TimeKind.RANGE, UNDATED)
    first = setting.published - timedelta(days=0 if setting.side is Side.FUTURE else 1)
    if reading.field("weekday"):
        named = _read_weekday(reading, setting)
        if named is None or named.first is None:
            return named
        first = named.first - timedelta(days=1 if reading.field("into") else 0)
    return Resolved(TimeKind.RANGE, first, first + timedelta(days=1), Precision.PART_OF_DAY, f"{first.isoformat()}TNI", PUBLISHED)


def _read_clock_time(reading: Reading, setting: Setting) -> Resolved | None:
    """A clock time without a day belongs to the day the sentence, else the story, speaks of."""
    clock = read_clock(reading.field("clock", "clock_marked"))
    day, anchor = (setting.here, PREVIOUS) if setting.here else setting.base()
    if setting.side is Side.FUTURE and setting.here is None and setting.published is not None:
        day, anchor = setting.published, PUBLISHED
    if day is None:
        return _unresolved(TimeKind.POINT, UNDATED, "XXXX-XX-XX" + clock)
    if anchor == PUBLISHED and setting.side is not Side.FUTURE and clock >= EVENING:
        day -= timedelta(days=1)  # what a report tells of ten at night was the night before it came out
    return _day(day, anchor, reading, setting.knowledge)


def _read_clock_range(reading: Reading, setting: Setting) -> Resolved | None:
    opening, closing = reading.field("clock"), reading.field("clock_last")
    if opening[-1:].isdigit() and (half := re.search(r"[ap]\.?m\.?$", closing)):
        opening += half[0]  # "between 10 and 11 am"
    day, anchor = (setting.here, PREVIOUS) if setting.here else setting.base()
    value = "{0}" + read_clock(opening) + "/{0}" + read_clock(closing)
    if day is None:
        return _unresolved(TimeKind.RANGE, UNDATED, value.format("XXXX-XX-XX"))
    last = day if read_clock(closing) >= read_clock(opening) else day + timedelta(days=1)
    text = f"{day.isoformat()}{read_clock(opening)}/{last.isoformat()}{read_clock(closing)}"
    return Resolved(TimeKind.RANGE, day, last, Precision.MINUTE, text, anchor)


def _read_neighbouring_day(reading: Reading, setting: Setting) -> Resolved | None:
    base, anchor = setting.base()
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    words = reading.field("neighbour")
    if re.search(r"before|a day earlier|the day earlier|one day earlier|previous|preceding", words):
        offset = -1
    elif re.search(r"same|that|in the day", words):
        offset = 0
    else:
        offset = 1
    return _day(base + timedelta(days=offset), anchor, reading, setting.knowledge)


# ---------------------------------------------------------------- counts of units


def _count_of(words: str, knowledge: TimeKnowledge) -> tuple[int | None, int | None, float | None]:
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


def _timex_duration(count: float | None, code: str) -> str:
    """ "P5D", "PT3H", "P2Y6M", "PXW" for a count that is not said."""
    code, factor = (code.lstrip("0123456789"), int(code[:-1] or 1)) if code[:1].isdigit() else (code, 1)
    sign, code = ("PT", code[1:]) if code.startswith("T") else ("P", code)
    if count is None:
        return f"{sign}X{code}"
    amount = count * factor
    if amount % 1 == 0.5 and code in HALVES:
        return sign + (f"{int(amount)}{code}" if amount > 1 else "") + HALVES[code]
    return f"{sign}{amount:g}{code}" if amount < 1e6 else f"{sign}{int(amount)}{code}"


def _shift(day: date, count: int, code: str) -> date:
    """The day that many units on. Raises OverflowError beyond the calendar."""
    months = {"M": 1, "Q": 3, "Y": 12, "10Y": 120, "100Y": 1200}.get(code)
    if months is not None:
        return shift_months(day, count * months)
    return day + timedelta(days=count * {"D": 1, "W": 7, "WE": 7, "2W": 14}.get(code, 0))


def _unit_of(day: date, code: str) -> Interval:
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


def _read_ago(reading: Reading, setting: Setting) -> Resolved | None:
    return _same_quarter_a_year_ago(reading, setting) or _count_from(reading, setting, setting.published, PUBLISHED, -1)


def _read_later(reading: Reading, setting: Setting) -> Resolved | None:
    direction = reading.field("direction")
    if direction == "earlier" and (compared := _same_quarter_a_year_ago(reading, setting)):
        return compared
    code = setting.knowledge.units[reading.field("unit")].code
    base, anchor = (setting.published, PUBLISHED) if direction in {"hence", "from now"} else setting.base(code)
    if anchor == PUBLISHED and direction in {"later", "afterwards"} and setting.story.year is not None:
        _, _, exact = _count_of(reading.field("count"), setting.knowledge)  # "in March it shut; two days later" is not now
        return _unresolved(TimeKind.POINT, "counted from a time that is not said as finely", _timex_duration(exact, code))
    return _count_from(reading, setting, base, anchor, -1 if direction in {"earlier", "previously"} else 1)


def _same_quarter_a_year_ago(reading: Reading, setting: Setting) -> Resolved | None:
    """ "third-quarter profit rose from $3 million a year ago": the quarter, not the year. No quarter was spoken of: None."""
    quarter = setting.story.quarter
    if quarter is None or reading.field("unit") != "year" or reading.field("count") not in {"a", "one"}:
        return None
    return _point(quarter_of(quarter.first.year - 1, (quarter.first.month + 2) // 3), PREVIOUS)


def _count_from(reading: Reading, setting: Setting, base: date | None, anchor: str, sign: int) -> Resolved | None:
    low, high, exact = _count_of(reading.field("count"), setting.knowledge)
    code = setting.knowledge.units[reading.field("unit")].code
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED, _timex_duration(exact, code))
    if low is None or high is None:
        return _unresolved(
            TimeKind.POINT, f"how many {reading.field('unit')} is not said", "PAST_REF" if sign < 0 else "FUTURE_REF"
        )
    near, far = _unit_of(_shift(base, sign * low, code), code), _unit_of(_shift(base, sign * high, code), code)
    first, last = min(near.first, far.first), max(near.last, far.last)
    if exact is None:
        return Resolved(TimeKind.POINT, first, last, Precision.VAGUE, "PAST_REF" if sign < 0 else "FUTURE_REF", anchor)
    precision = Precision.PART_OF_DAY if code.startswith("T") else near.precision
    return Resolved(TimeKind.POINT, first, last, precision, near.value, anchor)


def _read_from_happening(reading: Reading, setting: Setting) -> Resolved | None:
    _, _, exact = _count_of(reading.field("count"), setting.knowledge)
    value = _timex_duration(exact, setting.knowledge.units[reading.field("unit")].code)
    return _unresolved(TimeKind.POINT, "counted from a happening, not from a day", value)


def _read_window(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the last five days" ends on the publication day and holds it; "the next five days" begins the day after."""
    low, _, exact = _count_of(reading.field("count"), setting.knowledge)
    unit = reading.field("unit")
    code = setting.knowledge.units[unit].code
    value = _timex_duration(exact, code)
    is_past = reading.field("which") in {"last", "past", "previous", "preceding"}
    today = setting.published
    if today is None:
        return _unresolved(TimeKind.RANGE, UNDATED, value)
    if exact is None or low is None:
        problem = f"how many {unit} is not said"
        first, last = (None, today) if is_past else (today, None)
        return Resolved(TimeKind.RANGE, first, last, Precision.VAGUE, value, PUBLISHED, problem, is_past, not is_past)
    if code.startswith("T"):
        hours = int(exact) // 24 if code == "TH" else 0
        other = today - timedelta(days=max(hours, 1 if code == "TH" and exact > 12 else 0)) * (1 if is_past else -1)
    else:
        one = timedelta(days=1)
        other = _shift(today, -low, code) + one if is_past else _shift(today, low, code)
        today = today if is_past else today + one
    first, last = (other, today) if is_past else (today, other)
    return Resolved(TimeKind.RANGE, first, last, _unit_of(today, code).precision, value, PUBLISHED)


def _read_duration(reading: Reading, setting: Setting) -> Resolved | None:
    _, _, exact = _count_of(reading.field("count"), setting.knowledge)
    if exact is not None and reading.field("words").endswith(" and a half") and exact % 1 == 0:
        exact += 0.5  # "an hour and a half"
    value = _timex_duration(exact, setting.knowledge.units[reading.field("unit", "unit_again")].code)
    return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)


def _read_run_of_days(reading: Reading, setting: Setting) -> Resolved | None:
    fields = {"count": reading.field("count", "count_again"), "unit": reading.field("unit", "unit_again")}
    return _read_duration(replace(reading, fields=fields), setting)


def _read_long(reading: Reading, setting: Setting) -> Resolved | None:
    """ "year-long" is one year, "weeks-long" and "for weeks" are not said how many."""
    unit = reading.field("unit")
    count = None if unit.endswith("s") and unit != "s" else 1.0
    value = _timex_duration(count, setting.knowledge.units[unit].code)
    return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)


# ---------------------------------------------------------------- counted days of a happening


def _read_day_count(reading: Reading, setting: Setting) -> Resolved | None:
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
        return _unresolved(TimeKind.DAY_COUNT, UNDATED)
    weekday = setting.knowledge.weekdays.get(unit.removesuffix("s"))
    if weekday is not None:
        last -= timedelta(days=(last.isoweekday() - weekday) % 7)
    code = "W" if weekday is not None else setting.knowledge.units[unit].code
    first = _shift(last, -(int(number) - 1), code)
    held = day_of(first) if weekday is not None else _unit_of(first, code)
    return Resolved(TimeKind.DAY_COUNT, held.first, last, held.precision, last.isoformat(), anchor)


def _read_first_days(reading: Reading, setting: Setting) -> Resolved | None:
    _, _, exact = _count_of(reading.field("count"), setting.knowledge)
    value = _timex_duration(exact, setting.knowledge.units[reading.field("unit")].code)
    return _unresolved(TimeKind.RANGE, "the first day is not said", value)


def _date_first_days(
    mentions: Sequence[TimeMention], anchored: Mapping[int, Reading], text: str, knowledge: TimeKnowledge
) -> tuple[TimeMention, ...]:
    """ "the first four days of demonstrations", dated by a day count of the same kind of happening anywhere in the document."""
    counts = [m for m in mentions if m.kind is TimeKind.DAY_COUNT and m.first is not None]
    return tuple(
        _date_from_counts(m, anchored[m.span.start], counts, text, knowledge) if m.span.start in anchored else m for m in mentions
    )


def _date_from_counts(
    mention: TimeMention, reading: Reading, counts: Sequence[TimeMention], text: str, knowledge: TimeKnowledge
) -> TimeMention:
    wanted = happening_of(reading.field("what"), knowledge)
    low, _, exact = _count_of(reading.field("count"), knowledge)
    for count in counts:
        counted = happening_of(text[count.span.end : count.span.end + 60].lower(), knowledge)
        if exact is None or low is None or count.first is None or (wanted and counted and wanted != counted):
            continue
        last = _shift(count.first, low, knowledge.units[reading.field("unit")].code) - timedelta(days=1)
        origin = Origin(How.INFERRED, f"{reading.rule.id}, from “{count.span.of(text)}”")
        return replace(mention, first=count.first, last=last, precision=Precision.DAY, origin=origin, anchor=PREVIOUS, problem=None)
    return mention


# ---------------------------------------------------------------- weeks, months, years


def _read_calendar_unit(reading: Reading, setting: Setting) -> Resolved | None:
    unit, relation, edge = reading.field("unit", "unit_again"), reading.field("relation"), reading.field("edge")
    code = setting.knowledge.units[unit].code
    base, anchor = (setting.published, PUBLISHED)
    if relation in {"that", "following", "previous"}:
        base, anchor = setting.base(code)
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    steps = {"last": -1, "previous": -1, "next": 1, "coming": 1, "following": 1, "this coming": 1}.get(relation, 0)
    if code == "WE":
        return _point(_weekend(base, relation, setting.side), anchor)
    whole = _unit_of(_shift(base, steps, code), code)
    if edge in {"earlier", "later"} and steps == 0:
        clipped = replace(whole, last=base) if edge == "earlier" else replace(whole, first=base)
        return _point(clipped, anchor)
    return _point(edge_of(whole, edge), anchor)


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


def _read_month(reading: Reading, setting: Setting) -> Resolved | None:
    month = setting.knowledge.months[reading.field("month").rstrip(".")]
    if reading.field("year"):
        return _point(edge_of(month_of(int(reading.field("year")), month), reading.field("edge")), ITSELF)
    base = setting.published
    if base is None:
        return _unresolved(TimeKind.POINT, UNDATED, f"XXXX-{month:02}")
    if reading.field("year_relation"):
        year = base.year + {"last": -1, "this": 0, "next": 1}[reading.field("year_relation")]
    else:
        year = _year_of_part(month, base, reading.field("relation"), setting.side)
    return _point(edge_of(month_of(year, month), reading.field("edge")), PUBLISHED)


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


def _read_season(reading: Reading, setting: Setting) -> Resolved | None:
    season = setting.knowledge.seasons[reading.field("season", "season_in", "season_of")]
    edge = reading.field("edge", "edge_again")
    if reading.field("year"):
        return _point(edge_of(season_of(int(reading.field("year")), season), edge), ITSELF)
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED, f"XXXX-{season.code}")
    year = _year_of_part(season.first_month, setting.published, reading.field("relation"), setting.side)
    return _point(edge_of(season_of(year, season), edge), PUBLISHED)


def _read_quarter(reading: Reading, setting: Setting) -> Resolved | None:
    quarter = {"first": 1, "second": 2, "third": 3, "fourth": 4}[reading.field("quarter")]
    if reading.field("year", "year_before"):
        return _point(quarter_of(int(reading.field("year", "year_before")), quarter), ITSELF)
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED, f"XXXX-Q{quarter}")
    relation = reading.field("relation", "quarter_relation")
    if relation:
        year = setting.published.year + {"last": -1, "this": 0, "next": 1}[relation]
    else:
        year = setting.published.year if quarter * 3 - 2 <= setting.published.month else setting.published.year - 1
    if reading.field("ago"):
        year -= 1
    if reading.field("fiscal"):
        return _unresolved(TimeKind.POINT, "fiscal quarter: its months are not said", f"{year}-Q{quarter}")
    return _point(quarter_of(year, quarter), PUBLISHED)


def _read_reporting_period(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the latest quarter", "the year-ago period": the quarter the report is about, or the same one of another year.

    That is the quarter last named, else the last one that had ended when the report came out.
    """
    relation = reading.field("relation", "ago")
    quarter, anchor = setting.story.quarter, PREVIOUS
    if quarter is None:
        if relation.isdigit():
            return _point(year_of(int(relation)), ITSELF)
        if setting.published is None:
            return _unresolved(TimeKind.POINT, UNDATED)
        if reading.field("ago"):  # "year-earlier profit" of a report that speaks of no quarter
            return _point(year_of(setting.published.year - 1), PUBLISHED)
        before, anchor = shift_months(setting.published, -3), PUBLISHED
        quarter = quarter_of(before.year, (before.month + 2) // 3)
    number = (quarter.first.month + 2) // 3
    if relation.isdigit():
        return _point(quarter_of(int(relation), number), anchor)
    return _point(quarter_of(quarter.first.year - (relation != "latest"), number), anchor)


def _read_week_of_date(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the week of March 6"."""
    day = _read_date(reading, setting)
    return day if day is None or day.first is None else _point(week_of(day.first), day.anchor)


def _read_year_end(reading: Reading, setting: Setting) -> Resolved | None:
    """The last days of the publication year; of the year before for what is told as past."""
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    year = setting.published.year - (1 if setting.side is Side.PAST and setting.published.month < 7 else 0)
    return _point(replace(month_of(year, 12), value=f"{year:04}"), PUBLISHED)


def _read_first_units(reading: Reading, setting: Setting) -> Resolved | None:
    """ "the first nine months of 2019" counts from the first of January; of an unnamed year it is a span of unknown place."""
    _, high, exact = _count_of(reading.field("count"), setting.knowledge)
    code = setting.knowledge.units[reading.field("unit")].code
    value = _timex_duration(exact, code)
    relation = reading.field("year_relation")
    if not (reading.field("year") or relation) or high is None or code.startswith("T") or reading.field("which") != "first":
        return Resolved(TimeKind.DURATION, None, None, Precision.VAGUE, value, ITSELF)
    if reading.field("year"):
        year, anchor = int(reading.field("year")), ITSELF
    elif setting.published is None:
        return _unresolved(TimeKind.RANGE, UNDATED, value)
    else:
        year, anchor = setting.published.year + {"last": -1, "next": 1}.get(relation, 0), PUBLISHED
    first = date(year, 1, 1)
    last = _shift(first, high, code) - timedelta(days=1)
    return Resolved(TimeKind.RANGE, first, last, _unit_of(first, code).precision, value, anchor)


def _read_half_year(reading: Reading, setting: Setting) -> Resolved | None:
    half = 1 if reading.field("half") == "first" else 2
    if reading.field("year"):
        return _point(half_year_of(int(reading.field("year")), half), ITSELF)
    if setting.published is None:
        return _unresolved(TimeKind.POINT, UNDATED)
    year = setting.published.year + {"last": -1, "next": 1}.get(reading.field("relation"), 0)
    return _point(half_year_of(year, half), PUBLISHED)


def _read_year(reading: Reading, setting: Setting) -> Resolved | None:
    return _point(edge_of(year_of(int(reading.field("year"))), reading.field("edge")), ITSELF)


def _read_year_range(reading: Reading, setting: Setting) -> Resolved | None:
    first, last = reading.field("year"), reading.field("last_year")
    last = first[: 4 - len(last)] + last
    if int(last) < int(first):
        return None
    return Resolved(TimeKind.RANGE, date(int(first), 1, 1), date(int(last), 12, 31), Precision.YEAR, f"{first}/{last}", ITSELF)


def _read_fiscal_year(reading: Reading, setting: Setting) -> Resolved | None:
    """Whose books is not said, so the months are not known."""
    return Resolved(
        TimeKind.POINT, None, None, Precision.VAGUE, reading.field("year"), ITSELF, "fiscal year: its months are not said"
    )


def _read_decade(reading: Reading, setting: Setting) -> Resolved | None:
    words = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
    if reading.field("decade"):
        year = int(reading.field("decade"))
    else:
        tens = reading.field("short_decade")
        two = int(tens) if tens else 20 + 10 * words.index(reading.field("decade_word"))
        year = 1900 + two if two > 20 else 2000 + two
    return _point(edge_of(decade_of(year), reading.field("edge")), ITSELF)


def _read_century(reading: Reading, setting: Setting) -> Resolved | None:
    number = read_ordinal(reading.field("century"), setting.knowledge.numerals)
    return _point(edge_of(century_of(number), reading.field("edge")), ITSELF) if number and number < 30 else None


# ---------------------------------------------------------------- sets and references


def _read_set(reading: Reading, setting: Setting) -> Resolved | None:
    return Resolved(TimeKind.SET, None, None, Precision.VAGUE, _set_value(reading, setting.knowledge), ITSELF)


def _set_value(reading: Reading, knowledge: TimeKnowledge) -> str | None:
    unit = reading.field("unit", "unit_again")
    if unit:
        return "P1Y" if unit == "annum" else _timex_duration(1, knowledge.units[unit].code)
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
        count = 2.0 if words[1:2] in (["other"], ["second"]) else _count_of(reading.field("count") or "one", knowledge)[2]
        return _timex_duration(count, knowledge.units[last].code)
    return None


def _read_reference(reading: Reading, setting: Setting) -> Resolved | None:
    return _unresolved(TimeKind.POINT, "no calendar day is meant", setting.knowledge.references[reading.field("reference")])


READINGS: Mapping[str, Callable[[Reading, Setting], Resolved | None]] = MappingProxyType(
    {
        "date": _read_date,
        "slashed date": _read_slashed,
        "day range": _read_day_range,
        "named day": _read_named_day,
        "weekday": _read_weekday,
        "weekday of week": _read_weekday_of_week,
        "day offset": _read_day_offset,
        "part of day": _read_part_of_day,
        "overnight": _read_overnight,
        "clock": _read_clock_time,
        "clock range": _read_clock_range,
        "neighbouring day": _read_neighbouring_day,
        "ago": _read_ago,
        "later": _read_later,
        "from a happening": _read_from_happening,
        "window": _read_window,
        "first days of": _read_first_days,
        "day count": _read_day_count,
        "run of days": _read_run_of_days,
        "calendar unit": _read_calendar_unit,
        "month": _read_month,
        "season": _read_season,
        "quarter": _read_quarter,
        "half year": _read_half_year,
        "reporting period": _read_reporting_period,
        "week of date": _read_week_of_date,
        "year end": _read_year_end,
        "first units": _read_first_units,
        "year": _read_year,
        "year range": _read_year_range,
        "fiscal year": _read_fiscal_year,
        "decade": _read_decade,
        "century": _read_century,
        "duration": _read_duration,
        "long": _read_long,
        "set": _read_set,
        "reference": _read_reference,
    }
)
"""What each `means` of the table stands for."""


# ---------------------------------------------------------------- open sides and pairs


def _open_sides(mention: TimeMention, text: str, sentence: Sentence, knowledge: TimeKnowledge, *, is_compared: bool) -> TimeMention:
    """ "since the Aug. 9 election" has no end, "until Monday" no beginning; both become ranges."""
    if mention.kind is not TimeKind.POINT or mention.first is None:
        return mention
    opening = OPENING.search(text[sentence.span.start : mention.span.start])
    if opening is None or text[mention.span.end : mention.span.end + 2] in {"'s", "’s"}:
        return mention
    word = " ".join(opening[1].lower().split())
    if word == "by" and opening[2]:
        return mention  # "followed by the December 13 attack" names a doer
    before = text[sentence.span.start : sentence.span.start + opening.start(1)].lower().split()
    if word in knowledge.tense.open_start:
        return replace(mention, kind=TimeKind.RANGE, first=None, is_open_start=True)
    is_no_start = word == "from" and (is_compared or bool(before and before[-1] in knowledge.tense.dated_things))
    if word in knowledge.tense.open_end and not is_no_start:
        return replace(mention, kind=TimeKind.RANGE, last=None, is_open_end=True)
    return mention


def _bounded_by_durations(mentions: Sequence[TimeMention], text: str, knowledge: TimeKnowledge) -> Iterator[TimeMention]:
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
            _, high, _ = _count_of(words, knowledge)
            code = knowledge.units[unit].code if unit in knowledge.units else "T"
            if high is not None and not code.startswith("T"):
                last = _shift(mention.first, high, code) - timedelta(days=1)
                mention = replace(mention, last=last, is_open_end=False)
        yield mention
        before = mention


def _join_pairs(mentions: Sequence[TimeMention], text: str) -> Iterator[TimeMention]:
    """ "from Friday to Sunday", "between March 3 and March 7": one range from two points."""
    waiting: TimeMention | None = None
    for mention in mentions:
        joined = _join(waiting, mention, text) if waiting else None
        if joined is not None:
            waiting = joined
            continue
        if waiting is not None:
            yield waiting
        waiting = mention
    if waiting is not None:
        yield waiting


def _join(a: TimeMention, b: TimeMention, text: str) -> TimeMention | None:
    between = PAIR.fullmatch(text, a.span.end, b.span.start)
    opening = text[max(a.span.start - 9, 0) : a.span.start].lower().split()[-1:]
    word = (between[1] or "").lower() if between else "none"
    if word == "none" or (word == "and") is not (opening == ["between"]):
        return None
    if word in {"to", "until", "till"} and opening not in (["from"], ["between"]):
        return None
    first, last = a.first, b.last
    dayless = {TimeKind.DURATION, TimeKind.SET, TimeKind.DAY_COUNT}
    if a.kind in dayless or b.kind in dayless or first is None or last is None:
        return None
    value = a.value
    if first > last and a.precision in DAY_FINE and (first - last).days < 7:
        first -= timedelta(days=7)  # "from Friday to Monday", told on a Saturday
        value = first.isoformat() + (value or "")[10:]
    if first > last:
        return None
    return replace(
        a,
        span=a.span.join(b.span),
        kind=TimeKind.RANGE,
        first=first,
        last=last,
        value=f"{value}/{b.value}",
        is_open_start=False,
        is_open_end=False,
    )
