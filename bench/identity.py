"""Event identity: shooting reports grouped into incidents (gva_incidents), CoNLL F1.

    python -m bench identity --data DIR [--split dev] [--codings FILE ...] [--errors] [--json]

DIR holds docs.SPLIT.jsonl(.gz) with the incidents of each report. FILE are codings made before (JSON, one a line), so that figures
of linking need not wait for the coder; reports that are in none are coded. `--errors` lists what was joined and what was split
wrongly.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bench import gva


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--codings", type=Path, nargs="*", default=[], help="codings made before, JSON lines")
    parser.add_argument("--errors", action="store_true", help="list what was joined and split wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    figures, reports, labels = gva.measure(options.data, options.split, options.codings)
    numbers = figures.as_numbers()
    if options.errors:
        print("\n".join(gva.mistakes(reports, labels)))
    if options.json:
        print(json.dumps({key: round(value, 2) for key, value in numbers.items()}))
    else:
        for key, value in numbers.items():
            print(f"{key:10} {value:8.1f}" if isinstance(value, float) else f"{key:10} {value:6}")
    return 0
