"""Who does what to whom in chosen events, as files: the same from the page of the network and from an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, repeat

from dateline.exports import cells
from dateline.runs.network import Network, layout, network_of
from dateline.web import graphs
from dateline.web.sharing.rows import Chosen

PLACED = 300
"""Actors that are given a place in a GEXF file: more are a tangle."""


def gexf_of(network: Network, about: str, placed: int = PLACED) -> bytes:
    """The network as GEXF, those in most events with the places that the page's picture has for them."""
    shown = replace(network, nodes=network.nodes[:placed])
    inside = tuple(tie for tie in network.ties if tie.source < placed and tie.target < placed)
    points = {number: (x, y) for number, (x, y) in enumerate(layout(replace(shown, ties=inside)).tolist())}
    return graphs.gexf(network, about, points)


def table_of(lines: Iterable[list[str | int]], said: str) -> bytes:
    """The lines as a table, with what it says of itself behind its first row."""
    last = chain((cells.ABOUT, said), repeat(""))
    told = ([*line, cell] for line, cell in zip(lines, last, strict=False))
    return (cells.MARK + "".join(map(cells.line, told))).encode("utf-8", "replace")


def graphml_file(chosen: Chosen) -> Iterator[bytes]:
    """All actors of the events and their ties, as GraphML."""
    yield graphs.graphml(_network(chosen), _said(chosen))


def gexf_file(chosen: Chosen) -> Iterator[bytes]:
    """The same as GEXF."""
    yield gexf_of(_network(chosen), _said(chosen))


def edges_file(chosen: Chosen) -> Iterator[bytes]:
    """The table of ties."""
    yield table_of(graphs.edge_table(_network(chosen)), _said(chosen))


def nodes_file(chosen: Chosen) -> Mapping[str, Iterator[bytes]]:
    """The table of actors, which belongs beside that of ties."""
    return {"nodes.csv": iter([table_of(graphs.node_table(_network(chosen)), _said(chosen))])}


def _network(chosen: Chosen) -> Network:
    return network_of(chosen.board, chosen.rows)


def _said(chosen: Chosen) -> str:
    return cells.in_a_line(chosen.about())
