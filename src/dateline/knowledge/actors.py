"""Who is who: offices by date, organisations, role nouns, seats of government and given names.

Tables: actors/offices/ (who held what office when) and actors/organisations/, a file for each part of the world; roles.csv (role
nouns with PLOVER sectors), known_abroad.csv (offices whose holders a surname is enough for), metonyms.csv, given_names.csv (for
pronouns only); countries from places/countries.csv. Every row names
its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TypeVar

from dateline.knowledge.name_forms import Known, NameForms, VariantIndex, load_name_forms, variant_index
from dateline.knowledge.office_titles import OfficeIndex, Titles, load_titles, office_index
from dateline.knowledge.places import Country, fold, load_countries, words_of
from dateline.knowledge.tables import read_csv, read_folder

Row = TypeVar("Row")

OFFICES, ORGANISATIONS = "actors/offices", "actors/organisations"
"""What origins call our own tables."""

SECTORS = words_of("GOV MIL COP SPY JUD LEG OPP PTY LAB BUS MNC JRN EDU MED REL SOC REB UAF CRM AGR REF CVL ELI IGO")
"""PLOVER's sectors, with IGO for the bodies of international organisations."""

BODIES = frozenset(("EUR", "UNO", "IGO", "NGO", "MNC", "IMG"))
"""Sides that are no country: the EU, the UN, other inter-governmental and non-governmental bodies, companies, armed movements."""


NAME_PARTICLES = words_of("al el bin ben ibn bint de du da dos van von der ter abu ould ag wa")
"""Words that news may keep before a surname: "al-Sisi" or "Sisi", "de Klerk", "bin Salman"."""

GENERATIONS = words_of("jr sr ii iii iv vi xvi")
"""Words after a surname that tell one holder of it from another."""


LARGE = 1_000_000
"""People of a country whose rulers the world is expected to know by surname."""


@dataclass(frozen=True)
class Role:
    """What a role noun says: PLOVER's sector, and whether it is a person's, a group's, or an affiliate's (sector of what he heads).

    `is_title`: it may stand right before a name. `gender` is "m", "f" or empty.
    """

    lemma: str
    sector: str
    kind: str
    is_title: bool
    gender: str


@dataclass(frozen=True)
class Office:
    """One holder of one office. `since`/`until` are a year, month or day, as known; `until` empty: held when the table was made.

    `called` is what a lone name is in news: "Xi", "Abiy", "Suu Kyi". Empty: the last word, as in most of the world.
    """

    name: str
    aliases: tuple[str, ...]
    country: str
    office: str
    sector: str
    since: str
    until: str
    called: tuple[str, ...] = ()
    table: str = OFFICES
    """What an origin calls the table the row stands in."""

    @property
    def id(self) -> str:
        """The person's, the same in all his offices; "own:" for a row of the users' own table."""
        return ("person:" if self.table == OFFICES else "own:") + fold(self.name).replace(" ", "-")

    def covers(self, day: date) -> bool:
        """Whether it was held on a day; a bound given as a year or month counts as all of it."""
        return _covers(self.since, self.until, day)


@dataclass(frozen=True)
class Organisation:
    """A body with a name, the side it stands for and its sector.

    `since`/`until` are a year, month or day; empty: not known, or none.
    """

    name: str
    aliases: tuple[str, ...]
    country: str
    sector: str
    since: str = ""
    until: str = ""
    table: str = ORGANISATIONS
    """What an origin calls the table the row stands in."""

    @property
    def id(self) -> str:
        """The body's; "own:" for a row of the users' own table."""
        kind = f"organisation:{self.country.lower()}:" if self.table == ORGANISATIONS else "own:"
        return kind + fold(self.name).replace(" ", "-")

    def covers(self, day: date) -> bool:
        """Whether it was there on a day, so, as far as is known."""
        return _covers(self.since, self.until, day)


@dataclass(frozen=True)
class ActorKnowledge:
    """The tables, indexed. Keys are folded names (see `fold`) or lower-case lemmas."""

    roles: Mapping[str, Role]
    offices: Mapping[str, tuple[Office, ...]]
    surnames: Mapping[str, tuple[Office, ...]]
    organisations: Mapping[str, tuple[Organisation, ...]]
    metonyms: Mapping[str, tuple[str, str]]
    given_names: Mapping[str, str]
    countries: Mapping[str, Country]
    known_abroad: Mapping[str, frozenset[str]]
    """Offices whose holders news everywhere calls by surname alone -> of which countries; none listed: of every large one."""
    forms: NameForms
    titles: Titles
    own: Mapping[str, bool] = field(default_factory=dict)
    """The names and aliases of the users' own actors as they write them -> whether it is a person (see own_actors)."""

    @cached_property
    def own_pattern(self) -> re.Pattern[str] | None:
        """What finds the users' own actors in a text, the longest names first; none: None."""
        names = sorted(self.own, key=lambda n: (-len(n), n))
        spelt = [f"[{n[0]}{n[0].upper()}]{re.escape(n[1:])}" if n[0].islower() else re.escape(n) for n in names]
        return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)") if spelt else None

    def is_own(self, name: str) -> bool | None:
        """Whether one of the users' own actors called so is a person; not in their table: None."""
        return self.own_kinds.get(fold(name))

    @cached_property
    def own_kinds(self) -> Mapping[str, bool]:
        return {fold(name): is_person for name, is_person in self.own.items()}

    def has_name(self, name: str) -> bool:
        """Whether offices are under that very name or surname, so that it need not be sought by its sound."""
        return fold(name) in self.offices or fold(name) in self.surnames

    @cached_property
    def office_variants(self) -> VariantIndex[Office]:
        """The rows of offices by the sound of their names. Built when a name without a row of its own is first asked for."""
        first = frozenset(country for script in self.forms.scripts if script.is_surname_first for country in script.countries)
        by_last = (Known(word, (o.name, *o.aliases), o.country, o) for word, found in self.surnames.items() for o in found)
        by_first = (
            Known(word, (o.name, *o.aliases), o.country, o)
            for o in {id(o): o for found in self.offices.values() for o in found if o.country in first}.values()
            for word in {fold(name).split()[0] for name in (o.name, *o.aliases)}
        )
        return variant_index(self.forms, chain(by_last, by_first))

    @cached_property
    def office_index(self) -> OfficeIndex:
        """The rows of offices by title."""
        return office_index({id(o): o for found in self.offices.values() for o in found}.values(), self.titles)

    @cached_property
    def capitals(self) -> Mapping[str, str]:
        """Folded name of a seat of government -> country."""
        return {fold(name): c.iso3 for c in self.countries.values() for name in c.capitals}

    @cached_property
    def country_names(self) -> Mapping[str, str]:
        """Folded name of a country -> its code."""
        return {fold(name): c.iso3 for c in self.countries.values() for name in (c.name, *c.aliases)}

    @cached_property
    def adjectives(self) -> Mapping[str, str]:
        """Folded demonym -> country code."""
        return {fold(a): c.iso3 for c in self.countries.values() for a in c.adjectives}

    def country_called(self, word: str) -> str | None:
        """The country a name or demonym stands for ("Lithuania", "Lithuanian", "Danes"); none: None."""
        folded = fold(word)
        singular = folded.removesuffix("s")
        return self.country_names.get(folded) or self.adjectives.get(folded) or self.adjectives.get(singular)

    def role_ending(self, words: Sequence[str]) -> tuple[Role, int] | None:
        """The longest role that ends a run of lower-case lemmas, with its number of words; none: None."""
        for size in range(min(5, len(words)), 0, -1):
            role = self.roles.get(" ".join(words[-size:]))
            if role is not None:
                return role, size
        return None

    def offices_of(self, name: str) -> tuple[Office, ...]:
        """Every office a person of that full name held, oldest first; unknown: an empty tuple.

        A name without a row of its own is sought by its sound, and found when it is one person's ("Moammar Kadhafi").
        """
        exact = self.offices.get(fold(name))
        if exact is not None:
            return exact
        found = self.office_variants.of_name(name)
        return self.offices[fold(found[0].name)] if len({o.id for o in found}) == 1 else ()

    def holder_by_surname(self, surname: str, day: date | None, *, near: Iterable[str | None] = ()) -> tuple[Office, ...]:
        """The offices of the one person of that surname who was in office on the day; none, several or no day: an empty tuple.

        A mayor, a police chief or a small state's minister counts only where his country is in `near`, that of the report: a lone
        "Bush" in 2015 is not New Zealand's commissioner of police (known_abroad.csv says whose surnames are enough everywhere).
        A surname that no row has is sought by its sound ("Lukashenka").
        """
        if day is None:
            return ()
        home = frozenset(near)
        rows = self.surnames.get(fold(surname)) or self.office_variants.of_surname(surname)
        held = tuple(
            o
            for o in rows
            if o.covers(day)
            and (o.country in home or o.table != OFFICES or self.is_known_abroad(o))
            # the last word of "Mohammed bin Salman" is his father's name
            and (fold(surname) in map(fold, o.called) or any(self.forms.may_be_same(surname, n) for n in (o.name, *o.aliases)))
        )
        return held if len({fold(o.name) for o in held}) == 1 else ()

    def is_known_abroad(self, office: Office) -> bool:
        """Whether news of any country calls the holder by the surname alone."""
        of = self.known_abroad.get(office.office)
        country = self.countries.get(office.country)
        return of is not None and (office.country in of if of else country is None or country.population >= LARGE)

    def organisation(
        self, name: str, *, near: Iterable[str] = (), ignore_case: bool = False, day: date | None = None
    ) -> Organisation | None:
        """The body of that name; of several those there on the day, of these the one of a country in `near`.

        An acronym must be written as one, or `ignore_case`.
        """
        found = [o for o in self.organisations.get(fold(name), ()) if ignore_case or _is_written_so(name, o)]
        if day is not None and len(found) > 1:
            found = [o for o in found if o.covers(day)] or found
        wanted = tuple(near)
        return next((o for country in wanted for o in found if o.country == country), found[0] if found else None)


def load_actors() -> ActorKnowledge:
    """The actor tables. Raises ValueError naming the row whose code or dates are not as they should be."""
    countries = load_countries()
    given_names = {r["name"]: r["gender"] for r in read_csv("actors/given_names.csv")}
    sides = BODIES | countries.keys()
    # Tables are kept by country and office; whoever asks for a person's offices is promised the oldest first.
    offices = sorted((_office(row, sides) for row in read_folder("actors/offices")), key=lambda o: o.since)
    organisations = sorted((_organisation(row, sides) for row in read_folder("actors/organisations")), key=_is_of_a_country)
    return ActorKnowledge(
        {
            r["role"]: Role(r["role"], _sector(r), r["kind"], r["is_title"] == "yes", r["gender"])
            for r in read_csv("actors/roles.csv")
        },
        _grouped((key, office) for office in offices for key in {fold(n) for n in (office.name, *office.aliases)}),
        _grouped((key, office) for office in offices for key in surnames_of(office)),
        _grouped((key, body) for body in organisations for key in {fold(n) for n in (body.name, *body.aliases)}),
        {fold(r["name"]): (r["country"], _sector(r)) for r in read_csv("actors/metonyms.csv")},
        given_names,
        countries,
        {r["office"]: words_of(r["countries"]) for r in read_csv("actors/known_abroad.csv")},
        load_name_forms(given_names),
        load_titles(),
    )


def _covers(since: str, until: str, day: date) -> bool:
    shown = day.isoformat()
    return since <= shown[: len(since)] and (not until or shown[: len(until)] <= until)


def _office(row: dict[str, str], sides: frozenset[str]) -> Office:
    if row["country"] not in sides:
        raise ValueError(f"actors/offices: no such country {row['country']!r} ({row['name']})")
    if row["until"] and row["until"][: len(row["since"])] < row["since"][: len(row["until"])]:
        raise ValueError(f"actors/offices: {row['name']} leaves {row['office']} before taking it")
    return Office(
        row["name"],
        _split(row["aliases"]),
        row["country"],
        row["office"],
        _sector(row),
        row["since"],
        row["until"],
        _split(row.get("family_name", "")),
    )


def _organisation(row: dict[str, str], sides: frozenset[str]) -> Organisation:
    if row["country"] not in sides:
        raise ValueError(f"actors/organisations: no such country {row['country']!r} ({row['name']})")
    return Organisation(row["name"], _split(row["aliases"]), row["country"], _sector(row), row["since"], row["until"])


def _is_of_a_country(body: Organisation) -> bool:
    """Sorts the bodies of no country first: "the EC" is the European Commission unless the report is about a country with one."""
    return body.country not in BODIES


def _sector(row: dict[str, str]) -> str:
    if row["sector"] not in SECTORS:
        raise ValueError(f"no such sector {row['sector']!r} in row {row}")
    return row["sector"]


def surnames_of(office: Office) -> frozenset[str]:
    """What a lone name may be: the table's own word for it, else the last words of the name and its other spellings."""
    if office.called:
        return frozenset(fold(name) for name in office.called)
    return frozenset(key for name in (office.name, *office.aliases) for key in _last_words(name))


def _last_words(name: str) -> tuple[str, ...]:
    """The last word that is no number or "Jr", and the same with the particle before it: "sisi", "al sisi"."""
    words = fold(name).split()
    last = max((i for i, w in enumerate(words) if w not in GENERATIONS), default=0)
    if last and words[last - 1] in NAME_PARTICLES:
        return words[last], f"{words[last - 1]} {words[last]}"
    return (words[last],)


def _is_written_so(name: str, body: Organisation) -> bool:
    """ "IS" may be Islamic State, "is" may not; "Who" is not the WHO. Names that are no acronyms may be in any case."""
    written = [n for n in (body.name, *body.aliases) if fold(n) == fold(name)]
    return any(n == name or not (n.isupper() or len(n) <= 4 or (n.startswith("The ") and n.count(" ") == 1)) for n in written)


def _grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, list[Row]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in grouped.items()}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
