"""Who does what to whom, as data, as files, and as a page without script."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.runs.network import Network, Node, Tie, layout, matrix_of, network_of
from dateline.web import graphs
from dateline.web.app import make_app
from dateline.web.filters import Filters
from dateline.web.site import Site
from tests.web.ledgers import samples_at
from tests.web.world import world_at


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(open_ledger(samples_at(tmp_path_factory.mktemp("network") / "ledger"), create=False))


@pytest.fixture(scope="module")
def asked(site: Site) -> Iterator[TestClient]:
    with TestClient(make_app(site), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def found(site: Site) -> Network:
    board = site.board()
    return network_of(board, Filters().rows(board))


def test_ties_are_what_a_recount_of_the_rows_comes_to(site: Site, found: Network) -> None:
    board = site.board()
    counts: dict[tuple[str, str, str], list[int]] = {}
    for row in range(len(board)):
        brief = board.brief(row)
        for who, whom in {(a.name, r.name) for a in brief.actors for r in brief.recipients if a.name != r.name}:
            events, facts = counts.setdefault((who, whom, brief.type), [0, 0])
            counts[who, whom, brief.type] = [events + 1, facts + (brief.status == "asserted")]
    told = {(found.nodes[t.source].name, found.nodes[t.target].name, t.type): [t.events, t.asserted] for t in found.ties}
    assert told == counts
    assert len(told) == found.ties_in_all > 20


def test_roles_of_an_actor_are_counted_in_events(site: Site, found: Network) -> None:
    board = site.board()
    node = found.nodes[0]
    briefs = [board.brief(row) for row in range(len(board))]
    assert node.acts == sum(any(a.name == node.name for a in brief.actors) for brief in briefs)
    assert node.suffers == sum(any(r.name == node.name for r in brief.recipients) for brief in briefs)


def test_it_shows_the_busiest_and_says_of_how_many(site: Site, found: Network) -> None:
    board = site.board()
    few = network_of(board, Filters().rows(board), 5)
    assert few.nodes == found.nodes[:5]
    assert few.actors == found.actors == len(found.nodes)
    assert all(tie.source < 5 and tie.target < 5 for tie in few.ties)


def test_the_same_rows_have_the_same_layout(asked: TestClient, found: Network) -> None:
    first, second = (asked.get("/network.json").json() for _ in range(2))
    assert first == second
    points = layout(found)
    assert np.abs(points).max() <= 1
    apart = np.abs(points[:, None] - points[None]).sum(axis=2)[~np.eye(len(points), dtype=bool)]
    assert apart.min() > 0.001  # nobody stands on another


def test_filters_hold(asked: TestClient) -> None:
    all_of_them, coerced = (asked.get(f"/network.json{query}").json() for query in ("", "?type=COERCE"))
    assert {tie["type"] for tie in coerced["ties"]} == {"COERCE"}
    assert 0 < coerced["ties_in_all"] < all_of_them["ties_in_all"]
    assert asked.get("/network.json?nodes=many").status_code == 400


def test_nobody_in_it_is_a_network_too(asked: TestClient) -> None:
    assert asked.get("/network.json?type=NOTHING").json()["nodes"] == []
    assert "No event here names" in asked.get("/network?type=NOTHING").text


HOSTILE = Network(
    nodes=(Node('=1+1 <b>"&\x00\ufffe\u202e', ("BLR",), (), 2, 0, 1), Node("مدينة", (), ("GOV", "MIL"), 0, 2, 0)),
    ties=(Tie(0, 1, "COERCE", 2, 1), Tie(0, 1, "ASSAULT", 1, 0), Tie(1, 1, "MOBILIZE", 1, 1)),
    actors=2,
    untied=0,
    ties_in_all=3,
)
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF = "{http://www.gexf.net/1.2draft}"


def test_graphml_is_read_by_its_own_rules() -> None:
    root = fromstring(graphs.graphml(HOSTILE, "of what"))
    assert root.tag == f"{GRAPHML}graphml"
    keys = {key.get("id"): (key.get("for"), key.get("attr.type")) for key in root.iter(f"{GRAPHML}key")}
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    assert graph.get("edgedefault") == "directed"
    nodes = [node.get("id") for node in graph.iter(f"{GRAPHML}node")]
    edges = list(graph.iter(f"{GRAPHML}edge"))
    assert len(set(nodes)) == len(nodes) == 2
    assert [(edge.get("source"), edge.get("target")) for edge in edges] == [("n0", "n1"), ("n0", "n1"), ("n1", "n1")]
    assert len({edge.get("id") for edge in edges}) == 3  # parallel edges need ids of their own
    for owner in (*graph.iter(f"{GRAPHML}node"), *edges):
        for data in owner.iter(f"{GRAPHML}data"):
            of, kind = keys[data.get("key")]
            assert of == owner.tag.removeprefix(GRAPHML)
            assert kind == "string" or str(int(data.text or "")) == data.text
    assert _told(next(graph.iter(f"{GRAPHML}node")))["node-label"].startswith('=1+1 <b>"&\ufffd\ufffd')


def _told(element: Element) -> dict[str, str]:
    return {data.get("key", ""): data.text or "" for data in element.iter(f"{GRAPHML}data")}


def test_gexf_is_read_by_its_own_rules() -> None:
    root = fromstring(graphs.gexf(HOSTILE, "of what", {0: (0.5, -0.5)}))
    assert root.get("version") == "1.2"
    graph = root.find(f"{GEXF}graph")
    assert graph is not None
    assert graph.get("defaultedgetype") == "directed"
    declared = {
        told.get("class"): {attribute.get("id"): attribute.get("type") for attribute in told}
        for told in graph.iter(f"{GEXF}attributes")
    }
    nodes = list(graph.iter(f"{GEXF}node"))
    ids = {node.get("id") for node in nodes}
    assert all(edge.get("source") in ids and edge.get("target") in ids for edge in graph.iter(f"{GEXF}edge"))
    for kind in ("node", "edge"):
        for element in graph.iter(f"{GEXF}{kind}"):
            for value in element.iter(f"{GEXF}attvalue"):
                assert declared[kind][value.get("for")] == "string" or (value.get("value") or "").isdigit()
    position = nodes[0].find("{http://www.gexf.net/1.2draft/viz}position")
    assert position is not None
    assert position.get("x") == "500.0"


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networkx_reads_what_was_written(found: Network, form: str, tmp_path: Path) -> None:
    """As a graph with parallel edges: names, sides, types and figures as they were."""
    networkx = pytest.importorskip("networkx")
    points = dict(enumerate(layout(found).tolist()))
    written = graphs.graphml(found, "of what") if form == "graphml" else graphs.gexf(found, "of what", points)
    path = tmp_path / f"network.{form}"
    path.write_bytes(written)
    # Several ties of two actors are edges of their own, which GraphML has to be asked for.
    graph = networkx.read_graphml(path, force_multigraph=True) if form == "graphml" else networkx.read_gexf(path)
    assert graph.is_directed()
    assert (len(graph), graph.number_of_edges()) == (len(found.nodes), len(found.ties))
    names = [node.name for node in found.nodes]
    assert sorted(data["label"] for _, data in graph.nodes(data=True)) == sorted(names)
    of = {id: data["label"] for id, data in graph.nodes(data=True)}
    told = sorted((of[a], of[b], data["type"], data["events"]) for a, b, data in graph.edges(data=True))
    assert told == sorted((names[t.source], names[t.target], t.type, t.events) for t in found.ties)


def test_tables_open_without_formulas(asked: TestClient) -> None:
    text = asked.get("/network.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    nodes = list(csv.DictReader(io.StringIO(asked.get("/network-nodes.csv").content.decode("utf-8-sig"))))
    ids = {node["Id"] for node in nodes}
    assert lines
    assert all(line["Source"] in ids and line["Target"] in ids and line["Type"] == "Directed" for line in lines)
    assert [line[:2] for line in list(graphs.node_table(HOSTILE))[1:]] == [[0, HOSTILE.nodes[0].name], [1, "مدينة"]]
    assert not any(cell.startswith("=") for line in (*lines, *nodes) for cell in line.values())


def test_files_hold_all_actors_however_few_are_shown(asked: TestClient, found: Network) -> None:
    root = fromstring(asked.get("/network.graphml?nodes=3").content)
    assert len(list(root.iter(f"{GRAPHML}node"))) == len(found.nodes)


def test_the_page_says_the_same_as_the_picture(asked: TestClient, found: Network) -> None:
    answer = asked.get("/network")
    assert f"Showing {len(found.nodes):,} of {found.actors:,} actors" in answer.text
    assert "dashed: only alleged" in answer.text
    assert 'style="' not in answer.text
    listed = answer.text[answer.text.index('id="list"') :]
    assert listed.count("<tr>") == len(found.ties) + 1


def test_the_matrix_counts_events_and_each_number_leads_to_as_many(asked: TestClient, found: Network) -> None:
    matrix = matrix_of(found, 4)
    assert (len(matrix.sources), len(matrix.targets)) == (4, 4)
    acts = [sum(t.events for t in found.ties if t.source == n) for n in matrix.sources]
    assert acts == sorted(acts, reverse=True)
    assert acts[0] == max(sum(t.events for t in found.ties if t.source == n) for n in range(len(found.nodes)))
    text = asked.get("/network?matrix=4").text
    assert f"Showing 4 of {matrix.sources_in_all:,} that act, down, and 4 of {matrix.targets_in_all:,}" in text
    (source, target), events = max(matrix.events.items(), key=lambda item: item[1])
    who, whom = found.nodes[source].name, found.nodes[target].name
    cells = re.findall(r'<a href="(/network/between[^"]*)" aria-label="([^"]*)">([\d,]+)</a>', text)
    assert len(cells) == len(matrix.events)
    address, label, number = next(cell for cell in cells if unescape(cell[1]).startswith(f"{who} on {whom}: "))
    assert int(number) == events
    assert label.endswith(f"{events:,} event" if events == 1 else f"{events:,} events")
    told = asked.get(unescape(address).replace("/between?", "/between.json?")).json()
    assert told["total"] == events
    for row in told["rows"]:
        assert who in {party["name"] for party in row["actors"]}
        assert whom in {party["name"] for party in row["recipients"]}
    page = asked.get(unescape(address)).text
    assert all(f"/events/{row['id']}" in page for row in told["rows"][:50])


def test_a_tie_leads_to_the_events_of_its_type_and_nobody_is_asked_of_without_both_names(asked: TestClient, found: Network) -> None:
    tie = found.ties[0]
    names = {"who": found.nodes[tie.source].name, "whom": found.nodes[tie.target].name}
    assert asked.get("/network/between.json", params={**names, "of": tie.type}).json()["total"] == tie.events
    assert asked.get("/network/between.json", params={**names, "of": "NOTHING"}).json()["total"] == 0
    assert asked.get("/network/between?who=x").status_code == 400
    assert asked.get("/network?matrix=some").status_code == 400


def test_names_with_markup_are_inert(tmp_path: Path) -> None:
    hostile = Site(open_ledger(world_at(tmp_path / "world"), create=False))
    with TestClient(make_app(hostile), base_url="http://localhost") as client:
        text = client.get("/network").text
        assert "<img" not in text
        assert "<script>" not in text
        fromstring(client.get("/network.graphml").content)
        fromstring(client.get("/network.gexf").content)
