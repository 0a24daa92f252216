"""Figures of quality: what counts as right, and how sure the share is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.quality import Rate, by, by_field, observations
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import About, Coder, Judge, Judgement, JudgementKind
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

ADA = Judge("Ada")
REPORT = report_of("one.txt", STRIKE)
STRIKES, ARRESTS, SPREAD = (claim.id for claim in coding_of(REPORT).claims)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = open_ledger(tmp_path / "ledger")
    ledger.add([coding_of(REPORT)], [REPORT], coder=CODER, known_at=NOON)
    return ledger


def judge(ledger: Ledger, kind: JudgementKind, claim: str, minute: int, **given: object) -> str:
    """Enters what Ada says of a claim; gives the id of the judgement."""
    at = NOON + timedelta(minutes=minute)
    return Log(ledger.path).append([Judgement("", kind, ADA, at, ((claim,),), **given)]).judgements[0].id  # type: ignore[arg-type]


def judged(ledger: Ledger) -> Judged:
    return Judged(ledger, Log(ledger.path))


def test_a_share_has_wilsons_bounds() -> None:
    # Worked by hand from Wilson (1927): 8 of 10, and none of five.
    assert (round(Rate(8, 10).low, 3), round(Rate(8, 10).high, 3)) == (0.49, 0.943)
    assert (Rate(0, 5).low, round(Rate(0, 5).high, 3)) == (0.0, 0.434)
    assert (round(Rate(5, 5).low, 3), Rate(5, 5).high) == (0.566, 1.0)
    assert (Rate(0, 0).share, Rate(0, 0).low, Rate(0, 0).high) == (None, 0.0, 1.0)
    assert not Rate(29, 29).is_enough
    assert Rate(30, 30).is_enough


def test_nothing_was_reviewed(ledger: Ledger) -> None:
    assert observations(judged(ledger)) == ()


def test_what_was_left_as_it_was_is_right_and_what_was_corrected_wrong(ledger: Ledger) -> None:
    judge(ledger, JudgementKind.ACCEPTED, STRIKES, 1)
    judge(ledger, JudgementKind.CORRECTED, ARRESTS, 2, field="counts.detained", value="50..", before=((ARRESTS, "40.."),))
    judge(ledger, JudgementKind.CORRECTED, ARRESTS, 3, field="recipients", value="students", before=((ARRESTS, ""),))
    judge(ledger, JudgementKind.REJECTED, SPREAD, 4)
    found = observations(judged(ledger))
    assert [one.stands for one in found].count(True) == 2
    rates = by_field(found)
    assert rates["counts"] == Rate(0, 1)
    assert rates["recipients"] == Rate(0, 1)  # there was nothing to read it from, and there should have been
    assert rates["place"] == Rate(2, 2)
    assert rates["actors"] == Rate(1, 1)  # the arrests name nobody, and nobody put a name there
    assert "contexts" not in rates
    stands, whole = by(found, lambda one: one.type)["PROTEST"]
    assert (stands, whole) == (Rate(1, 2), Rate(1, 2))


def test_what_was_undone_counts_for_nothing_and_neither_does_what_was_said_of_a_whole_event(ledger: Ledger) -> None:
    first = judge(ledger, JudgementKind.REJECTED, STRIKES, 1)
    judge(ledger, JudgementKind.ACCEPTED, ARRESTS, 2, about=About.EVENT)
    undoing = Judgement("", JudgementKind.UNDONE, ADA, NOON + timedelta(minutes=3), ((STRIKES,),), revokes=(first,))
    Log(ledger.path).append([undoing])
    assert observations(judged(ledger)) == ()


def test_the_later_word_counts(ledger: Ledger) -> None:
    judge(ledger, JudgementKind.REJECTED, STRIKES, 1)
    judge(ledger, JudgementKind.ACCEPTED, STRIKES, 2)
    (one,) = observations(judged(ledger))
    assert one.is_all_right


def test_a_newer_coding_is_held_against_what_was_said_of_the_older(ledger: Ledger) -> None:
    judge(ledger, JudgementKind.CORRECTED, STRIKES, 1, field="day", value="2020-08-16", before=((STRIKES, "2020-08-17"),))
    newer = Coder(CODER.program, "reader-2", CODER.knowledge)
    ledger.add([coding_of(REPORT, newer)], [REPORT], coder=newer, known_at=NOON + timedelta(days=1))
    (one,) = observations(judged(ledger))
    assert one.version == (CODER.program, "reader-2", CODER.knowledge)
    assert not one.fields["day"]
    assert one.fields["place"]
