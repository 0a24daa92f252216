"""Who a title means on a day: "the Belarusian president", "Germany's chancellor", "the NATO chief".

Knowledge: actors/titles.yaml (which offices a title may stand for) over actors/offices/ (who held them when). A title means
somebody only where exactly one person held one of these offices, of that country or body, on that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from dateline.knowledge.places import fold
from dateline.knowledge.tables import read_yaml


class Held(Protocol):
    """What a row of offices must say to be found by its title."""

    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def office(self) -> str: ...
    @property
    def id(self) -> str: ...
    def covers(self, day: date) -> bool: ...


Row = TypeVar("Row", bound=Held)

SUPRANATIONAL: Mapping[str, str] = {"eu": "EUR", "european": "EUR", "un": "UNO"}


@dataclass(frozen=True)
class Titles:
    """The table of titles. All words are folded."""

    titles: Mapping[str, frozenset[str]]
    heads_of_bodies: Mapping[str, frozenset[str]]
    not_the_holder: frozenset[str]
    examples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Titled:
    """A phrase taken apart: the title, and what it is of, "" if unsaid or its country: both folded."""

    title: str
    scope: str


def load_titles() -> Titles:
    """The table of titles. Raises ValueError for a title without offices."""
    table: Mapping[str, Any] = read_yaml("actors/titles.yaml")
    for title, offices in {**table["titles"], **table["heads_of_bodies"]}.items():
        if not offices:
            raise ValueError(f"actors/titles.yaml: the title {title!r} stands for no office")
    return Titles(
        _folded(table["titles"]),
        _folded(table["heads_of_bodies"]),
        frozenset(fold(w) for w in table["not_the_holder"].split()),
        tuple(table["examples"]),
    )


def _folded(table: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    return {fold(title): frozenset(fold(office) for office in offices) for title, offices in table.items()}


@dataclass(frozen=True)
class OfficeIndex:
    """The rows of offices by what they are called and what they are of."""

    titles: Titles
    rows: Mapping[tuple[str, str], tuple[Any, ...]]
    """(office without "of …", folded; of what, folded, "" for a country's own) -> its rows."""
    known: frozenset[str]
    """Every title that the table of titles or a row knows."""

    def taken_apart(
        self, phrase: str, is_adjective: Callable[[str], bool], country_called: Callable[[str], str | None]
    ) -> Titled | None:
        """A phrase's title and what it is of ("chief minister of Gujarat"); not an office's, or somebody else's: None.

        `is_adjective` says of a word before the title whether it only describes; any other is taken for what the title is of.
        """
        words = phrase.split()
        for first in range(len(words)):
            rest = " ".join(words[first:])
            title, of, tail = rest.partition(" of ")
            if fold(rest) in self.known:
                title, tail = rest, ""
            elif not (of and fold(title) in self.known):
                continue
            scope = self._scope(words[:first], is_adjective, country_called)
            if scope is None:
                return None
            if tail and country_called(tail) is None:
                scope = fold(tail)
            return Titled(fold(title), scope)
        return None

    def _scope(
        self, before: Sequence[str], is_adjective: Callable[[str], bool], country_called: Callable[[str], str | None]
    ) -> str | None:
        """What the words before a title say it is of, "" for nothing but a country; None: they say it is another's."""
        if any(fold(word) in self.titles.not_the_holder for word in before):
            return None
        rest = list(before)
        for size in range(len(rest), 0, -1):
            for first in range(len(rest) - size + 1):
                run = " ".join(rest[first : first + size])
                if country_called(run) or (size == 1 and fold(run) in SUPRANATIONAL):
                    # "European Commission": the first word is part of a name
                    following = rest[first + size :]
                    if not any(word[:1].isupper() for word in following):
                        rest[first : first + size] = []
                        return fold(" ".join(word for word in rest if word[:1].isupper() or not is_adjective(word)))
        return fold(" ".join(word for word in rest if word[:1].isupper() or not is_adjective(word)))

    def holder(self, titled: Titled, country: str | None, day: date) -> Any | None:
        """The row of the one person who held the office on the day; nobody, several, or no office of that title: None.

        `country` is the country or body whose office it is; None: the words must name what it is of.
        """
        offices = self.titles.titles.get(titled.title, frozenset((titled.title,)))
        if titled.scope:
            offices = offices | self.titles.heads_of_bodies.get(titled.title, frozenset())
        elif titled.title in self.titles.heads_of_bodies and titled.title not in self.titles.titles:
            return None
        found = [row for office in offices for row in self.rows.get((office, titled.scope), ()) if row.covers(day)]
        if country is not None:
            found = [row for row in found if row.country == country]
        elif not titled.scope:
            return None
        return found[0] if len({row.id for row in found}) == 1 else None


def office_index(rows: Iterable[Row], titles: Titles) -> OfficeIndex:
    """The index of rows in their order. "Secretary General of NATO" is a secretary general, of NATO."""
    index: dict[tuple[str, str], list[Row]] = {}
    keys: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in rows:
        if row.office not in keys:
            keys[row.office] = _keys_of(row.office, titles)
        for key in keys[row.office]:
            index.setdefault(key, []).append(row)
    known = {title for found in keys.values() for title, _ in found} | set(titles.titles) | set(titles.heads_of_bodies)
    return OfficeIndex(titles, {key: tuple(found) for key, found in index.items()}, frozenset(known - {""}))


def _keys_of(office: str, titles: Titles) -> tuple[tuple[str, str], ...]:
    """Under which (title, scope) an office is found: as it is, and by what it is of."""
    whole = fold(office)
    title, of, scope = office.partition(" of ")
    return ((whole, ""), (fold(title), fold(scope))) if of and whole not in titles.titles else ((whole, ""),)
