"""A ledger at one moment, as a database: views over the segments of the receipts there were, and nothing else within reach."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dateline.ledger.derived import KEYS
from dateline.ledger.errors import DamagedLedgerError, QueryError
from dateline.ledger.index import keys_of, may_have
from dateline.ledger.queries import MACROS, OVERLAY, VIEWS
from dateline.ledger.segments import SEALED_LINK, TABLES, Receipt, Segment, schema_of, sealed_schema
from dateline.ledger.volumes import Catalogue, Opened

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True)
class Answer:
    """What a query gave: the names of its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass
class Snapshot:
    """An open snapshot (use open_snapshot): every question put to it is answered from the same receipts.

    A view is made when a question first names it: making all of them costs more than most questions.
    """

    connection: duckdb.DuckDBPyConnection
    source: Source
    opened: Opened
    """Files of the volumes that single rows were read from."""
    _made: list[str] = field(default_factory=list)

    def turn_to(self, source: Source) -> Snapshot:
        """Shows what another source has from now on: quicker than to open another snapshot."""
        if source != self.source:
            for name in reversed(self._made):
                self.connection.execute(f"DROP VIEW {name}")
            if source.state.catalogue.number != self.source.state.catalogue.number:
                self.opened.keep(source.state.catalogue)
            self.source, self._made = source, []
        return self

    def prepare(self, query: str) -> None:
        """Makes the views that a query names, and those that they are made of."""
        for name in WORD.findall(query.lower()):
            if name in self._made or (name not in RELATIONS and name not in VIEWS):
                continue
            if name in VIEWS:
                body = self.source.filled(VIEWS[name])
                self.prepare(body)
            else:
                body = self.source.relation(self.connection, name)
            self.connection.execute(f"CREATE VIEW {name} AS {body}")
            self._made.append(name)

    def select(self, query: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one of our own queries, each by column."""
        return list(self.columns(query, parameters).to_pylist())

    def columns(self, query: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of one of our own queries, column by column."""
        self.prepare(query)
        return self.connection.sql(query, params=parameters).to_arrow_table()

    def batches(self, query: str, parameters: dict[str, Any] | None, rows: int) -> Iterator[pa.RecordBatch]:
        """The same in batches of so many rows."""
        self.prepare(query)
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
        self.prepare(query)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", parameters)

    def answer(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> Answer:
        """The answer to somebody else's query. Raises QueryError for what DuckDB refuses, and for all but SELECT."""
        table = self.answer_columns(query, parameters)
        # By way of Arrow, since DuckDB's own rows need pytz for a moment with a time zone.
        columns = [column.to_pylist() for column in table.columns]
        return Answer(tuple(table.column_names), tuple(zip(*columns, strict=True)))

    def answer_columns(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> pa.Table:
        """The same column by column."""
        import duckdb

        self.prepare(" ".join(VIEWS))
        try:
            if any(statement.type != duckdb.StatementType.SELECT for statement in self.connection.extract_statements(query)):
                raise QueryError("a ledger answers SELECT and nothing else: what it holds is never changed by a query")
            relation = self.connection.sql(query, params=parameters)
            if relation is None:
                raise QueryError("no query was given")
            return relation.to_arrow_table()
        except duckdb.Error as fault:
            raise QueryError(f"the query could not be answered: {fault}") from fault


@dataclass(frozen=True)
class State:
    """What there is of a ledger at one moment: the volumes, and the receipts of shards that are in none of them."""

    receipts: tuple[Receipt, ...]
    catalogue: Catalogue
    sealed: tuple[Receipt, ...] = ()
    """Receipts whose files a killed compaction left behind although a volume has them."""

    def known_by(self, moment: datetime | None) -> State:
        """Without what became known later; a volume that has both stays, and its rows are looked at one by one."""
        if moment is None:
            return self
        volumes = tuple(volume for volume in self.catalogue.volumes if volume.is_known(moment))
        receipts = tuple(receipt for receipt in self.receipts if receipt.moment <= moment)
        return State(receipts, replace(self.catalogue, volumes=volumes))


@dataclass(frozen=True)
class Narrow:
    """The part of the volumes that a question needs: rows of claims by file, and claims that have links."""

    claims: tuple[tuple[str, tuple[int, ...]], ...] = ()
    linked: tuple[str, ...] = ()


def open_snapshot(source: Source) -> Snapshot:
    """What the source has, as a database."""
    return Snapshot(_connect(source.ledger), source, Opened(source.ledger))


@contextmanager
def naming_damage(ledger: Path) -> Iterator[None]:
    """Raises DamagedLedgerError when a segment turns out to be missing or not as it was written."""
    import duckdb

    try:
        yield
    except duckdb.IOException as fault:
        advice = "Restore the file, or remove the receipt that names it and add its reports again"
        raise DamagedLedgerError(f"{ledger}: a segment is missing or damaged ({fault}). {advice}") from fault


def _connect(ledger: Path) -> duckdb.DuckDBPyConnection:
    """A database that can read the ledger's folder and nothing else."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    # A file of a ledger never changes, and to read what is in it takes longer than to read a row of it.
    connection.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
    without_progress_bar(connection)
    connection.execute(MACROS)
    # Nor the variables of this process, which a name in a query would otherwise stand for.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET allowed_directories = $1", [[str(ledger)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Turns the database's own bar off where it is on. In a notebook without ipywidgets there is none, and to say so is refused."""
    ((is_shown,),) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if is_shown:
        connection.execute("SET enable_progress_bar = false")


WORD = re.compile(r"[a-z_]+")

RELATIONS = (*(f"entered_{table}" for table in TABLES), "superseded", "recoded", "judged")
"""What the views are made of."""


@dataclass(frozen=True)
class Source:
    """What a snapshot shows: the ledger as it was known at a moment (None: all that is known), or the part that a question needs.

    `judged` gives claims (by id) the events that people put them in.
    """

    ledger: Path
    state: State
    as_of: datetime | None
    judged: tuple[tuple[str, str], ...] = ()
    narrow: Narrow | None = None

    @cached_property
    def known(self) -> State:
        """What was known by then."""
        return self.state.known_by(self.as_of)

    @cached_property
    def moment(self) -> str:
        """The moment as SQL; without one the end of time."""
        return f"TIMESTAMPTZ '{self.as_of.isoformat()}'" if self.as_of else "TIMESTAMPTZ 'infinity'"

    @cached_property
    def recoded(self) -> list[str]:
        """Documents of which the current coding has to be looked for."""
        return _recoded(self.ledger, self.known)

    def filled(self, body: str) -> str:
        """A view's text with what it leaves open."""
        overlay = OVERLAY if "{overlay}" in body and self.recoded else "entered_links"
        without_late = "ANTI JOIN late USING (document_id, shard)"
        if "{without_late}" in body and not self.recoded and not self.known.catalogue.superseded:
            without_late = ""
        return body.format(moment=self.moment, sealed_link=", ".join(SEALED_LINK), overlay=overlay, without_late=without_late)

    def relation(self, connection: duckdb.DuckDBPyConnection, name: str) -> str:
        """The query of a relation; rows that are in no file are registered under the name with "no_" before it."""
        import pyarrow as pa

        parts: list[str] = []
        match name:
            case "recoded":
                rows = pa.table({"document_id": pa.array(self.recoded, pa.string())})
            case "judged":
                columns = {"claim_id": [claim for claim, _ in self.judged], "event_id": [event for _, event in self.judged]}
                rows = pa.table(columns, schema=pa.schema({"claim_id": pa.string(), "event_id": pa.string()}))
            case "superseded":
                rows = schema_of("superseded").empty_table()
                parts = [_rows(self.ledger, self.known.catalogue.superseded)] if self.known.catalogue.superseded else []
            case _:
                table = name.removeprefix("entered_")
                rows = _empty(table)
                parts = list(_parts(self.ledger, self.known, table, self.as_of, self.moment, self.narrow))
        connection.register(f"no_{name}", rows)
        return " UNION ALL BY NAME ".join([f"SELECT * FROM no_{name}", *parts])


@cache
def _empty(table: str) -> pa.Table:
    return sealed_schema(table).empty_table()


def _parts(ledger: Path, state: State, table: str, as_of: datetime | None, moment: str, narrow: Narrow | None) -> Iterator[str]:
    """Queries that together give what was entered into a table. Segments of one layout are read together."""
    loose: dict[int, list[Segment]] = defaultdict(list)
    for receipt in state.receipts:
        if table in receipt.segments:
            loose[receipt.version].append(receipt.segments[table])
    yield from (_rows(ledger, segments) for _, segments in sorted(loose.items()))
    if table == "links" and state.catalogue.links:
        which = "" if narrow is None else f" AND claim_id IN ({', '.join(map(literal, narrow.linked))})"
        if narrow is None or narrow.linked:
            yield f"{_rows(ledger, state.catalogue.links)} WHERE known_at <= {moment}{which}"
    sealed: dict[tuple[int, bool], list[Segment]] = defaultdict(list)
    for volume in state.catalogue.volumes:
        if table not in volume.segments:
            continue
        segment = volume.segments[table]
        if narrow is not None and table == "claims":
            if rows := dict(narrow.claims).get(str(ledger / segment.name)):
                yield f"{_rows_at(ledger, segment, rows)} AND known_at <= {moment}"
        else:
            sealed[volume.version, volume.has_later(as_of)].append(segment)
    for (_, has_later), segments in sorted(sealed.items()):
        yield _rows(ledger, segments) + (f" WHERE known_at <= {moment}" if has_later else "")


def _rows(ledger: Path, segments: Sequence[Segment]) -> str:
    return f"SELECT * FROM read_parquet([{', '.join(literal(str(ledger / segment.name)) for segment in segments)}])"


def _rows_at(ledger: Path, segment: Segment, rows: Sequence[int]) -> str:
    """These rows of one segment; the database reads only the parts that they are in."""
    source = f"read_parquet({literal(str(ledger / segment.name))}, file_row_number = true)"
    return f"SELECT * EXCLUDE (file_row_number) FROM {source} WHERE file_row_number IN ({', '.join(map(str, rows))})"


def literal(words: str) -> str:
    """The words as SQL."""
    return "'" + words.replace("'", "''") + "'"


def _recoded(ledger: Path, state: State) -> list[str]:
    """Documents that a loose shard codes and that another shard codes too, or may do: of these the current coding is looked for."""
    import pyarrow as pa

    counted = Counter(report.document for receipt in state.receipts for report in receipt.reports if report.document)
    documents = sorted(counted)
    keys = keys_of(pa.chunked_array([documents], pa.string()))
    again = np.array([counted[document] > 1 for document in documents], dtype=bool)
    for volume in state.catalogue.volumes:
        again |= may_have(ledger / volume.indexes["documents"].name, keys)
    return [document for document, is_again in zip(documents, again.tolist(), strict=True) if is_again]
