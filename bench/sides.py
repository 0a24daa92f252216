"""What is wrong with who and whom where the type of an event is right: for the error listings of PLOVER's and PETRARCH's gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dateline.records import EventMention, Participant

Triple = tuple[str, str, str]


def fault(ours: Iterable[Triple], gold: Iterable[Triple]) -> str | None:
    """In one word what keeps a sentence's triples (actor, recipient, what) from being the gold's; nothing: None.

    "type" (not coded at all), "order" (both sides told, the other way round), "actor", "recipient", "both", or "extra" (all of the
    gold's are there, and further ones).
    """
    coded, wanted = set(ours), set(gold)
    missed = wanted - coded
    if not missed:
        return "extra" if coded - wanted else None
    kinds = {what for _, _, what in missed}
    same = {t for t in coded if t[2] in kinds}
    if not same:
        return "type"
    if any((recipient, actor, what) in same for actor, recipient, what in missed):
        return "order"
    if {a for a, _, _ in same} & {a for a, _, _ in missed}:
        return "recipient"
    return "actor" if {r for _, r, _ in same} & {r for _, r, _ in missed} else "both"


def told(events: Iterable[EventMention], text: str) -> Iterator[str]:
    """A line a record: its type, its word, and who is on either side by which rule."""
    for event in events:
        sides = " -> ".join(shown(side) or "nobody" for side in (event.actors, event.recipients))
        yield f"{event.type} {event.mode or ''} {event.trigger.of(text)!r}: {sides} ({event.status.value.value}; {event.rule})"


def shown(participants: Iterable[Participant]) -> str:
    return ", ".join(
        f"{p.actor.name} {p.actor.country or '---'}{p.actor.sector or ''}" + (f" [{p.origin.by}]" if p.origin.by else "")
        for p in participants
    )
