"""The number that figures or number words stand for."""

from __future__ import annotations

import re
import unicodedata

from dateline.knowledge.numerals import DIGITS, SPACED, Numerals

MIXED = re.compile(
    rf"(?P<digits>{DIGITS}|{SPACED}|\d+,\d{{1,2}})?(?P<vulgar>\s?[¼½¾⅐-⅞])?(?P<slash>\s\d{{1,2}}[/⁄]\d{{1,3}})?"
    r"(?P<scales>(?:[\s-]?[a-z]+)*?)(?P<half>\s+and\s+a\s+half)?"
)
POWER = re.compile(r"(?P<digits>\d+(?:\.\d+)?)\s?[×x]\s?10\^?(?P<power>[-−–]?\d+|[⁻⁰¹²³⁴-⁹]+)")
QUARTERS = {"quarter": 0.25, "three quarters": 0.75, "half": 0.5}
PART_OF_SCALE = re.compile(r"(?:an? )?(half|quarter|three quarters)(?: of)?(?: an?)? (\w+)")


def read_number(words: str, numerals: Numerals) -> float | None:
    """The value of "1,00,000", "1.000.000", "5.8 billion", "2 1/2", "twenty-five", "two and a half million".

    Not a number: None. A single dot is a decimal point: "12.500" is 12.5. Knowledge: quantities/numerals.yaml.
    """
    words = " ".join(words.lower().split())
    power = POWER.fullmatch(words)
    if power is not None:
        return _read_power(power)
    mixed = MIXED.fullmatch(words)
    if mixed is not None and (mixed["digits"] or mixed["vulgar"]):
        return _read_mixed(mixed, numerals)
    halved = re.fullmatch(r"(.+) and a half(?: (\w+))?", words)
    if halved is not None:
        return _read_halved(halved[1], halved[2], numerals)
    part = PART_OF_SCALE.fullmatch(words.replace("-", " "))
    if part is not None and (scale := _scale(part[2], numerals)):
        return QUARTERS[part[1]] * scale
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


def read_digits(digits: str) -> float:
    """The value of figures alone: "1,000", "1,00,000", "1.000.000", "10 000", "3,5", ".5"."""
    digits = re.sub(r"\s", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", digits):
        return float(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(digits.replace(",", ""))


def _scale(word: str, numerals: Numerals) -> int | None:
    return numerals.scales.get(word) or numerals.groups.get(word) or numerals.short_scales.get(word)


def _read_mixed(mixed: re.Match[str], numerals: Numerals) -> float | None:
    value = read_digits(mixed["digits"]) if mixed["digits"] else 0.0
    if mixed["vulgar"]:
        value += unicodedata.numeric(mixed["vulgar"].strip())
    if mixed["slash"]:
        above, below = re.split("[/⁄]", mixed["slash"].strip())
        value += int(above) / (int(below) or 1)
    half = 0.5 if mixed["half"] else 0.0
    for word in re.findall("[a-z]+", mixed["scales"] or ""):
        scale = _scale(word, numerals)
        if scale is None:
            return None
        value, half = value * scale, half * scale
    return value + half


def _read_power(power: re.Match[str]) -> float:
    """ "3×10⁸", "2.1 x 10-6"."""
    exponent = "".join("-" if c in "-−–⁻" else str(unicodedata.digit(c)) for c in power["power"])
    return float(f"{power['digits']}e{exponent}") if abs(int(exponent)) < 300 else float("inf")


def _read_halved(whole: str, scale: str | None, numerals: Numerals) -> float | None:
    """ "two and a half million" and "a million and a half" alike."""
    value = read_number(whole, numerals)
    if value is None:
        return None
    if scale is not None:
        return (value + 0.5) * numerals.scales.get(scale, 1)
    last = _scale(whole.split()[-1], numerals)
    return value + 0.5 * (last or 1)


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
