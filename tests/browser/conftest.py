"""A real browser on a real server: Chromium without a screen, a ledger of the sample reports, nothing else within reach."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from dateline.ledger.store import open_ledger
from dateline.web.site import LOOPBACK, Options, Site
from tests.web.ledgers import samples_at
from tools.browsing import AXE, FLAGS, violations
from tools.browsing import serving as served
from tools.build_page import OUT
from tools.install_browser import find_browser

ROOT = Path(__file__).resolve().parents[2]


def serving(ledger: Path, options: Options | None = None) -> contextlib.AbstractContextManager[str]:
    """A server of that ledger; gives its address, without a slash at the end."""
    return served(Site(open_ledger(ledger, create=False), options or Options(hosts=LOOPBACK)))


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
    return violations(page, *rules)
