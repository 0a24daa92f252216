"""Short texts as documents, for tests of this room: one body block, sentences split at full stops, words without a parse."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from dateline.records import Block, BlockKind, Document, How, OffsetMap, Origin, PublicationDate, Sentence, Span, Token

WORDS = re.compile(r"\d[\d,.:]*\d|\w+(?:\.\w+)+\.?|\w+|[^\w\s]")
ENDS = re.compile(r"(?<=[a-z\d]{2}[.!?])\s+(?=[A-Z])")


def document_of(text: str, published: date | None, kind: BlockKind = BlockKind.BODY) -> Document:
    """A document of one block."""
    given = PublicationDate(published, Origin(How.GIVEN)) if published else None
    return Document("test", "test", "", text, (Block(Span(0, len(text)), kind),), OffsetMap(), published=given)


def unparsed(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text with words and nothing said about them."""
    edges = [0, *(m.end() for m in ENDS.finditer(text)), len(text)]
    sentences = []
    for index, (start, end) in enumerate(pairwise(edges)):
        end = start + len(text[start:end].rstrip())
        words = [m.span() for m in WORDS.finditer(text, start, end)]
        tokens = tuple(Token(i, Span(a, b), text[a:b], text[a:b].lower(), "", "", i - 1, "dep") for i, (a, b) in enumerate(words))
        sentences.append(Sentence(index, 0, Span(start, end), tokens, ()))
    return tuple(sentences)
