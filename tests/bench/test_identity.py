"""ECB+ is read from its file, and its mentions are grouped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bench.ecbplus import gold_documents, measure, read_document, reliability, tellings_of
from dateline.knowledge.load import load_knowledge
from dateline.knowledge.reading import load_reading_tables
from dateline.language.models import load_models
from dateline.linking.clusters import Joining

ROWS = [
    ("1_1ecb", "The mayor resigned in Porto on Monday .", [2], "ACT1"),
    ("1_2ecbplus", "Porto 's mayor resigned on Monday , the city said .", [3], "ACT1"),
    ("1_3ecbplus", "A bridge collapsed in Utrecht .", [2], "ACT_SINGLETON_9"),
]

ADDRESS = "http : / / example . org / 2013 / 03 / 05 / news"


def written(folder: Path) -> Path:
    path = folder / "dev.jsonl"
    rows = []
    for name, text, tokens, chain in ROWS:
        mention = {"m_id": "1", "kind": "event", "sentence": 1, "tokens": tokens, "coref": chain, "validated": True}
        sentences = [{"n": 1, "tokens": text.split()}]
        if "plus" in name:
            sentences.insert(0, {"n": 0, "tokens": ADDRESS.split()})
        rows.append({"doc_id": name, "topic": "1", "subtopic": "1", "sentences": sentences, "mentions": [mention]})
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_mention_is_its_words_and_an_address_gives_the_day(tmp_path: Path) -> None:
    first, second, third = gold_documents(written(tmp_path), load_reading_tables())
    assert [m.span.of(first.document.text) for m in first.mentions] == ["resigned"]
    assert first.document.published is None
    assert second.document.published is not None
    assert second.document.published.day.isoformat() == "2013-03-05"
    assert not second.document.text.startswith("http")
    assert first.mentions[0].happening == second.mentions[0].happening
    assert third.mentions[0].happening == "1_3ecbplus#1"


def test_mentions_are_read_and_grouped(tmp_path: Path) -> None:
    knowledge, models = load_knowledge(), load_models()
    read = [read_document(gold, knowledge, models) for gold in gold_documents(written(tmp_path), load_reading_tables())]
    (telling,) = tellings_of(read[0])
    assert telling.place is not None
    assert telling.place.name == "Porto"
    measured = measure(read, Joining())
    assert len(set(measured.groups)) in (2, 3)
    assert measured.groups[2] not in measured.groups[:2]


def test_reliability_has_a_line_for_each_tenth_with_pairs() -> None:
    chances, is_same = np.array([0.05, 0.05, 0.95, 1.0]), np.array([False, True, True, True])
    assert [line[1:] for line in reliability(chances, is_same)] == [(0.5, 2), (1.0, 2)]
