"""What every request passes, and what none gets past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.assets import Assets
from dateline.web.guard import MAX_FIELDS, MAX_FORM, MAX_TARGET, form_of, own_path
from dateline.web.site import Options, Site


def server(folder: Path, **given: Any) -> Starlette:
    """A server of an empty ledger, with a page that fails and one that takes forms."""

    def fails(request: Request) -> Response:
        raise RuntimeError("what nobody is to read")

    def echoes(request: Request) -> Response:
        return PlainTextResponse(repr(form_of(request)))

    app = make_app(Site(open_ledger(folder / "ledger"), Options(**given)))
    app.router.routes += [Route("/fails", fails), Route("/echoes", echoes, methods=["POST"])]
    return app


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(server(tmp_path), base_url="http://localhost", raise_server_exceptions=False)


def token(client: TestClient) -> str:
    """The token of the client's session, as pages give it to scripts."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/you").text)
    assert found is not None
    return found[1]


# ---------------------------------------------------------------- what is answered


def test_a_page_is_answered_with_a_policy_that_allows_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/you")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/you", "/nowhere", "/fails", "/static/site.css", "/static/none.css"])
def test_every_answer_has_the_policy(client: TestClient, path: str) -> None:
    assert "default-src 'self'" in client.get(path).headers["content-security-policy"]


def test_a_mistake_of_ours_shows_nothing_of_itself(client: TestClient) -> None:
    for accept in ("text/html", "application/json"):
        answer = client.get("/fails", headers={"accept": accept})
        assert answer.status_code == 500
        assert "nobody is to read" not in answer.text
        assert "Traceback" not in answer.text
        assert "mistake of the program" in answer.text


def test_an_address_that_leads_nowhere_says_so(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "leads nowhere" in answer.text
    assert client.get("/nowhere", headers={"accept": "application/json"}).json() == {"error": "/nowhere leads nowhere here."}


def test_head_and_options_are_answered_and_open_nothing(client: TestClient) -> None:
    answer = client.head("/you")
    assert (answer.status_code, answer.text) == (200, "")
    asked = client.options("/you", headers={"origin": "http://elsewhere.example", "access-control-request-method": "POST"})
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control")]


# ---------------------------------------------------------------- hosts


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]", "[::1]:8001", "localhost.:1"])
def test_a_host_of_ours_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/you", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["rebound.example", "rebound.example:8001", "[::2]:8001", "127.0.0.1.rebound.example", "localhost.rebound.example"]
)
def test_a_host_that_is_not_ours_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/you", headers={"host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.text


@pytest.mark.parametrize(
    "host", ["", "localhost:http", "localhost:1:2", "elsewhere.example@localhost", "localhost/x", "::1", "[::1"]
)
def test_what_is_no_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/you", headers={"host": host}).status_code == 400


def test_two_hosts_are_refused(client: TestClient) -> None:
    headers = [("host", "localhost"), ("host", "rebound.example")]
    assert client.get("/you", headers=headers).status_code == 400


def test_a_host_can_be_allowed(tmp_path: Path) -> None:
    client = TestClient(server(tmp_path, hosts=frozenset({"desk.example"})), base_url="http://desk.example:8001")
    assert client.get("/you").status_code == 200
    assert client.get("/you", headers={"host": "localhost"}).status_code == 421


# ---------------------------------------------------------------- what writes


def test_what_writes_without_a_token_is_refused(client: TestClient) -> None:
    assert client.post("/echoes", data={"a": "1"}).status_code == 403
    right = token(client)
    for given in ("", "x", right[:-1], right + "x", "é"):
        assert client.post("/echoes", data={"a": "1", "csrf": given}).status_code == 403
    assert client.post("/echoes", data={"a": ["1", "2"], "csrf": right}).text == repr({"a": ["1", "2"], "csrf": [right]})
    assert client.post("/echoes", data={"a": "1"}, headers={"x-csrf-token": right}).status_code == 200


def test_a_token_of_another_session_is_refused(client: TestClient, tmp_path: Path) -> None:
    other = token(TestClient(server(tmp_path / "other"), base_url="http://localhost"))
    token(client)
    assert client.post("/echoes", data={"csrf": other}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "http://localhost.elsewhere.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "null"},
        {"origin": "http://localhost:x"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_what_another_sites_page_sends_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/echoes", data={"csrf": token(client)}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_what_a_page_of_ours_sends_is_taken(client: TestClient) -> None:
    right = token(client)
    for headers in ({"origin": "http://localhost"}, {"origin": "https://localhost"}, {"sec-fetch-site": "same-origin"}):
        assert client.post("/echoes", data={"csrf": right}, headers=headers).status_code == 200


def test_a_read_only_server_takes_nothing_but_who_one_is(tmp_path: Path) -> None:
    client = TestClient(server(tmp_path, is_readonly=True), base_url="http://localhost")
    right = token(client)
    answer = client.post("/echoes", data={"csrf": right})
    assert answer.status_code == 403
    assert "--readonly" in answer.text
    assert client.post("/you", data={"csrf": right, "name": "Ada"}, follow_redirects=False).status_code == 303


def test_a_form_that_is_too_long_is_refused_before_it_is_read(client: TestClient) -> None:
    right = {"x-csrf-token": token(client)}

    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    length = {"content-length": str(MAX_FORM + 1)}
    assert client.post("/echoes", content=never(), headers=right | length).status_code == 413
    assert client.post("/echoes", content=b"", headers=right | {"content-length": "-1"}).status_code == 400


def test_a_form_that_does_not_say_how_long_it_is_is_read_no_further_than_the_limit(client: TestClient) -> None:
    pieces = (b"a" * 100_000 for _ in range(MAX_FORM // 100_000 + 10))
    assert client.post("/echoes", content=pieces, headers={"x-csrf-token": token(client)}).status_code == 413


def test_a_form_of_too_many_fields_is_refused(client: TestClient) -> None:
    headers = {"x-csrf-token": token(client), "content-type": "application/x-www-form-urlencoded"}
    assert client.post("/echoes", content=b"a=&" * (MAX_FIELDS + 1), headers=headers).status_code == 413


def test_an_address_that_is_too_long_is_refused(client: TestClient) -> None:
    assert client.get("/you?" + "a" * MAX_TARGET).status_code == 414


# ---------------------------------------------------------------- where one is sent on to


@pytest.mark.parametrize("path", ["/", "/review?kind=a&b=c", "/events/3f#words", "/actors/%D7%A0", "/documents?q=//x"])
def test_a_path_of_ours_is_gone_on_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "review", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "https://elsewhere.example",
        "javascript:alert(1)", "/\t/elsewhere.example", "/\n/elsewhere.example", "\t//elsewhere.example", " //elsewhere.example",
        "/a\r\nSet-Cookie: x=y", "///elsewhere.example", "/x\\..\\y",
    ],
)  # fmt: skip
def test_what_could_lead_elsewhere_leads_to_the_first_page(path: str | None) -> None:
    assert own_path(path) == "/"


# ---------------------------------------------------------------- sheets and scripts


def test_a_sheet_is_kept_by_what_it_holds(client: TestClient) -> None:
    found = re.search(r'href="(/static/site\.css\?v=[0-9a-f]+)"', client.get("/you").text)
    assert found is not None
    answer = client.get(found[1])
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    for path in ("/static/site.css", "/static/site.css?v=0123"):
        assert client.get(path).headers["cache-control"] == "no-cache"
    again = client.get("/static/site.css", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


@pytest.mark.parametrize("path", ["..%2fapp.py", "%2e%2e/app.py", "..%5capp.py", "%2fetc%2fpasswd", "", "build", "site.css%00.js"])
def test_nothing_else_is_served_as_a_file(client: TestClient, path: str) -> None:
    request = client.build_request("GET", "http://localhost/")
    request.url = request.url.copy_with(raw_path=f"/static/{path}".encode())
    answer = client.send(request)
    assert answer.status_code == 404
    assert "starlette" not in answer.text


@pytest.mark.parametrize(
    "name", ["../app.py", "/etc/passwd", "build/../../app.py", ".hidden.css", "./site.css", "site.css/", "icon.exe", ""]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "static"
    (folder / "build").mkdir(parents=True)
    for path in (tmp_path / "app.py", tmp_path / "app.css", folder / ".hidden.css", folder / "site.css", folder / "icon.exe"):
        path.write_text("x")
    (folder / "link.css").symlink_to(tmp_path / "app.css")
    assets = Assets(folder)
    assert assets.address("site.css") is not None
    assert assets.address("link.css") is None
    assert assets.address(name) is None


def test_pages_are_sent_smaller_and_columns_as_they_are(tmp_path: Path) -> None:
    app = server(tmp_path)
    app.router.routes.append(Route("/columns", lambda request: Response(b"\0" * 5000, media_type="application/octet-stream")))
    client = TestClient(app, base_url="http://localhost")
    assert client.get("/you").headers.get("content-encoding") == "gzip"
    assert "content-encoding" not in client.get("/columns").headers
