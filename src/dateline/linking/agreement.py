"""Whether two values of one field say the same, can both be true, or cannot: with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from dateline.records import Actor, Bounds, Days, Kind, Place, PlaceKind, StatusValue, Told, Verdict

NEAR_KM = 20.0
"""Two points that lie no farther apart may be one place: a town and its suburb, a square and the gazetteer's middle of the city."""


class Fit(StrEnum):
    """How two values go together."""

    SAME = "same"
    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"


def judge(values: Sequence[Told], witnesses: int) -> tuple[Verdict, str]:
    """What different values of one field come to, and how: the pairs that decide it. `witnesses` are those of all of them.

    One value: agreement if two witnesses or more give it. Bounds that meet two by two meet all at one figure, so pairs suffice.
    """
    if len(values) == 1:
        words = in_words(values[0])
        if witnesses < 2:
            return Verdict.ALONE, f"{words}, by one witness"
        return Verdict.AGREEMENT, f"{words}, by {witnesses} witnesses"
    fits = [compare(a, b) for a, b in combinations(values, 2)]
    against = [reason for fit, reason in fits if fit is Fit.INCOMPATIBLE]
    if against:
        return Verdict.DISPUTE, "; ".join(against)
    return Verdict.RANGE, "; ".join(reason for _, reason in fits)


def compare(a: Told, b: Told) -> tuple[Fit, str]:
    """How two values of one field go together. Raises TypeError for values of different fields: that is our mistake."""
    if a == b:
        return Fit.SAME, f"{in_words(a)} both times"
    match a, b:
        case Bounds(), Bounds():
            return _compare_bounds(a, b)
        case Days(), Days():
            return _compare_days(a, b)
        case Kind(), Kind():
            return _compare_kinds(a, b)
        case Place(), Place():
            return _compare_places(a, b)
        case Actor(), Actor():
            return _compare_actors(a, b)
        case StatusValue(), StatusValue():
            return _compare_statuses(a, b)
    raise TypeError(f"cannot compare {a!r} with {b!r}")


# ---------------------------------------------------------------- bounds


def meet(a: Bounds, b: Bounds) -> Bounds | None:
    """The figures that both allow; none: None."""
    low = max(a.low, b.low)
    high = b.high if a.high is None else a.high if b.high is None else min(a.high, b.high)
    return Bounds(low, high) if high is None or low <= high else None


def hull(a: Bounds, b: Bounds) -> Bounds:
    """From the lowest to the highest that either allows; open if either is."""
    return Bounds(min(a.low, b.low), None if a.high is None or b.high is None else max(a.high, b.high))


def add(a: Bounds, b: Bounds) -> Bounds:
    """The sum; open if either is."""
    return Bounds(a.low + b.low, None if a.high is None or b.high is None else a.high + b.high)


def is_above(a: Bounds, b: Bounds) -> bool:
    """True if every figure that `a` allows is higher than every one that `b` does."""
    return b.high is not None and a.low > b.high


def _compare_bounds(a: Bounds, b: Bounds) -> tuple[Fit, str]:
    met = meet(a, b)
    if met is None:
        lower, higher = (a, b) if is_above(b, a) else (b, a)
        return (
            Fit.INCOMPATIBLE,
            f"{in_words(lower)} and {in_words(higher)} cannot both be: {number(lower.high)} < {number(higher.low)}",
        )
    return Fit.COMPATIBLE, f"{in_words(a)} and {in_words(b)} meet at {in_words(met)}"


# ---------------------------------------------------------------- days, kinds, places


def _compare_days(a: Days, b: Days) -> tuple[Fit, str]:
    a_first, a_last = a.first or date.min, a.last or date.max
    b_first, b_last = b.first or date.min, b.last or date.max
    said = f"{in_words(a)} and {in_words(b)}"
    if (a_first, a_last) == (b_first, b_last):
        return Fit.SAME, f"{said} are the same days"
    if a_first <= b_first and b_last <= a_last:
        return Fit.COMPATIBLE, f"{in_words(b)} lies in {in_words(a)}"
    if b_first <= a_first and a_last <= b_last:
        return Fit.COMPATIBLE, f"{in_words(a)} lies in {in_words(b)}"
    if a_first <= b_last and b_first <= a_last:
        return Fit.COMPATIBLE, f"{said} overlap"
    if a.is_assumed or b.is_assumed:
        return Fit.COMPATIBLE, f"{said} differ, but one of them is assumed and not told"
    apart = ((b_first if a_last < b_first else a_first) - (a_last if a_last < b_first else b_last)).days
    return Fit.INCOMPATIBLE, f"{said} cannot both be: {apart} day{'s' * (apart != 1)} apart"


def _compare_kinds(a: Kind, b: Kind) -> tuple[Fit, str]:
    if a.type != b.type:
        return Fit.INCOMPATIBLE, f"{in_words(a)} is another type than {in_words(b)}"
    if a.mode is None or b.mode is None:
        finer, coarser = (b, a) if a.mode is None else (a, b)
        return Fit.COMPATIBLE, f"{in_words(finer)} is a kind of {in_words(coarser)}"
    return Fit.INCOMPATIBLE, f"{in_words(a)} is another mode than {in_words(b)}"


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The way between two points (latitude, longitude) over a round earth."""
    (lat1, lon1), (lat2, lon2) = ((radians(x), radians(y)) for x, y in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, h)))


_FINE = tuple(PlaceKind)
"""From the finest kind to the coarsest."""


def holds(a: Place, b: Place) -> bool:
    """True if `b` lies in `a`, as far as names, countries and first-order divisions tell."""
    if _FINE.index(a.kind) <= _FINE.index(b.kind):
        return False
    if a.kind is PlaceKind.COUNTRY:
        return a.country is not None and a.country == b.country
    if a.kind is PlaceKind.ADMIN1:
        return a.country == b.country and b.admin1 is not None and a.name in {b.admin1, b.within} | ({a.admin1} & {b.admin1})
    return b.within is not None and b.within.casefold() == a.name.casefold()


def _compare_places(a: Place, b: Place) -> tuple[Fit, str]:
    said = f"{in_words(a)} and {in_words(b)}"
    if a.geonames is not None and a.geonames == b.geonames:
        return Fit.SAME, f"{said} are one place"
    for inner, outer in ((a, b), (b, a)):
        if holds(outer, inner):
            return Fit.COMPATIBLE, f"{in_words(inner)} lies in {in_words(outer)}"
    if a.country and b.country and a.country != b.country:
        return Fit.INCOMPATIBLE, f"{said} cannot both be: other countries"
    if a.point is not None and b.point is not None:
        apart = kilometres(a.point, b.point)
        if apart <= NEAR_KM:
            return Fit.COMPATIBLE, f"{said} lie {apart:.0f} km apart"
        if PlaceKind.ADMIN2 in {a.kind, b.kind} or PlaceKind.ADMIN1 in {a.kind, b.kind}:
            coarse = PlaceKind.ADMIN1 in {a.kind, b.kind}
            if apart <= (300.0 if coarse else 80.0) and _one_division(a, b):
                return Fit.COMPATIBLE, f"{said} lie {apart:.0f} km apart, and one of them is a district"
        return Fit.INCOMPATIBLE, f"{said} cannot both be: {apart:.0f} km apart"
    if a.name.casefold() == b.name.casefold():
        return Fit.COMPATIBLE, f"{said} have one name"
    if a.point is None or b.point is None:
        return Fit.COMPATIBLE, f"{said} may be one place: there is no point to tell them apart by"
    return Fit.INCOMPATIBLE, f"{said} are not one place"


def _one_division(a: Place, b: Place) -> bool:
    return a.country == b.country and (a.admin1 is None or b.admin1 is None or a.admin1 == b.admin1)


# ---------------------------------------------------------------- actors and statuses


def _compare_actors(a: Actor, b: Actor) -> tuple[Fit, str]:
    """Two actors are one by id, name, or the last words of one name in the other; a side without a name holds those on it."""
    said = f"{in_words(a)} and {in_words(b)}"
    if a.id is not None and a.id == b.id:
        return Fit.SAME, f"{said} are one in the actor tables"
    if a.country and b.country and a.country != b.country:
        return Fit.INCOMPATIBLE, f"{said} stand for different countries"
    first, second = set(a.name.casefold().split()), set(b.name.casefold().split())
    if first <= second or second <= first:
        return Fit.COMPATIBLE, f"{said} name one, more or less fully"
    if a.sector and b.sector and a.sector != b.sector:
        return Fit.INCOMPATIBLE, f"{said} are of different sectors: {a.sector}, {b.sector}"
    return Fit.COMPATIBLE, f"{said} may be one: nothing tells them apart"


_WEAKER = {
    StatusValue.ASSERTED: {StatusValue.ALLEGED, StatusValue.PLANNED, StatusValue.CONDITIONAL},
    StatusValue.ALLEGED: {StatusValue.ASSERTED, StatusValue.PLANNED, StatusValue.CONDITIONAL, StatusValue.DENIED},
    StatusValue.PLANNED: {StatusValue.ASSERTED, StatusValue.ALLEGED, StatusValue.CONDITIONAL},
    StatusValue.CONDITIONAL: set(StatusValue),
    StatusValue.DENIED: {StatusValue.CONDITIONAL, StatusValue.ALLEGED},
}


def _compare_statuses(a: StatusValue, b: StatusValue) -> tuple[Fit, str]:
    if b in _WEAKER[a]:
        return Fit.COMPATIBLE, f"{a.value} and {b.value} do not exclude one another"
    return Fit.INCOMPATIBLE, f"{a.value} and {b.value} cannot both be"


# ---------------------------------------------------------------- values in words


def number(value: float | None) -> str:
    """A figure with thousands set off; whole numbers without a point. None is "open"."""
    if value is None:
        return "open"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def in_words(value: Told) -> str:
    """A value as people read it; equal values have equal words."""
    match value:
        case Bounds(low, high):
            if high is None:
                return f"{number(low)} or more"
            return number(low) if low == high else f"{number(low)} to {number(high)}"
        case Days(first, last):
            if first == last and first is not None:
                return first.isoformat()
            if first is None:
                return f"until {last.isoformat()}" if last else "some day"
            return f"{first.isoformat()} to {last.isoformat()}" if last else f"since {first.isoformat()}"
        case Kind(type_, mode):
            return f"{type_} ({mode})" if mode else type_
        case Place():
            beyond = value.within or value.admin1 or value.country
            return (
                f"{value.name}, {beyond}" if beyond and beyond != value.name and value.kind is not PlaceKind.COUNTRY else value.name
            )
        case Actor():
            side = ", ".join(part for part in (value.country, value.sector) if part)
            return f"{value.name} ({side})" if side else value.name
        case StatusValue():
            return value.value
