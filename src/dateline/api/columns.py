"""Events as columns with types: what every table, frame and map of them is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

DAYS = {"first": "first_day", "last": "last_day", "first_reported": "first_reported", "known_since": "known_since"}
"""The columns of days by the names that written rows have for them."""


AT_ONCE = 10_000
"""Rows that are in memory as they are written out, before they become columns: of a million they would fill gigabytes."""


def table_of(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A table of rows as `Chosen.told` gives them. `X_low` and `X_high` are there for every kind of figure that some row has.

    A bound that is null beside one that is not is open; both null: no figure of that kind is told.
    """
    import pyarrow as pa

    schema, source = schema_of(), iter(rows)
    parts = [_part([], schema)]
    while some := list(islice(source, AT_ONCE)):
        parts.append(_part(some, schema))
    whole = pa.concat_tables(parts, promote_options="default").combine_chunks()
    figures = sorted(
        set(whole.column_names) - set(schema.names), key=lambda name: (name.rpartition("_")[0], name.endswith("_high"))
    )
    return whole.select([*schema.names, *figures])


def _part(told: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Some rows as columns, with those of the kinds of figure that these have."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for field in schema:
        values = [row[DAYS.get(field.name, field.name)] for row in told]
        if field.name in DAYS:
            values = [date.fromisoformat(value) if value else None for value in values]
        columns[field.name] = pa.array(values, field.type)
    figures = [{figure["what"]: figure for figure in row["figures"]} for row in told]
    for what in {what for row in figures for what in row}:
        for side in ("low", "high"):
            values = [row[what][side] if what in row else None for row in figures]
            columns[f"{what.replace(' ', '_')}_{side}"] = pa.array(values, pa.float64())
    return pa.table(columns)


def schema_of() -> pa.Schema:
    """The columns that every table has, in order; those of single kinds of figure stand after them."""
    import pyarrow as pa

    words, number = pa.string(), pa.int64()
    party = pa.struct([("name", words), ("country", words), ("sector", words)])
    figure = pa.struct(
        [("what", words), ("low", pa.float64()), ("high", pa.float64()), ("words", words)]
        + [(sign, pa.bool_()) for sign in ("differ", "running", "part")]
    )
    return pa.schema([
        ("id", words), ("first", pa.date32()), ("last", pa.date32()), ("day_precision", words), ("type", words), ("mode", words),
        ("status", words), ("place", words), ("place_kind", words), ("admin1", words), ("country", words),
        ("latitude", pa.float64()), ("longitude", pa.float64()), ("actors", pa.list_(party)), ("recipients", pa.list_(party)),
        ("figures", pa.list_(figure)), ("documents", number), ("witnesses", number), ("claims", number),
        ("confidence", pa.float64()), ("marks", pa.list_(words)), ("review", pa.list_(words)), ("first_reported", pa.date32()),
        ("known_since", pa.date32()), ("headline", words), ("evidence", words), ("title", words),
    ])  # fmt: skip
