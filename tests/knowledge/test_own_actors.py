"""The users' own table of actors: what is told of each mistake in it, and what its rows replace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.load import knowledge_version
from dateline.knowledge.own_actors import OwnActors, OwnActorsError, read_own_actors, with_own_actors
from dateline.knowledge.tables import tables_version

HEADER = "name,aliases,country,sector,role,since,until,note\n"


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "actors.csv"


def reading(table: Path, text: str | bytes, knowledge: ActorKnowledge) -> OwnActors:
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_own_actors(table, knowledge.countries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "Zubr,,Belarus,OPP,,,,\n", "actors.csv: row 2, column country: 'Belarus' is no country's code; write BLR"),
        (HEADER + "Zubr,,blr,OPP,,,,\n", "actors.csv: row 2, column country: 'blr' is no country's code; write BLR"),
        (
            HEADER + "Zubr,,XYZ,OPP,,,,\n",
            "row 2, column country: 'XYZ' is no country's code; write an ISO 3166 code of three letters",
        ),
        (HEADER + "Zubr,,,OPP,,,,\n", "row 2, column country: empty; write an ISO 3166 code"),
        (HEADER + "Zubr,,BLR,opp,,,,\n", "row 2, column sector: 'opp' is no sector; write OPP"),
        (HEADER + "Zubr,,BLR,opposition,,,,\n", "row 2, column sector: 'opposition' is no sector; write one of AGR"),
        (HEADER + "Zubr,,BLR,OPP,,18.8.2020,,\n", "row 2, column since: '18.8.2020' is no day; write it as 2020-08-18"),
        (HEADER + "Zubr,,BLR,OPP,,2020-02-31,,\n", "row 2, column since: '2020-02-31' is no day"),
        (HEADER + "Zubr,,BLR,OPP,,2020,2019-12,\n", "row 2, column until: 2019-12 is before 2020, where it begins"),
        (HEADER + "Z,,BLR,OPP,,,,\n", "row 2, column name: 'Z' is too short to be found in a text"),
        (HEADER + "Zubr,Bison; B,BLR,OPP,,,,\n", "row 2, column aliases: 'B' is too short"),
        (HEADER + "Zubr,Bison,Wisent,BLR,OPP,,,,\n", "row 2: 9 cells under 8 columns: a comma too many?"),
        (
            HEADER + "Zubr,,BLR,OPP,,,,\n\nBison,zubr,BLR,SOC,,,,\n",
            "row 4, column name: 'zubr' stands in row 2 too for the same time",
        ),
        ("name,country\nZubr,BLR\n", "row 1: no column sector; the first row names the columns"),
        ("name,country,sector,colour\nZubr,BLR,OPP,red\n", "row 1: unknown column 'colour'"),
        ("name,name,country,sector\nZubr,Zubr,BLR,OPP\n", "row 1: column 'name' stands there twice"),
        ("name;country;sector\nZubr;BLR;OPP\n", "row 1: the columns are parted by semicolons; save it with commas"),
        ("name,country,sector,kind\nZubr,BLR,OPP,thing\n", "row 2, column kind: 'thing' is neither person nor body"),
        ("", "row 1: no column name, country, sector"),
        ("name,country,sector\nZubr Łuka,BLR,OPP\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_it_says_where_what_is_wrong_and_what_to_do(table: Path, text: str | bytes, said: str, knowledge: ActorKnowledge) -> None:
    with pytest.raises(OwnActorsError) as raised:
        reading(table, text, knowledge)
    assert any(said in fault for fault in raised.value.faults), raised.value.faults


def test_it_tells_of_all_faults_at_once(table: Path, knowledge: ActorKnowledge) -> None:
    with pytest.raises(OwnActorsError) as raised:
        reading(table, HEADER + "Zubr,,BLR,opp,,,,\nBison,,Belarus,OPP,,then,,\n", knowledge)
    assert len(raised.value.faults) == 3


def test_it_reads_what_a_spreadsheet_writes(table: Path, knowledge: ActorKnowledge) -> None:
    text = (
        "\ufeff" + HEADER.replace("\n", "\r\n") + '"Zubr, the Bison",Bison;Wisent,BLR,OPP,,2001,2006-05,"a ""note"""\r\n,,,,,,,\r\n'
    )
    (row,) = reading(table, text, knowledge).rows
    assert row.names == ("Zubr, the Bison", "Bison", "Wisent")
    assert (row.since, row.until, row.is_person) == ("2001", "2006-05", False)


def test_one_with_a_role_is_a_person_unless_the_table_says_otherwise(table: Path, knowledge: ActorKnowledge) -> None:
    text = "name,country,sector,role,kind\nRita Volkova,BLR,OPP,chair,\nAnna Bor,BLR,OPP,,person\nCouncil,BLR,OPP,organiser,body\n"
    assert [row.is_person for row in reading(table, text, knowledge).rows] == [True, True, False]


def test_its_rows_replace_what_the_tables_say_of_a_name(table: Path, knowledge: ActorKnowledge) -> None:
    own = reading(table, HEADER + "Boris Johnson,,GBR,LAB,dockers' leader,,,\nKnesset,,ISR,SOC,,,,\n", knowledge)
    ours = with_own_actors(knowledge, own)
    assert [(o.office, o.sector) for o in ours.offices_of("Boris Johnson")] == [("dockers' leader", "LAB")]
    assert [o.office for o in ours.holder_by_surname("Johnson", date(2020, 8, 18))] == ["dockers' leader"]
    body = ours.organisation("Knesset")
    assert body is not None
    assert (body.sector, body.id) == ("SOC", "own:knesset")
    assert ours.offices_of("Vladimir Putin") == knowledge.offices_of("Vladimir Putin")
    assert knowledge.offices_of("Boris Johnson")[0].table == "actors/offices", "the tables themselves stay as they are"


def test_its_people_are_found_by_another_spelling(table: Path, knowledge: ActorKnowledge) -> None:
    ours = with_own_actors(knowledge, reading(table, HEADER + "Aleksandr Zhukovich,,BLR,OPP,poet,,,\n", knowledge))
    assert {o.name for o in ours.offices_of("Alyaksandr Zhukovitch")} == {"Aleksandr Zhukovich"}


def test_what_a_claim_was_coded_with_names_the_table(table: Path, knowledge: ActorKnowledge) -> None:
    one = reading(table, HEADER + "Zubr,,BLR,OPP,,,,\n", knowledge)
    other = reading(table, HEADER + "Zubr,,BLR,SOC,,,,\n", knowledge)
    assert knowledge_version(None) == tables_version()
    assert knowledge_version(one) == f"{tables_version()}+{one.version}"
    assert one.version != other.version
