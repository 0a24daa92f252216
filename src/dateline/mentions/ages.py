"""Ages in a sentence -> quantities in years, months, weeks or days old. The table is quantities/ages.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dateline.knowledge.quantities import QuantityKnowledge
from dateline.mentions.bounds import bounded, hedge_before
from dateline.mentions.figures import Figure
from dateline.mentions.numerals import read_number
from dateline.records import Exactness, Quantity, Sentence, Span

LISTED = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
BARE = re.compile(r"\s*(?:[,.;:)]|and\b|or\b|was\b|were\b|$)")
AGE_UNIT = re.compile(r"month|week|day")


def find_ages(struck: str, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """ "a 90-year-old mill", "aged 25 to 54", "Ivan Petrov, 44, said"; of two that share words the first and longer one."""
    ages = [age for age in knowledge.ages if age.needs in struck.lower()]
    matches = [(m, age) for age in ages for m in age.pattern.finditer(struck)]
    reached = 0
    for match, age in sorted(matches, key=lambda m: (m[0].start(), -m[0].end())):
        groups = match.groupdict()
        lower, upper = groups["low"] or groups["from"], groups.get("high") or groups.get("to")
        low = read_number(lower, knowledge.numerals)
        high = read_number(upper, knowledge.numerals) if upper else low
        if match.start() < reached or low is None or high is None:
            continue
        reached = match.end()
        exactness = Exactness.RANGE if high > low or age.spread else Exactness.EXACT
        own_span = Span(*match.span("only" if "only" in groups else 0)).shift(sentence.span.start)
        figure = Figure(own_span, low, max(low, high) + age.spread, exactness)
        start, hedge = hedge_before(figure, text, sentence, knowledge)
        hedge = knowledge.hedges_before[groups["hedge"].lower()] if groups.get("hedge") else hedge
        unit = AGE_UNIT.search(match[0].lower())
        name = f"{unit[0]}s old" if unit else "years old"
        span = Span(start, own_span.end)
        yield Quantity(span, span, None, *bounded(figure, hedge, None, name, knowledge), name)


def age_in_list(figure: Figure, before: Sequence[Quantity], text: str) -> Quantity | None:
    """ "aged 15, 16 and 17": a bare figure joined to an age is one too; any other: None."""
    age = next((q for q in before if q.unit.endswith(" old") and LISTED.fullmatch(text, q.span.end, figure.span.start)), None)
    if age is None or figure.exactness is not Exactness.EXACT or not BARE.match(text, figure.span.end):
        return None
    return Quantity(figure.span, figure.span, None, figure.low, figure.high, Exactness.EXACT, age.unit)
