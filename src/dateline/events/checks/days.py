"""Counted days: "the 10th straight day" and "ten days after it began" agree with the first day that the report tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.events.checks.telling import Noted, Telling, ancestors, outcome
from dateline.records import Check, CheckResult, EventMention, Precision, Sentence, Span, TimeKind, TimeMention, Token

NAME = "day count agrees with the first day"
ANOTHER_HAPPENING = 180
"""Days between two first days beyond which they belong to two happenings of one kind."""

MOST = 50
"""First days of one kind that are looked at in one document: a bound, so that hostile text costs no more than its length."""

_DAY_FINE = frozenset({Precision.DAY, Precision.PART_OF_DAY, Precision.MINUTE})
_UNIT_DAYS = {"D": 1, "W": 7, "M": 31, "Y": 366}
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


@dataclass(frozen=True)
class _First:
    """A first day of a happening of some kind, and how it is known. `spread`: days it may lie to either side."""

    kind: str
    first: date
    last: date
    spread: int
    spans: tuple[Span, ...]
    said: str
    sentence: int


def check_days(telling: Telling) -> Iterator[Noted]:
    """Every count of days that a record tells of, against the other first days told for its kind of happening.

    No other first day told: not applicable, and the arithmetic says what the count makes of it.
    """
    counted = [*_day_counts(telling)]
    told: dict[str, list[_First]] = {}
    for first in (*_beginnings(telling), *(c for _, c in counted)):
        if len(told.setdefault(first.kind, [])) < MOST:
            told[first.kind].append(first)
    for event, count in counted:
        yield Noted(event, _compare(count, _rivals(count, told)))
    for event, count in (*_counts_after(telling), *_runs(telling)):
        rivals = _rivals(count, told)
        if rivals:
            yield Noted(event, _compare(count, rivals))


def _compare(count: _First, rivals: Sequence[_First]) -> Check:
    if not rivals:
        return Check(NAME, CheckResult.NOT_APPLICABLE, f"{count.said}; no other first day is told", count.spans)
    agreeing = next((r for r in rivals if _distance(count, r) <= max(count.spread, r.spread)), None)
    rival = agreeing or min(rivals, key=lambda r: _distance(count, r))
    sign = "told" if agreeing else "but told"
    return Check(NAME, outcome(agreeing is not None), f"{count.said}; {sign}: {rival.said}", (*count.spans, *rival.spans))


def _rivals(count: _First, told: Mapping[str, Sequence[_First]]) -> list[_First]:
    """The other first days of its kind that may be of the same happening."""
    return [o for o in told.get(count.kind, ()) if o.spans != count.spans and _distance(count, o) <= ANOTHER_HAPPENING]


def _distance(a: _First, b: _First) -> int:
    """Days between two first days; 0 when their spans of days meet."""
    return max(0, (b.first - a.last).days, (a.first - b.last).days)


# ---------------------------------------------------------------- counts


def _day_counts(telling: Telling) -> Iterator[tuple[int, _First]]:
    """ "the 10th straight day of protests": the day it was told of, less nine."""
    for sentence in telling.sentences:
        for mention in telling.times_in(sentence):
            if mention.kind is not TimeKind.DAY_COUNT or mention.first is None or mention.last is None or mention.problem:
                continue
            event = _event_of(telling, sentence, mention)
            kind = _kind_behind(telling, sentence, mention) or (_kind_of(telling, event[1]) if event else None)
            if event is None or kind is None:
                continue
            said = f"{_day(mention.last)} as “{mention.span.of(telling.text)}” makes {_day(mention.first)} the first"
            step = _step(telling, sentence, mention)
            earliest = (_days_before(mention.first, step - 1) if step >= 7 else None) or mention.first
            yield event[0], _First(kind, earliest, mention.first, max(1, step - 1), (mention.span,), said, sentence.index)


def _step(telling: Telling, sentence: Sentence, mention: TimeMention) -> int:
    """Days from one of the counted days to the next: 1, or 7 for "the fifth Sunday in a row"."""
    ordinal = next((q for q in telling.ordinals_in(sentence) if mention.span.contains(q.figure)), None)
    if ordinal is None or ordinal.low is None or ordinal.low < 2 or mention.first is None or mention.last is None:
        return 1
    return max(1, round((mention.last - mention.first).days / (ordinal.low - 1)))


def _counts_after(telling: Telling) -> Iterator[tuple[int, _First]]:
    """ "ten days after the strike began", for the record whose day is told in the same sentence."""
    for sentence in telling.sentences:
        for mention in telling.times_in(sentence):
            value = re.fullmatch(r"P(\d+)([DWMY])", mention.value or "")
            if value is None or mention.first is not None or not _counts_from(telling, sentence, mention):
                continue
            kind, at = _happening_begins(telling, sentence, mention)
            days = {i: dated for i, e in telling.events_in(sentence) if e.trigger != at and (dated := _day_of(e))}
            if kind is None or not days:
                continue
            event = min(days, key=lambda i: abs(telling.events[i].trigger.start - mention.span.start))
            (day, span), unit = days[event], value[2]
            first = _days_before(day, _UNIT_DAYS[unit] * int(value[1]))
            if first is None:
                continue
            said = f"{_day(day)} less {value[1]} {_UNITS[unit]}{'s' if value[1] != '1' else ''} is {_day(first)}"
            spread = 1 if unit == "D" else _UNIT_DAYS[unit]
            yield event, _First(kind, first, first, spread, (mention.span, span), said, sentence.index)


def _counts_from(telling: Telling, sentence: Sentence, mention: TimeMention) -> bool:
    """True when "after" or "into" is the last word of the count or the first one behind it."""
    pattern = telling.words.days.after
    return bool(pattern.search(mention.span.of(telling.text)) or pattern.match(telling.behind(mention.span, sentence)))


def _runs(telling: Telling) -> Iterator[tuple[int, _First]]:
    """ "marched for ten straight days": a run that ends on the record's day, else on the day of publication."""
    published = telling.document.published
    for sentence in telling.sentences:
        for mention in telling.times_in(sentence):
            value = re.fullmatch(r"P(\d+)([DW])", mention.value or "")
            words = mention.span.of(telling.text).lower()
            if value is None or mention.kind is not TimeKind.DURATION or not any(w in words for w in telling.words.days.in_a_row):
                continue
            event = _event_of(telling, sentence, mention)
            kind = _kind_of(telling, event[1]) if event else None
            if event is None or kind is None:
                continue
            dated = _day_of(event[1])
            last = dated[0] if dated else published.day if published else None
            unit = _UNIT_DAYS[value[2]]
            first = _days_before(last, int(value[1]) * unit - 1) if last else None
            if last is None or first is None:
                continue
            said = f"{_day(last)} as the last of “{mention.span.of(telling.text)}” makes {_day(first)} the first"
            yield event[0], _First(kind, first, first, max(1, unit - 1), (mention.span,), said, sentence.index)


def _happening_begins(telling: Telling, sentence: Sentence, mention: TimeMention) -> tuple[str | None, Span | None]:
    """The kind of happening whose beginning is counted from ("after the strike began", "into the strike"), and its noun."""
    behind = [t for t in sentence.tokens if t.span.start >= mention.span.end][:8]
    words = telling.words.days
    linking = {telling.text[mention.span.start : mention.span.end].lower().split()[-1], *(t.text.lower() for t in behind[:1])}
    begins = bool(linking & words.inside) or any(t.lemma.lower() in words.begin for t in behind)
    for token in behind if begins else ():
        if (kind := telling.happenings.get(token.lemma.lower())) is not None:
            return kind, token.span
    return None, None


def _day_of(event: EventMention) -> tuple[date, Span] | None:
    """The one day that words give the record, and the words; several days, or no words: None."""
    time = event.time
    if time is None or time.span is None or time.first is None or time.first != time.last or time.precision not in _DAY_FINE:
        return None
    return time.first, time.span


def _event_of(telling: Telling, sentence: Sentence, mention: TimeMention) -> tuple[int, EventMention] | None:
    """The record that the count dates, else the nearest of the sentence; none in it: None."""
    found = [*telling.events_in(sentence)]
    own = next((f for f in found if f[1].time and f[1].time.span == mention.span), None)
    return own or min(found, key=lambda f: abs(f[1].trigger.start - mention.span.start), default=None)


def _kind_behind(telling: Telling, sentence: Sentence, mention: TimeMention) -> str | None:
    """The kind named right behind the count: "the 10th day of protests"."""
    behind = [t for t in sentence.tokens if t.span.start >= mention.span.end][:6]
    if not behind or behind[0].text.lower() != "of":
        return None
    return next((kind for t in behind if (kind := telling.happenings.get(t.lemma.lower())) is not None), None)


def _kind_of(telling: Telling, event: EventMention) -> str | None:
    """The kind of happening a record is, by its trigger's word, else by its mode."""
    sentence = telling.sentence_at(event.trigger)
    token = sentence.token_at(event.trigger.start) if sentence else None
    named = telling.happenings.get(token.lemma.lower()) if token else None
    return named or telling.words.days.by_mode.get(event.mode or "")


# ---------------------------------------------------------------- first days that are told


def _beginnings(telling: Telling) -> Iterator[_First]:
    """ "The walkout began on May 5", "the strike, under way since May 5": the kind of happening and its first day."""
    for sentence in telling.sentences:
        for mention in telling.times_in(sentence):
            if mention.first is None or mention.problem or mention.precision not in _DAY_FINE:
                continue
            head = sentence.head_of(mention.span)
            if head is None:
                continue
            if mention.kind is TimeKind.POINT:
                kind = _begun(telling, sentence, head)
            elif mention.kind is TimeKind.RANGE and mention.is_open_end:
                kind = _lasting(telling, sentence, head)
            else:
                kind = None
            if kind is not None:
                said = f"{_day(mention.first)} (“{mention.span.of(telling.text)}”)"
                last = mention.first if mention.last is None else mention.last
                yield _First(kind, mention.first, last, 1, (mention.span,), said, sentence.index)


def _begun(telling: Telling, sentence: Sentence, head: Token) -> str | None:
    """The kind that a verb of beginning, to which the time belongs, says it of."""
    verb = next((t for t in ancestors(sentence, head) if t.upos == "VERB"), None)
    if verb is None or verb.lemma.lower() not in telling.words.days.begin:
        return None
    return _named_by(telling, sentence.fillers(verb, "subj", "obj"))


def _lasting(telling: Telling, sentence: Sentence, head: Token) -> str | None:
    """The kind of what has lasted since: the noun or verb to which the time belongs, else the subject of that verb."""
    holder = next((t for t in ancestors(sentence, head) if t is not head and t.upos in {"NOUN", "VERB"}), None)
    if holder is None:
        return None
    subjects = [c for c in sentence.children(holder) if c.relation.startswith("nsubj")]  # "the strike is under way since May 5"
    return _named_by(telling, (holder, *sentence.fillers(holder, "subj"), *subjects))


def _named_by(telling: Telling, tokens: Sequence[Token]) -> str | None:
    return next((kind for t in tokens if (kind := telling.happenings.get(t.lemma.lower())) is not None), None)


def _days_before(day: date, count: int) -> date | None:
    """The day that many days before; beyond the calendar ("5,000 years after the war began"): None."""
    try:
        return day - timedelta(count)
    except OverflowError:
        return None


def _day(day: date) -> str:
    """ "6 May 2024"."""
    return f"{day.day} {day:%B} {day.year:04d}"
