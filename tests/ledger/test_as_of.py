"""What was known on a day: a reading of a moment is not changed by anything that is entered afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dateline.ledger.derived import LinkRow, ReprintRow
from dateline.ledger.errors import NotFoundError
from dateline.ledger.store import Ledger, open_ledger
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, failure_of, report_of

HOUR = timedelta(hours=1)
NEWER = replace(CODER, program="dateline 0.2.0")


def grow(ledger: Ledger, hour: int) -> None:
    """The hour's entry: a report, one that fails, links, a newer coding, other links, a report that failed coded after all."""
    at, strike, flood = NOON + hour * HOUR, report_of("strike.txt", STRIKE), report_of("flood.txt", FLOOD)
    match hour:
        case 0:
            ledger.add([coding_of(strike)], [strike], coder=CODER, known_at=at)
        case 1:
            ledger.add([failure_of(flood)], [flood], coder=CODER, known_at=at)
        case 2 | 4:
            claims = [row.claim_id for row in ledger.find()]
            first = claims[0] if hour == 2 else claims[-1]
            ledger.add_rows("links", [LinkRow(c, first, first, 0.5, "linker-1") for c in claims], by="linker-1", known_at=at)
            (document, *_) = ledger.documents()
            ledger.add_rows("reprints", [ReprintRow(document.document_id, "g", hour == 4)], by="reprints-1", known_at=at)
        case 3:
            ledger.add([coding_of(strike, NEWER)], [strike], coder=NEWER, known_at=at)
        case 5:
            ledger.add([coding_of(flood)], [flood], coder=CODER, known_at=at)


READINGS: list[Callable[[Ledger, datetime], object]] = [
    lambda ledger, at: ledger.find(as_of=at),
    lambda ledger, at: ledger.find_events(as_of=at),
    lambda ledger, at: ledger.documents(as_of=at),
    lambda ledger, at: ledger.summary(as_of=at),
    lambda ledger, at: ledger.named_actors(as_of=at),
    lambda ledger, at: ledger.claims_of({("Viasna", None)}, as_of=at),
    lambda ledger, at: ledger.receipts(as_of=at),
    lambda ledger, at: ledger.claim_columns(as_of=at).to_pylist(),
    lambda ledger, at: [batch.to_pylist() for batch in ledger.document_columns(as_of=at)],
    lambda ledger, at: [ledger.derived_columns(table, as_of=at).to_pylist() for table in ("links", "reprints", "sketches")],
    lambda ledger, at: [ledger.coding(row.document_id, as_of=at) for row in ledger.documents(as_of=at)],
    lambda ledger, at: [ledger.show(row.claim_id, as_of=at) for row in ledger.find(as_of=at)],
    lambda ledger, at: [ledger.event_of(row.claim_id, as_of=at) for row in ledger.find(as_of=at)],
    lambda ledger, at: [ledger.event_claims(row.event_id, as_of=at) for row in ledger.find_events(as_of=at)],
    lambda ledger, at: ledger.sql("SELECT count(*) FROM all_problems UNION ALL SELECT count(*) FROM problems", as_of=at),
]


def test_every_reading_of_a_moment_stays_what_it_was(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    then: list[list[object]] = []
    for hour in range(6):
        grow(ledger, hour)
        moment = NOON + hour * HOUR
        then.append([reading(ledger, moment) for reading in READINGS])
    for hour, readings in enumerate(then):
        moment = NOON + hour * HOUR + HOUR / 2
        assert readings == [reading(ledger, moment) for reading in READINGS], f"the reading of hour {hour} changed"
    for earlier, later in pairwise(then):
        assert earlier != later


def test_a_claim_of_later_is_not_found(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    grow(ledger, 0)
    claim = ledger.find()[0].claim_id
    before = NOON - HOUR
    assert ledger.find(as_of=before) == []
    with pytest.raises(NotFoundError):
        ledger.show(claim, as_of=before)
    with pytest.raises(NotFoundError):
        ledger.event_of(claim, as_of=before)


def test_a_moment_needs_a_time_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        open_ledger(tmp_path / "l").find(as_of=datetime(2020, 8, 18))
