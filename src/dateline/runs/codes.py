"""What a correction may put into a field: the codes of the ontology and the tables, and what is counted in a ledger."""

from __future__ import annotations

from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.ontology import load_ontology
from dateline.knowledge.places import load_countries
from dateline.ledger.corrections import COUNTS, Codes
from dateline.ledger.judged import Judged

COUNTED = "SELECT DISTINCT unnest(counts).what AS what FROM claims"


def codes_of(judged: Judged, field: str) -> Codes:
    """What the ontology and the tables know; for a figure also what is counted in this ledger."""
    ontology = load_ontology()
    counted: set[str] = set()
    if field.startswith(COUNTS):
        counted |= {what for entry in load_lexicon().entries for what in entry.counts.values()}
        counted |= {row["what"] for row in judged.select(COUNTED)}
    return Codes(
        {name: frozenset(type.modes) for name, type in ontology.types.items()},
        frozenset(context.id for context in ontology.contexts),
        frozenset(load_countries()),
        frozenset(counted),
    )
