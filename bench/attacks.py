"""Files made to do harm: each is refused or read within the deadline and a gigabyte, and what it costs is printed."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dateline.ingest.read import read_report
from dateline.ingest.readers import find_reports
from dateline.records import Problem
from dateline.runs.coder import load_coder
from dateline.runs.local import TIME_LIMIT, code_reports

MEMORY = 1_000_000_000
"""Bytes that reading any file may take in all, the process itself included."""
MB = 1_000_000
BOMB = 900_000_000
"""What the packed bombs unpack to."""
SAID = "Police detained 40 miners in Soligorsk on Monday, their union said."


def warc(block: bytes, length: int | None = None) -> bytes:
    head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Type: application/http\r\n"
    return f"{head}Content-Length: {len(block) if length is None else length}\r\n\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{more}\r\n".encode() + body


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><article><p>{SAID}</p>{body}</article></body></html>".encode()


def zeros(size: int, window: int = 31) -> bytes:
    """So many zero bytes, packed to a thousandth without ever being in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    parts = [packer.compress(bytes(MB)) for _ in range(size // MB)]
    return b"".join(parts) + packer.flush()


def zipped(files: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def nested_zips(depth: int = 5, width: int = 16) -> bytes:
    """As 42.zip is made: zips of zips, 16 at each depth, of files of zeros."""
    inner = zipped([("0.txt", bytes(9 * MB))])
    for _ in range(depth):
        inner = zipped([(f"{n}.zip", inner) for n in range(width)])
    return inner


def overlapping_zip(count: int = 5000) -> bytes:
    """A zip whose entries all lead to one packed file of 10 MB of zeros."""
    body = zeros(10 * MB, -15)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(body), 10 * MB, 5, 0) + b"a.txt" + body
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(body), 10 * MB, 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    return local + entry * count + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entry) * count, len(local), 0)


def crowded_zip(count: int = 3_000_000) -> bytes:
    """A zip of very many empty files."""
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    size = len(entry) * count
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, 0) + struct.pack(
        "<4sIQI", b"PK\6\7", 0, size, 1
    )
    return b"PK\3\4" + entry * count + end64 + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def tarred(*infos: tarfile.TarInfo, body: bytes = b"") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(body) if info.isreg() else None)
    return held.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, target
    return info


def header_bomb(kind: bytes) -> bytes:
    """A tar whose first header says that a name or attributes of so many bytes follow, packed to a thousandth."""
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = kind, BOMB
    return gzip.compress(info.tobuf(tarfile.GNU_FORMAT)) + zeros(BOMB)


def laughs() -> bytes:
    """An entity of ten entities of ten entities, nine times over: 10 GB once it is put in."""
    entities = "".join(f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9))
    return f"<?xml version='1.0'?><!DOCTYPE m [<!ENTITY a 'haha'>{entities}]>{WIKI.format('&j;')}".encode()


def foreign_entity() -> bytes:
    return f"<?xml version='1.0'?><!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{WIKI.format('&x;')}".encode()


def odd_tar() -> bytes:
    links = [entry("l.txt", tarfile.SYMTYPE, target="/etc/passwd"), entry("h.txt", tarfile.LNKTYPE, target="../x")]
    devices = [entry("/dev/sda", tarfile.BLKTYPE), entry("f", tarfile.FIFOTYPE)]
    return tarred(*[entry(name.replace("\0", "")) for name in NAMES], *links, *devices)


def broken_middle() -> bytes:
    good = gzip.compress(warc(http(page(""))))
    return good + b"\x1f\x8b\x08" + bytes(5000) + good


WIKI = "<mediawiki><page><title>A</title><revision><text>{}</text></revision></page></mediawiki>"
NAMES = [
    "../../etc/passwd.txt",
    "/etc/shadow.txt",
    "C:\\evil.txt",
    "a\0.txt",
    "a" * 60_000 + ".txt",
    "A.txt",
    "a.txt",
    "a.txt",
    "\u202etxt.exe",
    "\x1b[2J.txt",
]

ATTACKS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "WARC cut off": ("a.warc", lambda: (warc(http(page(""))) * 3)[:-90]),
    "WARC with a corrupt middle": ("a.warc.gz", broken_middle),
    "WARC, gzip bomb in a record": ("a.warc", lambda: warc(http(zeros(BOMB), "Content-Encoding: gzip\r\n"))),
    "WARC, bomb as a member": ("a.warc.gz", lambda: gzip.compress(warc(b"", BOMB)[:-4]) + zeros(BOMB)),
    "WARC, a million chunks": ("a.warc", lambda: warc(http(b"1\r\na\r\n" * 1_000_000, "Transfer-Encoding: chunked\r\n"))),
    "WARC, headers without end": ("a.warc", lambda: b"WARC/1.1\r\nX: " + b"a" * 50 * MB),
    "WARC, length of a petabyte": ("a.warc", lambda: warc(http(page("")), 10**15 - 1)),
    "zip bomb by ratio": ("a.zip", lambda: zipped([("a.jsonl", bytes(100 * MB)), ("b.txt", bytes(9 * MB))])),
    "zip bomb by number": ("a.zip", crowded_zip),
    "zip bomb by total": ("a.zip", lambda: zipped((f"{n}.txt", bytes(9 * MB)) for n in range(20))),
    "zip, overlapping files": ("a.zip", overlapping_zip),
    "zip, zips in zips": ("a.zip", nested_zips),
    "zip, names that climb": ("a.zip", lambda: zipped([(name, SAID.encode()) for name in NAMES])),
    "tar, names, links, devices": ("a.tar", odd_tar),
    "tar, bomb": ("a.tar.gz", lambda: gzip.compress(entry("a.jsonl", size=BOMB).tobuf()) + zeros(BOMB)),
    "tar, long-name bomb": ("a.tar.gz", lambda: header_bomb(tarfile.GNUTYPE_LONGNAME)),
    "tar, attribute bomb": ("a.tar.gz", lambda: header_bomb(tarfile.XHDTYPE)),
    "gzip bomb": ("a.txt.gz", lambda: zeros(BOMB)),
    "gzip bomb of lines": ("a.jsonl.gz", lambda: zeros(BOMB)),
    "XML, billion laughs": ("a.xml", laughs),
    "XML, file as an entity": ("a.xml", foreign_entity),
    "XML, a million open elements": ("a.xml", lambda: b"<mediawiki>" + b"<a>" * 1_000_000),
    "XML, a tag without end": ("a.xml", lambda: b"<mediawiki><page a='" + b"a" * 50 * MB),
    "XML, page without end": ("a.xml", lambda: b"<mediawiki><page><revision><text>" + b"a" * 50 * MB),
    "wikitext, 100,000 open braces": ("a.xml", lambda: WIKI.format("{{a|" * 100_000).encode()),
    "60,000 nested divs": ("a.html", lambda: page("<div>" * 60_000)),
    "19,000 nested divs": ("a.html", lambda: page("<div>" * 19_000 + SAID + "</div>" * 19_000)),
    "24 MB, 400,000 paragraphs": ("a.html", lambda: page(f"<p>{SAID[:52]}</p>" * 400_000)),
    "4.9 MB, 19,000 paragraphs": ("a.html", lambda: page(f"<p>{SAID} {SAID} {SAID}</p>" * 19_000)),
    "a million attributes": ("a.html", lambda: page("<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + f">{SAID}</p>")),
    "300,000 attributes": ("a.html", lambda: page("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + f">{SAID}</p>")),
    "39,000 tags, none closed": ("a.html", lambda: page("<b><i><a href=x><p><table><tr><td><font>" * 4_800)),
    "5 MB of entities": ("a.html", lambda: page(f"<p>{'&amp;&#x41;&nbsp;' * 290_000}</p>")),
    "5 MB of open comments": ("a.html", lambda: page("<!--" * 38_000 + "a" * 4_000_000)),
    "JSON-LD that backtracks": ("a.html", lambda: page("", "<script " + "application/ld+json" * 250_000)),
    "JSON-LD nested 100,000 deep": ("a.html", lambda: page("", f"<script type='application/ld+json'>{'[' * 100_000}</script>")),
    "page in punycode": ("a.html", lambda: b"<meta charset=punycode>" + b"a" * 4_000_000 + b"-" + b"b" * 900_000),
    "page in UTF-7": ("a.html", lambda: b"<meta charset=utf-7><p>+ADw-script+AD4- " + SAID.encode()),
    "UTF-16 of lone surrogates": ("a.txt", lambda: b"\xff\xfe" + b"\x00\xd8" * 3_000_000),
    "UTF-32 beyond Unicode": ("a.txt", lambda: b"\xff\xfe\x00\x00" + b"\xff\xff\xff\x7f" * 2_000_000),
    "10 MB of zero bytes": ("a.txt", lambda: bytes(10 * MB)),
    "10 MB without a space": ("a.txt", lambda: b"a" * (10 * MB)),
    "1,000,000 empty lines": ("a.txt", lambda: b"\n" * 9_000_000 + SAID.encode()),
    "credits without end": ("a.txt", lambda: ("Photo: (Reuters) " * 5_800 + "\n\n").encode() * 9),
    "datelines without end": ("a.txt", lambda: ("MINSK, Aug 18 (" * 6_000 + "\n\n").encode() * 9),
    "dates without end": ("a.txt", lambda: ("Published: on Monday, August 18, 20 " * 2_700 + "\n\n").encode() * 9),
    "quotation marks without end": ("a.txt", lambda: ("“‘\"'( — " * 12_000 + "\n\n").encode() * 9),
    "marks above marks": ("a.txt", lambda: (SAID + "e" + "\u0301" * 90_000).encode()),
    "CSV, a field of 1 GB": ("a.csv.gz", lambda: gzip.compress(b'text,title\n"') + zeros(200 * MB)),
    "CSV, one line of 60 MB": ("a.csv", lambda: b"text,title\n" + b"a" * 60 * MB + b"\n" + SAID.encode() + b",b\n"),
    "CSV, a quotation mark left open": ("a.csv", lambda: b'text,title\n"' + (SAID + ",b\n").encode() * 400_000),
    "CSV, a million columns": ("a.csv", lambda: b"text" + b"," * 1_000_000 + b"\n"),
    "JSON nested 100,000 deep": ("a.json", lambda: b"[" * 100_000),
    "JSON, three million lists": ("a.json", lambda: b"[" + b"[]," * 3_000_000 + b"[]]"),
    "JSON, a number of 5 million figures": ("a.json", lambda: b'{"text":' + b"9" * 5_000_000 + b"}"),
    "JSON of lone surrogates": ("a.jsonl", lambda: b'{"text": "' + b"\\ud800" * 1_000_000 + b'"}\n'),
}  # fmt: skip


def read_attack(path: Path) -> list[str]:
    """What reading a file comes to, without coding: the reasons of its problems, and "read" for each document."""
    outcomes: list[str] = []
    for found in find_reports([str(path)]):
        problems = (found,) if isinstance(found, Problem) else tuple(p for p in read_report(found)[1] if p.is_fatal)
        outcomes += [problem.reason for problem in problems] or ["read"]
    return outcomes


def _code_attack(path: Path) -> list[str]:
    """The same on the whole path, as `dateline code` goes it: coded too, in a process that can be killed."""
    codings = (coding for _, coding in code_reports(find_reports([str(path)]), load_coder))
    return [next((p.reason for p in c.problems if p.is_fatal or c.document is None), "read") for c in codings]


def _measure(name: str, read: Callable[[Path], list[str]]) -> dict[str, object]:
    """One attack in this process, which does nothing else: what came of it, seconds, peak bytes of it and its workers."""
    file, make = ATTACKS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        made = os.fork()  # what making it takes is not counted
        if made == 0:
            path.write_bytes(make())
            os._exit(0)
        os.waitpid(made, 0)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        outcomes = read(path)
        wall = time.monotonic() - start
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime - before.ru_utime - before.ru_stime
    peak = own.ru_maxrss + (workers.ru_maxrss if workers.ru_maxrss > before.ru_maxrss else 0)
    return {"outcomes": outcomes, "wall": wall, "cpu": cpu, "peak": peak * 1024}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench attacks", description=__doc__)
    parser.add_argument(
        "--coded", action="store_true", help="on the whole path, as `dateline code` goes it: with the model and a worker"
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    parser.add_argument("--measured", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.measured:
        print(json.dumps(_measure(asked.only[0], _code_attack if asked.coded else read_attack)))
        return 0
    print(f"deadline {TIME_LIMIT:g} s a report, memory {MEMORY // MB:,} MB; {'coded' if asked.coded else 'read'}")
    print(f"{'attack':38} {'cpu s':>6} {'wall s':>6} {'peak MB':>8}  came to")
    failed = 0
    for name in asked.only:
        command = [sys.executable, "-W", "ignore", "-m", "bench", "attacks", "--measured", "--only", name]
        done = subprocess.run([*command, *(["--coded"] if asked.coded else [])], capture_output=True, text=True)
        if done.returncode:
            failed += 1
            print(f"{name:38} FAILED: {done.stderr.strip().splitlines()[-1:]}", flush=True)
            continue
        found = json.loads(done.stdout)
        is_within = found["peak"] <= MEMORY and found["cpu"] <= TIME_LIMIT
        failed += not is_within
        outcomes = ", ".join(dict.fromkeys(found["outcomes"])) or "nothing"
        figures = f"{found['cpu']:6.1f} {found['wall']:6.1f} {found['peak'] / MB:8,.0f}"
        print(f"{name:38} {figures}  {outcomes}{'' if is_within else '  OVER'}", flush=True)
    print(f"{len(asked.only) - failed} of {len(asked.only)} within the limits")
    return 1 if failed else 0
