"""What a page is asked to show, in its address and on the board: the same words on the server and in the page's scripts.

Values of one facet are alternatives, a value with "-" before it is left out, and facets hold together.
page/src/filters.ts does the same; docs/page-data.md tells it for programmers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dateline.runs.board import DIFFER, EPISODE, NO_DAY, PLACES, PLAN, REVISED, WITHDRAWN, Board, Column, number_of
from dateline.views.wording import day as day_in_words

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

FACETS = ("type", "mode", "status", "country", "place", "actor", "flag")
"""What may be given several times, in the order in which an address has them."""

FLAGS = {"differ": DIFFER, "revised": REVISED, "corrected": WITHDRAWN, "plan": PLAN, "episode": EPISODE, "places": PLACES}

FLAG_WORDS = {
    "differ": "reports differ",
    "revised": "a figure was revised",
    "corrected": "a report was corrected or taken back",
    "plan": "announced",
    "episode": "part of an episode",
    "places": "reports differ on the place",
}
"""What each flag means, for people."""

REVIEWS = {"all": "reviewed by a person or not", "reviewed": "reviewed by a person", "machine": "by the machine alone"}

DATES = {"event": "happened", "report": "reported"}


@dataclass(frozen=True)
class Filters:
    """What is looked for. Each facet has its values as an address gives them, "-" before those that are left out.

    `since` and `until`, both inclusive, are about the days of the event, which must overlap them, or the day of the first report
    (`dates`). `review`: "all", "reviewed" or "machine". `box` is west, south, east and north in degrees; west of more than east
    goes across the 180th meridian. `witnesses`: so many at least. `q`: words in evidence, title and fields.
    """

    type: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    q: str = ""
    since: date | None = None
    until: date | None = None
    dates: str = "event"
    review: str = "all"
    box: tuple[float, float, float, float] | None = None
    witnesses: int = 0
    as_of: datetime | None = None

    @classmethod
    def parse(cls, params: QueryParams) -> Filters:
        """The filters of an address; empty values are none, as a form without script sends them. Raises HTTPException (400)."""
        facets = {name: tuple(dict.fromkeys(v for v in params.getlist(name) if v not in {"", "-"})) for name in FACETS}
        for flag in facets["flag"]:
            _one_of("flag", flag.removeprefix("-"), FLAGS)
        return cls(
            **facets,
            q=" ".join(params.get("q", "").split()),
            since=_day("since", params.get("since", "")),
            until=_day("until", params.get("until", "")),
            dates=_one_of("dates", params.get("dates") or "event", DATES),
            review=_one_of("review", params.get("review") or "all", REVIEWS),
            box=_box(params.get("box", "")),
            witnesses=_number("witnesses", params.get("witnesses", "")),
            as_of=read_moment(params.get("as_of", "")),
        )

    def rows(self, board: Board, found: Rows | None = None) -> Rows:
        """The numbers of the rows that fit, ascending. `found` are the rows in which the words of `q` were found (`Site.find`).

        Raises ValueError when words are asked for and nobody looked for them.
        """
        fits = np.ones(len(board), bool)
        for mask in self._masks(board):
            fits &= mask
        if self.q:
            if found is None:
                raise ValueError("words are looked for in the ledger: give the rows in which they were found")
            has_words = np.zeros(len(board), bool)
            has_words[found] = True
            fits &= has_words
        return np.flatnonzero(fits).astype(np.int64)

    def query(self) -> str:
        """The filters as the part of an address after "?"; none: the empty string."""
        return urlencode(list(self._parts()))

    def words(self) -> str:
        """What is asked, for people: "COERCE or PROTEST; in BLR, not MMR; happened from Mon 17 August 2020"."""
        said = [words for name in FACETS if (words := _facet_in_words(name, getattr(self, name)))]
        said += [f"with the words “{self.q}”"] if self.q else []
        if self.since or self.until:
            since = f" from {day_in_words(self.since)}" if self.since else ""
            said.append(f"{DATES[self.dates]}{since}{f' until {day_in_words(self.until)}' if self.until else ''}")
        said += [f"{self.witnesses} witnesses at least"] if self.witnesses else []
        if self.box:
            west, south, east, north = (f"{degrees:g}" for degrees in self.box)
            said.append(f"on the map between {south} and {north} north, {west} and {east} east")
        said.append(REVIEWS[self.review])
        if self.as_of:
            said.append(f"as known at {self.as_of:%Y-%m-%d %H:%M} UTC")
        return "; ".join(said)

    def _parts(self) -> Iterator[tuple[str, str]]:
        for name in FACETS:
            yield from ((name, value) for value in getattr(self, name))
        if self.q:
            yield "q", self.q
        for name, day in (("since", self.since), ("until", self.until)):
            if day:
                yield name, day.isoformat()
        if self.dates != "event":
            yield "dates", self.dates
        if self.review != "all":
            yield "review", self.review
        if self.box:
            yield "box", ",".join(f"{degrees:.8g}" for degrees in self.box)
        if self.witnesses:
            yield "witnesses", str(self.witnesses)
        if self.as_of:
            yield "as_of", written_moment(self.as_of)

    def _masks(self, board: Board) -> Iterator[Mask]:
        columns, tables = board.columns, board.tables
        coded: list[tuple[tuple[str, ...], str, Sequence[str]]] = [
            (self.type, "type", tables.types),
            (self.mode, "mode", tables.modes),
            (self.status, "status", tables.statuses),
            (self.country, "country", tables.countries),
            (self.place, "place", tables.places.name),
        ]
        for values, name, table in coded:
            if values:
                yield _of_values(values, partial(_with_value, columns[name], table))
        if self.actor:
            yield _of_values(self.actor, partial(_with_actor, board))
        if self.flag:
            yield _of_values(self.flag, partial(_with_flag, columns["flags"]))
        if self.since or self.until:
            yield _in_days(board, self.since, self.until, self.dates)
        if self.review != "all":
            yield (columns["review"] != 0) == (self.review == "reviewed")
        if self.box:
            yield _in_box(board, self.box)
        if self.witnesses:
            yield columns["witnesses"] >= self.witnesses


def moment_of(request: Request) -> datetime | None:
    """The moment of `as_of` in a page's address; none: None, for now. Raises HTTPException (400) for what is no moment."""
    return read_moment(request.query_params.get("as_of", ""))


def read_moment(text: str) -> datetime | None:
    """A moment as an address has it: a day alone is its end, and what says no zone is UTC. Empty: None."""
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text.replace(" ", "+"))
        if len(text) <= len("2020-08-18"):
            return datetime.combine(told.date(), time.min, UTC) + timedelta(days=1, microseconds=-1)
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise HTTPException(400, f"as_of={text} is no moment: write it as 2020-08-18 or 2020-08-18T12:00Z") from None


def written_moment(moment: datetime) -> str:
    """The moment as an address has it: the end of a day as the day."""
    end = datetime.combine(moment.date(), time.max, UTC)
    return moment.date().isoformat() if moment == end else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# ---------------------------------------------------------------- reading


def _one_of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise HTTPException(400, f"{name}={value} is not known here: it can be {', '.join(known)}")
    return value


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(400, f"{name}={text} is no day: write it as 2020-08-18") from None


def _number(name: str, text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise HTTPException(400, f"{name}={text} is no number")
    return min(int(text or 0), 2**31)


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (round(float(degrees), 5) for degrees in text.split(","))  # to a metre
    except ValueError:
        raise HTTPException(400, f"box={text} is no box: write west,south,east,north in degrees") from None
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise HTTPException(400, f"box={text} is no box: west,south,east,north with south below north, in degrees")
    return west, south, east, north


def _facet_in_words(name: str, values: Sequence[str]) -> str:
    named = [FLAG_WORDS[v] if name == "flag" else v for v in values if not v.startswith("-")]
    left_out = [FLAG_WORDS[v[1:]] if name == "flag" else v[1:] for v in values if v.startswith("-")]
    parts = [" or ".join(named)] if named else []
    parts += [f"not {value}" for value in left_out]
    before = {"country": "in ", "place": "in ", "actor": "with "}.get(name, "")
    return before + ", ".join(parts) if parts else ""


# ---------------------------------------------------------------- masks


def _of_values(values: Sequence[str], having: Callable[[Sequence[str]], Mask]) -> Mask:
    """Of rows that have one of the values named, those that have none of the values left out."""
    named = [value for value in values if not value.startswith("-")]
    left_out = [value[1:] for value in values if value.startswith("-")]
    mask: Mask = having(named) if named else ~having(left_out)
    return mask & ~having(left_out) if named and left_out else mask


def _with_value(column: Column, table: Sequence[str], named: Sequence[str]) -> Mask:
    return np.isin(column, _numbers(named, table))


def _with_flag(flags: Column, named: Sequence[str]) -> Mask:
    mask: Mask = (flags & sum(FLAGS[name] for name in named)) != 0
    return mask


def _numbers(named: Collection[str], table: Sequence[str]) -> list[int]:
    return [number for number, value in enumerate(table) if value in named]


def _with_actor(board: Board, named: Collection[str]) -> Mask:
    shown = {board.renamed.get(name, name) for name in named}
    parties = np.isin(board.columns["party"] >> 2, _numbers(shown, board.tables.actors.name))
    starts = board.columns["party_start"]
    mask = np.zeros(len(board), bool)
    mask[np.repeat(np.arange(len(board)), starts[1:] - starts[:-1])[parties]] = True
    return mask


def _in_days(board: Board, since: date | None, until: date | None, dates: str) -> Mask:
    """An open side of an event's days reaches everywhere; an event without any day is in no days."""
    names = ("first", "last") if dates == "event" else ("told", "told")
    first, last = (board.columns[name] for name in names)
    mask: Mask = (first != NO_DAY) | (last != NO_DAY)
    if since:
        mask &= (last == NO_DAY) | (last >= number_of(since))
    if until:
        mask &= (first == NO_DAY) | (first <= number_of(until))
    return mask


def _in_box(board: Board, box: tuple[float, float, float, float]) -> Mask:
    west, south, east, north = box
    places = board.tables.places
    latitude, longitude = (np.array(list(side), np.float64) for side in (places.latitude, places.longitude))
    across = (longitude >= west) | (longitude <= east) if west > east else (longitude >= west) & (longitude <= east)
    inside = np.append((latitude >= south) & (latitude <= north) & across, False)
    place = np.minimum(board.columns["place"], len(inside) - 1)  # what has no place takes the last, which is outside
    found: Mask = inside[place]
    return found
