"""A linked event as watch rules and lists see it: one value a field, with what is disputed, revised or withdrawn beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from dateline.records import (
    Account,
    Actor,
    Bounds,
    Days,
    EventAccounts,
    FieldAccounts,
    Fulfilment,
    Kind,
    LinkedEvent,
    Place,
    PlaceKind,
    Standing,
    StatusValue,
    Tallied,
    Tally,
    Verdict,
)

V = TypeVar("V")


@dataclass(frozen=True)
class Party:
    """Who is in an event. `is_named` False: a crowd, or a body that is called by its kind alone ("police")."""

    name: str
    country: str | None = None
    sector: str | None = None
    is_named: bool = True


@dataclass(frozen=True)
class Figure:
    """What the reports of an event come to for one thing that is counted. Bounds are inclusive; `high` None is open.

    `is_running`: a total so far, of more than this event; it is never added to another.
    """

    what: str
    low: float | None
    high: float | None
    claims: tuple[str, ...] = ()
    is_running: bool = False


@dataclass(frozen=True)
class Contradiction:
    """A field of which reports say what cannot all be so: the values in words, in the order in which they were told."""

    field: str
    values: tuple[str, ...]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Movement:
    """A figure that was one thing and became another: bounds before and after, and the day that told of it."""

    what: str
    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]
    told: date | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawal:
    """A report of the event that was corrected or taken back ("correction", "retraction"), and which that was."""

    kind: str
    words: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What was announced: the last day on which it was due (None: no day was said), and what became of it."""

    state: Fulfilment
    due: date | None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Happening:
    """A linked event. `claims` are all that tell of it, the first of which is its id; `first` and `last` its days, inclusive.

    `place_id` tells places of one name apart. `confidence` is that of its surest claim. `told` is the first day on which a report
    told of it. None and empty stand for what no report says.
    """

    id: str
    claims: tuple[str, ...]
    type: str
    mode: str | None = None
    status: str = "asserted"
    contexts: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    place: str | None = None
    place_id: str | None = None
    admin1: str | None = None
    country: str | None = None
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    figures: tuple[Figure, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    movements: tuple[Movement, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    plan: Plan | None = None
    witnesses: int = 1
    confidence: float = 1.0
    told: date | None = None


@dataclass(frozen=True)
class Reported:
    """From when on there are reports at all, so that quiet news is not taken for quiet ground. None: there are none."""

    since: date | None
    reports: int = 0


def reported(days: Sequence[date]) -> Reported:
    """The coverage of reports published on these days."""
    return Reported(min(days, default=None), len(days))


# ---------------------------------------------------------------- from what a linked event says


def brief_of(event: LinkedEvent) -> Happening:
    """The event in brief: of each field the value that its stated rule calls best, and all parties that still stand.

    An event that no report says has happened, and that was announced, has the status of its plan.
    """
    accounts, tellings = event.accounts, event.tellings
    kind = best_of(accounts, "kind", Kind) or Kind(tellings[0].claim.event.type, None)
    days = best_of(accounts, "days", Days) or Days(None, None)
    place = best_of(accounts, "place", Place)
    is_fine = place is not None and place.kind not in {PlaceKind.COUNTRY, PlaceKind.REGION}
    return Happening(
        id=accounts.id,
        claims=accounts.claims,
        type=kind.type,
        mode=kind.mode,
        status=(best_of(accounts, "status", StatusValue) or StatusValue.ASSERTED).value,
        contexts=tuple(dict.fromkeys(c for t in tellings if t.is_current for c in t.claim.event.contexts)),
        first=days.first,
        last=days.last,
        place=place.name if place and is_fine else None,
        place_id=f"geonames:{place.geonames}" if place and place.geonames is not None else None,
        admin1=place.admin1 if place else None,
        country=place.country if place else None,
        actors=_parties(accounts.field("actors")),
        recipients=_parties(accounts.field("recipients")),
        figures=tuple(_figure(tally, event) for tally in accounts.tallies if _is_whole(tally, accounts)),
        contradictions=tuple(_contradictions(accounts)),
        movements=tuple(_movements(accounts)),
        withdrawals=tuple(_withdrawals(event)),
        plan=_plan(event),
        witnesses=len(accounts.witnesses),
        confidence=max(t.claim.event.confidence for t in tellings),
        told=accounts.first_told,
    )


def best_of(accounts: EventAccounts, name: str, kind: type[V]) -> V | None:
    """The value of a field that its stated rule calls best; nothing of that kind stands: None."""
    told = accounts.field(name)
    value = told.accounts[told.best].value if told is not None and told.best is not None else None
    return value if isinstance(value, kind) else None


def _current(accounts: Sequence[Account]) -> list[Account]:
    return [account for account in accounts if account.standing is Standing.CURRENT]


def _parties(told: FieldAccounts | None) -> tuple[Party, ...]:
    actors = [a.value for a in _current(told.accounts) if isinstance(a.value, Actor)] if told else []
    return tuple(dict.fromkeys(Party(a.name, a.country, a.sector, _is_named(a)) for a in actors))


def _is_named(actor: Actor) -> bool:
    return actor.id is not None or (not actor.is_group and actor.name[:1].isupper())


def _is_whole(tally: Tally, accounts: EventAccounts) -> bool:
    """A figure of all sides; of one side only where there is none of all."""
    return tally.side is None or accounts.tally(tally.what) is None


def _figure(tally: Tally, event: LinkedEvent) -> Figure:
    claims = tuple(dict.fromkeys(claim for account in _current(tally.accounts) for claim in account.claims))
    counts = [c for t in event.tellings if t.claim.id in claims for c in t.claim.event.counts if c.what == tally.what]
    is_running = any(c.tallied is Tallied.RUNNING_TOTAL for c in counts)
    return Figure(tally.what, tally.low, tally.high, claims, is_running)


def _contradictions(accounts: EventAccounts) -> Iterator[Contradiction]:
    told = [(f.field, f.verdict, f.accounts) for f in accounts.fields]
    told += [(t.what, t.verdict, t.accounts) for t in accounts.tallies]
    for name, verdict, values in told:
        if verdict is Verdict.DISPUTE:
            stand = sorted(_current(values), key=lambda a: (a.first_told, a.in_words))
            claims = tuple(dict.fromkeys(claim for a in stand for claim in a.claims))
            yield Contradiction(FIELD_NAMES.get(name, name), tuple(a.in_words for a in stand), claims)


FIELD_NAMES = {"kind": "type", "days": "day"}
"""What rules call a field, where accounts call it otherwise."""


def _movements(accounts: EventAccounts) -> Iterator[Movement]:
    """Each movement once: a figure that stood in five reprints was revised in all of them."""
    told: dict[Movement, dict[str, None]] = {}
    for revision in (r for tally in accounts.tallies for r in tally.revisions):
        if revision.after is None:
            continue
        moved = Movement(revision.what, _ends(revision.before), _ends(revision.after), revision.told)
        told.setdefault(moved, {}).update(dict.fromkeys((revision.earlier, revision.later)))
    return (replace(moved, claims=tuple(claims)) for moved, claims in told.items())


def _ends(bounds: Bounds) -> tuple[float, float | None]:
    return bounds.low, bounds.high


def _withdrawals(event: LinkedEvent) -> Iterator[Withdrawal]:
    for t in event.tellings:
        of = f"{t.publisher or 'a report'} of {t.told}"
        if t.is_retracted:
            yield Withdrawal("retraction", of, claims=(t.claim.id,))
        elif t.superseded_by is not None:
            yield Withdrawal("correction", of, claims=(t.claim.id,))


def _plan(event: LinkedEvent) -> Plan | None:
    plan = event.plan
    if plan is None or plan.event != event.id:
        return None
    due = (plan.due.last or plan.due.first) if plan.due else None
    return Plan(plan.fulfilment, due, plan.claims)
