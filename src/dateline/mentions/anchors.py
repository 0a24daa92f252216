"""Times that hang on another happening of the report: "the first four days of the protests", "two days after the Aug. 9 vote"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from dateline.knowledge.times import TimeKnowledge
from dateline.mentions.counts import count_of, shift, unit_of
from dateline.mentions.expressions import Reading, happening_of
from dateline.mentions.story import DAY_FINE, PREVIOUS
from dateline.records import How, Origin, Precision, TimeKind, TimeMention

ANCHORED = frozenset({"first days of", "from a happening"})
"""What `means` says of the rules whose times are dated here, once the whole document has been read."""

DIRECTION = re.compile(r"\s+(before|prior to|after)\s+(?:(?:the|a|an|his|her|its|their)\s+)?", re.IGNORECASE)
NAMED_BEFORE = re.compile(r"([\w-]+)\s+(?:(?:was|were|is)\s+(?:held\s+)?)?(?:on|of)\s+$")
WORDS_BEHIND = 3


def date_from_happenings(
    mentions: Sequence[TimeMention], anchored: Mapping[int, Reading], text: str, knowledge: TimeKnowledge
) -> tuple[TimeMention, ...]:
    """The mentions, those at the starts in `anchored` with days where the document dates what they hang on.

    Others keep their `problem`. Knowledge: times/happenings.yaml says which nouns name one kind of happening.
    """
    days = {start: reading for start, reading in anchored.items() if reading.rule.means == "from a happening"}
    runs = {start: reading for start, reading in anchored.items() if start not in days}
    counted = tuple(_date_by_day(m, days[m.span.start], mentions, text, knowledge) if m.span.start in days else m for m in mentions)
    return _date_first_days(counted, runs, text, knowledge)


def _date_by_day(
    mention: TimeMention, reading: Reading, mentions: Sequence[TimeMention], text: str, knowledge: TimeKnowledge
) -> TimeMention:
    """ "two days after the Aug. 9 vote", or after "the vote" where the document says which day that was, and one day only."""
    direction = DIRECTION.match(text, mention.span.end)
    low, high, _ = count_of(reading.field("count"), knowledge)
    if direction is None or low is None or high is None:
        return mention
    days = [m for m in mentions if m.kind is TimeKind.POINT and m.precision in DAY_FINE and m.last is not None]
    named = [m for m in days if m.span.start == direction.end()]
    if not named:
        wanted = happening_of(_words_behind(text, direction.end()), knowledge)
        named = [m for m in days if wanted is not None and _happening_on(m, text, knowledge) == wanted]
    if len({m.last for m in named}) != 1 or named[0].last is None:
        return mention
    sign = 1 if direction[1].lower() == "after" else -1
    code = knowledge.units[reading.field("unit")].code
    near, far = (unit_of(shift(named[0].last, sign * count, code), code) for count in (low, high))
    origin = Origin(How.INFERRED, f"{reading.rule.id}, from “{named[0].span.of(text)}”")
    return replace(
        mention,
        first=min(near.first, far.first),
        last=max(near.last, far.last),
        precision=Precision.VAGUE if low != high else Precision.PART_OF_DAY if code.startswith("T") else near.precision,
        origin=origin,
        anchor=PREVIOUS,
        problem=None,
    )


def _happening_on(mention: TimeMention, text: str, knowledge: TimeKnowledge) -> str | None:
    """The kind of happening that a day is said of: "the Aug. 9 vote", "the vote on Aug. 9"; none: None."""
    before = NAMED_BEFORE.search(text[max(mention.span.start - 40, 0) : mention.span.start].lower())
    named = happening_of(before[1], knowledge) if before else None
    return named or happening_of(_words_behind(text, mention.span.end), knowledge)


def _words_behind(text: str, start: int) -> str:
    """The next words up to a mark, in lower case."""
    words = re.match(r"(?:['’]s)?((?:\s*[\w-]+)*)", text[start : start + 50])
    return " ".join((words[1] if words else "").lower().split()[:WORDS_BEHIND])


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
    low, _, exact = count_of(reading.field("count"), knowledge)
    for count in counts:
        counted = happening_of(text[count.span.end : count.span.end + 60].lower(), knowledge)
        if exact is None or low is None or count.first is None or (wanted and counted and wanted != counted):
            continue
        last = shift(count.first, low, knowledge.units[reading.field("unit")].code) - timedelta(days=1)
        origin = Origin(How.INFERRED, f"{reading.rule.id}, from “{count.span.of(text)}”")
        return replace(mention, first=count.first, last=last, precision=Precision.DAY, origin=origin, anchor=PREVIOUS, problem=None)
    return mention
