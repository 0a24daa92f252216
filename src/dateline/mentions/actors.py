"""Who is named: phrases that stand for a person, a group, a body or a government, tied to what they stand for.

Phrases of each sentence (`actor_phrases`), chains of them through the document (`actor_chains`), and here, once for each chain:
name, country and sector, with how each arose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from dateline.knowledge.actors import BODIES, ActorKnowledge, Office
from dateline.knowledge.places import fold
from dateline.mentions.actor_chains import Chain, Chains, by_head
from dateline.mentions.actor_phrases import (
    COUNTRIES,
    LOCATIVE,
    OF_DOCUMENT,
    Kind,
    Phrase,
    Reader,
    case_of,
    is_lower_case,
    short_forms_of,
    surnames_of,
    towns_of,
)
from dateline.mentions.coreference import find_chains, load_weights
from dateline.mentions.office_holders import BY_DATE, holder_meant
from dateline.mentions.places import main_country
from dateline.records import (
    READ,
    Actor,
    ActorMention,
    Document,
    EntityKind,
    How,
    Origin,
    PlaceMention,
    Sentence,
    Span,
)

OFFICES = Origin(How.LOOKED_UP, "actors/offices")
ROLES = Origin(How.LOOKED_UP, "actors/roles.csv")
OF_SENTENCE = Origin(How.INFERRED, "country of the sentence's place")
OF_OWNER = Origin(How.INFERRED, "country of whom he serves")
OF_SAME_SIDE = Origin(How.INFERRED, "country of the last body of its kind")
OF_AFFILIATION = Origin(How.INFERRED, "what the phrase says he belongs to")
OF_HOLDERS = Origin(How.LOOKED_UP, "actors/offices: all of that name who held that title")
OF_TITLE = Origin(How.INFERRED, "title or apposition")
OF_FORMER = Origin(How.INFERRED, "a former office")
NO_ROLE = Origin(How.INFERRED, "a person with no role said: civilian")
OF_NAME = Origin(How.INFERRED, "a body of many countries by its name")
BY_CHAIN = Origin(How.INFERRED, "coreference")
SHARED_SIDE = frozenset(("LEG", "JUD", "COP", "MIL", "PTY"))
BESIDE_AN_OFFICE = frozenset(("PTY", "OPP", "ELI", "CVL", "BUS"))
"""Sectors of what a person stays while in office: the president who leads a party acts as president."""


def find_actors(
    document: Document, sentences: Sequence[Sentence], places: Sequence[PlaceMention], knowledge: ActorKnowledge
) -> tuple[ActorMention, ...]:
    """Every phrase that stands for an actor, in text order; none: an empty tuple. Phrases of one actor share `chain` and `actor`.

    Countries are mentioned where they act or are acted on, not where they say where. Pronouns are mentioned only when resolved.
    """
    day = document.published.day if document.published else None
    home = main_country(places, document) or _country_of_bodies(document.text, sentences, knowledge)
    reader = Reader(
        document,
        tuple(places),
        knowledge,
        day,
        home,
        is_lower_case(document.text),
        surnames_of(document.text, sentences),
        towns_of(places),
        short_forms_of(document.text, sentences),
    )
    phrases = [p for sentence in sentences for p in reader.phrases(sentence)]
    chains = Chains(reader, by_head(find_chains(document.text, sentences, knowledge, load_weights())))
    for sentence in sentences:
        chains.read(sentence, [p for p in phrases if p.sentence.index == sentence.index])
    return _mentions(chains, reader)


def _country_of_bodies(text: str, sentences: Sequence[Sentence], knowledge: ActorKnowledge) -> str | None:
    """The country that most names of bodies hold ("the Kenya Ports Authority"), for a report that names no place; none: None."""
    named: Counter[str] = Counter()
    for sentence in sentences:
        for entity in sentence.entities:
            if entity.kind is EntityKind.ORGANIZATION:
                words = entity.span.of(text).split()
                named.update({c for w in words if w[:1].isupper() and (c := knowledge.country_called(w))})
    return named.most_common(1)[0][0] if named else None


def _mentions(chains: Chains, reader: Reader) -> tuple[ActorMention, ...]:
    found: list[ActorMention] = []
    people: dict[str, tuple[int, Actor]] = {}
    for number, chain in enumerate(sorted(chains.chains, key=lambda c: c.phrases[0].span.start)):
        actor, origins = _actor(chain, chains, reader)
        if actor.id is not None and not actor.is_group:
            # two chains that the tables know for one person are one: "the Belarusian president … Lukashenka"
            number, actor = people.setdefault(actor.id, (number, actor))
        for phrase in chain.phrases:
            own = tuple((k, BY_CHAIN if k == "name" and phrase.kind is Kind.PRONOUN else o) for k, o in origins)
            found.append(ActorMention(phrase.span, phrase.head.span, phrase.sentence.index, actor, number, own))
    return tuple(sorted(found, key=lambda m: (m.span.start, m.span.end)))


def _actor(chain: Chain, chains: Chains, reader: Reader) -> tuple[Actor, tuple[tuple[str, Origin], ...]]:
    if chain.kind is Kind.PERSON:
        return _known_person(chain, reader) or _unknown_person(chain, chains, reader)
    if chain.kind is Kind.ROLE and (office := holder_meant(chain, reader)):
        said = any(p.country == office.country and p.country_origin is READ for p in chain.phrases)
        country = READ if said else OF_DOCUMENT if office.country == reader.home else BY_DATE
        origins = (("name", BY_DATE), ("country", country), ("sector", BY_DATE), ("role", BY_DATE))
        return Actor(office.name, office.country, office.sector, office.id, office.office), origins
    return _body_or_group(chain, chains, reader)


def _known_person(chain: Chain, reader: Reader) -> tuple[Actor, tuple[tuple[str, Origin], ...]] | None:
    """A person of the table, with the office of the day; someone of that name but of another country than the text says: None."""
    offices = _offices(chain, reader)
    if not offices:
        return None
    said = {p.country for p in chain.phrases if p.role and p.country and p.country_origin is READ}
    is_own = any(reader.knowledge.is_own(name) for name in chain.names())
    if not is_own and said and not said & {o.country for o in offices} and not {o.country for o in offices} & BODIES:
        return None
    office = _office_of_day(offices, chain, reader.day)
    text_sector, _, _ = _title_sector(chain)
    sector = office.sector
    origin = OFFICES
    if reader.day and not office.covers(reader.day):
        sector, origin = (
            (text_sector, OF_TITLE) if text_sector and not any(p.is_former for p in chain.phrases) else ("ELI", OF_FORMER)
        )
        if sector == "ELI" and office.sector in ("OPP", "REB", "PTY"):
            sector, origin = office.sector, OFFICES
    table = Origin(How.LOOKED_UP, office.table)
    role = office.office if office.covers(reader.day or date.max) or not reader.day else f"former {office.office}"
    name = offices[0].name
    return Actor(name, office.country, sector, office.id, role if office.office else None), (
        ("name", table),
        ("country", table),
        ("sector", table if origin is OFFICES else origin),
        ("role", table),
    )


def _offices(chain: Chain, reader: Reader) -> tuple[Office, ...]:
    names = sorted(chain.names(), key=lambda n: -len(n.split()))
    full = [n for n in names if len(n.split()) > 1]
    for name in full:
        if (found := reader.knowledge.offices_of(name)) and _is_likely(name, found, reader):
            return found
    if full:
        return ()
    for name in names:
        if found := reader.knowledge.offices_of(name) if len(name) > 5 or reader.knowledge.is_own(name) else ():
            return found
        countries: set[str | None] = {p.country for p in chain.phrases if p.country} or {reader.home}
        if (held := reader.knowledge.holder_by_surname(name, reader.day, near=countries)) and _is_likely(name, held, reader):
            return reader.knowledge.offices_of(held[0].name)
        titles = {r.lemma for r in chain.roles()}
        for office in reader.knowledge.surnames.get(fold(name), ()):
            if office.country in countries and any(t in office.office.lower() for t in titles):
                return reader.knowledge.offices_of(office.name)
    return ()


def _is_likely(name: str, offices: Sequence[Office], reader: Reader) -> bool:
    """Whether who was found under a name is whom the report means: by its sound alone only in a report that names his country."""
    if reader.knowledge.has_name(name):
        return True
    named = {p.place.country for p in reader.places if p.place}
    return any(o.country in named or o.country in BODIES for o in offices)


def _office_of_day(offices: Sequence[Office], chain: Chain, day: date | None) -> Office:
    """Of a person's offices the one of the day; several: the one the text names, else the state's before the party's, the newest.

    None of the day: the last before it, or the last.
    """
    titles = {r.lemma.split()[-1] for r in chain.roles()}
    now = [o for o in offices if day and o.covers(day)] or [o for o in offices if not day]
    named = [o for o in now if titles & set(o.office.lower().split())]
    if named:
        return named[0]
    if now:
        still = now if day else [o for o in now if not o.until] or now
        return max(still, key=lambda o: (o.sector not in BESIDE_AN_OFFICE, o.since))
    past = [o for o in offices if day and o.since <= day.isoformat()]
    return (past or list(offices))[-1]


def _title_sector(chain: Chain) -> tuple[str | None, str | None, bool]:
    """Sector and words of the most telling role said of a person, and whether it is a former one; none: None."""
    best: Phrase | None = None
    for phrase in chain.phrases:
        if phrase.role is None or phrase.kind is not Kind.ROLE:
            continue
        weight = (phrase.sector != "CVL", phrase.sector == "OPP", not phrase.is_former)
        if best is None or weight > (best.sector != "CVL", best.sector == "OPP", not best.is_former):
            best = phrase
    if best is None:
        return None, None, False
    return ("ELI" if best.is_former and best.sector in ("GOV", "LEG", "MIL") else best.sector), best.words, best.is_former


def _unknown_person(chain: Chain, chains: Chains, reader: Reader) -> tuple[Actor, tuple[tuple[str, Origin], ...]]:
    names = [p.words for p in chain.phrases if p.kind is Kind.PERSON]
    name = max(names, key=lambda n: (len(n.split()), len(n)))
    sector, role, former = _title_sector(chain)
    affiliation = _affiliation(chain, reader)
    origin = OF_FORMER if former else OF_TITLE
    if affiliation and affiliation[1] and sector in (None, "CVL", "EDU"):
        sector, origin = affiliation[1], OF_AFFILIATION
    if sector in (None, "CVL", "ELI") and (party := _leads_party(chain)):
        sector, origin = party, OF_AFFILIATION
    if sector is None:
        sector, origin = "CVL", NO_ROLE
    country, country_origin = _country(chain, chains, reader)
    if affiliation and affiliation[0] in ("EUR", "UNO", "IGO", "NGO") and country_origin is not READ:
        country, country_origin = affiliation[0], OF_AFFILIATION
    origins = [("name", READ), ("country", country_origin), ("sector", origin)] + ([("role", READ)] if role else [])
    return Actor(name, country, sector, None, role), tuple(origins)


def _leads_party(chain: Chain) -> str | None:
    """OPP or PTY for a person with a party of his own ("whose party ... opposition"); else None."""
    for phrase in chain.phrases:
        if phrase.head.relation == "nmod:poss" and phrase.head.head >= 0:
            owned = phrase.sentence.tokens[phrase.head.head].lemma.lower()
            if owned in ("party", "movement", "bloc"):
                return "OPP" if any(t.lemma.lower() == "opposition" for t in phrase.sentence.tokens) else "PTY"
    return None


def _affiliation(chain: Chain, reader: Reader) -> tuple[str | None, str | None] | None:
    """Side and sector of a body that a phrase says the person belongs to: "the opposition's X", "X of Amnesty"; none: None."""
    for phrase in chain.phrases:
        sentence = phrase.sentence
        if phrase.kind is Kind.PERSON:
            lead = reader.text[max(sentence.span.start, phrase.span.start - 14) : phrase.span.start].lower()
            if re.search(r"\bopposition['’]s $", lead):
                return None, "OPP"
        near = Span(phrase.span.start, min(len(reader.text), phrase.span.end + (45 if phrase.kind is Kind.ROLE else 6)))
        for entity in sentence.entities:
            if entity.kind is EntityKind.ORGANIZATION and near.overlaps(entity.span) and phrase.kind is not Kind.PRONOUN:
                between = reader.text[phrase.span.end : entity.span.start].strip() if entity.span.start >= phrase.span.end else "of"
                if not re.fullmatch(r"(,? ?(a|an|the|of|at|for|with|from|in|charity|group|\w+ group))*", between):
                    continue
                body = reader.organisation_called(entity.span.of(reader.text))
                if body is not None:
                    return body.country, body.sector
                if sector := reader.sector_of_words(fold(entity.span.of(reader.text)).split()):
                    return None, sector
    return None


def _body_or_group(chain: Chain, chains: Chains, reader: Reader) -> tuple[Actor, tuple[tuple[str, Origin], ...]]:
    first = next((p for p in chain.phrases if p.kind is chain.kind), chain.phrases[0])
    country, country_origin = _country(chain, chains, reader)
    if chain.kind is Kind.COUNTRY:
        return Actor(first.words, country, "GOV"), (("name", COUNTRIES), ("country", country_origin), ("sector", COUNTRIES))
    sector = next((p.sector for p in chain.phrases if p.sector), None) or (first.role.sector if first.role else None)
    if chain.kind is Kind.BODY:
        name = max(chain.names(), key=lambda n: (not n.isupper(), len(n)))
        known = reader.organisation_called(first.words)
        looked_up = known is not None
        origin = Origin(How.LOOKED_UP, known.table) if known else ROLES
        origins = (("name", origin if looked_up else READ), ("country", country_origin), ("sector", origin))
        return Actor(name, country, sector, known.id if known else None, None, True), origins
    name = max((p.words for p in chain.phrases if p.kind is Kind.ROLE), key=len)
    group = first.is_plural
    if first.is_former and sector in ("GOV", "LEG", "MIL"):
        return Actor(name, country, "ELI", None, None, group), (("name", READ), ("country", country_origin), ("sector", OF_FORMER))
    return Actor(name, country, sector, None, None, group), (("name", READ), ("country", country_origin), ("sector", ROLES))


def _country(chain: Chain, chains: Chains, reader: Reader, depth: int = 0) -> tuple[str | None, Origin]:
    """The country the chain's own words say, else its possessor's ("her spokesman"), else that of the last body of its kind

    ("lawmakers" after "the Seimas"), else of a place in its clause, else the one the document is mostly about; with which it was.
    """
    own = next((p for p in chain.phrases if p.country and p.kind is not Kind.PRONOUN), None)
    if own is not None:
        return own.country, own.country_origin
    if depth < 3 and (owner := _owner(chain, chains)):
        # Not by way of `_actor`: two people who own each other ("her lawyer", "his client") would ask each other for ever.
        known = _known_person(owner, reader) if owner.kind is Kind.PERSON else None
        country = known[0].country if known else _country(owner, chains, reader, depth + 1)[0]
        if country in reader.knowledge.countries:
            return country, OF_OWNER
    if chain.kind is Kind.PERSON and (country := _country_by_title(chain, reader)):
        return country, OF_HOLDERS
    first = chain.phrases[0]
    if chain.kind is Kind.ROLE and first.sector in SHARED_SIDE and (near := _same_side(first, chains)):
        return near, OF_SAME_SIDE
    if chain.kind is Kind.ROLE:
        for place in reader.places_in(first.sentence):
            if place.place and place.place.country and not place.is_adjective and _in_clause(place, first):
                return place.place.country, OF_SENTENCE
    if chain.kind is Kind.BODY and (side := _worldwide(chain, reader)):
        return side, OF_NAME
    return reader.home, OF_DOCUMENT


def _worldwide(chain: Chain, reader: Reader) -> str | None:
    """The side of a body that no table has and whose name says that it is of many countries; a firm's, a paper's: None.

    "The International Council of Nurses" is not of the country that the report is about.
    """
    if not any(word in reader.knowledge.worldwide for name in chain.names() for word in name.split()):
        return None
    first = next((p for p in chain.phrases if p.kind is chain.kind), chain.phrases[0])
    match first.sector or (first.role.sector if first.role else None):
        case "GOV" | "IGO" | "JUD":
            return "IGO"
        case "SOC" | "LAB" | "REL" | None:
            return "NGO"
        case _:
            return None


def _country_by_title(chain: Chain, reader: Reader) -> str | None:
    """The one country where people of that surname have held that title ("President Bush", whichever); none, or several: None."""
    titles = {r.lemma for r in chain.roles()}
    holders = [o for name in chain.names() for o in reader.knowledge.surnames.get(fold(name.split()[-1]), ())]
    sides = {o.country for o in holders if any(t in o.office.lower() for t in titles)}
    return sides.pop() if len(sides) == 1 else None


def _owner(chain: Chain, chains: Chains) -> Chain | None:
    """The chain of whoever possesses a role of this one."""
    for phrase in chain.phrases:
        if phrase.kind is not Kind.ROLE:
            continue
        owners = {
            c.index
            for c in phrase.sentence.children(phrase.head)
            if c.relation == "nmod:poss" or (c.relation == "compound" and c.upos == "PROPN")  # "the Bush administration"
        }
        if not owners:
            continue
        for other in chains.chains:
            named = other.kind in (Kind.PERSON, Kind.COUNTRY) or not any(
                p.kind is Kind.PRONOUN and p.head.index in owners for p in other.phrases
            )
            if (
                other is not chain
                and named
                and any(p.sentence.index == phrase.sentence.index and p.head.index in owners for p in other.phrases)
            ):
                return other
    return None


def _same_side(phrase: Phrase, chains: Chains) -> str | None:
    """The country of the latest body of the same sector named with its country, this sentence or the two before; none: None."""
    before = [
        p
        for c in chains.chains
        for p in c.phrases
        if p.sector == phrase.sector
        and p.country
        and p.span.start < phrase.span.start
        and phrase.sentence.index - p.sentence.index <= 2
    ]
    return max(before, key=lambda p: p.span.start).country if before else None


def _in_clause(place: PlaceMention, phrase: Phrase) -> bool:
    """Whether a place says where the phrase's clause happens: "in Minsk" under the same verb."""
    token = phrase.sentence.head_of(place.span)
    if token is None or case_of(phrase.sentence, token) not in LOCATIVE:
        return False
    return token.head == phrase.head.index or (token.head >= 0 and token.head == phrase.head.head)
