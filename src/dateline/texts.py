"""Times, figures, places and words of others in a text of your own, without reports, events or a ledger.

    >>> from datetime import date
    >>> from dateline.texts import quantities_in, quotations_in, times_in
    >>> [m.first for m in times_in("Miners walked out last Monday.", published=date(2020, 8, 19))]
    [datetime.date(2020, 8, 17)]

Each reads the text once with the language engine and needs its own tables, nothing more. An empty line begins a new paragraph.
Whoever wants all four of many texts hands the models in, so that they are loaded once.
"""

from __future__ import annotations

import re
from datetime import date

from dateline.knowledge.cues import load_cues
from dateline.knowledge.papers import load_paper_words
from dateline.knowledge.places import load_gazetteer
from dateline.knowledge.quantities import load_quantities
from dateline.knowledge.times import load_times
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.homes import find_home
from dateline.mentions.places import find_places
from dateline.mentions.quantities import find_quantities
from dateline.mentions.quotations import find_quotations
from dateline.mentions.times import find_times
from dateline.records import (
    Block,
    Document,
    How,
    OffsetMap,
    Origin,
    PlaceMention,
    PublicationDate,
    Quantity,
    Quotation,
    Span,
    TimeMention,
)

PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")


def times_in(text: str, *, published: date | None = None, models: Models | None = None) -> tuple[TimeMention, ...]:
    """The time expressions of a text, left to right, each resolved to days; none: an empty tuple.

    `published` is the day that "yesterday" counts from. Without it, what depends on it stays unresolved and says so in `problem`.
    """
    document = document_of(text, published)
    return find_times(document, analyse(document, models or load_models()), load_times())


def quantities_in(text: str, *, models: Models | None = None) -> tuple[Quantity, ...]:
    """The counts and measures of a text with their bounds, left to right; none: an empty tuple."""
    document = document_of(text)
    return find_quantities(document, analyse(document, models or load_models()), load_quantities())


def quotations_in(text: str, *, models: Models | None = None) -> tuple[Quotation, ...]:
    """Who is cited with what, in the order of the content; none: an empty tuple.

    A speaker is known by the words of the text here; who that is takes the actor tables and is found by `dateline.code_report`.
    What people want or like is given too; `is_quoted` tells what was said.
    """
    document = document_of(text)
    return find_quotations(document, analyse(document, models or load_models()), (), load_cues())


def places_in(
    text: str, *, address: str | None = None, publisher: str | None = None, models: Models | None = None
) -> tuple[PlaceMention, ...]:
    """The toponyms and demonyms of a text, left to right, each with the place it stands for; none: an empty tuple.

    A publisher named after a place, or an address that ends in a country, speaks for it. `place` None: no place of that name is
    known, and the text names none that it could lie in.
    """
    document, gazetteer = document_of(text), load_gazetteer()
    home = find_home(address, publisher, load_paper_words(), gazetteer)
    return find_places(document, analyse(document, models or load_models()), gazetteer, home)


def document_of(text: str, published: date | None = None) -> Document:
    """The text as a document: a block for each paragraph, offsets as they are."""
    blocks = tuple(Block(Span(*m.span())) for m in PARAGRAPH.finditer(text))
    day = PublicationDate(published, Origin(How.GIVEN)) if published else None
    return Document("text", "text", "", text, blocks, OffsetMap(), published=day)
