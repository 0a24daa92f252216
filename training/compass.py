"""Accuracies on gold words while training (percent): where a run is heading, not the benchmark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor

from dateline.language.tags import spans_of
from training.losses import chosen_relations, coarse_chances, mask_padding, score_senses
from training.model import Labels, Reader
from training.targets import IGNORED, Batch, Indexed, as_tensors


class Tally:
    """Counts behind the figures. F1 counts only what is not label "none" or "O"."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.gold: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def add(self, name: str, right: Tensor | int, gold: Tensor | int, found: Tensor | int | None = None) -> None:
        self.right[name] += int(right)
        self.gold[name] += int(gold)
        self.found[name] += int(gold if found is None else found)

    def figures(self) -> dict[str, float]:
        """Accuracy, or F1 where what was found is counted apart; both in percent."""
        return {n: round(200 * self.right[n] / max(1, self.gold[n] + self.found[n]), 2) for n in self.gold}


@torch.no_grad()
def evaluate(model: Reader, examples: Sequence[Indexed], labels: Labels, device: str) -> dict[str, float]:
    """Figures of every head that the examples have answers for, by the head's name; greedy, with gold predicates and cues."""
    model.eval()
    tally = Tally()
    for start in range(0, len(examples), 32):
        _add_batch(tally, model, as_tensors(examples[start : start + 32], None, device), labels)
    model.train()
    return tally.figures()


def _add_batch(tally: Tally, model: Reader, batch: Batch, labels: Labels) -> None:
    whole, words = model.encode(*batch.inputs)
    for name in ("upos", "xpos", "scripts", "features"):
        if name in batch.tags:
            kept = batch.tags[name] != IGNORED
            tally.add(name, ((getattr(model, name)(words).argmax(-1) == batch.tags[name]) & kept).sum(), kept.sum())
    for name, tags in (("entities", labels.entities), ("quotes", labels.quotes)):
        if name in batch.tags:
            best = getattr(model, name)(words).argmax(-1)
            for gold_row, row, count in zip(batch.tags[name].tolist(), best.tolist(), batch.words.tolist(), strict=True):
                gold = set(spans_of([tags[t] if t != IGNORED else "O" for t in gold_row[:count]]))
                found = set(spans_of([tags[t] for t in row[:count]]))
                tally.add(name, len(gold & found), len(gold), len(found))
    if "predicates" in batch.tags:
        gold_is, is_found = batch.tags["predicates"], model.predicates(words).argmax(-1)
        kept = gold_is != IGNORED
        tally.add("predicates", ((gold_is == 1) & (is_found == 1)).sum(), (gold_is == 1).sum(), ((is_found == 1) & kept).sum())
    if "coarse_entities" in batch.tags:
        kept = batch.tags["coarse_entities"] != IGNORED
        best_coarse = coarse_chances(model, words).argmax(-1)
        tally.add("coarse_entities", ((best_coarse == batch.tags["coarse_entities"]) & kept).sum(), kept.sum())
    if "heads" in batch.tags or batch.pairs:
        _add_pairs(tally, model, words, batch)
    if batch.senses is not None:
        rows, candidates, right = batch.senses
        tally.add("senses", (score_senses(model, words, rows, candidates).argmax(-1) == right).sum(), len(right))
    if batch.types is not None:
        found_types = model.types(whole) > 0
        tally.add("types", (found_types & (batch.types > 0)).sum(), (batch.types > 0).sum(), found_types.sum())


def _add_pairs(tally: Tally, model: Reader, words: Tensor, batch: Batch) -> None:
    arcs, relations = model.parser(words)
    arcs = mask_padding(arcs, batch.words)
    if "heads" in batch.tags:
        heads, gold = arcs.argmax(-1), batch.tags["heads"]
        kept = gold >= 0
        attached = (heads == gold) & kept
        best = chosen_relations(relations, heads).argmax(-1)
        tally.add("uas", attached.sum(), kept.sum())
        tally.add("las", (attached & (best == batch.tags["relations"])).sum(), kept.sum())
    for name, pairing in batch.pairs.items():
        best = model.pairs(words, arcs, relations, pairing.rows)[name].argmax(-1)
        kept = pairing.labels != IGNORED
        gold_pairs, found = kept & (pairing.labels > 0), kept & (best > 0)
        tally.add(name, (gold_pairs & (best == pairing.labels)).sum(), gold_pairs.sum(), found.sum())
