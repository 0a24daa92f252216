"""How long reviewers wait in a ledger: for the queue to be put in order, and for the next thing to decide.

    python -m bench review LEDGER [--json]

Nothing is entered. The queue is put in order once and then kept; what comes next is asked for ten times, and the slowest counts.
Wall clock and CPU seconds, of a server in this process.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from dateline import __version__
from dateline.ledger.review import Order
from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.desk import Desk, Work
from dateline.web.site import Site

ASKED = 10


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gave, and the seconds of the clock and of the processor that it took."""
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - clock, time.process_time() - processor


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench review", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    site = Site(open_ledger(options.ledger, create=False))
    figures: dict[str, float] = {"claims": site.ledger.sql("SELECT count(*) FROM claims").rows[0][0]}
    judged = site.judged()
    _, figures["judgements_s"], figures["judgements_cpu_s"] = measured(lambda: (judged.in_force, judged.successors, judged.events))
    for order in Order:
        making = partial(Desk().tasks, judged, Work.ALL, order, None)
        _, figures[f"order_{order}_s"], figures[f"order_{order}_cpu_s"] = measured(making)
    with TestClient(make_app(site), base_url="http://localhost") as client:
        _, figures["first_page_s"], figures["first_page_cpu_s"] = measured(lambda: client.get("/review"))
        after: list[str] = []
        waits: list[tuple[float, float]] = []
        for _ in range(ASKED):
            answer, clock, processor = measured(lambda: client.get("/review/next", params={"after": after}))
            waits.append((clock, processor))
            after.append(answer.json()["key"])
        figures["next_s"], figures["next_cpu_s"] = max(waits)
    if options.json:
        head: dict[str, Any] = {"name": "review", "split": options.ledger.name, "n": int(figures["claims"]), "version": __version__}
        print(json.dumps(head | {name: round(value, 3) for name, value in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name:<28}{value:14,.2f}")
    return 0
