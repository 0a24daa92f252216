"""The order of days: nothing ends before it starts, and what is told as done does not lie ahead. Shown only where it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from dateline.events.checks.telling import Noted, Telling, ancestors
from dateline.records import Check, CheckResult, EventMention, Sentence, StatusValue, TimeKind, TimeMention

WITH_YEAR = "itself"
"""The anchor of days that are written out: of any other the year or week was chosen by a rule, which may be what is wrong."""

LEEWAY = timedelta(days=1)
"""A paper that is dated by its own clock may tell of what is tomorrow there."""

_UNTIL = re.compile(r"\s*(?:,\s*)?(?:and\s+lasted\s+)?(to|until|till|through|and|–|—|-)\s+(?:on\s+)?", re.IGNORECASE)
_NOMINAL = frozenset({"nmod", "obl", "compound", "flat", "appos", "nummod", "advmod", "amod"})
_WHEN = frozenset({"on", "in", "at", "during"})
_PAST = frozenset({"VBD", "VBN"})


def check_order(telling: Telling) -> Iterator[Noted]:
    """A failed check for each record whose days run backwards or lie after publication although it is told as done."""
    for i, event in enumerate(telling.events):
        sentence = telling.sentence_at(event.trigger)
        if sentence is None:
            continue
        backwards = _runs_backwards(telling, sentence, event)
        if backwards is not None:
            yield Noted(i, backwards)
        ahead = _lies_ahead(telling, sentence, event)
        if ahead is not None:
            yield Noted(i, ahead)


def _runs_backwards(telling: Telling, sentence: Sentence, event: EventMention) -> Check | None:
    """ "from May 12 to May 3": two days that are said to bound the event, in the wrong order."""
    times = telling.times_in(sentence)
    time = event.time
    for start, end in pairwise(times):
        if time is None or time.span is None or not (time.span.overlaps(start.span) or time.span.overlaps(end.span)):
            continue
        between = _UNTIL.fullmatch(telling.text, start.span.end, end.span.start)
        opening = telling.before(start.span, sentence).lower().split()[-1:]
        expected = ["between"] if between and between[1].lower() == "and" else ["from"]
        if between is None or opening != expected or not _is_day(start) or not _is_day(end):
            continue
        if start.first is not None and end.last is not None and start.first > end.last and _is_certain(start, end):
            said = f"starts {_day(start.first)}, ends {_day(end.last)}"
            return Check("first day before the last", CheckResult.FAILED, said, (start.span, end.span))
    return None


def _is_certain(start: TimeMention, end: TimeMention) -> bool:
    """True when the years are told or both days are of one month: "from March 31 to January 31" may only be misdated by a rule."""
    same_month = start.first and end.last and (start.first.year, start.first.month) == (end.last.year, end.last.month)
    return bool(same_month) or start.anchor == end.anchor == WITH_YEAR


def _is_day(mention: TimeMention) -> bool:
    return mention.kind in {TimeKind.POINT, TimeKind.RANGE} and mention.problem is None


def _lies_ahead(telling: Telling, sentence: Sentence, event: EventMention) -> Check | None:
    """A verb in the past tense whose own day comes after publication."""
    published = telling.document.published
    trigger = sentence.token_at(event.trigger.start)
    if published is None or trigger is None or event.status.value is not StatusValue.ASSERTED or trigger.xpos not in _PAST:
        return None
    for mention in telling.times_in(sentence):
        if mention.kind is not TimeKind.POINT or mention.first is None or mention.anchor != WITH_YEAR:
            continue
        if mention.first > published.day + LEEWAY and _is_its_own(sentence, trigger.index, mention):
            said = f"told as done on {_day(mention.first)}, published {_day(published.day)}"
            return Check("done by the day of publication", CheckResult.FAILED, said, (event.trigger, mention.span))
    return None


def _is_its_own(sentence: Sentence, trigger: int, mention: TimeMention) -> bool:
    """True when the time hangs from the verb itself, not from one of its nouns ("signed a deal on the May 20 vote")."""
    head = sentence.head_of(mention.span)
    if head is None or head.relation.split(":")[0] not in _NOMINAL:
        return False
    if any(c.relation == "case" and c.text.lower() not in _WHEN for c in sentence.children(head)):
        return False  # "called a strike for June 25", "postponed it until June 25": done now, of a day to come
    above = next((t for t in ancestors(sentence, head) if t is not head), None)
    return above is not None and above.index == trigger


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year:04d}"
