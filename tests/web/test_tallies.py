"""How many, over the events of a board: the page's numbers are those of the documented rule, and each leads to its words."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.store import open_ledger
from dateline.linking.tallies import Counted, tally_group
from dateline.records import LinkedEvent
from dateline.runs.board import FIGURE_PART, FIGURE_RUNNING, Board
from dateline.runs.events import read_events
from dateline.watching.happenings import brief_of
from dateline.web.site import Site
from dateline.web.tallying import GROUPINGS, NO_DAY_TOLD, PERIODS, days_of, finest, grouped, kinds_of, period_of
from tests.web.ledgers import samples_at

KNOWLEDGE = load_accounts()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(open_ledger(samples_at(tmp_path_factory.mktemp("tallied") / "ledger"), create=False))


def all_rows(board: Board) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(len(board), dtype=np.int64)


def events_of(site: Site) -> dict[str, LinkedEvent]:
    return {event.id: event for event in read_events(site.ledger, KNOWLEDGE, people=site.judged()).events}


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_group_comes_to_what_the_rule_makes_of_its_events(site: Site, by: str) -> None:
    board, events = site.board(), events_of(site)
    for what in kinds_of(board, all_rows(board), KNOWLEDGE):
        for group in grouped(board, all_rows(board), what, by, KNOWLEDGE):
            counted = []
            for row in group.events.tolist():
                event = events[board.id_of(row)]
                brief = brief_of(event)
                counted.append(Counted(event.id, brief.first, brief.last, event.accounts.tally(what)))
            expected = tally_group(what, counted, KNOWLEDGE)
            if expected is None:
                assert group.total is None
            else:
                assert group.total is not None
                assert (group.total.low, group.total.high) == (expected.low, expected.high), (what, by, group.key)


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_event_is_in_one_group(site: Site, by: str) -> None:
    board = site.board()
    figures = {
        row for row in range(len(board)) if any(f.what == "detained" and not f.flags & FIGURE_PART for f in board.figures_of(row))
    }
    groups = grouped(board, all_rows(board), "detained", by, KNOWLEDGE)
    counted = [row for group in groups for row in (*group.events.tolist(), *group.running.tolist())]
    assert sorted(counted) == sorted(figures)
    assert sum(group.without for group in groups) == len(board) - len(figures)


def test_running_totals_are_added_to_nothing(site: Site) -> None:
    board = site.board()
    running = [
        row
        for row in range(len(board))
        if any(f.what == "detained" and f.flags & FIGURE_RUNNING and not f.flags & FIGURE_PART for f in board.figures_of(row))
    ]
    assert running, "a sample report tells a total so far"
    groups = grouped(board, all_rows(board), "detained", "year", KNOWLEDGE)
    assert [row for group in groups for row in group.running.tolist()] == running
    assert not {row for group in groups for row in group.events.tolist()}.intersection(running)


def test_days_without_events_are_there(site: Site) -> None:
    keys = [group.key for group in grouped(site.board(), all_rows(site.board()), "detained", "day", KNOWLEDGE)]
    days = [date.fromisoformat(key) for key in keys if key != NO_DAY_TOLD]
    assert [(b - a).days for a, b in itertools.pairwise(days)] == [1] * (len(days) - 1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(PERIODS))
def test_a_period_holds_the_days_that_are_in_it(day: date, by: str) -> None:
    first, last = days_of(period_of(day, by), by)
    assert first <= day <= last
    assert period_of(first, by) == period_of(last, by) == period_of(day, by)


def test_a_fortnight_is_shown_by_day(site: Site) -> None:
    assert finest(site.board(), all_rows(site.board())) == "day"


# ---------------------------------------------------------------- the page


def test_the_page_says_bounds_and_what_they_leave_out(client: TestClient) -> None:
    page = client.get("/tallies?what=detained").text
    assert "or more</b> detained" in page
    assert "which may hide any number" in page
    assert "running total" in page


def test_a_number_leads_to_its_words(client: TestClient) -> None:
    page = client.get("/tallies?what=detained&by=day").text
    address = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/tallies/quotes") and "08-12" in part)
    quotes = client.get(address.replace("&amp;", "&")).text
    assert "<blockquote><q" in quotes
    assert "on the word of" in quotes
    assert "/documents/" in quotes


def test_a_quote_leads_to_where_its_words_begin_in_the_document_of_that_moment(client: TestClient) -> None:
    quotes = client.get("/tallies/quotes?what=detained&by=day&group=2020-08-12&as_of=2100-01-01").text
    address, anchor = quotes.split("/documents/")[1].split('"')[0].split("#")
    assert "as_of=2100-01-01" in address
    assert f'id="{anchor}"' in client.get(f"/documents/{address}").text


def test_a_page_that_is_no_number_is_the_first(client: TestClient) -> None:
    for page in ("²", "-1", "x", "99"):
        assert (
            client.get("/tallies/quotes", params={"what": "detained", "by": "year", "group": "2020", "page": page}).status_code
            == 200
        )


def test_filters_are_kept_on_the_way(client: TestClient) -> None:
    page = client.get("/tallies?what=detained&country=BLR&since=2020-08-15").text
    assert "country=BLR&amp;since=2020-08-15&amp;what=detained" in page


def test_events_without_any_figure_say_so(client: TestClient) -> None:
    assert "has a figure that can be put together" in client.get("/tallies?since=1990-01-01&until=1990-01-02").text


def test_a_group_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/tallies/quotes?what=detained&by=day&group=1999-01-01").status_code == 404


def test_the_table_comes_as_data(client: TestClient) -> None:
    data = client.get("/tallies.json?what=detained&by=day").json()
    [group] = [g for g in data["groups"] if g["group"] == "2020-08-12"]
    assert group["low"] <= group["high"]
    lines = client.get("/tallies.csv?what=detained&by=day").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("group,low,high,events")
    assert len(lines) == len(data["groups"]) + 1
