"""Places without an entry of their own: which known place they stand in.

A facility whose name begins with that of a place ("Minsk Tractor Works") stands in it; else what is said right after the name
("the art museum in Minsk"), else the nearest place the text names. Of a place that is far off in the text only the country is
taken over. How often each is right is in docs/places.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from dateline.knowledge.places import Gazetteer, fold
from dateline.mentions.toponyms import COMPASS, Toponym, is_acronym
from dateline.records import How, Origin, Place, PlaceKind, PlaceMention

SENTENCE_LENGTH = 130.0  # code points: what one sentence of distance is worth
LARGE_CITY = 100_000  # people: the name of a smaller one in a facility's is more often that of a person
LONGEST_PLACE = 3  # words at the head of a facility's name
FAR = 3.0  # sentences: beyond, four names in ten are within 161 km of the nearest place, and only its country is taken over
ELSEWHERE = 4.0  # sentences: what a place costs in a country that the rest of the text does not speak of
COARSE = {PlaceKind.COUNTRY: 8.0, PlaceKind.ADMIN1: 3.0, PlaceKind.ADMIN2: 1.0}
"""Sentences that a unit or country may be nearer than a city and still lose to it."""

INSIDE_NAME = Origin(How.INFERRED, "facility: the place in its name")
SAID = Origin(How.INFERRED, "no entry: inside the place said right after it")
SAME_COUNTRY = Origin(How.INFERRED, "no entry: inside the country of the nearest place, which is far off in the text")
NEAREST = Origin(How.INFERRED, "no entry: inside the nearest place the text names")

_SAID_INSIDE = re.compile(r",? (?:in|of|near|at|outside) (?:the |(?:down|up)town |central )*")


def enclosing_place(
    text: str, known: Sequence[PlaceMention], toponyms: Sequence[Toponym], index: int, gazetteer: Gazetteer
) -> tuple[Place, Origin] | None:
    """The place that a toponym without an entry stands in, and the rule that says so; no place near it: None.

    `known` holds the mentions of all toponyms of the text, those with an entry resolved.
    """
    toponym = toponyms[index]
    if is_acronym(toponym.name):  # of a body, or of a place elsewhere
        return None
    if toponym.is_facility and (inner := _place_in_name(toponym.name, known, gazetteer)):
        return inner, INSIDE_NAME
    if said := _said_after(text, known, index):
        return said, SAID
    nearest = _nearest(known, index)
    if nearest is None or nearest.place is None or (nearest.place.kind is PlaceKind.COUNTRY and not toponym.is_facility):
        return None
    if abs(nearest.span.start - toponym.span.start) > FAR * SENTENCE_LENGTH:
        return _country_of(nearest.place, gazetteer), SAME_COUNTRY
    return nearest.place, NEAREST


def standing_in(toponym: Toponym, home: Place) -> Place:
    """A place without an entry, standing inside one that has: its country and, as the best there is, its point."""
    kind = PlaceKind.FACILITY if toponym.is_facility else (toponym.unit or PlaceKind.CITY)
    return Place(toponym.name, kind, home.country, None, home.admin1, home.point, home.name)


def _place_in_name(name: str, known: Sequence[PlaceMention], gazetteer: Gazetteer) -> Place | None:
    """What a facility's name begins with: a place of this text, or a large city. Roads lead elsewhere ("London Road")."""
    words = re.sub(r"['’]s\b", "", name).split()
    if not words or words[-1].lower() in gazetteer.words.roads or not words[0][0].isupper() or words[0].lower() in COMPASS:
        return None
    here = {fold(m.name): m.place for m in known if m.place and not m.is_adjective and m.place.kind is not PlaceKind.COUNTRY}
    for size in range(min(LONGEST_PLACE, len(words) - 1), 0, -1):
        opening = " ".join(words[:size])
        if named := here.get(fold(opening)):
            return named
        for candidate in gazetteer.find(opening, 1):
            if candidate.is_main_name and candidate.place.kind is PlaceKind.CITY and candidate.population >= LARGE_CITY:
                return candidate.place
    return None


def _said_after(text: str, known: Sequence[PlaceMention], index: int) -> Place | None:
    """The place named next, where nothing but "in" stands between, or a comma and it is a unit or country ("Zubrow, Poland")."""
    following = known[index + 1] if index + 1 < len(known) else None
    if following is None or following.is_adjective or following.place is None or following.place.kind is PlaceKind.REGION:
        return None
    gap = text[known[index].span.end : following.span.start]
    is_unit = following.place.kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.ADMIN2)
    return following.place if _SAID_INSIDE.fullmatch(gap) or (gap == ", " and is_unit) else None


def _country_of(place: Place, gazetteer: Gazetteer) -> Place:
    country = gazetteer.countries[place.country or ""]
    return Place(country.name, PlaceKind.COUNTRY, country.iso3, country.geonames)


def _nearest(known: Sequence[PlaceMention], index: int) -> PlaceMention | None:
    """The nearest resolved city of the text, rather one before it; no city: the nearest unit or country."""
    best: PlaceMention | None = None
    best_cost = math.inf
    countries = Counter(m.place.country for m in known if m.place)
    start = known[index].span.start
    for other in known:
        if other.place is None or other.is_adjective or other.place.country is None or other.place.kind is PlaceKind.REGION:
            continue
        cost = abs(other.span.start - start) / SENTENCE_LENGTH + (0.5 if other.span.start > start else 0.0)
        cost += COARSE.get(other.place.kind, 0.0)
        cost += ELSEWHERE * (1.0 - countries[other.place.country] / countries.total())
        if cost < best_cost:
            best, best_cost = other, cost
    return best
