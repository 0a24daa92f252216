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

    A node has its `country` and `sector`; of one that reports put on several sides all of them, as "BLR; RUS". An edge has the
    event's id as its key, and the fields of EDGE and its figures as attributes. What is not told is left out, and all are texts and
    numbers: so the formats that graphs are kept in can have them.
    """
    graph = library("networkx", "network").MultiDiGraph()
    sides: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        told = {name: row[name] for name in EDGE if row[name] is not None}
        for figure in row["figures"]:
            bounds = {"low": figure["low"], "high": figure["high"]}
            told |= {f"{figure['what']}_{side}": value for side, value in bounds.items() if value is not None}
        for party in (*row["actors"], *row["recipients"]):
            own = sides.setdefault(party["name"], {})
            for side in ("country", "sector"):
                own.setdefault(side, set()).update(filter(None, (party[side],)))
        for actor in row["actors"]:
            for recipient in row["recipients"]:
                graph.add_edge(actor["name"], recipient["name"], key=row["id"], **told)
    for name, own in sides.items():
        graph.add_node(name, **{side: "; ".join(sorted(values)) for side, values in own.items() if values})
    return graph


EDGE = (
    "id", "type", "mode", "status", "first_day", "last_day", "place", "country", "documents", "witnesses", "confidence", "evidence",
)  # fmt: skip
"""What an edge says of its event."""
