"""The place a report is from or about: where its dateline is, or what its text names most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.knowledge.places import Gazetteer
from dateline.records import BlockKind, Document, Mentions, Place, PlaceKind, PlaceMention

ABROAD = 1.3
"""How many times as often as its dateline's country a report must name another to be about that one."""

MOST = 0.34
"""Share of a report's names of its country, and of places in it, that one city must have for the report to be of that city.

A paper that never names its country writes for its town: there the city named most is enough."""

EARLY = 3
"""Paragraphs of which one may open with a dateline in capitals: credits and summaries stand before it."""

_AFTER_DATELINE = re.compile(r"\s*(?:\([^)]{1,40}\)\s*)?(?::|--|—|–|-\s)")


@dataclass(frozen=True)
class Home:
    """Where what is told without a place is taken to be. `is_dateline`: the report says that it was written there."""

    place: Place
    is_dateline: bool
    about: str | None = None
    """The country that a report from abroad is about; None: the country of `place`."""
    is_local: bool = False
    """True for a report that never names its country: it writes for its town, where what it tells without a day was too."""


def find_home(document: Document, mentions: Mentions, gazetteer: Gazetteer) -> Home | None:
    """The place of the dateline, else the country most often named, or the city that most of its names name. No place: None."""
    for mention in mentions.places:
        if mention.place is not None and is_dateline(mention, document):
            votes = _votes(mentions.places)
            most = max(votes, key=lambda c: votes[c], default=None)
            own = mention.place.country
            is_abroad = most is not None and most != own and votes[most] >= ABROAD * votes.get(own or "", 0.0)
            return Home(mention.place, True, most if is_abroad else None, own not in _countries(mentions.places))
    place = _most_named(mentions.places, gazetteer)
    return Home(place, False, None, place.country not in _countries(mentions.places)) if place is not None else None


def is_dateline(mention: PlaceMention, document: Document) -> bool:
    """True for the place of a dateline: on a line of its own, or opening the text before a colon or dash ("rajkot: …")."""
    block = document.block_at(mention.span.start)
    if block is None:
        return False
    if block.kind is BlockKind.DATELINE:
        return True
    bodies = [b.span.start for b in document.blocks if b.kind is BlockKind.BODY][:EARLY]
    is_first = mention.span.start in bodies[:1] or (
        mention.span.start in bodies and document.text[mention.span.start :][:2].isupper()
    )
    return is_first and not mention.is_adjective and _AFTER_DATELINE.match(document.text, mention.span.end) is not None


def _most_named(places: Sequence[PlaceMention], gazetteer: Gazetteer) -> Place | None:
    votes = _votes(places)
    countries = _countries(places)
    if not votes:
        return None
    country = max(votes, key=lambda c: votes[c])
    inside = [m.place for m in places if m.place and m.place.country == country and m.place.kind is not PlaceKind.COUNTRY]
    cities = [p for p in inside if p.kind is PlaceKind.CITY]
    named = Counter((p.name, p.admin1) for p in cities)
    named.update((p.within, p.admin1) for p in inside if p.kind is PlaceKind.FACILITY and p.within)
    if named:
        (name, admin1), times = named.most_common(1)[0]
        of_it = next((p for p in cities if (p.name, p.admin1) == (name, admin1)), None)
        if of_it is not None and (country not in countries or times >= MOST * votes[country]):
            return of_it
    units = Counter(p.admin1 for p in inside if p.admin1)
    if units:
        unit, times = units.most_common(1)[0]
        if times >= MOST * votes[country]:
            known = (c.place for c in gazetteer.find(unit) if c.place.kind is PlaceKind.ADMIN1 and c.place.country == country)
            return next(known, None) or country_place(country, gazetteer)
    return country_place(country, gazetteer)


def _countries(places: Sequence[PlaceMention]) -> frozenset[str | None]:
    """The countries that are named themselves, or by an adjective."""
    return frozenset(m.place.country for m in places if m.place is not None and m.place.kind is PlaceKind.COUNTRY)


def _votes(places: Sequence[PlaceMention]) -> dict[str, float]:
    """How often each country, or a place in it, is named; the first name counts half as much again."""
    votes: dict[str, float] = {}
    named = [m.place.country for m in places if m.place is not None and m.place.country is not None]
    for order, country in enumerate(named):
        votes[country] = votes.get(country, 0.0) + (1.5 if order == 0 else 1.0)
    return votes


def country_place(iso3: str | None, gazetteer: Gazetteer) -> Place | None:
    """The country as a place, without a point; no country or none of that code (EUR, NGO): None."""
    known = gazetteer.countries.get(iso3 or "")
    return Place(known.name, PlaceKind.COUNTRY, known.iso3) if known else None
