"""EventMentions -> Claims: ids that outlive better cleaning, the coder's versions, and which tellings are one happening."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

from dateline.events.identity import same_happenings
from dateline.knowledge.load import Knowledge
from dateline.records import Claim, Coder, Document, EventMention, Sentence, Span


def enter_claims(
    document: Document, sentences: Sequence[Sentence], events: Sequence[EventMention], *, model: str, knowledge: Knowledge
) -> tuple[Claim, ...]:
    """A claim for each event, in the same order; two events with one id (same type, trigger and evidence) are entered once."""
    coder = Coder(version("dateline"), model, knowledge.version)
    ids = [claim_id(document, e) for e in events]
    same_as = same_happenings(events, sentences, knowledge.cues)
    claims: dict[str, Claim] = {}
    told_by = {e.trigger: own for e, own in zip(events, ids, strict=True) if e.type != "PROTEST"}
    events = [_with_records(e, told_by) for e in events]
    for event, own, first in zip(events, ids, same_as, strict=True):
        claims.setdefault(own, Claim(own, document.id, event, coder, ids[first] if first is not None else None))
    return tuple(claims.values())


def _with_records(event: EventMention, told_by: Mapping[Span, str]) -> EventMention:
    """The event with each deed of its response naming the claim that tells of it."""
    if event.response is None:
        return event
    deeds = tuple(replace(d, claim=told_by.get(d.trigger)) for d in event.response.deeds)
    return replace(event, response=replace(event.response, deeds=deeds))


def claim_id(document: Document, event: EventMention) -> str:
    """A hash of the document, the type, and trigger and evidence counted in the original bytes."""
    parts = [document.id, event.type]
    spans: tuple[Span, ...] = (event.trigger, event.evidence)
    for span in spans:
        parts.append(str(document.offsets.to_bytes(span) or (span.start, span.end)))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
