"""Words -> the numbers the encoder reads: subword ids, word shapes, and where each word starts.

Training and run time share this module, so a word looks the same to both. The vocabulary is MiniLM's
(uncased WordPiece); case comes back as one of eight shapes, added to the subword embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tokenizers import Tokenizer

LONGEST = 510
"""Subwords a sentence may have; BERT's positions end at 512 and two are [CLS] and [SEP]."""


class Shape(IntEnum):
    """How a word is written. The order is part of the trained weights: never renumber."""

    LOWER = 0
    TITLE = 1
    UPPER = 2
    MIXED = 3
    INITIAL = 4
    DIGITS = 5
    ALPHANUMERIC = 6
    OTHER = 7


def word_shape(word: str) -> Shape:
    """The shape of one word; punctuation and symbols are OTHER."""
    letters = [c for c in word if c.isalpha()]
    has_digit = any(c.isdigit() for c in word)
    if not letters:
        return Shape.DIGITS if has_digit else Shape.OTHER
    if has_digit:
        return Shape.ALPHANUMERIC
    if len(letters) == 1 and letters[0].isupper():
        return Shape.INITIAL
    if all(c.isupper() for c in letters):
        return Shape.UPPER
    if not any(c.isupper() for c in letters):
        return Shape.LOWER
    if letters[0].isupper() and not any(c.isupper() for c in letters[1:]):
        return Shape.TITLE
    return Shape.MIXED


@dataclass(frozen=True)
class EncodedSentence:
    """One sentence as the encoder sees it. `word_starts[w]` is the position of word w's first subword."""

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    word_starts: tuple[int, ...]


def load_tokenizer(path: Path) -> Tokenizer:
    """The WordPiece tokenizer of a `tokenizer.json`, without the truncation and padding it may ask for."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode_sentences(sentences: Sequence[Sequence[str]], tokenizer: Tokenizer) -> list[EncodedSentence]:
    """One encoded sentence for each list of words, in order.

    A word that the normaliser empties (a lone control character, say) points at the subword before it.
    Subwords past LONGEST are cut and their words point at the last one kept: callers split long sentences first.
    """
    encodings = tokenizer.encode_batch([list(words) for words in sentences], is_pretokenized=True)
    return [_encode(words, e.ids, e.word_ids) for words, e in zip(sentences, encodings, strict=True)]


def _encode(words: Sequence[str], ids: list[int], word_ids: list[int | None]) -> EncodedSentence:
    if len(ids) > LONGEST + 2:
        ids, word_ids = [*ids[: LONGEST + 1], ids[-1]], [*word_ids[: LONGEST + 1], None]
    shapes_of_words = [int(word_shape(w)) for w in words]
    shapes = [int(Shape.OTHER) if w is None else shapes_of_words[w] for w in word_ids]
    starts = [-1] * len(words)
    for position, word in enumerate(word_ids):
        if word is not None and starts[word] < 0:
            starts[word] = position
    previous = 0
    for w, start in enumerate(starts):
        previous = start if start >= 0 else previous
        starts[w] = previous
    return EncodedSentence(tuple(ids), tuple(shapes), tuple(starts))
