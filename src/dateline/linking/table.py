"""Tellings and documents column by column, so that a million pairs can be compared in a few seconds.

A string is a number here: its place in `names`, a list that one dictionary made. Lists of one row (words, parties) are padded with
-1 to the widest that is kept. What is rare in the collection at hand says more than what is common: words and names carry the
weight log(documents / documents that have it), and a document's words are weighed so as one vector of unit length (TF-IDF).
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.linking import Lexis
from dateline.linking.stories import Bags, beside, spread
from dateline.linking.tellings import Figure, Party, Profile, Telling, Where, is_fine
from dateline.linking.words import stem, words_in

NOTHING = -1
"""What stands for a value that is not there, in columns of whole numbers."""
NO_DAY = -(2**30)

STEMS = 3
"""Stems kept of a trigger ("opened fire on")."""
WORDS = 20
"""Words kept of those around a trigger, the rarest."""
PARTY_WORDS = 8
"""Words kept of the names in a role."""
COUNTRIES = 3
"""Countries, and sectors, kept of the parties in a role."""
TERMS = 96
"""Words kept of a document, those that tell most."""
DOCUMENT_NAMES = 40
"""Names kept of a document, the rarest."""
FIRST_WORDS = 700
"""Words of a document that are looked at: further down, pages tell other stories."""

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Table:
    """`size` tellings, a row each in the order given, and `documents` documents.

    Days are proleptic ordinals, inclusive, NO_DAY where unknown; numbers of strings are places in `names`, NOTHING where there is
    none. `low`/`high` are [telling, kind of count], not-a-number where nothing is counted, `high` infinite where open.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    rarity: Floats
    """[names] how much a stem tells: log of all documents over those that have it"""
    # of tellings
    document: Ints
    """[n] place among the documents"""
    type: Ints
    mode: Ints
    status: Ints
    position: Ints
    start: Ints
    first: Ints
    last: Ints
    is_day_assumed: NDArray[np.bool_]
    is_fine: NDArray[np.bool_]
    """[n] whether the time is of a day or finer"""
    confidence: Floats
    trigger: Ints
    """[n, STEMS] stems of the trigger, head word first"""
    vector: NDArray[np.float16]
    """[n, d] mean vector of the trigger's known stems; zero where none is known"""
    words: Ints
    """[n, WORDS] stems around the trigger, rarest first"""
    word_weights: Floats
    """[n, WORDS], each row of unit length"""
    actors: Ints
    """[n, PARTY_WORDS] stems of the words of the names"""
    actor_weights: Floats
    recipients: Ints
    recipient_weights: Floats
    is_named: NDArray[np.bool_]
    """[n, 2] whether an actor, a recipient goes by a proper name"""
    countries: Ints
    """[n, 2, COUNTRIES] of actors and of recipients"""
    sectors: Ints
    place: Ints
    """[n] GeoNames number where there is one, else minus the number of its name, less 2; NOTHING without a place"""
    place_name: Ints
    place_within: Ints
    place_kind: Ints
    place_admin1: Ints
    place_country: Ints
    is_place_inferred: NDArray[np.bool_]
    latitude: Floats
    longitude: Floats
    counted: tuple[str, ...]
    low: Floats
    high: Floats
    same_as: Ints
    """[n] row of the telling it repeats, NOTHING where it is the first"""
    # of documents
    documents: tuple[str, ...]
    day: Ints
    publisher: Ints
    terms: Ints
    """[m, TERMS] stems, heaviest first"""
    term_weights: Floats
    document_names: Ints
    """[m, DOCUMENT_NAMES] rarest first"""
    document_name_weights: Floats
    stories: Bags
    """terms and names of each document and of those most like it (linking/stories.py)"""
    head_shares: NDArray[np.float64]
    """By number of a name the share of tellings that have it for a trigger's head word; there is one entry at least"""

    @property
    def size(self) -> int:
        return len(self.ids)

    # What pairs are compared by, worked out once: some thousand pairs at a time are compared, however large the table is.

    @cached_property
    def begin(self) -> Ints:
        """[n] first day, or the last where that alone is known; NO_DAY: neither"""
        return np.where(self.first == NO_DAY, self.last, self.first)

    @cached_property
    def end(self) -> Ints:
        """[n] last day, or the first where that alone is known"""
        return np.where(self.last == NO_DAY, self.first, self.last)

    @cached_property
    def says_who(self) -> tuple[Floats, Floats]:
        """[n] of actors and of recipients the rarity of the rarest word of their names, 0 without any"""
        sides = (
            np.where(words == NOTHING, np.float32(0), self.rarity[words]).max(axis=1) for words in (self.actors, self.recipients)
        )
        actors, recipients = sides
        return actors, recipients

    @cached_property
    def whole_country(self) -> int:
        """Number of the kind of place that is a whole country; there is none: a number that no place has"""
        return self.names.index("country") if "country" in self.names else NOTHING - 1

    @classmethod
    def of(cls, tellings: Sequence[Telling], profiles: Sequence[Profile], lexis: Lexis) -> Table:
        """The table of a collection. Raises KeyError naming a document that a telling stands in and no profile is given of."""
        return _Builder(lexis).build(tellings, profiles)

    def take(self, rows: NDArray[np.int64]) -> Table:
        """The table of these rows, ascending, and of their documents, with the numbers and the rarity that names have in the whole.

        A telling that repeats one which is left out repeats none.
        """
        documents, document = np.unique(self.document[rows], return_inverse=True)
        place = np.full(self.size + 1, NOTHING, np.int32)  # the last is for NOTHING
        place[rows] = np.arange(len(rows), dtype=np.int32)
        of_tellings = {name: getattr(self, name)[rows] for name in OF_TELLINGS}
        of_documents = {name: getattr(self, name)[documents] for name in OF_DOCUMENTS}
        return replace(
            self,
            **of_tellings,
            **of_documents,
            ids=tuple(self.ids[row] for row in rows.tolist()),
            document=document.astype(np.int32),
            same_as=place[self.same_as[rows]],
            documents=tuple(self.documents[row] for row in documents.tolist()),
            stories=Bags(self.stories.numbers[documents], self.stories.weights[documents]),
        )


OF_TELLINGS = (
    "type", "mode", "status", "position", "start", "first", "last", "is_day_assumed", "is_fine", "confidence", "trigger", "vector",
    "words", "word_weights", "actors", "actor_weights", "recipients", "recipient_weights", "is_named", "countries", "sectors",
    "place", "place_name", "place_within", "place_kind", "place_admin1", "place_country", "is_place_inferred", "latitude",
    "longitude", "low", "high",
)  # fmt: skip
"""Columns that are the same for a telling whichever table it stands in."""

OF_DOCUMENTS = ("day", "publisher", "terms", "term_weights", "document_names", "document_name_weights")
"""The same of documents."""


@dataclass
class _Builder:
    """Numbers strings in the order they come, and remembers each word's stem."""

    lexis: Lexis
    numbers: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)

    def number(self, name: str | None) -> int:
        return NOTHING if name is None else self.numbers.setdefault(name, len(self.numbers))

    def stem(self, word: str) -> int:
        known = self.stems.get(word)
        if known is None:
            known = self.stems[word] = self.number(stem(word, self.lexis))
        return known

    def stems_of(self, text: str) -> list[int]:
        return [self.stem(word) for word in words_in(text)]

    # ------------------------------------------------------------ the whole

    def build(self, tellings: Sequence[Telling], profiles: Sequence[Profile]) -> Table:
        tellings = [_with_both_sides(t) if t.type in self.lexis.mutual else t for t in tellings]
        documents = {profile.document: row for row, profile in enumerate(profiles)}
        told = Counted.of(self.stems_of(profile.text)[:FIRST_WORDS] for profile in profiles)
        named = [[self.number(name) for name in profile.names] for profile in profiles]
        rarity = Rarity.of(told.distinct(), len(profiles)).beside(self._seen_before(), self.lexis.documents)
        name_rarity = Rarity.of(named, len(profiles)).beside(self._names_seen_before(), self.lexis.documents)
        terms, term_weights = _weighed(([(s, 1 + math.log(n)) for s, n in row] for row in told), rarity, TERMS, len(told))
        names, name_weights = _weighed(([(n, 1.0) for n in row] for row in named), name_rarity, DOCUMENT_NAMES, len(named))
        count = len(tellings)
        around = [tuple(dict.fromkeys(self.stems_of(t.words))) for t in tellings]
        words, word_weights = _weighed(([(s, 1.0) for s in row] for row in around), rarity, WORDS, count)
        parties = {
            role: _weighed(
                ([(s, 1.0) for s in dict.fromkeys(s for p in given for s in self.stems_of(p.name))] for given in told_parties),
                rarity,
                PARTY_WORDS,
                count,
            )
            for role, told_parties in (("actors", [t.actors for t in tellings]), ("recipients", [t.recipients for t in tellings]))
        }
        triggers = [[self.stem(word) for word in words_in(t.trigger)][:STEMS] for t in tellings]
        rows = {t.id: row for row, t in enumerate(tellings)}
        counted = tuple(sorted({f.what for t in tellings for f in t.figures}))
        low, high = _bounds([t.figures for t in tellings], counted)
        places = [t.place for t in tellings]
        return Table(
            ids=tuple(t.id for t in tellings),
            document=_ints(documents[t.document] for t in tellings),
            type=_ints(self.number(t.type) for t in tellings),
            mode=_ints(self.number(t.mode) for t in tellings),
            status=_ints(self.number(t.status) for t in tellings),
            position=_ints(t.position for t in tellings),
            start=_ints(t.start for t in tellings),
            first=_ints(t.first.toordinal() if t.first else NO_DAY for t in tellings),
            last=_ints(t.last.toordinal() if t.last else NO_DAY for t in tellings),
            is_day_assumed=np.array([t.is_day_assumed for t in tellings], bool),
            is_fine=np.array([is_fine(t.precision) for t in tellings], bool),
            confidence=np.array([t.confidence for t in tellings], np.float32),
            trigger=_padded(triggers, STEMS),
            vector=self._vectors(triggers),
            words=words,
            word_weights=word_weights,
            actors=parties["actors"][0],
            actor_weights=parties["actors"][1],
            recipients=parties["recipients"][0],
            recipient_weights=parties["recipients"][1],
            is_named=np.array([[_has_name(t.actors), _has_name(t.recipients)] for t in tellings], bool).reshape(-1, 2),
            countries=self._sides(tellings, lambda party: party.country),
            sectors=self._sides(tellings, lambda party: party.sector),
            place=_ints(self._place(place) for place in places),
            place_name=_ints(self.number(place.name if place else None) for place in places),
            place_within=_ints(self.number(place.within if place else None) for place in places),
            place_kind=_ints(self.number(place.kind if place else None) for place in places),
            place_admin1=_ints(self.number(place.admin1 if place else None) for place in places),
            place_country=_ints(self.number(place.country if place else None) for place in places),
            is_place_inferred=np.array([place is not None and place.is_inferred for place in places], bool),
            latitude=np.array([p.point[0] if p and p.point else math.nan for p in places], np.float32),
            longitude=np.array([p.point[1] if p and p.point else math.nan for p in places], np.float32),
            counted=counted,
            low=low,
            high=high,
            same_as=_ints(rows.get(t.same_as, NOTHING) if t.same_as else NOTHING for t in tellings),
            documents=tuple(documents),
            day=_ints(p.day.toordinal() if p.day else NO_DAY for p in profiles),
            publisher=_ints(self.number(p.publisher) for p in profiles),
            terms=terms,
            term_weights=term_weights,
            document_names=names,
            document_name_weights=name_weights,
            stories=spread(beside(Bags(terms, term_weights), Bags(names, name_weights))),
            names=tuple(self.numbers),
            head_shares=_shares([stems[0] for stems in triggers if stems], count),
            rarity=np.array([rarity.weight(number) for number in range(len(self.numbers))], np.float32),
        )

    def _seen_before(self) -> dict[int, int]:
        """Known rarities by the number of the stem."""
        return {number: times for name, number in self.numbers.items() if (times := self.lexis.seen.get(name))}

    def _names_seen_before(self) -> dict[int, int]:
        """The same for names, as rare as the word is however it is written."""
        stems = ((number, stem(name, self.lexis)) for name, number in self.numbers.items())
        return {number: times for number, word in stems if (times := self.lexis.seen.get(word))}

    def _place(self, place: Where | None) -> int:
        if place is None:
            return NOTHING
        return place.geonames if place.geonames is not None else -2 - self.number(place.name)

    def _sides(self, tellings: Sequence[Telling], value: Callable[[Party], str | None]) -> Ints:
        """[n, 2, COUNTRIES]: a value of the actors and of the recipients."""
        flat = [[self.number(v) for p in side if (v := value(p))] for t in tellings for side in (t.actors, t.recipients)]
        return _padded([list(dict.fromkeys(row)) for row in flat], COUNTRIES).reshape(len(tellings), 2, COUNTRIES)

    def _vectors(self, triggers: Sequence[Sequence[int]]) -> NDArray[np.float16]:
        vectors = np.zeros((len(triggers), self.lexis.vectors.shape[1]), np.float32)
        row_of = {number: self.lexis.known[name] for name, number in self.numbers.items() if name in self.lexis.known}
        for row, stems in enumerate(triggers):
            if known := [row_of[s] for s in stems if s in row_of]:
                mean = self.lexis.vectors[known].mean(axis=0)
                vectors[row] = mean / max(float(np.linalg.norm(mean)), 1e-6)
        return vectors.astype(np.float16)


@dataclass(frozen=True, eq=False)
class Counted:
    """Rows of numbers with how often each stands in its row, end to end: a dictionary a report takes ten times the room."""

    numbers: Ints
    times: Ints
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Counted:
        """Those of rows in which numbers repeat."""
        numbers, times, ends = array("i"), array("i"), array("q")
        for row in rows:
            counts = Counter(row)
            numbers.extend(counts.keys())
            times.extend(counts.values())
            ends.append(len(numbers))
        return cls(np.array(numbers, np.int32), np.array(times, np.int32), np.array(ends, np.int64))

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        start = 0
        for end in self.ends.tolist():
            yield list(zip(self.numbers[start:end].tolist(), self.times[start:end].tolist(), strict=True))
            start = end

    def distinct(self) -> Iterator[list[int]]:
        """The numbers of each row."""
        return ([number for number, _ in row] for row in self)


@dataclass(frozen=True)
class Rarity:
    """How much a word or name tells: log of the documents over those that have it. `documents` counts all."""

    seen: dict[int, int]
    documents: int

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]], documents: int) -> Rarity:
        return cls(Counter(number for row in rows for number in set(row)), documents)

    def beside(self, seen: dict[int, int], documents: int) -> Rarity:
        """With what is known of other documents: a small collection does not know by itself which words are rare."""
        return Rarity(Counter(self.seen) + Counter(seen), self.documents + documents)

    def weight(self, number: int) -> float:
        return math.log((self.documents + 1) / (self.seen.get(number, 0) + 0.5))


def _weighed(rows: Iterable[Iterable[tuple[int, float]]], rarity: Rarity, most: int, count: int) -> tuple[Ints, Floats]:
    """For each row the numbers that weigh most, heaviest first, padded, and their weights, each row of unit length."""
    numbers = np.full((count, most), NOTHING, np.int32)
    weights = np.zeros((count, most), np.float32)
    known: dict[int, float] = {}
    for at, row in enumerate(rows):
        found = []
        for number, times in row:
            weight = known.get(number)
            if weight is None:
                weight = known[number] = max(rarity.weight(number), 1e-3)
            found.append((times * weight, number))
        found.sort(reverse=True)
        kept = found[:most]
        numbers[at, : len(kept)] = [number for _, number in kept]
        weights[at, : len(kept)] = [weight for weight, _ in kept]
    weights /= np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-6)
    return numbers, weights


def _shares(heads: Sequence[int], tellings: int) -> NDArray[np.float64]:
    """By number the share of tellings that have it for their head."""
    shares: NDArray[np.float64] = np.bincount(np.array(heads, np.int64), minlength=1) / max(1, tellings)
    return shares


def _with_both_sides(telling: Telling) -> Telling:
    """Everybody in both roles: who of two that talk is told of first says nothing."""
    everybody = tuple(dict.fromkeys((*telling.actors, *telling.recipients)))
    return replace(telling, actors=everybody, recipients=everybody)


def _has_name(parties: Sequence[Party]) -> bool:
    return any(party.name[:1].isupper() for party in parties)


def _padded(rows: Sequence[Sequence[int]], most: int) -> Ints:
    padded = np.full((len(rows), most), NOTHING, np.int32)
    for at, row in enumerate(rows):
        padded[at, : len(row[:most])] = row[:most]
    return padded


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int32)


def _bounds(rows: Sequence[Sequence[Figure]], counted: Sequence[str]) -> tuple[Floats, Floats]:
    """The bounds of each kind of count; of several figures of one kind the first that is not a part."""
    column = {what: i for i, what in enumerate(counted)}
    low = np.full((len(rows), len(counted)), np.nan, np.float32)
    high = low.copy()
    for at, figures in enumerate(rows):
        for figure in sorted(figures, key=lambda f: f.is_part):
            if np.isnan(low[at, column[figure.what]]):
                low[at, column[figure.what]] = 0.0 if figure.low is None else figure.low
                high[at, column[figure.what]] = math.inf if figure.high is None else figure.high
    return low, high
