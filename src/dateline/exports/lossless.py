"""The two lossless forms: events in full as JSON lines, which read back as equal records, and a typed table in Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from itertools import islice
from typing import TYPE_CHECKING, Any

from dateline.exports.brief import COLUMNS_OF_THEIR_OWN, Brief, bounds_columns, brief
from dateline.exports.telling import Asked, Told
from dateline.ledger.store import Entered
from dateline.records import EventInFull, Source
from dateline.serial import to_json
from dateline.views.wording import load_wording

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 10_000
"""Rows of a group of the Parquet file: what is in memory at once."""

NEVER_EMPTY = frozenset({"id", "headline", "type", "status", "stands", "documents", "witnesses", "claims", "first_reported"})

METADATA = b"dateline"
"""The key under which a Parquet file has what it says of itself."""


def json_lines(asked: Asked) -> Iterator[str]:
    """One event a line, as `serial.from_json(EventInFull, line)` reads it; its schema: `dateline schema --events`."""
    wording = load_wording()
    for told in asked.told():
        yield to_json(in_full(told, brief(told, wording), has_texts=asked.options.has_whole_texts)) + "\n"


def in_full(told: Told, row: Brief, *, has_texts: bool = False) -> EventInFull:
    """The event with its documents, their texts only if asked for."""
    order = dict.fromkeys(t.claim.document for t in told.event.tellings)
    sources = tuple(_source(told.sources[id], has_texts) for id in order if id in told.sources)
    return EventInFull(
        told.event.id, row.headline, told.marks, told.review, told.address, told.event, sources, tuple(told.judgements)
    )


def _source(entered: Entered, has_text: bool) -> Source:
    document = entered.document
    return Source(
        id=document.id,
        name=document.name,
        raw_sha256=document.raw_sha256,
        title=document.title,
        byline=document.byline,
        publisher=document.publisher,
        published=document.published.day if document.published else None,
        address=document.address,
        agencies=document.agencies,
        fetched=entered.fetched,
        known_at=entered.known_at,
        text=document.text if has_text else None,
    )


# ---------------------------------------------------------------- the table


def parquet(asked: Asked) -> Iterator[bytes]:
    """The table of arrow_schema in Parquet, a piece a group of rows."""
    import pyarrow.parquet as pq

    schema = arrow_schema(asked.about)
    sink = _Pieces()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for table in arrow_tables(asked, schema):
            writer.write_table(table)
            yield sink.taken()
    yield sink.taken()


def arrow_tables(asked: Asked, schema: pa.Schema) -> Iterator[pa.Table]:
    """The events as tables of that schema, ROWS at a time; no event: one table without rows."""
    import pyarrow as pa

    wording = load_wording()
    rows = (arrow_row(brief(told, wording)) for told in asked.told())
    some = list(islice(rows, ROWS))
    yield pa.Table.from_pylist(some, schema=schema)
    while some := list(islice(rows, ROWS)):
        yield pa.Table.from_pylist(some, schema=schema)


def arrow_row(row: Brief) -> dict[str, Any]:
    """The row as the table has it: bounds in columns of their own, lists of parties and figures."""
    return {**asdict(row), **bounds_columns(row)}


def arrow_schema(about: Mapping[str, Any]) -> pa.Schema:
    """The columns with their types, and what the table says of itself (JSON) under METADATA."""
    import pyarrow as pa

    texts = pa.list_(pa.string())
    party = pa.struct(
        [("name", pa.string()), ("country", pa.string()), ("sector", pa.string()), ("id", pa.string()), ("is_group", pa.bool_())]
    )
    told, number, truth = pa.string(), pa.float64(), pa.bool_()
    members = {"what": told, "side": told, "low": number, "high": number, "best": number, "named": number, "verdict": told}
    figure = pa.struct(list({**members, "is_running": truth}.items()))
    types: dict[str, pa.DataType] = {
        "first_day": pa.date32(), "last_day": pa.date32(), "first_reported": pa.date32(), "last_reported": pa.date32(),
        "known_since": pa.timestamp("us", tz="UTC"), "changed": pa.timestamp("us", tz="UTC"),
        "is_day_assumed": pa.bool_(), "stands": pa.bool_(),
        "latitude": pa.float64(), "longitude": pa.float64(), "geonames": pa.int64(),
        "documents": pa.int32(), "witnesses": pa.int32(), "claims": pa.int32(), "confidence": pa.float64(),
        "actors": pa.list_(party), "recipients": pa.list_(party), "figures": pa.list_(figure),
        "contexts": texts, "publishers": texts, "urls": texts, "tellers": texts, "disputed": texts, "marks": texts, "review": texts,
    }  # fmt: skip
    columns = {name: types.get(name, pa.string()) for name in column_names()}
    columns |= {name: pa.float64() for name in bounds_names()}
    said = json.dumps(dict(about), ensure_ascii=False).encode("utf-8", "replace")
    listed = [pa.field(name, type, nullable=name not in NEVER_EMPTY) for name, type in columns.items()]
    return pa.schema(listed, metadata={METADATA: said})


def bounds_names() -> tuple[str, ...]:
    """The columns of the figures that have some of their own."""
    return tuple(f"{what}_{side}" for what in COLUMNS_OF_THEIR_OWN for side in ("low", "high"))


def column_names() -> tuple[str, ...]:
    """All columns in order: the fields of a Brief, with the bounds before `figures`."""
    names = [field.name for field in fields(Brief)]
    place = names.index("figures")
    return (*names[:place], *bounds_names(), *names[place:])


class _Pieces(io.RawIOBase):
    """A sink from which what was written can be taken away while more is written."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        held = bytes(data)
        self._held.append(held)
        self._written += len(held)
        return len(held)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        held, self._held = self._held, []
        return b"".join(held)


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """The text as bytes; what UTF-8 cannot hold is replaced."""
    return (piece.encode("utf-8", "replace") for piece in pieces)
