"""Why two claims are linked, or are not: what speaks for their telling of one happening, and against it, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from dateline.knowledge.exclusions import load_exclusions
from dateline.knowledge.linking import load_lexis, load_pair_weights
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.linking.exclusions import reasons_apart
from dateline.linking.outlines import Outline
from dateline.linking.scoring import Part, Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Profile, Telling, profile_of, profile_of_text, telling_of
from dateline.records import Claim, Document, LinkedEvent

BESIDE = 300
"""Other documents that the two are looked at beside, those published nearest to them: what is common or rare is seen by these."""


# The two documents and those published nearest to either; of few out of millions the texts of the others are not read.
BESIDE_THEM = """
SELECT document_id, text, published, publisher FROM documents WHERE document_id IN (
    SELECT document_id FROM documents
    ORDER BY document_id NOT IN (SELECT unnest($own::VARCHAR[])), least(abs(published - $one::DATE), abs(published - $other::DATE))
        NULLS LAST, document_id
    LIMIT $number
) ORDER BY known_at, document_id
"""

ONE_REPORT = "one report tells them apart"


@dataclass(frozen=True)
class Pair:
    """Two claims, the events that hold them, and what their likeness is the sum of, in log-odds; `chance` is what it comes to.

    `apart` says why a rule keeps the two apart, whatever their likeness; `chance` is then 0, and else that of the pair alone.
    Whether two groups of claims become one event is decided by all pairs between them, and by what people judged.
    """

    claims: tuple[Claim, Claim]
    documents: tuple[Document, Document]
    events: tuple[str, str]
    parts: tuple[Part, ...]
    chance: float
    apart: tuple[str, ...] = ()

    @property
    def is_one_event(self) -> bool:
        return self.events[0] == self.events[1]


def compare_claims(ledger: Ledger, first: str, second: str, *, as_of: datetime | None = None, people: Judged | None = None) -> Pair:
    """The two claims with these ids, or beginnings of ids. Raises NotFoundError, AmbiguousIdError; ValueError if they are one."""
    judged = people or Judged(ledger, Log(ledger.path), as_of)
    shown = [ledger.show(judged.claim(id), as_of) for id in (first, second)]
    if shown[0].claim.id == shown[1].claim.id:
        raise ValueError(f"{shown[0].claim.id} is one claim: give two")
    tellings = [_telling(ledger, s.claim, s.document, as_of) for s in shown]
    table = Table.of(tellings, _profiles(ledger, [s.document for s in shown], as_of), load_lexis())
    parts = Scorer(load_pair_weights()).parts(table, 0, 1)
    apart = tuple(rule.why for rule in reasons_apart(table, 0, 1, load_exclusions()))
    if shown[0].document.id == shown[1].document.id and not _are_tied(*tellings):
        apart += (ONE_REPORT,)
    return Pair(
        claims=(shown[0].claim, shown[1].claim),
        documents=(shown[0].document, shown[1].document),
        events=(judged.event(shown[0].claim.id), judged.event(shown[1].claim.id)),
        parts=parts,
        chance=0.0 if apart else 1 / (1 + exp(-sum(part.odds for part in parts))),
        apart=apart,
    )


@dataclass(frozen=True)
class Likeness:
    """An event that could be the same as another: how likely by the two claims that were compared, and what weighs most for it."""

    event: str
    chance: float
    reasons: tuple[str, ...]


COMPARED = 24
"""Events that one is compared with, those of the nearest days."""
ALIKE = 5
LEAST_CHANCE = 0.02


def likely_same(ledger: Ledger, event: LinkedEvent, others: Sequence[Outline], *, people: Judged) -> tuple[Likeness, ...]:
    """Of these events those that tell most likely of the same happening, likeliest first, at most five; none is like it: none.

    The first claims of both are compared, as `compare_claims` does, but beside the documents of these events alone, so that the
    chance is a little another. What people said are different happenings is left out.
    """
    apart = {frozenset(people.events.get(c, c) for c in pair) for pair in people.constraints().apart}
    nearest = sorted((other for other in others if {event.id, other.id} not in apart), key=lambda other: _gap(event, other))
    chosen = [(event.id, event.tellings), *((other.id, other.testimonies) for other in nearest[:COMPARED])]
    firsts = [next((t for t in tellings if t.is_current), tellings[0]).claim for _, tellings in chosen]
    documents = {id: entered.document for id, entered in ledger.entered({claim.document for claim in firsts}, people.as_of).items()}
    tellings = [telling_of(claim, documents[claim.document]) for claim in firsts]
    table = Table.of(tellings, [profile_of(document) for document in documents.values()], load_lexis())
    scorer, exclusions = Scorer(load_pair_weights()), load_exclusions()
    found = []
    for row, (other, _) in enumerate(chosen[1:], 1):
        if firsts[row].document == firsts[0].document or reasons_apart(table, 0, row, exclusions):
            continue
        parts = scorer.parts(table, 0, row)
        chance = 1 / (1 + exp(-sum(part.odds for part in parts)))
        if chance >= LEAST_CHANCE:
            found.append(Likeness(other, chance, tuple(part.says for part in parts[1:] if part.odds > 0)[:3]))
    return tuple(sorted(found, key=lambda like: (-like.chance, like.event))[:ALIKE])


def _gap(event: LinkedEvent, other: Outline) -> tuple[timedelta, str]:
    days = [d for t in event.tellings if (time := t.claim.event.time) for d in (time.first, time.last) if d]
    gaps = [abs(a - b) for a in days for b in (other.first, other.last) if b]
    return min(gaps, default=timedelta.max), other.id


def _are_tied(one: Telling, other: Telling) -> bool:
    """Whether the coder found two tellings of a report to be of one happening: the later names the first."""
    return (one.same_as or one.id) == (other.same_as or other.id)


def _telling(ledger: Ledger, claim: Claim, document: Document, as_of: datetime | None) -> Telling:
    claims = ledger.coding(document.id, as_of).claims
    return telling_of(claim, document, next((n for n, c in enumerate(claims) if c.id == claim.id), 0))


def _profiles(ledger: Ledger, documents: list[Document], as_of: datetime | None) -> list[Profile]:
    """The profiles of the two documents and of those beside them, by id."""
    own = {document.id for document in documents}
    days = [document.published.day for document in documents if document.published]
    asked = {"own": sorted(own), "one": days[0] if days else None, "other": days[-1] if days else None, "number": BESIDE + len(own)}
    return [profile_of_text(*row) for row in ledger.sql(BESIDE_THEM, asked, as_of=as_of).rows]
