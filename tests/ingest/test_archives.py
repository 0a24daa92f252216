"""Archives: what is in them, under which names, and that damage costs no more than it must."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dateline.ingest.readers import find_reports
from dateline.records import Problem, Report
from tests.ingest.making import LEAD, http, packed, page, record, special, tarred, zipped


def found(data: bytes, name: str, folder: Path, max_bytes: int = 100_000) -> list[Report | Problem]:
    (folder / name).write_bytes(data)
    return list(find_reports([str(folder / name)], max_bytes=max_bytes))


def told(items: list[Report | Problem], folder: Path) -> list[str]:
    """Each item in a word or two: a report's name, or a problem's reason and name; the folder left out."""
    words = [item.name if isinstance(item, Report) else f"{item.reason} {item.report}" for item in items]
    return [word.replace(f"{folder}/", "") for word in words]


def one(data: bytes, name: str, folder: Path) -> Report:
    (report,) = found(data, name, folder)
    assert isinstance(report, Report)
    return report


# ---------------------------------------------------------------- WARC


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.bz2", "a.warc.xz", "a.warc.zst", "crawl"])
def test_it_reads_the_pages_of_a_web_archive_however_it_is_packed(name: str, tmp_path: Path) -> None:
    records = [
        record(http(page()), 1),
        record(http(b"\xff\xd8", media_type="image/jpeg"), 2),
        record(http(LEAD.encode(), media_type="text/plain"), 3),
    ]
    whole = b"".join(records)
    pack: dict[str, Callable[[], bytes]] = {
        ".gz": lambda: packed(*records),
        ".bz2": lambda: bz2.compress(whole),
        ".xz": lambda: lzma.compress(whole),
        ".zst": lambda: bytes(pa.compress(whole, "zstd", asbytes=True)),
    }
    first, second, remark = found(pack.get(Path(name).suffix, lambda: whole)(), name, tmp_path)
    assert first == Report(
        f"{tmp_path / name}@0", page(), "text/html", "https://bugle.example/1", datetime(2021, 3, 2, 10, tzinfo=UTC)
    )
    assert isinstance(second, Report)
    assert (second.raw, second.media_type) == (LEAD.encode(), "text/plain")
    assert isinstance(remark, Problem)
    assert not remark.is_fatal
    assert remark.message.endswith("1 records hold no report and were passed over: 1 of type image/jpeg")


def test_it_names_each_record_by_where_it_begins_in_the_file(tmp_path: Path) -> None:
    records = [record(http(page()), number) for number in range(3)]
    for data, name, sizes in [
        (b"".join(records), "a.warc", [len(r) for r in records]),
        (packed(*records), "a.warc.gz", [len(packed(r)) for r in records]),
    ]:
        offsets = [0, sizes[0], sizes[0] + sizes[1]]
        assert told(found(data, name, tmp_path), tmp_path) == [f"{name}@{offset}" for offset in offsets]


def test_it_counts_what_holds_no_report_by_kind(tmp_path: Path) -> None:
    data = b"".join(
        [
            record(b"software: crawler", kind="warcinfo"),
            record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
            record(http(page(), status="404 Not Found")),
            record(http(page(), status="301 Moved")),
            record(http(page(), status="404 Not Found")),
            record(LEAD.encode(), kind="conversion"),
        ]
    )
    report, remark = found(data, "a.warc", tmp_path)
    assert isinstance(report, Report)
    assert isinstance(remark, Problem)
    assert remark.message.endswith("over: 2 of status 404, 1 of status 301, 1 of type request, 1 of type warcinfo")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(page()), ["Content-Encoding: gzip"]),
        (page(), ["Content-Encoding: gzip"]),  # undone by the crawler, which kept the header
        (zlib.compress(page()), ["Content-Encoding: deflate"]),
        (zlib.compress(page())[2:-4], ["Content-Encoding: deflate"]),
        (pa.compress(page(), "brotli", asbytes=True), ["Content-Encoding: br"]),
        (page(), ["Content-Encoding: br"]),
        (pa.compress(page(), "zstd", asbytes=True), ["content-encoding: ZSTD"]),
        (
            b"5\r\n" + page()[:5] + b"\r\n%x;ext=1\r\n" % len(page()[5:]) + page()[5:] + b"\r\n0\r\n\r\n",
            ["Transfer-Encoding: chunked"],
        ),
        (page(), ["Transfer-Encoding: chunked"]),
        (
            b"%x\r\n" % len(gzip.compress(page(), mtime=0)) + gzip.compress(page(), mtime=0) + b"\r\n0\r\n\r\n",
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
        ),
    ],
)
def test_it_undoes_the_codings_of_http(body: bytes, headers: list[str], tmp_path: Path) -> None:
    assert one(record(http(body, *headers)), "a.warc", tmp_path).raw == page()


def test_the_charset_a_server_declares_is_kept_for_the_reader(tmp_path: Path) -> None:
    report = one(record(http(page(), media_type="text/html; charset=windows-1251")), "a.warc", tmp_path)
    assert report.media_type == "text/html; charset=windows-1251"


def test_a_capture_that_was_cut_short_is_read_with_a_remark(tmp_path: Path) -> None:
    remark, report = found(record(http(page()), more="WARC-Truncated: length\r\n"), "a.warc", tmp_path)
    assert isinstance(remark, Problem)
    assert isinstance(report, Report)
    assert (remark.reason, remark.is_fatal, remark.report) == ("truncated", False, report.name)


R = [record(http(page(f"{LEAD} ({number})")), number) for number in range(4)]
G = [packed(r) for r in R]


def flip(data: bytes, at: int, size: int = 12) -> bytes:
    return data[:at] + bytes(b ^ 0xFF for b in data[at : at + size]) + data[at + size :]


@pytest.mark.parametrize(
    ("data", "name", "lost"),
    [
        (b"".join(R)[:-40], "a.warc", {3}),
        (b"".join(G)[:-40], "a.warc.gz", {3}),
        (R[0] + R[1][:60], "a.warc", {1, 2, 3}),
        (R[0] + flip(R[1], 0) + R[2] + R[3], "a.warc", {1}),
        (R[0] + flip(R[1], len(R[1]) - 60) + R[2] + R[3], "a.warc", {1}),
        (R[0] + R[1][:-50] + R[2] + R[3], "a.warc", {1}),
        (R[0] + b"junk\n" * 20_000 + R[1] + R[2] + R[3], "a.warc", set()),
        (G[0] + flip(G[1], 60) + G[2] + G[3], "a.warc.gz", {1}),
        (G[0] + flip(G[1], 0) + G[2] + G[3], "a.warc.gz", {1}),
        (G[0] + G[1][:100] + G[2] + G[3], "a.warc.gz", {1}),
        (G[0] + b"\x1f\x8b\x08" * 9 + G[1] + G[2] + G[3], "a.warc.gz", set()),
        (R[0] + record(http(page()), 1, length=10**15 - 1) + R[2] + R[3], "a.warc", {1, 2, 3}),
        (R[0] + record(http(page()), 1, length=5) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page()), 1, length=900) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page()), 1, length="-5") + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page()), 1, digest="sha256:" + "0" * 64) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(b"no HTTP at all", 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page(), "X: " + "a" * 70_000), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + b"WARC/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n" + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(gzip.compress(page())[:-30], "Content-Encoding: gzip"), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page(), "Content-Encoding: exi"), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page(), "Content-Encoding: gzip, gzip, gzip"), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page("a" * 200_000)), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(page("a" * 100_000)), 1) + R[2] + R[3], "a.warc", {1}),
        (R[0] + record(http(gzip.compress(bytes(50_000_000)), "Content-Encoding: gzip"), 1) + R[2] + R[3], "a.warc", {1}),
        (G[0] + packed(record(http(bytes(60_000_000)), 1)) + G[2] + G[3], "a.warc.gz", {1}),
    ],
)  # fmt: skip
def test_damage_costs_the_record_it_is_in_and_is_told_of_once(data: bytes, name: str, lost: set[int], tmp_path: Path) -> None:
    items = found(data, name, tmp_path)
    kept = {int(item.address[-1]) for item in items if isinstance(item, Report) and item.address}
    assert kept == {0, 1, 2, 3} - lost
    problems = [item for item in items if isinstance(item, Problem)]
    assert len([problem for problem in problems if problem.is_fatal]) == 1, problems
    assert all(problem.report.startswith(f"{tmp_path / name}@") for problem in problems)


# ---------------------------------------------------------------- zip and WACZ


def test_it_reads_the_files_of_a_zip_each_by_its_ending(tmp_path: Path) -> None:
    lines = json.dumps({"text": LEAD}).encode() + b"\n" + json.dumps({"text": LEAD}).encode()
    data = zipped(
        ("2020/", b""),
        ("2020/a.html", page()),
        ("b.jsonl", lines),
        (".hidden/c.txt", b"x"),
        ("__MACOSX/a.txt", b"x"),
        ("d.txt.gz", gzip.compress(LEAD.encode())),
        ("e.warc.gz", packed(R[0])),
        ("f.csv", b"text\n" + LEAD.encode()),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
    )
    assert told(found(data, "news.zip", tmp_path), tmp_path) == [
        "news.zip!2020/a.html",
        "news.zip!b.jsonl:1",
        "news.zip!b.jsonl:2",
        "news.zip!d.txt.gz",
        "news.zip!e.warc.gz@0",
        "news.zip!f.csv:2",
        "binary news.zip!a.png",
        "passed over news.zip",
    ]


def test_it_reads_the_web_archives_of_a_wacz_and_checks_their_digests(tmp_path: Path) -> None:
    warc = packed(*R)
    for digest, tail in [(hashlib.sha256(warc).hexdigest(), []), ("0" * 64, ["damaged a.wacz!archive/a.warc.gz"])]:
        about = json.dumps({"resources": [{"path": "archive/a.warc.gz", "hash": f"sha256:{digest}"}]}).encode()
        data = zipped(
            ("datapackage.json", about), ("archive/a.warc.gz", warc), ("pages/pages.jsonl", b"{}"), method=zipfile.ZIP_STORED
        )
        items = told(found(data, "a.wacz", tmp_path), tmp_path)
        assert len([item for item in items if item.startswith("a.wacz!archive/a.warc.gz@")]) == 4
        assert items[4:] == [*tail, "passed over a.wacz"]


def test_an_office_document_is_no_archive_of_reports(tmp_path: Path) -> None:
    (problem,) = found(zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), "a.docx", tmp_path)
    assert isinstance(problem, Problem)
    assert problem.reason == "binary"


def test_an_archive_inside_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = zipped(("a.txt", LEAD.encode()))
    data = zipped(
        ("inner.zip", inner),
        ("inner.tar", tarred(("a.txt", b"x"))),
        ("inner.tgz", gzip.compress(tarred(("a.txt", b"x")))),
        ("b.gz", gzip.compress(gzip.compress(b"x"))),
    )
    items = found(data, "a.zip", tmp_path)
    assert told(items, tmp_path) == [
        "nested archive a.zip!inner.zip",
        "nested archive a.zip!inner.tar",
        "nested archive a.zip!inner.tgz",
        "binary a.zip!b.gz",
    ]


# ---------------------------------------------------------------- tar


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_it_reads_the_files_of_a_tar_and_passes_over_all_that_is_none(mode: str, tmp_path: Path) -> None:
    data = tarred(
        special("news", tarfile.DIRTYPE),
        ("news/a.html", page()),
        special("b.txt", tarfile.SYMTYPE, "/etc/passwd"),
        special("c.txt", tarfile.LNKTYPE, "../../x"),
        special("d", tarfile.CHRTYPE),
        special("e", tarfile.FIFOTYPE),
        ("f.txt", LEAD.encode()),
        ("empty.txt", b""),
        ("g.txt", b"a" * 512),
        mode=mode,
    )
    *items, remark = found(data, "news.tar", tmp_path)
    assert told(items, tmp_path) == [f"news.tar!{name}" for name in ("news/a.html", "f.txt", "empty.txt", "g.txt")]
    assert isinstance(items[0], Report)
    assert items[0].raw == page()
    assert isinstance(remark, Problem)
    assert remark.message.endswith("4 files hold no report and were passed over: 2 devices, 2 links")


def test_a_tar_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = tarred(*((f"{number}.txt", random.Random(number).randbytes(1900).hex().encode()) for number in range(3)))
    for data in (whole[:5000], gzip.compress(whole)[:-20]):
        names = told(found(data, "a.tar", tmp_path), tmp_path)
        assert names[0] == "a.tar!0.txt"
        assert names[-1].startswith(("damaged a.tar", "cut off a.tar"))


# ---------------------------------------------------------------- packed files


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.gz", "a.csv.gz", "a.html.bz2", "a.txt.xz", "a.txt.zst"])
def test_it_unpacks_a_single_file_and_goes_by_the_ending_before(name: str, tmp_path: Path) -> None:
    stem = Path(name).stem
    text = (
        json.dumps({"text": LEAD}) + "\n" + json.dumps({"text": LEAD})
        if "json" in name or stem == "a"
        else f"text\n{LEAD}\n{LEAD}"
        if "csv" in name
        else LEAD
    )
    pack: dict[str, Callable[[bytes], bytes]] = {
        ".gz": gzip.compress,
        ".bz2": bz2.compress,
        ".xz": lzma.compress,
        ".zst": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    }
    items = found(pack[Path(name).suffix](text.encode()), name, tmp_path)
    assert {item.raw for item in items if isinstance(item, Report)} == {LEAD.encode()}
    assert len(items) == (1 if "html" in name or "txt" in name else 2)


def test_a_packed_file_that_is_cut_off_or_damaged_is_a_problem(tmp_path: Path) -> None:
    for data in (gzip.compress(LEAD.encode())[:-4], bz2.compress(LEAD.encode())[:-4], lzma.compress(LEAD.encode())[:-4]):
        (problem,) = found(data, "a.txt.gz", tmp_path)
        assert isinstance(problem, Problem)
        assert problem.reason in ("cut off", "damaged")


def test_an_archive_can_come_by_standard_input_if_it_is_read_forward(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self._inner = io.BytesIO(data)

        def readable(self) -> bool:
            return True

        def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
            return self._inner.readinto(target)

    def piped(data: bytes) -> Iterator[Report | Problem]:
        return find_reports(["-"], stdin=io.BufferedReader(Pipe(data)))

    assert len(list(piped(packed(*R)))) == 4
    assert len(list(piped(tarred(("a.txt", b"x"))))) == 1
    (problem,) = piped(zipped(("a.txt", b"x")))
    assert isinstance(problem, Problem)
    assert "save it to one" in problem.message
