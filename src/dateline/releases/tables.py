"""The tables of a release: their columns, what each means and may hold. Table: releases/tables.yaml, which says how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from dateline.knowledge.ontology import load_ontology
from dateline.records import Basis, PlaceKind, Precision, Standing, StatusValue, Verdict

Type = Literal["string", "integer", "number", "boolean", "date", "datetime", "list"]

VALUES: dict[str, type[StrEnum]] = {
    "status": StatusValue,
    "precision": Precision,
    "place_kind": PlaceKind,
    "verdict": Verdict,
    "basis": Basis,
    "standing": Standing,
}
"""Closed sets of values by the name that tables.yaml has for them; the event types are the ontology's."""


@dataclass(frozen=True)
class Column:
    """A column. `values` empty: any; `refers` is the table in whose key its values stand; None: in none."""

    name: str
    type: Type
    description: str
    is_required: bool = False
    is_unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    values: tuple[str, ...] = ()
    refers: str | None = None


@dataclass(frozen=True)
class Table:
    """A table; `key` are the columns that tell its rows apart, none where no columns do."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@cache
def load_tables() -> tuple[Table, ...]:
    """The tables in their order. Raises ValueError that names the column which is not as it should be."""
    rows = yaml.safe_load(files("dateline.releases").joinpath("tables.yaml").read_text(encoding="utf-8"))
    tables = tuple(
        Table(row["name"], row["title"], row["description"], tuple(row["key"]), tuple(map(_column, row["columns"]))) for row in rows
    )
    names = {table.name for table in tables}
    for table in tables:
        columns = {column.name for column in table.columns}
        if len(columns) != len(table.columns) or not columns >= set(table.key):
            raise ValueError(f"tables.yaml: {table.name}: a column stands there twice, or one of the key is missing")
        if unknown := {column.refers for column in table.columns} - {*names, None}:
            raise ValueError(f"tables.yaml: {table.name}: refers to {', '.join(map(str, unknown))}, which is no table")
    return tables


def _column(row: dict[str, Any]) -> Column:
    known = {"name", "type", "description", "required", "unique", "minimum", "maximum", "pattern", "values", "refers"}
    if unknown := row.keys() - known:
        raise ValueError(f"tables.yaml: {row.get('name')}: nobody knows {', '.join(sorted(unknown))}")
    if row["type"] not in get_args(Type):
        raise ValueError(f"tables.yaml: {row['name']}: {row['type']} is no type; there are {', '.join(get_args(Type))}")
    return Column(
        row["name"],
        row["type"],
        row["description"],
        bool(row.get("required")),
        bool(row.get("unique")),
        row.get("minimum"),
        row.get("maximum"),
        row.get("pattern"),
        _values(row["values"]) if "values" in row else (),
        row.get("refers"),
    )


def _values(name: str) -> tuple[str, ...]:
    if name == "type":
        return tuple(load_ontology().types)
    return tuple(value.value for value in VALUES[name])
