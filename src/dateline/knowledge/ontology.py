"""The event types, modes, contexts, sectors and statuses: PLOVER's, in our words, with ELECTION and VOTE added.

The coder needs types and contexts (`load_ontology`); all that a coder by hand goes by is the codebook (`load_codebook`).
"""

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
class Boundary:
    """A case that trips coders: the sentence, the type it has, and why."""

    case: str
    type: str
    why: str


@dataclass(frozen=True)
class Guide:
    """What belongs to a type and what does not, for a coder by hand."""

    type: EventType
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    boundary: tuple[Boundary, ...]


@dataclass(frozen=True)
class Sector:
    """What an actor can stand for. `kind`: state, armed, society, partial, international or unknown; `note` may be empty."""

    id: str
    kind: str
    meaning: str
    includes: tuple[str, ...]
    note: str
    example: str


@dataclass(frozen=True)
class StatusGuide:
    """How a status is told: by which signs, a sentence that has it, and one near it (text, its status, why)."""

    id: str
    meaning: str
    tells: tuple[str, ...]
    example: str
    near: tuple[str, str, str]


@dataclass(frozen=True)
class Codebook:
    """All that a coder by hand goes by, in the order of the tables."""

    types: tuple[Guide, ...]
    statuses: tuple[StatusGuide, ...]
    sectors: tuple[Sector, ...]
    contexts: tuple[Context, ...]


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


def load_codebook() -> Codebook:
    """Knowledge: ontology/event_types.yaml, statuses.yaml, sectors.yaml and contexts.yaml."""
    ontology = load_ontology()
    guides = tuple(
        Guide(
            ontology.types[row["id"]],
            tuple(row["includes"]),
            tuple(row["excludes"]),
            tuple(Boundary(b["case"], b["type"], b["why"]) for b in row.get("boundary") or ()),
        )
        for row in read_yaml("ontology/event_types.yaml")
    )
    statuses = tuple(
        StatusGuide(
            row["id"],
            row["meaning"],
            tuple(row["tells"]),
            row["example"],
            (row["near"]["text"], row["near"]["status"], row["near"]["why"]),
        )
        for row in read_yaml("ontology/statuses.yaml")
    )
    sectors = tuple(
        Sector(row["id"], row["kind"], row["meaning"], tuple(row["includes"]), row["note"], row["example"])
        for row in read_yaml("ontology/sectors.yaml")
    )
    return Codebook(guides, statuses, sectors, ontology.contexts)
