"""Where a row stands in a large segment, by the beginning of an id: sorted keys beside row numbers, searched on disk.

A file is n keys (uint64) and then n row numbers (uint32), all little end first. A key is the first eight bytes of the id's UTF-8
read as a number, so that keys sort as ids do; ids that share one are told apart by whoever reads the rows. A search touches a few
pages of the file, however large the ledger is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

KEY = 8
"""Bytes of an id that are its key: of random hexadecimal ids one in four thousand millions shares them."""

_ENTRY = KEY + 4

Keys = NDArray[np.uint64]


def keys_of(ids: pa.ChunkedArray) -> Keys:
    """The key of each id; a shorter id is filled up with zeros."""
    import pyarrow as pa
    import pyarrow.compute as compute

    padded = compute.binary_join_element_wise(ids.cast(pa.binary()), b"\0" * KEY, b"")
    cut = compute.binary_slice(padded, 0, KEY).combine_chunks().cast(pa.binary(KEY))
    if len(cut) == 0:
        return np.zeros(0, dtype=np.uint64)
    data = np.frombuffer(cut.buffers()[1], dtype=np.uint8)[cut.offset * KEY : (cut.offset + len(cut)) * KEY]
    return data.view(">u8").astype(np.uint64)


def index_of(ids: pa.ChunkedArray) -> bytes:
    """The file of these ids, each with its place; a null is left out."""
    keys, rows = keys_of(ids.fill_null("")), np.arange(len(ids), dtype=np.uint32)
    if ids.null_count:
        is_there = np.asarray(ids.is_valid())
        keys, rows = keys[is_there], rows[is_there]
    order = np.argsort(keys, kind="stable")
    return keys[order].astype("<u8").tobytes() + rows[order].astype("<u4").tobytes()


@dataclass(frozen=True, eq=False)
class Index:
    """An index on disk: the keys, ascending, and the row of each."""

    keys: Keys
    rows: NDArray[np.uint32]


def open_index(path: Path) -> Index:
    """Maps the file. Raises OSError when there is none."""
    count = path.stat().st_size // _ENTRY
    if not count:
        return Index(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32))
    # A view of the plain class: each slice of a memmap is one again, which takes longer than to search it.
    content = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
    return Index(content[: count * KEY].view("<u8"), content[count * KEY :].view("<u4"))


def find_rows(index: Index, beginnings: Sequence[str]) -> NDArray[np.int64]:
    """The rows whose ids may begin like one of these, in ascending order; none: an empty array."""
    keys, rows = index.keys, index.rows
    begun = [beginning.encode("utf-8")[:KEY] for beginning in beginnings]
    first = np.searchsorted(keys, _numbers(one.ljust(KEY, b"\0") for one in begun), "left")
    last = np.searchsorted(keys, _numbers(one.ljust(KEY, b"\xff") for one in begun), "right")
    found = [rows[start:end] for start, end in zip(first.tolist(), last.tolist(), strict=True) if start < end]
    return np.unique(np.concatenate(found)).astype(np.int64) if found else np.zeros(0, dtype=np.int64)


def _numbers(keys: Iterable[bytes]) -> Keys:
    return np.frombuffer(b"".join(keys), dtype=">u8").astype(np.uint64)


def may_have(path: Path, keys: Keys) -> NDArray[np.bool_]:
    """For each key whether some id of the file has it."""
    there = open_index(path).keys
    if not len(there):
        return np.zeros(len(keys), dtype=bool)
    places = np.minimum(np.searchsorted(there, keys), len(there) - 1)
    found: NDArray[np.bool_] = there[places] == keys
    return found
