"""What so many articles a day take on rented machines: cores, memory, disk and money, from what `bench growth --json` measured.

    python -m bench growth --data TEXTS --json > growth.json
    python -m bench scale --measured growth.json [--articles 1000000 10000000] [--price-per-core-hour 0.04] [--json]

Everything is arithmetic on the measured figures and on assumptions that are options: what a core and a gigabyte cost, how busy
cores may be on average, how many pages are copies or nothing to us and never reach the reader. Nothing here was run at that size.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WORKER_MB = 350
"""Memory a worker is given, by which machines are chosen; `memory_mb` of two workers and the run that they work for is measured."""


@dataclass(frozen=True)
class Assumed:
    """What was not measured. Prices in whatever currency they are given in; `days` that disk is kept for."""

    price_per_core_hour: float = 0.04
    price_per_gb_month: float = 0.02
    busy: float = 0.7
    """Share of the time that cores are at work: the rest is for peaks, retries and the last batch."""
    skipped: float = 0.0
    """Share of articles that are passed over before the language stage (docs/gate.md)."""
    cores_per_machine: int = 16
    days: int = 365


@dataclass(frozen=True)
class Plan:
    """A row of the plan: a day of articles."""

    articles: int
    core_hours: float
    cores: int
    machines: int
    memory_gb: float
    disk_gb_a_day: float
    disk_gb_kept: float
    driver_cores: float
    """Cores that runs themselves need, which read, hand out and write: each is one process, so whole ones are so many runs."""
    money_a_day: float
    money_a_million: float


def plan(articles: int, measured: Mapping[str, Any], assumed: Assumed) -> Plan:
    """What a day of so many articles takes."""
    reading = measured["read_ms"]
    rest = measured["whole_ms"] - reading
    core_hours = articles * (reading + (1 - assumed.skipped) * rest) / 3_600_000
    cores = math.ceil(core_hours / 24 / assumed.busy)
    disk = articles * measured["bytes_per_article"] / 1e9
    money = cores * 24 * assumed.price_per_core_hour + disk * assumed.days * assumed.price_per_gb_month * 12 / 365
    return Plan(
        articles=articles,
        core_hours=core_hours,
        cores=cores,
        machines=math.ceil(cores / assumed.cores_per_machine),
        memory_gb=cores * WORKER_MB / 1000,
        disk_gb_a_day=disk,
        disk_gb_kept=disk * assumed.days,
        driver_cores=articles * measured["driver_ms"] / 86_400_000 / assumed.busy,
        money_a_day=money,
        money_a_million=money / articles * 1e6,
    )


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", type=Path, required=True, help="what `bench growth --json` printed")
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000_000, 10_000_000], help="a day")
    for field, default in asdict(Assumed()).items():
        parser.add_argument(f"--{field.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    measured = json.loads(options.measured.read_text(encoding="utf-8"))
    assumed = Assumed(**{field: getattr(options, field) for field in asdict(Assumed())})
    plans = [plan(articles, measured, assumed) for articles in options.articles]
    if options.json:
        print(json.dumps({"name": "scale", "assumed": asdict(assumed), "plans": [asdict(row) for row in plans]}))
        return 0
    print(f"{measured['whole_ms']:.0f} CPU-ms an article, {measured['bytes_per_article']:,} bytes kept of it; assumed: {assumed}")
    for name in Plan.__dataclass_fields__:
        values = [getattr(row, name) for row in plans]
        print(f"{name:16}" + "".join(f"{v:16,.1f}" if isinstance(v, float) else f"{v:16,}" for v in values))
    return 0
