"""What somebody should look at, the most pressing first, each with the reason why it stands where it does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import log1p
from typing import Any

from dateline.ledger.corrections import gist, reading
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import followed, standing_contradictions
from dateline.ledger.rows import ClaimRow
from dateline.ledger.second import DECIDES_NOTHING, disputes
from dateline.records import About, Judgement, JudgementKind

UNSURE_LINK = 0.8
"""Chance below which a link is listed: the linker itself would be wrong about one in five of those at this mark."""

UNSURE_READING = 0.5
"""Confidence below which a claim is listed: a careful coder would sooner refuse it than not."""


class Concern(StrEnum):
    """Why something is to be looked at, in the order of the list: first what people decided and is in doubt."""

    CONTRADICTION = "people contradict one another"
    DISPUTED = "a second person answers otherwise"
    READING_DIFFERS = "the coder now reads it otherwise"
    EVENT_DIFFERS = "the event is another now"
    ORPHANED = "the claim is gone"
    UNSURE_LINK = "unsure whether it is this event"
    UNSURE_READING = "unsure whether it says so"


class Order(StrEnum):
    """What stands first among readings and links that nobody judged; what people decided and is in doubt stands before all."""

    PRESSING = "pressing"  # the less sure, and the more claims hang on it
    UNCERTAINTY = "uncertainty"
    IMPACT = "impact"
    DISAGREEMENT = "disagreement"
    AGE = "age"


@dataclass(frozen=True)
class Doubt:
    """What there is to know of a reading or link that nobody judged: how sure the machine is, how many claims its event has, in
    which fields these differ, and since when the ledger knows the claim."""

    chance: float
    claims: int
    differing: tuple[str, ...]
    known_at: datetime


@dataclass(frozen=True)
class Item:
    """Something to look at. `weight` orders items of one concern, the largest first; `reason` says in words what it is about.

    Of a link, `claims` are the claim and its event; of a reading, the claim. `doubt` is of these two alone.
    """

    concern: Concern
    claims: tuple[str, ...]
    judgements: tuple[str, ...]
    weight: float
    reason: str
    doubt: Doubt | None = None


# Links and readings that nobody judged; of their events how many claims there are and in which fields these differ. The words are
# looked up last, for the few that are listed.
_DOUBTFUL = """
WITH doubtful AS MATERIALIZED ({doubtful}),
around AS MATERIALIZED (
    SELECT event_id, count(*) AS size, min(type) <> max(type) AS types, min(status) <> max(status) AS statuses,
        coalesce(min(first_day) <> max(first_day), false) AS days,
        coalesce(min(place_country) <> max(place_country), false) AS countries
    FROM members WHERE event_id IN (SELECT event_id FROM doubtful) GROUP BY event_id
),
first AS MATERIALIZED (
    SELECT * FROM doubtful JOIN around USING (event_id) WHERE claim_id NOT IN (SELECT unnest($judged::VARCHAR[]))
    ORDER BY {order}, claim_id LIMIT $limit
)
SELECT first.*, evidence FROM first JOIN claims USING (document_id, position) ORDER BY {order}, first.claim_id
"""

_LINKS = """
SELECT document_id, position, claim_id, event_id, chance, known_at AS since FROM members
WHERE chance < $least AND claim_id <> event_id
"""

_READINGS = """
SELECT document_id, position, members.claim_id, event_id, confidence AS chance, members.known_at AS since
FROM members JOIN (SELECT document_id, position, confidence FROM claims WHERE confidence < $least) USING (document_id, position)
"""

_ORDERS = {
    Order.PRESSING: "(1 - abs(2 * chance - 1)) * ln(1 + size) DESC",
    Order.UNCERTAINTY: "abs(2 * chance - 1), size DESC",
    Order.IMPACT: "size DESC, abs(2 * chance - 1)",
    Order.DISAGREEMENT: "types::INT + statuses::INT + days::INT + countries::INT DESC, size DESC",
    Order.AGE: "since, size DESC",
}

DIFFERING = {"type": "types", "status": "statuses", "day": "days", "country": "countries"}
"""The fields in which claims of an event are held against one another here, each with the column that says whether they differ."""


KNOWN = "SELECT claim_id, known_at FROM claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))"


def to_review(judged: Judged, *, limit: int = 50, order: Order = Order.PRESSING) -> tuple[Item, ...]:
    """At most `limit` things to look at, by concern and then in that order. Nothing: an empty tuple."""
    items = list(in_question(judged))
    if len(items) < limit:
        items += _unsure_links(judged, limit - len(items), order)
    if len(items) < limit:
        items += _unsure_readings(judged, limit - len(items), order)
    return tuple(items[:limit])


def in_question(judged: Judged) -> tuple[Item, ...]:
    """What people decided and is in doubt, by concern and weight."""
    found = [*among_people(judged), *_other_readings(judged), *_other_events(judged), *_orphans(judged)]
    order = list(Concern)
    return tuple(sorted(found, key=lambda item: (order.index(item.concern), -item.weight, item.claims)))


def among_people(judged: Judged) -> tuple[Item, ...]:
    """What people said against one another, openly or by a second answer: the log alone tells it."""
    return (*_contradictions(judged), *_disputed(judged))


def unsure(judged: Judged, concern: Concern, *, limit: int, order: Order = Order.PRESSING) -> tuple[Item, ...]:
    """At most `limit` links or readings (the two concerns that say "unsure") that nobody judged, in that order."""
    found = _unsure_links if concern is Concern.UNSURE_LINK else _unsure_readings
    return tuple(found(judged, limit, order))


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
    # Only what another took the place of, or was coded after it was judged, can be read otherwise: of thousands few are looked at.
    since = {row["claim_id"]: row["known_at"] for row in judged.select(KNOWN, ids=sorted(set(now.values())))} if now else {}
    last = {
        (claim, field): j
        for (claim, field), j in last.items()
        if now[claim] in since and (now[claim] != claim or since[now[claim]] > j.at)
    }
    rows = judged.rows(sorted({now[claim] for claim, _ in last})) if last else {}
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


def _disputed(judged: Judged) -> Iterator[Item]:
    for dispute in disputes(judged):
        said = "; ".join(f"{field}: {one or 'none'} and {other or 'none'}" for field, one, other in dispute.differing)
        reason = f"{dispute.first.by.name} and {dispute.second.by.name}, who did not see the other's answer, differ on {said}"
        ids = (dispute.first.id, dispute.second.id)
        yield Item(Concern.DISPUTED, dispute.second.claims, ids, float(len(dispute.differing)), reason)


def _unsure_links(judged: Judged, limit: int, order: Order) -> Iterator[Item]:
    query = _DOUBTFUL.format(doubtful=_LINKS, order=_ORDERS[order])
    for row in judged.select(query, least=UNSURE_LINK, judged=_spoken_of(judged), limit=limit):
        event, chance, size = row["event_id"], row["chance"], row["size"]
        reason = f"a chance of {chance:.0%} that it is of this event, which has {size:,} claims: “{_one_line(row['evidence'])}”"
        yield Item(Concern.UNSURE_LINK, (row["claim_id"], event), (), _weight(chance, size), reason, _doubt(row))


def _unsure_readings(judged: Judged, limit: int, order: Order) -> Iterator[Item]:
    query = _DOUBTFUL.format(doubtful=_READINGS, order=_ORDERS[order])
    for row in judged.select(query, least=UNSURE_READING, judged=_spoken_of(judged), limit=limit):
        confidence = row["chance"]
        reason = f"read with a confidence of {confidence:.0%}: “{_one_line(row['evidence'])}”"
        yield Item(Concern.UNSURE_READING, (row["claim_id"],), (), _weight(confidence, row["size"]), reason, _doubt(row))


def _doubt(row: Mapping[str, Any]) -> Doubt:
    return Doubt(row["chance"], row["size"], tuple(name for name, column in DIFFERING.items() if row[column]), row["since"])


def _weight(chance: float, size: int) -> float:
    """How much there is to gain from looking, as the queries order by: the less sure, and the more claims hang on it, the more."""
    return (1 - abs(2 * chance - 1)) * log1p(size)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _spoken_of(judged: Judged) -> list[str]:
    """The claims that people's judgements in force are about: nobody need be asked about them again."""
    said = (j for j in judged.judgements if j.id in judged.in_force and not j.by.is_machine and j.kind not in DECIDES_NOTHING)
    return sorted({judged.successors.get(claim, claim) for judgement in said for claim in judgement.claims})


# ---------------------------------------------------------------- how far people are


@dataclass(frozen=True)
class Standing:
    """How far reviewing is: how much is to be looked at by concern, how many of the claims people judged, and who judged how often.

    What was undone counts nowhere; `judges` the most diligent first.
    """

    to_do: Mapping[str, int]
    judged: int
    claims: int
    judges: Mapping[str, int]


_HOW_MANY = "SELECT count(*) AS n FROM ({doubtful}) WHERE claim_id NOT IN (SELECT unnest($judged::VARCHAR[]))"


def standing(judged: Judged) -> Standing:
    """How far reviewing is. A ledger in which nothing was judged: zeros, and nobody."""
    spoken = _spoken_of(judged)
    found = Counter(item.concern for item in in_question(judged))
    for concern, doubtful, least in (
        (Concern.UNSURE_LINK, _LINKS, UNSURE_LINK),
        (Concern.UNSURE_READING, _READINGS, UNSURE_READING),
    ):
        (row,) = judged.select(_HOW_MANY.format(doubtful=doubtful), least=least, judged=spoken)
        found[concern] = row["n"]
    (row,) = judged.select(
        "SELECT count(*) AS n, count(*) FILTER (WHERE claim_id IN (SELECT unnest($judged::VARCHAR[]))) AS judged FROM claims",
        judged=spoken,
    )
    said = (j for j in judged.judgements if j.id in judged.in_force and not j.by.is_machine)
    judges = Counter(judgement.by.name for judgement in said)
    return Standing(
        {concern.value: found[concern] for concern in Concern if found[concern]},
        row["judged"],
        row["n"],
        dict(judges.most_common()),
    )


# ---------------------------------------------------------------- how far an event is


class Progress(StrEnum):
    """How far people are with an event. What is finished is open again when it holds other claims than then."""

    UNSEEN = "by the machine alone"
    REVIEWED = "reviewed in part"
    FINISHED = "finished"
    REOPENED = "finished before, and another now"


@dataclass(frozen=True)
class EventProgress:
    """How far people are with an event: who said what last, and how many of its claims somebody judged. Nobody did: `last` None."""

    progress: Progress
    judged: int
    claims: int
    last: Judgement | None


def progress_of(judged: Judged, event: str) -> EventProgress:
    """How far people are with the event of that id. It is finished when a person accepts it as a whole."""
    claims = set(judged.claims_of(event))
    of_it = [
        followed(j, judged.successors)
        for j in judged.judgements
        if j.id in judged.in_force and not j.by.is_machine and j.kind not in DECIDES_NOTHING
    ]
    of_it = [j for j in of_it if not claims.isdisjoint(j.claims)]
    seen = claims.intersection(claim for j in of_it for claim in j.claims)
    whole = next((j for j in reversed(of_it) if j.kind is JudgementKind.ACCEPTED and j.about is About.EVENT), None)
    if not of_it:
        progress = Progress.UNSEEN
    elif whole is None:
        progress = Progress.REVIEWED
    else:
        progress = Progress.FINISHED if set(whole.claims) == claims else Progress.REOPENED
    return EventProgress(progress, len(seen), len(claims), of_it[-1] if of_it else None)
