"""It reads who is cited, by which words, with what, off the model's scores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.reported import find_reported
from dateline.records import Reported, Span

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
LABELS = {"quotes": TAGS, "links": ("", "source", "content")}


def read(sentence: str, tags: list[str], links: dict[tuple[int, int], str]) -> list[tuple[str | None, str | None, list[str]]]:
    """What is found in a sentence whose words have those tags; `links` are {(cue word, word): label}, all else unlinked."""
    words, at = [], 0
    for word in sentence.split():
        words.append(Span(at, at + len(word)))
        at += len(word) + 1
    quotes = np.array([[9.0 if t == tag else 0.0 for t in TAGS] for tag in tags])
    anchors = [i for i, t in enumerate(tags) if t == "B-cue"]
    scores = np.zeros((len(anchors), len(words), 3))
    scores[..., 0] = 5.0
    for (cue, linked), label in links.items():
        scores[anchors.index(cue), linked, LABELS["links"].index(label)] = 15.0
    given: dict[str, NDArray[Any]] = {"quotes": quotes, "anchors": np.array(anchors, int), "links": scores}

    def text(span: Span | None) -> str | None:
        return span.of(sentence) if span else None

    found: tuple[Reported, ...] = find_reported(words, given, LABELS)
    return [(text(r.source), text(r.cue), [c.of(sentence) for c in r.contents]) for r in found]


def test_a_report_with_its_source_and_content() -> None:
    tags = ["B-source", "B-cue", "B-content", "I-content", "I-content", "O"]
    found = read("Miners said pits would close .", tags, {(1, 0): "source", (1, 2): "content"})
    assert found == [("Miners", "said", ["pits would close"])]


def test_a_quotation_cut_by_its_cue_has_two_pieces() -> None:
    tags = ["B-content", "B-source", "B-cue", "B-content", "O"]
    found = read("Stop he said now .", tags, {(2, 1): "source", (2, 0): "content", (2, 3): "content"})
    assert found == [("he", "said", ["Stop", "now"])]


def test_two_cues_keep_their_own_contents() -> None:
    tags = ["B-source", "B-cue", "B-content", "O", "B-source", "B-cue", "B-content"]
    links = {(1, 0): "source", (1, 2): "content", (5, 4): "source", (5, 6): "content"}
    assert read("Ann says yes but Bo says no", tags, links) == [("Ann", "says", ["yes"]), ("Bo", "says", ["no"])]


def test_a_content_without_a_cue_stands_alone() -> None:
    assert read("Nobody came .", ["B-content", "I-content", "O"], {}) == [(None, None, ["Nobody came"])]


def test_nothing_reported() -> None:
    assert read("Rain fell .", ["O", "O", "O"], {}) == []
