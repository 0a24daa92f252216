"""The shipped weights read the development halves about as well as docs/benchmarks.md says: a part of each, where it is at hand.

Weights change without a line of code changing; this is what a worse set of them would fail.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.names import count, every_nth, read_tagged
from bench.names import score as score_names
from bench.roles import measure_propbank, propbank_row, read_rows, thin_out
from bench.syntax import find_treebank, read_documents, read_with_model
from bench.syntax import score as score_syntax
from dateline.language.models import Models, load_models

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def at_hand(name: str) -> Path:
    if not (BENCH / name).is_dir():
        pytest.skip(f"the development data are not at hand: {BENCH / name}")
    return BENCH / name


def test_names_of_every_eighth_document(models: Models) -> None:
    sentences = every_nth(list(read_tagged(at_hand("worldwide-newswire") / "dev.jsonl.gz")), 8)
    assert score_names(count(sentences, models)) > 0.80


def test_trees_of_every_twentieth_document() -> None:
    documents = list(read_documents(find_treebank(at_hand("ud-ewt"), "dev")))[::20]
    measured = score_syntax(documents, read_with_model(documents, has_gold_sentences=False))[""]
    assert measured["upos"].f1 > 0.95
    assert measured["las"].f1 > 0.85


def test_arguments_of_some_sentences(models: Models) -> None:
    rows = [propbank_row(row, None) for row in thin_out(read_rows(at_hand("propbank-ewt") / "dev.jsonl.gz"), 120)]
    assert measure_propbank(rows, models, ())["f1"] > 0.68
