"""PolNeAR's attributions by sentence: what the quotation head learns from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dateline.records import Span
from training.data import Example, Told, find_words


def read_attributions(data: Path, split: str) -> Iterator[Example]:
    """Every sentence of every article, as the splitter finds them, with the attributions of the first annotator."""
    with gzip.open(data / f"quotes_polnear/{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield from _sentences(row["text"], row["annotations"][0]["attributions"])


def _sentences(text: str, attributions: Sequence[dict[str, Any]]) -> Iterator[Example]:
    for words in find_words(text):
        told = tuple(t for a in attributions if (t := _told(a, words)))
        yield Example(tuple(w.of(text) for w in words), told=told)


def _told(attribution: dict[str, Any], words: Sequence[Span]) -> Told | None:
    """The attribution's pieces within the sentence; None when no cue or content of it is there."""
    found = Told(*(_pieces(attribution[part], words) for part in ("source", "cue", "content")))
    return found if found.cues or found.contents else None


def _pieces(spans: Sequence[Sequence[int]], words: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """Each character span as (first word, last word), those outside the sentence left out."""
    pieces = []
    for start, end in spans:
        inside = [i for i, w in enumerate(words) if w.start < end and w.end > start]
        if inside:
            pieces.append((inside[0], inside[-1]))
    return tuple(pieces)
