"""One event: words and values lead to one another, by mouse, by keyboard, and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, axe_violations, serving
from tests.web.world import MARKER, event_called, world_at


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the made-up world in place of the samples: every kind of account is in it."""
    with serving(world_at(tmp_path_factory.mktemp("served") / "ledger")) as address:
        yield address


def path_of(happening: str) -> str:
    return f"/events/{event_called(happening)}"


def marked(page: Page) -> list[str]:
    """The words that are marked in the reports now, in the order of the page."""
    return page.locator(".source mark.on").all_inner_texts()


def is_in_sight(page: Page, selector: str) -> bool:
    inside = page.evaluate(
        "s => { const b = document.querySelector(s).getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }",
        selector,
    )
    return bool(inside)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_accessible(open_page: OpenPage, dark: bool) -> None:
    page = open_page(path_of("arrests at the gate"), dark=dark)
    page.locator(".around").wait_for()
    page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    assert axe_violations(page) == []


def test_a_value_leads_to_its_words_and_back_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(path_of("arrests at the gate"), height=600)
    page.keyboard.press("j")
    page.keyboard.press("j")
    key = page.evaluate("document.activeElement.dataset.key")
    words = page.evaluate("document.activeElement.querySelector('q').textContent")
    assert "".join(marked(page)) == words
    page.wait_for_timeout(700)
    assert is_in_sight(page, ".source mark.on")
    page.keyboard.press("Enter")
    page.locator(f'.source .refs a[data-key="{key}"]').first.focus()
    assert page.locator(f'.fields a[data-key="{key}"].on').count() >= 1
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.fields') !== null")
    assert page.evaluate("document.activeElement.dataset.key") == key


def test_hovering_a_word_marks_its_value(open_page: OpenPage) -> None:
    page = open_page(path_of("arrests at the gate"))
    page.locator(".source mark.f-count").first.hover()
    assert page.locator(".fields a.on").count() >= 1


def test_without_script_links_and_folds_do_the_same(open_page: OpenPage) -> None:
    page = open_page(path_of("arrests at the gate"), script=False)
    page.locator(".fields a.words").first.press("Enter")
    page.locator(".source mark:target").wait_for()
    page.locator(".around-link a").click()
    assert page.locator(".around").count() == 1


def test_marks_in_arabic_emoji_and_combining_marks_are_exact(open_page: OpenPage) -> None:
    page = open_page(path_of("the march in the north"))
    pairs = page.evaluate(
        """() => {
            const marks = [...document.querySelectorAll('[data-m]')];
            const words = key => marks.filter(m => m.dataset.m.split(' ').includes(key)).map(m => m.textContent).join('');
            return [...document.querySelectorAll('.fields a[data-span]')]
                .map(a => [a.querySelector('q').textContent, words(a.dataset.key)])
                .filter(([, there]) => there);
        }"""
    )
    assert len(pairs) >= 3
    assert all(quote == there for quote, there in pairs)


def test_hostile_names_do_nothing(open_page: OpenPage) -> None:
    page = open_page(path_of("hostile markup"))
    page.locator(".around").wait_for()
    assert page.evaluate(f"window.{MARKER}") is None


def test_it_fits_a_narrow_window(open_page: OpenPage) -> None:
    page = open_page(path_of("arrests at the gate"), width=320)
    page.locator(".around").wait_for()
    assert page.evaluate("document.querySelector('main').scrollWidth") <= 320


def test_on_paper_quotes_are_numbered(open_page: OpenPage) -> None:
    page = open_page(path_of("arrests at the gate"))
    page.emulate_media(media="print")
    assert page.locator(".paper").is_visible()
    assert not page.locator(".judge").is_visible()
    assert page.locator(".paper ol").first.locator("li").count() >= 10


def test_a_long_report_is_shown_at_once(open_page: OpenPage) -> None:
    """60,000 characters with hundreds of quotes: the bound is wide, `python -m bench page` has the figures."""
    page = open_page(path_of("the roll"))
    timing = page.evaluate(
        """() => { const [n] = performance.getEntriesByType('navigation'); return n.domContentLoadedEventEnd - n.responseEnd; }"""
    )
    assert page.locator(".source mark").count() >= 100
    assert timing < 5000
