"""The log of judgements at size: what entering, reading, verifying and resolving a hundred thousand of them takes.

    python -m bench judgements [--entries 100000] [--json]

Entries of one judgement each, the slowest case, a tenth of them mergers. They are written straight into sealed files, in the form
that the log writes them in, which `audit.verify` confirms; `append` is measured on top of them. CPU seconds of one core.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from dateline import __version__
from dateline.ledger.audit import verify
from dateline.ledger.judgements import FIRST, SEAL_AT, Log, canonical, hash_of
from dateline.ledger.resolve import constraints, standing_contradictions, standings
from dateline.records import Judge, Judgement, JudgementKind

T = TypeVar("T")
APPENDED = 200
AT = datetime(2024, 1, 1, tzinfo=UTC)
ONE = Judgement("", JudgementKind.ACCEPTED, Judge("a reviewer"), AT, (("claim",),))


def fill(log: Log, entries: int) -> None:
    """That many entries, whole sealed files of them."""
    log.append([ONE])
    form = json.loads((log.folder / f"{1:010}.json").read_bytes())
    previous, lines = FIRST, []
    for number in range(1, entries + 1):
        said = {"kind": "accepted", "sides": [[f"{number:020x}"]]}
        if number % 10 == 0:
            said = {"kind": "merged", "sides": [[f"{number:020x}", f"{number + 1:020x}"], [f"{number + 2:020x}"]]}
        body = {**form, "number": number, "previous": previous, "judgements": [said]}
        previous = hash_of(body)
        lines.append(canonical({**body, "hash": previous}))
    (log.folder / f"{1:010}.json").unlink()
    for first in range(0, entries, SEAL_AT):
        path = log.folder / f"{first + 1:010}-{first + SEAL_AT:010}.jsonl"
        path.write_bytes(b"".join(lines[first : first + SEAL_AT]))


def measured(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gave, and the seconds of the processor that it took."""
    before = time.process_time()
    done = work()
    return done, time.process_time() - before


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench judgements", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, default=100_000, help="rounded down to whole sealed files of a thousand")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    number = max(1, options.entries // SEAL_AT) * SEAL_AT
    figures: dict[str, float] = {"entries": number}
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder)
        fill(Log(ledger), number)
        judgements, figures["read_s"] = measured(lambda: Log(ledger).judgements())
        verdict, figures["verify_s"] = measured(lambda: verify(ledger))
        assert not verdict.faults, verdict.faults[:3]
        _, figures["standings_s"] = measured(lambda: standings(judgements))
        _, figures["constraints_s"] = measured(lambda: constraints(judgements))
        _, figures["contradictions_s"] = measured(lambda: standing_contradictions(judgements))
        log = Log(ledger)
        log.entries()
        _, seconds = measured(lambda: [log.append([ONE]) for _ in range(APPENDED)])
        figures["append_ms"] = seconds / APPENDED * 1000
        many = [replace(ONE, sides=((f"{claim}",),)) for claim in range(number)]
        _, figures["append_all_at_once_s"] = measured(lambda: log.append(many))
    if options.json:
        head: dict[str, Any] = {"name": "judgements", "split": "made up", "n": number, "version": __version__}
        head |= {"seconds_cpu": round(time.process_time(), 1)}
        print(json.dumps(head | {name: round(value, 3) for name, value in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name:<22}{value:12,.2f}")
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
