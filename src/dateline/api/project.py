"""A ledger as programs use it: find events, read one in full, add reports, link, judge, and look at any moment of the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from dateline.api.asking import Asked, filters_asked, moment_of
from dateline.api.event import Event, ToldClaim
from dateline.api.events import EventSet, events_at
from dateline.ledger.coders import other_coder, other_coders
from dateline.ledger.errors import NotALedgerError, NotFoundError
from dateline.ledger.rows import ClaimRow
from dateline.ledger.store import Filters as ClaimFilters
from dateline.ledger.store import Summary, open_ledger
from dateline.records import Document
from dateline.web.site import Options, Site

if TYPE_CHECKING:
    import pyarrow as pa


def open_project(folder: Path | str, *, create: bool = False, as_of: date | datetime | str | None = None) -> Project:
    """The ledger in that folder. `create`: made if there is none. `as_of`: as it was known at a moment (a day alone is its end).

    Nothing is read yet. Raises NotALedgerError where there is none, NewerLedgerError where a later dateline made it.
    """
    path = Path(folder)
    try:
        ledger = open_ledger(path, create=create)
    except NotALedgerError:
        if create:
            raise
        advice = "name another folder, or make one with dateline.open(folder, create=True)"
        raise NotALedgerError(f"{path}: no ledger here; {advice}") from None
    return Project(path, moment_of(as_of), Site(ledger, Options()))


@dataclass(frozen=True, eq=False, repr=False)
class Project:
    """A ledger, of now or as it was known at a moment (`dateline.open`). It takes no lock: others may read and add meanwhile.

    As a context manager it lets go of what it keeps in memory at the end; nothing is lost without that.
    """

    path: Path
    moment: datetime | None
    _site: Site

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the database and of what was kept in memory. The project can still be used, and opens them anew."""
        self._site.close()
        self._site.ledger.close()

    def __repr__(self) -> str:
        then = f", as of {self.moment:%Y-%m-%d %H:%M} UTC" if self.moment else ""
        return f"<Project {self.path}{then}>"

    def as_of(self, moment: date | datetime | str | None) -> Project:
        """The same ledger as it was known at a moment: a day alone is its end, what says no zone is UTC, and None is now.

        What became known later does not exist for it, judgements included. Raises ValueError for what is no moment.
        """
        return replace(self, moment=moment_of(moment))

    # ------------------------------------------------------------ reading

    def find(self, **asked: Unpack[Asked]) -> EventSet:
        """The events that fit all that is asked; nothing asked: all. Nothing is read yet.

        The filters are those of the page (docs/page-data.md): `type`, `mode`, `status`, `country`, `place`, `actor` and `flag` take
        a value or several, which are alternatives, and "-VALUE" leaves one out; then `since`, `until`, `dates`, `text`,
        `witnesses`, `box` and `review`. Raises ValueError for what cannot be asked, saying what can.
        """
        return EventSet(self._site, filters_asked(self.moment, **asked))

    def event(self, id: str) -> Event:
        """The event with that id, or of the claim with that id; the beginning will do. Raises NotFoundError, AmbiguousIdError."""
        event = self._site.judged(self.moment).event(id)
        found = events_at(self._site, [event], self.moment)
        if not len(found):
            raise NotFoundError(f"{event}: people rejected all of its claims, so that it is no event")
        return found[0]

    def events(self, ids: Iterable[str]) -> EventSet:
        """The events with these whole ids, in the order of all sets; ids of no event are left out."""
        return events_at(self._site, list(ids), self.moment)

    def claim(self, id: str) -> ToldClaim:
        """The claim with that id or beginning of an id, as it was read. Raises NotFoundError, AmbiguousIdError."""
        shown = self._site.ledger.show(id, self.moment)
        return ToldClaim(shown.claim, shown.document)

    def document(self, id: str) -> Document:
        """The document with that id: its text and what is known of it. Raises NotFoundError."""
        return self._site.ledger.document(id, self.moment)

    def claims(self, *, limit: int | None = None, **asked: Unpack[ClaimFilters]) -> list[ClaimRow]:
        """Rows of claims that fit every filter given, as `dateline find` lists them, by first day; undated ones last."""
        return self._site.ledger.find(limit=limit, as_of=self.moment, **asked)

    def sql(self, query: str) -> pa.Table:
        """The answer to a SELECT over claims, events, documents, quotations, problems, links and reprints, as an Arrow table.

        Nothing can be changed, and nothing outside the ledger can be read. `.to_pandas()` makes a DataFrame.
        Raises QueryError.
        """
        return self._site.ledger.query(query, as_of=self.moment)

    def summary(self) -> Summary:
        """What the ledger holds, counted."""
        return self._site.ledger.summary(self.moment)

    @property
    def coders(self) -> Mapping[str, Project]:
        """The ledgers of other coders beside this one, by name; nobody else's: empty."""
        return {name: open_project(other_coder(self.path, name), as_of=self.moment) for name in other_coders(self.path)}
