"""Cues and their scope in gold trees: (predicate, cue word, kind), what the factuality head learns from.

PropBank marks what negates a predicate and its modal verb; plans, conditions and allegations are read off the gold tree by the
same rules as at run time (events/status.py), which there work on correct trees. The head so learns to do it without one.
"""

from __future__ import annotations

from collections.abc import Iterator

from dateline.events.status import Cue, find_cues
from dateline.knowledge.cues import Cues
from dateline.language.structure import structure
from dateline.records import FactualityKind, Sentence, Span, Token
from training.data import Example, Tree

OF_PROPBANK = {"ARGM-NEG": FactualityKind.NEGATION, "ARGM-MOD": FactualityKind.MODALITY}
_KINDS = {
    "denied": FactualityKind.NEGATION,
    "conditional": FactualityKind.CONDITION,
    "planned": FactualityKind.PLAN,
    "alleged": FactualityKind.ALLEGATION,
}


def predicates_of(example: Example) -> tuple[int, ...]:
    """The words whose cues are asked: PropBank's predicates where the sentence has them, else its verbs."""
    if example.frames is not None:
        return tuple(f.word for f in example.frames)
    assert example.tree is not None
    return tuple(i for i, upos in enumerate(example.tree.upos) if upos == "VERB")


def cues_of(example: Example, cues: Cues) -> frozenset[tuple[int, int, FactualityKind]]:
    """(predicate, cue word, kind) of every predicate; "will" as PropBank sees it is modality, as we see it a plan."""
    assert example.tree is not None
    sentence = as_sentence(example.words, example.tree)
    found = {(p, c.token.index, _kind(c)) for p in predicates_of(example) for c in find_cues(sentence, sentence.tokens[p], cues)}
    known = {(p, word) for p, word, _ in found}
    return frozenset(found | {c for c in _annotated(example) if c[:2] not in known})


def _kind(cue: Cue) -> FactualityKind:
    is_modal = cue.value == "conditional" and cue.token.xpos == "MD"
    return FactualityKind.MODALITY if is_modal else _KINDS[cue.value]


def _annotated(example: Example) -> Iterator[tuple[int, int, FactualityKind]]:
    for frame in example.frames or ():
        for first, last, label in frame.arguments:
            if label in OF_PROPBANK and first == last:
                yield frame.word, first, OF_PROPBANK[label]


def as_sentence(words: tuple[str, ...], tree: Tree) -> Sentence:
    """The gold tree as the record that reading gives, its words a space apart."""
    tokens, at = [], 0
    for i, word in enumerate(words):
        span = Span(at, at + len(word))
        tokens.append(Token(i, span, word, tree.lemmas[i], tree.upos[i], tree.xpos[i], tree.heads[i] - 1, tree.relations[i]))
        at += len(word) + 1
    return structure(Sentence(0, 0, Span(0, max(0, at - 1)), tuple(tokens), ()))
