"""All that tables and ledger know of one actor: names and spellings, offices by date, sides over time, claims.

An actor of the tables is whoever their names lead to. Anybody else is known within the ledger only, by name and country: two
spellings of one name (`knowledge.name_forms`) under one country are one actor, the same name under two countries are two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dateline.knowledge.actors import ActorKnowledge, Office, Organisation
from dateline.knowledge.places import fold
from dateline.ledger.rows import ActorCount, ClaimRow, NamedActor
from dateline.ledger.store import Ledger

LATEST = 10
"""Claims a page shows unless told otherwise."""


@dataclass(frozen=True)
class Spelling:
    """A name under which the ledger has the actor, and in how many claims as what."""

    name: str
    as_actor: int
    as_recipient: int
    as_teller: int


@dataclass(frozen=True)
class Side:
    """What the actor was taken for: country and sector, in how many claims, from which first day to which."""

    country: str | None
    sector: str | None
    claims: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class Term:
    """An office of the tables, or a time for which they give a body a side. `until` empty: still, when the table was made."""

    office: str
    country: str
    sector: str
    since: str
    until: str
    table: str


@dataclass(frozen=True)
class ActorPage:
    """One actor. `id` None: known in this ledger only. `aliases`: names that the tables know and the ledger does not.

    `namesakes`: names of the ledger that may be this actor's or another's, and are not counted: a surname alone, another country.
    """

    name: str
    id: str | None
    countries: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    aliases: tuple[str, ...]
    terms: tuple[Term, ...]
    sides: tuple[Side, ...]
    counts: tuple[ActorCount, ...]
    latest: tuple[ClaimRow, ...]
    namesakes: tuple[NamedActor, ...]


@dataclass(frozen=True)
class _Sought:
    """Whom a query leads to: the canonical name, all names of the tables, and where the tables know them from."""

    name: str
    id: str | None
    names: tuple[str, ...]
    terms: tuple[Term, ...]

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(term.country for term in self.terms)


def read_actor_page(
    ledger: Ledger,
    knowledge: ActorKnowledge,
    query: str,
    *,
    country: str | None = None,
    limit: int = LATEST,
    as_of: datetime | None = None,
    named: Sequence[NamedActor] | None = None,
    also: Collection[str] = (),
) -> ActorPage | None:
    """The page of the actor of that name, spelling or id; neither the tables nor the ledger know any: None.

    `country` tells namesakes apart. Without it a name that the tables do not know is taken for the country under which the
    ledger has it most often. `as_of`: by what was known then; the tables are today's. `named`: the ledger's names at that
    moment, for whoever has them already. `also`: names that people said are this actor's, whatever their country; they are counted,
    and the page goes by the name it was asked for.
    """
    named = ledger.named_actors(as_of) if named is None else named
    sought = _in_tables(query, country, knowledge, named) or _Sought(query, None, (query,), ())
    # Of tens of thousands of names only those whose first or last word sounds like one of the sought are compared.
    sounds = frozenset(sound for name in sought.names for sound in _sounds(name, knowledge))
    alike = [actor for actor in named if sounds & _sounds(actor.name, knowledge)]
    alike += [actor for actor in named if actor.name in also and actor not in alike]
    fitting = [actor for actor in alike if actor.name in also or _is_name_of(actor.name, sought, knowledge)]
    if not fitting and not sought.terms:
        return None
    countries = frozenset((country,)) if country else sought.countries or _commonest(fitting)
    own = [a for a in fitting if a.country in countries or a.country is None or a.name in also]
    names = {(a.name, a.country) for a in own}
    counts, latest = ledger.claims_of(names, limit=limit, as_of=as_of) if names else ([], [])
    shown = {fold(name) for name, _ in names}
    name = sought.name if sought.terms else query if also else max(own or fitting, key=_fullness).name
    return ActorPage(
        name,
        sought.id,
        tuple(sorted(countries)),
        _spellings(own),
        tuple(dict.fromkeys(alias for alias in sought.names if fold(alias) not in shown and sought.terms)),
        sought.terms,
        _sides(own),
        tuple(counts),
        tuple(latest),
        tuple(a for a in alike if a not in own and (a in fitting or _may_be_name_of(a, sought, countries, knowledge))),
    )


def names_like(ledger: Ledger, query: str, limit: int = 8) -> list[str]:
    """Names of the ledger that hold the words of a query, the most frequent first; none: an empty list."""
    found: dict[str, int] = {}
    for actor in ledger.named_actors():
        if fold(query) in fold(actor.name):
            found[actor.name] = found.get(actor.name, 0) + actor.as_actor + actor.as_recipient + actor.as_teller
    return sorted(found, key=lambda name: (-found[name], name))[:limit]


def _in_tables(query: str, country: str | None, knowledge: ActorKnowledge, named: Sequence[NamedActor]) -> _Sought | None:
    """Whom the tables know by that name, surname or id, in that country if one is given; nobody, or several: None."""
    offices = knowledge.offices_of(query) or _by_id(query, knowledge)
    offices = tuple(o for o in offices if country is None or o.country == country) or _by_surname(query, country, knowledge, named)
    if offices:
        first = offices[-1].id
        offices = tuple(o for o in offices if o.id == first)
        names = (offices[0].name, *(alias for o in offices for alias in o.aliases))
        terms = tuple(Term(o.office, o.country, o.sector, o.since, o.until, o.table) for o in _by_day(offices))
        return _Sought(offices[0].name, first, tuple(dict.fromkeys(names)), terms)
    bodies = [b for rows in knowledge.organisations.values() for b in rows if b.id == query] if ":" in query else []
    body = bodies[0] if bodies else knowledge.organisation(query, near=(country,) if country else (), ignore_case=True)
    if body is None or (country and body.country != country):
        return None
    rows = [row for row in knowledge.organisations.get(fold(body.name), ()) if row.id == body.id]
    names = tuple(dict.fromkeys((body.name, *(alias for row in rows for alias in row.aliases))))
    return _Sought(body.name, body.id, names, tuple(_term(row) for row in rows))


def _by_surname(surname: str, country: str | None, knowledge: ActorKnowledge, named: Sequence[NamedActor]) -> tuple[Office, ...]:
    """The offices of the one person of a surname; of several people of the one whom the ledger names; else an empty tuple."""
    if len(surname.split()) > 1:
        return ()
    rows = knowledge.surnames.get(fold(surname)) or knowledge.office_variants.of_surname(surname)
    people = {o.id: o.name for o in rows if country is None or o.country == country}
    if len(people) > 1:
        told = {actor.name for actor in named}
        people = {key: name for key, name in people.items() if name in told}
    return knowledge.offices_of(next(iter(people.values()))) if len(people) == 1 else ()


def _term(body: Organisation) -> Term:
    return Term("", body.country, body.sector, body.since, body.until, body.table)


def _by_id(query: str, knowledge: ActorKnowledge) -> tuple[Office, ...]:
    if ":" not in query:
        return ()
    return next((rows for rows in knowledge.offices.values() if rows[0].id == query), ())


def _by_day(offices: Iterable[Office]) -> list[Office]:
    return sorted(offices, key=lambda o: (o.since, o.until or "9999"))


def _sounds(name: str, knowledge: ActorKnowledge) -> frozenset[str]:
    words = knowledge.forms.taken_apart(name).words
    return knowledge.forms.sounds_of(words[0]) | knowledge.forms.sounds_of(words[-1]) if words else frozenset((fold(name),))


def _is_name_of(name: str, sought: _Sought, knowledge: ActorKnowledge) -> bool:
    """Whether a name of the ledger is surely one of the sought actor's: a name of the tables, or a spelling of a whole name."""
    if any(fold(name) == fold(known) for known in sought.names):
        return True
    if sought.id is not None and not sought.id.startswith(("person:", "own:")):
        return False
    whole = [known for known in sought.names if len(known.split()) > 1]
    if len(name.split()) < 2 or not name[:1].isupper():
        return False
    return any(_initial(known) == _initial(name) and knowledge.forms.may_be_same(known, name) for known in whole)


def _initial(name: str) -> bool:
    """Whether a name has an initial for a given name: then it may be anybody's of that surname."""
    return any(len(word.strip(".")) == 1 for word in name.split()[:1])


def _may_be_name_of(actor: NamedActor, sought: _Sought, countries: frozenset[str], knowledge: ActorKnowledge) -> bool:
    if not actor.name[:1].isupper() or actor.country not in (*countries, None) or not sought.name[:1].isupper():
        return False
    return any(knowledge.forms.may_be_same(known, actor.name) for known in sought.names)


def _commonest(actors: Sequence[NamedActor]) -> frozenset[str]:
    """The country under which a name stands most often; under none: an empty set."""
    claims: dict[str, int] = {}
    for actor in actors:
        if actor.country:
            claims[actor.country] = claims.get(actor.country, 0) + actor.as_actor + actor.as_recipient
    return frozenset((max(sorted(claims), key=lambda c: claims[c]),)) if claims else frozenset()


def _fullness(actor: NamedActor) -> tuple[int, int, str]:
    return len(actor.name.split()), actor.as_actor + actor.as_recipient + actor.as_teller, actor.name


def _spellings(actors: Sequence[NamedActor]) -> tuple[Spelling, ...]:
    """The names, the most frequent first."""
    found: dict[str, list[int]] = {}
    for actor in actors:
        counts = found.setdefault(actor.name, [0, 0, 0])
        for place, number in enumerate((actor.as_actor, actor.as_recipient, actor.as_teller)):
            counts[place] += number
    return tuple(Spelling(name, *counts) for name, counts in sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def _sides(actors: Sequence[NamedActor]) -> tuple[Side, ...]:
    """What they were taken for, by first day; a teller alone has no side."""
    found: dict[tuple[str | None, str | None], list[NamedActor]] = {}
    for actor in actors:
        if actor.as_actor or actor.as_recipient:
            found.setdefault((actor.country, actor.sector), []).append(actor)
    sides = [
        Side(
            country,
            sector,
            sum(a.as_actor + a.as_recipient for a in some),
            min((a.first_day for a in some if a.first_day), default=None),
            max((a.last_day for a in some if a.last_day), default=None),
        )
        for (country, sector), some in found.items()
    ]
    return tuple(sorted(sides, key=lambda s: (s.first_day or date.max, s.country or "", s.sector or "")))
