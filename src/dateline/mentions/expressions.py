"""Sentences -> time expressions as written, before anything is resolved: the rules that match, less what only looks like a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dateline.knowledge.numerals import Numerals
from dateline.knowledge.times import TimeKnowledge, TimeRule
from dateline.mentions.numerals import read_number
from dateline.records import Sentence, Span

WORD_BEFORE = re.compile(r"([\w'’.]+|[(,])\s*$")
WORD_AFTER = re.compile(r"\s*-?([\w'’]+)")


@dataclass(frozen=True)
class Reading:
    """An expression as written: its extent, the rule that read it and the fields the rule captured, in lower case."""

    span: Span
    rule: TimeRule
    fields: Mapping[str, str]

    def field(self, *names: str) -> str:
        """The first of the fields that was captured; none: an empty string."""
        return next((self.fields[n] for n in names if self.fields.get(n)), "")


def find_readings(text: str, sentence: Sentence, knowledge: TimeKnowledge) -> tuple[Reading, ...]:
    """The expressions of one stretch of text in order, none overlapping another: the longest win, then the earlier rule."""
    present = {kind for kind, hint in knowledge.hints.items() if hint.search(text, sentence.span.start, sentence.span.end)}
    candidates = [
        reading
        for rule in knowledge.rules
        if rule.needs & present
        for match in rule.pattern.finditer(text, sentence.span.start, sentence.span.end)
        if _is_time(reading := _reading_of(match, rule, knowledge.numerals), text, sentence, knowledge)
    ]
    kept: list[Reading] = []
    for reading in sorted(candidates, key=lambda r: -len(r.span)):  # stable: rules of equal length stay in table order
        if not any(reading.span.overlaps(k.span) for k in kept):
            kept.append(reading)
    return tuple(sorted(kept, key=lambda r: r.span))


def happening_of(words: str, knowledge: TimeKnowledge) -> str | None:
    """The kind of running happening that a phrase names, by its first known noun; none: None."""
    for word in re.findall(r"[a-z-]+", words):
        for form in (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"):
            if form in knowledge.happenings:
                return knowledge.happenings[form]
    return None


def read_year_words(words: str, numerals: Numerals) -> int:
    """A year as it is spoken: "nineteen ninety-six", "twenty oh four", "two thousand and six".

    Raises ValueError for words that are none.
    """
    if words.startswith("two thousand"):
        last = words.removeprefix("two thousand").removeprefix(" and").strip()
        return 2000 + (int(read_number(last, numerals) or 0) if last else 0)
    century, _, rest = words.partition(" ")
    hundreds = read_number(century, numerals)
    units = read_number(re.sub(r"^(?:oh|o)[ -]", "", rest).replace(" ", "-"), numerals)
    if hundreds is None or units is None:
        raise ValueError(f"not a year: {words!r}")
    return int(hundreds) * 100 + int(units)


def _reading_of(match: re.Match[str], rule: TimeRule, numerals: Numerals) -> Reading:
    groups = match.groupdict()
    start, end = match.span("x") if groups.get("x") else match.span("x2") if groups.get("x2") else match.span()
    if rule.trims_of:
        end = start + match.string[start:end].lower().find(" of ") if " of " in match.string[start:end].lower() else end
    fields = {name: " ".join(value.lower().split()) for name, value in groups.items() if value}
    if (year := fields.get("year", "")) and not year.isdigit():
        fields["year"] = str(read_year_words(year, numerals))
    words = " ".join(match.string[start:end].lower().split())
    return Reading(Span(start, end), rule, {"words": words, **dict(rule.fixed), **fields})


def _is_time(reading: Reading, text: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    """False for words that only look like one: the verb "may", "2000 people", "The Sunday Times"."""
    before, after = _word_before(text, reading.span, sentence), _word_after(text, reading.span, sentence)
    if before in reading.rule.refused_before:
        return False
    what = reading.field("what")
    if reading.rule.needs_happening and happening_of(what, knowledge) is None:
        return False
    check = CHECKS.get(reading.rule.means)
    return check is None or check(reading, text, before, after, sentence, knowledge)


def _word_before(text: str, span: Span, sentence: Sentence) -> str:
    match = WORD_BEFORE.search(text, sentence.span.start, span.start)
    return match[1].lower() if match else ""


def _word_after(text: str, span: Span, sentence: Sentence) -> str:
    match = WORD_AFTER.match(text, span.end, sentence.span.end)
    return match[1].lower() if match else ""


def _is_month(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    """A month that is also another word needs a capital where the text has capitals, and a cue where it stands alone."""
    name = reading.field("month").rstrip(".")
    if not name:
        return True
    start = text.lower().find(name, reading.span.start, reading.span.end)
    written = text[start : start + len(name)]
    has_capitals = text[sentence.span.start : sentence.span.end] != text[sentence.span.start : sentence.span.end].lower()
    is_doubtful = knowledge.months[name] in knowledge.doubtful_months
    if is_doubtful and has_capitals and not written[0].isupper():
        return False
    if reading.rule.means == "date" and not reading.field("year") and before == "in" and reading.rule.id == "month-day":
        return False  # "In May 40 people died": the day takes "on"
    if len(name) <= 4 and name not in {"may", "june", "july"} and not reading.field("day", "year"):
        return False  # "jan" alone is a name, "dec" and "mar" are words
    if reading.rule.id == "day-month" and is_doubtful and not has_capitals:
        return before in {"on", "of", "the", "from", "to", "until", "since", "by", "before", "after", "late", ""}
    if after in knowledge.counted_after_year and reading.field("year"):
        return False
    if reading.rule.means != "month" or reading.field("year", "relation", "edge", "year_relation"):
        return True
    if not is_doubtful:
        return True
    cues = knowledge.month_cues if has_capitals else knowledge.month_cues_without_capitals
    if (after in knowledge.month_refusals and not (has_capitals and before in knowledge.month_cues_without_capitals)) or (
        has_capitals and text[reading.span.end :].lstrip()[:1].isupper() and before not in knowledge.month_cues
    ):
        return False
    token = sentence.token_at(reading.span.start)
    return before in cues and (has_capitals or token is None or token.upos not in {"VERB", "AUX", "ADJ"})


def _is_weekday(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    return before not in knowledge.weekday_name_before and after not in knowledge.weekday_name_after


def _is_year(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    """Four figures are a year unless they count something or stand with a sign of money or number."""
    if after in knowledge.counted_after_year or re.match(
        r"\s?[%‰°]|\s?-\s?(?:strong|member|page|man|foot|km)", text[reading.span.end : reading.span.end + 8]
    ):
        return False
    if " and " in reading.field("words") and before != "between":
        return False
    if before in knowledge.count_cues:
        return False
    token = sentence.token_at(reading.span.end - 1)
    if token is not None and token.upos and token.head > token.index and token.relation.startswith("nummod"):
        head = sentence.tokens[token.head]
        if head.xpos == "NNS" and before not in {"the", "in"}:
            return False
    if before in knowledge.year_cues or (token is not None and token.upos):
        return True
    return not after.endswith("s")


def _is_duration(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    """ "a second term" and "a quarter of voters" count no time; ages are no durations."""
    unit, count = reading.field("unit"), reading.field("count")
    if unit in {"second", "sec", "min", "quarter"} and count in {"a", "an", "one", ""} and "-" not in unit:
        return unit == "second" and count == "one"
    if unit == "second":
        return False  # "the 1988 second quarter"
    if unit in {"hr", "hrs", "yr", "yrs", "sec", "secs", "min", "mins"} and not count[:1].isdigit():
        return False
    return after not in {"old", "olds"} and before not in {"aged", "age", "once", "twice", "times"}


def _is_reference(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    word = reading.field("reference")
    if word == "current":
        token = sentence.token_at(reading.span.start)
        return after not in {"of", ""} and (token is None or token.upos in {"", "ADJ"})
    if word in {"soon", "shortly"} and after in {"after", "afterwards", "afterward", "before", "thereafter", "as"}:
        return False  # "shortly after the raid": the raid's time
    return not (word == "soon" and before in {"as", "too", "how"})


def _is_daily(reading: Reading, text: str, before: str, after: str, sentence: Sentence, knowledge: TimeKnowledge) -> bool:
    """ "The Daily News" is a paper."""
    rest = text[reading.span.end : reading.span.end + 2].strip()
    return not (reading.rule.id == "daily" and text[reading.span.start].isupper() and (rest[:1].isupper() or before == "the"))


Check = Callable[[Reading, str, str, str, Sentence, TimeKnowledge], bool]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "date": _is_month,
        "day range": _is_month,
        "month": _is_month,
        "weekday": _is_weekday,
        "year": _is_year,
        "year range": _is_year,
        "duration": _is_duration,
        "later": _is_duration,
        "ago": _is_duration,
        "from a happening": _is_duration,
        "reference": _is_reference,
        "set": _is_daily,
    }
)
