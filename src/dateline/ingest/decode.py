"""Bytes to characters: which encoding, and which bytes each character came from."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.ingest.normalise import ByteStarts
from dateline.knowledge.reading import FileFormat

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte-order marks, the longer first: UTF-32's little-endian mark begins with UTF-16's."""

CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})"
)
PARAMETER = re.compile(r";\s*charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
LATIN = frozenset({"iso8859-1", "latin-1", "ascii", "iso8859-15"})
"""What pages declare when they are in Windows-1252; browsers read them so (WHATWG Encoding Standard, section 4.2)."""
ENCODINGS = frozenset({
    "utf-8", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9",
    "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "cp874", "tis-620", "cp1250", "cp1251",
    "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac-cyrillic", "gbk", "gb2312", "gb18030", "big5",
    "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949",
})  # fmt: skip
"""The encodings that browsers know, by Python's names (WHATWG Encoding Standard, section 4.2). Python has more, some of them traps:
the time of punycode grows with the square of the text, and UTF-7 hides markup."""

CONTROL = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b\x1a")
SNIFFED = 65_536


@dataclass(frozen=True)
class Decoded:
    """The report's characters. `byte_starts` None: the encoding gives no way back.

    `is_assumed`: nobody said which encoding, and it is not UTF-8.
    """

    text: str
    encoding: str
    byte_starts: ByteStarts | None
    is_assumed: bool = False
    contradicted: str | None = None
    """The encoding the page declares, where its bytes are not in it."""


def binary_format(raw: bytes, formats: Sequence[FileFormat]) -> FileFormat | None:
    """The format of bytes that are not text; text: None.

    Known by their first bytes, or by zero or control bytes, which text in a known encoding does not have.
    """
    known = next((f for f in formats if raw.startswith(f.starts)), None)
    if known:
        return known
    if _mark(raw):
        return None
    head = raw[:SNIFFED]
    if b"\0" in raw or len(head) - len(head.translate(None, CONTROL)) > max(2, len(head) // 100):
        return FileFormat("binary data", b"", "give the report's text or its web page")
    return None


def decode(raw: bytes, *, is_page: bool, media_type: str = "") -> Decoded:
    """The characters of bytes that `binary_format` let through.

    In order: the byte-order mark; the charset that the server declared in the media type; the one a page declares; UTF-8;
    Windows-1252, in which nearly all other English text is. Source: WHATWG HTML, section 13.2.3.2.
    """
    if mark := _mark(raw):
        bom, encoding = mark
        text = raw[len(bom) :].decode(encoding, errors="replace")
        return Decoded(text, encoding, _byte_starts(text, raw[len(bom) :], encoding, len(bom)))
    served = PARAMETER.search(media_type)
    declared = _encoding(served.group(1)) if served else None
    declared = declared or (_declared(raw) if is_page else None)
    for candidate in filter(None, (declared, "utf-8")):
        try:
            text = raw.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        contradicted = declared if candidate != declared else None
        return Decoded(text, candidate, _byte_starts(text, raw, candidate, 0), contradicted=contradicted)
    text = raw.decode("cp1252", errors="replace")
    return Decoded(text, "cp1252", _byte_starts(text, raw, "cp1252", 0), is_assumed=True, contradicted=declared)


def _mark(raw: bytes) -> tuple[bytes, str] | None:
    return next(((bom, encoding) for bom, encoding in MARKS if raw.startswith(bom)), None)


def _declared(raw: bytes) -> str | None:
    match = CHARSET.search(raw, 0, 4096)
    if match is None:
        return None
    return _encoding((match.group(1) or match.group(2)).decode("ascii"))


def _encoding(label: str) -> str | None:
    """The encoding of that name; a name of none, or of one that browsers do not know: None."""
    try:
        found = codecs.lookup(label)
    except LookupError:
        return None
    name = found.name
    # UTF-16 and UTF-32 are not among them: what declares them in bytes that read as ASCII is in neither.
    if name not in ENCODINGS and name not in LATIN:
        return None
    return "cp1252" if name in LATIN else name


def _byte_starts(text: str, raw: bytes, encoding: str, first: int) -> ByteStarts | None:
    """The start of every character; an encoding whose characters do not add up to the bytes again: None."""
    if encoding == "utf-8":
        starts = np.flatnonzero((np.frombuffer(raw, dtype=np.uint8) & 0xC0) != 0x80)
        sums = np.append(starts, len(raw))
    elif encoding == "cp1252":
        sums = np.arange(len(raw) + 1)
    else:
        widths = [len(character.encode(encoding, errors="replace")) for character in text]
        sums = np.concatenate(([0], np.cumsum(widths, dtype=np.int64)))
    if len(sums) != len(text) + 1 or int(sums[-1]) != len(raw):
        return None
    return (sums + first).astype(np.int64)
