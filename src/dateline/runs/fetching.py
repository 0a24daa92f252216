"""From addresses to a ledger: sources polled, pages fetched, what came entered, its versions told apart.

Each step leaves on disk what the next one needs before it says that it is done, and every step can be done twice: a process that is
killed anywhere loses nothing and enters nothing twice.

    poll     a feed's answer                 → its tags, and the pages that it led to: one transaction (fetching/state.py)
    fetch    a page's answer, with its bytes → the page, waiting to be entered: one transaction
    enter    pages that wait                 → documents and claims, judgements on versions, visits, each of them only if the ledger
                                               does not have it; and then they wait no longer
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from dateline.fetching.addresses import canonical_address
from dateline.fetching.client import FEEDS, PAGES, SITEMAPS, Answer, Asked
from dateline.fetching.faults import FetchError
from dateline.fetching.feeds import Entry, Listing, read_listing
from dateline.fetching.manners import Found, Postponed, Visitor
from dateline.fetching.state import Arrived, FetchState, Hints, Page, PolledSource
from dateline.ingest.read import document_id
from dateline.knowledge.sources import Source, SourceKind
from dateline.ledger.derived import VisitRow
from dateline.ledger.rows import DocumentRow
from dateline.ledger.store import AddResult, Ledger
from dateline.records import Coder, Coding, Document, Problem, Report
from dateline.runs.add import Engine, add_reports, summed
from dateline.runs.local import LoadCoder, code_reports
from dateline.runs.versions import is_version, judge, supersede, told
from dateline.serial import from_json

RECENT = timedelta(days=3)
"""How far back a sitemap is read the first time it is seen: it may list all that a site ever had."""

SITEMAPS_AT_ONCE = 20
"""Sitemaps of an index that are read at a poll, those changed last first."""

PAGES_AT_ONCE = 500
"""Pages that are fetched before what came is entered."""

ENTERED_AT_ONCE = 64
"""Pages that are entered at once: they are in memory with their bytes, of ten million at most each."""

NEVER = datetime.max.replace(tzinfo=UTC)

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(days=1)
TRIES = 6
"""Failures in a row after which a page is given up."""

FOR_GOOD = frozenset(
    {"bad address", "forbidden address", "wrong type", "too large", "too many redirects", "bad encoding", "not allowed"}
)
"""Reasons of Problems that will be the same next time."""

REFUSED = frozenset({401, 402, 403, 407, 451})
GONE = frozenset({404, 410})


# ---------------------------------------------------------------- polling


@dataclass(frozen=True)
class Polled:
    """What polling a source came to. `listed` None: nothing had changed, or it failed (`problem`). `new`: pages that are due now
    and were not before."""

    source: Source
    listed: int | None = None
    new: int = 0
    problem: Problem | None = None
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Poller:
    """Polls sources. `now` is asked for each moment that is kept."""

    state: FetchState
    visitor: Visitor
    now: Callable[[], datetime]

    def due(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """The sources that are to be asked now."""
        now = self.now()
        return tuple(source for source in sources if self.due_at(source, now) <= now)

    def due_at(self, source: Source, now: datetime) -> datetime:
        """When the source is to be asked next: one that never was, now. Pages are due by themselves; once they are all known, their
        source never is."""
        if source.kind is SourceKind.PAGES:
            return now if any(self.state.page(address) is None for address in self._formed(source)) else NEVER
        known = self.state.source(source.addresses[0])
        return known.due if known else now

    def poll(self, sources: Sequence[Source]) -> Iterator[Polled]:
        """Asks them, and keeps what they list; as they come."""
        for source in (s for s in sources if s.kind is SourceKind.PAGES):
            now = self.now()
            hints = Hints(source.publisher, tags=source.tags)
            pages = [Page(address, source.name, now, now, hints=hints) for address in self._formed(source)]
            new = self.state.keep_found(page for page in pages if self.state.page(page.address) is None)
            yield Polled(source, len(pages), new)
        asked = {s.addresses[0]: s for s in sources if s.kind is not SourceKind.PAGES}
        for request, found in self.visitor.visit(map(self._request, asked.values())):
            yield self._polled(asked[request.address], request.address, found)

    def _formed(self, source: Source) -> list[str]:
        tables, ports = self.visitor.client.guard.tables, self.visitor.client.limits.ports
        formed: list[str] = []
        for address in source.addresses:
            try:
                formed.append(canonical_address(address, tables, ports=ports))
            except FetchError:
                formed.append(address)  # it will fail by itself, and say why
        return list(dict.fromkeys(formed))

    def _request(self, source: Source) -> Asked:
        known = self.state.source(source.addresses[0])
        accepts = FEEDS if source.kind is SourceKind.FEED else SITEMAPS
        if known is None:
            return Asked(source.addresses[0], accepts=accepts)
        return Asked(source.addresses[0], known.etag, known.modified, accepts)

    def _polled(self, source: Source, address: str, found: Found) -> Polled:
        now = self.now()
        known = self.state.source(address) or PolledSource(address, now)
        if isinstance(found, Postponed):
            self.state.keep_poll(replace(known, due=found.until), ())
            return Polled(source, problem=Problem("fetching", "postponed", f"{address}: {found.why}", address))
        if isinstance(found, Answer) and found.status == 304:
            self.state.keep_poll(replace(known, due=now + source.every, polled=now, failures=0), ())
            return Polled(source)
        listing: Listing | Problem
        if isinstance(found, Problem):
            listing = found
        elif found.status != 200:
            said = f"{address}: answered with status {found.status}; is the address still right?"
            listing = Problem("fetching", f"status {found.status}", said, address, is_fatal=True)
        else:
            client = self.visitor.client
            listing = read_listing(found.raw, found.address, client.guard.tables, client.limits.ports)
        if isinstance(listing, Problem):
            wait = max(source.every, _backoff(known.failures))
            self.state.keep_poll(replace(known, due=now + wait, polled=now, failures=known.failures + 1), ())
            return Polled(source, problem=listing)
        assert isinstance(found, Answer)
        entries, remarks = [*listing.entries], [*listing.problems]
        # The sitemaps of an index are read before the index counts as polled: whoever is killed between reads them again.
        for more in self._further(listing.sitemaps):
            entries += more.entries
            remarks += more.problems
        pages = list(self._pages(source, entries, known.polled, listing.publisher))
        seen = replace(
            known, due=now + source.every, polled=now, failures=0, etag=found.header("etag"), modified=found.header("last-modified")
        )
        if listing.sitemaps:  # the index may be as it was, and its sitemaps changed
            seen = replace(seen, etag=None, modified=None)
        return Polled(source, len(entries), self.state.keep_poll(seen, pages), remarks=tuple(remarks))

    def _further(self, sitemaps: Sequence[Entry]) -> Iterator[Listing]:
        """What the sitemaps of an index list, those changed last first; one below another index is not followed further."""
        client = self.visitor.client
        latest = sorted(sitemaps, key=lambda e: e.changed.timestamp() if e.changed else float("inf"), reverse=True)[
            :SITEMAPS_AT_ONCE
        ]
        asks = [Asked(entry.address, accepts=SITEMAPS) for entry in latest]
        for asked, found in self.visitor.visit(asks):
            if isinstance(found, Answer) and found.status == 200:
                listing = read_listing(found.raw, found.address, client.guard.tables, client.limits.ports)
                yield listing if isinstance(listing, Listing) else Listing(problems=(listing,))
            elif isinstance(found, Problem):
                yield Listing(problems=(found,))
            else:
                why = found.why if isinstance(found, Postponed) else f"answered with status {found.status}"
                yield Listing(problems=(Problem("fetching", "postponed", f"{asked.address}: {why}", asked.address),))

    def _pages(self, source: Source, entries: Iterable[Entry], polled: datetime | None, publisher: str | None) -> Iterator[Page]:
        """The pages that the entries lead to and that are to be fetched, or fetched again because their list says they changed."""
        now = self.now()
        for entry in entries:
            if source.only not in entry.address:
                continue
            known = self.state.page(entry.address)
            if known is not None:
                if entry.changed and known.fetched and entry.changed > known.fetched:
                    yield replace(known, due=now)
                continue
            said = entry.changed or entry.published
            is_old = source.kind is SourceKind.SITEMAP and polled is None and (said is None or said < now - RECENT)
            day = entry.published.date().isoformat() if entry.published else None
            hints = Hints(source.publisher or entry.publisher, entry.title, day, source.tags)
            yield Page(entry.address, source.name, now, None if is_old else now, hints=hints)


def _backoff(failures: int) -> timedelta:
    doubled: int = 2 ** min(failures, 12)
    return min(LONGEST_RETRY, FIRST_RETRY * doubled)


# ---------------------------------------------------------------- fetching


@dataclass(frozen=True)
class Visited:
    """What asking for a page came to: "arrived" (to be entered), "not changed", "gone", "postponed", or "failed" (`problem`)."""

    page: Page
    outcome: str
    problem: Problem | None = None


def fetch_pages(
    pages: Sequence[Page], state: FetchState, visitor: Visitor, sources: Mapping[str, Source], now: Callable[[], datetime]
) -> Iterator[Visited]:
    """Asks for the pages, only for what has changed since the last time, and keeps each answer before it is given out.

    `sources` by name say when a page is to be looked at again.
    """
    by_address = {page.address: page for page in pages}
    asks = [Asked(page.address, page.etag, page.modified, PAGES) for page in pages]
    for asked, found in visitor.visit(asks):
        page = by_address[asked.address]
        visited = _visited(page, found, sources.get(page.source or ""), now())
        state.keep([visited.page])
        yield visited


def _visited(page: Page, found: Found, source: Source | None, now: datetime) -> Visited:
    if isinstance(found, Postponed):
        return Visited(replace(page, due=found.until), "postponed")
    if isinstance(found, Problem):
        return _failed(page, found, source, now, is_final=found.reason in FOR_GOOD)
    following = _next_visit(page, source, now)
    if found.status == 304:
        return Visited(replace(page, due=following, fetched=now, failures=0, visits=page.visits + 1), "not changed")
    if found.status in GONE and page.sha256 is not None:
        arrived = Arrived(found.address, found.status, found.at, found.headers)
        gone = replace(page, due=None, fetched=now, failures=0, visits=page.visits + 1, arrived=arrived, sha256=None)
        return Visited(replace(gone, etag=None, modified=None), "gone")
    if found.status != 200:
        said = f"{page.address}: answered with status {found.status}"
        problem = Problem("fetching", f"status {found.status}", said, page.address, is_fatal=True)
        return _failed(page, problem, source, now, is_final=found.status in REFUSED | GONE)
    digest = hashlib.sha256(found.raw).hexdigest()
    seen = replace(
        page, due=following, etag=found.header("etag"), modified=found.header("last-modified"), fetched=now, failures=0,
        visits=page.visits + 1,
    )  # fmt: skip
    if digest == page.sha256:
        return Visited(seen, "not changed")
    arrived = Arrived(found.address, found.status, found.at, found.headers, found.media_type, found.raw)
    return Visited(replace(seen, sha256=digest, arrived=arrived), "arrived")


def _failed(page: Page, problem: Problem, source: Source | None, now: datetime, *, is_final: bool) -> Visited:
    failures = page.failures + 1
    due = None if is_final or failures >= TRIES else now + _backoff(page.failures)
    if source is not None and source.kind is SourceKind.PAGES:  # somebody named it: it is asked for as long as it is named
        due = max(due or now, now + source.every)
    return Visited(replace(page, due=due, failures=failures), "failed", problem)


def _next_visit(page: Page, source: Source | None, now: datetime) -> datetime | None:
    if source is None:
        return None
    if source.kind is SourceKind.PAGES:
        return now + source.every
    return next((page.found + span for span in source.revisit if page.found + span > now), None)


# ---------------------------------------------------------------- entering


@dataclass(frozen=True)
class EnterResult:
    """What entering came to. `same`: pages whose news is what it was; `versions`: those that took an earlier one's place."""

    added: AddResult = field(default_factory=AddResult)
    same: int = 0
    versions: int = 0
    gone: int = 0
    superseded: int = 0

    def plus(self, other: EnterResult) -> EnterResult:
        added = summed(self.added, other.added)
        return EnterResult(
            added,
            self.same + other.same,
            self.versions + other.versions,
            self.gone + other.gone,
            self.superseded + other.superseded,
        )


@dataclass(frozen=True)
class Enterer:
    """Enters what came in. `engine` codes it; with two `workers` or more in processes that can be stopped, as what comes from the
    network should be."""

    ledger: Ledger
    state: FetchState
    load: LoadCoder
    coder: Coder
    now: Callable[[], datetime]
    in_one_form: Callable[[str], str]
    """An address in its one form."""
    workers: int = 1
    engine: Engine = code_reports

    def enter(self) -> EnterResult:
        """All that waits, so many at once. Whatever stops it, the rest waits on."""
        total = EnterResult()
        while pages := self.state.arrived(ENTERED_AT_ONCE):
            total = total.plus(self._enter(pages))
        return total

    def _enter(self, pages: Sequence[Page]) -> EnterResult:
        self.ledger.check_visits()
        reports = {page.address: report for page in pages if (report := self._report(page)) is not None}
        there = _Versions(self.ledger, [*(page.address for page in pages), *(r.address or "" for r in reports.values())])
        same: set[str] = set()

        def is_wanted(report: Report, coding: Coding) -> bool:
            before = there.before(report)
            if before is None or coding.document is None or told(before) != told(coding.document):
                return True
            same.add(report.name)
            return False

        added = add_reports(
            reports.values(), self.ledger, self.load, coder=self.coder, now=self.now, workers=self.workers, engine=self.engine,
            is_wanted=is_wanted,
        )  # fmt: skip
        visits: list[VisitRow] = []
        versions = superseded = 0
        for page in pages:
            report = reports.get(page.address)
            if report is not None and report.name in same:
                continue
            visit, number = self._settle(page, report, there)
            visits.append(visit)
            versions += visit.replaces is not None
            superseded += number
        self.ledger.add_rows("visits", _distinct(visits), by=judge().name, known_at=self.now())
        self.state.keep([replace(page, arrived=None) for page in pages])
        gone = sum(page.address not in reports for page in pages)
        return EnterResult(added, len(same), versions, gone, superseded)

    def _report(self, page: Page) -> Report | None:
        arrived = page.arrived
        if arrived is None or arrived.raw is None:
            return None
        return Report(
            name=page.address,
            raw=arrived.raw,
            media_type=arrived.media_type,
            address=self.in_one_form(arrived.final),
            fetched=arrived.at,
            publisher=page.hints.publisher,
            listed=date.fromisoformat(page.hints.published) if page.hints.published else None,
        )

    def _settle(self, page: Page, report: Report | None, there: _Versions) -> tuple[VisitRow, int]:
        """The visit of a page, and how many of the earlier version's claims the later one's took the place of."""
        arrived = page.arrived
        assert arrived is not None
        document = before = None
        superseded = 0
        if report is None:
            outcome, document = "gone", there.last(page.address)
        else:
            row = there.entered(report)
            earlier = there.before(report)
            if row is None:
                outcome = "unreadable"
            elif there.shows(report):
                outcome, document = "back", row.id
            elif earlier is None:
                outcome, document = "new", row.id
            elif not is_version(earlier, row):
                outcome, document = "another text", row.id
            else:
                outcome, document, before = "changed", row.id, earlier.id
                superseded = supersede(self.ledger, earlier.id, row.id, at=self.now())
        said = json.dumps([page.address, arrived.at.isoformat(timespec="microseconds"), arrived.status])
        visit = VisitRow(
            visit_id=hashlib.sha256(said.encode()).hexdigest()[:20],
            address=page.address,
            final=arrived.final,
            fetched_at=arrived.at,
            status=arrived.status,
            outcome=outcome,
            headers=json.dumps([list(header) for header in arrived.headers], ensure_ascii=False),
            raw_sha256=hashlib.sha256(arrived.raw).hexdigest() if arrived.raw is not None else None,
            document_id=document,
            replaces=before,
            source=page.source,
            tags=list(page.hints.tags),
        )
        return visit, superseded


def _distinct(visits: Iterable[VisitRow]) -> list[VisitRow]:
    return list({visit.visit_id: visit for visit in visits}.values())


class _Versions:
    """What the ledger has of some addresses, before what now came is entered and after."""

    def __init__(self, ledger: Ledger, addresses: Sequence[str]) -> None:
        self._ledger = ledger
        self._rows: dict[str, list[DocumentRow]] = {}
        for row in ledger.documents_at(addresses):
            self._rows.setdefault(row.address or "", []).append(row)
        self._shown: dict[str, str] = {}
        for visit in ledger.visits_of(addresses):
            if visit.document_id is not None and visit.outcome != "gone":
                self._shown[visit.address] = visit.document_id

    def before(self, report: Report) -> Document | None:
        """The version that the page showed last, by the visits or else the one entered last; none but the report's own: None."""
        own = document_id(report)
        rows = {row.document_id: row for row in self._rows.get(report.address or "", ())}
        shown = self._shown.get(report.name)
        if shown is not None and shown != own and shown in rows:
            return _document(rows[shown])
        # By no visit, or killed after this very version was entered: the one that was entered last before.
        others = [row for row in rows.values() if row.document_id != own]
        if shown == own and own in rows:
            return None
        return _document(others[-1]) if others else None

    def shows(self, report: Report) -> bool:
        """Whether the page showed this very version last: it was gone since."""
        return self._shown.get(report.name) == document_id(report)

    def entered(self, report: Report) -> Document | None:
        """The report's own document, now that it was entered; it could not be read: None."""
        found = self._ledger.entered([document_id(report)]).get(document_id(report))
        return found.document if found else None

    def last(self, address: str) -> str | None:
        """The document that stood there last; none: None."""
        rows = self._rows.get(address)
        return self._shown.get(address) or (rows[-1].document_id if rows else None)


def _document(row: DocumentRow) -> Document:
    return replace(from_json(Document, row.record), text=row.text)
