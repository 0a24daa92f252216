"""Words of a text with how each may be compared, and the names of people that a text has, by how they are written.

No sentence is parsed: what leaves a ledger must be looked at as it is written, by rules that fail towards taking a word for a name.
Knowledge: covering.yaml, the actor tables (roles, given names, honorifics), and the gazetteer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dateline.knowledge.actors import ActorKnowledge
from dateline.knowledge.covering import NameWords
from dateline.knowledge.name_forms import NameForms
from dateline.knowledge.places import Gazetteer

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0981-\u09e3\u0a01-\u0a51\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f"
)
HIDDEN = "\u00ad\u200b-\u200d\u2060\ufeff"
"""What may stand within a word without being seen: soft hyphens, joiners, spaces of no width."""

WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}{HIDDEN}])*")
"""A word: letters with their marks. Digits, hyphens, apostrophes and underscores stand between words."""

DIGEST = re.compile(r"(?<![^\W_])(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![^\W_])")
"""An id or a hash; no word of it is anybody's name."""

GAP = re.compile(r"[\s\-\u2010-\u2015.,'’ʼ`\"“”_/@+%#&|·0-9]{1,4}")
"""What may stand between two words of one name, in a text, over lines, or in an address ("Doe, Jane", "jane%20doe")."""


@dataclass(frozen=True)
class Word:
    """A word of a text at [start, end). `keys` are the forms it is compared in: without marks, and spelt out by sound."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]


def words_in(text: str, forms: NameForms) -> list[Word]:
    """The words of a text, left to right; those of ids and hashes are left out."""
    digests = [match.span() for match in DIGEST.finditer(text)]
    found = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if not any(first <= start < last for first, last in digests):
            found.append(Word(start, end, match[0], keys_of(match[0], forms)))
    return found


@lru_cache(maxsize=100_000)
def keys_of(word: str, forms: NameForms) -> tuple[str, ...]:
    """The forms in which a word is compared: "Łukašenka" as "lukasenka" and as "lukashenka"."""
    seen = "".join(c for c in word if unicodedata.category(c) != "Cf")
    plain = unicodedata.normalize("NFKD", seen.translate(STROKES)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if plain == seen.casefold() and seen.isascii():
        return (plain,)
    return tuple(dict.fromkeys((plain, forms.folded(unicodedata.normalize("NFC", seen)))))


STROKES = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters whose strokes are no marks of their own."""


# ---------------------------------------------------------------- names as they are written

CAPITALISED = rf"[^\W\d_a-z](?:[^\W\d_]|[{MARKS}{HIDDEN}'’ʼ\-\u2010\u2011])*"
RUN = re.compile(
    rf"(?<![\w'’@#/]){CAPITALISED}(?:(?:\.?[ \t\u00a0]+|[ \t]*\n[ \t]*|\.)(?:[a-z]{{1,4}}[ \t\u00a0]+){{0,3}}{CAPITALISED})*\.?"
)
"""Words with capitals that follow one another, with small words between them ("Kofi van der Meer")."""


def names_in(text: str, knowledge: ActorKnowledge, words: NameWords, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The names of people in a text, as they are written there, left to right, each once; none: an empty tuple.

    Two words or more with capitals that are no body, place, title or opening of a sentence; or one behind "Mr" and the like. In
    scripts without capitals nothing is found, and nothing in a text all in capitals.
    """
    if not any(letter.islower() for letter in text):
        return ()
    reading = _Reading(text, knowledge, words, gazetteer, frozenset(re.findall(r"(?<!\w)[a-z]{3,}(?!\w)", text)))
    return tuple(dict.fromkeys(name for match in RUN.finditer(text) for name in reading.names(match)))


@dataclass(frozen=True)
class _Reading:
    text: str
    knowledge: ActorKnowledge
    words: NameWords
    gazetteer: Gazetteer
    in_lower_case: frozenset[str]
    """Words that the text has in lower case too."""

    def names(self, match: re.Match[str]) -> Iterator[str]:
        """The names in a run of words, which is cut where a word can be part of none."""
        part: list[str] = []
        has_title = False
        for word in [*self._words(match[0]), ""]:
            bare = word.rstrip(".")
            if word and self._is_of_name(bare, is_first=not part):
                part.append(word)
                continue
            if self._is_name(part, has_title=has_title, is_of_body=bare in self.words.bodies):
                yield " ".join(part)
            part, has_title = [], bare.casefold() in self.knowledge.forms.honorifics

    def _words(self, run: str) -> Iterator[str]:
        """The words of a run; the empty string stands where a possessive or a sentence ends."""
        for word in run.split():
            bare = word.rstrip(".")
            owner = re.sub(r"['’ʼ]s?$", "", bare)
            yield word if len(bare) == 1 else owner
            is_end = word.endswith(".") and len(bare) > 1 and bare.casefold() not in self.knowledge.forms.honorifics
            if is_end or owner != bare:  # "Marsh's Anna Petrova" are two
                yield ""

    def _is_of_name(self, word: str, *, is_first: bool) -> bool:
        """Whether a word can be part of a person's name here."""
        folded = word.casefold()
        if not word[:1].isupper():
            return not is_first and folded in self.knowledge.forms.particles | self.knowledge.forms.filiation.keys()
        if len(word) == 1:
            return True
        if folded in self.knowledge.forms.honorifics or folded in self.words.calendar:
            return False
        if word.isupper() and len(word) > 3 and folded in self.in_lower_case:
            return False
        if self.knowledge.country_called(word) is not None or self.knowledge.metonym(word) is not None or word in self.words.bodies:
            return False
        is_given = folded in self.knowledge.given_names
        role = self.knowledge.roles.get(folded)
        if role is not None and not is_given:
            return False
        return not (is_first and (word in self.words.openers or (folded in self.in_lower_case and not is_given)))

    def _is_name(self, part: list[str], *, has_title: bool, is_of_body: bool) -> bool:
        """Whether words make a name: `has_title`, "Mr" stands before them; `is_of_body`, they go on as a body's name does."""
        while part and not part[-1][:1].isupper():
            part.pop()
        full = [word for word in part if word[:1].isupper() and len(word.rstrip(".")) > 1]
        if not full or is_of_body or (len(part) == 1 and not has_title):
            return False
        if all(word.isupper() for word in full) and not has_title:
            return False  # "EU UN", and headlines in capitals, whose names stand elsewhere in another case
        if has_title or any(word.casefold() in self.knowledge.given_names for word in full):
            return True
        name = " ".join(part)
        if self.knowledge.organisation(name) is not None or self.knowledge.metonym(name) is not None:
            return False
        return not any(place.population or place.is_main_name for place in self.gazetteer.find(name, 1))
