"""Which of its places a name stands for: people, kind, and the votes of the document's other names.

Every name has one vote, split among its candidates by how likely each is; a candidate gains by votes for its country, for its
first-level unit and for places near it. Three rounds, after which a name has one sense. The weights were tuned on the development
halves of LGL, GeoVirus and GeoWebNews; what each part is worth is in docs/places.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.places import Candidate
from dateline.records import PlaceKind

KIND_PRIOR: Mapping[PlaceKind, float] = {PlaceKind.COUNTRY: 3.0, PlaceKind.REGION: 9.0, PlaceKind.ADMIN1: 0.3}
CAPITAL_PRIOR = 1.0
OTHER_SPELLING = -2.0  # log10 units: "Paris" as another name of Parys must not beat Paris
OTHER_KIND = -5.0  # "Georgia town" is no country
COUNTRY_VOTE, UNIT_VOTE, NEARNESS_VOTE = 6.0, 3.0, 4.0
NEARNESS_KM = 150.0
ROUNDS = 3
SHARPNESS = 2.0  # of the shares: a lead of one log10 unit is a share of .88
EXPLAINED = 5  # candidates whose parts are kept
NAMED = 3  # other names that a part mentions

Name = tuple[str, PlaceKind | None]
"""A folded name and the unit it was called: what has one sense in a document."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Voice:
    """Something beside the toponyms that speaks for a country: a demonym, a metonym of a government. `name` as a user reads it."""

    name: str
    country: str


@dataclass(frozen=True)
class Weighed:
    """A candidate and what speaks for it; `score` is the sum of `parts`."""

    candidate: Candidate
    score: float
    parts: tuple[tuple[str, float], ...]


def weigh_candidates(
    pools: Mapping[Name, Sequence[Candidate]], voices: Sequence[Voice] = (), shown: Mapping[Name, str] | None = None
) -> dict[Name, tuple[Weighed, ...]]:
    """The best five candidates of each name, the likeliest first; two that are level keep the order of their pool.

    `pools` has no name without candidates. `shown` is how parts call a name; without it, folded. No names: an empty dict.
    """
    if not pools:
        return {}
    ballot = _Ballot(pools, voices)
    scores, shares = ballot.base, ballot.shares(ballot.base)
    cast = shares
    for _ in range(ROUNDS if len(pools) + len(voices) > 1 else 0):
        cast = shares
        scores = ballot.base + ballot.votes(cast)
        shares = ballot.shares(scores)
    called = [(shown or {}).get(name, name[0]) for name in pools]
    return {
        name: tuple(ballot.explain(i, cast, called) for i in sorted(ballot.of(number), key=lambda i: -scores[i])[:EXPLAINED])
        for number, name in enumerate(pools)
    }


class _Ballot:
    """The candidates of a document's names in one row, and what each would have of a vote for each other."""

    def __init__(self, pools: Mapping[Name, Sequence[Candidate]], voices: Sequence[Voice]) -> None:
        self.candidates = [c for pool in pools.values() for c in pool]
        self.voices = voices
        sizes = [len(pool) for pool in pools.values()]
        self.starts = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        self.owners = np.repeat(np.arange(len(sizes)), sizes)
        self.own_parts = [_own_parts(c, unit) for (_, unit), pool in pools.items() for c in pool]
        self.base: Floats = np.array([math.fsum(worth for _, worth in parts) for parts in self.own_parts])
        self.voters = max(1, len(pools) - 1 + len(voices))
        heard = _numbered([name for name, _ in pools])[self.owners]
        others = heard[:, None] != heard[None, :]
        countries = _numbered([c.place.country for c in self.candidates])
        units = _numbered([(c.place.country, c.place.admin1) if c.place.admin1 else None for c in self.candidates])
        self.same_country: Floats = COUNTRY_VOTE * (others & _same(countries))
        self.same_unit: Floats = UNIT_VOTE * (others & _same(units))
        self.near: Floats = NEARNESS_VOTE * others * _nearness([c.place.point for c in self.candidates])
        spoken: list[list[float]] = [[COUNTRY_VOTE * (v.country == c.place.country) for v in voices] for c in self.candidates]
        self.spoken: Floats = np.array(spoken).reshape(len(self.candidates), len(voices))
        self.support = self.same_country + self.same_unit + self.near

    def of(self, name: int) -> range:
        start = int(self.starts[name])
        return range(start, int(self.starts[name + 1]) if name + 1 < len(self.starts) else len(self.candidates))

    def shares(self, scores: Floats) -> Floats:
        """How likely each candidate is among those of its name: a softmax for each name."""
        raised = np.exp(SHARPNESS * (scores - np.maximum.reduceat(scores, self.starts)[self.owners]))
        total: Floats = np.add.reduceat(raised, self.starts)
        return raised / total[self.owners]

    def votes(self, shares: Floats) -> Floats:
        gained: Floats = (self.support @ shares + self.spoken.sum(axis=1)) / self.voters
        return gained

    def explain(self, index: int, shares: Floats, called: Sequence[str]) -> Weighed:
        """A candidate with its parts, of which those under a hundredth are left out; the score is the sum of what is shown."""
        parts = list(self.own_parts[index])
        speakers = [*called, *(v.name for v in self.voices)]
        voiced = self.spoken[index] / self.voters
        for words, row, also in (
            ("same country as", self.same_country, voiced),
            ("same unit as", self.same_unit, 0 * voiced),
            ("near", self.near, 0 * voiced),
        ):
            gained = np.add.reduceat(row[index] * shares, self.starts) / self.voters
            parts.append(_part(words, speakers, np.concatenate((gained, also))))
        kept = tuple((what, worth) for what, value in parts if (worth := round(float(value), 2)))
        return Weighed(self.candidates[index], round(math.fsum(worth for _, worth in kept), 2), kept)


def _own_parts(candidate: Candidate, unit: PlaceKind | None) -> list[tuple[str, float]]:
    """What a candidate has before any other name is heard."""
    kind = candidate.place.kind
    parts = [("people", math.log10(candidate.population + 1)), (str(kind), KIND_PRIOR.get(kind, 0.0))]
    if candidate.is_capital:
        parts.append(("capital", CAPITAL_PRIOR))
    if not candidate.is_main_name:
        parts.append(("not its main name", OTHER_SPELLING))
    if unit is PlaceKind.CITY and kind is not PlaceKind.CITY:
        parts.append(("called a town", OTHER_KIND))
    return parts


def _part(words: str, speakers: Sequence[str], gained: Floats) -> tuple[str, float]:
    """One part with the names that gave most to it, at most three, those that gave little left out."""
    order = np.argsort(-gained, kind="stable")
    total = float(gained.sum())
    named = dict.fromkeys(speakers[i] for i in order[:NAMED] if gained[i] > 0.1 * total)
    more = " and others" if sum(gained[i] > 0.1 * total for i in order) > NAMED else ""
    return f"{words} {', '.join(named)}{more}", total


def _numbered(keys: Sequence[object]) -> NDArray[np.int64]:
    """A number for each different key; None: -1."""
    known: dict[object, int] = {}
    return np.array([-1 if key is None else known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def _same(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (numbers[:, None] == numbers[None, :]) & (numbers[:, None] >= 0)
    return same


def _nearness(points: Sequence[tuple[float, float] | None]) -> Floats:
    """One for places in one spot, falling with the distance; a place without a point is near nothing."""
    at = np.radians(np.array([p or (math.nan, math.nan) for p in points], dtype=np.float64))
    latitude, longitude = at[:, 0], at[:, 1]
    half = (
        np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
        + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    )
    distance = 12742.0 * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    near: Floats = np.nan_to_num(np.exp(-distance / NEARNESS_KM), nan=0.0)
    return near
