"""The rows of a large segment once more, a hundred on a sheet, for who wants one row and no column of it.

Parquet is for questions about many rows: to show one, each of its sixty columns is unpacked for thousands of others. A file of
sheets is an Arrow file of small batches, each packed by itself; it is mapped, and a row costs the unpacking of its sheet alone. It
can be made from its segment at any time, and nothing is in it that the segment has not. Why there is a second copy, and what it
costs: docs/decisions/0034-sheets.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "sheets"

SHEET = 128
"""Rows of a sheet. On real records 64 take a fifth more room than 128; one row is read in a millisecond from either."""

LEFT_OUT = frozenset(("witness", "chance", "linker", "holds_link"))
"""Columns of a sealed claim that nobody asks for one at a time."""

AT_ONCE = 128 * SHEET
"""Rows that are unpacked at once while sheets are written."""


def write_sheets(segment: Path, sheets: Path) -> None:
    """Writes the rows of a Parquet segment as sheets, in the same order."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(segment) as rows:
        schema = pa.schema([column for column in rows.schema_arrow if column.name not in LEFT_OUT])
        options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
        with pa.OSFile(str(sheets), "wb") as sink, pa.ipc.new_file(sink, schema, options=options) as file:
            for sheet in _sheets_of(rows.iter_batches(AT_ONCE, columns=schema.names, use_threads=False)):
                file.write_batch(sheet)


def _sheets_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows in full sheets, the last one aside: a row's number says which sheet it is on. Batches end where row groups do."""
    import pyarrow as pa

    rest: list[pa.RecordBatch] = []
    for batch in batches:
        (whole,) = pa.Table.from_batches([*rest, batch]).combine_chunks().to_batches()
        full = whole.num_rows - whole.num_rows % SHEET
        yield from (whole.slice(start, SHEET) for start in range(0, full, SHEET))
        rest = [whole.slice(full)] if full < whole.num_rows else []
    yield from rest


class Sheets:
    """An open file of sheets. Raises OSError when there is none."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self._mapped = pa.memory_map(str(path))
        self._whole = pa.ipc.open_file(self._mapped)
        self._some: dict[tuple[str, ...], pa.RecordBatchFileReader] = {(): self._whole}
        """Readers that unpack some columns only."""

    def rows(self, numbers: Collection[int], columns: tuple[str, ...] = ()) -> dict[int, dict[str, Any]]:
        """The rows of these numbers, by number: these columns of them, or all. Raises IndexError for a row that there is not."""
        sheets = self._reader(columns)
        found: dict[int, dict[str, Any]] = {}
        open_at, sheet = -1, None
        for number in sorted(numbers):
            if number // SHEET != open_at:
                open_at = number // SHEET
                sheet = sheets.get_batch(open_at) if open_at < sheets.num_record_batches else None
            if sheet is None or number % SHEET >= sheet.num_rows:
                raise IndexError(f"no row {number}")
            found[number] = sheet.slice(number % SHEET, 1).to_pylist()[0]
        return found

    def _reader(self, columns: tuple[str, ...]) -> pa.RecordBatchFileReader:
        import pyarrow as pa

        if columns not in self._some:
            schema = self._whole.schema
            options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(column) for column in columns])
            self._some[columns] = pa.ipc.open_file(self._mapped, options=options)
        return self._some[columns]
