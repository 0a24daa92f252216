"""What there is to look at, and who has what in hand: so that two people who review at once do not do the same work.

Who has what is held in the server's memory and runs out by itself: it spares work and protects nothing. What protects a decision is
the head that its form carries (deciding.py), which holds between servers and with the command line too.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock, Thread
from time import monotonic

from dateline.ledger.judged import Judged
from dateline.ledger.resolve import entry_number
from dateline.ledger.review import Concern, Item, Order, among_people, in_question, unsure
from dateline.ledger.second import DECIDES_NOTHING, Question, questions
from dateline.ledger.store import Ledger
from dateline.records import JudgementKind

LEASE = timedelta(minutes=5)
"""How long somebody has a thing in hand after their last sign of life: a reader takes one minute, and may be called away."""

AHEAD = 500
"""Links and readings that are put in order at once: the ledger is asked again when few of them are left."""

FEW = 50

FRESH = timedelta(minutes=5)
"""After which the order is made anew, for what has changed besides decisions."""


QUICK = timedelta(seconds=1)
"""An order that took longer is made anew behind the back of whoever works on the old one: in a ledger of a million claims."""


class Work(StrEnum):
    """The lists of what there is to do."""

    ALL = "all"
    DECIDED = "decided"  # what people decided and is in doubt
    LINKS = "links"
    READINGS = "readings"
    DISPUTED = "disputed"  # for whoever adjudicates
    SECOND = "second"  # a second answer, given blind


@dataclass(frozen=True)
class Task:
    """One thing to decide: an item of the review, or a decision that is asked of a second person. `key` names it in addresses."""

    key: str
    item: Item | None = None
    question: Question | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        if self.item is not None:
            return self.item.claims
        assert self.question is not None
        return tuple(claim for side in self.question.sides for claim in side)


@dataclass(frozen=True)
class Lease:
    """Who has a task in hand, since when and until when."""

    who: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class _Order:
    """What was to be looked at when the log had so many entries, and how long it took to say. `is_all` False: there was more."""

    ledger: str
    entries: int
    made: datetime
    took: timedelta
    decided: tuple[Item, ...]
    links: tuple[Item, ...]
    readings: tuple[Item, ...]
    is_all: bool


def task_of(item: Item) -> Task:
    return Task(_key(item.concern.name, *item.claims, *item.judgements), item=item)


def task_of_question(question: Question) -> Task:
    return Task(_key("second", *(claim for side in question.sides for claim in side)), question=question)


def _key(*said: str) -> str:
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


@dataclass
class Desk:
    """The desk of one server. `now` is the clock."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _leases: dict[str, Lease] = field(default_factory=dict)
    _skipped: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _orders: dict[Order, _Order] = field(default_factory=dict)
    _making: set[Order] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    # ------------------------------------------------------------ what there is

    def tasks(self, judged: Judged, work: Work, order: Order, who: str | None) -> tuple[Task, ...]:
        """What is to be done of a list, the first thing first; what others have in hand is among it."""
        if work is Work.SECOND:
            answered = {j.sides for j in judged.judgements if j.kind is JudgementKind.SECONDED and j.id in judged.in_force}
            asked = (q for q in questions(judged) if q.sides not in answered and q.first.by.name != who)
            return tuple(map(task_of_question, asked))
        made = self._order(judged, order)
        listed = {
            Work.ALL: (*made.decided, *made.links, *made.readings),
            Work.DECIDED: made.decided,
            Work.LINKS: made.links,
            Work.READINGS: made.readings,
            Work.DISPUTED: tuple(i for i in made.decided if i.concern in {Concern.DISPUTED, Concern.CONTRADICTION}),
        }[work]
        return tuple(map(task_of, listed))

    def is_all(self, judged: Judged, order: Order) -> bool:
        """Whether `tasks` lists all there is; there may be more of links and readings than are put in order at once."""
        return self._order(judged, order).is_all

    def _order(self, judged: Judged, order: Order) -> _Order:
        with self._lock:
            made = self._orders.get(order)
            if made is None:
                return self._made(judged, order)
            left = _left(made, judged)
            is_enough = made.is_all or len(left.links) + len(left.readings) >= FEW
            if made.ledger == _ledger_key(judged.ledger) and self.now() - made.made < FRESH and is_enough:
                return left
            if made.took < QUICK:
                return self._made(judged, order)
            if order not in self._making:
                self._making.add(order)
                Thread(target=self._make, args=(judged, order), daemon=True).start()
            return left

    def _make(self, judged: Judged, order: Order) -> None:
        """Makes an order anew while the old one is still worked on."""
        try:
            self._made(judged, order)
        finally:
            self._making.discard(order)

    def _made(self, judged: Judged, order: Order) -> _Order:
        began = monotonic()
        ledger, entries = _ledger_key(judged.ledger), len(judged.log.entries())
        decided = in_question(judged)
        links = unsure(judged, Concern.UNSURE_LINK, limit=AHEAD, order=order)
        readings = unsure(judged, Concern.UNSURE_READING, limit=AHEAD, order=order)
        is_all = len(links) < AHEAD and len(readings) < AHEAD
        took = timedelta(seconds=monotonic() - began)
        self._orders[order] = made = _Order(ledger, entries, self.now(), took, decided, links, readings, is_all)
        return made

    # ------------------------------------------------------------ who has what

    def next(self, tasks: Sequence[Task], who: str | None, after: Collection[str] = ()) -> Task | None:
        """The first task that nobody else has in hand and that is not among `after`; what this person passed over comes last."""
        with self._lock:
            skipped = self._skipped[who or ""]
            free = [task for task in tasks if task.key not in after and not self._is_anothers(task.key, who)]
            fresh = next((task for task in free if task.key not in skipped), None)
            if fresh is not None:
                return fresh
            by_key = {task.key: task for task in free}
            return next((by_key[key] for key in skipped if key in by_key), None)

    def take(self, key: str, who: str) -> Lease:
        """Gives the task into this person's hands, unless another has it: then it says who."""
        with self._lock:
            now = self.now()
            held = self._leases.get(key)
            if held is not None and held.who != who and held.until > now:
                return held
            since = held.since if held is not None and held.who == who and held.until > now else now
            self._leases = {key: lease for key, lease in self._leases.items() if lease.until > now}
            self._leases[key] = lease = Lease(who, since, now + LEASE)
            return lease

    def release(self, key: str, who: str) -> None:
        """Takes it out of this person's hands again."""
        with self._lock:
            if (held := self._leases.get(key)) is not None and held.who == who:
                del self._leases[key]

    def skip(self, key: str, who: str) -> None:
        """Puts it behind all else, for this person."""
        with self._lock:
            skipped = self._skipped[who]
            skipped.pop(key, None)
            skipped[key] = None
        self.release(key, who)

    def _is_anothers(self, key: str, who: str | None) -> bool:
        held = self._leases.get(key)
        return held is not None and held.who != who and held.until > self.now()


def _ledger_key(ledger: Ledger) -> str:
    """The same for the same receipts: a shard more gives another."""
    state = ledger.state()
    return _key(*sorted(receipt.shard for receipt in state.receipts), str(state.catalogue.number))


def _left(made: _Order, judged: Judged) -> _Order:
    """What nobody has decided since the order was made; what was decided since and undone is there again."""
    if len(judged.log.entries()) == made.entries:
        return made
    since = [j for j in judged.judgements if j.id and entry_number(j) > made.entries and not j.by.is_machine]
    held = [j for j in since if j.id in judged.in_force and j.kind not in DECIDES_NOTHING]
    spoken = {judged.successors.get(claim, claim) for j in held for claim in j.claims}
    revoked = {id for j in since if j.id in judged.in_force for id in j.revokes}

    def is_open(item: Item) -> bool:
        asked = item.claims[:1] if item.concern in {Concern.UNSURE_LINK, Concern.UNSURE_READING} else item.claims
        return spoken.isdisjoint(asked) and revoked.isdisjoint(item.judgements)

    known = {item.judgements for item in made.decided}
    said = among_people(judged) if since else ()
    decided = (*(item for item in said if item.judgements not in known), *filter(is_open, made.decided))
    return replace(made, decided=decided, links=tuple(filter(is_open, made.links)), readings=tuple(filter(is_open, made.readings)))
