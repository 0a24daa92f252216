"""All tables -> one frozen Knowledge, loaded once and handed in."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.checks import CheckKnowledge, load_checks
from dateline.knowledge.cues import Cues, load_cues
from dateline.knowledge.lexicon import Lexicon, load_lexicon
from dateline.knowledge.ontology import Ontology, load_ontology
from dateline.knowledge.papers import PaperWords, load_paper_words
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.knowledge.quantities import QuantityKnowledge, load_quantities
from dateline.knowledge.tables import tables_version
from dateline.knowledge.times import TimeKnowledge, load_times


@dataclass(frozen=True)
class Knowledge:
    """What the system knows. `version` is a hash of all its tables."""

    ontology: Ontology
    lexicon: Lexicon
    cues: Cues
    times: TimeKnowledge
    quantities: QuantityKnowledge
    actors: ActorKnowledge
    gazetteer: Gazetteer
    papers: PaperWords
    checks: CheckKnowledge
    version: str


def load_knowledge() -> Knowledge:
    """Every table, checked as it is read. Raises ValueError that names the table and entry that is not as it should be."""
    return Knowledge(
        load_ontology(),
        load_lexicon(),
        load_cues(),
        load_times(),
        load_quantities(),
        load_actors(),
        load_gazetteer(),
        load_paper_words(),
        load_checks(),
        tables_version(),
    )
