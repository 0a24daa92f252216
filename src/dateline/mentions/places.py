"""Toponyms, and the places they stand for.

A name's candidates are weighed by people (log10), kind, and the votes of the document's other names (country, first-level unit,
nearness), in three rounds; a name has one sense in a document. Weights after shared measurements on LGL, GeoVirus and GeoWebNews.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dateline.knowledge.places import Candidate, Gazetteer, fold, words_of
from dateline.records import (
    BlockKind,
    Document,
    Entity,
    EntityKind,
    How,
    Origin,
    Place,
    PlaceKind,
    PlaceMention,
    Sentence,
    Span,
    Token,
)

KIND_PRIOR: Mapping[PlaceKind, float] = {PlaceKind.COUNTRY: 3.0, PlaceKind.REGION: 9.0, PlaceKind.ADMIN1: 0.3}
CAPITAL_PRIOR = 1.0
OTHER_SPELLING_PENALTY = 2.0  # log10 units: "Paris" as another name of Parys must not beat Paris
COUNTRY_VOTE, ADMIN1_VOTE, NEARNESS_VOTE = 6.0, 3.0, 4.0
NEARNESS_KM = 150.0
ROUNDS = 3
LONGEST_NAME = 5  # words
LARGE = 500_000  # people: a name known to everyone, in any setting
SMALLEST_UNTAGGED = 15_000  # people: below this a capitalised word needs the reader to have seen a place in it

COMPASS = words_of(
    "north south east west northern southern eastern western central northeastern northwestern southeastern southwestern "
    "north-eastern north-western south-eastern south-western downtown greater upper lower neighbouring neighboring"
)
LOCATIVE = words_of("in at near from around outside inside across")
PLACING = LOCATIVE | frozenset(("of", "to", "for", "towards", "toward", "between", "on"))
LOCALITY_WORDS = frozenset(("area", "locality", "neighbourhood", "neighborhood", "suburb"))
LOCALITY_KM = 60.0  # farther than this from every other name, a "Wadi area" is not the town of Wadi

LOOKED_UP = Origin(How.LOOKED_UP, "gazetteer")
DEMONYM = Origin(How.LOOKED_UP, "places/countries.csv")
SEAT = Origin(How.LOOKED_UP, "actors/metonyms.csv")
INSIDE_NAME = Origin(How.INFERRED, "facility: the place in its name")
NEAREST = Origin(How.INFERRED, "no entry: inside the nearest place the text names")
NO_ENTRY = Origin(How.INFERRED, "no entry in the gazetteer, and no place near it in the text")


@dataclass(frozen=True)
class _Toponym:
    """A name before it is resolved. `unit` is the kind a word beside it gives ("district"); None: nothing said."""

    span: Span
    name: str
    sentence: int
    is_facility: bool
    is_adjective: bool = False
    unit: PlaceKind | None = None
    is_locality: bool = False


DATELINE_WEIGHT = 6.0
"""What the place of a dateline counts for in the country of a report: as much as three names in its opening."""


def find_places(document: Document, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """Every toponym and demonym of the sentences, in text order, not overlapping; none: an empty tuple.

    A facility or locality that the gazetteer lacks stands inside the nearest resolved place of the text. A country never has a
    point. A name with no candidate and nothing near it is kept with `place` None.
    """
    people = _surnames(document.text, sentences)
    told = tuple(t for sentence in sentences for t in _toponyms(document.text, sentence, gazetteer) if fold(t.name) not in people)
    toponyms = tuple(sorted((*_datelines(document, gazetteer), *told), key=lambda t: t.span.start))
    senses = _senses(toponyms, gazetteer)
    known = [_resolve(t, senses, gazetteer) for t in toponyms]
    return tuple(m if m.place or m.is_adjective else _inside_nearest(known, toponyms, i) for i, m in enumerate(known))


_DATELINE_PART = re.compile(r"[^\W\d_][^,;:()\[\]/\d–—]*")


def _datelines(document: Document, gazetteer: Gazetteer) -> Iterator[_Toponym]:
    """The places of datelines, which are no sentences: "MINSK, Aug 18 (Agency) -", "CARACAS (VENEZUELA), 27 Oct"."""
    for block in document.blocks:
        if block.kind is not BlockKind.DATELINE:
            continue
        for part in list(_DATELINE_PART.finditer(block.span.of(document.text)))[:2]:
            name = part.group().strip(" .-")
            if len(name) > 2 and gazetteer.find(name, 1):
                start = block.span.start + part.start()
                yield _Toponym(Span(start, start + len(name)), name, -1, is_facility=False)


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


# ---------------------------------------------------------------- finding names


def _surnames(text: str, sentences: Sequence[Sentence]) -> frozenset[str]:
    """Last words of the full names of persons: the reader may take a bare surname for a place."""
    full = (fold(e.span.of(text)).split() for s in sentences for e in s.entities if e.kind is EntityKind.PERSON)
    return frozenset(words[-1] for words in full if len(words) > 1)


def _toponyms(text: str, sentence: Sentence, gazetteer: Gazetteer) -> Iterator[_Toponym]:
    taken: list[Span] = []
    found: list[_Toponym] = []
    for entity in _joined(text, sentence, gazetteer):
        taken.append(entity.span)
        found.extend(_of_entity(text, sentence, entity, gazetteer))
    found.extend(_demonyms(text, sentence, gazetteer, [t.span for t in found]))
    found.extend(_untagged(text, sentence, gazetteer, taken + [t.span for t in found]))
    yield from sorted(found, key=lambda t: t.span.start)


def _joined(text: str, sentence: Sentence, gazetteer: Gazetteer) -> list[Entity]:
    """The sentence's entities, a facility the reader has cut in two ("Tverskaya", "Street") made whole."""
    whole: list[Entity] = []
    for entity in sentence.entities:
        last = whole[-1] if whole else None
        cut = (
            last is not None
            and last.kind in (EntityKind.LOCATION, EntityKind.FACILITY)
            and text[last.span.end : entity.span.start] == " "
        )
        if (
            last is not None
            and cut
            and entity.span.of(text).lower() in gazetteer.facility_words
            and (last.span.end + 1 == entity.span.start)
        ):
            whole[-1] = Entity(last.span.join(entity.span), EntityKind.FACILITY)
        else:
            whole.append(entity)
    return whole


def _of_entity(text: str, sentence: Sentence, entity: Entity, gazetteer: Gazetteer) -> Iterator[_Toponym]:
    if entity.kind not in (EntityKind.LOCATION, EntityKind.FACILITY) and not _is_city_taken_for_man(
        text, sentence, entity, gazetteer
    ):
        return
    for part in _parts(text, entity.span, gazetteer):
        span = _trim(text, part)
        span = span and _without_area_word(text, span, gazetteer)
        if span is None:
            continue
        name = span.of(text)
        country = gazetteer.country_of_adjective(name)
        if country and not gazetteer.find(name, 1):
            yield _Toponym(span, name, sentence.index, False, True)
            continue
        known = fold(name) in gazetteer.seats or bool(gazetteer.find(name, 1))
        facility = _is_facility(name, gazetteer) or (entity.kind is EntityKind.FACILITY and not known)
        unit, is_locality = _unit_beside(sentence, span, gazetteer)
        yield _Toponym(span, name, sentence.index, facility, unit=unit, is_locality=is_locality)


def _is_city_taken_for_man(text: str, sentence: Sentence, entity: Entity, gazetteer: Gazetteer) -> bool:
    """Whether a "person" of one word that does nothing is a large city ("retook Mosul")."""
    name, head = entity.span.of(text), sentence.head_of(entity.span)
    if entity.kind is not EntityKind.PERSON or " " in name or head is None or head.relation.startswith("nsubj"):
        return False
    return any(c.is_main_name and c.place.kind is PlaceKind.CITY and c.population >= LARGE for c in gazetteer.find(name, 3))


def _parts(text: str, span: Span, gazetteer: Gazetteer) -> Iterator[Span]:
    """ "Baku, Azerbaijan" is two names; "ahmedabad/vadodara" and "anand district of gujarat" too."""
    units = "|".join(map(re.escape, gazetteer.area_words))
    start = span.start
    for gap in re.finditer(rf"[,/;]|(?<=\s)(?<!^)(?:{units})(\s+of\s+)", span.of(text)):
        first, last = gap.span(1) if gap[1] else gap.span()
        if span.start + first > start:
            yield Span(start, span.start + first)
        start = span.start + last
    if start < span.end:
        yield Span(start, span.end)


def _trim(text: str, span: Span) -> Span | None:
    """The name without "the", a compass word, a possessive or white space; nothing left: None."""
    start, end = span.start, span.end
    while end > start and (text[end - 1].isspace() or text[end - 1] in "'’.,\"”"):
        if text[end - 1] == "." and text[max(start, end - 3) : end - 2] == ".":  # "U.S."
            break
        end -= 1
    for ending in ("'s", "’s"):
        if text[start:end].endswith(ending):
            end -= 2
    while start < end:
        word = text[start:end].split(maxsplit=1)
        if not word:
            return None
        lead = len(text[start:end]) - len(text[start:end].lstrip())
        is_extra = word[0].lower() == "the" or (word[0].lower() in COMPASS and word[0].islower())
        if len(word) == 1 or not is_extra:
            start += lead
            break
        start += lead + len(word[0])
    return Span(start, end) if end > start and any(c.isalnum() for c in text[start:end]) else None


def _without_area_word(text: str, span: Span, gazetteer: Gazetteer) -> Span | None:
    """ "kadi town of" -> "kadi"; districts and provinces keep their word, which is part of the name. A bare "town": None."""
    words = list(re.finditer(r"\S+", span.of(text)))
    while words and words[-1][0].lower() in ("of", "in", "and"):
        words.pop()
    if len(words) > 1 and gazetteer.area_words.get(words[-1][0].lower()) is PlaceKind.CITY and words[-1][0].islower():
        words.pop()
    if not words or (len(words) == 1 and _is_common(words[0][0], gazetteer)):
        return None
    return Span(span.start + words[0].start(), span.start + words[-1].end())


def _is_common(word: str, gazetteer: Gazetteer) -> bool:
    return word.islower() and (word in gazetteer.area_words or word in gazetteer.facility_words or word in COMPASS)


def _is_facility(name: str, gazetteer: Gazetteer) -> bool:
    words = fold(name).split()
    return len(words) > 1 and (words[-1] in gazetteer.facility_words or (words[0] in gazetteer.facility_words and "of" in words))


def _unit_beside(sentence: Sentence, span: Span, gazetteer: Gazetteer) -> tuple[PlaceKind | None, bool]:
    """The kind that the word ending or following a name gives it ("Anand district"); whether it is part of a town ("Wadi area")."""
    after = next((t for t in sentence.tokens if t.span.start >= span.end), None)
    for token in (sentence.token_at(span.end - 1), after):
        word = token.text.lower() if token else ""
        if word in gazetteer.area_words:
            return gazetteer.area_words[word], word in LOCALITY_WORDS
    return None, False


def _demonyms(text: str, sentence: Sentence, gazetteer: Gazetteer, taken: list[Span]) -> Iterator[_Toponym]:
    """Adjectives and people-words of countries ("South Korean", "Lithuanian", "Danes")."""
    tokens = sentence.tokens
    index = 0
    while index < len(tokens):
        for size in (2, 1):
            run = tokens[index : index + size]
            span = Span(run[0].span.start, run[-1].span.end)
            name = span.of(text)
            is_name = len(run) == size and run[0].upos != "DET" and not any(span.overlaps(other) for other in taken)
            if is_name and gazetteer.country_of_adjective(name) and _may_be_demonym(name, run[-1], sentence):
                yield _Toponym(span, name, sentence.index, False, True)
                index += size
                break
        else:
            index += 1


def _may_be_demonym(name: str, token: Token, sentence: Sentence) -> bool:
    if name in ("us", "Us", "pole", "poles", "turkey", "Swede"):
        return False
    if name in ("US", "U.S.", "UK", "ROK", "DPRK"):  # nouns as often as adjectives: only right before what they modify
        return False
    return (
        name[0].isupper()
        or any(e.kind is EntityKind.NORP and e.span.overlaps(token.span) for e in sentence.entities)
        or (token.upos == "ADJ" and len(name) > 5)
    )


def _untagged(text: str, sentence: Sentence, gazetteer: Gazetteer, taken: list[Span]) -> Iterator[_Toponym]:
    """Names the reader passed over: proper nouns that the gazetteer holds, the longest first."""
    tokens = sentence.tokens
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not _may_open_name(tokens, index, gazetteer) or any(token.span.overlaps(s) for s in taken):
            index += 1
            continue
        for size in range(min(LONGEST_NAME, len(tokens) - index), 0, -1):
            run = tokens[index : index + size]
            span = Span(run[0].span.start, run[-1].span.end)
            if run[-1].upos not in ("PROPN", "NOUN") or any(span.overlaps(s) for s in taken):
                continue
            previous = tokens[index - 1].text.lower() if index else ""
            following = tokens[index + size].text.lower() if index + size < len(tokens) else ""
            is_placed = previous in PLACING or following in gazetteer.area_words
            if _is_known(span.of(text), run, is_placed, gazetteer):
                unit, is_locality = _unit_beside(sentence, span, gazetteer)
                yield _Toponym(span, span.of(text), sentence.index, False, unit=unit, is_locality=is_locality)
                index += size - 1
                break
        index += 1


def _may_open_name(tokens: Sequence[Token], index: int, gazetteer: Gazetteer) -> bool:
    token = tokens[index]
    if token.text[0].isupper():
        return token.upos == "PROPN" and len(token.text) > 1 and token.relation != "flat"
    # all in lower case: "in petlad town" is a name, "in the town" and "in custody" are not
    following = tokens[index + 1].text.lower() if index + 1 < len(tokens) else ""
    previous = tokens[index - 1].text.lower() if index else ""
    is_word = token.upos not in ("PROPN", "NOUN") or not token.text.isalpha() or _is_common(token.text, gazetteer)
    return not is_word and previous in LOCATIVE and (token.upos == "PROPN" or following in gazetteer.area_words)


def _is_known(name: str, run: Sequence[Token], is_placed: bool, gazetteer: Gazetteer) -> bool:
    """Whether words are surely a toponym: a country, region or unit, or a town large enough for the words about it."""
    candidates = [c for c in gazetteer.find(name, 4) if c.is_main_name]
    if not candidates:
        return False
    best = max(c.population for c in candidates)
    wide = any(c.place.kind in (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1) for c in candidates)
    if len(run) == 1 and len(name) < 4 and not wide:
        return False
    if name.lower() == "us" and name.islower():
        return False
    return wide or best >= (SMALLEST_UNTAGGED if is_placed else LARGE)


# ---------------------------------------------------------------- one sense a name


def _senses(toponyms: Sequence[_Toponym], gazetteer: Gazetteer) -> dict[tuple[str, PlaceKind | None], Candidate]:
    """The candidate chosen for each name (and the unit it was called)."""
    pools: dict[tuple[str, PlaceKind | None], tuple[Candidate, ...]] = {}
    fixed: list[str] = []
    for toponym in toponyms:
        if toponym.is_adjective:
            if country := gazetteer.country_of_adjective(toponym.name):
                fixed.append(country)
            continue
        if seat := gazetteer.seats.get(fold(toponym.name)):
            fixed.append(seat)  # "Stormont", "the Kremlin": no entry, but they say which country the report is in
        key = (fold(toponym.name), toponym.unit)
        if key not in pools and not (toponym.is_facility and not gazetteer.find(toponym.name, 1)):
            pools[key] = _candidates(toponym, gazetteer)
    pools = {key: pool for key, pool in pools.items() if pool}
    demonyms = tuple(dict.fromkeys(fixed))
    base = {key: [_prior(c, key[1]) for c in pool] for key, pool in pools.items()}
    shares = {key: _softmax(scores) for key, scores in base.items()}
    for _ in range(ROUNDS if len(pools) + len(demonyms) > 1 else 0):
        shares = {key: _softmax(_with_votes(key, pools, base, shares, demonyms)) for key in pools}
    chosen = {key: pool[max(range(len(pool)), key=lambda i: shares[key][i])] for key, pool in pools.items()}
    far = {key for key in _locality_keys(toponyms) if key in chosen and _is_far(key, chosen)}
    return {key: candidate for key, candidate in chosen.items() if key not in far}


def _locality_keys(toponyms: Sequence[_Toponym]) -> frozenset[tuple[str, PlaceKind | None]]:
    return frozenset((fold(t.name), t.unit) for t in toponyms if t.is_locality)


def _is_far(key: tuple[str, PlaceKind | None], chosen: Mapping[tuple[str, PlaceKind | None], Candidate]) -> bool:
    here = chosen[key].place.point
    others = [c.place.point for k, c in chosen.items() if k[0] != key[0] and c.place.point]
    return here is not None and bool(others) and min(_km(here, p) for p in others if p) > LOCALITY_KM


def _candidates(toponym: _Toponym, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
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


def _prior(candidate: Candidate, unit: PlaceKind | None) -> float:
    score = math.log10(candidate.population + 1) + KIND_PRIOR.get(candidate.place.kind, 0.0)
    if candidate.is_capital:
        score += CAPITAL_PRIOR
    if not candidate.is_main_name:
        score -= OTHER_SPELLING_PENALTY
    if unit is PlaceKind.CITY and candidate.place.kind is not PlaceKind.CITY:
        score -= 5.0  # "Georgia town" is no country
    return score


def _with_votes(
    key: tuple[str, PlaceKind | None],
    pools: Mapping[tuple[str, PlaceKind | None], tuple[Candidate, ...]],
    base: Mapping[tuple[str, PlaceKind | None], Sequence[float]],
    shares: Mapping[tuple[str, PlaceKind | None], Sequence[float]],
    demonyms: tuple[str, ...],
) -> list[float]:
    """The scores of a name's candidates with what the other names say: each has one vote, split by its own shares."""
    voters = max(1, len(pools) - 1 + len(demonyms))
    countries: dict[str | None, float] = dict.fromkeys(demonyms, 1.0)
    units: dict[tuple[str | None, str], float] = {}
    points: list[tuple[tuple[float, float], float]] = []
    for other, pool in pools.items():
        if other == key or other[0] == key[0]:
            continue
        for candidate, share in zip(pool, shares[other], strict=True):
            place = candidate.place
            countries[place.country] = countries.get(place.country, 0.0) + share
            if place.admin1:
                units[place.country, place.admin1] = units.get((place.country, place.admin1), 0.0) + share
            if place.point and share > 0.2:
                points.append((place.point, share))
    scores = []
    for candidate, start in zip(pools[key], base[key], strict=True):
        place = candidate.place
        score = start + COUNTRY_VOTE * countries.get(place.country, 0.0) / voters
        if place.admin1:
            score += ADMIN1_VOTE * units.get((place.country, place.admin1), 0.0) / voters
        if place.point:
            score += NEARNESS_VOTE * sum(w * math.exp(-_km(place.point, p) / NEARNESS_KM) for p, w in points) / voters
        scores.append(score)
    return scores


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    raised = [math.exp(2.0 * (s - top)) for s in scores]
    total = sum(raised)
    return [r / total for r in raised]


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))


# ---------------------------------------------------------------- resolving


def _resolve(toponym: _Toponym, senses: Mapping[tuple[str, PlaceKind | None], Candidate], gazetteer: Gazetteer) -> PlaceMention:
    if toponym.is_adjective:
        country = gazetteer.country_of_adjective(toponym.name)
        known = gazetteer.countries.get(country or "")
        place = Place(known.name, PlaceKind.COUNTRY, known.iso3) if known else None
        return PlaceMention(toponym.span, toponym.name, place, DEMONYM, True)
    if seat := gazetteer.seats.get(fold(toponym.name)):
        return PlaceMention(toponym.span, toponym.name, _at_seat(toponym, seat, gazetteer), SEAT)
    chosen = senses.get((fold(toponym.name), toponym.unit))
    if chosen is not None:
        place = chosen.place
        if place.kind is PlaceKind.COUNTRY and place.country:
            place = replace(place, name=gazetteer.countries[place.country].name)
        return PlaceMention(toponym.span, toponym.name, place, LOOKED_UP)
    if toponym.is_facility and (inner := _inner_city(toponym.name, gazetteer)):
        return PlaceMention(toponym.span, toponym.name, _within(toponym, inner), INSIDE_NAME)
    return PlaceMention(toponym.span, toponym.name, None, NO_ENTRY)


def _at_seat(toponym: _Toponym, country: str, gazetteer: Gazetteer) -> Place:
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


def _inside_nearest(known: Sequence[PlaceMention], toponyms: Sequence[_Toponym], index: int) -> PlaceMention:
    """The mention inside the nearest resolved city of the text, rather one before it; no city: the nearest unit or country."""
    toponym = toponyms[index]
    best: Place | None = None
    best_cost = math.inf
    for other, there in zip(known, toponyms, strict=True):
        if other.place is None or other.is_adjective or other.place.kind is PlaceKind.REGION:
            continue
        distance = abs(there.sentence - toponym.sentence) + (0.5 if there.span.start > toponym.span.start else 0.0)
        coarse = {PlaceKind.COUNTRY: 8.0, PlaceKind.ADMIN1: 3.0, PlaceKind.ADMIN2: 1.0}.get(other.place.kind, 0.0)
        if distance + coarse < best_cost:
            best, best_cost = other.place, distance + coarse
    if best is None or (best.kind is PlaceKind.COUNTRY and not toponym.is_facility):
        return known[index]
    return PlaceMention(toponym.span, toponym.name, _within(toponym, best), NEAREST)


def _within(toponym: _Toponym, home: Place) -> Place:
    """A place without an entry, standing inside one that has: its country and, as the best there is, its point."""
    kind = PlaceKind.FACILITY if toponym.is_facility else (toponym.unit or PlaceKind.CITY)
    return Place(toponym.name, kind, home.country, None, home.admin1, home.point, home.name)
