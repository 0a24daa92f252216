"""What every page has."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, axe_violations


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_first_page_is_accessible(open_page: OpenPage, dark: bool) -> None:
    assert axe_violations(open_page("/", dark=dark)) == []


def test_the_theme_is_turned_and_kept(open_page: OpenPage) -> None:
    page = open_page("/")
    page.click("#theme")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"


def test_keys_are_listed_and_can_be_changed(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("?")
    field = page.get_by_label("Show these keys")
    assert field.input_value() == "?"
    field.press("k")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("k")
    page.locator("dialog").wait_for(state="visible")
