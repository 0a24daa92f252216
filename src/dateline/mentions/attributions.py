"""Quotations as the model reads them: each sentence's sources, cues and contents, joined over sentences.

The model sees one sentence at a time. Here contents that no cue of their own sentence claims are given to the cue before or after
them: a quotation goes on while its marks are open, and "he said." is about the words before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.records import ActorMention, Quotation, QuoteKind, Reported, Sentence, Span

_CONTENT_ALONE = 12
"""Words of a sentence that is no more than "she told reporters in the capital on Sunday."."""


@dataclass(frozen=True)
class _Told:
    """An attribution with the sentence it stands in."""

    sentence: Sentence
    reported: Reported


def learnt_quotations(
    sentences: Sequence[Sentence], marked: Sequence[Span], actor_at: Callable[[Sentence, Span], ActorMention | None]
) -> tuple[Quotation, ...]:
    """Every attribution with content and a cue, in text order; none: an empty tuple.

    `marked` is what stands between quotation marks; `actor_at` the actor mention of a sentence that a span names.
    """
    told = [_Told(s, r) for s in sentences for r in s.reported]
    return tuple(sorted(_joined(told, marked, actor_at), key=lambda q: q.content[0]))


def _joined(
    told: Sequence[_Told], marked: Sequence[Span], actor_at: Callable[[Sentence, Span], ActorMention | None]
) -> Iterator[Quotation]:
    last: Quotation | None = None
    loose: list[_Told] = []
    for one in told:
        reported = one.reported
        if reported.cue is None:
            if last is not None and _in_one_mark(last.content[-1], reported.contents[0], marked):
                last = replace(last, content=(*last.content, *reported.contents))
            else:
                loose.append(one)
            continue
        before = tuple(c for t in loose if _is_beside(t, one) for c in t.reported.contents)
        loose = []
        contents = reported.contents or (before if _is_short(one.sentence) else ())
        if reported.contents and before and _in_one_mark(before[-1], reported.contents[0], marked):
            contents = (*before, *reported.contents)
        if not contents:
            continue
        if last is not None:
            yield last
        mention = actor_at(one.sentence, reported.source) if reported.source else None
        actor = mention.actor if mention else None
        last = Quotation(_kind(contents, marked), tuple(sorted(contents)), reported.source, reported.cue, actor)
    if last is not None:
        yield last


def _is_beside(earlier: _Told, later: _Told) -> bool:
    """True for contents in the sentences right before, of the same paragraph."""
    return earlier.sentence.block == later.sentence.block and 0 <= later.sentence.index - earlier.sentence.index <= 4


def _is_short(sentence: Sentence) -> bool:
    return sum(t.upos != "PUNCT" for t in sentence.tokens) <= _CONTENT_ALONE


def _in_one_mark(before: Span, after: Span, marked: Sequence[Span]) -> bool:
    """True when both lie within the same quotation marks."""
    return any(m.overlaps(before) and m.overlaps(after) for m in marked)


def _kind(contents: Sequence[Span], marked: Sequence[Span]) -> QuoteKind:
    """Direct when all of it stands in marks, indirect when none does."""
    length = sum(len(c) for c in contents)
    quoted = sum(max(0, min(c.end, m.end) - max(c.start, m.start)) for c in contents for m in marked)
    if quoted >= 0.95 * length:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if quoted > 0 else QuoteKind.INDIRECT
