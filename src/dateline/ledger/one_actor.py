"""Which names are one actor, as people said: of names alone, so that it holds for whatever is coded later.

Reports call one body by several names that no table knows ("the Rift Chamber", "RCN"). What people said is laid over the names when
the ledger is read; claims keep the names that their reports have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dateline.ledger.errors import JudgementError
from dateline.ledger.resolve import in_force
from dateline.records import Judgement, JudgementKind

NAME = "name"
"""The fact of such a judgement that holds a name; there are two or more of them, the first of which is shown for all."""

OF_NAMES = frozenset((JudgementKind.SAME_ACTOR, JudgementKind.NOT_SAME_ACTOR))
"""The kinds that are about names and no claims."""


@dataclass(frozen=True)
class OneActor:
    """Names of one actor: the one that is shown first, the others by name; and the judgements that say so."""

    names: tuple[str, ...]
    judgements: tuple[Judgement, ...]


def names_of(judgement: Judgement) -> tuple[str, ...]:
    """The names that a judgement of OF_NAMES is about."""
    return tuple(value for name, value in judgement.facts if name == NAME)


def facts_of(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The names as facts of a judgement, each once. Raises JudgementError for fewer than two."""
    kept = tuple(dict.fromkeys(tidied(name) for name in names if tidied(name)))
    if len(kept) < 2:
        raise JudgementError("two names at least: which is the other?")
    return tuple((NAME, name) for name in kept)


def tidied(name: str) -> str:
    """The name in the one form in which names are compared."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def one_actors(judgements: Iterable[Judgement]) -> tuple[OneActor, ...]:
    """The actors of whom several names are known, by the name that is shown: that which the last judgement about them puts first.

    What was said along a chain holds: A is B, and B is C.
    """
    found: dict[str, OneActor] = {}
    for judgement in in_force(judgements):
        if judgement.kind is not JudgementKind.SAME_ACTOR:
            continue
        names = names_of(judgement)
        joined = list({id(found[name]): found[name] for name in names if name in found}.values())
        others = sorted({*names, *(name for one in joined for name in one.names)} - {names[0]})
        said = tuple(one for actor in joined for one in actor.judgements)
        actor = OneActor((names[0], *others), (*said, judgement))
        found |= dict.fromkeys(actor.names, actor)
    return tuple(sorted({id(actor): actor for actor in found.values()}.values(), key=lambda actor: actor.names))


def told_apart(judgements: Iterable[Judgement]) -> tuple[tuple[frozenset[str], Judgement], ...]:
    """The names that people said are not one actor, each with the judgement, in order."""
    held = (judgement for judgement in in_force(judgements) if judgement.kind is JudgementKind.NOT_SAME_ACTOR)
    return tuple((frozenset(names_of(judgement)), judgement) for judgement in held)


def check(new: Judgement, judgements: Sequence[Judgement]) -> None:
    """Raises JudgementError for what was said already, and for what contradicts what people said, along a chain too."""
    names = set(names_of(new))
    actors = one_actors(judgements)
    if new.kind is JudgementKind.SAME_ACTOR:
        joined = names.union(*(actor.names for actor in actors if names.intersection(actor.names)))
        if any(names <= set(actor.names) and actor.names[0] == names_of(new)[0] for actor in actors):
            raise JudgementError(f"{_listed(names)} are one actor already")
        for apart, judgement in told_apart(judgements):
            if len(apart & joined) > 1:
                raise JudgementError(
                    f"{judgement.by.name} said that {_listed(apart & joined)} are not one actor ({judgement.id}): undo that first"
                )
        return
    for actor in actors:
        if len(names.intersection(actor.names)) > 1:
            said = ", ".join(f"{judgement.by.name} ({judgement.id})" for judgement in actor.judgements)
            raise JudgementError(f"{_listed(names)} are one actor by what was said by {said}: undo that instead")
    if any(names <= apart for apart, _ in told_apart(judgements)):
        raise JudgementError(f"that {_listed(names)} are not one actor was said already")


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"“{name}”" for name in sorted(names))
