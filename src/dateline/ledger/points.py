"""Single documents, claims and events, read where they lie: by the indexes and sheets of the volumes, and by no view.

A view over ten million claims is planned anew at each question, over some sixty columns, and most of the time of a question for one
claim went there. What the views say of a claim (queries.py) is said here of the few claims that are asked for: which coding a
document shows, and which event a claim belongs to. tests/ledger/test_points.py holds one against the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dateline.ledger.segments import Segment
from dateline.ledger.sheets import Sheets
from dateline.ledger.snapshot import Narrow, Source, literal
from dateline.ledger.volumes import SHEETS, Opened, locate

if TYPE_CHECKING:
    import duckdb

Place = tuple[str, int]
"""A row: the file of its segment as the database names it, and its number in it."""

Columns = dict[str, Any]

Moment = tuple[datetime, str]
"""When something was entered, and by which shard: of two the later holds."""

AT = ("filename", "file_row_number")

CLAIM = ("claim_id", "document_id", "position", "known_at", "shard", "same_as", "published")
"""What tells which claims are wanted; to read no more than this of a row costs a fifth."""

SEALED = (*CLAIM, "event_id", "linked_at", "link_shard", "known_until")

CODING = ("document_id", "known_at", "shard", "is_failed")

DOCUMENT = (*CODING, "report", "text", "record")

FEW = 4_000
"""Rows up to which it is quicker to open their sheets than to read the columns of all: a third of a millisecond each."""


@dataclass(frozen=True)
class Member:
    """A claim as the coding that its document shows tells it, and the event that it belongs to."""

    place: Place
    claim_id: str
    document_id: str
    position: int
    known_at: datetime
    event_id: str
    order: tuple[Any, ...]
    """The claim known first comes first, and of those the one published first."""


@dataclass
class Points:
    """What a source has, one thing at a time; rows that were looked at once are not looked for again."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    opened: Opened
    _claims: dict[Place, Columns] = field(default_factory=dict)
    _codings: dict[str, dict[Moment, bool]] = field(default_factory=dict)
    """For each document its codings, and whether they failed."""

    # ------------------------------------------------------------ documents

    def document(self, document_id: str) -> Columns | None:
        """Report, text and record of the document in the coding that it shows; None when there is no such document."""
        sealed = self._sealed_rows(DOCUMENT, self._located("documents", [document_id]))
        self._note_codings([document_id], sealed)
        shown = self.shown([document_id]).get(document_id)
        if shown is None:
            return None
        for row in sealed:
            if row["document_id"] == document_id and _moment(row) == shown:
                return row
        segments = [receipt.segments["documents"] for receipt in self.source.known.receipts if receipt.shard == shown[1]]
        return self._select(DOCUMENT, segments, "document_id = $id", {"id": document_id})[0]

    def fetched(self, document_id: str, shard: str) -> datetime | None:
        """When the report of a document's coding was fetched, by its receipt; whoever handed it in did not say: None."""
        known = self.source.known
        for receipt in known.receipts:
            if receipt.shard == shard:
                said = next((report.fetched for report in receipt.reports if report.document == document_id), None)
                return datetime.fromisoformat(said) if said else None
        holding = locate(self.opened, known.catalogue, "documents", [document_id])
        segments = [
            volume.segments["coded"]
            for volume in known.catalogue.volumes
            if "documents" in volume.segments and volume.segments["documents"].name in holding and "coded" in volume.segments
        ]
        rows = self._select(("fetched",), segments, "document = $id AND shard = $shard", {"id": document_id, "shard": shard})
        return next((datetime.fromisoformat(row["fetched"]) for row in rows if row["fetched"]), None)

    def records_of(self, table: str, document_id: str) -> list[str]:
        """The records of a document's claims, quotations or problems, in the order of its coding."""
        shown = self.shown([document_id]).get(document_id)
        if shown is None:
            return []
        known = self.source.known
        segments = [r.segments[table] for r in known.receipts if r.shard == shown[1] and table in r.segments]
        if table == "claims":
            located = self._located("claims_of_documents", [document_id])
            rows = [row for row in self._claim_rows(located, "document_id", [document_id]) if row["document_id"] == document_id]
            places = [_place(row) for row in sorted(rows, key=lambda row: row["position"]) if row["shard"] == shown[1]]
            return [row["record"] for row in self.rows(places)]
        holding = locate(self.opened, known.catalogue, "documents", [document_id])
        volumes = (v for v in known.catalogue.volumes if "documents" in v.segments and v.segments["documents"].name in holding)
        segments += [volume.segments[table] for volume in volumes if table in volume.segments]
        which = "document_id = $id AND shard = $shard"
        rows = self._select(("position", "record"), segments, which, {"id": document_id, "shard": shown[1]})
        return [row["record"] for row in sorted(rows, key=lambda row: row["position"])]

    def shown(self, documents: Iterable[str]) -> dict[str, Moment]:
        """For each document the coding that it shows: the latest that succeeded, or else the latest. Unknown ones are left out."""
        wanted = set(documents)
        self._read_codings(wanted - self._codings.keys())
        return {
            document: max(codings, key=lambda moment: (not codings[moment], moment))
            for document in wanted
            if (codings := self._codings[document])
        }

    def _read_codings(self, documents: Collection[str]) -> None:
        self._note_codings(documents, self._sealed_rows(CODING, self._located("documents", documents)))

    def _note_codings(self, documents: Collection[str], sealed: Iterable[Columns]) -> None:
        """Of these documents the codings: those in volumes are given, and others may be among them."""
        self._codings |= {document: dict(self._loose_codings.get(document, ())) for document in documents}
        for row in sealed:
            if row["document_id"] in documents:
                self._codings[row["document_id"]][_moment(row)] = row["is_failed"]

    @cached_property
    def _loose_codings(self) -> dict[str, list[tuple[Moment, bool]]]:
        found: dict[str, list[tuple[Moment, bool]]] = defaultdict(list)
        for receipt in self.source.known.receipts:
            for report in receipt.reports:
                if report.document:
                    found[report.document].append(((receipt.moment, receipt.shard), report.is_failed))
        return found

    # ------------------------------------------------------------ claims

    def claims_beginning(self, beginning: str) -> list[Member]:
        """The claims whose ids begin like this, by id, document and position."""
        rows = self._claim_rows(self._located("claims", [beginning]), "starts_with", [beginning])
        found = self._members(row for row in rows if row["claim_id"].startswith(beginning))
        return sorted(found, key=lambda member: (member.claim_id, member.document_id, member.position))

    def rows_of(self, keys: Sequence[Columns]) -> list[Columns]:
        """The whole rows of the claims with these ids, documents, positions and shards, in the same order."""
        ids = {key["claim_id"] for key in keys}
        found = self._claim_rows(self._located("claims", ids), "claim_id", ids)
        place_of = {(row["document_id"], row["position"], row["shard"]): _place(row) for row in found}
        return self.rows([place_of[key["document_id"], key["position"], key["shard"]] for key in keys])

    def claims(self, claim_ids: Collection[str]) -> list[Member]:
        """The claims of these ids, by document and position."""
        rows = self._claim_rows(self._located("claims", claim_ids), "claim_id", claim_ids)
        found = self._members(row for row in rows if row["claim_id"] in claim_ids)
        return sorted(found, key=lambda member: (member.document_id, member.position))

    def claims_of_events(self, events: Collection[str]) -> list[Member]:
        """The claims of these events, the one known first first."""
        return sorted(
            (member for member in self.claims(self._told_of(events)) if member.event_id in events), key=lambda member: member.order
        )

    def ids_beginning(self, beginning: str) -> list[str]:
        """The ids, sorted, of claims of any coding that begin like this."""
        rows = self._claim_rows(self._located("claims", [beginning]), "starts_with", [beginning])
        return sorted({row["claim_id"] for row in rows if row["claim_id"].startswith(beginning)})

    def kin(self, claim_ids: Collection[str]) -> list[tuple[str, str, datetime]]:
        """All claims of the events that these are of: each with its event, and since when any coding has it."""
        members = self.claims_of_events({member.event_id for member in self.claims(claim_ids)})
        events = {member.claim_id: member.event_id for member in members}
        known_at: dict[str, datetime] = {}
        for row in self._claim_rows(self._located("claims", events), "claim_id", events):
            known_at[row["claim_id"]] = min(row["known_at"], known_at.get(row["claim_id"], row["known_at"]))
        return [(claim, event, known_at[claim]) for claim, event in events.items()]

    def near(self, claim_ids: Collection[str]) -> Narrow:
        """The part of the volumes from which all can be told of the events that these claims belong to."""
        return self.around({member.event_id for member in self.claims(claim_ids)})

    def around(self, events: Collection[str]) -> Narrow:
        """The part of the volumes from which all can be told of these events."""
        told = self._told_of(events)
        rows = _by_file(self._located("claims", told))
        return Narrow(tuple((file, tuple(some)) for file, some in rows.items()), tuple(sorted(told)))

    def _told_of(self, events: Collection[str]) -> set[str]:
        """Claims that may belong to these events: by a link of any time, by a judgement, or as their document tells them."""
        claims = {claim for claim, event in self.source.judged if event in events} | set(events)
        claims |= {row["claim_id"] for row in self._links("event_id", events)}
        located = self._located("claims_of_events", events) | self._located("claims", events)
        rows = self._claim_rows(located, "same_as", events)
        claims |= {row["claim_id"] for row in rows if row.get("event_id") in events or row["same_as"] in events}
        # What the event's own document says of it again may have no link, and no index finds it.
        documents = {row["document_id"] for row in rows if row["claim_id"] in events}
        retold = self._sealed_claims(self._located("claims_of_documents", documents))
        return claims | {row["claim_id"] for row in retold if row["same_as"] in events}

    def _members(self, rows: Iterable[Columns]) -> list[Member]:
        """Of these rows those of codings that are shown. For all claims among them all rows must be there, since any may say the
        link."""
        rows = list(rows)
        linked: dict[str, tuple[Moment, str]] = {}
        links = [*rows, *self._links("claim_id", {row["claim_id"] for row in rows})]
        for row in links:
            if row.get("linked_at") is not None and self._is_known(row["linked_at"]):
                link = ((row["linked_at"], row["link_shard"]), row["event_id"])
                linked[row["claim_id"]] = max(link, linked.get(row["claim_id"], link))
        return [
            Member(
                _place(row), row["claim_id"], row["document_id"], row["position"], row["known_at"], self._event_of(row, linked),
                (row["known_at"], row["published"] is None, row["published"], row["document_id"], row["position"]),
            )
            for row in self._shown_among(rows)
        ]  # fmt: skip

    def _shown_among(self, rows: Sequence[Columns]) -> list[Columns]:
        """Of these rows of claims those of codings that their documents show.

        A sealed row says until when it was shown, and only for documents of which something was said since are codings compared.
        """
        documents = {row["document_id"] for row in rows}
        catalogue, unsettled = self.source.known.catalogue, documents & self._loose_codings.keys()
        if catalogue.superseded and documents:
            late = self._select(("document_id",), catalogue.superseded, _among("document_id", documents))
            unsettled |= {row["document_id"] for row in late}
        shown = self.shown(unsettled)
        return [
            row
            for row in rows
            if (
                shown.get(row["document_id"]) == _moment(row)
                if row["document_id"] in unsettled
                else row["known_until"] is None or not self._is_known(row["known_until"])
            )
        ]

    def _event_of(self, row: Columns, linked: Mapping[str, tuple[Moment, str]]) -> str:
        """As people judged it, as it was linked, or as its document tells it."""
        claim: str = row["claim_id"]
        if claim in self._judged:
            return self._judged[claim]
        return linked[claim][1] if claim in linked else row["same_as"] or claim

    @cached_property
    def _judged(self) -> dict[str, str]:
        return dict(self.source.judged)

    def _links(self, column: str, values: Collection[str]) -> list[Columns]:
        """The rows of links, those that sealed claims carry themselves aside."""
        known = self.source.known
        segments = [receipt.segments["links"] for receipt in known.receipts if "links" in receipt.segments]
        named = ("claim_id", "event_id", "known_at AS linked_at", "shard AS link_shard")
        which = f"{_among(column, values)} AND known_at <= {self.source.moment}"
        return self._select(named, [*segments, *known.catalogue.links], which) if values else []

    # ------------------------------------------------------------ rows

    def rows(self, places: Sequence[Place], columns: tuple[str, ...] = ()) -> list[Columns]:
        """The rows of claims at these places, in the same order: whole, or of each only these columns."""
        found: dict[Place, Columns] = {}
        wanted = _names(columns) if columns else "*"
        parts: list[str] = []
        for file, rows in _by_file(places).items():
            if file in self._sheets:
                of_sheet = self._sheets[file].rows(rows, columns) if columns else self._sheets[file].rows(rows)
                found |= {(file, number): row for number, row in of_sheet.items()}
            else:
                parts.append(f"SELECT {wanted} FROM {_at([file], rows)}")
        for row in self._ask(" UNION ALL BY NAME ".join(parts)) if parts else []:
            found[row.pop("filename"), row.pop("file_row_number")] = row
        return [found[place] for place in places]

    def _located(self, what: str, ids: Collection[str]) -> set[Place]:
        """Where sealed rows with these ids are, or with the beginnings of ids; a few others may be among them."""
        ledger = self.source.ledger
        found = locate(self.opened, self.source.known.catalogue, what, sorted(ids))
        return {(str(ledger / name), row) for name, rows in found.items() for row in rows}

    def _claim_rows(self, located: set[Place], how: str, values: Collection[str]) -> list[Columns]:
        """What tells claims apart: of these sealed rows, and of the rows outside the volumes that have such a value."""
        segments = [receipt.segments["claims"] for receipt in self.source.known.receipts if "claims" in receipt.segments]
        if how == "same_as":
            which = f"{_among('same_as', values)} OR {_among('claim_id', values)}"
        elif how == "starts_with":
            which = " OR ".join(f"starts_with(claim_id, {literal(value)})" for value in values)
        else:
            which = _among(how, values)
        return [*self._sealed_claims(located), *(self._select(CLAIM, segments, which) if values else [])]

    def _sealed_claims(self, located: set[Place]) -> list[Columns]:
        unread = located - self._claims.keys()
        self._claims |= {_place(row): row for row in self._sealed_rows(SEALED, unread)}
        return [self._claims[place] for place in sorted(located) if place in self._claims]

    def _sealed_rows(self, columns: tuple[str, ...], located: Collection[Place]) -> list[Columns]:
        """Of these rows, wherever they stand, those that were known at the moment."""
        files = _by_file(located)
        on_sheets = files.keys() & self._sheets.keys() if len(located) <= FEW else set[str]()
        found = [
            {**row, "filename": file, "file_row_number": number}
            for file in sorted(on_sheets)
            for number, row in self._sheets[file].rows(files[file], columns).items()
        ]
        parts = [f"SELECT {_names(columns)} FROM {_at([file], rows)}" for file, rows in files.items() if file not in on_sheets]
        found += self._ask(" UNION ALL ".join(parts)) if parts else []
        return [row for row in found if self._is_known(row["known_at"])]

    @cached_property
    def _sheets(self) -> dict[str, Sheets]:
        """By the file of a volume's segment the same rows on sheets; a volume that an earlier dateline made has none."""
        return {
            str(self.source.ledger / volume.segments[table].name): self.opened.sheets(volume.indexes[what])
            for volume in self.source.known.catalogue.volumes
            for what, table in SHEETS.items()
            if what in volume.indexes
        }

    def _select(
        self, columns: Sequence[str], segments: Iterable[Segment], which: str, parameters: Columns | None = None
    ) -> list[Columns]:
        files = [str(self.source.ledger / segment.name) for segment in segments]
        return self._ask(f"SELECT {_names(columns)} FROM {_parquet(files)} WHERE {which}", parameters) if files else []

    def _ask(self, query: str, parameters: Columns | None = None) -> list[Columns]:
        found: list[Columns] = self.connection.sql(query, params=parameters).to_arrow_table().to_pylist()
        return found

    def _is_known(self, moment: datetime) -> bool:
        return self.source.as_of is None or moment <= self.source.as_of


def _parquet(files: Iterable[str]) -> str:
    return f"read_parquet([{', '.join(map(literal, files))}], filename = true, file_row_number = true)"


def _at(files: Iterable[str], rows: Iterable[int]) -> str:
    return f"{_parquet(files)} WHERE file_row_number IN ({', '.join(map(str, rows))})"


def _names(columns: Iterable[str]) -> str:
    return ", ".join((*AT, *columns))


def _among(column: str, values: Collection[str]) -> str:
    return f"{column} IN ({', '.join(map(literal, sorted(values)))})"


def _place(row: Columns) -> Place:
    return row["filename"], row["file_row_number"]


def _moment(row: Columns) -> Moment:
    return row["known_at"], row["shard"]


def _by_file(places: Iterable[Place]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for file, row in sorted(places):
        found[file].append(row)
    return found
