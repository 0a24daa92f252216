"""What somebody should look at, the most pressing first, each with the reason why it stands where it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import log1p

from dateline.ledger.corrections import gist, reading
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import standing_contradictions
from dateline.ledger.rows import ClaimRow
from dateline.records import About, Judgement, JudgementKind

UNSURE_LINK = 0.8
"""Chance below which a link is listed: the linker itself would be wrong about one in five of those at this mark."""

UNSURE_READING = 0.5
"""Confidence below which a claim is listed: a careful coder would sooner refuse it than not."""


class Concern(StrEnum):
    """Why something is to be looked at, in the order of the list: first what people decided and is in doubt."""

    CONTRADICTION = "people contradict one another"
    READING_DIFFERS = "the coder now reads it otherwise"
    EVENT_DIFFERS = "the event is another now"
    ORPHANED = "the claim is gone"
    UNSURE_LINK = "unsure whether it is this event"
    UNSURE_READING = "unsure whether it says so"


@dataclass(frozen=True)
class Item:
    """Something to look at. `weight` orders items of one concern, the largest first; `reason` says in words what it is about."""

    concern: Concern
    claims: tuple[str, ...]
    judgements: tuple[str, ...]
    weight: float
    reason: str


# Links that nobody judged: the less sure, and the more claims hang on them, the sooner.
LINKS = """
SELECT members.claim_id, members.event_id, chance, evidence, count(*) OVER (PARTITION BY members.event_id) AS size
FROM members JOIN claims USING (document_id, position) WHERE chance IS NOT NULL
QUALIFY members.claim_id <> members.event_id AND chance < $least AND NOT list_contains($judged::VARCHAR[], members.claim_id)
ORDER BY (1 - abs(2 * chance - 1)) * ln(1 + size) DESC, members.claim_id LIMIT $limit
"""

READINGS = """
SELECT claims.claim_id, members.event_id, confidence, evidence, count(*) OVER (PARTITION BY members.event_id) AS size
FROM claims JOIN members USING (document_id, position)
QUALIFY confidence < $least AND NOT list_contains($judged::VARCHAR[], claims.claim_id)
ORDER BY (1 - abs(2 * confidence - 1)) * ln(1 + size) DESC, claims.claim_id LIMIT $limit
"""


def to_review(judged: Judged, *, limit: int = 50) -> tuple[Item, ...]:
    """At most `limit` things to look at, by concern and then by weight. Nothing: an empty tuple."""
    items = [*_contradictions(judged), *_other_readings(judged), *_other_events(judged), *_orphans(judged)]
    if len(items) < limit:
        items += _unsure_links(judged, limit - len(items))
    if len(items) < limit:
        items += _unsure_readings(judged, limit - len(items))
    order = list(Concern)
    return tuple(sorted(items, key=lambda item: (order.index(item.concern), -item.weight, item.claims))[:limit])


def _in_force(judged: Judged, *kinds: JudgementKind) -> Iterator[Judgement]:
    """People's judgements of these kinds that hold, in order."""
    return (j for j in judged.judgements if j.id in judged.in_force and j.kind in kinds and not j.by.is_machine)


def _contradictions(judged: Judged) -> Iterator[Item]:
    for judgement, contradiction in standing_contradictions(judged.judgements):
        others = tuple(other.id for other in contradiction.judgements)
        one, other = contradiction.claims
        reason = f"{judgement.id} ({judgement.kind}, {judgement.by.name}) counts, and does not go with {', '.join(others)}"
        yield Item(Concern.CONTRADICTION, (one, other), (judgement.id, *others), float(len(judgement.claims)), reason)


def _other_readings(judged: Judged) -> Iterator[Item]:
    """Claims that are no longer read as they were when a person judged them, nor as the person said."""
    held = list(_in_force(judged, JudgementKind.CORRECTED, JudgementKind.ACCEPTED, JudgementKind.REJECTED))
    last = {(claim, j.field): j for j in held for claim, _ in j.before}
    now = {claim: judged.successors.get(claim, claim) for claim, _ in last}
    rows = judged.rows(sorted(set(now.values()))) if now else {}
    for (claim, field), judgement in last.items():
        row = rows.get(now[claim])
        if row is None:
            continue
        before, read = dict(judgement.before)[claim], _read(row, field)
        if read in {before, judgement.value if judgement.kind is JudgementKind.CORRECTED else before}:
            continue
        did = f"corrected {field} to {judgement.value or 'none'!r}" if field else judgement.kind.value
        reason = f"{judgement.by.name} {did} ({judgement.id}) when it was read {before!r}; it is now read {read!r}"
        yield Item(Concern.READING_DIFFERS, (row.claim_id,), (judgement.id,), judgement.at.timestamp(), reason)


def _read(row: ClaimRow, field: str | None) -> str:
    return gist(row) if field is None else reading(row, field)


def _other_events(judged: Judged) -> Iterator[Item]:
    """Events that hold other claims than when a person accepted them as a whole."""
    held = [j for j in _in_force(judged, JudgementKind.ACCEPTED) if j.about is About.EVENT]
    if not held:
        return
    event_of = judged.mates(judged.successors.get(claim, claim) for judgement in held for claim in judgement.claims)
    members: defaultdict[str, set[str]] = defaultdict(set)
    for claim, event in event_of.items():
        members[event].add(claim)
    for judgement in {j.sides[0][0]: j for j in held}.values():
        then = [claim for claim in (judged.successors.get(c, c) for c in judgement.claims) if claim in event_of]
        if not then:
            continue
        event = event_of[then[0]]
        come, gone = members[event].difference(then), set(then) - members[event]
        if come or gone:
            changes = f"{len(come):,} came, {len(gone):,} left"
            reason = f"{judgement.by.name} accepted it ({judgement.id}) with {len(then):,} claims; {changes}"
            claims = (event, *sorted(come), *sorted(gone))
            yield Item(Concern.EVENT_DIFFERS, claims, (judgement.id,), float(len(come) + len(gone)), reason)


def _orphans(judged: Judged) -> Iterator[Item]:
    for judgement in judged.orphans:
        reason = f"{judgement.by.name} judged it ({judgement.id}, {judgement.kind}); the report is now coded without it"
        yield Item(Concern.ORPHANED, judgement.claims, (judgement.id,), judgement.at.timestamp(), reason)


def _unsure_links(judged: Judged, limit: int) -> Iterator[Item]:
    for row in judged.select(LINKS, least=UNSURE_LINK, judged=_spoken_of(judged), limit=limit):
        event, chance, size = row["event_id"], row["chance"], row["size"]
        reason = f"a chance of {chance:.0%} that it is of this event, which has {size:,} claims: “{_one_line(row['evidence'])}”"
        yield Item(Concern.UNSURE_LINK, (row["claim_id"], event), (), _weight(chance, size), reason)


def _unsure_readings(judged: Judged, limit: int) -> Iterator[Item]:
    for row in judged.select(READINGS, least=UNSURE_READING, judged=_spoken_of(judged), limit=limit):
        confidence = row["confidence"]
        reason = f"read with a confidence of {confidence:.0%}: “{_one_line(row['evidence'])}”"
        yield Item(Concern.UNSURE_READING, (row["claim_id"],), (), _weight(confidence, row["size"]), reason)


def _weight(chance: float, size: int) -> float:
    """How much there is to gain from looking, as the queries order by: the less sure, and the more claims hang on it, the more."""
    return (1 - abs(2 * chance - 1)) * log1p(size)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _spoken_of(judged: Judged) -> list[str]:
    """The claims that people's judgements in force are about: nobody need be asked about them again."""
    said = (j for j in judged.judgements if j.id in judged.in_force and not j.by.is_machine and j.kind is not JudgementKind.UNDONE)
    return sorted({judged.successors.get(claim, claim) for judgement in said for claim in judgement.claims})
