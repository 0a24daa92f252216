"""Ballots in a sentence -> one quantity a side: "a 120-0 vote", "nine votes to two", "84 to none"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.knowledge.quantities import QuantityKnowledge
from dateline.mentions.figures import NEAR
from dateline.mentions.numerals import read_number
from dateline.records import Exactness, Quantity, Span


def find_tallies(text: str, span: Span, blocked: Sequence[Span], knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """The sides of the ballots in a stretch of text, left to right, in votes; `blocked` are numbers that count nothing.

    Knowledge: quantities/parts.yaml.
    """
    ballots = knowledge.ballots
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
                figure = Span(*match.span(side))
                yield Quantity(figure, figure, None, value, value, Exactness.EXACT, "votes")


def _votes(words: str, knowledge: QuantityKnowledge) -> float | None:
    return 0.0 if words.lower() in knowledge.ballots.none else read_number(words, knowledge.numerals)
