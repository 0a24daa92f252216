"""One report from its bytes to its claims; the founding article, where it is at hand, and a report of our own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dateline.pipeline import code_report
from dateline.records import Claim, Coding, Report, StatusValue
from tests.coding import code_text, loaded

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold"
SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "belarus-2020"


def told(coding: Coding, kind: str, *words: str) -> list[Claim]:
    """The claims of a type whose evidence holds all the words."""
    assert coding.document is not None
    text = coding.document.text
    return [c for c in coding.claims if c.event.type == kind and all(w in c.event.evidence.of(text) for w in words)]


@pytest.fixture(scope="module")
def founding() -> Coding:
    path = GOLD / "trtworld-belarus-strikes.txt"
    if not path.exists():
        pytest.skip(f"the founding article is not at hand: {path}")
    return code_report(Report("founding", path.read_bytes(), "text/plain"), *loaded())


def test_it_dates_the_founding_article_by_its_caption(founding: Coding) -> None:
    assert founding.document is not None
    assert founding.document.published is not None
    assert founding.document.published.day == date(2020, 8, 18)


def test_it_reads_almost_7000_detained_in_the_first_four_days(founding: Coding) -> None:
    (claim,) = told(founding, "COERCE", "detained")
    (count,) = claim.event.counts
    assert (count.what, count.low, count.high) == ("detained", 6300, 6999)
    assert claim.event.time is not None
    assert (claim.event.time.first, claim.event.time.last) == (date(2020, 8, 9), date(2020, 8, 12))
    assert [p.actor.sector for p in claim.event.actors] == ["COP"]


def test_it_keeps_at_least_two_dead_open(founding: Coding) -> None:
    (claim,) = told(founding, "ASSAULT", "died")
    assert [(c.what, c.low, c.high) for c in claim.event.counts] == [("killed", 2, None)]
    assert claim.event.actors == ()


def test_it_reads_the_resignation(founding: Coding) -> None:
    (claim,) = told(founding, "RETREAT", "resignation", "Leshchenya")
    assert claim.event.mode == "resign"
    assert claim.event.status.value is StatusValue.ASSERTED
    assert [(p.actor.name, p.actor.country) for p in claim.event.actors] == [("Igor Leshchenya", "BLR")]


def test_it_adds_up_the_vote(founding: Coding) -> None:
    checks = [check for c in founding.claims if c.event.type == "VOTE" for check in c.event.checks]
    assert "120 + 0 + 2 + 19 = 141 seats" in [c.arithmetic for c in checks]


def test_it_takes_the_council_and_the_sanctions_of_the_union_as_planned(founding: Coding) -> None:
    assert {c.event.status.value for c in told(founding, "CONSULT", "convene")} == {StatusValue.PLANNED}
    assert {c.event.status.value for c in told(founding, "SANCTION", "European Union")} == {StatusValue.PLANNED}


def test_it_keeps_both_sides_of_the_call(founding: Coding) -> None:
    calls = told(founding, "CONSULT", "spoke") + told(founding, "CONSULT", "discussed")
    parties = {frozenset(p.actor.name for p in (*c.event.actors, *c.event.recipients)) for c in calls}
    assert {"Angela Merkel", "Vladimir Putin"} in parties
    assert {"Vladimir Putin", "Emmanuel Macron"} in parties


def test_the_strike_told_twice_is_one_happening(founding: Coding) -> None:
    strikes = [c for c in founding.claims if (c.event.type, c.event.mode) == ("PROTEST", "strike")]
    first = strikes[0].id
    assert any(c.same_as == first for c in strikes[1:])


def test_links_cross_headings_and_the_second_caption_tell_nothing(founding: Coding) -> None:
    assert founding.document is not None
    text = founding.document.text
    for claim in founding.claims:
        words = claim.event.evidence.of(text)
        assert "READ MORE" not in words
        assert "heckled" not in words
    assert len(told(founding, "PROTEST", "National Art Museum")) <= 1


def test_every_span_of_a_claim_lies_in_the_text() -> None:
    for path in sorted(SAMPLES.glob("*.txt")):
        coding = code_report(Report(path.name, path.read_bytes(), "text/plain"), *loaded())
        assert coding.document is not None
        for claim in coding.claims:
            event = claim.event
            assert event.evidence.contains(event.trigger)
            assert coding.document.offsets.to_bytes(event.evidence) is not None
            for participant in (*event.actors, *event.recipients):
                assert participant.span is None or participant.span.of(coding.document.text).strip()


def test_the_same_report_is_coded_the_same_whatever_came_before() -> None:
    report = Report("a", (SAMPLES / "01-halden-press-detentions.txt").read_bytes(), "text/plain")
    first = code_report(report, *loaded())
    code_text("Something else entirely was reported in Oslo, where dockers struck on Tuesday.")
    assert code_report(report, *loaded()) == first
