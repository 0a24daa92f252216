"""Speed of the whole path on one core: first result from a cold start, CPU time an article and a stage, memory."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

from dateline import __version__
from dateline.claims import enter_claims
from dateline.events.assemble import code_events
from dateline.ingest.read import read_report
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.actors import find_actors
from dateline.mentions.homes import find_home
from dateline.mentions.places import find_places
from dateline.mentions.quantities import find_quantities
from dateline.mentions.quotations import find_quotations
from dateline.mentions.times import find_times
from dateline.records import Mentions, Report


def time_stages(report: Report, knowledge: Knowledge, models: Models) -> tuple[dict[str, float], int]:
    """CPU seconds of each stage of one report, in the order of the path, and its sentences; one not readable has only the first."""
    spent: dict[str, float] = defaultdict(float)
    clock: float = time.process_time()

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.process_time()
        spent[stage] += now - clock
        clock = now

    document, _ = read_report(report)
    lap("reading")
    if document is None:
        return spent, 0
    sentences = analyse(document, models)
    lap("language")
    times = find_times(document, sentences, knowledge.times)
    lap("times")
    quantities = find_quantities(document, sentences, knowledge.quantities)
    lap("quantities")
    home = find_home(document.address, document.publisher, knowledge.papers, knowledge.gazetteer)
    places = find_places(document, sentences, knowledge.gazetteer, home)
    lap("places")
    actors = find_actors(document, sentences, places, knowledge.actors)
    lap("actors")
    quotations = find_quotations(document, sentences, actors, knowledge.cues)
    lap("quotations")
    events = code_events(document, sentences, Mentions(times, quantities, places, actors), quotations, knowledge)
    lap("events")
    enter_claims(document, sentences, events, model=models.version, knowledge=knowledge)
    lap("claims")
    return spent, len(sentences)


def cold_start(path: Path) -> float:
    """Wall seconds from the command to its last record, in a new process."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "dateline", "code", str(path), "--published", "2020-08-18", "--jsonl"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench speed", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of plain texts")
    parser.add_argument("--split", default="all")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeat", type=int, default=3, help="rounds over the folder; the first is not counted")
    options = parser.parse_args(argv)
    paths = sorted(options.data.glob("*.txt"))
    if not paths:
        print(f"no .txt in {options.data}", file=sys.stderr)
        return 2
    cold = min(cold_start(paths[0]) for _ in range(2))
    knowledge, models = load_knowledge(), load_models(threads=1)
    reports = [Report(p.name, p.read_bytes(), "text/plain", published=date(2020, 8, 18)) for p in paths]
    words = sum(len(r.raw.split()) for r in reports)
    rounds: list[dict[str, float]] = []
    sentences = 0
    for _ in range(options.repeat + 1):
        spent: dict[str, float] = defaultdict(float)
        sentences = 0
        for report in reports:
            own, count = time_stages(report, knowledge, models)
            sentences += count
            for stage, seconds in own.items():
                spent[stage] += seconds
        rounds.append(spent)
    best = min(rounds[1:], key=lambda c: sum(c.values()))
    total = sum(best.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"first result from a cold start   {cold:.2f} s")
    print(f"1,000 words, warm, one core      {1000 * total / words * 1000:.0f} CPU-ms   ({len(reports)} articles, {words:,} words)")
    print(f"a 400-word article               {400 * total / words * 1000:.0f} CPU-ms")
    print(f"peak memory                      {memory:.0f} MB")
    for stage, seconds in best.items():
        print(f"  {stage:12}{100 * seconds / total:5.1f} %{sentences / max(seconds, 1e-9):9,.0f} sentences a CPU second")
    if options.json:
        figures: dict[str, object] = {
            "name": "speed",
            "split": options.split,
            "n": len(reports),
            "seconds_cpu": round(total, 3),
            "version": __version__,
            "docs_per_s": round(len(reports) / total, 2),
            "cpu_ms_per_doc": round(1000 * total / len(reports), 1),
            "rss_mb": round(memory),
            "cold_start_s": round(cold, 2),
            "cpu_ms_per_1000_words": round(1e6 * total / words, 1),
        }
        shares = {stage: round(seconds / total, 4) for stage, seconds in best.items()}
        rates = {f"{stage}_sentences_per_s": round(sentences / max(seconds, 1e-9)) for stage, seconds in best.items()}
        print(json.dumps(figures | shares | rates))
    return 0
