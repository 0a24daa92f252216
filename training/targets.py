"""Sentences as numbers: the labels each head chooses among, and what a batch asks of each head."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from dateline.knowledge.cues import Cues
from dateline.language.encoding import EncodedSentence, Shape, encode_sentences
from dateline.records import FactualityKind
from training.data import OPEN_TAGS, Example, Frame, Told, scripts_of
from training.factuality import cues_of, predicates_of
from training.model import Labels
from training.padding import pad

T = TypeVar("T")

IGNORED = -100
LONGEST = 300
"""Subwords of the longest sentence that teaches; there are a handful longer, mostly lists."""

QUOTES = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
LINKS = ("", "source", "content")
CUES = ("", *FactualityKind)


def collect_labels(examples: Iterable[Example], types: Sequence[str], *, rarest_script: int = 2, rarest_role: int = 8) -> Labels:
    """Every label of the training sentences; lemma scripts and features seen at least twice, roles at least `rarest_role` times."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for e in examples:
        seen["entities"].update(e.entities or ())
        if e.tree:
            seen["upos"].update(e.tree.upos)
            seen["xpos"].update(e.tree.xpos)
            seen["features"].update(e.tree.features)
            seen["relations"].update(e.tree.relations)
            seen["scripts"].update(scripts_of(e.words, e.tree))
        for frame in e.frames or ():
            seen["rolesets"][frame.roleset] += 1
            seen["roles"].update(label for _, _, label in frame.arguments)

    def often(name: str, least: int) -> tuple[str, ...]:
        return tuple(value for value, n in seen[name].most_common() if n >= least)

    return Labels(
        entities=tuple(sorted(seen["entities"])) or ("O",),
        upos=tuple(sorted(seen["upos"])),
        xpos=tuple(sorted(seen["xpos"])),
        scripts=often("scripts", rarest_script),
        relations=tuple(sorted(seen["relations"])),
        features=often("features", 2),
        quotes=QUOTES,
        roles=("", *sorted(often("roles", rarest_role))),
        links=LINKS,
        cues=CUES,
        types=tuple(types),
        rolesets=tuple(sorted(seen["rolesets"])),
    )


def rolesets_by_lemma(examples: Iterable[Example]) -> dict[str, tuple[str, ...]]:
    """The rolesets each lemma is seen with, commonest first."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for e in examples:
        for frame in e.frames or ():
            assert e.tree is not None
            seen[e.tree.lemmas[frame.word].lower()][frame.roleset] += 1
    return {lemma: tuple(r for r, _ in found.most_common()) for lemma, found in sorted(seen.items())}


@dataclass(frozen=True)
class Row:
    """An anchor with the label of each word it is paired with; a word not named has label 0."""

    anchor: int
    labels: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sense:
    """A predicate's roleset among the candidates of its lemma."""

    word: int
    candidates: tuple[int, ...]
    right: int


@dataclass(frozen=True)
class Indexed:
    """A sentence ready for a batch: its encoding, a row of label numbers for each tagging head, and its pairs."""

    encoded: EncodedSentence
    tags: dict[str, tuple[int, ...]] = field(default_factory=dict)
    pairs: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    senses: tuple[Sense, ...] = ()
    types: tuple[int, ...] | None = None

    @property
    def width(self) -> int:
        """Subwords of the sentence."""
        return len(self.encoded.ids)


@dataclass(frozen=True)
class Indexer:
    """Turns examples into numbers; a label that is not in `labels` is ignored in the loss."""

    labels: Labels
    lemmas: Mapping[str, Sequence[str]]
    cues: Cues
    tokenizer: Tokenizer

    @cached_property
    def _numbers(self) -> dict[str, dict[str, int]]:
        return {name: {value: i for i, value in enumerate(values)} for name, values in self.labels.as_data().items()}

    def index(self, examples: Sequence[Example]) -> list[Indexed]:
        """Every example short enough to teach, in order."""
        encoded = encode_sentences([e.words for e in examples], self.tokenizer)
        return [self._one(x, e) for x, e in zip(encoded, examples, strict=True) if len(x.ids) < LONGEST]

    def number(self, name: str, value: str) -> int:
        return self._numbers[name].get(value, IGNORED)

    def _row(self, name: str, values: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.number(name, v) for v in values)

    def _one(self, encoded: EncodedSentence, e: Example) -> Indexed:
        tags: dict[str, tuple[int, ...]] = {}
        pairs: dict[str, tuple[Row, ...]] = {}
        senses: tuple[Sense, ...] = ()
        if e.entities is not None:
            tags["entities"] = self._row("entities", e.entities)
        if e.coarse_entities is not None:
            tags["coarse_entities"] = tuple(OPEN_TAGS.index(t) for t in e.coarse_entities)
        if e.tree is not None:
            tags |= {name: self._row(name, getattr(e.tree, name)) for name in ("upos", "xpos", "features", "relations")}
            tags["scripts"] = self._row("scripts", scripts_of(e.words, e.tree))
            tags["heads"] = e.tree.heads
            pairs["cues"] = self._cue_rows(e)
        if e.frames is not None:
            predicates = {f.word for f in e.frames}
            tags["predicates"] = tuple(int(i in predicates) for i in range(len(e.words)))
            pairs["roles"] = tuple(self._role_row(f, e) for f in e.frames)
            senses = tuple(s for f in e.frames if (s := self._sense(f, e)))
        elif e.candidates is not None:
            judged = dict(e.candidates)
            tags["predicates"] = tuple(int(judged[i]) if i in judged else IGNORED for i in range(len(e.words)))
        if e.told is not None:
            tags["quotes"] = self._row("quotes", quote_tags(e.told, len(e.words)))
            pairs["links"] = tuple(self._link_row(t) for t in e.told if t.cues)
        types = tuple(int(t in e.types) for t in self.labels.types) if e.types is not None else None
        return Indexed(encoded, tags, pairs, senses, types)

    def _cue_rows(self, e: Example) -> tuple[Row, ...]:
        found: dict[int, dict[int, int]] = {p: {} for p in predicates_of(e)}
        for predicate, word, kind in sorted(cues_of(e, self.cues)):
            found[predicate][word] = self.number("cues", kind)
        return tuple(Row(p, tuple(sorted(words.items()))) for p, words in found.items())

    def _role_row(self, frame: Frame, e: Example) -> Row:
        assert e.tree is not None
        labels: dict[int, int] = {}
        for first, last, label in frame.arguments:
            head = head_within(first, last, e.tree.heads)
            if head != frame.word or label.startswith("C-"):
                labels[head] = self.number("roles", label)
        return Row(frame.word, tuple(sorted(labels.items())))

    def _sense(self, frame: Frame, e: Example) -> Sense | None:
        assert e.tree is not None
        candidates = self.lemmas.get(e.tree.lemmas[frame.word].lower(), ())
        if len(candidates) < 2 or frame.roleset not in candidates:
            return None
        return Sense(frame.word, tuple(self.number("rolesets", c) for c in candidates), candidates.index(frame.roleset))

    def _link_row(self, told: Told) -> Row:
        labels = {first: self.number("links", "source") for first, _ in told.sources}
        labels |= {first: self.number("links", "content") for first, _ in told.contents}
        return Row(told.cues[0][0], tuple(sorted(labels.items())))


def head_within(first: int, last: int, heads: Sequence[int]) -> int:
    """The word of the stretch (both ends inside, from 0) whose head lies outside; of several the first. `heads` count from 1."""
    return next((i for i in range(first, last + 1) if not first <= heads[i] - 1 <= last), first)


def quote_tags(told: Sequence[Told], words: int) -> list[str]:
    """BIO tags of sources, cues and contents; where two overlap the smaller part is kept whole (cue, source, then content)."""
    tags = ["O"] * words
    for part in ("contents", "sources", "cues"):
        for t in told:
            for first, last in getattr(t, part):
                tags[first : last + 1] = [f"B-{part[:-1]}"] + [f"I-{part[:-1]}"] * (last - first)
    return tags


# ---------------------------------------------------------------- batches


def make_batches(examples: Sequence[T], width: Callable[[T], int], subwords: int, dice: random.Random) -> Iterator[list[T]]:
    """Endless batches of about `subwords`, of sentences of like `width` in subwords, in a new order each epoch."""
    while True:
        batches: list[list[T]] = [[]]
        for example in sorted(examples, key=lambda e: width(e) + dice.uniform(0, 6)):
            if batches[-1] and width(example) * (len(batches[-1]) + 1) > subwords:
                batches.append([])
            batches[-1].append(example)
        dice.shuffle(batches)
        yield from batches


ALL_CAPS, ALL_LOWER, HEADLINE = 0.05, 0.10, 0.03
"""Shares of sentences whose shapes are rewritten, so that wire capitals, headlines and archives without
capitals (whole years of some Indian papers) are not new to the model."""


def rewrite_shapes(shapes: tuple[int, ...], dice: random.Random) -> tuple[int, ...]:
    letters = {Shape.LOWER, Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL}
    throw = dice.random()
    if throw < ALL_CAPS:
        new = Shape.UPPER
    elif throw < ALL_CAPS + ALL_LOWER:
        new = Shape.LOWER
    elif throw < ALL_CAPS + ALL_LOWER + HEADLINE:
        new = Shape.TITLE
    else:
        return shapes
    return tuple(int(new) if s in letters else s for s in shapes)


MASKED = 0.04
"""Share of the subwords that the encoder does not get to see while it learns, so that it reads the surroundings too."""
MASK, FIRST_WORD = 103, 999
"""[MASK] in the vocabulary, and the number below which it has no words of two letters or more."""


def hide_subwords(ids: tuple[int, ...], dice: random.Random) -> tuple[int, ...]:
    return tuple(MASK if i >= FIRST_WORD and dice.random() < MASKED else i for i in ids)


@dataclass(frozen=True)
class Pairing:
    """Pairs of a batch: rows [anchor, 2] (row of the batch, word) and labels [anchor, word], IGNORED beyond the sentence."""

    rows: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Batch:
    """What the encoder reads and what each head should answer. Senses: (rows, candidates, right), candidates padded with -1."""

    inputs: tuple[Tensor, Tensor, Tensor, Tensor]
    words: Tensor
    tags: dict[str, Tensor]
    pairs: dict[str, Pairing]
    senses: tuple[Tensor, Tensor, Tensor] | None
    types: Tensor | None


def as_tensors(batch: Sequence[Indexed], dice: random.Random | None, device: str) -> Batch:
    """The sentences as one batch; with `dice`, some in other letters, and some subwords hidden."""
    encoded = [b.encoded for b in batch]
    if dice:
        encoded = [EncodedSentence(hide_subwords(e.ids, dice), rewrite_shapes(e.shapes, dice), e.word_starts) for e in encoded]
    padded = pad(encoded)
    width = padded.word_starts.shape[1]

    def tensor(values: NDArray[np.generic] | Sequence[object]) -> Tensor:
        return torch.from_numpy(np.asarray(values)).to(device)

    tags = {}
    for name in sorted({n for b in batch for n in b.tags}):
        rows = np.full((len(batch), width), IGNORED, np.int64)
        for i, b in enumerate(batch):
            if name in b.tags:
                rows[i, : len(b.tags[name])] = b.tags[name]
        tags[name] = tensor(rows)
    inputs = tuple(tensor(a) for a in (padded.ids, padded.shapes, padded.mask, padded.word_starts))
    types = [b.types for b in batch]
    return Batch(
        inputs,
        tensor(np.array(padded.words)),
        tags,
        {name: p for name in ("roles", "links", "cues") if (p := _pairing(batch, name, width, device))},
        _senses(batch, device),
        tensor(np.array(types, np.float32)) if all(t is not None for t in types) else None,
    )


def _pairing(batch: Sequence[Indexed], name: str, width: int, device: str) -> Pairing | None:
    places, labels = [], []
    for i, b in enumerate(batch):
        for row in b.pairs.get(name, ()):
            line = np.full(width, IGNORED, np.int64)
            line[: len(b.encoded.word_starts)] = 0
            for word, label in row.labels:
                line[word] = label
            places.append((i, row.anchor))
            labels.append(line)
    if not places:
        return None
    return Pairing(torch.tensor(places, device=device), torch.from_numpy(np.stack(labels)).to(device))


def _senses(batch: Sequence[Indexed], device: str) -> tuple[Tensor, Tensor, Tensor] | None:
    found = [(i, s) for i, b in enumerate(batch) for s in b.senses]
    if not found:
        return None
    most = max(len(s.candidates) for _, s in found)
    candidates = [list(s.candidates) + [-1] * (most - len(s.candidates)) for _, s in found]
    rows = torch.tensor([(i, s.word) for i, s in found], device=device)
    return rows, torch.tensor(candidates, device=device), torch.tensor([s.right for _, s in found], device=device)
