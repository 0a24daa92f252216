"""What a row of the table of events holds that can be put right in a spreadsheet, and how an edited cell is told from a stale one.

Each row has a cell, `exported`, with a short hash of every value it was exported with. A cell that still says what was exported was
not edited, however a spreadsheet rewrote it: "17/08/2020" and "Aug-20" may both be 2020-08-17, and the hash knows. A value of the
ledger that no longer has its hash was changed meanwhile. So the table needs no copy of the ledger that it came from.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.ledger.corrections import COUNTS, NONE, bounds_in_words
from dateline.runs.board import ACTOR, RECIPIENT, Board

ID, DECISION, REASON, EXPORTED = "id", "decision", "reason", "exported"
"""Columns that are not values: whose row it is, what is decided of it and why, and what it was exported with."""

SINGLE = ("type", "mode", "status", "place", "country", "actors", "recipients")
"""Columns that are a field each, by the names of `dateline correct`."""

FIRST_DAY, LAST_DAY, DAY = "first_day", "last_day", "day"
LOW, HIGH = "_low", "_high"

NAMES = frozenset({"actors", "recipients"})
"""Fields whose order says nothing."""

VERSION = "v1"
LETTERS = 6
"""Hexadecimal digits of a value's hash: one edit in sixteen million is taken for none."""


# ---------------------------------------------------------------- what is exported


def values_of(board: Board, row: int) -> dict[str, str]:
    """What the event says, by field, each value as a correction would write it; nothing said: an empty string."""
    brief, place = board.brief(row), board.place_of(row)
    days = [day.isoformat() if day else "" for day in (brief.first, brief.last)]
    values = {
        "type": brief.type,
        "mode": brief.mode or "",
        "status": brief.status,
        "day": bounds_in_words(*days),
        "place": place.name if place else "",
        "country": brief.country or "",
    }
    for role, field in ((ACTOR, "actors"), (RECIPIENT, "recipients")):
        values[field] = "; ".join(dict.fromkeys(party.name for party in board.parties_of(row, role)))
    for figure in board.figures_of(row):
        ends = ["" if end is None else f"{end:.15g}" for end in (figure.low, figure.high)]
        values[f"{COUNTS}{figure.what}"] = bounds_in_words(*ends)
    return values


@dataclass(frozen=True)
class Exported:
    """What the cell `exported` of a row says: of which event it is, how many claims that had, the beginning of the hash of the
    log's last entry, and the hash of each value, by field."""

    id: str
    claims: int
    head: str
    prints: Mapping[str, str]

    def has(self, field: str, value: str) -> bool:
        """Whether that is what the field was exported with; a field that was not exported said nothing."""
        return print_of(self.id, field, value) == self.prints.get(field, print_of(self.id, field, ""))


def exported_cell(id: str, values: Mapping[str, str], claims: int, head: str) -> str:
    """The cell `exported` of an event's row; `head` is the hash of the log's last entry."""
    told = (f"{_key(field)}={print_of(id, field, value)}" for field, value in values.items())
    return " ".join((VERSION, f"of={id}", f"claims={claims}", f"log={head[:12]}", *told))


def read_exported(cell: str) -> Exported | None:
    """What such a cell says; it is none, or a later version's: None."""
    version, *parts = cell.split()[:500] or [""]
    said = dict(part.partition("=")[::2] for part in parts)
    if version != VERSION or not {"of", "claims", "log"} <= said.keys() or not said["claims"].isdecimal():
        return None
    prints = {_field(key): value for key, value in said.items() if key not in {"of", "claims", "log"}}
    return Exported(said["of"], int(said["claims"]), said["log"], prints)


def print_of(id: str, field: str, value: str) -> str:
    """The short hash of a value of an event; case counts, spaces and the order of names do not."""
    said = unicodedata.normalize("NFC", " ".join(value.split()))
    if field in NAMES:
        said = "; ".join(sorted(part.strip() for part in said.split(";") if part.strip()))
    return hashlib.sha256(f"{id}\0{field}\0{said}".encode("utf-8", "replace")).hexdigest()[:LETTERS]


def _key(field: str) -> str:
    return f"n.{column_of(field)}" if field.startswith(COUNTS) else field


def _field(key: str) -> str:
    return f"{COUNTS}{key[2:].replace('_', ' ')}" if key.startswith("n.") else key


def column_of(field: str) -> str:
    """How the columns of a figure begin: `counts.seats won` stands in `seats_won_low` and `seats_won_high`."""
    return field.removeprefix(COUNTS).replace(" ", "_")


# ---------------------------------------------------------------- what is read back


@dataclass(frozen=True)
class Readings:
    """What a field's cells may say. `sure`: one of them if the field was not edited or there is no doubt; `only_if_exported` are
    what a spreadsheet may have made it of, and no one would write. `advice` says how to write what cannot be told apart."""

    sure: tuple[str, ...]
    only_if_exported: tuple[str, ...] = ()
    advice: str = ""


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that a field stands in."""
    if field == DAY:
        return FIRST_DAY, LAST_DAY
    return (f"{column_of(field)}{LOW}", f"{column_of(field)}{HIGH}") if field.startswith(COUNTS) else (field,)


def fields_in(columns: tuple[str, ...]) -> list[str]:
    """The fields that a table with these columns tells, in the order in which corrections are made."""
    there = set(columns)
    counted = [name.removesuffix(LOW) for name in columns if name.endswith(LOW) and f"{name.removesuffix(LOW)}{HIGH}" in there]
    days = [DAY] if {FIRST_DAY, LAST_DAY} <= there else []
    return [*(name for name in SINGLE if name in there), *days, *(f"{COUNTS}{what.replace('_', ' ')}" for what in counted)]


def halves_in(columns: tuple[str, ...]) -> list[str]:
    """Columns of which the other half is lost, so that they say nothing by themselves."""
    there, fields = set(columns), fields_in(columns)
    whole = {column for field in fields for column in columns_of(field)}
    return [name for name in columns if name in there - whole and (name in {FIRST_DAY, LAST_DAY} or name.endswith((LOW, HIGH)))]


def readings_of(field: str, cells: tuple[str, ...], order: str | None, separator: str) -> Readings:
    """What the cells of a field may say. `order` is that of days in the file, "dmy" or "mdy"; not known: None.

    `separator` is the table's: where it is no comma, a comma may stand for a decimal point.
    """
    if any(cell.casefold() == NONE for cell in cells):
        return Readings((NONE,))
    if field == DAY:
        return _bounds([_days_in(cell, order) for cell in cells], cells)
    if field.startswith(COUNTS):
        return _bounds([_figures_in(cell, separator) for cell in cells], cells)
    return Readings(cells)


def _bounds(ends: list[Readings], cells: tuple[str, ...]) -> Readings:
    """Both ends of a range by what each may be."""
    low, high = ends
    sure = tuple(bounds_in_words(a, b) for a in low.sure for b in high.sure)
    all_of_them = (bounds_in_words(a, b) for a in (*low.sure, *low.only_if_exported) for b in (*high.sure, *high.only_if_exported))
    advice = "; ".join(dict.fromkeys(end.advice for end in ends if end.advice))
    return Readings(sure, tuple(value for value in all_of_them if value not in sure), advice)


# ---------------------------------------------------------------- days

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?")
_TURNED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d\d)(?: 0?0:00(?::00)?)?")
_MONTH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(r"(\d{1,2})\.?[- ]([a-z]{3})[a-z]*\.?[- ,]+(\d{4}|\d\d)")
_NAMED_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?[- ](\d{1,2}),? +(\d{4})")
_OF_MONTH = re.compile(r"([a-z]{3})[a-z]*\.?[- ](\d{4}|\d\d)")
_NUMBER = re.compile(r"\d{5}")

FIRST_OF_EXCEL = date(1899, 12, 30)
"""Day 0 of spreadsheets, by the reckoning that holds from March 1900 on."""


def _days_in(cell: str, order: str | None) -> Readings:
    """What day a cell may say. Months by their English names; two digits of a year are of 1930 to 2029, as in Excel."""
    said = cell.casefold()
    if not said:
        return Readings(("",))
    if found := _ISO.fullmatch(said):
        return _sure(*found.groups()) or Readings((cell,))
    if found := _TURNED.fullmatch(said):
        one, other, year = found.groups()
        by_order = {"dmy": _made(year, other, one), "mdy": _made(year, one, other)}
        possible = tuple(dict.fromkeys(day for day in by_order.values() if day))
        if len(possible) < 2:
            return Readings(possible or (cell,))
        chosen = by_order.get(order or "")
        if chosen:
            return Readings((chosen,), possible)
        return Readings((), possible, f"{cell!r} may be {' or '.join(possible)}: write it as {possible[0]}")
    if found := _NAMED.fullmatch(said):
        day, month, year = found.groups()
        return _sure(year, _number_of(month), day) or Readings((cell,))
    if found := _NAMED_FIRST.fullmatch(said):
        month, day, year = found.groups()
        return _sure(year, _number_of(month), day) or Readings((cell,))
    if found := _OF_MONTH.fullmatch(said):
        month, year = found.groups()
        days = (_made(year, _number_of(month), str(day)) for day in range(1, 32))
        return Readings((), tuple(day for day in days if day), f"{cell!r} tells no day, only its month: write it as 2020-08-17")
    if _NUMBER.fullmatch(said):
        day = (FIRST_OF_EXCEL + timedelta(days=int(said))).isoformat()
        return Readings((), (day,), f"{cell!r} is a spreadsheet's number for {day}: write it so")
    return Readings((cell,))


def _number_of(month: str) -> str:
    return str(_MONTH.index(month) + 1) if month in _MONTH else "0"


def _sure(year: str, month: str, day: str) -> Readings | None:
    made = _made(year, month, day)
    return Readings((made,)) if made else None


def _made(year: str, month: str, day: str) -> str | None:
    """The day as it is kept; there is no such day: None."""
    number = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 30 else 1900)
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return None


def orders_of(cells: tuple[str, ...], fits: Mapping[str, bool]) -> Iterator[str]:
    """In which order a row's days are written, as far as they tell: by numbers above twelve, or by fitting what was exported in
    one order alone (`fits`, by order)."""
    for cell in cells:
        if found := _TURNED.fullmatch(cell.casefold()):
            one, other, year = found.groups()
            can = {"dmy": _made(year, other, one) is not None, "mdy": _made(year, one, other) is not None}
            if can["dmy"] != can["mdy"]:
                yield "dmy" if can["dmy"] else "mdy"
            elif one != other and fits["dmy"] != fits["mdy"]:
                yield "dmy" if fits["dmy"] else "mdy"


# ---------------------------------------------------------------- figures

_GROUPED = re.compile(r"\d{1,3}(?:([ '’.,\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d+),(\d+)")
_SCIENTIFIC = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)


def _figures_in(cell: str, separator: str) -> Readings:
    """What figure a cell may say: whole, with marks between thousands, or with a decimal comma where its language has one."""
    if not cell:
        return Readings(("",))
    if _SCIENTIFIC.fullmatch(cell):
        return Readings((), (), f"{cell!r} was rounded by the spreadsheet: write all its digits")
    if found := _GROUPED.fullmatch(cell):
        mark, whole = found[1], re.sub(r"\D", "", cell)
        is_one = len(re.split(r"\D", cell)) == 2
        if not is_one or mark not in {".", ","} or (mark == "," and separator == ","):
            return Readings((whole,))
        decimal = f"{float(cell.replace(',', '.')):.15g}"
        return Readings((), (whole, decimal), f"{cell!r} may be {whole} or {decimal}: write it without a mark")
    if separator != "," and (found := _DECIMAL.fullmatch(cell)):
        return Readings((f"{found[1]}.{found[2]}",))
    return Readings((cell,))
