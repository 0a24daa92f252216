"""Protests read from a ledger with the events that tell of what they were met with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.store import Ledger
from dateline.records import LinkedEvent
from dateline.runs.events import read_alone

AT_ONCE = 200
"""Events that are read in one go."""


@dataclass(frozen=True)
class Answered:
    """Protests in the order asked for, the events of the deeds told in them by id, and the event of each of these claims."""

    protests: tuple[LinkedEvent, ...]
    answering: dict[str, LinkedEvent]
    event_of: dict[str, str]


def read_answered(
    ledger: Ledger,
    knowledge: AccountKnowledge,
    ids: Sequence[str],
    *,
    as_of: datetime | None,
    people: Judged,
    on_event: Callable[[str], object] = lambda id: None,
) -> Answered:
    """These protests and what answered them; ids of no event are left out. `on_event` is told of each protest that was read."""
    protests: list[LinkedEvent] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        read = read_alone(ledger, knowledge, some, as_of=as_of, people=people)
        for id in some:
            event = read[id][0] if id in read else None
            protests += [event] if event is not None else []
            on_event(id)
    claims = {
        deed.claim
        for event in protests
        for telling in event.tellings
        if telling.claim.event.response is not None
        for deed in telling.claim.event.response.deeds
        if deed.claim is not None
    }
    found = ledger.membership(claims, judged=people.events, as_of=as_of) if claims else {}
    event_of = {claim: event for event, members in found.items() for claim in members}
    answering: dict[str, LinkedEvent] = {}
    wanted = sorted(found)
    for start in range(0, len(wanted), AT_ONCE):
        read = read_alone(ledger, knowledge, wanted[start : start + AT_ONCE], as_of=as_of, people=people)
        answering |= {id: event for id, (event, _) in read.items() if event is not None}
    return Answered(tuple(protests), answering, event_of)
