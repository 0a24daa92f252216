"""What the words beside a figure do to it: hedges -> inclusive bounds. The table is quantities/bounds.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dateline.knowledge.quantities import BoundRule, Hedge, QuantityKnowledge
from dateline.mentions.figures import NEAR, Figure
from dateline.records import Exactness, Quantity, Sentence

CONVERSION = re.compile(r"\s*\(\s*")

STACKED = 4
"""Hedges that may stand before one figure ("at least another about 40"); a bound against hostile text."""

WEIGHT = {"exact": 0, "about": 1}
"""Of two hedges before one figure that with the greater weight bounds it; all others weigh 2."""

HEDGE_OF = {
    Exactness.MORE_THAN: "more-than",
    Exactness.LESS_THAN: "less-than",
    Exactness.AT_LEAST: "at-least",
    Exactness.AT_MOST: "at-most",
    Exactness.ABOUT: "about",
    Exactness.ALMOST: "almost",
}
"""The entry of the bounds table that stands for each hedge, for figures that share another one's."""


def bounded(
    figure: Figure, before: Hedge | None, after: Hedge | None, unit: str, knowledge: QuantityKnowledge
) -> tuple[float | None, float | None, Exactness]:
    """The figure's bounds and exactness after the hedges on both sides; the one before it is applied first."""
    low, high = _apply(after, *_apply(before, figure.low, figure.high, figure, unit, knowledge), figure, unit, knowledge)
    return low, high, next((Exactness(h.exactness) for h in (before, after) if h and h.exactness != "exact"), figure.exactness)


def hedge_before(figure: Figure, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> tuple[int, Hedge | None]:
    """Where the figure's words begin, and the hedge that bounds it.

    Of several the weightiest bounds it, then the outermost: "at least about 40" and "about at least 40" are at least 40.
    """
    start, hedge = figure.span.start, None
    for _ in range(STACKED):
        match = knowledge.before.search(text[(near := max(sentence.span.start, start - NEAR)) : start])
        if match is None:
            break
        word = " ".join(match[0].lower().split())
        found = knowledge.hedges_before[word.removesuffix(" the") if word not in knowledge.hedges_before else word]
        hedge = found if hedge is None or WEIGHT.get(found.exactness, 2) >= WEIGHT.get(hedge.exactness, 2) else hedge
        start = near + match.start()
    return start, hedge


def hedge_after(end: int, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> tuple[int, Hedge | None]:
    """Where the figure's words end, and the hedge behind it."""
    match = knowledge.after.match(text, end, sentence.span.end)
    if match is None:
        return end, None
    return match.end(), knowledge.hedges_after[" ".join(match[0].lower().split())]


def _apply(
    hedge: Hedge | None, low: float | None, high: float | None, figure: Figure, unit: str, knowledge: QuantityKnowledge
) -> tuple[float | None, float | None]:
    if hedge is None or hedge.exactness == "exact":
        return low, high
    is_measured = is_measure(unit, knowledge) or figure.code is not None or figure.low % 1 != 0
    if hedge.exactness == "about" and figure.exactness is Exactness.VAGUE:
        return low, high  # "some hundreds": nothing is added to what is vague already
    new_low, new_high = _bound(hedge.low, figure.low, is_measured), _bound(hedge.high, figure.high, is_measured)
    if figure.high < 0:  # below zero "about" turns around, and "at most" has no floor at zero
        new_low, new_high = (new_high, new_low) if hedge.exactness == "about" else (None if new_low == 0 else new_low, new_high)
    if new_low is not None and new_high is not None and new_low > new_high:  # "nearly four", "just over four"
        return (new_low, new_low) if hedge.exactness == "more than" else (new_high, new_high)
    return new_low, new_high


def _bound(rule: BoundRule, value: float, is_measured: bool) -> float | None:
    if rule.to is not None:
        return rule.to
    if rule.times is not None:
        return round(value * rule.times, 6)
    if rule.plus is not None:
        return value if is_measured else value + rule.plus
    return None


def with_hedge_of_conversion(quantity: Quantity, before: Sequence[Quantity], text: str, knowledge: QuantityKnowledge) -> Quantity:
    """ "more than 100 kilometres (60 miles)": the figure in brackets is the same one in another unit, and shares its hedge."""
    same = before[-1] if before else None
    hedge = HEDGE_OF.get(same.exactness) if same else None
    if (
        same is None
        or hedge is None
        or quantity.exactness is not Exactness.EXACT
        or quantity.low is None
        or same.unit == quantity.unit
        or not is_measure(same.unit, knowledge)
        or not is_measure(quantity.unit, knowledge)
        or not CONVERSION.fullmatch(text, max(same.span.end, same.figure.end), quantity.figure.start)
    ):
        return quantity
    figure = Figure(quantity.figure, quantity.low, quantity.low, Exactness.EXACT)
    shared = next(h for h in knowledge.hedges_before.values() if h.id == hedge)
    low, high = _apply(shared, figure.low, figure.high, figure, quantity.unit, knowledge)
    return replace(quantity, low=low, high=high, exactness=same.exactness)


def is_measure(unit: str, knowledge: QuantityKnowledge) -> bool:
    """The unit is measured, not counted one by one: percent, kilometres, a currency."""
    return unit in knowledge.measured or (len(unit) == 3 and unit.isupper())
