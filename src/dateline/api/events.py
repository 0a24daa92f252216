"""Events that were looked for: nothing is read before it is asked for, and nothing changes once it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Unpack, overload

import numpy as np
from numpy.typing import NDArray

from dateline.api.asking import Asked, asked_in, check_codes, filters_asked, in_words, together
from dateline.api.columns import table_of
from dateline.api.event import Event, Reader
from dateline.api.frames import geopandas_of, network_of, pandas_of, polars_of
from dateline.api.showing import events_as_html
from dateline.api.tallies import Counted, counted
from dateline.web.filters import Filters
from dateline.web.sharing.rows import Chosen, choose
from dateline.web.sharing.tables import written
from dateline.web.site import Site

if TYPE_CHECKING:
    import geopandas
    import networkx
    import pandas
    import polars
    import pyarrow as pa

AT_ONCE = 200
"""Events of a walk over a set that are read in one go."""

SHOWN = 10
"""Events that a notebook shows."""


@dataclass(frozen=True, eq=False, repr=False)
class EventSet:
    """Some events of a ledger, in the order of their first days; those of no known day come first.

    It is read when it is first asked for anything, and stays as it was then, whatever is added to the ledger: ask again with
    `Project.find`. Slices and `find` give other sets and leave this one alone.
    """

    _site: Site
    _filters: Filters
    _within: EventSet | None = None
    _cut: slice | None = None

    # ------------------------------------------------------------ choosing

    def find(self, **asked: Unpack[Asked]) -> EventSet:
        """Those of them that fit, too (`Project.find`). Raises ValueError for what cannot be asked, saying what can."""
        filters = check_codes(filters_asked(self._filters.as_of, **asked), lambda: self.chosen.board)
        both = together(self._filters, filters) if self._within is None and self._cut is None and not self._is_read else None
        return EventSet(self._site, both) if both else EventSet(self._site, filters, self)

    def head(self, n: int = 5) -> EventSet:
        """The first n of them."""
        return self[: max(0, n)]

    @cached_property
    def chosen(self) -> Chosen:
        """The rows of the board that these are: what `told_events` and the formats of files take. Reads the ledger."""
        filters, within = self._filters, self._within
        if within is None:
            self._site.board(filters.as_of, is_waited_for=True)
            found = choose(self._site, filters)
        else:
            outer = within.chosen
            words = self._site.find(outer.board, filters.q) if filters.q else None
            rows = outer.rows[np.isin(outer.rows, filters.rows(outer.board, words))]
            narrowed = f"of these: {in_words(filters)}" if asked_in(filters) else ""
            found = replace(outer, rows=rows, narrowed="; ".join(filter(None, (outer.narrowed, narrowed))))
        if self._cut is None:
            return found
        rows = found.rows[self._cut]
        some = f"{len(rows):,} of these {len(found.rows):,}"
        return replace(found, rows=rows, narrowed="; ".join(filter(None, (found.narrowed, some))))

    @property
    def _is_read(self) -> bool:
        return "chosen" in self.__dict__

    @property
    def as_of(self) -> datetime | None:
        """The moment whose knowledge they have; None: that of when they were read."""
        return self._filters.as_of

    # ------------------------------------------------------------ one by one

    def __len__(self) -> int:
        return len(self.chosen.rows)

    def __iter__(self) -> Iterator[Event]:
        for start in range(0, len(self), AT_ONCE):
            yield from self._events(self.chosen.rows[start : start + AT_ONCE])

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> EventSet: ...
    def __getitem__(self, place: int | slice) -> Event | EventSet:
        if isinstance(place, slice):
            return EventSet(self._site, Filters(as_of=self._filters.as_of), self, place)
        if not -len(self) <= place < len(self):
            raise IndexError(f"there are {len(self):,} events, and none at {place}")
        (event,) = self._events(self.chosen.rows[[place]])
        return event

    def __contains__(self, event: object) -> bool:
        """Whether an event, or that with a whole id, is one of them."""
        id = event.id if isinstance(event, Event) else event
        row = self.chosen.board.row_of(id) if isinstance(id, str) else None
        return row is not None and bool(np.any(self.chosen.rows == row))

    def _events(self, rows: NDArray[np.int64]) -> Iterator[Event]:
        some = replace(self.chosen, rows=rows)
        reader = Reader(some)
        return (Event(MappingProxyType(row), reader) for row in some.told())

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the events, in order."""
        return tuple(map(self.chosen.board.id_of, self.chosen.rows.tolist()))

    # ------------------------------------------------------------ as tables, maps, networks, files

    def to_arrow(self) -> pa.Table:
        """A row an event, with typed columns (docs/python.md lists them): days as `date32`, parties and figures as lists.

        Each kind of figure that some of them have is a pair of columns, `killed_low` and `killed_high`; an upper bound that is null
        beside a lower one is open.
        """
        return table_of(self.chosen.told())

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a DataFrame, days as `datetime64`. Raises MissingExtraError without pandas."""
        return pandas_of(self.to_arrow())

    def to_polars(self) -> polars.DataFrame:
        """The same as a DataFrame of Polars. Raises MissingExtraError without it."""
        return polars_of(self.to_arrow())

    def to_geopandas(self) -> geopandas.GeoDataFrame:
        """The same with points in EPSG:4326. An event of which only the country or a region is known has no geometry, rather than a
        false point. Raises MissingExtraError without GeoPandas."""
        return geopandas_of(self.to_arrow())

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Who does what to whom: an edge from each actor to each recipient for every event, whose id is the edge's key.

        Edges are not added up: what is planned or denied would be counted with what was done. Events that name nobody at one end
        give nodes and no edge. Raises MissingExtraError without NetworkX.
        """
        return network_of(self.chosen.told())

    def to_geojson(self) -> dict[str, Any]:
        """A FeatureCollection with what it says of itself under `about`; no geometry where no point is known."""
        told: dict[str, Any] = json.loads(b"".join(written(self.chosen, "geojson")))
        return told

    def export(
        self,
        format: str,
        path: Path | str,
        *,
        base: str = "",
        bounds: str = "low",
        has_all_statuses: bool = False,
        is_sensitive: bool = False,
    ) -> Path:
        """Writes them in a format of `dateline export` ("csv", "parquet", "acled-csv", "html" …), whole or not at all; gives the
        path.

        `base`: where the ledger is served, for the address of each event. `bounds`: "low", "high" or "best", where a format has one
        number. `has_all_statuses`: what was only planned, denied or alleged stands also in formats that cannot say so.
        `is_sensitive`: names of private people and exact places are covered (docs/sensitive.md). Raises ValueError for an unknown
        format, saying which there are, and MissingExtraError where a library is missing.
        """
        from dateline.api.writing import write_events

        chosen = replace(self.chosen, base=f"{base.rstrip('/')}/" if base else "")
        return write_events(chosen, format, Path(path), bounds=bounds, has_all_statuses=has_all_statuses, is_sensitive=is_sensitive)

    # ------------------------------------------------------------ counting

    @overload
    def tally(self, what: str) -> Counted: ...
    @overload
    def tally(self, what: str, *, by: str, dates: str = ...) -> tuple[Counted, ...]: ...
    def tally(self, what: str, *, by: str | None = None, dates: str = "event") -> Counted | tuple[Counted, ...]:
        """How many by all of them together, as bounds, or `by` "day", "week", "month", "year", "country" or "type" a group each.

        The rules are those of docs/accounts.md for several events: an event that spans others is not added to them, running totals
        are left aside, and events without a figure are counted and nothing is assumed of them. Groups of time leave no gap.
        `dates="report"`: by the day of the first report. Raises ValueError for a kind that cannot be added up, saying which can.
        """
        return counted(self.chosen, what, by=by, dates=dates)

    # ------------------------------------------------------------ shown

    def __repr__(self) -> str:
        many = f"{len(self):,} events" if self._is_read else "not read yet"
        return f"<EventSet: {self._said()}; {many}>"

    def _said(self) -> str:
        if self._within is None:
            return in_words(self._filters)
        own = f", of these {in_words(self._filters)}" if asked_in(self._filters) else ""
        cut = ", some by their places" if self._cut else ""
        return f"{self._within._said()}{own}{cut}"

    def _repr_html_(self) -> str:
        """The first of them as a table, for notebooks."""
        return events_as_html(list(self.head(SHOWN)), len(self), self._said())


def events_at(site: Site, ids: Sequence[str], as_of: datetime | None) -> EventSet:
    """The events with these ids, in the order of the board; those that are none are left out."""
    found = EventSet(site, Filters(as_of=as_of))
    board = site.board(as_of, is_waited_for=True)
    found.__dict__["chosen"] = Chosen(site, board, found._filters, board.rows_of(ids), narrowed="by their ids")
    return found
