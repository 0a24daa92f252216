"""Document -> Sentences: one pass of the encoder over each sentence, and what the heads say, decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.encoding import EncodedSentence, encode_sentences, pad_batch
from dateline.language.lemmas import ranked
from dateline.language.models import Models
from dateline.language.sentences import split_sentences
from dateline.language.structure import structure
from dateline.language.tokens import tokenise
from dateline.language.trees import best_heads
from dateline.records import BlockKind, Document, Entity, EntityKind, Sentence, Span, Token

READABLE = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})
"""Blocks whose sentences are read; the others cannot hold events of this report."""

BATCH = 512
"""Subwords a batch. Batches never hold sentences of two documents, so a document reads the same whatever came before
it: int8 activations are scaled a batch at a time."""


@dataclass(frozen=True)
class Unread:
    """A sentence before reading: where it stands, in which block, and its words (at least one)."""

    block: int
    span: Span
    words: tuple[Span, ...]


def analyse(document: Document, models: Models) -> tuple[Sentence, ...]:
    """The sentences of the document's readable blocks, in order; none: an empty tuple."""
    return read_words(document.text, list(find_sentences(document)), models)


def find_sentences(document: Document) -> Iterator[Unread]:
    """The sentences of the readable blocks with their words, not read yet."""
    for number, block in enumerate(document.blocks):
        if block.kind in READABLE:
            for span in split_sentences(document.text, block.span):
                if words := tokenise(document.text, span):
                    yield Unread(number, span, words)


def read_words(text: str, unread: Sequence[Unread], models: Models) -> tuple[Sentence, ...]:
    """The sentences read, in the order given: one pass of the encoder over each, in batches of like length."""
    if not unread:
        return ()
    encoded = encode_sentences([[w.of(text) for w in s.words] for s in unread], models.tokenizer)
    read: dict[int, Sentence] = {}
    for numbers in _batches(encoded):
        outputs = _run(models, [encoded[n] for n in numbers])
        for row, n in enumerate(numbers):
            own = {name: scores[row, : len(unread[n].words)] for name, scores in outputs.items()}
            read[n] = _decode(text, n, unread[n], own, models)
    return tuple(read[n] for n in range(len(unread)))


def _batches(encoded: Sequence[EncodedSentence]) -> Iterator[list[int]]:
    """Sentence numbers in batches of like length, at most BATCH subwords each (or one long sentence)."""
    batch: list[int] = []
    for n in sorted(range(len(encoded)), key=lambda i: (len(encoded[i].ids), i)):
        if batch and len(encoded[n].ids) * (len(batch) + 1) > BATCH:
            yield batch
            batch = []
        batch.append(n)
    yield batch


def _run(models: Models, sentences: Sequence[EncodedSentence]) -> dict[str, NDArray[Any]]:
    """The heads' scores by name, each [batch, words, …]."""
    batch = pad_batch(sentences)
    feed = {"ids": batch.ids, "shapes": batch.shapes, "mask": batch.mask, "word_starts": batch.word_starts}
    names = [o.name for o in models.session.get_outputs()]
    return dict(zip(names, models.session.run(names, feed), strict=True))


def _decode(text: str, index: int, unread: Unread, scores: dict[str, NDArray[Any]], models: Models) -> Sentence:
    labels = models.labels
    words = [w.of(text) for w in unread.words]
    upos = scores["upos"].argmax(-1)
    xpos = scores["xpos"].argmax(-1)
    heads = best_heads(scores["arcs"][:, : len(words) + 1])
    relations = scores["relations"][np.arange(len(words)), heads]
    root = labels["relations"].index("root")
    relations[heads > 0, root] = -np.inf
    chosen = relations.argmax(-1)
    tokens = tuple(
        Token(
            i,
            unread.words[i],
            word,
            models.lemmas.lemma(
                word, labels["upos"][upos[i]], labels["xpos"][xpos[i]], ranked(scores["scripts"][i], labels["scripts"])
            ),
            labels["upos"][upos[i]],
            labels["xpos"][xpos[i]],
            int(heads[i]) - 1,
            "root" if heads[i] == 0 else labels["relations"][chosen[i]],
        )
        for i, word in enumerate(words)
    )
    entities = tuple(_entities(unread.words, scores["entities"], labels["entities"]))
    return structure(Sentence(index, unread.block, unread.span, tokens, entities))


def _entities(words: Sequence[Span], scores: NDArray[Any], tags: tuple[str, ...]) -> Iterator[Entity]:
    """Entities of the best tag of each word. An I- tag that follows nothing of its class opens an entity."""
    start, kind = 0, ""
    for i, tag in enumerate([*(tags[t] for t in scores.argmax(-1)), "O"]):
        prefix, _, name = tag.partition("-")
        if kind and (prefix != "I" or name != kind):
            yield Entity(Span(words[start].start, words[i - 1].end), EntityKind(kind))
            kind = ""
        if prefix != "O" and not kind:
            start, kind = i, name
