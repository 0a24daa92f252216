"""What each engine adds to a run: seconds and memory for a few reports that cost nothing to code, with two workers.

    python -m bench engines [--engines local ray spark] [--reports 32] [--json]

Seconds are of the clock, from the call to the last coding, starting and stopping the engine included; on a busy machine compare
them with those of the local run beside them. Memory is what all processes had resident together, at its highest. An engine that is
not installed is passed over.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.crash import load_made_up, report_of
from bench.growth import Watch
from dateline.runs.engines import EngineName, engine_of
from dateline.runs.rounds import MissingEngineError


def measure(name: EngineName, reports: int) -> dict[str, Any] | str:
    """The figures of an engine; a text: why there are none."""
    found = [report_of(number)[0] for number in range(reports)]
    begun = time.monotonic()
    try:
        with Watch() as watch:
            coded = sum(
                coding.document is not None for _, coding in engine_of(name)(found, load_made_up, workers=2, time_limit=60.0)
            )
    except MissingEngineError as fault:
        return str(fault)
    return {
        "engine": name.value,
        "reports": coded,
        "seconds": round(time.monotonic() - begun, 1),
        "memory_mb": round(watch.highest),
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bench engines", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engines", nargs="+", type=EngineName, default=list(EngineName), choices=list(EngineName))
    parser.add_argument("--reports", type=int, default=32)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    rows = []
    for name in options.engines:
        # Each in a process of its own: what one engine started would be counted with the next.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            measured = pool.submit(measure, name, options.reports).result()
        if isinstance(measured, str):
            print(measured, file=sys.stderr)
        else:
            rows.append(measured)
    if options.json:
        print(json.dumps({"name": "engines", "n": options.reports, "engines": rows}))
        return 0
    for row in rows:
        print(f"{row['engine']:8}{row['reports']:6} reports{row['seconds']:8.1f} s{row['memory_mb']:8,} MB")
    return 0
