"""What an article costs from its page to its link, stage by stage, with two workers, and whether that stays so as there are more.

    python -m bench growth --data TEXTS [--articles 24] [--json]

TEXTS is a folder of plain texts, or JSON lines with a "text" each (gzipped or not). Each becomes a page of the usual kind: a few
hundred links, scripts and styles around the article. CPU time is that of all processes, less what it takes to start them, which is
told apart; memory is what they have resident together, at its highest. The stages are measured in one process; `other_ms` is what
adding takes beyond them: handing over, weighing, keeping, and what two workers side by side take from each other. Articles differ
in length, so costs are given for one of 400 words. The sizes are 1, 4 and 16 times the articles; larger ones begin with those of
the smaller.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.reprints import read_texts, without_copies
from bench.speed import time_stages
from dateline import __version__
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.ledger.store import open_ledger
from dateline.records import Coder, Report
from dateline.runs.add import add_reports
from dateline.runs.coder import load_coder
from dateline.runs.link import link_ledger
from dateline.runs.local import code_reports

CODER = Coder("growth", "growth", "growth")
WORDS = 400
"""Words of the article that costs are given for."""
MOST_WORDS = 1_500
"""Words of a text that are kept: what is longer is no article."""
SIZES = (1, 4, 16)
STAGES = {"reading": "read", "language": "language", "events": "events", "claims": "claims"}
"""What `bench speed` calls them; all its other stages find mentions."""


def page_of(text: str, number: int) -> bytes:
    """An article as a web page has it, some fifty kilobytes with what stands around it."""
    paragraphs = "".join(f"<p>{html.escape(part.strip())}</p>\n" for part in text.split("\n") if part.strip())
    links = "".join(f'<li><a href="/section/{n}" class="nav-item nav-item--{n % 7}">Section {n}</a></li>' for n in range(150))
    script = "".join(f"window.q{n}=window.q{n}||[];window.q{n}.push(['set','key{n}',{n * number}]);\n" for n in range(300))
    style = "".join(f".c{n}{{margin:{n % 9}px;padding:{n % 5}px;color:#{n:06x}}}\n" for n in range(300))
    more = "".join(f'<div class="card"><a href="/story/{n}"><h4>Other story {n}</h4></a></div>' for n in range(30))
    head = f"<title>Story {number}</title><style>{style}</style><script>{script}</script>"
    body = f"<nav><ul>{links}</ul></nav><main><article>{paragraphs}</article><aside>{more}</aside></main><footer>Contact</footer>"
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def texts_of(path: Path) -> list[str]:
    """Articles of a folder or file, copies once, none longer than MOST_WORDS."""
    found = [file.read_text(encoding="utf-8") for file in sorted(path.glob("*.txt"))] if path.is_dir() else read_texts(path, "all")
    return [_cut(text) for text in without_copies(found) if len(text.split()) >= 100]


def _cut(text: str) -> str:
    kept: list[str] = []
    words = 0
    for part in text.split("\n"):
        words += len(part.split())
        if kept and words > MOST_WORDS:
            break
        kept.append(part)
    return "\n".join(kept)


def reports_of(texts: Sequence[str]) -> list[Report]:
    """The texts as pages, published on days of one month."""
    begin = date(2020, 8, 1)
    return [
        Report(f"{n}.html", page_of(text, n), "text/html", publisher="The Paper", published=begin + timedelta(days=n % 30))
        for n, text in enumerate(texts)
    ]


# ---------------------------------------------------------------- what is spent


def cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


class Watch:
    """The highest memory, in MB, that this process and its descendants had resident together while the block ran (Linux).

    `spent`: CPU seconds that looking took, which are this process's too.
    """

    def __enter__(self) -> Watch:
        self.highest, self.spent, self._is_over = 0.0, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(0.5):
            self.highest = max(self.highest, sum(map(_resident, _tree(os.getpid()))))
        self.spent = time.thread_time()


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        children[parent].append(int(path.parent.name))
    found, due = [], [root]
    while due:
        found.append(process := due.pop())
        due += children[process]
    return found


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        return 0.0


# ---------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Size:
    """One size: CPU milliseconds for an article of 400 words, without starting; memory of all processes, bytes of the ledger."""

    articles: int
    words: int
    add_ms: float
    driver_ms: float
    """Of these what the run itself takes, beside its workers."""
    link_ms: float
    memory_mb: float
    bytes_per_article: float

    @property
    def whole_ms(self) -> float:
        return self.add_ms + self.link_ms


def measure(reports: Sequence[Report], words: int, start: float) -> Size:
    """Adds the reports to a new ledger with two workers, and links it. `start`: CPU seconds that starting takes."""
    share = 1000 * WORDS / words
    with tempfile.TemporaryDirectory(prefix="dateline-growth-") as scratch:
        ledger = open_ledger(Path(scratch) / "ledger")
        begun, own = cpu(), time.process_time()
        with Watch() as watch:
            add_reports(reports, ledger, load_coder, coder=CODER, now=now, workers=2)
        added, driver = cpu(), time.process_time() - own - watch.spent
        link_ledger(ledger, now=now)
        linked = cpu()
        size = sum(path.stat().st_size for path in ledger.path.rglob("*") if path.is_file())
    return Size(
        articles=len(reports),
        words=words,
        add_ms=(added - begun - watch.spent - start) * share,
        driver_ms=driver * share,
        link_ms=(linked - added) * share,
        memory_mb=watch.highest,
        bytes_per_article=size / len(reports),
    )


def now() -> datetime:
    return datetime.now(UTC)


def start_of(report: Report) -> float:
    """CPU seconds to start two workers: a run over a report that says nothing, twice, the lesser."""
    empty = [Report(f"{n}.txt", b"Nothing happened.", "text/plain") for n in range(2)]
    spent = []
    for _ in range(2):
        begun = cpu()
        list(code_reports(empty, load_coder, workers=2))
        spent.append(cpu() - begun)
    return min(spent)


def stages_of(reports: Sequence[Report], words: int) -> dict[str, float]:
    """CPU milliseconds of each stage for an article of 400 words, in one process."""
    knowledge, models = load_knowledge(), load_models(threads=1)
    time_stages(reports[0], knowledge, models)
    spent: dict[str, float] = defaultdict(float)
    for report in reports:
        for stage, seconds in time_stages(report, knowledge, models)[0].items():
            spent[STAGES.get(stage, "mentions")] += 1000 * WORDS * seconds / words
    return dict(spent)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of plain texts, or JSON lines with a text each")
    parser.add_argument("--articles", type=int, default=24, help="articles at 1×")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    texts = texts_of(options.data)[: options.articles * SIZES[-1]]
    if len(texts) < options.articles * SIZES[-1]:
        print(
            f"{options.data}: {len(texts)} articles, and {options.articles * SIZES[-1]} are needed: fewer --articles",
            file=sys.stderr,
        )
        return 2
    reports = reports_of(texts)
    words = [len(text.split()) for text in texts]
    start = start_of(reports[0])
    few = options.articles
    stages = stages_of(reports[:few], sum(words[:few]))
    sizes = []
    for times in SIZES:
        begun = time.monotonic()
        sizes.append(measure(reports[: few * times], sum(words[: few * times]), start))
        print(f"{few * times} articles in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    raw = sum(len(report.raw) for report in reports) / len(reports)
    figures = {
        "name": "growth",
        "split": options.data.name,
        "n": len(reports),
        "version": __version__,
        "start_s": round(start, 2),
        "page_bytes": round(raw),
        **{f"{stage}_ms": round(spent, 1) for stage, spent in stages.items()},
        "other_ms": round(sizes[0].add_ms - sum(stages.values()), 1),
        "driver_ms": round(sizes[-1].driver_ms, 1),
        "link_ms": round(sizes[-1].link_ms, 1),
        "whole_ms": round(sizes[-1].whole_ms, 1),
        "memory_mb": round(max(size.memory_mb for size in sizes)),
        "bytes_per_article": round(sizes[-1].bytes_per_article),
        "growth": round(sizes[-1].whole_ms / sizes[0].whole_ms, 3),
        "sizes": [{**{k: round(v, 1) for k, v in asdict(size).items()}, "whole_ms": round(size.whole_ms, 1)} for size in sizes],
    }
    if options.json:
        print(json.dumps(figures))
        return 0
    for key, value in figures.items():
        if key != "sizes":
            print(f"{key:20}{value}")
    for size in sizes:
        print(f"{size.articles:6} articles  add {size.add_ms:6.0f} ms  link {size.link_ms:6.1f} ms  {size.memory_mb:6.0f} MB")
    return 0
