"""How a board is made, and brought up to date: what did not change is taken over, and only the rest is worked out.

An event says the same as long as it has the same claims, in the same codings, with the same witnesses. The ledger tells that of
all events at once, as a number each (`Ledger.event_prints`). Where people or editors said something of a claim, what they said is
folded into that number. So the board of an earlier moment, or of today after some reports and judgements, costs what is new.

Most events that must be worked out need no record read. One report, or several that say the same, and no figures to be settled:
then the flat columns of the claims say what the accounts would. tests/runs/test_board.py holds both against `read_events`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Any

import numpy as np

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import ClaimStanding, followed
from dateline.ledger.rows import ClaimTold
from dateline.ledger.store import Ledger
from dateline.linking.agreement import in_words
from dateline.records import (
    Actor,
    Days,
    Judgement,
    JudgementKind,
    LinkedEvent,
    Place,
    Standing,
    StatusValue,
    Tallied,
    Tally,
    Verdict,
)
from dateline.runs.board import (
    ACCEPTED,
    ACTOR,
    COARSE,
    CORRECTED,
    DIFFER,
    EPISODE,
    FIGURE_DIFFERS,
    FIGURE_PART,
    FIGURE_RUNNING,
    NO_DAY,
    PLACES,
    PLAN,
    RECIPIENT,
    REGROUPED,
    REVISED,
    TELLER,
    WITHDRAWN,
    Board,
    FigureCell,
    PartyCell,
    PlaceCell,
    Row,
    Stack,
    board_key,
    laid_out,
    number_of,
    stacked,
    taken,
)
from dateline.runs.events import Known, event_told, known_of, read_events
from dateline.watching.happenings import best_of, brief_of

EPISODES_UP_TO = 1_000
"""Events up to which it is worked out which of them make up episodes: all of them have to be read for that, each time."""

ROWS_AT_ONCE = 50_000
"""Rows that are put into columns at once."""

RECORDS_AT_ONCE = 40_000
"""Events whose records are read at once: some hundred megabytes of JSON."""


def make_board(ledger: Ledger, knowledge: AccountKnowledge, people: Judged, before: Board | None = None) -> Board:
    """The board of a ledger with people's judgements, as of their moment. What a board of any other moment (`before`) has of it is
    taken over; without one everything is worked out, which takes some minutes for a million events."""
    key, as_of = board_key(ledger, people), people.as_of
    known, by_persons = known_of(ledger, knowledge, people, as_of), _by_persons(people)
    said = _said(ledger, people, known, by_persons)
    ids, prints = _prints(ledger, people, said)
    kept, is_kept = _kept(before, ids, prints)
    new = {id.decode("ascii"): int(print_) for id, print_ in zip(ids[~is_kept], prints[~is_kept], strict=True)}
    rows = _worked_out(ledger, people, new, known, by_persons, said, is_all=not is_kept.any())
    stacks = [*kept, *map(stacked, _batches(rows, ROWS_AT_ONCE))] or [stacked([])]
    on = (as_of or datetime.now(UTC)).date()
    coverage = ledger.coverage(on, as_of=as_of)
    is_small = len(ids) <= EPISODES_UP_TO
    board = laid_out(stacks, key=key, as_of=as_of, coverage=coverage, has_episodes=is_small)
    return _with_episodes(board, ledger, knowledge, people) if is_small else board


@dataclass(frozen=True, eq=False)
class Prints:
    """Events, sorted by id, each with its print: the ledger's number of its claims."""

    ids: Any
    prints: Any

    def __len__(self) -> int:
        return len(self.ids)


NO_PRINTS = Prints(np.zeros(0, "S1"), np.zeros(0, "<u8"))


def prints_of(pairs: Iterable[tuple[str, int]]) -> Prints:
    """Prints that were kept somewhere, in any order."""
    kept = list(pairs)
    ids, prints = _encoded(id for id, _ in kept), np.array([print_ for _, print_ in kept], "<u8")
    order = np.argsort(ids, kind="stable")
    return Prints(ids[order], prints[order]) if kept else NO_PRINTS


@dataclass(frozen=True, eq=False)
class Since:
    """What of a ledger's events may say something else than when their prints were `before`: these `ids` have to be looked at.

    `rows` gives those of which something is left, once; `gone` are events that there are no longer.
    """

    now: Prints
    ids: tuple[str, ...]
    gone: tuple[str, ...]
    rows: Iterator[Row]


def rows_since(ledger: Ledger, knowledge: AccountKnowledge, people: Judged, before: Prints) -> Since:
    """The rows of all events that a board would not take over from one with these prints, as of the moment of `people`."""
    known, by_persons = known_of(ledger, knowledge, people, people.as_of), _by_persons(people)
    said = _said(ledger, people, known, by_persons)
    ids, prints = _prints(ledger, people, said)
    is_kept = np.zeros(len(ids), bool)
    if len(before) and len(ids):
        places = np.minimum(np.searchsorted(before.ids, ids), len(before) - 1)
        is_kept = (before.ids[places] == ids) & (before.prints[places] == prints)
    new = {id.decode("ascii"): int(print_) for id, print_ in zip(ids[~is_kept], prints[~is_kept], strict=True)}
    gone = tuple(id.decode("ascii") for id in before.ids[~np.isin(before.ids, ids)])
    rows = _worked_out(ledger, people, new, known, by_persons, said, is_all=not is_kept.any())
    return Since(Prints(ids, prints), tuple(new), gone, rows)


def _prints(ledger: Ledger, people: Judged, said: _Said) -> tuple[Any, Any]:
    """All events that say something, sorted, each with its print: of the claims, and of what was said of them."""
    found = ledger.event_prints(judged=people.events, as_of=people.as_of)
    ids, prints = _encoded(found.column("event_id").to_pylist()), found.column("print").to_numpy().copy()
    order = np.argsort(ids, kind="stable")
    ids, prints, claims = ids[order], prints[order], found.column("claims").to_numpy()[order]
    told = sorted(said.digests.items())
    places = np.searchsorted(ids, _encoded(id for id, _ in told))
    prints[places] ^= np.array([digest for _, digest in told], np.uint64)
    # Of an event that people rejected whole there is nothing to read.
    is_left = np.ones(len(ids), bool)
    rejected = sorted(said.rejected.items())
    places = np.searchsorted(ids, _encoded(id for id, _ in rejected))
    is_left[places] = claims[places] > [number for _, number in rejected]
    return ids[is_left], prints[is_left]


def _encoded(ids: Iterable[str]) -> Any:
    return np.array([id.encode("ascii", "replace") for id in ids], "S")


@dataclass(frozen=True)
class _Said:
    """What was said of events besides their claims: `digests` of all of it by event, and how many claims people `rejected`."""

    digests: Mapping[str, int]
    rejected: Mapping[str, int]


def _said(ledger: Ledger, people: Judged, known: Known, by_persons: _ByPersons) -> _Said:
    """Of the events that say more than their claims do: people judged one of these, or editors corrected a document."""
    claims = {*people.standings, *by_persons.grouped}
    documents = {*known.changes, *known.superseded}
    words: defaultdict[str, list[str]] = defaultdict(list)
    rejected: Counter[str] = Counter()
    entries: dict[str, int] = {}  # a judgement about an event names all of its claims, and stands with each of them

    def entry(judgement: Judgement) -> int:
        if judgement.id not in entries:
            entries[judgement.id] = _digest(repr(judgement))
        return entries[judgement.id]

    for event, claim, document in ledger.events_told_by(claims, documents, judged=people.events, as_of=people.as_of):
        standing = people.standings.get(claim, ClaimStanding())
        judged = [entry(j) for j in (standing.verdict, standing.retraction, standing.superseded, *standing.corrections) if j]
        noted = known.changes.get(document), known.superseded.get(document)
        words[event].append(repr((claim, claim in by_persons.grouped, judged, noted)))
        rejected[event] += standing.is_rejected
    digests = {event: _digest("\n".join(sorted(lines))) for event, lines in words.items()}
    return _Said(digests, {event: number for event, number in rejected.items() if number})


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _kept(before: Board | None, ids: Any, prints: Any) -> tuple[list[Stack], Any]:
    """The rows that say what they said before, and which of the events they are."""
    if before is None or not len(before) or not len(ids):
        return [], np.zeros(len(ids), bool)
    order = np.argsort(before.ids, kind="stable")
    places = order[np.minimum(np.searchsorted(before.ids, ids, sorter=order), len(order) - 1)]
    is_kept = (before.ids[places] == ids) & (before.prints[places] == prints)
    stack = taken(before, places[is_kept].astype(np.int64))
    stack.columns["flags"] &= ~np.uint8(EPISODE)
    return [stack], is_kept


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, size)):
        yield batch


def _with_episodes(board: Board, ledger: Ledger, knowledge: AccountKnowledge, people: Judged) -> Board:
    """The board with the flag of events that are part of an episode."""
    events = read_events(ledger, knowledge, as_of=people.as_of, people=people).events
    board.columns["flags"][board.rows_of([event.id for event in events if event.episode is not None])] |= EPISODE
    return board


# ---------------------------------------------------------------- what people judged


@dataclass(frozen=True)
class _ByPersons:
    """What persons judged: what holds of claims, which claims they put together or took apart, and the events they took a claim
    out of by rejecting it."""

    standings: Mapping[str, ClaimStanding]
    grouped: frozenset[str]
    bereft: frozenset[str]


def _by_persons(people: Judged) -> _ByPersons:
    held = (j for j in people.judgements if j.id in people.in_force and not j.by.is_machine)
    moved = (followed(j, people.successors) for j in held if j.kind in {JudgementKind.MERGED, JudgementKind.SPLIT})
    grouped = frozenset(claim for judgement in moved for claim in judgement.claims)
    rejected = [claim for claim, standing in people.standings.items() if standing.is_rejected]
    events = people.mates(rejected) if rejected else {}
    return _ByPersons(people.standings, grouped, frozenset(events[claim] for claim in rejected if claim in events))


# ---------------------------------------------------------------- rows


SAID = slice(ClaimTold._fields.index("type"), ClaimTold._fields.index("counts"))
"""What claims of an event must say alike to be as good as one."""


def _worked_out(
    ledger: Ledger,
    people: Judged,
    prints: Mapping[str, int],
    known: Known,
    by_persons: _ByPersons,
    said: _Said,
    *,
    is_all: bool,
) -> Iterator[Row]:
    """The rows of these events; of those that people rejected none."""
    if not prints:
        return
    told = ledger.claims_told(None if is_all else prints.keys(), judged=people.events, as_of=people.as_of)
    plain = _Plain(known.accounts)
    others: list[str] = []
    for id, claims in groupby(told, key=lambda claim: claim.event):
        if id not in prints:
            continue
        row = plain.row(id, prints[id], list(claims)) if id not in said.digests else None
        if row is None:
            others.append(id)
        else:
            yield row
    for start in range(0, len(others), RECORDS_AT_ONCE):
        some = ledger.tellings(others[start : start + RECORDS_AT_ONCE], judged=people.events, as_of=people.as_of)
        for id, rows in groupby(some, key=lambda row: row.event_id):
            event = event_told(id, list(rows), known)
            if event is not None:
                yield row_of(event, prints[id], by_persons)


@dataclass
class _Plain:
    """Rows of events whose claims say one thing, told from the flat columns."""

    accounts: AccountKnowledge
    _harms: dict[str, bool] = field(default_factory=dict)
    """Whether a trigger says that somebody was harmed, who then counts though no figure is told."""
    _words: dict[tuple[str, str | None, str | None], str] = field(default_factory=dict)

    def row(self, id: str, print_: int, claims: Sequence[ClaimTold]) -> Row | None:
        """The row; None: the records must be read."""
        first = claims[0]
        if len(claims) > 1 and any(claim.counts or claim[SAID] != first[SAID] for claim in claims):
            return None
        figures = self._figures(first)
        if figures is None or any(self._has_victims(claim) for claim in claims):
            return None
        has_day = first.first is not None or first.last is not None
        tellers = dict.fromkeys(name for claim in claims for name in claim.attribution)
        return Row(
            id=id,
            lead=first.claim,
            print=print_,
            first=NO_DAY if first.first is None else first.first,
            last=NO_DAY if first.last is None else first.last,
            precision=first.precision if has_day else None,
            told=first.told,
            known=min(claim.known for claim in claims),
            type=first.type,
            mode=first.mode,
            status=first.status,
            place=_place_told(first),
            documents=len({claim.document for claim in claims}),
            witnesses=len({claim.witness for claim in claims}),
            claims=len(claims),
            confidence=max(claim.confidence for claim in claims),
            review=0,
            flags=PLAN * (first.status == StatusValue.PLANNED.value),
            parties=(
                *self._parties(ACTOR, first.actors, first.actor_countries, first.actor_sectors),
                *self._parties(RECIPIENT, first.recipients, first.recipient_countries, first.recipient_sectors),
                *(PartyCell(TELLER, name, None, None) for name in tellers),
            ),
            figures=figures,
        )

    def _parties(
        self, role: int, names: Sequence[str], countries: Sequence[str | None], sectors: Sequence[str | None]
    ) -> Sequence[PartyCell]:
        """In the order of accounts of which as many witnesses tell from the same day on: by their words."""
        sides = dict.fromkeys(zip(names, countries, sectors, strict=True))
        ordered = sorted(sides, key=self._in_words) if len(sides) > 1 else sides
        return [PartyCell(role, *side) for side in ordered]

    def _in_words(self, side: tuple[str, str | None, str | None]) -> str:
        if side not in self._words:
            self._words[side] = in_words(Actor(*side))
        return self._words[side]

    def _figures(self, claim: ClaimTold) -> tuple[FigureCell, ...] | None:
        """The figures of the only claim that has any; None: they must be settled."""
        if not claim.counts or claim.status not in COUNTING:
            return ()
        whats = {count["what"] for count in claim.counts}
        if len(whats) < len(claim.counts) or whats & self.accounts.wholes.keys() or (claim.is_running and len(whats) > 1):
            return None
        cells = (
            FigureCell(
                count["what"],
                count["low"] or 0.0,
                count["high"],
                FIGURE_RUNNING * claim.is_running + FIGURE_PART * count["is_part"],
            )
            for count in claim.counts
            if count["low"] is not None or count["high"] is not None
        )
        return tuple(sorted(cells))

    def _has_victims(self, claim: ClaimTold) -> bool:
        """Whether people may be told of as harmed one by one, which only the record tells."""
        if claim.status not in COUNTING or (claim.counts and not claim.recipients):
            return False
        if claim.trigger not in self._harms:
            knowledge, trigger = self.accounts, claim.trigger
            harm = knowledge.fate(trigger) or knowledge.fates_of_triggers.get(trigger.lower())
            self._harms[trigger] = harm is not None
        return self._harms[claim.trigger]


COUNTING = frozenset({StatusValue.ASSERTED.value, StatusValue.ALLEGED.value})
"""Statuses of claims whose figures count (docs/accounts.md)."""

COARSE_KINDS = frozenset(kind.value for kind in COARSE)


def _place_told(claim: ClaimTold) -> PlaceCell | None:
    if claim.place is None or claim.kind is None:
        return None
    is_coarse = claim.kind in COARSE_KINDS
    latitude, longitude = (None, None) if is_coarse else (claim.latitude, claim.longitude)
    return PlaceCell(claim.place, claim.country, claim.admin1, claim.kind, latitude, longitude)


def row_of(event: LinkedEvent, print_: int, by_persons: _ByPersons) -> Row:
    """The row of an event that was read."""
    brief, accounts, tellings = brief_of(event), event.accounts, event.tellings
    days, place = best_of(accounts, "days", Days), best_of(accounts, "place", Place)
    current = [t for t in tellings if t.is_current]
    where = accounts.field("place")
    is_planned = any(t.claim.event.status.value is StatusValue.PLANNED for t in current)
    flags = (
        DIFFER * bool(brief.contradictions)
        + REVISED * bool(brief.movements)
        + WITHDRAWN * bool(brief.withdrawals)
        + PLAN * is_planned
        + PLACES * (where is not None and where.verdict is Verdict.DISPUTE)
    )
    parties = [PartyCell(ACTOR, p.name, p.country, p.sector) for p in brief.actors]
    parties += [PartyCell(RECIPIENT, p.name, p.country, p.sector) for p in brief.recipients]
    tellers = dict.fromkeys(teller.actor.name for t in current for teller in t.claim.event.attribution)
    parties += [PartyCell(TELLER, name, None, None) for name in tellers]
    return Row(
        id=event.id,
        lead=(current or tellings)[0].claim.id,
        print=print_,
        first=number_of(brief.first),
        last=number_of(brief.last),
        precision=_precision(event, days),
        told=number_of(accounts.first_told),
        known=number_of(min(t.known_at for t in tellings).astimezone(UTC).date()),
        type=brief.type,
        mode=brief.mode,
        status=brief.status,
        place=_place(place),
        documents=len({t.claim.document for t in tellings}),
        witnesses=brief.witnesses,
        claims=len(tellings),
        confidence=brief.confidence,
        review=_review(event, by_persons),
        flags=flags,
        parties=tuple(dict.fromkeys(parties)),
        figures=tuple(_figure(tally, event) for tally in accounts.tallies if tally.side is None and tally.best is not None),
    )


def _place(place: Place | None) -> PlaceCell | None:
    if place is None:
        return None
    latitude, longitude = place.point if place.point is not None and place.kind not in COARSE else (None, None)
    return PlaceCell(place.name, place.country, place.admin1, place.kind.value, latitude, longitude)


def _precision(event: LinkedEvent, days: Days | None) -> str | None:
    """How fine the days are, by the first telling that gives them."""
    for telling in event.tellings:
        time = telling.claim.event.time
        if days is not None and time is not None and (time.first, time.last) == (days.first, days.last):
            return time.precision.value
    return None


def _review(event: LinkedEvent, by_persons: _ByPersons) -> int:
    """What persons did to the event, as bits."""
    review = CORRECTED * (event.id in by_persons.bereft)
    for telling in event.tellings:
        claim = telling.claim.id
        standing = by_persons.standings.get(claim, ClaimStanding())
        if standing.verdict is not None and not standing.verdict.by.is_machine:
            review |= ACCEPTED
        if any(j is not None and not j.by.is_machine for j in (*standing.corrections, standing.retraction)):
            review |= CORRECTED
        if claim in by_persons.grouped:
            review |= REGROUPED
    return review


def _figure(tally: Tally, event: LinkedEvent) -> FigureCell:
    claims = {claim for a in tally.accounts if a.standing is Standing.CURRENT for claim in a.claims}
    counts = [c for t in event.tellings if t.claim.id in claims for c in t.claim.event.counts if c.what == tally.what]
    flags = (
        FIGURE_DIFFERS * (tally.verdict is Verdict.DISPUTE)
        + FIGURE_RUNNING * any(c.tallied is Tallied.RUNNING_TOTAL for c in counts)
        + FIGURE_PART * (bool(counts) and all(c.is_part for c in counts))
    )
    return FigureCell(tally.what, tally.low, tally.high, flags)
