"""A ledger at one moment, as a database: views over the segments of the receipts there were, and nothing else within reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.ledger.derived import KEYS
from dateline.ledger.errors import DamagedLedgerError, QueryError
from dateline.ledger.queries import VIEWS
from dateline.ledger.segments import TABLES, Receipt, schema_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True)
class Answer:
    """What a query gave: the names of its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot (use open_snapshot): every question put to it is answered from the same receipts."""

    connection: duckdb.DuckDBPyConnection

    def select(self, query: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one of our own queries, each by column."""
        return list(self.connection.sql(query, params=parameters).to_arrow_table().to_pylist())

    def columns(self, query: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of one of our own queries, column by column."""
        return self.connection.sql(query, params=parameters).to_arrow_table()

    def batches(self, query: str, parameters: dict[str, Any] | None, rows: int) -> Iterator[pa.RecordBatch]:
        """The same in batches of so many rows."""
        yield from self.connection.sql(query, params=parameters).to_arrow_reader(rows)

    def unlike(self, table: str, columns: pa.Table) -> pa.Table:
        """Of these rows of a derived table, in their order, those whose key has other values in the ledger, or none."""
        keys, names = KEYS[table], [f'"{name}"' for name in columns.column_names]
        self.connection.register("offered", columns.append_column("place", [list(range(columns.num_rows))]))
        return self.columns(f"""
            SELECT {", ".join(names)} FROM offered
            WHERE NOT EXISTS (
                SELECT 1 FROM {table}
                WHERE {" AND ".join(f'{table}."{key}" = offered."{key}"' for key in keys)}
                  AND {" AND ".join(f"{table}.{name} IS NOT DISTINCT FROM offered.{name}" for name in names)}
            )
            ORDER BY place
        """)

    def keep(self, name: str, query: str, parameters: dict[str, Any] | None = None) -> None:
        """Keeps the rows of one of our own queries in memory under a name, for questions that follow."""
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {query}", parameters)

    def answer(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> Answer:
        """The answer to somebody else's query. Raises QueryError for what DuckDB refuses, and for all but SELECT."""
        import duckdb

        try:
            if any(statement.type != duckdb.StatementType.SELECT for statement in self.connection.extract_statements(query)):
                raise QueryError("a ledger answers SELECT and nothing else: what it holds is never changed by a query")
            relation = self.connection.sql(query, params=parameters)
            if relation is None:
                raise QueryError("no query was given")
            # By way of Arrow, since DuckDB's own rows need pytz for a moment with a time zone.
            columns = [column.to_pylist() for column in relation.to_arrow_table().columns]
            return Answer(tuple(relation.columns), tuple(zip(*columns, strict=True)))
        except duckdb.Error as fault:
            raise QueryError(f"the query could not be answered: {fault}") from fault


@contextmanager
def open_snapshot(ledger: Path, receipts: Iterable[Receipt], judged: Mapping[str, str] | None = None) -> Iterator[Snapshot]:
    """The ledger with these receipts and no others. Takes some 40 ms with a few dozen of them.

    `judged` gives claims (by id) the events that people put them in.

    Raises DamagedLedgerError, here or from a question put to it, when a segment is missing or not as it was written.
    """
    import duckdb

    try:
        with _connect(ledger, tuple(receipts), judged or {}) as connection:
            yield Snapshot(connection)
    except duckdb.IOException as fault:
        advice = "Restore the file, or remove the receipt that names it and add its reports again"
        raise DamagedLedgerError(f"{ledger}: a segment is missing or damaged ({fault}). {advice}") from fault


def _connect(ledger: Path, receipts: tuple[Receipt, ...], judged: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES:
        files = [str(ledger / receipt.segments[table].name) for receipt in receipts if table in receipt.segments]
        if files:
            connection.read_parquet(files).create_view(f"all_{table}")
        else:
            connection.from_arrow(schema_of(table).empty_table()).create(f"all_{table}")
    placed = pa.table(
        {"claim_id": list(judged), "event_id": list(judged.values())},
        schema=pa.schema({"claim_id": pa.string(), "event_id": pa.string()}),
    )
    connection.from_arrow(placed).create("judged")
    connection.execute(VIEWS)
    connection.execute("SET allowed_directories = $1", [[str(ledger)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
