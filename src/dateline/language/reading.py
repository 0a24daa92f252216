"""Document -> Sentences: one pass of the encoder over each sentence, and what the heads say, decoded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.agreement import agree_on_voice, best_tags_together
from dateline.language.encoding import EncodedSentence, encode_sentences
from dateline.language.lemmas import ranked
from dateline.language.models import Models
from dateline.language.names import NAMES, agree_on_names
from dateline.language.predicates import find_predicates
from dateline.language.reported import find_reported
from dateline.language.sentences import split_sentences
from dateline.language.structure import structure
from dateline.language.tags import Leaning, best_tags, kind_chances, spans_of, tag_chances
from dateline.language.tokens import tokenise
from dateline.language.trees import best_heads
from dateline.records import BlockKind, Document, Entity, EntityKind, Sentence, Span, Token

READABLE = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})
"""Blocks whose sentences are read; the others cannot hold events of this report."""

_NONE: frozenset[int] = frozenset()
_POSSIBLE = 0.01
"""Probability from which a kind of name is kept beside the likeliest."""
_LIKELY = 0.1
"""Probability from which a sentence's event type is worth telling."""


@dataclass(frozen=True)
class Unread:
    """A sentence before reading: where it stands, in which block, and its words (at least one)."""

    block: int
    span: Span
    words: tuple[Span, ...]


def analyse(document: Document, models: Models) -> tuple[Sentence, ...]:
    """The sentences of the document's readable blocks, in order, its names agreed on; none: an empty tuple."""
    return agree_on_names(document.text, read_words(document.text, list(find_sentences(document)), models))


def find_sentences(document: Document) -> Iterator[Unread]:
    """The sentences of the readable blocks with their words, not read yet."""
    for number, block in enumerate(document.blocks):
        if block.kind in READABLE:
            for span in split_sentences(document.text, block.span):
                if words := tokenise(document.text, span):
                    yield Unread(number, span, words)


def read_words(
    text: str, unread: Sequence[Unread], models: Models, *, predicates: Sequence[Collection[int]] | None = None
) -> tuple[Sentence, ...]:
    """The sentences read, in order. `predicates`: for each sentence, words to read as predicates whatever the model thinks.

    Every sentence is a run of its own: activations are scaled run by run (8-bit weights), so a sentence reads the same
    whatever stands beside it. On several threads sentences are read side by side.
    """
    encoded = encode_sentences([[w.of(text) for w in s.words] for s in unread], models.tokenizer)
    asked = [frozenset(p) for p in predicates] if predicates is not None else [_NONE] * len(unread)

    def read(number: int) -> Sentence:
        scores = _run(models, encoded[number], asked[number])
        return _decode(text, number, unread[number], scores, models, asked[number])

    if models.threads == 1 or len(unread) < 2:
        return tuple(read(n) for n in range(len(unread)))
    with ThreadPoolExecutor(models.threads) as pool:
        return tuple(pool.map(read, range(len(unread))))


def _run(models: Models, sentence: EncodedSentence, asked: frozenset[int]) -> dict[str, NDArray[Any]]:
    """The heads' scores by name; the order and shapes are `OUTPUTS` of training/model.py."""
    wanted = np.zeros(len(sentence.word_starts), np.int64)
    # ONNX Runtime fails on empty matrices, so there is always a row of pairs to score, whether or not anything reads it.
    wanted[[0, *asked]] = 1
    feed = {
        "ids": np.array(sentence.ids, np.int64),
        "shapes": np.array(sentence.shapes, np.int64),
        "word_starts": np.array(sentence.word_starts, np.int64),
        "asked": wanted,
    }
    return dict(zip(models.outputs, models.session.run(models.outputs, feed), strict=True))


def _decode(
    text: str, index: int, unread: Unread, scores: dict[str, NDArray[Any]], models: Models, asked: frozenset[int]
) -> Sentence:
    labels = models.labels
    tokens = _tokens(text, unread, scores, models)
    leaning = _NAMES_APART if any(token.upos == "PUNCT" for token in tokens) else Leaning()
    return structure(
        Sentence(
            index,
            unread.block,
            unread.span,
            tokens,
            tuple(_entities(unread.words, scores["entities"], labels["entities"], leaning)),
            predicates=tuple(find_predicates(tokens, scores, labels, models.rolesets, asked)),
            reported=find_reported(unread.words, scores, labels),
            event_types=_event_types(scores["types"], labels["types"]),
        )
    )


def _tokens(text: str, unread: Unread, scores: dict[str, NDArray[Any]], models: Models) -> tuple[Token, ...]:
    labels = models.labels
    words = [w.of(text) for w in unread.words]
    upos, xpos = best_tags_together(scores["upos"], scores["xpos"], models.tag_pairs)
    features = scores["features"].argmax(-1)
    heads = best_heads(scores["arcs"])
    relations = scores["relations"][np.arange(len(words)), heads]
    relations[heads > 0, labels["relations"].index("root")] = -np.inf
    chosen = relations.argmax(-1)

    def lemma(i: int) -> str:
        scripts = ranked(scores["scripts"][i], labels["scripts"])
        return models.lemmas.lemma(words[i], labels["upos"][upos[i]], labels["xpos"][xpos[i]], scripts)

    tokens = [
        Token(
            i,
            unread.words[i],
            word,
            lemma(i),
            labels["upos"][upos[i]],
            labels["xpos"][xpos[i]],
            int(heads[i]) - 1,
            "root" if heads[i] == 0 else labels["relations"][chosen[i]],
            labels["features"][features[i]],
        )
        for i, word in enumerate(words)
    ]
    return agree_on_voice(tokens)


_NAMES_APART = Leaning(inside=0.25, beside=-1.0)
"""Names rarely stand next to each other where marks keep them apart; taken word by word, they break off early and fall into two.
Worth half a point of F1 on the newswire's dev documents, and as much on either half of them; without marks it would cost as much
(decision 0056)."""


def _entities(words: Sequence[Span], scores: NDArray[Any], tags: tuple[str, ...], leaning: Leaning) -> Iterator[Entity]:
    best = best_tags(scores, tags, leaning)
    chances = tag_chances(scores, tags, best)
    for first, end, kind in spans_of(best):
        span = Span(words[first].start, words[end - 1].end)
        may_be = zip(NAMES, kind_chances(scores[first:end], tags, NAMES), strict=True) if kind in NAMES else ()
        likely = sorted(((k, round(p, 3)) for k, p in may_be if p >= _POSSIBLE), key=lambda found: -found[1])
        yield Entity(span, EntityKind(kind), round(float(chances[first:end].mean()), 3), tuple(likely))


def _event_types(scores: NDArray[Any], types: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    chances = 1.0 / (1.0 + np.exp(-scores))
    likely = [(t, round(float(c), 3)) for t, c in zip(types, chances, strict=True) if c >= _LIKELY]
    return tuple(sorted(likely, key=lambda found: -found[1]))
