"""Which events of two coders are taken for one happening: one to one, the best pairs first, by a score that is added up in the
open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.comparing.occurrences import Occurrence
from dateline.knowledge.comparing import MatchRules
from dateline.linking.agreement import kilometres
from dateline.records import PlaceKind

WIDE = 31
"""Days of an event from which on it says little when it was."""


@dataclass(frozen=True)
class Part:
    """A part of a score: what it is of, what was found ("same place"), and how much it adds."""

    name: str
    found: str
    adds: float


@dataclass(frozen=True)
class Match:
    """An event of ours and one of theirs that are taken for one, with what the score was added up from."""

    ours: Occurrence
    theirs: Occurrence
    score: float
    parts: tuple[Part, ...]


def matched(ours: Sequence[Occurrence], theirs: Sequence[Occurrence], rules: MatchRules) -> tuple[Match, ...]:
    """The pairs, best first; of equals those first told first, then by id. Each event is in one at most.

    Events without a day are in none: nothing would say that they are not any other of their kind.
    """
    found = [match for one, other in _near(ours, theirs, rules) if (match := weighed(one, other, rules)) is not None]
    found.sort(key=lambda m: (-m.score, m.ours.first or m.ours.last, m.ours.id, m.theirs.id))
    taken_ours: set[str] = set()
    taken_theirs: set[str] = set()
    pairs = []
    for match in found:
        if match.ours.id not in taken_ours and match.theirs.id not in taken_theirs:
            taken_ours.add(match.ours.id)
            taken_theirs.add(match.theirs.id)
            pairs.append(match)
    return tuple(pairs)


@dataclass(frozen=True)
class _Shelf:
    """Events of one country and type, none longer than `length` days beyond its first, by first day."""

    length: int
    firsts: list[int]
    events: list[Occurrence]

    def between(self, first: int, last: int) -> list[Occurrence]:
        """Those whose days may touch these."""
        begin, end = bisect_left(self.firsts, first - self.length), bisect_right(self.firsts, last)
        return self.events[begin:end]


LENGTHS = (1, 7, WIDE)
"""Lengths of events that are looked for together: among long ones, every day would be one to look at."""

Key = tuple[str | None, str]


def _shelved(events: Sequence[Occurrence]) -> dict[Key, list[_Shelf]]:
    """The events that have days by country and type, in shelves by length."""
    sorted_by: dict[Key, dict[int, list[tuple[int, str, Occurrence]]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if event.first is None or event.last is None:
            continue
        days = (event.last - event.first).days
        length = next((n for n in LENGTHS if days <= n), FOREVER)
        sorted_by[event.country, event.type][length].append((event.first.toordinal(), event.id, event))
    return {key: [_shelf(length, listed) for length, listed in sizes.items()] for key, sizes in sorted_by.items()}


def _shelf(length: int, listed: list[tuple[int, str, Occurrence]]) -> _Shelf:
    listed.sort(key=lambda one: one[:2])
    return _Shelf(length, [first for first, _, _ in listed], [event for _, _, event in listed])


FOREVER = 4_000_000
"""Days beyond those of the calendar."""


def _near(ours: Sequence[Occurrence], theirs: Sequence[Occurrence], rules: MatchRules) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Pairs whose days may be near enough and whose types go together, of one country or with one of unknown country."""
    shelves = _shelved(theirs)
    countries = {country for country, _ in shelves}
    for one in ours:
        if one.first is None or one.last is None:
            continue
        first, last = one.first.toordinal() - rules.within, one.last.toordinal() + rules.within
        types = [one.type, *(other for a, other in rules.near if a == one.type)]
        for country in countries if one.country is None else {one.country, None}:
            for type in types:
                for shelf in shelves.get((country, type), ()):
                    yield from ((one, other) for other in shelf.between(first, last))


def weighed(one: Occurrence, other: Occurrence, rules: MatchRules) -> Match | None:
    """The pair with its score; one that the rules do not allow, or whose score is too low: None."""
    parts = (_days(one, other, rules), _kind(one, other, rules), _place(one, other, rules), _parties(one, other, rules))
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    score = round(sum(part.adds for part in told), 4)
    return Match(one, other, score, tuple(told)) if score >= rules.least else None


def _part(name: str, found: str, share: float, rules: MatchRules) -> Part:
    return Part(name, found, round(share * rules.weights[name], 4))


def _days(one: Occurrence, other: Occurrence, rules: MatchRules) -> Part | None:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    apart = max((other.first - one.last).days, (one.first - other.last).days, 0)
    if apart > rules.within:
        return None
    longest = max((one.last - one.first).days, (other.last - other.first).days)
    # Days that overlap somewhere in a month say little.
    share = (1 - apart / (rules.within + 1)) * (1.0 if longest <= rules.within else 0.7 if longest < WIDE else 0.4)
    words = f"{apart} day{'' if apart == 1 else 's'} apart" if apart else "same day" if not longest else "days overlap"
    return _part("days", words, share, rules)


def _kind(one: Occurrence, other: Occurrence, rules: MatchRules) -> Part | None:
    if one.type == other.type:
        if one.mode == other.mode:
            return _part("kind", "same type and mode", rules.kind["mode"], rules)
        if one.mode is None or other.mode is None:
            return _part("kind", "same type", rules.kind["type"], rules)
        return _part("kind", f"same type, {one.mode} and {other.mode}", rules.kind["modes"], rules)
    if (one.type, other.type) in rules.near:
        return _part("kind", f"{one.type} and {other.type}", rules.kind["near"], rules)
    return None


def _place(one: Occurrence, other: Occurrence, rules: MatchRules) -> Part | None:
    if one.country is None or other.country is None:
        return _part("place", "one has no country", rules.place["unknown"], rules)
    if one.country != other.country:
        return None
    worth = rules.place
    coarse = {PlaceKind.COUNTRY, PlaceKind.REGION, None}
    if one.kind in coarse or other.kind in coarse:
        words = "same country" if one.kind in coarse and other.kind in coarse else "one is known to the country alone"
        return _part("place", words, worth["country"], rules)
    is_same_province = one.admin1 is not None and _alike(one.admin1, other.admin1)
    if PlaceKind.ADMIN1 in {one.kind, other.kind}:
        names, others = ({_plain(name) for name in (o.admin1, o.place) if name} for o in (one, other))
        return _part("place", "same province", worth["province"], rules) if names & others else None
    if one.place and _alike(one.place, other.place):
        return _part("place", "same place", worth["same"], rules)
    if one.point is None or other.point is None:
        return _part("place", "same province", worth["province"], rules) if is_same_province else None
    apart = kilometres(one.point, other.point)
    if apart <= rules.same_kilometres:
        return _part("place", f"{apart:.0f} km apart", worth["same"], rules)
    if apart <= rules.kilometres:
        return _part("place", f"{apart:.0f} km apart", worth["near"], rules)
    return None


WORDS_OF_PROVINCES = frozenset(("region", "province", "oblast", "state", "governorate", "city", "district", "voblast", "voblasts"))


def _plain(name: str) -> str:
    """A place's name as two coders may share it: small letters, without words for what it is."""
    words = [word.strip("'’.,") for word in name.lower().split()]
    return " ".join(word for word in words if word not in WORDS_OF_PROVINCES) or " ".join(words)


def _alike(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and _plain(one) == _plain(other)


def _parties(one: Occurrence, other: Occurrence, rules: MatchRules) -> Part:
    if not one.parties or not other.parties:
        return _part("parties", "one names nobody", rules.parties["unknown"], rules)
    if one.parties & other.parties:
        return _part("parties", "same country and sector", rules.parties["same"], rules)
    if {country for country, _ in one.parties if country} & {country for country, _ in other.parties if country}:
        return _part("parties", "same country", rules.parties["country"], rules)
    return _part("parties", "nobody alike", rules.parties["none"], rules)
