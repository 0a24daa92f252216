"""kill -9 at random points while adding, linking, judging and compacting at once: claims, links and judgements lost or doubled.

    python -m bench crash [--kills 50]                   all of them at once, until the last kill
    python -m bench crash --reports 2000 [--kills 50]    one run of `dateline add` with two workers, started again after each kill

The second way spreads its kills over the run, so that nearly all fall into its middle, between any two steps of it; every other
kill takes the run alone and leaves its workers to notice. Afterwards it runs to its end, and each report must be there once.
"""

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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
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
from dateline.runs.add import add_reports
from dateline.runs.local import CodeReport

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


# ---------------------------------------------------------------- one run, killed and started again


SHARD = 8
"""Reports a shard: so few that some are written between two kills."""


def code_made_up(report: Report) -> Coding:
    """The coding of a report that `report_of` made."""
    return report_of(int(report.name.partition(".")[0]))[1]


def load_made_up() -> CodeReport:
    """The coder of the run."""
    return code_made_up


def run(folder: Path, reports: int, told: Connection) -> None:
    """Adds all reports, in a process group of its own; tells of each as it is done with."""
    os.setsid()
    found = [report_of(number)[0] for number in range(reports)]
    add_reports(
        found, open_ledger(folder), load_made_up, coder=CODER, now=lambda: datetime.now(UTC), workers=2, shard=SHARD,
        on_progress=told.send,
    )  # fmt: skip
    told.send(None)


def crash_run(folder: Path, kills: int, reports: int, seed: int = 7) -> tuple[Loss, int]:
    """Kills a run so many times and then lets it end; what is lost of what a ledger had at any kill or should have in the end, what
    is there twice, and how many kills fell into the run's middle."""
    context = multiprocessing.get_context("spawn")
    chance = random.Random(seed)
    lost, inside, before = 0, 0, set[str]()
    for kill in range(kills + 1):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=run, args=(folder, reports, theirs))
        process.start()
        theirs.close()
        # Reports that the ledger has are told of too, at once; the kill comes at some report after those, or while one is written.
        due = len(before) + chance.randint(1, 2 * reports // kills) if kill < kills else None
        is_over = _listen(ours, due)
        if due is not None:
            time.sleep(chance.uniform(0.0, 0.01))
            (os.killpg if kill % 2 else os.kill)(process.pid or 0, signal.SIGKILL)
            inside += not is_over
        process.join()
        ours.close()
        there = {row.report for row in open_ledger(folder).documents()}
        lost += len(before - there)
        before = there
    loss = count(folder, [f"claim {claim.id}" for number in range(reports) for claim in report_of(number)[1].claims])
    return replace(loss, lost=loss.lost + lost + reports - len(before)), inside


def _listen(told: Connection, due: int | None) -> bool:
    """Hears of reports until so many were told of (None: all); whether the run came to its end before that."""
    heard = 0
    while due is None or heard < due:
        if told.recv() is None:
            return True
        heard += 1
    return False


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--reports", type=int, help="kill one run over so many reports")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-crash-") as scratch:
        if options.reports:
            loss, inside = crash_run(Path(scratch) / "ledger", options.kills, options.reports, options.seed)
            keys = {"reports": options.reports, "in_the_middle": inside}
        else:
            loss = crash(Path(scratch) / "ledger", options.kills, options.seed)
            keys = {"links": loss.links, "judgements": loss.judgements, "volumes": loss.volumes}
    keys = {"kills": options.kills, "lost": loss.lost, "doubled": loss.doubled, "claims": loss.claims, **keys}
    print(json.dumps(keys) if options.json else "\n".join(f"{key:12} {value}" for key, value in keys.items()))
    return 1 if loss.lost or loss.doubled else 0
