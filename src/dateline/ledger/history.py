"""All that happened to an event or a claim: when it was coded and by what, linked to what, judged by whom."""

from __future__ import annotations

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
SELECT known_at, program, model, knowledge, list(claim_id ORDER BY position) AS claims, any_value(publisher) AS publisher,
    arg_min(evidence, position) AS evidence, document_id
FROM all_claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))
GROUP BY known_at, program, model, knowledge, document_id ORDER BY known_at, document_id
"""

LINKS = """
SELECT known_at, linker, event_id, min(chance) AS chance, list(claim_id ORDER BY claim_id) AS claims
FROM all_links WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))
GROUP BY known_at, linker, event_id ORDER BY known_at, event_id
"""


def history(judged: Judged, id: str, *, of_event: bool) -> tuple[Step, ...]:
    """What happened to a claim, or to every claim that its event now has, in order; claims of earlier codings go with their heirs.

    Raises NotFoundError or AmbiguousIdError.
    """
    claim = judged.claim(id)
    claims = set(judged.claims_of(judged.event(claim)) if of_event else (claim,))
    claims |= {old for old, new in judged.successors.items() if new in claims}
    ids = sorted(claims)
    steps = [_coded(row) for row in judged.select(CODINGS, ids=ids)]
    steps += [
        Step(row["known_at"], LINKED, row["linker"], tuple(row["claims"]), row["event_id"], row["chance"])
        for row in judged.select(LINKS, ids=ids)
    ]
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


def _coded(row: dict[str, Any]) -> Step:
    by = f"program {row['program']}, model {row['model']}, knowledge {row['knowledge']}"
    words = f"{row['publisher']}: {row['evidence']}" if row["publisher"] else row["evidence"]
    return Step(row["known_at"], CODED, by, tuple(row["claims"]), words=words)
