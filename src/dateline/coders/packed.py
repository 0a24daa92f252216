"""A table as it comes from its makers: plain, or alone in a zip file."""

from __future__ import annotations

import io
import zipfile

from dateline.coders.rows import NoTableError

MOST = 2**30
"""Bytes of a table, unpacked: a year of GDELT is many files."""


def unpacked(raw: bytes, name: str) -> bytes:
    """The table's bytes. Raises NoTableError for a zip file with other than one table in it, and for one that is too large."""
    if not raw.startswith(b"PK\x03\x04"):
        return raw
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            inside = [info for info in file.infolist() if not info.is_dir()]
            if any(info.filename.startswith("xl/") for info in inside):
                raise NoTableError(f"{name}: is a workbook; save the sheet as CSV")
            if len(inside) != 1:
                raise NoTableError(f"{name}: has {len(inside)} files in it; unpack it and import one after another")
            with file.open(inside[0]) as table:
                data = table.read(MOST + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise NoTableError(f"{name}: cannot be unpacked ({fault})") from None
    if len(data) > MOST:
        raise NoTableError(f"{name}: is more than {MOST:,} bytes unpacked; divide it")
    return data
