"""Ballots in a sentence -> one quantity a side: "a 120-0 vote", "nine votes to two", "84 to none"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.knowledge.quantities import QuantityKnowledge
from dateline.mentions.bounds import bounded, hedge_before
from dateline.mentions.figures import NEAR, Figure
from dateline.mentions.numerals import read_number
from dateline.records import Exactness, Quantity, Sentence, Span


def find_tallies(text: str, sentence: Sentence, blocked: Sequence[Span], knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """The sides of the ballots in a sentence, left to right, in votes; `blocked` are numbers that count nothing.

    A hedge before a ballot bounds its first side ("by at least 70 votes to 30"). Knowledge: quantities/parts.yaml.
    """
    ballots, span = knowledge.ballots, sentence.span
    if not ballots.any_word.search(text, span.start, span.end):
        return
    for match in ballots.tally.finditer(text, span.start, span.end):
        has_word = (
            match["votes"]
            or ballots.after.match(text, match.end(), span.end)
            or ballots.before.search(text[max(span.start, match.start() - NEAR) : match.start()])
        )
        if not has_word or any(Span(*match.span()).overlaps(b) for b in blocked):
            continue
        for side in ("first", "second", "third"):
            value = _votes(match[side], knowledge) if match[side] else None
            if value is not None:
                number = Figure(Span(*match.span(side)), value, value, Exactness.EXACT)
                start, hedge = hedge_before(number, text, sentence, knowledge) if side == "first" else (number.span.start, None)
                low, high, exactness = bounded(number, hedge, None, "votes", knowledge)
                yield Quantity(Span(start, number.span.end), number.span, None, low, high, exactness, "votes")


def _votes(words: str, knowledge: QuantityKnowledge) -> float | None:
    return 0.0 if words.lower() in knowledge.ballots.none else read_number(words, knowledge.numerals)
