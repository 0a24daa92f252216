"""Titles without a name: who "the Belarusian president" is on the day of the report, by the table of offices."""

from __future__ import annotations

import re
from datetime import date

from dateline.knowledge.actors import Office
from dateline.knowledge.office_titles import Titled
from dateline.mentions.actor_chains import Chain
from dateline.mentions.actor_phrases import STATES, Phrase, Reader, case_of, is_one_person
from dateline.records import READ, How, Origin

DEFINITE = frozenset(("the", "this", "that"))

YEAR = re.compile(r"(?:19|20)\d\d")

BY_DATE = Origin(How.LOOKED_UP, "offices by date")


def holder_meant(chain: Chain, reader: Reader) -> Office | None:
    """The office of the day that a chain of titles without a name means, if the tables know exactly one holder; else None.

    The country is the one its words say, or, of a definite title ("the president"), the one the document is mostly about. What any
    of its phrases is of ("the club's president") must agree; a former, deputy or coming one is somebody else.
    """
    if reader.day is None or any(p.is_former for p in chain.phrases):
        return None
    titles = [p for p in chain.phrases if p.role is not None]
    if not titles or not all(is_one_person(p) for p in titles):
        return None
    holders = [_holder(p, reader) for p in titles]
    first = holders[0]
    return first if first is not None and all(h is not None and h.id == first.id for h in holders) else None


def _holder(phrase: Phrase, reader: Reader) -> Office | None:
    index = reader.knowledge.office_index
    titled = index.taken_apart(phrase.words, lambda word: _describes(word, phrase), reader.knowledge.country_called)
    if titled is None or reader.day is None:
        return None
    own = set(phrase.role.lemma.split()) if phrase.role else set()
    inside = {t.text.lower() for t in phrase.sentence.tokens_in(phrase.span) if t.index < phrase.head.index} - own
    articles = {c.text.lower() for c in phrase.sentence.children(phrase.head) if c.relation == "det"}
    if inside & reader.knowledge.titles.not_the_holder or articles - DEFINITE:
        return None  # "the next French president", "a Belarusian president"
    owner = _owner(phrase, reader)
    if owner is None or _is_said_of_somebody(phrase):
        return None
    said = phrase.country if phrase.country_origin is READ else None
    country = said or (reader.home if phrase.is_definite or owner else None)
    if titled.scope:
        # "the president of the European Commission" names the body, whoever the report is about
        is_theirs = said is None or said not in reader.knowledge.countries
        return _at_all_times(titled, None if is_theirs else said, phrase, reader)
    return _at_all_times(titled, country, phrase, reader) if country else None


def _at_all_times(titled: Titled, country: str | None, phrase: Phrase, reader: Reader) -> Office | None:
    """The holder on the day of the report, if he held the office all through the years that the sentence names; else None."""
    assert reader.day is not None
    years = {int(t.text) for t in phrase.sentence.tokens if YEAR.fullmatch(t.text)} - {reader.day.year}
    days = [reader.day, *(date(year, month, day) for year in sorted(years) for month, day in ((1, 1), (12, 31)))]
    holders: list[Office | None] = [reader.knowledge.office_index.holder(titled, country, day) for day in days]
    first = holders[0]
    return first if first is not None and all(h is not None and h.id == first.id for h in holders) else None


def _is_said_of_somebody(phrase: Phrase) -> bool:
    """Whether a title is what somebody is, was or becomes, and names nobody by itself: "as president", "became prime minister"."""
    copula = any(c.relation == "cop" for c in phrase.sentence.children(phrase.head))
    return copula or phrase.head.relation == "xcomp" or case_of(phrase.sentence, phrase.head) == "as"


def _owner(phrase: Phrase, reader: Reader) -> str | None:
    """The word for the country that possesses a title ("the country's foreign minister"), "" for no possessor; another's: None."""
    owners = [c for c in phrase.sentence.children(phrase.head) if c.relation == "nmod:poss"]
    for owner in owners:
        is_country = owner.lemma.lower() in STATES or any(
            p.place is not None for p in reader.places_at(phrase.sentence, owner.span)
        )
        if not is_country and not reader.knowledge.country_called(owner.text):
            return None
    return owners[0].text if owners else ""


def _describes(word: str, phrase: Phrase) -> bool:
    """Whether a word before the title is an adjective or participle there, and no name."""
    token = next((t for t in phrase.sentence.tokens_in(phrase.span) if t.text == word), None)
    return token is None or token.upos in ("ADJ", "VERB", "ADV")
