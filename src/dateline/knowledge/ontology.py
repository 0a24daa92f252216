"""The event types, modes, contexts and sectors: PLOVER's, in our words, with ELECTION and VOTE added."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class EventType:
    """One type of event. `modes` maps a mode's id to its meaning; a type without modes has none."""

    id: str
    quad: str | None
    meaning: str
    requires_recipient: bool
    modes: dict[str, str]


@dataclass(frozen=True)
class Context:
    """What an event can be about. Any of the `cues` (lemmas or phrases, lower case) near the event evokes it."""

    id: str
    meaning: str
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Ontology:
    types: dict[str, EventType]
    contexts: tuple[Context, ...]


def load_ontology() -> Ontology:
    """Knowledge: ontology/event_types.yaml and contexts.yaml."""
    types = {}
    for row in read_yaml("ontology/event_types.yaml"):
        modes = row.get("modes") or {}
        if isinstance(modes, list):
            modes = {m["id"]: m.get("meaning", "") for m in modes}
        types[row["id"]] = EventType(row["id"], row["quad"], row["meaning"], bool(row.get("requires_recipient")), dict(modes))
    contexts = tuple(
        Context(row["id"], row["meaning"], tuple(str(c).lower() for c in row["cues"]))
        for row in read_yaml("ontology/contexts.yaml")
    )
    return Ontology(types, contexts)
