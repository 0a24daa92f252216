"""A server that others can reach, in a real browser: the door, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.web.site import LOOPBACK, Options
from dateline.web.users import Users, write_users
from tests.browser.conftest import OpenPage, axe_violations, serving
from tests.web.world import world_at

PASSWORD = "nine grey herons"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks who comes in."""
    folder: Path = tmp_path_factory.mktemp("shut")
    write_users(folder / "users.json", Users().with_password("סעידה", PASSWORD))
    with serving(world_at(folder / "ledger"), Options(hosts=LOOPBACK, users=folder / "users.json")) as address:
        yield address


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_one_signs_in_goes_on_and_signs_out(open_page: OpenPage, script: bool) -> None:
    page = open_page("/you?a=1", script=script)
    assert page.url.endswith("/sign-in?next=%2Fyou%3Fa%3D1")
    if script:
        assert axe_violations(page) == []
    page.get_by_label("Name").focus()
    page.keyboard.type("סעידה")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/you?a=1")
    assert page.locator(".who bdi").inner_text() == "סעידה"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(page.url.replace("/sign-in", "/you"))
    assert "/sign-in" in page.url
