from __future__ import annotations

import time
from datetime import date

from dateline.ingest.read import read_report
from dateline.records import BlockKind, Document, Report, Span

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cranes stand still | The Bugle</title>
<meta property="og:site_name" content="The Bugle">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Cranes stand still in northern port",
"datePublished":"2021-03-02T09:00:00+03:00","author":[{"name":"Ana Petrov"},{"name":"Jon Smith"}]}</script></head>
<body><nav><a href="/">Home</a> <a href="/w">World</a></nav><article><header><h1>Cranes stand still in northern port</h1></header>
<figure><img src="a.jpg"><figcaption>Dock workers at the gate in Odessa on March 1, 2021. (AFP)</figcaption></figure>
<p>Dock workers walked off the job on Monday to demand the minister&#8217;s resignation, their union said in a statement.</p>
<h2>Police at the gate</h2>
<p>Police fired tear gas &amp; held 40 people, <a href="/x">the interior&nbsp;ministry</a>  said in a
 statement on “Monday” evening.</p>
<p><a href="/more">Unions call for a general strike next week</a></p>
<p>Two officers were hurt, it added. <script>var junk = "The police";</script>One docker was taken to hospital in the evening.</p>
<p>Source: agencies</p></article><div class="comments"><p>A first comment that is nice</p></div>
<footer>Copyright 2021 The Bugle</footer></body></html>"""


def read(page: str) -> Document:
    document, problems = read_report(Report("page.html", page.encode(), media_type="text/html"))
    assert document is not None, problems
    return document


def test_it_takes_the_article_and_leaves_the_page() -> None:
    document = read(PAGE)
    assert [block.kind.value for block in document.blocks] == [
        "title", "caption", "credit", "body", "crosshead", "body", "link", "body", "credit",
    ]  # fmt: skip
    assert "comment" not in document.text
    assert "junk" not in document.text


def test_it_reads_what_the_page_says_of_itself() -> None:
    document = read(PAGE)
    assert document.title == "Cranes stand still in northern port"
    assert document.byline == "Ana Petrov, Jon Smith"
    assert document.publisher == "The Bugle"
    assert document.published is not None
    assert document.published.day == date(2021, 3, 2)
    assert document.published.origin.by == "page metadata: JSON-LD datePublished"
    assert document.agencies == ("AFP", "agencies")


def test_it_leads_words_back_through_entities_markup_and_scripts() -> None:
    document, raw = read(PAGE), PAGE.encode()
    for words, source in [
        ("the minister’s resignation", "the minister&#8217;s resignation"),
        ("gas & held", "gas &amp; held"),
        ("the interior ministry said", '<a href="/x">the interior&nbsp;ministry</a>  said'[13:]),
        ("in a statement on", "in a\n statement on"),
        ("“Monday” evening", "“Monday” evening"),
        ("Dock workers at the gate in Odessa", "Dock workers at the gate in Odessa"),
        ("Cranes stand still", "Cranes stand still"),
    ]:
        at = document.text.index(words)
        found = document.offsets.to_bytes(Span(at, at + len(words)))
        assert found is not None, words
        assert raw[found[0] : found[1]].decode() == source


def test_it_reads_the_day_from_meta_tags_and_the_time_element() -> None:
    body = "<article><p>Dock workers walked off the job on Monday after talks broke down, their union said.</p></article>"
    for head, key in [
        ('<meta property="article:published_time" content="2021-03-02T10:00Z">', "meta article:published_time"),
        ('<meta content="2 March 2021" name="DC.date.issued">', "meta dc.date.issued"),
        ('<time datetime="2021-03-02">yesterday</time>', "time"),
    ]:
        published = read(f"<html><head>{head}</head><body>{body}</body></html>").published
        assert published is not None
        assert (published.day, published.origin.by) == (date(2021, 3, 2), f"page metadata: {key}")


def test_it_reads_the_encoding_a_page_declares() -> None:
    page = (
        '<html><head><meta charset="iso-8859-1"></head><body><p>The café in Łódź was closed by police on Monday.</p></body></html>'
    )
    raw = page.replace("Łódź", "Lyon").encode("cp1252")
    document, problems = read_report(Report("page.html", raw))
    assert document is not None
    assert document.encoding == "cp1252"
    assert "café in Lyon" in document.text
    assert "wrong encoding" not in [p.reason for p in problems]


def test_it_says_when_a_page_is_not_in_the_encoding_it_declares() -> None:
    raw = b'<html><head><meta charset="utf-8"></head><body><p>The caf\xe9 was closed by police on Monday.</p></body></html>'
    document, problems = read_report(Report("page.html", raw))
    assert document is not None
    assert "café" in document.text
    assert "says it is in utf-8, but is not" in next(p.message for p in problems if p.reason == "wrong encoding")


def test_it_refuses_a_page_without_text_and_one_with_too_many_tags() -> None:
    for page, reason in [
        ("<html><body><script>let x = 'The police said so.'</script></body></html>", "no text"),
        ("<html><body>" + "<div>" * 50_000 + "</body></html>", "unreadable page"),
        ("<html><body>" + "<p>The police said so on Monday." * 50_000, "unreadable page"),
    ]:
        start = time.process_time()
        document, problems = read_report(Report("page.html", page.encode()))
        assert document is None
        assert [(p.reason, p.is_fatal) for p in problems] == [(reason, True)]
        assert time.process_time() - start < 5


def test_it_survives_broken_markup_and_broken_linked_data() -> None:
    broken = (
        '<html><script type="application/ld+json">{"@type":"NewsArticle","headline":</script><meta name="author">'
        "<p>The <b>police said forty people <i>were held</b> in the town on Monday <a href='x>and let go.</p><script>never closed"
    )
    document, _ = read_report(Report("page.html", broken.encode()))
    assert document is None or "police said" in document.text


def test_it_keeps_a_very_short_page() -> None:
    document = read("<html><body><p>Two people were killed in Odessa.</p></body></html>")
    assert [block.kind for block in document.blocks] == [BlockKind.BODY]
