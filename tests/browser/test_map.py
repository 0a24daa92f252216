"""The map and the network beside the list of events."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from dateline.web.site import LOOPBACK, Options
from tests.browser.conftest import OpenPage, axe_violations, serving
from tests.web.world import world_at

BUSY = 90_000
"""Milliseconds that a busy machine may take to draw the first picture by software."""

NO_WEBGL = """
const own = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : own.call(this, kind, ...more);
};
"""

COLOURS = """async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(image.width / 2 - 20, image.height / 2 - 20, 40, 40);
  return [...new Set(Array.from({ length: 1600 }, (_, i) => data.slice(4 * i, 4 * i + 3).join()))];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(world_at(tmp_path_factory.mktemp("map") / "ledger")) as address:
        yield address


def show_map(page: Page, path: str, base: str) -> None:
    """Goes there and waits until the map stands on that base."""
    page.set_default_timeout(BUSY)
    page.goto(page.url.partition("/you")[0].rstrip("/").partition("/?")[0] + path)
    page.locator(".panels").wait_for()
    if not page.locator(".map-frame").count() and not page.locator(".panels [aria-pressed=true]").count():
        page.get_by_role("button", name="Map", exact=True).click()
    page.locator(f".map-frame[data-base={base}]").wait_for()


def middle(page: Page) -> list[str]:
    """The colours of the base in the middle of the map, as they are seen."""
    page.evaluate("document.querySelector('.map-marks').style.visibility = 'hidden'")
    page.wait_for_timeout(1000)
    told: list[str] = page.evaluate(COLOURS, base64.b64encode(page.locator(".map-frame").screenshot()).decode())
    return told


def entries(page: Page) -> list[list[str]]:
    """The list of places in view: name and number of events of each."""
    page.locator(".map-places li").first.wait_for(state="attached")
    told: list[list[str]] = page.eval_on_selector_all(
        ".map-places li button", "items => items.map(i => [i.querySelector('bdi').textContent, i.dataset.events])"
    )
    return told


CHUKOTKA, ATLANTIC, PACIFIC = "179,67.2,-179,67.8", "-40,44,-36,47", "178.5,-25,-178.5,-23"
"""Land that the antimeridian crosses, and seas over which rings that are not cut there lie as wedges or lines."""


def test_there_is_no_seam_or_wedge_and_without_webgl_the_same_is_shown(open_page: OpenPage) -> None:
    with_webgl = open_page("/you", width=1500, height=1000)
    without = open_page("/you", width=1500, height=1000)
    without.add_init_script(NO_WEBGL)
    told = {}
    for page, base in ((with_webgl, "gl"), (without, "canvas")):
        seen = []
        for box in (CHUKOTKA, ATLANTIC, PACIFIC):
            show_map(page, f"/?box={box}", base)
            seen.append(middle(page))
        land, *seas = seen
        assert len(land) == 1, f"{base}: land is one colour across the antimeridian"
        assert all(sea == seas[0] and len(sea) == 1 for sea in seas), f"{base}: seas hold nothing else"
        assert land != seas[0]
        show_map(page, "/", base)
        told[base] = entries(page)
    assert told["gl"] == told["canvas"]
    assert told["gl"]


def test_it_is_worked_by_keyboard_to_the_words_of_a_report(open_page: OpenPage) -> None:
    page = open_page("/you", width=1500, height=1000)
    page.add_init_script(NO_WEBGL)
    show_map(page, "/", "canvas")
    before = sum(int(events) for _, events in entries(page))
    page.locator(".map-frame").focus()
    for _ in range(4):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("0")
    page.wait_for_timeout(500)
    assert sum(int(events) for _, events in entries(page)) == before
    page.keyboard.press("Enter")
    page.locator(".map-places button:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#map-opened:focus").wait_for()
    page.locator(".map-events a[href^='/events/']").first.wait_for()
    assert page.locator(".map-events q").count() > 0
    page.get_by_role("button", name="Only what is in view").click()
    page.wait_for_url("**box=**")


def test_the_network_leads_to_the_quotes_of_a_tie(open_page: OpenPage) -> None:
    page = open_page("/you", width=1500, height=1000)
    page.add_init_script(NO_WEBGL)
    show_map(page, "/", "canvas")
    page.get_by_role("button", name="Network", exact=True).click()
    page.locator(".network-frame").focus()
    page.keyboard.press("Enter")
    page.locator(".network-ties tbody button:focus").wait_for()
    events = int(page.locator(".network-ties tbody button").first.inner_text())
    page.keyboard.press("Enter")
    page.locator("#network-opened:focus").wait_for()
    page.locator(".network-opened .map-events a").first.wait_for()
    assert page.locator(".network-opened .map-events li").count() == min(events, 25)
    assert axe_violations(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_accessible_and_fits_a_narrow_window(open_page: OpenPage, dark: bool) -> None:
    page = open_page("/you", width=320, dark=dark)
    page.add_init_script(NO_WEBGL)
    show_map(page, "/", "canvas")
    page.click(".map-places summary")
    page.locator(".map-places button").first.click()
    page.locator(".map-events li").first.wait_for()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(page.url.partition("/?")[0].rstrip("/") + "/network")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_by_touch_days_are_chosen_and_the_link_to_them_is_copied(open_page: OpenPage) -> None:
    page = open_page("/", width=900, height=900, touch=True)
    page.set_default_timeout(BUSY)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    device = page.context.new_cdp_session(page)

    def touch(kind: str, y: float, *at: float) -> None:
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x in at]})

    def drag() -> None:
        box = page.locator(".brush .catch").bounding_box()
        assert box is not None
        y, left, right = box["y"] + box["height"] / 2, box["x"] + box["width"] * 0.3, box["x"] + box["width"] * 0.7
        touch("touchStart", y, left)
        for step in range(1, 9):
            touch("touchMove", y, left + (right - left) * step / 8)
        touch("touchEnd", y)

    for is_last in (False, False, True):  # on a busy machine the page may still move under the finger, and people try again
        drag()
        try:
            page.wait_for_url("**since=**", timeout=BUSY / 3)
            break
        except TimeoutError:  # playwright's own
            if is_last:
                raise
    assert "until=" in page.url
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Link copied").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


PINK = (200, 30, 120)


def pmtiles_of(colour: tuple[int, int, int]) -> bytes:
    """A PMTiles file (version 3) of one tile, the whole world in one colour, as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + bytes(colour) * 256) * 256)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    length = bytes([len(png) & 127 | 128, len(png) >> 7]) if len(png) > 127 else bytes([len(png)])
    root = bytes([1, 0, 1]) + length + bytes([1])  # one entry: tile 0, one run, so many bytes, from the first on
    told = b"{}"
    at = 127 + len(root)
    header = b"PMTiles\x03" + struct.pack(
        "<11Q6B4iB2i",
        *(127, len(root), at, len(told), at + len(told), 0, at + len(told), len(png), 1, 1, 1),
        *(1, 1, 1, 2, 0, 0),  # clustered, nothing compressed, PNG, zoom 0 alone
        *(-1800000000, -850000000, 1800000000, 850000000, 0, 0, 0),
    )
    return header + root + told + png


def test_tiles_of_ones_own_take_the_place_of_the_base_map(browser: Browser, tmp_path: Path) -> None:
    tiles = tmp_path / "own.pmtiles"
    tiles.write_bytes(pmtiles_of(PINK))
    options = Options(hosts=LOOPBACK, basemap=tiles)
    with serving(world_at(tmp_path / "ledger"), options) as address, browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/you")
        show_map(page, f"/?box={ATLANTIC}", "gl")
        page.wait_for_timeout(1500)
        assert middle(page) == [",".join(map(str, PINK))]
        assert all(url.startswith((address, "blob:", "data:")) for url in asked)
