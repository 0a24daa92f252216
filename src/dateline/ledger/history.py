"""All that happened to an event or a claim: when it was coded and by what, linked to what, judged by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.ledger.judged import Judged
from dateline.records import Judgement

CODED = "coded"
LINKED = "linked"


@dataclass(frozen=True)
class Step:
    """Something that happened to the claims. `what` is CODED, LINKED or the kind of the judgement; `by` a program or a person.

    `event` is the event that a LINKED claim was put in, `chance` how sure the linker was of the least sure of them; `words` are the
    evidence of what was coded, or the reason of a judgement.
    """

    at: datetime
    what: str
    by: str
    claims: tuple[str, ...]
    event: str | None = None
    chance: float | None = None
    words: str = ""
    judgement: Judgement | None = None
    is_undone: bool = False


CODINGS = """
SELECT claim_id, known_at, program, model, knowledge, publisher, evidence, document_id, position
FROM all_claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY known_at, document_id, position
"""

LINKS = """
SELECT known_at, linker, event_id, chance, claim_id
FROM all_links WHERE claim_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY known_at, event_id, claim_id
"""


def history(judged: Judged, id: str, *, of_event: bool) -> tuple[Step, ...]:
    """What happened to a claim, or to every claim that its event now has, in order; claims of earlier codings go with their heirs.

    Raises NotFoundError or AmbiguousIdError.
    """
    claim = judged.claim(id)
    event = judged.event(claim) if of_event else claim
    return histories(judged, {event: judged.claims_of(event) if of_event else (claim,)})[event]


def histories(judged: Judged, claims: Mapping[str, Collection[str]]) -> dict[str, tuple[Step, ...]]:
    """What happened to several events or claims, in order, by the keys of `claims`, which has the claims that each now has."""
    heirs: defaultdict[str, set[str]] = defaultdict(set)
    for old, new in judged.successors.items():
        heirs[new].add(old)
    whole = {key: frozenset(some).union(*(heirs.get(claim, ()) for claim in some)) for key, some in claims.items()}
    ids = sorted(frozenset().union(*whole.values()))
    codings, links = (_by_claim(judged.select(query, ids=ids)) for query in (CODINGS, LINKS))
    return {key: _steps(judged, some, codings, links) for key, some in whole.items()}


Rows = dict[str, list[dict[str, Any]]]


def _by_claim(rows: Iterable[dict[str, Any]]) -> Rows:
    found: Rows = {}
    for row in rows:
        found.setdefault(row["claim_id"], []).append(row)
    return found


def _steps(judged: Judged, claims: frozenset[str], codings: Rows, links: Rows) -> tuple[Step, ...]:
    steps = [_coded(some) for some in _alike(claims, codings, "known_at", "document_id", "program", "model", "knowledge")]
    steps += [_linked(some) for some in _alike(claims, links, "known_at", "event_id", "linker")]
    told: set[str] = set()
    for judgement in judged.judgements:
        if claims.isdisjoint(judgement.claims) and told.isdisjoint(judgement.revokes):
            continue
        told.add(judgement.id)
        is_undone = judgement.id not in judged.in_force
        steps.append(
            Step(
                judgement.at, judgement.kind.value, judgement.by.name, judgement.claims,
                words=judgement.reason, judgement=judgement, is_undone=is_undone,
            )
        )  # fmt: skip
    return tuple(sorted(steps, key=lambda step: step.at))


def _alike(claims: frozenset[str], rows: Rows, *columns: str) -> Iterator[list[dict[str, Any]]]:
    """The rows of these claims, those together that are alike in the columns, in the order of the columns."""
    found: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for claim in sorted(claims):
        for row in rows.get(claim, ()):
            found[tuple(row[column] for column in columns)].append(row)
    return (found[key] for key in sorted(found, key=lambda key: tuple((part is not None, part) for part in key)))


def _coded(rows: Sequence[dict[str, Any]]) -> Step:
    """Claims of one document that one coder read in one go; the evidence of the first one in the text is shown."""
    row = min(rows, key=lambda row: row["position"])
    by = f"program {row['program']}, model {row['model']}, knowledge {row['knowledge']}"
    words = f"{row['publisher']}: {row['evidence']}" if row["publisher"] else row["evidence"]
    claims = tuple(r["claim_id"] for r in sorted(rows, key=lambda r: r["position"]))
    return Step(row["known_at"], CODED, by, claims, words=words)


def _linked(rows: Sequence[dict[str, Any]]) -> Step:
    row = rows[0]
    chances = [r["chance"] for r in rows if r["chance"] is not None]
    return Step(
        row["known_at"], LINKED, row["linker"], tuple(r["claim_id"] for r in rows), row["event_id"], min(chances, default=None)
    )
