"""Who does what to whom: a page with the picture and the list, the same as data for the first page's panel, and as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import hypot
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dateline import __version__
from dateline.records import StatusValue
from dateline.runs.board import Board
from dateline.runs.network import Matrix, Network, Points, Tie, layout, matrix_of, network_of, rows_between
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import tally
from dateline.web import graphs, lists
from dateline.web.filters import Filters, Rows
from dateline.web.pages.one_actor import names_of_actors
from dateline.web.sharing.networks import gexf_of, table_of
from dateline.web.sharing.rows import about_list, told
from dateline.web.shell import page
from dateline.web.site import Site, site_of

FEW = 300
"""Actors shown at first: more are a tangle."""
MOST = 1000
SIDES = 15
MOST_SIDES = 100
"""Rows and columns of the matrix: more than a screen has."""
LISTED = 500
"""Ties of the page's list; the table that is downloaded has all of them."""


@dataclass(frozen=True)
class _Asked:
    site: Site
    board: Board
    filters: Filters
    network: Network
    most: int
    sides: int

    def about(self) -> str:
        return (
            f"Who does what to whom in {self.filters.words()}; {len(self.network.nodes)} of {self.network.actors} actors. "
            f"Ledger {self.board.key}, Dateline {__version__}."
        )

    def said(self, request: Request) -> str:
        """The same for a cell of a table."""
        return lists.in_a_line(about_list(request, len(self.network.ties), "ties"))


def _asked(request: Request, *, all_of_them: bool = False) -> _Asked:
    site, filters = site_of(request), Filters.parse(request.query_params)
    board = site.board(filters.as_of)
    found = site.find(board, filters.q) if filters.q else None
    most = _number(request, "nodes", FEW, MOST)
    network = network_of(board, filters.rows(board, found), None if all_of_them else most)
    return _Asked(site, board, filters, network, most, _number(request, "matrix", SIDES, MOST_SIDES))


def _number(request: Request, name: str, usual: int, most: int) -> int:
    """How many actors a field of the address asks for. Raises HTTPException (400) for what is no number of them."""
    text = request.query_params.get(name, "")
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise HTTPException(400, f"{name}={text} is no number of actors")
    return min(int(text[:9] or usual), most)


# ---------------------------------------------------------------- data


def as_json(request: Request) -> Response:
    """The network with a point for each actor."""
    asked = _asked(request)
    network, points = asked.network, layout(asked.network)
    nodes = [{**asdict(node), "x": x, "y": y} for node, (x, y) in zip(network.nodes, points.tolist(), strict=True)]
    ties = [asdict(tie) for tie in network.ties]
    said = {"actors": network.actors, "untied": network.untied, "ties_in_all": network.ties_in_all, "nodes": nodes, "ties": ties}
    about = about_list(request, len(network.ties), "ties")
    return JSONResponse({"about": about, "key": asked.board.key, **said})


def as_graphml(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(graphs.graphml(asked.network, asked.about()), "application/graphml+xml", asked, "graphml")


def as_gexf(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(gexf_of(asked.network, asked.about(), asked.most), "application/gexf+xml", asked, "gexf")


def as_edges(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(table_of(graphs.edge_table(asked.network), asked.said(request)), "text/csv; charset=utf-8", asked, "edges.csv")


def as_nodes(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(table_of(graphs.node_table(asked.network), asked.said(request)), "text/csv; charset=utf-8", asked, "nodes.csv")


def _file(data: bytes, media_type: str, asked: _Asked, ending: str) -> Response:
    name = f"dateline-network-{asked.board.key[:8]}.{ending}"
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


# ---------------------------------------------------------------- the page

FILES = (("graphml", "GraphML"), ("gexf", "GEXF"), ("csv", "Ties (CSV)"))


def network(request: Request) -> Response:
    """The picture, and the list that says the same."""
    asked = _asked(request)
    found, query = asked.network, asked.filters.query()
    shown = f"Showing {len(found.nodes):,} of {found.actors:,} actors that do something to another or have it done to them"
    untied = f"; {found.untied:,} more act, or are acted on, with nobody named at the other end" if found.untied else ""
    downloads = [tag("li", tag("a", words, href=f"/network.{ending}?{query}", class_="button")) for ending, words in FILES]
    downloads.append(tag("li", tag("a", "Actors (CSV)", href=f"/network-nodes.csv?{query}", class_="button")))
    return page(
        request,
        "Network",
        tag("h1", "Who does what to whom"),
        tag("p", asked.filters.words(), ". ", tag("a", "The events", href=f"/?{query}"), class_="note"),
        tag("p", shown, untied, "."),
        _sizes(asked),
        _picture(found, layout(found))
        if found.nodes
        else tag("p", "No event here names who did something to whom.", class_="empty"),
        tag(
            "p",
            "An arrow leads from who does something to whom it is done to. Whole lines: told as fact in at least one event; "
            "dashed: only alleged, denied, planned or conditional. Names in the picture are of those in most events; the list has "
            "all.",
            class_="note",
        ),
        tag("h2", "The same as a matrix", id="matrix"),
        _matrix(request, asked),
        tag("h2", "The same as a list", id="list"),
        _list(asked),
        names_of_actors(request, asked.site.judged(asked.filters.as_of), [node.name for node in found.nodes]),
        tag("h2", "Download"),
        tag("ul", *downloads, class_="row"),
        here="events",
        styles=("map",),
        wide=True,
    )


def _sizes(asked: _Asked) -> Html:
    kept = [tag("input", type="hidden", name=name, value=value) for name, value in parse_qsl(asked.filters.query())]
    nodes = tag("input", type="number", name="nodes", value=asked.most, min=1, max=MOST)
    sides = tag("input", type="number", name="matrix", value=asked.sides, min=1, max=MOST_SIDES)
    return tag(
        "form",
        *kept,
        tag("label", "Actors at most ", nodes),
        tag("label", "Rows and columns of the matrix ", sides),
        tag("button", "Show"),
        method="get",
        class_="row",
    )


SIDE = 1000
"""Of the picture, in its own units."""
NAMED = 40


def _picture(found: Network, points: Points) -> Html:
    at = [((x * 0.86 + 1) * SIDE / 2, (y * 0.92 + 1) * SIDE / 2) for x, y in points.tolist()]
    drawn: list[Part] = []
    for pair, ties in _by_pair(found.ties).items():
        (ax, ay), (bx, by) = at[pair[0]], at[pair[1]]
        length = hypot(bx - ax, by - ay)
        if length < 1:
            continue
        events = sum(tie.events for tie in ties)
        bend = 0.12
        mx, my = (ax + bx) / 2 - (by - ay) * bend, (ay + by) / 2 + (bx - ax) * bend
        curve = f"M{ax:.1f} {ay:.1f}Q{mx:.1f} {my:.1f} {bx:.1f} {by:.1f}"
        kind = "tie" if any(tie.asserted for tie in ties) else "tie unsure"
        drawn.append(tag("path", d=curve, class_=kind, stroke_width=min(6, 1 + events**0.5 / 2)))
        # The curve's middle, where its head is, lies half way between the straight line and the point that bends it.
        hx, hy = (ax + bx + 2 * mx) / 4, (ay + by + 2 * my) / 4
        ux, uy = 5 * (bx - ax) / length, 5 * (by - ay) / length
        corners = ((hx + 1.4 * ux, hy + 1.4 * uy), (hx - ux - uy, hy - uy + ux), (hx - ux + uy, hy - uy - ux))
        drawn.append(tag("path", d=f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in corners)}z", class_="head"))
    for node, (x, y) in zip(found.nodes, at, strict=True):
        drawn.append(
            tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{min(18, 4 + (node.acts + node.suffers) ** 0.5):.1f}", class_="node")
        )
    for node, (x, y) in list(zip(found.nodes, at, strict=True))[:NAMED]:
        drawn.append(tag("text", node.name, x=f"{x:.1f}", y=f"{y - 8:.1f}", class_="name"))
    title = "Actors and what they do to each other; the list below says the same"
    return tag("div", tag("svg", *drawn, viewBox=f"0 0 {SIDE} {SIDE}", role="img", aria_label=title), class_="network-picture")


def _by_pair(ties: Iterable[Tie]) -> dict[tuple[int, int], list[Tie]]:
    pairs: dict[tuple[int, int], list[Tie]] = {}
    for tie in ties:
        pairs.setdefault((tie.source, tie.target), []).append(tie)
    return pairs


def _matrix(request: Request, asked: _Asked) -> Html:
    """Actors down, whom they act on across; each number leads to its events."""
    found, names = matrix_of(asked.network, asked.sides), [node.name for node in asked.network.nodes]
    if not found.events:
        return tag("p", "No event here names who did something to whom.", class_="empty")
    most = max(found.events.values())
    heads = (tag("th", tag("a", tag("bdi", names[n]), href=_actor(request, names[n])), scope="col") for n in found.targets)
    said = (
        f"Showing {len(found.sources):,} of {found.sources_in_all:,} that act, down, and {len(found.targets):,} of "
        f"{found.targets_in_all:,} that they act on, across, of the actors shown. "
        "An event with several on a side is in several cells."
    )
    table = tag(
        "table",
        tag("caption", "Figures are events"),
        tag("thead", tag("tr", tag("th", "Who, on whom", scope="col"), *heads)),
        tag("tbody", *(_matrix_row(request, asked, found, source, names, most) for source in found.sources)),
        class_="matrix",
    )
    return join([tag("p", said, class_="note"), scrolling("Who acts on whom", table)])


def _matrix_row(request: Request, asked: _Asked, found: Matrix, source: int, names: Sequence[str], most: int) -> Html:
    who = names[source]
    cells = []
    for target in found.targets:
        events = found.events.get((source, target), 0)
        whom = names[target]
        said = f"{who} on {whom}: {tally(events, 'event')}"
        link = tag("a", f"{events:,}", href=between_address(asked.filters, who, whom), aria_label=said) if events else None
        cells.append(tag("td", link, class_=f"number heat-{_heat(events, most)}" if events else "number"))
    return tag("tr", tag("th", tag("a", tag("bdi", who), href=_actor(request, who)), scope="row"), *cells)


def _heat(events: int, most: int) -> int:
    """How dark a cell is, 1 to 4, by the root of its number: most pairs have one event, and few have hundreds."""
    return min(4, 1 + int(4 * (events / most) ** 0.5 * 0.999))


def _actor(request: Request, name: str) -> str:
    return lists.to(request, f"/actors/{quote(name, safe='')}")


def between_address(filters: Filters, who: str, whom: str, type: str = "") -> str:
    """Where the events are listed in which the one acts on the other."""
    named = [("who", who), ("whom", whom), *([("of", type)] if type else [])]
    return f"/network/between?{urlencode([*parse_qsl(filters.query()), *named])}"


# ---------------------------------------------------------------- one pair


@dataclass(frozen=True)
class _Between:
    site: Site
    board: Board
    filters: Filters
    who: str
    whom: str
    type: str
    rows: Rows


def _between(request: Request) -> _Between:
    site, filters, params = site_of(request), Filters.parse(request.query_params), request.query_params
    who, whom, type = (params.get(name, "") for name in ("who", "whom", "of"))
    if not (who and whom):
        raise HTTPException(400, "who and whom name the two actors")
    board = site.board(filters.as_of)
    return _Between(site, board, filters, who, whom, type, rows_between(board, site.rows(filters), who, whom, type))


def between(request: Request) -> Response:
    """The events in which one actor acts on another, with the words that say so."""
    asked = _between(request)
    pages = lists.pages_of(request, len(asked.rows))
    shown = asked.rows[pages.offset : pages.offset + pages.size].tolist()
    events = (_event(request, row) for row in told(asked.site, asked.board, shown))
    who, whom = (tag("a", tag("bdi", name), href=_actor(request, name)) for name in (asked.who, asked.whom))
    number = tag("b", tally(len(asked.rows), "event"))
    kind = f" of type {asked.type}" if asked.type else ""
    return page(
        request,
        f"{asked.who} on {asked.whom}",
        tag("h1", "What ", tag("bdi", asked.who), " did to ", tag("bdi", asked.whom)),
        lists.then(request, asked.filters.as_of),
        tag("p", number, kind, " in which ", who, " acts on ", whom, ". ", asked.filters.words(), ".", class_="sum"),
        tag("ol", *events, class_="between") if shown else tag("p", "No event here.", class_="empty"),
        lists.pager(request, pages),
        tag("p", tag("a", "The network", href=f"/network?{asked.filters.query()}")),
        lists.as_data(request, "/network/between", "json"),
        here="events",
        styles=("records", "map"),
    )


def between_json(request: Request) -> Response:
    """A page of these events, as rows of the board in full."""
    asked = _between(request)
    pages = lists.pages_of(request, len(asked.rows), lists.MOST)
    shown = asked.rows[pages.offset : pages.offset + pages.size].tolist()
    rows = list(told(asked.site, asked.board, shown))
    return lists.json_page(request, pages, rows, about_list(request, pages.total, "events"))


def _event(request: Request, row: Mapping[str, Any]) -> Html:
    status = "" if row["status"] == StatusValue.ASSERTED.value else f" · {row['status']}"
    return tag(
        "li",
        tag("a", tag("bdi", row["headline"]), href=lists.to(request, f"/events/{row['id']}")),
        tag("p", tag("q", tag("bdi", row["evidence"] or "")), tag("span", status, class_="note")),
    )


# ---------------------------------------------------------------- the list


def _list(asked: _Asked) -> Html:
    found = asked.network
    rows = [_row(tie, found, asked.filters) for tie in found.ties[:LISTED]]
    left = len(found.ties) - len(rows)
    heads = (("Who", ""), ("does", ""), ("to whom", ""), ("Events", "number"), ("Not told as fact", "number"))
    return scrolling(
        "Ties",
        tag(
            "table",
            tag("caption", f"Ties between the actors shown{f'; {left:,} more are in the table to download' if left else ''}"),
            tag("thead", tag("tr", *(tag("th", words, scope="col", class_=kind or None) for words, kind in heads))),
            tag("tbody", *rows),
        ),
    )


def _row(tie: Tie, found: Network, filters: Filters) -> Html:
    names = [found.nodes[end].name for end in (tie.source, tie.target)]
    rest = [part for part in parse_qsl(filters.query()) if part[0] not in {"actor", "type"}]
    events = between_address(filters, names[0], names[1], tie.type)
    ends = [tag("a", tag("bdi", name), href=f"/?{urlencode([*rest, ('actor', name)])}") for name in names]
    return tag(
        "tr",
        tag("th", ends[0], scope="row"),
        tag("td", tie.type),
        tag("td", ends[1]),
        tag("td", tag("a", f"{tie.events:,}", href=events), class_="number"),
        tag("td", f"{tie.events - tie.asserted:,}" if tie.asserted < tie.events else "–", class_="number"),
    )


ROUTES = [
    Route("/network", network),
    Route("/network/between", between),
    Route("/network/between.json", between_json),
    Route("/network.json", as_json),
    Route("/network.graphml", as_graphml),
    Route("/network.gexf", as_gexf),
    Route("/network.csv", as_edges),
    Route("/network-nodes.csv", as_nodes),
]
