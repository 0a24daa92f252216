"""Compaction: many small shards become few large volumes (volumes.py), and nothing that was entered is lost or changed by it.

Everything is written beside what there is; the one step that counts is the next catalogue, and who is killed before it has changed
nothing. After it the sealed receipts go at once, the segments they named a while later, when nobody can be reading them any more.

Besides putting rows together it writes down what can be known of them by now, so that a query need not find out again: until when a
coding was the one its document shows, and which event a claim is linked to. What comes afterwards stands beside the volumes, and a
volume of which a tenth is no longer as it says is written anew.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dateline.ledger.derived import KEYS
from dateline.ledger.errors import DamagedLedgerError
from dateline.ledger.index import index_of
from dateline.ledger.segments import (
    CODED,
    TABLES,
    TEMPORARY,
    Receipt,
    Segment,
    receipt_bytes,
    schema_of,
    sealed_schema,
    sync_folder,
    write_file,
)
from dateline.ledger.sheets import FOLDER as SHEETS_FOLDER
from dateline.ledger.sheets import write_sheets
from dateline.ledger.snapshot import State, without_progress_bar
from dateline.ledger.volumes import (
    INDEXES,
    SHEETS,
    Catalogue,
    Retired,
    Volume,
    digest_of_catalogue,
    receipt_tables,
    sealed_receipts,
    write_catalogue,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VOLUME = 500_000
"""Claims of a full volume: some hundred megabytes with their records, and twenty volumes for ten million claims."""

STALE = 0.1
"""Share of a volume's claims or codings, no longer as it says, from which it is written anew."""

ROW_GROUP = 16_384
"""Rows that are read at least. Measured (docs/decisions/0026): smaller ones make every scan slower, larger ones a single row."""

MEMORY = "3GB"
"""What a compaction may hold in memory; more goes to disk for a while."""

ORDER = {
    "claims": "place_country NULLS LAST, first_day NULLS LAST, document_id, shard, position",
    "documents": "document_id, shard",
    "quotations": "document_id, shard, position",
    "problems": "document_id NULLS LAST, shard, raw_sha256, position",
    **{table: ", ".join((*key, "known_at", "shard")) for table, key in KEYS.items()},
    "superseded": "document_id, shard",
    "receipts": "shard",
    "coded": "key, shard, position",
}
"""How the rows of a sealed segment are sorted: by what is asked for, so that most of a segment can be passed over."""

Piece = Volume | Receipt
"""What goes into a volume."""


@dataclass(frozen=True)
class Compacted:
    """What a compaction did: shards that were sealed, volumes that were written, and what lies in all volumes now.

    `is_lost`: somebody else compacted at the same time and was first; nothing was changed.
    """

    shards: int = 0
    written: int = 0
    volumes: int = 0
    claims: int = 0
    is_lost: bool = False


def compact(ledger: Path, state: State, *, made_at: datetime) -> Compacted:
    """Seals all shards that are in no volume yet, and writes anew the volumes that are small or no longer as they say.

    Volumes of an earlier dateline, which have no sheets, get them. With nothing to seal and nothing out of date it writes nothing.
    Raises DamagedLedgerError, before anything is changed, when a segment is missing or is not the one that its receipt promises.
    """
    catalogue = state.catalogue
    with _connect(ledger, state) as connection:
        stale = _stale(connection, state)
        small = [v for v in catalogue.volumes if v.name not in stale and claims_of(v) < VOLUME // 2]
        bare = [v for v in catalogue.volumes if any(_lacks(v))]
        if not state.receipts and not stale and not bare and len(small) < 2:
            return Compacted(volumes=len(catalogue.volumes), claims=sum(map(claims_of, catalogue.volumes)))
        again = [v for v in catalogue.volumes if v.name in stale]
        alone: list[list[Piece]] = [[volume] for volume in again]
        packs = [*alone, *_packs([*small, *state.receipts])]
        _check(ledger, [piece for pack in packs for piece in pack])
        _prepare(connection, ledger, state, [piece for pack in packs for piece in pack])
        written = [_pack(connection, ledger, pack, made_at) for pack in packs]
        replaced = {volume.name for volume in (*again, *small)}
        kept = (v for v in catalogue.volumes if v.name not in replaced)
        volumes = (*(with_sheets(ledger, v) if v in bare else v for v in kept), *written)
        name = _name_of((v.name for v in volumes), made_at)
        following = replace(
            catalogue,
            number=catalogue.number + 1,
            previous=digest_of_catalogue(ledger, catalogue.number),
            made_at=made_at.isoformat(timespec="microseconds"),
            volumes=tuple(sorted(volumes, key=lambda v: (v.first_known, v.last_known, v.name))),
            links=_some(write_sealed(connection, ledger, "links", "SELECT * FROM kept_links", name)),
            superseded=_some(write_sealed(connection, ledger, "superseded", "SELECT * FROM kept_superseded", name)),
        )
    following = replace(following, retired=_retired(ledger, state, following))
    if missing := [segment.name for segment in following.files() if not (ledger / segment.name).exists()]:
        raise DamagedLedgerError(f"{ledger}: {missing[0]} is gone; somebody removed it meanwhile. Nothing was compacted")
    if not write_catalogue(ledger, following):
        return Compacted(volumes=len(catalogue.volumes), claims=sum(map(claims_of, catalogue.volumes)), is_lost=True)
    remove_receipts(ledger, state.receipts)
    return Compacted(len(state.receipts), len(written), len(volumes), sum(map(claims_of, volumes)))


def claims_of(volume: Volume) -> int:
    """How many claims are in a volume, superseded ones included."""
    return volume.segments["claims"].rows if "claims" in volume.segments else 0


def remove_receipts(ledger: Path, receipts: Iterable[Receipt]) -> None:
    """Removes the files of receipts that are sealed: readers pass them over already."""
    folder = ledger / "receipts"
    for receipt in receipts:
        (folder / f"{receipt.shard}.json").unlink(missing_ok=True)
    if folder.is_dir():  # a ledger that nothing was added to has none
        sync_folder(folder)


# ---------------------------------------------------------------- what goes where


def _packs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces in the order of what they brought, as many together as make a full volume."""
    pack: list[Piece] = []
    for piece in sorted(pieces, key=_order):
        if pack and sum(map(_weight, pack)) + _weight(piece) > VOLUME:
            yield pack
            pack = []
        pack.append(piece)
    if pack:
        yield pack


def _order(piece: Piece) -> tuple[str, str]:
    return (piece.first_known, piece.name) if isinstance(piece, Volume) else (piece.known_at, piece.shard)


def _weight(piece: Piece) -> int:
    return piece.segments["claims"].rows if "claims" in piece.segments else 0


def _stale(connection: duckdb.DuckDBPyConnection, state: State) -> set[str]:
    """Names of the full volumes of which so much is superseded, or linked otherwise by now, that they are written anew."""
    full = {volume.name: volume for volume in state.catalogue.volumes if claims_of(volume) >= VOLUME // 2}
    late: dict[str, int] = dict(
        connection.sql("""
            SELECT volume, count(*) FROM codings JOIN intervals USING (document_id, shard)
            WHERE volume IS NOT NULL AND known_until IS DISTINCT FROM until GROUP BY ALL
        """).fetchall()
    )
    relinked: dict[str, int] = {}
    if connection.sql("SELECT count(*) FROM loose_links").fetchall()[0][0] > STALE * VOLUME / 2:
        relinked = dict(
            connection.sql("""
                SELECT volume, count(*) FROM sealed_claims
                JOIN (SELECT claim_id, max(known_at) AS latest FROM loose_links GROUP BY ALL) USING (claim_id)
                WHERE linked_at IS NULL OR linked_at < latest GROUP BY ALL
            """).fetchall()
        )
    return {
        name
        for name, volume in full.items()
        if late.get(name, 0) > STALE * volume.segments["documents"].rows or relinked.get(name, 0) > STALE * claims_of(volume)
    }


def _prepare(connection: duckdb.DuckDBPyConnection, ledger: Path, state: State, pieces: Sequence[Piece]) -> None:
    """Works out what the new volumes say of their rows ("absorbed", "holders") and what stands beside the volumes afterwards.

    A claim is told its link when all codings of its document go into new volumes: then every row of the claim says the same.
    """
    moved = {piece.name for piece in pieces if isinstance(piece, Volume)}
    _table(connection, "moved", "volume", sorted(moved))
    _view(connection, "moved_claims", "claims", [_source(ledger, "claims", pieces)])
    connection.execute("""
        CREATE TEMP TABLE places AS
        SELECT document_id, shard, known_until, volume IS NULL OR volume IN (SELECT volume FROM moved) AS is_moved FROM codings;

        CREATE TEMP TABLE shared AS
        SELECT document_id FROM places GROUP BY document_id HAVING bool_or(is_moved) AND NOT bool_and(is_moved);

        CREATE TEMP TABLE all_link_rows AS
        SELECT DISTINCT * FROM (
            SELECT * FROM loose_links
            UNION ALL
            SELECT claim_id, event_id, witness, chance, linker, linked_at, link_shard FROM sealed_claims
            WHERE linked_at IS NOT NULL
              AND (volume IN (SELECT volume FROM moved) OR document_id IN (SELECT document_id FROM shared))
        );

        CREATE TEMP TABLE absorbed AS
        SELECT * FROM all_link_rows
        WHERE claim_id IN (SELECT claim_id FROM moved_claims WHERE document_id NOT IN (SELECT document_id FROM shared))
        QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY known_at DESC, shard DESC) = 1;

        CREATE TEMP TABLE holders AS
        SELECT claim_id, arg_min(shard, row(known_at, shard)) AS shard FROM moved_claims
        WHERE document_id IN (SELECT document_id FROM intervals) GROUP BY claim_id;

        CREATE TEMP VIEW kept_links AS SELECT * FROM all_link_rows ANTI JOIN absorbed USING (claim_id, shard);

        CREATE TEMP VIEW kept_superseded AS
        SELECT document_id, shard, until FROM intervals JOIN places USING (document_id, shard)
        WHERE NOT is_moved AND known_until IS DISTINCT FROM until;
    """)


# ---------------------------------------------------------------- reading


@contextmanager
def _connect(ledger: Path, state: State) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with what is entered: "codings", when each is superseded ("intervals"), "loose_links" and "sealed_claims"."""
    with database() as connection:
        volumes = state.catalogue.volumes
        documents = [
            f"SELECT document_id, shard, known_at, is_failed, known_until, {_literal(volume.name)} AS volume"
            f" FROM {_parquet(ledger, [volume.segments['documents']])}"
            for volume in volumes
            if "documents" in volume.segments
        ]
        schema = sealed_schema("documents")
        connection.from_arrow(schema.empty_table()).create("no_codings")
        none = "SELECT document_id, shard, known_at, is_failed, known_until, NULL::VARCHAR AS volume FROM no_codings"
        loose = f"SELECT document_id, shard, known_at, is_failed FROM ({_source(ledger, 'documents', state.receipts)})"
        connection.execute(f"CREATE TEMP TABLE codings AS {' UNION ALL BY NAME '.join([none, *documents, loose])}")
        connection.execute("""
            CREATE TEMP TABLE intervals AS
            WITH several AS (
                SELECT * FROM codings
                SEMI JOIN (SELECT document_id FROM codings GROUP BY document_id HAVING count(*) > 1) USING (document_id)
            )
            SELECT one.document_id, one.shard, min(other.known_at) AS until
            FROM several AS one JOIN several AS other ON one.document_id = other.document_id AND (
                one.is_failed AND NOT other.is_failed
                OR one.is_failed = other.is_failed AND (other.known_at, other.shard) > (one.known_at, one.shard)
            )
            GROUP BY ALL
        """)
        links = [segment for receipt in state.receipts for table, segment in receipt.segments.items() if table == "links"]
        _view(
            connection,
            "loose_links",
            "links",
            [f"SELECT * FROM {_parquet(ledger, s)}" for s in (links, state.catalogue.links) if s],
        )
        claims = [
            f"SELECT *, {_literal(volume.name)} AS volume FROM {_parquet(ledger, [volume.segments['claims']])}"
            for volume in volumes
            if "claims" in volume.segments
        ]
        connection.from_arrow(sealed_schema("claims").empty_table()).create("no_claims")
        none = "SELECT *, NULL::VARCHAR AS volume FROM no_claims"
        connection.execute(f"CREATE TEMP VIEW sealed_claims AS {' UNION ALL BY NAME '.join([none, *claims])}")
        yield connection


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own for a compaction; what does not fit into memory lies in a folder that goes with it."""
    import duckdb

    with TemporaryDirectory(prefix="dateline-") as spill:
        config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": spill}
        config |= {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        with duckdb.connect(":memory:", config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            without_progress_bar(connection)
            for table in TABLES:  # so that a table without segments has its columns too
                connection.from_arrow(schema_of(table).empty_table()).create(f"nothing_{table}")
            yield connection


def _source(ledger: Path, table: str, pieces: Iterable[Piece]) -> str:
    """A query for the rows of these pieces, with the columns that the table has outside a volume."""
    by_layout: dict[int, list[Segment]] = {}
    for piece in pieces:
        if table in piece.segments:
            by_layout.setdefault(piece.version, []).append(piece.segments[table])
    parts = [f"SELECT * FROM {_parquet(ledger, segments)}" for _, segments in sorted(by_layout.items())]
    return " UNION ALL BY NAME ".join([f"SELECT * FROM nothing_{table}", *parts])


def _view(connection: duckdb.DuckDBPyConnection, name: str, table: str, parts: Sequence[str]) -> None:
    columns = ", ".join(f'"{column}"' for column in schema_of(table).names)
    whole = " UNION ALL BY NAME ".join([f"SELECT * FROM nothing_{table}", *parts])
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM ({whole})")


def _table(connection: duckdb.DuckDBPyConnection, name: str, column: str, values: Sequence[str]) -> None:
    import pyarrow as pa

    connection.from_arrow(pa.table({column: list(values)}, schema=pa.schema({column: pa.string()}))).create(name)


def _parquet(ledger: Path, segments: Sequence[Segment]) -> str:
    return f"read_parquet([{', '.join(_literal(str(ledger / segment.name)) for segment in segments)}])"


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _check(ledger: Path, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        for segment in piece.segments.values():
            path = ledger / segment.name
            try:
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as fault:
                raise DamagedLedgerError(f"{path}: missing ({fault}). Restore the file; nothing was compacted") from fault
            if found != segment.sha256:
                raise DamagedLedgerError(f"{path}: not what its receipt promises. Restore the file; nothing was compacted")


# ---------------------------------------------------------------- writing


def _pack(connection: duckdb.DuckDBPyConnection, ledger: Path, pieces: Sequence[Piece], made_at: datetime) -> Volume:
    """The pieces as one volume."""
    first = min(piece.first_known if isinstance(piece, Volume) else piece.known_at for piece in pieces)
    last = max(piece.last_known if isinstance(piece, Volume) else piece.known_at for piece in pieces)
    name = _name_of((_order(piece)[1] for piece in pieces), made_at)
    sources = {table: _source(ledger, table, pieces) for table in TABLES if table != "links"}
    volume = write_volume(connection, ledger, name, sources)
    for table in sources:
        promised = sum(piece.segments[table].rows for piece in pieces if table in piece.segments)
        there = volume.segments[table].rows if table in volume.segments else 0
        if promised != there:
            raise DamagedLedgerError(f"{ledger}: {promised} rows of {table} are promised, {there} are there. Nothing was compacted")
    match pieces:
        case [Volume() as old]:  # the same shards as before
            kept = {table: segment for table, segment in old.segments.items() if table in ("receipts", "coded")}
            shards = old.indexes["shards"]
        case _:
            kept, shards = write_receipts(ledger, name, _receipts(ledger, pieces))
    return replace(
        volume,
        first_known=first,
        last_known=last,
        segments={**volume.segments, **kept},
        indexes={**volume.indexes, "shards": shards},
    )


def _receipts(ledger: Path, pieces: Iterable[Piece]) -> Iterator[tuple[Receipt, str]]:
    for piece in pieces:
        if isinstance(piece, Volume):
            yield from sealed_receipts(ledger, piece)
        else:
            yield piece, hashlib.sha256(receipt_bytes(piece)).hexdigest()


def write_volume(connection: duckdb.DuckDBPyConnection, ledger: Path, name: str, sources: Mapping[str, str]) -> Volume:
    """The rows that the queries give, by table, as a volume without receipts.

    The database has what is to be said of them: "intervals", "absorbed" and "holders".
    """
    segments = {}
    for table, source in sources.items():
        columns = ", ".join(f'entered."{column}"' for column in schema_of(table).names)
        query = f"SELECT {columns} FROM ({source}) AS entered"
        if table in CODED:
            query = f"SELECT {columns}, until AS known_until FROM ({source}) AS entered LEFT JOIN intervals"
            query += " ON intervals.document_id = entered.document_id AND intervals.shard = entered.shard"
        if table == "claims":
            query = f"""
                SELECT {columns}, until AS known_until, absorbed.event_id, absorbed.witness, absorbed.chance, absorbed.linker,
                    absorbed.known_at AS linked_at, absorbed.shard AS link_shard,
                    absorbed.claim_id IS NOT NULL AND (holders.claim_id IS NULL OR holders.shard = entered.shard)
                        AND row_number() OVER (PARTITION BY entered.claim_id, entered.shard ORDER BY position) = 1 AS holds_link
                FROM ({source}) AS entered
                LEFT JOIN intervals ON intervals.document_id = entered.document_id AND intervals.shard = entered.shard
                LEFT JOIN absorbed ON absorbed.claim_id = entered.claim_id
                LEFT JOIN holders ON holders.claim_id = entered.claim_id
            """
        if segment := write_sealed(connection, ledger, table, query, name):
            segments[table] = segment
    indexes = {}
    for what, table, column in INDEXES:
        ids = _column(ledger, segments[table], column) if table in segments else _nothing()
        indexes[what] = write_index(ledger, name, what, ids)
    return with_sheets(ledger, Volume(name, "", "", segments, indexes))


def with_sheets(ledger: Path, volume: Volume) -> Volume:
    """The volume with its claims and documents written on sheets, as far as they were not."""
    indexes = dict(volume.indexes)
    for what, table in _lacks(volume):
        segment, unfinished = volume.segments[table], _unfinished(ledger, SHEETS_FOLDER)
        try:
            write_sheets(ledger / segment.name, unfinished)
            indexes[what] = _finished(ledger, unfinished, f"{volume.name}-{table}", segment.rows)
        finally:
            unfinished.unlink(missing_ok=True)
    return replace(volume, indexes=indexes)


def _lacks(volume: Volume) -> Iterator[tuple[str, str]]:
    """The sheets that the volume could have and has not, and their tables."""
    return ((what, table) for what, table in SHEETS.items() if table in volume.segments and what not in volume.indexes)


def write_receipts(ledger: Path, name: str, receipts: Iterable[tuple[Receipt, str]]) -> tuple[dict[str, Segment], Segment]:
    """The receipts, each with the SHA-256 of its file, as the tables of a volume, and the index of their shards."""
    import pyarrow.parquet as parquet

    sealed, coded = receipt_tables(receipts)
    tables: dict[str, pa.Table] = {"receipts": sealed, "coded": coded}
    segments: dict[str, Segment] = {}
    for table, rows in tables.items():
        if rows.num_rows or table == "receipts":
            unfinished = _unfinished(ledger, table)
            parquet.write_table(rows, unfinished, compression="zstd", row_group_size=ROW_GROUP)
            segments[table] = _finished(ledger, unfinished, name, rows.num_rows)
    return segments, write_index(ledger, name, "shards", tables["receipts"].column("shard"))


def write_sealed(connection: duckdb.DuckDBPyConnection, ledger: Path, table: str, query: str, name: str) -> Segment | None:
    """The rows of a query, sorted, as a segment of a volume; without rows: None.

    Not written by the database itself, whose pages are as large as a row group: to read one row, all of it would be unpacked.
    """
    import pyarrow.parquet as parquet

    unfinished, count = _unfinished(ledger, table), 0
    try:
        batches = connection.sql(f"SELECT * FROM ({query}) ORDER BY {ORDER[table]}").to_arrow_reader(ROW_GROUP)
        with parquet.ParquetWriter(unfinished, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch, row_group_size=ROW_GROUP)
                count += batch.num_rows
        return _finished(ledger, unfinished, name, count) if count else None
    finally:
        unfinished.unlink(missing_ok=True)


def write_index(ledger: Path, name: str, what: str, ids: pa.ChunkedArray) -> Segment:
    """The index of these ids, which stand in the order of their rows."""
    content = index_of(ids)
    digest = hashlib.sha256(content).hexdigest()
    file = f"index/{name}-{what}-{digest[:12]}.idx"
    write_file(ledger / file, content)
    return Segment(file, len(ids), digest)


def _unfinished(ledger: Path, table: str) -> Path:
    folder = ledger / table
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".{secrets.token_hex(8)}{TEMPORARY}"


def _finished(ledger: Path, unfinished: Path, name: str, rows: int) -> Segment:
    """Forces the file to disk and gives it the name that says what it holds, in the folder where it is."""
    with unfinished.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    folder = unfinished.parent
    final = f"{folder.name}/{name}-{digest[:12]}.{'arrow' if folder.name == SHEETS_FOLDER else 'parquet'}"
    unfinished.replace(ledger / final)
    sync_folder(folder)
    return Segment(final, rows, digest)


def _column(ledger: Path, segment: Segment, column: str) -> pa.ChunkedArray:
    import pyarrow.parquet as parquet

    return parquet.read_table(ledger / segment.name, columns=[column]).column(column)


def _nothing() -> pa.ChunkedArray:
    import pyarrow as pa

    return pa.chunked_array([], pa.string())


def _some(segment: Segment | None) -> tuple[Segment, ...]:
    return () if segment is None else (segment,)


def _name_of(parts: Iterable[str], made_at: datetime) -> str:
    return hashlib.sha256("\n".join([made_at.isoformat(), *parts]).encode()).hexdigest()[:24]


def _retired(ledger: Path, state: State, following: Catalogue) -> tuple[Retired, ...]:
    """The files that nothing needs any more from now on, and those of earlier that are still there."""
    before = {retired.name: retired for retired in state.catalogue.retired if (ledger / retired.name).exists()}
    loose = {segment.name for receipt in state.receipts for segment in receipt.segments.values()}
    names = (loose | {segment.name for segment in state.catalogue.files()}) - {segment.name for segment in following.files()}
    return (*before.values(), *(Retired(name, following.made_at) for name in sorted(names - before.keys())))
