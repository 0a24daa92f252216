"""The lemmas of the treebanks, and which tags go together, as a memory.

    python -m training.lemmas --data BENCH --out src/dateline/language/model

Open classes only. A form is remembered with its lemma when it has one lemma for that part of speech and the two are not alike in
a way that every reader of scripts gets right (the form itself, lower-cased). Plurals that are their own lemma ("headquarters") are
remembered too, because other plurals lose their s.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

from dateline.language.lemmas import regular_stems
from training.data import read_conllu

TREEBANKS = ("ud-ewt/en_ewt-ud-train.conllu.gz", "ud-gum/en_gum-open-train.conllu.gz")
OPEN = frozenset({"VERB", "NOUN", "ADJ", "ADV", "AUX"})


def count_lemmas(data: Path) -> dict[tuple[str, str], Counter[str]]:
    """How often each (lower-cased form, part of speech) has each lemma in the training treebanks; typographical errors left out."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in TREEBANKS:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if len(cells) == 10 and cells[0].isdigit() and cells[3] in OPEN and "Typo=Yes" not in cells[5]:
                    counts[cells[1].lower(), cells[3]][cells[2]] += 1
    return counts


RAREST_PAIR = 3
"""How often a Penn and a universal tag must stand on one word to go together; fewer are mostly slips."""


def count_tag_pairs(data: Path) -> dict[str, list[str]]:
    """The universal tags that each Penn tag goes with in the training treebanks."""
    counts: Counter[tuple[str, str]] = Counter()
    for name in TREEBANKS:
        for _, _, tree in read_conllu(data / name):
            counts.update(zip(tree.xpos, tree.upos, strict=True))
    pairs: dict[str, list[str]] = defaultdict(list)
    for (xpos, upos), n in sorted(counts.items()):
        if n >= RAREST_PAIR:
            pairs[xpos].append(upos)
    return dict(pairs)


def _is_slip(form: str, upos: str, found: Counter[str]) -> bool:
    """True for a regular-looking verb form seen once with a lemma that no spelling rule gives: mostly a slip ("fre")."""
    regular = upos == "VERB" and form.endswith(("ed", "ing"))
    return regular and found.total() == 1 and not set(found) & {form, *regular_stems(form)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("src/dateline/language/model"))
    options = parser.parse_args()
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    lemmas: dict[str, set[str]] = defaultdict(set)
    for (form, upos), found in sorted(count_lemmas(options.data).items()):
        if _is_slip(form, upos, found):
            continue
        lemmas[upos] |= set(found)
        is_plural = upos == "NOUN" and form.endswith("s")
        if len(found) == 1 and form.isalpha() and ((lemma := next(iter(found))) != form or is_plural) and lemma.islower():
            forms[upos][form] = lemma
    memory = {
        "forms": forms,
        "lemmas": {upos: sorted(words) for upos, words in sorted(lemmas.items())},
        "tags": count_tag_pairs(options.data),
    }
    (options.out / "lemmas.json").write_text(json.dumps(memory, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    print({upos: (len(forms[upos]), len(words)) for upos, words in lemmas.items()})


if __name__ == "__main__":
    main()
