"""Words by which harm is claimed or somebody is blamed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dateline.knowledge.tables import read_yaml

TABLE = "blame.yaml"


@dataclass(frozen=True)
class Blaming:
    """Words whose subject or object did the harm that stands behind one of the prepositions; `objects` empty: the verb alone."""

    words: frozenset[str]
    objects: frozenset[str]
    to: frozenset[str]


@dataclass(frozen=True)
class Blame:
    """What says who did it, by where that one stands."""

    subject: tuple[Blaming, ...]
    object: tuple[Blaming, ...]
    adjectives: tuple[Blaming, ...]


def load_blame() -> Blame:
    """Knowledge: blame.yaml."""
    table: dict[str, list[dict[str, Any]]] = read_yaml(TABLE)

    def lines(key: str) -> tuple[Blaming, ...]:
        return tuple(
            Blaming(frozenset(row.get("verbs") or row["words"]), frozenset(row.get("objects", ())), frozenset(row["to"]))
            for row in table[key]
        )

    return Blame(lines("subject"), lines("object"), lines("adjectives"))
