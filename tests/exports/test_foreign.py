"""The formats of other event data sets, opened as those who use them do; nothing that did not happen stands in them as a fact."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.exports.acled import acled_row
from dateline.exports.brief import FlatFigure, FlatParty, brief
from dateline.exports.coded import Coded, codes_of, load_schemes, number
from dateline.exports.ged import ged_row
from dateline.exports.telling import Bound, Options, Told
from dateline.knowledge.crosswalks import Codes
from dateline.knowledge.exports import load_export_codes, names_of
from dateline.knowledge.places import load_countries
from dateline.knowledge.tables import read_yaml
from dateline.views.wording import load_wording
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import written
from tests.exports.conftest import BASE, bytes_of, only
from tests.web.world import FORMULA, event_called

FOREIGN = ("acled-csv", "ged-csv", "gdelt-tsv", "cameo-tsv", "plover-jsonl")
SCHEMES = load_schemes()


@pytest.fixture(scope="module")
def acled(world: Chosen) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(bytes_of(world, "acled-csv"))).set_index("event_id_cnty")


@pytest.fixture(scope="module")
def gdelt(world: Chosen) -> pd.DataFrame:
    names = names_of("gdelt-tsv")
    codes = {"EventCode": str, "EventBaseCode": str, "EventRootCode": str}
    text = io.BytesIO(bytes_of(world, "gdelt-tsv"))
    return pd.read_csv(text, sep="\t", header=None, names=list(names), dtype=codes, quoting=csv.QUOTE_NONE)


def told_of(told: list[Told], happening: str) -> Told:
    return next(one for one in told if one.event.id == event_called(happening))


def coded_of(told: Told) -> Coded:
    row = brief(told, load_wording())
    return Coded(row, told, codes_of(row, told, SCHEMES.crosswalks))


def cells_of(row: Any, *columns: str) -> list[Any]:
    return [row[column] for column in columns]


# ---------------------------------------------------------------- what is in none of them


@pytest.mark.parametrize("name", FOREIGN)
def test_what_did_not_happen_is_left_out_and_can_be_asked_for(world: Chosen, name: str) -> None:
    vigil = event_called("the vigil")
    marker = str(int(vigil[:13], 16)) if name == "gdelt-tsv" else vigil
    few = only(world, "the vigil", "the march")
    as_facts, all_of_them = bytes_of(few, name), bytes_of(few, name, Options(has_all_statuses=True))
    assert marker not in as_facts.decode()
    assert (marker in all_of_them.decode()) == (name != "ged-csv"), "a vigil has no dead"


@pytest.mark.parametrize("name", FOREIGN)
def test_what_was_taken_back_is_in_none(world: Chosen, name: str) -> None:
    mill = event_called("hostile markup")
    reasons: list[str] = []
    few = only(world, "hostile markup", "the march")
    text = b"".join(written(few, name, Options(has_all_statuses=True), reasons.append)).decode()
    assert mill not in text
    assert str(int(mill[:13], 16)) not in text
    assert "corrected or taken back by every report of them" in reasons


def test_the_command_says_what_it_left_out_there_and_beside_the_file(world: Chosen, tmp_path: Path) -> None:
    file, ledger = tmp_path / "events.csv", str(world.site.ledger.path)
    result = CliRunner().invoke(app, ["export", "--to", "acled-csv", "-o", str(file), "--ledger", ledger])
    assert result.exit_code == 0, result.output
    assert "left out that would stand there as facts" in result.stderr
    assert "left out: of no type that ACLED has" in result.stderr
    said = json.loads((tmp_path / "events.csv-metadata.json").read_text())
    assert "planned" in said["dateline"]["left_out"]
    assert said["dateline"]["events"] == len(list(csv.reader(io.StringIO(file.read_text())))) - 1
    assert said["dateline"]["bounds"] == "one number is the low one"
    assert [column["name"] for column in said["tableSchema"]["columns"]] == list(names_of("acled-csv"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--to", "parquet", "--bounds", "high"], "--bounds is of --to acled-csv"),
        (["--to", "csv", "--all-statuses"], "--all-statuses is not needed: csv has all statuses"),
        (["--to", "csv", "--whole-texts"], "--whole-texts is of --to html and --to jsonl"),
        (["--to", "acled"], "'acled' is not one of"),
    ],
)
def test_an_option_that_a_format_has_no_use_for_is_refused(world: Chosen, arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["export", *arguments, "-o", "-", "--ledger", str(world.site.ledger.path)])
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


# ---------------------------------------------------------------- ACLED-like


def test_acled_like_has_their_31_columns_and_then_ours(acled: pd.DataFrame) -> None:
    names = names_of("acled-csv")
    assert ["event_id_cnty", *acled.columns] == list(names)
    assert (names[0], names[30]) == ("event_id_cnty", "timestamp")
    assert all(name.startswith("x_") for name in names[31:-1])


def test_a_table_says_in_its_first_row_what_it_is_of(acled: pd.DataFrame) -> None:
    first, *others = acled["about_this_file"]
    assert "licence: Evidence" in first
    assert re.search(r"left_out: .*\d planned", first)
    assert not re.search(r"\d+ events", first), "how many have a code shows when it is written"
    assert all(pd.isna(other) for other in others)


def test_ids_are_none_of_acleds(acled: pd.DataFrame) -> None:
    assert acled.index.str.fullmatch("dateline-[0-9a-f]+").all()


def test_a_march_is_a_peaceful_protest_with_its_crowd(acled: pd.DataFrame) -> None:
    march = acled.loc[f"dateline-{event_called('the march')}"]
    said = cells_of(march, "event_date", "time_precision", "disorder_type", "event_type", "sub_event_type", "inter1", "interaction")
    assert said == ["2024-03-08", 1, "Demonstrations", "Protests", "Peaceful protest", 6, 60]
    assert cells_of(march, "iso", "region", "country", "location", "geo_precision") == [620, "Europe", "Portugal", "Lowen", 1]
    assert march["tags"] == "crowd size=6300-7000"
    assert march["x_address"] == f"{BASE}events/{event_called('the march')}"


def test_bounds_stand_in_columns_of_ours(acled: pd.DataFrame) -> None:
    gate = acled.loc[f"dateline-{event_called('arrests at the gate')}"]
    assert gate["x_detained_low"] == 14
    assert pd.isna(gate["x_detained_high"])
    assert pd.isna(gate["fatalities"]), "no figure is not nought"
    assert "detained" in gate["x_disputed"]


def test_a_country_has_no_point_and_no_precision(acled: pd.DataFrame) -> None:
    curfew = acled.loc[f"dateline-{event_called('the curfew')}"]
    assert curfew["country"] == "Chad"
    assert curfew[["location", "latitude", "longitude", "geo_precision"]].isna().all()


DEAD = FlatFigure("killed", None, 40, None, 45, 60, "range", False)


@pytest.mark.parametrize(("bound", "said"), [(Bound.LOW, 40), (Bound.BEST, 45), (Bound.HIGH, 60)])
def test_one_number_is_by_the_rule_that_was_asked_for(told_of_world: list[Told], bound: Bound, said: int) -> None:
    march = coded_of(told_of(told_of_world, "the march"))
    row = acled_row(replace(march, row=replace(march.row, figures=(DEAD,))), SCHEMES, bound)
    assert row["fatalities"] == said
    assert (row["x_fatalities_low"], row["x_fatalities_high"]) == (40, None)


def test_a_total_so_far_is_no_number_of_the_event() -> None:
    assert number(replace(DEAD, is_running=True), Bound.LOW) is None
    assert number(None, Bound.LOW) is None


@pytest.mark.parametrize(
    ("sector", "home", "inter"), [("MIL", "PRT", 1), ("MIL", "ESP", 8), ("REB", "PRT", 2), ("LAB", "PRT", 6), ("UNK", None, None)]
)
def test_a_kind_of_actor_is_by_sector_and_home(told_of_world: list[Told], sector: str, home: str | None, inter: int | None) -> None:
    march = coded_of(told_of(told_of_world, "the march"))
    party = FlatParty("somebody", home, sector, None, True)
    assert acled_row(replace(march, row=replace(march.row, actors=(party,))), SCHEMES, Bound.LOW)["inter1"] == inter


@pytest.mark.parametrize(
    ("sub_event", "inter"), [("Peaceful protest", 7), ("Protest with intervention", 6), ("Excessive force against protesters", 6)]
)
def test_a_firm_that_is_protested_at_is_no_protester(told_of_world: list[Told], sub_event: str, inter: int) -> None:
    march = coded_of(told_of(told_of_world, "the march"))
    people = (FlatParty("people", "PRT", "CVL", None, True),)
    changed = replace(march, row=replace(march.row, recipients=people), codes=Codes(acled=("Protests", sub_event)))
    assert acled_row(changed, SCHEMES, Bound.LOW)["inter2"] == inter


# ---------------------------------------------------------------- UCDP-GED-like


def attack(told: Told, **changes: object) -> Coded:
    """The march as an attack of an army on rebels with the dead of both sides."""
    row = brief(told, load_wording())
    sides = (FlatFigure("killed", "state", 3, 3, 3, 3, "alone", False), FlatFigure("killed", "society", 2, 4, 2, 4, "alone", False))
    army, rebels = FlatParty("army", "PRT", "MIL", None, True), FlatParty("rebels", "PRT", "REB", None, True)
    usual = {"actors": (rebels,), "recipients": (army,), "figures": (replace(DEAD, low=8, best=9), *sides)}
    return Coded(replace(row, **{**usual, **changes}), told, Codes(ucdp="state-based"))  # type: ignore[arg-type]


def test_ged_like_has_a_best_a_low_and_a_high_figure(told_of_world: list[Told]) -> None:
    row = ged_row(attack(told_of(told_of_world, "the march")), SCHEMES)
    assert (row["best"], row["low"], row["high"], row["x_high_is_open"]) == (9, 8, 60, 1)
    assert (row["deaths_a"], row["deaths_b"], row["deaths_civilians"], row["deaths_unknown"]) == (3, None, 2, 4)
    assert row["best"] == row["deaths_a"] + row["deaths_civilians"] + row["deaths_unknown"]


def test_the_state_is_side_a_whoever_began(told_of_world: list[Told]) -> None:
    row = ged_row(attack(told_of(told_of_world, "the march")), SCHEMES)
    assert (row["side_a"], row["side_b"], row["type_of_violence"]) == (["army"], ["rebels"], 1)


@pytest.mark.parametrize(
    ("last", "assumed", "code"),
    [
        (date(2024, 3, 8), False, 1),
        (date(2024, 3, 8), True, 2),
        (date(2024, 3, 10), False, 2),
        (date(2024, 3, 14), False, 3),
        (date(2024, 3, 31), False, 4),
        (date(2024, 9, 1), False, 5),
    ],
)
def test_the_precision_of_days_is_ucdps(told_of_world: list[Told], last: date, assumed: bool, code: int) -> None:
    row = ged_row(attack(told_of(told_of_world, "the march"), last_day=last, is_day_assumed=assumed), SCHEMES)
    assert (row["date_prec"], row["date_start"], row["date_end"]) == (code, date(2024, 3, 8), last)


def test_ged_like_has_their_38_columns_and_then_ours(world: Chosen) -> None:
    table = pd.read_csv(io.BytesIO(bytes_of(world, "ged-csv")))
    names = names_of("ged-csv")
    assert list(table.columns) == list(names)
    assert names[35:38] == ("best", "high", "low")
    assert all(name.startswith("x_") for name in names[38:-1])


# ---------------------------------------------------------------- GDELT and CAMEO


def test_gdelt_has_61_columns_and_no_head(world: Chosen, gdelt: pd.DataFrame) -> None:
    lines = bytes_of(world, "gdelt-tsv").decode().split("\n")[:-1]
    assert {line.count("\t") for line in lines} == {60}
    assert gdelt["GLOBALEVENTID"].dtype == "int64"
    assert gdelt["GLOBALEVENTID"].is_unique
    assert gdelt[["GoldsteinScale", "AvgTone", "Actor1Geo_Lat", "ActionGeo_FeatureID"]].isna().all(axis=None)


def test_a_row_of_gdelt_is_coded_by_cameo_and_fips(gdelt: pd.DataFrame) -> None:
    gate = gdelt.set_index("GLOBALEVENTID").loc[int(event_called("arrests at the gate")[:13], 16)]
    assert cells_of(gate, "SQLDATE", "MonthYear", "Year", "FractionDate") == [20240304, 202403, 2024, 2024.1753]
    assert cells_of(gate, "Actor1Code", "Actor1CountryCode", "Actor1Type1Code", "Actor2Code") == ["NZLCOP", "NZL", "COP", "NZLLAB"]
    assert cells_of(gate, "EventCode", "EventBaseCode", "EventRootCode", "QuadClass") == ["173", "173", "17", 4]
    assert cells_of(gate, "ActionGeo_Type", "ActionGeo_CountryCode") == [4, "NZ"]
    assert gate["NumArticles"] == 6
    assert gate["SOURCEURL"] == "https://wire.example/gate"


def test_a_country_has_no_point_in_gdelt_either(gdelt: pd.DataFrame) -> None:
    country = gdelt[gdelt["ActionGeo_Type"] == 1]
    assert len(country) > 0
    assert country[["ActionGeo_Lat", "ActionGeo_Long"]].isna().all(axis=None)


def test_phoenix_has_26_columns_that_say_where_the_words_are(world: Chosen) -> None:
    text = io.BytesIO(bytes_of(world, "cameo-tsv"))
    names = list(names_of("cameo-tsv"))
    table = pd.read_csv(text, sep="\t", header=None, names=names, dtype={"EventCode": str}, quoting=csv.QUOTE_NONE)
    march = table.set_index("EventID").loc[f"dateline-{event_called('the march')}"]
    assert cells_of(march, "SourceActorFull", "SourceActorEntity", "SourceActorRole", "TargetActorFull") == [
        "PRTEDU",
        "PRT",
        "EDU",
        "---",
    ]
    assert cells_of(march, "EventCode", "PentaClass", "LocationName") == ["141", 4, "Lowen"]
    document, _, span = march["SentenceID"].partition(":")
    start, end = map(int, span.split("-"))
    entered = world.site.ledger.entered([document], None)[document]
    assert "march" in entered.document.text[start:end]


# ---------------------------------------------------------------- PLOVER


def test_a_line_of_plover_has_their_keys_and_ours_under_one(world: Chosen) -> None:
    lines = {line["id"]: line for line in map(json.loads, bytes_of(world, "plover-jsonl").decode().splitlines())}
    gate = lines[f"dateline-{event_called('arrests at the gate')}"]
    keys = [name for name in names_of("plover-jsonl") if "." not in name]
    assert list(gate) == keys
    inside = [name.partition(".")[2] for name in names_of("plover-jsonl") if "." in name]
    assert list(gate["actor"][0]) == inside
    assert (gate["event"], gate["mode"], gate["date"]) == (["COERCE"], "arrest", "2024-03-04")
    assert (gate["actor"][0]["raw_text"], gate["actor"][0]["entity_name"]) == ("Police", "Ashport police")
    detained = next(figure for figure in gate["dateline"]["figures"] if figure["what"] == "detained")
    assert (detained["low"], detained["high"]) == (14, None)


# ---------------------------------------------------------------- cells and tables


def every_cell(world: Chosen) -> Iterator[str]:
    for name in ("acled-csv", "ged-csv"):
        for row in csv.reader(io.StringIO(bytes_of(world, name, Options(has_all_statuses=True)).decode())):
            yield from row
    for name in ("gdelt-tsv", "cameo-tsv"):
        for line in bytes_of(world, name, Options(has_all_statuses=True)).decode().splitlines():
            yield from line.split("\t")


def test_no_cell_can_act_as_a_formula(world: Chosen) -> None:
    numbers = ("-", "---")
    for cell in every_cell(world):
        assert cell[:1] not in {"=", "+", "@"}
        assert (
            not cell.startswith(numbers)
            or cell.lstrip("-").replace(".", "").isdigit()
            or cell.strip("-").isalpha()
            or cell == "---"
        )
    assert FORMULA.startswith("=")


def test_every_country_has_codes_and_regions() -> None:
    codes, countries = load_export_codes().countries, load_countries()
    assert set(codes) == set(countries)
    assert [c for c, row in codes.items() if not row.fips] == ["ALA", "BES"]
    assert {row.acled_region for row in codes.values() if not row.acled_region} == set()
    assert codes["BLR"].fips == "BO"
    assert codes["BLR"].iso_numeric == "112"


def test_every_sub_event_of_the_crosswalk_has_a_disorder_type() -> None:
    table, crosswalks = load_export_codes().acled, SCHEMES.crosswalks
    sub_events = {row.codes.acled[1] for rows in crosswalks.rows.values() for row in rows if row.codes.acled}
    sub_events |= {acled[1] for _, acled in crosswalks.incidents} | set(crosswalks.responses.values())
    assert sub_events <= set(table.disorder)
    assert table.targets_civilians | table.crowd_is_target <= set(table.disorder)


def test_every_root_of_the_crosswalk_has_its_classes() -> None:
    table = load_export_codes().cameo
    roots = {code[:2] for code in SCHEMES.crosswalks.labels}
    assert roots <= set(table.quad_class)
    assert roots <= set(table.penta_class)


def test_every_sector_but_nobody_knows_who_has_a_kind_of_actor() -> None:
    table = load_export_codes().acled
    assert set(table.sectors) | {"UNK"} == {sector["id"] for sector in read_yaml("ontology/sectors.yaml")}
    assert set(table.sectors.values()) <= set(table.kinds)


def test_no_format_has_a_column_twice() -> None:
    for name in read_yaml("exports/columns.yaml"):
        columns = names_of(name)
        assert len(set(columns)) == len(columns), name
