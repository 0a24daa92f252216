"""The data dictionary has every column that is written, with a sentence, and no other."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dateline.ledger.rows import EventRow
from dateline.web.lists import ABOUT
from dateline.web.sharing.tables import COLUMNS
from tools.dictionary import dictionary, kept_records, ledger_columns, listed, missing
from tools.site import PRINTS, printed

ROOT = Path(__file__).resolve().parents[1]


def test_it_says_what_stands_in_every_column_of_the_ledger() -> None:
    assert missing() == []


def test_it_has_the_columns_of_the_table_in_order() -> None:
    assert list(listed()["csv"]) == [*COLUMNS, "detained_low", "detained_high", "exported", ABOUT]


def test_it_has_the_columns_of_events_as_a_query_gives_them() -> None:
    assert list(listed()["events"]) == [field.name for field in fields(EventRow)]


def test_it_says_something_in_every_row() -> None:
    assert [(table, name) for table, columns in listed().items() for name, says in columns.items() if not says.strip()] == []


def test_it_shows_types_as_people_read_them() -> None:
    types = {name: kind for name, kind, _ in ledger_columns("claims")}
    assert types["first_day"] == "date, may be null"
    assert types["known_at"] == "moment, UTC"
    assert types["actor_names"] == "list of string"
    assert types["counts"] == "list of counts"


def test_it_prints_every_record_that_is_written_with_what_it_says_of_itself() -> None:
    text, kept = dictionary(), {kind.__name__ for kind in kept_records()}
    assert {"Claim", "EventMention", "Span", "LinkedEvent", "Judgement", "StatusValue"} <= kept
    assert [name for name in kept if f"### {name}\n" not in text] == []
    assert "| `evidence` | `Span` |" in text


@pytest.mark.parametrize("what", sorted(PRINTS))
def test_what_a_page_asks_to_be_printed_is_there_and_not_empty(what: str) -> None:
    assert len(printed(what)) > 500


def test_a_page_asks_for_everything_that_can_be_printed() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [what for what in PRINTS if f"<!-- printed: {what} -->" not in pages] == []
