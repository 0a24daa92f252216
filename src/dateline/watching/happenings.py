"""A linked event as watch rules and lists see it: one value a field, with what is disputed, revised or withdrawn beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    """A report of the event that was corrected or taken back ("correction", "retraction"), in which words, on which day."""

    kind: str
    words: str = ""
    told: date | None = None
    claims: tuple[str, ...] = ()


class PlanState(StrEnum):
    """What became of a plan."""

    NOT_YET = "not yet"
    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did not happen"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Plan:
    """What was announced: the last day on which it was due (None: no day was said), and what became of it."""

    state: PlanState
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
