"""Two names of one person, two people of like names: pairs of names in one document, joined and apart.

    python -m bench spellings --data DIR [--split dev] [--json]

DIR holds SPLIT.conll.gz in the layout of coref-ontogum (bench/coref_data.py tells it). A pair is two different strings, each up to
four capitalised words that the key marks as a mention (bodies and places are among them); it should be joined when some mentions
of the two are in one gold chain. `--gap DIR` adds the pairs of GAP (gap-development.tsv.gz, gap-validation.tsv.gz): the two names
of a row of which one is what the pronoun means and the other is not, so that none should be joined. Names are compared as in a
report, by `NameForms.may_be_same`: a surname alone may be the whole name's.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Iterator
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

from bench.clusters import Tally
from bench.coref_data import MarkedDocument, read_marked
from dateline.knowledge.coreference import load_pronouns
from dateline.knowledge.name_forms import NameForms, load_name_forms
from dateline.knowledge.tables import read_csv

LONGEST = 4
"""Words beyond which a capitalised mention is a title of something and no name."""


def pairs_of(document: MarkedDocument) -> Iterator[tuple[str, str, bool]]:
    """Pairs of different names of a document, and whether they stand in one gold chain."""
    pronouns = load_pronouns().forms
    named: dict[str, set[int]] = {}
    for number, chain in enumerate(document.clusters):
        for first, last in chain:
            words = document.forms[first : last + 1]
            is_name = all(w[:1].isupper() for w in words) and words[0].lower() not in {"the", "this", *pronouns}
            if len(words) <= LONGEST and is_name:
                named.setdefault(" ".join(words), set()).add(number)
    for one, other in combinations(sorted(named), 2):
        yield one, other, bool(named[one] & named[other])


def gap_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The names of GAP's rows of which exactly one is meant."""
    for name in ("gap-development", "gap-validation"):
        with gzip.open(folder / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                if row["A-coref"] != row["B-coref"]:
                    yield row["A"], row["B"]


def score(document: MarkedDocument, forms: NameForms) -> Tally:
    """Pairs joined that should be, and how many should be and were."""
    verdicts = [(forms.may_be_same(one, other), should) for one, other, should in pairs_of(document)]
    right = sum(joined and should for joined, should in verdicts)
    return Tally(right, sum(should for _, should in verdicts), right, sum(joined for joined, _ in verdicts))


def main(argv: list[str]) -> int:
    """Prints precision and recall of joined names; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench spellings", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with SPLIT.conll.gz")
    parser.add_argument("--gap", type=Path, help="folder with the files of GAP")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    forms = load_name_forms(row["name"] for row in read_csv("actors/given_names.csv"))
    documents = read_marked(options.data / f"{options.split}.conll.gz")
    tallies = [score(document, forms) for document in documents]
    total = sum(tallies, Tally())
    precision, recall = total.precise / max(1, total.response), total.recalled / max(1, total.key)
    print(
        f"{total.key:.0f} pairs of names of one chain, {total.response:.0f} joined: precision {precision:.3f}, recall {recall:.3f}"
    )
    figures: dict[str, object] = {"precision": round(precision, 4), "recall": round(recall, 4)}
    if options.gap:
        verdicts = [forms.may_be_same(one, other) for one, other in gap_pairs(options.gap)]
        print(f"GAP: {sum(verdicts)} of {len(verdicts)} pairs of two people joined")
        figures["gap_joined"] = round(sum(verdicts) / max(1, len(verdicts)), 4)
    if options.json:
        print(
            json.dumps(
                {"name": "spellings", "split": options.split, "n": round(total.key), "version": version("dateline")} | figures
            )
        )
    return 0
