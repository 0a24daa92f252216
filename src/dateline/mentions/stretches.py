"""The stretches of text in which times are looked for: sentences, datelines, and sentences cut in two at a point within a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateline.records import BlockKind, Document, Sentence, Span

ABBREVIATED = re.compile(r"(?:\b[ap]\.m\.|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)$")
CONTINUED = re.compile(r"(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{1,2}(?!\d)|(?:GMT|UTC|E[SD]T|local time)\b")


def _mend_splits(document: Document, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences, less the breaks that a point within a time caused: "at 10 p.m. | Wednesday", "on Oct. | 9"."""
    waiting: Sentence | None = None
    for sentence in sentences:
        if waiting is not None and waiting.block == sentence.block and _is_split_time(document.text, waiting.span, sentence.span):
            waiting = _joined(waiting, sentence)
            continue
        if waiting is not None:
            yield waiting
        waiting = sentence
    if waiting is not None:
        yield waiting


def _is_split_time(text: str, before: Span, after: Span) -> bool:
    return ABBREVIATED.search(text, max(before.end - 10, before.start), before.end) is not None and bool(
        CONTINUED.match(text, after.start, after.end)
    )


def _joined(a: Sentence, b: Sentence) -> Sentence:
    """Two sentences as one stretch of words; the second keeps its own tree beside the first's."""
    count = len(a.tokens)
    moved = tuple(replace(t, index=t.index + count, head=t.head + count if t.head >= 0 else t.head) for t in b.tokens)
    return replace(a, span=a.span.join(b.span), tokens=(*a.tokens, *moved), frames=())


def stretches(document: Document, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, with datelines (and the block that dates the report) as sentences without words, in text order."""
    read = {s.block for s in sentences}
    dated = document.published.span if document.published else None
    unread = [
        Sentence(-1, number, block.span, (), ())
        for number, block in enumerate(document.blocks)
        if number not in read and (block.kind is BlockKind.DATELINE or (dated is not None and block.span.contains(dated)))
    ]
    return tuple(sorted((*_mend_splits(document, sentences), *unread), key=lambda s: s.span))
