"""Second answers: which decisions are asked twice, what the two say of each field, and how far they agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.ledger.agreement import agreements
from dateline.ledger.audit import verify
from dateline.ledger.corrections import Codes
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.second import LINK, answer_to, disputes, is_asked_twice, pairs, questions, unanswered
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import About, Judge, Judgement, JudgementKind
from tests.web.ledgers import samples_at

ADA, BEN = Judge("Ada"), Judge("Ben")
CODES = Codes({"PROTEST": frozenset({"strike"}), "COERCE": frozenset()}, frozenset(), frozenset({"BLR"}), frozenset({"killed"}))


class Desk:
    """A ledger of the sample reports, and what people enter, a minute apart."""

    def __init__(self, path: Path) -> None:
        self.ledger: Ledger = open_ledger(path, create=False)
        self.log = Log(path)
        self.at = datetime.now(UTC)
        self.claims: list[str] = [id for (id,) in self.ledger.sql("SELECT claim_id FROM claims ORDER BY claim_id").rows]

    @property
    def judged(self) -> Judged:
        return Judged(self.ledger, self.log)

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def enter(self, judgements: Sequence[Judgement]) -> str:
        return self.log.append(judgements).judgements[0].id

    def verdict(self, kind: JudgementKind, claim: str, by: Judge = ADA) -> str:
        return self.enter(self.judged.verdicts(kind, [claim], About.CLAIM, by, self.now(), ""))

    def correct(self, claim: str, field: str, value: str, by: Judge = ADA) -> str:
        return self.enter([self.judged.correction(claim, field, value, CODES, About.CLAIM, by, self.now(), "")])

    def second(self, claim: str, answer: str, by: Judge = BEN, **put_right: str) -> str:
        question = next(q for q in questions(self.judged, share=1) if q.sides[-1][0] == claim)
        return self.enter([answer_to(question, answer, put_right, self.judged, CODES, by, self.now(), "")])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(samples_at(tmp_path / "ledger"))


def test_which_are_asked_twice_depends_on_the_claim_alone(desk: Desk) -> None:
    asked = [claim for claim in desk.claims if is_asked_twice((claim,), 0.1)]
    assert asked == [claim for claim in desk.claims if is_asked_twice((claim,), 0.1)]
    assert 0 < len(asked) < len(desk.claims) / 3
    assert set(asked) <= {claim for claim in desk.claims if is_asked_twice((claim,), 0.2)}
    assert not any(is_asked_twice((claim,), 0) for claim in desk.claims)


def test_who_decided_is_not_asked_again_and_nobody_is_asked_twice(desk: Desk) -> None:
    claim = desk.claims[0]
    desk.verdict(JudgementKind.ACCEPTED, claim)
    assert unanswered(desk.judged, "Ada", share=1) == ()
    assert [q.sides for q in unanswered(desk.judged, "Ben", share=1)] == [((claim,),)]
    desk.second(claim, "accepted")
    assert unanswered(desk.judged, "Cleo", share=1) == ()


def test_what_was_taken_back_is_asked_of_nobody(desk: Desk) -> None:
    id = desk.verdict(JudgementKind.ACCEPTED, desk.claims[0])
    desk.enter([desk.judged.undoing([id], ADA, desk.now(), "")])
    assert questions(desk.judged, share=1) == ()


def test_a_second_answer_decides_nothing_and_is_in_the_chain(desk: Desk) -> None:
    claim = desk.claims[0]
    desk.verdict(JudgementKind.ACCEPTED, claim)
    before = desk.judged.standings
    desk.second(claim, "rejected")
    assert desk.judged.standings == before
    assert verify(desk.ledger.path).faults == ()


def test_fields_are_compared_as_each_would_have_them(desk: Desk) -> None:
    claim = desk.claims[0]
    desk.correct(claim, "day", "2020-08-17")
    desk.second(claim, "accepted", place="Hrodna")
    (pair,) = pairs(desk.judged)
    said = {name: (one, other) for name, one, other in pair.answers}
    read = desk.judged.rows([claim])[claim]
    assert said["verdict"] == ("accepted", "accepted")
    assert said["day"][0] == "2020-08-17"
    assert said["day"][1] != "2020-08-17"
    assert said["place"] == (read.place_name or "", "Hrodna")
    assert {name for name, _, _ in pair.differing} == {"day", "place"}


def test_of_a_claim_that_one_rejects_no_field_is_compared(desk: Desk) -> None:
    claim = desk.claims[0]
    desk.verdict(JudgementKind.REJECTED, claim)
    desk.second(claim, "accepted")
    (pair,) = pairs(desk.judged)
    assert [name for name, _, _ in pair.differing] == ["verdict"]


def test_links_are_asked_twice_too(desk: Desk) -> None:
    one, other = desk.claims[:2]
    desk.enter([desk.judged.not_same(one, other, ADA, desk.now(), "")])
    (question,) = questions(desk.judged, share=1)
    assert question.kind == LINK
    desk.enter([answer_to(question, "merged", {}, desk.judged, CODES, BEN, desk.now(), "")])
    (dispute,) = disputes(desk.judged)
    assert dispute.differing == ((LINK, "split", "merged"),)


def test_a_dispute_is_settled_by_whoever_judges_after_it(desk: Desk) -> None:
    claim = desk.claims[0]
    desk.verdict(JudgementKind.ACCEPTED, claim)
    desk.second(claim, "rejected")
    assert len(disputes(desk.judged)) == 1
    id = desk.verdict(JudgementKind.REJECTED, claim, Judge("Cleo"))
    assert disputes(desk.judged) == ()
    desk.enter([desk.judged.undoing([id], ADA, desk.now(), "")])
    assert len(disputes(desk.judged)) == 1


def test_agreement_is_told_field_by_field_on_the_command_line(desk: Desk) -> None:
    runner = CliRunner()
    empty = runner.invoke(app, ["agree", "--ledger", str(desk.ledger.path)])
    assert "nobody has answered" in empty.output
    for number, claim in enumerate(desk.claims[:12]):
        desk.verdict(JudgementKind.REJECTED if number % 3 == 0 else JudgementKind.ACCEPTED, claim)
        desk.second(claim, "rejected" if number % 3 == 0 and number else "accepted")
    found = {one.field: one for one in agreements(pairs(desk.judged))}
    assert (found["verdict"].units, found["verdict"].alike) == (12, 11)
    assert found["verdict"].alpha is not None
    assert 0.5 < found["verdict"].alpha < 1
    assert found["type"].units == 8
    told = runner.invoke(app, ["agree", "--json", "--ledger", str(desk.ledger.path)])
    rows = [json.loads(line) for line in told.output.splitlines()]
    assert {row["field"]: row["units"] for row in rows} == {name: one.units for name, one in found.items()}
    lines = runner.invoke(app, ["agree", "--ledger", str(desk.ledger.path)]).output
    assert f"{found['verdict'].alpha:.2f} (" in lines
