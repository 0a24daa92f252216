"""A ledger at one moment, as a database: views over the segments of the receipts there were, and nothing else within reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.ledger.errors import DamagedLedgerError, QueryError
from dateline.ledger.queries import VIEWS
from dateline.ledger.segments import TABLES, Receipt, arrow_schema

if TYPE_CHECKING:
    import duckdb


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
def open_snapshot(ledger: Path, receipts: Iterable[Receipt]) -> Iterator[Snapshot]:
    """The ledger with these receipts. Takes some 40 ms with a few dozen of them.

    Raises DamagedLedgerError, here or from a question put to it, when a segment is missing or not as it was written.
    """
    import duckdb

    try:
        with _connect(ledger, tuple(receipts)) as connection:
            yield Snapshot(connection)
    except duckdb.IOException as fault:
        advice = "Restore the file, or remove the receipt that names it and add its reports again"
        raise DamagedLedgerError(f"{ledger}: a segment is missing or damaged ({fault}). {advice}") from fault


def _connect(ledger: Path, receipts: tuple[Receipt, ...]) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("SET TimeZone = 'UTC'")
    for table, kind in TABLES.items():
        files = [str(ledger / receipt.segments[table].name) for receipt in receipts if table in receipt.segments]
        if files:
            connection.read_parquet(files).create_view(f"all_{table}")
        else:
            connection.from_arrow(arrow_schema(kind).empty_table()).create(f"all_{table}")
    connection.execute(VIEWS)
    connection.execute("SET allowed_directories = $1", [[str(ledger)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
