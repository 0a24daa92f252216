"""The order of days: nothing ends before it starts, and what is told as done does not lie ahead. Shown only where it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from dateline.events.checks.telling import Noted, Telling, ancestors
from dateline.records import Check, CheckResult, EventMention, Precision, Sentence, StatusValue, TimeKind, TimeMention, Token

WITH_YEAR = "itself"
"""The anchor of days that are written out: of any other the year or week was chosen by a rule, which may be what is wrong."""

LEEWAY = timedelta(days=1)
"""A paper that is dated by its own clock may tell of what is tomorrow there."""

_UNTIL = re.compile(r"\s*(?:,\s*)?(?:and\s+lasted\s+)?(to|until|till|through|and|–|—|-)\s+(?:on\s+)?", re.IGNORECASE)
_NOMINAL = frozenset({"nmod", "obl", "compound", "flat", "appos", "nummod", "advmod", "amod"})
_TOO_COARSE = frozenset({Precision.SEASON, Precision.YEAR, Precision.DECADE, Precision.VAGUE})
_WHEN = frozenset({"on", "in", "at", "during"})


def check_order(telling: Telling) -> Iterator[Noted]:
    """A failed check for each record whose days run backwards or lie after publication although they are told as past."""
    for i, event in enumerate(telling.events):
        sentence = telling.sentence_at(event.trigger)
        backwards = _runs_backwards(telling, sentence, event) if sentence is not None else None
        if backwards is not None:
            yield Noted(i, backwards)
    for sentence in telling.sentences:
        yield from _lies_ahead(telling, sentence)


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


def _lies_ahead(telling: Telling, sentence: Sentence) -> Iterator[Noted]:
    """A verb in the past tense whose own day comes after publication: of the record itself, or of who tells it ("he said on …")."""
    published = telling.document.published
    events = [(i, e) for i, e in telling.events_in(sentence) if e.status.value is StatusValue.ASSERTED]
    if published is None or not events:
        return
    for mention in telling.times_in(sentence):
        if mention.kind is not TimeKind.POINT or mention.first is None or mention.anchor != WITH_YEAR:
            continue
        if mention.precision in _TOO_COARSE:
            continue  # four digits alone may be a clock time or a number ("started at 2030 on 2 May")
        verb = _verb_of(sentence, mention) if mention.first - published.day > LEEWAY else None
        if verb is None or not _is_past(sentence, verb):
            continue
        said = f"told as done on {_day(mention.first)}, published {_day(published.day)}"
        check = Check("done by the day of publication", CheckResult.FAILED, said, (verb.span, mention.span))
        yield Noted(min(events, key=lambda e: abs(e[1].trigger.start - verb.span.start))[0], check)


def _is_past(sentence: Sentence, verb: Token) -> bool:
    """True for "said", "was held", "has agreed"; not for "will be held", "to be held", "planned to hold"."""
    auxiliaries = [c for c in sentence.children(verb) if c.relation in {"aux", "aux:pass"}]
    if any(a.xpos in {"MD", "TO"} for a in auxiliaries) or any(c.xpos == "TO" for c in sentence.children(verb)):
        return False
    return verb.xpos == "VBD" or (verb.xpos == "VBN" and any(a.xpos in {"VBD", "VBZ", "VBP"} for a in auxiliaries))


def _verb_of(sentence: Sentence, mention: TimeMention) -> Token | None:
    """The verb that the time hangs from; a time that hangs from a noun ("signed a deal on the May 20 vote") has none."""
    head = sentence.head_of(mention.span)
    if _is_inside_phrase(sentence, mention):
        return None
    if head is None or head.relation.split(":")[0] not in _NOMINAL:
        return None
    if any(c.relation == "case" and c.text.lower() not in _WHEN for c in sentence.children(head)):
        return None  # "called a strike for June 25", "postponed it until June 25": done now, of a day to come
    above = next((t for t in ancestors(sentence, head) if t is not head), None)
    return above if above is not None and above.upos == "VERB" else None


def _is_inside_phrase(sentence: Sentence, mention: TimeMention) -> bool:
    """The article before the day is that of a noun behind it ("the June 25, 2024 vote"), whatever the day hangs from."""
    within = sentence.tokens_in(mention.span)
    if not within or within[0].index == 0:
        return False
    before = sentence.tokens[within[0].index - 1]
    return before.relation == "det" and before.head > within[-1].index


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year:04d}"
