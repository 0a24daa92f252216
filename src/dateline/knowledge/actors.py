"""Who is who: offices by date, organisations, role nouns, seats of government and given names.

Tables: actors/offices/ (who held what office when) and actors/organisations/, a file for each part of the world; roles.csv (role
nouns with PLOVER sectors), roles_by_context.csv (sectors that hang on what a role is of), no_roles.csv (things called like one),
worldwide.csv (words in the names of bodies of many countries),
known_abroad.csv (offices whose holders a surname is enough for), metonyms.csv, given_names.csv (for pronouns only); countries from
places/countries.csv. Every row names its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from dateline.knowledge.name_forms import Known, NameForms, VariantIndex, load_name_forms, variant_index
from dateline.knowledge.office_titles import OfficeIndex, Titles, load_titles, office_index
from dateline.knowledge.places import Country, fold, fold_all, load_countries, words_of
from dateline.knowledge.tables import read_csv, read_rows

Row = TypeVar("Row")

OFFICES, ORGANISATIONS = "actors/offices", "actors/organisations"
"""What origins call our own tables."""

SECTORS = words_of("GOV MIL COP SPY JUD LEG OPP PRM PRE PTY LAB BUS MNC JRN EDU MED REL SOC REB UAF CRM AGR REF CVL ELI IGO")
"""PLOVER's sectors, with IGO for the bodies of international organisations."""

OFFICE_COLUMNS = ("country", "office", "sector", "name", "aliases", "family_name", "since", "until", "source")
_NAME, _ALIASES, _CALLED, _SINCE = (OFFICE_COLUMNS.index(c) for c in ("name", "aliases", "family_name", "since"))
BODY_COLUMNS = ("country", "sector", "name", "aliases", "since", "until", "known_abroad", "source")
"""Of the tables in actors/organisations."""

ROLE_COLUMNS = ("role", "sector", "kind", "is_title", "gender", "source")
"""Of actors/roles.csv."""

BODIES = frozenset(("EUR", "UNO", "IGO", "NGO", "MNC", "IMG"))
"""Sides that are no country: the EU, the UN, other inter-governmental and non-governmental bodies, companies, armed movements."""


NAME_PARTICLES = words_of("al el bin ben ibn bint de du da dos van von der ter abu ould ag wa")
"""Words that news may keep before a surname: "al-Sisi" or "Sisi", "de Klerk", "bin Salman"."""

GENERATIONS = words_of("jr sr ii iii iv vi xvi")
"""Words after a surname that tell one holder of it from another."""


LARGE = 1_000_000
"""People of a country whose rulers the world is expected to know by surname."""

TITLE = "(title)"
"""In roles_by_context.csv: the role stands right before a name ("Father Michael", not "his father")."""


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
    is_known_abroad: bool = False
    """Whether news of a third country means this one when it gives the bare name that other countries' bodies have too."""
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
class Metonym:
    """Whom the name of a building, street or town stands for where it acts.

    `is_town`: it is a place first ("Brussels"), and stands for the side only where a capital would. `unless`: countries in whose
    own news it does not. `verbs`: lemmas it must be the subject of ("The Hague convicted"); none: any.
    """

    country: str
    sector: str
    is_town: bool = False
    unless: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    is_known_abroad: bool = False


@dataclass(frozen=True)
class ActorKnowledge:
    """The tables, indexed. Keys are folded names (see `fold`) or lower-case lemmas."""

    roles: Mapping[str, Role]
    offices: Mapping[str, tuple[Office, ...]]
    surnames: Mapping[str, tuple[Office, ...]]
    organisations: Mapping[str, tuple[Organisation, ...]]
    metonyms: Mapping[str, tuple[Metonym, ...]]
    given_names: Mapping[str, str]
    countries: Mapping[str, Country]
    known_abroad: Mapping[str, frozenset[str]]
    """Offices whose holders news everywhere calls by surname alone -> of which countries; none listed: of every large one."""
    forms: NameForms
    titles: Titles
    role_contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Role -> a word of what he is of ("club", "union", TITLE) -> the sector he then has."""
    no_roles: frozenset[str] = frozenset()
    """Words that end like a role and name a thing ("nerve agent")."""
    worldwide: frozenset[str] = frozenset()
    """Words in the names of bodies of many countries ("International")."""
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
        """The longest role that ends a run of lower-case lemmas, with its number of words; none, or a thing: None."""
        for size in range(min(5, len(words)), 0, -1):
            phrase = " ".join(words[-size:])
            if phrase in self.no_roles:
                return None
            role = self.roles.get(phrase)
            if role is not None:
                return role, size
        return None

    def sector_in_context(self, role: str, words: Iterable[str]) -> str | None:
        """The sector a role has by what it is of, the nearest word first ("club president" CVL); no word tells: None."""
        sectors = self.role_contexts.get(role)
        return next((sectors[word] for word in words if word in sectors), None) if sectors else None

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
        """The body of that name. An acronym must be written as one, or `ignore_case`.

        Of several those there on the day, and of these the one of the first country in `near` that has one, else one of no country
        ("the EC" is the European Commission unless the report is about a country with an EC), else the one known abroad ("Congress"
        is the American one); else None: which country's National Assembly is meant, the words around have to say.
        """
        found = [o for o in self.organisations.get(fold(name), ()) if ignore_case or _is_written_so(name, o)]
        if day is not None and len(found) > 1:
            found = [o for o in found if o.covers(day)] or found
        return _of_side(found, tuple(near)) or self._said_side(name, ignore_case=ignore_case)

    def shared_sector(self, name: str) -> str | None:
        """The sector of all bodies of that name, whatever their country ("the Daily News" is JRN anywhere); none, several: None."""
        sectors = {o.sector for o in self.organisations.get(fold(name), ()) if _is_written_so(name, o)}
        return sectors.pop() if len(sectors) == 1 else None

    def metonym(self, name: str, *, home: str | None = None, verb: str = "") -> Metonym | None:
        """Whom a seat of power stands for in a report about `home`, as the subject of `verb` (a lemma); nobody, or unclear: None.

        "State House" is the presidency of the country the report is about, if it has one called so.
        """
        said = [m for m in self.metonyms.get(fold(name), ()) if home not in m.unless and (not m.verbs or verb in m.verbs)]
        said = [m for m in said if m.verbs] or said
        if len({m.country for m in said}) > 1:
            said = [m for m in said if m.country == home] or [m for m in said if m.is_known_abroad]
        return said[0] if said else None

    def _said_side(self, name: str, *, ignore_case: bool) -> Organisation | None:
        """The body of a name that says its country itself: "the Nigerian Senate", "National Assembly of Zambia"; none: None."""
        words = name.removeprefix("the ").removeprefix("The ").split()
        for cut in range(1, min(len(words), 5)):
            first, last = " ".join(words[:cut]), " ".join(words[-cut:])
            lead = words[:-cut]
            for side, rest in ((first, words[cut:]), (last, lead[: lead.index("of")] if "of" in lead[-2:] else [])):
                if rest and (country := self.country_called(side)):
                    bodies = self.organisations.get(fold(" ".join(rest)), ())
                    found = [o for o in bodies if o.country == country and (ignore_case or _is_written_so(" ".join(rest), o))]
                    if found:
                        return found[0]
        return None


def load_actors() -> ActorKnowledge:
    """The actor tables. Raises ValueError naming the row whose code or dates are not as they should be."""
    countries = load_countries()
    given_names = {r["name"]: r["gender"] for r in read_csv("actors/given_names.csv")}
    sides = BODIES | countries.keys()
    by_name, by_surname = _load_offices(sides)
    return ActorKnowledge(
        _load_roles(),
        by_name,
        by_surname,
        _load_bodies(sides),
        _grouped((fold(row["name"]), _metonym(row, sides)) for row in read_csv("actors/metonyms.csv")),
        given_names,
        countries,
        {r["office"]: words_of(r["countries"]) for r in read_csv("actors/known_abroad.csv")},
        load_name_forms(given_names),
        load_titles(),
        _role_contexts(),
        frozenset(row["words"] for row in read_csv("actors/no_roles.csv")),
        frozenset(row["word"] for row in read_csv("actors/worldwide.csv")),
    )


def _covers(since: str, until: str, day: date) -> bool:
    shown = day.isoformat()
    return since <= shown[: len(since)] and (not until or shown[: len(until)] <= until)


def _load_roles() -> Mapping[str, Role]:
    rows = {row[0]: row for row in read_rows("actors/roles.csv", ROLE_COLUMNS)}
    if wrong := [lemma for lemma, row in rows.items() if row[1] not in SECTORS]:
        raise ValueError(f"actors/roles.csv: no such sector: {wrong}")
    return _Records(rows, _role)


def _role_contexts() -> dict[str, dict[str, str]]:
    contexts: dict[str, dict[str, str]] = {}
    for row in read_csv("actors/roles_by_context.csv"):
        contexts.setdefault(row["role"], {})[row["with"]] = _sector(row)
    return contexts


def _load_offices(sides: frozenset[str]) -> tuple[Mapping[str, tuple[Office, ...]], Mapping[str, tuple[Office, ...]]]:
    """The rows of offices by folded name and by lone name, each the oldest first."""
    rows = sorted(read_rows("actors/offices", OFFICE_COLUMNS), key=lambda row: row[_SINCE])
    names = [f"{row[_NAME]};{row[_ALIASES]}".split(";") if row[_ALIASES] else [row[_NAME]] for row in rows]
    folded = iter(fold_all([name for called in names for name in called]))
    by_name: dict[str, list[int]] = {}
    by_surname: dict[str, list[int]] = {}
    for number, (row, called) in enumerate(zip(rows, names, strict=True)):
        _check_office(row, sides)
        keys = dict.fromkeys(next(folded) for _ in called)
        alone = [fold(n) for n in _split(row[_CALLED])] or [word for key in keys for word in _last_words(key)]
        for index, found in ((by_name, keys), (by_surname, dict.fromkeys(alone))):
            for key in found:
                index.setdefault(key, []).append(number)
    offices = _Offices(rows)
    return _Records(by_name, offices), _Records(by_surname, offices)


def _check_office(row: Sequence[str], sides: frozenset[str]) -> None:
    country, office, sector, name, _, _, since, until, _ = row
    if country not in sides:
        raise ValueError(f"actors/offices: no such country {country!r} ({name})")
    if sector not in SECTORS:
        raise ValueError(f"actors/offices: no such sector {sector!r} ({name})")
    if until and until[: len(since)] < since[: len(until)]:
        raise ValueError(f"actors/offices: {name} leaves {office} before taking it")


class _Offices:
    """Offices by the numbers of their rows; each is made once, when first asked for, so that one office is one object."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows
        self._made: dict[int, Office] = {}

    def __call__(self, numbers: Iterable[int]) -> tuple[Office, ...]:
        return tuple(self._made.get(n) or self._made.setdefault(n, _office(self._rows[n])) for n in numbers)


def _office(row: Sequence[str]) -> Office:
    country, office, sector, name, aliases, called, since, until, _ = row
    return Office(name, _split(aliases), country, office, sector, since, until, _split(called))


def _metonym(row: dict[str, str], sides: frozenset[str]) -> Metonym:
    unless = words_of(row["unless"])
    if unknown := ({row["country"]} | unless) - sides:
        raise ValueError(f"actors/metonyms.csv: no such country {unknown} ({row['name']})")
    if row["kind"] not in ("seat", "town"):
        raise ValueError(f"actors/metonyms.csv: {row['name']} is neither a seat nor a town but {row['kind']!r}")
    abroad = row["known_abroad"] == "yes"
    return Metonym(row["country"], _sector(row), row["kind"] == "town", unless, words_of(row["verbs"]), abroad)


class _Records(Mapping[str, Row]):
    """Records by key, made from their rows when asked for: of twenty thousand a report needs some dozens."""

    def __init__(self, rows: Mapping[str, Any], make: Callable[[Any], Row]) -> None:
        self._rows, self._make = rows, make

    def __getitem__(self, key: str) -> Row:
        return self._make(self._rows[key])

    def get(self, key: str, default: Any = None) -> Any:  # a miss is the rule, and may not cost an exception
        rows = self._rows.get(key)
        return default if rows is None else self._make(rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _bodies(rows: Sequence[Sequence[str]]) -> tuple[Organisation, ...]:
    return tuple(
        Organisation(name, _split(aliases), country, sector, since, until, abroad == "yes")
        for country, sector, name, aliases, since, until, abroad, _ in rows
    )


def _role(row: Sequence[str]) -> Role:
    lemma, sector, kind, is_title, gender, _ = row
    return Role(lemma, sector, kind, is_title == "yes", gender)


def _load_bodies(sides: frozenset[str]) -> Mapping[str, tuple[Organisation, ...]]:
    rows = list(read_rows("actors/organisations", BODY_COLUMNS))
    owners: list[list[str]] = []
    names: list[str] = []
    for row in rows:
        country, sector, name, aliases, *_ = row
        if country not in sides:
            raise ValueError(f"actors/organisations: no such country {country!r} ({name})")
        if sector not in SECTORS:
            raise ValueError(f"actors/organisations: no such sector {sector!r} ({name})")
        called = f"{name};{aliases}".split(";") if aliases else (name,)
        names.extend(called)
        owners.extend([row] * len(called))
    by_name: dict[str, list[list[str]]] = {}
    for key, row in zip(fold_all(names), owners, strict=True):
        found = by_name.setdefault(key, [])
        if not found or found[-1] is not row:  # two aliases may fold to one key: "Itar-Tass", "ITAR-TASS"
            found.append(row)
    return _Records(by_name, _bodies)


def _of_side(found: Sequence[Organisation], near: Sequence[str]) -> Organisation | None:
    for country in near:
        for body in found:
            if body.country == country:
                return body
    for body in found:
        if body.country in BODIES:
            return body
    if len({o.country for o in found}) == 1:
        return found[0]
    return next((o for o in found if o.is_known_abroad), None)


def _sector(row: dict[str, str]) -> str:
    if row["sector"] not in SECTORS:
        raise ValueError(f"no such sector {row['sector']!r} in row {row}")
    return row["sector"]


def surnames_of(office: Office) -> frozenset[str]:
    """What a lone name may be: the table's own word for it, else the last words of the name and its other spellings."""
    if office.called:
        return frozenset(fold(name) for name in office.called)
    return frozenset(key for name in (office.name, *office.aliases) for key in _last_words(fold(name)))


def _last_words(folded: str) -> tuple[str, ...]:
    """The last word that is no number or "Jr", and the same with the particle before it: "sisi", "al sisi"."""
    words = folded.split()
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
