"""The page of an actor: which names of a ledger are his, which may be, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.own_actors import read_own_actors, with_own_actors
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import READ, Actor, EventTime, Participant, Precision, QuoteKind, Teller
from dateline.views.actor_page import ActorPage, names_like, read_actor_page
from dateline.views.terminal import render_actor
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

LUKASHENKO = Actor("Alexander Lukashenko", "BLR", "GOV", "person:alexander-lukashenko", "President")
MERT = Actor("Irina Mertova", "BLR", "JRN")
OTHER_SPELLING = Actor("Iryna Mertova", "BLR", "OPP")
SURNAME = Actor("Mertova", "BLR", "CVL")
ABROAD = Actor("Irina Mertova", "USA", "BUS")
POLICE = Actor("police", "BLR", "COP", is_group=True)


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Eight claims: who, whom, who tells, the day."""
    told: list[tuple[Actor, Actor, Actor, date]] = [
        (POLICE, MERT, LUKASHENKO, date(2019, 5, 1)),
        (POLICE, OTHER_SPELLING, POLICE, date(2020, 8, 9)),
        (OTHER_SPELLING, LUKASHENKO, MERT, date(2020, 8, 10)),
        (SURNAME, LUKASHENKO, POLICE, date(2020, 8, 11)),
        (ABROAD, POLICE, POLICE, date(2021, 1, 1)),
        (LUKASHENKO, POLICE, POLICE, date(2021, 2, 1)),
    ]
    ledger = open_ledger(tmp_path / "ledger")
    for number, (actor, recipient, teller, day) in enumerate(told):
        report = report_of(f"{number}.txt", STRIKE + " " * number)
        coding = coding_of(report, CODER)
        first = coding.claims[0]
        event = replace(
            first.event,
            actors=(Participant(actor, None, READ),),
            recipients=(Participant(recipient, None, READ),),
            attribution=(Teller(teller, None, None, QuoteKind.INDIRECT),),
            time=EventTime(day, day, Precision.DAY, READ),
        )
        ledger.add([replace(coding, claims=(replace(first, event=event),))], [report], coder=CODER, known_at=NOON)
    return ledger


def page_of(ledger: Ledger, knowledge: ActorKnowledge, query: str, country: str | None = None) -> ActorPage:
    page = read_actor_page(ledger, knowledge, query, country=country)
    assert page is not None
    return page


@pytest.mark.parametrize(
    "query", ["Alexander Lukashenko", "Alyaksandr Lukashenka", "lukashenko", "Lukashenka", "person:alexander-lukashenko"]
)
def test_it_finds_somebody_of_the_tables_by_any_name(ledger: Ledger, knowledge: ActorKnowledge, query: str) -> None:
    page = page_of(ledger, knowledge, query)
    assert (page.name, page.id) == ("Alexander Lukashenko", "person:alexander-lukashenko")
    assert [(s.as_actor, s.as_recipient, s.as_teller) for s in page.spellings] == [(1, 2, 1)]
    assert [(c.party, c.year, c.claims) for c in page.counts] == [
        ("actor", 2021, 1),
        ("recipient", 2020, 2),
        ("teller", 2019, 1),
    ]
    assert page.terms[0].office == "President"


def test_spellings_of_a_whole_name_in_one_country_are_one_actor(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    page = page_of(ledger, knowledge, "Irina Mertova")
    assert page.id is None
    assert {s.name for s in page.spellings} == {"Irina Mertova", "Iryna Mertova"}
    assert [(s.country, s.sector, s.claims) for s in page.sides] == [("BLR", "JRN", 1), ("BLR", "OPP", 2)]
    assert [row.first_day for row in page.latest] == [date(2020, 8, 10), date(2020, 8, 9), date(2019, 5, 1)]


def test_a_surname_alone_and_a_namesake_abroad_are_not_counted_but_told(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    page = page_of(ledger, knowledge, "Irina Mertova")
    assert {(n.name, n.country) for n in page.namesakes} == {("Mertova", "BLR"), ("Irina Mertova", "USA")}
    abroad = page_of(ledger, knowledge, "Irina Mertova", "USA")
    assert [row.actor_countries for row in abroad.latest if row.actor_names == ["Irina Mertova"]] == [["USA"]]


def test_somebody_of_the_tables_has_a_page_without_claims(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    page = page_of(ledger, knowledge, "Angela Merkel")
    assert (page.spellings, page.latest) == ((), ())
    assert {term.office for term in page.terms} == {"Chancellor"}


def test_nobody_of_that_name_has_none(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    assert read_actor_page(ledger, knowledge, "Nobody Atall") is None
    assert names_like(ledger, "mertov") == ["Irina Mertova", "Iryna Mertova", "Mertova"]


def test_an_own_row_names_an_actor_of_the_ledger(ledger: Ledger, knowledge: ActorKnowledge, tmp_path: Path) -> None:
    table = tmp_path / "actors.csv"
    table.write_text("name,aliases,country,sector,role,since\nIrina Mertova,Mertova,BLR,JRN,editor,2015\n")
    ours = with_own_actors(knowledge, read_own_actors(table, knowledge.countries))
    page = page_of(ledger, ours, "Mertova")
    assert page.id == "own:irina-mertova"
    assert {s.name for s in page.spellings} == {"Irina Mertova", "Iryna Mertova", "Mertova"}


def test_a_body_is_found_by_its_own_names_only(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    page = page_of(ledger, knowledge, "police")
    assert [s.name for s in page.spellings] == ["police"]
    assert page.countries == ("BLR",)


def test_it_can_be_read_in_a_terminal(ledger: Ledger, knowledge: ActorKnowledge) -> None:
    written = StringIO()
    render_actor(page_of(ledger, knowledge, "Irina Mertova"), Console(width=100, file=written))
    shown = written.getvalue()
    assert "known in this ledger only" in shown
    assert "Iryna Mertova (actor 1, recipient 1)" in shown
    assert "1 claim, 2019-05-01 to 2019-05-01" in shown
    assert "Latest" in shown
