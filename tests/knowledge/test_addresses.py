"""Which addresses are no publisher's, by the examples that stand in the table."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from dateline.fetching.addresses import canonical_address
from dateline.fetching.faults import FetchError
from dateline.knowledge.addresses import load_address_tables
from dateline.knowledge.tables import read_yaml

ROWS: dict[str, Any] = read_yaml("network/addresses.yaml")
TABLES = load_address_tables()


@pytest.mark.parametrize("row", ROWS["special"], ids=lambda row: str(row["range"]))
def test_an_example_of_a_range_is_refused_for_what_it_is(row: dict[str, Any]) -> None:
    assert row["examples"]
    for example in row["examples"]:
        assert TABLES.refusal(str(example)) == row["what"]


@pytest.mark.parametrize("row", ROWS["translated"], ids=lambda row: str(row["range"]))
def test_an_address_inside_another_is_the_one_that_counts(row: dict[str, Any]) -> None:
    for example, inner in row["examples"].items():
        assert TABLES.meant(ip_address(example)) == ip_address(inner)
        assert TABLES.refusal(example) == TABLES.refusal(inner)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"])
def test_an_ordinary_address_is_not_refused(address: str) -> None:
    assert TABLES.refusal(address) is None


@pytest.mark.parametrize("example", ROWS["tracking"]["examples"], ids=lambda example: str(example["given"]))
def test_an_address_has_one_form(example: dict[str, str]) -> None:
    assert canonical_address(example["given"], TABLES) == example["canonical"]
    assert canonical_address(example["canonical"], TABLES) == example["canonical"]


def test_a_relative_address_is_read_where_it_stands() -> None:
    assert canonical_address("../b?utm_source=x", TABLES, "https://example.org/news/a/") == "https://example.org/news/b"
    with pytest.raises(FetchError):
        canonical_address("javascript:alert(1)", TABLES, "https://example.org/")
