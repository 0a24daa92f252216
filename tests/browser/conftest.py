"""A real browser on a real server: Chromium without a screen, a ledger of the sample reports, nothing else within reach."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.site import LOOPBACK, Options, Site
from tests.web.ledgers import samples_at
from tools.build_page import OUT
from tools.install_browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",
    "--disable-accelerated-2d-canvas",
)
AXE = ROOT / "page" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@contextlib.contextmanager
def serving(ledger: Path, options: Options | None = None) -> Iterator[str]:
    """A server of that ledger in a thread; gives its address, without a slash at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = make_app(Site(open_ledger(ledger, create=False), options or Options(hosts=LOOPBACK)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_browser()
    if chromium is None:
        pytest.skip("no Chromium on this machine: `make browser` says how to have one")
    if not (ROOT / OUT / "shell.js").is_file():
        pytest.skip("the page's scripts are not bundled: `make page`, which needs node")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the sample reports, one for all tests of a module: they may judge, and not rely on nobody having judged."""
    with serving(samples_at(tmp_path_factory.mktemp("served") / "ledger")) as address:
        yield address


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens an address of the server in a window of its own. Whatever asks another origin, or complains, fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        path: str,
        *,
        dark: bool = False,
        width: int = 1280,
        height: int = 800,
        script: bool = True,
        touch: bool = False,
        missing_is_fine: bool = False,
    ) -> Page:

        def is_complaint(said: ConsoleMessage) -> bool:
            # That a page itself is missing is said there too.
            is_page = missing_is_fine and said.location["url"] == address + path
            return said.type in {"error", "warning"} and not is_page

        context = browser.new_context(
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            has_touch=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request", lambda asked: None if asked.url.startswith((address, "data:", "blob:")) else complaints.append(asked.url)
        )
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


def axe_violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong on the page by WCAG 2.2 A and AA, or by these rules alone, each with where."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `make page`, which needs node and npm")
    # By way of the debugger, which the page's content policy does not bind.
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG)}
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [f"{v['id']}: {v['help']} ({', '.join(str(n['target']) for n in v['nodes'][:5])})" for v in found["violations"]]
