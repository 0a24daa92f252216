"""How long the map's overlay and the network take to draw, in Chromium without a screen or a graphics card.

    python -m bench drawing [--split made] [--json]

Places, counts and actors are made up: a million events in 11,000 places and in 200; 300 actors with 1,000 ties and 1,000 with
4,000. Each picture is drawn 40 times by software; the figures are milliseconds of processor time a picture, of the thread that
draws it, so that a busy machine does not count. The layout of 300 actors is timed too, in processor time of the server. Needs
node and Chromium; no data: `--data` is taken and not used.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from dateline.runs.network import Network, Node, Tie, layout
from tools.browsing import FLAGS
from tools.install_browser import find_browser

PAGE = Path(__file__).resolve().parents[1] / "page"

BUNDLE = """import { build } from "esbuild";
await build({ entryPoints: ["bench/draw.ts"], bundle: true, outfile: process.argv[1], logLevel: "error" });"""


TIMES = 40


def measured() -> dict[str, float]:
    """Milliseconds of each picture of page/bench/draw.ts."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bundle = Path(folder) / "draw.js"
        subprocess.run(["node", "--input-type=module", "-e", BUNDLE, str(bundle)], cwd=PAGE, check=True)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page()
        page.add_script_tag(content=bundle.read_text(encoding="utf-8"))
        debugger = page.context.new_cdp_session(page)
        debugger.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            told = debugger.send("Performance.getMetrics")["metrics"]
            return float(next(metric["value"] for metric in told if metric["name"] == "TaskDuration"))

        taken = {}
        for name in page.evaluate("Object.keys(pictures)"):
            draw = f"pictures[{json.dumps(name)}](); document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1)"
            page.evaluate(draw)
            before = spent()
            page.evaluate(f"for (let i = 0; i < {TIMES}; i++) {{ {draw} }}")
            taken[name] = (spent() - before) / TIMES * 1000
        browser.close()
    return taken


def layout_time(actors: int, ties: int) -> float:
    """Milliseconds of processor time that the server takes for a layout, once."""
    chance = random.Random(1)
    nodes = tuple(Node(f"actor {n}", (), (), 1, 1, 0) for n in range(actors))
    ends = [(chance.randrange(actors), chance.randrange(actors)) for _ in range(ties)]
    made = tuple(Tie(source, target, "PROTEST", chance.randrange(1, 20), 1) for source, target in ends)
    start = time.process_time()
    layout(Network(nodes, made, actors, 0, ties))
    return (time.process_time() - start) * 1000


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench drawing", description=__doc__.partition("\n")[0])
    parser.add_argument("--data")
    parser.add_argument("--split", default="made")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    told = {**measured(), "layout of 300 actors, 1,000 ties": layout_time(300, 1000)}
    print(json.dumps(told) if given.json else "\n".join(f"{name:34}{taken:8.1f}" for name, taken in told.items()))
    return 0
