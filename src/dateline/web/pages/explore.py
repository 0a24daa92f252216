"""The first page: when, where, who and how many, over all events of the ledger.

Without script it is a list by the filters of its address, with a form to change them; page/src/islands/explore.tsx puts
its own in the place of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dateline.runs.board import NO_DAY, Board
from dateline.views import wording as say
from dateline.views.markup import Html, Part, join, tag
from dateline.views.wording import Wording, load_wording
from dateline.web.filters import DATES, FACETS, FLAG_WORDS, REVIEWS, Filters, Rows, moment_of, written_moment
from dateline.web.pages.making import progress_html
from dateline.web.sharing.rows import told
from dateline.web.shell import page
from dateline.web.site import Site, site_of

A_PAGE = 50
"""Events on a page of the list."""

MOST_CHOICES = 12
"""Values of a facet that the form offers as boxes to tick; the rest can be written."""

SORTS = {
    "-first": "newest first",
    "first": "oldest first",
    "-told": "reported last",
    "told": "reported first",
    "-documents": "most documents",
    "-witnesses": "most witnesses",
    "place": "by place",
    "type": "by type",
}
"""Orders of the list, as an address has them (`sort`), and in words; the first is taken where none is said."""

FACET_WORDS = {
    "type": "Type",
    "mode": "Mode",
    "status": "Status",
    "country": "Country",
    "place": "Place",
    "actor": "Actor",
    "flag": "Marks",
}


@dataclass(frozen=True)
class Listing:
    """What the list shows: rows in order, and which page of them."""

    filters: Filters
    rows: Rows
    sort: str
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.rows) // A_PAGE))

    @property
    def on_page(self) -> Rows:
        return self.rows[(self.number - 1) * A_PAGE : self.number * A_PAGE]

    def address(self, filters: Filters | None = None, number: int = 1) -> str:
        """The address of this list with other filters, or of another of its pages."""
        parts = [(filters or self.filters).query()]
        kept = [("sort", self.sort)] if self.sort != next(iter(SORTS)) else []
        kept += [("page", str(number))] if number > 1 else []
        parts += [urlencode(kept)] if kept else []
        query = "&".join(part for part in parts if part)
        return f"/?{query}" if query else "/"


def explore(request: Request) -> Response:
    """The events that fit the address, and the form to ask for others."""
    site = site_of(request)
    filters = Filters.parse(request.query_params)
    board = site.board(filters.as_of)
    if not board.renamed.keys().isdisjoint(name.removeprefix("-") for name in filters.actor):
        return RedirectResponse(_under_shown_names(request, board.renamed), HTTPStatus.SEE_OTHER)
    rows = filters.rows(board, site.find(board, filters.q) if filters.q else None)
    sort = _one_of(SORTS, request.query_params.get("sort"))
    listing = Listing(filters, _sorted(board, rows, sort), sort, _page_number(request, len(rows)))
    words = load_wording()
    behind = site.behind(board)
    body = (
        tag("p", _counted(board, rows), class_="summary"),
        _chips(listing),
        _form(listing, board),
        _list(site, board, listing) if len(rows) else _empty(site, board, listing),
        _pages(listing),
        tag("p", tag("a", "Download these events, or hand them on", href=f"/share?{listing.filters.query()}"), class_="note twins"),
    )
    head = tag("h1", "Events")
    host = tag("div", *body, id="explore")
    data = _for_script(site, words)
    note = progress_html(behind) if behind is not None else None
    return page(
        request, "Events", head, note, host, here="events", islands=("explore",), styles=("explore", "map"), data=data, wide=True
    )


def _under_shown_names(request: Request, renamed: Mapping[str, str]) -> str:
    """The address with the names that are shown for those it has: scripts know no others."""

    def shown(name: str) -> str:
        sign, bare = ("-", name[1:]) if name.startswith("-") else ("", name)
        return sign + renamed.get(bare, bare)

    fields = [(key, shown(value) if key == "actor" else value) for key, value in request.query_params.multi_items()]
    return f"{request.url.path}?{urlencode(list(dict.fromkeys(fields)))}"


def one_row(request: Request) -> Response:
    """One event of the board in full, by its id: {row, id, headline, …}. It is not on the board: 404; the board is another: 409."""
    site = site_of(request)
    board = site.board(moment_of(request))
    if request.query_params.get("key") != board.key:
        raise HTTPException(409, "The ledger has changed: fetch the columns again")
    found = board.rows_of([request.query_params.get("id", "")]).tolist()
    if not found:
        raise HTTPException(404, "There is no such event at this moment")
    return JSONResponse(next(told(site, board, found)))


def _for_script(site: Site, words: Wording) -> dict[str, Any]:
    """What the page's script cannot know: words for codes, which figures may be added up, and what day it is here."""
    return {
        "nouns": words.nouns,
        "statuses": words.statuses,
        "sectors": words.sectors,
        "flags": FLAG_WORDS,
        "sorts": SORTS,
        "summed": sorted(site.accounts.summed),
        "today": datetime.now(UTC).date().isoformat(),
    }


# ---------------------------------------------------------------- what is listed


def _one_of(known: dict[str, str], said: str | None) -> str:
    return said if said in known else next(iter(known))


def _page_number(request: Request, rows: int) -> int:
    said = request.query_params.get("page", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 1
    return min(max(1, number), max(1, -(-rows // A_PAGE)))


def _sorted(board: Board, rows: Rows, sort: str) -> Rows:
    """The rows in an order of SORTS; those alike by day, the latest first. Rows without a day come last."""
    name = sort.removeprefix("-")
    if name == "place":
        named: NDArray[Any] = np.array([*board.tables.places.name, "\U0010ffff"], object)
        ranks = np.empty(len(named), np.int64)
        ranks[np.argsort(named, kind="stable")] = np.arange(len(named))
        keys = ranks[np.minimum(board.columns["place"][rows], len(named) - 1)]
    elif name == "type":
        keys = np.argsort(np.argsort(np.array(board.tables.types, object)))[board.columns["type"][rows]] if len(rows) else rows
    else:
        keys = board.columns[name][rows].astype(np.int64)
    if sort.startswith("-"):
        keys = -keys
    if name == "first":
        keys = np.where(board.columns["first"][rows] == NO_DAY, 2**40, keys)
    newest_first = np.arange(len(rows))[::-1]
    return rows[newest_first][np.argsort(keys[newest_first], kind="stable")]


def _counted(board: Board, rows: Rows) -> str:
    """ "12 events from at most 34 documents": a document that tells of several events is in the figures of each."""
    documents = int(board.columns["documents"][rows].sum(dtype=np.int64))
    return counted_in_words(len(rows), len(board), documents, board.documents)


def counted_in_words(events: int, of: int, documents: int, of_documents: int) -> str:
    """How many events are shown and from how many documents, in words; page/src/explore/words.ts says the same."""
    whole = events == of
    many = of_documents if whole else min(documents, of_documents)
    at_most = "" if whole or events <= 1 else "at most "
    of_all = "" if whole else f" of {of:,}"
    return f"{events:,}{of_all} {_plural('event', of)} from {at_most}{many:,} {_plural('document', many)}"


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"


# ---------------------------------------------------------------- what is asked


def _without(filters: Filters) -> Iterator[tuple[str, Filters]]:
    """Each thing that is asked, in words, and the filters without it."""
    for name in FACETS:
        values: tuple[str, ...] = getattr(filters, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            changed: dict[str, Any] = {name: rest}
            yield _asked(name, value), replace(filters, **changed)
    if filters.q:
        yield f"words: {filters.q}", replace(filters, q="")
    if filters.since or filters.until:
        said = f"{DATES[filters.dates]} {say.days(filters.since, filters.until)}"
        yield said, replace(filters, since=None, until=None)
    if filters.review != "all":
        yield REVIEWS[filters.review], replace(filters, review="all")
    if filters.box:
        yield "in a part of the map", replace(filters, box=None)
    if filters.witnesses:
        yield f"{filters.witnesses} witnesses at least", replace(filters, witnesses=0)
    if filters.as_of:
        yield f"as known at {written_moment(filters.as_of)}", replace(filters, as_of=None)


def _asked(facet: str, value: str) -> str:
    return f"{FACET_WORDS[facet].lower()} {_value(facet, value)}"


def _value(facet: str, value: str) -> str:
    """A value of a facet for people: "PROTEST", "not PROTEST", "reports differ"."""
    name = value.removeprefix("-")
    return f"{'not ' if value.startswith('-') else ''}{FLAG_WORDS[name] if facet == 'flag' else name}"


def _chips(listing: Listing) -> Html | None:
    """What is asked, each with a way to ask it no longer."""
    chips = [
        tag(
            "li",
            tag("bdi", said),
            " ",
            tag("a", "remove", tag("span", f" {said}", class_="unseen"), href=listing.address(rest)),
            class_="chip",
        )
        for said, rest in _without(listing.filters)
    ]
    return tag("ul", *chips, class_="chips", aria_label="What is asked for") if chips else None


def _form(listing: Listing, board: Board) -> Html:
    """The filters as a form: values that many events have to tick, others to write."""
    filters = listing.filters
    facets = [_facet(name, board, filters) for name in FACETS]
    days = tag(
        "fieldset",
        tag("legend", "Days"),
        tag("p", _field("From", "since", filters.since.isoformat() if filters.since else "", "date")),
        tag("p", _field("Until", "until", filters.until.isoformat() if filters.until else "", "date")),
        tag("p", _select("Days of", "dates", {"event": "the event", "report": "its first report"}, filters.dates)),
    )
    others = tag(
        "fieldset",
        tag("legend", "How sure"),
        tag("p", _select("Reviewed", "review", REVIEWS, filters.review)),
        tag("p", _field("Witnesses at least", "witnesses", str(filters.witnesses or ""), "number")),
        tag("p", _field("Known on", "as_of", written_moment(filters.as_of) if filters.as_of else "", "text")),
    )
    kept = [tag("input", type="hidden", name="box", value=",".join(f"{side:g}" for side in filters.box))] if filters.box else []
    return tag(
        "form",
        tag(
            "p",
            _field("Words in quotes, titles and fields", "q", filters.q, "search"),
            _select("Order", "sort", SORTS, listing.sort),
            tag("button", "Show", class_="main"),
            class_="row",
        ),
        tag("details", tag("summary", "All filters"), tag("div", days, others, *facets, class_="facets")),
        *kept,
        method="get",
        action="/",
        class_="asking",
    )


def _field(words: str, name: str, value: str, kind: str) -> Html:
    return tag("label", f"{words} ", tag("input", type=kind, name=name, value=value, min=0 if kind == "number" else None))


def _select(words: str, name: str, options: dict[str, str], chosen: str) -> Html:
    return tag(
        "label",
        f"{words} ",
        tag("select", *(tag("option", said, value=value, selected=value == chosen) for value, said in options.items()), name=name),
    )


def _facet(name: str, board: Board, filters: Filters) -> Html:
    """Values of a facet with the events that have them, whatever else is asked for; and a field for another value."""
    asked: tuple[str, ...] = getattr(filters, name)
    offered = dict(_most(name, board))
    boxes = [
        tag(
            "li",
            tag(
                "label",
                tag("input", type="checkbox", name=name, value=value, checked=value in asked),
                " ",
                tag("bdi", _value(name, value)),
            ),
            tag("span", f" {count:,}", class_="note") if count else None,
        )
        for value, count in {**offered, **{value: 0 for value in asked if value not in offered}}.items()
    ]
    other = [tag("p", _field("another", name, "", "text"))] if name in {"country", "place", "actor"} else []
    return tag("fieldset", tag("legend", FACET_WORDS[name]), tag("ul", *boxes), *other)


def _most(name: str, board: Board) -> Sequence[tuple[str, int]]:
    """The values that most events have, and how many."""
    columns, tables = board.columns, board.tables
    if name == "flag":
        return [(flag, 0) for flag in FLAG_WORDS]
    if name == "actor":
        numbers, names = columns["party"] >> 2, tables.actors.name
    elif name == "place":
        numbers, names = columns["place"], tables.places.name
    else:
        numbers = columns[name]
        names = {"type": tables.types, "mode": tables.modes, "status": tables.statuses, "country": tables.countries}[name]
    counts = np.bincount(numbers[numbers < len(names)].astype(np.int64), minlength=len(names))
    totals: Counter[str] = Counter()
    for number in np.flatnonzero(counts).tolist():
        totals[names[number]] += int(counts[number])
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))[: MOST_CHOICES if name != "type" else None]


# ---------------------------------------------------------------- the list


def _list(site: Site, board: Board, listing: Listing) -> Html:
    rows = [_row(row, listing) for row in told(site, board, listing.on_page.tolist())]
    heads = ("When", "What", "Where", "Told by")
    return tag(
        "div",
        tag(
            "table",
            tag("caption", f"Events, {SORTS[listing.sort]}; page {listing.number:,} of {listing.pages:,}"),
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag("tbody", *rows),
        ),
        class_="scroll listed",
    )


def _row(row: dict[str, Any], listing: Listing) -> Html:
    at = f"?as_of={written_moment(listing.filters.as_of)}" if listing.filters.as_of else ""
    name = tag("a", tag("bdi", row["headline"]), href=f"/events/{row['id']}{at}")
    said: list[Part] = [name]
    if row["evidence"]:
        said.append(tag("q", row["evidence"], dir="auto", class_="evidence"))
    notes = [f"{figure['what']}: {figure['words']}" for figure in row["figures"]]
    notes += [FLAG_WORDS[mark] for mark in row["marks"]]
    if notes:
        said.append(tag("span", "; ".join(notes), class_="note"))
    places = ", ".join(part for part in (row["place"], row["country"]) if part)
    witnesses = f"{row['witnesses']:,} {'witness' if row['witnesses'] == 1 else 'witnesses'}"
    return tag(
        "tr",
        tag("td", row["when"] or "no day told"),
        tag("th", join(said), scope="row"),
        tag("td", tag("bdi", places or "no place told")),
        tag("td", f"{row['documents']:,} {_plural('document', row['documents'])}, {witnesses}"),
    )


def _empty(site: Site, board: Board, listing: Listing) -> Html:
    """Which filter left nothing."""
    if not len(board):
        return tag("p", "The ledger holds no events yet. Put reports into it with “dateline add”.", class_="empty")
    freed = []
    for said, rest in _without(listing.filters):
        if rest.as_of != listing.filters.as_of:
            continue
        count = len(rest.rows(board, site.find(board, rest.q) if rest.q else None))
        if count:
            freed.append(
                tag(
                    "li",
                    "Without ",
                    tag("b", tag("bdi", said)),
                    ": ",
                    tag("a", f"{count:,} {_plural('event', count)}", href=listing.address(rest)),
                )
            )
    advice: Part = tag("ul", *freed) if freed else tag("p", "No single filter does: several of them exclude each other.")
    return tag("div", tag("p", "No event fits all that is asked for."), advice, class_="empty")


def _pages(listing: Listing) -> Html | None:
    if listing.pages == 1:
        return None
    links: list[Part] = []
    if listing.number > 1:
        links.append(tag("a", "Earlier page", href=listing.address(number=listing.number - 1), rel="prev", class_="button"))
    if listing.number < listing.pages:
        links.append(tag("a", "Next page", href=listing.address(number=listing.number + 1), rel="next", class_="button"))
    return tag("nav", *links, aria_label="Pages of the list", class_="row")


ROUTES = [Route("/", explore), Route("/row.json", one_row)]
