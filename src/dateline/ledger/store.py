"""A ledger: a folder of segments with receipts, to which any number of processes add and which any number read, at once.

    ledger.json                    the version of this layout
    documents/ claims/ quotations/ problems/   Parquet segments of codings
    links/ reprints/ sketches/                 Parquet segments of what was worked out from them (derived.py)
    visits/                                    Parquet segments: which address was fetched when, and what came of it
    reports/                       the reports' bytes, each under its SHA-256
    receipts/                      one a shard; what no receipt names does not exist
    catalogue/ coded/ superseded/ index/       volumes that many shards were sealed into (volumes.py, compaction.py)
    actors.csv                     the users' own actors, if they wrote such a table (docs/actors.md)
    failures.jsonl                 what could not be coded, a line a report and run (written by the command line)

A claim is never edited. A document that was coded twice (by a newer coder, or told its day of publication) shows its latest
successful coding; the earlier one stays in its segments. Every reading takes `as_of`: what became known later does not exist for
it, and without it everything does. Nothing here reads the clock for a value: `known_at` is handed in, and
with it the same codings give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from dateline.ledger.compaction import Compacted, compact, remove_receipts
from dateline.ledger.derived import KEYS, DerivedRow, VisitRow
from dateline.ledger.errors import (
    AmbiguousIdError,
    DamagedLedgerError,
    NewerLedgerError,
    NotALedgerError,
    NotFoundError,
    OutdatedLedgerError,
)
from dateline.ledger.points import Points
from dateline.ledger.queries import (
    ACTOR_CLAIMS,
    ACTOR_COUNTS,
    ACTOR_LATEST,
    ACTOR_NAMES,
    ADDRESSED,
    ADDRESSES,
    CLAIM_COLUMNS,
    CLAIMS_TOLD,
    CODERS,
    COUNTS,
    COVERAGE,
    DOCUMENT_COLUMNS,
    DOCUMENTS,
    DOCUMENTS_AT,
    DOCUMENTS_OF_CLAIMS,
    EVENT_PRINTS,
    EVENTS_TOLD_BY,
    EVENTS_WITH_WORDS,
    EVIDENCE_OF_CLAIMS,
    FIND,
    FIND_EVENTS,
    FIND_KEYS,
    FITTING,
    GROUPED,
    GROUPS,
    KIN,
    NEAR,
    NOTED_DOCUMENTS,
    OF_EVENTS,
    OF_EVENTS_BETWEEN,
    RECORDS_OF_CLAIMS,
    STATUSES,
    TELLINGS,
    TYPES,
    VISITS_OF,
)
from dateline.ledger.rows import (
    ActorCount,
    ClaimRow,
    DocumentRow,
    Entry,
    EventRow,
    KinRow,
    NamedActor,
    Row,
    TellingRow,
    claim_row,
    is_failed,
    rows_of,
    tellings_in,
)
from dateline.ledger.segments import (
    CODED,
    TEMPORARY,
    Coded,
    Receipt,
    coded_columns,
    derived_columns,
    entered,
    fingerprint,
    keep_raw,
    raw_path,
    read_receipt,
    receipt_names,
    write_file,
    write_receipt,
    write_segment,
)
from dateline.ledger.snapshot import Answer, Snapshot, Source, State, literal, naming_damage, open_snapshot
from dateline.ledger.sweep import sweep
from dateline.ledger.volumes import (
    Catalogue,
    SealedKeys,
    are_sealed,
    catalogue_numbers,
    read_catalogue,
    sealed_keys,
    sealed_moments,
    sealed_receipts,
)
from dateline.records import Claim, Coder, Coding, Document, Problem, Quotation, Report
from dateline.serial import from_json

if TYPE_CHECKING:
    import pyarrow as pa

VOLUMES_SINCE = 2
"""The first format that has volumes."""

VISITS_SINCE = 3
"""The first format that has visits: a dateline that does not know them would leave them out when it compacts."""

FORMAT = 3
"""Version of the layout. Raise it when an older dateline could no longer read or add to what a newer one wrote."""

DESCRIPTION = "ledger.json"

EXPECTED = frozenset((DESCRIPTION, "actors.csv", "watch.yaml", "sources.yaml"))
"""What may lie in a folder that is to become a ledger: the users' own actors, watch rules and sources can be there first."""

SHA256 = re.compile("[0-9a-f]{64}")


DOCUMENTS_AT_ONCE = 2048
"""Documents in a batch: some ten megabytes of text."""

CLAIMS_AT_ONCE = 5000
"""Claims whose records are read at once: some fifteen megabytes of JSON."""


ONE_BY_ONE = 500
"""Claims up to which those of volumes are read one by one, in some milliseconds each, when it is known which they are."""

MANY = 5_000
"""Claims that fit, from which on their events are not looked for one by one but in the whole ledger."""


class Filters(TypedDict, total=False):
    """What a claim can be looked for by; None is no filter.

    `type`, `mode`, `status` and `country` (of the place, ISO-3166 alpha-3) must be equal; `place` (name, province or what it lies
    in), `actor` (either party) and `text` (evidence or title) must be contained; case and accents do not matter. `names`: or one
    of these, to the letter, is the name of either party (other names of an `actor`). `issue` and
    `demand` are classes that one of the claim's must have, `response` the intensity of what it was met with. `min_confidence` keeps
    claims that are as sure or surer. `since` and `until`, both inclusive, keep a claim whose days overlap them; an undated claim
    never does.
    """

    type: str | None
    mode: str | None
    status: str | None
    place: str | None
    country: str | None
    actor: str | None
    names: Sequence[str] | None
    issue: str | None
    demand: str | None
    response: str | None
    since: date | None
    until: date | None
    text: str | None
    min_confidence: float | None


NO_FILTERS: Filters = {
    "type": None, "mode": None, "status": None, "place": None, "country": None, "actor": None, "names": None, "issue": None,
    "demand": None, "response": None, "since": None, "until": None, "text": None, "min_confidence": None,
}  # fmt: skip


@dataclass(frozen=True)
class Between:
    """All events whose ids lie between two, both included."""

    first: str
    last: str


@dataclass(frozen=True)
class AddResult:
    """What one `add` did. `shard` None: nothing was new. `skipped`: names of reports the ledger had, coded the same way.

    `failed`: the fatal problems of the reports that could not be coded, those the ledger knew of included. `remarks`: what was
    noticed of sources as a whole, such as how much of an archive holds no report. `passed_over`: how many of the documents a gate
    kept from the reader.
    """

    shard: str | None = None
    documents: int = 0
    claims: int = 0
    quotations: int = 0
    problems: int = 0
    skipped: tuple[str, ...] = ()
    failed: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    passed_over: int = 0


@dataclass(frozen=True)
class Shown:
    """A claim with the document it points into, and its row."""

    row: ClaimRow
    claim: Claim
    document: Document


@dataclass(frozen=True)
class Entered:
    """A document with when its report was fetched (None: nobody said) and when the ledger was told."""

    document: Document
    fetched: datetime | None
    known_at: datetime


@dataclass(frozen=True)
class Summary:
    """What a ledger holds. Counts by type and by status, largest first; `coders` are the versions behind the current codings."""

    format: int
    documents: int
    failed: int
    claims: int
    events: int
    quotations: int
    problems: int
    types: dict[str, int]
    statuses: dict[str, int]
    first_day: date | None
    last_day: date | None
    coders: tuple[Coder, ...]
    shards: int
    last_added: datetime | None


def open_ledger(path: Path | str, *, create: bool = True) -> Ledger:
    """The ledger in that folder, made if there is none and `create` is true.

    Raises NotALedgerError when there is none, or other things are in the folder; NewerLedgerError when a later dateline made it.
    """
    folder = Path(path)
    description = folder / DESCRIPTION
    if not description.exists():
        if not create:
            raise NotALedgerError(f"{folder}: no ledger here. Make one with `dateline add`, or name another with --ledger")
        if folder.exists() and not folder.is_dir():
            raise NotALedgerError(f"{folder}: a file, not a folder. Name another ledger")
        others = folder.exists() and any(e.suffix != TEMPORARY and e.name not in EXPECTED for e in folder.iterdir())
        # Looked for once more: another process may have made the ledger, and written to it, since the first look.
        if not description.exists():
            if others:
                raise NotALedgerError(f"{folder}: other things are in this folder and no ledger. Name another or an empty one")
            write_file(description, describe(FORMAT))
    read_format(folder)
    return Ledger(folder)


def read_format(ledger: Path) -> int:
    """Version of the ledger's layout. Raises DamagedLedgerError, or NewerLedgerError when a later dateline made it."""
    description = ledger / DESCRIPTION
    try:
        version = int(json.loads(description.read_text(encoding="utf-8"))["format"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise DamagedLedgerError(f'{description}: cannot be read ({fault}). It should hold {{"format": {FORMAT}}}') from fault
    if version > FORMAT:
        raise NewerLedgerError(f"{ledger}: a ledger of format {version}; this dateline knows up to {FORMAT}. Upgrade dateline")
    return version


def migrate(ledger: Path) -> tuple[int, int]:
    """Raises the ledger to the format of this dateline; gives the format before and after. Safe to be killed and to be run twice.

    Format 2 has volumes, format 3 visits. What an earlier format has is part of the later ones, so that only the description
    changes, in one step: an older dateline, which would not find what lies in volumes or would lose visits, then refuses it.
    """
    before = read_format(ledger)
    if before < FORMAT:
        write_file(ledger / DESCRIPTION, describe(FORMAT))
    return before, FORMAT


def describe(version: int) -> bytes:
    """The description of a ledger of that format."""
    return json.dumps({"format": version, "what": "a Dateline ledger"}).encode("utf-8")


def reading_key(report: Report, raw_sha256: str, coder: Coder) -> str:
    """The same for the same bytes and given facts under the same coder: then the coding would be the same too.

    Name and time of fetching are left out: they change nothing that is coded.
    """
    said = (report.media_type, report.address, report.publisher, report.title, report.byline)
    day = report.published.isoformat() if report.published else None
    facts = [*said, day, raw_sha256, coder.program, coder.model, coder.knowledge]
    facts += [f"listed {report.listed.isoformat()}"] if report.listed else []  # a report that no feed listed keeps the key it had
    return hashlib.sha256(json.dumps(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass
class Ledger:
    """An open ledger (use open_ledger). It takes no lock; what it remembers are receipts it has read."""

    path: Path
    _receipts: dict[str, Receipt] = field(default_factory=dict, repr=False)
    """Those that lie in the folder, by name of their file."""
    _outcomes: dict[str, bool] = field(default_factory=dict, repr=False)
    """For each reading key in these receipts whether some coding of it succeeded."""
    _catalogue: Catalogue = field(default=Catalogue(), repr=False)
    _sealed_keys: SealedKeys | None = field(default=None, repr=False)
    """The same for the catalogue's volumes, once it was asked for."""
    _spare: list[Snapshot] = field(default_factory=list, repr=False)
    """The snapshot that was used last."""

    # ------------------------------------------------------------ adding

    def is_coded(self, report: Report, coder: Coder) -> bool:
        """Whether this very report, with what was said about it, has been coded by this coder.

        As of the last `add` or `receipts`: what others bring in between is noticed when it is added.
        """
        if not self._receipts:
            self.state()
        return self._outcome(reading_key(report, _sha256(report.raw), coder)) or False

    def add(self, codings: Sequence[Coding], reports: Sequence[Report], *, coder: Coder, known_at: datetime) -> AddResult:
        """Enters the codings of these reports (same order, same length) as one shard; all of it or nothing.

        What the ledger has already, coded the same way, is skipped, so adding twice changes nothing. A failed coding is kept as
        problems and tried again the next time. `known_at` needs a time zone. On return everything is on disk.
        """
        moment = _utc(known_at)
        self.state()
        entries, keys, skipped = self._new_entries(list(zip(reports, codings, strict=True)), coder, moment)
        failed = tuple(p for coding in codings for p in coding.problems if p.is_fatal)
        if not entries:
            return AddResult(skipped=skipped, failed=failed)
        rows = _rows_by_table(entries)
        for entry in entries:
            keep_raw(self.path, entry.report.raw, entry.raw_sha256)
        shard = entries[0].shard
        segments = {
            table: write_segment(self.path, table, shard, coded_columns(table, rows[table])) for table in CODED if rows[table]
        }
        reports_coded = tuple(_coded(entry, key) for entry, key in zip(entries, keys, strict=True))
        moment_said = moment.isoformat(timespec="microseconds")
        receipt = Receipt(shard, moment_said, coder.program, coder.model, coder.knowledge, reports_coded, segments)
        write_receipt(self.path, receipt)
        self.state()
        counts = {table: len(rows[table]) for table in CODED}
        return AddResult(
            shard, counts["documents"], counts["claims"], counts["quotations"], counts["problems"], skipped=skipped, failed=failed
        )

    def add_rows(self, table: str, rows: Sequence[DerivedRow], *, by: str, known_at: datetime) -> int:
        """Enters rows of a derived table (DERIVED: "links", "reprints", "sketches") as one shard; all of it or nothing.

        Rows that the ledger shows already are left out, so the same rows again write nothing. `by` says what worked them out, with
        its version; `known_at` needs a time zone. Returns how many rows were entered; on return they are on disk. Raises ValueError
        when two rows have the same key.
        """
        moment = _utc(known_at)
        if table == "visits" and rows:
            self.check_visits()
        offered = derived_columns(table, rows)
        with self._snapshot() as snapshot:
            changed = snapshot.unlike(table, offered)
        if not changed.num_rows:
            return 0
        said = moment.isoformat(timespec="microseconds")
        shard = hashlib.sha256("\n".join([said, table, by, fingerprint(changed)]).encode()).hexdigest()[:24]
        segment = write_segment(self.path, table, shard, entered(table, changed, moment, shard))
        write_receipt(self.path, Receipt(shard, said, by, "", "", (), {table: segment}))
        self.state()
        return int(changed.num_rows)

    def check_visits(self) -> None:
        """Raises OutdatedLedgerError when the ledger's format is too old for visits to be entered."""
        if (version := read_format(self.path)) < VISITS_SINCE:
            advice = "`dateline migrate` raises it; a dateline of before then no longer reads the ledger"
            raise OutdatedLedgerError(f"{self.path}: a ledger of format {version}, which has no place for visits. {advice}")

    def compact(self, *, made_at: datetime) -> Compacted:
        """Seals all shards into volumes; what was entered stays as it is. Needs a ledger of format 2 (migrate).

        Any number of processes may read and add meanwhile. Raises OutdatedLedgerError, or DamagedLedgerError before anything is
        changed when a segment is not the one that its receipt promises.
        """
        if (version := read_format(self.path)) < VOLUMES_SINCE:
            advice = "`dateline migrate` raises it; a dateline of before then no longer reads the ledger"
            raise OutdatedLedgerError(f"{self.path}: a ledger of format {version}, which has no volumes. {advice}")
        state = self.state()
        try:
            remove_receipts(self.path, state.sealed)
            return compact(self.path, state, made_at=_utc(made_at))
        except OSError as fault:
            fault.filename = fault.filename or str(self.path / DESCRIPTION)  # what writes Parquet does not say where it could not
            raise

    def sweep(self) -> list[Path]:
        """Removes what killed processes left behind and what compactions replaced, once it is old; returns what it removed."""
        state = self.state()
        remove_receipts(self.path, state.sealed)
        return sweep(self.path, state)

    def _new_entries(
        self, pairs: list[tuple[Report, Coding]], coder: Coder, known_at: datetime
    ) -> tuple[list[Entry], list[str], tuple[str, ...]]:
        """The entries to write with their keys, and the names of those that are there already."""
        new: dict[str, tuple[Report, Coding, str]] = {}
        skipped: list[str] = []
        for report, coding in pairs:
            if report.name != coding.report:
                raise ValueError(f"the coding of {coding.report!r} was handed in with the report {report.name!r}")
            digest = _sha256(report.raw)
            key = reading_key(report, digest, coder)
            outcome = self._outcome(key)
            if outcome or key in new:
                skipped.append(report.name)
            elif outcome is None or not is_failed(coding):  # it failed before, and the ledger knows it
                new[key] = (report, coding, digest)
        shard = hashlib.sha256("\n".join([known_at.isoformat(), *new]).encode()).hexdigest()[:24]
        entries = [Entry(report, coding, digest, coder, known_at, shard) for report, coding, digest in new.values()]
        return entries, list(new), tuple(skipped)

    # ------------------------------------------------------------ reading

    def receipts(self, as_of: datetime | None = None) -> tuple[Receipt, ...]:
        """All receipts, or those known by then, by shard. Those that were sealed are read from the volumes, which takes its time.

        The segments that a sealed receipt names were replaced by its volume's.
        """
        moment = _utc(as_of) if as_of else None
        state = self.state()
        sealed = (receipt for volume in state.catalogue.volumes for receipt, _ in sealed_receipts(self.path, volume))
        found = sorted((*state.receipts, *sealed), key=lambda receipt: receipt.shard)
        return tuple(receipt for receipt in found if moment is None or receipt.moment <= moment)

    def state(self) -> State:
        """What there is now. A file read before is not read again: neither receipts nor catalogues ever change.

        Receipts are listed first and the catalogue is looked at afterwards: one that is sealed in between is seen in both, which
        can be told, and never in neither.
        """
        while True:
            names = receipt_names(self.path)
            try:
                read = {name: self._receipts.get(name) or read_receipt(self.path, name) for name in names}
                number = max(catalogue_numbers(self.path), default=0)
                if number != self._catalogue.number:
                    self._catalogue, self._sealed_keys = read_catalogue(self.path, number), None
            except FileNotFoundError:  # sealed, or followed by the next catalogue, since we looked
                continue
            if read.keys() != self._receipts.keys():
                self._receipts, self._outcomes = read, _outcomes(read.values())
            sealed = are_sealed(self.path, self._catalogue, [receipt.shard for receipt in self._receipts.values()])
            loose = {is_sealed: [] for is_sealed in (False, True)}  # type: dict[bool, list[Receipt]]
            for receipt in read.values():
                loose[receipt.shard in sealed].append(receipt)
            return State(tuple(loose[False]), self._catalogue, tuple(loose[True]))

    def _outcome(self, key: str) -> bool | None:
        """Whether a coding with that key succeeded; None: there is none. As of the last look at what there is."""
        if self._sealed_keys is None:
            self._sealed_keys = sealed_keys(self.path, self._catalogue)
        if self._outcomes.get(key):
            return True
        return self._sealed_keys.outcome(key) or self._outcomes.get(key)

    def find(self, *, limit: int | None = None, as_of: datetime | None = None, **filters: Unpack[Filters]) -> list[ClaimRow]:
        """Current claims that fit every filter given (Filters), by first day, document and place in it; undated ones last."""
        sought = {**NO_FILTERS, **filters, "limit": limit}
        with self._snapshot(as_of) as snapshot:
            if limit is None or limit > ONE_BY_ONE or not snapshot.source.known.catalogue.volumes:
                return [claim_row(columns) for columns in snapshot.select(FIND, sought)]
            keys = snapshot.select(FIND_KEYS, sought)
            return [_claim_at(columns) for columns in _points_of(snapshot).rows_of(keys)]

    def find_events(
        self,
        *,
        limit: int | None = None,
        judged: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
        **filters: Unpack[Filters],
    ) -> list[EventRow]:
        """Events one claim of which fits every filter given (Filters), by first day and id; undated ones last.

        `judged` gives claims (by id) the events that people put them in; it goes before what was linked.
        """
        sought = {**NO_FILTERS, **filters}
        with self._snapshot(as_of, judged) as snapshot:
            fitting = snapshot.columns(FITTING, {**sought, "many": MANY}).column("claim_id").to_pylist()
            if len(fitting) < MANY:
                snapshot.turn_to(replace(snapshot.source, narrow=_points_of(snapshot).near(fitting)))
            return [EventRow(**columns) for columns in snapshot.select(FIND_EVENTS, {**sought, "limit": limit})]

    def events_with_words(
        self, words: Sequence[str], *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> list[str]:
        """The ids, sorted, of the events one claim of which has each of these words in its evidence, its title or a field.

        Case and accents do not matter; a word may be a part of one. No words: all events.
        """
        with self._snapshot(as_of, judged) as snapshot:
            found: list[str] = snapshot.columns(EVENTS_WITH_WORDS, {"words": list(words)}).column("event_id").to_pylist()
        return found

    def event_of(self, claim_id: str, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None) -> str:
        """The id of the event that holds a claim. An id that an event ever had is a claim's. Raises NotFoundError."""
        with self._points(as_of, judged) as points:
            found = points.claims([claim_id])
        if not found:
            raise NotFoundError(f"no event {claim_id!r} in {self.path}. `dateline find` lists them")
        return found[0].event_id

    def select_members(
        self, query: str, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> list[dict[str, Any]]:
        """The rows of one of our own queries about claims and the events that people put them in, each by column."""
        with self._snapshot(as_of, judged) as snapshot:
            return snapshot.select(query)

    def select_batches(
        self,
        query: str,
        parameters: dict[str, Any] | None = None,
        *,
        rows: int,
        judged: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """The rows of one of our own queries in batches of so many, so that they need not fit into memory."""
        with self._snapshot(as_of, judged) as snapshot:
            yield from snapshot.batches(query, parameters, rows)

    def shards(self) -> dict[str, datetime]:
        """All shards there are, each with when the ledger was told of it; the receipts of sealed ones need not be read whole."""
        state = self.state()
        found = {receipt.shard: receipt.moment for receipt in state.receipts}
        for volume in state.catalogue.volumes:
            found |= sealed_moments(self.path, volume)
        return found

    def membership(
        self, claim_ids: Collection[str], *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> dict[str, dict[str, str]]:
        """The events of these current claims: by event, the documents of all its claims by claim, the one known first first.

        Unknown ids are left out.
        """
        with self._points(as_of, judged) as points:
            events = {member.event_id for member in points.claims(claim_ids)}
            found: dict[str, dict[str, str]] = {}
            for member in points.claims_of_events(events):
                found.setdefault(member.event_id, {})[member.claim_id] = member.document_id
        return found

    def event_claims(
        self, event_id: str, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> list[ClaimRow]:
        """The claims of an event, the one known first first; no such event: an empty list."""
        with self._points(as_of, judged) as points:
            found = points.claims_of_events([event_id])
            return [_claim_at(columns) for columns in points.rows([member.place for member in found])]

    def claim_rows(self, claim_ids: Collection[str], *, as_of: datetime | None = None) -> dict[str, ClaimRow]:
        """The current claims of these ids, by id; unknown ids are left out. They are read where they lie, so ask for few."""
        with self._points(as_of) as points:
            rows = [_claim_at(columns) for columns in points.rows([member.place for member in points.claims(frozenset(claim_ids))])]
        return {row.claim_id: row for row in rows}

    def evidence_of(self, claim_ids: Collection[str], *, as_of: datetime | None = None) -> dict[str, tuple[str, str | None]]:
        """The words of current claims and the titles of their documents, by claim; unknown ids are left out.

        Few are read where they lie, many in one go through all claims.
        """
        if len(claim_ids) < MANY:
            with self._points(as_of) as points:
                places = [member.place for member in points.claims(frozenset(claim_ids))]
                found = points.rows(places, ("claim_id", "evidence", "title"))
        else:
            with self._snapshot(as_of) as snapshot:
                found = snapshot.select(EVIDENCE_OF_CLAIMS, {"claims": list(claim_ids)})
        return {row["claim_id"]: (row["evidence"], row["title"]) for row in found}

    def claims_with_documents(self, claim_ids: Sequence[str]) -> Iterator[tuple[Claim, Document]]:
        """The current claims of these ids with the documents they point into, in no particular order; unknown ids are left out.

        They are read some thousands at a time, so there may be any number.
        """
        for start in range(0, len(claim_ids), CLAIMS_AT_ONCE):
            wanted = {"claims": list(claim_ids[start : start + CLAIMS_AT_ONCE])}
            with self._snapshot() as snapshot:
                documents = {
                    row["document_id"]: replace(from_json(Document, row["record"]), text=row["text"])
                    for row in snapshot.select(DOCUMENTS_OF_CLAIMS, wanted)
                }
                for row in snapshot.select(RECORDS_OF_CLAIMS, wanted):
                    yield from_json(Claim, row["record"]), documents[row["document_id"]]

    def events_near(
        self,
        type: str,
        country: str | None,
        days: tuple[date, date] | None,
        *,
        most: int,
        also: Collection[str] = (),
        judged: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
    ) -> tuple[frozenset[str], bool]:
        """The ids of the events with a claim of that type that overlaps these days, in that country or in none that is told.

        At most so many claims are looked at (`most`), those nearest to the middle of the days first; whether there are more is told
        beside the ids. The events of the claims that are named (`also`) are among them whatever they are. `country` None: of any;
        `days` None: of none.
        """
        with self._snapshot(as_of, judged) as snapshot:
            claims: list[str] = []
            if days is not None:
                since, until = days
                sought = {"type": type, "country": country, "since": since, "until": until, "middle": since + (until - since) / 2}
                claims = snapshot.columns(NEAR, {**sought, "many": most}).column("claim_id").to_pylist()
            members = _points_of(snapshot).claims({*claims, *also})
        return frozenset(member.event_id for member in members), len(claims) == most

    def tellings(
        self, events: Collection[str] | None = None, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> list[TellingRow]:
        """The claims of these events (None: of all), event by event, of each the one known first first."""
        return list(tellings_in(self.tellings_in_columns(events, judged=judged, as_of=as_of)))

    def tellings_in_columns(
        self, events: Collection[str] | None = None, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> pa.Table:
        """The same in columns (`tellings_in` makes rows of them)."""
        return self._told(TELLINGS, events, judged, as_of)

    def claims_told(
        self,
        events: Collection[str] | Between | None = None,
        *,
        judged: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
    ) -> pa.Table:
        """The same claims in columns, without their records and the one told first first (`claims_in` makes rows of them)."""
        return self._told(CLAIMS_TOLD, events, judged, as_of)

    def _told(
        self, query: str, events: Collection[str] | Between | None, judged: Mapping[str, str] | None, as_of: datetime | None
    ) -> pa.Table:
        with self._snapshot(as_of, judged) as snapshot:
            if events is None:
                return snapshot.columns(query.format(which=""))
            if isinstance(events, Between):
                return snapshot.columns(query.format(which=OF_EVENTS_BETWEEN), asdict(events))
            if len(events) < MANY:
                narrow = _points_of(snapshot).around(events)
                snapshot.turn_to(replace(snapshot.source, narrow=narrow))
            return snapshot.columns(query.format(which=OF_EVENTS), {"events": sorted(events)})

    def event_prints(
        self, events: Collection[str] | None = None, *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> pa.Table:
        """These events (None: all), each ("event_id") with the number of its claims ("claims") and another ("print") that changes
        with these, their codings and their witnesses."""
        return self._told(EVENT_PRINTS, events, judged, as_of)

    def events_told_by(
        self,
        claims: Collection[str],
        documents: Collection[str],
        *,
        judged: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
    ) -> list[tuple[str, str, str]]:
        """These claims and those of these documents, in no particular order: (event, claim, document). None is current: empty."""
        if not claims and not documents:
            return []
        with self._snapshot(as_of, judged) as snapshot:
            found = snapshot.columns(EVENTS_TOLD_BY, {"claims": sorted(claims), "documents": sorted(documents)})
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def events_of(
        self, claims: Collection[str], *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> frozenset[str]:
        """The ids of the events that these current claims are of. They are read where they lie, so ask for few."""
        with self._points(as_of, judged) as points:
            return frozenset(member.event_id for member in points.claims(frozenset(claims)))

    def ids_beginning(self, beginning: str, as_of: datetime | None = None) -> list[str]:
        """The ids, sorted, of claims of any coding that begin like this. They are read where they lie, so give enough of one."""
        with self._points(as_of) as points:
            return points.ids_beginning(beginning)

    def kin(self, claims: Collection[str], as_of: datetime | None = None) -> list[tuple[str, str, datetime]]:
        """All claims of the events that these are of by what was linked: (claim, event, since when any coding has the claim).

        They are read where they lie, so ask for few.
        """
        with self._points(as_of) as points:
            return points.kin(frozenset(claims))

    def members_of(
        self, events: Collection[str], *, judged: Mapping[str, str] | None = None, as_of: datetime | None = None
    ) -> list[tuple[str, str, str]]:
        """The claims of these events, read where they lie: (event, claim, document)."""
        with self._points(as_of, judged) as points:
            return [(member.event_id, member.claim_id, member.document_id) for member in points.claims_of_events(events)]

    def coverage(self, on: date, *, as_of: datetime | None = None) -> list[tuple[date | None, int]]:
        """How many documents were published on each day up to one, by day; those of no known day (None) come last."""
        with self._snapshot(as_of) as snapshot:
            return [(row["published"], row["documents"]) for row in snapshot.select(COVERAGE, {"on": on})]

    def kin_documents(self, documents: Collection[str], *, as_of: datetime | None = None) -> list[KinRow]:
        """These documents, and those that print a text of theirs or stand at an address of theirs, by id."""
        if not documents:
            return []
        with self._snapshot(as_of) as snapshot:

            def select(query: str, **sought: Iterable[str]) -> list[dict[str, Any]]:
                listed = {name: ", ".join(map(literal, sorted(set(values)))) for name, values in sought.items()}
                return snapshot.select(query.format(**listed)) if all(listed.values()) else []

            own = {row["document_id"]: row["text_group"] for row in select(GROUPS, documents=documents)}
            printing = [row["document_id"] for row in select(GROUPED, groups=own.values())]
            held = {row["document_id"]: row["text_group"] for row in select(GROUPS, documents=printing)}
            addresses = [row["address"] for row in select(ADDRESSES, documents=documents)]
            there = [row["document_id"] for row in select(ADDRESSED, addresses=addresses)]
            kin = {*documents, *there, *(id for id, text in held.items() if text in own.values())}
            found = select(KIN, documents=kin)
            groups = {**{row["document_id"]: row["text_group"] for row in select(GROUPS, documents=there)}, **held, **own}
            return [KinRow(**row, text_group=groups.get(row["document_id"], row["document_id"])) for row in found]

    def documents_at(self, addresses: Collection[str], *, as_of: datetime | None = None) -> list[DocumentRow]:
        """The documents at these addresses, by moment of entry, then id."""
        if not addresses:
            return []
        with self._snapshot(as_of) as snapshot:
            listed = ", ".join(map(literal, sorted(set(addresses))))
            return [_document_at(columns) for columns in snapshot.select(DOCUMENTS_AT.format(addresses=listed))]

    def visits_of(self, addresses: Collection[str], *, as_of: datetime | None = None) -> list[VisitRow]:
        """What came of fetching these addresses, or of others that led there, by the moment they were fetched."""
        if not addresses:
            return []
        names = [field.name for field in fields(VisitRow)]
        with self._snapshot(as_of) as snapshot:
            found = snapshot.select(VISITS_OF.format(addresses=", ".join(map(literal, sorted(set(addresses))))))
        return [VisitRow(**{name: columns[name] for name in names}) for columns in found]

    def noted_documents(self, as_of: datetime | None = None) -> list[Document]:
        """The documents whose editors say of them that they correct, take back or update something, by id."""
        with self._snapshot(as_of) as snapshot:
            rows = snapshot.select(NOTED_DOCUMENTS)
        return [replace(from_json(Document, row["record"]), text=row["text"]) for row in rows]

    def claim_columns(self, names: Sequence[str] = (), *, since: datetime | None = None, as_of: datetime | None = None) -> pa.Table:
        """Current claims column by column, by moment of entry, document and place in it. No `names`: all columns but `record`.

        `since`: only what became known after that moment.
        """
        with self._snapshot(as_of) as snapshot:
            return snapshot.columns(CLAIM_COLUMNS.format(columns=_selected(names, ClaimRow)), {"since": since})

    def document_columns(
        self,
        names: Sequence[str] = (),
        *,
        since: datetime | None = None,
        as_of: datetime | None = None,
        batch: int = DOCUMENTS_AT_ONCE,
    ) -> Iterator[pa.RecordBatch]:
        """Current documents column by column in batches, by moment of entry and id, so that the texts need not fit into memory.

        No `names`: all columns but `record`. `since`: only what became known after that moment.
        """
        with self._snapshot(as_of) as snapshot:
            query = DOCUMENT_COLUMNS.format(columns=_selected(names, DocumentRow))
            yield from snapshot.batches(query, {"since": since}, batch)

    def derived_columns(self, table: str, *, as_of: datetime | None = None) -> pa.Table:
        """The rows of a derived table (DERIVED) that hold, column by column, by key."""
        with self._snapshot(as_of) as snapshot:
            return snapshot.columns(f"SELECT * FROM {table} ORDER BY {', '.join(KEYS[table])}")

    def named_actors(self, as_of: datetime | None = None) -> list[NamedActor]:
        """Every name that is a party to a current claim or tells of one, with each side it was taken for, by name."""
        with self._snapshot(as_of) as snapshot:
            return [NamedActor(**columns) for columns in snapshot.select(ACTOR_NAMES)]

    def claims_of(
        self, names: Collection[tuple[str, str | None]], *, limit: int | None = None, as_of: datetime | None = None
    ) -> tuple[list[ActorCount], list[ClaimRow]]:
        """Of the actor with these names (each with its country): claims counted by party, type and year, and the latest ones.

        Names are compared to the letter, countries of parties too; a teller is known by name alone. Latest first, undated last.
        """
        keys = {
            "names": sorted({name for name, _ in names}),
            "keys": sorted(f"{name}\x1f{country or ''}" for name, country in names),
        }
        with self._snapshot(as_of) as snapshot:
            snapshot.keep("told", ACTOR_CLAIMS, keys)
            counts = [ActorCount(**columns) for columns in snapshot.select(ACTOR_COUNTS)]
            latest = [claim_row(columns) for columns in snapshot.select(ACTOR_LATEST, {"limit": limit})]
        return counts, latest

    def show(self, claim_id: str, as_of: datetime | None = None) -> Shown:
        """The claim with that id or beginning of an id, and its document.

        Raises NotFoundError or AmbiguousIdError.
        """
        with self._points(as_of) as points:
            found = points.claims_beginning(claim_id)
            matches = [member for member in found if member.claim_id == claim_id] or found
            ids = list(dict.fromkeys(member.claim_id for member in matches))
            if not ids:
                raise NotFoundError(f"no claim {claim_id!r} in {self.path}. `dateline find` lists them")
            if len(ids) > 1:
                raise AmbiguousIdError(f"{claim_id!r} is the beginning of several claims: {', '.join(ids[:5])}. Give more of it")
            (columns,) = points.rows([matches[0].place])
            _, document = self._document(points, matches[0].document_id)
        row = _claim_at(columns)
        return Shown(row, from_json(Claim, row.record), document)

    def documents(self, as_of: datetime | None = None) -> list[DocumentRow]:
        """Current documents, by day of publication, then id; undated ones last."""
        with self._snapshot(as_of) as snapshot:
            return [DocumentRow(**columns) for columns in snapshot.select(DOCUMENTS)]

    def document(self, document_id: str, as_of: datetime | None = None) -> Document:
        """The document with that id. Raises NotFoundError."""
        with self._points(as_of) as points:
            return self._document(points, document_id)[1]

    def entered(self, document_ids: Collection[str], as_of: datetime | None = None) -> dict[str, Entered]:
        """These documents, each with when it was fetched and entered; unknown ids are left out."""
        with self._points(as_of) as points:
            found = {}
            for id in document_ids:
                if (columns := points.document(id)) is not None:
                    document = replace(from_json(Document, columns["record"]), text=columns["text"])
                    found[id] = Entered(document, points.fetched(id, columns["shard"]), columns["known_at"])
        return found

    def coding(self, document_id: str, as_of: datetime | None = None) -> Coding:
        """All that the current coding of a document gave, as the pipeline handed it in. Raises NotFoundError."""
        with self._points(as_of) as points:
            report, document = self._document(points, document_id)
            claims, quotations, problems = (points.records_of(table, document_id) for table in ("claims", "quotations", "problems"))
        return Coding(
            report,
            document,
            tuple(from_json(Claim, record) for record in claims),
            tuple(from_json(Quotation, record) for record in quotations),
            tuple(from_json(Problem, record) for record in problems),
        )

    def raw(self, sha256: str) -> bytes:
        """The bytes of a report. Raises NotFoundError, or DamagedLedgerError when they are no longer what they were."""
        path = raw_path(self.path, sha256)
        if not SHA256.fullmatch(sha256) or not path.exists():  # what is no hash could be a way out of the folder
            raise NotFoundError(f"no report {sha256!r} in {self.path}")
        raw = path.read_bytes()
        if _sha256(raw) != sha256:
            raise DamagedLedgerError(f"{path}: not the bytes that were kept. Restore the file from a copy")
        return raw

    def summary(self, as_of: datetime | None = None) -> Summary:
        """What the ledger holds, counted."""
        state = self.state().known_by(_utc(as_of) if as_of else None)
        with self._snapshot(as_of) as snapshot:
            types, statuses = ({row["value"]: row["n"] for row in snapshot.select(query)} for query in (TYPES, STATUSES))
            return Summary(
                format=read_format(self.path),
                types=types,
                statuses=statuses,
                coders=tuple(Coder(**columns) for columns in snapshot.select(CODERS)),
                shards=len(state.receipts) + len(state.catalogue.volumes),
                **snapshot.select(COUNTS)[0],
            )

    def sql(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None, *, as_of: datetime | None = None) -> Answer:
        """What DuckDB answers. Tables: claims, events, documents, quotations, problems, links, reprints, sketches, and every
        segment's rows as `all_…`.

        Only SELECT, and nothing outside the ledger's folder can be read; no extension is loaded. Raises QueryError.
        """
        with self._snapshot(as_of) as snapshot:
            return snapshot.answer(query, parameters)

    def query(self, query: str, *, as_of: datetime | None = None) -> pa.Table:
        """The same column by column. Raises QueryError."""
        with self._snapshot(as_of) as snapshot:
            return snapshot.answer_columns(query)

    def close(self) -> None:
        """Lets go of the database that was kept for the next question; another is opened when there is one."""
        while self._spare:
            self._spare.pop().connection.close()

    @contextmanager
    def _snapshot(self, as_of: datetime | None = None, judged: Mapping[str, str] | None = None) -> Iterator[Snapshot]:
        """The ledger as of a moment. The last one is kept for the next question, since most ask for the same; while it is in use
        nobody else has it, so that threads that ask at once have one each."""
        source = Source(self.path, self.state(), _utc(as_of) if as_of else None, tuple((judged or {}).items()))
        try:
            snapshot = self._spare.pop().turn_to(source)
        except IndexError:
            snapshot = open_snapshot(source)
        with naming_damage(self.path):
            yield snapshot
        self._spare[:] = [snapshot]

    @contextmanager
    def _points(self, as_of: datetime | None = None, judged: Mapping[str, str] | None = None) -> Iterator[Points]:
        """The same for questions about single things, which need no view."""
        with self._snapshot(as_of, judged) as snapshot:
            yield _points_of(snapshot)

    def _document(self, points: Points, document_id: str) -> tuple[str, Document]:
        """The document and the name of its report."""
        columns = points.document(document_id)
        if columns is None:
            raise NotFoundError(f"no document {document_id!r} in {self.path}")
        return columns["report"], replace(from_json(Document, columns["record"]), text=columns["text"])


def _points_of(snapshot: Snapshot) -> Points:
    return Points(snapshot.connection, snapshot.source, snapshot.opened)


def _outcomes(receipts: Iterable[Receipt]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for receipt in receipts:
        for report in receipt.reports:
            found[report.key] = found.get(report.key, False) or not report.is_failed
    return found


def _claim_at(columns: dict[str, Any]) -> ClaimRow:
    """The row that stands there, whose segment may be so old that it lacks a column, or say more than a row does."""
    return claim_row({field.name: columns.get(field.name) for field in fields(ClaimRow)})


def _document_at(columns: dict[str, Any]) -> DocumentRow:
    known: dict[str, Any] = {field.name: columns.get(field.name) for field in fields(DocumentRow)}
    return DocumentRow(**known)


def _selected(names: Sequence[str], kind: type) -> str:
    """The columns by name, quoted; none given: all but the record. Raises ValueError for one that the table does not have."""
    known = [field.name for field in fields(kind)]
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"no column {', '.join(unknown)}; there are {', '.join(known)}")
    return ", ".join(f'"{name}"' for name in names or known if names or name != "record")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    return moment.astimezone(UTC)


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _rows_by_table(entries: list[Entry]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {table: [] for table in CODED}
    for entry in entries:
        for table, some in rows_of(entry).items():
            rows[table].extend(some)
    return rows


def _coded(entry: Entry, key: str) -> Coded:
    report, document = entry.report, entry.coding.document
    return Coded(
        key=key,
        name=report.name,
        raw_sha256=entry.raw_sha256,
        media_type=report.media_type,
        address=report.address,
        fetched=report.fetched.isoformat() if report.fetched else None,
        publisher=report.publisher,
        published=report.published.isoformat() if report.published else None,
        title=report.title,
        byline=report.byline,
        document=document.id if document else None,
        is_failed=is_failed(entry.coding),
    )
