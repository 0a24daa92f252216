"""A ledger's claims linked: reports about one happening come together, reprints count once, and what people say is kept to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dateline.ledger.judgements import Log
from dateline.ledger.resolve import last_seen
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Judge, Judgement, JudgementKind, Report
from dateline.runs.coder import coder_version, load_coder
from dateline.runs.link import link_ledger
from dateline.runs.pairs import compare_claims

MORNING = datetime(2024, 3, 6, 8, tzinfo=UTC)
NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)
EVENING = datetime(2024, 3, 6, 18, tzinfo=UTC)

STORY = (
    "KISUMU, March 5 - Police arrested 14 bus drivers in Kisumu on Tuesday after they blocked the main bridge with their vehicles. "
    "The drivers had demanded the removal of a new toll. A police commander said the bridge was open again by noon. "
    "The union of bus drivers called the arrests an attack on its members and promised to take the matter to court. "
    "The toll was brought in last month to pay for repairs of the bridge, which was damaged in the floods of November."
)
ANOTHER = (
    "Some twenty bus drivers were arrested in Kisumu on Tuesday, a lawyer for their union said. They had parked across the bridge "
    "over the river to protest against a toll, and officers led them away one by one."
)
ELSEWHERE = "NYERI, March 5 - Police arrested nine students in Nyeri on Tuesday. They had thrown stones at their college."


def report(name: str, text: str) -> Report:
    return Report(name, text.encode(), "text/plain", publisher=name.split(".")[0], published=date(2024, 3, 6))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    reports = [
        report("Lake Courier.txt", STORY),
        report("Harbour Post.txt", STORY.replace("by noon", "soon after") + " Rain is expected over the weekend."),
        report("Union Voice.txt", ANOTHER),
        report("Hill Echo.txt", ELSEWHERE),
    ]
    code = load_coder()
    book = open_ledger(tmp_path / "ledger")
    book.add([code(r) for r in reports], reports, coder=coder_version(), known_at=MORNING)
    return book


def arrests(ledger: Ledger) -> dict[str, list[str]]:
    """The publishers who say how many were arrested, by event."""
    found: dict[str, list[str]] = {}
    publisher_of = {row.claim_id: row.publisher or "" for row in ledger.find(type="COERCE") if row.counts}
    for event in ledger.find_events(type="COERCE"):
        if publishers := {publisher_of[claim] for claim in event.claims if claim in publisher_of}:
            found[event.event_id] = sorted(publishers)
    return found


def test_reports_of_one_happening_come_together_and_those_of_another_do_not(ledger: Ledger) -> None:
    result = link_ledger(ledger, now=lambda: NOON)
    assert result.documents == 4
    assert result.texts == 3
    assert sorted(arrests(ledger).values()) == [["Harbour Post", "Lake Courier", "Union Voice"], ["Hill Echo"]]


def test_a_reprint_is_no_further_witness(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    event = next(e for e in ledger.find_events(type="COERCE") if e.document_count == 3)
    assert (event.document_count, event.witness_count) == (3, 2)


def test_a_run_that_finds_nothing_new_writes_nothing(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    before = sorted(str(path) for path in ledger.path.rglob("*"))
    assert link_ledger(ledger, now=lambda: NOON).changed == 0
    assert sorted(str(path) for path in ledger.path.rglob("*")) == before


def test_what_was_linked_later_did_not_exist_before(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    assert all(event.document_count == 1 for event in ledger.find_events(as_of=MORNING))


def test_a_run_is_entered_in_the_log(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    (entry,) = Log(ledger.path).judgements()
    assert entry.kind is JudgementKind.LINKED
    assert entry.by.is_machine
    assert entry.at == NOON


def test_what_a_person_says_is_not_the_same_stays_apart(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    event = next(e for e in ledger.find_events(type="COERCE") if e.document_count == 3)
    rows = [row for row in ledger.find() if row.claim_id in event.claims]
    hers = tuple(row.claim_id for row in rows if row.publisher == "Union Voice")
    others = tuple(row.claim_id for row in rows if row.publisher != "Union Voice")
    ruling = Judgement("", JudgementKind.NOT_SAME, Judge("Ana"), NOON, sides=(hers, others))
    Log(ledger.path).append([ruling])
    link_ledger(ledger, now=lambda: EVENING)
    assert sorted(arrests(ledger).values()) == [["Harbour Post", "Lake Courier"], ["Hill Echo"], ["Union Voice"]]


def test_a_run_that_moves_nothing_says_all_the_same_which_judgements_it_knew(ledger: Ledger) -> None:
    link_ledger(ledger, now=lambda: NOON)
    log = Log(ledger.path)
    one, *_, other = (event.claims for event in ledger.find_events(type="COERCE"))
    log.append([Judgement("", JudgementKind.NOT_SAME, Judge("Ana"), NOON, sides=(tuple(one), tuple(other)))])
    assert link_ledger(ledger, now=lambda: EVENING).changed == 0
    assert last_seen(log.judgements()) == 2
    entries = len(log.entries())
    link_ledger(ledger, now=lambda: EVENING)
    assert len(log.entries()) == entries, "there is nothing more to say"


def test_it_needs_no_claims(tmp_path: Path) -> None:
    result = link_ledger(open_ledger(tmp_path / "ledger"), now=lambda: NOON)
    assert (result.documents, result.claims, result.events, result.changed) == (0, 0, 0, 0)


def test_a_pair_that_a_rule_keeps_apart_says_why(ledger: Ledger) -> None:
    claims = {row.publisher: row.claim_id for row in ledger.find(type="COERCE") if row.counts}
    pair = compare_claims(ledger, str(claims["Lake Courier"]), str(claims["Hill Echo"]))
    assert "in another town" in pair.apart
    assert pair.chance == 0
    assert compare_claims(ledger, str(claims["Lake Courier"]), str(claims["Union Voice"])).apart == ()
