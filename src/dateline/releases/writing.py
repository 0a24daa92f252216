"""A table of a release as CSV and as Parquet at once, row by row, so that it need not fit into memory.

The same rows give the same bytes; those of Parquet hang on the version of Arrow as well, which the file names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dateline.releases.tables import Column, Table

AT_ONCE = 10_000
"""Rows that are written together: a row group of the Parquet file."""

BETWEEN = "; "
"""What stands between the values of a list in CSV."""

FORMULAS = frozenset("=+-@\t\r\n")
"""What a text must not begin with in CSV: a spreadsheet would reckon with it. It has an apostrophe before it."""

ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
}


@dataclass
class Writer:
    """A table that is being written. `rows` counts what it was given."""

    table: Table
    csv: Any
    parquet: pq.ParquetWriter
    rows: int = 0
    _waiting: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        """Takes a row by column; a column that it lacks is empty, and what is no column is left out."""
        self.rows += 1
        self._waiting.append({column.name: _value(row.get(column.name), column) for column in self.table.columns})
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Writes what waits; nothing does: writes nothing."""
        if not self._waiting:
            return
        lines = StringIO()
        writer = csv.writer(lines)
        for row in self._waiting:
            writer.writerow([cell(row[column.name]) for column in self.table.columns])
        self.csv.write(lines.getvalue().encode("utf-8", "replace"))
        self.parquet.write_table(pa.Table.from_pylist(self._waiting, schema=schema_of(self.table)))
        self._waiting.clear()


@contextmanager
def writer(folder: Path, table: Table) -> Iterator[Writer]:
    """Writes `NAME.csv` and `NAME.parquet` into the folder; both are whole once the block has ended."""
    schema = schema_of(table)
    with (
        (folder / f"{table.name}.csv").open("wb") as file,
        pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd", version="2.6") as parquet,
    ):
        head = StringIO()
        csv.writer(head).writerow([column.name for column in table.columns])
        file.write(head.getvalue().encode("utf-8"))
        made = Writer(table, file, parquet)
        yield made
        made.flush()


def schema_of(table: Table) -> pa.Schema:
    """The table's columns as Arrow has them, each with its description."""
    return pa.schema(
        [
            pa.field(c.name, ARROW[c.type], nullable=not c.is_required, metadata={"description": c.description})
            for c in table.columns
        ]
    )


def _value(value: Any, column: Column) -> Any:
    """The value as the column's type has it. An empty text says no more than none."""
    if value is None or value == "":
        return None
    if column.type == "date":
        return value if isinstance(value, date) else date.fromisoformat(value)
    if column.type == "datetime":
        return value.astimezone(UTC)
    if column.type == "number":
        return float(value)
    if column.type == "list":
        return [None if one is None else _sound(str(one)) for one in value]
    return _sound(value) if isinstance(value, str) else value


def _sound(text: str) -> str:
    """The text without what UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def cell(value: Any) -> str:
    """A value as CSV has it: none is empty, moments are in UTC, whole numbers have no point, and no text acts as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        value = BETWEEN.join("" if one is None else one for one in value)
    text = str(value)
    return f"'{text}" if text[:1] in FORMULAS and text else text
