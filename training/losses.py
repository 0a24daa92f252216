"""What a batch costs: the loss of every head it teaches, added up with fixed weights."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.model import Reader
from training.targets import IGNORED, Batch

WEIGHTS = {
    "entities": 1.0, "arcs": 1.0, "relations": 1.0, "upos": 0.5, "xpos": 0.5, "scripts": 0.5, "features": 0.3,
    "coarse_entities": 0.5, "predicates": 0.5, "quotes": 1.0,
    "roles": 0.5, "links": 0.3, "cues": 0.3, "senses": 0.3, "types": 1.0,
}  # fmt: skip
"""Set by the size of each loss in the first hundred steps, so that none drowns the others; not tuned since."""


def losses_of(model: Reader, batch: Batch) -> dict[str, Tensor]:
    """The unweighted loss of each head that the batch teaches: a mean a word; of roles, links and cues a sum a pair's anchor."""
    whole, words = model.encode(*batch.inputs)
    found: dict[str, Tensor] = {}
    for name in ("entities", "upos", "xpos", "scripts", "features", "predicates", "quotes"):
        if name in batch.tags:
            found[name] = _cross(getattr(model, name)(words), batch.tags[name])
    if "coarse_entities" in batch.tags:
        chances, gold = coarse_chances(model, words), batch.tags["coarse_entities"]
        found["coarse_entities"] = functional.nll_loss(chances.flatten(0, -2), gold.flatten(), ignore_index=IGNORED)
    if "heads" in batch.tags or batch.pairs:
        arcs, relations = model.parser(words)
        arcs = mask_padding(arcs, batch.words)
        if "heads" in batch.tags:
            found["arcs"] = _cross(arcs, batch.tags["heads"])
            found["relations"] = _cross(chosen_relations(relations, batch.tags["heads"]), batch.tags["relations"])
        for name, pairing in batch.pairs.items():
            scores = model.pairs(words, arcs.detach(), relations.detach(), pairing.rows)[name]
            found[name] = _cross(scores, pairing.labels, reduction="sum") / len(pairing.rows)
    if batch.senses is not None:
        rows, candidates, right = batch.senses
        found["senses"] = functional.cross_entropy(score_senses(model, words, rows, candidates), right)
    if batch.types is not None:
        found["types"] = functional.binary_cross_entropy_with_logits(model.types(whole), batch.types, reduction="sum") / len(whole)
    return found


def coarse_chances(model: Reader, words: Tensor) -> Tensor:
    """[sentence, word, tag] log-probabilities of the tags of a set with fewer classes: of all of ours that may stand there."""
    chances = model.entities(words).log_softmax(-1)
    return torch.logsumexp(chances[..., None] + torch.where(model.coarse, 0.0, -1e4), -2)


def total(losses: dict[str, Tensor]) -> Tensor:
    return torch.stack([WEIGHTS[name] * loss for name, loss in losses.items()]).sum()


def _cross(scores: Tensor, gold: Tensor, *, reduction: str = "mean") -> Tensor:
    if reduction == "mean" and not bool((gold != IGNORED).any()):
        return scores.sum() * 0.0
    return functional.cross_entropy(scores.flatten(0, -2), gold.flatten(), ignore_index=IGNORED, reduction=reduction)


def mask_padding(arcs: Tensor, words: Tensor) -> Tensor:
    """Arc scores with heads beyond each sentence's end, and a word as its own head, made impossible."""
    _, length, width = arcs.shape
    columns = torch.arange(width, device=arcs.device)
    beyond = columns[None, None, :] > words[:, None, None]
    itself = columns[None, None, :] == torch.arange(1, length + 1, device=arcs.device)[None, :, None]
    return arcs.masked_fill(beyond | itself, -1e4)


def chosen_relations(relations: Tensor, heads: Tensor) -> Tensor:
    """The relation scores of each word with the given head (negative: with the root)."""
    chosen = heads.clamp(min=0)[..., None, None].expand(-1, -1, 1, relations.shape[-1])
    return relations.gather(2, chosen).squeeze(2)


def score_senses(model: Reader, words: Tensor, rows: Tensor, candidates: Tensor) -> Tensor:
    """[predicate, candidate] scores of the rolesets; padding is impossible."""
    asked = model.senses(words)[rows[:, 0], rows[:, 1]]
    known = model.rolesets(candidates.clamp(min=0))
    return torch.einsum("ns,ncs->nc", asked, known).masked_fill(candidates < 0, -1e4)
