"""The same happening told twice in one document: each later telling points at the first.

Two tellings are one when nothing speaks against it (type, status, country, days, place, figures) and something
speaks for it (the same word for it, or the same party). Speech acts are told once each: they are one only in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from dateline.knowledge.cues import Cues
from dateline.records import EventMention, Participant, PlaceKind


def same_happenings(events: Sequence[EventMention], words: Sequence[str], cues: Cues) -> tuple[int | None, ...]:
    """For each event the index of the document's first telling of the same happening; None for a first or only telling.

    `words` are the triggers' lemmas, in the order of `events`.
    """
    first: list[int | None] = []
    for i, event in enumerate(events):
        match = next((j for j in range(i) if first[j] is None and _is_same(events[j], event, words[j], words[i], cues)), None)
        first.append(match)
    return tuple(first)


def _is_same(a: EventMention, b: EventMention, word_a: str, word_b: str, cues: Cues) -> bool:
    if a.type != b.type or a.status.value != b.status.value or (a.mode and b.mode and a.mode != b.mode):
        return False
    if a.type in cues.speech:
        return False
    if not (_agree(a.actors, b.actors, cues) and _agree(a.recipients, b.recipients, cues)):
        return False
    if not _days_meet(a, b) or not _places_meet(a, b) or not _figures_agree(a, b):
        return False
    return word_a == word_b or _share_name(a.actors, b.actors) or _share_name(a.recipients, b.recipients)


def _agree(a: Sequence[Participant], b: Sequence[Participant], cues: Cues) -> bool:
    """True when the parties can be the same: one side unsaid or generic, or a name or country in common."""
    if not a or not b or _share(a, b):
        return True
    countries = ({p.actor.country for p in a}, {p.actor.country for p in b})
    if None not in countries[0] | countries[1] and not countries[0] & countries[1]:
        return False
    return any(_is_generic(p, cues) for p in (*a, *b)) and bool({p.actor.sector for p in a} & {p.actor.sector for p in b})


def _is_generic(p: Participant, cues: Cues) -> bool:
    return p.actor.is_group and bool(cues.generic & set(p.actor.name.lower().split()[-1:]))


def _share(a: Sequence[Participant], b: Sequence[Participant]) -> bool:
    return bool({p.actor.name.lower() for p in a} & {p.actor.name.lower() for p in b})


def _share_name(a: Sequence[Participant], b: Sequence[Participant]) -> bool:
    """True for a party in common that is somebody in particular: "people" died and "people" were injured are two things."""
    named = ({p.actor.name.lower() for p in side if not p.actor.is_group} for side in (a, b))
    first, second = named
    return bool(first & second)


def _days_meet(a: EventMention, b: EventMention) -> bool:
    if a.time is None or b.time is None:
        return True
    starts = (a.time.first or a.time.last, b.time.first or b.time.last)
    ends = (a.time.last or a.time.first, b.time.last or b.time.first)
    if None in starts or None in ends:
        return True
    return starts[0] <= ends[1] and starts[1] <= ends[0]  # type: ignore[operator]  # None is ruled out the line before


def _places_meet(a: EventMention, b: EventMention) -> bool:
    if a.place is None or b.place is None or a.place.span is None or b.place.span is None:
        return True
    one, two = a.place.place, b.place.place
    if one.country != two.country:
        return False
    coarse = {PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1}
    return one.name == two.name or one.kind in coarse or two.kind in coarse


def _figures_agree(a: EventMention, b: EventMention) -> bool:
    for x in a.counts:
        for y in b.counts:
            if x.what == y.what and not _bounds_meet(x.low, x.high, y.low, y.high):
                return False
    return True


def _bounds_meet(low_a: float | None, high_a: float | None, low_b: float | None, high_b: float | None) -> bool:
    infinity = float("inf")
    return (low_a or 0) <= (infinity if high_b is None else high_b) and (low_b or 0) <= (infinity if high_a is None else high_a)
