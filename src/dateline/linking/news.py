"""Which reports tell of one happening as their news: what two documents have in common beyond the words of single tellings.

Most reports have one happening in the middle, and tell of others around it: the shooting, then the arrest, the charge, the trial.
Its place, its day and its people are those that most of the report's tellings have, the surer and weightier ones counting for more.
Two reports are compared by these and by their words; like the signs of tellings, each is cut into levels and weighed
(knowledge/linking/news.yaml, news.json).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.linking import NewsWeights, PairWeights
from dateline.linking.blocking import Keys, Reach, find_candidates, find_near_documents, letters_of, ranks
from dateline.linking.clusters import Clusters, Joining, Rows, find_clusters
from dateline.linking.distinct import distinct
from dateline.linking.features import OF_DOCUMENTS, UNKNOWN, Column
from dateline.linking.table import NO_DAY, NOTHING, Ints, Table

PLACES = 6
DAYS = 6
PEOPLE = 24
"""Places, days and words of people's names that are kept of a document, those with most weight."""
RARE = 4.5
"""How much a word tells at least (the log of all documents over those that have it) to be counted among the rare ones."""


@dataclass(frozen=True, eq=False)
class Middle:
    """What stands in the middle of each document, a row each: columns are padded with NOTHING or NO_DAY, weightiest first."""

    table: Table
    places: Ints
    """[m, PLACES] names of towns"""
    units: Ints
    """[m, 2] names of first-level units"""
    days: NDArray[np.int64]
    """[m, DAYS] days told of things that happened on one day"""
    people: Ints
    """[m, PEOPLE] rare stems of the names of those who took part"""

    @classmethod
    def of(cls, table: Table, weights: Mapping[str, float]) -> Middle:
        """`weights` by type says how much a telling counts; a type that is not listed, or none, counts 1."""
        letters = letters_of(table)
        of_type = np.ones(len(table.names) + 1, np.float32)
        for number, name in enumerate(table.names):
            of_type[number] = weights.get(name, 1.0)
        worth = table.confidence * np.where(table.type == NOTHING, 1.0, of_type[table.type]) / (1 + table.position / 10)
        kinds = {kind: table.names.index(kind) for kind in ("city", "facility") if kind in table.names}
        is_town = np.isin(table.place_kind, list(kinds.values()))
        is_inside = (table.place_kind == kinds.get("facility", NOTHING - 1)) & (table.place_within != NOTHING)
        town = np.where(is_inside, table.place_within, table.place_name)
        is_day = (table.first == table.last) & (table.first != NO_DAY)
        people = np.concatenate([table.actors, table.recipients], axis=1)
        is_rare = (people != NOTHING) & (table.rarity[people] >= RARE)
        row, column = np.nonzero(is_rare)
        return cls(
            table,
            _weightiest(table, np.flatnonzero(is_town), town[is_town], worth, letters, PLACES),
            _weightiest(table, *_given(table.place_admin1), worth, letters, 2),
            _weightiest(table, np.flatnonzero(is_day), table.first[is_day], worth, None, DAYS).astype(np.int64),
            _weightiest(table, row, people[row, column], worth, letters, PEOPLE),
        )


def _given(values: Ints) -> tuple[Rows, Ints]:
    rows = np.flatnonzero(values != NOTHING)
    return rows, values[rows]


def _weightiest(table: Table, rows: Rows, values: Ints, worth: NDArray[np.floating[Any]], letters: Keys | None, most: int) -> Ints:
    """[m, most] the values with most weight over each document's tellings; ties by the letters of a name, or the value itself."""
    padded = np.full((len(table.documents), most), NOTHING if letters is not None else NO_DAY, np.int32)
    if not len(rows):
        return padded
    both = np.stack([table.document[rows].astype(np.int64), values.astype(np.int64)], axis=1)
    found, which = np.unique(both, axis=0, return_inverse=True)
    total = np.bincount(which, worth[rows]).round(4)  # what is added up in another order must not differ
    tie = letters[found[:, 1]] if letters is not None else found[:, 1]
    order = np.lexsort((tie, -total, found[:, 0]))
    document, value = found[order].T
    place = np.arange(len(order)) - np.searchsorted(document, document)
    kept = place < most
    padded[document[kept], place[kept]] = value[kept]
    return padded


# ---------------------------------------------------------------- signs


def _rare_words(middle: Middle, pairs: Rows) -> Column:
    """How much the rare words that both reports have tell, added up, as the logarithm of one more."""
    table = middle.table
    telling = np.where(table.terms == NOTHING, 0, np.maximum(table.rarity[table.terms] - RARE, 0)).astype(np.float32)
    return np.log1p(_sums_by_first(table.terms, telling, pairs))


def _same_people(middle: Middle, pairs: Rows) -> Column:
    """The same over the rare words of the names of those who took part."""
    telling = np.where(middle.people == NOTHING, 0, middle.table.rarity[middle.people]).astype(np.float32)
    shared = np.log1p(_sums_by_first(middle.people, telling, pairs))
    known = (middle.people[pairs, 0] != NOTHING).all(axis=1)
    return np.where(known, shared, np.float32(UNKNOWN))


def _same_town(middle: Middle, pairs: Rows) -> Column:
    """3 the same town first, 2 one town among them the same, 1 none; UNKNOWN: one report has none."""
    return _agreement(middle.places, pairs)


def _same_unit(middle: Middle, pairs: Rows) -> Column:
    """The same of first-level units."""
    return _agreement(middle.units, pairs)


def _agreement(values: Ints, pairs: Rows) -> Column:
    a, b = values[pairs[:, 0]], values[pairs[:, 1]]
    shared = ((a[:, :, None] == b[:, None, :]) & (a != NOTHING)[:, :, None]).any(axis=(1, 2))
    level = np.where(a[:, 0] == b[:, 0], 3, np.where(shared, 2, 1))
    return np.where((a[:, 0] != NOTHING) & (b[:, 0] != NOTHING), level, UNKNOWN).astype(np.float32)


def _nearest_days(middle: Middle, pairs: Rows) -> Column:
    """Days between the nearest two of the days that each tells of; UNKNOWN: one tells of none."""
    a, b = middle.days[pairs[:, 0]], middle.days[pairs[:, 1]]
    apart = np.abs(a[:, :, None] - b[:, None, :])
    both = (a != NO_DAY)[:, :, None] & (b != NO_DAY)[:, None, :]
    nearest = np.where(both, apart, 10**6).min(axis=(1, 2))
    return np.where(both.any(axis=(1, 2)), nearest, UNKNOWN).astype(np.float32)


def _main_days(middle: Middle, pairs: Rows) -> Column:
    """Days between the two days that weigh most."""
    a, b = middle.days[pairs[:, 0], 0], middle.days[pairs[:, 1], 0]
    return np.where((a != NO_DAY) & (b != NO_DAY), np.abs(a - b), UNKNOWN).astype(np.float32)


def _sums_by_first(numbers: Ints, values: NDArray[np.float32], pairs: Rows) -> Column:
    """For each pair the values of the second's numbers that the first has too."""
    result = np.zeros(len(pairs), np.float32)
    has = np.zeros(int(numbers.max(initial=0)) + 2, bool)  # the last place is read for NOTHING
    order = np.argsort(pairs[:, 0], kind="stable")
    first = pairs[order, 0]
    edges = [0, *(np.flatnonzero(np.diff(first)) + 1).tolist(), len(first)] if len(first) else []
    for start, end in pairwise(edges):
        own = numbers[first[start]]
        has[own] = True
        has[-1] = False
        partners = pairs[order[start:end], 1]
        result[order[start:end]] = (has[numbers[partners]] * values[partners]).sum(axis=1)
        has[own] = False
    return result


def _of_documents(name: str) -> Callable[[Middle, Rows], Column]:
    """A sign of documents that the scoring of tellings has too."""
    return lambda middle, pairs: OF_DOCUMENTS[name](middle.table, pairs)


SIGNS: dict[str, Callable[[Middle, Rows], Column]] = {
    **{name: _of_documents(name) for name in ("document likeness", "shared names", "days between reports")},
    "rare words": _rare_words,
    "same people": _same_people,
    "same town": _same_town,
    "same unit": _same_unit,
    "nearest days": _nearest_days,
    "main days": _main_days,
}
"""Each sign by its name in knowledge/linking/news.yaml, in the order of the columns."""


def document_features(middle: Middle, pairs: Rows) -> NDArray[np.float32]:
    """[n, len(SIGNS)] for pairs [n, 2] of rows of documents, in order of their first; UNKNOWN where nothing can be compared."""
    return np.stack([sign(middle, pairs) for sign in SIGNS.values()], axis=1)


# ---------------------------------------------------------------- chances


def find_pairs_of_reports(table: Table, reach: Reach) -> Rows:
    """Pairs of documents worth weighing, in order, each once: by their words, or because tellings of them are candidates."""
    of_tellings = np.sort(table.document[find_candidates(table, reach)], axis=1).astype(np.int64)
    pairs = np.concatenate([find_near_documents(table, reach), of_tellings[of_tellings[:, 0] != of_tellings[:, 1]]])
    keys = distinct(pairs[:, 0] * len(table.documents) + pairs[:, 1])
    return np.stack(np.divmod(keys, max(1, len(table.documents))), axis=1)


def report_chances(features: NDArray[np.float32], weights: PairWeights) -> NDArray[np.float64]:
    """[n] probability that two reports have one happening as their news, for rows of `document_features`."""
    levels = {name: np.searchsorted(weights.signs[name].cuts, features[:, i], side="right") for i, name in enumerate(SIGNS)}
    odds = np.full(len(features), weights.start)
    for name, level in levels.items():
        odds += weights.signs[name].weights[level]
    for (first, second), weight in weights.together.items():
        odds += weight[levels[first], levels[second]]
    chances: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-odds))
    return chances


def at_share(chances: NDArray[np.float64], taught: float, rounds: int = 200) -> tuple[NDArray[np.float64], float]:
    """The chances as they are where matches are as common as in this collection, and how common that is.

    Weights are learned where some share `taught` of the pairs match. Among few documents, or many on one subject, it is another,
    and every chance is off by the same odds. The share is found from the chances alone: correct the chances by it, take their mean
    as the share, and again (Saerens, Latinne and Decaestecker 2002, "Adjusting the outputs of a classifier to new a priori
    probabilities"). No pairs: nothing to correct.
    """
    share, corrected = taught, chances
    if not len(chances):
        return chances, taught
    for _ in range(rounds):
        for_one, for_two = share / taught, (1 - share) / (1 - taught)
        corrected = chances * for_one / (chances * for_one + (1 - chances) * for_two)
        before, share = share, float(np.clip(corrected.mean(), 1e-6, 0.5))
        if abs(share - before) < 1e-7:
            break
    return corrected, share


WIDE = Reach(document_days=800, documents_behind=100, terms=30, common_heads=3)
"""How far candidates are looked for: trials come years after the deed."""
JOINING = Joining(threshold=0.35, unknown=0.01)
"""Chosen on the train half of gva_incidents."""


def group_reports(table: Table, news: NewsWeights, reach: Reach = WIDE, joining: Joining = JOINING) -> Clusters:
    """The documents of a table in groups that have one happening as their news; one that tells of nothing goes by its words."""
    pairs = find_pairs_of_reports(table, reach)
    features = document_features(Middle.of(table, news.counts), pairs)
    chances, _ = at_share(report_chances(features, news.weights), news.share)
    order = ranks(np.array(table.documents, dtype=str))
    clusters = find_clusters(len(table.documents), order[pairs], chances, joining)
    return Clusters(clusters.labels[order], clusters.belonging[order])
