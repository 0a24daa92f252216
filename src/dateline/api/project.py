"""A ledger as programs use it: find events, read one in full, add reports, link, judge, and look at any moment of the past."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, Unpack

from dateline.api.asking import Asked, check_codes, day_of, filters_asked, moment_of
from dateline.api.event import Event, ToldClaim
from dateline.api.events import EventSet, events_at
from dateline.errors import Error
from dateline.ledger.coders import other_coder, other_coders
from dateline.ledger.entering import enter
from dateline.ledger.errors import NotALedgerError, NotFoundError
from dateline.ledger.judged import Judged
from dateline.ledger.rows import ClaimRow
from dateline.ledger.signing import load_signer
from dateline.ledger.store import NO_FILTERS, AddResult, Summary, open_ledger
from dateline.ledger.store import Filters as ClaimFilters
from dateline.records import About, Document, Judge, Judgement, JudgementKind, Report
from dateline.runs.codes import codes_of
from dateline.web.site import Options, Site

if TYPE_CHECKING:
    import pyarrow as pa

    from dateline.runs.link import LinkResult

Source: TypeAlias = str | Path | Report
"""Where reports are found, or one."""

One: TypeAlias = str | Event | ToldClaim
"""What is judged, by its id or as it was found."""

Judgeable: TypeAlias = One | EventSet | Iterable[One]

Judgements: TypeAlias = tuple[Judgement, ...]

Draft: TypeAlias = Callable[[Judged, Judge, datetime], Sequence[Judgement]]

Key: TypeAlias = Path | str | None
"""A file with a key to sign with; None: unsigned."""


def open_project(folder: Path | str, *, create: bool = False, as_of: date | datetime | str | None = None) -> Project:
    """The ledger in that folder. `create`: made if there is none. `as_of`: as it was known at a moment (a day alone is its end).

    Nothing is read yet. Raises NotALedgerError where there is none, NewerLedgerError where a later dateline made it.
    """
    path = Path(folder).expanduser()
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
        filters = filters_asked(self.moment, **asked)
        return EventSet(self._site, check_codes(filters, lambda: self._site.board(self.moment, is_waited_for=True)))

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
        """Rows of claims that fit every filter given, as `dateline find` lists them, by first day; undated ones last.

        `place`, `actor` and `text` are parts of words here, unlike in `find`, and every filter takes one value. Raises ValueError
        for a name that nothing is looked for by, saying which there are.
        """
        if unknown := sorted(asked.keys() - NO_FILTERS.keys()):
            raise ValueError(f"{unknown[0]}: nothing is looked for by that; there is {', '.join(NO_FILTERS)}")
        asked["since"], asked["until"] = day_of("since", asked.get("since")), day_of("until", asked.get("until"))
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

    # ------------------------------------------------------------ adding and linking

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        published: date | str | None = None,
        publisher: str | None = None,
        workers: int = 1,
        on_progress: Callable[[str], None] = lambda name: None,
    ) -> AddResult:
        """Codes reports and enters what they say; what the ledger has already is skipped, so it is safe to run again.

        `sources` are files, folders or archives as `dateline add` takes them, or `Report` records, one or several. `published` and
        `publisher` hold for all of them. Your own actors are read from `actors.csv` in the ledger's folder. `on_progress` is told
        the name of each report that is done with. What could not be read is in `failed` of what comes back, and stops none of the
        others.

        `workers` processes code, each of which loads the models; a report that hangs or dies takes down its process and no more.
        With 0 they are coded in this process, without that protection. Raises MissingModelError, OwnActorsError, WorkerError.
        """
        from dateline.api.adding import add_sources

        self._only_now()
        return add_sources(
            self._site.ledger,
            sources,
            published=day_of("published", published),
            publisher=publisher,
            workers=workers,
            on_progress=on_progress,
        )

    def link(self, *, threshold: float | None = None) -> LinkResult:
        """Links the claims of all reports: reprints count once, and claims that tell of one happening become one event.

        `threshold`: how likely two groups of claims must be one happening to be joined. Run it after `add`; what people judged is
        kept to. Watch rules are not asked: `dateline watch check` does that.
        """
        from dateline.api.adding import link_claims

        self._only_now()
        return link_claims(self._site.ledger, threshold)

    # ------------------------------------------------------------ judging

    def accept(self, what: Judgeable, *, by: str, reason: str = "", is_event: bool = False, key: Key = None) -> Judgements:
        """Says that claims are read as their reports have it: one entry of the log, which can be undone as a whole.

        `what` are ids of claims, or of events with `is_event`, or an Event or EventSet, with all their claims. `key`: a file with
        an Ed25519 key to sign with. Gives the judgements with their ids. Raises NotFoundError, AmbiguousIdError, JudgementError.
        """
        return self._verdict(JudgementKind.ACCEPTED, what, by, reason, is_event, key)

    def reject(self, what: Judgeable, *, by: str, reason: str = "", is_event: bool = False, key: Key = None) -> Judgements:
        """Says that claims are misread: their reports do not say so. They are kept, and no longer count."""
        return self._verdict(JudgementKind.REJECTED, what, by, reason, is_event, key)

    def retract(self, what: Judgeable, *, by: str, reason: str = "", is_event: bool = False, key: Key = None) -> Judgements:
        """Says that what was reported was taken back by who said it. It is kept, and no longer counts."""
        return self._verdict(JudgementKind.RETRACTED, what, by, reason, is_event, key)

    def correct(
        self, of: One, field: str, value: str, *, by: str, reason: str = "", is_event: bool = False, key: Key = None
    ) -> Judgements:
        """Gives a field ("day", "place", "counts.killed", … docs/judgements.md) another value than was read, which stays beside it.

        Of a claim, or with `is_event` or an Event of all its claims. Raises CorrectionError for a value that it cannot have.
        """
        (one,), about = _ids_of(of, is_event)

        def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
            return [judged.correction(one, field, value, codes_of(judged, field), about, who, at, reason)]

        return self._enter(draft, by, key)

    def merge(self, events: Judgeable, *, by: str, reason: str, is_forced: bool = False, key: Key = None) -> Judgements:
        """Says that events are one happening. All their claims are kept, every id leads to the one event, and it can be undone.

        `is_forced`: entered although it contradicts what people said. Raises ContradictionError otherwise, JudgementError.
        """
        ids, _ = _ids_of(events)
        return self._enter(lambda judged, who, at: [judged.merger(ids, who, at, reason)], by, key, is_forced=is_forced)

    def split(self, event: One, claims: Judgeable, *, by: str, reason: str, is_forced: bool = False, key: Key = None) -> Judgements:
        """Says that some claims of an event tell of another happening, and keeps the two apart from then on."""
        ((one,), _), (leaving, _) = _ids_of(event), _ids_of(claims)
        return self._enter(lambda judged, who, at: [judged.split(one, leaving, who, at, reason)], by, key, is_forced=is_forced)

    def not_same(self, one: One, other: One, *, by: str, reason: str = "", is_forced: bool = False, key: Key = None) -> Judgements:
        """Says that two events are not one, so that no run of the linker joins them."""
        ((a,), _), ((b,), _) = _ids_of(one), _ids_of(other)
        return self._enter(lambda judged, who, at: [judged.not_same(a, b, who, at, reason)], by, key, is_forced=is_forced)

    def undo(
        self, judgements: str | Judgement | Iterable[str | Judgement], *, by: str, reason: str = "", key: Key = None
    ) -> Judgements:
        """Takes judgements back, anybody's, by a new entry: "12.1", or "12" for all that was entered at once."""
        several = [judgements] if isinstance(judgements, str | Judgement) else judgements
        ids = [one.id if isinstance(one, Judgement) else one for one in several]
        return self._enter(lambda judged, who, at: [judged.undoing(ids, who, at, reason)], by, key)

    def _verdict(self, kind: JudgementKind, what: Judgeable, by: str, reason: str, is_event: bool, key: Key) -> Judgements:
        ids, about = _ids_of(what, is_event)
        return self._enter(lambda judged, who, at: judged.verdicts(kind, ids, about, who, at, reason), by, key) if ids else ()

    def _enter(self, draft: Draft, by: str, key: Key, *, is_forced: bool = False) -> Judgements:
        """Enters what is drafted on what the ledger has now."""
        self._only_now()
        if not (name := " ".join(by.split())):
            raise ValueError("by: a judgement has a judge; give a name or a pseudonym")
        with self._site.turn:
            judged = self._site.judged()
            drafts = draft(judged, Judge(name), _now())
            return enter(judged, drafts, is_forced=is_forced, signer=load_signer(Path(key)) if key else None).judgements

    def _only_now(self) -> None:
        if self.moment is not None:
            raise Error(f"{self!r}: what was known then is read, and cannot be added to or judged. Use .as_of(None)")


def _ids_of(what: Judgeable, is_event: bool = False) -> tuple[list[str], About]:
    """The ids, and whether whole events are meant: an Event always is."""
    several = [what] if isinstance(what, str | Event | ToldClaim) else list(what)
    has_events = is_event or any(isinstance(one, Event) for one in several)
    return [one if isinstance(one, str) else one.id for one in several], About.EVENT if has_events else About.CLAIM


def _now() -> datetime:
    return datetime.now(UTC)
