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
from dateline.mentions.homes import Home
from dateline.records import PlaceKind

KIND_PRIOR: Mapping[PlaceKind, float] = {
    PlaceKind.COUNTRY: 3.0,
    PlaceKind.REGION: 9.0,
    PlaceKind.ADMIN1: -0.3,
    PlaceKind.ADMIN2: -0.6,
}
CAPITAL_PRIOR = 1.5
OTHER_SPELLING = -2.0  # log10 units: "Paris" as another name of Parys must not beat Paris
OTHER_KIND = -5.0  # "Georgia town" is no country
COUNTRY_VOTE, UNIT_VOTE, NEARNESS_VOTE = 6.0, 3.0, 9.0
NEARNESS_KM = 150.0
WIDE_KM = 400.0
HOME_VOTE, ENDING_VOTE = 0.3, 0.5  # of what one vote is worth, whatever the number of names
PAST_UNIT_VOTE, PAST_COUNTRY_VOTE = 6.0, 2.0  # when all other reports name a place there
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
    votes: float
    """What of the score other names gave."""


def weigh_candidates(
    pools: Mapping[Name, Sequence[Candidate]],
    voices: Sequence[Voice] = (),
    shown: Mapping[Name, str] | None = None,
    home: Home | None = None,
) -> dict[Name, tuple[Weighed, ...]]:
    """The best five candidates of each name, the likeliest first; two that are level keep the order of their pool.

    `pools` has no name without candidates. `shown` is how parts call a name; without it, folded. `home` is the publisher's. No
    names: an empty dict.
    """
    if not pools:
        return {}
    ballot = _Ballot(pools, voices, home or Home())
    scores, cast = ballot.base, ballot.shares(ballot.base)
    for _ in range(ROUNDS if ballot.has_voters else 0):
        cast = ballot.shares(scores)
        scores = ballot.base + ballot.support @ cast + ballot.spoken.sum(axis=1)
    scores = np.round(scores, 9)  # the last digits differ between processors; candidates that are level must not
    called = [(shown or {}).get(name, name[0]) for name in pools]
    return {
        name: tuple(ballot.explain(i, cast, called) for i in sorted(ballot.of(number), key=lambda i: -scores[i])[:EXPLAINED])
        for number, name in enumerate(pools)
    }


class _Ballot:
    """The candidates of a document's names in one row, and what each would have of a vote for each other.

    The place a publisher is named after is one more name, the last: it is resolved together with those of the text.
    """

    def __init__(self, pools: Mapping[Name, Sequence[Candidate]], voices: Sequence[Voice], home: Home) -> None:
        rows = [*pools.values(), home.places] if home.places else list(pools.values())
        self.home = home
        self.candidates = [c for pool in rows for c in pool]
        sizes = [len(pool) for pool in rows]
        self.starts = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        self.owners = np.repeat(np.arange(len(rows)), sizes)
        units = [unit for _, unit in pools] + [None]
        past = {(country, province): share for country, province, share in home.past}
        self.own_parts = [_own_parts(c, units[i], past) for c, i in zip(self.candidates, self.owners, strict=True)]
        self.base: Floats = np.array([math.fsum(worth for _, worth in parts) for parts in self.own_parts])
        voters = max(1, len(pools) - 1 + len(voices))
        weights: Floats = np.where(self.owners < len(pools), 1 / voters, HOME_VOTE)
        # A name that is said with and without its unit ("Anand", "Anand district") does not speak for itself.
        heard = _numbered([name for name, _ in pools] + [None])[self.owners]
        weights = weights[None, :] * ((heard[:, None] != heard[None, :]) & (self.owners[:, None] != self.owners[None, :]))
        countries = _numbered([c.place.country for c in self.candidates])
        provinces = _numbered([(c.place.country, c.place.admin1) if c.place.admin1 else None for c in self.candidates])
        self.same_country: Floats = COUNTRY_VOTE * weights * _same(countries)
        self.same_unit: Floats = UNIT_VOTE * weights * _same(provinces)
        self.near: Floats = NEARNESS_VOTE * weights * _nearness(self.candidates)
        self.support = self.same_country + self.same_unit + self.near
        speaking = [(v.name, v.country, 1 / voters) for v in voices]
        speaking += [(f"the address's ending ({home.ending})", home.ending, ENDING_VOTE)] if home.ending else []
        self.speakers = [name for name, _, _ in speaking]
        self.spoken: Floats = np.array(
            [[COUNTRY_VOTE * weight * (c.place.country == country) for _, country, weight in speaking] for c in self.candidates]
        ).reshape(len(self.candidates), len(speaking))
        self.has_voters = len(rows) + len(speaking) > 1

    def of(self, name: int) -> range:
        """The numbers of a name's candidates."""
        start = int(self.starts[name])
        return range(start, int(self.starts[name + 1]) if name + 1 < len(self.starts) else len(self.candidates))

    def shares(self, scores: Floats) -> Floats:
        """How likely each candidate is among those of its name: a softmax for each name."""
        raised = np.exp(SHARPNESS * (scores - np.maximum.reduceat(scores, self.starts)[self.owners]))
        total: Floats = np.add.reduceat(raised, self.starts)
        return raised / total[self.owners]

    def explain(self, index: int, shares: Floats, called: Sequence[str]) -> Weighed:
        """A candidate with its parts, of which those under a hundredth are left out; the score is the sum of what is shown."""
        own = self.own_parts[index]
        parts = list(own)
        names = [*called, *([f"{self.home.name}, the publisher's home"] if self.home.places else []), *self.speakers]
        silent = np.zeros(len(self.speakers))
        for words, row, also in (
            ("same country as", self.same_country, self.spoken[index]),
            ("same unit as", self.same_unit, silent),
            ("near", self.near, silent),
        ):
            gained = np.add.reduceat(row[index] * shares, self.starts)
            parts.append(_part(words, names, np.concatenate((gained, also))))
        kept = tuple((what, worth) for what, value in parts if (worth := round(float(value), 2)))
        votes = math.fsum(value for _, value in parts[len(own) :])
        return Weighed(self.candidates[index], round(math.fsum(worth for _, worth in kept), 2), kept, votes)


def _own_parts(
    candidate: Candidate, unit: PlaceKind | None, past: Mapping[tuple[str, str | None], float]
) -> list[tuple[str, float]]:
    """What a candidate has before any other name is heard."""
    kind = candidate.place.kind
    parts = [("people", math.log10(candidate.population + 1)), (str(kind), KIND_PRIOR.get(kind, 0.0))]
    if candidate.is_capital:
        parts.append(("capital", CAPITAL_PRIOR))
    if not candidate.is_main_name:
        parts.append(("not its main name", OTHER_SPELLING))
    if unit is PlaceKind.CITY and kind is not PlaceKind.CITY:
        parts.append(("called a town", OTHER_KIND))
    if past:
        country, province = candidate.place.country or "", candidate.place.admin1
        there = PAST_UNIT_VOTE * past.get((country, province), 0.0) if province else 0.0
        parts.append(("the publisher's other reports", there + PAST_COUNTRY_VOTE * past.get((country, None), 0.0)))
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


def _is_wide(candidate: Candidate) -> bool:
    """Whether a place is too large for its middle to tell where anything is."""
    return candidate.place.kind is PlaceKind.COUNTRY or candidate.extent_km > WIDE_KM


def _nearness(candidates: Sequence[Candidate]) -> Floats:
    """One for places that touch, falling with the distance between their edges; countries and the like are near nothing."""
    at = np.radians(np.array([(not _is_wide(c) and c.centre) or (math.nan, math.nan) for c in candidates], dtype=np.float64))
    extents = np.array([c.extent_km for c in candidates])
    latitude, longitude = at[:, 0], at[:, 1]
    half = (
        np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
        + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    )
    distance = 12742.0 * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    apart = np.maximum(0.0, distance - extents[None, :])
    near: Floats = np.nan_to_num(np.exp(-apart / NEARNESS_KM), nan=0.0)
    return near
