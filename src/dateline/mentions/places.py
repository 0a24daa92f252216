"""The places that a document's toponyms stand for.

Finding the names is toponyms.py, weighing their candidates place_votes.py; here they are put together, and names without an entry
of their own are put inside the nearest place the text names. Specs: tests/specs/places.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dateline.knowledge.places import Candidate, Gazetteer, fold
from dateline.mentions.place_votes import Name, Voice, Weighed, weigh_candidates
from dateline.mentions.toponyms import COMPASS, Toponym, find_toponyms
from dateline.records import BlockKind, Document, How, Origin, Place, PlaceCandidate, PlaceKind, PlaceMention, Sentence

LOCALITY_KM = 60.0  # farther than this from every other name, a "Wadi area" is not the town of Wadi
SENTENCE_LENGTH = 130.0  # code points: what one sentence of distance is worth

LOOKED_UP = Origin(How.LOOKED_UP, "gazetteer")
DEMONYM = Origin(How.LOOKED_UP, "places/countries.csv")
SEAT = Origin(How.LOOKED_UP, "actors/metonyms.csv")
INSIDE_NAME = Origin(How.INFERRED, "facility: the place in its name")
NEAREST = Origin(How.INFERRED, "no entry: inside the nearest place the text names")
NO_ENTRY = Origin(How.INFERRED, "no entry in the gazetteer, and no place near it in the text")

DATELINE_WEIGHT = 6.0
"""What the place of a dateline counts for in the country of a report: as much as three names in its opening."""


def find_places(document: Document, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """Every toponym and demonym of the sentences, in text order, not overlapping; none: an empty tuple.

    A facility or locality that the gazetteer lacks stands inside the nearest resolved place of the text. A country never has a
    point. A name with no candidate and nothing near it is kept with `place` None.
    """
    return resolve_toponyms(find_toponyms(document, sentences, gazetteer), gazetteer)


def resolve_toponyms(toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """A mention for each toponym of one document, in the order given, which is that of the text.

    `candidates` holds what was weighed; a name that is an adjective, a seat of government or without an entry has none.
    """
    senses = _senses(toponyms, gazetteer)
    known = [_resolve(t, senses, gazetteer) for t in toponyms]
    return tuple(m if m.place or m.is_adjective else _inside_nearest(known, toponyms, i) for i, m in enumerate(known))


def main_country(places: Iterable[PlaceMention], document: Document) -> str | None:
    """The country the document is mostly about: its resolved names and demonyms, those of the first 400 code points counted twice.

    No place at all: None. Two countries level: the one named first.
    """
    weights: dict[str, float] = {}
    for mention in places:
        if mention.place and mention.place.country:
            weight = (2.0 if mention.span.start < 400 else 1.0) * (0.7 if mention.is_adjective else 1.0)
            block = document.block_at(mention.span.start)
            if block is not None and block.kind is BlockKind.DATELINE:
                weight = DATELINE_WEIGHT
            weights[mention.place.country] = weights.get(mention.place.country, 0.0) + weight
    return max(weights, key=lambda c: weights[c], default=None)


# ---------------------------------------------------------------- one sense a name


def _name_of(toponym: Toponym) -> Name:
    return fold(toponym.name), toponym.unit


def _senses(toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> dict[Name, tuple[Weighed, ...]]:
    """What was weighed for each name, the chosen candidate first."""
    pools: dict[Name, tuple[Candidate, ...]] = {}
    shown: dict[Name, str] = {}
    voices: dict[str, Voice] = {}
    for toponym in toponyms:
        if toponym.is_adjective:
            if country := gazetteer.country_of_adjective(toponym.name):
                voices.setdefault(country, Voice(toponym.name, country))
            continue
        if seat := gazetteer.seats.get(fold(toponym.name)):
            # "Stormont", "the Kremlin": no entry, but they say which country the report is in
            voices.setdefault(seat, Voice(toponym.name, seat))
        key = _name_of(toponym)
        if key not in pools and not (toponym.is_facility and not gazetteer.find(toponym.name, 1)):
            pools[key] = _candidates(toponym, gazetteer)
            shown[key] = toponym.name
    weighed = weigh_candidates({key: pool for key, pool in pools.items() if pool}, tuple(voices.values()), shown)
    far = {key for t in toponyms if t.is_locality and (key := _name_of(t)) in weighed and _is_far(key, weighed)}
    return {key: ranked for key, ranked in weighed.items() if key not in far}


def _is_far(key: Name, weighed: Mapping[Name, Sequence[Weighed]]) -> bool:
    here = weighed[key][0].candidate.place.point
    others = [ranked[0].candidate.place.point for k, ranked in weighed.items() if k[0] != key[0]]
    return here is not None and any(others) and min(_km(here, p) for p in others if p) > LOCALITY_KM


def _candidates(toponym: Toponym, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    if toponym.unit in (PlaceKind.ADMIN1, PlaceKind.ADMIN2):
        bare = fold(toponym.name)
        words = bare.split()
        if len(words) > 1 and words[-1] in gazetteer.area_words:
            bare = " ".join(words[:-1])
        units = [c for word in ("province", "state", "oblast", "region") for c in gazetteer.find(f"{bare} {word}", 2)]
        units += [c for c in gazetteer.find(bare) if c.place.kind is PlaceKind.ADMIN1]
        return tuple(dict.fromkeys(units)) or tuple(_as_unit(c, toponym.unit) for c in gazetteer.find(bare))
    found = gazetteer.find(toponym.name)
    if fold(toponym.name) in gazetteer.facility_words:
        # "Castle", cut from a longer name by the reader: only a place that really is called so, not one once nicknamed so.
        found = tuple(c for c in found if fold(c.place.name) == fold(toponym.name))
    return found


def _as_unit(candidate: Candidate, unit: PlaceKind) -> Candidate:
    """A district or province known only by its seat: the seat's point, and no id, which is the seat's."""
    if candidate.place.kind is not PlaceKind.CITY:
        return candidate
    return replace(candidate, place=replace(candidate.place, kind=unit, geonames=None, within=candidate.place.name))


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))


# ---------------------------------------------------------------- resolving


def _resolve(toponym: Toponym, senses: Mapping[Name, Sequence[Weighed]], gazetteer: Gazetteer) -> PlaceMention:
    if toponym.is_adjective:
        country = gazetteer.country_of_adjective(toponym.name)
        known = gazetteer.countries.get(country or "")
        place = Place(known.name, PlaceKind.COUNTRY, known.iso3) if known else None
        return PlaceMention(toponym.span, toponym.name, place, DEMONYM, True)
    if seat := gazetteer.seats.get(fold(toponym.name)):
        return PlaceMention(toponym.span, toponym.name, _at_seat(toponym, seat, gazetteer), SEAT)
    if ranked := senses.get(_name_of(toponym)):
        candidates = tuple(PlaceCandidate(_shown(w.candidate, gazetteer), w.score, w.parts) for w in ranked)
        return PlaceMention(toponym.span, toponym.name, candidates[0].place, LOOKED_UP, candidates=candidates)
    if toponym.is_facility and (inner := _inner_city(toponym.name, gazetteer)):
        return PlaceMention(toponym.span, toponym.name, _within(toponym, inner), INSIDE_NAME)
    return PlaceMention(toponym.span, toponym.name, None, NO_ENTRY)


def _shown(candidate: Candidate, gazetteer: Gazetteer) -> Place:
    """The place; a country by the name of our table, whatever it was called."""
    place = candidate.place
    if place.kind is PlaceKind.COUNTRY and place.country:
        return replace(place, name=gazetteer.countries[place.country].name)
    return place


def _at_seat(toponym: Toponym, country: str, gazetteer: Gazetteer) -> Place:
    """The Kremlin stands in Moscow: a facility inside its country's capital."""
    capital = next(
        (
            c.place
            for n in gazetteer.countries[country].capitals
            for c in gazetteer.find(n)
            if c.place.country == country and c.is_capital
        ),
        None,
    )
    if capital is None:
        return Place(toponym.name, PlaceKind.FACILITY, country)
    return Place(toponym.name, PlaceKind.FACILITY, country, None, capital.admin1, capital.point, capital.name)


def _inner_city(name: str, gazetteer: Gazetteer) -> Place | None:
    """The large place whose name opens a facility's ("Minsk Tractor Works"); none: None."""
    words = name.split()
    for size in range(min(3, len(words) - 1), 0, -1):
        for candidate in gazetteer.find(" ".join(words[:size]), 1):
            big = candidate.population >= 100_000 and candidate.is_main_name and candidate.place.kind is PlaceKind.CITY
            if big and words[0][0].isupper() and words[0].lower() not in COMPASS:
                return candidate.place
    return None


def _inside_nearest(known: Sequence[PlaceMention], toponyms: Sequence[Toponym], index: int) -> PlaceMention:
    """The mention inside the nearest resolved city of the text, rather one before it; no city: the nearest unit or country."""
    toponym = toponyms[index]
    best: Place | None = None
    best_cost = math.inf
    for other, there in zip(known, toponyms, strict=True):
        if other.place is None or other.is_adjective or other.place.kind is PlaceKind.REGION:
            continue
        distance = abs(there.span.start - toponym.span.start) / SENTENCE_LENGTH
        distance += 0.5 if there.span.start > toponym.span.start else 0.0
        coarse = {PlaceKind.COUNTRY: 8.0, PlaceKind.ADMIN1: 3.0, PlaceKind.ADMIN2: 1.0}.get(other.place.kind, 0.0)
        if distance + coarse < best_cost:
            best, best_cost = other.place, distance + coarse
    if best is None or (best.kind is PlaceKind.COUNTRY and not toponym.is_facility):
        return known[index]
    return PlaceMention(toponym.span, toponym.name, _within(toponym, best), NEAREST)


def _within(toponym: Toponym, home: Place) -> Place:
    """A place without an entry, standing inside one that has: its country and, as the best there is, its point."""
    kind = PlaceKind.FACILITY if toponym.is_facility else (toponym.unit or PlaceKind.CITY)
    return Place(toponym.name, kind, home.country, None, home.admin1, home.point, home.name)
