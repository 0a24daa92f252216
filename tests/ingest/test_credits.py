"""Which agencies invented articles credit, and with what."""

from __future__ import annotations

import pytest

from dateline.ingest.credits import agencies_of, find_credits
from dateline.knowledge.reading import load_reading_tables
from tests.ingest.test_boilerplate import LEAD, MORE, blocks_of

TABLES = load_reading_tables()


def agencies(text: str) -> tuple[str, ...]:
    return agencies_of(find_credits(text, blocks_of(text), TABLES))


def credits(text: str, byline: str | None = None) -> list[tuple[str, str | None, str]]:
    found = find_credits(text, blocks_of(text), TABLES, byline)
    return [(c.agency, c.span.of(text) if c.span else None, c.of.value) for c in found]


def test_it_names_the_agencies_credited_each_once() -> None:
    text = f"ODESSA (Reuters) - {LEAD}\n\n{MORE}\n\nSource: The Bugle and agencies\n\nReuters, AFP"
    assert agencies(text) == ("Reuters", "agencies", "AFP")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"ODESSA (Halden Press) - {LEAD}", ("Halden Press",)),
        (f"ODESSA (UKRAINE), 18 AUG 89 (RADIO SUR CANAL 2) -- [TEXT] {LEAD.upper()}", ("RADIO SUR CANAL 2",)),
        (f"ODESSA, Aug 18 (Halden Press/AFP) - {LEAD}", ("AFP", "Halden Press")),
        (f"ODESSA, 18 AUG 89 (KYODO) -- {LEAD.upper()}", ("Kyodo",)),
        (f"ODESSA, August 18. /TASS/. {LEAD}", ("TASS",)),
        (f"{LEAD}\n\nSource: Halden Press Agency", ("Halden Press Agency",)),
        (f"{LEAD}\n\nSources: Halden Newswire, AFP", ("AFP", "Halden Newswire")),
        (f"ODESSA (UKRAINE), 18 AUG 89 (DOMESTIC SERVICE) -- [TEXT] {LEAD.upper()}", ()),
        (f"HAVANA (Cuba) - {LEAD}", ()),
        (f"{LEAD}\n\nSource: The Bugle", ()),
        (f"{LEAD}\n\nSource: press office of the ministry", ()),
        (f"{LEAD}\n\n- Halden Press", ()),
        (f"{LEAD} The dockers (Halden Press) said so.", ()),
    ],
)
def test_it_names_an_agency_it_does_not_know_where_the_form_is_clear(text: str, expected: tuple[str, ...]) -> None:
    assert agencies(text) == expected


def test_it_names_no_agency_that_is_only_quoted() -> None:
    text = f"{LEAD} Belta reported the strike first."
    assert agencies(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"MINSK (AP) — {LEAD}", [("AP", "AP", "text")]),
        (f"MINSK (Associated Press) — {LEAD}", [("AP", "Associated Press", "text")]),
        (f"By Jane Roe, Reuters\n\n{LEAD}", [("Reuters", "Reuters", "text")]),
        (f"By JANE ROE\n\nAssociated Press\n\n{LEAD}", [("AP", "Associated Press", "text")]),
        (f"By Jane Roe and Jon Poe | AP\n\n{LEAD}", [("AP", "AP", "text")]),
        (f"Jane Roe, The Associated Press\n\n{LEAD}", [("AP", "The Associated Press", "text")]),
        (f"By Jane Roe of The Associated Press\n\n{LEAD}", [("AP", "The Associated Press", "text")]),
        (f"{LEAD}\n\n{MORE}\n\nSource: agencies", [("agencies", "agencies", "text")]),
        (f"{LEAD}\n\n{MORE}\n\nSource: Harbour Post, AFP", [("AFP", "AFP", "text")]),
        (f"{LEAD}\n\n{MORE}\n\n(AFP)", [("AFP", "AFP", "text")]),
        (f"{LEAD}\n\n{MORE} (AFP)", [("AFP", "AFP", "text")]),
        (f"{LEAD}\n\n{MORE} – dpa", [("dpa", "dpa", "text")]),
        (f"{LEAD}\n\n{MORE}\n\n© 2020 AFP", [("AFP", "AFP", "text")]),
        (
            f"{LEAD}\n\n{MORE}\n\nCopyright 2013 The Associated Press. All rights reserved.",
            [("AP", "The Associated Press", "text")],
        ),
        (f"{LEAD}\n\n{MORE}\n\n(© Agence France-Presse)", [("AFP", "Agence France-Presse", "text")]),
        (
            f"{LEAD}\n\n{MORE}\n\nCopyright 2013 Harbour Post. The Associated Press contributed to this report.",
            [("AP", "The Associated Press", "part")],
        ),
        (f"PA Media\n\n{LEAD}", [("PA", "PA Media", "text")]),
        (f"By PA Media\n\n{LEAD}", [("PA", "PA Media", "text")]),
        (f"{LEAD}\n\nAssociated Press writer Jane Roe in Minsk contributed to this report.", [("AP", "Associated Press", "part")]),
        (f"{LEAD}\n\n___\n\nThe Associated Press contributed to this report.", [("AP", "The Associated Press", "part")]),
        (f"{LEAD}\n\n{MORE} The Associated Press contributed to this report.", [("AP", "The Associated Press", "part")]),
        (f"{LEAD}\n\nWith inputs from PTI", [("PTI", "PTI", "part")]),
        (f"{LEAD}\n\n(With inputs from PTI and ANI)", [("PTI", "PTI", "part"), ("ANI", "ANI", "part")]),
        (f"{LEAD}\n\nAdditional reporting by Reuters", [("Reuters", "Reuters", "part")]),
        (f"{LEAD}\n\n— with reporting by Interfax and TASS", [("Interfax", "Interfax", "part"), ("TASS", "TASS", "part")]),
        (f"Dockers at the gate on Monday. (AFP)\n\n{LEAD}", [("AFP", "AFP", "picture")]),
        (f"Dockers at the gate on Monday. [Jane Roe/Reuters]\n\n{LEAD}", [("Reuters", "Reuters", "picture")]),
        (f"Photo: AFP\n\n{LEAD}", [("AFP", "AFP", "picture")]),
        (f"(AP Photo/Jane Roe)\n\n{LEAD}", [("AP", "AP", "picture")]),
        (f"{LEAD}\n\nGetty Images", [("Getty Images", "Getty Images", "picture")]),
        (f"{LEAD}\n\n{MORE} AFP reported the strike first.", []),
        (f"{LEAD}\n\n© 2020 Harbour Post", []),
    ],
)
def test_it_tells_the_credit_of_a_text_from_that_of_a_part_or_a_picture(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert credits(text) == expected


def test_a_byline_given_with_the_report_credits_too() -> None:
    assert credits(LEAD, "Jane Roe, Reuters") == [("Reuters", None, "text")]
    assert credits(f"ODESSA (Reuters) - {LEAD}", "Reuters") == [("Reuters", "Reuters", "text")]
    assert credits(LEAD, "Jane Roe") == []
