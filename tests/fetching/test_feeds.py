"""What feeds and sitemaps list, and what hostile ones come to."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dateline.fetching.client import FEEDS, Answer, Asked
from dateline.fetching.feeds import MOST_ITEMS, Listing, read_listing
from dateline.records import Problem
from tests.fetching.site import TABLES, Site, client_of

HERE = "https://paper.example/feeds/news.xml"
NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def listed(raw: str | bytes, address: str = HERE) -> Listing:
    found = read_listing(raw.encode() if isinstance(raw, str) else raw, address, TABLES)
    assert isinstance(found, Listing), found
    return found


def item(number: int) -> str:
    return (
        f"<item><title>Strike {number} &amp;amp; after</title><link>/a/{number}?utm_source=rss</link>"
        "<pubDate>Mon, 16 Nov 2026 10:00:00 +0100</pubDate></item>"
    )


ITEMS = "".join(item(number) for number in (*range(50), 7))

RSS = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Paper</title>{ITEMS}</channel></rss>'


def test_an_rss_feed_lists_each_address_once_in_its_one_form() -> None:
    found = listed(RSS)
    assert len(found.entries) == 50
    first = found.entries[0]
    assert (first.address, first.title, first.published, first.changed) == (
        "https://paper.example/a/0", "Strike 0 & after", NINE, None,
    )  # fmt: skip
    assert found.publisher == "The Paper"
    assert found.problems == ()


def test_an_atom_feed_says_when_an_entry_changed() -> None:
    (entry,) = listed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><title type="html">&lt;b&gt;Strike&lt;/b&gt;</title>'
        '<link rel="alternate" href="https://paper.example/a"/><published>2026-11-16T10:00:00+01:00</published>'
        "<updated>2026-11-17T10:00:00Z</updated></entry></feed>"
    ).entries
    assert (entry.title, entry.published, entry.changed) == ("Strike", NINE, datetime(2026, 11, 17, 10, tzinfo=UTC))


def test_a_json_feed_is_read() -> None:
    items = [{"url": "/a", "title": "Strike", "date_published": "2026-11-16T10:00:00+01:00"}, {"id": "no address"}]
    (entry,) = listed(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": items})).entries
    assert (entry.address, entry.title, entry.published) == ("https://paper.example/a", "Strike", NINE)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://paper.example/a </loc><lastmod>2026-11-17</lastmod>
<n:news><n:publication><n:name>The Paper</n:name></n:publication><n:publication_date>2026-11-16T10:00:00+01:00</n:publication_date>
<n:title>Strike</n:title></n:news><image:image><image:loc>https://paper.example/i.jpg</image:loc></image:image></url>
<url><loc>https://paper.example/b</loc></url></urlset>"""


@pytest.mark.parametrize("raw", [NEWS.encode(), gzip.compress(NEWS.encode())], ids=["plain", "packed"])
def test_a_news_sitemap_says_when_and_by_whom(raw: bytes) -> None:
    first, second = listed(raw).entries
    assert (first.address, first.title, first.published, first.publisher) == (
        "https://paper.example/a",
        "Strike",
        NINE,
        "The Paper",
    )
    assert first.changed == datetime(2026, 11, 17, tzinfo=UTC)
    assert second.address == "https://paper.example/b"


def test_an_index_names_further_sitemaps() -> None:
    found = listed("<sitemapindex><sitemap><loc>https://paper.example/s1.xml</loc></sitemap></sitemapindex>")
    assert [entry.address for entry in found.sitemaps] == ["https://paper.example/s1.xml"]
    assert found.entries == ()


def test_a_plain_list_is_an_address_a_line() -> None:
    found = listed("# read these\nhttps://paper.example/a\n\nhttps://paper.example/b#top\nnot an address at all:\n")
    assert [entry.address for entry in found.entries] == ["https://paper.example/a", "https://paper.example/b", *[
        entry.address for entry in found.entries[2:]
    ]]  # fmt: skip


def test_what_is_no_address_is_passed_over_and_told() -> None:
    found = listed("<rss><channel><item><link>javascript:alert(1)</link></item><item><link>/a</link></item></channel></rss>")
    assert [entry.address for entry in found.entries] == ["https://paper.example/a"]
    assert [problem.reason for problem in found.problems] == ["bad address"]


def test_what_lists_nothing_says_that_it_is_no_feed() -> None:
    for raw in (b"<!doctype html><title>News</title>", b"", b'{"a": 1}', b"[" * 9, b"{" + b"[" * 100_000):
        found = read_listing(raw, HERE, TABLES)
        assert isinstance(found, Problem)
        assert found.reason == "no feed"


# ---------------------------------------------------------------- attacks, by way of a real server


def fetched(site: Site, raw: bytes) -> Listing | Problem:
    site.page("/feed", raw, kind="application/rss+xml")
    answer = client_of(site).fetch(Asked(site.at("/feed"), accepts=FEEDS))
    assert isinstance(answer, Answer), answer
    return read_listing(answer.raw, answer.address, TABLES, frozenset({site.port, 80, 443}))


def laughing(root: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha ha ha">{entities}]>'
        f"<{root}><channel><item><title>&l8;</title><link>http://a.example/</link></item></channel></{root}>"
    ).encode()


@pytest.mark.parametrize("root", ["rss", "urlset"])
def test_entities_are_not_blown_up(site: Site, root: str) -> None:
    found = fetched(site, laughing(root))
    assert isinstance(found, Problem) or all(len(entry.title or "") < 1000 for entry in found.entries)


def test_entities_do_not_fetch_files_or_addresses(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")
    site.page("/inside", "the secret of the net")
    for target in (secret.as_uri(), site.at("/inside")):
        for root in ("rss", "urlset"):
            raw = (
                f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{target}"><!ENTITY % p SYSTEM "{target}"> %p;]>'
                f"<{root}><channel><item><title>&e;</title><link>http://a.example/</link></item></channel></{root}>"
            )
            assert "secret of" not in str(fetched(site, raw.encode()))
    assert site.count("/inside") == 0


def test_a_feed_without_end_is_read_to_a_bound(site: Site) -> None:
    million = b"<rss><channel>" + b"<item/>" * 1_000_000
    large = f"<rss><channel>{''.join(map(item, range(8000)))}</channel></rss>".encode()
    nested = b"<rss><channel><item>" + b"<a>" * 600_000
    for raw, number in ((million, 0), (large, MOST_ITEMS), (nested, 0)):
        begun = time.process_time()
        found = fetched(site, raw)
        assert time.process_time() - begun < 30
        if isinstance(found, Problem):
            assert found.reason == "too large"
        else:
            assert len(found.entries) == number
            assert [problem.reason for problem in found.problems] == ["too large"]


def test_a_feed_that_breaks_off_or_is_not_well_formed_gives_what_there_is(site: Site) -> None:
    for raw in (RSS.replace("</title>", "", 3), RSS[:-900], RSS.replace("&amp;amp;", "&nbsp;&"), RSS.replace("</item>", "", 5)):
        found = fetched(site, raw.encode())
        assert isinstance(found, Listing)
        assert len(found.entries) >= 40
    broken = fetched(site, NEWS[:-20].encode())
    assert isinstance(broken, Listing)
    assert [entry.address for entry in broken.entries][:1] == ["https://paper.example/a"]
    assert "not well formed" in [problem.reason for problem in broken.problems]


def test_the_bytes_of_a_feed_are_never_taken_for_an_address_or_a_path(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS)
    site.page("/inside", RSS)
    assert isinstance(read_listing(str(path).encode(), HERE, TABLES), Problem)
    read_listing(site.at("/inside").encode(), HERE, TABLES)
    assert site.count("/inside") == 0
