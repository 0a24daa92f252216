"""What two tellings have in common and in what they differ, as numbers: one column a sign, one row a pair.

Each sign is the same whichever telling comes first. What its values mean is written in knowledge/linking/features.yaml, where they
are cut into levels that can be read ("three days apart"); scoring knows the levels alone. Where nothing can be compared, because
one of the two has no such value, the sign is UNKNOWN, which is below every other value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dateline.linking.table import NO_DAY, NOTHING, Table

UNKNOWN = -9.0
VAGUE = -1.0
"""Parties that have no word in common, but one of them is told by words that fit many: "a man", "police"."""
TELLING = 2.5
"""Rarity (log of all documents over those with the word) from which a party's word says who is meant: "nurses", no "people"."""
CHUNK = 1 << 16
"""Pairs compared at a time, so that a million need no gigabyte."""

Pairs = NDArray[np.int64]
Column = NDArray[np.float32]


def pair_features(table: Table, pairs: Pairs) -> NDArray[np.float32]:
    """[n, len(FEATURES)] for pairs [n, 2] of rows of the table, in the order of `FEATURES`; no pairs: no rows."""
    found = np.empty((len(pairs), len(FEATURES)), np.float32)
    documents, which = _pairs_of_documents(table, pairs)
    by_document = {name: sign(table, documents) for name, sign in OF_DOCUMENTS.items()}
    for start in range(0, len(pairs), CHUNK):
        part = slice(start, min(start + CHUNK, len(pairs)))
        for column, (name, sign) in enumerate(FEATURES.items()):
            found[part, column] = by_document[name][which[part]] if name in by_document else sign(table, pairs[part])
    return found


def _pairs_of_documents(table: Table, pairs: Pairs) -> tuple[Pairs, NDArray[np.int64]]:
    """The pairs of documents that pairs of tellings stand in, each once, lower first; and for each pair of tellings which."""
    both = np.sort(table.document[pairs], axis=1).astype(np.int64)
    keys, which = np.unique(both[:, 0] * len(table.documents) + both[:, 1], return_inverse=True)
    return np.stack(np.divmod(keys, max(1, len(table.documents))), axis=1), which


# ---------------------------------------------------------------- of documents


def _document_likeness(table: Table, documents: Pairs) -> Column:
    """Cosine of the documents' words; 2 for one document."""
    return _cosine_by_first(table.terms, table.term_weights, documents)


def _shared_names(table: Table, documents: Pairs) -> Column:
    """The same of the names in them."""
    return _cosine_by_first(table.document_names, table.document_name_weights, documents)


def _one_story(table: Table, documents: Pairs) -> Column:
    """Cosine of the documents' words and names, each mixed with those of the documents nearest to it."""
    return _cosine_by_first(table.stories.numbers, table.stories.weights, documents)


def _days_between_reports(table: Table, documents: Pairs) -> Column:
    """Days of publication apart, of two reports."""
    first, second = table.day[documents[:, 0]].astype(np.int64), table.day[documents[:, 1]].astype(np.int64)
    is_known = (first != NO_DAY) & (second != NO_DAY) & (documents[:, 0] != documents[:, 1])
    return _where(is_known, np.abs(first - second))


def _cosine_by_first(numbers: NDArray[np.int32], weights: NDArray[np.float32], pairs: Pairs) -> Column:
    """Cosines of rows, pair by pair, pairs in order of their first; a row with itself: 2.

    The first row's weights are laid out once over all numbers, and its partners look theirs up.
    """
    result = np.full(len(pairs), 2.0, np.float32)
    laid_out = np.zeros(int(numbers.max(initial=0)) + 2, np.float32)  # the last place is read for NOTHING, and stays 0
    for start, end in _runs(pairs[:, 0]):
        first, partners = pairs[start, 0], pairs[start:end, 1]
        laid_out[numbers[first]] = weights[first]
        laid_out[-1] = 0.0
        cosines = np.einsum("pk,pk->p", laid_out[numbers[partners]], weights[partners])
        result[start:end] = np.where(partners == first, 2.0, cosines)
        laid_out[numbers[first]] = 0.0
    return result


def _runs(values: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Bounds of the runs of equal values, in order."""
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), len(values)] if len(values) else []
    yield from pairwise(bounds)


# ---------------------------------------------------------------- of tellings


def _same_word(table: Table, pairs: Pairs) -> Column:
    """3 the same head word and no other, 2 the same head word, 1 another word in common, 0 none."""
    a, b = table.trigger[pairs[:, 0]], table.trigger[pairs[:, 1]]
    same_head = (a[:, 0] == b[:, 0]) & (a[:, 0] != NOTHING)
    in_common = ((a[:, :, None] == b[:, None, :]) & (a[:, :, None] != NOTHING)).any(axis=(1, 2))
    return np.where((a == b).all(axis=1) & same_head, 3, np.where(same_head, 2, np.where(in_common, 1, 0))).astype(np.float32)


def _near_word(table: Table, pairs: Pairs) -> Column:
    """Cosine of the words' vectors, where the words differ."""
    a, b = table.vector[pairs[:, 0]].astype(np.float32), table.vector[pairs[:, 1]].astype(np.float32)
    is_known = a.any(axis=1) & b.any(axis=1)
    return np.where(is_known, np.einsum("nd,nd->n", a, b), UNKNOWN).astype(np.float32)


def _rare_word(table: Table, pairs: Pairs) -> Column:
    """How rare a head word in common is among the tellings: the negative common logarithm of its share; UNKNOWN: none in common."""
    a, b = table.trigger[pairs[:, 0], 0], table.trigger[pairs[:, 1], 0]
    return _where((a == b) & (a != NOTHING), -np.log10(np.maximum(table.head_shares[np.maximum(a, 0)], 1e-9)))


def _same_type(table: Table, pairs: Pairs) -> Column:
    """3 type and mode, 2 type and one has no mode, 1 type but other modes, 0 other types."""
    first, second = pairs[:, 0], pairs[:, 1]
    types, modes = (table.type[first], table.type[second]), (table.mode[first], table.mode[second])
    vague = (modes[0] == NOTHING) | (modes[1] == NOTHING)
    level = np.where(types[0] != types[1], 0, np.where(modes[0] == modes[1], 3, np.where(vague, 2, 1)))
    return _where((types[0] != NOTHING) & (types[1] != NOTHING), level)


def _likeness_around(table: Table, pairs: Pairs) -> Column:
    """Cosine of the words around the triggers."""
    return _overlap(table.words, table.word_weights, pairs)


def _same_actors(table: Table, pairs: Pairs) -> Column:
    return _same_parties(table.actors, table.actor_weights, table.says_who[0], pairs)


def _same_recipients(table: Table, pairs: Pairs) -> Column:
    return _same_parties(table.recipients, table.recipient_weights, table.says_who[1], pairs)


def _same_parties(words: NDArray[np.int32], weights: NDArray[np.float32], says_who: NDArray[np.float32], pairs: Pairs) -> Column:
    """Cosine of the words of the names; VAGUE where they differ and one of the two says hardly who is meant."""
    overlap = _known_overlap_of(words, weights, words, weights, pairs)
    telling = (says_who[pairs] >= TELLING).all(axis=1)
    vague = (overlap >= 0) & (overlap < 0.05) & ~telling
    return np.where(vague, np.float32(VAGUE), overlap)


def _changed_roles(table: Table, pairs: Pairs) -> Column:
    """How far the actor of one is the recipient of the other, the likelier way round."""
    one = _known_overlap_of(table.actors, table.actor_weights, table.recipients, table.recipient_weights, pairs)
    other = _known_overlap_of(table.actors, table.actor_weights, table.recipients, table.recipient_weights, pairs[:, ::-1])
    return np.maximum(one, other)


def _same_sides(table: Table, pairs: Pairs) -> Column:
    """Roles whose parties have a country or sector in common, less those that have none in common; UNKNOWN: neither is known."""
    total = np.zeros(len(pairs), np.float32)
    is_known = np.zeros(len(pairs), bool)
    for values in (table.countries, table.sectors):
        for role in (0, 1):
            a, b = values[pairs[:, 0], role], values[pairs[:, 1], role]
            known = (a[:, 0] != NOTHING) & (b[:, 0] != NOTHING)
            agree = ((a[:, :, None] == b[:, None, :]) & (a[:, :, None] != NOTHING)).any(axis=(1, 2))
            total += np.where(known, np.where(agree, 1, -1), 0)
            is_known |= known
    return _where(is_known, total)


def _days_apart(table: Table, pairs: Pairs) -> Column:
    """Days between the two times, 0 where they overlap."""
    return _where(_has_days(table, pairs), _gap(table, pairs))


def _days_apart_as_told(table: Table, pairs: Pairs) -> Column:
    """The same where both texts say the day, and say it to the day."""
    first, second = pairs[:, 0], pairs[:, 1]
    told = ~table.is_day_assumed & table.is_fine
    return _where(_has_days(table, pairs) & told[first] & told[second], _gap(table, pairs))


def _has_days(table: Table, pairs: Pairs) -> NDArray[np.bool_]:
    both: NDArray[np.bool_] = (table.begin[pairs] != NO_DAY).all(axis=1)
    return both


def _gap(table: Table, pairs: Pairs) -> NDArray[np.int64]:
    begin, end = table.begin[pairs].astype(np.int64), table.end[pairs].astype(np.int64)
    gap: NDArray[np.int64] = np.maximum(0, np.maximum(begin[:, 0] - end[:, 1], begin[:, 1] - end[:, 0]))
    return gap


def _same_place(table: Table, pairs: Pairs) -> Column:
    """6 one place, 5 one inside the other, 4 within 30 km, 3 one first-level unit, 2 one country, 1 one of the two is a country
    that the other is not in the way of, 0 different countries."""
    first, second = pairs[:, 0], pairs[:, 1]
    place, name, within = table.place, table.place_name, table.place_within
    admin1, country, kind = table.place_admin1, table.place_country, table.place_kind
    same = (place[first] == place[second]) | (name[first] == name[second])
    inside = _holds(name, within, first, second) | _holds(name, admin1, first, second)
    near = kilometres(table, pairs) <= 30
    same_unit = (admin1[first] == admin1[second]) & (admin1[first] != NOTHING)
    same_country = (country[first] == country[second]) & (country[first] != NOTHING)
    unknown_country = (country[first] == NOTHING) | (country[second] == NOTHING)
    vague = (kind[first] == table.whole_country) | (kind[second] == table.whole_country)
    levels = [same, inside, near, same_unit & same_country, same_country & ~vague, same_country | unknown_country]
    return _where((place[first] != NOTHING) & (place[second] != NOTHING), np.select(levels, [6, 5, 4, 3, 2, 1], 0))


def _holds(name: NDArray[np.int32], holder: NDArray[np.int32], first: Pairs, second: Pairs) -> NDArray[np.bool_]:
    """Whether one's name is the other's `holder`."""
    one = (holder[first] == name[second]) & (holder[first] != NOTHING)
    held: NDArray[np.bool_] = one | ((holder[second] == name[first]) & (holder[second] != NOTHING))
    return held


def kilometres(table: Table, pairs: Pairs) -> NDArray[np.float64]:
    """Distance over the ground of two points (haversine); infinite where one has none."""
    latitude, longitude = (np.radians(degrees[pairs].astype(np.float64)) for degrees in (table.latitude, table.longitude))
    half = (
        np.sin((latitude[:, 0] - latitude[:, 1]) / 2) ** 2
        + np.cos(latitude[:, 0]) * np.cos(latitude[:, 1]) * np.sin((longitude[:, 0] - longitude[:, 1]) / 2) ** 2
    )
    distance: NDArray[np.float64] = np.nan_to_num(2 * 6371.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1))), nan=np.inf)
    return distance


def _counts_agree(table: Table, pairs: Pairs) -> Column:
    """Kinds of count whose bounds overlap, less those whose do not; UNKNOWN: they count nothing alike."""
    total, known = np.zeros(len(pairs), np.float32), np.zeros(len(pairs), bool)
    for column in range(len(table.counted)):
        low, high = table.low[:, column], table.high[:, column]
        a, b = pairs[:, 0], pairs[:, 1]
        both = ~np.isnan(low[a]) & ~np.isnan(low[b])
        total += np.where(both, np.where((low[a] <= high[b]) & (low[b] <= high[a]), 1, -1), 0)
        known |= both
    return _where(known, total)


def _same_status(table: Table, pairs: Pairs) -> Column:
    same: Column = (table.status[pairs[:, 0]] == table.status[pairs[:, 1]]).astype(np.float32)
    return same


def _both_lead(table: Table, pairs: Pairs) -> Column:
    """How far down their reports the later of the two is told, in tellings."""
    return _where(np.ones(len(pairs), bool), np.maximum(table.position[pairs[:, 0]], table.position[pairs[:, 1]]))


def _told_apart(table: Table, pairs: Pairs) -> Column:
    """Code points between two triggers of one document; UNKNOWN: of two."""
    first, second = pairs[:, 0], pairs[:, 1]
    apart = np.abs(table.start[first].astype(np.int64) - table.start[second])
    return _where(table.document[first] == table.document[second], apart)


# ---------------------------------------------------------------- arithmetic


def _where(is_known: NDArray[np.bool_], values: NDArray[np.generic]) -> Column:
    column: Column = np.where(is_known, values.astype(np.float32), np.float32(UNKNOWN))
    return column


def _overlap(numbers: NDArray[np.int32], weights: NDArray[np.float32], pairs: Pairs) -> Column:
    """Cosine of short padded rows."""
    return _overlap_of(numbers, weights, numbers, weights, pairs)


def _overlap_of(
    a_numbers: NDArray[np.int32],
    a_weights: NDArray[np.float32],
    b_numbers: NDArray[np.int32],
    b_weights: NDArray[np.float32],
    pairs: Pairs,
) -> Column:
    a, b = a_numbers[pairs[:, 0]], b_numbers[pairs[:, 1]]
    theirs, total = b_weights[pairs[:, 1]], np.zeros(len(pairs), np.float32)
    ours = a_weights[pairs[:, 0]]
    for column in range(a.shape[1]):  # a number stands once in a row, so each of ours meets one of theirs at most
        word = a[:, column, None]
        met = ((b == word) & (word != NOTHING)) * theirs
        total += met.sum(axis=1) * ours[:, column]
    return total


def _known_overlap_of(
    a_numbers: NDArray[np.int32],
    a_weights: NDArray[np.float32],
    b_numbers: NDArray[np.int32],
    b_weights: NDArray[np.float32],
    pairs: Pairs,
) -> Column:
    known = (a_numbers[pairs[:, 0], 0] != NOTHING) & (b_numbers[pairs[:, 1], 0] != NOTHING)
    return _where(known, _overlap_of(a_numbers, a_weights, b_numbers, b_weights, pairs))


Sign = Callable[[Table, Pairs], Column]

OF_DOCUMENTS: dict[str, Sign] = {
    "document likeness": _document_likeness,
    "shared names": _shared_names,
    "one story": _one_story,
    "days between reports": _days_between_reports,
}
FEATURES: dict[str, Sign] = OF_DOCUMENTS | {
    "same word": _same_word,
    "near word": _near_word,
    "rare word": _rare_word,
    "same type": _same_type,
    "likeness around": _likeness_around,
    "same actors": _same_actors,
    "same recipients": _same_recipients,
    "changed roles": _changed_roles,
    "same sides": _same_sides,
    "days apart": _days_apart,
    "days apart as told": _days_apart_as_told,
    "same place": _same_place,
    "counts agree": _counts_agree,
    "same status": _same_status,
    "how far down": _both_lead,
    "told apart": _told_apart,
}
"""Each sign by its name in knowledge/linking/features.yaml, in the order of the columns."""
