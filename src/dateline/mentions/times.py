"""Sentences -> time expressions and the days they stand for.

Three steps: the rules of knowledge/times/expressions.yaml are matched against each sentence and the longest kept; each reading
is resolved against the publication day, the verb's tense and the story so far; then what needs the whole document ("the first
four days of the protests") is resolved against the day counts found. The extents and values follow TIMEX3 (TimeML 1.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from dateline.knowledge.times import TimeKnowledge
from dateline.mentions.anchors import ANCHORED, date_from_happenings
from dateline.mentions.calendar_units import (
    read_calendar_unit,
    read_century,
    read_decade,
    read_fiscal_year,
    read_half_year,
    read_month,
    read_quarter,
    read_reference,
    read_reporting_period,
    read_season,
    read_set,
    read_year,
    read_year_end,
    read_year_range,
)
from dateline.mentions.counts import (
    bounded_by_durations,
    read_ago,
    read_day_count,
    read_duration,
    read_first_days,
    read_first_units,
    read_from_happening,
    read_later,
    read_long,
    read_run_of_days,
    read_window,
)
from dateline.mentions.days import (
    read_clock_range,
    read_clock_time,
    read_date,
    read_day_offset,
    read_day_range,
    read_named_day,
    read_neighbouring_day,
    read_overnight,
    read_part_of_day,
    read_slashed,
    read_week_of_date,
    read_weekday,
    read_weekday_of_week,
)
from dateline.mentions.expressions import Reading, find_readings
from dateline.mentions.story import DAY_FINE, ITSELF, Resolved, Setting, Story, unresolved
from dateline.mentions.stretches import stretches
from dateline.mentions.tense import side_of
from dateline.records import Document, How, Origin, Sentence, TimeKind, TimeMention

COMPARED = frozenset({"ago", "later", "quarter", "reporting period"})
"""Readings that "from" puts beside a figure: "up 5 percent from a year ago" opens no range."""


PAIR = re.compile(r"\s*(to|until|till|through|–|—|-|and)\s+(?:on\s+|the\s+)?|\s?[-–]\s?", re.IGNORECASE)


OPENING = re.compile(
    r"(?:^|\W)((?:starting|beginning|as|up)(?: (?:on|of|to|until))?|since|from|until|till|through|by|effective)"
    r"\s+((?:the|last|a|his|her|its|their)\s+)?(?:(?:on|around|about|at)\s+)*$",
    re.IGNORECASE,
)


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
            if reading.rule.means in ANCHORED:
                anchored.append((mention.span.start, reading))
            story = story.after(mention, published)
            if mention.kind is TimeKind.POINT and mention.precision in DAY_FINE and mention.last is not None:
                here = mention.last
            in_sentence.append(mention)
        found += _join_pairs(tuple(bounded_by_durations(in_sentence, document.text, knowledge)), document.text)
    return date_from_happenings(found, dict(anchored), document.text, knowledge)


def resolve(reading: Reading, setting: Setting) -> TimeMention | None:
    """The expression as a mention; None when what it says is no date at all ("30 February")."""
    try:
        resolved = READINGS[reading.rule.means](reading, setting)
    except OverflowError:  # "10,000 years ago" lies outside the calendar
        resolved = unresolved(TimeKind.POINT, "outside the calendar")
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


READINGS: Mapping[str, Callable[[Reading, Setting], Resolved | None]] = MappingProxyType(
    {
        "date": read_date,
        "slashed date": read_slashed,
        "day range": read_day_range,
        "named day": read_named_day,
        "weekday": read_weekday,
        "weekday of week": read_weekday_of_week,
        "day offset": read_day_offset,
        "part of day": read_part_of_day,
        "overnight": read_overnight,
        "clock": read_clock_time,
        "clock range": read_clock_range,
        "neighbouring day": read_neighbouring_day,
        "ago": read_ago,
        "later": read_later,
        "from a happening": read_from_happening,
        "window": read_window,
        "first days of": read_first_days,
        "day count": read_day_count,
        "run of days": read_run_of_days,
        "calendar unit": read_calendar_unit,
        "month": read_month,
        "season": read_season,
        "quarter": read_quarter,
        "half year": read_half_year,
        "reporting period": read_reporting_period,
        "week of date": read_week_of_date,
        "year end": read_year_end,
        "first units": read_first_units,
        "year": read_year,
        "year range": read_year_range,
        "fiscal year": read_fiscal_year,
        "decade": read_decade,
        "century": read_century,
        "duration": read_duration,
        "long": read_long,
        "set": read_set,
        "reference": read_reference,
    }
)
"""What each `means` of the table stands for."""


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
