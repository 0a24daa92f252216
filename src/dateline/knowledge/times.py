"""How times are written in English news, and the names of the calendar.

Tables: times/calendar.yaml, expressions.yaml, references.yaml, tense.yaml, happenings.yaml. Examples and near misses run as tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.numerals import DIGITS, Numerals, load_numerals, one_of
from dateline.knowledge.tables import read_yaml

BLANK = re.compile(r"\(\?<[=!][^)]*\)|\[[^\]]*\]| +")


@dataclass(frozen=True)
class Unit:
    """A unit of the calendar: its TIMEX3 code ("D", "TH" for hours) and about how many days it has (0: less than one)."""

    code: str
    days: int


@dataclass(frozen=True)
class Season:
    code: str
    first_month: int


@dataclass(frozen=True)
class NamedDay:
    """A day with a name.

    Fixed (`month`, `day`, and `year` if it happened once), the nth `weekday` of a month, or `offset` days from Easter.
    """

    month: int | None = None
    day: int | None = None
    year: int | None = None
    is_easter: bool = False
    offset: int = 0
    weekday: int | None = None
    nth: int | None = None


@dataclass(frozen=True)
class InexactCount:
    """ "several": bounds of the count, None where the words give none."""

    low: int | None
    high: int | None


@dataclass(frozen=True)
class TimeRule:
    """One way of writing a time: its pattern, and the reading that resolves it.

    `fixed` are fields the pattern does not capture. `trims_of`: the extent ends before " of" and what follows. `refused_before`:
    words that, standing just before, unmake it. `needs` names the words of `TimeKnowledge.hints` without one of which it cannot
    match. `needs_happening`: what is counted must be a noun of happenings.yaml.
    """

    id: str
    means: str
    pattern: re.Pattern[str]
    fixed: tuple[tuple[str, str], ...]
    trims_of: bool
    needs_happening: bool
    refused_before: frozenset[str]
    needs: frozenset[str]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class Tense:
    """Words that put an expression before or after the publication day, and prepositions that leave a side open."""

    future_auxiliaries: frozenset[str]
    past_auxiliaries: frozenset[str]
    forward_verbs: frozenset[str]
    planning_verbs: frozenset[str]
    timetable_verbs: frozenset[str]
    forward_words: frozenset[str]
    forward_prepositions: frozenset[str]
    bounding_prepositions: frozenset[str]
    open_end: frozenset[str]
    open_start: frozenset[str]
    dated_things: frozenset[str]


@dataclass(frozen=True)
class TimeKnowledge:
    """The tables, indexed. Names are in lower case."""

    months: Mapping[str, int]
    doubtful_months: frozenset[int]
    month_cues: frozenset[str]
    month_cues_without_capitals: frozenset[str]
    month_refusals: frozenset[str]
    weekdays: Mapping[str, int]
    weekday_name_before: frozenset[str]
    weekday_name_after: frozenset[str]
    counted_after_year: frozenset[str]
    year_cues: frozenset[str]
    count_cues: frozenset[str]
    set_adverbs: Mapping[str, str]
    seasons: Mapping[str, Season]
    parts_of_day: Mapping[str, str]
    units: Mapping[str, Unit]
    inexact_counts: Mapping[str, InexactCount]
    named_days: Mapping[str, NamedDay]
    happenings: Mapping[str, str]
    references: Mapping[str, str]
    rules: tuple[TimeRule, ...]
    tense: Tense
    numerals: Numerals
    hints: Mapping[str, re.Pattern[str]]
    """Words, by kind, one of which a rule needs: most rules are passed over for most sentences."""


def load_times() -> TimeKnowledge:
    """Raises KeyError or re.error, naming the rule, when a table is not what it should be."""
    calendar, tense = read_yaml("times/calendar.yaml"), read_yaml("times/tense.yaml")
    references = read_yaml("times/references.yaml")
    numerals = load_numerals()
    fragments = _calendar_fragments(calendar, numerals)
    return TimeKnowledge(
        months=_index(calendar["months"], lambda m: m["number"]),
        doubtful_months=frozenset(m["number"] for m in calendar["months"] if m["bare"] == "needs a cue"),
        month_cues=frozenset(calendar["month_cues"]),
        month_cues_without_capitals=frozenset(calendar["month_cues_without_capitals"]),
        month_refusals=frozenset(calendar["month_refusals"]),
        weekdays={n: w["number"] for w in calendar["weekdays"] for n in (w["name"], *w["short"])},
        **{
            name: frozenset(calendar[name])
            for name in ("weekday_name_before", "weekday_name_after", "counted_after_year", "year_cues", "count_cues")
        },
        seasons=_index(calendar["seasons"], lambda s: Season(s["code"], s["first_month"])),
        parts_of_day=_index(calendar["parts_of_day"], lambda p: p["code"]),
        units=_index(calendar["units"], lambda u: Unit(u["code"], u["days"])),
        inexact_counts={w: InexactCount(c["low"], c["high"]) for c in calendar["inexact_counts"] for w in c["words"]},
        set_adverbs=dict(calendar["set_adverbs"]),
        named_days=_index(calendar["named_days"], _named_day),
        happenings={noun: g["id"] for g in read_yaml("times/happenings.yaml")["groups"] for noun in g["nouns"]},
        references={word: r["value"] for r in references for word in (*r["words"], *r.get("after_preposition", ()))},
        rules=(*_expression_rules(fragments), *_reference_rules(references)),
        tense=Tense(**{name: frozenset(tense[name]) for name in Tense.__dataclass_fields__}),
        numerals=numerals,
        hints=_hints(calendar, references),
    )


def calendar_fragments() -> dict[str, str]:
    """The named parts that patterns of other tables may use: {month}, {number} and the rest, as regular expressions."""
    return _calendar_fragments(read_yaml("times/calendar.yaml"), load_numerals())


def compile_pattern(pattern: str, fragments: Mapping[str, str], *, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """A table's pattern as a regular expression: {names} filled in, a blank any white space, the whole between word ends.

    Raises KeyError for a fragment that does not exist.
    """
    spaced = BLANK.sub(_any_space, _fill(pattern, fragments))
    return re.compile(rf"(?<![\w$€£#])(?:{spaced})(?!\w)", flags)


def _any_space(match: re.Match[str]) -> str:
    """White space may be a line break; where the width is fixed (look-behind, character class) it is one character."""
    return r"(?:\s+)" if match[0].isspace() else match[0].replace(" ", r"\s")


def _fill(pattern: str, fragments: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda m: _fill(fragments[m[1]], fragments), pattern)


def _index(rows: Iterable[Mapping[str, Any]], value: Any) -> dict[str, Any]:
    return {name: value(row) for row in rows for name in row["names"]}


def _named_day(row: Mapping[str, Any]) -> NamedDay:
    return NamedDay(
        row.get("month"),
        row.get("day"),
        row.get("year"),
        row.get("rule") == "easter",
        row.get("offset", 0),
        row.get("weekday"),
        row.get("nth"),
    )


def _calendar_fragments(calendar: Mapping[str, Any], numerals: Numerals) -> dict[str, str]:
    """Regular expressions for the names of the calendar, with the groups the readings look for."""
    months = one_of(n for m in calendar["months"] for n in m["names"])
    full, short = one_of(m["names"][0] for m in calendar["months"]), one_of(n for m in calendar["months"] for n in m["names"][1:])
    weekdays = one_of(w["name"] for w in calendar["weekdays"])
    short_weekdays = one_of(n for w in calendar["weekdays"] for n in w["short"])
    units = one_of(n for u in calendar["units"] for n in u["names"])
    seasons = one_of(n for s in calendar["seasons"] for n in s["names"])
    parts = one_of(n for p in calendar["parts_of_day"] for n in p["names"])
    inexact = one_of(w for c in calendar["inexact_counts"] for w in c["words"])
    words = numerals.word_number_pattern()
    number = rf"(?:{DIGITS}(?: (?:1/2|and a half))?|{words})"
    count = rf"half an?|half|{inexact}|{number}(?: (?:to|or) {number}| ?[-–] ?\d+)?|an?"
    return {
        "month": rf"(?P<month>{full}|{short}\.?)",
        "month_only": months,
        "weekday": rf"(?P<weekday>{weekdays})",
        "weekday_only": weekdays,
        "weekday_name": rf"(?P<weekday>{weekdays}|{short_weekdays}\.?)",
        "unit": rf"(?P<unit>{units})(?!\w)",
        "unit_only": rf"{units}(?!\w)",
        "season": rf"(?P<season>{seasons})",
        "season_names": seasons,
        "part": rf"(?P<part>{parts})",
        "part_names": parts,
        "count": rf"(?P<count>{count})",
        "count_again": rf"(?P<count_again>{count})",
        "number": number,
        "scale": one_of(numerals.scales),
        "ordinal_word": numerals.ordinal_pattern(),
        "ordinal": rf"(?P<ordinal>{numerals.ordinal_pattern()}|\d+(?:st|nd|rd|th))",
        "named_day": "(?P<named_day>" + one_of(n for d in calendar["named_days"] for n in d["names"]) + ")",
    }


def _expression_rules(calendar: Mapping[str, str]) -> Iterable[TimeRule]:
    table = read_yaml("times/expressions.yaml")
    fragments = {**calendar, **table["fragments"]}
    for row in table["rules"]:
        pattern = row["pattern"]
        if row.get("takes_part"):
            pattern = f"{{before_day}}(?:{pattern}){{after_day}}"
        try:
            compiled = compile_pattern(pattern, fragments)
        except (re.error, KeyError) as error:
            raise ValueError(f"times/expressions.yaml, rule {row['id']}: {error}") from error
        yield TimeRule(
            row["id"],
            row["means"],
            compiled,
            tuple(row.get("fixed", {}).items()),
            "trim" in row,
            row.get("needs_happening", False),
            frozenset(row.get("refused_before", ())),
            frozenset(row["needs"]),
            tuple(row["examples"]),
            tuple(row["near_misses"]),
        )


def _reference_rules(references: Iterable[Mapping[str, Any]]) -> Iterable[TimeRule]:
    for row in references:
        words = one_of(row["words"])
        if bound := row.get("after_preposition"):
            words += "|(?:(?<=in )|(?<=into )|(?<=of )|(?<=from ))" + one_of(bound)
        pattern = compile_pattern(f"(?P<reference>{words})", {})
        yield TimeRule(
            f"reference-{row['id']}",
            "reference",
            pattern,
            (),
            False,
            False,
            frozenset(),
            frozenset({"references"}),
            tuple(row["examples"]),
            tuple(row["near_misses"]),
        )


def _hints(calendar: Mapping[str, Any], references: Iterable[Mapping[str, Any]]) -> dict[str, re.Pattern[str]]:
    """Patterns without groups, by the name that a rule's `needs` gives."""
    names = {
        part: [n for row in calendar[part] for n in row["names"]]
        for part in ("months", "seasons", "parts_of_day", "units", "named_days")
    }
    weekdays = [w["name"] for w in calendar["weekdays"]]
    words = {
        **names,
        "weekdays": [*weekdays, *(w + "s" for w in weekdays)],
        "references": [word.split(" ")[-1] for row in references for word in (*row["words"], *row.get("after_preposition", ()))],
        "sets": [*calendar["set_adverbs"], *calendar["set_words"], *(w + "s" for w in weekdays)],
        **calendar["hints"],
    }
    return {
        "digits": re.compile(r"\d"),
        **{kind: re.compile(rf"\b{one_of(of)}(?:\b|(?=long))", re.IGNORECASE) for kind, of in words.items()},
        **{kind: re.compile(rf"\d|\b{one_of(of)}\b", re.IGNORECASE) for kind, of in calendar["hints_or_digits"].items()},
    }
