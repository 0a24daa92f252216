"""The board: every event of a ledger at a moment, a row each, column by column, for whoever must look at all of them at once.

A row says what the event says in brief (`brief_of`): of each field the value that its stated rule calls best, the bounds of its
figures, and signs of what a reader must know before using it. Rows stand by first day, those without one first, then by last day
and id. docs/page-data.md tells columns and values for programmers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil, floor, inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dateline.ledger.judged import Judged
from dateline.ledger.store import Ledger
from dateline.records import Place, PlaceKind, Precision, StatusValue
from dateline.watching.happenings import Figure, Happening, Party

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


class PlaceCell(NamedTuple):
    name: str
    country: str | None
    admin1: str | None
    kind: str
    latitude: float | None
    longitude: float | None


class Row(NamedTuple):
    """An event before its values are numbers; days are (`number_of`). `lead` is the claim whose words are shown for it.

    `print` is the ledger's of the event's claims, with what people and editors said of them folded in.
    """

    id: str
    lead: str
    print: int
    first: int
    last: int
    precision: str | None
    told: int
    known: int
    type: str
    mode: str | None
    status: str
    place: PlaceCell | None
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

EXACT = {"exact_low": "f8", "exact_high": "f8"}
"""Bounds as they were told, an open one as infinity; `figure_low` and `figure_high` have them in whole numbers, widened."""

WORDS = {"u1": "u8", "u2": "u16", "u4": "u32", "i4": "i32"}

Column = NDArray[Any]


@dataclass(frozen=True)
class Board:
    """The events of a ledger at a moment (`as_of` None: now). The same `key`: the same board.

    `renamed`: names that stand on it under another, since people said that they are one actor's (runs/one_actor.py).

    `columns` has the arrays of KINDS and EXACT, `ids` the event of each row, `leads` the claim whose words are shown for it, and
    `prints` what tells whether its claims, and what was said of them, are still the same. `documents`: how many there are.
    `has_episodes` False: there are so many events that nobody looked which make up episodes, and the flag is nowhere set.
    """

    key: str
    as_of: datetime | None
    tables: Tables
    columns: dict[str, Column]
    ids: Column
    leads: Column
    prints: Column
    documents: int
    has_episodes: bool
    renamed: Mapping[str, str] = field(default_factory=dict)

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


def board_key(ledger: Ledger, people: Judged) -> str:
    """The same for the same ledger, judgements and moment: a shard or a judgement more by that moment gives another."""
    state = ledger.state().known_by(people.as_of)
    shards = sorted(receipt.shard for receipt in state.receipts)
    entries = people.log.entries(people.as_of)
    drafts = [str(draft) for draft in people.drafts]
    said = [shards, state.catalogue.number, entries[-1].hash if entries else "", drafts, str(people.as_of)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


# ---------------------------------------------------------------- rows into columns


class _Numbers(dict[Any, int]):
    """Values by the order in which they were first seen."""

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


PRECISIONS = tuple(p.value for p in Precision)
STATUSES = tuple(s.value for s in StatusValue)

EMPTY = Tables((), (), STATUSES, (), PRECISIONS, (), Places((), (), (), (), (), ()), Actors((), (), ()))


@dataclass(frozen=True)
class Stack:
    """Rows in columns, in no particular order, with tables of their own: what a board is put together from."""

    tables: Tables
    columns: dict[str, Column]
    ids: Column
    leads: Column
    prints: Column


def stacked(rows: Sequence[Row]) -> Stack:
    """The rows in columns, in the order given."""
    types, modes, countries, whats, places, actors = (_Numbers() for _ in range(6))
    none8, none16, none32 = NOTHING["u1"], NOTHING["u2"], NOTHING["u4"]
    values: dict[str, list[Any]] = {name: [] for name in (*KINDS, *EXACT)}
    values["party_start"], values["figure_start"] = [0], [0]
    for row in rows:
        place = row.place
        values["precision"].append(PRECISIONS.index(row.precision) if row.precision else none8)
        values["type"].append(types[row.type])
        values["mode"].append(modes[row.mode] if row.mode else none8)
        values["status"].append(STATUSES.index(row.status))
        values["country"].append(countries[place.country] if place and place.country else none16)
        values["place"].append(places[place] if place else none32)
        values["confidence"].append(round(100 * row.confidence))
        values["party"] += [4 * actors[cell[1:]] + cell.role for cell in row.parties]
        values["party_start"].append(len(values["party"]))
        for figure in row.figures:
            values["figure_what"].append(whats[figure.what])
            values["figure_low"].append(min(floor(figure.low), none32 - 1))
            values["figure_high"].append(none32 if figure.high is None else min(ceil(figure.high), none32))
            values["exact_low"].append(figure.low)
            values["exact_high"].append(inf if figure.high is None else figure.high)
            values["figure_flags"].append(figure.flags)
        values["figure_start"].append(len(values["figure_what"]))
    for name in ("first", "last", "told", "known", "review", "flags"):
        values[name] = [getattr(row, name) for row in rows]
    for name in ("documents", "witnesses", "claims"):
        values[name] = [min(getattr(row, name), none16) for row in rows]
    columns: dict[str, Column] = {name: np.array(values[name], f"<{kind}") for name, kind in (*KINDS.items(), *EXACT.items())}
    tables = Tables(
        types=tuple(types),
        modes=tuple(modes),
        statuses=STATUSES,
        countries=tuple(countries),
        precisions=PRECISIONS,
        whats=tuple(whats),
        places=Places(*_transposed(places, 6)),
        actors=Actors(*_transposed(actors, 3)),
    )
    ids, leads = (np.array([getattr(row, name) for row in rows], "S") for name in ("id", "lead"))
    return Stack(tables, columns, ids, leads, np.array([row.print for row in rows], "<u8"))


def _transposed(keys: Iterable[tuple[Any, ...]], width: int) -> tuple[tuple[Any, ...], ...]:
    return tuple(zip(*keys, strict=True)) or ((),) * width


def taken(of: Board | Stack, rows: NDArray[np.int64]) -> Stack:
    """These rows, in the order given."""
    columns = {name: of.columns[name][rows] for name in OF_ROWS}
    for start, names in OF_LISTS.items():
        begins = of.columns[start][:-1].astype(np.int64)[rows]
        lengths = of.columns[start][1:].astype(np.int64)[rows] - begins
        ends = np.cumsum(lengths)
        entries = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths) + np.repeat(begins, lengths)
        columns[start] = np.append(0, ends).astype("<u4")
        columns |= {name: of.columns[name][entries] for name in names}
    return Stack(of.tables, columns, of.ids[rows], of.leads[rows], of.prints[rows])


OF_LISTS = {"party_start": ("party",), "figure_start": ("figure_what", "figure_low", "figure_high", "figure_flags", *EXACT)}
"""The columns that have several values a row, by the one that says where a row's begin."""

OF_DAYS = ("coverage_day", "coverage")

OF_ROWS = tuple(name for name in KINDS if name not in OF_DAYS and name not in OF_LISTS and name not in sum(OF_LISTS.values(), ()))

TABLES = {"type": "types", "mode": "modes", "country": "countries", "figure_what": "whats", "place": "places"}
"""The columns that number the values of a table, one by one; `party` numbers actors and has the role besides."""


def laid_out(
    stacks: Sequence[Stack],
    *,
    key: str,
    as_of: datetime | None,
    coverage: Sequence[tuple[date | None, int]],
    has_episodes: bool,
) -> Board:
    """The rows of all stacks as a board. However they were stacked, equal rows give equal bytes: tables are sorted, and have what
    the rows have and nothing else. `coverage` has the number of documents of each day."""
    columns: dict[str, Column] = {}
    for name in (*OF_ROWS, *(entry for names in OF_LISTS.values() for entry in names)):
        columns[name] = np.concatenate([stack.columns[name] for stack in stacks])
    for start in OF_LISTS:
        lengths = [np.diff(stack.columns[start].astype(np.int64)) for stack in stacks]
        columns[start] = np.append(0, np.cumsum(np.concatenate(lengths))).astype("<u4")
    tables: dict[str, Any] = {}
    for column, table in TABLES.items():
        numbers, keys = _renumbered([s.columns[column] for s in stacks], [_keys_of(getattr(s.tables, table)) for s in stacks])
        columns[column] = numbers.astype(f"<{KINDS[column]}")
        tables[table] = Places(*_transposed(keys, 6)) if table == "places" else tuple(key for (key,) in keys)
    actors, keys = _renumbered([s.columns["party"] >> 2 for s in stacks], [_keys_of(s.tables.actors) for s in stacks])
    columns["party"] = (4 * actors + (columns["party"] & 3)).astype("<u4")
    ids, leads, prints = (np.concatenate([getattr(stack, name) for stack in stacks]) for name in ("ids", "leads", "prints"))
    stack = Stack(
        Tables(**tables, statuses=STATUSES, precisions=PRECISIONS, actors=Actors(*_transposed(keys, 3))),
        columns,
        ids,
        leads,
        prints,
    )
    ordered = taken(stack, np.lexsort((ids, columns["last"], columns["first"])))
    known = [(number_of(day), documents) for day, documents in coverage if day is not None]
    ordered.columns["coverage_day"] = np.array([day for day, _ in known], "<i4")
    ordered.columns["coverage"] = np.array([documents for _, documents in known], "<u4")
    documents = sum(number for _, number in coverage)
    return Board(key, as_of, ordered.tables, ordered.columns, ordered.ids, ordered.leads, ordered.prints, documents, has_episodes)


def _keys_of(table: Any) -> list[tuple[Any, ...]]:
    """The values of a table, each as a tuple."""
    if isinstance(table, tuple):
        return [(value,) for value in table]
    return list(zip(*(getattr(table, field.name) for field in fields(table)), strict=True))


def _renumbered(columns: Sequence[Column], tables: Sequence[Sequence[tuple[Any, ...]]]) -> tuple[Column, list[tuple[Any, ...]]]:
    """One column out of several, each with its table, and the values that are used, sorted; "none" stays what it is."""
    nothing = np.iinfo(columns[0].dtype).max
    used = [np.unique(column[column != nothing]).tolist() for column in columns]
    keys = sorted({table[n] for numbers, table in zip(used, tables, strict=True) for n in numbers}, key=_order)
    place = {key: number for number, key in enumerate(keys)}
    parts = []
    for column, numbers, table in zip(columns, used, tables, strict=True):
        now = np.full(len(table) + 1, nothing, np.int64)
        now[numbers] = [place[table[n]] for n in numbers]
        parts.append(now[np.minimum(column, len(table)).astype(np.int64)])
    return np.concatenate(parts), keys


def _order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((value is not None, value) if value is not None else (False, 0) for value in key)


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
        "episodes": board.has_episodes,
        "tables": as_lists(board.tables),
        "columns": described,
    }
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    before = len(MAGIC) + 4 + len(head)
    return b"".join((MAGIC, len(head).to_bytes(4, "little"), head, bytes(-before % 8), *blocks))


def as_lists(tables: Tables) -> dict[str, Any]:
    """The tables as JSON has them: a list, or a list for each column."""
    found = {field.name: getattr(tables, field.name) for field in fields(Tables)}
    return {name: table if isinstance(table, tuple) else vars(table) for name, table in found.items()}
