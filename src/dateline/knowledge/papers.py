"""Words of newspapers' names and endings of addresses, to find the place that a publisher is named after.

Table: places/paper_words.csv.
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.knowledge.tables import read_csv


@dataclass(frozen=True)
class PaperWords:
    """`words` are those that make a newspaper's name and are no place ("herald"), longest first.

    `endings` are parts of addresses that tell nothing ("com"), `anywhere` country endings that sites of all countries use ("tv").
    """

    words: tuple[str, ...]
    endings: frozenset[str]
    anywhere: frozenset[str]


def load_paper_words() -> PaperWords:
    rows = read_csv("places/paper_words.csv")
    told = {kind: [row["word"] for row in rows if row["kind"] == kind] for kind in ("word", "ending", "any country")}
    words = tuple(sorted(told["word"], key=lambda w: (-len(w), w)))
    return PaperWords(words, frozenset(told["ending"]), frozenset(told["any country"]))
