"""The stage that every engine runs: a batch of reports in, a batch of their codings out (docs/decisions/0043-engines.md).

A batch is an Arrow table, the one form that Ray Data, Spark and others hand about without copying. What a report gives depends on
the report and the coder alone, so it makes no difference how reports were cut into batches, in which order batches came back, or
which machine did them: each row carries its place in the run, and whoever commits them puts them in order.

    REPORTS   position, name, raw, and what was said about the report (docs/scale.md)
    CODINGS   position, report (its name), coding (the written form of a Coding: docs/record.md)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from dateline.records import Coding, Report
from dateline.runs.local import TIME_LIMIT, LoadCoder, Pool, written
from dateline.serial import from_json

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 16
"""Reports in a batch: some seconds' work, so that handing it over costs nothing beside it and no core waits long for the last."""

FACTS = tuple(field.name for field in fields(Report) if field.name not in ("name", "raw", "published"))
"""What was said about a report, in text; `fetched` in ISO 8601 with the offset it was given in."""


def reports_schema() -> pa.Schema:
    """The columns of a batch of reports. Only position, name and raw must be there; the others may be null."""
    import pyarrow as pa

    must = [pa.field("position", pa.int64(), False), pa.field("name", pa.string(), False), pa.field("raw", pa.binary(), False)]
    return pa.schema([*must, *(pa.field(fact, pa.string()) for fact in FACTS), pa.field("published", pa.date32())])


def codings_schema() -> pa.Schema:
    """The columns of a batch of codings."""
    import pyarrow as pa

    columns = {"position": pa.int64(), "report": pa.string(), "coding": pa.string()}
    return pa.schema([pa.field(name, kind, False) for name, kind in columns.items()])


def batch_of(numbered: Sequence[tuple[int, Report]]) -> pa.Table:
    """Reports, each with its place in the run, as a batch."""
    import pyarrow as pa

    rows = [
        {
            "position": position,
            **{name: getattr(report, name) for name in ("name", "raw", "published", *FACTS)},
            "fetched": report.fetched.isoformat() if report.fetched else None,
        }
        for position, report in numbered
    ]
    return pa.Table.from_pylist(rows, schema=reports_schema())


def reports_of(batch: pa.Table) -> Iterator[tuple[int, Report]]:
    """What `batch_of` was given. Columns that the batch lacks are as if null, those that no report has are passed over."""
    known = {field.name for field in fields(Report)}
    for row in batch.to_pylist():
        said: dict[str, Any] = {name: value for name, value in row.items() if name in known}
        fetched = said.get("fetched")
        yield row["position"], Report(**{**said, "fetched": datetime.fromisoformat(fetched) if fetched else None})


def codings_of(batch: pa.Table) -> Iterator[tuple[int, Coding]]:
    """The codings of a batch, each with its report's place in the run."""
    for position, record in zip(batch.column("position").to_pylist(), batch.column("coding").to_pylist(), strict=True):
        yield position, from_json(Coding, record)


class Coders:
    """The stage with its coder warm: a batch of reports in, the batch of their codings out, a row for every row, in order.

    The coder lives in a process of its own, as in a local run, so that a report that takes longer than `time_limit` seconds, or
    takes its process down, costs only itself and not the engine's worker. It is started with the first batch. Hand this class to
    Ray Data's `map_batches`, or call an instance from Spark's `mapInArrow`.
    """

    def __init__(self, load: LoadCoder, time_limit: float = TIME_LIMIT) -> None:
        self._pool = Pool(load, time_limit)

    def __call__(self, batch: pa.Table) -> pa.Table:
        import pyarrow as pa

        numbered = list(reports_of(batch))
        rows = [
            {"position": position, "report": coding.report, "coding": written(coding)[1]}
            for (position, _), (_, coding) in zip(numbered, self._pool.code(iter([report for _, report in numbered])), strict=True)
        ]
        return pa.Table.from_pylist(rows, schema=codings_schema())

    def close(self) -> None:
        """Ends the process; the next batch would start another."""
        self._pool.stop()

    def __enter__(self) -> Coders:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
