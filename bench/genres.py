"""Syntax by genre: where sentence ends, tags and trees are lost, text by text.

    python -m bench genres --data DIR [--split dev] [--json]

DIR holds a treebank as for `python -m bench syntax`, and the measures are the same. The genre stands in the names of the documents:
"GUM_news_…" is news, "weblog-…" a weblog, "GUM_…" of a genre that the set calls so. Documents are read raw.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterable
from pathlib import Path

from bench.syntax import Analysis, GoldDocument, Tally, as_document, compare, find_treebank, parsed, read_documents
from dateline.language.models import load_models
from dateline.language.reading import analyse

SHOWN = ("sentence_f1", "token_f1", "upos", "lemma", "uas", "las")


def genre_of(name: str) -> str:
    """The genre that a document's name opens with, after "GUM_"; a name that opens with none: "other"."""
    found = re.match(r"(?:GUM_)?([a-z]+)[-_]", name)
    return found[1] if found else "other"


def tally_genres(readings: Iterable[tuple[GoldDocument, Analysis]]) -> tuple[dict[str, dict[str, Tally]], dict[str, int]]:
    """The tallies of each genre, and of all under "", with the number of documents of each; genres in alphabetical order."""
    totals: dict[str, dict[str, Tally]] = {"": dict.fromkeys(SHOWN, Tally())}
    documents = {"": 0}
    for document, reading in readings:
        tallies = compare(reading, document.analysis)
        for genre in ("", genre_of(document.name)):
            held = totals.get(genre, dict.fromkeys(SHOWN, Tally()))
            totals[genre] = {m: held[m] + tallies[m] for m in SHOWN}
            documents[genre] = documents.get(genre, 0) + 1
    return dict(sorted(totals.items())), documents


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench genres", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with one treebank (ud-gum, ud-ewt)")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    models = load_models()
    documents = list(read_documents(find_treebank(options.data, options.split)))
    began = time.process_time()
    totals, counts = tally_genres((d, parsed(d, analyse(as_document(d), models))) for d in documents)
    seconds = time.process_time() - began
    print(f"{'genre':14}{'texts':>6}" + "".join(f"{m:>13}" for m in SHOWN))
    for genre, tallies in totals.items():
        print(f"{genre or 'all':14}{counts[genre]:6}" + "".join(f"{100 * tallies[m].f1:13.2f}" for m in SHOWN))
    if options.json:
        head = {"name": "genres", "split": options.split, "n": len(documents), "seconds_cpu": round(seconds, 1)}
        figures = {f"{genre}_{m}".lstrip("_"): round(tallies[m].f1, 4) for genre, tallies in totals.items() for m in SHOWN}
        print(json.dumps(head | {"version": models.version} | figures))
    return 0
