"""The number that figures or number words stand for."""

from __future__ import annotations

import re

from dateline.knowledge.numerals import DIGITS, Numerals

MIXED = re.compile(rf"(?P<digits>{DIGITS})(?:\s?-?(?P<scale>[a-z]+))?(?P<half>\s+(?:1/2|and\s+a\s+half))?")


def read_number(words: str, numerals: Numerals) -> float | None:
    """The value of "1,00,000", "5.8 billion", "2 1/2", "twenty-five", "two and a half million", "a dozen", "half a million".

    Not a number: None. Knowledge: quantities/numerals.yaml.
    """
    words = " ".join(words.lower().split())
    mixed = MIXED.fullmatch(words)
    if mixed is not None:
        return _read_mixed(mixed, numerals)
    halved = re.fullmatch(r"(.+) and a half(?: (\w+))?", words)
    if halved is not None:
        whole = read_number(halved[1], numerals)
        return None if whole is None else (whole + 0.5) * numerals.scales.get(halved[2] or "", 1)
    return _read_words(re.split(r"[ -]+|, ?", words), numerals)


def read_ordinal(words: str, numerals: Numerals) -> int | None:
    """The value of "10th", "third", "twenty-first"; no ordinal: None."""
    words = words.lower()
    digits = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", words)
    if digits is not None:
        return int(digits[1])
    tens, _, last = words.rpartition("-")
    if last not in numerals.ordinals or (tens and tens not in numerals.tens):
        return None
    return numerals.tens.get(tens, 0) + numerals.ordinals[last]


def _read_mixed(mixed: re.Match[str], numerals: Numerals) -> float | None:
    value = float(mixed["digits"].replace(",", ""))
    if mixed["scale"]:
        scale = {**numerals.short_scales, **numerals.scales, **numerals.groups}.get(mixed["scale"])
        if scale is None:
            return None
        value *= scale
    return value + 0.5 if mixed["half"] else value


def _read_words(words: list[str], numerals: Numerals) -> float | None:
    """Read left to right: small numbers are added, "hundred" multiplies what stands before it, larger scales close a group."""
    total, group, is_number = 0.0, 0.0, False
    for word in words:
        if word in {"and", "a", "an", "of"}:
            continue
        if word == "half":
            group, is_number = 0.5, True
        elif word in numerals.ones or word in numerals.tens:
            group += {**numerals.ones, **numerals.tens}[word]
            is_number = True
        elif word in numerals.groups or word == "hundred":
            group = (group or 1) * {**numerals.groups, **numerals.scales}[word]
            is_number = True
        elif word in numerals.scales:
            total, group, is_number = total + (group or 1) * numerals.scales[word], 0.0, True
        else:
            return None
    return total + group if is_number else None
