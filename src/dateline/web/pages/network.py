"""Who does what to whom: a page with the picture and the list, the same as data for the first page's panel, and as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import chain, repeat
from math import hypot
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dateline import __version__
from dateline.runs.board import Board
from dateline.runs.network import Network, Points, Tie, layout, network_of
from dateline.views.markup import Html, Part, tag
from dateline.web import graphs, lists
from dateline.web.filters import Filters
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page
from dateline.web.site import Site, site_of

FEW = 300
"""Actors shown at first: more are a tangle."""
MOST = 1000
LISTED = 500
"""Ties of the page's list; the table that is downloaded has all of them."""


@dataclass(frozen=True)
class _Asked:
    site: Site
    board: Board
    filters: Filters
    network: Network
    most: int

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
    most = _most(request.query_params.get("nodes", ""))
    network = network_of(board, filters.rows(board, found), None if all_of_them else most)
    return _Asked(site, board, filters, network, most)


def _most(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise HTTPException(400, f"nodes={text} is no number of actors")
    return min(int(text or FEW), MOST)


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
    shown = replace(asked.network, nodes=asked.network.nodes[: asked.most])
    inside = tuple(t for t in asked.network.ties if t.source < asked.most and t.target < asked.most)
    points = {number: (x, y) for number, (x, y) in enumerate(layout(replace(shown, ties=inside)).tolist())}
    return _file(graphs.gexf(asked.network, asked.about(), points), "application/gexf+xml", asked, "gexf")


def as_edges(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(_table(graphs.edge_table(asked.network), asked.said(request)), "text/csv; charset=utf-8", asked, "edges.csv")


def as_nodes(request: Request) -> Response:
    asked = _asked(request, all_of_them=True)
    return _file(_table(graphs.node_table(asked.network), asked.said(request)), "text/csv; charset=utf-8", asked, "nodes.csv")


def _table(lines: Iterable[list[str | int]], said: str) -> bytes:
    """The lines as a table, with what it says of itself behind its first row."""
    last = chain((lists.ABOUT, said), repeat(""))
    told = ([*line, cell] for line, cell in zip(lines, last, strict=False))
    return (lists.MARK + "".join(map(lists.line, told))).encode("utf-8", "replace")


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
        tag("h2", "The same as a list", id="list"),
        _list(asked),
        tag("h2", "Download"),
        tag("ul", *downloads, class_="row"),
        here="events",
        styles=("map",),
        wide=True,
    )


def _sizes(asked: _Asked) -> Html:
    kept = [tag("input", type="hidden", name=name, value=value) for name, value in parse_qsl(asked.filters.query())]
    field = tag("input", type="number", name="nodes", value=asked.most, min=1, max=MOST)
    return tag("form", *kept, tag("label", "Actors at most ", field), " ", tag("button", "Show"), method="get", class_="row")


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


def _list(asked: _Asked) -> Html:
    found = asked.network
    rows = [_row(tie, found, asked.filters) for tie in found.ties[:LISTED]]
    left = len(found.ties) - len(rows)
    heads = (("Who", ""), ("does", ""), ("to whom", ""), ("Events", "number"), ("Not told as fact", "number"))
    return tag(
        "div",
        tag(
            "table",
            tag("caption", f"Ties between the actors shown{f'; {left:,} more are in the table to download' if left else ''}"),
            tag("thead", tag("tr", *(tag("th", words, scope="col", class_=kind or None) for words, kind in heads))),
            tag("tbody", *rows),
        ),
        class_="scroll",
    )


def _row(tie: Tie, found: Network, filters: Filters) -> Html:
    names = [found.nodes[end].name for end in (tie.source, tie.target)]
    rest = [part for part in parse_qsl(filters.query()) if part[0] not in {"actor", "type"}]
    events = urlencode([*rest, ("actor", names[0]), ("type", tie.type)])
    ends = [tag("a", tag("bdi", name), href=f"/?{urlencode([*rest, ('actor', name)])}") for name in names]
    return tag(
        "tr",
        tag("th", ends[0], scope="row"),
        tag("td", tie.type),
        tag("td", ends[1]),
        tag("td", tag("a", f"{tie.events:,}", href=f"/?{events}"), class_="number"),
        tag("td", f"{tie.events - tie.asserted:,}" if tie.asserted < tie.events else "–", class_="number"),
    )


ROUTES = [
    Route("/network", network),
    Route("/network.json", as_json),
    Route("/network.graphml", as_graphml),
    Route("/network.gexf", as_gexf),
    Route("/network.csv", as_edges),
    Route("/network-nodes.csv", as_nodes),
]
