"""Words and patterns that join figures and days for the checks: parts and wholes, ballots, counted days, running totals.

Tables: checks/ballots.yaml, parts.yaml, days.yaml, totals.yaml. Examples and near misses run as tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class Beside:
    """What stands right before or right behind a figure; either is enough, and None matches nothing."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def matches(self, before: str, after: str) -> bool:
        """`before` ends where the figure begins, `after` begins where it ends."""
        return bool((self.before and self.before.search(before)) or (self.after and self.after.match(after)))


@dataclass(frozen=True)
class BallotWords:
    """`carried` and `lost` are ids of lexicon entries; `lost_words` stand in the sentence."""

    needed: Beside
    cast: Beside
    majorities: frozenset[str]
    absolute: tuple[str, ...]
    carried: frozenset[str]
    lost: frozenset[str]
    lost_words: tuple[str, ...]


@dataclass(frozen=True)
class PartWords:
    """How wholes and parts are joined. `opened_by` stands before a part that is linked from behind; `counted` are units of people.

    `disjoint`: groups of nouns no person is two of, in the singular.
    """

    link: Beside
    opened_by: re.Pattern[str]
    counted: frozenset[str]
    opening: re.Pattern[str]
    apposed: re.Pattern[str]
    joining: re.Pattern[str]
    restating: re.Pattern[str]
    disjoint: tuple[frozenset[str], ...]
    singular: Mapping[str, str]
    generic: frozenset[str]
    another_ballot: frozenset[str]
    winning: frozenset[str]

    def links(self, before: str, after: str) -> bool:
        """True when the words beside a figure make it a part of one before it."""
        if self.link.before is not None and self.link.before.search(before):
            return True
        return bool(self.link.after and self.link.after.match(after) and self.opened_by.search(before))

    def are_disjoint(self, nouns: list[str]) -> bool:
        """True when all nouns are different and belong to one group: their figures may be added."""
        known = {self.singular.get(n, n) for n in nouns}
        return len(known) == len(nouns) and any(known <= group for group in self.disjoint)


@dataclass(frozen=True)
class DayWords:
    """`begin`: lemmas of verbs; `by_mode`: kind of happening by a record's mode."""

    begin: frozenset[str]
    in_a_row: tuple[str, ...]
    after: re.Pattern[str]
    by_mode: Mapping[str, str]
    inside: frozenset[str]


@dataclass(frozen=True)
class TotalWords:
    """`tolls`: what is counted, and the pattern that leads from its noun to the figure. `longest_gap` in days."""

    tolls: tuple[tuple[str, re.Pattern[str]], ...]
    rising: frozenset[str]
    falling: frozenset[str]
    revised: frozenset[str]
    so_far: re.Pattern[str]
    from_: re.Pattern[str]
    to: re.Pattern[str]
    longest_gap: int


@dataclass(frozen=True)
class CheckKnowledge:
    """The tables of the checks."""

    ballots: BallotWords
    parts: PartWords
    days: DayWords
    totals: TotalWords


def load_checks() -> CheckKnowledge:
    """Raises KeyError or re.error when a table is not what it should be."""
    ballots, parts, days, totals = (read_yaml(f"checks/{name}.yaml") for name in ("ballots", "parts", "days", "totals"))
    return CheckKnowledge(
        BallotWords(
            _beside(ballots["needed"]),
            _beside(ballots["cast"]),
            frozenset(ballots["majorities"]),
            tuple(ballots["absolute"]),
            frozenset(ballots["carried"]),
            frozenset(ballots["lost"]),
            tuple(ballots["lost_words"]),
        ),
        PartWords(
            Beside(_ending(parts["before"]["pattern"]), _pattern(parts["after"]["pattern"])),
            _pattern(parts["after"]["opened_by"]),
            frozenset(parts["counted"]),
            _ending(parts["opening"]),
            _pattern(parts["apposed"]),
            _pattern(parts["joining"] + " ?"),
            _pattern(parts["restating"] + " ?"),
            tuple(frozenset(group) for group in parts["disjoint"]),
            dict(parts["singular"]),
            frozenset(parts["generic"]),
            frozenset(parts["another_ballot"]),
            frozenset(parts["winning"]),
        ),
        DayWords(
            frozenset(days["begin"]),
            tuple(days["in_a_row"]),
            _pattern(days["after"]),
            dict(days["by_mode"]),
            frozenset(days["inside"]),
        ),
        TotalWords(
            tuple((toll["what"], _ending(rf"\b(?:{_any_of(toll['nouns'])}){totals['lead']}")) for toll in totals["tolls"]),
            frozenset(totals["rising"]),
            frozenset(totals["falling"]),
            frozenset(totals["revised"]),
            _pattern(rf"\b(?:{_any_of(totals['so_far'])})\b"),
            _ending(totals["from"]),
            _ending(totals["to"]),
            totals["longest_gap"],
        ),
    )


def _beside(row: Mapping[str, Any]) -> Beside:
    return Beside(_ending(row["before"]) if "before" in row else None, _pattern(row["after"]) if "after" in row else None)


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _ending(pattern: str) -> re.Pattern[str]:
    """The pattern at the end of what stands before a figure."""
    return _pattern(f"(?:{pattern}) $")


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("\\ ", " ").replace(" ", r"\s"), re.IGNORECASE)
