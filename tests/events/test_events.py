"""What the coder makes of a sentence: parties, figures, tellers and tellings, each shown by the sentence that needs it."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.records import Claim
from tests.coding import code_text


def only(text: str, kind: str) -> Claim:
    claims = [c for c in code_text(text).claims if c.event.type == kind]
    assert len(claims) == 1, [(c.event.type, c.event.trigger.of(text)) for c in code_text(text).claims]
    return claims[0]


def actors(claim: Claim) -> list[str]:
    return [p.actor.name for p in claim.event.actors]


def recipients(claim: Claim) -> list[str]:
    return [p.actor.name for p in claim.event.recipients]


def test_nobody_who_flees_is_the_killer() -> None:
    claims = code_text("Residents fled the town after shelling killed four people.").claims
    assert all("residents" not in actors(c) for c in claims)


def test_the_accused_did_what_they_are_accused_of() -> None:
    claim = only("The ministry accused protesters of throwing stones at officers.", "ASSAULT")
    assert actors(claim) == ["protesters"]
    assert claim.event.status.value == "alleged"


def test_a_passive_is_shared_by_its_conjunct() -> None:
    claim = only("Another person was pulled out of a rickshaw and killed.", "ASSAULT")
    assert (actors(claim), recipients(claim)) == ([], ["person"])


def test_a_bare_figure_counts_whom_the_verb_before_named() -> None:
    claim = only("Police detained 700 people and injured dozens.", "ASSAULT")
    assert recipients(claim) == ["people"]
    assert [(c.what, c.low, c.high) for c in claim.event.counts] == [("injured", 24, 99)]


def test_a_negation_inside_a_condition_is_a_condition() -> None:
    claim = only("If the government does not resign by Friday, there will be trouble.", "RETREAT")
    assert claim.event.status.value == "conditional"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("The senate passed the bill by 84 votes to 30.", {"votes for": 84, "votes against": 30}),
        ("The Seimas adopted the text by 120 votes to none.", {"votes for": 120, "votes against": 0}),
        ("Parliament voted 84-30 to approve the treaty.", {"votes for": 84, "votes against": 30}),
    ],
)
def test_it_reads_a_ballot(text: str, counts: dict[str, float]) -> None:
    found = [{c.what: c.low for c in claim.event.counts} for claim in code_text(text).claims if claim.event.type == "VOTE"]
    assert counts in found


def test_rival_sizes_of_a_crowd_keep_their_tellers() -> None:
    claims = code_text("Organisers put the crowd at 20,000; police estimated it at 3,500.").claims
    told = {c.event.attribution[-1].actor.name: c.event.counts[0].low for c in claims if c.event.counts}
    assert told == {"organisers": 20000, "police": 3500}


def test_those_who_died_and_those_who_were_hurt_are_two_happenings() -> None:
    claims = code_text("At least two people died and hundreds were injured in the clashes.").claims
    assert all(c.same_as is None for c in claims)


@pytest.mark.parametrize(
    "text",
    [
        "A man was killed and five people were wounded when a bomb exploded in a market.",
        "Police fired on marchers, killing two men and wounding a student.",
        "Ten people died after soldiers opened fire on a march.",
    ],
)
def test_harms_and_what_brought_them_about_are_one_happening(text: str) -> None:
    first, *others = (c for c in code_text(text).claims if c.event.type == "ASSAULT")
    assert [c.same_as for c in others] == [first.id] * len(others)


def test_a_day_after_publication_is_not_the_day_of_what_was_done() -> None:
    text = "The minister, who is due to fly to Rome on Friday, refused to sign the bill."
    claim = only(text, "REJECT")
    assert claim.event.time is not None
    assert claim.event.time.first is not None
    assert claim.event.time.first <= date(2024, 5, 15)


def test_the_place_of_a_dateline_gives_unnamed_parties_their_country() -> None:
    claim = only("KYIV, May 15 (Agency) - Police arrested 12 people on Monday, the government of Hungary said.", "COERCE")
    assert [p.actor.country for p in claim.event.actors] == ["UKR"]


def test_the_evidence_of_a_demand_holds_what_is_demanded() -> None:
    text = "Unions demanded the release of two drivers."
    claim = only(text, "REQUEST")
    assert claim.event.evidence.of(text) == "Unions demanded the release of two drivers"


def test_a_noun_that_only_refers_tells_nothing() -> None:
    claims = code_text("The minister spoke on Monday about the economy and, in passing, about the strikes.").claims
    assert [c for c in claims if c.event.type == "PROTEST"] == []


def test_force_and_its_means_are_one_happening() -> None:
    claim = only("Three people died in police firing on Tuesday.", "ASSAULT")
    assert claim.event.mode == "firearms"
    assert actors(claim) == ["police"]


def test_an_id_outlives_a_blank_line_put_before_the_text() -> None:
    plain = only("Police arrested 12 people.", "COERCE")
    assert plain.id == only("Police arrested 12 people.", "COERCE").id
    assert len(plain.id) == 20


def test_what_is_said_in_an_interview_is_said_on_its_day() -> None:
    text = (
        "Anna Berg said the government must resign. "
        "The interview, which was recorded in Oslo on May 10, was shown late on Tuesday. "
        "“The president must go,” Berg said."
    )
    days = {c.event.time.first for c in code_text(text).claims if c.event.type == "REQUEST" and c.event.time is not None}
    assert days == {date(2024, 5, 10)}


def test_a_present_perfect_is_news_of_the_day_of_publication() -> None:
    text = "Police fired in the air on Monday. A curfew has been imposed in the town."
    claim = only(text, "COERCE")
    assert claim.event.time is not None
    assert claim.event.time.first == date(2024, 5, 15)


def test_a_clause_with_when_tells_of_the_first_day() -> None:
    text = "The town has seen riots since Friday, when police shot two men."
    shot = next(c for c in code_text(text).claims if c.event.trigger.of(text) == "shot")
    assert shot.event.time is not None
    assert (shot.event.time.first, shot.event.time.last) == (date(2024, 5, 10), date(2024, 5, 10))


@pytest.mark.parametrize(
    ("text", "word", "doers", "mode"),
    [
        ("Four farmers were killed when police opened fire.", "killed", ["police"], "firearms"),
        ("Three students died after soldiers fired on the dormitory.", "died", ["soldiers"], "firearms"),
        ("Eight people were injured when militants lobbed a grenade at a market.", "injured", ["militants"], "explosives"),
        ("Guards opened fire and two miners were killed.", "killed", ["guards"], "firearms"),
        ("Police fired at the marchers, killing two.", "killing", ["police"], "firearms"),
        ("Soldiers shot at a bus, leaving three dead.", "leaving", ["soldiers"], "firearms"),
        # the dead of a plain attack may be either side's; nobody kills himself
        ("Rebels attacked the base and ten men were killed.", "killed", [], None),
        ("Six rebels were killed when they attacked the base.", "killed", [], None),
        ("Four farmers were killed when a dam burst.", "killed", [], None),
    ],
)
def test_whoever_brought_a_harm_about_did_it(text: str, word: str, doers: list[str], mode: str | None) -> None:
    coding = code_text(text)
    claims = [c for c in coding.claims if c.event.trigger.of(text) == word]
    assert len(claims) == 1
    assert [a.lower() for a in actors(claims[0])] == doers
    assert claims[0].event.mode == mode


def test_a_doer_taken_from_another_clause_is_inferred() -> None:
    text = "Four farmers were killed when police opened fire."
    claim = next(c for c in code_text(text).claims if c.event.trigger.of(text) == "killed")
    assert [p.origin.by for p in claim.event.actors] == ["who did what brought it about"]
