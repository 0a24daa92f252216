"""Networks in files that NetworkX and pandas open, and points that GeoPandas puts on a map."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas
import networkx as nx
import pandas as pd
import pytest

from dateline.web.sharing.files import write_file
from dateline.web.sharing.rows import Chosen
from tests.exports.conftest import bytes_of
from tests.web.world import event_called


@pytest.fixture(scope="module")
def edges(world: Chosen) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(bytes_of(world, "network-csv")), encoding="utf-8-sig")


def test_networkx_reads_the_same_network_from_both(world: Chosen, edges: pd.DataFrame) -> None:
    graphml = nx.read_graphml(io.BytesIO(bytes_of(world, "graphml")))
    gexf = nx.read_gexf(io.BytesIO(bytes_of(world, "gexf")))
    names = {tuple(graphml.nodes[end]["label"] for end in pair[:2]) for pair in graphml.edges}
    assert ("Ashport police", "dockers") in names
    assert {tuple(gexf.nodes[end]["label"] for end in pair[:2]) for pair in gexf.edges} == names
    assert set(zip(edges["source_name"].str.removeprefix("'"), edges["target_name"].str.removeprefix("'"), strict=True)) == names
    assert "licence" in graphml.graph["about"]


def test_ties_say_how_many_events_are_told_as_facts(edges: pd.DataFrame) -> None:
    assert (edges["asserted"] + edges["not_asserted"] == edges["events"]).all()


def test_the_table_of_actors_lies_beside_that_of_ties(world: Chosen, tmp_path: Path) -> None:
    filed = write_file(world, "network-csv", tmp_path / "net.csv")
    assert [path.name for path in filed.files] == ["net.csv", "net-nodes.csv"]
    nodes, ties = (pd.read_csv(path, encoding="utf-8-sig") for path in filed.files[::-1])
    graph = nx.from_pandas_edgelist(ties, "Source", "Target", edge_attr="Weight", create_using=nx.MultiDiGraph)
    assert set(graph.nodes) == set(nodes["Id"])


def test_geopandas_has_a_point_where_one_is_known_and_none_for_a_country(world: Chosen, tmp_path: Path) -> None:
    write_file(world, "geojson", tmp_path / "events.geojson")
    frame = geopandas.read_file(tmp_path / "events.geojson").set_index("id")
    assert frame.crs == "EPSG:4326"
    assert frame.loc[event_called("the march")].geometry.coords[:] == [(-8.4, 40.2)]
    assert frame.loc[event_called("the curfew")].geometry is None
