"""Words of a sentence that may say where: toponyms, and what stands in for one ("the capital", "here"); weighed for a trigger.

Knowledge: cues/placing.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.events.home import Home, country_place
from dateline.events.nearness import At, ancestors, distance_to
from dateline.knowledge.cues import Cues, Placing
from dateline.knowledge.places import Gazetteer
from dateline.records import (
    READ,
    ConsideredPlace,
    EntityKind,
    How,
    Origin,
    Place,
    PlaceCandidate,
    PlaceKind,
    PlaceMention,
    Sentence,
    Span,
    Token,
)

AS_PARTY, FROM_HOME, OF_ANOTHER, SAID = "a party", "where somebody comes from", "of another event", "inside what is said"
"""Roles and reasons that keep words from being the place, as an explanation gives them."""

PARTY, HOME, BARE, ASIDE = 4.0, 5.0, 2.0, 0.5
"""What stands against a place: it takes part, it is where somebody comes from, no word of place is before it, it is a way's end."""

COUNTRY, REGION = 0.5, 0.9
"""A fine place is better than a coarse one as near."""

OPENING = 3.5
"""The most that a place which opens its sentence is away from any event of it: "In Brest, police said …"."""

LONGEST_CLIMB = 5


@dataclass(frozen=True)
class Location:
    """Words that may say where. `anchor` is the word whose place in the tree counts: "town" of "in Kadi town"."""

    span: Span
    name: str
    anchor: Token
    place: Place
    origin: Origin = READ
    candidates: tuple[PlaceCandidate, ...] = ()
    members: tuple[Place, ...] = ()
    """All places of the list it opens, itself first ("in Minsk, Grodno and Brest"); alone: none."""


@dataclass(frozen=True)
class Weighed:
    """A location and how far it is from the trigger, part by part. `is_located`: words say that something is there."""

    location: Location
    parts: tuple[tuple[str, float], ...]
    is_located: bool
    barred: str = ""
    """Why it cannot be the place at all; empty: it can."""

    @property
    def is_nearby(self) -> bool:
        """False for a party and for somebody's home: near in the sentence, and no place of the event."""
        return self.role not in {AS_PARTY, FROM_HOME}

    @property
    def role(self) -> str:
        """What the place is in its clause; empty: where something is."""
        return self.parts[1][0] if self.parts else ""

    @property
    def distance(self) -> float:
        return sum(cost for _, cost in self.parts)

    def considered(self) -> ConsideredPlace:
        """The record of it."""
        where = self.location
        if self.barred:
            return ConsideredPlace(where.span, where.place.name, None, ((self.barred, 0.0),))
        parts = tuple((name, round(cost, 1)) for name, cost in self.parts if cost)
        return ConsideredPlace(where.span, where.place.name, round(self.distance, 1), parts)


# ---------------------------------------------------------------- finding them


def find_locations(
    sentence: Sentence,
    text: str,
    places: Sequence[PlaceMention],
    home: Home | None,
    scene: Place | None,
    gazetteer: Gazetteer,
    cues: Cues,
) -> tuple[Location, ...]:
    """The locations of a sentence, toponyms first, each kind left to right. `places` are all of the document, in text order.

    `scene` is the place that the paragraph is set in. Nothing named: an empty tuple.
    """
    placing = cues.placing
    named = []
    for mention in places:
        if mention.place is None or mention.is_adjective or not sentence.span.contains(mention.span):
            continue
        head = sentence.head_of(mention.span)
        if head is not None:
            anchor = _anchor(sentence, head, cues)
            named.append(Location(mention.span, mention.name, anchor, mention.place, READ, mention.candidates))
    listed = [_with_list(sentence, location, named) for location in named]
    taken = {location.anchor.index for location in listed if location.anchor.lemma.lower() not in placing.capitals}
    told = _Told(text, tuple(places), home, scene, gazetteer)
    stand_ins = (_stand_in(sentence, t, told, placing) for t in sentence.tokens if t.index not in taken)
    return (*listed, *(location for location in stand_ins if location is not None))


def _anchor(sentence: Sentence, head: Token, cues: Cues) -> Token:
    """The word that places the name in its clause: its unit ("Kadi *town*"), the whole it is a part of, the first of a list."""
    placing = cues.placing
    for _ in range(LONGEST_CLIMB):
        if head.head < 0:
            return head
        above = sentence.tokens[head.head]
        relation, lemma = head.relation.split(":")[0], above.lemma.lower()
        markers = {c.text.lower() for c in sentence.children(head) if c.relation == "case"}
        is_unit = relation in {"compound", "flat", "amod", "appos", "nmod"} and not markers and lemma in placing.units
        is_part = relation == "nmod" and markers == {"of"} and lemma in placing.units | placing.parts
        is_kind = _is_kind_of_place(sentence, head, above, cues)
        is_apposed = relation in {"appos", "flat", "list"} or (relation == "nmod" and not markers and head.relation == "nmod")
        if not (is_unit or is_part or is_kind or is_apposed or relation == "conj") or above.upos in {"VERB", "ADJ"}:
            return head
        head = above
    return head


def _is_kind_of_place(sentence: Sentence, name: Token, above: Token, cues: Cues) -> bool:
    """ "inside a Leeds tavern", "at Leeds's high school": what stands in the place of its name. No people, embassies or papers."""
    if name.relation not in {"compound", "amod", "nmod:poss"} or above.upos not in {"NOUN", "PROPN"}:
        return False
    if above.lemma.lower() in cues.placing.home | cues.placing.missions | cues.reporting_nouns:
        return False
    return any(c.relation == "case" and c.text.lower() in cues.placing.at for c in sentence.children(above))


def _with_list(sentence: Sentence, location: Location, named: Sequence[Location]) -> Location:
    """The location with the others of its list, when it opens one."""
    opener = sentence.head_of(location.span)
    if opener is None or opener.relation == "conj":
        return location
    below = {t.index for t in sentence.subtree(opener)} if opener else set()
    others = []
    for other in named:
        head = sentence.head_of(other.span)
        if head is not None and head.relation == "conj" and head.index in below and other.anchor == location.anchor:
            others.append(other.place)
    members = (location.place, *others) if others else ()
    return Location(location.span, location.name, location.anchor, location.place, location.origin, location.candidates, members)


@dataclass(frozen=True)
class _Told:
    """What a noun or adverb may point back to."""

    text: str
    places: tuple[PlaceMention, ...]
    home: Home | None
    scene: Place | None
    gazetteer: Gazetteer

    @property
    def named(self) -> list[tuple[PlaceMention, Place]]:
        """The places named, demonyms too, in text order."""
        return [(m, m.place) for m in self.places if m.place is not None and m.place.kind is not PlaceKind.REGION]

    def before(self, token: Token) -> list[tuple[PlaceMention, Place]]:
        """Those named before a word, the last first."""
        return [(m, p) for m, p in reversed(self.named) if m.span.end <= token.span.start]


def _stand_in(sentence: Sentence, token: Token, told: _Told, placing: Placing) -> Location | None:
    """The place that a noun or adverb stands for; not one that does, or nothing named that it could: None."""
    word, lemma = token.text.lower(), token.lemma.lower()
    home = told.home.place if told.home is not None else None
    if token.upos == "ADV" and token.relation.startswith("advmod"):
        if word in placing.here:
            return _standing(token, told.scene or home, "here")
        if word in placing.there:
            last = next((p for m, p in told.before(token) if not m.is_adjective), None)
            return _standing(token, last, "there: the last place named")
    if word in placing.nationwide and home is not None:
        return _standing(token, country_place(home.country, told.gazetteer), "the whole country")
    kind = placing.stand_ins.get(lemma)
    if kind is None or token.upos != "NOUN" or not _points_back(sentence, token, placing):
        return None
    country = home.country if home is not None else None
    if kind == "country":
        return _standing(token, country_place(country, told.gazetteer), f"the {lemma}: the one the report is about")
    if kind == "capital":
        own = next((p for m, p in told.named if p.kind is PlaceKind.COUNTRY and _is_its_own(sentence, token, m)), None)
        country = own.country if own is not None else next((p.country for _, p in told.before(token)), country)
        return _standing(token, capital_of(country, told.gazetteer), f"the capital of {country}")
    fitting = [(m, p) for m, p in told.before(token) if p.kind.value == kind and not m.is_adjective]
    called = [p for m, p in fitting if _is_called(m, lemma, told.text)]
    last = next(iter(called or [p for _, p in fitting]), None)
    return _standing(token, last, f"the {lemma}: the last one named")


def _is_its_own(sentence: Sentence, token: Token, mention: PlaceMention) -> bool:
    """ "the capital of Sudan", "the Sudanese capital"."""
    head = sentence.head_of(mention.span) if sentence.span.contains(mention.span) else None
    return head is not None and head.head == token.index


def _is_called(mention: PlaceMention, unit: str, text: str) -> bool:
    """ "Anand district" is called a district, before "the district" of a taluka in it."""
    after = text[mention.span.end : mention.span.end + len(unit) + 1].lower().lstrip()
    before = text[max(0, mention.span.start - len(unit) - 4) : mention.span.start].lower()
    return after.startswith(unit) or before == f"{unit} of " or mention.name.lower().endswith(unit)


def _standing(token: Token, place: Place | None, rule: str) -> Location | None:
    return Location(token.span, token.text, token, place, Origin(How.INFERRED, rule)) if place is not None else None


def _points_back(sentence: Sentence, token: Token, placing: Placing) -> bool:
    """True for "in the city" and "across the country": placed, definite, and not the head of a name."""
    children = sentence.children(token)
    is_placed = token.relation.split(":")[0] in {"obl", "nmod"} and any(c.text.lower() in placing.at for c in children)
    is_host = token.relation.startswith("nsubj") and sentence.tokens[token.head].lemma.lower() in placing.hosting
    if not is_placed and not is_host:
        return False
    is_named = any(c.relation.split(":")[0] in {"nmod", "compound", "flat", "appos"} and c.upos == "PROPN" for c in children)
    if is_named and token.lemma.lower() not in placing.capitals | placing.borders:
        return False
    return any(c.text.lower() in placing.pointing for c in children)


def capital_of(iso3: str | None, gazetteer: Gazetteer) -> Place | None:
    """The capital of a country by its code; unknown: None."""
    known = gazetteer.countries.get(iso3 or "")
    for name in known.capitals if known else ():
        for candidate in gazetteer.find(name):
            if candidate.place.country == iso3 and candidate.is_capital:
                return candidate.place
    return None


# ---------------------------------------------------------------- weighing them


def weigh(at: At, location: Location, kind: str, cues: Cues) -> Weighed:
    """How far the location is from the trigger of an event of that type."""
    sentence, anchor = at.sentence, location.anchor
    is_talk = kind in cues.speech or at.token.lemma.lower() in cues.placing.topical
    if is_talk and _is_inside_what_is_said(at, anchor):
        return Weighed(location, (), False, SAID)
    if kind not in cues.speech:
        at = replace(at, others=frozenset(i for i in at.others if not _is_shared(sentence, sentence.tokens[i], cues.placing)))
    steps = distance_to(at, anchor, cues.dating)
    role, cost, is_located = _role(at, location, kind, cues.placing)
    if is_located and _opens(sentence, anchor):
        steps = min(steps, OPENING)
    barred = ""
    if steps >= 99:
        steps, barred = distance_to(replace(at, others=frozenset()), anchor), OF_ANOTHER
    coarse = {PlaceKind.COUNTRY: ("a country", COUNTRY), PlaceKind.REGION: ("larger than a country", REGION)}
    size = coarse.get(location.place.kind, ("", 0.0))
    return Weighed(location, (("from the trigger", steps), (role, cost), size), is_located, barred)


def _is_shared(sentence: Sentence, noun: Token, placing: Placing) -> bool:
    """True for an event's noun that was where its verb was: "dispersed a rally in Osh", "killed in clashes in Osh".

    "Condemned the rally in Osh" was said elsewhere, and "arrested after an attack in Osh" may have been.
    """
    if noun.upos != "NOUN":
        return False
    markers = {c.text.lower() for c in sentence.children(noun) if c.relation == "case"}
    return markers <= placing.sharing if markers else noun.relation.split(":")[0] in {"obj", "nsubj", "compound"}


def _role(at: At, location: Location, kind: str, placing: Placing) -> tuple[str, float, bool]:
    """What the place is in its clause, what that costs, and whether words say that something is there."""
    sentence, anchor = at.sentence, location.anchor
    relation = anchor.relation.split(":")[0]
    above = sentence.tokens[anchor.head] if anchor.head >= 0 else None
    lemma = above.lemma.lower() if above is not None else ""
    markers = {c.text.lower() for c in sentence.children(anchor) if c.relation == "case"}
    is_wide = location.place.kind in {PlaceKind.COUNTRY, PlaceKind.REGION}
    is_of_trigger = above is not None and above.index == at.token.index
    is_struck = kind in placing.struck and (is_of_trigger or lemma in placing.reaching) and (not is_wide or kind == "ASSAULT")
    if location.origin.how is How.INFERRED and not markers:
        return "", 0.0, True  # "here", "nationwide"
    if markers & placing.at or ("on" in markers and not is_wide and "upon" not in markers):
        if relation == "nmod" and lemma in placing.home and not is_of_trigger:
            return "where somebody is", ASIDE, True
        return "", 0.0, True
    if "from" in markers:
        is_way = relation == "obl" and lemma not in placing.home
        return ("where it began", ASIDE, True) if is_way or is_of_trigger else (FROM_HOME, HOME, False)
    if markers & placing.goal:
        if (relation == "obl" and lemma in placing.motion) or (relation == "nmod" and lemma in placing.motion):
            return "where it went", ASIDE, True
        return AS_PARTY, PARTY, False
    if markers & {"on", "of", "against", "upon"} and is_struck:
        return "what was struck", 0.0, True
    if markers == {"of"} and above is not None and (lemma in placing.home or _is_person(sentence, above)):
        return FROM_HOME, HOME, False
    if markers:
        return ("of something", BARE, False) if markers == {"of"} and not is_wide else (AS_PARTY, PARTY, False)
    if _is_home(sentence, anchor, above, placing):
        return FROM_HOME, HOME, False
    if relation in {"compound", "amod"} or anchor.relation == "nmod:poss":
        if is_of_trigger:
            return "", 0.0, True
        return (AS_PARTY, PARTY, False) if anchor.relation == "nmod:poss" else ("part of a name", BARE, False)
    if relation == "obj" and above is not None and (is_struck or (lemma in placing.reaching and not is_wide)):
        return "", 0.0, True
    if relation == "nsubj" and ((lemma in placing.hosting and not is_wide) or (is_struck and "pass" in anchor.relation)):
        return "", 0.0, True
    if relation in {"nsubj", "obj", "iobj"}:
        return AS_PARTY, PARTY, False
    return "no word of place before it", BARE, False


def _is_home(sentence: Sentence, anchor: Token, above: Token | None, placing: Placing) -> bool:
    """ "a Minsk resident", "the Tbilisi-based channel"."""
    after = sentence.tokens[anchor.index + 1 : anchor.index + 3]
    if any(t.text.lower().lstrip("-") in {"based", "born"} for t in after[:2]) or anchor.text.lower().endswith(("-based", "-born")):
        return True
    return (
        above is not None and anchor.relation.split(":")[0] in {"compound", "amod", "nmod"} and above.lemma.lower() in placing.home
    )


def _is_person(sentence: Sentence, token: Token) -> bool:
    return any(e.kind is EntityKind.PERSON and e.span.overlaps(token.span) for e in sentence.entities)


def _opens(sentence: Sentence, anchor: Token) -> bool:
    """True for a place before the sentence's subject and verb: "In Brest, …", "Near the town of Osh on Monday …"."""
    if anchor.relation.split(":")[0] not in {"obl", "advmod"} or anchor.head < 0:
        return False
    verb = sentence.tokens[anchor.head]
    if verb.head >= 0 and verb.relation.split(":")[0] not in {"ccomp", "conj", "parataxis"}:
        return False
    before = sentence.tokens[: anchor.index]
    return anchor.index < verb.index and not any(t.relation.startswith("nsubj") and t.head == verb.index for t in before)


def _is_inside_what_is_said(at: At, anchor: Token) -> bool:
    """True for a place in what an act of speaking is about: "urged an end to the war in Mali"."""
    sentence = at.sentence
    own, theirs = ancestors(sentence, at.token), ancestors(sentence, anchor)
    if at.token.index not in theirs:
        return False
    down = theirs[: theirs.index(own[0])]
    first = sentence.tokens[down[-1]].relation.split(":")[0] if down else ""
    if first in {"obl", "nmod"}:
        return len(down) > 1 or _follows_event(at, anchor)
    return first in {"obj", "iobj", "ccomp", "xcomp", "advcl", "acl", "parataxis", "csubj"}


def _follows_event(at: At, anchor: Token) -> bool:
    """ "condemned the killings in Osh": right behind another event's noun, whatever the parser hung it from."""
    first = min(t.index for t in at.sentence.subtree(anchor))
    return first - 1 in at.others and at.sentence.tokens[first - 1].upos == "NOUN"


def said_inside(at: At, location: Location) -> bool:
    """True where the location stands in the words of others."""
    return any(w.contains(location.span) for w in at.words_of_others)


def main_clause_location(sentence: Sentence, locations: Sequence[Location], cues: Cues) -> Location | None:
    """The place that a sentence's main clause is set in ("trouble broke out in Osh"), the first of two; none: None.

    Only what is plainly there: news *from* a city, or somebody's visit to it, does not set the scene.
    """
    at = At(sentence, sentence.root())
    for location in locations:
        anchor = location.anchor
        is_of_clause = anchor.head == at.token.index or (anchor.head >= 0 and sentence.tokens[anchor.head].head == at.token.index)
        if anchor.relation.split(":")[0] != "obl" or not is_of_clause or location.origin != READ:
            continue
        weighed = weigh(at, location, "", cues)
        if weighed.is_located and not weighed.barred and weighed.role == "":
            return location
    return None


def inner_locations(sentence: Sentence, token: Token, locations: Sequence[Location]) -> Iterator[Location]:
    """The locations below a word of the sentence."""
    for location in locations:
        if token.index in ancestors(sentence, location.anchor):
            yield location
