"""Quantities -> the same quantities, those of a rise or fall marked: by how much, from what, to what.

A cue ("rose", "down", "drop") takes the figures behind it as far as the words between allow; nouns and comparatives take the one
before them too ("a 3 percent drop", "3 percent higher"). A figure's own sign is a cue as well ("+0.2%").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dateline.knowledge.quantities import AmountKind, ChangeCue, CueKind, QuantityKnowledge
from dateline.mentions.bounds import is_measure
from dateline.mentions.figures import NEAR
from dateline.records import Change, ChangePart, Direction, Exactness, Quantity, Span, Tallied

WORD = re.compile(r"[a-z]+", re.IGNORECASE)
OF = re.compile(r"\s+of\s+", re.IGNORECASE)
SAME_AGAIN = re.compile(r",?\s+or\s+|\s*\(", re.IGNORECASE)
MODIFIERS = re.compile(
    r"[\s-]+(?!(?:of|in|to|from|for|on|at|by|and|or|is|was|were|as|than|with|a|an|the)\b)(?:[a-z]+[\s-]+){0,2}", re.IGNORECASE
)
LINK_BEFORE = re.compile(r"\b(?:by|to|from|at)\s+$", re.IGNORECASE)
LEVEL_BEFORE = re.compile(r",?\s+")
FROM_BEHIND = re.compile(r"\s+from\s", re.IGNORECASE)
LEVEL_AT = re.compile(r"\bat\s+$", re.IGNORECASE)

NEVER_AMOUNTS = frozenset({"time", "length"})
"""Dimensions of figures that stand behind a verb of movement without being its amount: "rose three times", "fell 30 feet"."""

AMOUNTS = frozenset({"rate", "money", "mass", "power", "energy", "data", "volume", "area", "speed", "strength"})


@dataclass(frozen=True)
class Found:
    """A cue where it stands, with what its word may be."""

    span: Span
    senses: tuple[ChangeCue, ...]

    def of(self, *kinds: CueKind) -> ChangeCue | None:
        return next((s for s in self.senses if s.kind in kinds), None)


def with_changes(text: str, span: Span, quantities: Sequence[Quantity], knowledge: QuantityKnowledge) -> tuple[Quantity, ...]:
    """The quantities of one sentence in their order, each with its `change` where the words tell of one.

    Knowledge: quantities/changes.yaml.
    """
    if not quantities:
        return ()
    changes = dict(_signed(text, quantities, knowledge))
    cues = [c for c in _cues(text, span, knowledge) if not any(q.figure.overlaps(c.span) for q in quantities)]
    for cue, following in pairwise([*cues, None]):
        if cue is None or not cue.senses:
            continue
        end = following.span.start if following else span.end
        for quantity, change in (*_before(text, cue, quantities, knowledge), *_behind(text, cue, end, quantities, knowledge)):
            changes.setdefault(quantity.figure, change)
    of_people = {changes[q.figure].cue for q in quantities if q.figure in changes and q.unit == "people"}
    return tuple(_marked(q, changes.get(q.figure), of_people, knowledge) for q in quantities)


def is_in_change(start: int, text: str, span: Span, knowledge: QuantityKnowledge) -> bool:
    """A figure that begins here stands behind the "by", "to" or "from" of a rise or fall, so it counts something."""
    before = text[max(span.start, start - NEAR) : start]
    return LINK_BEFORE.search(before) is not None and any(c.senses for c in _cues(before, Span(0, len(before)), knowledge))


def _cues(text: str, span: Span, knowledge: QuantityKnowledge) -> Iterator[Found]:
    """The cues left to right, the longest at each place.

    Words are looked up one by one, because a search for any of all of them takes ten times as long.
    """
    at = span.start
    for word in WORD.finditer(text, span.start, span.end):
        if word.start() < at or word[0].lower() not in knowledge.changes.cue_starts:
            continue
        match = knowledge.changes.cue.match(text, word.start(), span.end)
        if match is not None:
            at = match.end()
            yield Found(Span(*match.span()), knowledge.changes.cues[" ".join(match[0].lower().split())])


def _marked(quantity: Quantity, change: Change | None, of_people: Collection[Span], knowledge: QuantityKnowledge) -> Quantity:
    """With its change; the figures of one movement count the same ("the toll rose by 12 to 52"), and an amount more is new."""
    if change is None:
        return quantity
    unit = "people" if quantity.unit == "count" and change.cue in of_people else quantity.unit
    is_new = change.part is ChangePart.AMOUNT and change.direction is Direction.UP and unit not in knowledge.measured
    return replace(quantity, change=change, unit=unit, tallied=Tallied.NEW if is_new else quantity.tallied)


def _signed(text: str, quantities: Sequence[Quantity], knowledge: QuantityKnowledge) -> Iterator[tuple[Span, Change]]:
    """ "+0.2%", "-1.3%": the sign is the cue. A minus without percent or points is a value below zero, not a fall."""
    for q in quantities:
        sign = text[q.figure.start]
        if sign in "+-−–" and (sign == "+" or knowledge.dimensions.get(q.unit) == "rate"):
            direction = Direction.UP if sign == "+" else Direction.DOWN
            yield q.figure, Change(direction, ChangePart.AMOUNT, Span(q.figure.start, q.figure.start + 1))


def _before(
    text: str, cue: Found, quantities: Sequence[Quantity], knowledge: QuantityKnowledge
) -> Iterator[tuple[Quantity, Change]]:
    """ "a 3 percent pay rise", "3 percent higher": the measured figure right before a noun or comparative; "40, up from 12"."""
    last = next((q for q in reversed(quantities) if q.figure.end <= cue.span.start), None)
    if last is None:
        return
    particle, noun, comparative = cue.of(CueKind.PARTICLE), cue.of(CueKind.NOUN), cue.of(CueKind.COMPARATIVE)
    end = last.span.end if last.span.end <= cue.span.start else last.figure.end
    if particle is not None and LEVEL_BEFORE.fullmatch(text, end, cue.span.start) and FROM_BEHIND.match(text, cue.span.end):
        yield last, Change(particle.direction, ChangePart.TO, cue.span)
    elif not _is_measured(last, knowledge):
        return
    elif noun is not None and MODIFIERS.fullmatch(text, last.figure.end, cue.span.start):
        yield last, Change(noun.direction, ChangePart.AMOUNT, cue.span)
    elif comparative is not None and text[end : cue.span.start].isspace():
        yield last, Change(comparative.direction, ChangePart.AMOUNT, cue.span)


def _behind(
    text: str, cue: Found, end: int, quantities: Sequence[Quantity], knowledge: QuantityKnowledge
) -> Iterator[tuple[Quantity, Change]]:
    """The figures behind a cue up to `end`, one after the other until one is no part of the movement."""
    at, last = cue.span.end, None
    for quantity in quantities:
        if quantity.figure.start < cue.span.end or quantity.figure.start >= end or quantity.is_ordinal:
            continue
        gap = text[at : quantity.figure.start]
        sense, part = _part(text, cue, gap, quantity, last, knowledge)
        if part is None or sense is None:
            if knowledge.dimensions.get(quantity.unit) == "time":
                continue  # "rose in three months to 40"
            return
        yield quantity, Change(sense.direction, part, cue.span)
        at, last = max(quantity.figure.end, quantity.noun.end if quantity.noun else 0), part


def _part(
    text: str, cue: Found, gap: str, quantity: Quantity, last: ChangePart | None, knowledge: QuantityKnowledge
) -> tuple[ChangeCue | None, ChangePart | None]:
    """Which sense of the cue takes the figure, and as what; nothing does: None twice."""
    table, any_sense = knowledge.changes, cue.senses[0]
    leading, noun = cue.of(CueKind.VERB, CueKind.PARTICLE), cue.of(CueKind.NOUN)
    if last is not None and SAME_AGAIN.fullmatch(gap):
        return any_sense, last
    if table.from_gap.fullmatch(gap) and (last is not None or any_sense.has_levels):
        return any_sense, ChangePart.FROM
    if table.to_gap.fullmatch(gap) and (last is not None or (any_sense.has_levels and not LEVEL_AT.search(gap))):
        return any_sense, ChangePart.TO
    if last is not None:
        return None, None
    if table.by_gap.fullmatch(gap) or re.fullmatch(r"\s+by\s+", gap, re.IGNORECASE):
        return leading or noun, ChangePart.AMOUNT
    if noun is not None and OF.fullmatch(gap):
        return noun, ChangePart.AMOUNT
    if leading is not None and table.amount_gap.fullmatch(gap):
        if leading.has_levels and _is_level(text, quantity, knowledge):
            return leading, ChangePart.TO
        if leading.amount is AmountKind.ANY and _may_be_amount(quantity, knowledge):
            return leading, ChangePart.AMOUNT
        if leading.amount is AmountKind.MEASURED and _is_measured(quantity, knowledge):
            return leading, ChangePart.AMOUNT
    return None, None


def _is_level(text: str, quantity: Quantity, knowledge: QuantityKnowledge) -> bool:
    """ "fell below 50", "rose above 40"."""
    words = " ".join(quantity.figure.of(text).lower().split())
    return quantity.exactness in {Exactness.LESS_THAN, Exactness.MORE_THAN} and any(
        words.startswith(hedge + " ") for hedge in knowledge.changes.level_hedges
    )


def _is_measured(quantity: Quantity, knowledge: QuantityKnowledge) -> bool:
    """Percent, points, shares, money and other measures; seats and votes, which parties gain and lose."""
    is_money = quantity.unit not in knowledge.measured and is_measure(quantity.unit, knowledge)
    return is_money or quantity.unit in {"seats", "votes"} or knowledge.dimensions.get(quantity.unit) in AMOUNTS


def _may_be_amount(quantity: Quantity, knowledge: QuantityKnowledge) -> bool:
    if quantity.unit in knowledge.changes.never_amounts:
        return False
    return quantity.unit not in {"people", "times"} and knowledge.dimensions.get(quantity.unit) not in NEVER_AMOUNTS
