"""Numbers written as words. Table: quantities/numerals.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class Numerals:
    """Number words by value, in lower case; `short_scales` are written against digits."""

    ones: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    short_scales: dict[str, int]
    groups: dict[str, int]
    ordinals: dict[str, int]
    fractions: dict[str, int]

    def word_number_pattern(self) -> str:
        """A regular expression (no groups) for a number in words: "twenty-five", "two hundred and six", "half a million"."""
        small = one_of((*self.ones, *self.tens))
        scale = one_of((*self.scales, *self.groups))
        step = rf"(?:{small}|{scale})"
        part = r"(?:half|quarter|three[ -]quarters)"
        lead = rf"(?:(?:an? )?{part}(?: of)?(?: an?)?|an?|{small})"
        return rf"(?:(?:{lead}[ -]{scale}|{small})(?:(?:[ -]|,? and )(?:{step}(?!\w)))*)(?!\w)"

    def ordinal_pattern(self) -> str:
        """The same for ordinals in words: "third", "twenty-first"."""
        return rf"(?:(?:{one_of(self.tens)}-)?{one_of(self.ordinals)})"


DIGITS = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:\.\d+)?|(?<![\w.,])\.\d+)"
"""A number in figures: thousands in threes, or in twos as Indian papers group them; "1.000.000" as on the continent."""

SPACED = r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d.,]*\d)"
"""Thousands in threes with blanks between: "10 000"."""

DECIMAL_COMMA = r"\d+,\d{1,2}(?=\s?(?:%|per\s?cent|million|billion|trillion|euros?\b))"
"""A decimal comma, where the word behind it shows it to be one: "3,5 million"."""


def one_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first so that none hides a longer one.

    Words that begin alike share their beginning: the search then takes a third of the time of a plain list.
    """
    return f"(?:{_branches(sorted(set(words)))})"


def _branches(words: list[str]) -> str:
    """The words as branches of a tree, one expression; the empty word among them makes the others optional, but tried first."""
    by_letter = {letter: [w[1:] for w in group] for letter, group in groupby((w for w in words if w), key=lambda w: w[0])}
    written = [(letter if letter == " " else re.escape(letter)) + _branches(rest) for letter, rest in by_letter.items()]
    if "" in words:
        return f"(?:{'|'.join(written)})?" if written else ""
    return f"(?:{'|'.join(written)})" if len(written) > 1 else written[0]


@cache
def load_numerals() -> Numerals:
    """Raises KeyError when the table lacks one of its parts."""
    table = read_yaml("quantities/numerals.yaml")
    return Numerals(**{name: dict(table[name]) for name in Numerals.__dataclass_fields__})
