"""A folder of pages opened from the file system: it needs no server, asks for nothing, and can be read by everybody."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser
from typer.testing import CliRunner

from dateline.cli import app
from tests.web.world import event_called, world_at
from tools.browsing import violations


def test_a_folder_opens_from_the_file_system_and_asks_for_nothing_else(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    command = ["export", "--to", "html", "-o", str(folder), "--country", "NZL", "--ledger", str(world_at(tmp_path / "world"))]
    assert CliRunner().invoke(app, command).exit_code == 0
    context = browser.new_context(color_scheme="dark", viewport={"width": 320, "height": 700})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for name in ("index.html", "days.html", "documents.html", f"events/{event_called('arrests at the gate')}.html"):
        page.goto((folder / name).as_uri())
        assert page.evaluate("getComputedStyle(document.querySelector('.mast')).display") == "flex", "the sheets are not applied"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
    assert [address for address in asked if not address.startswith(folder.as_uri())] == []
    page.click("text=Events by day")
    page.click("ol.told a >> nth=0")
    assert page.locator("h1").count() == 1
    context.close()
