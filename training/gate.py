"""Teaches the gate which words are good for records.

    python -m training.gate --data BENCH --out src/dateline/knowledge/gate/rates.json [--codings FILE]

    --codings FILE   what the coder found in the reports: made where it is missing (some forty minutes of CPU), else read

The reports are those of the train halves of sets of news and of other writing: worldwide-newswire, ecbplus, muc4,
india_police_events and ud-gum. Records of a type are taken to come from the words of a report, each occurrence
bringing a Poisson number of them, and the rates are those under which what was found is likeliest (expectation maximisation: each
record is shared out among the words of its report by their rates), held towards a little for words of the lexicon and towards
nothing for others. The cut of a type is where, on reports that the rates were not learned from (five parts, each weighed by what
the other four taught), 98 of a hundred records stood above it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dateline.knowledge.gate import words_of
from dateline.knowledge.lexicon import Lexicon, load_lexicon
from dateline.records import Report
from dateline.runs.coder import load_coder
from dateline.runs.local import code_safely
from training.coding import day_of, gum_documents, newswire_pages, read_rows, share

KEPT = 0.98
SURE = 0.5
"""Confidence from which a record counts."""
RAREST = 3
"""Reports that a word has to stand in."""
HELD = 2.0
"""Occurrences that the rate held towards counts for."""
PARTS = 5
ROUNDS = 40
LEAST = 0.002
"""Rates below this are left out of the file."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coded:
    """A report of a set: its text, and of each record that was found there the type and the confidence."""

    set: str
    split: str
    id: str
    text: str
    records: tuple[tuple[str, float], ...]

    def number_of(self, type_: str) -> int:
        return sum(found == type_ and confidence >= SURE for found, confidence in self.records)


# ---------------------------------------------------------------- the reports


def find_reports(bench: Path, split: str) -> Iterator[tuple[str, str, str, str | None]]:
    """(set, id, text, day) of the reports of one half, set by set; of the large sets an even share."""
    for name, words in newswire_pages(bench / "worldwide-newswire" / f"{split}.jsonl.gz"):
        yield "newswire", name, words, None
    if split == "dev":
        for row in read_rows(bench / "geo_lgl" / "dev.jsonl"):
            yield "local", row["doc_id"], f"{row['title'] or ''}\n\n{row['text']}", row["date"]
    for row in share(read_rows(bench / "ecbplus" / f"{split}.jsonl"), 250):
        yield "ecb", row["doc_id"], " ".join(" ".join(s["tokens"]) for s in row["sentences"][1:]), None
    for row in share(read_rows(bench / "india_police_events" / f"docs.{split}.jsonl"), 200):
        yield "india", row["doc_id"], row["text"], row["date"]
    for row in share(read_rows(bench / "muc4" / f"{split}.jsonl"), 150):
        yield "muc", row["doc_id"], row["text"], None
    for name, words in gum_documents(bench / "ud-gum" / f"en_gum-open-{split}.conllu.gz"):
        yield "gum", name, words, None


def code_sets(bench: Path, split: str, kept: Path | None) -> list[Coded]:
    """The reports of a half with what the coder finds; from the file where it has them, and into it where it has none."""
    rows = [] if kept is None or not kept.exists() else [row for row in read_rows(kept) if row["split"] == split]
    if not rows:
        code = load_coder()
        for number, (name, id, text, day) in enumerate(find_reports(bench, split)):
            coding = code_safely(code, Report(f"{name} {id}", text.encode(), "text/plain", published=day_of(day)))
            if coding.document is not None:
                records = [(c.event.type, c.event.confidence) for c in coding.claims]
                rows.append({"set": name, "split": split, "id": id, "text": coding.document.text, "records": records})
            if number % 200 == 199:
                print(f"{split}: {number + 1} reports coded", flush=True)
        if kept is not None:
            before = kept.read_bytes() if kept.exists() else b""
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            kept.write_bytes(before + gzip.compress(lines.encode("utf-8", "surrogatepass")))
    return [Coded(r["set"], r["split"], r["id"], r["text"], tuple((t, c) for t, c in r["records"])) for r in rows]


# ---------------------------------------------------------------- rates and cuts


def words_of_lexicon(lexicon: Lexicon) -> frozenset[str]:
    """Beginnings of the words by which entries are evoked: the lemma less a last e, which all its forms share."""
    phrases: list[Any] = [p for e in lexicon.entries for p in (*e.verbs, *e.nouns, *e.adjectives)]
    words = {word for p in phrases for word in ([p[0], p[-1]] if isinstance(p, tuple) else [p.split()[0], p.split()[-1]])}
    return frozenset(word.lower().removesuffix("e") for word in words if len(word) > 2)


def is_evoking(word: str, lexicon: frozenset[str]) -> bool:
    endings = ("", "s", "d", "es", "ed", "ing", "ings", "ied", "ies")
    return any(word.removesuffix(ending) in lexicon for ending in endings if word.endswith(ending))


def rates_of(matrix: csr_matrix, numbers: Floats, held: Floats) -> Floats:
    """[words] the records an occurrence is good for; `matrix` [reports, words] counts, `numbers` [reports] the records found."""
    occurrences = np.asarray(matrix.sum(axis=0)).ravel()
    rates = held.copy()
    for _ in range(ROUNDS):
        shared = rates * (matrix.T @ (numbers / (matrix @ rates + 1e-9)))
        rates = (shared + HELD * held) / (occurrences + HELD)
    return rates


def cut_of(expected: Floats, numbers: Floats, kept: float = KEPT) -> float:
    """The highest expectation at which this share of the records stands in reports that reach it; no records: nothing passes."""
    if not numbers.sum():
        return float("inf")
    order = np.argsort(-expected, kind="stable")
    last = int(np.searchsorted(np.cumsum(numbers[order]), kept * numbers.sum()))
    return float(expected[order[min(last, len(order) - 1)]])


def learn(reports: Sequence[Coded], lexicon: Lexicon) -> dict[str, Any]:
    """The file's data, and a line a type on the way."""
    counts = [words_of(report.text) for report in reports]
    standing = Counter(word for found in counts for word in found)
    words = sorted(word for word, number in standing.items() if number >= RAREST)
    numbers_of = {word: n for n, word in enumerate(words)}
    cells = [(row, numbers_of[w], k) for row, found in enumerate(counts) for w, k in found.items() if w in numbers_of]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((np.array(values, float), (rows, columns)), shape=(len(reports), len(words)))
    evoking = words_of_lexicon(lexicon)
    evokes = np.array([is_evoking(word, evoking) for word in words])
    part = np.array([zlib.crc32(f"{r.set} {r.id}".encode()) % PARTS for r in reports])
    types = sorted({type_ for report in reports for type_, _ in report.records})
    rates: dict[str, dict[str, float]] = {}
    cuts: dict[str, float] = {}
    for place, type_ in enumerate(types):
        numbers = np.array([report.number_of(type_) for report in reports], float)
        if numbers.sum() < 2 * PARTS:
            raise ValueError(f"{type_}: {int(numbers.sum())} records are too few to learn from")
        held = np.where(evokes, 0.01, 0.0001) * numbers.mean()
        expected = np.zeros(len(reports))
        for n in range(PARTS):
            expected[part == n] = matrix[part == n] @ rates_of(matrix[part != n], numbers[part != n], held)
        cuts[str(place)] = round(cut_of(expected, numbers), 4)
        for word, rate in zip(words, rates_of(matrix, numbers, held), strict=True):
            if rate >= LEAST:
                rates.setdefault(word, {})[str(place)] = round(float(rate), 3)
        telling, below = float((numbers > 0).mean()), float((expected < cuts[str(place)]).mean())
        print(f"{type_:10} {int(numbers.sum()):6} records, in {telling:.0%} of reports; {below:.0%} of reports below the cut")
    return {"types": types, "cuts": cuts, "rates": rates}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--codings", type=Path)
    options = parser.parse_args()
    data = learn(code_sets(options.data, "train", options.codings), load_lexicon())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{options.out}: {len(data['rates']):,} words, {options.out.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
