"""Event identity, CoNLL F1: gold mentions of ECB+ over the whole corpus, or shooting reports grouped into incidents
(gva_incidents).

    python -m bench identity --data DIR [--split dev] [--threshold T] [--kept FILE] [--codings FILE ...] [--errors] [--json]

Of ECB+ DIR holds SPLIT.jsonl: mentions are given, topics and subtopics are not; singletons count. `--threshold` is the mean
chance from which two groups are one (default: the one that the ledger is linked with); `--kept` keeps what the reader made of the
texts and takes it from there when it exists. Of gva_incidents DIR holds docs.SPLIT.jsonl(.gz) with the incidents of each report,
and incidents.SPLIT.jsonl with the killed and injured of each, which are measured beside the grouping (over gold groups, as by
`python -m bench counts`); `--codings` are codings made before (JSON, one a line), so that figures of linking need not wait for
the coder. `--errors` lists what was joined and what was split wrongly.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections.abc import Sequence
from pathlib import Path

from bench import counts, ecbplus, gva
from bench.clusters import MEASURES, conll_f1
from dateline import __version__
from dateline.linking.clusters import Joining


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--threshold", type=float, default=Joining().threshold)
    parser.add_argument("--kept", type=Path, help="keep what was read of ECB+ there, and take it from there when it exists")
    parser.add_argument("--codings", type=Path, nargs="*", default=[], help="codings made before, JSON lines")
    parser.add_argument("--errors", action="store_true", help="list what was joined and split wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if (options.data / f"{options.split}.jsonl").exists():
        return group_mentions(options)
    return group_reports(options)


def group_reports(options: argparse.Namespace) -> int:
    """gva_incidents: the figures, and the mistakes if asked for."""
    reports = gva.read_reports(options.data, options.split)
    codings = list(gva.code_reports(reports, options.codings))
    start = time.process_time()
    figures, labels = gva.measure(reports, codings)
    harm = counts.exact(options.data, options.split, {coding.report: coding for coding in codings})
    seconds = time.process_time() - start
    if options.errors:
        print("\n".join(gva.mistakes(reports, labels)))
    scores = {key: round(value, 4) for key, value in (figures.as_numbers() | harm).items()}
    if options.json:
        head = {"name": "identity", "split": options.split, "n": figures.documents, "version": __version__}
        print(json.dumps(head | {"seconds_cpu": round(seconds, 2)} | scores))
        return 0
    print(f"{figures.documents} reports of {figures.incidents} incidents in {figures.groups} groups")
    print(f"CoNLL F1 {scores.pop('conll_f1'):.4f}  " + "  ".join(f"{name} {value:.4f}" for name, value in scores.items()))
    return 0


def group_mentions(options: argparse.Namespace) -> int:
    """ECB+: the figures, the reliability of the chances, and the mistakes if asked for."""
    if options.kept and options.kept.exists():
        read = pickle.loads(options.kept.read_bytes())
    else:
        read = list(ecbplus.read_split(options.data, options.split))
        if options.kept:
            options.kept.write_bytes(pickle.dumps(read))
    measured = ecbplus.measure(read, Joining(threshold=options.threshold))
    if options.errors:
        print("\n".join(ecbplus.mistakes(measured)))
    scores = {f"{name}_f1": round(measured.tallies[name].f1, 4) for name in MEASURES if name != "mention"}
    if options.json:
        head = {"name": "identity", "split": options.split, "n": len(measured.tellings), "version": __version__}
        head |= {"seconds_cpu": round(measured.seconds, 2), "conll_f1": round(conll_f1(measured.tallies), 4)}
        print(json.dumps(head | scores | {"brier": round(measured.brier, 5)}))
        return 0
    print(f"{len(measured.tellings)} mentions of {len(set(measured.happenings))} happenings in {len(set(measured.groups))} groups")
    print(f"CoNLL F1 {conll_f1(measured.tallies):.4f}  " + "  ".join(f"{name} {value:.4f}" for name, value in scores.items()))
    for name in ("muc", "b3", "ceafe"):
        print(f"  {name:6} recall {measured.tallies[name].recall:.4f}  precision {measured.tallies[name].precision:.4f}")
    print(f"every pair's chance: Brier {measured.brier:.5f}; by tenths, mean chance, share that are one happening, pairs:")
    for mean, share, count in measured.reliability:
        print(f"  {mean:.3f}  {share:.3f}  {count:7}")
    print(f"{measured.seconds:.1f} CPU seconds without reading")
    return 0
