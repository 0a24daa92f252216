"""What holds of every screen: it is accessible, by keyboard alone, in a narrow window; and what a report calls itself is text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from starlette.routing import Route

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.site import Site
from tests.browser.conftest import OpenPage, axe_violations, serving
from tests.browser.screens import DATA, NO_SCREENS, SCREENS, Screen
from tests.web.world import MARKER, judged_world_at

MOST_TABS = 150
by_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the made-up ledger."""
    with serving(judged_world_at(tmp_path_factory.mktemp("world") / "ledger")) as address:
        yield address


def settled(page: Page) -> None:
    """Waits until scripts have asked for what they need."""
    page.wait_for_load_state("networkidle")


@by_screen
def test_a_screen_is_for_everybody(open_page: OpenPage, screen: Screen) -> None:
    page = open_page(screen.path, missing_is_fine=screen.route == "/nowhere")
    settled(page)
    assert page.evaluate(f"window.{MARKER}") is None
    assert page.locator("h1").count() == 1
    assert strange_links(page) == []
    assert axe_violations(page) == []
    assert unreached(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce", forced_colors="none")
    assert axe_violations(page, "color-contrast") == []
    assert moving(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert too_wide(page) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert unframed(page) == []


@by_screen
def test_a_screen_does_without_script(open_page: OpenPage, screen: Screen) -> None:
    page = open_page(screen.path, script=False, missing_is_fine=screen.route == "/nowhere")
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()
    assert page.locator(".needs-script:visible").count() == 0
    # What is meant for the eye is text: markup of a report would be elements of ours.
    assert page.locator("main script, main img[src='x'], main b:text-is('Town')").count() == 0


@pytest.mark.parametrize("screen", [s for s in SCREENS if "arabic" in s.name or "hebrew" in s.name], ids=lambda s: s.name)
def test_what_is_written_from_right_to_left_reads_so(open_page: OpenPage, screen: Screen) -> None:
    page = open_page(screen.path)
    settled(page)
    assert leftward(page) == []


def test_every_page_of_the_server_is_among_the_screens(tmp_path: Path) -> None:
    app = make_app(Site(open_ledger(tmp_path / "ledger")))
    pages = {route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())}
    missing = {path for path in pages if not path.endswith((*DATA, ".{name}"))} - NO_SCREENS - {screen.route for screen in SCREENS}
    assert missing == set()


# ---------------------------------------------------------------- what is looked for; nothing found: an empty list


def strange_links(page: Page) -> list[str]:
    """Addresses that are no page's: scripts, data, and what a report gave as its own address and is none."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
            .flatMap(e => ["href", "src", "action", "formaction"].map(name => e.getAttribute(name)).filter(Boolean))
            .filter(a => !/^(https?|blob):/.test(new URL(a, location.href).href))"""
    )
    return found


def unreached(page: Page) -> list[str]:
    """Controls that Tab does not come to, and those that do not show that they have the focus."""
    wanted: int = page.evaluate(
        """() => {
            const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.closest("[inert]");
            const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
            const all = [...document.querySelectorAll(kinds)]
                .filter(e => e.tabIndex >= 0 && shown(e) && e.id !== "content")
                // One of a group of radio buttons has the focus; arrows lead to the others.
                .filter(e => e.type !== "radio" || e.checked || !document.querySelector(`input[name="${e.name}"]:checked`));
            window.wantedOnes = new Set(all);
            document.activeElement?.blur();
            window.scrollTo(0, 0);
            return all.length;
        }"""
    )
    faults: list[str] = []
    # A field for a day has a stop for each of its parts.
    for _ in range(min(wanted, MOST_TABS) + 4 * page.locator("input[type=date]:visible").count() + 2):
        page.keyboard.press("Tab")
        fault: str | None = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e || e === document.body) return null;
                window.wantedOnes.delete(e);
                const s = getComputedStyle(e), drawn = e.matches("canvas, svg, svg *");
                const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1;
                return ring || s.boxShadow !== "none" || drawn ? null : "no ring: " + e.outerHTML.slice(0, 100);
            }"""
        )
        faults += [fault] if fault else []
    left: list[str] = page.evaluate("() => [...window.wantedOnes].map(e => 'not reached: ' + e.outerHTML.slice(0, 100))")
    return faults + (left if wanted <= MOST_TABS else [])


def moving(page: Page) -> list[str]:
    """What moves although less motion was asked for."""
    found: list[str] = page.evaluate(
        """() => document.getAnimations().filter(a => a.playState === "running")
            .map(a => a.effect?.target?.outerHTML.slice(0, 100) ?? "?")"""
    )
    return found


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways in a window of 320 pixels; what scrolls within itself does not."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const scrolls = e => /(auto|scroll|hidden|clip)/.test(getComputedStyle(e).overflowX);
            const inside = e => e.parentElement !== document.body && (scrolls(e.parentElement) || inside(e.parentElement));
            return [...document.querySelectorAll("body *")]
                .filter(e => e.getBoundingClientRect().right > width + 1 && !inside(e))
                .map(e => Math.round(e.getBoundingClientRect().right) + " " + e.outerHTML.slice(0, 90)).slice(0, 5)
                .concat(["the page is " + document.documentElement.scrollWidth + " wide"]);
        }"""
    )
    return found


def unframed(page: Page) -> list[str]:
    """Buttons and fields that have neither frame nor ground where colours are the system's."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main button, main .button, main input:not([type=hidden]), main select")]
            .filter(e => e.checkVisibility() && !/radio|checkbox|range/.test(e.type ?? ""))
            .filter(e => getComputedStyle(e).borderStyle === "none" && getComputedStyle(e).textDecorationLine === "none")
            .map(e => e.outerHTML.slice(0, 100)).slice(0, 5)"""
    )
    return found


def leftward(page: Page) -> list[str]:
    """Text that begins with letters written from right to left and is laid out from left to right."""
    found: list[str] = page.evaluate(
        """() => {
            const faults = [];
            const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const text = walk.currentNode.data, parent = walk.currentNode.parentElement;
                const letter = /\\p{L}/u.exec(text)?.[0];
                if (!letter || !/\\p{Script=Arabic}|\\p{Script=Hebrew}/u.test(letter) || !parent.checkVisibility()) continue;
                if (getComputedStyle(parent).direction !== "rtl" && !parent.closest("svg, script, option"))
                    faults.push(parent.outerHTML.slice(0, 120));
            }
            return faults.slice(0, 8);
        }"""
    )
    return found
