"""Events -> the same events with their checks: arithmetic over what the report says, shown and never used to correct it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from dateline.events.checks.ballots import check_ballots
from dateline.events.checks.days import check_days
from dateline.events.checks.order import check_order
from dateline.events.checks.parts import check_parts
from dateline.events.checks.telling import Noted, Telling
from dateline.events.checks.totals import check_totals
from dateline.knowledge.load import Knowledge
from dateline.records import Check, Document, EventMention, Mentions, Quotation, Sentence

CHECKS: tuple[Callable[[Telling], Iterator[Noted]], ...] = (check_ballots, check_parts, check_days, check_order, check_totals)
"""All there are, in the order they are shown."""


def check_events(
    document: Document,
    sentences: Sequence[Sentence],
    mentions: Mentions,
    quotations: Sequence[Quotation],
    events: Sequence[EventMention],
    knowledge: Knowledge,
) -> tuple[EventMention, ...]:
    """The events in the same order, each with the checks that could be tried on it; none could: an empty tuple of them.

    A check fails only when no values within the bounds of its figures agree. Knowledge: checks/*.yaml, times/happenings.yaml.
    """
    telling = Telling(document, sentences, mentions, quotations, events, knowledge.checks, knowledge.times.happenings)
    found: dict[int, list[Check]] = {}
    for check in CHECKS:
        for noted in check(telling):
            own = found.setdefault(noted.event, [])
            if noted.check not in own:
                own.append(noted.check)
    return tuple(replace(e, checks=tuple(found[i])) if i in found else e for i, e in enumerate(events))
