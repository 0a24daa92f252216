"""It hides subwords of raw text to be filled in. Needs the training extra."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")

from dateline.language.encoding import encode_sentences, load_tokenizer  # noqa: E402
from dateline.language.models import SHIPPED  # noqa: E402
from training.pretrain import Filler, hide, read_sentences  # noqa: E402
from training.targets import IGNORED, MASK  # noqa: E402


def test_it_reads_the_sentences_of_texts_and_passes_over_empty_lines(tmp_path: Path) -> None:
    (tmp_path / "time_tbaq").mkdir()
    with gzip.open(tmp_path / "time_tbaq/train.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": "Miners struck.\n\nRain fell."}) + "\n")
    assert list(read_sentences(tmp_path, open_only=False)) == [("Miners", "struck", "."), ("Rain", "fell", ".")]
    assert list(read_sentences(tmp_path, open_only=True)) == []


def test_what_is_hidden_is_asked_for_and_nothing_else() -> None:
    words = [
        "Miners",
        "in",
        "the",
        "northern",
        "province",
        "walked",
        "out",
        "after",
        "the",
        "owner",
        "refused",
        "to",
        "pay",
        "wages",
    ]
    encoded = encode_sentences([words] * 20, load_tokenizer(SHIPPED / "tokenizer.json"))
    (ids, _, _), gold = hide(encoded, random.Random(1))
    asked = gold != IGNORED
    assert 0.05 < asked.float().mean().item() < 0.25
    shown = torch.tensor([e.ids for e in encoded])
    assert bool((gold[asked] == shown[asked]).all())
    assert bool((ids[~asked] == shown[~asked]).all())
    assert bool((ids[asked] == MASK).float().mean() > 0.6)


def test_the_filler_learns() -> None:
    torch.manual_seed(1)
    words = ["Miners", "in", "the", "northern", "province", "walked", "out"]
    inputs, gold = hide(encode_sentences([words] * 8, load_tokenizer(SHIPPED / "tokenizer.json")), random.Random(2))
    model = Filler()
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-5)
    costs = []
    for _ in range(4):
        loss = model(*inputs, gold)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        costs.append(loss.item())
    assert costs[-1] < costs[0]
