"""Whether a text is in English, by its letters and its function words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from dateline.knowledge.reading import Script

ENGLISH = "English"
SAMPLE = 20_000
"""Code points looked at: enough for some 3,000 words."""
FEWEST_LETTERS = 8
"""Of fewer letters no share is taken: a name alone ("Ñáñez") is no language."""
UNKNOWN = "a language other than English that I do not know"

WORD = re.compile(r"[^\W\d_]+")
LETTER = re.compile(r"[^\W\d_]")


def other_language(text: str, languages: Mapping[str, frozenset[str]], scripts: Sequence[Script]) -> str | None:
    """The language a text seems to be in when that is not English, in words; English, or too little to tell: None.

    It errs towards English: a short item, a list of names, or a report full of foreign quotations passes. A text is refused
    when two fifths of its letters are of another script; when another language's function words are at least twice as common
    as English's; or when it is long, mostly in small letters and has next to no English function words.
    Knowledge: knowledge/reading/languages.yaml, scripts.yaml.
    """
    sample = text[:SAMPLE]
    return _by_script(sample, scripts) or _by_words(WORD.findall(sample), languages)


def foreign_letters(text: str) -> float:
    """The share of letters outside A to Z; too few letters to tell: 0."""
    letters = LETTER.findall(text[:SAMPLE])
    return sum(1 for letter in letters if not letter.isascii()) / len(letters) if len(letters) >= FEWEST_LETTERS else 0.0


def _by_script(sample: str, scripts: Sequence[Script]) -> str | None:
    letters = len(LETTER.findall(sample))
    if letters < 3:
        return None
    counts = [(len(script.letters.findall(sample)), script) for script in scripts]
    most, script = max(counts, key=lambda pair: pair[0])
    # Japanese is written in Han and kana together: kana, however few, decide.
    kana = next((s for n, s in counts if s.name == "Japanese" and n >= 5), None)
    if most and sum(n for n, _ in counts) >= 0.4 * letters:
        return (kana or script).languages
    return None


def _by_words(words: Sequence[str], languages: Mapping[str, frozenset[str]]) -> str | None:
    if len(words) < 6:
        return None
    counts = Counter(word.lower() for word in words)
    english = sum(counts[word] for word in languages[ENGLISH])
    outside = _outside_names(words)
    others = {name: [outside[word] for word in known - languages[ENGLISH]] for name, known in languages.items() if name != ENGLISH}
    best = max(others, key=lambda name: sum(others[name]))
    hits, distinct = sum(others[best]), sum(1 for count in others[best] if count)
    if hits >= 2 * english and distinct >= 3 and hits >= 0.12 * len(words):
        return best
    small = sum(1 for word in words if word[0].islower())
    if len(words) >= 40 and small >= 0.6 * len(words) and english < 0.05 * len(words):
        return UNKNOWN
    return None


def _outside_names(words: Sequence[str]) -> Counter[str]:
    """How often each word stands where it is no part of a name: "de la Cruz" and "van den Berg" are no Spanish and no Dutch."""
    counts: Counter[str] = Counter()
    is_before_name = False
    for word in reversed(words):
        is_particle = is_before_name and word.islower() and len(word) <= 3
        if not is_particle:
            counts[word.lower()] += 1
        is_before_name = is_particle or (word[0].isupper() and not word.isupper())
    return counts
