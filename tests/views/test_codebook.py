"""The printed codebook holds what the tables hold, and is a page that renders."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.knowledge.crosswalks import load_crosswalks
from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.ontology import Guide, load_codebook, load_ontology
from dateline.knowledge.protests import load_protests
from dateline.records import StatusValue
from dateline.views.codebook import codebook_data, codebook_page

BOOK, CROSSWALKS, LEXICON, PROTESTS = load_codebook(), load_crosswalks(), load_lexicon(), load_protests()
PAGE = codebook_page(BOOK, CROSSWALKS, LEXICON, PROTESTS)


@pytest.mark.parametrize("guide", BOOK.types, ids=lambda g: g.type.id)
def test_a_type_has_a_section_with_its_modes_and_boundaries(guide: Guide) -> None:
    section = codebook_page(BOOK, CROSSWALKS, LEXICON, PROTESTS, only=guide.type.id)
    assert section.startswith(f"## {guide.type.id}\n")
    for words in (*guide.type.modes, *guide.type.modes.values(), *guide.includes, *guide.excludes):
        assert words in section
    assert all(b.case in section for b in guide.boundary)
    assert section in PAGE


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    width = 0
    for line in PAGE.splitlines():
        cells = line.count("|") - 1
        width = (width or cells) if line.startswith("|") else 0
        assert not line.startswith("|") or cells == width, line


def test_statuses_are_those_of_the_records_and_sectors_and_contexts_all_stand_there() -> None:
    assert {s.id for s in BOOK.statuses} == {str(s.value) for s in StatusValue}
    assert all(f"| {s.id} |" in PAGE for s in BOOK.sectors)
    assert all(f"| {c.id} |" in PAGE for c in BOOK.contexts)


def test_a_boundary_case_names_a_type_there_is_or_none() -> None:
    known = {*load_ontology().types, "none"}
    assert all(b.type in known for guide in BOOK.types for b in guide.boundary)


def test_where_the_parties_decide_it_gives_every_code() -> None:
    assault = next(t for t in codebook_data(BOOK, CROSSWALKS, LEXICON, PROTESTS)["types"] if t["id"] == "ASSAULT")
    firearms = next(m for m in assault["modes"] if m["id"] == "firearms")
    assert {"Battles / Armed clash", "Violence against civilians / Attack"} <= set(firearms["acled"])


def test_the_command_prints_it_whole_or_one_type_or_as_data() -> None:
    run = CliRunner().invoke
    assert run(app, ["codebook"]).stdout == PAGE
    assert run(app, ["codebook", "--type", "vote"]).stdout.startswith("## VOTE\n")
    assert json.loads(run(app, ["codebook", "--json"]).stdout)["types"][0]["id"] == "AGREE"
    wrong = run(app, ["codebook", "--type", "quarrel"])
    assert wrong.exit_code == 2
    assert "no event type is called 'quarrel'" in wrong.stderr
