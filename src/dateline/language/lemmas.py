"""Lemmas as edit scripts: what to cut from a word's end and what to add.

A script is text, so that the list of them is readable in the model's label file:
`l-3+y` lower-cases, cuts three characters and adds "y" (parties -> party); `c-0+` keeps the word and its case
(Minsk); `=be` replaces the whole word (was).
"""

from __future__ import annotations

import json
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
    """The CONSIDERED best scripts, best first."""
    best = np.argpartition(-scores, CONSIDERED)[:CONSIDERED]
    return (scripts[i] for i in best[np.argsort(-scores[best])])


@dataclass(frozen=True)
class LemmaMemory:
    """Lemmas that the treebanks hold: of forms seen there, and which lemmas there are of each part of speech."""

    forms: dict[tuple[str, str], str]
    lemmas: dict[str, frozenset[str]]

    def lemma(self, word: str, upos: str, xpos: str, scripts: Iterable[str]) -> str:
        """The form's own lemma where it has one only; else the best script that gives a known lemma; else the best script.

        A regular past or -ing form is never its own lemma.
        """
        form = word.lower()
        if (known := self.forms.get((form, upos))) is not None:
            return known
        candidates = [apply_script(word, s) for s in scripts]
        of_kind = self.lemmas.get(upos, frozenset())
        best = next((c for c in candidates if c in of_kind), None)
        if best is not None:
            return best
        if upos == "VERB" and xpos in {"VBD", "VBN", "VBG"} and form.endswith(("ed", "ing")):
            return next((c for c in candidates if c.lower() != form), candidates[0])
        return candidates[0]


def load_lemmas(path: Path) -> LemmaMemory:
    """The memory that `training/lemmas.py` wrote: {"forms": {upos: {form: lemma}}, "lemmas": {upos: [lemma, …]}}."""
    data = json.loads(path.read_text(encoding="utf-8"))
    forms = {(form, upos): lemma for upos, rows in data["forms"].items() for form, lemma in rows.items()}
    return LemmaMemory(forms, {upos: frozenset(words) for upos, words in data["lemmas"].items()})
