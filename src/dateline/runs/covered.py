"""A ledger copied with the names of private people and exact places covered: what is made of the copy cannot tell what it has not.

Documents, claims, quotations, links, reprints and judgements are copied with their moments, and the first three with their ids, so
that what was known on a day can be asked of the copy too. Left behind are the reports' own bytes, earlier codings, sketches,
alerts, the users' tables, and who judged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from dateline.covering.cover import Cover
from dateline.covering.people import Knowledge, People
from dateline.ledger.derived import LinkRow, ReprintRow
from dateline.ledger.judgements import Entry, Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Coder, Coding, Judge, Judgement, JudgementKind, Report

COPIED = "copied"
"""What the copy says worked out its reprints: that is not kept for each."""

PARTIES = frozenset(("actors", "recipients"))
"""Fields that people put right with names."""

PLACE = "a place"
"""What stands for a place that people put right: how exact theirs is cannot be told."""

LINKS = """
SELECT known_at, linker, claim_id, event_id, witness, chance FROM all_links
WHERE claim_id IN (SELECT unnest($claims::VARCHAR[])) ORDER BY known_at, claim_id
"""

REPRINTS = """
SELECT known_at, document_id, "group", is_round_up FROM all_reprints
WHERE document_id IN (SELECT unnest($documents::VARCHAR[])) ORDER BY known_at, document_id
"""


@dataclass(frozen=True)
class Covered:
    """A covered ledger, and what covers anything else that goes with it."""

    ledger: Ledger
    cover: Cover


def cover_ledger(
    ledger: Ledger,
    folder: Path,
    knowledge: Knowledge,
    *,
    documents: Collection[str] | None = None,
    as_of: datetime | None = None,
    keeps_addresses: bool = False,
    on_document: Callable[[str], object] = lambda id: None,
) -> Covered:
    """Copies these documents (None: all) as known at a moment into a new ledger in the folder, covered.

    People are numbered as they are first named, documents taken by day of publication and id: the same documents always give the
    same numbers. `on_document` is told of each one that was copied. Documents that could not be coded are left out.
    """
    told = _papers(ledger, documents, as_of)
    entries = Log(ledger.path).entries(as_of)
    people = People(knowledge)
    read = _Codings(ledger, as_of, {} if len(told) <= KEPT else None)
    for paper in told:
        people.gather(read.coding(paper.id))
    people.number()
    for judgement in (judgement for entry in entries for judgement in entry.judgements):
        people.take_words(judgement.value if judgement.field in PARTIES else None, judgement.reason)
    cover = Cover(people, keeps_addresses)
    copy = open_ledger(folder)
    claims: list[str] = []
    for (moment, coder), papers in groupby(sorted(told, key=_in_order), key=lambda paper: (paper.known_at, paper.coder)):
        for some in _batches(papers):
            codings = [cover.coding(read.coding(paper.id)) for paper in some]
            claims += [claim.id for coding in codings for claim in coding.claims]
            reports = [_report(coding) for coding in codings]
            copy.add([_of_bytes(c, r) for c, r in zip(codings, reports, strict=True)], reports, coder=coder, known_at=moment)
            for paper in some:
                on_document(paper.id)
    _copy_links(ledger, copy, claims, as_of)
    _copy_reprints(ledger, copy, [paper.id for paper in told], as_of)
    _copy_judgements(entries, copy, cover, None if documents is None else frozenset(claims))
    return Covered(copy, cover)


@dataclass(frozen=True)
class _Paper:
    """A document that is copied: when it was published and entered, and what coded it."""

    id: str
    published: date | None
    known_at: datetime
    coder: Coder


NEEDED = ("document_id", "published", "known_at", "program", "model", "knowledge", "is_failed")


def _papers(ledger: Ledger, documents: Collection[str] | None, as_of: datetime | None) -> list[_Paper]:
    """The documents by day of publication and id, those of unknown day last."""
    found = []
    for batch in ledger.document_columns(NEEDED, as_of=as_of):
        for row in batch.to_pylist():
            if not row["is_failed"] and (documents is None or row["document_id"] in documents):
                coder = Coder(row["program"], row["model"], row["knowledge"])
                found.append(_Paper(row["document_id"], row["published"], row["known_at"], coder))
    return sorted(found, key=lambda paper: (paper.published or date.max, paper.id))


def _in_order(paper: _Paper) -> tuple[datetime, str, str, str]:
    return paper.known_at, paper.coder.program, paper.coder.model, paper.coder.knowledge


KEPT = 500
"""Documents up to which their codings are kept between the two times that they are looked at."""


@dataclass(frozen=True)
class _Codings:
    """The codings of documents, kept once they were read if they are few (`kept` None: they are many)."""

    ledger: Ledger
    as_of: datetime | None
    kept: dict[str, Coding] | None

    def coding(self, id: str) -> Coding:
        if self.kept is None:
            return self.ledger.coding(id, self.as_of)
        if id not in self.kept:
            self.kept[id] = self.ledger.coding(id, self.as_of)
        return self.kept[id]


AT_ONCE = 200
"""Documents of a shard of the copy."""


def _batches(papers: Iterator[_Paper]) -> Iterator[list[_Paper]]:
    while some := list(islice(papers, AT_ONCE)):
        yield some


def _report(coding: Coding) -> Report:
    """The covered text as the report that was handed in. Its address is the document's id: two prints of one text stay two."""
    document = coding.document
    assert document is not None
    return Report(
        coding.report, document.text.encode("utf-8", "replace"), "text/plain", document.address or f"document:{document.id}"
    )


def _of_bytes(coding: Coding, report: Report) -> Coding:
    assert coding.document is not None
    return replace(coding, document=replace(coding.document, raw_sha256=hashlib.sha256(report.raw).hexdigest()))


def _copy_links(ledger: Ledger, copy: Ledger, claims: Sequence[str], as_of: datetime | None) -> None:
    """Which claims were linked to which event, run by run."""
    found = _rows(ledger, LINKS, as_of, claims=list(claims))
    for (moment, linker), rows in groupby(found, key=lambda row: (row["known_at"], row["linker"])):
        some = [LinkRow(r["claim_id"], r["event_id"], r["witness"], r["chance"], r["linker"]) for r in rows]
        copy.add_rows("links", some, by=linker, known_at=moment)


def _copy_reprints(ledger: Ledger, copy: Ledger, documents: Sequence[str], as_of: datetime | None) -> None:
    for moment, rows in groupby(_rows(ledger, REPRINTS, as_of, documents=list(documents)), key=lambda row: row["known_at"]):
        some = [ReprintRow(row["document_id"], row["group"], row["is_round_up"]) for row in rows]
        copy.add_rows("reprints", some, by=COPIED, known_at=moment)


def _rows(ledger: Ledger, query: str, as_of: datetime | None, **wanted: list[str]) -> list[dict[str, Any]]:
    answer = ledger.sql(query, wanted, as_of=as_of)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


# ---------------------------------------------------------------- judgements


def _copy_judgements(entries: Sequence[Entry], copy: Ledger, cover: Cover, claims: frozenset[str] | None) -> None:
    """What was judged of these claims (None: all), by reviewers with numbers in place of names. Ids are given anew."""
    log = Log(copy.path)
    reviewers: dict[str, str] = {}
    ids: dict[str, str] = {}
    among = range(len(cover.people.named))
    for entry in entries:
        kept = [j for j in entry.judgements if _is_about(j, claims, ids)]
        if not kept:
            continue
        by = entry.by
        if not by.is_machine:
            by = Judge(reviewers.setdefault(by.name, f"reviewer {len(reviewers) + 1}"))
        covered = [_judgement(judgement, by, cover, among, ids) for judgement in kept]
        for old, new in zip(kept, log.append(covered).judgements, strict=True):
            ids[old.id] = new.id


def _is_about(judgement: Judgement, claims: frozenset[str] | None, ids: dict[str, str]) -> bool:
    """Whether it says something of what was copied. Whom the log forgot is not told."""
    if judgement.kind is JudgementKind.FORGOTTEN:
        return False
    if judgement.revokes:
        return any(id in ids for id in judgement.revokes)
    return claims is None or not judgement.claims or not claims.isdisjoint(judgement.claims)


def _judgement(judgement: Judgement, by: Judge, cover: Cover, among: Collection[int], ids: dict[str, str]) -> Judgement:
    def covered(text: str) -> str:
        return cover.text(text, among)

    def value(said: str) -> str:
        return PLACE if judgement.field == "place" and said else covered(said)

    # Where the words stand that a correction rests on: the text is another.
    facts = tuple((name, covered(said)) for name, said in judgement.facts if name != "span")
    return replace(
        judgement,
        id="",
        by=by,
        reason=covered(judgement.reason),
        value=None if judgement.value is None else value(judgement.value),
        before=tuple((claim, value(read)) for claim, read in judgement.before),
        revokes=tuple(ids[id] for id in judgement.revokes if id in ids),
        facts=facts,
    )


def documents_of(ledger: Ledger, events: Collection[str], *, judged: Mapping[str, str], as_of: datetime | None) -> frozenset[str]:
    """The documents that events rest on, and those that may correct or reprint them: all that reading the events needs."""
    told = ledger.claims_told(frozenset(events), judged=judged, as_of=as_of)
    own = set(told.column("document_id").to_pylist())
    return frozenset(own.union(row.document_id for row in ledger.kin_documents(own, as_of=as_of)))
