"""Layers of the reading that must agree, made to: each head answers by itself, and grammar rules some answers out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.records import Token


def best_tags_together(upos: NDArray[Any], xpos: NDArray[Any], allowed: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """The likeliest universal and Penn tag of each word that go together. Scores are [words, tags]; `allowed` [xpos, upos]."""
    # Scores before softmax do: what would make probabilities of them is the same for all pairs of a word.
    together = xpos[:, :, None] + upos[:, None, :] + np.where(allowed, 0.0, -1e9)[None]
    best = together.reshape(len(upos), -1).argmax(-1)
    return (best % upos.shape[1]).tolist(), (best // upos.shape[1]).tolist()


def agree_on_voice(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The words; verbs with a subject, an object and no auxiliary made finite and active ("the court stripped two deputies").

    A participle needs an auxiliary there, and heads that answer alone sometimes take a bare past for one. Without an object it may
    be a headline ("Two held in Vadu"), and stays. What is called a second subject, behind its verb, is the object; so is a bare
    figure there, and what is counted as "between 40 and 50".
    """
    below = _children(tokens)
    objects = {o.index for t in tokens if t.upos == "VERB" and (o := _called_otherwise(t, below)) is not None}
    if objects:
        tokens = [replace(t, relation="obj") if t.index in objects else t for t in tokens]
        below = _children(tokens)
    finite = {t.index for t in tokens if t.upos == "VERB" and _may_be_past(t) and _is_finite(t, below.get(t.index, []))}

    def settle(t: Token) -> Token:
        if t.index in finite and t.xpos != "VBD":
            return replace(t, xpos="VBD", features=_PAST)
        if t.head in finite and t.relation == "nsubj:pass":
            return replace(t, relation="nsubj")
        return t

    return tuple(map(settle, tokens))


def _children(tokens: Sequence[Token]) -> dict[int, list[Token]]:
    below: dict[int, list[Token]] = {}
    for t in tokens:
        below.setdefault(t.head, []).append(t)
    return below


_PAST = "Mood=Ind|Tense=Past|VerbForm=Fin"


def _may_be_past(verb: Token) -> bool:
    """A past or a participle; also what is called a present participle and does not look like one ("accused")."""
    return verb.xpos in {"VBN", "VBD"} or (verb.xpos == "VBG" and not verb.text.lower().endswith(("ing", "in'", "in’")))


def _called_otherwise(verb: Token, below: Mapping[int, Sequence[Token]]) -> Token | None:
    """The object of a verb that is called something else; there is one that is called so, or none: None."""
    children = below.get(verb.index, ())
    return _second_subject(verb, children) or _counted(verb, children, below)


def _counted(verb: Token, children: Sequence[Token], below: Mapping[int, Sequence[Token]]) -> Token | None:
    """How many, right behind a verb that has its subject before it: "arrested about *30*", "held between 40 and 50 *students*"."""
    if {"obj", "cop", "aux:pass", "obl:agent"} & {c.relation for c in children}:
        return None
    subject = next((c for c in children if c.relation.startswith("nsubj") and c.index < verb.index), None)
    if subject is None or subject.upos == "NUM" or any(c.upos == "NUM" for c in below.get(subject.index, ())):
        return None  # "Three killed 30 miles from the border"
    behind = min((c for c in children if c.index > verb.index), key=lambda c: c.index, default=None)
    if behind is None:
        return None
    if behind.upos == "NUM" and behind.relation == "obl:unmarked":
        return behind
    words = below.get(behind.index, ())
    is_between = any(c.relation == "case" and c.text.lower() == "between" and c.index == verb.index + 1 for c in words)
    figures = [c.index for c in words if c.relation == "nummod"]
    is_range = any(c.upos == "NUM" and c.relation == "conj" for f in figures for c in below.get(f, ()))
    return behind if is_between and is_range and behind.xpos == "NNS" and behind.lemma.lower() not in _OF_TIME else None


_OF_TIME = frozenset(("hour", "minute", "day", "week", "month", "year"))


def _second_subject(verb: Token, children: Sequence[Token]) -> Token | None:
    """The subject behind a verb that has one before it and no object: UD has one subject a clause."""
    subjects = [c for c in children if c.relation in {"nsubj", "nsubj:pass"}]
    if len(subjects) != 2 or not subjects[0].index < verb.index < subjects[1].index:
        return None
    return None if {"obj", "cop", "aux:pass"} & {c.relation for c in children} else subjects[1]


def _is_finite(verb: Token, children: Sequence[Token]) -> bool:
    relations = [c.relation for c in children]
    subject = next((c for c in children if c.relation.startswith("nsubj")), None)
    thing = next((c for c in children if c.relation == "obj"), None)
    if subject is None or thing is None or not subject.index < verb.index < thing.index:
        return False
    return not {"aux", "aux:pass", "cop"} & set(relations) and verb.relation not in {"acl", "amod"}
