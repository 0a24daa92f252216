"""GDELT's tables: the addresses they list."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dateline.ingest.gdelt import Address, read_addresses
from dateline.knowledge.reading import AddressTable, load_reading_tables
from dateline.records import Problem
from tests.ingest.making import zipped

TABLES = load_reading_tables().address_tables
A, B = "https://bugle.example/strike?a=1&b=ü", "http://herald.example/x"


def row(table: AddressTable, address: str, only: str | None = None) -> str:
    fields = [""] * table.columns
    fields[table.address], fields[table.seen] = address, "20200818121500"
    if table.publisher is not None:
        fields[table.publisher] = "bugle.example"
    if table.only:
        fields[table.only[0]] = only or table.only[1]
    return "\t".join(fields) + "\n"


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_it_lists_the_addresses_of_each_table_once_zipped_or_not(table: AddressTable, tmp_path: Path) -> None:
    data = (row(table, A) + row(table, A) + row(table, B)).encode()
    for name, packed in [("a.CSV", data), ("a.csv.gz", gzip.compress(data)), ("a.CSV.zip", zipped(("a.CSV", data)))]:
        (tmp_path / name).write_bytes(packed)
        first, second = read_addresses([str(tmp_path / name)])
        place = f"{tmp_path / name}{'!a.CSV' if name.endswith('zip') else ''}:1"
        publisher = "bugle.example" if table.publisher is not None else None
        assert first == Address(A, publisher, datetime(2020, 8, 18, 12, 15, tzinfo=UTC), place)
        assert isinstance(second, Address)
        assert second.address == B


def test_several_addresses_of_one_row_are_told_apart(tmp_path: Path) -> None:
    table = next(t for t in TABLES if t.several)
    (tmp_path / "a").write_text(row(table, f"{A}{table.several}{B}"))
    assert [a.address for a in read_addresses([str(tmp_path / "a")]) if isinstance(a, Address)] == [A, B]


def test_what_is_no_page_of_the_web_is_counted_and_a_bad_row_is_told_of(tmp_path: Path) -> None:
    table = next(t for t in TABLES if t.name == "mentions")
    rows = [
        row(table, "BBC Monitoring", "2"),
        "short\trow\n",
        row(table, "javascript:alert(1)"),
        row(table, "http://[bad"),
        row(table, A),
        "a" * 1_500_000 + "\n",
        row(table, B),
    ]
    (tmp_path / "a").write_text("".join(rows))
    found = list(read_addresses([str(tmp_path / "a"), str(tmp_path / "none")]))
    assert [f.address if isinstance(f, Address) else f.reason for f in found] == [
        "bad line",
        A,
        "too large",
        B,
        "passed over",
        "missing",
    ]
    assert isinstance(found[4], Problem)
    assert found[4].message.endswith("3 rows hold no report and were passed over: 2 without an address, 1 not of the web")


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text,date\nMiners struck.,2020-08-18\n")
    (problem,) = read_addresses([str(tmp_path / "a")])
    assert isinstance(problem, Problem)
    assert "61 (events 2.0)" in problem.message
