"""Events in the forms that other libraries have for them; each library is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dateline.errors import MissingExtraError

if TYPE_CHECKING:
    import geopandas
    import networkx
    import pandas
    import polars
    import pyarrow as pa


def library(name: str, extra: str) -> Any:
    """The library of an extra. Raises MissingExtraError, which says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError.of(name, extra) from None


def pandas_of(table: pa.Table) -> pandas.DataFrame:
    """The table with days as `datetime64`, of which one can ask `.dt.month`, and not as objects."""
    library("pandas", "pandas")
    frame: pandas.DataFrame = table.to_pandas(date_as_object=False)
    return frame


def polars_of(table: pa.Table) -> polars.DataFrame:
    """The table, its types kept."""
    return library("polars", "polars").from_arrow(table)


def geopandas_of(table: pa.Table) -> geopandas.GeoDataFrame:
    """The table with points in EPSG:4326; an event of which no point is known has no geometry."""
    geopandas = library("geopandas", "geo")
    frame = pandas_of(table)
    points = geopandas.points_from_xy(frame["longitude"], frame["latitude"])
    series = geopandas.GeoSeries(points, index=frame.index, crs="EPSG:4326").where(frame["longitude"].notna(), None)
    return geopandas.GeoDataFrame(frame, geometry=series, crs="EPSG:4326")


def network_of(rows: Iterable[Mapping[str, Any]]) -> networkx.MultiDiGraph:
    """Who does what to whom: a node for each actor by name, and an edge from each actor to each recipient for every event.

    A node has the `countries` and `sectors` that it was taken for. An edge has the event's id as its key, and its first row of
    fields as attributes; None is left out, since the formats that graphs are written in know no such value.
    """
    graph = library("networkx", "network").MultiDiGraph()
    for row in rows:
        told = {name: row[name] for name in EDGE if row[name] is not None}
        for figure in row["figures"]:
            bounds = {"low": figure["low"], "high": figure["high"]}
            told |= {f"{figure['what']}_{side}": value for side, value in bounds.items() if value is not None}
        for party in (*row["actors"], *row["recipients"]):
            node = graph.nodes[party["name"]] if party["name"] in graph else {}
            sides = {
                many: sorted({*node.get(many, ()), *filter(None, (party[one],))})
                for one, many in (("country", "countries"), ("sector", "sectors"))
            }
            graph.add_node(party["name"], **sides)
        for actor in row["actors"]:
            for recipient in row["recipients"]:
                graph.add_edge(actor["name"], recipient["name"], key=row["id"], **told)
    return graph


EDGE = (
    "id", "type", "mode", "status", "first_day", "last_day", "place", "country", "documents", "witnesses", "confidence", "evidence",
)  # fmt: skip
"""What an edge says of its event."""
