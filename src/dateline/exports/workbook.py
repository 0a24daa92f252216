"""Events as a workbook for those who work in spreadsheets: events, figures, the words of every report, and what the file is of."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from dateline.exports.brief import Brief, bounds_columns, brief, standing
from dateline.exports.cells import NOT_XML
from dateline.exports.coded import whole
from dateline.exports.telling import Asked, Told
from dateline.knowledge.exports import Column, columns_of
from dateline.views import wording as say
from dateline.views.wording import load_wording

MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
"""What a sheet and a cell can hold."""

TOO_MANY = "past the last row that a sheet can have"
CUT = " … (cut)"

FIRST_DAY = date(1900, 3, 1)
"""Before it a spreadsheet has no days that all programs agree on: earlier ones are written as text."""

NOBODY_KNOWS = datetime(2000, 1, 1)
"""When a workbook of an empty ledger says it was made: there must be a moment, and none of the clock's."""

WIDTHS = {"headline": 50, "evidence": 60, "quote": 60, "title": 40, "url": 30, "about": 100, "actors": 25, "recipients": 25}


def xlsx(asked: Asked) -> Iterator[bytes]:
    """The workbook. No cell is a formula or a link, whatever a report says; the first row of each table stays in sight."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties(_properties(asked.about))
        formats = {"head": book.add_format({"bold": True}), "day": book.add_format({"num_format": "yyyy-mm-dd"})}
        formats["moment"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        names = {"events": "parquet", "figures": "xlsx-figures", "sources": "xlsx-sources"}
        sheets = {name: _Sheet(book.add_worksheet(name), columns_of(columns), formats) for name, columns in names.items()}
        wording = load_wording()
        for told in asked.told():
            row = brief(told, wording)
            if not sheets["events"].add(event_cells(row)):
                asked.leave_out(TOO_MANY)
                continue
            for name, rows in (("figures", figure_rows(row, told)), ("sources", source_rows(told))):
                for cells in rows:
                    sheets[name].add(cells)
        for sheet in sheets.values():
            sheet.close()
        _about(book.add_worksheet("about"), asked.about, names, formats)
    yield target.getvalue()


@dataclass
class _Sheet:
    """A table of a workbook that rows are added to in order."""

    sheet: Any
    columns: Sequence[Column]
    formats: Mapping[str, Any]
    row: int = field(default=0)

    def __post_init__(self) -> None:
        self.sheet.freeze_panes(1, 1)
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, WIDTHS.get(column.name, 14))
            self.sheet.write_string(0, number, column.name, self.formats["head"])

    def add(self, cells: Mapping[str, Any]) -> bool:
        """A row more; False: the sheet is full."""
        if self.row + 1 >= MOST_ROWS:
            return False
        self.row += 1
        for number, column in enumerate(self.columns):
            _put(self.sheet, self.row, number, cells.get(column.name), self.formats)
        return True

    def close(self) -> None:
        self.sheet.autofilter(0, 0, max(self.row, 1), len(self.columns) - 1)


def _put(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    """The value in a cell by its type; text is never anything but text."""
    if value is None or value in ("", (), []):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, formats["day"])
    else:
        said = "; ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
        sheet.write_string(row, column, _fit(said))


def _fit(text: str) -> str:
    """The text as a cell can have it; one that is too long is cut, and says so."""
    text = NOT_XML.sub("\ufffd", text)
    return text if len(text.encode("utf-16-le")) // 2 <= MOST_LETTERS else text[: MOST_LETTERS // 2 - len(CUT)] + CUT


# ---------------------------------------------------------------- rows


def event_cells(row: Brief) -> dict[str, Any]:
    """The cells of an event: the columns of the Parquet file, names of parties and figures in words."""
    parties = {role: [party.name for party in getattr(row, role)] for role in ("actors", "recipients")}
    figures = [f"{f.what}{f' ({f.side})' if f.side else ''}: {say.bounds(f.low, f.high)}" for f in row.figures]
    bounds = {name: whole(value) for name, value in bounds_columns(row).items()}
    return {**{name: getattr(row, name) for name in row.__dataclass_fields__}, **bounds, **parties, "figures": figures}


def figure_rows(row: Brief, told: Told) -> Iterator[dict[str, Any]]:
    """A row for each figure of an event, with who says what."""
    for figure, tally in zip(row.figures, told.event.accounts.tallies, strict=True):
        said = [f"{account.in_words} ({', '.join(account.tellers)})" for account in standing(tally.accounts)]
        bounds = {"low": whole(figure.low), "high": whole(figure.high), "best": whole(figure.best)}
        yield {
            "event": row.id,
            "headline": row.headline,
            "what": figure.what,
            "side": figure.side,
            **bounds,
            "verdict": figure.verdict,
            "is_running": figure.is_running,
            "said": said,
        }


def source_rows(told: Told) -> Iterator[dict[str, Any]]:
    """A row for each telling of an event, with its words and where they stand."""
    for telling in told.event.tellings:
        claim, entered = telling.claim, told.sources.get(telling.claim.document)
        document = entered.document if entered else None
        yield {
            "event": told.event.id,
            "claim": claim.id,
            "quote": telling.evidence,
            "teller": claim.event.attribution[-1].actor.name if claim.event.attribution else telling.publisher,
            "publisher": telling.publisher,
            "published": telling.published,
            "title": document.title if document else None,
            "url": document.address if document else None,
            "status": claim.event.status.value.value,
            "stands": telling.is_current,
            "confidence": round(claim.event.confidence, 4),
            "witness": telling.witness,
            "document": claim.document,
            "start": claim.event.evidence.start,
            "end": claim.event.evidence.end,
            "sha256": document.raw_sha256 if document else None,
            "known_at": telling.known_at,
        }


# ---------------------------------------------------------------- what the file is of


def _about(sheet: Any, about: Mapping[str, Any], sheets: Mapping[str, str], formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2, WIDTHS["about"])
    for column, name in enumerate(("sheet", "name", "what it is")):
        sheet.write_string(0, column, name, formats["head"])
    said = [("", name, value) for name, value in about.items() if value not in (None, "")]
    said += [(sheet_name, column.name, column.says) for sheet_name, key in sheets.items() for column in columns_of(key)]
    for row, cells in enumerate(said, 1):
        for column, value in enumerate(cells):
            _put(sheet, row, column, value, formats)
    sheet.freeze_panes(1, 0)


def _properties(about: Mapping[str, Any]) -> dict[str, Any]:
    """What the file's properties say: the ledger's date, not the clock's, so that the same question gives the same bytes."""
    made = datetime.fromisoformat(about["date"]).astimezone(UTC).replace(tzinfo=None) if about.get("date") else NOBODY_KNOWS
    return {
        "title": "Events of a Dateline ledger",
        "subject": _fit(str(about.get("filter", ""))),
        "author": str(about.get("program", "Dateline")),
        "comments": _fit(str(about.get("licence", ""))),
        "created": made.replace(microsecond=0),
    }
