"""What the other reader is told: one text, filled from the tables of the ontology, and the schema its answer must have.

Text: prompt.md. Tables: ontology/event_types.yaml, statuses.yaml, cues/counts.yaml, lexicon/.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dateline.knowledge.load import Knowledge
from dateline.knowledge.ontology import load_codebook
from dateline.other_reader.chunks import MOST, Chunk
from dateline.records import Document

SEED = 20
"""With temperature 0: a server that can gives the same answer to the same request."""

MOST_RECORDS = 60
"""Records of one answer that are looked at: a part of a report tells of some ten."""

MOST_NAMED = 12
"""Parties or figures of one record."""

LONGEST = 1500
"""Characters of a quote: no sentence of news has more."""


@dataclass(frozen=True)
class Prompt:
    """What every request begins with, and what an answer must look like. `figures` are the kinds of figure that may be named."""

    system: str
    schema: dict[str, Any]
    figures: frozenset[str]

    @property
    def version(self) -> str:
        """A hash of all that a request is made from, the report aside: another prompt is another coder."""
        said = [self.system, self.schema, SEED, MOST]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def load_prompt(knowledge: Knowledge) -> Prompt:
    """The prompt by the tables as they are."""
    book = load_codebook()
    figures = frozenset(_figures(knowledge))
    types = "\n".join(
        f"- {guide.type.id}: {guide.type.meaning}" + "".join(f"\n  - {mode}: {said}" for mode, said in guide.type.modes.items())
        for guide in book.types
    )
    statuses = "\n".join(f"- {s.id}: {s.meaning} {'; '.join(s.tells)}." for s in book.statuses)
    text = files("dateline.other_reader").joinpath("prompt.md").read_text(encoding="utf-8")
    # Not str.format: what stands in a table may have braces.
    for name, value in {"types": types, "statuses": statuses, "figures": ", ".join(sorted(figures))}.items():
        text = text.replace(f"{{{name}}}", value)
    schema = schema_of([g.type.id for g in book.types], [s.id for s in book.statuses], sorted(figures))
    return Prompt(text, schema, figures)


def _figures(knowledge: Knowledge) -> Iterator[str]:
    """The kinds of figure that records of ours have by name; what a noun counts by itself ("three attacks") has none."""
    cues = knowledge.cues
    for entry in knowledge.lexicon.entries:
        yield from entry.counts.values()
    yield from cues.votes
    yield from (what for what, _ in cues.ammunition_named)
    yield from cues.counted_by_trigger.values()
    for table in (*cues.counted_by_type.values(), *cues.counted_by_mode.values()):
        yield from table.values()
    yield from cues.money.values()
    yield from cues.ammunition.values()
    yield from (measure.what for measure in cues.measures)


def schema_of(types: list[str], statuses: list[str], figures: list[str]) -> dict[str, Any]:
    """JSON Schema of an answer, as servers take it that can be held to one: closed objects, every field there, null for none."""
    quote = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    quotes = {"type": "array", "items": quote}
    figure = _closed({"what": {"type": "string", "enum": figures}, "quote": quote})
    record = _closed(
        {
            "evidence": quote,
            "trigger": quote,
            "type": {"type": "string", "enum": types},
            "mode": maybe,
            "status": {"type": "string", "enum": statuses},
            "status_cue": maybe,
            "actors": quotes,
            "recipients": quotes,
            "time": maybe,
            "place": maybe,
            "figures": {"type": "array", "items": figure},
            "said_by": maybe,
            "said_cue": maybe,
        }
    )
    return _closed({"records": {"type": "array", "items": record}})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def messages_of(prompt: Prompt, document: Document, chunk: Chunk) -> list[dict[str, str]]:
    """The messages of a request. The report is one JSON value in a message of its own: no words in it can end it early."""
    said = {
        "publisher": document.publisher,
        "published": document.published.day.isoformat() if document.published else None,
        "title": document.title,
        "paragraphs": [span.of(document.text) for span in chunk.paragraphs],
    }
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": json.dumps(said, ensure_ascii=False)}]


def request_of(prompt: Prompt, document: Document, chunk: Chunk, model: str) -> dict[str, Any]:
    """The body of a request, the form of its answer aside (server.py)."""
    return {
        "model": model,
        "messages": messages_of(prompt, document, chunk),
        "temperature": 0,
        "seed": SEED,
        "stream": False,
    }
