"""Archives of files (zip, WACZ, tar): each file in them read like a file of its own, and nothing ever written to the disk.

What is in an archive is told of as "news.zip!2020/08/a.html". A name is only ever a label here, so that no path in an archive,
however it climbs, leads anywhere; links and devices are passed over.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, TypeAlias, TypeVar

from dateline.ingest.given import Given, passed_over, refused
from dateline.ingest.unpacking import CHUNK, FREE, RATIO, PackedError, Readable
from dateline.records import Problem

MAX_DIRECTORY = 64_000_000
"""Bytes that a zip's table of contents may have: some six hundred thousand files of ordinary names. It is read whole."""
MAX_FILES = 1_000_000
"""Files an archive may have."""
MAX_NAME = 300
"""Characters of a name that are shown; the rest is cut out of its middle."""
MAX_TAR_HEAD = 1_000_000
"""Bytes that may be read to learn of a tar's next file: long names and attributes are a few thousand, and are read whole."""
OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
"""What the first-class files of office documents, e-books and Java programs are, which are zips too."""

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of a zip, and of an empty one."""

Found = TypeVar("Found")
ReadFile: TypeAlias = Callable[[BinaryIO, str], Iterator[Found | Problem]]
"""Reads one file of an archive, told by the name it should be called."""


# ---------------------------------------------------------------- zip


def read_zip(stream: BinaryIO, name: str, given: Given, read_file: ReadFile[Found]) -> Iterator[Found | Problem]:
    """The reports of the files in a zip, in the order they lie in it; of a WACZ, those of its web archives.

    A file that is encrypted, packed in an unknown way, damaged or a bomb is a fatal Problem, and the next is read. The whole
    archive is refused where its table of contents cannot be read, is too large, or counts the same bytes twice: such are bombs.
    """
    try:
        directory = _directory_size(stream)
        if directory is None or directory > MAX_DIRECTORY:
            yield _too_many(name) if directory else _no_directory(name)
            return
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, UnicodeError) as fault:
        yield refused("damaged", name, f"is no whole zip archive ({fault}); fetch it again, or unpack it and give the folder")
        return
    with archive:
        files = sorted(archive.infolist(), key=lambda info: info.header_offset)
        if problem := _refusal(files, name, given):
            yield problem
            return
        digests = _wacz_digests(archive, files)
        counts: Counter[str] = Counter()
        labels = _Labels(name)
        for info in files:
            kind = _passed_over(info.filename) or ("folders" if info.is_dir() else None) or ("links" if _is_link(info) else None)
            if kind or (digests is not None and not info.filename.lower().endswith((".warc", ".warc.gz"))):
                counts[kind or "files of the WACZ's own"] += kind != "folders"
            else:
                yield from _read_zipped(archive, info, labels.label(info.filename), read_file, (digests or {}).get(info.filename))
    if rest := passed_over(name, +counts, "files"):
        yield rest


def _directory_size(stream: BinaryIO) -> int | None:
    """The size of the table of contents, as the zip's end says; no end of a zip: None. Source: APPNOTE.TXT, 4.3.14 to 4.3.16."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557 - 76))
    tail = stream.read(65_557 + 76)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return None
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    end64 = tail[max(0, at - 76) : at]  # the end of a large zip and what leads to it, where the library looks for them too
    if end64.startswith(b"PK\x06\x06") and end64[-20:].startswith(b"PK\x06\x07"):
        directory = int.from_bytes(end64[40:48], "little")
    stream.seek(0)
    return directory


def _no_directory(name: str) -> Problem:
    return refused("damaged", name, "is no whole zip archive (it has no end); fetch it again, or unpack it and give the folder")


def _too_many(name: str) -> Problem:
    return refused("too large", name, f"has more than the {MAX_FILES:,} files an archive may have; unpack it and give the folder")


def _refusal(files: list[zipfile.ZipInfo], name: str, given: Given) -> Problem | None:
    """Why the archive is not read at all; it is: None."""
    if len(files) > MAX_FILES:
        return _too_many(name)
    names = {info.filename for info in files}
    if names & OFFICE and "datapackage.json" not in names:
        office = next((f for f in given.tables.formats if f.starts.startswith(b"PK")), None)
        advice = office.advice if office else "save it as plain text"
        return refused("binary", name, f"is an office document, e-book or program, not text; {advice}")
    end = 0
    for info in files:
        if info.header_offset < end:
            return refused(
                "bomb", name, "is refused: files in it share their bytes, as only bombs do; ask for it to be packed anew"
            )
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
    return None


def _read_zipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, read_file: ReadFile[Found], digest: str | None
) -> Iterator[Found | Problem]:
    if info.flag_bits & 1:
        yield refused("encrypted", label, "is encrypted; unpack it with its password")
        return
    try:
        with archive.open(info) as inner:
            counted = _Bounded(inner, info.compress_size)
            hashed = _Hashed(counted) if digest else counted
            yield from read_file(io.BufferedReader(hashed, CHUNK), label)
            if isinstance(hashed, _Hashed) and hashed.digest() != digest:
                yield refused(
                    "damaged", label, "its bytes do not agree with the WACZ's digest: reports read from it may have been changed"
                )
    except PackedError as fault:
        yield refused(fault.reason, label, str(fault))
    except NotImplementedError as fault:
        yield refused("unknown coding", label, f"cannot be unpacked ({fault}); unpack it and give the folder")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        yield refused("damaged", label, f"is damaged ({fault or type(fault).__name__}); fetch the archive again")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return info.create_system == 3 and (info.external_attr >> 28) == 0o12


def _wacz_digests(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> dict[str, str] | None:
    """The SHA-256 that a WACZ gives for each of its files; no WACZ: None. Source: WACZ 1.1.1, datapackage.json."""
    about = next((info for info in files if info.filename == "datapackage.json"), None)
    if about is None or about.file_size > 10_000_000 or not any(info.filename.startswith("archive/") for info in files):
        return None
    try:
        with archive.open(about) as inner:
            told = json.loads(inner.read(10_000_000))
        resources = told["resources"] if isinstance(told, dict) else []
        pairs = [(r["path"], r["hash"].partition(":")) for r in resources if isinstance(r, dict) and "hash" in r]
        return {path: digest.lower() for path, (algorithm, _, digest) in pairs if algorithm == "sha256"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, zipfile.BadZipFile, zlib.error):
        return {}


class _Bounded(io.RawIOBase):
    """A file of a zip, which may unpack to so many times its size and no more."""

    def __init__(self, stream: Readable, packed: int) -> None:
        self._stream = stream
        self._left = FREE + RATIO * packed

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        found = self._stream.read(len(target))
        self._left -= len(found)
        if self._left < 0:
            raise PackedError("bomb", f"unpacks to more than {RATIO} times its size, as no text does; it was left off there", 0)
        target[: len(found)] = found
        return len(found)


class _Hashed(io.RawIOBase):
    """A stream of which the SHA-256 is taken as it is read."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream
        self._sum = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        found = self._stream.read(len(target)) or b""
        self._sum.update(found)
        target[: len(found)] = found
        return len(found)

    def digest(self) -> str:
        """Of all of it: what has not been read yet is read now."""
        while self.read(CHUNK):
            pass
        return self._sum.hexdigest()


# ---------------------------------------------------------------- tar


def read_tar(stream: Readable, name: str, read_file: ReadFile[Found]) -> Iterator[Found | Problem]:
    """The reports of the files in a tar, in its order. Damage ends it, with a fatal Problem: a tar has nothing to go on by.

    `stream` is only read forward, so a packed tar is never whole in memory or on the disk.
    """
    tape = _Forward(stream)
    counts: Counter[str] = Counter()
    labels = _Labels(name)
    try:
        tape.allow(MAX_TAR_HEAD)
        with tarfile.open(fileobj=tape, mode="r:", errors="replace", encoding="utf-8") as archive:
            for _ in range(MAX_FILES + 1):
                tape.allow(MAX_TAR_HEAD)
                info = archive.next()
                if info is None:
                    if tape.last.strip(b"\0") or not tape.last:  # the end is a block of zeros, which tarfile does not insist on
                        yield refused("cut off", name, f"ends at byte {tape.position:,}, in the middle; what came before was read")
                    tape.seek(1 << 62)  # what is left is padding; a packed file's check sum stands behind it
                    break
                archive.members.clear()  # type: ignore[attr-defined] # or it would remember every file it has ever met
                if kind := _passed_over(info.name) or _kind(info):
                    counts[kind] += kind != "folders"
                    continue
                inner = archive.extractfile(info)
                assert inner is not None
                tape.allow(None)
                yield from read_file(io.BufferedReader(_Inner(inner), CHUNK), labels.label(info.name))
            else:
                yield _too_many(name)
    except PackedError as fault:
        yield refused(fault.reason, name, str(fault))
    except (tarfile.TarError, RecursionError, EOFError, ValueError, OverflowError, OSError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        message = f"is damaged or cut off near byte {tape.position:,} ({str(fault)[:80]}); what came before was read"
        yield refused("damaged", name, message)
    if rest := passed_over(name, +counts, "files"):
        yield rest


def _kind(info: tarfile.TarInfo) -> str | None:
    """What a tar's entry is that is not read, in the plural; an ordinary file: None."""
    if info.isdir():
        return "folders"
    if info.issym() or info.islnk():
        return "links"
    if info.issparse():
        return "sparse files"
    return None if info.isreg() else "devices"


class _Inner(io.RawIOBase):
    """A file of a tar, only ever read forward."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview, /) -> int:  # type: ignore[override]
        found = self._stream.read(len(target))
        target[: len(found)] = found
        return len(found)


class _Forward(io.RawIOBase):
    """A stream that can be sought forward only, by reading, and of which a bounded part may be read at a time."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._allowed: int | None = None
        self.last = b""
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def allow(self, size: int | None) -> None:
        """How much may be read from now on; None: no bound."""
        self._allowed = size

    def tell(self) -> int:
        return self.position

    def seek(self, to: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or to < self.position:
            raise tarfile.ReadError("the archive leads back to what was read already")
        while self.position < to and (found := self._stream.read(min(CHUNK, to - self.position))):
            self.position += len(found)
        return self.position

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or (self._allowed is not None and size > self._allowed):
            raise tarfile.ReadError(f"a file's name and attributes take more than {MAX_TAR_HEAD:,} bytes")
        parts: list[bytes] = []
        left = size
        while left > 0 and (found := self._stream.read(min(left, CHUNK))):
            parts.append(found)
            left -= len(found)
        self.position += size - left
        if self._allowed is not None:
            self._allowed -= size - left
        self.last = b"".join(parts)
        return self.last


# ---------------------------------------------------------------- names


def _passed_over(path: str) -> str | None:
    """What a file is that is not read for its name's sake, in the plural: hidden files, and what macOS adds; others: None."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts
    return "hidden files" if hidden else None


class _Labels:
    """What the files of an archive are called: two of one name are told apart by a number."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._met: Counter[int] = Counter()

    def label(self, path: str) -> str:
        """ "news.zip!2020/a.html", with what could act on a terminal written out and the middle of a very long name cut."""
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in path)
        if len(shown) > MAX_NAME:
            shown = f"{shown[: MAX_NAME // 2]}…{shown[-MAX_NAME // 2 :]}"
        key = hash(shown)
        self._met[key] += 1
        number = self._met[key]
        return f"{self._archive}!{shown}" + (f"#{number}" if number > 1 else "")
