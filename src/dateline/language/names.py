"""Names agreed on by the whole document: the same words name the same kind of thing throughout a report.

A sentence alone often does not tell whether Sadat is a person or a place; another sentence of the report does. Worth 1.5 points of
entity F1 on the newswire dev set (decision 0013).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dateline.records import Entity, EntityKind, Sentence

_FIGURES = frozenset({EntityKind.DATE, EntityKind.MONEY})
"""Kinds that are no names: they are left alone."""


def agree_on_names(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences with entities of the same words made one kind: the one surest in sum. Dates and sums of money are left alone.

    A single name that closes somebody's full name in the report ("Amira *Sadat*") is that person. In a text that has capitals,
    what is written without one is no name.
    """
    if _has_capitals(text):
        sentences = [replace(s, entities=tuple(e for e in s.entities if _is_written_as_name(e, text))) for s in sentences]
    votes: dict[str, dict[EntityKind, float]] = defaultdict(lambda: defaultdict(float))
    for entity in (e for s in sentences for e in s.entities):
        if entity.kind not in _FIGURES:
            votes[entity.span.of(text)][entity.kind] += entity.confidence
    agreed = {words: max(kinds, key=lambda k: kinds[k]) for words, kinds in votes.items()}
    surnames = {words.split()[-1] for words, kind in agreed.items() if kind is EntityKind.PERSON and len(words.split()) > 1}

    def settle(entity: Entity) -> Entity:
        words = entity.span.of(text)
        kind = agreed[words] if words in agreed and entity.kind not in _FIGURES else entity.kind
        if kind not in _FIGURES and words in surnames:
            kind = EntityKind.PERSON
        return entity if kind is entity.kind else replace(entity, kind=kind)

    return tuple(replace(s, entities=tuple(map(settle, s.entities))) for s in sentences)


_CAPITALS = 0.01
"""Share of capitals among the letters from which a text is not one of those that are printed in small letters throughout."""


def _has_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > _CAPITALS * len(letters)


def _is_written_as_name(entity: Entity, text: str) -> bool:
    """True for a date or sum of money, and for anything with a capital or a figure in it, or in a script without capitals."""
    words = entity.span.of(text)
    is_cased = any(c.islower() for c in words)
    return entity.kind in _FIGURES or not is_cased or any(c.isupper() or c.isdigit() for c in words)
