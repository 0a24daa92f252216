"""What the checks of one document look at, and what each of them gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from dateline.knowledge.checks import CheckKnowledge
from dateline.records import (
    Check,
    CheckResult,
    Document,
    EventMention,
    Mentions,
    PlaceMention,
    Quantity,
    Quotation,
    Sentence,
    Span,
    StatusValue,
    TimeMention,
    Token,
)

PEOPLE_OR_THINGS = frozenset({"people", "persons", "person", "count", "things", "", "votes", "seats"})
"""Units of figures that count one by one, and so may be a part of one another."""

T = TypeVar("T")

BEFORE, BEHIND = 90, 60
"""Characters beside a figure in which its cues stand; a bound, so that hostile text costs no more than its length."""


@dataclass(frozen=True)
class Noted:
    """A check and the index of the record it belongs to."""

    event: int
    check: Check


@dataclass(frozen=True)
class Telling:
    """A document as coded: its events and all that was found in it. `happenings`: kind of running happening by its noun."""

    document: Document
    sentences: Sequence[Sentence]
    mentions: Mentions
    quotations: Sequence[Quotation]
    events: Sequence[EventMention]
    words: CheckKnowledge
    happenings: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(s.span.start for s in self.sentences)

    @cached_property
    def _quantities(self) -> dict[int, list[Quantity]]:
        counted = (q for q in self.mentions.quantities if not q.is_ordinal and q.low is not None)
        return self._by_sentence((q.span, q) for q in counted)

    @cached_property
    def _ordinals(self) -> dict[int, list[Quantity]]:
        return self._by_sentence((q.span, q) for q in self.mentions.quantities if q.is_ordinal)

    @cached_property
    def _places(self) -> dict[int, list[PlaceMention]]:
        return self._by_sentence((p.span, p) for p in self.mentions.places if not p.is_adjective)

    @cached_property
    def _times(self) -> dict[int, list[TimeMention]]:
        return self._by_sentence((t.span, t) for t in self.mentions.times)

    @cached_property
    def _events(self) -> dict[int, list[tuple[int, EventMention]]]:
        return self._by_sentence((e.trigger, (i, e)) for i, e in enumerate(self.events))

    def _by_sentence(self, values: Iterable[tuple[Span, T]]) -> dict[int, list[T]]:
        found: dict[int, list[T]] = {}
        for span, value in values:
            sentence = self.sentence_at(span)
            if sentence is not None:
                found.setdefault(sentence.index, []).append(value)
        return found

    def sentence_at(self, span: Span) -> Sentence | None:
        """The sentence that holds the span; none (a headline, a dateline): None."""
        place = bisect_right(self._starts, span.start) - 1
        return self.sentences[place] if place >= 0 and self.sentences[place].span.contains(span) else None

    def figures_in(self, sentence: Sentence) -> tuple[Quantity, ...]:
        """All figures of a sentence but ordinals, left to right."""
        return tuple(self._quantities.get(sentence.index, ()))

    def quantities_in(self, sentence: Sentence) -> tuple[Quantity, ...]:
        """The figures of a sentence that count one by one, left to right."""
        return tuple(q for q in self.figures_in(sentence) if self.unit_of(q) in PEOPLE_OR_THINGS)

    def unit_of(self, figure: Quantity) -> str:
        """The figure's unit; of deaths, arrests and the like, which are counted in their own name, it is people."""
        return "people" if figure.unit.lower() in self.words.parts.counted else figure.unit

    def ordinals_in(self, sentence: Sentence) -> tuple[Quantity, ...]:
        """The ranks named in a sentence ("the 10th day"), left to right."""
        return tuple(self._ordinals.get(sentence.index, ()))

    def places_in(self, sentence: Sentence) -> tuple[PlaceMention, ...]:
        """The toponyms of a sentence, left to right; adjectives of places left out."""
        return tuple(self._places.get(sentence.index, ()))

    def times_in(self, sentence: Sentence) -> tuple[TimeMention, ...]:
        """The time expressions of a sentence, left to right."""
        return tuple(self._times.get(sentence.index, ()))

    def events_in(self, sentence: Sentence) -> tuple[tuple[int, EventMention], ...]:
        """The records whose trigger stands in the sentence, with their indices."""
        return tuple(self._events.get(sentence.index, ()))

    def event_counting(self, sentence: Sentence, *figures: Quantity) -> int | None:
        """The sentence's record that counts one of its figures, the first figure first; else the nearest to it. No record: None."""
        events = self.events_in(sentence)
        for figure in figures:
            for i, event in events:
                if any(c.span.overlaps(figure.figure) for c in event.counts):
                    return i
        return min(events, key=lambda e: abs(e[1].trigger.start - figures[0].figure.start), default=(None,))[0]

    def before(self, span: Span, sentence: Sentence) -> str:
        """The words of the sentence right before the span."""
        return self.text[max(sentence.span.start, span.start - BEFORE) : span.start]

    def behind(self, span: Span, sentence: Sentence) -> str:
        """The words of the sentence right behind the span."""
        return self.text[span.end : min(sentence.span.end, span.end + BEHIND)]


def is_told(event: EventMention) -> bool:
    """True for what is said to have happened, whether or not the text vouches for it: figures of plans are no claims."""
    return event.status.value in {StatusValue.ASSERTED, StatusValue.ALLEGED}


def outcome(holds: bool) -> CheckResult:
    return CheckResult.PASSED if holds else CheckResult.FAILED


def ancestors(sentence: Sentence, token: Token) -> Iterator[Token]:
    """The token and those it hangs from, upwards."""
    node = token
    yield node
    while node.head >= 0:
        node = sentence.tokens[node.head]
        yield node
