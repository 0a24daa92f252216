"""Links, reprints and sketches: what is worked out from codings is entered by run, and the latest row of a key holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dateline.ledger.derived import LinkRow, ReprintRow, SketchRow
from dateline.ledger.store import Ledger, open_ledger
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Two papers that tell of the strike, each with three claims: c0, c1 and c2 with the document's id behind."""
    ledger = open_ledger(tmp_path / "l")
    reports = [report_of("one.txt", STRIKE), report_of("two.txt", STRIKE + " So it was said.")]
    ledger.add([coding_of(r) for r in reports], reports, coder=CODER, known_at=NOON)
    return ledger


def strikes(ledger: Ledger) -> tuple[str, str]:
    first, second = (row.claim_id for row in ledger.find(mode="strike", status="asserted"))
    return first, second


def link(claim: str, event: str, witness: str | None = None, chance: float = 0.9) -> LinkRow:
    return LinkRow(claim, event, witness or claim, chance, "linker-1")


def test_a_row_that_is_entered_can_be_read(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    assert ledger.add_rows("links", [link(one, one), link(two, one)], by="linker-1", known_at=NOON) == 2
    held = ledger.derived_columns("links").to_pylist()
    assert [(row["claim_id"], row["event_id"], row["known_at"]) for row in held] == sorted([(one, one, NOON), (two, one, NOON)])


def test_the_same_rows_again_write_nothing(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    ledger.add_rows("links", [link(one, one), link(two, one)], by="linker-1", known_at=NOON)
    receipts = ledger.receipts()
    assert ledger.add_rows("links", [link(two, one), link(one, one)], by="linker-1", known_at=LATER) == 0
    assert open_ledger(ledger.path).receipts() == receipts


def test_only_rows_that_changed_are_entered_and_the_latest_holds(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    ledger.add_rows("links", [link(one, one), link(two, one)], by="linker-1", known_at=NOON)
    assert ledger.add_rows("links", [link(one, one), link(two, two)], by="linker-2", known_at=LATER) == 1
    assert {row["claim_id"]: row["event_id"] for row in ledger.derived_columns("links").to_pylist()} == {one: one, two: two}
    assert ledger.sql("SELECT count(*) FROM all_links").rows == ((3,),), "the older row is kept"


def test_two_rows_for_one_claim_in_one_run_are_refused(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    with pytest.raises(ValueError, match=one):
        ledger.add_rows("links", [link(one, one), link(one, two)], by="linker-1", known_at=NOON)
    assert ledger.derived_columns("links").num_rows == 0


def test_reprints_and_sketches_are_kept_in_the_same_way(ledger: Ledger) -> None:
    one, two = (row.document_id for row in ledger.documents())
    group = [ReprintRow(one, one, False), ReprintRow(two, one, False)]
    sketch = SketchRow(one, "s1", date(2020, 8, 18), b"\x00\xff", b"", b"")
    assert ledger.add_rows("reprints", group, by="reprints-1", known_at=NOON) == 2
    assert ledger.add_rows("sketches", [sketch, replace(sketch, version="s2")], by="s1", known_at=NOON) == 2
    assert ledger.add_rows("sketches", [sketch], by="s1", known_at=LATER) == 0
    (first, _) = ledger.derived_columns("sketches").to_pylist()
    assert (first["runs"], first["day"]) == (b"\x00\xff", date(2020, 8, 18))


def test_claims_of_two_papers_that_are_linked_are_one_event(ledger: Ledger) -> None:
    assert len(ledger.find_events()) == 4, "unlinked, each paper's tellings are events of their own"
    one, two = strikes(ledger)
    ledger.add_rows("links", [link(one, one), link(two, one)], by="linker-1", known_at=NOON)
    (strike,) = ledger.find_events(place="Minsk")
    assert strike.event_id == one
    assert {one, two} <= set(strike.claims)
    assert (strike.type, strike.first_day, strike.place_name) == ("PROTEST", date(2020, 8, 17), "Minsk")
    assert (strike.document_count, strike.witness_count) == (2, 2)
    assert ledger.event_of(two) == one
    assert {row.claim_id for row in ledger.event_claims(one)} == set(strike.claims)


def test_a_reprint_is_no_second_witness(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    again = [row.claim_id for row in ledger.find(status="planned")]
    rows = [link(claim, one, witness=one) for claim in (one, two, *again)]
    ledger.add_rows("links", rows, by="linker-1", known_at=NOON)
    (strike,) = ledger.find_events(place="Minsk")
    assert (strike.document_count, strike.witness_count, len(strike.claims)) == (2, 1, 4)


def test_what_people_judged_goes_before_what_was_linked(ledger: Ledger) -> None:
    one, two = strikes(ledger)
    ledger.add_rows("links", [link(one, one), link(two, one)], by="linker-1", known_at=NOON)
    assert ledger.event_of(two, judged={two: two}) == two
    assert len(ledger.find_events(place="Minsk", judged={two: two})) == 2


def test_columns_for_linking_are_those_asked_for_in_the_order_of_entry(ledger: Ledger) -> None:
    report = report_of("late.txt", STRIKE + " And more.")
    ledger.add([coding_of(report)], [report], coder=CODER, known_at=LATER)
    columns = ledger.claim_columns(["claim_id", "known_at"])
    assert columns.column_names == ["claim_id", "known_at"]
    assert [row["known_at"] for row in columns.to_pylist()] == [NOON] * 6 + [LATER] * 3
    assert ledger.claim_columns(["claim_id"], since=NOON).num_rows == 3
    assert "record" not in ledger.claim_columns().column_names
    with pytest.raises(ValueError, match="no column nonsense"):
        ledger.claim_columns(["nonsense"])


def test_texts_come_in_batches(ledger: Ledger) -> None:
    batches = list(ledger.document_columns(["document_id", "text"], batch=1))
    texts = [row["text"] for batch in batches for row in batch.to_pylist()]
    assert sorted(texts) == sorted([STRIKE, STRIKE + " So it was said."])
    assert list(ledger.document_columns(since=NOON)) == []
