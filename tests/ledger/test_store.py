"""What is put into a ledger and what can be had out of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dateline.ledger.errors import (
    AmbiguousIdError,
    DamagedLedgerError,
    NewerLedgerError,
    NotALedgerError,
    NotFoundError,
    QueryError,
)
from dateline.ledger.store import AddResult, Ledger, open_ledger
from dateline.records import Coder, Report
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, failure_of, report_of


def add(ledger: Ledger, *reports: Report, coder: Coder = CODER, known_at: datetime = NOON) -> AddResult:
    return ledger.add([coding_of(report, coder) for report in reports], reports, coder=coder, known_at=known_at)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger with the strike report in it, in a folder whose name would upset a glob or a quoted string."""
    ledger = open_ledger(tmp_path / "it's [a] led*ger")
    add(ledger, report_of("strike.txt", STRIKE))
    return ledger


def files_of(ledger: Ledger) -> dict[str, bytes]:
    return {str(path.relative_to(ledger.path)): path.read_bytes() for path in ledger.path.rglob("*") if path.is_file()}


# ---------------------------------------------------------------- adding


def test_it_gives_back_the_coding_as_it_was_handed_in(ledger: Ledger) -> None:
    coding = coding_of(report_of("strike.txt", STRIKE))
    assert coding.document is not None
    assert ledger.coding(coding.document.id) == coding
    assert ledger.document(coding.document.id) == coding.document


def test_it_says_what_it_added(tmp_path: Path) -> None:
    result = add(open_ledger(tmp_path / "l"), report_of("strike.txt", STRIKE), report_of("flood.txt", FLOOD))
    assert result.shard is not None
    assert (result.documents, result.claims, result.quotations, result.problems) == (2, 3, 1, 1)
    assert (result.skipped, result.failed) == ((), ())


def test_it_adds_the_same_report_once(ledger: Ledger) -> None:
    before = files_of(ledger)
    result = add(ledger, report_of("strike.txt", STRIKE), known_at=NOON + timedelta(days=1))
    assert result == AddResult(skipped=("strike.txt",))
    assert files_of(ledger) == before


def test_it_adds_a_report_once_that_stands_twice_in_one_shard(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    result = add(ledger, report_of("strike.txt", STRIKE), report_of("strike.txt", STRIKE))
    assert (result.documents, result.skipped) == (1, ("strike.txt",))
    assert len(ledger.find()) == 3


def test_a_second_process_sees_what_the_first_added_without_being_told(ledger: Ledger) -> None:
    other = open_ledger(ledger.path)
    report = report_of("flood.txt", FLOOD)
    add(other, report)
    assert add(ledger, report).skipped == ("flood.txt",)
    assert [row.report for row in ledger.documents()] == [row.report for row in other.documents()]


def test_it_writes_the_same_bytes_for_the_same_codings_and_moment(tmp_path: Path) -> None:
    first, second = open_ledger(tmp_path / "a"), open_ledger(tmp_path / "b")
    for ledger in (first, second):
        add(ledger, report_of("strike.txt", STRIKE), report_of("flood.txt", FLOOD))
    assert files_of(first) == files_of(second)


def test_a_newer_coder_shows_its_claims_in_place_of_the_older_ones(ledger: Ledger) -> None:
    newer = Coder("dateline 0.2.0", "reader-2", "k2")
    add(ledger, report_of("strike.txt", STRIKE), coder=newer, known_at=NOON + timedelta(days=1))
    assert {row.program for row in ledger.find()} == {"dateline 0.2.0"}
    assert len(ledger.find()) == 3
    assert ledger.sql("SELECT count(*) FROM all_claims").rows == ((6,),), "the older claims are kept"


def test_a_day_of_publication_given_later_codes_the_report_again(ledger: Ledger) -> None:
    told = report_of("strike.txt", STRIKE, published=date(2020, 8, 19))
    assert not ledger.is_coded(told, CODER)
    add(ledger, told, known_at=NOON + timedelta(hours=1))
    assert [row.published for row in ledger.documents()] == [date(2020, 8, 19)]


def test_the_same_bytes_under_another_name_are_the_same_report(ledger: Ledger) -> None:
    assert add(ledger, report_of("copy of strike.txt", STRIKE)).skipped == ("copy of strike.txt",)


def test_the_hour_of_fetching_does_not_make_a_report_another_one(ledger: Ledger) -> None:
    assert ledger.is_coded(replace(report_of("strike.txt", STRIKE), fetched=NOON), CODER)


def test_it_keeps_the_bytes_of_every_report_even_of_one_that_failed(ledger: Ledger) -> None:
    unreadable = Report("scan.pdf", b"%PDF \xff")
    ledger.add([failure_of(unreadable)], [unreadable], coder=CODER, known_at=NOON)
    (digest,) = [row[0] for row in ledger.sql("SELECT raw_sha256 FROM problems WHERE is_fatal").rows]
    assert ledger.raw(digest) == unreadable.raw


def test_a_failed_report_is_tried_again_and_told_of_again_but_written_once(ledger: Ledger) -> None:
    unreadable = report_of("flood.txt", FLOOD)
    for day in range(3):
        result = ledger.add([failure_of(unreadable)], [unreadable], coder=CODER, known_at=NOON + timedelta(days=day))
        assert [problem.reason for problem in result.failed] == ["not-text"]
        assert not ledger.is_coded(unreadable, CODER)
    assert ledger.sql("SELECT count(*) FROM all_problems WHERE is_fatal").rows == ((1,),)
    assert ledger.summary().failed == 1
    add(ledger, unreadable, known_at=NOON + timedelta(days=4))
    assert ledger.summary().failed == 0, "it is coded now"


def test_a_failure_of_a_newer_coder_does_not_hide_what_an_older_one_read(ledger: Ledger) -> None:
    report = report_of("strike.txt", STRIKE)
    good = coding_of(report)
    bad = replace(good, claims=(), quotations=(), problems=failure_of(report).problems)
    ledger.add([bad], [report], coder=replace(CODER, program="dateline 0.2.0"), known_at=NOON + timedelta(days=1))
    assert len(ledger.find()) == 3


def test_it_refuses_a_moment_without_a_time_zone(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="time zone"):
        add(ledger, report_of("flood.txt", FLOOD), known_at=datetime(2020, 8, 18))


def test_it_refuses_a_coding_of_another_report(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"flood\.txt"):
        ledger.add([coding_of(report_of("strike.txt", STRIKE))], [report_of("flood.txt", FLOOD)], coder=CODER, known_at=NOON)


def test_many_writers_and_readers_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "l"

    def write(worker: int) -> None:
        ledger = open_ledger(path)
        for number in range(4):
            add(ledger, report_of(f"{worker}-{number}.txt", f"{STRIKE} ({worker}-{number})"), report_of("shared.txt", STRIKE))
            assert len(ledger.find()) % 3 == 0

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    ledger = open_ledger(path)
    assert len(ledger.documents()) == 17
    assert len({row.claim_id for row in ledger.find()}) == len(ledger.find()) == 51


def test_it_opens_a_ledger_that_another_process_makes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "l"
    looked = Path.exists

    def made_after_the_first_look(path: Path) -> bool:
        found = looked(path)
        if not found and path.name == "ledger.json":
            monkeypatch.undo()
            add(open_ledger(folder), report_of("other.txt", STRIKE))
        return found

    monkeypatch.setattr(Path, "exists", made_after_the_first_look)
    assert len(open_ledger(folder).documents()) == 1


# ---------------------------------------------------------------- files that should not be there


def test_a_segment_without_a_receipt_does_not_exist_for_readers(ledger: Ledger) -> None:
    add(ledger, report_of("second.txt", STRIKE + " Again."))
    assert len(ledger.find()) == 6
    (ledger.path / "receipts" / f"{ledger.receipts()[0].shard}.json").unlink()
    assert len(ledger.find()) == 3
    assert len(ledger.documents()) == 1


def test_sweeping_removes_what_was_left_unfinished_and_nothing_else(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = files_of(ledger)
    leftovers = [
        ledger.path / "claims" / "dead-0.parquet",
        ledger.path / "reports" / ".x.tmp",
        ledger.path / "receipts" / ".y.tmp",
    ]
    for leftover in leftovers:
        leftover.parent.mkdir(exist_ok=True)
        leftover.write_bytes(b"half")
    assert ledger.sweep() == [], "a file of a minute ago may still be in the making"
    monkeypatch.setattr("dateline.ledger.sweep.STALE_AFTER", -1.0)
    assert sorted(ledger.sweep()) == sorted(leftovers)
    assert files_of(ledger) == whole


def test_it_names_the_segment_that_somebody_removed(ledger: Ledger) -> None:
    for segment in (ledger.path / "claims").iterdir():
        segment.unlink()
    with pytest.raises(DamagedLedgerError, match="segment is missing"):
        ledger.find()


def test_it_names_the_receipt_that_cannot_be_read(ledger: Ledger) -> None:
    next((ledger.path / "receipts").iterdir()).write_text("{", encoding="utf-8")
    with pytest.raises(DamagedLedgerError, match="not a receipt"):
        open_ledger(ledger.path).find()


def test_it_notices_a_report_whose_bytes_were_changed(ledger: Ledger) -> None:
    (kept,) = [path for path in (ledger.path / "reports").rglob("*") if path.is_file()]
    kept.write_bytes(b"forged")
    with pytest.raises(DamagedLedgerError, match="not the bytes"):
        ledger.raw(kept.name)


# ---------------------------------------------------------------- opening


def test_it_does_not_make_a_ledger_where_one_was_only_to_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotALedgerError, match="dateline add"):
        open_ledger(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_it_does_not_make_a_ledger_among_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("…", encoding="utf-8")
    with pytest.raises(NotALedgerError, match="other things"):
        open_ledger(tmp_path)


def test_it_refuses_a_ledger_of_a_later_format(ledger: Ledger) -> None:
    (ledger.path / "ledger.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(NewerLedgerError, match="Upgrade dateline"):
        open_ledger(ledger.path)


def test_an_empty_ledger_answers_with_nothing(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l")
    assert ledger.find() == []
    assert ledger.documents() == []
    assert ledger.summary().claims == 0


# ---------------------------------------------------------------- finding


def test_the_row_of_a_claim_has_the_values_and_the_words_they_were_read_from(ledger: Ledger) -> None:
    strike = ledger.find(mode="strike", status="asserted")[0]
    assert (strike.type, strike.place_name, strike.place_country, strike.latitude) == ("PROTEST", "Minsk", "BLR", 53.9)
    assert (strike.first_day, strike.date_origin, strike.known_at) == (date(2020, 8, 17), "inferred", NOON)
    assert (strike.actor_names, strike.actor_sectors) == (["workers of the tractor plant"], ["LAB"])
    assert STRIKE[strike.trigger_start : strike.trigger_end] == strike.trigger == "strike"
    assert STRIKE[strike.evidence_start : strike.evidence_end] == strike.evidence
    assert (strike.by, strike.attribution) == ("Viasna", ["The Paper", "Viasna"])
    assert (strike.report, strike.publisher, strike.title) == ("strike.txt", "The Paper", "Strike at the plant")


def test_an_open_bound_stays_open_and_the_papers_own_voice_has_no_teller(ledger: Ledger) -> None:
    (arrests,) = ledger.find(type="coerce")
    (count,) = arrests.counts
    assert (count.what, count.low, count.high, count.text) == ("detained", 40.0, None, "At least 40 people")
    assert arrests.by is None


@pytest.mark.parametrize(
    ("filters", "triggers"),
    [
        ({}, ["detained", "strike", "spread"]),
        ({"type": "protest"}, ["strike", "spread"]),
        ({"mode": "ARREST"}, ["detained"]),
        ({"status": "planned"}, ["spread"]),
        ({"place": "hrod"}, ["detained"]),
        ({"country": "blr"}, ["detained", "strike"]),
        ({"actor": "tractor"}, ["strike"]),
        ({"actor": "lukasenka"}, ["spread"]),
        ({"text": "AT LEAST 40"}, ["detained"]),
        ({"text": "100%"}, []),
        ({"since": date(2020, 8, 18)}, ["detained"]),
        ({"until": date(2020, 8, 16)}, ["detained"]),
        ({"until": date(2020, 8, 8)}, []),
        ({"since": date(2020, 8, 17), "until": date(2020, 8, 17)}, ["detained", "strike"]),
        ({"limit": 1}, ["detained"]),
        ({"type": "PROTEST' OR 1=1 --"}, []),
    ],
)
def test_it_finds_the_claims_that_fit(ledger: Ledger, filters: dict[str, object], triggers: list[str]) -> None:
    assert [row.trigger for row in ledger.find(**filters)] == triggers  # type: ignore[arg-type]


def test_it_shows_a_claim_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    row = ledger.find(type="COERCE")[0]
    shown = ledger.show("c1")
    assert shown.row == row
    assert shown.claim == coding_of(report_of("strike.txt", STRIKE)).claims[1]
    assert shown.document.text == STRIKE


def test_it_asks_for_more_of_an_id_that_fits_several_claims(ledger: Ledger) -> None:
    with pytest.raises(AmbiguousIdError, match="Give more"):
        ledger.show("c")
    with pytest.raises(NotFoundError, match="zzz"):
        ledger.show("zzz")


def test_an_event_holds_all_tellings_of_a_happening_in_its_document(ledger: Ledger) -> None:
    answer = ledger.sql("SELECT trigger, len(claims) FROM events ORDER BY position")
    assert answer.rows == (("strike", 2), ("detained", 1))


def test_the_summary_counts_what_the_ledger_holds(ledger: Ledger) -> None:
    summary = ledger.summary()
    assert (summary.documents, summary.claims, summary.events, summary.quotations, summary.problems) == (1, 3, 2, 1, 1)
    assert summary.types == {"PROTEST": 2, "COERCE": 1}
    assert summary.coders == (CODER,)
    assert (summary.shards, summary.last_added) == (1, NOON)


# ---------------------------------------------------------------- free queries


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/dateline-should-not-exist.csv'",
        "ATTACH '/tmp/dateline-should-not-exist.db'",
        "INSTALL spatial",
        "SET enable_external_access = true",
        "SELEC 1",
        "DROP VIEW claims",
        "COPY claims TO 'ledger.json'",
        "",
    ],
)
def test_a_query_cannot_leave_the_ledger(ledger: Ledger, query: str) -> None:
    with pytest.raises(QueryError):
        ledger.sql(query)


@pytest.mark.parametrize("query", ["WITH c AS (FROM claims) SELECT count(*) FROM c", "DESCRIBE claims", "SUMMARIZE documents"])
def test_a_query_may_ask_in_any_way(ledger: Ledger, query: str) -> None:
    assert ledger.sql(query).rows


def test_a_report_cannot_be_asked_for_by_a_path(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError):
        ledger.raw("../../ledger.json")


def test_a_query_takes_parameters(ledger: Ledger) -> None:
    answer = ledger.sql("SELECT trigger FROM claims WHERE type = ? ORDER BY 1", ["PROTEST"])
    assert (answer.columns, answer.rows) == (("trigger",), (("spread",), ("strike",)))
