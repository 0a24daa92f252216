"""How often a host is asked, what its robots.txt is held to mean, and when it is left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest

from dateline.fetching.client import Answer, Asked
from dateline.fetching.manners import Found, Postponed, Standing, Visitor, after, retry_after
from dateline.fetching.robots import BELIEVED, CLOSED, Robots
from dateline.fetching.state import FetchState, open_state
from dateline.records import Problem
from tests.fetching.site import Site, client_of, moment

PAGE = "<p>Miners struck.</p>"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[FetchState]:
    found = open_state(tmp_path / "fetching.sqlite")
    yield found
    found.close()


def visitor(site: Site, state: FetchState, **settings: float) -> Visitor:
    return Visitor(client_of(site), state, jitter=lambda: 0.5, **{"delay": 0.0, **settings})  # type: ignore[arg-type]


def visited(them: Visitor, *addresses: str) -> dict[str, Found]:
    return {asked.address: found for asked, found in them.visit(Asked(address) for address in addresses)}


def answer(status: int, **headers: str) -> Answer:
    return Answer("a", "a", status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), b"", moment())


# ---------------------------------------------------------------- robots.txt


def robots(text: str | None, *, is_closed: bool = False) -> Robots:
    return Robots("paper.example", text, is_closed, moment())


@pytest.mark.parametrize(
    ("text", "path", "is_allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: dateline\nDisallow: /no", "/a", True),
        ("User-agent: *\nAllow: /\n\nUser-agent: Dateline\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /a*/b$", "/axx/b", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("", "/a", True),
        ("<html>not rules at all", "/a", True),
        (None, "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(text: str | None, path: str, is_allowed: bool) -> None:
    assert robots(text).allows(f"https://paper.example{path}") is is_allowed


def test_rules_may_ask_for_a_delay_or_a_rate() -> None:
    assert robots("User-agent: *\nCrawl-delay: 7").delay == 7
    assert robots("User-agent: *\nRequest-rate: 1/10").delay == 10
    assert robots(None).delay == 0


@pytest.mark.parametrize(("status", "is_open"), [(404, True), (403, True), (410, True), (500, False), (503, False), (429, False)])
def test_a_host_whose_rules_cannot_be_had_is_closed_and_one_that_has_none_is_open(
    site: Site, state: FetchState, status: int, is_open: bool
) -> None:
    site.page("/robots.txt", "gone", kind="text/plain", status=status)
    site.page("/a", PAGE)
    (found,) = visited(visitor(site, state), site.at("/a")).values()
    assert isinstance(found, Answer) is is_open
    assert isinstance(found, Answer) or getattr(found, "reason", None) == "not allowed"
    assert site.count("/a") == is_open


def test_rules_are_asked_for_once_and_kept(site: Site, state: FetchState) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /no", kind="text/plain")
    site.page("/a", PAGE)
    found = visited(visitor(site, state), site.at("/a"), site.at("/no"))
    visited(visitor(site, state), site.at("/a"))
    assert site.count("/robots.txt") == 1
    assert site.count("/no") == 0
    refusal = found[site.at("/no")]
    assert isinstance(refusal, Problem)
    assert refusal.reason == "not allowed"


def test_a_redirect_does_not_lead_past_the_rules(site: Site, state: FetchState) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /no", kind="text/plain")
    site.redirect("/a", "/no")
    (found,) = visited(visitor(site, state), site.at("/a")).values()
    assert isinstance(found, Problem)
    assert found.reason == "not allowed"
    assert site.count("/no") == 0


def test_rules_are_believed_for_a_day_and_a_closed_host_for_an_hour() -> None:
    assert robots("").holds(moment() + BELIEVED / 2)
    assert not robots("").holds(moment() + BELIEVED)
    assert not robots(None, is_closed=True).holds(moment() + CLOSED)


# ---------------------------------------------------------------- rates


def test_a_host_is_asked_one_thing_at_a_time_and_with_a_pause_between(site: Site, state: FetchState) -> None:
    times: list[float] = []
    at_once, most = 0, 0
    lock = threading.Lock()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        nonlocal at_once, most
        with lock:
            times.append(time.monotonic())
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        handler.send_response(404)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    addresses = [site.at(f"/{number}") for number in range(4)]
    for number in range(4):
        site.routes[f"/{number}"] = slow
    visited(visitor(site, state, delay=0.1), *addresses)
    assert most == 1
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.14


def test_the_pause_is_kept_from_one_visit_to_the_next(site: Site, state: FetchState) -> None:
    site.page("/a", PAGE)
    them = visitor(site, state, delay=0.3)
    visited(them, site.at("/a"))
    begun = time.monotonic()
    visited(them, site.at("/a"))
    assert time.monotonic() - begun > 0.25


def test_hosts_do_not_wait_for_one_another(site: Site, state: FetchState) -> None:
    together = threading.Barrier(6)

    def meet(handler: BaseHTTPRequestHandler) -> None:
        together.wait(30)  # broken, and then no answer, unless all six hosts are asked at once
        handler.send_response(404)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes["/a"] = meet
    them = visitor(site, state)
    them.client = client_of(site, resolve=lambda host, port: ["127.0.0.1"], seconds=60.0)
    found = visited(them, *(site.at("/a", f"p{host}.example") for host in range(6)))
    assert all(isinstance(one, Answer) for one in found.values())


def test_a_long_delay_that_a_host_asks_for_is_kept_by_coming_back(site: Site, state: FetchState) -> None:
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 600", kind="text/plain")
    site.page("/a", PAGE)
    site.page("/b", PAGE)
    found = visited(visitor(site, state), site.at("/a"), site.at("/b"))
    assert isinstance(found[site.at("/a")], Answer)
    later = found[site.at("/b")]
    assert isinstance(later, Postponed)
    assert later.until == moment() + timedelta(seconds=600)
    assert site.count("/b") == 0


# ---------------------------------------------------------------- rests


def test_a_host_that_is_busy_is_left_alone_as_long_as_it_asks(site: Site, state: FetchState) -> None:
    site.page("/a", "busy", status=429, retry_after="3600")
    site.page("/b", PAGE)
    them = visitor(site, state)
    found = visited(them, site.at("/a"), site.at("/b"))
    later = found[site.at("/b")]
    assert isinstance(later, Postponed)
    assert later.until == moment() + timedelta(hours=1)
    assert site.count("/b") == 0
    them.client = replace(them.client, now=lambda: moment() + timedelta(hours=2))
    assert isinstance(visited(them, site.at("/b"))[site.at("/b")], Answer)


def test_rests_grow_with_each_failure_and_end_with_the_first_success() -> None:
    standing, rests = Standing("h"), []
    for _ in range(12):
        standing = after(standing, answer(503), moment(), 0.5)
        rests.append((standing.rested_until or moment()) - moment())
    assert rests[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert rests[-1] == timedelta(hours=6)
    assert after(standing, answer(200), moment(), 0.5) == Standing("h")


def test_jitter_spreads_rests() -> None:
    ends = [after(Standing("h"), answer(429), moment(), jitter).rested_until for jitter in (0.0, 1.0)]
    assert ends == [moment() + timedelta(seconds=45), moment() + timedelta(seconds=75)]


def test_a_host_that_keeps_failing_is_rested_and_one_bad_page_is_not_the_hosts_fault() -> None:
    bad_page = Problem("fetching", "wrong type", "", "")
    no_answer = Problem("fetching", "no connection", "", "")
    standing = Standing("h")
    for _ in range(5):
        standing = after(standing, bad_page, moment(), 0.5)
    assert standing == Standing("h")
    for number in range(3):
        assert not standing.rests(moment()), number
        standing = after(standing, no_answer, moment(), 0.5)
    assert standing.rests(moment())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Sun, 29 Nov 2026 07:10:00 GMT", 600),
        ("Sun, 29 Nov 2026 06:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("1" * 400, 10**7),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, seconds: int | None) -> None:
    found = retry_after(answer(503, retry_after=said), moment())
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_what_is_known_of_a_host_outlives_the_run(tmp_path: Path) -> None:
    first = open_state(tmp_path / "fetching.sqlite")
    first.keep_standing(Standing("h", 3, moment()))
    first.keep_robots(Robots("h", "User-agent: *\nDisallow: /", False, moment()))
    first.close()
    second = open_state(tmp_path / "fetching.sqlite")
    known = second.robots("h")
    assert second.standing("h") == Standing("h", 3, datetime(2026, 11, 29, 7, 0, tzinfo=moment().tzinfo))
    assert known is not None
    assert not known.allows("https://h/a")
    second.close()
