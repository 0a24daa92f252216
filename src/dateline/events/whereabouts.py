"""Where a triggered event took place: its clause's own place, then its parties', its sentence's, its paragraph's, the report's.

The first rule that finds a place gives it, and the record's origin names the rule. Where the words say that an event was
elsewhere, or two states deal with each other over nobody's ground, no place is better than the report's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateline.events.home import Home, country_place, find_home
from dateline.events.locations import (
    OF_ANOTHER,
    Location,
    Weighed,
    find_locations,
    inner_locations,
    main_clause_location,
    said_inside,
    weigh,
)
from dateline.events.nearness import FARTHEST, At, distance_to, is_below
from dateline.events.scene import Occasion, Scene
from dateline.knowledge.cues import Cues
from dateline.knowledge.places import Gazetteer, fold
from dateline.records import (
    READ,
    ConsideredPlace,
    Document,
    EntityKind,
    EventPlace,
    EventTime,
    How,
    Mentions,
    Origin,
    Participant,
    Place,
    PlaceCandidate,
    PlaceKind,
    Sentence,
    Span,
    Token,
)

KEPT = 3
"""Words weighed, and places of the chosen word, that a record keeps for its explanation."""

TOGETHER = "several places, as one"

FARTHEST_IN_SENTENCE = 9.0
"""Farther than this a place of the sentence is another clause's."""

LONG_AGO = timedelta(days=60)
"""What lies farther back than this is background: the reporter's city says nothing of it."""

SMALLEST_SEAT = 15_000
"""People of a place below which the first word of a body's name is rather something else."""


@dataclass(frozen=True)
class Deed:
    """What is known of an event before its place: its type, parties and days."""

    type: str
    parties: tuple[Participant, ...]
    actors: tuple[Participant, ...]
    time: EventTime | None


@dataclass(frozen=True)
class Whereabouts:
    """What a document says of places, gathered once. `occasion`: where the one `speaker` of the report spoke."""

    document: Document
    mentions: Mentions
    home: Home | None
    occasion: Place | None
    speaker: str | None
    gazetteer: Gazetteer
    cues: Cues

    @classmethod
    def of(
        cls,
        document: Document,
        mentions: Mentions,
        gazetteer: Gazetteer,
        cues: Cues,
        occasion: Occasion | None,
    ) -> Whereabouts:
        home = find_home(document, mentions, gazetteer)
        where = cls(document, mentions, home, None, None, gazetteer, cues)
        return replace(where, occasion=where._place_of_occasion(occasion), speaker=occasion.speaker) if occasion else where

    @property
    def country(self) -> str | None:
        """The country that the report is about; none: None."""
        return self.home.place.country if self.home else None

    def locations(self, sentence: Sentence, scene: Scene) -> tuple[Location, ...]:
        """The words of a sentence that may say where."""
        told = scene.place.place if scene.place else None
        return find_locations(sentence, self.document.text, self.mentions.places, self.home, told, self.gazetteer, self.cues)

    def _place_of_occasion(self, occasion: Occasion) -> Place | None:
        """ "the interview, which was recorded in Paris": the place below the occasion's noun; none: None."""
        at = At(occasion.sentence, occasion.noun)
        inside = inner_locations(occasion.sentence, occasion.noun, self.locations(occasion.sentence, Scene()))
        return next((w.location.place for w in (weigh(at, place, "", self.cues) for place in inside) if w.is_located), None)


def find_place(at: At, deed: Deed, where: Whereabouts, scene: Scene) -> EventPlace | None:
    """The event's place by the first rule that gives one; nothing named, or nowhere in particular: None."""
    locations = where.locations(at.sentence, scene)
    weighed = sorted(
        (weigh(at, w, deed.type, where.cues) for w in locations if not said_inside(at, w)),
        key=lambda w: (bool(w.barred), w.distance, w.location.span.start),
    )
    found = _of_clause(weighed, where) or _of_bodies(deed, at, where) or _of_stay(deed, at, where, locations)
    if found is None and (abroad := _abroad(deed, where)) is not None:
        found = _of_sitting(abroad, deed, where)
        if found is None and deed.type in where.cues.placing.remote:
            return None
    found = (
        found or (None if deed.type in where.cues.speech else _of_sentence(weighed, where)) or _of_telling(at, deed, where, scene)
    )
    return replace(found, considered=_considered(weighed, found)) if found is not None else None


def _considered(weighed: Sequence[Weighed], found: EventPlace) -> tuple[ConsideredPlace, ...]:
    """The nearest few, the chosen words among them whatever stood nearer."""
    chosen = [w for w in weighed if w.location.span == found.span]
    kept = [w for w in weighed if w not in chosen][: KEPT - len(chosen)]
    return tuple(w.considered() for w in weighed if w in chosen or w in kept)


# ---------------------------------------------------------------- what the sentence says


def _of_clause(weighed: Sequence[Weighed], where: Whereabouts) -> EventPlace | None:
    """The nearest place that is no party, if it is near enough."""
    best = next((w for w in weighed if not w.barred and w.is_nearby), None)
    return _at(best.location, where) if best is not None and best.distance <= FARTHEST else None


def _of_sentence(weighed: Sequence[Weighed], where: Whereabouts) -> EventPlace | None:
    """A place of the sentence that is farther off, or another event's, as long as words say that something is there."""
    located = [w for w in weighed if w.is_located and (w.barred == OF_ANOTHER or w.distance <= FARTHEST_IN_SENTENCE)]
    located = [w for w in located if not w.barred or where.home is None or w.location.place.country == where.country]
    if not located:
        return None
    found = _at(located[0].location, where)
    return replace(found, origin=Origin(How.INFERRED, "a place its sentence names"))


def _at(location: Location, where: Whereabouts) -> EventPlace:
    """The place of the location: all of a list together, which is no finer than what holds them all."""
    if len(location.members) > 1:
        return EventPlace(_together(location.members, where), Origin(How.INFERRED, TOGETHER), location.span)
    return EventPlace(location.place, location.origin, location.span, candidates=_kept(location.candidates))


def _kept(candidates: Sequence[PlaceCandidate]) -> tuple[PlaceCandidate, ...]:
    """The best few places of some words, to one decimal place: what an explanation shows, and no more."""
    return tuple(
        replace(c, score=round(c.score, 1), parts=tuple((name, round(value, 1)) for name, value in c.parts if round(value, 1)))
        for c in candidates[:KEPT]
    )


def _carried(place: Place, rule: str, where: Whereabouts) -> EventPlace:
    """A place that words elsewhere in the report gave, with what those words may stand for."""
    named = next((m for m in where.mentions.places if m.place == place and m.candidates), None)
    return EventPlace(place, Origin(How.INFERRED, rule), candidates=_kept(named.candidates[:2]) if named else ())


def _together(places: Sequence[Place], where: Whereabouts) -> Place:
    """ "Minsk, Grodno and Brest": their city, unit or country, under all their names; a city's own parts are the city."""
    city, times = Counter(p.within for p in places).most_common(1)[0]
    whole = _named(city, where) if 2 * times >= len(places) else None
    if whole is not None:
        return whole
    names = list(dict.fromkeys(p.name for p in places))
    name = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    countries, units = {p.country for p in places}, {p.admin1 for p in places}
    country = next(iter(countries)) if len(countries) == 1 else None
    if country is not None and len(units) == 1 and None not in units:
        unit = next(iter(units))
        return Place(name, PlaceKind.ADMIN1, country, admin1=unit, within=unit)
    known = where.gazetteer.countries.get(country or "")
    kind = PlaceKind.COUNTRY if country else PlaceKind.REGION
    return Place(name, kind, country, within=known.name if known and len(names) > 1 else None)


# ---------------------------------------------------------------- what the parties say


def _of_bodies(deed: Deed, at: At, where: Whereabouts) -> EventPlace | None:
    """Where a body sits by its name: "the Tbilisi City Court ruled", "Osaka police arrested"."""
    for entity in at.sentence.entities:
        head = at.sentence.head_of(entity.span) if entity.kind is EntityKind.ORGANIZATION else None
        if head is None:
            continue
        party = next((p for p in deed.parties if p.span is not None and p.span.overlaps(entity.span)), None)
        is_near = head.relation.startswith("nsubj") and distance_to(at, head) <= FARTHEST
        if party is not None or is_near:
            countries = {where.country, party.actor.country if party else None} - {None}
            found = _seat_in_name(entity.span, frozenset(c for c in countries if c), where)
            if found is not None:
                return found
    return None


def _seat_in_name(span: Span, countries: frozenset[str], where: Whereabouts) -> EventPlace | None:
    words = span.of(where.document.text).split()
    for size in range(min(3, len(words) - 1), 0, -1):
        if words[size].lower() not in where.cues.placing.bodies or not words[0][:1].isupper():
            continue
        name = " ".join(words[:size])
        for candidate in where.gazetteer.find(name, 3):
            is_meant = candidate.is_main_name and fold(name) == fold(candidate.place.name)
            if is_meant and candidate.place.country in countries and candidate.population >= SMALLEST_SEAT:
                start = span.start + where.document.text[span.start : span.end].index(name)
                return EventPlace(candidate.place, Origin(How.INFERRED, "where its body sits"), Span(start, start + len(name)))
    return None


def _of_stay(deed: Deed, at: At, where: Whereabouts, locations: Sequence[Location]) -> EventPlace | None:
    """Where a speaker is said to stay: "Vukić, who lives in Vienna, demanded"."""
    if deed.type not in where.cues.speech:
        return None
    actors = {a.actor for a in deed.actors}
    for mention in where.mentions.actors:
        head = at.sentence.head_of(mention.head) if mention.sentence == at.sentence.index and mention.actor in actors else None
        if head is None:
            continue
        for clause in (c for c in at.sentence.children(head) if c.relation.split(":")[0] == "acl"):
            if not {t.lemma.lower() for t in at.sentence.subtree(clause)} & where.cues.placing.staying:
                continue
            for location in locations:
                if (
                    is_below(at.sentence, clause, location.anchor)
                    and weigh(At(at.sentence, clause), location, "", where.cues).is_located
                ):
                    origin = Origin(How.INFERRED, "where the speaker stays")
                    return EventPlace(location.place, origin, location.span, candidates=_kept(location.candidates))
    return None


# ---------------------------------------------------------------- what was told before, and the report


def _of_telling(at: At, deed: Deed, where: Whereabouts, scene: Scene) -> EventPlace | None:
    """The place that the paragraph, the occasion or the report gives to what is told without one."""
    placing = where.cues.placing
    is_speech = deed.type in where.cues.speech
    if is_speech and where.occasion is not None and where.speaker in {a.actor.name for a in deed.actors}:
        return EventPlace(where.occasion, Origin(How.INFERRED, "where the speaker was interviewed or spoke"))
    is_past = is_long_ago(deed.time, where.document)
    if (
        scene.place is not None
        and scene.block == at.sentence.block
        and scene.is_past == is_past
        and not is_speech
        and deed.type not in placing.national
    ):
        return _carried(settlement(scene.place.place, where), "the paragraph's place", where)
    if where.home is None:
        return None
    if where.home.about is not None and (deed.type not in placing.remote or _doer(deed) == where.home.about):
        place = country_place(where.home.about, where.gazetteer)
        return EventPlace(place, Origin(How.INFERRED, "the country the report is about")) if place is not None else None
    country = country_place(where.country, where.gazetteer)
    is_background = is_past or (not where.home.is_local and (deed.type in placing.national or deed.time is None))
    if country is not None and where.home.is_dateline and is_background:
        return EventPlace(country, Origin(How.INFERRED, "the country of the dateline: no news of the day"))
    rule = "the dateline" if where.home.is_dateline else "the document's place"
    return _carried(settlement(where.home.place, where), rule, where)


def _of_sitting(country: str, deed: Deed, where: Whereabouts) -> EventPlace | None:
    """A parliament or court of another country than the report's acts at home."""
    sits = any(a.actor.sector in where.cues.placing.sitting for a in deed.actors[:1])
    place = country_place(country, where.gazetteer) if sits else None
    return EventPlace(place, Origin(How.INFERRED, "the country whose body acts")) if place is not None else None


def _abroad(deed: Deed, where: Whereabouts) -> str | None:
    """The country, or kind of body, that the doer stands for where it is not that of the report; the same, or unknown: None."""
    country = next((a.actor.country for a in deed.actors), None)
    home = {where.country, where.home.about if where.home else None}
    return country if country is not None and where.country is not None and country not in home else None


def _doer(deed: Deed) -> str | None:
    """What the first actor of a known side stands for; none known: None."""
    return next((a.actor.country for a in deed.actors if a.actor.country), None)


def is_long_ago(time: EventTime | None, document: Document) -> bool:
    """True for what was over long before the report came out, or took long: background, and no news of a day."""
    published: date | None = document.published.day if document.published else None
    if published is None or time is None or time.last is None:
        return False
    return published - time.last > LONG_AGO or (time.first is not None and time.last - time.first > LONG_AGO)


def settlement(place: Place, where: Whereabouts) -> Place:
    """The place, or the city that a facility stands in: what follows may have happened at the next corner."""
    city = _named(place.within, where) if place.kind is PlaceKind.FACILITY else None
    return city or place


def _named(name: str | None, where: Whereabouts) -> Place | None:
    """The place that the document names so; none: None."""
    return next((m.place for m in where.mentions.places if m.place is not None and m.place.name == name), None)


def sets_scene(place: EventPlace, trigger: Token | None, cues: Cues) -> bool:
    """True for a place that words say its event was at: what follows may have been there too, unless somebody died there later."""
    is_told = place.span is not None and (place.origin == READ or place.origin.by == TOGETHER)
    return is_told and (trigger is None or trigger.lemma.lower() not in cues.placing.aftermath)


def place_of_sentence(sentence: Sentence, where: Whereabouts, scene: Scene) -> EventPlace | None:
    """Where a sentence's main clause is set, for those that follow; nowhere named: None."""
    if sentence.root().lemma.lower() in where.cues.placing.aftermath:
        return None
    location = main_clause_location(sentence, where.locations(sentence, scene), where.cues)
    if location is None or location.origin != READ:
        return None
    return _at(location, where)
