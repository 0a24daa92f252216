"""The page at size: a made-up million events brushed in a browser, and what every screen loads and gets wrong.

    python -m bench page [--events 1000000] [--ledger FOLDER] [--no-screens] [--no-decisions] [--json]

Chromium without a screen, on the processors there are: WebGL in software, all else drawn by the processor, as where there is no GPU
(to force all drawing through a GPU in software makes a frame some 300 ms longer, and nobody's browser does so). A brush is timed
from the input event to the first task after the frame that shows it (`drag`: a window of a year is moved by mouse; `jump`: the
address names another year);
`drag_cpu_ms` and `jump_cpu_ms` are what each costs the page's thread. Without `--ledger` the events are made up, and every screen
is looked at with the sample reports. Needs a built page.

With `--ledger` its board is made first if it is not there (`board_s`); then a server that has just started is asked for every page
twice (`answers`: seconds by the clock and of the processor), and a queue of decisions is worked through by keys on a copy
(`decisions`: from the key to the frame that shows the next thing, with that fetched ahead as for whoever looks before deciding; and
until the next but one is here, which is how fast somebody may go).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dateline import __version__
from dateline.cli import app as dateline_app
from dateline.knowledge.accounts import load_accounts
from dateline.ledger.store import open_ledger
from dateline.runs.board import KINDS, NO_DAY, NOTHING, Actors, Board, Places, Tables
from dateline.runs.board_upkeep import Making, bring_up_board
from dateline.web.app import make_app
from dateline.web.shell import PAGES
from dateline.web.site import Site
from tools.browsing import FLAGS, serving, violations
from tools.install_browser import find_browser

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "src" / "dateline" / "web" / "static" / "build"
YEARS = range(2012, 2022)
MOVES = 150

TIMED = """
window.timed = [];
window.afterPaint = (from) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => window.timed.push(performance.now() - from);
  channel.port2.postMessage(0);
});
"""

JUMP = """([since, until]) => new Promise((done) => {
  history.replaceState(null, "", `/?since=${since}&until=${until}`);
  const from = performance.now();
  dispatchEvent(new PopStateEvent("popstate"));
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - from);
    channel.port2.postMessage(0);
  });
})"""


# ---------------------------------------------------------------- events that never were


def few_often(chance: np.random.Generator, most: int, size: int) -> NDArray[np.int64]:
    """Numbers below `most`, the small ones most often, as places and actors are in the news."""
    drawn: NDArray[np.int64] = np.minimum((most ** chance.random(size)).astype(np.int64) - 1, most - 1)
    return drawn


def made_up(events: int, seed: int = 1) -> Board:
    """A board of made-up events over ten years: 24,000 places, 60,000 actors, days that are sure and days that are not."""
    chance = np.random.default_rng(seed)
    start = (datetime(YEARS[0], 1, 1) - datetime(1970, 1, 1)).days
    days = 3652
    first = np.sort(start + chance.integers(0, days, events))
    length = np.where(chance.random(events) < 0.25, chance.integers(1, 40, events), 0)
    last = first + length
    first[: events // 50] = NO_DAY
    last[: events // 100] = NO_DAY
    told = np.where(last == NO_DAY, start, last) + chance.integers(0, 6, events)
    parties, figures = chance.integers(1, 5, events), (chance.random(events) < 0.4).astype(np.int64)
    party_start, figure_start = (np.concatenate([[0], np.cumsum(lengths)]) for lengths in (parties, figures))
    whole, several = int(party_start[-1]), int(figure_start[-1])
    low = chance.integers(0, 60, several)
    high = np.where(chance.random(several) < 0.2, NOTHING["u4"], low + chance.integers(0, 20, several))
    places, actors = 24_000, 60_000
    made = {
        "first": first,
        "last": last,
        "precision": np.zeros(events),
        "told": told,
        "known": told + chance.integers(0, 30, events),
        "type": few_often(chance, 18, events),
        "mode": np.where(chance.random(events) < 0.4, NOTHING["u1"], few_often(chance, 40, events)),
        "status": few_often(chance, 8, events),
        "country": few_often(chance, 190, events),
        "place": np.where(chance.random(events) < 0.08, NOTHING["u4"], few_often(chance, places, events)),
        "documents": few_often(chance, 30, events) + 1,
        "witnesses": few_often(chance, 8, events) + 1,
        "claims": few_often(chance, 60, events) + 1,
        "confidence": chance.integers(30, 100, events),
        "review": np.where(chance.random(events) < 0.1, 1, 0),
        "flags": np.where(chance.random(events) < 0.7, 0, chance.integers(0, 64, events)),
        "party_start": party_start,
        "party": few_often(chance, actors, whole) * 4 + chance.integers(0, 3, whole),
        "figure_start": figure_start,
        "figure_what": few_often(chance, 6, several),
        "figure_low": low,
        "figure_high": high,
        "figure_flags": np.where(chance.random(several) < 0.8, 0, chance.integers(0, 8, several)),
        "coverage_day": np.arange(start, start + days),
        "coverage": chance.integers(20, 900, days),
    }
    columns = {name: made[name].astype(f"<{kind}") for name, kind in KINDS.items()}
    columns |= {"exact_low": low.astype("<f8"), "exact_high": np.where(high == NOTHING["u4"], np.inf, high).astype("<f8")}
    ids = np.char.mod("%020x", np.arange(events)).astype("S20")
    types = ["PROTEST", "ASSAULT", "COERCE", "ACCUSE", "CONSULT", "REQUEST", "REJECT", "COOPERATE", "SUPPORT"]
    types += ["AID", "AGREE", "CONCEDE", "RETREAT", "THREATEN", "SANCTION", "MOBILIZE", "ELECTION", "VOTE"]
    letters = [chr(65 + n // 26) + chr(65 + n % 26) + "X" for n in range(190)]
    latitude, longitude = chance.uniform(-60, 75, places), chance.uniform(-180, 180, places)
    tables = Tables(
        tuple(types),
        tuple(f"mode {n}" for n in range(40)),
        tuple(f"status {n}" for n in range(8)),
        tuple(letters),
        ("day", "month"),
        ("killed", "injured", "detained", "missing", "displaced", "participants"),
        Places(
            tuple(f"place {n}" for n in range(places)),
            tuple(letters[n % 190] for n in range(places)),
            (None,) * places,
            ("city",) * places,
            tuple(latitude.tolist()),
            tuple(longitude.tolist()),
        ),
        Actors(tuple(f"actor {n}" for n in range(actors)), (None,) * actors, (None,) * actors),
    )
    return Board(f"made-up-{events}-{seed}", None, tables, columns, ids, ids, ids, 3 * events, False)


@dataclass
class MadeUp(Site):
    """A site whose ledger is empty and whose board is given."""

    given: Board | None = None

    def board(self, as_of: datetime | None = None, *, is_waited_for: bool = False) -> Board:
        assert self.given is not None
        return self.given

    def behind(self, board: Board) -> Making | None:
        return None


# ---------------------------------------------------------------- serving and browsing


@dataclass
class Watched:
    """What pages asked for beyond their server, and complained of."""

    address: str
    elsewhere: int = 0
    complaints: int = 0

    def watch(self, page: Page) -> None:
        page.on("request", lambda asked: self._asked(asked.url))
        page.on("pageerror", lambda fault: self._complained())
        page.on("console", lambda said: self._complained() if said.type == "error" else None)

    def _asked(self, url: str) -> None:
        self.elsewhere += not url.startswith((self.address, "data:", "blob:"))

    def _complained(self) -> None:
        self.complaints += 1


def spread(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum, in milliseconds."""
    return {
        "p50": round(float(np.percentile(times, 50)), 1),
        "p95": round(float(np.percentile(times, 95)), 1),
        "max": round(max(times), 1),
    }


class Busy:
    """Milliseconds that the page's own thread kept a processor busy, which other work on the machine does not lengthen much."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.before = self._now()

    def since(self) -> float:
        """Since it was last asked."""
        now = self._now()
        spent, self.before = now - self.before, now
        return spent

    def _now(self) -> float:
        told = self.session.send("Performance.getMetrics")["metrics"]
        return 1000 * float(sum(metric["value"] for metric in told if metric["name"] == "TaskDuration"))


def brushed(browser: Browser, address: str, watched: Watched) -> dict[str, Any]:
    """Seconds until there is something to see and until all of it is there; milliseconds of a brush."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    watched.watch(page)
    page.goto(address + "/")
    page.locator(".events [data-row]").first.wait_for(timeout=120_000)
    ready = page.evaluate("performance.now()") / 1000
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0") / 1000
    page.wait_for_timeout(4000)  # the map's own chunk, and its first picture
    page.evaluate(TIMED)
    busy = Busy(page)
    jumps = [
        page.evaluate(JUMP, [f"{year}-{month:02}-01", f"{year + 1}-{month:02}-01"])
        for year in (2013, 2019, 2015, 2012, 2018, 2014, 2020, 2016)
        for month in (2, 9, 5, 11)
    ]
    jump_cpu = busy.since() / len(jumps)
    page.evaluate(JUMP, ["2013-01-01", "2013-12-31"])
    page.wait_for_timeout(600)
    page.evaluate("addEventListener('pointermove', (event) => window.afterPaint(event.timeStamp), true)")
    box = page.locator(".brush .window").bounding_box()
    assert box
    middle, y = box["x"] + box["width"] / 2, box["y"] + 30
    page.mouse.move(middle, y)
    page.mouse.down()
    page.evaluate("window.timed = []")
    busy.since()
    for step in range(MOVES):
        page.mouse.move(middle + 4 * (step if step < MOVES / 2 else MOVES - step), y)
        page.wait_for_timeout(8)
    drags = page.evaluate("window.timed")
    drag_cpu = busy.since() / max(1, len(drags))
    page.mouse.up()
    shown = page.locator(".summary").inner_text()
    page.close()
    return {
        "first_paint_s": round(paint, 2),
        "ready_s": round(ready, 2),
        "drag_ms": spread(drags),
        "jump_ms": spread(jumps),
        "drag_cpu_ms": round(drag_cpu, 1),
        "jump_cpu_ms": round(jump_cpu, 1),
        "shown": shown,
    }


def answered(ledger: Path) -> dict[str, dict[str, float]]:
    """What every page takes a server that has just started, the first time and the second: by the clock, and of the processor."""
    site = Site(open_ledger(ledger, create=False))
    found: dict[str, dict[str, float]] = {}
    with TestClient(make_app(site), base_url="http://localhost") as client:

        def ask(path: str) -> None:
            spent: list[float] = []
            for _ in range(2):
                clock, processor = time.perf_counter(), time.process_time()
                answer = client.get(path)
                spent += [time.perf_counter() - clock, time.process_time() - processor]
                if answer.status_code >= 400:
                    raise RuntimeError(f"{path}: {answer.status_code}")
            names = ("first_s", "first_cpu_s", "warm_s", "warm_cpu_s")
            found[path] = {name: round(seconds, 2) for name, seconds in zip(names, spent, strict=True)}

        for _, _, path in PAGES:
            ask(path)
        board = site.board()
        some = [board.id_of(row) for row in np.linspace(0, len(board) - 1, 3).astype(int).tolist()] if len(board) > 2 else []
        for path in ("/columns.bin", "/?q=police+detained", "/network", "/feed.atom", *(f"/events/{id}" for id in some)):
            ask(path)
        if some:
            ask(f"/merge?id={some[1]}&id={some[2]}")
    site.close()
    return found


DECISIONS = 30

WAITED = """
window.waited = [];
addEventListener("keydown", (event) => {
  const key = () => document.querySelector("#task .task")?.dataset.key;
  const [from, before] = [event.timeStamp, key()];
  const look = () => {
    if (key() === before) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.waited.push(performance.now() - from);
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
}, true);
"""


def decided(browser: Browser, ledger: Path) -> dict[str, Any]:
    """Milliseconds from a key to the next thing, and until the one after it is fetched. It enters judgements in the ledger."""
    site = Site(open_ledger(ledger, create=False))
    with closing(site), serving(site) as address:
        watched = Watched(address)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        watched.watch(page)
        page.goto(address + "/you?next=/review")
        page.get_by_label("name", exact=False).first.fill("Ada")
        with page.expect_navigation(url="**/review"):
            page.keyboard.press("Enter")
        page.locator("#task[data-ahead]").wait_for(state="attached", timeout=120_000)
        page.evaluate(WAITED)
        here = []
        for number in range(DECISIONS):
            began = time.perf_counter()
            page.keyboard.press("a" if number % 3 else "r")
            page.wait_for_function("number => window.waited.length > number", arg=number, timeout=60_000)
            page.locator("#task[data-ahead]").wait_for(state="attached", timeout=60_000)
            here.append(1000 * (time.perf_counter() - began))
        waited: list[float] = page.evaluate("window.waited")
        page.close()
    return {"next_ms": spread(waited), "ahead_ms": spread(here), "complaints": watched.complaints}


def script_before_map(browser: Browser, address: str) -> int:
    """Bytes, gzipped, of the scripts of the first page with no panel open."""
    page = browser.new_page(viewport={"width": 900, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "script" else None)
    page.goto(address + "/")
    page.locator(".events [data-row]").first.wait_for(timeout=120_000)
    page.close()
    names = {urlsplit(url).path.rpartition("/")[2] for url in asked}
    return sum(len(gzip.compress((BUILT / name).read_bytes())) for name in names if (BUILT / name).exists())


def screens(browser: Browser, ledger: Path) -> dict[str, Any]:
    """Every screen in light and dark: requests to elsewhere, complaints, and what axe-core finds by WCAG 2.2 A and AA."""
    site = Site(open_ledger(ledger, create=False))
    found: dict[str, list[str]] = {}
    with serving(site) as address:
        watched = Watched(address)
        board = site.board()
        paths = [path for _, _, path in PAGES] + ["/you"]
        paths += [f"/events/{board.id_of(0)}"] if len(board) else []
        for path in paths:
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 1280, "height": 900}
                )
                watched.watch(page)
                page.goto(address + path)
                page.wait_for_timeout(1500)
                if wrong := violations(page):
                    found[f"{path} {scheme}"] = wrong
                page.close()
    return {"screens": len(paths), "violations": found, "elsewhere": watched.elsewhere, "complaints": watched.complaints}


def sample_ledger(folder: Path) -> Path:
    """A ledger of the sample reports, linked."""
    for command in (["add", str(ROOT / "samples" / "belarus-2020"), "--ledger", str(folder)], ["link", "--ledger", str(folder)]):
        done = CliRunner().invoke(dateline_app, command)
        if done.exit_code:
            raise RuntimeError(done.output)
    return folder


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench page", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--ledger", type=Path, help="brush this ledger in place of made-up events, and look at its screens")
    parser.add_argument("--no-screens", action="store_true", help="leave out accessibility and requests of every screen")
    parser.add_argument("--no-decisions", action="store_true", help="leave out a copy of the ledger that is judged by keys")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    chromium = find_browser()
    if chromium is None:
        print("no Chromium on this machine")
        return 1
    figures: dict[str, Any] = {"version": __version__}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        if options.ledger:
            began = time.perf_counter()
            bring_up_board(open_ledger(options.ledger, create=False), load_accounts(), workers=os.cpu_count() or 1)
            figures["board_s"] = round(time.perf_counter() - began, 1)
            figures["answers"] = answered(options.ledger)
            site = Site(open_ledger(options.ledger, create=False))
        else:
            site = MadeUp(open_ledger(Path(folder) / "empty"), given=made_up(options.events))
        with serving(site) as address:
            watched = Watched(address)
            figures |= {"events": len(site.board()), "script_gz": script_before_map(browser, address)}
            figures |= brushed(browser, address, watched)
            figures |= {"elsewhere": watched.elsewhere, "complaints": watched.complaints}
        if options.ledger and not options.no_decisions:
            figures["decisions"] = decided(browser, Path(shutil.copytree(options.ledger, Path(folder) / "copy")))
        if not options.no_screens:
            figures["all_screens"] = screens(browser, options.ledger or sample_ledger(Path(folder) / "samples"))
        browser.close()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:14} {value}")
    return 0
