"""Sentences of different lengths as one rectangle. Only training needs it: at run time every sentence is read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.language.encoding import EncodedSentence, Shape


@dataclass(frozen=True)
class Padded:
    """Sentences padded to one rectangle. `words` counts the real words of each row."""

    ids: NDArray[np.int64]
    shapes: NDArray[np.int64]
    mask: NDArray[np.int64]
    word_starts: NDArray[np.int64]
    words: tuple[int, ...]


def pad(sentences: Sequence[EncodedSentence]) -> Padded:
    """The sentences as rectangles: [batch, subwords] and [batch, words]; padding is 0."""
    width = max(len(s.ids) for s in sentences)
    most_words = max(len(s.word_starts) for s in sentences)
    ids = np.zeros((len(sentences), width), np.int64)
    shapes = np.full((len(sentences), width), int(Shape.OTHER), np.int64)
    mask = np.zeros((len(sentences), width), np.int64)
    starts = np.zeros((len(sentences), most_words), np.int64)
    for row, s in enumerate(sentences):
        ids[row, : len(s.ids)] = s.ids
        shapes[row, : len(s.ids)] = s.shapes
        mask[row, : len(s.ids)] = 1
        starts[row, : len(s.word_starts)] = s.word_starts
    return Padded(ids, shapes, mask, starts, tuple(len(s.word_starts) for s in sentences))
