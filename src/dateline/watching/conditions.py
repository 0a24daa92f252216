"""When a condition of a watch rule is true of a group of events, with the numbers and claims that make it so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from dateline.knowledge.watch_rules import (
    Bound,
    Condition,
    Disputed,
    EventsReached,
    FigureReached,
    FirstIn,
    Overdue,
    RevisedBy,
    Rise,
    Withdrawn,
)
from dateline.records import Fulfilment
from dateline.watching.happenings import Happening, Movement, Reported

Numbers = tuple[tuple[str, float | str | None], ...]


@dataclass(frozen=True)
class Group:
    """Events that are looked at together: those with a day by the last they are known to have had, the others after them.

    `ends` are these days; `begun` says for each event the earliest day on which it or one after it began.
    """

    events: tuple[Happening, ...]
    ends: tuple[date, ...]
    begun: tuple[date, ...]

    def ending(self, first: date, last: date) -> tuple[Happening, ...]:
        """The events whose end lies between these days, both included."""
        return self.events[bisect_left(self.ends, first) : bisect_right(self.ends, last)]

    def within(self, day: date, days: int) -> tuple[Happening, ...]:
        """The events that lie wholly within so many days, of which `day` is the last.

        An event that lasted longer cannot be said to have happened in them, and one of unknown length neither.
        """
        first = day - timedelta(days=days - 1)
        return tuple(e for e in self.ending(first, day) if e.first is not None and e.last is not None and first <= e.first)


def group_of(events: Iterable[Happening]) -> Group:
    """The events as a group; ties by id."""
    listed = sorted(events, key=lambda e: (end_of(e) or date.max, begin_of(e) or date.max, e.id))
    ends = tuple(end for e in listed if (end := end_of(e)) is not None)
    begun = tuple(accumulate((begin_of(e) or date.max for e in reversed(listed[: len(ends)])), min))[::-1]
    return Group(tuple(listed), ends, begun)


def end_of(event: Happening) -> date | None:
    """Its last day, or the first if no report says how long it went on."""
    return event.last or event.first


def begin_of(event: Happening) -> date | None:
    return event.first or event.last


@dataclass(frozen=True)
class Truth:
    """What is true, for people and by number, and what it rests on. `strength` orders days of one matter.

    `day` is when it is true, where that is not the day of the event: a plan's is the day it was due.
    """

    words: str
    numbers: Numbers
    events: tuple[str, ...]
    claims: tuple[str, ...]
    strength: float = 0.0
    day: date | None = None


def truth_of(when: Sequence[Condition], group: Group, day: date | None, reports: Reported, on: date) -> Truth | None:
    """What makes all conditions true of the group on a day (None: a group without days), asked on the day `on`; else None."""
    truths: list[Truth] = []
    for condition in when:
        truth = _truth(condition, group, day, reports, on)
        if truth is None:
            return None
        truths.append(truth)
    return Truth(
        "; ".join(t.words for t in truths),
        tuple(number for t in truths for number in t.numbers),
        tuple(dict.fromkeys(event for t in truths for event in t.events)),
        tuple(dict.fromkeys(claim for t in truths for claim in t.claims)),
        truths[0].strength,
        next((t.day for t in truths if t.day is not None), None),
    )


def _truth(condition: Condition, group: Group, day: date | None, reports: Reported, on: date) -> Truth | None:
    match condition:
        case Disputed():
            return _disputed(condition, group.events[0])
        case Overdue():
            return _overdue(condition, group.events[0], on)
        case RevisedBy():
            return _revised(condition, group.events[0])
        case Withdrawn():
            return _withdrawn(condition, group.events[0])
        case FigureReached(days=None):
            return _figure_reached(condition, group.events[:1])
    if day is None:
        return None
    match condition:
        case FigureReached():
            return _figure_reached(condition, group.within(day, condition.days or 1))
        case EventsReached():
            return _events_reached(condition, group.within(day, condition.days))
        case FirstIn():
            return _first_in(condition, group, day, reports)
        case Rise():
            return _rise(condition, group, day, reports)


def reach_of(when: Sequence[Condition]) -> int:
    """Two true days that lie fewer days apart than this are one matter: the windows that made them true overlap."""
    return max(
        (getattr(condition, "days", None) or 1 for condition in when if not isinstance(condition, FirstIn | Overdue)), default=1
    )


def waits_for(when: Sequence[Condition], reports: Reported) -> date | None:
    """The first day on which the conditions can be judged, for how far they look back and since when there are reports.

    None: they do not look back, or there are no reports.
    """
    back = max((_looks_back(condition) for condition in when), default=0)
    return reports.since + timedelta(days=back) if back and reports.since else None


def _looks_back(condition: Condition) -> int:
    match condition:
        case FirstIn(days=days):
            return days
        case Rise(weeks=weeks, days=days):
            return 7 * weeks + days - 1
        case _:
            return 0


# ---------------------------------------------------------------- groups


def _figure_reached(condition: FigureReached, events: Sequence[Happening]) -> Truth | None:
    is_alone = condition.days is None
    told = [
        (event, figure)
        for event in events
        for figure in event.figures
        if figure.what == condition.of and (is_alone or not figure.is_running)
    ]
    if not told:
        return None
    low, high = _sum(figure.low for _, figure in told) or 0.0, _open_sum(figure.high for _, figure in told)
    # An open bound may be anything, which would make every "at least two" reach it: what is known of it is its low end.
    reached = low if condition.bound is Bound.LOW or high is None else high
    if reached < condition.at_least:
        return None
    silent = len(events) - len({event.id for event, _ in told})
    words = f"{_bounds(low, high)} {condition.of}"
    if len(events) > 1:
        words += f" in {len(events)} events" + (f", {silent} of them without a figure" if silent else "")
    return Truth(
        words,
        ((f"{condition.of}, low", low), (f"{condition.of}, high", high)),
        tuple(event.id for event, _ in told),
        tuple(claim for _, figure in told for claim in figure.claims),
        reached,
    )


def _events_reached(condition: EventsReached, events: Sequence[Happening]) -> Truth | None:
    if len(events) < condition.at_least:
        return None
    within = "in a day" if condition.days == 1 else f"within {condition.days} days"
    return _of_events(f"{len(events)} events {within}", (("events", float(len(events))),), events, float(len(events)))


def _first_in(condition: FirstIn, group: Group, day: date, reports: Reported) -> Truth | None:
    here = group.ending(day, day)
    begun = min((begin for e in here if (begin := begin_of(e)) is not None), default=None)
    if begun is None or reports.since is None or (begun - reports.since).days < condition.days:
        return None
    # Whatever ended later than that, and began before this did, was going on in the days that should have been quiet.
    active = bisect_right(group.ends, begun - timedelta(days=condition.days))
    if group.begun[active] < begun:
        return None
    earlier = bisect_left(group.ends, begun)
    ended = group.ends[earlier - 1] if earlier else None
    last = f"the last one before was {(begun - ended).days} days earlier, on {ended}" if ended else "none before"
    words = f"first in {condition.days} days; {last} (reports since {reports.since})"
    return _of_events(words, (("last before", str(ended) if ended else None),), here, 0.0)


def _rise(condition: Rise, group: Group, day: date, reports: Reported) -> Truth | None:
    start = day - timedelta(days=condition.days - 1)
    base = start - timedelta(weeks=condition.weeks)
    if reports.since is None or reports.since > base:
        return None
    now = group.ending(start, day)
    before = len(group.ending(base, start - timedelta(days=1)))
    usual = before * condition.days / (7 * condition.weeks)
    if len(now) < condition.at_least or len(now) <= condition.times * max(usual, 1.0):
        return None
    within = "a day" if condition.days == 1 else f"{condition.days} days"
    words = f"{len(now)} events in {within}, usually {usual:.2g} (mean of the {condition.weeks} weeks before)"
    return _of_events(words, (("events", float(len(now))), ("usual", round(usual, 3))), now, float(len(now)))


def _of_events(words: str, numbers: Numbers, events: Sequence[Happening], strength: float) -> Truth:
    claims = tuple(claim for event in events for claim in event.claims)
    return Truth(words, numbers, tuple(event.id for event in events), claims, strength)


# ---------------------------------------------------------------- one event


def _disputed(condition: Disputed, event: Happening) -> Truth | None:
    found = [c for c in event.contradictions if not condition.on or c.field in condition.on]
    if not found:
        return None
    words = "; ".join(f"reports differ on {c.field}: {' or '.join(c.values)}" for c in found)
    numbers: Numbers = tuple((c.field, " | ".join(sorted(c.values))) for c in found)
    return Truth(words, numbers, (event.id,), tuple(claim for c in found for claim in c.claims))


UNHEARD_OF = frozenset({Fulfilment.NOT_YET, Fulfilment.NOT_REPORTED})


def _overdue(condition: Overdue, event: Happening, on: date) -> Truth | None:
    plan = event.plan
    if plan is None or plan.due is None or plan.state not in UNHEARD_OF or (on - plan.due).days <= condition.days:
        return None
    words = f"was due on {plan.due}, and no report says that it happened or was called off"
    return Truth(words, (("due", str(plan.due)),), (event.id,), plan.claims or event.claims, day=plan.due)


def _revised(condition: RevisedBy, event: Happening) -> Truth | None:
    found = [m for m in event.movements if not condition.figures or m.what in condition.figures]
    far = [m for m in found if (share := moved_by(m)) is not None and abs(share) * 100 > condition.percent]
    if not far:
        return None
    words = "; ".join(f"{m.what} was {_bounds(*m.before)}, is now {_bounds(*m.after)}{_percent(m)}" for m in far)
    numbers: Numbers = tuple((m.what, f"{_bounds(*m.before)} -> {_bounds(*m.after)}") for m in far)
    return Truth(words, numbers, (event.id,), tuple(claim for m in far for claim in m.claims))


def moved_by(movement: Movement) -> float | None:
    """By which part of itself the figure moved, compared at the low bounds where both have one; from nothing: infinitely.

    None where the bounds have no end in common to compare.
    """
    for before, after in zip(movement.before, movement.after, strict=True):
        if before is not None and after is not None:
            return (after - before) / before if before else (float("inf") if after else 0.0)
    return None


def _withdrawn(condition: Withdrawn, event: Happening) -> Truth | None:
    found = [w for w in event.withdrawals if not condition.kinds or w.kind in condition.kinds]
    if not found:
        return None
    words = "; ".join(f"{w.kind}: {w.words}" if w.words else w.kind for w in found)
    numbers: Numbers = tuple((w.kind, w.words) for w in found)
    return Truth(words, numbers, (event.id,), tuple(claim for w in found for claim in w.claims))


# ---------------------------------------------------------------- numbers


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _open_sum(values: Iterable[float | None]) -> float | None:
    """The sum of upper bounds; one that is open leaves it open."""
    listed = list(values)
    return None if any(value is None for value in listed) else sum(value for value in listed if value is not None)


def _bounds(low: float | None, high: float | None) -> str:
    """ "12", "6,300–6,999", "at least 40", "at most 50"."""
    if low is None:
        return "not said" if high is None else f"at most {high:,.0f}"
    if high is None:
        return f"at least {low:,.0f}"
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"


def _percent(movement: Movement) -> str:
    share = moved_by(movement)
    return f" ({share:+.0%})" if share is not None and abs(share) != float("inf") else ""
