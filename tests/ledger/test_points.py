"""What is read of single things, past the views, is what the views say of them: at any moment, sealed or not, judged or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dateline.ledger.derived import LinkRow
from dateline.ledger.errors import NotFoundError
from dateline.ledger.store import Filters, Ledger, open_ledger
from dateline.serial import to_json
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, failure_of, report_of
from tests.ledger.test_as_of import HOUR, grow

HOURS = 10
COMPACTED = NOON + timedelta(days=30)
NEWEST = replace(CODER, program="dateline 0.3.0")


def grow_on(ledger: Ledger, hour: int) -> None:
    """After the hours of `grow`: two reports of the strike, links across documents, a coding that fails, another link."""
    at = NOON + hour * HOUR
    others = [report_of(f"strike {number}.txt", STRIKE + f" It is day {number}.") for number in range(2)]
    match hour:
        case 6:
            ledger.add([coding_of(report) for report in others], others, coder=CODER, known_at=at)
        case 7:
            strikes = sorted(row.claim_id for row in ledger.find(type="PROTEST"))
            links = [LinkRow(claim, strikes[0], claim, 0.9, "linker-2") for claim in strikes]
            ledger.add_rows("links", links, by="linker-2", known_at=at)
        case 8:
            ledger.add([coding_of(others[0], NEWEST), failure_of(others[1])], others, coder=NEWEST, known_at=at)
        case 9:
            last = max(row.claim_id for row in ledger.find(type="PROTEST"))
            ledger.add_rows("links", [LinkRow(last, last, last, 0.2, "linker-3")], by="linker-3", known_at=at)
        case _:
            grow(ledger, hour)


@pytest.fixture(scope="module", params=[(), (9,), (0, 2, 6), (1, 4, 7, 8)], ids=str)
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger that was compacted after these hours, read by somebody who did not write it."""
    ledger = open_ledger(tmp_path_factory.mktemp("points") / "l")
    for hour in range(HOURS):
        grow_on(ledger, hour)
        if hour in request.param:
            ledger.compact(made_at=COMPACTED + hour * HOUR)
    return open_ledger(ledger.path)


MOMENTS = [None, *(NOON + hour * HOUR + HOUR / 2 for hour in (-1, 0, 3, 6, 7, 8))]


def judgements(ledger: Ledger) -> list[dict[str, str]]:
    """None; one claim that stands alone and one that joins another's event; everything in one."""
    claims = sorted({row.claim_id for row in ledger.find()})
    return [{}, {claims[-1]: claims[-1], claims[1]: claims[0]}, dict.fromkeys(claims, claims[2])]


@pytest.mark.parametrize("as_of", MOMENTS)
def test_a_claim_and_its_document_are_those_of_the_views(ledger: Ledger, as_of: datetime | None) -> None:
    for row in ledger.find(as_of=as_of):
        shown = ledger.show(row.claim_id, as_of=as_of)
        assert shown.row == row
        (text,) = ledger.sql("SELECT text FROM documents WHERE document_id = $1", [row.document_id], as_of=as_of).rows
        assert (shown.document.text,) == text
    shown_then = {row.claim_id for row in ledger.find(as_of=as_of)}
    for (claim,) in ledger.sql("SELECT DISTINCT claim_id FROM all_claims").rows:
        if claim not in shown_then:
            with pytest.raises(NotFoundError):
                ledger.show(claim, as_of=as_of)


@pytest.mark.parametrize("as_of", MOMENTS)
def test_a_coding_is_that_of_the_views(ledger: Ledger, as_of: datetime | None) -> None:
    for row in ledger.documents(as_of=as_of):
        coding = ledger.coding(row.document_id, as_of=as_of)
        assert coding.report == row.report
        for table, records in (("claims", coding.claims), ("quotations", coding.quotations), ("problems", coding.problems)):
            said = ledger.sql(
                f"SELECT record FROM {table} WHERE document_id = $1 ORDER BY position", [row.document_id], as_of=as_of
            )
            assert [to_json(record) for record in records] == [record for (record,) in said.rows], table


@pytest.mark.parametrize("as_of", MOMENTS)
def test_an_event_is_that_of_the_views(ledger: Ledger, as_of: datetime | None) -> None:
    for judged in judgements(ledger):
        told = ledger.tellings(judged=judged, as_of=as_of)
        events = {row.event_id for row in told}
        claims = {row.record: row.claim_id for row in ledger.find(as_of=as_of)}
        for row in told:
            assert ledger.event_of(claims[row.record], judged=judged, as_of=as_of) == row.event_id
        for event in {*events, *claims.values()}:
            found = ledger.event_claims(event, judged=judged, as_of=as_of)
            assert [row.record for row in found] == [row.record for row in told if row.event_id == event]


def test_what_changes_between_two_moments_shows(ledger: Ledger) -> None:
    """Else the comparisons above would compare nothing."""
    claims = [row.claim_id for row in ledger.find()]
    then = [len({ledger.event_of(claim, as_of=NOON + hour * HOUR) for claim in claims[-3:]}) for hour in (6, 7, 9)]
    assert len(set(then)) > 1
    assert {row.program for row in ledger.find()} == {"dateline 0.1.0", "dateline 0.2.0", "dateline 0.3.0"}


@pytest.mark.parametrize("as_of", [None, NOON + 7 * HOUR])
def test_events_that_are_found_are_those_of_all_events(
    ledger: Ledger, as_of: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once by the claims that fit and the indexes, once by putting all events together first."""
    sought: list[Filters] = [{"place": "hrodna"}, {"status": "planned"}, {"until": date(2020, 8, 1)}]
    for judged in judgements(ledger)[:2]:
        found = [ledger.find_events(judged=judged, as_of=as_of, **filters) for filters in sought]
        with monkeypatch.context() as patch:
            patch.setattr("dateline.ledger.store.MANY", 0)
            assert found == [ledger.find_events(judged=judged, as_of=as_of, **filters) for filters in sought]


@pytest.mark.parametrize("as_of", MOMENTS)
def test_the_first_claims_that_are_found_are_the_first_of_all_that_are(ledger: Ledger, as_of: datetime | None) -> None:
    """A few are read one by one, all of them by the view."""
    sought: list[Filters] = [{}, {"actor": "worker"}, {"until": date(2020, 8, 1)}, {"actor": "nobody of that name"}]
    for filters in sought:
        found = ledger.find(as_of=as_of, **filters)
        for limit in (0, 1, 3, len(found)):
            assert ledger.find(limit=limit, as_of=as_of, **filters) == found[:limit]
