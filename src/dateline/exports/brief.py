"""An event in one flat row: of each field the value that its stated rule calls best, with bounds, parties and sources.

The names of the fields are those of the Parquet file's columns and of the tables of the Python API (docs/formats.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from dateline.exports.telling import Told
from dateline.records import Account, Actor, Bounds, Days, LinkedEvent, Place, PlaceKind, Standing, Tallied, Tally
from dateline.views.events import headline
from dateline.views.wording import Wording
from dateline.watching.happenings import FIELD_NAMES, Happening, Party, best_of, brief_of

P = TypeVar("P", Party, "FlatParty")

COARSE = frozenset({PlaceKind.COUNTRY, PlaceKind.REGION})
"""Kinds of place that have no point: the middle of a country is nowhere."""

COLUMNS_OF_THEIR_OWN = ("killed", "injured", "detained", "missing", "displaced", "participants")
"""Figures whose bounds have columns of their own beside `figures`, which has all."""


@dataclass(frozen=True)
class FlatParty:
    """Who, in a role of an event. `country` is ISO 3166-1 alpha-3, or EUR, UNO, IGO, NGO, MNC."""

    name: str
    country: str | None
    sector: str | None
    id: str | None
    is_group: bool


@dataclass(frozen=True)
class FlatFigure:
    """How many, for one thing that is counted; `side` None counts all together. Bounds are inclusive, `high` None is open.

    `named` is the highest number that a report names, which stands for an open upper bound where a format must have a number.
    `is_running`: a total so far, of more than this event, and never to be added to another.
    """

    what: str
    side: str | None
    low: float
    high: float | None
    best: float | None
    named: float
    verdict: str
    is_running: bool


@dataclass(frozen=True)
class Brief:
    """The row. None and empty stand for what no report says; the fields are explained in docs/formats.md."""

    id: str
    headline: str
    type: str
    mode: str | None
    status: str
    stands: bool
    contexts: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    day_precision: str | None
    is_day_assumed: bool
    place: str | None
    place_kind: str | None
    within: str | None
    admin1: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames: int | None
    actors: tuple[FlatParty, ...]
    recipients: tuple[FlatParty, ...]
    figures: tuple[FlatFigure, ...]
    documents: int
    witnesses: int
    claims: int
    publishers: tuple[str, ...]
    urls: tuple[str, ...]
    tellers: tuple[str, ...]
    evidence: str
    title: str | None
    confidence: float
    disputed: tuple[str, ...]
    marks: tuple[str, ...]
    review: tuple[str, ...]
    first_reported: date
    last_reported: date
    known_since: datetime
    changed: datetime
    address: str | None

    def figure(self, what: str, side: str | None = None) -> FlatFigure | None:
        """The figure of that kind, by default of all together; none is told: None."""
        return next((f for f in self.figures if f.what == what and f.side == side), None)

    @property
    def day(self) -> date | None:
        """The day for a format that has one: the first, or the last where the beginning is open."""
        return self.first_day or self.last_day


def brief(told: Told, wording: Wording) -> Brief:
    """The event in one row."""
    event, accounts = told.event, told.event.accounts
    happening = happening_of(told)
    days = best_of(accounts, "days", Days) or Days(None, None)
    place = best_of(accounts, "place", Place)
    point = place.point if place is not None and place.kind not in COARSE else None
    current = [t for t in event.tellings if t.is_current] or list(event.tellings)
    entered = [told.sources[id] for id in dict.fromkeys(t.claim.document for t in event.tellings) if id in told.sources]
    lead = told.sources.get(current[0].claim.document)
    disputed = tuple(dict.fromkeys(c.field for c in happening.contradictions))
    return Brief(
        id=event.id,
        headline=headline(happening, wording),
        type=happening.type,
        mode=happening.mode,
        status=happening.status,
        stands=any(t.is_current for t in event.tellings),
        contexts=happening.contexts,
        first_day=days.first,
        last_day=days.last,
        day_precision=_precision(event, days),
        is_day_assumed=days.is_assumed,
        place=place.name if place else None,
        place_kind=place.kind.value if place else None,
        within=place.within if place else None,
        admin1=place.admin1 if place else None,
        country=place.country if place else None,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        geonames=place.geonames if place else None,
        actors=_parties(told, "actors"),
        recipients=_parties(told, "recipients"),
        figures=tuple(_figure(tally, event) for tally in accounts.tallies),
        documents=len({t.claim.document for t in event.tellings}),
        witnesses=happening.witnesses,
        claims=len(event.tellings),
        publishers=tuple(dict.fromkeys(t.publisher for t in event.tellings if t.publisher)),
        urls=tuple(dict.fromkeys(e.document.address for e in entered if e.document.address)),
        tellers=tuple(dict.fromkeys(t.claim.event.attribution[-1].actor.name for t in current if t.claim.event.attribution)),
        evidence=current[0].evidence,
        title=lead.document.title if lead else None,
        confidence=round(happening.confidence, 4),
        disputed=tuple(FIELD_NAMES.get(name, name) for name in disputed),
        marks=told.marks,
        review=told.review,
        first_reported=accounts.first_told,
        last_reported=accounts.last_told,
        known_since=min(t.known_at for t in event.tellings).astimezone(UTC),
        changed=max([t.known_at for t in event.tellings] + [j.at for j in told.judgements]).astimezone(UTC),
        address=told.address,
    )


def bounds_columns(brief: Brief) -> Mapping[str, float | None]:
    """`killed_low`, `killed_high` and so on, in order; a figure that nobody gives, and an open upper bound: None."""
    found = {what: brief.figure(what) for what in COLUMNS_OF_THEIR_OWN}
    return {
        f"{what}_{side}": (figure.low if side == "low" else figure.high) if figure else None
        for what, figure in found.items()
        for side in ("low", "high")
    }


def _precision(event: LinkedEvent, days: Days) -> str | None:
    """How fine the days are, by the first telling that gives them."""
    for telling in event.tellings:
        time = telling.claim.event.time
        if time is not None and (time.first, time.last) == (days.first, days.last):
            return time.precision.value
    return None


def standing(accounts: tuple[Account, ...]) -> list[Account]:
    """Those that still count."""
    return [account for account in accounts if account.standing is Standing.CURRENT]


def happening_of(told: Told) -> Happening:
    """The event in brief (watching/happenings.py), its parties under the names that are shown."""
    happening = brief_of(told.event)
    actors, recipients = (
        _each_once([replace(party, name=told.shown(party.name)) for party in parties])
        for parties in (happening.actors, happening.recipients)
    )
    return replace(happening, actors=actors, recipients=recipients)


def _parties(told: Told, role: str) -> tuple[FlatParty, ...]:
    """Who stands in a role, in the order of its accounts."""
    field = told.event.accounts.field(role)
    actors = [a.value for a in standing(field.accounts) if isinstance(a.value, Actor)] if field else []
    return _each_once([FlatParty(told.shown(a.name), a.country, a.sector, a.id, a.is_group) for a in actors])


def _each_once(parties: Sequence[P]) -> tuple[P, ...]:
    """The first of each name, country and sector, in order."""
    first: dict[tuple[str, str | None, str | None], P] = {}
    for party in parties:
        first.setdefault((party.name, party.country, party.sector), party)
    return tuple(first.values())


def _figure(tally: Tally, event: LinkedEvent) -> FlatFigure:
    accounts = standing(tally.accounts)
    claims = {claim for account in accounts for claim in account.claims}
    counts = [c for t in event.tellings if t.claim.id in claims for c in t.claim.event.counts if c.what == tally.what]
    told = [a.value for a in accounts if isinstance(a.value, Bounds)]
    named = max([tally.low, *(b.low if b.high is None else b.high for b in told)])
    return FlatFigure(
        tally.what,
        tally.side,
        tally.low,
        tally.high,
        tally.best,
        named if tally.high is None else tally.high,
        tally.verdict.value,
        any(c.tallied is Tallied.RUNNING_TOTAL for c in counts),
    )
