"""The queue in a browser: a key a decision, the next thing there at once, words that are pointed at, and who was quicker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from dateline.ledger.store import open_ledger
from dateline.web.site import Site
from tests.browser.conftest import axe_violations, serving
from tests.web.ledgers import samples_at
from tests.web.world import event_called, world_at

AT_ONCE = 1500
"""Milliseconds within which the next thing stands there: ten times what it may take on a machine that does nothing else."""


class Reviewer:
    """Somebody at a page of their own, under a name."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.address = address
        self.page.goto(f"{address}/you?next=/review")
        self.page.get_by_label("name", exact=False).first.fill(name)
        with self.page.expect_navigation(url="**/review"):
            self.page.keyboard.press("Enter")
        self.settled()

    def settled(self) -> None:
        """Waits until what comes next is here too."""
        self.page.locator("#task[data-ahead]").wait_for(state="attached")

    def key(self) -> str:
        return self.page.locator(".task").get_attribute("data-key") or ""

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def leaves(self, key: str) -> None:
        """Waits until that thing is no longer shown, and what follows from it is asked for."""
        self.page.wait_for_function("key => document.querySelector('.task')?.dataset.key !== key", arg=key)
        self.settled()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples_at(tmp_path_factory.mktemp("reviewed") / "ledger")


@pytest.fixture(scope="module")
def address(ledger: Path) -> Iterator[str]:
    with serving(ledger) as address:
        yield address


@pytest.fixture
def ada(browser: Browser, address: str) -> Iterator[Reviewer]:
    reviewer = Reviewer(browser, address, "Ada")
    yield reviewer
    reviewer.context.close()
    assert reviewer.complaints == []


def is_entered(ledger: Path, said: str) -> bool:
    """Waits until the last entry of the log says this: who, and the kinds."""
    log, until = Site(open_ledger(ledger, create=False)).log, time.monotonic() + 30
    while time.monotonic() < until:
        entry = log.entries()[-1]
        if f"{entry.by.name} {' '.join(judgement.kind.value for judgement in entry.judgements)}" == said:
            return True
        time.sleep(0.05)
    return False


def test_a_key_decides_and_the_next_thing_is_there_before_the_server_has_answered(ada: Reviewer, ledger: Path) -> None:
    ada.page.goto(f"{ada.address}/review?work=readings")
    ada.settled()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ada.page.route("**/judgements", hold)
    before = ada.key()
    took = ada.page.evaluate(
        """before => new Promise(done => {
            const began = performance.now();
            new MutationObserver((_, observer) => {
                if (document.querySelector(".task")?.dataset.key === before) return;
                observer.disconnect();
                done(performance.now() - began);
            }).observe(document.getElementById("task"), {childList: true, subtree: true});
            document.dispatchEvent(new KeyboardEvent("keydown", {key: "r", bubbles: true, cancelable: true}));
        })""",
        before,
    )
    assert took < AT_ONCE
    assert ada.page.evaluate("document.activeElement.id") == "task-title"
    ada.page.wait_for_timeout(50)
    (decision,) = held
    decision.continue_()
    assert is_entered(ledger, "Ada rejected")
    ada.page.unroute("**/judgements")
    for key in "aar":
        before = ada.key()
        ada.press(key)
        ada.leaves(before)
    assert is_entered(ledger, "Ada rejected")
    assert ada.page.locator('.told-back[role="alert"]').count() == 0


def test_skipping_and_undoing_are_a_key_each(ada: Reviewer, ledger: Path) -> None:
    first = ada.key()
    ada.press("s")
    ada.leaves(first)
    second = ada.key()
    claim = ada.page.locator(".task [data-claim]").first.get_attribute("data-claim")
    ada.press("a")
    ada.leaves(second)
    ada.press("u")
    ada.page.locator(f'.task [data-claim="{claim}"]').first.wait_for()
    ada.settled()
    assert is_entered(ledger, "Ada undone")


def test_words_are_pointed_at_by_keyboard_and_snap_to_whole_letters(ada: Reviewer, ledger: Path) -> None:
    ada.press("w")
    for _ in range(2):
        ada.press("Shift+ArrowRight")
    ada.press("Enter")
    form = ada.page.locator("#correct form.stays").first
    span = form.locator('input[name="span"]').input_value()
    words = form.locator('input[name="words"]').input_value()
    start, end = map(int, span.split("-"))
    claim = ada.page.locator(".passage").first.get_attribute("data-claim") or ""
    text = open_ledger(ledger, create=False).show(claim).document.text
    assert words == text[start:end]
    assert words.strip() == words != ""
    ada.press("Enter")
    ada.page.locator(".told-back").wait_for()
    ada.settled()
    assert is_entered(ledger, "Ada corrected")


def test_who_was_quicker_is_shown_and_nothing_is_lost(ada: Reviewer, browser: Browser, address: str, ledger: Path) -> None:
    mine = ada.key()
    ben = Reviewer(browser, address, "Ben")
    ben.page.goto(f"{address}/review?key={mine}")
    assert "has this in hand" in ben.page.locator(".in-hand").inner_text()
    ben.press("r")
    assert is_entered(ledger, "Ben rejected")
    ben.context.close()
    ada.press("a")
    told = ada.page.locator(".told-back")
    told.wait_for()
    assert "somebody judged the same meanwhile" in told.inner_text()
    assert "Ben" in told.inner_text()
    assert ada.key() == mine
    told.get_by_role("button").click()
    ada.leaves(mine)
    assert is_entered(ledger, "Ada accepted")


def test_an_open_form_of_corrections_is_for_everybody(ada: Reviewer) -> None:
    ada.press("c")
    assert ada.page.evaluate("document.activeElement.tagName") == "SELECT"
    assert axe_violations(ada.page) == []
    ada.page.emulate_media(color_scheme="dark")
    assert axe_violations(ada.page) == []
    ada.page.set_viewport_size({"width": 320, "height": 640})
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_events_are_merged_by_keyboard_after_a_look_at_what_would_be(browser: Browser, tmp_path: Path) -> None:
    ledger = world_at(tmp_path / "world")
    with serving(ledger) as address:
        ada = Reviewer(browser, address, "Ada")
        ada.page.goto(f"{address}/merge?id={event_called('the rally')}&id={event_called('the march')}")
        assert ada.page.get_by_role("table", name="Tallies before and after").is_visible()
        ada.press("y")
        ada.page.wait_for_url("**/events/*")
        ada.context.close()
    assert is_entered(ledger, "Ada merged")
