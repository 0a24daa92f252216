"""The joint model: one MiniLM encoder with word shapes, and a head for each layer of the reading.

Heads read one vector a word (its first subword). Names and words of others: BIO tags. Tagging: UPOS, XPOS, FEATS and a lemma
script. Parse: biaffine arcs and labels (Dozat and Manning 2017). Arguments, cues and the parts of a quotation: labels of pairs,
an anchor (predicate or reporting cue) and another word, scored from both words and from what the parser makes of the two.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from training.data import coarse_classes

SHAPES = 8


@dataclass(frozen=True)
class Labels:
    """What each head chooses among, in the order of its outputs."""

    entities: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    scripts: tuple[str, ...]
    relations: tuple[str, ...]
    features: tuple[str, ...]
    quotes: tuple[str, ...]
    roles: tuple[str, ...]
    links: tuple[str, ...]
    cues: tuple[str, ...]
    types: tuple[str, ...]
    rolesets: tuple[str, ...]

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
        # Two products of matrices instead of one einsum: the first is with constant weights, which 8-bit export makes smaller.
        outputs, size, _ = self.weight.shape
        turned = dependents @ self.weight.permute(1, 0, 2).reshape(size, outputs * size)
        batch, words = dependents.shape[:2]
        scores = turned.view(batch, words * outputs, size) @ heads.transpose(1, 2)
        return scores.view(batch, words, outputs, heads.shape[1]).transpose(2, 3)


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


class Pairs(nn.Module):
    """Labels of (anchor, word) pairs, in groups; label 0 of each group is "none".

    What the parser thinks of the two words goes in as probabilities: whether one heads the other and by which relation, two
    steps up or down, and whether they share a head. Nothing flows back into the parser from here.
    """

    NEAR = 10

    def __init__(
        self, size: int, relations: int, groups: dict[str, int], *, inner: int = 128, low: int = 64, dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.groups = groups
        self.anchor, self.word = nn.Linear(size, inner), nn.Linear(size, inner)
        self.down, self.up = nn.Linear(relations, inner, bias=False), nn.Linear(relations, inner, bias=False)
        self.kinship = nn.Linear(5, inner, bias=False)
        self.distance = nn.Embedding(2 * self.NEAR + 1, inner)
        nn.init.normal_(self.distance.weight, std=0.02)
        labels = sum(groups.values())
        self.low_anchor, self.low_word = nn.Linear(size, low), nn.Linear(size, low)
        self.product = nn.Linear(low, low * labels, bias=False)
        nn.init.normal_(self.product.weight, std=0.01)
        self.out = nn.Linear(inner, labels)
        self.dropout = nn.Dropout(dropout)
        at = 0
        for count in groups.values():
            nn.init.constant_(self.out.bias[at : at + count], -2.0)
            nn.init.constant_(self.out.bias[at : at + 1], 2.0)
            at += count

    def forward(self, words: Tensor, arcs: Tensor, relations: Tensor, rows: Tensor) -> dict[str, Tensor]:
        """Scores [anchor, word, label] by group. `rows` [anchor, 2] says of each anchor the row of the batch and the word."""
        batch, anchor = rows[:, 0], rows[:, 1]
        heads = arcs.softmax(-1)[:, :, 1:]
        above, below = heads[batch, anchor], heads[batch, :, anchor]
        kinship = torch.stack(
            [
                above,
                below,
                torch.einsum("nx,nxt->nt", above, heads[batch]),
                torch.einsum("nx,ntx->nt", below, heads[batch]),
                torch.einsum("nx,ntx->nt", above, heads[batch]),
            ],
            -1,
        )
        is_child = relations[batch, :, anchor + 1].softmax(-1) * below[..., None]
        is_head = relations[batch, anchor][:, 1:].softmax(-1) * above[..., None]
        steps = torch.arange(words.shape[1], device=words.device)[None, :] - anchor[:, None]
        hidden = (
            self.anchor(words)[batch, anchor][:, None]
            + self.word(words)[batch]
            + self.down(is_child)
            + self.up(is_head)
            + self.kinship(kinship)
            + self.distance(steps.clamp(-self.NEAR, self.NEAR) + self.NEAR)
        )
        scores = self.out(self.dropout(functional.gelu(hidden)))
        low_anchor = self.dropout(functional.leaky_relu(self.low_anchor(words)[batch, anchor], 0.1))
        low_word = self.dropout(functional.leaky_relu(self.low_word(words), 0.1))[batch]
        turned = self.product(low_anchor).view(rows.shape[0], low_anchor.shape[-1], sum(self.groups.values()))
        scores = scores + low_word @ turned
        found, at = {}, 0
        for name, count in self.groups.items():
            found[name] = scores[..., at : at + count]
            at += count
        return found


SENSE = 64
"""Numbers in the vector that chooses a roleset among those of the lemma."""


class Reader(nn.Module):
    """The whole model."""

    def __init__(self, labels: Labels, *, with_shapes: bool = True) -> None:
        super().__init__()
        size = 384
        self.with_shapes = with_shapes
        self.encoder = Encoder()
        self.dropout = nn.Dropout(0.2)
        self.entities = nn.Linear(size, len(labels.entities))
        self.upos = nn.Linear(size, len(labels.upos))
        self.xpos = nn.Linear(size, len(labels.xpos))
        self.scripts = nn.Linear(size, len(labels.scripts))
        self.features = nn.Linear(size, len(labels.features))
        self.predicates = nn.Linear(size, 2)
        self.quotes = nn.Linear(size, len(labels.quotes))
        self.types = nn.Linear(size, len(labels.types))
        self.senses = nn.Linear(size, SENSE)
        self.rolesets = nn.Embedding(max(1, len(labels.rolesets)), SENSE)
        nn.init.normal_(self.rolesets.weight, std=0.05)
        self.parser = Parser(size, len(labels.relations))
        self.register_buffer("coarse", torch.tensor(coarse_classes(labels.entities)), persistent=False)
        groups = {"roles": len(labels.roles), "links": len(labels.links), "cues": len(labels.cues)}
        self.pairs = Pairs(size, len(labels.relations), groups)

    def encode(self, ids: Tensor, shapes: Tensor, mask: Tensor, starts: Tensor) -> tuple[Tensor, Tensor]:
        """(one vector a sentence, one a word)."""
        states = self.encoder(ids, shapes if self.with_shapes else torch.zeros_like(shapes), mask)
        index = starts[..., None].expand(-1, -1, states.shape[-1])
        return self.dropout(states[:, 0]), self.dropout(states.gather(1, index))


OUTPUTS = (
    "entities", "upos", "xpos", "scripts", "features", "arcs", "relations", "predicates", "quotes", "types", "senses",
    "anchors", "roles", "links", "cues",
)  # fmt: skip
"""What the exported model gives, in order. All but the last four are a row a word (types: one row); the last three have a row an
anchor, and `anchors` says which word each is."""


class Exported(nn.Module):
    """The model as it reads: one sentence, no padding, pairs only of words that anchor something or are asked to."""

    def __init__(self, model: Reader, cue_tag: int) -> None:
        super().__init__()
        self.model = model
        self.cue_tag = cue_tag

    def forward(self, ids: Tensor, shapes: Tensor, word_starts: Tensor, asked: Tensor) -> tuple[Tensor, ...]:
        model = self.model
        whole, words = model.encode(ids[None], shapes[None], torch.ones_like(ids)[None], word_starts[None])
        arcs, relations = model.parser(words)
        predicates, quotes = model.predicates(words), model.quotes(words)
        is_anchor = (predicates[0, :, 1] > predicates[0, :, 0]) | (quotes[0].argmax(-1) == self.cue_tag) | (asked > 0)
        anchors = is_anchor.nonzero()[:, 0]
        pairs = model.pairs(words, arcs, relations, torch.stack([torch.zeros_like(anchors), anchors], 1))
        return (
            model.entities(words)[0], model.upos(words)[0], model.xpos(words)[0], model.scripts(words)[0],
            model.features(words)[0], arcs[0], relations[0], predicates[0], quotes[0], model.types(whole)[0],
            model.senses(words)[0], anchors, pairs["roles"], pairs["links"], pairs["cues"],
        )  # fmt: skip
