"""The places that a document's toponyms stand for.

Finding the names is toponyms.py, weighing their candidates place_votes.py; here they are put together, and names without an entry
of their own are put inside the nearest place the text names. Specs: tests/specs/places.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dateline.knowledge.places import Candidate, Gazetteer, fold
from dateline.mentions.enclosing import enclosing_place, standing_in
from dateline.mentions.homes import Home
from dateline.mentions.place_votes import Name, Voice, Weighed, weigh_candidates
from dateline.mentions.toponyms import Toponym, find_toponyms, may_be_called, without_compass
from dateline.records import BlockKind, Document, How, Origin, Place, PlaceCandidate, PlaceKind, PlaceMention, Sentence

NAMESAKES = 40  # places of one name that are weighed, the largest
LARGE_WHOLE = 5_000_000  # people: of a unit or city that is named by its part ("North-Western Sydney")
WELL_KNOWN, LEAST_VOTES = 500_000, 1.0  # people; of a score: a smaller town by another name needs so much from other names
LOCALITY_KM = 60.0  # farther than this from every other name, a "Wadi area" is not the town of Wadi

LOOKED_UP = Origin(How.LOOKED_UP, "gazetteer")
DEMONYM = Origin(How.LOOKED_UP, "places/countries.csv")
REGION_DEMONYM = Origin(How.LOOKED_UP, "places/region_adjectives.csv")
SEAT = Origin(How.LOOKED_UP, "actors/metonyms.csv")
FACILITIES = Origin(How.LOOKED_UP, "places/facilities.csv")
NO_ENTRY = Origin(How.INFERRED, "no entry in the gazetteer, and no place near it in the text")

WELL_PEOPLED = 5.0
"""Log10 of the people of a town that is meant by its name rather than a square or airport called so."""

DATELINE_WEIGHT = 6.0
"""What the place of a dateline counts for in the country of a report: as much as three names in its opening."""


def find_places(
    document: Document, sentences: Sequence[Sentence], gazetteer: Gazetteer, home: Home | None = None
) -> tuple[PlaceMention, ...]:
    """Every toponym and demonym of the sentences, in text order, not overlapping; none: an empty tuple.

    A facility or locality that the gazetteer lacks stands inside the nearest resolved place of the text. A country never has a
    point. A name with no candidate and nothing near it is kept with `place` None. `home` is the publisher's; None: unknown.
    """
    return resolve_toponyms(document.text, find_toponyms(document, sentences, gazetteer), gazetteer, home)


def resolve_toponyms(
    text: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer, home: Home | None = None
) -> tuple[PlaceMention, ...]:
    """A mention for each toponym of a document's text, in the order given, which is that of the text.

    `candidates` holds what was weighed; a name that is an adjective, a seat of government or without an entry has none.
    """
    senses = _senses(toponyms, gazetteer, home)
    toponyms = [t for t in toponyms if not t.is_in_body]
    known = [_resolve(t, senses, gazetteer) for t in toponyms]
    known = [_at_known_facility(m, known, gazetteer) for m in known]
    return tuple(m if m.place or m.is_adjective else _enclosed(text, known, toponyms, i, gazetteer) for i, m in enumerate(known))


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


def _senses(toponyms: Sequence[Toponym], gazetteer: Gazetteer, home: Home | None) -> dict[Name, tuple[Weighed, ...]]:
    """What was weighed for each name, the chosen candidate first."""
    pools: dict[Name, tuple[Candidate, ...]] = {}
    shown: dict[Name, str] = {}
    voices: dict[str, Voice] = {}
    for toponym in toponyms:
        if toponym.is_adjective:
            if (place := gazetteer.place_of_adjective(toponym.name)) and place.country:
                voices.setdefault(place.country, Voice(toponym.name, place.country))
            continue
        if seat := gazetteer.seats.get(fold(toponym.name)):
            # "Stormont", "the Kremlin": no entry, but they say which country the report is in
            voices.setdefault(seat, Voice(toponym.name, seat))
        key = _name_of(toponym)
        if key not in pools and not (toponym.is_facility and not gazetteer.find(toponym.name, 1)):
            pools[key] = _candidates(toponym, gazetteer)
            shown[key] = toponym.name
    weighed = weigh_candidates({key: pool for key, pool in pools.items() if pool}, tuple(voices.values()), shown, home)
    weighed = {key: ranked for key, ranked in weighed.items() if not _is_guess(ranked[0])}
    far = {key for t in toponyms if t.is_locality and (key := _name_of(t)) in weighed and _is_far(key, weighed)}
    return {key: ranked for key, ranked in weighed.items() if key not in far}


def _is_guess(weighed: Weighed) -> bool:
    """Whether a town is chosen by another than its main name, and nothing else in the text speaks for it ("Hamas" is not Hamm)."""
    candidate = weighed.candidate
    is_obscure = not candidate.is_main_name and candidate.place.kind is PlaceKind.CITY and candidate.population < WELL_KNOWN
    return is_obscure and weighed.votes < LEAST_VOTES


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
        units += [c for c in gazetteer.find(bare, NAMESAKES) if c.place.kind is PlaceKind.ADMIN1]
        units += [c for c in gazetteer.find(toponym.name, NAMESAKES) if c.place.kind is toponym.unit]
        named = gazetteer.find(bare, NAMESAKES)
        if not any(
            c.place.kind is PlaceKind.COUNTRY for c in (*named, *gazetteer.find(toponym.name, 1))
        ):  # "a U.S. state" is one of the country's
            return tuple(dict.fromkeys(units)) or tuple(_as_unit(c, toponym.unit) for c in named)
    listed = gazetteer.find(toponym.name, NAMESAKES) or _whole(toponym.name, gazetteer)
    called = tuple(c for c in listed if may_be_called(toponym.name, c))
    found = _without_whole_for_part(fold(toponym.name), called)
    if fold(toponym.name) in gazetteer.facility_words:
        # "Castle", cut from a longer name by the reader: only a place that really is called so, not one once nicknamed so.
        found = tuple(c for c in found if fold(c.place.name) == fold(toponym.name))
    return found


def _whole(name: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """What "Northern Kenya" is a part of: a country, region, or large unit or city, for small ones of such names are others."""
    whole = without_compass(name)
    found = gazetteer.find(whole, NAMESAKES) if whole != name else ()
    return tuple(c for c in found if c.place.kind in (PlaceKind.COUNTRY, PlaceKind.REGION) or c.population >= LARGE_WHOLE)


def _without_whole_for_part(name: str, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Without the country that is called by the name of its part ("England", "Zanzibar") where the part has an entry."""
    parts = {c.place.country for c in found if c.place.kind is PlaceKind.ADMIN1 and fold(c.place.name) == name}
    return tuple(
        c for c in found if c.place.kind is not PlaceKind.COUNTRY or c.place.country not in parts or fold(c.place.name) == name
    )


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
        place = gazetteer.place_of_adjective(toponym.name)
        is_country = place is not None and place.kind is PlaceKind.COUNTRY
        return PlaceMention(toponym.span, toponym.name, place, DEMONYM if is_country else REGION_DEMONYM, True)
    if seat := gazetteer.seats.get(fold(toponym.name)):
        return PlaceMention(toponym.span, toponym.name, _at_seat(toponym, seat, gazetteer), SEAT)
    if ranked := senses.get(_name_of(toponym)):
        candidates = tuple(PlaceCandidate(_shown(w.candidate, gazetteer), w.score, w.parts) for w in ranked)
        return PlaceMention(toponym.span, toponym.name, candidates[0].place, LOOKED_UP, candidates=candidates)
    return PlaceMention(toponym.span, toponym.name, None, NO_ENTRY)


def _enclosed(
    text: str, known: Sequence[PlaceMention], toponyms: Sequence[Toponym], index: int, gazetteer: Gazetteer
) -> PlaceMention:
    """A mention without an entry inside the place that encloses it; none: as it was."""
    found = enclosing_place(text, known, toponyms, index, gazetteer)
    if found is None:
        return known[index]
    place, origin = found
    return PlaceMention(toponyms[index].span, toponyms[index].name, standing_in(toponyms[index], place), origin)


def _shown(candidate: Candidate, gazetteer: Gazetteer) -> Place:
    """The place; a country by the name of our table, whatever it was called."""
    place = candidate.place
    if place.kind is PlaceKind.COUNTRY and place.country:
        return replace(place, name=gazetteer.countries[place.country].name)
    return place


def _at_known_facility(mention: PlaceMention, known: Sequence[PlaceMention], gazetteer: Gazetteer) -> PlaceMention:
    """The mention in its town, for a square or prison known everywhere ("Tahrir Square"); any other: as it was.

    Not where the report names other countries and not that town's: there are Freedom Squares all over the world. A small town of
    the name ("Heathrow" in Florida) gives way only where that country is named.
    """
    town, country = gazetteer.facilities.get(fold(mention.name), ("", ""))
    if not town:
        return mention
    named = {m.place.country for m in known if m.place and m.place.country and fold(m.name) != fold(mention.name)}
    if country not in named and (named or mention.place is not None):
        return mention
    if mention.candidates and dict(mention.candidates[0].parts).get("people", 0.0) >= WELL_PEOPLED:
        return mention
    homes = (c.place for c in gazetteer.find(town) if c.place.country == country and c.place.kind is PlaceKind.CITY)
    home = next(homes)  # a test finds every town of the table
    place = Place(mention.name, PlaceKind.FACILITY, home.country, None, home.admin1, home.point, home.name)
    return replace(mention, place=place, origin=FACILITIES, candidates=())


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
