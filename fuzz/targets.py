"""What is fuzzed: every parser of bytes, and what must be true of whatever it makes of them."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from dateline.ingest.dating import date_in_address, parse_date
from dateline.ingest.gdelt import Address, read_addresses
from dateline.ingest.read import read_report
from dateline.ingest.readers import find_reports
from dateline.ingest.unpacking import PackedError, decode_content
from dateline.ingest.wikitext import WikitextError, read_wikitext
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.records import Problem, Report
from tests.ingest.making import LEAD, http, packed, page, record, tarred, zipped

MAX_BYTES = 200_000


@dataclass(frozen=True)
class Target:
    """A parser, as a function that raises when something is not as it must be, and what to begin with."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


@cache
def tables() -> ReadingTables:
    return load_reading_tables()


def check_report(report: Report) -> None:
    """Reading raises nothing, and what is read leads back: every block in the text, every mapped span in the bytes."""
    document, problems = read_report(report, tables())
    if document is None:
        assert [p.is_fatal for p in problems] == [True], problems
        return
    at = 0
    for block in document.blocks:
        assert at <= block.span.start < block.span.end <= len(document.text), block
        at = block.span.end
        found = document.offsets.to_bytes(block.span)
        assert found is None or 0 <= found[0] <= found[1] <= len(report.raw), (block, found)
    document.text.encode("utf-8")


def check_source(data: bytes, media_type: str | None = None) -> None:
    """Finding raises nothing, names what it finds, and keeps to the bound."""
    for found in find_reports(["-"], stdin=io.BytesIO(data), max_bytes=MAX_BYTES, tables=tables(), media_type=media_type):
        if isinstance(found, Problem):
            assert found.message.startswith(found.report), found
            assert found.report
        else:
            assert len(found.raw) <= MAX_BYTES, found.name
            check_report(found)


def check_dates(data: bytes) -> None:
    words = data.decode("utf-8", "replace")
    parse_date(words, tables())
    date_in_address(words, tables())


def check_wikitext(data: bytes) -> None:
    source = data.decode("utf-8", "replace")
    try:
        found = read_wikitext(source, tables())
    except WikitextError:
        return
    for pieces, _ in found.paragraphs:
        for piece in pieces:
            assert piece.start < 0 or 0 <= piece.start <= piece.end <= len(source), piece


def check_addresses(data: bytes) -> None:
    for found in read_addresses(["-"], stdin=io.BytesIO(data), tables=tables()):
        assert not isinstance(found, Address) or found.address.startswith(("http", "HTTP", "Http")) or "://" in found.address


def check_content(data: bytes) -> None:
    for coding in ("gzip", "deflate", "br", "zstd"):
        try:
            assert len(decode_content(data, coding, MAX_BYTES)) <= max(MAX_BYTES, len(data))
        except PackedError:
            continue


PAGES = (
    page(),
    b'<html><meta charset=windows-1251><script type=\'application/ld+json\'>[{"@type":"NewsArticle","headline":"A"}]</script>'
    + page(),
    page(
        f"<figure><figcaption>{LEAD}</figcaption></figure><h1>A &amp; B</h1>"
        "<a href=x>Read more</a><time datetime='2021-03-02T10:00'>"
    ),
)
PLAIN = (
    b"Title: A\nDate: 2021-03-04\nBy Ana Petrov\n\nMINSK, Aug 18 (Reuters) - "
    + f"{LEAD}\n\nPhoto: Ana Petrov/AP\n\n{LEAD} (Reuters)".encode(),
    f"\ufeff{LEAD} “It’s over,” she said — …\n\nCorrection: it was 40.".encode(),
    LEAD.encode("utf-16"),
)
WIKI = (
    "<mediawiki><siteinfo><base>https://a.example/wiki/M</base></siteinfo><page><title>A</title><ns>0</ns><revision><timestamp>2021"
    f"</timestamp><text>{LEAD} [[B|c]] {{{{date|August 18, 2020}}}}</text></revision></page></mediawiki>"
).encode()
TEXT = f"{LEAD} [[B|''c'']] {{{{w|x|y}}}}\n* [https://a.example z]\n== S ==\n<ref>a</ref>&amp;<b>d</b>".encode()
TABLE = f'text,title,date\n"{LEAD}",A,2021-03-04\n{LEAD};B;x\n'.encode()
LINES = (json.dumps({"text": LEAD, "date": "2021-03-04", "id": 7}) + "\n" + json.dumps({"html": page().decode()})).encode()

ZIPPED_PAGE = record(http(gzip.compress(page()), "Content-Encoding: gzip"))
EVENTS = b"\t".join([b"a"] * 60) + b"\thttps://a.example/\n"
MENTIONS = b"1\t2\t3\t1\ta\thttps://a.example" + b"\t" * 10

TARGETS: Mapping[str, Target] = {
    "page": Target(lambda data: check_report(Report("a", data, "text/html")), PAGES),
    "plain": Target(lambda data: check_report(Report("a", data, "text/plain")), PLAIN),
    "unknown": Target(lambda data: check_report(Report("a", data)), (*PAGES, *PLAIN)),
    "wikitext": Target(check_wikitext, (TEXT,)),
    "wiki": Target(check_source, (WIKI,)),
    "json": Target(check_source, (LINES, b"[" + LINES.replace(b"\n", b",") + b"]")),
    "table": Target(lambda data: check_source(data, "text/csv"), (TABLE, TABLE.decode().encode("utf-16"))),
    "warc": Target(check_source, (record(http(page())) * 2, packed(record(http(page())), ZIPPED_PAGE))),
    "zip": Target(check_source, (zipped(("a.html", page()), ("b.jsonl", LINES)),)),
    "tar": Target(check_source, (tarred(("a.html", page()), ("b.csv", TABLE)), gzip.compress(tarred(("a.txt", PLAIN[0]))))),
    "packed": Target(check_source, (gzip.compress(PLAIN[0]), gzip.compress(page()))),
    "content": Target(check_content, (gzip.compress(page()), page())),
    "dates": Target(check_dates, (b"August 18, 2020", b"https://a.example/2018/apr/05/", b"18.08.2020 12:00", b"20200818T1200Z")),
    "gdelt": Target(check_addresses, (EVENTS, MENTIONS)),
}
