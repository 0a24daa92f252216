"""A fetch against a real server: what an honest one gives, and what each attack comes to."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import brotli
import pytest

from dateline.fetching.client import Answer, Asked, Client
from dateline.records import Problem
from tests.fetching.site import Site, client_of

PAGE = "<html><body><p>Miners struck in Soligorsk on Monday.</p></body></html>"


def fetched(client: Client, address: str, **asked: str) -> Answer:
    found = client.fetch(Asked(address, **asked))  # type: ignore[arg-type]
    assert isinstance(found, Answer), found
    return found


def refused(client: Client, address: str) -> Problem:
    found = client.fetch(Asked(address))
    assert isinstance(found, Problem), found
    assert found.stage == "fetching"
    assert found.is_fatal
    assert found.report == address
    assert found.message.startswith(address)
    return found


# ---------------------------------------------------------------- honest servers


def test_an_answer_has_the_bytes_and_how_they_came(site: Site) -> None:
    site.page("/a", PAGE, etag='"1"', last_modified="Mon, 16 Nov 2026 10:00:00 GMT", x_odd="not kept")
    answer = fetched(client_of(site), site.at("/a"))
    assert answer.raw == PAGE.encode()
    assert (answer.status, answer.address, answer.media_type) == (200, site.at("/a"), "text/html")
    assert (answer.header("etag"), answer.header("last-modified")) == ('"1"', "Mon, 16 Nov 2026 10:00:00 GMT")
    assert answer.header("x-odd") is None


def test_a_request_says_who_asks_and_how_to_reach_them(site: Site) -> None:
    site.page("/a", PAGE)
    fetched(client_of(site), site.at("/a"))
    (request,) = site.asked
    assert request.headers["user-agent"].startswith("dateline/")
    assert "editor@example.org" in request.headers["user-agent"]
    assert request.headers["host"] == f"127.0.0.1:{site.port}"


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.page("/a", PAGE, etag='"1"')
    site.page("/b", PAGE, last_modified="Mon, 16 Nov 2026 10:00:00 GMT")
    client = client_of(site)
    assert fetched(client, site.at("/a"), etag='"1"').status == 304
    assert fetched(client, site.at("/a"), etag='"2"').raw == PAGE.encode()
    assert fetched(client, site.at("/b"), modified="Mon, 16 Nov 2026 10:00:00 GMT").status == 304


def test_a_redirect_is_followed_and_the_last_address_is_the_answers(site: Site) -> None:
    site.redirect("/old", "/new?x=1", 301)
    site.page("/new?x=1", PAGE)
    answer = fetched(client_of(site), site.at("/old"))
    assert (answer.asked, answer.address, answer.is_moved) == (site.at("/old"), site.at("/new?x=1"), True)


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_a_refusal_is_an_answer_without_a_body(site: Site, status: int) -> None:
    site.page("/a", "gone", status=status, retry_after="120")
    answer = fetched(client_of(site), site.at("/a"))
    assert (answer.status, answer.raw, answer.header("retry-after")) == (status, b"", "120")


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE.encode())),
        ("gzip", gzip.compress(PAGE.encode()[:20]) + gzip.compress(PAGE.encode()[20:])),
        ("deflate", zlib.compress(PAGE.encode())),
        ("deflate", zlib.compress(PAGE.encode(), wbits=-15)),
        ("br", brotli.compress(PAGE.encode())),
        ("identity", PAGE.encode()),
    ],
)
def test_a_packed_body_is_unpacked(site: Site, coding: str, packed: bytes) -> None:
    site.page("/a", packed, content_encoding=coding)
    assert fetched(client_of(site), site.at("/a")).raw == PAGE.encode()


# ---------------------------------------------------------------- where it may not go


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/a", "file:///etc/passwd", "https://", "http://me:secret@example.org/", "http://example.org:22/", "news"],
)
def test_an_address_that_is_no_publishers_page_is_not_asked_for(site: Site, address: str) -> None:
    assert refused(client_of(site), address).reason == "bad address"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "169.254.169.254"],
)
def test_a_host_that_is_this_machine_or_a_private_one_is_not_connected_to(site: Site, host: str) -> None:
    site.page("/a", PAGE)
    assert refused(client_of(site, allowed=()), site.at("/a", host)).reason in {"forbidden address", "unresolved"}
    assert site.asked == []


def test_a_redirect_to_this_machine_is_not_followed(site: Site) -> None:
    """The publisher's server may be connected to, and leads to another name, which is this machine by its other address."""
    site.redirect("/a", f"http://inside.example:{site.port}/secret")
    site.page("/secret", PAGE)
    client = client_of(site, resolve=lambda host, port: ["127.0.0.2" if host == "inside.example" else "127.0.0.1"])
    problem = refused(client, site.at("/a"))
    assert problem.reason == "forbidden address"
    assert "inside.example is 127.0.0.2 (this machine)" in problem.message
    assert site.count("/secret") == 0


def test_a_redirect_to_another_scheme_or_port_is_not_followed(site: Site) -> None:
    site.redirect("/file", "file:///etc/passwd")
    site.redirect("/ssh", "http://127.0.0.1:22/")
    for path in ("/file", "/ssh"):
        assert refused(client_of(site), site.at(path)).reason == "bad address"


def test_a_name_that_means_another_machine_by_the_second_look_is_not_connected_to(site: Site) -> None:
    """DNS rebinding: what is looked at is what is connected to, each time, so a change in between has nothing to get between."""
    looks: list[str] = []

    def changing(host: str, port: int) -> list[str]:
        looks.append(host)
        return ["127.0.0.1"] if len(looks) == 1 else ["127.0.0.9"]

    site.page("/a", PAGE)
    client = client_of(site, resolve=changing)
    assert fetched(client, site.at("/a", "paper.example")).raw == PAGE.encode()
    assert looks == ["paper.example"]
    assert refused(client, site.at("/a", "paper.example")).reason == "forbidden address"
    assert site.count("/a") == 1


def test_of_several_addresses_one_that_may_be_connected_to_is(site: Site) -> None:
    site.page("/a", PAGE)
    client = client_of(site, resolve=lambda host, port: ["10.0.0.1", "::1", "127.0.0.1"])
    assert fetched(client, site.at("/a", "paper.example")).raw == PAGE.encode()


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.page("/a", PAGE)
    assert fetched(client_of(site), site.at("/a")).raw == PAGE.encode()


def test_a_name_that_takes_too_long_to_resolve_is_given_up(site: Site) -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(60)
        return ["127.0.0.1"]

    begun = time.monotonic()
    problem = refused(client_of(site, resolve=slow, seconds=0.5), site.at("/a", "paper.example"))
    assert problem.reason in {"unresolved", "too slow"}
    assert time.monotonic() - begun < 30


# ---------------------------------------------------------------- attacks


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(megabytes)), packer.flush()])


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_bomb_is_stopped_while_it_swells(site: Site, coding: str) -> None:
    raw = bomb(200) if coding == "gzip" else brotli.compress(bytes(200_000_000), quality=1)
    assert len(raw) < 400_000
    site.page("/bomb", raw, content_encoding=coding)
    client = client_of(site, bytes=2_000_000)
    tracemalloc.start()
    problem = refused(client, site.at("/bomb"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problem.reason == "too large"
    assert peak < 20_000_000


def test_a_body_that_is_packed_several_times_or_unheard_of_is_not_unpacked(site: Site) -> None:
    for path, coding in (("/twice", "gzip, gzip"), ("/zstd", "zstd"), ("/damaged", "gzip")):
        site.page(path, b"\x1f\x8b\x08nonsense", content_encoding=coding)
        assert refused(client_of(site), site.at(path)).reason == "bad encoding"


def test_more_bytes_than_are_read_are_not_waited_for(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"4000\r\n" + b"a" * 0x4000 + b"\r\n"

    site.pieces("/endless", endless)
    site.page("/promised", b"a" * 300_000)
    for path in ("/endless", "/promised"):
        assert refused(client_of(site, wire=200_000), site.at(path)).reason == "too large"


@pytest.mark.parametrize("part", ["status", "headers", "body"])
def test_an_answer_that_drips_is_given_up_when_its_time_is_over(site: Site, part: str) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd: "

    def drip() -> Iterator[bytes]:
        if part != "status":
            yield head if part == "headers" else head + b"1\r\n\r\n"
        for letter in b"HTTP/1.1 200 OK" * 100:
            time.sleep(0.05)
            yield bytes([letter])

    site.pieces("/drip", drip)
    begun = time.monotonic()
    assert refused(client_of(site, seconds=1.0), site.at("/drip")).reason == "too slow"
    assert time.monotonic() - begun < 30  # all of it would take more than a minute


def test_headers_without_end_are_not_read_to_the_end(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-Odd: " + b"a" * 1000 + b"\r\n"

    def interim() -> Iterator[bytes]:
        while True:
            yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

    def many() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" + b"X-Odd: a\r\n" * 500 + b"\r\n"

    for path, pieces, reason in (
        ("/endless", endless, "not http"),
        ("/interim", interim, "too large"),
        ("/many", many, "not http"),
    ):
        site.pieces(path, pieces)
        assert refused(client_of(site, wire=500_000), site.at(path)).reason == reason


def test_redirects_without_end_are_not_followed(site: Site) -> None:
    site.redirect("/loop", "/loop")
    assert refused(client_of(site, redirects=4), site.at("/loop")).reason == "too many redirects"
    assert site.count("/loop") == 5


def test_a_body_that_is_shorter_than_it_says_is_not_taken_for_whole(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    site.pieces("/short", lambda: [head, b"Content-Length: 1000\r\n\r\n", b"half"])
    site.pieces("/chunk", lambda: [head, b"Transfer-Encoding: chunked\r\n\r\n5\r\nha"])
    cut = gzip.compress(PAGE.encode() * 50)[:-20]
    site.page("/packed", cut, content_encoding="gzip")
    site.page("/brotli", brotli.compress(PAGE.encode() * 50)[:-5], content_encoding="br")
    for path in ("/short", "/chunk", "/packed", "/brotli"):
        assert refused(client_of(site), site.at(path)).reason == "cut short"


def test_a_body_that_is_longer_than_it_says_is_read_as_long_as_it_says(site: Site) -> None:
    site.pieces(
        "/long", lambda: [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n", b"halfHTTP/1.1 200 OK"]
    )
    assert fetched(client_of(site), site.at("/long")).raw == b"half"


def test_what_is_no_text_is_not_read(site: Site) -> None:
    for path, kind in (("/film", "video/mp4"), ("/paper", "application/pdf")):
        site.page(path, b"x", kind=kind)
        assert refused(client_of(site), site.at(path)).reason == "wrong type"


def test_what_does_not_speak_http_is_a_problem(site: Site) -> None:
    site.pieces("/odd", lambda: [b"220 mail.example.org ESMTP\r\n250 ok\r\n\r\n"])
    assert refused(client_of(site), site.at("/odd")).reason == "not http"


def test_nobody_there_is_a_problem(site: Site) -> None:
    client = client_of(site, ports=frozenset({9}))
    assert refused(client, "http://127.0.0.1:9/a").reason == "no connection"
