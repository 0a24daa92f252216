"""What keeps two tellings apart whatever else they share: knowledge/linking/exclusions.yaml, rule by rule over whole tables.

The weights of a pair were learned from crimes and accidents, whose reports differ in the day, the place and the victim. In politics
much is done by speaking, in one place, on one day and in the same words, and who speaks is all that tells one deed from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.exclusions import Exclusion, When, load_sides
from dateline.knowledge.linking import Lexis
from dateline.linking.distinct import distinct
from dateline.linking.features import kilometres
from dateline.linking.scoring import Chances
from dateline.linking.table import NO_DAY, NOTHING, Ints, Table
from dateline.linking.words import stem, words_in
from dateline.records import PlaceKind

Pairs = NDArray[np.int64]
Mask = NDArray[np.bool_]

CHUNK = 1 << 17

TOWNS = (PlaceKind.CITY.value, PlaceKind.FACILITY.value)
FAR = 30.0
"""Kilometres from which two towns are not one and its outskirts."""


def find_excluded(table: Table, pairs: Pairs, exclusions: Sequence[Exclusion]) -> Mask:
    """[n] whether some rule keeps the two rows of a pair apart."""
    found = np.zeros(len(pairs), bool)
    for start in range(0, len(pairs), CHUNK):
        part = slice(start, start + CHUNK)
        for exclusion in exclusions:
            found[part] |= keeps_apart(table, pairs[part], exclusion)
    return found


def keeps_apart(table: Table, pairs: Pairs, exclusion: Exclusion) -> Mask:
    """[n] whether this rule keeps the two rows of a pair apart."""
    number_of = {name: number for number, name in enumerate(table.names)}
    applies: Mask = np.isin(table.type, _numbers(exclusion.types, number_of))
    if exclusion.modes:
        applies &= np.isin(table.mode, _numbers(exclusion.modes, number_of))
    found = np.asarray(applies[pairs].all(axis=1), bool)
    rows = np.flatnonzero(found)
    found[rows] = WHEN[exclusion.when](table, pairs[rows], exclusion)
    return found


def _numbers(names: Sequence[str], number_of: Mapping[str, int]) -> list[int]:
    return [number_of[name] for name in names if name in number_of]


def _other_actors(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    return _other_parties(table, pairs, table.actors, table.countries[:, 0], table.sectors[:, 0])


def _other_sides(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    return _other_parties(table, pairs, table.recipients, table.countries[:, 1], _sides_of(table, table.sectors[:, 1]))


def _sides_of(table: Table, sectors: Ints) -> Ints:
    """Sectors as numbers of the sides they are on, NOTHING for what is on none."""
    sides = load_sides()
    number_of = {side: number for number, side in enumerate(sorted(set(sides.values())))}
    side_of = np.array([number_of[sides[name]] if name in sides else NOTHING for name in table.names] + [NOTHING], np.int32)
    found: Ints = side_of[sectors]  # NOTHING is the last place
    return found


def _other_parties(table: Table, pairs: Pairs, names: Ints, *values: Ints) -> Mask:
    """Both have parties in the role, with no word of a name in common, and with nothing in common of one of the values."""
    apart = _are_known(names, pairs) & ~_meet(names, pairs)
    differ = np.stack([_are_known(value, pairs) & ~_meet(value, pairs) for value in values]).any(axis=0)
    return apart & differ


def _other_names(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    return _are_named(table.is_named[:, 0], pairs) & ~_meet(table.actors, pairs)


def _other_victims(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    return _are_named(table.is_named[:, 1], pairs) & ~_meet(table.recipients, pairs)


def _other_people(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    everybody = np.concatenate([table.actors, table.recipients], axis=1)
    return _are_named(table.is_named.any(axis=1), pairs) & ~_meet(everybody, pairs)


def _other_counterparts(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    everybody = np.concatenate([table.actors, table.recipients], axis=1)
    one, other = everybody[pairs[:, 0]], everybody[pairs[:, 1]]
    return _are_known(table.recipients, pairs) & _has_more(one, other) & _has_more(other, one)


def _are_named(is_named: Any, pairs: Pairs) -> Mask:
    return np.asarray(is_named[pairs].all(axis=1), bool)


def _other_country(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    country = table.place_country
    differ: Mask = (country[pairs] != NOTHING).all(axis=1) & (country[pairs[:, 0]] != country[pairs[:, 1]])
    return _say_where(table, pairs) & differ


def _other_town(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    number_of = {name: number for number, name in enumerate(table.names)}
    is_town = np.isin(table.place_kind, _numbers(TOWNS, number_of))
    towns = np.asarray(is_town[pairs].all(axis=1), bool)
    return np.asarray(_say_where(table, pairs) & towns & (kilometres(table, pairs) > FAR) & ~_lies_in(table, pairs), bool)


def _say_where(table: Table, pairs: Pairs) -> Mask:
    said = (table.place != NOTHING) & ~table.is_place_inferred
    return np.asarray(said[pairs].all(axis=1), bool)


def _lies_in(table: Table, pairs: Pairs) -> Mask:
    """Whether one place's name is that of the place that the other lies in."""
    name, within = table.place_name[pairs], table.place_within[pairs]
    return np.asarray((name == within[:, ::-1]).any(axis=1) | (name[:, 0] == name[:, 1]), bool)


def _other_day(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    told = ~table.is_day_assumed & table.is_fine & (table.first != NO_DAY) & (table.last != NO_DAY)
    first, last = table.first[pairs].astype(np.int64), table.last[pairs].astype(np.int64)
    gap = np.maximum(first[:, 0] - last[:, 1], first[:, 1] - last[:, 0])
    return np.asarray(told[pairs].all(axis=1) & (gap > 1), bool)


def _other_matter(table: Table, pairs: Pairs, _: Exclusion) -> Mask:
    matter = _without(table.words, [table.trigger, table.actors, table.recipients], [])
    return _are_known(matter, pairs) & ~_meet(matter, pairs)


def _generic(table: Table, exclusion: Exclusion) -> list[int]:
    """Stems that tell nothing: those of the rule, and those of the names of places, which are compared as places."""
    number_of = {name: number for number, name in enumerate(table.names)}
    places = distinct(np.concatenate([table.place_name, table.place_within, table.place_admin1]))
    named = (word for place in places.tolist() if place >= 0 for word in words_in(table.names[place]))
    return _numbers([stem(word, Lexis()) for word in (*exclusion.words, *named)], number_of)


def _without(words: Ints, others: Sequence[Ints], generic: Sequence[int]) -> Ints:
    """Each row's words without those of the same row of the others, and without generic ones; what is left stands first."""
    gone = np.isin(words, generic)
    for other in others:
        gone |= (words[:, :, None] == other[:, None, :]).any(axis=2)
    return np.asarray(-np.sort(-np.where(gone, NOTHING, words), axis=1), np.int32)


def _nothing_in_common(table: Table, pairs: Pairs, exclusion: Exclusion) -> Mask:
    """Nothing speaks for it but the kind, the place and the day: no party by name, no figure of a kind, no telling word around the
    trigger, and not the same word for it either, unless those who are named differ."""
    around = _without(table.words, [table.trigger], _generic(table, exclusion))
    actor = _are_named(table.is_named[:, 0], pairs) & _meet(table.actors, pairs)
    recipient = _are_named(table.is_named[:, 1], pairs) & _meet(table.recipients, pairs)
    both_named = _are_named(table.is_named.any(axis=1), pairs)
    same_word = _meet(table.trigger[:, :1], pairs) & ~(both_named & ~actor & ~recipient)
    counts: Mask = ~np.isnan(table.low)
    counted = np.asarray((counts[pairs[:, 0]] & counts[pairs[:, 1]]).any(axis=1), bool)
    return np.asarray(~(actor | recipient | same_word | counted | _meet(around, pairs)), bool)


def _other_figures(table: Table, pairs: Pairs, exclusion: Exclusion) -> Mask:
    apart = np.zeros(len(pairs), bool)
    for column, what in enumerate(table.counted):
        if what in exclusion.counts:
            low, high = table.low[pairs, column], table.high[pairs, column]
            for one, other in ((0, 1), (1, 0)):  # an unknown bound is not-a-number, and compares as false
                apart |= low[:, one] > exclusion.factor * high[:, other]
                # "At least" is open above: two such figures are held apart by twice the factor.
                apart |= (low[:, other] > 0) & (low[:, one] > 2 * exclusion.factor * low[:, other])
    return apart


def _are_known(values: Ints, pairs: Pairs) -> Mask:
    known: Mask = (values[:, 0] != NOTHING)[pairs].all(axis=1)
    return known


def _meet(values: Ints, pairs: Pairs) -> Mask:
    return _share(values[pairs[:, 0]], values[pairs[:, 1]])


def _has_more(a: Ints, b: Ints) -> Mask:
    """[n] whether the first rows have a value that the second have not."""
    is_there = (a[:, :, None] == b[:, None, :]).any(axis=2)
    more: Mask = (~is_there & (a != NOTHING)).any(axis=1)
    return more


def _share(a: Ints, b: Ints) -> Mask:
    """[n] whether rows have a value in common."""
    met: Mask = ((a[:, :, None] == b[:, None, :]) & (a != NOTHING)[:, :, None]).any(axis=(1, 2))
    return met


WHEN: Mapping[When, Callable[[Table, Pairs, Exclusion], Mask]] = {
    When.OTHER_ACTORS: _other_actors,
    When.OTHER_SIDES: _other_sides,
    When.OTHER_NAMES: _other_names,
    When.OTHER_PEOPLE: _other_people,
    When.OTHER_COUNTERPARTS: _other_counterparts,
    When.OTHER_VICTIMS: _other_victims,
    When.OTHER_COUNTRY: _other_country,
    When.OTHER_TOWN: _other_town,
    When.OTHER_DAY: _other_day,
    When.OTHER_MATTER: _other_matter,
    When.NOTHING_IN_COMMON: _nothing_in_common,
    When.OTHER_FIGURES: _other_figures,
}


@dataclass(frozen=True)
class Excluding:
    """A scorer that gives no chance to pairs that a rule keeps apart."""

    chances_of: Chances
    exclusions: tuple[Exclusion, ...]

    def chances(self, table: Table, pairs: Pairs) -> NDArray[np.float64]:
        """[n] as the scorer has them, 0 for what is kept apart."""
        chances = np.zeros(len(pairs))
        possible = ~find_excluded(table, pairs, self.exclusions)
        chances[possible] = self.chances_of(table, pairs[possible])
        return chances


def reasons_apart(table: Table, first: int, second: int, exclusions: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    """The rules that keep two rows of the table apart; none: an empty tuple."""
    pair = np.array([[first, second]], np.int64)
    return tuple(exclusion for exclusion in exclusions if keeps_apart(table, pair, exclusion)[0])
