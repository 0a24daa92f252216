"""Linked events read from a ledger, as of a moment: what each says, what became of plans, and which make up an episode.

Nothing is written. What people judged is laid over what was linked: which claims are of which event, and which were rejected,
retracted or superseded.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.corrections import with_corrections
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.resolve import ClaimStanding
from dateline.ledger.rows import TellingRow
from dateline.ledger.store import Filters, Ledger
from dateline.linking.accounts import accounts_of
from dateline.linking.amendments import Change, amended, changes_of
from dateline.linking.corrections import Edition, Superseded, find_superseded
from dateline.linking.episodes import find_episodes
from dateline.linking.fulfilment import follow_plans
from dateline.linking.outlines import Outline, outline_of
from dateline.records import Claim, Document, Episode, Judgement, LinkedEvent, PlanOutcome, Testimony
from dateline.serial import from_json


@dataclass(frozen=True)
class Reading:
    """The events of a ledger at a moment, by id, and the days on which its reports were published."""

    events: tuple[LinkedEvent, ...]
    published: tuple[date, ...]


AROUND = timedelta(days=31)
"""How far around an event others are read too: its plan, its outcome and its episode are among them."""

NEIGHBOURS = 600
"""Claims of an event's type near it that are looked at: of two thousand, as a crowded month has, it takes eight seconds."""


def read_events(
    ledger: Ledger,
    knowledge: AccountKnowledge,
    *,
    only: Collection[str] | None = None,
    as_of: datetime | None = None,
    printed_by: date | None = None,
    people: Judged | None = None,
) -> Reading:
    """The ledger's events as known at `as_of` (None: now); `only` those with these ids, if they are given.

    `printed_by`: as if every report had been entered on the day it was published, and that day were this one. Reports of unknown
    day then count from when they were entered. A ledger that was never linked has the events that each report tells by itself.
    `people`: what is judged, if it is not what the log has: to see what a judgement would come to.
    """
    people = people or Judged(ledger, Log(ledger.path), as_of)
    judged = people.events
    wanted = None if only is None else frozenset(only)
    rows = ledger.tellings(wanted and _around(ledger, wanted, judged, as_of), judged=judged, as_of=as_of)
    if printed_by is not None:
        rows = [row for row in map(_as_printed, rows) if row.known_at.date() <= printed_by]
    on = printed_by or (as_of or datetime.now(UTC)).date()
    group = {row["document_id"]: row["group"] for row in ledger.derived_columns("reprints", as_of=as_of).to_pylist()}
    noted = {document.id: document for document in ledger.noted_documents(as_of)}
    papers = _Papers({}, [], noted)
    published: list[date] = []
    for batch in ledger.document_columns(("document_id", "published", "agencies", "address"), as_of=as_of):
        for id, day, agencies, address in zip(*(batch.column(name).to_pylist() for name in batch.schema.names), strict=True):
            if day is not None and day > on:
                continue
            published += [day] if day else []
            papers.take(id, group.get(id, id), day, address, agencies)
    known = papers.known(people, knowledge)
    read = (event_told(id, list(told), known) for id, told in groupby(rows, key=lambda row: row.event_id))
    found = _joined([event for event in read if event is not None], on, knowledge)
    return Reading(tuple(e for e in found if wanted is None or e.id in wanted), tuple(published))


def read_event(
    ledger: Ledger, knowledge: AccountKnowledge, id: str, *, as_of: datetime | None = None, people: Judged | None = None
) -> LinkedEvent | None:
    """One event by its id, without its plan and its episode, for which all events around it have to be read.

    The rest is as `read_events` gives it, at the cost of the event's own claims and of the documents that may correct theirs. No
    such event, or people rejected all of it: None.
    """
    people = people or Judged(ledger, Log(ledger.path), as_of)
    rows = ledger.tellings({id}, judged=people.events, as_of=as_of)
    return event_told(id, rows, _known_of_rows(ledger, knowledge, rows, people, as_of)) if rows else None


def read_alone(
    ledger: Ledger, knowledge: AccountKnowledge, ids: Collection[str], *, as_of: datetime | None, people: Judged
) -> dict[str, tuple[LinkedEvent | None, tuple[str, ...]]]:
    """Events by their ids as `read_event` gives each, in one go, with all claims of each, those that people rejected too."""
    rows = ledger.tellings(frozenset(ids), judged=people.events, as_of=as_of)
    known = _known_of_rows(ledger, knowledge, rows, people, as_of)
    told = ((id, list(some)) for id, some in groupby(rows, key=lambda row: row.event_id))
    return {id: (event_told(id, some, known), tuple(json.loads(row.record)["id"] for row in some)) for id, some in told}


@dataclass(frozen=True)
class Around:
    """An event with its plan and its episode, and its neighbours: events of its type within `AROUND`, in no particular order.

    `is_partial`: there are so many that not all were read, so that the episode may be longer than it seems.
    """

    event: LinkedEvent
    neighbours: tuple[Outline, ...]
    is_partial: bool = False


def read_around(
    ledger: Ledger, knowledge: AccountKnowledge, event: LinkedEvent, *, as_of: datetime | None = None, people: Judged | None = None
) -> Around:
    """What became of an event's plan and which episode it is part of: as `read_events` tells it, from fewer events.

    A plan and its outcome are of one type and not of two countries, and so are the events of an episode: no others are read. One
    whose day or country people corrected is looked for where it was read.
    """
    people = people or Judged(ledger, Log(ledger.path), as_of)
    outline = outline_of(event.id, event.tellings, knowledge)
    country = outline.place.country if outline.place is not None else None
    days = [d for d in (outline.first, outline.last) if d is not None]
    window = (min(days) - AROUND, max(days) + AROUND) if days else None
    # A claim that people corrected is of another type than its row says.
    corrected = [
        claim
        for claim, standing in people.standings.items()
        if any(j.field == "type" and j.value == outline.kind.type for j in standing.corrections)
    ]
    near, is_partial = ledger.events_near(
        outline.kind.type, country, window, most=NEIGHBOURS, also=corrected, judged=people.events, as_of=as_of
    )
    rows = ledger.tellings(near - {event.id}, judged=people.events, as_of=as_of)
    known = _known_of_rows(ledger, knowledge, rows, people, as_of)
    told = ((id, _tellings(list(some), known)) for id, some in groupby(rows, key=lambda row: row.event_id))
    others = [outline_of(id, tellings, knowledge) for id, tellings in told if tellings]
    on = (as_of or datetime.now(UTC)).date()
    plans, episodes = _followed([outline, *others], on, knowledge)
    own = replace(event, plan=plans.get(event.id), episode=episodes.get(event.id))
    return Around(own, tuple(others), is_partial)


def _known_of_rows(
    ledger: Ledger, knowledge: AccountKnowledge, rows: Sequence[TellingRow], people: Judged, as_of: datetime | None
) -> Known:
    """What is known of the documents of these rows, and of no others."""
    on = (as_of or datetime.now(UTC)).date()
    papers = _Papers({}, [], {})
    for row in ledger.kin_documents({row.document_id for row in rows}, as_of=as_of):
        if row.published is None or row.published <= on:
            if row.record is not None and row.text is not None:
                papers.noted[row.document_id] = replace(from_json(Document, row.record), text=row.text)
            papers.take(row.document_id, row.text_group, row.published, row.address, row.agencies)
    return papers.known(people, knowledge)


def known_of(ledger: Ledger, knowledge: AccountKnowledge, people: Judged, as_of: datetime | None) -> Known:
    """What is known besides the claims, for all events of the ledger, but for who is credited.

    Few documents say that they correct something, and only they and the prints of their texts are read.
    """
    on = (as_of or datetime.now(UTC)).date()
    papers = _Papers({}, [], {document.id: document for document in ledger.noted_documents(as_of)})
    for row in ledger.kin_documents(papers.noted, as_of=as_of) if papers.noted else ():
        if row.published is None or row.published <= on:
            papers.take(row.document_id, row.text_group, row.published, row.address, ())
    return papers.known(people, knowledge)


def _joined(events: Sequence[LinkedEvent], on: date, knowledge: AccountKnowledge) -> list[LinkedEvent]:
    """The events with what became of plans by a day, and the episodes that they make up."""
    plans, episodes = _followed([outline_of(event.id, event.tellings, knowledge) for event in events], on, knowledge)
    return [replace(e, plan=plans.get(e.id), episode=episodes.get(e.id)) for e in events]


def _followed(
    outlines: Sequence[Outline], on: date, knowledge: AccountKnowledge
) -> tuple[dict[str, PlanOutcome], dict[str, Episode]]:
    """By event what became of its plan, or of the plan whose outcome it is; and the episode that it is part of."""
    plans: dict[str, PlanOutcome] = {}
    for plan in follow_plans(outlines, on, knowledge):
        plans[plan.event] = plan
        if plan.outcome_event is not None:
            plans.setdefault(plan.outcome_event, plan)
    return plans, {event: episode for episode in find_episodes(outlines, knowledge) for event in episode.events}


def fitting(ledger: Ledger, filters: Filters, *, as_of: datetime | None = None) -> frozenset[str] | None:
    """The ids of the events of which one claim fits all filters; no filter is set: None, for all."""
    if not any(value is not None for value in filters.values()):
        return None
    judged = Judged(ledger, Log(ledger.path), as_of).events
    return frozenset(row.event_id for row in ledger.find_events(judged=judged, as_of=as_of, **filters))


def event_of(ledger: Ledger, claim: str, *, as_of: datetime | None = None) -> str:
    """The id of the event that holds a claim, of whose id the beginning will do. Raises NotFoundError and AmbiguousIdError."""
    return Judged(ledger, Log(ledger.path), as_of).event(claim)


def _around(ledger: Ledger, wanted: Collection[str], judged: Mapping[str, str], as_of: datetime | None) -> frozenset[str]:
    """The ids of the events that lie in the days around these, themselves included."""
    if not wanted:
        return frozenset()
    rows = ledger.find_events(judged=judged, as_of=as_of)
    days = [day for row in rows if row.event_id in wanted for day in (row.first_day, row.last_day) if day is not None]
    if not days:
        return frozenset(wanted)
    first, last = min(days) - AROUND, max(days) + AROUND
    near = (
        row.event_id
        for row in rows
        if (row.first_day or row.last_day or date.min) <= last and (row.last_day or row.first_day or date.max) >= first
    )
    return frozenset(wanted).union(near)


def _as_printed(row: TellingRow) -> TellingRow:
    """The claim as if it had been entered on the day it was published, if that is known."""
    return replace(row, known_at=datetime.combine(row.published, time.min, UTC)) if row.published else row


@dataclass(frozen=True)
class Known:
    """What is known besides the claims: people's judgements, by claim; what a document's editors changed, what took its place, and
    which agencies it credits, by document."""

    held: Mapping[str, ClaimStanding]
    changes: Mapping[str, Sequence[Change]]
    superseded: Mapping[str, Superseded]
    credits: Mapping[str, frozenset[str]]
    accounts: AccountKnowledge


@dataclass
class _Papers:
    """Documents while they are read: whom each credits, which is an edition of which text, and what editors say of them."""

    credits: dict[str, frozenset[str]]
    editions: list[Edition]
    noted: dict[str, Document]

    def take(self, id: str, text: str, day: date | None, address: str | None, agencies: Sequence[str]) -> None:
        self.credits[id] = frozenset(map(str.casefold, agencies))
        self.editions.append(Edition(id, text, day, address, self.noted[id].notes if id in self.noted else ()))

    def known(self, people: Judged, knowledge: AccountKnowledge) -> Known:
        superseded = {found.document: found for found in find_superseded(self.editions)}
        changes = {id: told for id, document in self.noted.items() if (told := changes_of(document))}
        return Known(people.standings, changes, superseded, self.credits, knowledge)


def _tellings(rows: Sequence[TellingRow], known: Known) -> tuple[Testimony, ...]:
    """The claims of an event as they stand; people rejected all of them: none."""
    tellings = [told for row in rows if (told := _testimony(row, known.held)) is not None]
    return amended(tellings, known.changes, known.superseded) if tellings else ()


def event_told(id: str, rows: Sequence[TellingRow], known: Known) -> LinkedEvent | None:
    """The event; if people rejected all its claims, it is none."""
    by_claim = {told.claim.id: told for told in _tellings(rows, known)}
    if not by_claim:
        return None
    accounts = accounts_of(id, list(by_claim.values()), known.accounts)
    ordered = tuple(by_claim[claim] for claim in accounts.claims)
    put_right = (judgement for told in ordered for judgement in known.held.get(told.claim.id, ClaimStanding()).corrections)
    corrections = tuple({judgement.id: judgement for judgement in put_right}.values())
    return LinkedEvent(accounts, ordered, tuple(_authors(ordered, known.credits)), corrections=corrections)


def _authors(tellings: Sequence[Testimony], credits: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """(witness, who wrote its text), for those of whom a publisher is known."""
    by_witness: dict[str, list[Testimony]] = defaultdict(list)
    for told in tellings:
        by_witness[told.witness].append(told)
    for witness, prints in by_witness.items():
        credited = frozenset().union(*(credits.get(t.claim.document, frozenset()) for t in prints))
        publishers = list(dict.fromkeys(t.publisher for t in prints if t.publisher))
        if publishers:
            yield witness, next((name for name in publishers if name.casefold() in credited), publishers[0])


def _of_these_words(judgement: Judgement, claim: str) -> Judgement:
    """The correction; if it was made about an earlier coding of the claim, without the place of its words, which may have moved."""
    return judgement if claim in judgement.claims else replace(judgement, facts=())


def _testimony(row: TellingRow, held: Mapping[str, ClaimStanding]) -> Testimony | None:
    """The claim as a testimony, with what people put right in it; rejected by a person: None."""
    claim = from_json(Claim, row.record)
    standing = held.get(claim.id, ClaimStanding())
    if standing.is_rejected:
        return None
    told = Testimony(
        claim=replace(claim, event=with_corrections(claim.event, [_of_these_words(j, claim.id) for j in standing.corrections])),
        trigger=row.trigger,
        evidence=row.evidence,
        publisher=row.publisher,
        published=row.published,
        known_at=row.known_at,
        witness=row.witness,
        is_retracted=standing.retraction is not None,
    )
    if standing.superseded is None:
        return told
    by = standing.superseded.sides[1:]
    # What the later version of a page no longer tells has no claim in its place, only the document.
    return replace(told, superseded_by=by[0][0] if by and by[0] else dict(standing.superseded.facts).get("document"))
