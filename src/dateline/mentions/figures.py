"""Text -> figures: numbers as they are written, before the words around them are weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.knowledge.quantities import QuantityKnowledge
from dateline.mentions.numerals import read_number
from dateline.records import Exactness, Span

PERCENT = re.compile(r"\s?%|[\s-]per\s?cent(?!\w)|\s?pc(?!\w)", re.IGNORECASE)
SHARED = re.compile(r"\s(?:of|the|its|their|all|were|are|have|say|more|fewer)\b", re.IGNORECASE)
BY_BEFORE = re.compile(
    r"\bby\s+(?:(?:about|almost|nearly|around|over|roughly|some|another|at\sleast|more\sthan)\s+)?$", re.IGNORECASE
)
WORD_BEHIND = re.compile(r"\s(\w+)")
FROM_BEFORE = re.compile(r"\bfrom\s+(?:\w+\s+){0,2}$", re.IGNORECASE)

APART = 1.5
"""Figures joined by "or" that lie further apart are two choices ("30 or 60 days"), nearer ones a range ("40 or 50 people")."""

NEAR = 60
"""Characters before a figure in which its hedge or its verb stands; a bound, so that hostile text costs no more than its length."""


@dataclass(frozen=True)
class Figure:
    """A number as written, before the words around it are weighed.

    `code` is a currency, `unit` what is written against the digits ("5kg"), `is_share` a fraction of a whole, `is_signed` a plus or
    minus that is written ("+0.2%"); the bounds of minus figures are below zero.
    """

    span: Span
    low: float
    high: float
    exactness: Exactness
    code: str | None = None
    is_share: bool = False
    words: str = ""
    unit: str | None = None
    is_signed: bool = False


def find_figures(text: str, span: Span, knowledge: QuantityKnowledge) -> Iterator[Figure]:
    """The numbers written in a stretch of text, left to right, with nothing around them weighed."""
    at = span.start
    while match := knowledge.figure.search(text, at, span.end):
        at = match.end()
        figure = _read_figure(match, knowledge)
        if figure is not None:
            yield figure
        elif match["share_part"]:  # "100 in 10 seconds": no share; the first figure stands for itself
            value = read_number(match["share_part"], knowledge.numerals)
            span = Span(*match.span("share_part"))
            at = span.end
            if value is not None:
                yield Figure(span, value, value, Exactness.EXACT, words=match["share_part"].lower())
        elif match["range_low"]:  # "from 5 to 7", "3-1": no range; read on behind the first, and a score stands for nothing
            first = _first_of_no_range(match, knowledge)
            if first is not None:
                yield first
                at = match.end("range_low")


def _first_of_no_range(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure | None:
    """The first number of "rose from 5 to 7 million" or "8 or 30"; that of a score ("3-1"): None."""
    value, other = (read_number(match[f"range_{end}"], knowledge.numerals) for end in ("low", "high"))
    between = match.string[match.end("range_low") : match.start("range_high")]
    if value is None or not re.search("[a-z]", between):
        return None
    value = _scaled_like(value, other, match["range_high"], knowledge)
    code = _currency(match["range_sign"], knowledge)
    span = Span(match.start(), match.end("range_low"))
    return Figure(span, value, value, Exactness.EXACT, code, words=span.of(match.string).lower())


def _read_figure(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure | None:
    span, words = Span(*match.span()), match[0].lower()
    if match["share"] or match["fraction"] or match["slash"]:
        return _read_share(match, knowledge)
    if match["between_low"] or match["range_low"]:
        return _read_range(match, knowledge)
    if match["plural"]:
        low, high = _plural_bounds(words, knowledge)
        return Figure(span, low, high, Exactness.VAGUE, words=words)
    if match["vague"]:
        return _read_vague(match, knowledge)
    if match["another"]:
        return Figure(span, 1, 1, Exactness.EXACT, words=words)
    if match["fold"]:
        value = read_number(match["fold"], knowledge.numerals)
        return None if value is None else Figure(span, value, value, Exactness.EXACT, words=words, unit="times")
    if match["glued_number"]:
        return _read_glued(match, knowledge)
    value = read_number(match["number"], knowledge.numerals)
    if value is None:
        return None
    is_minus = bool(match["minus"] or match["minus_after"])
    value = -value if is_minus else value
    code = _currency(match["sign"], knowledge)
    return Figure(span, value, value, Exactness.EXACT, code, words=words, is_signed=is_minus or bool(match["plus"]))


def _read_glued(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure | None:
    value = read_number(match["glued_number"], knowledge.numerals)
    if value is None:
        return None
    value = -value if match["glued_minus"] else value
    unit = _glued_unit(match["glued"], knowledge)
    is_signed = match["glued_minus"] is not None
    return Figure(Span(*match.span()), value, value, Exactness.EXACT, words=match[0].lower(), unit=unit, is_signed=is_signed)


def _glued_unit(written: str, knowledge: QuantityKnowledge) -> str:
    return knowledge.units.get(written.lower(), written.lower())


def _currency(sign: str | None, knowledge: QuantityKnowledge) -> str | None:
    return knowledge.currency_signs["".join(sign.lower().split())] if sign else None


def _read_share(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure | None:
    words = match[0].lower()
    if match["slash"]:
        above, below = map(float, re.split("[/⁄]", match["slash"]))
        is_part = 0 < above < below
        return (
            Figure(Span(*match.span()), above / below, above / below, Exactness.EXACT, is_share=True, words=words)
            if is_part
            else None
        )
    if match["share"]:
        a, b = (read_number(match[f"share_{end}"], knowledge.numerals) for end in ("part", "whole"))
        if a is None or b is None or not 0 < a < b:
            return None
        return Figure(Span(*match.span()), a / b, a / b, Exactness.EXACT, is_share=True, words=words)
    end = match.start() + len(re.sub(r"\sof$", "", match[0]))
    pieces = re.split(r"[\s-]", re.sub(r"\sof$", "", words))
    is_shared = SHARED.match(match.string, end) or BY_BEFORE.search(match.string[max(match.start() - NEAR, 0) : match.start()])
    if len(pieces) == 2 and not is_shared and "-" not in words:
        return None  # "a second", "a quarter past": a share is a share of something
    above = 1.0 if pieces[0] in {"a", "an", "half", "one"} else float(knowledge.numerals.ones[pieces[0]])
    value = above / knowledge.numerals.fractions[pieces[-1]]
    return Figure(Span(match.start(), end), value, value, Exactness.EXACT, is_share=True, words=words) if value < 1 else None


def _read_range(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure | None:
    kind = "between" if match["between_low"] else "range"
    low, high = (read_number(match[f"{kind}_{end}"], knowledge.numerals) for end in ("low", "high"))
    if low is None or high is None:
        return None
    low = _scaled_like(low, high, match[f"{kind}_high"], knowledge)
    link = match.string[match.end(f"{kind}_low") : match.start(f"{kind}_high")].lower()
    is_choice = " or " in link and high > max(low * APART, low + 1)
    is_percent = PERCENT.search(link) is not None
    if is_percent and not PERCENT.match(match.string, match.end()):
        return None  # "up 9 percent to 84 dollars"
    if low >= high or is_choice or (" to " in link and kind == "range" and _moves(match, knowledge)):
        return None
    code, other = (_currency(match[sign], knowledge) for sign in (f"{kind}_sign", f"{kind}_high_sign"))
    if code and other and code != other:
        return None
    unit = _glued_unit(match["range_glued"], knowledge) if match["range_glued"] else None
    return Figure(Span(*match.span()), low, high, Exactness.RANGE, code or other, words=match[0].lower(), unit=unit)


def _scaled_like(low: float, high: float | None, written: str, knowledge: QuantityKnowledge) -> float:
    """ "two to three thousand", "$10 to $15bn": the scale of the second figure is that of the first."""
    scale = re.search(r"[a-z]+$", written.lower())
    if scale is None or high is None or low >= 100 or high < 1000:
        return low
    return low * (knowledge.numerals.scales.get(scale[0]) or knowledge.numerals.short_scales.get(scale[0]) or 1)


def _moves(match: re.Match[str], knowledge: QuantityKnowledge) -> bool:
    """ "rose from 5 to 7", "by 5 to 7": two figures one after the other; "from 5 to 7 people", "by 5 to 7 percent" is a range."""
    before = match.string[max(match.start() - NEAR, 0) : match.start()]
    if re.search(r"\bby\s+$", before, re.IGNORECASE):
        unit = WORD_BEHIND.match(match.string, match.end())
        is_measured = unit is not None and knowledge.units.get(unit[1].lower()) in knowledge.measured
        return not (is_measured or PERCENT.match(match.string, match.end()))
    origin = FROM_BEFORE.search(before)
    if origin is None:
        return False
    cue = next(reversed([*knowledge.changes.cue.finditer(before, 0, origin.start())]), None)
    return cue is not None and len(before[cue.end() : origin.start()].split()) <= 4


def _plural_bounds(words: str, knowledge: QuantityKnowledge) -> tuple[float, float]:
    """ "hundreds of thousands": the first word's bounds times each scale after it, up to just below the next step."""
    first, *rest = re.split(r"\sof\s", words)
    vague = knowledge.plural_scales[first]
    low, above = float(vague.low), float(vague.high + 1)
    for word in rest:
        scale = {**knowledge.numerals.scales, **knowledge.numerals.groups}.get(word.removesuffix("s"), 1)
        low, above = low * scale, above * scale
    return low, above - 1


def _read_vague(match: re.Match[str], knowledge: QuantityKnowledge) -> Figure:
    """ "several hundred" is 300 to 999: the upper bound reaches to the next step."""
    vague = knowledge.vague[" ".join(match["vague"].lower().split())]
    low, high = float(vague.low), float(vague.high)
    if match["vague_scale"]:
        scale = {**knowledge.numerals.scales, **knowledge.numerals.groups}[match["vague_scale"].lower()]
        low, high = low * scale, (high + 1) * scale - 1
    exactness = Exactness.EXACT if low == high else Exactness.VAGUE
    return Figure(Span(*match.span()), low, high, exactness, words=match[0].lower())
