"""What is looked for, from the arguments of a call: the filters of the page, checked before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack

from dateline.knowledge.ontology import load_ontology
from dateline.records import StatusValue
from dateline.runs.board import Board
from dateline.web.filters import FACETS, REVIEWS, Filters
from dateline.web.sharing.rows import filters_of

Values = str | Sequence[str]
"""One value or several; "-" before one leaves it out."""

Box = tuple[float, float, float, float]


class Asked(TypedDict, total=False):
    """What events can be looked for by. Values of one are alternatives, "-PROTEST" leaves a value out, and all hold together.

    `type`, `mode`, `status`, `country` (of the place, ISO-3166 alpha-3), `place` and `actor` are to the letter; `actor` is either
    party or who tells of it. `flag`: "differ", "revised", "corrected", "plan", "episode", "places". `since` and `until`, both
    inclusive, must overlap the event's days, or with `dates="report"` the day of its first report; a date or "2020-08-18".
    `text`: words that one report of it has in its evidence, its title or a field. `witnesses`: so many independent texts at least.
    `box`: west, south, east, north in degrees. `review`: "all", "reviewed" (by a person) or "machine".
    """

    type: Values
    mode: Values
    status: Values
    country: Values
    place: Values
    actor: Values
    flag: Values
    since: date | str | None
    until: date | str | None
    dates: str
    text: str
    witnesses: int
    box: Box | None
    review: str


NAMES = {"text": "q"}
"""What an argument is called in the page's addresses, where it has another name there."""

COUNTRY = re.compile(r"-?[A-Z]{3}")


def filters_asked(as_of: datetime | None, **asked: Unpack[Asked]) -> Filters:
    """The filters that these arguments ask for. Raises ValueError for a name or value that cannot be, saying what there is."""
    if unknown := sorted(set(asked) - Asked.__annotations__.keys()):
        raise ValueError(f"{unknown[0]}: nothing is looked for by that; there is {', '.join(Asked.__annotations__)}")
    filters = filters_of(list(_pairs({**asked})))
    for value in filters.country:
        if not COUNTRY.fullmatch(value):
            raise ValueError(f"country={value}: write it as three capital letters, as BLR (ISO-3166 alpha-3)")
    return replace(filters, as_of=as_of)


def check_codes(filters: Filters, board: Callable[[], Board]) -> Filters:
    """The filters, if every type, mode and status in them is one of the ontology, or else of the board, which is asked only then:
    another coder may know others. Raises ValueError, saying which there are."""
    ontology = load_ontology()
    modes = {mode for type in ontology.types.values() for mode in type.modes}
    known = {"type": set(ontology.types), "mode": modes, "status": set(map(str, StatusValue))}
    for name, codes in known.items():
        strange = {value.removeprefix("-") for value in getattr(filters, name)} - codes
        if strange and (strange := strange - set(getattr(board().tables, TABLES[name]))):
            raise ValueError(f"{name}={min(strange)} is not known here: it can be {', '.join(sorted(codes))}")
    return filters


TABLES = {"type": "types", "mode": "modes", "status": "statuses"}


def _pairs(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        if value is None:
            continue
        if name in FACETS:
            yield from ((name, each) for each in _several(name, value))
        elif name in {"since", "until"}:
            day = day_of(name, value)
            yield name, day.isoformat() if day else ""
        elif name == "box":
            yield name, ",".join(map(str, value)) if not isinstance(value, str) else value
        else:
            yield NAMES.get(name, name), str(value)


def _several(name: str, value: Any) -> tuple[str, ...]:
    values = (value,) if isinstance(value, str) else tuple(value)
    if strange := [each for each in values if not isinstance(each, str)]:
        raise ValueError(f"{name}: {strange[0]!r} is no text; give one value or several, as {name}=['A', '-B']")
    return tuple(str(each) for each in values)  # members of an enumeration are texts as well


def day_of(name: str, value: date | str | None) -> date | None:
    """The day; of a moment its day, and None for none. Raises ValueError for what is no day, naming the argument."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise ValueError(f"{name}={value} is no day: write it as 2020-08-18") from None


def moment_of(value: date | datetime | str | None) -> datetime | None:
    """The moment in UTC: a day alone is its end, and what says no zone is UTC; None: None. Raises ValueError for what is none."""
    if value is None:
        return None
    if isinstance(value, str):
        return filters_of([("as_of", value)]).as_of
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time.min, UTC) + timedelta(days=1, microseconds=-1)


def in_words(filters: Filters) -> str:
    """What is asked, for people, but for the moment; nothing: "all"."""
    asked = asked_in(filters)
    words = replace(filters, as_of=None).words()
    # Who does not ask who reviewed them need not be told.
    return (words if "review" in asked else words.removesuffix(REVIEWS["all"]).removesuffix("; ")) or "all"


def asked_in(filters: Filters) -> dict[str, Any]:
    """The fields that ask for something, the moment aside."""
    nothing = Filters()
    found = {field.name: getattr(filters, field.name) for field in fields(Filters) if field.name != "as_of"}
    return {name: value for name, value in found.items() if value != getattr(nothing, name)}


def together(one: Filters, other: Filters) -> Filters | None:
    """Filters that ask for what both do; no one set of filters can: None."""
    first, second = asked_in(one), asked_in(other)
    if first.keys() & second.keys() or ({"dates", "since", "until"} & first.keys() and {"dates", "since", "until"} & second.keys()):
        return None
    return replace(one, **second)
