"""Lemmas as edit scripts: what to cut from a word's end and what to add.

A script is text, so that the list of them is readable in the model's label file:
`l-3+y` lower-cases, cuts three characters and adds "y" (parties -> party); `c-0+` keeps the word and its case
(Minsk); `=be` replaces the whole word (was).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CONSIDERED = 6
"""How many of the reader's best scripts are weighed against the lemmas that are known."""


def edit_script(word: str, lemma: str) -> str:
    """The script that turns the word into its lemma; `apply_script` undoes it exactly."""
    for case, base in (("l", word.lower()), ("c", word)):
        shared = 0
        while shared < min(len(base), len(lemma)) and base[shared] == lemma[shared]:
            shared += 1
        if shared >= 1 or base == lemma:
            return f"{case}-{len(base) - shared}+{lemma[shared:]}"
    return f"={lemma}"


def apply_script(word: str, script: str) -> str:
    """The lemma a script gives; a script that would cut the whole word leaves it as it is, lower-cased."""
    if script.startswith("="):
        return script[1:]
    case, _, rest = script.partition("-")
    cut, _, added = rest.partition("+")
    base = word.lower() if case == "l" else word
    kept = base[: len(base) - int(cut)] if int(cut) < len(base) else ""
    return (kept + added) or base


def ranked(scores: NDArray[np.float32], scripts: tuple[str, ...]) -> Iterator[str]:
    """The CONSIDERED best scripts, best first; the work is done as they are asked for, and most words ask for one or none."""
    yield scripts[int(scores.argmax())]
    best = np.argpartition(-scores, CONSIDERED)[:CONSIDERED]
    yield from (scripts[i] for i in best[np.argsort(-scores[best])][1:])


@dataclass(frozen=True)
class LemmaMemory:
    """Lemmas that the treebanks hold: of forms seen there, and which lemmas there are of each part of speech."""

    forms: dict[tuple[str, str], str]
    lemmas: dict[str, frozenset[str]]

    def lemma(self, word: str, upos: str, xpos: str, scripts: Iterable[str]) -> str:
        """The form's own lemma where it has one only; else the reader's best script.

        A regular past, -ing form or plural that no treebank holds takes the first of its candidates that is a word, and where none
        is, is taken apart by the spelling rules of regular verbs and nouns: the reader guesses from subwords, and neither "sentenc"
        nor "rallie" is a word.
        """
        form = word.lower()
        if (known := self.forms.get((form, upos))) is not None:
            return known
        if upos == "NOUN" and xpos == "NNS" and form.isalpha() and form.endswith("s") and not form.endswith(("ss", "us", "is")):
            return self._singular(form, apply_script(word, next(iter(scripts))))
        is_inflected = upos == "VERB" and (
            (xpos in {"VBD", "VBN", "VBG"} and form.endswith(("ed", "ing"))) or (xpos == "VBZ" and form.endswith("s"))
        )
        if upos == "VERB" and xpos in {"VB", "VBP"} and form.endswith("ed") and form not in self.lemmas.get("VERB", ()):
            is_inflected = True  # "Soldiers patrolled": a past that was taken for a present; "need" and "proceed" are known
        if not is_inflected:
            return apply_script(word, next(iter(scripts)))
        candidates = [apply_script(word, s) for s in scripts]
        stems = regular_stems(form)
        of_kind = self.lemmas.get(upos, frozenset())
        best = next((c for c in stems if c in of_kind), None) or next((c for c in stems if self._is_word(c)), None)
        irregular = (c for c in candidates if c in of_kind and c.lower() != form and c[:2] == form[:2])
        return best or next(irregular, stems[0])

    def _singular(self, form: str, guess: str) -> str:
        """The singular of a regular plural: a noun that is known, by the spelling or by the reader, else what the spelling says."""
        nouns = self.lemmas.get("NOUN", frozenset())
        stems = plural_stems(form)
        return next((s for s in stems if s in nouns), None) or (guess if guess in nouns and guess != form else stems[0])

    def _is_word(self, lemma: str) -> bool:
        return any(lemma in words for words in self.lemmas.values())


def regular_stems(form: str) -> tuple[str, ...]:
    """What a regular -ed, -ing or -s form may come from, likeliest by English spelling first: sentenced -> sentence, sentenc."""
    if form.endswith("s") and not form.endswith("ss"):
        if form.endswith("ies") and len(form) > 4:
            return (form[:-3] + "y", form[:-1])
        return (form[:-2], form[:-1]) if form.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")) else (form[:-1],)
    stem = form[:-2] if form.endswith("ed") else form[:-3]
    if len(stem) < 2 or not any(c in "aeiouy" for c in stem):
        return (form,)
    if form.endswith("eed"):
        return (form[:-1],)
    if stem.endswith("i") and form.endswith("ed"):
        return (stem[:-1] + "y", stem + "e")
    if stem[-1] == stem[-2] and stem[-1] not in "aeiouysfz":
        syllables = len(re.findall(r"[aeiouy]+", stem))
        return (stem, stem[:-1]) if stem[-1] == "l" and syllables == 1 else (stem[:-1], stem)  # killed, patrolled
    if stem[-1] == "l" and stem[-2] not in "aeiouylr":
        return (stem + "e", stem)  # scuffled, muzzled
    if stem[-1] in "cvuz" or stem.endswith(("dg", "rg", "ng", "ns", "rs", "ls", "ps", "bl", "tl", "pl", "gl", "dl", "kl", "fl")):
        return (stem + "e", stem)
    short = len(stem) >= 2 and stem[-1] not in "aeiouwxy" and stem[-2] in "aeiou" and (len(stem) < 3 or stem[-3] not in "aeiou")
    # One vowel before one consonant: "raid-ed" keeps two vowels, "provok-ed" and "bak-ed" lost an e, "visit-ed" did not.
    if short and sum(c in "aeiouy" for c in stem) == 1:
        return (stem + "e", stem)
    if stem.endswith(("at", "uc", "ok", "ut", "ir", "ur", "os", "us", "ad", "id", "iz", "is")) and stem[-3:-2] not in "aeiou":
        return (stem + "e", stem)
    return (stem, stem + "e")


_NOUNS_IN_IE = frozenset(
    {"movie", "cookie", "calorie", "zombie", "rookie", "junkie", "hippie", "prairie", "sortie", "genie", "brownie", "collie",
     "pixie",
     "selfie", "townie", "veggie", "goalie", "smoothie", "foodie", "newbie", "techie", "birdie", "budgie", "groupie", "yuppie",
     "auntie", "eyrie", "reverie", "camaraderie", "lingerie", "boogie", "cutie", "roadie", "walkie", "talkie", "pie", "tie", "lie",
     "die"}
)  # fmt: skip
_NOUNS_IN_F = {"wolves": "wolf", "knives": "knife", "wives": "wife", "lives": "life", "leaves": "leaf", "shelves": "shelf",
               "thieves": "thief", "halves": "half", "calves": "calf", "loaves": "loaf", "elves": "elf", "selves": "self",
               "hooves": "hoof", "scarves": "scarf", "wharves": "wharf", "sheaves": "sheaf"}  # fmt: skip


def plural_stems(form: str) -> tuple[str, ...]:
    """What a regular plural may be the plural of, likeliest by English spelling first: rallies -> rally, rallie."""
    for end, singular in _NOUNS_IN_F.items():
        if form.endswith(end):
            return (form[: -len(end)] + singular, form[:-1])
    if form.endswith("ies"):
        return (form[:-1],) if form[:-1] in _NOUNS_IN_IE or len(form) <= 4 else (form[:-3] + "y", form[:-1])
    if form.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return (form[:-2], form[:-1])
    if form.endswith("ses"):
        return (form[:-1], form[:-2], form[:-2] + "is")
    return (form[:-1],)


def load_lemmas(path: Path) -> LemmaMemory:
    """The memory that `training/lemmas.py` wrote: {"forms": {upos: {form: lemma}}, "lemmas": {upos: [lemma, …]}}."""
    data = json.loads(path.read_text(encoding="utf-8"))
    forms = {(form, upos): lemma for upos, rows in data["forms"].items() for form, lemma in rows.items()}
    return LemmaMemory(forms, {upos: frozenset(words) for upos, words in data["lemmas"].items()})
