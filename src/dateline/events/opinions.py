"""The learned second opinion on each record: how likely its type is right, and whether it is news; and on the report as a whole.

A sum of the weights of the record's signs (events/signs.py), so that every figure can be taken apart again. Without learned weights
the confidence that a record came with stands, and background is told by structure alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from math import exp, log

from dateline.events.background import find_telling
from dateline.events.signs import Told, signs_of, told_events
from dateline.knowledge.weighing import START, Background, Table, Weighing
from dateline.records import Document, EventMention, How, Origin, Participant, Sentence, Telling, TellingValue

HAND = "the lexicon's own weight"
REST = "everything else"
_SHOWN = 6
"""Parts of a confidence that are kept with the record: the largest; the others are one part."""
CERTAIN_NEWS, HARDLY_NEWS = 0.75, 0.3
"""Where the learned part overrules structure: from the first, structure's background is news; below the second, its news is not."""
_LEARNED = Origin(How.INFERRED, "learned: such clauses seldom tell the news")


def weigh_events(
    document: Document,
    sentences: Sequence[Sentence],
    events: Sequence[EventMention],
    weighing: Weighing | None,
    background: Background,
) -> tuple[EventMention, ...]:
    """The same events in the same order, each with its confidence, what it was added up from, and how it is told."""
    return tuple(
        event if told is None else _weigh(told, weighing, background)
        for event, told in zip(events, told_events(document, sentences, events), strict=True)
    )


def _weigh(told: Told, weighing: Weighing | None, background: Background) -> EventMention:
    event, telling = told.event, find_telling(told, background)
    if weighing is None:
        return replace(event, telling=telling)
    signs = signs_of(told)
    parts = parts_of(signs, event.confidence, weighing)
    news = round(chance(_sum(signs, weighing.news)), 3)
    return replace(
        event,
        confidence=round(chance(sum(weight for _, weight in parts)), 3),
        confidence_parts=_largest(parts),
        field_confidence=tuple(_fields(event, weighing.fields)),
        telling=_agree(telling, news),
    )


def hand_odds(weight: float) -> float:
    """The log-odds of a hand-given weight, kept from the ends."""
    held = min(max(weight, 0.05), 0.97)
    return log(held / (1 - held))


def parts_of(signs: Collection[str], hand: float, weighing: Weighing) -> list[tuple[str, float]]:
    """Every part of the log-odds that a record is right, in order of the signs."""
    weights = weighing.right
    own = [(sign, weights[sign]) for sign in sorted(signs) if sign in weights]
    return [(START, weights.get(START, 0.0)), (HAND, weighing.hand * hand_odds(hand)), *own]


def chance(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


def _sum(signs: Iterable[str], weights: Table) -> float:
    # In order, so that the last digits are the same in every process.
    return weights.get(START, 0.0) + sum(weights.get(sign, 0.0) for sign in sorted(signs))


def _largest(parts: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """The largest few, and the sum of the others under one name."""
    ranked = sorted(parts, key=lambda part: (-abs(part[1]), part[0]))
    rest = sum(weight for _, weight in ranked[_SHOWN:])
    return (*((name, round(weight, 2)) for name, weight in ranked[:_SHOWN]), (REST, round(rest, 2)))


def _agree(telling: Telling, news: float) -> Telling:
    """Structure's word, unless the learned part is sure of the opposite."""
    if telling.value is TellingValue.NEWS and news < HARDLY_NEWS:
        return Telling(TellingValue.BACKGROUND, None, _LEARNED, news)
    if telling.value is TellingValue.BACKGROUND and news >= CERTAIN_NEWS:
        return Telling(TellingValue.NEWS, telling.cue, Origin(How.INFERRED, f"learned, against: {telling.origin.by}"), news)
    return replace(telling, news=news)


# ---------------------------------------------------------------- single fields


def field_signs(event: EventMention) -> list[tuple[str, str]]:
    """(field, how it came about) of each field the record has a value for: ("time", "time read"), ("actor", "actor inferred")."""
    sides = (("actor", event.actors), ("recipient", event.recipients))
    found = [(side, f"{side} {_how(people[0])}") for side, people in sides if people]
    if event.time is not None:
        found.append(("time", "time read" if event.time.span is not None else "time inferred"))
    if event.place is not None:
        found.append(("place", "place read" if event.place.span is not None else "place inferred"))
    return found


def _how(party: Participant) -> str:
    return "read" if party.span is not None and party.origin.how is not How.INFERRED else "inferred"


def _fields(event: EventMention, shares: Table) -> Iterable[tuple[str, float]]:
    return ((name, shares[sign]) for name, sign in field_signs(event) if sign in shares)


# ---------------------------------------------------------------- the report as a whole


def words_of(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The report's content words by lemma, each weighed by how much of the report it is: square roots of shares, names left out."""
    counts: dict[str, int] = {}
    for sentence in sentences:
        for token in sentence.tokens:
            if token.upos in {"NOUN", "VERB", "ADJ"} and token.text.isalpha() and len(token.text) > 2:
                counts[token.lemma.lower()] = counts.get(token.lemma.lower(), 0) + 1
    whole = sum(counts.values()) or 1
    return {word: (number / whole) ** 0.5 for word, number in counts.items()}


def relevance_of(sentences: Sequence[Sentence], weighing: Weighing | None) -> float | None:
    """The probability that the report is about politics, conflict or protest at all; nothing learned, or no words: None."""
    words = words_of(sentences)
    if weighing is None or not words:
        return None
    weights = weighing.relevance
    odds = weights.get(START, 0.0) + sum(weights.get(word, 0.0) * share for word, share in words.items())
    return round(chance(odds), 3)
