"""How figures are written and bounded in English news, what they count, and which numbers count nothing.

Tables: quantities/numerals.yaml, bounds.yaml, units.yaml, not_counted.yaml. Examples and near misses run as tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.numerals import DIGITS, Numerals, load_numerals, one_of
from dateline.knowledge.tables import read_yaml
from dateline.knowledge.times import calendar_fragments, compile_pattern


@dataclass(frozen=True)
class BoundRule:
    """A bound worked out from the figure's own: times, then plus, or set to a number. All None: open."""

    times: float | None = None
    plus: float | None = None
    to: float | None = None


@dataclass(frozen=True)
class BoundExample:
    """A text and the bounds its figure should get."""

    entry: str
    text: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Hedge:
    """What a word beside a figure does to its bounds; `exactness` is the name in `records.Exactness`."""

    id: str
    exactness: str
    low: BoundRule
    high: BoundRule


@dataclass(frozen=True)
class Vague:
    """A figure that gives no number, with its bounds."""

    id: str
    low: int
    high: int


@dataclass(frozen=True)
class NotCounted:
    """Numbers that count nothing: a pattern with its examples."""

    id: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class QuantityKnowledge:
    """The tables, indexed; words are in lower case. The patterns are searched in the text of one sentence."""

    numerals: Numerals
    hedges_before: Mapping[str, Hedge]
    hedges_after: Mapping[str, Hedge]
    vague: Mapping[str, Vague]
    plural_scales: Mapping[str, Vague]
    not_counted: tuple[NotCounted, ...]
    percent: frozenset[str]
    measured: frozenset[str]
    units: Mapping[str, str]
    currency_signs: Mapping[str, str]
    currency_words: Mapping[str, str]
    people: frozenset[str]
    people_endings: tuple[str, ...]
    not_people: frozenset[str]
    person_verbs: frozenset[str]
    ordinal_nouns: frozenset[str]
    ordinal_links: frozenset[str]
    skipped_before_noun: frozenset[str]
    stop_words: frozenset[str]
    running_total: re.Pattern[str]
    new_before: re.Pattern[str]
    new_after: frozenset[str]
    figure: re.Pattern[str]
    ordinal: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    change: re.Pattern[str]
    examples: tuple[BoundExample, ...]

    def is_person(self, noun: str) -> bool:
        """The noun names people. Knowledge: units.yaml, its list and its endings."""
        if noun in self.people:
            return True
        return noun.endswith(self.people_endings) and noun not in self.not_people and len(noun) > 5


def load_quantities() -> QuantityKnowledge:
    """Raises KeyError or re.error when a table is not what it should be."""
    bounds, units = read_yaml("quantities/bounds.yaml"), read_yaml("quantities/units.yaml")
    numerals = load_numerals()
    before = {w: h for row, h in _hedges(bounds) for w in row["before"]}
    after = {w: h for row, h in _hedges(bounds) for w in row["after"]}
    vague = {w: Vague(r["id"], r["low"], r["high"]) for r in bounds["vague"] for w in r["words"]}
    plurals = {w: Vague(r["id"], r["low"], r["high"]) for r in bounds["plural_scales"] for w in r["words"]}
    signs = {sign.lower(): code for sign, code in units["currency_signs"].items()}
    tallied = bounds["tallied"]
    return QuantityKnowledge(
        numerals=numerals,
        hedges_before=before,
        hedges_after=after,
        vague=vague,
        plural_scales=plurals,
        not_counted=tuple(_not_counted()),
        percent=frozenset(units["percent"]),
        measured=frozenset(units["measured"]),
        units={word: unit for unit, words in units["units"].items() for word in words},
        currency_signs=signs,
        currency_words=dict(units["currency_words"]),
        people=frozenset(units["people"]),
        people_endings=tuple(units["people_endings"]),
        not_people=frozenset(units["not_people"]),
        person_verbs=frozenset(units["person_verbs"]),
        ordinal_nouns=frozenset(units["ordinal_nouns"]),
        ordinal_links=frozenset(units["ordinal_links"]),
        skipped_before_noun=frozenset(units["skipped_before_noun"]),
        stop_words=frozenset(units["stop_words"]),
        running_total=_running_total(tallied["running_total"]),
        new_before=re.compile(rf"\b{one_of(tallied['new']['before'])}\s+$", re.IGNORECASE),
        new_after=frozenset(tallied["new"]["after"]),
        figure=_figure(numerals, vague, plurals, signs, units["glued"]),
        ordinal=re.compile(rf"(?<![\w-])(?P<ordinal>{numerals.ordinal_pattern()}|\d+(?:st|nd|rd|th))(?![\w-])", re.IGNORECASE),
        before=re.compile(rf"(?<![\w-]){one_of(before)}\s*(?:the\s+)?$".replace(" ", r"\s+"), re.IGNORECASE),
        after=re.compile(rf"\s?{one_of(after)}(?!\w)".replace(" ", r"\s+"), re.IGNORECASE),
        change=re.compile(rf"\bby\s*$|\b{one_of(bounds['change_words'])}(?:\s\S+){{0,4}}\s+from\s*$", re.IGNORECASE),
        examples=tuple(_examples(bounds)),
    )


def _running_total(row: Mapping[str, Any]) -> re.Pattern[str]:
    """Found in a sentence whose counts run up to now."""
    perfect, since = r"\b(?:have|has)\b", rf"\b{one_of(row['perfect'])}\b"
    return re.compile(rf"\b{one_of(row['near'])}\b|{perfect}.*{since}|{since}.*{perfect}", re.IGNORECASE | re.DOTALL)


def _hedges(bounds: Mapping[str, Any]) -> Iterable[tuple[Mapping[str, Any], Hedge]]:
    for row in bounds["hedges"]:
        yield row, Hedge(row["id"], row["exactness"], BoundRule(**(row["low"] or {})), BoundRule(**(row["high"] or {})))


def _examples(bounds: Mapping[str, Any]) -> Iterable[BoundExample]:
    for part in ("hedges", "vague", "plural_scales"):
        for row in bounds[part]:
            for text, low, high in row["examples"]:
                yield BoundExample(row["id"], text, low, high)


def _not_counted() -> Iterable[NotCounted]:
    fragments = calendar_fragments()
    fragments["month"] = fragments["month_only"]
    for row in read_yaml("quantities/not_counted.yaml"):
        flags = 0 if row.get("case") == "exact" else re.IGNORECASE
        try:
            pattern = compile_pattern(row["pattern"], fragments, flags=flags)
        except (re.error, KeyError) as error:
            raise ValueError(f"quantities/not_counted.yaml, entry {row['id']}: {error}") from error
        yield NotCounted(row["id"], pattern, tuple(row["examples"]), tuple(row["near_misses"]))


def _figure(
    numerals: Numerals, vague: Iterable[str], plurals: Iterable[str], signs: Iterable[str], glued: Iterable[str]
) -> re.Pattern[str]:
    """One figure, without its hedge; the groups say how it is written: number, range, plural, vague word, share or "another"."""
    scales = one_of((*numerals.scales, *numerals.groups))
    scaled = rf"(?:[\s-]?{one_of(numerals.scales)}(?!\w)|\s?dozen(?!\w)|{one_of(numerals.short_scales)}(?!\w))"
    digits = rf"{DIGITS}{scaled}?(?:\sand\sa\shalf(?!\w))?"
    words = rf"{numerals.word_number_pattern()}(?:\sand\sa\shalf(?:\s{one_of(numerals.scales)})?(?!\w))?"
    number = rf"(?:{digits}|{words}|(?<=another\s)dozen(?!\w))"
    sign = rf"(?:{one_of(signs)})\s?"
    plural = one_of(plurals)
    fraction = one_of(numerals.fractions)
    alternatives = (
        rf"(?P<share>(?:{number})\s(?:in|out\sof)\s(?:every\s|each\s)?(?:{number})(?!\s(?:years|months|weeks|days|hours|cities|places)))(?![\w-])",
        rf"(?P<fraction>(?:an?|one|two|three|four|five|seven|nine)[\s-]{fraction}(?:\sof)?(?=\W)|three[\s-]quarters|half(?=\s(?:of\s)?(?:the|its|their|his|her|all|those|these|of)\s)|(?<=one\sand\sa\s)half)",
        rf"between\s(?P<between_sign>{sign})?(?P<between_low>{number})\sand\s(?:{sign})?(?P<between_high>{number})",
        rf"(?P<range_sign>{sign})?(?P<range_low>{number})(?:\sto\s|\sor\s|\s?[-–]\s?(?=[\d€£$]))(?:{sign})?(?P<range_high>{number})",
        rf"(?P<plural>(?:{plural}\sof\s)*{plural})",
        rf"(?P<vague>{one_of(vague)})(?:\s(?:of\s)?(?P<vague_scale>{scales}))?(?!\w)",
        rf"(?P<another>another)(?=\s(?!dozen|{number}))",
        rf"(?P<glued_number>{DIGITS})(?P<glued>{one_of(glued)}\d?)(?!\w)",
        rf"(?P<sign>{sign})?(?P<number>{number})",
    )
    return re.compile(rf"(?<![\w.,:/#№&])(?:{'|'.join(alternatives)})(?![\w])".replace(" ", r"\s"), re.IGNORECASE)
