"""The joint model: one MiniLM encoder with word shapes, and a head for each layer of the reading.

Heads read one vector a word (its first subword). Names: BIO tags. Tagging: UPOS, XPOS and a lemma script.
Parse: biaffine arcs and labels (Dozat and Manning 2017).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

SHAPES = 8


@dataclass(frozen=True)
class Labels:
    """What each head chooses among, in the order of its outputs."""

    entities: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    scripts: tuple[str, ...]
    relations: tuple[str, ...]

    def as_data(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in asdict(self).items()}


class EncoderLayer(nn.Module):
    """One BERT layer, with the parameter layout of the published weights."""

    def __init__(self, size: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.mixed = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.inner = nn.Linear(size, inner)
        self.outer = nn.Linear(inner, size)
        self.norm_after = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        batch, length, size = states.shape

        def split(x: Tensor) -> Tensor:
            return x.view(batch, length, self.heads, size // self.heads).transpose(1, 2)

        query, key, value = split(self.query(states)), split(self.key(states)), split(self.value(states))
        scores = query @ key.transpose(2, 3) / math.sqrt(size // self.heads) + bias
        mixed = (self.dropout(scores.softmax(-1)) @ value).transpose(1, 2).reshape(batch, length, size)
        states = self.norm(states + self.dropout(self.mixed(mixed)))
        return self.norm_after(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


class Encoder(nn.Module):
    """MiniLM-L6-H384 with a word-shape embedding added to the subwords'."""

    def __init__(self, *, vocabulary: int = 30522, size: int = 384, layers: int = 6, heads: int = 12, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, size)
        self.positions = nn.Embedding(512, size)
        self.kind = nn.Parameter(torch.zeros(size))
        self.shapes = nn.Embedding(SHAPES, size)
        nn.init.normal_(self.shapes.weight, std=0.01)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(EncoderLayer(size, 4 * size, heads, dropout) for _ in range(layers))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        positions = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(positions) + self.kind + self.shapes(shapes)
        states = self.dropout(self.norm(states))
        bias = (1.0 - mask[:, None, None, :].to(states.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def load_published(self, path: Path) -> None:
        """Take the weights of a published BERT file (safetensors)."""
        published = load_file(str(path))
        published = {k.removeprefix("bert."): v for k, v in published.items()}
        own = {
            "words.weight": "embeddings.word_embeddings.weight",
            "positions.weight": "embeddings.position_embeddings.weight",
            "norm.weight": "embeddings.LayerNorm.weight",
            "norm.bias": "embeddings.LayerNorm.bias",
        }
        parts = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "mixed": "attention.output.dense", "norm": "attention.output.LayerNorm",
            "inner": "intermediate.dense", "outer": "output.dense", "norm_after": "output.LayerNorm",
        }  # fmt: skip
        for i in range(len(self.layers)):
            for ours, theirs in parts.items():
                for kind in ("weight", "bias"):
                    own[f"layers.{i}.{ours}.{kind}"] = f"encoder.layer.{i}.{theirs}.{kind}"
        state = {ours: published[theirs] for ours, theirs in own.items()}
        state["kind"] = published["embeddings.token_type_embeddings.weight"][0]
        missing = self.load_state_dict(state, strict=False).missing_keys
        if missing != ["shapes.weight"]:
            raise ValueError(f"{path}: the published weights lack {missing}")


class Biaffine(nn.Module):
    """score[b, i, j, o] of word i having word j as head, for each of `outputs` labels."""

    def __init__(self, size: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, size + 1, size + 1))
        nn.init.normal_(self.weight, std=0.01)

    def forward(self, dependents: Tensor, heads: Tensor) -> Tensor:
        one = torch.ones_like(dependents[..., :1])
        dependents = torch.cat([dependents, one], -1)
        heads = torch.cat([heads, torch.ones_like(heads[..., :1])], -1)
        return torch.einsum("bid,ode,bje->bijo", dependents, self.weight, heads)


class Parser(nn.Module):
    """Arc and label scores; column 0 of the heads is the root."""

    def __init__(self, size: int, labels: int, *, arc: int = 256, label: int = 96, dropout: float = 0.3) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.zeros(1, 1, size))
        self.arc_dependent, self.arc_head = nn.Linear(size, arc), nn.Linear(size, arc)
        self.label_dependent, self.label_head = nn.Linear(size, label), nn.Linear(size, label)
        self.arcs, self.labels = Biaffine(arc, 1), Biaffine(label, labels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor]:
        heads = torch.cat([self.root.expand(words.shape[0], 1, -1), words], 1)

        def project(layer: nn.Linear, x: Tensor) -> Tensor:
            return self.dropout(functional.leaky_relu(layer(x), 0.1))

        arcs = self.arcs(project(self.arc_dependent, words), project(self.arc_head, heads)).squeeze(-1)
        labels = self.labels(project(self.label_dependent, words), project(self.label_head, heads))
        return arcs, labels


@dataclass(frozen=True)
class Reading:
    """The heads' outputs: [batch, words, labels], arcs [batch, words, words + 1], labels [.., .., relations]."""

    entities: Tensor
    upos: Tensor
    xpos: Tensor
    scripts: Tensor
    arcs: Tensor
    relations: Tensor


class Reader(nn.Module):
    """The whole model."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        size = 384
        self.encoder = Encoder()
        self.dropout = nn.Dropout(0.2)
        self.entities = nn.Linear(size, len(labels.entities))
        self.upos = nn.Linear(size, len(labels.upos))
        self.xpos = nn.Linear(size, len(labels.xpos))
        self.scripts = nn.Linear(size, len(labels.scripts))
        self.parser = Parser(size, len(labels.relations))

    def words(self, ids: Tensor, shapes: Tensor, mask: Tensor, starts: Tensor) -> Tensor:
        states = self.encoder(ids, shapes, mask)
        index = starts[..., None].expand(-1, -1, states.shape[-1])
        return self.dropout(states.gather(1, index))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor, starts: Tensor) -> tuple[Tensor, ...]:
        """All heads, in the order of `Reading`; this is what is exported."""
        words = self.words(ids, shapes, mask, starts)
        arcs, relations = self.parser(words)
        return self.entities(words), self.upos(words), self.xpos(words), self.scripts(words), arcs, relations
