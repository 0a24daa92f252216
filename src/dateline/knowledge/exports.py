"""What the formats of other programs are made of: their columns, and the codes that they have for what we code.

Tables: exports/columns.yaml, exports/codes.yaml and exports/countries.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class Column:
    """A column of a format: its name there, and what stands in it, for people."""

    name: str
    says: str


@cache
def columns_of(format: str) -> tuple[Column, ...]:
    """The columns of a format of rows, in order. Raises KeyError for a format that has none. Knowledge: exports/columns.yaml."""
    listed: list[dict[str, str]] = read_yaml("exports/columns.yaml")[format]
    return tuple(Column(name, says) for row in listed for name, says in row.items())


def names_of(format: str) -> tuple[str, ...]:
    """The names of a format's columns, in order."""
    return tuple(column.name for column in columns_of(format))
