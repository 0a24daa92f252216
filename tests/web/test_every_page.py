"""What every page of the server keeps to, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from urllib.parse import urlencode

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.guard import OWN_WRITES
from dateline.web.site import Options, Site
from tests.browser.screens import SCREENS
from tests.web.world import HOSTILE, HOSTILE_ATTRIBUTE, document_called, event_called, judged_world_at

FIELDS = (
    "as_of", "q", "type", "country", "place", "actor", "since", "until", "dates", "review", "box", "witnesses", "flag", "sort",
    "at", "zoom", "page", "from", "what", "by", "group", "id", "claims", "key", "rows", "kind", "about", "rule", "person", "to",
    "publisher", "after", "shelf", "order", "per", "number",
)  # fmt: skip
STRANGE = (
    "",
    "²",
    "-1",
    "99999999999999999999",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    HOSTILE_ATTRIBUTE,
    "%00",
    "\ud7ff",
    "a" * 200,
)
"""What nobody should ask, and what numbers and days are not."""
ALONE = 3

ASKING = {"/audit/verify"}
"""What is sent as a form and writes nothing."""


Elements = list[tuple[str, dict[str, str | None]]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: Elements = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements_of(page: str) -> Elements:
    """The elements of a page with their attributes, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.elements


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(open_ledger(judged_world_at(tmp_path_factory.mktemp("world") / "ledger"), create=False))


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(make_app(site), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def paths(site: Site) -> list[str]:
    """An address for every route that can be asked for: those of screens, and data beside them."""
    known = {screen.route: screen.path.partition("?")[0] for screen in SCREENS}
    filled = {
        "{id}": event_called("the march"),
        "{number:int}": "1",
        "{name:path}": "Ada",
        "{sha256}": "0" * 64,
        "{path:path}": "site.css",
    }
    found = []
    for route in make_app(site).routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            path = known.get(route.path, route.path)
            if path.startswith("/documents/"):
                path = path.replace("{id}", document_called("arabic.txt"))
            for name, value in filled.items():
                path = path.replace(name, value)
            found.append(path)
    return found


def test_no_question_is_a_mistake_of_ours(client: TestClient, site: Site) -> None:
    """Each page is asked for all fields at once, and for a few alone: it may stop at the first that it does not understand."""
    faults = []
    turn = cycle(STRANGE)
    field = cycle(FIELDS)
    for path in paths(site):
        strange = next(turn)
        asked = [[(name, strange) for name in FIELDS], *([(next(field), next(turn))] for _ in range(ALONE))]
        for fields in asked:
            if client.get(f"{path}?{urlencode(fields)}", follow_redirects=False).status_code >= 500:
                faults.append((path, fields[:2]))
    assert faults == []


def test_what_is_asked_comes_back_as_text(client: TestClient, site: Site) -> None:
    for path in paths(site):
        answer = client.get(f"{path}?{urlencode([(name, HOSTILE) for name in FIELDS])}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert HOSTILE not in answer.text, path


@pytest.fixture(scope="module")
def found(client: TestClient) -> dict[str, Elements]:
    """The elements of every screen, by its name."""
    return {screen.name: elements_of(client.get(screen.path).text) for screen in SCREENS}


def test_no_page_has_style_or_script_of_its_own(found: dict[str, Elements]) -> None:
    for name, elements in found.items():
        for tag, attributes in elements:
            assert tag != "style", name
            assert not [a for a in attributes if a == "style" or a.startswith("on")], (name, tag, attributes)
            assert tag != "script" or "src" in attributes or attributes["type"] == "application/json", name


def test_every_form_that_is_posted_has_the_token(found: dict[str, Elements]) -> None:
    for name, elements in found.items():
        posted = [attributes for tag, attributes in elements if tag == "form" and attributes.get("method") == "post"]
        tokens = [attributes for tag, attributes in elements if tag == "input" and attributes.get("name") == "csrf"]
        assert len(tokens) >= len(posted), (name, posted)


def test_a_read_only_server_offers_nothing_to_judge(site: Site) -> None:
    client = TestClient(make_app(Site(site.ledger, Options(is_readonly=True))), base_url="http://localhost")
    offered = []
    for screen in SCREENS:
        for tag, attributes in elements_of(client.get(screen.path).text):
            action = (attributes.get("action") or "").partition("?")[0]
            if tag == "form" and attributes.get("method") == "post" and action not in OWN_WRITES | ASKING:
                offered.append((screen.name, action))
    assert offered == []
