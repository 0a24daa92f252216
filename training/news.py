"""Teach what each sign of a pair of reports weighs: `python -m training.news --data BENCH/gva_incidents [--codings FILE]`.

Every pair of reports of the train half that is a candidate is a row; its levels and those of some signs together are the columns of
a logistic regression. Which incidents are held together by the weights is checked on incidents that they were not learned from: two
halves, each weighed by what the other taught.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.clusters import clusters_of, compare, conll_f1
from bench.gva import GoldReport, as_told, code_reports, read_reports
from dateline.knowledge.linking import NEWS, Levels, levels_of_rows, load_lexis, pair_weights
from dateline.knowledge.tables import read_yaml
from dateline.linking.clusters import Joining, Rows, find_clusters
from dateline.linking.news import SIGNS, WIDE, Middle, at_share, document_features, find_pairs_of_reports, report_chances
from dateline.linking.table import Table

REINS = 0.15
"""Inverse of the penalty on large weights."""


def columns_of(levels: Levels, together: list[list[str]], features: NDArray[np.float32]) -> csr_matrix:
    """One column a level, and one for each two levels of signs that are weighed together."""
    level = {name: np.searchsorted(levels[name][0], features[:, i], side="right") for i, name in enumerate(SIGNS)}
    size = {name: len(levels[name][1]) for name in SIGNS}
    places, width = [], 0
    for names in [*[[name] for name in SIGNS], *together]:
        place, count = np.zeros(len(features), np.int64), 1
        for name in names:
            place, count = place * size[name] + level[name], count * size[name]
        places.append(width + place)
        width += count
    column = np.stack(places, axis=1)
    ends = np.arange(0, column.size + 1, column.shape[1])
    return csr_matrix((np.ones(column.size, np.float32), column.ravel(), ends), shape=(len(features), width))


def written(model: LogisticRegression, levels: Levels, together: list[list[str]], share: float) -> dict[str, object]:
    """The weights as news.json has them."""
    left = model.coef_[0].round(3).tolist()
    size = {name: len(levels[name][1]) for name in SIGNS}
    signs = {name: [left.pop(0) for _ in range(size[name])] for name in SIGNS}
    pairs = {f"{a} & {b}": [[left.pop(0) for _ in range(size[b])] for _ in range(size[a])] for a, b in together}
    return {"start": round(float(model.intercept_[0]), 3), "share": share, "signs": signs, "together": pairs}


def same_incident(reports: list[GoldReport], pairs: Rows) -> NDArray[np.bool_]:
    return np.array([not set(reports[a].incidents).isdisjoint(reports[b].incidents) for a, b in pairs.tolist()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--codings", type=Path, nargs="*", default=[], help="codings made before, JSON lines")
    parser.add_argument("--out", type=Path, default=NEWS)
    options = parser.parse_args()
    table = read_yaml("linking/news.yaml")
    levels, together = levels_of_rows("linking/news.yaml", table["signs"]), table["together"]
    reports = read_reports(options.data, "train")
    told = Table.of(*as_told(reports, code_reports(reports, options.codings)), load_lexis())
    pairs = find_pairs_of_reports(told, WIDE)
    features = document_features(Middle.of(told, table["counts"]), pairs)
    columns, is_same = columns_of(levels, together, features), same_incident(reports, pairs)
    share = float(is_same.mean())
    print(f"{len(reports)} reports, {len(pairs)} pairs, {int(is_same.sum())} of one incident")

    def learn(rows: NDArray[np.bool_]) -> dict[str, object]:
        model = LogisticRegression(C=REINS, max_iter=500).fit(columns[rows], is_same[rows])
        return written(model, levels, together, share)

    half = np.array([hashlib.sha1(r.incidents[0].encode()).digest()[0] % 2 for r in reports])
    chances = np.zeros(len(pairs))
    for number in (0, 1):
        learned = (half[pairs] != number).all(axis=1)
        chances[~learned] = report_chances(features[~learned], pair_weights(learn(learned), levels, "half"))
    error = np.square(chances - is_same).mean()
    print(f"Brier score {error:.5f}, of saying the share each time {share * (1 - share):.5f}")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        within = (chances >= low) & (chances < high)
        print(f"  said {chances[within].mean():.3f}, were {is_same[within].mean():.3f} ({int(within.sum())} pairs)")
    shifted, found = at_share(chances, share)
    print(f"share of pairs of one incident {share:.4f}, found by itself {found:.4f}")
    gold = clusters_of([r.incidents[0] for r in reports])
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        labels = find_clusters(len(reports), pairs, shifted, Joining(threshold, 0.01)).labels
        print(f"  threshold {threshold}: CoNLL F1 {100 * conll_f1(compare(gold, clusters_of(labels.tolist()))):.1f}", flush=True)
    options.out.write_text(json.dumps(learn(np.ones(len(pairs), bool)), indent=1) + "\n", encoding="utf-8")
    print(f"weights of all pairs: {options.out}")


if __name__ == "__main__":
    main()
