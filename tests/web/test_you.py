"""Who sits at the page: saying who one is, signing in, being kept out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.web import users
from dateline.web.app import make_app
from dateline.web.door import FREE_TRIES, IDLE, LONGEST_WAIT, Doorkeeper, Refused
from dateline.web.site import Options, Site
from dateline.web.users import LONGEST_NAME, Users, UsersError, person, read_users, write_users

PASSWORD = "nine grey herons"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess that costs nothing: what it costs otherwise is a fifth of a second each time."""
    monkeypatch.setattr(users, "COST", 2)
    monkeypatch.setattr(users, "_NOBODY", users._NOBODY.replace(f"${2**15}$", "$2$"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    write_users(path, Users().with_password("Ada", PASSWORD).with_password("נועם", PASSWORD + "!"))
    return path


def client_of(folder: Path, **given: object) -> TestClient:
    site = Site(open_ledger(folder / "ledger"), Options(**given))  # type: ignore[arg-type]
    scheme = "https" if given.get("is_secure") else "http"
    return TestClient(make_app(site, cookie="dateline-8001"), base_url=f"{scheme}://localhost", follow_redirects=False)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return client_of(tmp_path)


@pytest.fixture
def shut(tmp_path: Path, file: Path) -> TestClient:
    return client_of(tmp_path, users=file)


def send(client: TestClient, path: str, page: str = "/you", **fields: str) -> tuple[int, str, str]:
    """Sends a form with the token of a page: the status, where it leads, and the words."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    answer = client.post(path, data={"csrf": found[1] if found else "", **fields})
    return answer.status_code, answer.headers.get("location", ""), answer.text


# ---------------------------------------------------------------- saying who one is


def test_who_says_who_they_are_judges_under_that_name(client: TestClient) -> None:
    assert "Who are you?" in client.get("/you").text
    assert send(client, "/you", name="  Ada   Lovelace ", next="/review?kind=a")[:2] == (303, "/review?kind=a")
    assert "You: <bdi>Ada Lovelace</bdi>" in client.get("/you").text


def test_next_leads_nowhere_else(client: TestClient) -> None:
    assert send(client, "/you", name="Ada", next="//elsewhere.example")[:2] == (303, "/")
    assert 'name="next" value="/"' in client.get("/you?next=https://elsewhere.example").text
    assert 'name="next" value="/review"' in client.get("/you?next=/review").text


@pytest.mark.parametrize("name", ["<script>x</script>", '"><img src=x onerror=x>', "=1+1", "סעידה", "Zoe\u0308 👩‍👩‍👧"])
def test_a_name_is_only_ever_a_name(client: TestClient, name: str) -> None:
    assert send(client, "/you", name=name)[0] == 303
    page = client.get("/you").text
    assert "<script>x" not in page
    assert "<img" not in page
    assert page.count("<bdi>") == 1


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "Ada\u202egnp.exe", "a\x00b", "\ud800", "\u200b"])
def test_a_name_that_cannot_be_read_is_refused(client: TestClient, name: str) -> None:
    assert person(name) is None
    if name != "\ud800":  # no form can say it
        status, _, words = send(client, "/you", name=name)
        assert status == 422
        assert "all of which can be shown" in words


def test_a_name_is_composed_and_spaced_once() -> None:
    assert person(" Zoe\u0308 \t K ") == "Zoë K"


def test_an_empty_name_takes_the_name_away(client: TestClient) -> None:
    send(client, "/you", name="Ada")
    send(client, "/you", name=" ")
    assert "Who are you?" in client.get("/you").text


def test_a_read_only_server_says_so(tmp_path: Path) -> None:
    assert "read-only" in client_of(tmp_path, is_readonly=True).get("/you").text


def test_the_theme_is_kept_without_script(client: TestClient) -> None:
    send(client, "/theme", theme="dark", next="/you")
    assert 'data-theme="dark"' in client.get("/you").text
    send(client, "/theme", theme="x")
    assert "data-theme" not in client.get("/you").text


# ---------------------------------------------------------------- signing in


def test_nothing_is_shown_before_signing_in(shut: TestClient) -> None:
    for path in ("/", "/you", "/nowhere", "/events.json", "/columns.bin"):
        answer = shut.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
    assert shut.get("/events.json", headers={"accept": "application/json"}).status_code == 401
    assert shut.get("/static/site.css").status_code == 200
    assert send(shut, "/judgements", page="/sign-in")[0] == 401
    assert 'href="/review"' not in shut.get("/sign-in").text


def test_who_signs_in_goes_on_and_judges_under_that_name(shut: TestClient) -> None:
    assert send(shut, "/sign-in", "/sign-in", name="Ada", password=PASSWORD, next="/you?a=1")[:2] == (303, "/you?a=1")
    page = shut.get("/you")
    assert "You: <bdi>Ada</bdi>" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert send(shut, "/you", name="Somebody else")[0] == 303
    assert "<bdi>Ada</bdi>" in shut.get("/you").text


def test_a_wrong_name_is_told_from_a_wrong_password_by_nothing(shut: TestClient) -> None:
    answers = [send(shut, "/sign-in", "/sign-in", name=name, password="wrong words here") for name in ("Ada", "Eve")]
    assert [status for status, _, _ in answers] == [403, 403]
    words = [re.sub(r'(csrf-token" content|name="csrf" value|value)="[^"]*"', "", text) for _, _, text in answers]
    assert words[0] == words[1]


def test_a_session_is_a_new_one_after_signing_in(shut: TestClient) -> None:
    shut.get("/sign-in")
    before = shut.cookies["dateline-8001"]
    token = re.search(r'csrf-token" content="([^"]+)"', shut.get("/sign-in").text)
    send(shut, "/sign-in", "/sign-in", name="Ada", password=PASSWORD)
    after = re.search(r'csrf-token" content="([^"]+)"', shut.get("/you").text)
    assert token is not None
    assert after is not None
    assert token[1] != after[1]
    assert TestClient(shut.app, base_url="http://localhost", cookies={"dateline-8001": before}).get("/you").url.path == "/sign-in"


def test_who_signs_out_is_out_also_with_the_old_cookie(shut: TestClient) -> None:
    send(shut, "/sign-in", "/sign-in", name="Ada", password=PASSWORD)
    shut.get("/you")
    kept = shut.cookies["dateline-8001"]
    assert send(shut, "/sign-out")[:2] == (303, "/sign-in")
    assert shut.get("/you").status_code == 303
    shut.cookies.clear()
    shut.cookies.set("dateline-8001", kept)
    assert shut.get("/you").status_code == 303


def test_a_cookie_is_for_this_server_alone(tmp_path: Path, file: Path) -> None:
    plain = client_of(tmp_path).get("/you").headers["set-cookie"].casefold()
    assert plain.startswith("dateline-8001=")
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    safe = client_of(tmp_path, users=file, is_secure=True).get("/sign-in").headers["set-cookie"].casefold()
    assert safe.startswith("__host-dateline-8001=")
    assert "; secure" in safe


def test_many_wrong_tries_are_slowed_down(shut: TestClient) -> None:
    for _ in range(FREE_TRIES + 1):
        assert send(shut, "/sign-in", "/sign-in", name="Ada", password="wrong words here")[0] == 403
    status, _, words = send(shut, "/sign-in", "/sign-in", name="Ada", password=PASSWORD)
    assert status == 429
    assert "Try again in" in words


# ---------------------------------------------------------------- the doorkeeper


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_doubles_to_a_limit_and_ends_with_a_right_try(file: Path) -> None:
    clock = Clock()
    keeper = Doorkeeper(file, clock)
    waits = []
    for _ in range(20):
        while isinstance(tried := keeper.let_in("Ada", "wrong", "a"), Refused) and tried.wait:
            waits.append(tried.wait)
            clock.now += tried.wait
    assert waits[:3] == [2, 4, 8]
    assert max(waits) == LONGEST_WAIT
    clock.now += LONGEST_WAIT
    assert isinstance(keeper.let_in("Ada", PASSWORD, "a"), str)
    assert keeper.let_in("Ada", "wrong", "a") == Refused()


def test_names_are_tried_no_quicker_one_after_another_from_one_address(file: Path) -> None:
    keeper = Doorkeeper(file, Clock())
    for n in range(FREE_TRIES + 1):
        keeper.let_in(f"name {n}", "wrong", "a")
    tried = keeper.let_in("another", "wrong", "a")
    assert isinstance(tried, Refused)
    assert tried.wait
    assert isinstance(keeper.let_in("Ada", PASSWORD, "b"), str)


def test_a_visit_ends_when_nobody_asks_anything_or_when_the_user_is_taken_out(file: Path) -> None:
    clock = Clock()
    keeper = Doorkeeper(file, clock)
    visit = keeper.let_in("Ada", PASSWORD, "a")
    assert isinstance(visit, str)
    clock.now += IDLE - 1
    assert keeper.name_of(visit) == "Ada"
    clock.now += IDLE - 1
    assert keeper.name_of(visit) == "Ada"
    clock.now += IDLE + 1
    assert keeper.name_of(visit) is None
    again = keeper.let_in("Ada", PASSWORD, "a")
    assert isinstance(again, str)
    write_users(file, read_users(file).without("Ada"))
    assert keeper.name_of(again) is None
    assert keeper.name_of(None) is keeper.name_of("made up") is None


# ---------------------------------------------------------------- the file


def test_passwords_are_not_in_the_file_and_nobody_else_reads_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert text.count("scrypt$") == 2
    assert file.stat().st_mode & 0o077 == 0
    assert read_users(file).names == ("Ada", "נועם")


def test_a_password_is_matched_whatever_way_its_letters_were_typed(file: Path) -> None:
    kept = Users().with_password("Zoe\u0308", "cafe\u0301 on the corner")
    assert kept.admits("Zoë", "café on the corner")
    assert not kept.admits("Zoë", "cafe on the corner")
    assert not kept.admits("Eve", "café on the corner")


def test_what_will_not_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsersError, match="at least"):
        Users().with_password("Ada", "short")
    with pytest.raises(UsersError, match="no name"):
        Users().with_password("\u202e", PASSWORD)
    with pytest.raises(UsersError, match="no user 'Eve'"):
        Users().without("Eve")
    for text in ("", "[]", '{"users": {"Ada": "plain words"}}', '{"users": {"Ada": "scrypt$1073741824$8$1$00$00"}}'):
        (tmp_path / "u.json").write_text(text)
        with pytest.raises(UsersError, match="not a file of users"):
            read_users(tmp_path / "u.json")


def test_what_a_guess_costs_is_what_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert users.hashed(PASSWORD).startswith("scrypt$32768$8$3$")
