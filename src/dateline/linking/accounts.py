"""What a linked event says: for each field the values that are told, who stands behind each, and what they come to.

Pure and deterministic: the order in which the claims come makes no difference. Nothing is hidden or averaged; what is superseded,
retracted or revised is listed with its standing. docs/accounts.md tells the rules for people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.agreement import Fit, compare, holds, judge
from dateline.linking.tallies import BestRule, tally_event
from dateline.linking.voices import account, account_order, in_order, standing_of
from dateline.records import (
    Account,
    Actor,
    Days,
    EventAccounts,
    FieldAccounts,
    How,
    Kind,
    Participant,
    Place,
    Standing,
    StatusValue,
    Testimony,
    Told,
    Verdict,
)

FIELDS = ("kind", "status", "days", "place", "actors", "recipients")
"""The fields that have accounts, in the order in which they are shown; figures have tallies."""

BEST = "of what still stands, the value of most witnesses; of equals the finer, then the one told first"


def accounts_of(
    event: str, testimonies: Sequence[Testimony], knowledge: AccountKnowledge, *, best: BestRule = BestRule.WITNESSES
) -> EventAccounts:
    """All that the claims of an event say, field by field, and its tallies. No claims: ValueError, for there is no such event."""
    if not testimonies:
        raise ValueError(f"event {event} has no claims")
    ordered = in_order(testimonies)
    fields = (field_accounts(name, ordered) for name in FIELDS)
    return EventAccounts(
        id=event,
        claims=tuple(t.claim.id for t in ordered),
        witnesses=tuple(dict.fromkeys(t.witness for t in ordered)),
        fields=tuple(f for f in fields if f.accounts),
        tallies=tally_event(ordered, knowledge, best=best),
        first_told=ordered[0].told,
        last_told=max(t.told for t in ordered),
    )


def field_accounts(name: str, testimonies: Sequence[Testimony]) -> FieldAccounts:
    """The accounts of one field. Nobody says anything of it: no accounts, and the verdict of nobody's word, `ALONE`."""
    read = _READERS[name]
    told: dict[Told, list[Testimony]] = defaultdict(list)
    silent = []
    for testimony in in_order(testimonies):
        values = read(testimony)
        for value in values:
            told[value].append(testimony)
        if not values:
            silent.append(testimony.claim.id)
    found = _with_standings(name, told)
    current = [a for a in found if a.standing is Standing.CURRENT]
    witnesses = len({w for a in current for w in a.witnesses})
    verdict, arithmetic = (Verdict.ALONE, "nothing that still stands") if not current else _judge(name, current, witnesses)
    return FieldAccounts(
        field=name,
        accounts=found,
        verdict=verdict,
        arithmetic=arithmetic,
        best=_best(found),
        best_rule=BEST,
        silent=tuple(silent),
    )


def _with_standings(name: str, told: dict[Told, list[Testimony]]) -> tuple[Account, ...]:
    """An account for each value and standing, as they are shown."""
    found = []
    for value, testimonies in told.items():
        by_standing: dict[Standing, list[Testimony]] = defaultdict(list)
        for testimony in testimonies:
            revised = name == "status" and _is_overtaken(value, testimony, told)
            by_standing[standing_of(testimony, is_revised=revised)].append(testimony)
        found += [account(value, group, standing) for standing, group in by_standing.items()]
    return tuple(sorted(found, key=account_order))


_EXPECTED = frozenset({StatusValue.PLANNED, StatusValue.CONDITIONAL})


def _is_overtaken(value: Told, testimony: Testimony, told: dict[Told, list[Testimony]]) -> bool:
    """True for a plan that was later told to have happened, or not: it was right when it was told, and rivals nobody."""
    if value not in _EXPECTED:
        return False
    return any(t.is_current and t.told > testimony.told for v, ts in told.items() if v not in _EXPECTED for t in ts)


def _judge(name: str, current: Sequence[Account], witnesses: int) -> tuple[Verdict, str]:
    """The verdict over different values. Parties are many: two that one claim names are both there and no rivals."""
    if name not in {"actors", "recipients"}:
        return judge([a.value for a in current], witnesses)
    apart = [(a, b, reason) for i, a in enumerate(current) for b in current[i + 1 :] if (reason := _rivals(a, b, current))]
    if apart:
        return Verdict.DISPUTE, "; ".join(reason for _, _, reason in apart)
    if len(current) == 1:
        return judge([current[0].value], witnesses)
    backed = all(len(a.witnesses) == witnesses for a in current)
    if backed:
        words = ", ".join(a.in_words for a in current)
        return (Verdict.AGREEMENT if witnesses > 1 else Verdict.ALONE), f"{words}, by {witnesses} witness{'es' * (witnesses > 1)}"
    return Verdict.RANGE, f"{len(current)} are named, and nothing says that they exclude one another"


def _rivals(a: Account, b: Account, current: Sequence[Account]) -> str:
    """Why two parties cannot both be meant: told by different witnesses, unlike, and never named together; otherwise empty."""
    if set(a.claims) & set(b.claims) or set(a.witnesses) & set(b.witnesses):
        return ""
    fit, reason = compare(a.value, b.value)
    if fit is not Fit.INCOMPATIBLE:
        return ""
    is_explained = any(
        compare(mine, other.value)[0] is not Fit.INCOMPATIBLE
        for mine, theirs in ((a.value, b), (b.value, a))
        for other in current
        if other is not theirs and other.value != mine and set(other.witnesses) & set(theirs.witnesses)
    )
    return "" if is_explained else reason


def _best(found: Sequence[Account]) -> int | None:
    current = [(i, a) for i, a in enumerate(found) if a.standing is Standing.CURRENT]
    if not current:
        return None
    most = max(len(a.witnesses) for _, a in current)
    return max(
        ((i, a) for i, a in current if len(a.witnesses) == most),
        key=lambda ia: (_fineness(ia[1].value, [a.value for _, a in current]), -ia[1].first_told.toordinal(), -ia[0]),
    )[0]


def _fineness(value: Told, others: Iterable[Told]) -> float:
    """How much finer a value is than the others: the more it lies in, the finer."""
    match value:
        case Days(first, last):
            if first is None or last is None:
                return -1e6
            return -float((last - first).days) - 0.5 * value.is_assumed
        case Place():
            return float(sum(isinstance(o, Place) and holds(o, value) for o in others))
        case Kind():
            return float(value.mode is not None)
        case Actor():
            return float((value.id is not None) + (value.sector is not None) + (value.country is not None))
    return 0.0


# ---------------------------------------------------------------- what a claim says of each field


def _kind(testimony: Testimony) -> tuple[Told, ...]:
    event = testimony.claim.event
    return (Kind(event.type, event.mode),)


def _status(testimony: Testimony) -> tuple[Told, ...]:
    return (testimony.claim.event.status.value,)


def _days(testimony: Testimony) -> tuple[Told, ...]:
    time = testimony.claim.event.time
    if time is None or (time.first is None and time.last is None):
        return ()
    return (Days(time.first, time.last, is_assumed=time.span is None and time.origin.how is How.INFERRED),)


def _place(testimony: Testimony) -> tuple[Told, ...]:
    place = testimony.claim.event.place
    return (place.place,) if place is not None else ()


def _parties(participants: Sequence[Participant]) -> tuple[Told, ...]:
    """Each actor once, without the office held on the day, which is no part of who it is."""
    return tuple(dict.fromkeys(replace(p.actor, role=None) for p in participants))


_READERS: dict[str, Callable[[Testimony], tuple[Told, ...]]] = {
    "kind": _kind,
    "status": _status,
    "days": _days,
    "place": _place,
    "actors": lambda t: _parties(t.claim.event.actors),
    "recipients": lambda t: _parties(t.claim.event.recipients),
}
