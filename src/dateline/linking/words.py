"""Words as linking compares them: cut to a stem that the forms and the derivations of a word share.

Two reports of one happening rarely use the same form ("shot", "the shooting", "the shooter"). The stem is not a word; it only has
to be the same for words of one family and differ between families. It is cut by endings alone, after irregular forms have been
replaced by the table of irregular verbs: a lemmatiser needs the sentence, and linking has only words.
"""

from __future__ import annotations

import re

from dateline.knowledge.linking import Lexis

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_ENDINGS = (
    "ization", "isation", "ational", "fulness", "iveness", "ations", "ating", "ation", "ators", "ments", "ances",
    "ences", "ated", "ates", "ator", "ment", "ness", "ions", "ance", "ence", "ings", "ives", "ate", "ion", "ing", "ive",
    "ers", "ors", "als", "ies", "ied", "er", "or", "al", "ed", "es", "ly", "y", "s", "e",
)  # fmt: skip
"""Longest first; what is left of a word must keep `_LEAST` letters."""
_INNER_ENDINGS = tuple(ending for ending in _ENDINGS if len(ending) > 1 and not ending.endswith("s"))
"""Endings that others may stand on ("protest-er-s")."""
_LEAST = 3
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdfgklmnprtvz])\1$")


def stem(word: str, lexis: Lexis) -> str:
    """The stem of one word, lower case. A word too short to cut, or a number, comes back as it is."""
    lower = word.lower().replace("’", "'").removesuffix("'s").strip("'")
    if lower in lexis.families:
        return lexis.families[lower]
    lower = lexis.irregular.get(lower, lower)
    if len(lower) <= _LEAST or not lower.isalpha():
        return lower
    cut = _cut(_cut(lower, _ENDINGS), _INNER_ENDINGS)
    return _undouble(cut.removesuffix("e") if len(cut) > _LEAST else cut)  # "announce-ment"


def _cut(word: str, endings: tuple[str, ...]) -> str:
    """The word without its longest ending, once; "ss" and "us" are none."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST and _VOWEL.search(word[: -len(ending)]):
            if ending == "s" and word.endswith(("ss", "us", "is")):
                return word
            return word[: -len(ending)]
    return word


def _undouble(word: str) -> str:
    return word[:-1] if _DOUBLED.search(word) and len(word) > _LEAST else word


def words_in(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return WORD.findall(text)
