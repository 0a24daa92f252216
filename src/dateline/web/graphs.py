"""A network as files that Gephi, NetworkX and spreadsheets open: GraphML, GEXF 1.2, and two tables.

Two actors may have several ties, one for each type of event: readers take that for a graph with parallel edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dateline.exports.cells import NOT_XML
from dateline.runs.network import Network, Node, Tie

NODE = {"label": "string", "countries": "string", "sectors": "string", "acts": "int", "suffers": "int", "speaks": "int"}
EDGE = {"type": "string", "events": "int", "asserted": "int", "not_asserted": "int"}
"""What nodes and edges tell, with the kind of each value; GraphML and GEXF have other words for the kinds."""


def graphml(network: Network, about: str) -> bytes:
    """The network as GraphML; `about` says what it is of."""
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for owner, told in (("node", NODE), ("edge", EDGE)):
        for name, kind in told.items():
            SubElement(root, "key", {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": kind})
    SubElement(root, "key", {"id": "graph-about", "for": "graph", "attr.name": "about", "attr.type": "string"})
    graph = SubElement(root, "graph", edgedefault="directed", id="G")
    SubElement(graph, "data", key="graph-about").text = _clean(about)
    for number, node in enumerate(network.nodes):
        element = SubElement(graph, "node", id=f"n{number}")
        for name, value in _node(node).items():
            SubElement(element, "data", key=f"node-{name}").text = _clean(str(value))
    for number, tie in enumerate(network.ties):
        element = SubElement(graph, "edge", id=f"e{number}", source=f"n{tie.source}", target=f"n{tie.target}")
        for name, value in _edge(tie).items():
            SubElement(element, "data", key=f"edge-{name}").text = _clean(str(value))
    return _written(root)


def gexf(network: Network, about: str, points: Mapping[int, tuple[float, float]]) -> bytes:
    """The network as GEXF 1.2; `points` are where nodes stand, for those that have been given a place."""
    viz = "http://www.gexf.net/1.2draft/viz"
    root = Element("gexf", {"xmlns": "http://www.gexf.net/1.2draft", "xmlns:viz": viz, "version": "1.2"})
    meta = SubElement(root, "meta")
    SubElement(meta, "creator").text = "Dateline"
    SubElement(meta, "description").text = _clean(about)
    graph = SubElement(root, "graph", defaultedgetype="directed", mode="static")
    for owner, told in (("node", NODE), ("edge", EDGE)):
        attributes = SubElement(graph, "attributes", {"class": owner, "mode": "static"})
        for name, kind in told.items():
            if name != "label":
                SubElement(attributes, "attribute", id=name, title=name, type="integer" if kind == "int" else kind)
    nodes = SubElement(graph, "nodes", count=str(len(network.nodes)))
    for number, node in enumerate(network.nodes):
        element = SubElement(nodes, "node", id=str(number), label=_clean(node.name))
        _values(element, {name: value for name, value in _node(node).items() if name != "label"})
        if number in points:
            x, y = points[number]
            SubElement(element, "viz:position", x=f"{1000 * x:.1f}", y=f"{-1000 * y:.1f}", z="0")
    edges = SubElement(graph, "edges", count=str(len(network.ties)))
    for number, tie in enumerate(network.ties):
        given = {
            "id": str(number),
            "source": str(tie.source),
            "target": str(tie.target),
            "weight": str(tie.events),
            "label": tie.type,
        }
        _values(SubElement(edges, "edge", given), _edge(tie))
    return _written(root)


def node_table(network: Network) -> Iterator[list[str | int]]:
    """Lines of the table of nodes, its head first; Gephi knows Id and Label by these names."""
    yield ["Id", "Label", *(name for name in NODE if name != "label")]
    for number, node in enumerate(network.nodes):
        yield [number, *_node(node).values()]


def edge_table(network: Network) -> Iterator[list[str | int]]:
    """Lines of the table of edges, its head first; Gephi knows Source, Target and Weight, and people the names beside them."""
    yield ["Source", "Target", "Type", "Weight", "source_name", "target_name", "event_type", *(n for n in EDGE if n != "type")]
    for tie in network.ties:
        names = [network.nodes[end].name for end in (tie.source, tie.target)]
        told = _edge(tie)
        yield [tie.source, tie.target, "Directed", tie.events, *names, *told.values()]


def _node(node: Node) -> dict[str, str | int]:
    sides = ("; ".join(node.countries), "; ".join(node.sectors))
    return dict(zip(NODE, (node.name, *sides, node.acts, node.suffers, node.speaks), strict=True))


def _edge(tie: Tie) -> dict[str, str | int]:
    return dict(zip(EDGE, (tie.type, tie.events, tie.asserted, tie.events - tie.asserted), strict=True))


def _values(element: Element, told: Mapping[str, Any]) -> None:
    values = SubElement(element, "attvalues")
    for name, value in told.items():
        SubElement(values, "attvalue", {"for": name, "value": _clean(str(value))})


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _written(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
