"""JSON lines that read back as equal records, and a Parquet file that pandas, polars and pyarrow open with the right types."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from dateline.cli import app
from dateline.exports.lossless import METADATA, column_names
from dateline.exports.telling import Options, Told
from dateline.knowledge.exports import names_of
from dateline.records import EventInFull
from dateline.serial import from_json
from dateline.web.sharing.rows import Chosen
from tests.exports.conftest import BASE, bytes_of
from tests.web.world import FORMULA, HOSTILE, event_called


@pytest.fixture(scope="module")
def table(world: Chosen) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(bytes_of(world, "parquet"))).set_index("id", drop=False)


def test_a_line_reads_back_as_the_event_it_was_written_from(world: Chosen, told_of_world: list[Told]) -> None:
    lines = bytes_of(world, "jsonl").decode().splitlines()
    back = [from_json(EventInFull, line) for line in lines]
    assert [event.event for event in back] == [told.event for told in told_of_world]
    assert [event.judgements for event in back] == [told.judgements for told in told_of_world]
    assert [event.marks for event in back] == [told.marks for told in told_of_world]
    for event, told in zip(back, told_of_world, strict=True):
        assert {source.id for source in event.sources} == set(told.sources)
        assert event.address == f"{BASE}events/{event.id}"
        assert {source.text for source in event.sources} == {None}, "texts are their publishers'"


def test_whole_texts_are_what_the_spans_count_in(world: Chosen) -> None:
    lines = bytes_of(world, "jsonl", Options(has_whole_texts=True)).decode().splitlines()
    events = [from_json(EventInFull, line) for line in lines]
    assert events
    for event in events:
        texts = {source.id: source.text for source in event.sources}
        for telling in event.event.tellings:
            text = texts[telling.claim.document]
            assert text is not None
            assert telling.claim.event.evidence.of(text) == telling.evidence


def test_each_line_fits_the_schema_that_the_command_prints(world: Chosen) -> None:
    result = CliRunner().invoke(app, ["schema", "--events"])
    assert result.exit_code == 0
    validator = Draft202012Validator(json.loads(result.output))
    for line in bytes_of(world, "jsonl").decode().splitlines()[:12]:
        validator.validate(json.loads(line))
    assert not validator.is_valid({"version": 1, "id": "a"})


def test_pandas_reads_bounds_as_numbers_and_open_ones_as_missing(table: pd.DataFrame) -> None:
    gate = table.loc[event_called("arrests at the gate")]
    assert gate["detained_low"] == 14
    assert pd.isna(gate["detained_high"])
    assert pd.isna(gate["killed_low"]), "no figure is not nought"
    assert {"what": "detained", "verdict": "dispute"}.items() <= gate["figures"][0].items()
    assert [actor["name"] for actor in gate["actors"]] == ["Ashport police"]
    assert "detained" in gate["disputed"]


def test_a_country_has_no_point(table: pd.DataFrame) -> None:
    curfew = table.loc[event_called("the curfew")]
    assert (curfew["place"], curfew["place_kind"], curfew["country"]) == ("Chad", "country", "TCD")
    assert pd.isna(curfew["latitude"])
    assert pd.isna(curfew["longitude"])


def test_what_was_planned_or_denied_says_so(table: pd.DataFrame) -> None:
    assert table.loc[event_called("the vigil")]["status"] == "planned"


def test_hostile_text_is_kept_to_the_letter(table: pd.DataFrame) -> None:
    event = table.loc[event_called("hostile markup")]
    assert event["evidence"].startswith(HOSTILE)
    assert event["publishers"].tolist() == [FORMULA]


def test_an_event_that_was_taken_back_does_not_stand(table: pd.DataFrame) -> None:
    assert not table.loc[event_called("hostile markup")]["stands"]
    assert table.loc[event_called("the march")]["stands"]


def test_polars_reads_the_same(world: Chosen, table: pd.DataFrame) -> None:
    frame = pl.read_parquet(io.BytesIO(bytes_of(world, "parquet")))
    assert frame["id"].to_list() == table["id"].to_list()
    assert frame.schema["first_day"] == pl.Date
    assert frame.schema["known_since"] == pl.Datetime("us", "UTC")
    killed = frame.explode("figures").unnest("figures").filter(pl.col("what") == "detained")["low"].drop_nulls()
    assert len(killed) > 0


def test_the_file_says_what_it_is_of(world: Chosen) -> None:
    said = json.loads(pq.read_schema(io.BytesIO(bytes_of(world, "parquet"))).metadata[METADATA])
    assert said == world.about()
    assert said["licence"]


def test_a_question_that_nothing_answers_gives_a_table_without_rows(world: Chosen) -> None:
    none = pq.read_table(io.BytesIO(bytes_of(_without_rows(world), "parquet")))
    assert none.num_rows == 0
    assert tuple(none.column_names) == column_names()


def test_every_column_is_explained() -> None:
    assert names_of("parquet") == column_names()


def test_the_command_writes_what_the_file_is_of_beside_json_lines(world: Chosen, tmp_path: Path) -> None:
    ledger, file = str(world.site.ledger.path), tmp_path / "events.jsonl"
    assert CliRunner().invoke(app, ["export", "--to", "jsonl", "-o", str(file), "--ledger", ledger]).exit_code == 0
    said = json.loads((tmp_path / "events.jsonl-metadata.json").read_text())["dateline"]
    assert said["events"] == len(file.read_text().splitlines())
    assert {"licence", "filter", "program", "date"} <= set(said)


def _without_rows(chosen: Chosen) -> Chosen:
    return replace(chosen, rows=chosen.rows[:0])
