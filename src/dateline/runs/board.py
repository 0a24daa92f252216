"""The board: every event of a ledger at a moment, a row each, column by column, for whoever must look at all of them at once.

A row says what the event says in brief (`brief_of`): of each field the value that its stated rule calls best, the bounds of its
figures, and signs of what a reader must know before using it. Rows stand by first day, those without one first, then by last day
and id. docs/page-data.md tells columns and values for programmers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import ceil, floor, inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import ClaimStanding, followed
from dateline.ledger.store import Ledger
from dateline.records import (
    Days,
    JudgementKind,
    LinkedEvent,
    Place,
    PlaceKind,
    Precision,
    Standing,
    StatusValue,
    Tallied,
    Tally,
    Verdict,
)
from dateline.runs.events import read_events
from dateline.watching.happenings import Figure, Happening, Party, best_of, brief_of

MAGIC = b"DLBOARD1"
NO_DAY = -(2**31)
NOTHING = {"u1": 2**8 - 1, "u2": 2**16 - 1, "u4": 2**32 - 1}
"""What stands for "none" in a column of a kind, and for an open upper bound."""

EPOCH = date(1970, 1, 1)

ACTOR, RECIPIENT, TELLER = 0, 1, 2
"""Roles of a party in the column `party`."""

ACCEPTED, CORRECTED, REGROUPED = 1, 2, 4
"""Bits of `review`: what persons did. CORRECTED also when they rejected or retracted one of its claims."""

DIFFER, REVISED, WITHDRAWN, PLAN, EPISODE, PLACES = 1, 2, 4, 8, 16, 32
"""Bits of `flags`. PLAN: a report that stands announces it. PLACES: reports differ on where it was."""

FIGURE_DIFFERS, FIGURE_RUNNING, FIGURE_PART = 1, 2, 4
"""Bits of `figure_flags`. PART: all that is told counts a part of another figure."""


class PartyCell(NamedTuple):
    role: int
    name: str
    country: str | None
    sector: str | None


class FigureCell(NamedTuple):
    """Bounds inclusive; `high` None is open."""

    what: str
    low: float
    high: float | None
    flags: int


class Row(NamedTuple):
    """An event before its values are numbers. `lead` is the claim whose words are shown for it."""

    id: str
    lead: str
    first: date | None
    last: date | None
    precision: str | None
    told: date
    known: date
    type: str
    mode: str | None
    status: str
    place: Place | None
    documents: int
    witnesses: int
    claims: int
    confidence: float
    review: int
    flags: int
    parties: tuple[PartyCell, ...]
    figures: tuple[FigureCell, ...]


@dataclass(frozen=True)
class Places:
    """Places by number. Latitude and longitude are None where there is no point: countries and regions never have one."""

    name: tuple[str, ...]
    country: tuple[str | None, ...]
    admin1: tuple[str | None, ...]
    kind: tuple[str, ...]
    latitude: tuple[float | None, ...]
    longitude: tuple[float | None, ...]


@dataclass(frozen=True)
class Actors:
    """Actors by number: a name with the side that it was taken for. Of tellers the name alone is known."""

    name: tuple[str, ...]
    country: tuple[str | None, ...]
    sector: tuple[str | None, ...]


@dataclass(frozen=True)
class Tables:
    """What the numbers in the columns mean."""

    types: tuple[str, ...]
    modes: tuple[str, ...]
    statuses: tuple[str, ...]
    countries: tuple[str, ...]
    precisions: tuple[str, ...]
    whats: tuple[str, ...]
    places: Places
    actors: Actors


KINDS = {
    "first": "i4", "last": "i4", "precision": "u1", "told": "i4", "known": "i4", "type": "u1", "mode": "u1", "status": "u1",
    "country": "u2", "place": "u4", "documents": "u2", "witnesses": "u2", "claims": "u2", "confidence": "u1", "review": "u1",
    "flags": "u1", "party_start": "u4", "party": "u4", "figure_start": "u4", "figure_what": "u1", "figure_low": "u4",
    "figure_high": "u4", "figure_flags": "u1", "coverage_day": "i4", "coverage": "u4",
}  # fmt: skip
"""The columns with the kind of their numbers, little-endian, in the order in which they are sent."""

EXACT = ("exact_low", "exact_high")
"""Bounds as they were told, an open one as infinity; `figure_low` and `figure_high` have them in whole numbers, widened."""

WORDS = {"u1": "u8", "u2": "u16", "u4": "u32", "i4": "i32"}

Column = NDArray[Any]


@dataclass(frozen=True)
class Board:
    """The events of a ledger at a moment (`as_of` None: now). `columns` has the arrays of KINDS, `ids` the event of each row, and
    `leads` the claim whose words are shown for it. `documents`: how many there are. The same `key`: the same board."""

    key: str
    as_of: datetime | None
    tables: Tables
    columns: dict[str, Column]
    ids: Column
    leads: Column
    documents: int

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _by_id(self) -> Column:
        return np.argsort(self.ids, kind="stable")

    def row_of(self, id: str) -> int | None:
        """The row of an event; it has none: None."""
        wanted = np.bytes_(id.encode("ascii", "replace"))
        place = int(np.searchsorted(self.ids, wanted, sorter=self._by_id))
        row = int(self._by_id[place]) if place < len(self) else -1
        return row if row >= 0 and self.ids[row] == wanted else None

    def rows_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The rows of events, ascending; those that have none are left out."""
        wanted = np.array([id.encode("ascii", "replace") for id in ids], "S")
        if not len(wanted) or not len(self):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.ids, wanted, sorter=self._by_id), len(self) - 1)
        rows = self._by_id[places]
        found: NDArray[np.int64] = np.unique(rows[self.ids[rows] == wanted]).astype(np.int64)
        return found

    def id_of(self, row: int) -> str:
        """The event of a row."""
        return str(self.ids[row].decode("ascii"))

    def lead_of(self, row: int) -> str:
        """The claim whose words are shown for the event: of those that stand the one told first."""
        return str(self.leads[row].decode("ascii"))

    def place_of(self, row: int) -> Place | None:
        """Where it was, by the accounts' best value; nobody tells: None."""
        number = int(self.columns["place"][row])
        if number == NOTHING["u4"]:
            return None
        table = self.tables.places
        latitude, longitude = table.latitude[number], table.longitude[number]
        point = (latitude, longitude) if latitude is not None and longitude is not None else None
        return Place(table.name[number], PlaceKind(table.kind[number]), table.country[number], None, table.admin1[number], point)

    def parties_of(self, row: int, role: int) -> tuple[Party, ...]:
        """Who is in the event in a role, in the order of the accounts."""
        start, end = (int(n) for n in self.columns["party_start"][row : row + 2])
        table = self.tables.actors
        cells = self.columns["party"][start:end].tolist()
        return tuple(Party(table.name[n >> 2], table.country[n >> 2], table.sector[n >> 2]) for n in cells if n & 3 == role)

    def figures_of(self, row: int) -> tuple[FigureCell, ...]:
        """The event's figures, by kind."""
        start, end = (int(n) for n in self.columns["figure_start"][row : row + 2])
        names = ("figure_what", *EXACT, "figure_flags")
        what, low, high, flags = (self.columns[name][start:end].tolist() for name in names)
        return tuple(
            FigureCell(self.tables.whats[w], lo, None if hi == inf else hi, fl)
            for w, lo, hi, fl in zip(what, low, high, flags, strict=True)
        )

    def day(self, name: str, row: int) -> date | None:
        """The day in a column of days; not told: None."""
        return day_of(int(self.columns[name][row]))

    def brief(self, row: int) -> Happening:
        """The event in brief, as far as the columns tell it."""
        columns, place = self.columns, self.place_of(row)
        mode = int(columns["mode"][row])
        is_fine = place is not None and place.kind not in COARSE
        return Happening(
            id=self.id_of(row),
            claims=(),
            type=self.tables.types[columns["type"][row]],
            mode=self.tables.modes[mode] if mode != NOTHING["u1"] else None,
            status=self.tables.statuses[columns["status"][row]],
            first=self.day("first", row),
            last=self.day("last", row),
            place=place.name if place and is_fine else None,
            admin1=place.admin1 if place else None,
            country=place.country if place else None,
            actors=self.parties_of(row, ACTOR),
            recipients=self.parties_of(row, RECIPIENT),
            figures=tuple(Figure(f.what, f.low, f.high, (), bool(f.flags & FIGURE_RUNNING)) for f in self.figures_of(row)),
            witnesses=int(columns["witnesses"][row]),
            confidence=int(columns["confidence"][row]) / 100,
            told=self.day("told", row),
        )


COARSE = frozenset({PlaceKind.COUNTRY, PlaceKind.REGION})


def day_of(number: int) -> date | None:
    """The day of a number of a column; not told: None."""
    return None if number == NO_DAY else EPOCH + timedelta(days=number)


def number_of(day: date | None) -> int:
    """The number of a day in a column."""
    return NO_DAY if day is None else (day - EPOCH).days


# ---------------------------------------------------------------- made from a ledger


def make_board(ledger: Ledger, knowledge: AccountKnowledge, people: Judged) -> Board:
    """The board of a ledger with people's judgements, as of their moment."""
    as_of = people.as_of
    reading = read_events(ledger, knowledge, as_of=as_of, people=people)
    by_persons = _by_persons(people)
    rows = [_row(event, by_persons) for event in reading.events]
    documents = sum(batch.num_rows for batch in ledger.document_columns(("document_id",), as_of=as_of))
    return assembled(rows, board_key(ledger, people), as_of, reading.published, documents)


def board_key(ledger: Ledger, people: Judged) -> str:
    """The same for the same ledger, judgements and moment: a shard or a judgement more gives another."""
    state = ledger.state().known_by(people.as_of)
    shards = sorted(receipt.shard for receipt in state.receipts)
    said = [shards, state.catalogue.number, len(people.judgements), people.log.head(), str(people.as_of)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class _ByPersons:
    """What persons judged: what holds of claims, which claims they put together or took apart, and the events they took a claim
    out of by rejecting it."""

    standings: Mapping[str, ClaimStanding]
    grouped: frozenset[str]
    bereft: frozenset[str]


def _by_persons(people: Judged) -> _ByPersons:
    held = (j for j in people.judgements if j.id in people.in_force and not j.by.is_machine)
    moved = (followed(j, people.successors) for j in held if j.kind in {JudgementKind.MERGED, JudgementKind.SPLIT})
    grouped = frozenset(claim for judgement in moved for claim in judgement.claims)
    rejected = [claim for claim, standing in people.standings.items() if standing.is_rejected]
    events = people.mates(rejected) if rejected else {}
    return _ByPersons(people.standings, grouped, frozenset(events[claim] for claim in rejected if claim in events))


def _row(event: LinkedEvent, by_persons: _ByPersons) -> Row:
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
        + EPISODE * (event.episode is not None)
        + PLACES * (where is not None and where.verdict is Verdict.DISPUTE)
    )
    parties = [PartyCell(ACTOR, p.name, p.country, p.sector) for p in brief.actors]
    parties += [PartyCell(RECIPIENT, p.name, p.country, p.sector) for p in brief.recipients]
    tellers = dict.fromkeys(teller.actor.name for t in current for teller in t.claim.event.attribution)
    parties += [PartyCell(TELLER, name, None, None) for name in tellers]
    return Row(
        id=event.id,
        lead=(current or tellings)[0].claim.id,
        first=brief.first,
        last=brief.last,
        precision=_precision(event, days),
        told=accounts.first_told,
        known=min(t.known_at for t in tellings).astimezone(UTC).date(),
        type=brief.type,
        mode=brief.mode,
        status=brief.status,
        place=place,
        documents=len({t.claim.document for t in tellings}),
        witnesses=brief.witnesses,
        claims=len(tellings),
        confidence=brief.confidence,
        review=_review(event, by_persons),
        flags=flags,
        parties=tuple(dict.fromkeys(parties)),
        figures=tuple(_figure(tally, event) for tally in accounts.tallies if tally.side is None and tally.best is not None),
    )


def _precision(event: LinkedEvent, days: Days | None) -> str | None:
    """How fine the days are, by the first telling that gives them."""
    for telling in event.tellings:
        time = telling.claim.event.time
        if days is not None and time is not None and (time.first, time.last) == (days.first, days.last):
            return time.precision.value
    return None


def _review(event: LinkedEvent, by_persons: _ByPersons) -> int:
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


# ---------------------------------------------------------------- rows into columns


class _Numbers(dict[Any, int]):
    """Values by the order in which they were first seen."""

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


PRECISIONS = tuple(p.value for p in Precision)
STATUSES = tuple(s.value for s in StatusValue)


def assembled(rows: Iterable[Row], key: str, as_of: datetime | None, published: Sequence[date], documents: int) -> Board:
    """The rows as a board. `published` has a day for each document that has one."""
    ordered = sorted(rows, key=lambda row: (number_of(row.first), number_of(row.last), row.id))
    types, modes, countries, whats, places, actors = (_Numbers() for _ in range(6))
    none8, none16, none32 = NOTHING["u1"], NOTHING["u2"], NOTHING["u4"]
    values: dict[str, list[int]] = {name: [] for name in KINDS}
    values["party_start"], values["figure_start"] = [0], [0]
    exact: dict[str, list[float]] = {name: [] for name in EXACT}
    for row in ordered:
        place = row.place
        for name, value in (
            ("first", number_of(row.first)),
            ("last", number_of(row.last)),
            ("precision", PRECISIONS.index(row.precision) if row.precision else none8),
            ("told", number_of(row.told)),
            ("known", number_of(row.known)),
            ("type", types[row.type]),
            ("mode", modes[row.mode] if row.mode else none8),
            ("status", STATUSES.index(row.status)),
            ("country", countries[place.country] if place and place.country else none16),
            ("place", places[_place_key(place)] if place else none32),
            ("documents", min(row.documents, none16)),
            ("witnesses", min(row.witnesses, none16)),
            ("claims", min(row.claims, none16)),
            ("confidence", round(100 * row.confidence)),
            ("review", row.review),
            ("flags", row.flags),
        ):
            values[name].append(value)
        values["party"] += [4 * actors[cell[1:]] + cell.role for cell in row.parties]
        values["party_start"].append(len(values["party"]))
        for figure in row.figures:
            values["figure_what"].append(whats[figure.what])
            values["figure_low"].append(min(floor(figure.low), none32 - 1))
            values["figure_high"].append(none32 if figure.high is None else min(ceil(figure.high), none32))
            exact["exact_low"].append(figure.low)
            exact["exact_high"].append(inf if figure.high is None else figure.high)
            values["figure_flags"].append(figure.flags)
        values["figure_start"].append(len(values["figure_what"]))
    days, counts = np.unique(np.array([number_of(day) for day in published], np.int64), return_counts=True)
    columns: dict[str, Column] = {name: np.array(values[name], f"<{kind}") for name, kind in KINDS.items()}
    columns |= {name: np.array(bounds, "<f8") for name, bounds in exact.items()}
    columns |= {"coverage_day": days.astype("<i4"), "coverage": counts.astype("<u4")}
    tables = Tables(
        types=tuple(types),
        modes=tuple(modes),
        statuses=STATUSES,
        countries=tuple(countries),
        precisions=PRECISIONS,
        whats=tuple(whats),
        places=Places(*(_transposed(places, 6))),
        actors=Actors(*(_transposed(actors, 3))),
    )
    ids, leads = (np.array([getattr(row, name) for row in ordered], "S") for name in ("id", "lead"))
    return Board(key, as_of, tables, columns, ids, leads, documents)


def _place_key(place: Place) -> tuple[str, str | None, str | None, str, float | None, float | None]:
    point = place.point if place.kind not in COARSE else None
    latitude, longitude = point if point is not None else (None, None)
    return place.name, place.country, place.admin1, place.kind.value, latitude, longitude


def _transposed(keys: Iterable[tuple[Any, ...]], width: int) -> tuple[tuple[Any, ...], ...]:
    return tuple(zip(*keys, strict=True)) or ((),) * width


# ---------------------------------------------------------------- as bytes


def wire(board: Board) -> bytes:
    """The board as pages fetch it (docs/page-data.md); the same board gives the same bytes."""
    blocks: list[bytes] = []
    described: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, kind in KINDS.items():
        block = board.columns[name].tobytes()
        described[name] = {"kind": WORDS[kind], "offset": offset, "length": len(board.columns[name])}
        blocks.append(block + bytes(-len(block) % 8))
        offset += len(blocks[-1])
    header = {
        "key": board.key,
        "as_of": board.as_of.isoformat() if board.as_of else None,
        "events": len(board),
        "documents": board.documents,
        "tables": {field.name: _table(getattr(board.tables, field.name)) for field in fields(Tables)},
        "columns": described,
    }
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    before = len(MAGIC) + 4 + len(head)
    return b"".join((MAGIC, len(head).to_bytes(4, "little"), head, bytes(-before % 8), *blocks))


def _table(table: Any) -> Any:
    if isinstance(table, tuple):
        return table
    return {field.name: getattr(table, field.name) for field in fields(table)}
