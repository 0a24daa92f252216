"""Cells and lines of tables: nothing in them can act as a formula, and a file says of itself what it is of."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""What ends a cell or a line where nothing is quoted."""

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, however it is escaped."""

CODE = re.compile("---[A-Z]*")

ABOUT = "about_this_file"
"""The column that says in the first row what a table is of: lines before the head would break programs."""

MARK = "\ufeff"
"""What a table begins with: without it a spreadsheet takes UTF-8 for the local code page."""


def on_web(address: str | None) -> str | None:
    """An address of the web; any other (javascript:, file:), and none at all: None."""
    return address if address and address.lower().startswith(("http://", "https://")) else None


def tabbed(cells: Iterable[Any]) -> str:
    """A line of a table with tabs between and no quoting: what would break the line or act as a formula does not."""
    return "\t".join("" if value is None else BREAKS.sub(" ", _unless_code(value)) for value in cells) + "\n"


def _unless_code(value: Any) -> str:
    """The value in a cell. A code of CAMEO's may begin with hyphens ("---REB"), which is no formula."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else str(cell(value))


def line(cells: Iterable[Any]) -> str:
    """A line of a table for a spreadsheet, with its end. No cell can act as a formula."""
    sink = io.StringIO()
    csv.writer(sink).writerow([cell(value) for value in cells])
    return sink.getvalue()


def in_a_line(said: Mapping[str, Any]) -> str:
    """What a file says of itself for one cell: "36 events; filter: …; licence: …"; what is not so is left out."""
    parts = ((name, value) for name, value in said.items() if value not in (None, ""))
    return "; ".join(f"{value:,} {name}" if isinstance(value, int) else f"{name}: {value}" for name, value in parts)


def cell(value: Any) -> Any:
    """The value as a spreadsheet may have it: lists with semicolons between, whole numbers without a point, and no text that
    begins as a formula does."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        value = "; ".join(str(one) for one in value if one is not None)
    if isinstance(value, str):
        return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else value
    return plain(value) if isinstance(value, date) else value


def plain(value: Any) -> Any:
    """A day, a moment or a set as JSON can have it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {value!r}")
