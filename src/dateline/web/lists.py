"""What every list has: pages that an address leads to, how many there are of all, and the same rows as CSV and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dateline.exports.cells import ABOUT as ABOUT
from dateline.exports.cells import MARK as MARK
from dateline.exports.cells import in_a_line as in_a_line
from dateline.exports.cells import line as line
from dateline.exports.cells import plain
from dateline.ledger.rows import ClaimRow
from dateline.views.markup import Html, join, tag

SIZE = 50
"""Rows of a page that people read."""

MOST = 1000
"""Rows of a page that programs read."""


@dataclass(frozen=True)
class Pages:
    """Which page of a list is asked for. `number` counts from 1, and is the last one when more were asked for."""

    number: int
    total: int
    size: int = SIZE

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


def pages_of(request: Request, total: int, size: int = SIZE) -> Pages:
    """The page that the address asks for; what is no number is the first."""
    asked = request.query_params.get("page", "1")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    whole = Pages(1, total, size)
    return Pages(min(max(1, wanted), whole.last), total, size)


def with_query(request: Request, path: str | None = None, **changes: str | int | None) -> str:
    """The address asked for with these fields changed; None takes a field away. Back to the first page unless `page` is given."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes and name != "page" and value]
    kept += [(name, str(value)) for name, value in changes.items() if value is not None and value != ""]
    return (path or request.url.path) + (f"?{urlencode(kept)}" if kept else "")


def to(request: Request, path: str, **fields: str | int | None) -> str:
    """The address of another page as of the same moment."""
    asked = {"as_of": request.query_params.get("as_of"), **fields}
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    return path + (f"?{urlencode(given)}" if given else "")


def pager(request: Request, pages: Pages) -> Html | None:
    """Which rows these are, and the ways to the others; a list of one page: None."""
    if pages.last == 1:
        return None
    first, until = pages.offset + 1, min(pages.total, pages.offset + pages.size)
    ways = (("First", 1), ("Earlier", pages.number - 1), ("Further", pages.number + 1), ("Last", pages.last))
    links = (
        tag("a", words, class_="button", href=with_query(request, page=number), rel=_rel(words))
        if 1 <= number <= pages.last and number != pages.number
        else tag("span", words, class_="button off", aria_disabled="true")
        for words, number in ways
    )
    said = tag("span", f"{first:,}–{until:,} of {pages.total:,}", class_="note")
    return tag("nav", said, *links, class_="pager", aria_label="Pages of this list")


def _rel(words: str) -> str | None:
    return {"Earlier": "prev", "Further": "next"}.get(words)


def as_data(request: Request, path: str, *kinds: str) -> Html:
    """Links to the same rows as data: "CSV", "JSON"."""
    links = (tag("a", kind.upper(), href=with_query(request, f"{path}.{kind}"), download=True) for kind in kinds or ("csv", "json"))
    return tag("p", "As data: ", join(links, " · "), class_="note twins")


def json_page(request: Request, pages: Pages, rows: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Response:
    """A page of rows with what it says of itself, how many there are of all and, if there are more, the address of the next."""
    following = with_query(request, page=pages.number + 1) if pages.number < pages.last else None
    paged = {"total": pages.total, "page": pages.number, "pages": pages.last, "next": following}
    return json_answer({"about": dict(said), **paged, "rows": list(rows)})


def json_answer(data: Any, media_type: str = "application/json") -> Response:
    """The data as JSON, days and moments as in ISO 8601."""
    written = json.dumps(data, ensure_ascii=False, default=plain, indent=1) + "\n"
    return Response(written.encode("utf-8", "replace"), media_type=media_type)


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> Response:
    """The rows as a CSV file for a spreadsheet, which is sent while it is written. No cell can act as a formula.

    `said` is what the file says of itself, in the column ABOUT of the first row.
    """
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_csv(columns, rows, in_a_line(said)), media_type="text/csv; charset=utf-8", headers=headers)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], said: str) -> Iterator[bytes]:
    yield (MARK + line([*columns, ABOUT])).encode("utf-8", "replace")
    waiting = io.StringIO()
    for number, row in enumerate(rows):
        waiting.write(line([*(row.get(column) for column in columns), said if number == 0 else None]))
        if waiting.tell() > 65536:
            yield waiting.getvalue().encode("utf-8", "replace")
            waiting = io.StringIO()
    yield waiting.getvalue().encode("utf-8", "replace")


# ---------------------------------------------------------------- as of when


def day_of(request: Request, name: str) -> date | None:
    """The day that a field of the address names; not asked: None. Answers 400 for what is no day."""
    said = request.query_params.get(name, "").strip()
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise HTTPException(400, f"{name}: {said!r} is no day: write it as 2020-08-18") from None


def then(request: Request, moment: datetime | None) -> Html | None:
    """Says that a page shows what was known at a moment, with the way back to now; a page of now: None."""
    if moment is None:
        return None
    said = tag("time", f"{moment:%Y-%m-%d %H:%M} UTC", datetime=moment.isoformat())
    return tag(
        "p", "As known at ", said, ". ", tag("a", "Show what is known now", href=with_query(request, as_of=None)), class_="then"
    )


def words_of(request: Request, row: ClaimRow) -> str:
    """Where the words of a record stand: in its document, at its card."""
    return f"{to(request, f'/documents/{quote(row.document_id)}')}#r{row.position + 1}"


# ---------------------------------------------------------------- figures by time


def binned(by_day: Sequence[tuple[date, int]]) -> list[tuple[str, int]]:
    """Figures by day put together by week, month or year when the days span more than a season, two years or fifteen: each with
    its name, in order, empty ones between them included."""
    if not by_day:
        return []
    first, last = by_day[0][0], by_day[-1][0]
    span = (last - first).days
    name = _day if span <= 92 else _week if span <= 366 * 2 else _month if span <= 366 * 15 else _year
    found: dict[str, int] = {}
    for number in range(span + 1):
        found.setdefault(name(first + timedelta(days=number)), 0)
    for day, number in by_day:
        found[name(day)] += number
    return list(found.items())


def _day(day: date) -> str:
    return day.isoformat()


def _week(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _year(day: date) -> str:
    return f"{day:%Y}"
