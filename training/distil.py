"""Learning from earlier runs: what teachers make of a batch, on every head, not only on those its set annotates.

A sentence of the quotation set so teaches names and syntax too. Teachers are finished runs of `training.train` with the same
labels; several with different seeds, or trained longer, are worth more than one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from training.losses import mask_padding
from training.model import Labels, Reader
from training.targets import Batch

HEADS = ("entities", "upos", "xpos", "scripts", "features", "predicates", "quotes")


def load_teachers(folders: Sequence[Path], labels: Labels, device: str) -> tuple[Reader, ...]:
    """The finished runs' weights (running means), not to be trained. Raises ValueError for a run with other labels."""
    teachers = []
    for folder in folders:
        known = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        if known != labels.as_data():
            raise ValueError(f"{folder}: its labels are not those of this run; train it on the same sets")
        teacher = Reader(labels)
        teacher.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
        teachers.append(teacher.to(device).eval().requires_grad_(False))
    return tuple(teachers)


def distance(model: Reader, teachers: Sequence[Reader], batch: Batch) -> Tensor:
    """The Kullback-Leibler distance of the model's answers from the teachers' mean, a mean a word, added up over heads and arcs."""
    own = _answers(model, batch)
    with torch.no_grad():
        taught = [_answers(t, batch) for t in teachers]
    real = torch.arange(own["upos"].shape[1], device=batch.words.device)[None, :] < batch.words[:, None]
    losses = []
    for name, scores in own.items():
        target = torch.stack([t[name].softmax(-1) for t in taught]).mean(0)
        losses.append(functional.kl_div(scores.log_softmax(-1)[real], target[real], reduction="batchmean"))
    return torch.stack(losses).sum()


def _answers(model: Reader, batch: Batch) -> dict[str, Tensor]:
    _, words = model.encode(*batch.inputs)
    arcs, _ = model.parser(words)
    return {name: getattr(model, name)(words) for name in HEADS} | {"arcs": mask_padding(arcs, batch.words)}
