"""One event in full, and what is judged of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dateline
from dateline.api.event import ToldClaim
from dateline.api.project import Project
from dateline.cli import app
from dateline.ledger.coders import other_coder
from dateline.ledger.corrections import CorrectionError
from dateline.ledger.entering import ContradictionError
from dateline.ledger.errors import AmbiguousIdError, JudgementError
from dateline.ledger.store import open_ledger
from dateline.records import Fulfilment, Verdict
from dateline.runs.events import read_alone
from dateline.web.sharing import events as sharing
from tests.web.world import document_called, event_called


def words_of(claim: ToldClaim) -> list[dateline.Words]:
    return [claim.evidence, claim.trigger, *(words for value in claim.values for words in value.spans)]


def test_all_words_are_those_of_the_document_at_their_place(project: Project) -> None:
    words = [words for event in project.find() for claim in event.claims for words in words_of(claim)]
    texts = {id: project.document(id).text for id in {one.document for one in words}}
    assert len(words) > 600
    assert [one.text for one in words] == [texts[one.document][one.start : one.end] for one in words] == [*map(str, words)]


def test_words_of_single_claims_are_too(project: Project) -> None:
    for row in project.claims(limit=20):
        claim = project.claim(row.claim_id[:12])
        text = project.document(row.document_id).text
        assert claim.evidence.text == row.evidence
        assert all(words.text == text[words.start : words.end] for words in words_of(claim))


def test_a_value_without_words_says_where_it_comes_from(project: Project) -> None:
    values = [value for event in project.find() for claim in event.claims for value in claim.values]
    silent = [value for value in values if not value.spans]
    assert silent
    assert all(value.origin.by for value in silent)
    assert {"who", "to whom", "when", "where", "how many", "whether"} <= {value.label for value in values}


def test_an_event_tells_what_all_reports_say_and_where_they_differ(project: Project) -> None:
    event = project.event(event_called("arrests at the gate")[:9])
    assert (event.type, event.status, event.first, event.country) == ("COERCE", "asserted", date(2024, 3, 4), "NZL")
    assert [party.name for party in event.actors] == ["Ashport police"]
    assert len(event.claims) == event.row["claims"] == 6
    assert event.witnesses == len({claim.testimony.witness for claim in event.claims if claim.testimony}) == 3
    assert [claim.testimony.is_current for claim in event.claims if claim.testimony].count(False) >= 1
    detained = event.tally("detained")
    assert detained is not None
    assert (detained.low, detained.high, detained.verdict) == (14.0, None, Verdict.DISPUTE)
    assert detained in event.tallies
    assert {"kind", "days", "place", "actors", "recipients", "status"} == {field.field for field in event.accounts}
    assert [document.id for document in event.documents] == list(dict.fromkeys(c.document.id for c in event.claims))
    assert [step.what for step in event.history][:1] == ["coded"]


def test_events_of_a_walk_are_read_together(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(ledger: Any, accounts: Any, ids: list[str], **named: Any) -> Any:
        read.append(len(ids))
        return read_alone(ledger, accounts, ids, **named)

    monkeypatch.setattr(sharing, "read_alone", counted)
    headlines = [event.headline for event in project.find()]
    assert read == []
    assert sum(len(event.claims) for event in project.find()) > len(headlines)
    assert read == [len(headlines)]


def test_an_event_knows_its_plan_and_its_wave(project: Project) -> None:
    march, strike = project.event(event_called("the march")), project.find(country="KEN")[1]
    assert march.plan is not None
    assert (march.plan.fulfilment, march.plan.outcome_event) == (Fulfilment.HAPPENED, march.id)
    assert march.episode is None
    assert strike.episode is not None
    assert strike.episode.events == project.find(country="KEN").ids
    assert strike.plan is None


def test_ids_of_claims_lead_to_their_event(project: Project) -> None:
    event = project.event(event_called("arrests at the gate"))
    assert {project.event(claim.id).id for claim in event.claims} == {event.id}
    assert project.events([event.id, "nobody"]).ids == (event.id,)
    with pytest.raises(AmbiguousIdError):
        project.event("")


def test_a_document_is_had_by_its_id(project: Project) -> None:
    document = project.document(document_called("roll.txt"))
    assert (document.publisher, document.title) == ("Il Registro", "The roll of that night")


# ---------------------------------------------------------------- judged


def test_a_judgement_is_the_one_of_the_command(own: Project, tmp_path: Path) -> None:
    event = own.event(event_called("the march"))
    (mine,) = own.accept(event, by="  Ada ", reason="read it")
    command = ["accept", event.id, "--event", "--by", "Ada", "--reason", "read it", "--ledger", str(own.path)]
    assert CliRunner().invoke(app, command).exit_code == 0
    (first, second) = own._site.judged().judgements
    assert mine == first
    assert (first.kind, first.by, first.sides, first.about, first.reason) == (
        second.kind, second.by, second.sides, second.about, second.reason
    )  # fmt: skip
    assert own.find(review="reviewed").ids == (event.id,)
    assert own.event(event.id).judgements == (first, second)


def test_what_is_rejected_is_gone_until_it_is_undone(own: Project) -> None:
    event = own.event(event_called("the march"))
    number = len(own.find())
    judgements = own.reject(event, by="Ada")
    assert len(own.find()) == number - 1
    with pytest.raises(dateline.Error, match="rejected"):
        own.event(event.id)
    own.undo(judgements, by="Ben")
    assert len(own.find()) == number
    assert [j.kind.value for j in own.event(event.id).judgements] == ["undone"]


def test_many_are_judged_by_one_entry(own: Project) -> None:
    found = own.find(country="KEN")
    judgements = own.accept(found, by="Ada")
    assert [j.id for j in judgements] == ["1.1", "1.2", "1.3"]
    assert own.find(review="reviewed").ids == found.ids
    assert own.accept([], by="Ada") == ()


def test_events_are_merged_and_parted(own: Project) -> None:
    march, vigil = (own.event(event_called(name)) for name in ("the march", "the vigil"))
    number = len(own.find())
    leaving = vigil.claims
    own.merge([march, vigil], by="Ada", reason="one evening")
    assert own.event(vigil.id).id == own.event(march.id).id
    assert len(own.find()) == number - 1
    with pytest.raises(JudgementError, match="one event already"):
        own.merge([march.id, vigil.id], by="Ada", reason="again")
    with pytest.raises(ContradictionError) as fault:
        own.split(march, leaving, by="Ben", reason="two evenings")
    assert fault.value.against
    own.split(march, leaving, by="Ben", reason="two evenings", is_forced=True)
    assert len(own.find()) == number
    with pytest.raises(ContradictionError):
        own.merge([march, vigil], by="Ada", reason="one evening")
    own.not_same(march, event_called("the rally"), by="Ada")


def test_a_field_is_put_right(own: Project) -> None:
    march = own.event(event_called("the march"))
    own.correct(march, "day", "2024-03-09", by="Ada", reason="it says Saturday")
    assert own.event(march.id).first == date(2024, 3, 9)
    with pytest.raises(CorrectionError):
        own.correct(march, "type", "STROLL", by="Ada")
    own.retract(march.claims[0], by="Ada")
    assert len(own._site.judged().judgements) == 2


def test_nobody_judges_without_a_name_or_in_the_past(own: Project) -> None:
    with pytest.raises(ValueError, match="by"):
        own.accept(event_called("the march"), by=" ")
    with pytest.raises(dateline.Error, match="as_of"):
        own.as_of("2024-03-20").accept(event_called("the march"), by="Ada")
    with pytest.raises(dateline.Error, match="as_of"):
        own.as_of("2024-03-20").add("nothing")
    assert own._site.judged().judgements == ()


def test_other_coders_are_projects_of_their_own(own: Project) -> None:
    assert own.coders == {}
    open_ledger(other_coder(own.path, "acled-2024"))
    assert {name: len(theirs.find()) for name, theirs in own.coders.items()} == {"acled-2024": 0}
