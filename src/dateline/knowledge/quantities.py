"""How figures are written and bounded in English news, what they count, and which numbers count nothing.

Tables: quantities/numerals.yaml, bounds.yaml, units.yaml, changes.yaml, ages.yaml, parts.yaml, not_counted.yaml. Examples and
near misses run as tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dateline.knowledge.numerals import DECIMAL_COMMA, DIGITS, SPACED, Numerals, load_numerals, one_of
from dateline.knowledge.tables import read_yaml
from dateline.knowledge.times import calendar_fragments, compile_pattern
from dateline.records import Direction


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
    """Numbers that count nothing: a pattern with its examples; it needs a digit in the text unless `is_in_words`."""

    id: str
    pattern: re.Pattern[str]
    is_in_words: bool
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class AgePattern:
    """One way of telling an age: its pattern has the groups `low`, `high` for a range, `hedge`.

    `spread` is added to the upper end; a text without the letters of `needs` cannot match, which is cheaper to see.
    """

    id: str
    needs: str
    pattern: re.Pattern[str]
    spread: int
    examples: tuple[tuple[str, float | None, float | None, str], ...]
    near_misses: tuple[str, ...]


class CueKind(StrEnum):
    """What kind of word tells of a change, and so where its figures stand."""

    VERB = "verb"
    PARTICLE = "particle"
    COMPARATIVE = "comparative"
    NOUN = "noun"


class AmountKind(StrEnum):
    """Which figures beside a cue are the amount of the change where no "by" says so."""

    ANY = "any"
    MEASURED = "measured"
    NONE = "none"


@dataclass(frozen=True)
class ChangeCue:
    """A word that tells of a rise or a fall; `has_levels`: "to" and "from" behind it are levels even without an amount."""

    id: str
    direction: Direction
    kind: CueKind
    amount: AmountKind
    has_levels: bool
    examples: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class ChangeKnowledge:
    """The cues by word, in lower case; none for words that only look like one.

    The gaps match what stands between a cue or figure and the next figure.
    """

    cues: Mapping[str, tuple[ChangeCue, ...]]
    cue_starts: frozenset[str]
    cue: re.Pattern[str]
    level_hedges: frozenset[str]
    never_amounts: frozenset[str]
    amount_gap: re.Pattern[str]
    by_gap: re.Pattern[str]
    to_gap: re.Pattern[str]
    from_gap: re.Pattern[str]


@dataclass(frozen=True)
class PartKnowledge:
    """What marks a figure as part of the one before it; the patterns stand right behind or before a figure."""

    of_pronoun: re.Pattern[str]
    before: re.Pattern[str]
    whole: re.Pattern[str]
    examples: tuple[tuple[str, str, str], ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class BallotKnowledge:
    """`tally` is two or three figures with a link between (groups first, second, third, votes); `before` and `after` the words of
    a ballot beside it, `side` what makes a figure in the same sentence votes."""

    tally: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    any_word: re.Pattern[str]
    side: re.Pattern[str]
    none: frozenset[str]
    examples: tuple[tuple[str, tuple[float, ...]], ...]
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
    ages: tuple[AgePattern, ...]
    changes: ChangeKnowledge
    parts: PartKnowledge
    ballots: BallotKnowledge
    may_count: re.Pattern[str]
    percent: frozenset[str]
    measured: frozenset[str]
    dimensions: Mapping[str, str]
    units: Mapping[str, str]
    rate: re.Pattern[str]
    currency_signs: Mapping[str, str]
    currency_words: Mapping[str, str]
    weights: Mapping[str, str]
    national_currencies: Mapping[str, str]
    crowd: re.Pattern[str]
    tolls: frozenset[str]
    toll_before: re.Pattern[str]
    numbers: frozenset[str]
    people: frozenset[str]
    people_endings: tuple[str, ...]
    not_people: frozenset[str]
    person_verbs: frozenset[str]
    done_to_persons: frozenset[str]
    done_by_persons: frozenset[str]
    ordinal_nouns: frozenset[str]
    ordinal_links: frozenset[str]
    skipped_before_noun: frozenset[str]
    stop_words: frozenset[str]
    phrase_ends: frozenset[str]
    never_counted: frozenset[str]
    metres: re.Pattern[str]
    running_total: re.Pattern[str]
    total_before: re.Pattern[str]
    added_behind: re.Pattern[str]
    up_to_now: re.Pattern[str]
    new_before: re.Pattern[str]
    new_after: frozenset[str]
    figure: re.Pattern[str]
    ordinal: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
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
    signs = {sign.lower(): code for sign, code in (*units["currency_signs"].items(), *units["folded_signs"].items())}
    forms = [row for table in units["measures"].values() for row in table.items()] + [*units["units"].items()]
    dimensions = {unit: dimension for dimension, row in units["measures"].items() for unit in row} | {
        "percent": "rate",
        "share": "rate",
    }
    tallied = bounds["tallied"]
    return QuantityKnowledge(
        numerals=numerals,
        hedges_before=before,
        hedges_after=after,
        vague=vague,
        plural_scales=plurals,
        not_counted=tuple(_not_counted()),
        ages=tuple(_ages(numerals)),
        changes=_changes(),
        parts=_parts(read_yaml("quantities/parts.yaml")["parts"]),
        ballots=_ballots(read_yaml("quantities/parts.yaml")["ballots"], numerals),
        may_count=re.compile(rf"\d|\b{one_of(_counting_words(numerals, vague, plurals))}", re.IGNORECASE),
        percent=frozenset(units["percent"]),
        measured=frozenset(dimensions),
        dimensions=dimensions,
        units={word.lower(): unit for unit, words in forms for word in words},
        rate=_rate(units["per"], units["per_only"]),
        currency_signs=signs,
        currency_words=dict(units["currency_words"]),
        weights=dict(units["weights"]),
        national_currencies={
            f"{nation} {money}": code for money, row in units["national_currencies"].items() for nation, code in row.items()
        },
        crowd=re.compile(rf"\b{one_of(units['crowds'])}\s+of\s+$", re.IGNORECASE),
        tolls=frozenset(units["tolls"]),
        toll_before=re.compile(rf"\b{one_of(units['tolls'])}\b(?:\s+\w+){{0,3}}\s+$", re.IGNORECASE),
        numbers=frozenset(units["numbers"]),
        people=frozenset(units["people"]),
        people_endings=tuple(units["people_endings"]),
        not_people=frozenset(units["not_people"]),
        person_verbs=frozenset(units["person_verbs"]),
        done_to_persons=frozenset(units["done_to_persons"]),
        done_by_persons=frozenset(units["done_by_persons"]),
        ordinal_nouns=frozenset(units["ordinal_nouns"]),
        ordinal_links=frozenset(units["ordinal_links"]),
        skipped_before_noun=frozenset(units["skipped_before_noun"]),
        stop_words=frozenset(units["stop_words"]),
        phrase_ends=frozenset(units["phrase_ends"]),
        never_counted=frozenset(units["never_counted"]),
        metres=re.compile(rf"[\s-]{one_of(units['metres_before'])}\b(?!\s(?:people|the\s(?:people|total|cost)))", re.IGNORECASE),
        running_total=_running_total(tallied["running_total"]),
        total_before=re.compile(rf"\b{one_of(tallied['running_total']['totals'])}\b", re.IGNORECASE),
        added_behind=re.compile(
            rf"{one_of(tallied['new']['adding'])}\s(?:\w+\s){{0,3}}(?:toll|total|number|tally|count)\b".replace(" ", r"\s"),
            re.IGNORECASE,
        ),
        up_to_now=_up_to_now(tallied["running_total"]),
        new_before=re.compile(rf"\b{one_of(tallied['new']['before'])}\s+$", re.IGNORECASE),
        new_after=frozenset(tallied["new"]["after"]),
        figure=_figure(
            numerals, vague, plurals, units["currency_signs"], units["folded_signs"], units["glued"], units["never_shared"]
        ),
        ordinal=re.compile(rf"(?<![\w-])(?P<ordinal>{numerals.ordinal_pattern()}|\d+(?:st|nd|rd|th))(?![\w-])", re.IGNORECASE),
        before=re.compile(rf"(?<![\w-]){one_of(before)}\s*(?:the\s+)?$".replace(" ", r"\s+"), re.IGNORECASE),
        after=re.compile(
            rf"(?:\s?{one_of(w for w in after if w[0].isalpha())}|{one_of(w for w in after if not w[0].isalpha())})(?!\w)".replace(
                " ", r"\s+"
            ),
            re.IGNORECASE,
        ),
        examples=tuple(_examples(bounds)),
    )


def _running_total(row: Mapping[str, Any]) -> re.Pattern[str]:
    """Found in a sentence whose counts run up to now."""
    at_end = rf"\b{one_of(row['at_end'])}(?=\s*(?:[,.;:)]|$))"
    return re.compile(rf"\b{one_of(row['near'])}\b|{at_end}", re.IGNORECASE)


def _up_to_now(row: Mapping[str, Any]) -> re.Pattern[str]:
    """Found in a sentence that tells in the perfect what has happened since some day: its people are a running total."""
    perfect, since = r"\b(?:have|has)\b", rf"\b{one_of(row['perfect'])}\b"
    return re.compile(rf"{perfect}.*{since}|{since}.*{perfect}", re.IGNORECASE | re.DOTALL)


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
        yield NotCounted(row["id"], pattern, row.get("in_words", False), tuple(row["examples"]), tuple(row["near_misses"]))


def _ages(numerals: Numerals) -> Iterable[AgePattern]:
    fragments = {
        "n": rf"(?:{DIGITS}(?:[ -]{one_of(numerals.scales)})?|{numerals.word_number_pattern()})",
        "unit": "(?:year|month|week|day)",
    }
    for row in read_yaml("quantities/ages.yaml"):
        flags = 0 if row.get("case") == "exact" else re.IGNORECASE
        pattern = compile_pattern(row["pattern"], fragments, flags=flags)
        examples = tuple((text, low, high, unit) for text, low, high, unit in row["examples"])
        yield AgePattern(row["id"], row.get("needs", ""), pattern, row.get("spread", 0), examples, tuple(row["near_misses"]))


def _counting_words(numerals: Numerals, vague: Iterable[str], plurals: Iterable[str]) -> set[str]:
    """Without one of these, or a digit, a sentence counts nothing."""
    names = {*numerals.ones, *numerals.tens, *numerals.scales, *numerals.groups, *numerals.ordinals, *numerals.fractions}
    return {*names, *vague, *plurals, "another"}


def _parts(table: Mapping[str, Any]) -> PartKnowledge:
    return PartKnowledge(
        re.compile(rf"\s+of\s+{one_of(table['pronouns'])}\b", re.IGNORECASE),
        re.compile(rf"\b{one_of(table['before'])}\s+$".replace(" ", r"\s+"), re.IGNORECASE),
        re.compile(rf"(?:^|[,;:]\s*)(?:and\s+|but\s+)?{one_of(table['whole'])}\s+$".replace(" ", r"\s+"), re.IGNORECASE),
        tuple((text, part, whole) for text, part, whole in table["examples"]),
        tuple(table["near_misses"]),
    )


def _ballots(table: Mapping[str, Any], numerals: Numerals) -> BallotKnowledge:
    number = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,4}}|{numerals.word_number_pattern()})"
    hyphen = one_of(w for w in table["links"] if not w.isalpha())
    word = one_of(w for w in table["links"] if w.isalpha())
    second = rf"(?P<second>{number}|{one_of(table['none'])}\b)"
    link = rf"(?:\s?{hyphen}\s?|\s+(?P<votes>votes?\s+)?{word}\s+)"
    return BallotKnowledge(
        tally=re.compile(
            rf"(?<![\w.,/-])(?P<first>{number}){link}{second}(?:\s?{hyphen}\s?(?P<third>{number}))?(?![\w%]|[.,]\d|-\w)",
            re.IGNORECASE,
        ),
        before=re.compile(rf"\b{one_of(table['before'])}(?:\s\S+){{0,5}}\s$", re.IGNORECASE),
        after=re.compile(rf"(?:\s\w+){{0,2}}?\s{one_of(table['after'])}\b".replace(" ", r"\s"), re.IGNORECASE),
        any_word=re.compile(rf"\b{one_of((*table['before'], *table['after']))}\b".replace(" ", r"\s"), re.IGNORECASE),
        side=re.compile(rf"\s(?:members?\s|votes?\s)?{one_of(table['sides'])}\b".replace(" ", r"\s"), re.IGNORECASE),
        none=frozenset(table["none"]),
        examples=tuple((text, tuple(map(float, values))) for text, values in table["examples"]),
        near_misses=tuple(table["near_misses"]),
    )


def _rate(nouns: Iterable[str], shapes: Iterable[str]) -> re.Pattern[str]:
    """ "a day", "per square foot", "/km": what stands behind a figure that is so much for each; a group names it."""
    article = rf"\s(?:an?|each|every)\s(?P<of>{one_of(nouns)})"
    per = rf"\s?(?:per\s|/\s?)(?P<per>(?:{one_of(shapes)}\s)?[a-z]\w*)"
    later = r"(?!\w|\s(?:earlier|ago|later|before|after|old|since)\b)"  # "$3 million a year earlier" is no rate
    return re.compile(rf"(?:{article}|{per}){later}", re.IGNORECASE)


def _changes() -> ChangeKnowledge:
    table = read_yaml("quantities/changes.yaml")
    cues: dict[str, tuple[ChangeCue, ...]] = {}
    for row in table["cues"]:
        examples = tuple((text, tuple((part, words) for part, words in parts)) for text, parts in row["examples"])
        cue = ChangeCue(
            row["id"],
            Direction(row["direction"]),
            CueKind(row["is"]),
            AmountKind(row["amount"]),
            row.get("levels", True),
            examples,
        )
        for word in row["words"]:
            cues[word] = (*cues.get(word, ()), cue)
    cues |= dict.fromkeys(table["no_cues"], ())
    word = rf"(?:,?\s+(?!{one_of(table['breaks'])}\b)[^\s,;:()]+)"
    adverb = r"(?:\w+ly\s+)?"
    before = rf"(?:{one_of(table['before_amount'])}\s+)?"
    gaps = {
        "amount_gap": rf"\s+{adverb}{before}{adverb}",
        "by_gap": rf"{word}{{0,6}}?\s+by\s+(?:an?\s+|another\s+)?{adverb}",
        "to_gap": rf"{word}{{0,6}}?,?\s+{one_of(table['to_level'])}\s+",
        "from_gap": rf"{word}{{0,6}}?,?\s+{one_of(table['from_level'])}\s+",
    }
    return ChangeKnowledge(
        cues=cues,
        cue_starts=frozenset(word.split()[0] for word in cues),
        cue=re.compile(rf"(?<![\w-]){one_of(cues)}(?![\w-])".replace(" ", r"\s"), re.IGNORECASE),
        level_hedges=frozenset(table["level_hedges"]),
        never_amounts=frozenset(table["never_amounts"]),
        **{name: re.compile(gap.replace(" ", r"\s"), re.IGNORECASE) for name, gap in gaps.items()},
    )


def _sign(signs: Iterable[str], folded: Iterable[str]) -> str:
    """A currency before its figure. Letters before a sign are capitals and may stand apart from it ("HK $5"), but for the article
    ("A $5 fine"); folded signs are read only before what is plainly money.
    """
    apart = "|".join(_capitals(sign) for sign in sorted(signs, key=lambda s: (-len(s), s)))
    money = r"(?=\d[\d,]*(?:[,.]\d|\s?(?:m|bn|b|k|mn|million|billion)\b))"
    return rf"(?:(?:{apart})\s?|(?:{one_of(folded)}){money})"


def _capitals(sign: str) -> str:
    letters, mark, rest = sign.upper().partition("$")
    if not letters or not mark:
        return re.escape(sign)
    apart = "" if letters == "A" else r"\s?"
    return rf"(?-i:{letters}){apart}\${re.escape(rest)}"


def _figure(
    numerals: Numerals,
    vague: Iterable[str],
    plurals: Iterable[str],
    signs: Iterable[str],
    folded: Iterable[str],
    glued: Iterable[str],
    never_shared: Iterable[str],
) -> re.Pattern[str]:
    """One figure, without its hedge; the groups say how it is written: number, range, plural, vague word, share or "another"."""
    scales = one_of((*numerals.scales, *numerals.groups))
    long_scale = rf"(?:[\s-]?{one_of(numerals.scales)}(?!\w))+"
    short = one_of(numerals.short_scales)
    spaced = r"\s(?:bn|mn|mln|trn|(?-i:[BM](?=\s[a-z])))"
    scaled = rf"(?:{long_scale}|\s?dozen(?!\w)|{short}(?!\w)|{spaced}(?!\w))"
    vulgar = r"(?:\s?[¼½¾⅐-⅞]|\s\d/\d(?![\d/]))"
    power = r"\d+(?:\.\d+)?\s?[×x]\s?10\^?(?:[-−–]?\d+|[⁻⁰¹²³⁴-⁹]+)"
    digits = rf"(?:{power}|(?:{SPACED}|{DECIMAL_COMMA}|{DIGITS}){vulgar}?{scaled}?(?:\sand\sa\shalf(?!\w))?|[¼½¾⅐-⅞])"
    words = rf"{numerals.word_number_pattern()}(?:\sand\sa\shalf(?:\s{one_of(numerals.scales)})?(?!\w))?"
    number = rf"(?:{digits}|{words}|(?<=another\s)dozen(?!\w))"
    sign = _sign(signs, folded)
    plural = one_of(plurals)
    fraction = one_of(numerals.fractions)
    unit = one_of(glued)
    small = one_of((*numerals.ones, *numerals.tens, *numerals.groups, *numerals.scales))
    few = rf"(?:\d{{1,3}}(?:,\d{{3}})?|{words})"
    percent = r"(?:\s?%|[\s-]per\s?cent|pc)"
    minus = r"(?:minus[\s-](?=[\d$€£])|(?<![^\s(\[])[-−–](?=\.?\d|[$€£]\d))"
    no_scale = rf"(?!\sof\san?\s{scales})"
    alternatives = (
        rf"(?P<share>(?P<share_part>{few})\s(?:in|out\sof)\s(?:every\s|each\s)?(?P<share_whole>{few})(?!\s{one_of(never_shared)}\b))(?![\w-])",
        rf"(?P<fraction>(?:an?|one|two|three|four|five|seven|nine)[\s-]{fraction}{no_scale}(?:\sof)?(?=\W)|three[\s-]quarters{no_scale}|half(?=\s(?:of\s)?(?:the|its|their|his|her|all|those|these|of)\s)|(?<=one\sand\sa\s)half|(?<=by\s)half(?!\s(?:a|an|past)\s))",
        r"(?P<slash>\d{1,3}[/⁄]\d{1,3})(?=\sof\s)",
        rf"between\s(?P<between_sign>{sign})?(?P<between_low>{number}){percent}?\sand\s(?P<between_high_sign>{sign})?(?P<between_high>{number})",
        rf"(?P<range_sign>{sign})?(?P<range_low>{number}){percent}?(?:\s(?:up\s)?to[\s-]|\sor\s|(?:[-–—]|\s[-–—]\s)(?=[\d€£$]))(?P<range_high_sign>{sign})?(?P<range_high>{number})(?P<range_glued>{unit}(?!\w))?",
        rf"(?P<plural>(?:{plural}\sof\s)*{plural})",
        rf"(?P<vague>{one_of(vague)})(?:\s(?:of\s)?(?P<vague_scale>{scales}))?(?!\w)",
        rf"(?P<another>another)(?=\s(?!dozen|{number}))",
        rf"(?P<fold>{small}|\d+(?:\.\d+)?)[\s-]?fold(?!\w)",
        rf"(?P<glued_minus>{minus})?(?P<glued_number>{DIGITS})(?P<glued>{unit})(?!\w)",
        rf"(?P<minus>{minus})?(?P<plus>(?<![^\s(\[])\+(?=\d))?(?P<sign>{sign})?(?P<minus_after>[-−](?=\d))?(?P<number>{number})",
    )
    return re.compile(rf"(?<![\w.,:/#№&])(?:{'|'.join(alternatives)})(?!\w|[.,]\d)".replace(" ", r"\s"), re.IGNORECASE)
