"""Who is named in each sentence of a document, and who speaks where: what the roles of its events are filled from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.events.triggers import innermost
from dateline.records import ActorMention, Mentions, PlaceMention, Quotation, Sentence, Span, Token


@dataclass(frozen=True)
class Cast:
    """Who is named in each sentence, and who speaks where: what roles are filled from."""

    actors: dict[int, tuple[ActorMention, ...]]
    adjectives: dict[int, tuple[PlaceMention, ...]]
    quotations: tuple[Quotation, ...]
    country: str | None
    """The country the document is about: whose people and things it does not name otherwise."""
    times: tuple[Span, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    harms: frozenset[int] = frozenset()
    """Where the sentence at hand has words for harm: what they are "of" is the victim ("condemned the *arrest* of five nurses")."""

    @classmethod
    def of(cls, sentences: Sequence[Sentence], mentions: Mentions, quotations: Sequence[Quotation], *, country: str | None) -> Cast:
        actors: dict[int, list[ActorMention]] = {}
        for a in mentions.actors:
            actors.setdefault(a.sentence, []).append(a)
        adjectives: dict[int, list[PlaceMention]] = {}
        named = [p for p in mentions.places if p.place is not None]
        for s in sentences:
            adjectives[s.index] = [p for p in named if s.span.contains(p.span)]
        return cls(
            {k: tuple(v) for k, v in actors.items()},
            {k: tuple(v) for k, v in adjectives.items()},
            tuple(quotations),
            country,
            tuple(t.span for t in mentions.times),
            tuple(sentences),
        )

    def mention_at(self, sentence: Sentence, token: Token) -> ActorMention | None:
        """The actor mention that the token heads, or the shortest one that holds it as its head's name, or names it; none: None."""
        own = self.actors.get(sentence.index, ())
        found = min((a for a in own if a.head.overlaps(token.span)), key=lambda a: len(a.span), default=None)
        if found is not None or token.upos != "NOUN":
            return found
        name = next((c for c in sentence.children(token) if c.relation == "flat" and c.index == token.index + 1), None)
        return next((a for a in own if name is not None and a.head.overlaps(name.span)), None)  # "the *skipper* Ann Ode"

    def quotation_at(self, span: Span) -> Quotation | None:
        """The innermost quotation whose content holds the span; on nobody's word: None."""
        return innermost(self.quotations, span)
