"""Judgements on their way into the log: what contradicts what people said is entered only by who insists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dateline.ledger.errors import JudgementError
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Entry
from dateline.ledger.resolve import Contradiction
from dateline.records import Judgement

if TYPE_CHECKING:
    from dateline.ledger.signing import Signer


class ContradictionError(JudgementError):
    """Nothing was entered, since it contradicts what people have said and nobody insisted. `against` is what it contradicts."""

    def __init__(self, against: Sequence[Contradiction]) -> None:
        said = ", ".join(dict.fromkeys(judgement.id for one in against for judgement in one.judgements))
        super().__init__(f"nothing was entered: it contradicts what people have said ({said}). Undo what is wrong, or insist")
        self.against = tuple(against)


def contradicted(judged: Judged, drafts: Sequence[Judgement]) -> tuple[Contradiction, ...]:
    """What people have said that one of the drafts would contradict; nothing: an empty tuple."""
    return tuple(contradiction for draft in drafts for contradiction in judged.against(draft))


def enter(judged: Judged, drafts: Sequence[Judgement], *, is_forced: bool = False, signer: Signer | None = None) -> Entry:
    """Enters the drafts as one entry of the log; on disk when this returns. `is_forced`: whatever they contradict.

    Raises ContradictionError otherwise, and what `Log.append` raises.
    """
    if not is_forced and (against := contradicted(judged, drafts)):
        raise ContradictionError(against)
    return judged.log.append(drafts, signer=signer)
