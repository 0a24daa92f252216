"""Phrases that may stand for an actor: names, seats of government, nationalities, role nouns and pronouns, sentence by sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateline.knowledge.actors import TITLE, ActorKnowledge, Organisation, Role
from dateline.knowledge.places import fold, words_of
from dateline.records import (
    READ,
    Document,
    Entity,
    EntityKind,
    How,
    Origin,
    PlaceKind,
    PlaceMention,
    Sentence,
    Span,
    Token,
)

ORGANISATIONS = Origin(How.LOOKED_UP, "actors/organisations")
COUNTRIES = Origin(How.LOOKED_UP, "places/countries.csv")
METONYMS = Origin(How.LOOKED_UP, "actors/metonyms.csv")
OF_DOCUMENT = Origin(How.INFERRED, "country the document is mostly about")

LOCATIVE = words_of("in at near across throughout inside outside around into through within via")
MOTION = words_of(
    "visit leave reach enter tour hit strike bomb shell rock shake flee cross invade quit approach rule govern sweep "
    "besiege capture seize"
)
STATEMENT_PARTS = frozenset(("with", "against", "by", "between", "urge"))
COMPLEMENT = frozenset(("of", "at", "from", "for"))
VAGUE_ADJECTIVES = words_of(
    "more other many several some such same own first last next few numerous various most further additional fellow "
    "respective entire whole total certain different least dead unknown unidentified"
)
FORMER = frozenset(("former", "ex", "ex-", "late", "then-"))
STATES = frozenset(("country", "nation"))
MALE, FEMALE = frozenset(("he", "him", "his", "himself")), frozenset(("she", "her", "hers", "herself"))
PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
NEUTRAL = frozenset(("it", "its", "itself"))
RELATIVE = frozenset(("who", "whom", "which", "that", "whose"))
CALLED_SO = words_of(
    "news agency newspaper party group television tv movement militia website channel newswire military alliance "
    "organisation organization organised extremist militant rebel broadcaster magazine government leaders leader"
)


BACKED = words_of(
    "backed supported funded financed armed trained sponsored linked aligned allied inspired occupied held controlled"
)
"""After a nationality and a hyphen: whose friends, or whose ground, and not who they are ("Iranian-backed militias")."""
KIN = words_of("father mother brother sister")
"""Of the clergy right before a name, else of the family ("a father of two")."""


class Kind(StrEnum):
    PERSON = "person"
    BODY = "body"
    COUNTRY = "country"
    ROLE = "role"
    PRONOUN = "pronoun"


@dataclass(frozen=True)
class Phrase:
    """A phrase before it is tied. `words` is what a name would be made of; `country` and `sector` are what it says itself."""

    span: Span
    head: Token
    sentence: Sentence
    kind: Kind
    words: str
    role: Role | None = None
    is_plural: bool = False
    is_definite: bool = False
    country: str | None = None
    country_origin: Origin = READ
    sector: str | None = None
    is_former: bool = False

    @property
    def is_subject(self) -> bool:
        return self.head.relation.startswith("nsubj")


def is_lower_case(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return sum(c.isupper() for c in text) < 0.01 * letters


def surnames_of(text: str, sentences: Sequence[Sentence]) -> frozenset[str]:
    """Folded last words of the persons named in full: a body called so is the man."""
    full = (fold(e.span.of(text)).split() for s in sentences for e in s.entities if e.kind is EntityKind.PERSON)
    return frozenset(words[-1] for words in full if len(words) > 1)


def short_forms_of(text: str, sentences: Sequence[Sentence]) -> dict[str, str]:
    """What the report itself says its short forms stand for: capitals in brackets right behind the name of a body whose first
    letters they are; none: empty. The first thing that they are given to holds.
    """
    found: dict[str, str] = {}
    for sentence in sentences:
        for entity in sentence.entities:
            if entity.kind is EntityKind.ORGANIZATION and (given := GIVEN_SHORT_FORM.match(text, entity.span.end)):
                name = " ".join(entity.span.of(text).split())
                if _is_short_for(given[1], name):
                    found.setdefault(given[1], name)
    return found


GIVEN_SHORT_FORM = re.compile(r"\s?[(\[][\"“'‘]?([A-Z][A-Za-z]{0,3}[A-Z]{1,6})[\"”'’]?[)\]]")


def _is_short_for(letters: str, name: str) -> bool:
    """True if the capitals begin words of the name, in order, the first word among them, and hardly a word is left out."""
    words = [word for word in re.findall(r"\w+", name) if word[0].isupper()]
    waiting = [letter for letter in letters if letter.isupper()]
    for word in words:
        if waiting and word[0] == waiting[0]:
            waiting.pop(0)
    return bool(words) and not waiting and words[0][0] == letters[0] and len(letters) >= len(words) - 1


def towns_of(places: Sequence[PlaceMention]) -> frozenset[str]:
    """Folded names of the towns the document names: a lone "person" or unknown "body" called so is the town."""
    return frozenset(
        fold(p.name) for p in places if p.place and not p.is_adjective and p.place.geonames and p.place.kind is PlaceKind.CITY
    )


@dataclass(frozen=True)
class Reader:
    """What every step looks things up in."""

    document: Document
    places: tuple[PlaceMention, ...]
    knowledge: ActorKnowledge
    day: date | None
    home: str | None
    is_lower: bool
    """Whether the report is written without capitals."""
    surnames: frozenset[str]
    towns: frozenset[str]
    short_forms: Mapping[str, str]
    """Short forms that the report gives bodies, with the names they stand for (`short_forms_of`)."""

    @property
    def text(self) -> str:
        return self.document.text

    def places_in(self, sentence: Sentence) -> tuple[PlaceMention, ...]:
        """The place mentions of a sentence, in text order."""
        first = bisect_left(self.places, sentence.span.start, key=lambda p: p.span.start)
        last = bisect_left(self.places, sentence.span.end, key=lambda p: p.span.start)
        return self.places[first:last]

    def phrases(self, sentence: Sentence) -> list[Phrase]:
        """The actor phrases of a sentence in text order, not overlapping but for a modifier inside a longer phrase."""
        found: list[Phrase] = []
        for entity in self._whole(sentence):
            found.extend(self._of_entity(sentence, entity))
        held = [p.span for p in found]
        for token in sentence.tokens:
            if any(token.span.overlaps(span) for span in held):
                continue
            phrase = self._pronoun(sentence, token) or self._role(sentence, token) or self._demonym(sentence, token)
            if phrase is not None:
                found.append(phrase)
        return sorted(found, key=lambda p: (p.head.span.start, p.span.start))

    # -- names

    def _whole(self, sentence: Sentence) -> Iterator[Entity]:
        """The sentence's entities, a known body's name that the reader cut in two ("Boko" "Haram") made whole."""
        entities = self._with_own(sentence)
        while entities:
            entity = entities.pop(0)
            if entities and entities[0].span.start - entity.span.end <= 1:
                joined = entity.span.join(entities[0].span)
                if self.knowledge.organisation(joined.of(self.text)) is not None:
                    entity = Entity(joined, EntityKind.ORGANIZATION)
                    entities.pop(0)
            yield entity

    def _with_own(self, sentence: Sentence) -> list[Entity]:
        """The sentence's entities, with the users' own actors wherever their names stand, whatever the reader took them for.

        A longer name of a body ("Viasna Legal Centre" where the table has "Viasna") stays what it is.
        """
        pattern = self.knowledge.own_pattern
        if pattern is None:
            return list(sentence.entities)
        own = []
        for match in pattern.finditer(self.text, sentence.span.start, sentence.span.end):
            is_person = bool(self.knowledge.is_own(match.group()))
            span = Span(match.start(), match.end())
            longer = any(e.kind is EntityKind.ORGANIZATION and e.span.contains(span) and e.span != span for e in sentence.entities)
            if is_person or not longer:
                own.append(Entity(span, EntityKind.PERSON if is_person else EntityKind.ORGANIZATION))
        others = [e for e in sentence.entities if not any(e.span.overlaps(o.span) for o in own)]
        return sorted([*own, *others], key=lambda e: e.span.start)

    def _of_entity(self, sentence: Sentence, entity: Entity) -> Iterator[Phrase]:
        span = _clean(self.text, entity.span)
        head = sentence.head_of(span) if span else None
        if span is None or head is None:
            return
        if _is_slogan(self.text, sentence, span, head):
            return
        folded = fold(span.of(self.text))
        is_own_person = self.knowledge.is_own(folded)
        if is_own_person is not None:
            yield from self._person(sentence, span, head) if is_own_person else (self._body(sentence, span, head),)
            return
        is_person = entity.kind is EntityKind.PERSON or (folded in self.surnames and entity.kind is not EntityKind.DATE)
        if folded in self.towns and folded not in self.surnames and entity.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION):
            if phrase := self._seat(sentence, span, head):
                yield phrase
            return
        lone = folded not in self.surnames and (
            folded in self.knowledge.capitals or folded in self.knowledge.country_names or folded in self.knowledge.metonyms
        )
        if is_person and lone and not self.places_at(sentence, span):
            if phrase := self._seat(sentence, span, head):
                yield phrase
            return
        if is_person:
            yield from self._person(sentence, span, head)
        elif entity.kind is EntityKind.ORGANIZATION:
            if phrase := self._seat(sentence, span, head):
                yield phrase
            elif head.upos != "ADJ":
                yield self._body(sentence, span, head)
        elif entity.kind in (EntityKind.LOCATION, EntityKind.FACILITY, EntityKind.MISC, EntityKind.NORP):
            if phrase := self._seat(sentence, span, head):
                yield phrase
            elif self.organisation_called(span.of(self.text)) or (entity.kind is EntityKind.FACILITY and self._is_body(span)):
                yield self._body(sentence, span, head)

    def _person(self, sentence: Sentence, span: Span, head: Token) -> Iterator[Phrase]:
        """A person's name; a title the reader took into it ("President Putin") is a phrase of its own."""
        tokens = sentence.tokens_in(span)
        start = 0
        for size in range(min(4, len(tokens) - 1), 0, -1):
            run = [t.text.lower() for t in tokens[:size]]
            if (match := self.knowledge.role_ending(run)) and match[0].is_title and match[1] == size:
                title = Span(tokens[0].span.start, tokens[size - 1].span.end)
                yield Phrase(
                    title,
                    tokens[size - 1],
                    sentence,
                    Kind.ROLE,
                    title.of(self.text),
                    match[0],
                    country=self._said_country(sentence, tokens[0]),
                )
                start = size
                break
        name = Span(tokens[start].span.start, span.end) if start else span
        country = self._nationality(sentence, name)
        yield Phrase(name, sentence.head_of(name) or head, sentence, Kind.PERSON, _shown(name.of(self.text)), country=country)

    def _nationality(self, sentence: Sentence, name: Span) -> str | None:
        """The country of an adjective at the head of the nouns right before a name: "*German* engineer Kurt Weiss"; none: None."""
        for token in reversed([t for t in sentence.tokens if t.span.end <= name.start][-4:]):
            place = self._place_at(sentence, token)
            if place is not None and place.place is not None and place.is_adjective:
                return None if self._is_backer(place) else place.place.country
            if token.upos not in ("NOUN", "ADJ") and token.text != "-":
                return None
        return None

    def _body(self, sentence: Sentence, span: Span, head: Token) -> Phrase:
        name = self.short_forms.get(span.of(self.text), span.of(self.text))
        known = self.organisation_called(name, said=self._country_of(sentence, head, span))
        said = self._said_country(sentence, head)
        if known is not None and said and known.country in self.knowledge.countries and known.country != said:
            known = None  # "Chile's Senate" is not the first one that the table has
        if known is not None:
            return Phrase(
                span,
                head,
                sentence,
                Kind.BODY,
                known.name,
                None,
                country=known.country,
                country_origin=Origin(How.LOOKED_UP, known.table),
                sector=known.sector,
            )
        words = fold(name).split()
        head_words = words[: words.index("of")] if "of" in words[1:] else words
        match = self.knowledge.role_ending(head_words) or self.knowledge.role_ending(words)
        role = match[0] if match else None
        if role is not None and role.kind != "affiliate":
            return Phrase(
                span,
                head,
                sentence,
                Kind.BODY,
                _shown(name),
                role,
                country=self._country_of(sentence, head, span),
                sector=self._opposed(words) or role.sector,
            )
        sector = self.sector_of_words(words) or (role.sector if role else None) or self.knowledge.shared_sector(name)
        return Phrase(
            span, head, sentence, Kind.BODY, _shown(name), role, country=self._country_of(sentence, head, span), sector=sector
        )

    def _opposed(self, words: Sequence[str]) -> str | None:
        return "OPP" if "opposition" in words else None

    def _is_body(self, span: Span) -> bool:
        match = self.knowledge.role_ending(fold(span.of(self.text)).split())
        return match is not None and match[0].kind == "group"

    def organisation_called(self, name: str, *, said: str | None = None) -> Organisation | None:
        """The body of the table; words that only say what it is ("Belta news agency") may follow its name.

        `said` is the country that words beside the name give it: "Kenya's Senate" in an American report.
        """
        name = self.short_forms.get(name, name)  # "the Sudanese Professionals Association (SPA)" is no Saudi Press Agency
        near = tuple(country for country in (said, self.home) if country)
        any_case = self.is_lower or (len(name) > 3 and name.islower())
        words = name.split()
        while words:
            known = self.knowledge.organisation(" ".join(words), near=near, ignore_case=any_case, day=self.day)
            if known is not None or len(words) == 1 or words[-1].lower() not in CALLED_SO:
                return known
            words.pop()
        return None

    def _seat(self, sentence: Sentence, span: Span, head: Token) -> Phrase | None:
        """A country or the seat of its government where it acts: "Moscow said", "sanctions against Belarus", not "in Minsk"."""
        name = span.of(self.text)
        folded = fold(name)
        metonym = self.knowledge.metonym(name, home=self._home_but_for(folded), verb=_verb_over(sentence, head))
        if metonym is not None and (not metonym.is_town or _is_agent(sentence, head)):
            if _is_locative(sentence, head) or _modifies(sentence, head):
                return None
            side, sector = metonym.country, metonym.sector
            return Phrase(span, head, sentence, Kind.BODY, _shown(name), country=side, country_origin=METONYMS, sector=sector)
        place = next((p for p in self.places_in(sentence) if p.span.overlaps(span) and p.place), None)
        stated = self.knowledge.country_names.get(folded) or (
            self.knowledge.capitals.get(folded) if _acts(sentence, head) else None
        )
        if place is None and stated and name[0].isupper() and not _is_locative(sentence, head):
            shown = self.knowledge.countries[stated].name
            return Phrase(span, head, sentence, Kind.COUNTRY, shown, country=stated, country_origin=COUNTRIES, sector="GOV")
        if place is None or place.place is None or place.place.country not in self.knowledge.countries:
            return None
        country = place.place.country
        assert country is not None
        is_capital = self.knowledge.capitals.get(folded) == country and place.place.kind is PlaceKind.CITY
        if place.place.kind is not PlaceKind.COUNTRY and not is_capital:
            return None
        if place.is_adjective and not place.span.overlaps(head.span):
            return None  # "the *Nigerian* Bar Association" is a body with that name
        if place.is_adjective and not _is_noun(sentence, head):
            return self._demonym(sentence, head) if head.relation == "amod" or head.upos == "ADJ" else None
        if place.is_adjective:
            return self._people(sentence, head, country)
        if _is_locative(sentence, head) or (is_capital and not _acts(sentence, head)):
            return None
        shown = self.knowledge.countries[country].name
        return Phrase(span, head, sentence, Kind.COUNTRY, shown, country=country, country_origin=COUNTRIES, sector="GOV")

    def _home_but_for(self, folded: str) -> str | None:
        """The country the document is about, if not only this name says so: a lone "Brussels" does not make it Belgian."""
        others = (p for p in self.places if p.place and p.place.country == self.home and fold(p.name) != folded)
        return self.home if any(others) else None

    # -- nationalities

    def _demonym(self, sentence: Sentence, token: Token) -> Phrase | None:
        """ "Russian" in "Russian sanctions" is the state; before a role ("Russian police") it is part of that phrase."""
        country = next(
            (p.place.country for p in self.places_in(sentence) if p.is_adjective and p.place and p.span.overlaps(token.span)), None
        )
        if country is None:
            return None
        if _is_noun(sentence, token):
            return self._people(sentence, token, country)
        governor = sentence.tokens[token.head] if token.head >= 0 else None
        if governor is None or governor.upos not in ("NOUN",) or self._role_at(sentence, governor):
            return None
        if any(e.span.overlaps(governor.span) for e in sentence.entities if e.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION)):
            return None
        named = (e.span for e in sentence.entities if e.kind is EntityKind.PERSON)
        if any(0 <= span.start - governor.span.end <= 1 for span in named):
            return None  # "German engineer Kurt Weiss": the man's
        name = self.knowledge.countries[country].name
        return Phrase(token.span, token, sentence, Kind.COUNTRY, name, country=country, country_origin=COUNTRIES, sector="GOV")

    def _people(self, sentence: Sentence, token: Token, country: str) -> Phrase:
        """ "Palestinians", "a Dane"."""
        role = self.knowledge.roles.get(token.lemma.lower(), self.knowledge.roles["people"])
        plural = is_plural(token)
        before = sentence.tokens[token.index - 1] if token.index else None
        if before is not None and before.text.lower() == "ethnic":  # a people, wherever it lives, and not its state
            span = before.span.join(token.span)
            words = f"ethnic {token.text}"
            return Phrase(span, token, sentence, Kind.ROLE, words, role, plural, is_definite(sentence, token), sector=role.sector)
        return Phrase(
            token.span, token, sentence, Kind.ROLE, token.text, role, plural, is_definite(sentence, token), country, COUNTRIES
        )

    # -- role nouns

    def _role_at(self, sentence: Sentence, token: Token) -> tuple[Role, int] | None:
        """The role whose last word is the token, with its number of words; none: None."""
        if token.upos not in ("NOUN", "PROPN", "ADJ"):
            return None
        if forward := self._role_of(sentence, token):
            return forward, 1
        first = max(0, token.index - 4)
        run = sentence.tokens[first : token.index + 1]
        before = [t.lemma.lower() for t in run[:-1]]
        plain = [t.text.lower() for t in run[:-1]]
        choices = [
            match
            for words in (before, plain)
            for last in dict.fromkeys((token.text.lower(), token.lemma.lower(), _singular(token.text.lower())))
            if (match := self.knowledge.role_ending([*words, last]))
        ]
        best = max((m for m in choices if " of " not in m[0].lemma), key=lambda m: m[1], default=None)
        if best is None or (token.upos == "ADJ" and best[1] == 1 and not token.xpos.startswith("NN")):
            return None
        if best[0].lemma == "press" and token.upos != "NOUN":
            return None
        return best

    def _role_of(self, sentence: Sentence, token: Token) -> Role | None:
        """A role whose head word comes first: "prisoner of war", "inspector general of police"."""
        after = sentence.tokens[token.index + 1 : token.index + 4]
        if len(after) < 2 or after[0].lemma.lower() != "of":
            return None
        before = [t.text.lower() for t in sentence.tokens[max(0, token.index - 2) : token.index]]
        for words in (before[-2:], before[-1:], []):
            for size in (3, 2):
                lemma = " ".join([*words, token.lemma.lower(), *(t.text.lower() for t in after[:size])])
                if role := self.knowledge.roles.get(lemma):
                    return role
        return None

    def _role(self, sentence: Sentence, token: Token) -> Phrase | None:
        match = self._role_at(sentence, token)
        if match is None or self._is_inner(sentence, token):
            return None
        role, size = match
        if role.lemma in STATES and self.home in self.knowledge.countries and is_definite(sentence, token) and not is_plural(token):
            return self._home_state(sentence, token)
        first = _left_edge(sentence, token, size)
        tail = _complement(sentence, token) if role.kind != "group" or role.lemma in ("court", "government") else None
        span = Span(first.span.start, tail.end if tail else token.span.end)
        words = list(sentence.tokens_in(Span(first.span.start, token.span.end)))
        if role.kind in ("group", "affiliate") and not is_plural(token) and (body := self._named_inside(sentence, words)):
            return Phrase(
                span,
                token,
                sentence,
                Kind.BODY,
                body.name,
                role,
                country=body.country,
                country_origin=ORGANISATIONS,
                sector=body.sector,
            )
        is_former = any(t.text.lower().strip("-") in FORMER for t in words) or token.text.lower().startswith("ex-")
        country = self._country_of(sentence, token, span)
        sector = self._sector(sentence, role, words, token, tail)
        if role.lemma in KIN and not self._precedes_name(sentence, token):
            sector = "CVL"
        collective = role.kind == "group" and not is_plural(token)
        return Phrase(
            span,
            token,
            sentence,
            Kind.ROLE,
            self._name_of(words, tail),
            role,
            is_plural(token) or collective,
            is_definite(sentence, token),
            country,
            self._country_origin(sentence, token, country),
            sector,
            is_former,
        )

    def _precedes_name(self, sentence: Sentence, token: Token) -> bool:
        following = sentence.tokens[token.index + 1] if token.index + 1 < len(sentence.tokens) else None
        return following is not None and following.upos == "PROPN"

    def _home_state(self, sentence: Sentence, token: Token) -> Phrase | None:
        """ "The country" is the one the document is about; where it only says where: None."""
        if self.home is None or _is_locative(sentence, token):
            return None
        name = self.knowledge.countries[self.home].name
        return Phrase(token.span, token, sentence, Kind.COUNTRY, name, country=self.home, country_origin=OF_DOCUMENT, sector="GOV")

    def _named_inside(self, sentence: Sentence, words: Sequence[Token]) -> Organisation | None:
        """The body that a group noun is called by: "the state-run Belta news agency"."""
        last = next((t for t in reversed(words[:-1]) if t.upos == "PROPN"), None)
        if last is None or words[-1].lemma.lower() not in CALLED_SO:
            return None
        entity = next((e for e in sentence.entities if e.kind is EntityKind.ORGANIZATION and e.span.overlaps(last.span)), None)
        return self.organisation_called(entity.span.of(self.text)) if entity else None

    def _is_inner(self, sentence: Sentence, token: Token) -> bool:
        """Whether a noun only modifies the role right after it ("police" in "police officers")."""
        following = sentence.tokens[token.index + 1] if token.index + 1 < len(sentence.tokens) else None
        if following is None or token.relation not in ("compound", "amod", "nmod"):
            return False
        longer = self._role_at(sentence, following)
        if longer is not None and (longer[1] > 1 or following.index == token.head):
            return True
        governor = sentence.tokens[token.head] if token.head >= 0 else token
        between = sentence.tokens[token.index + 1 : governor.index]
        near = token.index < governor.index <= token.index + 3 and all(t.upos != "VERB" for t in between)
        return near and token.relation == "compound" and self._role_at(sentence, governor) is not None

    def _name_of(self, words: Sequence[Token], tail: Span | None) -> str:
        """The phrase without articles, figures and empty adjectives, with the complement that says of what."""
        kept = [
            t.text
            for t in words
            if t.upos not in ("DET", "NUM", "PUNCT", "ADV", "PART") and t.lemma.lower() not in VAGUE_ADJECTIVES
        ]
        name = " ".join(kept) or words[-1].text
        first = words[0] if words else None
        if (
            first is not None
            and first.index == 0
            and first.upos != "PROPN"
            and not any(c.isupper() for c in first.text[1:])
            and not self._is_nationality(first.text)
        ):
            name = name[0].lower() + name[1:]
        return f"{name} {_clean_tail(tail.of(self.text))}" if tail else name

    def _is_nationality(self, word: str) -> bool:
        return word == "European" or self.knowledge.country_called(word) is not None

    # -- what a phrase says of its side

    def _country_of(self, sentence: Sentence, head: Token, span: Span) -> str | None:
        """The country a phrase names: a demonym or country before its head, a possessor, or a complement with "of" or "in".

        "ambassador to Slovakia" names where he is sent, and is not asked.
        """
        for place in self.places_in(sentence):
            if place.place is None or place.place.country is None:
                continue
            inside = span.start <= place.span.start and place.span.end <= head.span.end and place.span != span
            if inside and not self._is_backer(place):
                return place.place.country
        before = self._said_country(sentence, head)
        if before is not None:
            return before
        for child in sentence.children(head):
            if child.index > head.index and child.relation.startswith("nmod") and child.span.start - head.span.end < 25:
                case = next((c.lemma.lower() for c in sentence.children(child) if c.relation == "case"), "")
                there = self._place_at(sentence, child)
                if there and there.place and case in ("of", "in", "from") and not there.is_adjective:
                    return there.place.country
                if case == "from" and self._role_of(sentence, child) and (said := self._said_country(sentence, child)):
                    return said  # "ministers from the Ghanaian government"
        following = sentence.tokens[head.index + 1] if head.index + 1 < len(sentence.tokens) else None
        if following is not None and following.lemma.lower() == "of":  # "mayor of the northern Dutch city of Assen"
            for place in self.places_in(sentence):
                if place.place and place.place.country and head.span.end < place.span.start and place.span.end <= span.end:
                    return place.place.country
        for entity in self._whole(sentence):
            inside = entity.kind is EntityKind.ORGANIZATION and span.contains(entity.span) and entity.span != span
            if not inside:
                continue
            inner = sentence.head_of(entity.span)
            if inner is not None and (said := self._said_country(sentence, inner)):  # "opponents of Chile's Senate"
                return said
            if body := self.organisation_called(entity.span.of(self.text)):
                return body.country
        return None

    def _said_country(self, sentence: Sentence, head: Token) -> str | None:
        """The country said by a modifier before the head: "Belarusian", "Lithuania's", "US", "European", "EU"."""
        for child in sentence.children(head):
            if child.index < head.index and child.relation.split(":")[0] in ("amod", "compound", "nmod", "flat"):
                place = self._place_at(sentence, child)
                if place and place.place and place.place.country and not self._is_backer(place):
                    return place.place.country
                if child.text in ("European", "EU"):
                    return "EUR"
                if child.text in ("UN", "U.N."):
                    return "UNO"
                if (
                    child.text[0].isupper()
                    and any(e.span.overlaps(child.span) for e in sentence.entities)
                    and (body := self.organisation_called(child.text))
                    and body.country in self.knowledge.countries
                ):
                    return body.country
        return None

    def _is_backer(self, place: PlaceMention) -> bool:
        """Whether a country is named for its part in a group ("Iranian-backed", "pro-Russian") and not as the group's own."""
        after = re.match(r".?[-‐–]\s?(\w+)", self.text[place.span.end - 1 : place.span.end + 16])
        before = self.text[max(0, place.span.start - 5) : place.span.start].lower()
        return bool(after and after[1].lower() in BACKED) or before.endswith(("pro-", "anti-"))

    def _country_origin(self, sentence: Sentence, head: Token, country: str | None) -> Origin:
        return READ if country else OF_DOCUMENT

    def places_at(self, sentence: Sentence, span: Span) -> tuple[PlaceMention, ...]:
        """The place mentions that overlap a span of the sentence."""
        return tuple(p for p in self.places_in(sentence) if p.span.overlaps(span))

    def _place_at(self, sentence: Sentence, token: Token) -> PlaceMention | None:
        return next((p for p in self.places_in(sentence) if p.span.overlaps(token.span)), None)

    def _sector(self, sentence: Sentence, role: Role, words: Sequence[Token], head: Token, tail: Span | None) -> str:
        """The role's sector; of an affiliate ("head of a union", "party activist", "EU chief") that of what he belongs to."""
        if any(t.lemma.lower() in ("opposition", "dissident") for t in words) and role.sector in (
            "GOV",
            "PTY",
            "LEG",
            "CVL",
            "SOC",
            "BUS",
        ):
            return "OPP"
        if sector := self.knowledge.sector_in_context(role.lemma, self._around(sentence, words, head, tail)):
            return sector
        presides = role.lemma in ("president", "vice president", "deputy", "secretary") and tail is not None
        if role.kind != "affiliate" and not presides:
            return role.sector
        around = [t for t in words if t.index < head.index]
        if tail:
            around += [t for t in sentence.tokens_in(tail) if t.upos in ("NOUN", "PROPN", "ADJ")]
        for owner in (c for c in sentence.children(head) if c.relation == "nmod:poss"):
            around = [*(t for t in sentence.subtree(owner) if t.upos in ("NOUN", "PROPN", "ADJ")), *around]
        joined = Span(min(t.span.start for t in around), max(t.span.end for t in around)) if around else None
        for entity in self._whole(sentence):
            if joined and entity.kind is EntityKind.ORGANIZATION and joined.overlaps(entity.span):
                if body := self.organisation_called(entity.span.of(self.text)):
                    return body.sector
                if sector := self.sector_of_words(fold(entity.span.of(self.text)).split()):
                    return sector
        if tail:
            for token in sentence.tokens_in(tail):
                if token.upos in ("NOUN", "PROPN") and (match := self._role_at(sentence, token)) and match[0].kind != "affiliate":
                    following = sentence.tokens[token.index + 1] if token.index + 1 < len(sentence.tokens) else None
                    if following is None or not (following.span.end <= tail.end and self._role_at(sentence, following)):
                        return match[0].sector
        return self.sector_of_words([t.lemma.lower() for t in around]) or role.sector

    def _around(self, sentence: Sentence, words: Sequence[Token], head: Token, tail: Span | None) -> Iterator[str]:
        """What may say what a role is of, in lower case: the words before it, the nearest first, its complement, owner; TITLE."""
        after = sentence.tokens[head.index + 1] if head.index + 1 < len(sentence.tokens) else None
        names = (e.span for e in sentence.entities if e.kind is EntityKind.PERSON)
        if after is not None and any(s.start in (after.span.start, head.span.start) for s in names):
            yield TITLE
        owned = (t for c in sentence.children(head) if c.relation == "nmod:poss" for t in sentence.subtree(c))
        before = (t for t in reversed(words) if t.index < head.index)
        for token in (*before, *(sentence.tokens_in(tail) if tail else ()), *owned):
            yield token.text.lower()
            if token.lemma.lower() != token.text.lower():
                yield token.lemma.lower()

    def sector_of_words(self, words: Sequence[str]) -> str | None:
        """The sector of the last run of words that is a role ("Grave Crimes Court" JUD, "miners union" LAB); none: None."""
        if "opposition" in words:
            return "OPP"
        for end in range(len(words), 0, -1):
            match = self.knowledge.role_ending(words[:end]) or self.knowledge.role_ending(
                [*words[: end - 1], words[end - 1].removesuffix("s")]
            )
            if match and match[0].kind != "affiliate":
                return match[0].sector
        return None

    # -- pronouns

    def _pronoun(self, sentence: Sentence, token: Token) -> Phrase | None:
        word = token.text.lower()
        if token.upos not in ("PRON", "DET") or word not in MALE | FEMALE | PLURAL | NEUTRAL | RELATIVE:
            return None
        if word == "that" and not (token.relation.startswith("nsubj") and token.upos == "PRON"):
            return None
        return Phrase(token.span, token, sentence, Kind.PRONOUN, word, is_plural=word in PLURAL)


def _clean(text: str, span: Span) -> Span | None:
    """An entity's span without possessive, quotation marks and white space at its ends; nothing left: None."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] in "\"'“”‘’([,"):
        start += 1
    lower = text[start:end].lower()
    if lower.startswith("the "):
        start += 4
    while start < end and (text[end - 1].isspace() or text[end - 1] in '"“”,;:)]'):
        end -= 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    elif text[start:end].endswith(("'", "’")):
        end -= 1
    return Span(start, end) if start < end else None


def _shown(name: str) -> str:
    """A name as it is shown: one line, and with capitals where the report writes none ("l k advani" -> "L K Advani")."""
    name = " ".join(name.split())
    return (
        " ".join(w if w in ("of", "and", "the", "for", "de", "bin", "al") else w[:1].upper() + w[1:] for w in name.split())
        if name.islower()
        else name
    )


def _clean_tail(tail: str) -> str:
    return re.sub(r"\b(the|an?) ", "", " ".join(tail.split()))


def is_one_person(phrase: Phrase) -> bool:
    """Whether a role phrase stands for a single person."""
    return phrase.kind is Kind.ROLE and phrase.role is not None and phrase.role.kind != "group" and not is_plural(phrase.head)


def is_plural(token: Token) -> bool:
    return token.xpos in ("NNS", "NNPS") or token.lemma.lower() in ("people", "police", "troop", "personnel", "media", "folk")


def _singular(word: str) -> str:
    """A plural noun's singular by its ending: the tagger's lemma may be the verb's ("strikers": strike)."""
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word.removesuffix("s")


def is_definite(sentence: Sentence, token: Token) -> bool:
    return any(
        (c.relation == "det" and c.text.lower() in ("the", "this", "that", "these", "those")) or c.relation == "nmod:poss"
        for c in sentence.children(token)
    )


def _is_noun(sentence: Sentence, token: Token) -> bool:
    """Whether a demonym is a noun here ("Palestinians", "a Dane"): it heads its phrase and is no modifier."""
    if token.relation in ("amod", "compound", "flat", "nmod:poss") and token.xpos not in ("NNS", "NNPS"):
        return False
    return token.xpos in ("NNS", "NNPS") or (
        token.upos in ("NOUN", "PROPN") and token.relation.startswith(("nsubj", "obj", "obl", "conj", "nmod"))
    )


_QUOTED = re.compile(r"(?:[\"“‘`]|``|'')\s?$")


def _is_slogan(text: str, sentence: Sentence, span: Span, head: Token) -> bool:
    """Whether words in quotation marks only say what a banner or a cry says: 'unfurled "Free Chad" banners'."""
    return head.relation in ("compound", "amod", "appos") and bool(_QUOTED.search(text, sentence.span.start, span.start))


def case_of(sentence: Sentence, token: Token) -> str:
    return next((c.lemma.lower() for c in sentence.children(token) if c.relation == "case" and c.index < token.index), "")


def _is_locative(sentence: Sentence, token: Token) -> bool:
    return case_of(sentence, token) in LOCATIVE


def _modifies(sentence: Sentence, token: Token) -> bool:
    return token.relation == "compound"


def _acts(sentence: Sentence, token: Token) -> bool:
    """Whether a capital's name stands for a government: subject, possessor, after "with" or "against", object but of motion."""
    if token.relation.startswith("nsubj"):
        # "Baghdad was bombed", "Kabul was shaken by a blast": the town
        return token.relation != "nsubj:pass" or _verb_over(sentence, token) not in MOTION
    if token.relation == "nmod:poss":
        return True
    case = case_of(sentence, token)
    if token.relation.startswith("conj") and token.head >= 0:
        return _acts(sentence, sentence.tokens[token.head])
    if token.relation in ("obj", "iobj"):
        return sentence.tokens[token.head].lemma.lower() not in MOTION if token.head >= 0 else False
    return case in STATEMENT_PARTS


def _is_agent(sentence: Sentence, token: Token) -> bool:
    """Whether a town's name acts as a capital's does, and does so itself: "Brussels was rocked by blasts" is about the town."""
    return _acts(sentence, token) and not token.relation.startswith("nsubj:pass")


def _verb_over(sentence: Sentence, token: Token) -> str:
    """The lemma of the verb a subject has; no subject: the empty string."""
    return sentence.tokens[token.head].lemma.lower() if token.relation.startswith("nsubj") and token.head >= 0 else ""


def _left_edge(sentence: Sentence, head: Token, size: int) -> Token:
    """The first token of the run before the head that belongs to its phrase, articles left out; a count of them is taken in."""
    first = max(0, head.index - size + 1)
    while first > 0:
        previous = sentence.tokens[first - 1]
        chained = previous.head == head.index or (first <= previous.head <= head.index)
        modifier = previous.relation.split(":")[0] in ("amod", "compound", "nummod", "flat") or previous.relation == "nmod:poss"
        hyphenated = previous.text == "-" or sentence.tokens[first].text == "-"
        fits = hyphenated or (chained and (modifier or previous.upos == "PART") and previous.upos not in ("DET", "PUNCT", "PRON"))
        if not fits:
            break
        first -= 1
    if sentence.tokens[first].upos == "PART":
        first += 1
    return sentence.tokens[min(first, head.index)]


def _complement(sentence: Sentence, head: Token) -> Span | None:
    """What a person's role is of ("of an independent miners' union"): the nearest complement, without clauses; none: None."""
    following = sentence.tokens[head.index + 1] if head.index + 1 < len(sentence.tokens) else None
    if following is None or following.lemma.lower() not in COMPLEMENT:
        return None
    noun = next((t for t in sentence.children(head) if t.index > following.index and t.relation.startswith("nmod")), None)
    if noun is None or following.head != noun.index:
        return None
    last = noun
    for token in sentence.tokens[noun.index + 1 :]:
        belongs = (
            token.head >= noun.index and token.head <= last.index and token.relation.split(":")[0] in ("flat", "compound", "nummod")
        )
        if not belongs:
            break
        last = token
    inner = sentence.tokens[last.index + 1] if last.index + 1 < len(sentence.tokens) else None
    if (
        inner is not None
        and inner.lemma == "of"
        and (
            more := next(
                (
                    t
                    for t in sentence.children(noun)
                    if t.head == noun.index and t.index > inner.index and t.relation.startswith("nmod")
                ),
                None,
            )
        )
    ):
        last = more
    return Span(following.span.start, last.span.end)
