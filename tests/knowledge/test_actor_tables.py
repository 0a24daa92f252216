"""The tables of actors: codes, dates, sources, order, collisions, and how much of the world they cover."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import pytest

from dateline.knowledge.actors import (
    BODIES,
    BODY_COLUMNS,
    SECTORS,
    TITLE,
    ActorKnowledge,
    Metonym,
    Organisation,
    load_actors,
)
from dateline.knowledge.places import fold, fold_all, load_countries, words_of
from dateline.knowledge.tables import TABLES, read_csv, read_folder, read_rows

TABLES_OF_ACTORS = ("roles", "roles_by_context", "metonyms", "given_names")

DEPENDENT = words_of(
    "ABW AIA ALA ASM ATA ATF BES BLM BMU CCK CUW CXR CYM FLK FRO GGY GIB GLP GRL GUF GUM IMN JEY MAF MNP MSR MTQ "
    "MYT NFK NIU PCN PYF REU SGS SHN SJM SPM SXM TCA TKL VGB VIR WLF NCL COK PRI ESH"
)
"""Territories whose own bodies the tables need not have."""

NO_ARMY = words_of("CRI DMA GRD LCA VCT MUS AND LIE MCO SMR FSM MHL NRU PLW TUV KIR SLB WSM HKG MAC PSE")
"""Countries without armed forces of their own, or with none but police."""

NO_PARTIES = words_of("ARE BRN OMN QAT SAU VAT FSM MHL NRU PLW TUV ERI CHN CUB LAO VNM SWZ MCO LBY")
"""Countries without parties, with one, or with none the press names."""

EVERYDAY = re.compile(r"[a-z]+")
"""A name of one word in lower case: it must be one that is no English word."""

LOWER_CASE_NAMES = words_of(
    "piqueteros turbas colectivos pranes peshmerga taz dbb fedpol titushki titushky eurozone janjaweed contras "
    "sardines ronderos mutaween chengguan autodefensas granaderos carapintadas indignados kadyrovtsy shabiha antifa "
    "dpa cossacks"
)

MOST_GAPS = 200
"""Of one-holder offices, in all: times that nobody is known to have held one. May only fall."""

JUDGED_OVERLAPS = frozenset([("BRA", "President", "Dilma Rousseff"), ("RUS", "President", "Mikhail Gorbachev")])
"""Suspended from May to August 2016 while her deputy acted; of the Soviet Union while Russia already had a president."""

HANDOVER_DAYS = 31
"""By how much the terms of two holders may overlap: a successor elected, and not yet sworn in."""

ONE_HOLDER = (
    "President",
    "Prime Minister",
    "Chancellor",
    "Premier",
    "Supreme Leader",
    "Secretary-General",
    "Secretary General of NATO",
)


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


@pytest.fixture(scope="module")
def bodies() -> list[dict[str, str]]:
    return read_folder("actors/organisations")


# ---------------------------------------------------------------- every table


@pytest.mark.parametrize("name", TABLES_OF_ACTORS)
def test_every_row_names_its_source(name: str) -> None:
    assert (table := read_csv(f"actors/{name}.csv"))
    assert all(row["source"] for row in table)


@pytest.mark.parametrize("folder", ["actors/offices", "actors/organisations"])
def test_every_row_of_a_folder_names_its_source(folder: str) -> None:
    assert (table := read_folder(folder))
    assert [row for row in table if not row["source"]] == []


def test_no_cell_has_stray_spaces() -> None:
    for path in sorted((TABLES / "actors").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                assert all(cell == " ".join(cell.split()) for cell in row), (path.name, row)
                assert not any(part != part.strip() or not part for cell in row[:-1] if cell for part in cell.split(";")), row


def test_a_fast_reading_reads_what_a_slow_one_does() -> None:
    assert [tuple(row) for row in read_rows("actors/organisations", BODY_COLUMNS)] == [
        tuple(row[column] for column in BODY_COLUMNS) for row in read_folder("actors/organisations")
    ]
    with pytest.raises(ValueError, match=r"africa\.csv has the columns"):
        list(read_rows("actors/organisations", ("name", "country")))


def test_names_are_folded_alike_one_by_one_and_all_at_once(bodies: list[dict[str, str]]) -> None:
    names = [name for row in bodies for name in _names(row)]
    odd = [
        "The Hague",
        "St. John's",
        "Fort-de-France",
        "Théâtre d’État",
        " the  Diet ",
        "Mt Kenya",
        "therapists",
        "'Ndrangheta",
        "AT&T",
        "",
    ]
    assert fold_all([*names, *odd]) == [fold(name) for name in (*names, *odd)]


# ---------------------------------------------------------------- organisations


def test_bodies_stand_in_order_of_country_sector_and_name() -> None:
    for path in sorted((TABLES / "actors/organisations").glob("*.csv")):
        keys = [(r["country"], r["sector"], fold(r["name"])) for r in read_csv(path.relative_to(TABLES).as_posix())]
        assert keys == sorted(keys), path.name


def test_no_body_stands_twice_in_one_country(bodies: list[dict[str, str]]) -> None:
    """Two bodies of one country may share a name only if they share it at different times."""
    owners: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in bodies:
        for key in {fold(name) for name in _names(row)}:
            owners[row["country"], key].append(row)
    shared = {key: [r["name"] for r in rows] for key, rows in owners.items() if len(rows) > 1}
    assert shared == {}


def test_bodies_have_codes_and_dates_that_are_some(bodies: list[dict[str, str]]) -> None:
    sides = BODIES | load_countries().keys()
    for row in bodies:
        assert row["country"] in sides, row
        assert row["sector"] in SECTORS, row
        assert row["known_abroad"] in ("", "yes"), row
        for bound in (row["since"], row["until"]):
            assert re.fullmatch(r"|\d{4}(-\d\d(-\d\d)?)?", bound), row
        if row["since"] and row["until"]:
            assert row["until"][: len(row["since"])] >= row["since"][: len(row["until"])], row


def test_of_several_countries_bodies_of_one_name_one_at_most_is_known_abroad(bodies: list[dict[str, str]]) -> None:
    abroad = Counter(key for row in bodies if row["known_abroad"] for key in {fold(name) for name in _names(row)})
    assert [name for name, count in abroad.items() if count > 1] == []


def test_no_body_is_called_by_an_everyday_word_in_lower_case(bodies: list[dict[str, str]]) -> None:
    lower = {name for row in bodies for name in _names(row) if EVERYDAY.fullmatch(name)}
    assert lower - LOWER_CASE_NAMES == set()


def test_no_body_is_called_as_a_country_is(bodies: list[dict[str, str]]) -> None:
    """But papers, which are called after their people ("The Scotsman"), and acronyms, which are written as such."""
    countries = {fold(name) for c in load_countries().values() for name in (c.name, *c.aliases)}
    called = [
        (r["country"], n) for r in bodies for n in _names(r) if fold(n) in countries and not n.isupper() and r["sector"] != "JRN"
    ]
    assert called == [("PSE", "Palestinian Authority")]


@pytest.mark.parametrize("country", sorted(load_countries().keys() - DEPENDENT))
def test_a_country_has_its_parliament_court_police_army_parties_and_press(country: str, bodies: list[dict[str, str]]) -> None:
    sectors = Counter(row["sector"] for row in bodies if row["country"] == country)
    needed = {"LEG", "JUD", "COP", "JRN"} | ({"MIL"} if country not in NO_ARMY else set())
    assert needed - sectors.keys() == set()
    assert country in NO_PARTIES or sectors["PTY"] + sectors["OPP"] >= 2


def test_there_are_enough_bodies(bodies: list[dict[str, str]]) -> None:
    assert len(bodies) >= 10_000
    assert sum(row["country"] in BODIES for row in bodies) >= 450


@pytest.mark.parametrize(
    ("name", "near", "country", "sector"),
    [
        ("Senate", (), "USA", "LEG"),
        ("Senate", ("KEN",), "KEN", "LEG"),
        ("Nigerian Senate", (), "NGA", "LEG"),
        ("the Nigerian Senate", ("USA",), "NGA", "LEG"),
        ("National Assembly of Zambia", (), "ZMB", "LEG"),
        ("South African Constitutional Court", (), "ZAF", "JUD"),
        ("Labour Party", ("NOR",), "NOR", "PTY"),
        ("Labour Party", ("THA",), "GBR", "PTY"),
        ("National Guard", ("VEN",), "VEN", "COP"),
        ("EC", ("FRA",), "EUR", "IGO"),
        ("Seimas", (), "LTU", "LEG"),
        ("Verkhovna Rada", (), "UKR", "LEG"),
        ("Majlis", (), "IRN", "LEG"),
        ("Majlis", ("MDV",), "MDV", "LEG"),
        ("Carabinieri", (), "ITA", "COP"),
        ("GUR", (), "UKR", "SPY"),
        ("UNIFIL", (), "UNO", "IGO"),
        ("ECOWAS", (), "IGO", "IGO"),
        ("Imbonerakure", (), "BDI", "PRM"),
    ],
)
def test_a_body_is_that_of_the_country_told_of(
    knowledge: ActorKnowledge, name: str, near: tuple[str, ...], country: str, sector: str
) -> None:
    body = knowledge.organisation(name, near=near)
    assert body is not None
    assert (body.country, body.sector) == (country, sector)


@pytest.mark.parametrize(
    "name", ["National Assembly", "Daily News", "Supreme People's Assembly of Nowhere", "Nigerian Seimas", "of Zambia"]
)
def test_a_name_of_several_countries_is_nobodys_without_one(knowledge: ActorKnowledge, name: str) -> None:
    assert knowledge.organisation(name) is None


def test_a_name_of_several_countries_still_tells_its_sector(knowledge: ActorKnowledge) -> None:
    assert knowledge.shared_sector("Daily News") == "JRN"
    assert knowledge.shared_sector("National Assembly") == "LEG"
    assert knowledge.shared_sector("No Such Body") is None


@pytest.mark.parametrize(("written", "is_known"), [("WHO", True), ("who", False), ("IS", True), ("is", False), ("hamas", True)])
def test_it_takes_an_acronym_only_as_one(knowledge: ActorKnowledge, written: str, is_known: bool) -> None:
    assert (knowledge.organisation(written) is not None) is is_known


def test_the_bodies_are_a_mapping_of_records(knowledge: ActorKnowledge) -> None:
    assert knowledge.organisations.get("no such body", ()) == ()
    assert all(isinstance(body, Organisation) for found in knowledge.organisations.values() for body in found)
    assert len(knowledge.organisations) == len(list(knowledge.organisations)) > 12_000


# ---------------------------------------------------------------- metonyms


def test_metonyms_are_many_and_no_row_stands_twice() -> None:
    rows = read_csv("actors/metonyms.csv")
    assert len(rows) >= 250
    keys = [(row["name"], row["country"], row["sector"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["kind"] for row in rows} == {"seat", "town"}


def test_metonyms_stand_in_order_of_their_names() -> None:
    names = [fold(row["name"]) for row in read_csv("actors/metonyms.csv")]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("name", "home", "verb", "side"),
    [
        ("Brussels", None, "agree", ("EUR", "IGO")),
        ("Brussels", "BEL", "agree", None),
        ("The Hague", None, "convict", ("IGO", "JUD")),
        ("The Hague", None, "expel", None),
        ("Strasbourg", None, "rule", ("IGO", "JUD")),
        ("Strasbourg", None, "approve", ("EUR", "LEG")),
        ("State House", "KEN", "say", ("KEN", "GOV")),
        ("State House", "ZMB", "say", ("ZMB", "GOV")),
        ("State House", "FRA", "say", None),
        ("Whitehall", "FRA", "say", ("GBR", "GOV")),
        ("Whitehall", "TTO", "say", ("TTO", "GOV")),
        ("Kremlin", None, "", ("RUS", "GOV")),
        ("No Such Palace", None, "say", None),
    ],
)
def test_a_seat_stands_for(knowledge: ActorKnowledge, name: str, home: str | None, verb: str, side: tuple[str, str] | None) -> None:
    metonym = knowledge.metonym(name, home=home, verb=verb)
    assert (None if metonym is None else (metonym.country, metonym.sector)) == side


def test_every_metonym_can_be_reached(knowledge: ActorKnowledge) -> None:
    def reached(name: str, wanted: Metonym) -> bool:
        homes = (wanted.country if wanted.country not in BODIES else None, None)
        verbs = (*sorted(wanted.verbs), "say")
        return any(knowledge.metonym(name, home=home, verb=verb) == wanted for home in homes for verb in verbs)

    unreached = [(name, m) for name, found in knowledge.metonyms.items() for m in found if not reached(name, m)]
    assert unreached == []


# ---------------------------------------------------------------- roles


def test_roles_are_lower_case_singular_and_in_order() -> None:
    rows = read_csv("actors/roles.csv")
    lemmas = [row["role"] for row in rows]
    assert lemmas == sorted(set(lemmas))
    assert all(lemma == lemma.lower() for lemma in lemmas)
    assert {row["kind"] for row in rows} == {"person", "group", "affiliate"}
    assert {row["gender"] for row in rows} <= {"", "m", "f"}
    assert {row["is_title"] for row in rows} <= {"", "yes"}


def test_roles_by_context_are_of_roles_and_change_their_sector(knowledge: ActorKnowledge) -> None:
    rows = read_csv("actors/roles_by_context.csv")
    keys = [(row["role"], row["with"]) for row in rows]
    assert keys == sorted(set(keys))
    for row in rows:
        role = knowledge.roles.get(row["role"])
        assert role is not None, row
        assert row["with"] == TITLE or row["with"] == row["with"].lower(), row


@pytest.mark.parametrize(
    ("role", "words", "sector"),
    [
        ("minister", ["baptist"], "REL"),
        ("minister", ["health"], None),
        ("commissioner", ["eu"], "IGO"),
        ("father", [TITLE], "REL"),
        ("president", ["football", "union"], "CVL"),
        ("table", ["union"], None),
    ],
)
def test_a_role_takes_its_sector_from_the_nearest_word_that_tells(
    knowledge: ActorKnowledge, role: str, words: Sequence[str], sector: str | None
) -> None:
    assert knowledge.sector_in_context(role, words) == sector


@pytest.mark.parametrize("row", read_csv("actors/no_roles.csv"), ids=lambda row: row["words"])
def test_a_thing_called_like_a_role_is_none(knowledge: ActorKnowledge, row: dict[str, str]) -> None:
    words = row["words"].split()
    assert row["words"] in row["example"].lower()
    assert knowledge.role_ending(words) is None
    assert knowledge.role_ending(["a", "strong", *words]) is None


def test_it_reads_the_longest_role(knowledge: ActorKnowledge) -> None:
    match = knowledge.role_ending(["retired", "police", "officer"])
    assert match is not None
    assert (match[0].lemma, match[1]) == ("police officer", 2)
    assert knowledge.role_ending(["table"]) is None


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("ministry of agriculture", "GOV"),
        ("supreme court", "JUD"),
        ("constitutional court", "JUD"),
        ("national guard", "MIL"),
        ("central election commission", "GOV"),
        ("central bank", "GOV"),
        ("national assembly", "LEG"),
        ("riot police", "COP"),
        ("intelligence service", "SPY"),
        ("teachers' union", "LAB"),
    ],
)
def test_a_generic_name_needs_no_row_to_have_a_sector(knowledge: ActorKnowledge, name: str, sector: str) -> None:
    words = name.split()
    head = words[: words.index("of")] if "of" in words else words
    match = knowledge.role_ending(head)
    assert match is not None
    assert match[0].sector == sector


# ---------------------------------------------------------------- offices


def test_it_knows_who_held_an_office_on_a_day(knowledge: ActorKnowledge) -> None:
    (office,) = knowledge.holder_by_surname("Putin", date(2010, 5, 1))
    assert office.office == "Prime Minister"
    assert knowledge.holder_by_surname("Bush", date(2020, 1, 1)) == ()


def test_offices_have_codes_and_dates_that_are_some() -> None:
    sides = BODIES | load_countries().keys()
    for row in read_folder("actors/offices"):
        assert row["country"] in sides, row
        assert row["sector"] in SECTORS, row
        for bound in (row["since"], row["until"]):
            assert re.fullmatch(r"|\d{4}(-\d\d(-\d\d)?)?", bound), row


def test_nobody_holds_two_terms_of_one_office_at_once() -> None:
    terms: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for row in read_folder("actors/offices"):
        terms.setdefault((row["country"], row["office"], row["name"]), []).append((row["since"], row["until"] or "9999"))
    for key, spans in terms.items():
        for (_, until), (since, _) in pairwise(sorted(spans)):
            assert until[: len(since)] <= since, key


def test_an_office_for_one_has_one_holder_at_a_time() -> None:
    """Rows marked as acting or disputed may stand beside another's."""
    for key, before, after in _successions():
        apart = (_first_day(after["since"]) - _first_day(before["until"] or "9999")).days
        assert apart >= -HANDOVER_DAYS or (*key, before["name"]) in JUDGED_OVERLAPS, (key, before["name"], after["name"])


def test_gaps_in_offices_for_one_do_not_become_more() -> None:
    gaps = [
        (key, before["name"], after["name"])
        for key, before, after in _successions()
        if (_first_day(after["since"]) - _last_day(before["until"] or "9999")).days > HANDOVER_DAYS
    ]
    assert len(gaps) <= MOST_GAPS


# ---------------------------------------------------------------- given names, countries


def test_given_names_tell_a_pronoun() -> None:
    rows = read_csv("actors/given_names.csv")
    assert {row["gender"] for row in rows} <= {"m", "f"}
    assert len(rows) == len({row["name"] for row in rows})


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Danes", "DNK"),
        ("Briton", "GBR"),
        ("Afghans", "AFG"),
        ("Frenchwomen", "FRA"),
        ("Bosniaks", "BIH"),
        ("Kingdom of Denmark", "DNK"),
    ],
)
def test_a_people_is_its_countrys(knowledge: ActorKnowledge, word: str, country: str) -> None:
    assert knowledge.country_called(word) == country


def _names(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["aliases"].split(";"))]


def _successions() -> Iterator[tuple[tuple[str, str], dict[str, str], dict[str, str]]]:
    """Country and office, a holder and the next one, of offices that one person holds."""
    held: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in read_folder("actors/offices"):
        if row["office"] in ONE_HOLDER and not re.search(r"acting|disputed|claim|interim", row["source"]):
            held[row["country"], row["office"]].append(row)
    for key, rows in held.items():
        for before, after in pairwise(sorted(rows, key=lambda r: r["since"])):
            yield key, before, after


def _first_day(bound: str) -> date:
    """The first day a year, month or day may mean."""
    year, month, day = (*map(int, bound.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last_day(bound: str) -> date:
    """The last day a year, month or day may mean; of a month, its 28th, which is near enough here."""
    year, month, day = (*map(int, bound.split("-")), 12, 28)[:3] if bound.count("-") == 0 else (*map(int, bound.split("-")), 28)[:3]
    return date(year, month, day)
