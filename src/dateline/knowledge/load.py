"""All tables -> one frozen Knowledge, loaded once and handed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.blame import Blame, load_blame
from dateline.knowledge.checks import CheckKnowledge, load_checks
from dateline.knowledge.cues import Cues, load_cues
from dateline.knowledge.lexicon import Lexicon, load_lexicon
from dateline.knowledge.ontology import Ontology, load_ontology
from dateline.knowledge.own_actors import OwnActors, read_own_actors, with_own_actors
from dateline.knowledge.papers import PaperWords, load_paper_words
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.knowledge.protests import ProtestKnowledge, load_protests
from dateline.knowledge.quantities import QuantityKnowledge, load_quantities
from dateline.knowledge.tables import tables_version
from dateline.knowledge.times import TimeKnowledge, load_times
from dateline.knowledge.weapons import Weapons, load_weapons
from dateline.knowledge.weighing import Background, Weighing, load_background, load_weighing


@dataclass(frozen=True)
class Knowledge:
    """What the system knows; `weighing` None: nothing was learned about records.

    `version` is a hash of all its tables; the users' own table of actors adds "+" and its own.
    """

    ontology: Ontology
    lexicon: Lexicon
    cues: Cues
    times: TimeKnowledge
    quantities: QuantityKnowledge
    actors: ActorKnowledge
    gazetteer: Gazetteer
    papers: PaperWords
    checks: CheckKnowledge
    weapons: Weapons
    protests: ProtestKnowledge
    blame: Blame
    background: Background
    weighing: Weighing | None
    version: str


def load_knowledge(own_actors: Path | None = None) -> Knowledge:
    """Every table, checked as it is read, with the users' own table of actors over ours if there is one.

    Raises ValueError that names the table and entry that is not as it should be.
    """
    actors = load_actors()
    own = read_own_actors(own_actors, actors.countries) if own_actors else None
    return Knowledge(
        load_ontology(),
        load_lexicon(),
        load_cues(),
        load_times(),
        load_quantities(),
        with_own_actors(actors, own) if own else actors,
        load_gazetteer(),
        load_paper_words(),
        load_checks(),
        load_weapons(),
        load_protests(),
        load_blame(),
        load_background(),
        load_weighing(),
        knowledge_version(own),
    )


def knowledge_version(own: OwnActors | None) -> str:
    """What a claim says it was coded with."""
    return tables_version() + (f"+{own.version}" if own else "")
