"""How protests were met, from the reports' own words: what is told, what silence may hide, and how many for each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dateline.analysis.response import ResponseTable, responses_of, rows_of
from dateline.knowledge.accounts import load_accounts
from dateline.linking.accounts import accounts_of
from dateline.records import LinkedEvent, Testimony
from tests.coding import code_text

DAY = date(2024, 5, 15)
MET = "Thousands marched in Minsk on Tuesday. Police detained 40 protesters."
SILENT = "Farmers rallied in Pune on Monday."


def events(*texts: str) -> dict[str, LinkedEvent]:
    """Each claim of the texts as an event by itself."""
    knowledge, found = load_accounts(), {}
    for text in texts:
        coding = code_text(text, DAY)
        assert coding.document is not None
        for claim in coding.claims:
            words = coding.document.text
            told = Testimony(
                claim, claim.event.trigger.of(words), claim.event.evidence.of(words), "The Paper", DAY,
                datetime(2024, 5, 15, tzinfo=UTC), claim.document,
            )  # fmt: skip
            found[claim.id] = LinkedEvent(accounts_of(claim.id, [told], knowledge), (told,))
    return found


@pytest.fixture(scope="module")
def table() -> ResponseTable:
    known = events(MET, SILENT)
    protests = [e for e in known.values() if e.tellings[0].claim.event.type == "PROTEST"]
    assert len(protests) == 2
    of = {id: id for id in known}
    return responses_of(protests, known, of, lambda id: "W20", load_accounts(), by="week")


def test_a_share_goes_from_what_is_told_to_what_silence_may_hide(table: ResponseTable) -> None:
    force = table.all.force
    assert (table.all.protests, table.all.silent, force.protests) == (2, 1, 1)
    assert (force.low, force.high, force.share) == (0.5, 1.0, 1.0)
    assert table.all.arrests.protests == 1


def test_the_detained_are_those_of_the_arrests_that_are_told(table: ResponseTable) -> None:
    assert (table.all.figure_low, table.all.figure_high, table.all.each_low) == (40, 40, 20)
    assert [row["group"] for row in rows_of(table)] == ["W20"]


def test_a_part_of_a_figure_is_no_figure_of_the_event() -> None:
    known = events("Thousands marched in Minsk on Tuesday. Police detained 40 of the marchers.")
    protests = [e for e in known.values() if e.tellings[0].claim.event.type == "PROTEST"]
    counts = [c for e in known.values() for c in e.tellings[0].claim.event.counts if c.what == "detained"]
    assert counts[0].is_part  # of the marchers, who are counted as thousands
    found = responses_of(protests, known, {id: id for id in known}, str, load_accounts(), by="week").all
    assert (found.figure_low, found.without) == (None, 1)


def test_no_protest_has_no_share() -> None:
    empty = responses_of([], {}, {}, str, load_accounts(), by="week")
    assert empty.groups == ()
    assert (empty.all.force.low, empty.all.force.high, empty.all.force.share) == (0.0, 1.0, None)
