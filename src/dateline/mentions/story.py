"""What a time expression is resolved against, and what it stands for before it is tied to its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from dateline.knowledge.times import TimeKnowledge
from dateline.mentions.intervals import Interval, quarter_of
from dateline.mentions.tense import Side
from dateline.records import Precision, TimeKind, TimeMention

PUBLISHED, ITSELF, PREVIOUS = "publication date", "itself", "previous time"


NO_SUCH_DAY = "the calendar has no such day"


UNDATED = "no publication date to count from"


DAY_FINE = frozenset({Precision.MINUTE, Precision.PART_OF_DAY, Precision.DAY})


QUARTER_VALUE = re.compile(r"\d{4}-Q\d$")


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


def unresolved(kind: TimeKind, problem: str, value: str | None = None) -> Resolved:
    """An expression without days, and why."""
    return Resolved(kind, None, None, Precision.VAGUE, value, PUBLISHED, problem)


def point_of(interval: Interval, anchor: str) -> Resolved:
    """An interval of the calendar as a point."""
    return Resolved(TimeKind.POINT, interval.first, interval.last, interval.precision, interval.value, anchor)
