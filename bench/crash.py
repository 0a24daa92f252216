"""kill -9 at random points while adding, linking, judging and compacting at once: claims, links and judgements lost or doubled."""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Semaphore
from pathlib import Path

from dateline.ledger import compaction
from dateline.ledger.derived import LinkRow
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import (
    Block,
    Claim,
    Coder,
    Coding,
    Document,
    EventMention,
    Judge,
    Judgement,
    JudgementKind,
    OffsetMap,
    Report,
    Span,
    Status,
    StatusValue,
)

CODER = Coder("dateline", "model", "knowledge")
VOLUME = 60
"""Claims of a full volume: so few that there are soon several."""

AT_ONCE = 4
"""Reports a shard."""

LONGEST = 3.0
"""Seconds, once all processes have begun, after which they are killed at the latest."""

TASKS = ("add", "add", "link", "judge", "compact")
"""What the processes do, one each."""


def report_of(number: int) -> tuple[Report, Coding]:
    """A report of that number and its coding: three claims."""
    text = f"Workers struck on Monday ({number}). Police detained dozens. The union denied it."
    report = Report(f"{number}.txt", text.encode(), "text/plain", publisher="The Paper")
    digest = hashlib.sha256(report.raw).hexdigest()
    document = Document(digest[:16], report.name, digest, text, (Block(Span(0, len(text))),), OffsetMap(), publisher="The Paper")
    claims = tuple(
        Claim(
            hashlib.sha256(f"{digest}{start}".encode()).hexdigest()[:20], document.id,
            EventMention(
                type=type, mode=None, contexts=(), trigger=Span(start, end), evidence=Span(start, end), actors=(),
                recipients=(), time=None, place=None, counts=(), status=Status(StatusValue.ASSERTED), attribution=(),
                rule="made-up", confidence=0.5,
            ),
            CODER,
        )
        for start, end, type in ((8, 14, "PROTEST"), (text.index("detained"), text.index(" dozens"), "COERCE"),
                                 (text.index("denied"), len(text) - 4, "REJECT"))
    )  # fmt: skip
    return report, Coding(report.name, document, claims)


# ---------------------------------------------------------------- what the processes do


def work(folder: Path, task: str, number: int, round: int, acknowledged: Path, is_ready: Semaphore) -> None:
    """Does its task until it is killed, and writes down what the ledger has acknowledged, a line each."""
    compaction.VOLUME = VOLUME
    ledger = open_ledger(folder)
    ledger.find(limit=1)
    is_ready.release()
    with acknowledged.open("a", encoding="utf-8") as said:
        for line in {"add": _add, "link": _link, "judge": _judge, "compact": _compact}[task](ledger, number, round):
            said.write(f"{line}\n")
            said.flush()


def _add(ledger: Ledger, number: int, round: int) -> Iterator[str]:
    """Every second shard is one that the other process adds too."""
    for step in range(1_000_000):
        who = number if step % 2 else 0
        pairs = [report_of(((round * 10 + who) * 100_000 + step) * AT_ONCE + part) for part in range(AT_ONCE)]
        ledger.add([coding for _, coding in pairs], [report for report, _ in pairs], coder=CODER, known_at=datetime.now(UTC))
        yield from (f"claim {claim.id}" for _, coding in pairs for claim in coding.claims)


def _link(ledger: Ledger, number: int, round: int) -> Iterator[str]:
    chance = random.Random(round)
    while True:
        claims = [row["claim_id"] for row in ledger.claim_columns(["claim_id"]).to_pylist()]
        if claims:
            picked = sorted({chance.choice(claims) for _ in range(20)})
            now = datetime.now(UTC)
            ledger.add_rows(
                "links", [LinkRow(claim, picked[0], claim, 0.9, "linker-1") for claim in picked], by="crash", known_at=now
            )
            yield from (f"link {claim} {picked[0]}" for claim in picked)


def _judge(ledger: Ledger, number: int, round: int) -> Iterator[str]:
    log = Log(ledger.path)
    for step in range(1_000_000):
        reason = f"{round}.{step}"
        judge = Judge("somebody")
        log.append([Judgement("", JudgementKind.ACCEPTED, judge, datetime.now(UTC), (("0" * 20,),), reason)])
        yield f"judgement {reason}"


def _compact(ledger: Ledger, number: int, round: int) -> Iterator[str]:
    while True:
        ledger.compact(made_at=datetime.now(UTC))
        ledger.sweep()
        yield "compaction"


# ---------------------------------------------------------------- what is there afterwards


@dataclass(frozen=True)
class Loss:
    """What was acknowledged and is gone, and what is there more than once."""

    lost: int
    doubled: int
    claims: int
    links: int
    judgements: int
    volumes: int


def count(folder: Path, acknowledged: list[str]) -> Loss:
    """Holds the ledger against everything that it ever acknowledged."""
    ledger = open_ledger(folder)
    claims = Counter(row["claim_id"] for row in ledger.claim_columns(["claim_id"]).to_pylist())
    links = Counter((row[0], row[1], row[2]) for row in ledger.sql("SELECT claim_id, event_id, shard FROM all_links").rows)
    entered = Counter((row[0], row[1]) for row in ledger.sql("SELECT claim_id, shard FROM all_claims").rows)
    reasons = Counter(j.reason for j in Log(folder).judgements())
    linked = {(claim, event) for claim, event, _ in links}
    lost = 0
    for line in acknowledged:
        match line.split():
            case ["claim", claim]:
                lost += claim not in claims
            case ["link", claim, event]:
                lost += (claim, event) not in linked
            case ["judgement", reason]:
                lost += reason not in reasons
    doubled = sum(n - 1 for counter in (claims, links, entered, reasons) for n in counter.values())
    return Loss(lost, doubled, len(claims), len(links), len(reasons), len(ledger.state().catalogue.volumes))


def crash(folder: Path, kills: int, seed: int = 7) -> Loss:
    """Kills everything at a random moment, so many times, and adds up what was lost and doubled."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench._forked"])
    chance = random.Random(seed)
    written = folder.parent / "acknowledged"
    written.mkdir(parents=True, exist_ok=True)
    open_ledger(folder)
    loss = Loss(0, 0, 0, 0, 0, 0)
    for round in range(kills):
        is_ready = context.Semaphore(0)
        processes = [
            context.Process(target=work, args=(folder, task, number, round, written / f"{number}.txt", is_ready))
            for number, task in enumerate(TASKS)
        ]
        for process in processes:
            process.start()
        for _ in processes:
            is_ready.acquire()
        time.sleep(chance.uniform(0.0, LONGEST))
        for process in processes:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGKILL)
        for process in processes:
            process.join()
        acknowledged = [line for path in sorted(written.iterdir()) for line in path.read_text("utf-8").splitlines()]
        found = count(folder, acknowledged)
        loss = Loss(
            max(loss.lost, found.lost), max(loss.doubled, found.doubled), found.claims, found.links, found.judgements, found.volumes
        )  # fmt: skip
        if found.lost or found.doubled:
            print(f"kill {round + 1}: {found}", file=sys.stderr)
    return loss


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-crash-") as scratch:
        loss = crash(Path(scratch) / "ledger", options.kills, options.seed)
    keys = {"kills": options.kills, "lost": loss.lost, "doubled": loss.doubled, "claims": loss.claims, "links": loss.links}
    keys |= {"judgements": loss.judgements, "volumes": loss.volumes}
    print(json.dumps(keys) if options.json else "\n".join(f"{key:12} {value}" for key, value in keys.items()))
    return 1 if loss.lost or loss.doubled else 0
