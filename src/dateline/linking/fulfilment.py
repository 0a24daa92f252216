"""What became of what was planned: happened, did not, was called off, is not yet due, or is due and nobody reported on it.

A plan is joined first to what the same event is told to have become, and then to other events of the same matter: no type, mode,
day or place speaks against it, and a party, an issue or a place finer than a province ties the two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.agreement import in_words
from dateline.linking.outlines import Outline, may_be_one_matter, outline_of, ties
from dateline.records import Days, Fulfilment, PlanOutcome, StatusValue, Testimony


@dataclass(frozen=True)
class PlanRules:
    """When a plan counts as unreported, and how far about its days what became of it is looked for."""

    grace: int = 1
    """Days after the last planned day before it is due and not reported: papers tell of a day on the next."""
    longest: int = 45
    """Days that an event may last to be what became of a plan that falls into it."""


def follow_plans(
    events: Sequence[Outline], as_of: date, knowledge: AccountKnowledge, rules: PlanRules = PlanRules()
) -> tuple[PlanOutcome, ...]:
    """For each event that was planned, what had become of it by a day, in the order of the events' ids. No plans: an empty tuple.

    What was told or known after `as_of` does not exist.
    """
    known = [cut for event in events if (cut := _as_of(event, as_of, knowledge)) is not None]
    told = _ByDay(known, rules)
    plans = [(event, planned) for event in known if (planned := _with_status(event, StatusValue.PLANNED))]
    return tuple(_follow(event, planned, told, as_of, rules) for event, planned in sorted(plans, key=lambda p: p[0].id))


def _as_of(event: Outline, day: date, knowledge: AccountKnowledge) -> Outline | None:
    """The event as it was known at the end of a day; nobody had told of it: None."""
    known = tuple(t for t in event.testimonies if t.told <= day and t.known_at.date() <= day)
    if not known:
        return None
    return event if len(known) == len(event.testimonies) else outline_of(event.id, known, knowledge)


def _with_status(event: Outline, *statuses: StatusValue) -> list[Testimony]:
    return [t for t in event.testimonies if t.is_current and t.claim.event.status.value in statuses]


class _ByDay:
    """Events by type and first day: those that may tell what became of a plan are found without trying all."""

    def __init__(self, events: Sequence[Outline], rules: PlanRules) -> None:
        by_type: dict[str, list[tuple[date, str, Outline]]] = defaultdict(list)
        for event in events:
            if event.first is not None:
                by_type[event.kind.type].append((event.first, event.id, event))
        self._by_type = {kind: sorted(found, key=lambda f: f[:2]) for kind, found in by_type.items()}
        self._reach = timedelta(days=rules.longest)

    def of(self, type_: str, due: Days, announced: date) -> list[Outline]:
        """Events of the type whose days overlap those that are due, earliest first; and those since announced of no told day.

        "The union called off the strike" is told on one day and speaks of another: the day that is assumed for it is no day of it.
        """
        rows = self._by_type.get(type_, [])
        first, last = due.first or due.last, due.last or due.first
        if first is None or last is None:
            return []
        start = bisect_left(rows, (first - self._reach, ""), key=lambda f: f[:2])
        end = bisect_left(rows, (last + timedelta(days=1), ""), key=lambda f: f[:2])
        return [
            event
            for begun, _, event in rows[start:end]
            if (event.last or begun) >= first or (event.days is not None and event.days.is_assumed and begun >= announced)
        ]


def _follow(event: Outline, planned: Sequence[Testimony], told: _ByDay, as_of: date, rules: PlanRules) -> PlanOutcome:
    due, reasons = _due(planned)
    plan = replace(event, testimonies=tuple(planned), days=due)
    outcome = PlanOutcome(event.id, tuple(t.claim.id for t in planned), due, Fulfilment.NO_DAY, as_of, None, (), reasons)
    own = _outcome(event, plan, due)
    if own is not None:
        return _concluded(outcome, event, *own, (*reasons, "told of the same event"))
    if due is None:
        return replace(outcome, reasons=("no day was told, and nobody tells what became of it",))
    for other in _by_ties(plan, told.of(event.kind.type, due, planned[0].told)):
        found = _outcome(other, plan, due)
        if found is not None:
            return _concluded(outcome, other, *found, (*reasons, *ties(plan, other), _days_meet(due, other)))
    last = due.last or due.first or as_of
    if as_of <= last + timedelta(days=rules.grace):
        return replace(outcome, fulfilment=Fulfilment.NOT_YET, reasons=(*reasons, f"due {in_words(due)}"))
    waited = f"due {in_words(due)}, and by {as_of.isoformat()} nobody told of it"
    return replace(outcome, fulfilment=Fulfilment.NOT_REPORTED, reasons=(*reasons, waited))


def _due(planned: Sequence[Testimony]) -> tuple[Days | None, tuple[str, ...]]:
    """The planned days as they were last told, and a word on it when they were moved; no day is told: None."""
    told = [
        Days(t.claim.event.time.first, t.claim.event.time.last)
        for t in planned
        if t.claim.event.time is not None
        and t.claim.event.time.span is not None
        and (t.claim.event.time.first is not None or t.claim.event.time.last is not None)
    ]
    if not told:
        return None, ()
    earlier = [d for d in told if (d.last or date.max) < (told[-1].first or date.min)]
    return told[-1], tuple(dict.fromkeys(f"moved from {in_words(d)} to {in_words(told[-1])}" for d in earlier))


def _by_ties(plan: Outline, events: Sequence[Outline]) -> list[Outline]:
    """The events that are tied to the plan, those of most ties first; the plan's own event is none of them."""
    tied = [(e, ties(plan, e)) for e in events if e.id != plan.id and may_be_one_matter(plan, e)]
    return [e for e, held in sorted(tied, key=lambda et: (-len(et[1]), et[0].first or date.min, et[0].id)) if held]


def _outcome(event: Outline, plan: Outline, due: Days | None) -> tuple[Fulfilment, list[Testimony]] | None:
    """What the event's testimonies say became of the plan, and which; they say nothing of it: None.

    Where some tell that it happened and others deny it, those of more witnesses are followed, and of equals the former.
    """
    begun = plan.testimonies[0].told
    first = due.first if due is not None else None
    later = [t for t in event.testimonies if t.is_current and t.told >= begun and t.claim.id not in _ids(plan)]
    done = [t for t in later if _is_done(t, first)]
    denied = [t for t in later if t.claim.event.status.value is StatusValue.DENIED]
    if done and len({t.witness for t in done}) >= len({t.witness for t in denied}):
        return Fulfilment.HAPPENED, done
    if denied:
        before = first is not None and denied[0].told < first
        return (Fulfilment.CALLED_OFF if before else Fulfilment.DID_NOT_HAPPEN), denied
    return None


def _ids(plan: Outline) -> set[str]:
    return {t.claim.id for t in plan.testimonies}


def _is_done(testimony: Testimony, due: date | None) -> bool:
    """True for what is told as done, and no earlier than it was due."""
    if testimony.claim.event.status.value not in {StatusValue.ASSERTED, StatusValue.ALLEGED}:
        return False
    return due is None or testimony.told >= due


def _concluded(
    outcome: PlanOutcome, event: Outline, fulfilment: Fulfilment, told: Sequence[Testimony], reasons: tuple[str, ...]
) -> PlanOutcome:
    claims = tuple(t.claim.id for t in told)
    return replace(outcome, fulfilment=fulfilment, outcome_event=event.id, outcome_claims=claims, reasons=reasons)


def _days_meet(due: Days, event: Outline) -> str:
    return f"due {in_words(due)}, told of {in_words(event.days)}" if event.days is not None else f"due {in_words(due)}"
