"""Rows of other coders as claims: what each says in our terms, where its words stand, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from dateline.coders.claims import PassedOver, coder_of, day_of, read_table
from dateline.coders.rows import NoTableError
from dateline.knowledge.coders import load_scheme
from dateline.records import Claim, Document, Intensity, PlaceKind, Precision, Problem, Span
from tests.coders.tables import ACLED, CLASH, STRIKE, UCDP, WALKOUT, gdelt, table


def read(raw: bytes, name: str) -> list[Any]:
    scheme = load_scheme(name)
    return list(read_table(raw, f"{name}.csv", scheme, coder_of(scheme, f"{name}-1")))


def only(raw: bytes, name: str) -> tuple[Document, Claim]:
    ((_, coding),) = read(raw, name)
    assert coding.document is not None
    return coding.document, coding.claims[0]


def acled(row: Mapping[str, object]) -> bytes:
    return table(ACLED, row)


def spans_in(value: Any) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from spans_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from spans_in(one)


def test_a_row_of_acled_says_what_where_when_and_who() -> None:
    document, claim = only(acled(STRIKE), "acled")
    event = claim.event
    assert (event.type, event.mode) == ("PROTEST", None)
    assert event.response is not None
    assert event.response.intensity is Intensity.NO_INTERVENTION
    assert [(p.actor.name, p.actor.country, p.actor.sector) for p in event.actors] == [
        ("Protesters (Belarus)", "BLR", "CVL"), ("Labor Group (Belarus)", "BLR", "LAB"),
    ]  # fmt: skip
    assert event.place is not None
    place = event.place.place
    assert (place.name, place.kind, place.country, place.point) == ("Minsk", PlaceKind.CITY, "BLR", (53.9006, 27.559))
    assert event.time is not None
    assert (event.time.first, event.time.last) == (date(2020, 8, 17), date(2020, 8, 17))
    assert document.publisher == "Grey Neva Bulletin"
    assert event.evidence.of(document.text).startswith("Peaceful protest: On 17 August 2020, workers")


@pytest.mark.parametrize(
    ("raw", "name"),
    [(acled(STRIKE), "acled"), (table(UCDP, CLASH), "ucdp"), (gdelt(WALKOUT), "gdelt")],
    ids=["acled", "ucdp", "gdelt"],
)
def test_every_value_points_at_words_of_the_row(raw: bytes, name: str) -> None:
    document, claim = only(raw, name)
    event = claim.event
    assert all(span.end <= len(document.text) for span in spans_in(claim))
    assert event.evidence.contains(event.trigger)
    assert event.place is not None
    assert event.place.span is not None
    assert event.place.place.name in event.place.span.of(document.text)
    assert all(party.span is not None and party.span.of(document.text) for party in (*event.actors, *event.recipients))
    assert event.time is not None
    assert event.time.span is not None


def test_letters_beyond_ascii_lead_back_to_their_bytes() -> None:
    document, claim = only(acled({**STRIKE, "location": "Łódź"}), "acled")
    assert claim.event.place is not None
    assert claim.event.place.span is not None
    at = document.offsets.to_bytes(claim.event.place.span)
    assert at is not None
    assert document.text.encode()[slice(*at)].decode() == "Łódź"


@pytest.mark.parametrize(
    ("code", "first", "last", "precision"),
    [
        ("1", date(2020, 8, 17), date(2020, 8, 17), Precision.DAY),
        ("2", date(2020, 8, 14), date(2020, 8, 20), Precision.WEEK),
        ("3", date(2020, 8, 1), date(2020, 8, 31), Precision.MONTH),
    ],
)
def test_a_day_is_as_fine_as_acled_says_that_it_knows(code: str, first: date, last: date, precision: Precision) -> None:
    _, claim = only(acled({**STRIKE, "time_precision": code}), "acled")
    assert claim.event.time is not None
    assert (claim.event.time.first, claim.event.time.last, claim.event.time.precision) == (first, last, precision)


def test_a_place_known_to_the_province_is_the_province() -> None:
    _, claim = only(acled({**STRIKE, "geo_precision": 3}), "acled")
    assert claim.event.place is not None
    assert (claim.event.place.place.name, claim.event.place.place.kind) == ("Minsk City", PlaceKind.ADMIN1)


def test_fatalities_are_exactly_that() -> None:
    _, claim = only(acled({**STRIKE, "fatalities": 4}), "acled")
    assert [(c.what, c.low, c.high) for c in claim.event.counts if c.what == "killed"] == [("killed", 4, 4)]


@pytest.mark.parametrize(
    ("row", "words", "low", "high"),
    [
        ({"tags": "crowd size=about 200"}, "about 200", 180, 220),
        ({"tags": "women targeted; crowd size=at least 1,000; counter-demonstration"}, "at least 1,000", 1000, None),
        ({"tags": "crowd size=hundreds"}, "hundreds", 200, 999),
        ({"tags": "", "notes": "Farmers rallied. [size=between 20 and 30]"}, "between 20 and 30", 20, 30),
        ({"tags": "crowd size=no report", "notes": "Farmers rallied."}, None, None, None),
        ({"tags": "", "notes": "Farmers rallied on 5 roads."}, None, None, None),
    ],
)
def test_the_size_of_a_crowd_has_the_bounds_of_its_words(
    row: Mapping[str, object], words: str | None, low: float | None, high: float | None
) -> None:
    document, claim = only(acled({**STRIKE, "notes": "Farmers rallied.", **row, "fatalities": ""}), "acled")
    told = [(count.span.of(document.text), count.low, count.high) for count in claim.event.counts]
    assert told == ([(words, low, high)] if words else [])


def test_the_dead_of_ucdp_have_its_low_and_high_as_bounds() -> None:
    document, claim = only(table(UCDP, CLASH), "ucdp")
    event = claim.event
    assert [(c.what, c.low, c.high) for c in event.counts] == [("killed", 3, 9)]
    assert [(p.actor.name, p.actor.country, p.actor.sector) for p in event.actors] == [("Government of Yemen", "YEM", "MIL")]
    assert [(p.actor.name, p.actor.sector) for p in event.recipients] == [("Example Front", "REB")]
    assert event.time is not None
    assert (event.time.first, event.time.last) == (date(2020, 8, 10), date(2020, 8, 11))
    assert document.published is not None
    assert document.published.day == date(2020, 8, 12)


def test_newer_and_older_names_of_columns_are_the_same_columns() -> None:
    newer = [{"best": "best_est", "low": "low_est", "high": "high_est"}.get(c, c) for c in UCDP]
    row = {{"best": "best_est", "low": "low_est", "high": "high_est"}.get(k, k): v for k, v in CLASH.items()}
    _, claim = only(table([*reversed(newer), "gwnoa", "priogrid_gid"], row), "ucdp")
    assert [(c.low, c.high) for c in claim.event.counts] == [(3, 9)]
    older = ["data_id", "iso3", *(c for c in ACLED if c != "disorder_type")]
    ((_, coding),) = read(table(older, {**STRIKE, "event_date": "17 August 2020"}, delimiter=";"), "acled")
    assert coding.claims[0].event.time.first == date(2020, 8, 17)


def test_a_row_of_gdelt_is_written_out_and_its_fips_code_is_a_country() -> None:
    document, claim = only(gdelt(WALKOUT), "gdelt")
    event = claim.event
    assert (event.type, event.mode) == ("PROTEST", "strike")
    assert (
        event.evidence.of(document.text)
        == "Conduct strike or boycott: WORKER – BELARUS; Minsk, Minskaya Voblasts', Belarus; 2020-08-17"
    )
    assert event.place is not None
    assert (event.place.place.name, event.place.place.admin1, event.place.place.country) == ("Minsk", "Minskaya Voblasts'", "BLR")
    assert [p.actor.sector for p in (*event.actors, *event.recipients)] == ["LAB", "GOV"]
    assert (document.publisher, document.published and document.published.day) == ("news.example.org", date(2020, 8, 18))


def test_what_plover_does_not_count_is_passed_over_by_name() -> None:
    (row,) = read(gdelt({**WALKOUT, "EventCode": "010"}), "gdelt")
    assert isinstance(row, PassedOver)
    assert row.name == "Make public statement"


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        ({"event_date": "17.8."}, "bad date", "event_date '17.8.' is no day"),
        ({"sub_event_type": "Dancing"}, "unknown code", "Protests / Dancing"),
        ({"fatalities": "some"}, "bad figure", "'some' is no number"),
        ({"event_id_cnty": ""}, "bad row", "has no event_id_cnty"),
    ],
)
def test_a_row_that_gives_no_claim_is_a_problem_of_its_line(change: Mapping[str, object], reason: str, words: str) -> None:
    found = read(table(ACLED, {**STRIKE, **change}, {**STRIKE, "event_id_cnty": "XYZ2"}), "acled")
    assert isinstance(found[0], Problem)
    assert (found[0].reason, found[0].report) == (reason, "acled.csv:2")
    assert words in found[0].message
    assert isinstance(found[1], tuple)


def test_a_row_with_other_columns_than_the_head_is_a_problem_and_the_next_go_on() -> None:
    raw = acled(STRIKE).decode().splitlines()
    found = read("\n".join([raw[0], "a,b,c", raw[1]]).encode(), "acled")
    assert [type(one) for one in found] == [Problem, tuple]
    assert isinstance(found[0], Problem)
    assert "has 3 columns, where the head has 31" in found[0].message


@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", gdelt(WALKOUT)[:40]], ids=["empty", "other", "short"])
def test_a_file_that_is_no_such_table_is_told_as_a_whole(raw: bytes) -> None:
    with pytest.raises(NoTableError):
        read(raw, "acled" if b"\t" not in raw else "gdelt")


def test_dates_of_all_releases_are_days() -> None:
    told = ["2020-08-17", "20200817", "17 August 2020", "17-Aug-2020", "2020-08-17T00:00:00Z", "8/17/2020 12:00:00 AM"]
    assert {day_of(one) for one in told} == {date(2020, 8, 17)}
    assert day_of("soon") is None
