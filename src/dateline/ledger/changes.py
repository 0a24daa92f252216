"""When each event last became another: a report more, another link, or what somebody judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dateline.ledger.judged import Judged
from dateline.ledger.one_actor import OF_NAMES
from dateline.ledger.resolve import followed
from dateline.records import Judgement, JudgementKind

_CHANGES = """
SELECT event_id, min(members.known_at) AS since, max(greatest(members.known_at, coalesce(links.known_at, members.known_at))) AS at
FROM members LEFT JOIN (SELECT claim_id, known_at FROM links) AS links USING (claim_id)
GROUP BY event_id ORDER BY event_id
"""

UNCHANGED = frozenset((JudgementKind.LINKED, JudgementKind.FORGOTTEN, JudgementKind.SECONDED, *OF_NAMES))
"""Kinds that change no event by themselves: what a run of the linker changes stands in its links, and a second answer decides
nothing."""

JUDGED = 5_000
"""Claims of the latest judgements whose events are looked for."""


@dataclass(frozen=True)
class Change:
    """An event, since when it is known, and when it last changed. `judgement` is what changed it; None: reports or links."""

    event: str
    since: datetime
    at: datetime
    judgement: Judgement | None = None


def changes(judged: Judged) -> list[Change]:
    """Every event with its last change, the latest first; of one moment by id."""
    found = {
        row["event_id"]: Change(row["event_id"], row["since"], row["at"])
        for row in judged.ledger.select_members(_CHANGES, judged=judged.events, as_of=judged.as_of)
    }
    latest: dict[str, Judgement] = {}
    for judgement in reversed(judged.judgements):
        if judgement.kind in UNCHANGED:
            continue
        for claim in followed(judgement, judged.successors).claims:
            latest.setdefault(claim, judgement)
        if len(latest) >= JUDGED:
            break
    for event, members in judged.ledger.membership(list(latest), judged=judged.events, as_of=judged.as_of).items():
        told = max((latest[claim] for claim in members if claim in latest), key=lambda judgement: judgement.at)
        if event in found and told.at >= found[event].at:
            found[event] = Change(event, found[event].since, told.at, told)
    return sorted(sorted(found.values(), key=lambda change: change.event), key=lambda change: change.at, reverse=True)
