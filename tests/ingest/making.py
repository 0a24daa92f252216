"""Archives made for tests: web archives record by record, zips and tars with what no honest program would write."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile

LEAD = "Dock workers walked off the job on Monday after talks over pay broke down, their union said."


def page(words: str = LEAD) -> bytes:
    return f"<html><head><title>Strike</title></head><body><article><p>{words}</p></article></body></html>".encode()


def http(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {media_type}", *headers, "", ""]).encode() + body


def record(
    block: bytes,
    number: int = 0,
    *,
    kind: str = "response",
    length: int | str | None = None,
    digest: str | None = None,
    more: str = "",
) -> bytes:
    """A record of a web archive, with a true digest unless one is given."""
    is_http = kind in ("response", "request")
    said = digest or "sha1:" + base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    headers = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://bugle.example/{number}\r\nWARC-Date: 2021-03-02T10:00:00Z\r\n"
        f"Content-Type: {'application/http; msgtype=' + kind if is_http else 'text/plain'}\r\nWARC-Block-Digest: {said}\r\n{more}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return headers.encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """Records as crawlers pack them, each a gzip member of its own."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return held.getvalue()


def tarred(*files: tuple[str, bytes] | tarfile.TarInfo, mode: str = "w") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:  # type: ignore[call-overload]
        for file in files:
            if isinstance(file, tarfile.TarInfo):
                archive.addfile(file)
            else:
                info = tarfile.TarInfo(file[0])
                info.size = len(file[1])
                archive.addfile(info, io.BytesIO(file[1]))
    return held.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """An entry of a tar that is no file: a link, a device, a pipe."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info
