"""The first page in a browser: linked views, an address that says what is shown, and keys for all that a mouse does."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe_violations


def explored(open_page: OpenPage, path: str = "/", **options: object) -> Page:
    page = open_page(path, **options)
    page.locator(".events [data-row]").first.wait_for()
    return page


def shown(page: Page) -> int:
    return int(page.locator(".summary").inner_text().split()[0].replace(",", ""))


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_accessible(open_page: OpenPage, dark: bool) -> None:
    page = explored(open_page, "/?type=PROTEST&country=-LTU&since=2020-08-12", dark=dark)
    page.get_by_text("The same as a table").click()
    assert axe_violations(page) == []


def test_reload_and_back_restore_what_was_shown(open_page: OpenPage) -> None:
    page = explored(open_page)
    everything = shown(page)
    page.get_by_role("checkbox", name="PROTEST").check()
    page.wait_for_url("**type=PROTEST**")
    protests = shown(page)
    page.get_by_role("button", name="not Minsk", exact=True).click()
    page.wait_for_url("**place=-Minsk**")
    elsewhere = shown(page)
    assert everything > protests > elsewhere
    page.get_by_label("Order").select_option("place")
    page.wait_for_url("**sort=place**")
    rows = page.locator(".events .what").all_inner_texts()
    page.reload()
    page.locator(".events .what a").first.wait_for()
    assert shown(page) == elsewhere
    expect(page.locator(".events .what").first).to_have_text(rows[0])
    page.go_back()
    page.go_back()
    expect(page.locator(".summary")).to_contain_text(f"{protests} of {everything} events")
    page.go_back()
    expect(page.locator(".summary")).to_contain_text(f"{everything} events")


def test_the_window_of_days_is_moved_by_keys_and_its_ends_can_be_open(open_page: OpenPage) -> None:
    page = explored(open_page)
    everything = shown(page)
    first = page.get_by_role("slider", name="First day")
    assert first.get_attribute("aria-valuetext") == "open"
    page.get_by_label("From", exact=True).fill("2020-08-16")
    page.get_by_label("From", exact=True).press("Tab")
    page.wait_for_url("**since=2020-08-16**")
    narrowed = shown(page)
    assert narrowed < everything
    first.press("ArrowRight")
    page.wait_for_url("**since=2020-08-17**")
    assert first.get_attribute("aria-valuetext") == "17 August 2020"
    assert "until" not in query(page)
    first.press("Delete")
    page.wait_for_url(re.compile(r"/$"))
    assert shown(page) == everything


def test_the_window_is_brushed_by_mouse(open_page: OpenPage) -> None:
    page = explored(open_page)
    everything = shown(page)
    box = page.locator(".brush .catch").bounding_box()
    assert box
    y = box["y"] + 20
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=4)
    page.mouse.up()
    page.wait_for_url("**since=**until=**")
    assert 0 < shown(page) < everything


def test_counts_of_a_facet_are_those_under_the_other_filters(open_page: OpenPage) -> None:
    page = explored(open_page, "/?type=PROTEST")
    row = page.locator("section.facet", has=page.get_by_role("heading", name="Country")).locator("li", has_text="BLR")
    told = int(row.locator(".number").inner_text())
    row.get_by_role("checkbox").check()
    page.wait_for_url("**country=BLR**")
    assert shown(page) == told


def test_it_says_aloud_how_many_are_left_and_which_filter_left_none(open_page: OpenPage) -> None:
    page = explored(open_page)
    page.get_by_role("searchbox", name="Words in quotes").fill("no such words anywhere")
    page.get_by_role("searchbox", name="Words in quotes").press("Enter")
    expect(page.locator("#live")).to_have_text(re.compile(r"^0 of \d+ events"))
    expect(page.locator(".empty")).to_contain_text("the words “no such words anywhere”")
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#live")).to_have_text(re.compile(r"^\d+ events from 25 documents"))


def test_events_are_chosen_and_opened_by_keys_and_the_address_keeps_the_choice(open_page: OpenPage) -> None:
    page = explored(open_page)
    page.locator(".events .what a").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_url("**at=**")
    second = page.locator(".events tr.chosen .what a").inner_text()
    page.reload()
    expect(page.locator(".events tr.chosen .what a")).to_have_text(second)
    page.keyboard.press("o")
    page.wait_for_url("**/events/**")


def test_the_list_makes_only_the_rows_in_sight_and_reaches_the_last(open_page: OpenPage) -> None:
    page = explored(open_page)
    table = page.locator(".events table")
    total = shown(page)
    assert table.get_attribute("aria-rowcount") == str(total + 1)
    assert page.locator(".events [data-row]").count() < total / 3
    page.locator(".events").evaluate("list => list.scrollTop = list.scrollHeight")
    page.locator(f'.events tr[aria-rowindex="{total + 1}"] a').wait_for()
    assert page.locator(".plot *").count() < 2000


def test_without_script_there_is_a_list_and_a_form(open_page: OpenPage) -> None:
    page = open_page("/?type=PROTEST", script=False)
    assert page.locator(".listed tbody tr").count() > 5
    page.get_by_label("Words in quotes, titles and fields").fill("strike")
    page.get_by_role("button", name="Show").click()
    assert query(page)["q"] == ["strike"]


def test_it_can_be_used_at_320_pixels(open_page: OpenPage) -> None:
    page = explored(open_page, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".facet-pane > summary").click()
    page.get_by_role("checkbox", name="PROTEST").check()
    page.wait_for_url("**type=PROTEST**")
