"""Names agreed on by the whole document: the same words name the same kind of thing throughout a report.

A sentence alone often does not tell whether Sadat is a person or a place; another sentence of the report does. Worth two points of
entity F1 on the newswire dev set (decisions 0013 and 0014).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from dateline.records import Entity, EntityKind, Sentence

_FIGURES = frozenset({EntityKind.DATE, EntityKind.MONEY})
"""Kinds that are no names: they are left alone."""

NAMES = tuple(kind for kind in EntityKind if kind not in _FIGURES)
"""The kinds of names, among which the mentions of a name vote."""

Votes = dict[EntityKind, float]

_OWN_VOTE = 0.5
"""What a short form's own mentions weigh beside those of the long name that it stands behind in brackets."""


def agree_on_names(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences with entities of the same words made one kind: the likeliest in sum. Dates and sums of money are left alone.

    A short form in brackets ("the Department of Conservation (DOC)") is what the long name is. A single name that closes
    somebody's full name in the report ("Amira *Sadat*") is that person. In a text that has capitals, what is written without one
    is no name.
    """
    if _has_capitals(text):
        sentences = [replace(s, entities=tuple(e for e in s.entities if _is_written_as_name(e, text))) for s in sentences]
    agreed = {words: max(kinds, key=lambda k: kinds[k]) for words, kinds in _count_votes(text, sentences).items()}
    surnames = {words.split()[-1] for words, kind in agreed.items() if kind is EntityKind.PERSON and len(words.split()) > 1}

    def settle(entity: Entity) -> Entity:
        words = entity.span.of(text)
        kind = agreed[words] if words in agreed and entity.kind not in _FIGURES else entity.kind
        if kind not in _FIGURES and words in surnames:
            kind = EntityKind.PERSON
        return entity if kind is entity.kind else replace(entity, kind=kind)

    return tuple(replace(s, entities=tuple(map(settle, s.entities))) for s in sentences)


def _count_votes(text: str, sentences: Sequence[Sentence]) -> dict[str, Votes]:
    """For the words of each name how likely its mentions make each kind, added up; those of the long name go to its short form."""
    votes: dict[str, Votes] = defaultdict(lambda: defaultdict(float))
    for entity in (e for s in sentences for e in s.entities if e.kind not in _FIGURES):
        for kind, chance in entity.chances or ((entity.kind, entity.confidence),):
            votes[entity.span.of(text)][kind] += chance
    for long, short in {pair: None for s in sentences for pair in _short_forms(text, s)}:
        votes[short] = _added(votes[long], votes[short], _OWN_VOTE)
    return votes


def _added(votes: Mapping[EntityKind, float], others: Mapping[EntityKind, float], share: float) -> Votes:
    return {kind: votes.get(kind, 0.0) + share * others.get(kind, 0.0) for kind in votes.keys() | others.keys()}


def _short_forms(text: str, sentence: Sentence) -> Iterator[tuple[str, str]]:
    """(long name, the capitals in brackets right behind it), left to right."""
    for long, short in pairwise(e for e in sentence.entities if e.kind not in _FIGURES):
        between = text[long.span.end : short.span.start].strip()
        name, letters = long.span.of(text), short.span.of(text)
        is_closed = text[short.span.end :][:2].strip()[:1] in {")", "]", "}"}
        if between in {"(", "[", "{"} and is_closed and letters.isupper() and len(letters) > 1 and len(name.split()) > 1:
            yield name, letters


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
