"""The database that a snapshot asks is set up wherever it runs."""

from __future__ import annotations

from typing import Any, cast

import duckdb
import pytest

from dateline.ledger.snapshot import without_progress_bar


class InANotebook:
    """A connection as it is in Jupyter without ipywidgets: there is no bar, and to turn it off is refused."""

    def __init__(self, is_shown: bool) -> None:
        self.is_shown = is_shown
        self.asked: list[str] = []

    def execute(self, query: str) -> Any:
        self.asked.append(query)
        return self

    def fetchall(self) -> list[tuple[bool]]:
        return [(self.is_shown,)]


@pytest.mark.parametrize("is_shown", [True, False])
def test_it_turns_a_progress_bar_off_where_there_is_one_alone(is_shown: bool) -> None:
    connection = InANotebook(is_shown)
    without_progress_bar(cast(duckdb.DuckDBPyConnection, connection))
    assert any(query.startswith("SET") for query in connection.asked) is is_shown


def test_it_leaves_no_progress_bar_in_a_real_database() -> None:
    with duckdb.connect(":memory:") as connection:
        without_progress_bar(connection)
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
