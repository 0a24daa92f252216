"""Who is who: offices by date, organisations, role nouns, seats of government and given names.

Tables: actors/offices/ (who held what office when) and actors/organisations/, a file for each part of the world; roles.csv (role
nouns with PLOVER sectors), roles_by_context.csv (sectors that hang on what a role is of), metonyms.csv, given_names.csv (for
pronouns only); countries from places/countries.csv. Every row names its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from dateline.knowledge.places import Country, fold, fold_all, load_countries, words_of
from dateline.knowledge.tables import read_csv, read_folder, read_rows

Row = TypeVar("Row")

SECTORS = words_of("GOV MIL COP SPY JUD LEG OPP PRM PRE PTY LAB BUS MNC JRN EDU MED REL SOC REB UAF CRM AGR REF CVL ELI IGO")
"""PLOVER's sectors, with IGO for the bodies of international organisations."""

BODY_COLUMNS = ("country", "sector", "name", "aliases", "since", "until", "known_abroad", "source")
"""Of the tables in actors/organisations."""

ROLE_COLUMNS = ("role", "sector", "kind", "is_title", "gender", "source")
"""Of actors/roles.csv."""

BODIES = frozenset(("EUR", "UNO", "IGO", "NGO", "MNC", "IMG"))
"""Sides that are no country: the EU, the UN, other inter-governmental and non-governmental bodies, companies, armed movements."""


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
    """One holder of one office. `since`/`until` are a year, month or day, as known; `until` empty: held when the table was made."""

    name: str
    aliases: tuple[str, ...]
    country: str
    office: str
    sector: str
    since: str
    until: str

    @property
    def id(self) -> str:
        """The person's, the same in all his offices."""
        return "person:" + fold(self.name).replace(" ", "-")

    def covers(self, day: date) -> bool:
        """Whether it was held on a day; a bound given as a year or month counts as all of it."""
        shown = day.isoformat()
        return self.since <= shown[: len(self.since)] and (not self.until or shown[: len(self.until)] <= self.until)


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

    @property
    def id(self) -> str:
        return f"organisation:{self.country.lower()}:" + fold(self.name).replace(" ", "-")


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
    role_contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Role -> a word of what he is of ("club", "union", TITLE) -> the sector he then has."""

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

    def sector_in_context(self, role: str, words: Iterable[str]) -> str | None:
        """The sector a role has by what it is of, the nearest word first ("club president" CVL); no word tells: None."""
        sectors = self.role_contexts.get(role)
        return next((sectors[word] for word in words if word in sectors), None) if sectors else None

    def offices_of(self, name: str) -> tuple[Office, ...]:
        """Every office a person of that full name held, oldest first; unknown: an empty tuple."""
        return self.offices.get(fold(name), ())

    def holder_by_surname(self, surname: str, day: date | None) -> tuple[Office, ...]:
        """The offices of the one person of that surname who was in office on the day; none, several or no day: an empty tuple."""
        held = tuple(o for o in self.surnames.get(fold(surname), ()) if day and o.covers(day))
        return held if len({fold(o.name) for o in held}) == 1 else ()

    def organisation(self, name: str, *, near: Iterable[str] = (), ignore_case: bool = False) -> Organisation | None:
        """The body of that name. An acronym must be written as one, or `ignore_case`.

        Of several the one of the first country in `near` that has one, else one of no country ("the EC" is the European Commission
        unless the report is about a country with an EC), else the one known abroad ("Congress" is the American one); else None:
        which country's National Assembly is meant, the words around have to say.
        """
        found = [o for o in self.organisations.get(fold(name), ()) if ignore_case or _is_written_so(name, o)]
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
    sides = BODIES | countries.keys()
    offices = [_office(row, sides) for row in read_folder("actors/offices")]
    return ActorKnowledge(
        _load_roles(),
        _grouped((key, office) for office in offices for key in {fold(n) for n in (office.name, *office.aliases)}),
        _grouped((key, office) for office in offices for key in {_surname(n) for n in (office.name, *office.aliases)}),
        _load_bodies(sides),
        _grouped((fold(row["name"]), _metonym(row, sides)) for row in read_csv("actors/metonyms.csv")),
        {r["name"]: r["gender"] for r in read_csv("actors/given_names.csv")},
        countries,
        role_contexts=_role_contexts(),
    )


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


def _office(row: dict[str, str], sides: frozenset[str]) -> Office:
    if row["country"] not in sides:
        raise ValueError(f"actors/offices: no such country {row['country']!r} ({row['name']})")
    if row["until"] and row["until"][: len(row["since"])] < row["since"][: len(row["until"])]:
        raise ValueError(f"actors/offices: {row['name']} leaves {row['office']} before taking it")
    return Office(row["name"], _split(row["aliases"]), row["country"], row["office"], _sector(row), row["since"], row["until"])


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


def _surname(name: str) -> str:
    words = fold(name).split()
    return next((w for w in reversed(words) if w not in ("jr", "sr", "ii", "iii", "iv", "vi", "xvi")), words[-1])


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
