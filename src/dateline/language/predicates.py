"""What the pair scores say: predicates with their rolesets, arguments and cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.spans import argument_span
from dateline.records import FactualityCue, FactualityKind, Predicate, Role, Token

_ONCE = frozenset({"ARG0", "ARG1", "ARG2", "ARG3", "ARG4", "ARG5", "ARGA"})
"""Labels a predicate has one of; a second piece of it would be "C-ARG1"."""


@dataclass(frozen=True)
class Rolesets:
    """PropBank's rolesets as trained: which a lemma has, commonest first, and a vector for each."""

    by_lemma: dict[str, tuple[int, ...]]
    names: tuple[str, ...]
    vectors: NDArray[np.float32]

    def choose(self, token: Token, sense: NDArray[Any]) -> str | None:
        """The roleset of the lemma whose vector is nearest the word's. A verb never seen has its first, others none."""
        candidates = self.by_lemma.get(token.lemma.lower())
        if not candidates:
            return f"{token.lemma.lower()}.01" if token.upos == "VERB" else None
        scores = self.vectors[list(candidates)] @ sense
        return self.names[candidates[int(scores.argmax())]]


def find_predicates(
    tokens: Sequence[Token],
    scores: dict[str, NDArray[Any]],
    labels: dict[str, tuple[str, ...]],
    rolesets: Rolesets,
    asked: frozenset[int],
) -> Iterator[Predicate]:
    """The sentence's predicates, left to right; `asked` are words to be read as predicates whatever the model thinks."""
    is_predicate = scores["predicates"][:, 1] > scores["predicates"][:, 0]
    for row, anchor in enumerate(scores["anchors"].tolist()):
        if is_predicate[anchor] or anchor in asked:
            roleset = rolesets.choose(tokens[anchor], scores["senses"][anchor])
            roles = tuple(_roles(anchor, tokens, scores["roles"][row], labels["roles"]))
            yield Predicate(anchor, roleset, roles, tuple(_cues(scores["cues"][row], labels["cues"])))


def _roles(predicate: int, tokens: Sequence[Token], scores: NDArray[Any], labels: tuple[str, ...]) -> list[Role]:
    """Arguments left to right: no label of the core twice, no two that overlap; the surer ones first take their place."""
    normal = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    words, heads = [t.text for t in tokens], [t.head for t in tokens]
    relations, upos = [t.relation for t in tokens], [t.upos for t in tokens]
    best = normal.argmax(-1)
    taken: set[str] = set()
    covered: set[int] = set()
    found = []
    for word in sorted(np.flatnonzero(best).tolist(), key=lambda w: (-normal[w, best[w]], w)):
        label = labels[best[word]]
        first, last = argument_span(predicate, word, label, words, heads, relations, upos)
        if (label in _ONCE and label in taken) or covered & set(range(first, last + 1)):
            continue
        taken.add(label)
        covered |= set(range(first, last + 1))
        found.append(Role(label, word, first, last))
    return sorted(found, key=lambda r: r.first)


def _cues(scores: NDArray[Any], labels: tuple[str, ...]) -> Iterator[FactualityCue]:
    best = scores.argmax(-1)
    for word in np.flatnonzero(best).tolist():
        yield FactualityCue(FactualityKind(labels[best[word]]), word)
