"""Values of corrections: the one form they are kept in, how a reading is written beside them, and an event with them put in."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.ledger.corrections import Codes, checked, gist, reading, with_corrections
from dateline.ledger.rows import Entry, claim_row, columns_of, rows_of
from dateline.records import Exactness, How, Judge, Judgement, JudgementKind, StatusValue
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

REPORT = report_of("strike.txt", STRIKE)
CODING = coding_of(REPORT)
ROWS = [
    claim_row(columns_of(row)) for row in rows_of(Entry(REPORT, CODING, "0" * 64, CODER, NOON, "shard"))["claims"]
]  # fmt: skip
STRIKES, ARRESTS, _ = (claim.event for claim in CODING.claims)
CODES = Codes(
    {"PROTEST": frozenset({"strike", "demo"}), "COERCE": frozenset({"arrest"})},
    frozenset({"health", "elections"}), frozenset({"BLR", "POL"}), frozenset({"killed", "detained"}),
)  # fmt: skip


def correction(field: str, value: str) -> Judgement:
    return Judgement("3.1", JudgementKind.CORRECTED, Judge("Ada"), NOON, (("c",),), field=field, value=value)


@pytest.mark.parametrize(
    ("field", "said", "kept"),
    [
        ("type", "coerce", "COERCE"),
        ("mode", "Demo", "demo"),
        ("mode", "none", ""),
        ("contexts", "Health;elections", "health; elections"),
        ("status", "PLANNED", "planned"),
        ("country", "pol", "POL"),
        ("place", "  Novy   Dvor ", "Novy Dvor"),
        ("actors", "Ann Roe;Ben Doe ;", "Ann Roe; Ben Doe"),
        ("day", "2020-08-17..2020-08-17", "2020-08-17"),
        ("day", "2020-08-17 .. 2020-08-19", "2020-08-17..2020-08-19"),
        ("day", "..2020-08-19", "..2020-08-19"),
        ("counts.killed", "1,200", "1200"),
        ("counts.killed", "2..3", "2..3"),
        ("counts.killed", "40..", "40.."),
        ("counts.killed", "NONE", ""),
    ],
)
def test_a_value_is_kept_in_one_form(field: str, said: str, kept: str) -> None:
    assert checked(field, said, CODES, type="PROTEST") == kept
    if kept:
        assert checked(field, kept, CODES, type="PROTEST") == kept


def test_a_reading_is_written_as_a_correction_would_be() -> None:
    strike, arrests, again = ROWS
    assert [reading(strike, field) for field in ("type", "mode", "day", "place", "recipients")] == [
        "PROTEST", "strike", "2020-08-17", "Minsk", "",
    ]  # fmt: skip
    assert (reading(arrests, "counts.detained"), reading(arrests, "day")) == ("40..", "2020-08-09..")
    assert reading(again, "day") == ""
    assert gist(arrests) == "COERCE · arrest · asserted · 2020-08-09.. · Hrodna · detained 40.."


def test_a_figure_takes_the_place_of_the_one_that_was_read_at_its_words() -> None:
    (count,) = with_corrections(ARRESTS, [correction("counts.detained", "52")]).counts
    assert (count.low, count.high, count.exactness) == (52, 52, Exactness.EXACT)
    assert count.span == ARRESTS.counts[0].span
    assert (count.origin.how, count.origin.by) == (How.GIVEN, "judgement 3.1")


@pytest.mark.parametrize(
    ("value", "low", "high", "exactness"),
    [("0..3", 0, 3, Exactness.RANGE), ("5..", 5, None, Exactness.AT_LEAST), ("..5", None, 5, Exactness.AT_MOST)],
)
def test_open_bounds_stay_open(value: str, low: float | None, high: float | None, exactness: Exactness) -> None:
    (count,) = with_corrections(ARRESTS, [correction("counts.detained", value)]).counts
    assert (count.low, count.high, count.exactness) == (low, high, exactness)


def test_a_figure_that_was_not_read_stands_at_the_trigger_and_one_that_is_none_goes() -> None:
    (count,) = with_corrections(STRIKES, [correction("counts.killed", "2")]).counts
    assert (count.what, count.span) == ("killed", STRIKES.trigger)
    assert with_corrections(ARRESTS, [correction("counts.detained", "")]).counts == ()


def test_a_place_corrected_by_name_does_not_keep_the_point_of_another() -> None:
    place = with_corrections(STRIKES, [correction("place", "Hrodna")]).place
    assert place is not None
    assert (place.place.name, place.place.country, place.place.point, place.place.geonames) == ("Hrodna", "BLR", None, None)


def test_every_other_field_is_put_in_and_the_rest_stays() -> None:
    said = {
        "type": "COERCE", "mode": "arrest", "status": "denied", "contexts": "health", "country": "POL",
        "day": "..2020-08-19", "actors": "workers of the tractor plant; Ann Roe", "recipients": "",
    }  # fmt: skip
    event = with_corrections(STRIKES, [correction(field, value) for field, value in said.items()])
    assert (event.type, event.mode, event.status.value, event.contexts) == ("COERCE", "arrest", StatusValue.DENIED, ("health",))
    assert event.time is not None
    assert (event.time.first, event.time.last) == (None, date(2020, 8, 19))
    assert event.place is not None
    assert (event.place.place.name, event.place.place.country) == ("Minsk", "POL")
    assert [p.actor.name for p in event.actors] == ["workers of the tractor plant", "Ann Roe"]
    assert event.actors[0] == STRIKES.actors[0], "whom the report names is kept with the words"
    assert event.recipients == ()
    assert (event.trigger, event.evidence, event.attribution) == (STRIKES.trigger, STRIKES.evidence, STRIKES.attribution)


def test_nothing_corrected_is_the_event_itself() -> None:
    assert with_corrections(STRIKES, []) is STRIKES
