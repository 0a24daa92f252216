"""What the quotation scores say: who is cited, by which words, and what they are cited with, within one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.tags import best_tags, spans_of
from dateline.records import Reported, Span

_Piece = tuple[int, int]
_LINKED = 0.5
"""Probability from which a content belongs to a cue; contents that none claims stand alone."""


def find_reported(
    words: Sequence[Span], scores: dict[str, NDArray[Any]], labels: dict[str, tuple[str, ...]]
) -> tuple[Reported, ...]:
    """The sentence's attributions in the order of their cues, then contents that no cue of this sentence claims. None: empty."""
    pieces: dict[str, list[_Piece]] = {"source": [], "cue": [], "content": []}
    for first, end, kind in spans_of(best_tags(scores["quotes"], labels["quotes"])):
        pieces[kind].append((first, end))
    return tuple(_attributions(words, pieces, _links(scores, labels["links"])))


def _links(scores: dict[str, NDArray[Any]], labels: tuple[str, ...]) -> dict[int, dict[str, NDArray[Any]]]:
    """By cue word: the probability of every word to open its source, and its content."""
    raw = scores["links"]
    chances = np.exp(raw - np.logaddexp.reduce(raw, axis=-1, keepdims=True))
    anchors = scores["anchors"].tolist()
    return {a: {n: chances[row, :, i] for i, n in enumerate(labels) if n} for row, a in enumerate(anchors)}


def _attributions(
    words: Sequence[Span], pieces: dict[str, list[_Piece]], links: dict[int, dict[str, NDArray[Any]]]
) -> Iterator[Reported]:
    def span(piece: _Piece) -> Span:
        return Span(words[piece[0]].start, words[piece[1] - 1].end)

    owners: dict[_Piece, list[_Piece]] = {cue: [] for cue in pieces["cue"]}
    alone = []
    for content in pieces["content"]:
        ranked = [(float(links[c[0]]["content"][content[0]]), c) for c in pieces["cue"] if c[0] in links]
        chance, cue = max(ranked, default=(0.0, content))
        if chance >= _LINKED:
            owners[cue].append(content)
        else:
            alone.append(content)
    for cue, contents in owners.items():
        sources = [(float(links[cue[0]]["source"][s[0]]), s) for s in pieces["source"]] if cue[0] in links else []
        chance, source = max(sources, default=(0.0, cue))
        yield Reported(span(source) if chance >= _LINKED else None, span(cue), tuple(map(span, contents)))
    for content in alone:
        yield Reported(None, None, (span(content),))
