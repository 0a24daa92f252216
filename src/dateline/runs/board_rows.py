"""The rows of a board from what the ledger has of each event's claims: from their flat columns, or where these do not tell all that
counts, from their records.

Pieces of columns go in and columns come out, so that several processes can share the work (`hands.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.resolve import ClaimStanding
from dateline.ledger.rows import ClaimTold, claims_in, tellings_in
from dateline.linking.agreement import in_words
from dateline.records import Actor, Days, LinkedEvent, Place, Standing, StatusValue, Tallied, Tally, Verdict
from dateline.runs.board import (
    ACCEPTED,
    ACTOR,
    COARSE,
    CORRECTED,
    DIFFER,
    FIGURE_DIFFERS,
    FIGURE_PART,
    FIGURE_RUNNING,
    NO_DAY,
    PLACES,
    PLAN,
    RECIPIENT,
    REGROUPED,
    REVISED,
    TELLER,
    WITHDRAWN,
    FigureCell,
    PartyCell,
    PlaceCell,
    Row,
    Stack,
    number_of,
    stacked,
)
from dateline.runs.events import Known, event_told
from dateline.watching.happenings import best_of, brief_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ByPersons:
    """What persons judged: what holds of claims, which claims they put together or took apart, and the events they took a claim
    out of by rejecting it."""

    standings: Mapping[str, ClaimStanding]
    grouped: frozenset[str]
    bereft: frozenset[str]


@dataclass(frozen=True)
class Piece:
    """Whole events, by their claims in the columns of `Ledger.claims_told`, or with `has_records` in those of `tellings`.

    The columns are an Arrow stream: a table that is cut out of another would take all of that along to another process.
    """

    columns: bytes
    has_records: bool


Made = TypeVar("Made")


@dataclass(frozen=True)
class Part(Generic[Made]):
    """What a piece came to: rows, without their prints, and the events of which the records must be read."""

    rows: Made
    others: tuple[str, ...] = ()


def piece_of(columns: pa.Table, *, has_records: bool) -> Piece:
    """These columns as a piece of work."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, columns.schema) as stream:
        stream.write_table(columns)
    return Piece(sink.getvalue().to_pybytes(), has_records)


@dataclass
class RowMaker:
    """Makes the rows of pieces. Of the events that are `noted` people or editors said something, and their records are read."""

    known: Known
    by_persons: ByPersons
    noted: frozenset[str]

    def __post_init__(self) -> None:
        self._plain = _Plain(self.known.accounts)

    def stack(self, piece: Piece) -> Part[Stack]:
        """The rows of these events in columns; those that people rejected have none."""
        part = self.rows(piece)
        return Part(stacked(part.rows), part.others)

    def rows(self, piece: Piece) -> Part[list[Row]]:
        """The same, row by row."""
        import pyarrow as pa

        columns = pa.ipc.open_stream(piece.columns).read_all()
        return Part(self._of_records(columns)) if piece.has_records else self._of_columns(columns)

    def _of_columns(self, columns: pa.Table) -> Part[list[Row]]:
        rows: list[Row] = []
        others: list[str] = []
        for id, claims in groupby(claims_in(columns), key=lambda claim: claim.event):
            row = self._plain.row(id, list(claims)) if id not in self.noted else None
            if row is None:
                others.append(id)
            else:
                rows.append(row)
        return Part(rows, tuple(others))

    def _of_records(self, columns: pa.Table) -> list[Row]:
        told = groupby(tellings_in(columns), key=lambda row: row.event_id)
        events = (event_told(id, list(rows), self.known) for id, rows in told)
        return [row_of(event, self.by_persons) for event in events if event is not None]


SAID = slice(ClaimTold._fields.index("type"), ClaimTold._fields.index("counts"))
"""What claims of an event must say alike to be as good as one."""


@dataclass
class _Plain:
    """Rows of events whose claims say one thing, told from the flat columns."""

    accounts: AccountKnowledge
    _harms: dict[str, bool] = field(default_factory=dict)
    """Whether a trigger says that somebody was harmed, who then counts though no figure is told."""
    _words: dict[tuple[str, str | None, str | None], str] = field(default_factory=dict)

    def row(self, id: str, claims: Sequence[ClaimTold]) -> Row | None:
        """The row; None: the records must be read."""
        first = claims[0]
        if len(claims) > 1 and any(claim.counts or claim[SAID] != first[SAID] for claim in claims):
            return None
        figures = self._figures(first)
        if figures is None or any(self._has_victims(claim) for claim in claims):
            return None
        has_day = first.first is not None or first.last is not None
        tellers = dict.fromkeys(name for claim in claims for name in claim.attribution)
        return Row(
            id=id,
            lead=first.claim,
            print=0,
            first=NO_DAY if first.first is None else first.first,
            last=NO_DAY if first.last is None else first.last,
            precision=first.precision if has_day else None,
            told=first.told,
            known=min(claim.known for claim in claims),
            type=first.type,
            mode=first.mode,
            status=first.status,
            place=_place_told(first),
            documents=len({claim.document for claim in claims}),
            witnesses=len({claim.witness for claim in claims}),
            claims=len(claims),
            confidence=max(claim.confidence for claim in claims),
            review=0,
            flags=PLAN * (first.status == StatusValue.PLANNED.value),
            parties=(
                *self._parties(ACTOR, first.actors, first.actor_countries, first.actor_sectors),
                *self._parties(RECIPIENT, first.recipients, first.recipient_countries, first.recipient_sectors),
                *(PartyCell(TELLER, name, None, None) for name in tellers),
            ),
            figures=figures,
        )

    def _parties(
        self, role: int, names: Sequence[str], countries: Sequence[str | None], sectors: Sequence[str | None]
    ) -> Sequence[PartyCell]:
        """In the order of accounts of which as many witnesses tell from the same day on: by their words."""
        sides = dict.fromkeys(zip(names, countries, sectors, strict=True))
        ordered = sorted(sides, key=self._in_words) if len(sides) > 1 else sides
        return [PartyCell(role, *side) for side in ordered]

    def _in_words(self, side: tuple[str, str | None, str | None]) -> str:
        if side not in self._words:
            self._words[side] = in_words(Actor(*side))
        return self._words[side]

    def _figures(self, claim: ClaimTold) -> tuple[FigureCell, ...] | None:
        """The figures of the only claim that has any; None: they must be settled."""
        if not claim.counts or claim.status not in COUNTING:
            return ()
        whats = {count["what"] for count in claim.counts}
        if len(whats) < len(claim.counts) or whats & self.accounts.wholes.keys() or (claim.is_running and len(whats) > 1):
            return None
        cells = (
            FigureCell(
                count["what"],
                count["low"] or 0.0,
                count["high"],
                FIGURE_RUNNING * claim.is_running + FIGURE_PART * count["is_part"],
            )
            for count in claim.counts
            if count["low"] is not None or count["high"] is not None
        )
        return tuple(sorted(cells))

    def _has_victims(self, claim: ClaimTold) -> bool:
        """Whether people may be told of as harmed one by one, which only the record tells."""
        if claim.status not in COUNTING or (claim.counts and not claim.recipients):
            return False
        if claim.trigger not in self._harms:
            knowledge, trigger = self.accounts, claim.trigger
            harm = knowledge.fate(trigger) or knowledge.fates_of_triggers.get(trigger.lower())
            self._harms[trigger] = harm is not None
        return self._harms[claim.trigger]


COUNTING = frozenset({StatusValue.ASSERTED.value, StatusValue.ALLEGED.value})
"""Statuses of claims whose figures count (docs/accounts.md)."""

COARSE_KINDS = frozenset(kind.value for kind in COARSE)


def _place_told(claim: ClaimTold) -> PlaceCell | None:
    if claim.place is None or claim.kind is None:
        return None
    is_coarse = claim.kind in COARSE_KINDS
    latitude, longitude = (None, None) if is_coarse else (claim.latitude, claim.longitude)
    return PlaceCell(claim.place, claim.country, claim.admin1, claim.kind, latitude, longitude)


def row_of(event: LinkedEvent, by_persons: ByPersons) -> Row:
    """The row of an event that was read."""
    brief, accounts, tellings = brief_of(event), event.accounts, event.tellings
    days, place = best_of(accounts, "days", Days), best_of(accounts, "place", Place)
    current = [t for t in tellings if t.is_current]
    where = accounts.field("place")
    is_planned = any(t.claim.event.status.value is StatusValue.PLANNED for t in current)
    flags = (
        DIFFER * bool(brief.contradictions)
        + REVISED * bool(brief.movements)
        + WITHDRAWN * bool(brief.withdrawals)
        + PLAN * is_planned
        + PLACES * (where is not None and where.verdict is Verdict.DISPUTE)
    )
    parties = [PartyCell(ACTOR, p.name, p.country, p.sector) for p in brief.actors]
    parties += [PartyCell(RECIPIENT, p.name, p.country, p.sector) for p in brief.recipients]
    tellers = dict.fromkeys(teller.actor.name for t in current for teller in t.claim.event.attribution)
    parties += [PartyCell(TELLER, name, None, None) for name in tellers]
    return Row(
        id=event.id,
        lead=(current or tellings)[0].claim.id,
        print=0,
        first=number_of(brief.first),
        last=number_of(brief.last),
        precision=_precision(event, days),
        told=number_of(accounts.first_told),
        known=number_of(min(t.known_at for t in tellings).astimezone(UTC).date()),
        type=brief.type,
        mode=brief.mode,
        status=brief.status,
        place=_place(place),
        documents=len({t.claim.document for t in tellings}),
        witnesses=brief.witnesses,
        claims=len(tellings),
        confidence=brief.confidence,
        review=_review(event, by_persons),
        flags=flags,
        parties=tuple(dict.fromkeys(parties)),
        figures=tuple(_figure(tally, event) for tally in accounts.tallies if tally.side is None and tally.best is not None),
    )


def _place(place: Place | None) -> PlaceCell | None:
    if place is None:
        return None
    latitude, longitude = place.point if place.point is not None and place.kind not in COARSE else (None, None)
    return PlaceCell(place.name, place.country, place.admin1, place.kind.value, latitude, longitude)


def _precision(event: LinkedEvent, days: Days | None) -> str | None:
    """How fine the days are, by the first telling that gives them."""
    for telling in event.tellings:
        time = telling.claim.event.time
        if days is not None and time is not None and (time.first, time.last) == (days.first, days.last):
            return time.precision.value
    return None


def _review(event: LinkedEvent, by_persons: ByPersons) -> int:
    """What persons did to the event, as bits."""
    review = CORRECTED * (event.id in by_persons.bereft)
    for telling in event.tellings:
        claim = telling.claim.id
        standing = by_persons.standings.get(claim, ClaimStanding())
        if standing.verdict is not None and not standing.verdict.by.is_machine:
            review |= ACCEPTED
        if any(j is not None and not j.by.is_machine for j in (*standing.corrections, standing.retraction)):
            review |= CORRECTED
        if claim in by_persons.grouped:
            review |= REGROUPED
    return review


def _figure(tally: Tally, event: LinkedEvent) -> FigureCell:
    claims = {claim for a in tally.accounts if a.standing is Standing.CURRENT for claim in a.claims}
    counts = [c for t in event.tellings if t.claim.id in claims for c in t.claim.event.counts if c.what == tally.what]
    flags = (
        FIGURE_DIFFERS * (tally.verdict is Verdict.DISPUTE)
        + FIGURE_RUNNING * any(c.tallied is Tallied.RUNNING_TOTAL for c in counts)
        + FIGURE_PART * (bool(counts) and all(c.is_part for c in counts))
    )
    return FigureCell(tally.what, tally.low, tally.high, flags)
