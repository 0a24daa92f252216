"""Chosen events with all that is told of them, one after another: what pages of events are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dateline.exports.telling import Told as Told
from dateline.ledger.history import histories
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import followed
from dateline.ledger.store import Entered
from dateline.records import Judgement, LinkedEvent
from dateline.runs.events import read_alone
from dateline.web.sharing.rows import Chosen, address_of, marks_of

AT_ONCE = 200
"""Events that are read in one go: asked for one by one each takes a tenth of a second."""


def told_events(chosen: Chosen) -> Iterator[Told]:
    """The events in the order of their rows, plans and episodes aside; AT_ONCE are read when the first of them is asked for."""
    site, as_of = chosen.site, chosen.filters.as_of
    people = site.judged(as_of)
    rows = chosen.rows.tolist()
    for start in range(0, len(rows), AT_ONCE):
        places = {chosen.board.id_of(row): row for row in rows[start : start + AT_ONCE]}
        ids = list(places)
        read = read_alone(site.ledger, site.accounts, ids, as_of=as_of, people=people)
        steps = histories(people, {id: claims for id, (_, claims) in read.items()})
        sources = sources_of(chosen, {t.claim.document for event, _ in read.values() if event for t in event.tellings})
        for id in ids:
            event = read[id][0] if id in read else None
            if event is not None:
                own = {t.claim.document: sources[t.claim.document] for t in event.tellings if t.claim.document in sources}
                said = marks_of(chosen.board, places[id])
                judged, address = tuple(judgements_of(people, event)), address_of(chosen, id)
                yield Told(event, own, judged, steps[id], *said, address, people.shown_names)


def sources_of(chosen: Chosen, documents: Collection[str]) -> dict[str, Entered]:
    """These documents by id, as they are shared; unknown ids are left out."""
    return chosen.site.ledger.entered(documents, chosen.filters.as_of)


def judgements_of(judged: Judged, found: LinkedEvent) -> list[Judgement]:
    """What people judged of the event's claims and what still holds, in order."""
    claims = {t.claim.id for t in found.tellings}
    return [
        j
        for j in judged.judgements
        if not j.by.is_machine and j.id in judged.in_force and not claims.isdisjoint(followed(j, judged.successors).claims)
    ]
