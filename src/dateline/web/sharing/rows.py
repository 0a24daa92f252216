"""Rows of the board in full, and what a file that is made of some of them says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dateline import __version__
from dateline.records import StatusValue
from dateline.runs.board import (
    ACCEPTED,
    CORRECTED,
    FIGURE_DIFFERS,
    FIGURE_PART,
    FIGURE_RUNNING,
    REGROUPED,
    Board,
    FigureCell,
    board_key,
)
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.wording import Wording, load_wording
from dateline.watching.happenings import Party
from dateline.web.filters import FLAGS, Filters, Rows, moment_of
from dateline.web.site import Site, site_of

AT_ONCE = 100_000
"""Rows of a download whose words are read at once."""

LICENCE = (
    "Evidence and titles are quoted from the reports and remain their publishers'. Place names and coordinates are from GeoNames, "
    "CC BY 4.0. For all else ask whoever keeps the ledger."
)

HIDDEN = "Names of private people and exact places are covered; what is not: docs/sensitive.md."
"""What a covered file says of itself beside the rest."""

NO_QUESTIONS = frozenset(("page", "as_of"))
"""Fields of an address that do not say what is looked for."""

DAYS = {"first_day": "first", "last_day": "last", "first_reported": "told", "known_since": "known"}

REVIEWED = {"accepted": ACCEPTED, "corrected": CORRECTED, "regrouped": REGROUPED}


@dataclass(frozen=True)
class Chosen:
    """What is shared: some rows of a board, by which filters they were chosen, and under which address the page has them ("": under
    none that others could follow)."""

    site: Site
    board: Board
    filters: Filters
    rows: Rows
    base: str = ""
    said: Mapping[str, Any] | None = None
    """What a file says of itself, if that is not what this ledger says: it is a covered copy of the one that was asked."""
    narrowed: str = ""
    """How these were chosen from among those that fit the filters, for people; "": they are all that do."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many events of which status were chosen and are not written: the format has no place to say so."""

    @property
    def is_covered(self) -> bool:
        """Whether names and exact places are covered."""
        return self.said is not None or self.site.options.is_sensitive

    def about(self) -> dict[str, Any]:
        """What a file must say of itself. No clock: the same ledger gives the same bytes (docs/decisions/0035-sharing.md)."""
        if self.said is not None:
            return dict(self.said)
        asked = "; ".join(filter(None, (self.filters.words(), self.narrowed)))
        query = "" if self.narrowed else self.filters.query()  # no address asks for less than all that fit
        said = about(self.site, self.filters.as_of, len(self.rows), "events", asked, query)
        return {**said, **({"left_out": in_numbers(self.left_out)} if self.left_out else {})}

    def asserted(self) -> Chosen:
        """The rows of what a report says has happened, with how many others there were."""
        statuses, rows = self.board.tables.statuses, self.rows.tolist()
        told = [statuses[int(self.board.columns["status"][row])] for row in rows]
        left_out = Counter(status for status in told if status != StatusValue.ASSERTED)
        if not left_out:
            return self
        kept = [row for row, status in zip(rows, told, strict=True) if status == StatusValue.ASSERTED]
        return replace(self, rows=np.array(kept, np.int64), left_out=dict(sorted(left_out.items())))

    def told(self) -> Iterator[dict[str, Any]]:
        """The rows as JSON has them, with days, place and address written out."""
        for row in told(self.site, self.board, self.rows.tolist()):
            yield {**row, **_written_out(self.board, row["row"]), "address": address_of(self, row["id"])}


def choose(site: Site, filters: Filters, base: str = "") -> Chosen:
    """The rows that fit the filters, in the order of the board."""
    return Chosen(site, site.board(filters.as_of), filters, site.rows(filters), base)


def in_numbers(left_out: Mapping[str, int]) -> str:
    """How many of what: "3 planned, 1 denied"."""
    return ", ".join(f"{number:,} {what}" for what, number in left_out.items())


def filters_of(pairs: Sequence[tuple[str, str]]) -> Filters:
    """The filters that an address with these fields asks for. Raises ValueError for what cannot be asked, saying what can."""
    try:
        return Filters.parse(QueryParams(list(pairs)))
    except HTTPException as fault:
        raise ValueError(fault.detail) from None


def without_each(filters: Filters) -> Iterator[tuple[str, Filters]]:
    """The name of each field that asks for something, and the filters without it."""
    nothing = Filters()
    for one in fields(Filters):
        if getattr(filters, one.name) != getattr(nothing, one.name):
            changed: dict[str, Any] = {one.name: getattr(nothing, one.name)}
            yield one.name, replace(filters, **changed)


def about(site: Site, as_of: datetime | None, rows: int | None, of: str, asked: str, query: str = "") -> dict[str, Any]:
    """What every file says of itself: how many `rows` of what, what was asked in words and as an address, licence, version, moment.

    `date` is the moment whose knowledge the file has: the one that was asked for, or else the last at which the ledger was told
    something or somebody judged. `rows` None: whoever reads the file counts them.
    """
    moment = as_of or last_change(site)
    return {
        **({of: rows} if rows is not None else {}),
        "filter": asked,
        "query": query,
        "as_of": as_of.isoformat() if as_of else None,
        "date": moment.astimezone(UTC).isoformat() if moment else None,
        "ledger": board_key(site.ledger, site.judged(as_of)),
        "program": f"Dateline {__version__}",
        "licence": LICENCE,
        **({"hidden": HIDDEN} if site.options.is_sensitive else {}),
    }


def about_list(request: Request, rows: int, of: str) -> dict[str, Any]:
    """What a file says of itself that has the rows of a list of the page, so many of something."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name not in NO_QUESTIONS and value]
    asked = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in given)
    return about(site_of(request), moment_of(request), rows, of, asked or "all", urlencode(given))


def last_change(site: Site) -> datetime | None:
    """When the ledger was last told something, or somebody judged; it is empty: None."""
    state = site.ledger.state()
    moments = [receipt.moment for receipt in state.receipts]
    moments += [datetime.fromisoformat(volume.last_known) for volume in state.catalogue.volumes]
    moments += [entry.at for entry in site.log.entries()[-1:]]
    return max(moments, default=None)


def told(site: Site, board: Board, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows in full, as JSON has them."""
    words = load_wording()
    for start in range(0, len(numbers), AT_ONCE):
        leads = {number: board.lead_of(number) for number in numbers[start : start + AT_ONCE]}
        said = site.ledger.evidence_of(set(leads.values()), as_of=board.as_of)
        for number, lead in leads.items():
            evidence, title = said.get(lead, (None, None))
            yield {**_told(board, number, words), "evidence": evidence, "title": title}


def _told(board: Board, number: int, words: Wording) -> dict[str, Any]:
    brief, place = board.brief(number), board.place_of(number)
    return {
        "row": number,
        "id": brief.id,
        "headline": headline(brief, words),
        "type": brief.type,
        "mode": brief.mode,
        "status": brief.status,
        "when": say.days(brief.first, brief.last),
        "place": place.name if place else None,
        "country": brief.country,
        "actors": [_party(party) for party in brief.actors],
        "recipients": [_party(party) for party in brief.recipients],
        "figures": [_figure(figure) for figure in board.figures_of(number)],
        "documents": int(board.columns["documents"][number]),
        "witnesses": brief.witnesses,
        **dict(zip(("marks", "review"), map(list, marks_of(board, number)), strict=True)),
    }


def marks_of(board: Board, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a reader must know before using the event of a row, and what people did with it."""
    flags, review = int(board.columns["flags"][row]), int(board.columns["review"][row])
    return tuple(_named(FLAGS, flags)), tuple(_named(REVIEWED, review))


def address_of(chosen: Chosen, event: str) -> str | None:
    """Where the page of an event is; nobody said where the ledger is served: None."""
    return f"{chosen.base}events/{event}" if chosen.base else None


def _named(bits: dict[str, int], held: int) -> list[str]:
    return [name for name, bit in bits.items() if held & bit]


def _party(party: Party) -> dict[str, Any]:
    return {"name": party.name, "country": party.country, "sector": party.sector}


def _figure(figure: FigureCell) -> dict[str, Any]:
    return {
        "what": figure.what,
        "low": figure.low,
        "high": figure.high,
        "words": say.bounds(figure.low, figure.high),
        "differ": bool(figure.flags & FIGURE_DIFFERS),
        "running": bool(figure.flags & FIGURE_RUNNING),
        "part": bool(figure.flags & FIGURE_PART),
    }


def _written_out(board: Board, row: int) -> dict[str, Any]:
    place, precision = board.place_of(row), int(board.columns["precision"][row])
    latitude, longitude = place.point if place and place.point else (None, None)
    days = {name: day.isoformat() if (day := board.day(column, row)) else None for name, column in DAYS.items()}
    return {
        **days,
        "day_precision": board.tables.precisions[precision] if precision < len(board.tables.precisions) else None,
        "place_kind": place.kind.value if place else None,
        "admin1": place.admin1 if place else None,
        "latitude": latitude,
        "longitude": longitude,
        "claims": int(board.columns["claims"][row]),
        "confidence": int(board.columns["confidence"][row]) / 100,
    }
