"""Wikis: their exports and their text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dateline.ingest.read import read_report
from dateline.ingest.readers import find_reports
from dateline.ingest.wikitext import read_wikitext
from dateline.knowledge.reading import load_reading_tables
from dateline.records import BlockKind, Problem, Report

TABLES = load_reading_tables()
EXPORT = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
<siteinfo><sitename>Wikinews</sitename><base>https://en.wikinews.example/wiki/Main_Page</base></siteinfo>{pages}</mediawiki>"""


def wiki_page(title: str, *texts: str, ns: int = 0, more: str = "") -> str:
    revisions = "".join(
        f"<revision><id>{n}</id><timestamp>2021-03-0{n}T00:00:00Z</timestamp><text bytes='9'>{text}</text></revision>"
        for n, text in enumerate(texts, 1)
    )
    return f"<page><title>{title}</title><ns>{ns}</ns>{more}{revisions}</page>"


def found(data: str, folder: Path) -> list[Report | Problem]:
    path = folder / "dump.xml"
    path.write_text(data, encoding="utf-8")
    return list(find_reports([str(path)], max_bytes=10_000))


@pytest.mark.parametrize("example", TABLES.wikitext.examples, ids=lambda e: e["text"][:20])
def test_it_reads_each_example_as_it_says(example: Mapping[str, str]) -> None:
    read = read_wikitext(example["source"], TABLES)
    assert "\n\n".join("".join(p.text for p in pieces) for pieces, _ in read.paragraphs) == example["text"]
    assert read.published == example.get("published")
    for pieces, _ in read.paragraphs:
        sources = [(p.text, example["source"][p.start : p.end].replace("\n", " ")) for p in pieces if p.is_copy()]
        assert all(text == source for text, source in sources)


def test_an_export_gives_the_last_revision_of_every_article(tmp_path: Path) -> None:
    pages = [
        wiki_page("A strike", "Miners met.", "Miners in [[Soligorsk]] struck &amp;amp; marched."),
        wiki_page("Talk:A strike", "I think", ns=1),
        wiki_page("Old name", "#REDIRECT [[A strike]]", more='<redirect title="A strike" />'),
        wiki_page("Portal:Current events/2020 August 18", "*Miners struck in Soligorsk.", ns=100),
    ]
    first, portal, remark = found(EXPORT.format(pages="".join(pages)), tmp_path)
    assert first == Report(
        name=f"{tmp_path / 'dump.xml'}!A strike",
        raw=b"Miners in [[Soligorsk]] struck &amp; marched.",
        media_type="text/x-wiki",
        address="https://en.wikinews.example/wiki/A_strike",
        publisher="Wikinews",
        title="A strike",
    )
    assert isinstance(portal, Report)
    document, _ = read_report(portal)
    assert document is not None
    assert document.published is not None
    assert document.published.day == date(2020, 8, 18)
    assert isinstance(remark, Problem)
    assert remark.message.endswith("2 pages hold no report and were passed over: 1 redirects, 1 talk and project pages")


def test_every_word_of_a_wiki_page_leads_back_to_its_bytes() -> None:
    source = (
        "Police in [[Minsk|the capital]] détained 40 [[people]].\n\n== Reactions ==\n"
        "* The ''union'' struck in [[Brest]].\n\n== Sources ==\n* A paper."
    )
    document, problems = read_report(
        Report("a", source.encode(), "text/x-wiki", title="Strikes", publisher="W", published=date(2020, 8, 18))
    )
    assert problems == ()
    assert document is not None
    assert (
        document.text
        == "Police in the capital détained 40 people.\n\nReactions\n\nThe union struck in Brest.\n\nSources\n\nA paper."
    )
    assert [b.kind for b in document.blocks] == [
        BlockKind.BODY, BlockKind.CROSSHEAD, BlockKind.BODY, BlockKind.FURNITURE, BlockKind.FURNITURE,
    ]  # fmt: skip
    for word in ("the capital", "détained", "people", "Reactions", "union", "Brest"):
        at = document.text.index(word)
        span = document.offsets.to_bytes(type(document.blocks[0].span)(at, at + len(word)))
        assert span is not None
        assert source.encode()[span[0] : span[1]].decode() == word


LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "reason", "kept"),
    [
        (LAUGHS + EXPORT.format(pages=wiki_page("A", "&b;")), "refused XML", 0),
        ('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + EXPORT.format(pages=wiki_page("A", "&x;")), "refused XML", 0),
        ('<!DOCTYPE m SYSTEM "https://evil.example/a.dtd">' + EXPORT.format(pages=""), "refused XML", 0),
        (EXPORT.format(pages=wiki_page("A", "Miners struck.") + "<a>" * 30), "refused XML", 1),
        (EXPORT.format(pages=wiki_page("A", "Miners struck.") + "<page x='" + "a" * 2_000_000), "refused XML", 1),
        (EXPORT.format(pages=wiki_page("A", "Miners struck."))[:-30], "damaged", 0),
        (EXPORT.format(pages=wiki_page("A", "Miners struck.") + wiki_page("B", "a"))[:-30], "damaged", 1),
        (EXPORT.format(pages=wiki_page("A", "a" * 20_000)), "too large", 0),
        (EXPORT.format(pages=wiki_page("A", "Miners struck.") + "&undeclared;"), "damaged", 1),
        ("<mediawiki><page>" + "\ud7ff&#0;", "damaged", 0),
    ],
)
def test_hostile_or_broken_xml_is_refused_where_it_begins(data: str, reason: str, kept: int, tmp_path: Path) -> None:
    items = found('<?xml version="1.0"?>' + data if data.startswith("<!") else data, tmp_path)
    assert [item.reason for item in items if isinstance(item, Problem)] == [reason]
    assert len(items) == kept + 1


@pytest.mark.parametrize(
    "source", ["[[" * 90_000, "{{a|" * 60_000, "'''" * 100_000, "<b>" * 50_000, "a" * 2_100_000, "{|\n|-\n" * 29_000]
)
def test_wikitext_made_to_take_long_is_refused_or_read(source: str) -> None:
    document, problems = read_report(Report("a", source.encode(), "text/x-wiki", title="A"))
    assert document is None
    assert problems[0].is_fatal
