"""The page of one event: a text of 60,000 characters with 400 quotes, and events of a big ledger.

    python -m bench event_page [--ledger FOLDER --events 20]

Without a ledger: what the server takes to lay out the long report, and, where Chromium is, how long after the answer it is painted.
With one: seconds for the page of so many of its events, and for what is around them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from dateline.ledger.derived import LinkRow
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import (
    READ,
    Actor,
    Block,
    Claim,
    Coder,
    Coding,
    Document,
    EventMention,
    EventPlace,
    EventTime,
    How,
    LinkedEvent,
    OffsetMap,
    Origin,
    Participant,
    Place,
    PlaceKind,
    Precision,
    PublicationDate,
    QuoteKind,
    Report,
    Span,
    Status,
    StatusValue,
    Teller,
)
from dateline.runs.events import read_around, read_event
from dateline.runs.pairs import likely_same
from dateline.views import event_page as view
from dateline.views.grounds import sheet_of
from dateline.web.site import Site
from tools.browsing import FLAGS, serving
from tools.install_browser import find_browser

CHARACTERS, CLAIMS = 60_000, 80
"""A claim has five quotes: its words, what, who, where and when."""
DAY = date(2024, 3, 9)
CODER = Coder("bench", "by hand", "1")
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Long:
    """Milliseconds for the long report: to lay it out, and in the browser from the answer to the first paint (None: no browser)."""

    characters: int
    quotes: int
    server_ms: float
    paint_ms: float | None


@dataclass(frozen=True)
class Events:
    """Seconds of processor and of the clock for events of a ledger, the middle one and the slowest."""

    events: int
    page_cpu: float
    page_cpu_most: float
    page_wall: float
    around_cpu: float
    around_cpu_most: float


def long_ledger(folder: Path) -> tuple[Ledger, str]:
    """A ledger of one long report, whose claims all tell of one event; and the event's id."""
    told = [f"Guards in town {n} seized the strikers of mill {n} on the night of 9 March" for n in range(CLAIMS)]
    filler = " It was a quiet street, and the lamps were out."
    per = (CHARACTERS // CLAIMS - max(map(len, told))) // len(filler)
    paragraphs = [f"{sentence} 🔥.{filler * per}" for sentence in told]
    text = "\n\n".join(paragraphs)
    text += "\n\n" + "Nothing more was heard. " * max(0, (CHARACTERS - len(text)) // 24 + 1)
    report = Report("long.txt", text.encode(), "text/plain", publisher="Il Registro", published=DAY)
    document = Document(
        id="dlong",
        name=report.name,
        raw_sha256=hashlib.sha256(report.raw).hexdigest(),
        text=text,
        blocks=tuple(_blocks(text)),
        offsets=OffsetMap(),
        title="The roll of that night",
        publisher=report.publisher,
        published=PublicationDate(DAY, Origin(How.GIVEN)),
    )
    claims = tuple(_claim(n, sentence, text) for n, sentence in enumerate(told))
    ledger = open_ledger(folder)
    ledger.add([Coding(report.name, document, claims)], [report], coder=CODER, known_at=NOON)
    links = [LinkRow(claim.id, claims[0].id, claims[0].id, 0.9, "by hand") for claim in claims]
    ledger.add_rows("links", links, by="by hand", known_at=NOON)
    return ledger, claims[0].id


def _blocks(text: str) -> list[Block]:
    found, start = [], 0
    for paragraph in text.split("\n\n"):
        found.append(Block(Span(start, start + len(paragraph))))
        start += len(paragraph) + 2
    return found


def _claim(number: int, sentence: str, text: str) -> Claim:
    start = text.index(sentence)

    def at(words: str) -> Span:
        place = text.index(words, start)
        return Span(place, place + len(words))

    town = Place(f"town {number}", PlaceKind.CITY, "ITA")
    guards = Actor(f"Guards in town {number}", "ITA", "COP", is_group=True)
    event = EventMention(
        type="COERCE",
        mode="arrest",
        contexts=(),
        trigger=at("seized"),
        evidence=Span(start, start + len(sentence)),
        actors=(Participant(guards, at(guards.name), READ),),
        recipients=(),
        time=EventTime(DAY, DAY, Precision.DAY, READ, at("the night of 9 March")),
        place=EventPlace(town, READ, at(town.name)),
        counts=(),
        status=Status(StatusValue.ASSERTED),
        attribution=(Teller(Actor("Il Registro", None, "JRN"), None, None, QuoteKind.INDIRECT),),
        rule="by hand",
        confidence=0.8,
    )
    return Claim(f"c{number:04}", "dlong", event, CODER)


def measure_long() -> Long:
    """Lays the long report out, the best of five, and has a browser paint it, the middle of five."""
    with TemporaryDirectory() as folder:
        ledger, id = long_ledger(Path(folder) / "ledger")
        site = Site(ledger)
        event = read_event(ledger, site.accounts, id)
        assert event is not None
        sheet = sheet_of(event, site.wording)
        sources = ledger.entered(sheet.documents)

        def laid_out() -> None:
            fresh = sheet_of(event, site.wording)
            str(view.accounts_table(fresh, sources))
            str(view.source_articles(fresh, sources))

        server = min(_seconds(laid_out)[0] for _ in range(5)) * 1000
        painted = _painted(site, f"/events/{id}")
        length = len(sources["dlong"].document.text)
        return Long(length, len(sheet.quotes), round(server, 1), painted)


def _painted(site: Site, path: str) -> float | None:
    """Milliseconds from the answer's last byte to the page's first paint; no Chromium or no Playwright: None."""
    chromium = find_browser()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if chromium is None:
        return None
    found: list[float] = []
    with serving(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for _ in range(5):
            page.goto(f"{address}{path}")
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            found.append(
                page.evaluate(
                    """() => performance.getEntriesByName('first-contentful-paint')[0].startTime
                        - performance.getEntriesByType('navigation')[0].responseEnd"""
                )
            )
        browser.close()
    return round(statistics.median(found), 1)


def measure_events(folder: Path, number: int) -> Events:
    """The pages of so many events of a ledger, drawn with a fixed seed."""
    ledger = open_ledger(folder, create=False)
    site = Site(ledger)
    claims = [row[0] for row in ledger.sql("SELECT claim_id FROM claims USING SAMPLE 2000 ROWS (reservoir, 7)").rows]
    chosen = random.Random(7).sample(sorted(claims), number)
    pages, arounds = [], []
    for claim in chosen:
        id = ledger.event_of(claim, judged=site.judged().events)
        pages.append(_seconds(partial(_shown, site, id)))
        event = read_event(ledger, site.accounts, id, people=site.judged())
        if event is not None:
            arounds.append(_seconds(partial(_looked_around, site, event)))
    middle = statistics.median
    cpu, wall, around = [c for c, _ in pages], [w for _, w in pages], [c for c, _ in arounds]
    figures = (middle(cpu), max(cpu), middle(wall), middle(around), max(around))
    return Events(len(pages), *(round(seconds, 3) for seconds in figures))


def _shown(site: Site, id: str) -> None:
    event = read_event(site.ledger, site.accounts, id, people=site.judged())
    if event is not None:
        sheet = sheet_of(event, site.wording)
        sources = site.ledger.entered(sheet.documents)
        str(view.accounts_table(sheet, sources))
        str(view.source_articles(sheet, sources))


def _looked_around(site: Site, event: LinkedEvent) -> None:
    near = read_around(site.ledger, site.accounts, event, people=site.judged())
    likely_same(site.ledger, near.event, near.neighbours, people=site.judged())


def _seconds(does: Callable[[], None]) -> tuple[float, float]:
    """Of the processor, and of the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    does()
    return time.process_time() - cpu, time.perf_counter() - wall


def main(argv: list[str]) -> int:
    """Prints the figures as a line of JSON each."""
    parser = argparse.ArgumentParser(prog="bench event_page", description=__doc__)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--events", type=int, default=20)
    given = parser.parse_args(argv)
    found = measure_events(given.ledger, given.events) if given.ledger else measure_long()
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
