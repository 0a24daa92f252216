"""The main path: one report to its claims and problems.

report -> document -> sentences -> mentions -> events -> claims. This is the only module that knows the order.
"""

from __future__ import annotations

from dateline.claims import enter_claims
from dateline.events.assemble import code_events
from dateline.events.opinions import relevance_of
from dateline.events.weighing import weigh_entries
from dateline.ingest.read import read_report
from dateline.knowledge.gate import PASSED_OVER, Gating, may_tell
from dateline.knowledge.load import Knowledge
from dateline.language.models import Models
from dateline.language.reading import analyse
from dateline.mentions.actors import find_actors
from dateline.mentions.homes import find_home
from dateline.mentions.places import find_places
from dateline.mentions.quantities import find_quantities
from dateline.mentions.quotations import find_quotations
from dateline.mentions.times import find_times
from dateline.records import Coding, Document, EventMention, Mentions, Problem, Quotation, Report, Sentence, Weighed


def code_report(report: Report, knowledge: Knowledge, models: Models, gating: Gating | None = None) -> Coding:
    """What one report says happened. A report that cannot be read gives a Coding without a document, and why.

    One that the gate passes over gives its document, no claims, and a Problem whose reason is PASSED_OVER.
    """
    document, problems = read_report(report)
    if document is None:
        return Coding(report.name, None, problems=problems)
    if gating is not None and not may_tell(document.text, gating.gate, gating.types):
        return Coding(report.name, document, problems=(*problems, _passed_over(report, gating)))
    sentences, _, quotations, events = _read_events(document, knowledge, models)
    claims = enter_claims(document, sentences, events, model=models.version, knowledge=knowledge)
    return Coding(report.name, document, claims, quotations, problems, relevance_of(sentences, knowledge.weighing))


def _passed_over(report: Report, gating: Gating) -> Problem:
    wanted = " or ".join(gating.types) if gating.types else "any type"
    message = f"{report.name}: was not read closely, for its words hardly tell an event of {wanted}; without --gate it is"
    return Problem("reading", PASSED_OVER, message, report.name)


def weigh_report(report: Report, knowledge: Knowledge, models: Models) -> tuple[Weighed, ...]:
    """Which entries of the lexicon have words in the report, in text order, and what became of each: why something was not coded.

    No such words, or a report that cannot be read: an empty tuple.
    """
    document, _ = read_report(report)
    if document is None:
        return ()
    return weigh_entries(*_read_events(document, knowledge, models), knowledge)


def _read_events(
    document: Document, knowledge: Knowledge, models: Models
) -> tuple[tuple[Sentence, ...], Mentions, tuple[Quotation, ...], tuple[EventMention, ...]]:
    """The document's sentences, what they name, whose words they are, and the events they tell."""
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    return sentences, mentions, quotations, code_events(document, sentences, mentions, quotations, knowledge)


def find_mentions(document: Document, sentences: tuple[Sentence, ...], knowledge: Knowledge) -> Mentions:
    """Everything the sentences name: when, how many, where, who."""
    times = find_times(document, sentences, knowledge.times)
    quantities = find_quantities(document, sentences, knowledge.quantities)
    home = find_home(document.address, document.publisher, knowledge.papers, knowledge.gazetteer)
    places = find_places(document, sentences, knowledge.gazetteer, home)
    actors = find_actors(document, sentences, places, knowledge.actors)
    return Mentions(times, quantities, places, actors)
