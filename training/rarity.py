"""Count in how many reports each word stands: `python -m training.rarity --data BENCH`.

Linking weighs words by how rare they are. A ledger of five hundred reports does not know that by itself: there a word of two
reports may be one of every tenth report anywhere. So each collection's own counts are added to these, of the training halves of
four sets of news. Kept are stems that stand in LEAST reports, which leaves out nearly all names of private people.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dateline.knowledge.linking import EVERY, Lexis, load_families, load_irregular_forms
from dateline.knowledge.tables import TABLES
from dateline.linking.table import FIRST_WORDS
from dateline.linking.words import stem, words_in

SETS = ("gva_incidents/docs.train.jsonl.gz", "muc4/train.jsonl", "india_police_events/docs.train.jsonl", "ecbplus/train.jsonl")
LEAST = 10


def read_texts(path: Path) -> Iterator[str]:
    """The texts of a set, title first; sentences of tokens are put together."""
    written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for row in map(json.loads, written.decode("utf-8").splitlines()):
        if "text" in row:
            yield f"{row.get('title') or ''}\n{row['text']}"
        else:
            yield "\n".join(" ".join(sentence["tokens"]) for sentence in row["sentences"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--out", type=Path, default=TABLES / "linking" / "rarity.csv")
    options = parser.parse_args()
    lexis = Lexis(load_irregular_forms(), load_families())
    stems: dict[str, str] = {}
    seen: Counter[str] = Counter()
    documents = 0
    for text in (text for name in SETS for text in read_texts(options.data / name)):
        words = words_in(text)[:FIRST_WORDS]
        seen.update({stems.get(w) or stems.setdefault(w, stem(w, lexis)) for w in words})
        documents += 1
    kept = sorted((word, n) for word, n in seen.items() if n >= LEAST and word)
    lines = ["stem,documents", f"{EVERY},{documents}", *(f"{word},{n}" for word, n in kept)]
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(kept)} stems of {documents} reports: {options.out}")


if __name__ == "__main__":
    main()
