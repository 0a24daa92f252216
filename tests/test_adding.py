"""The pages that say how to add an event type, actors or a language: what they add is coded as they say."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from dateline.cli import app
from dateline.knowledge import tables
from dateline.knowledge.actors import load_actors
from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.load import Knowledge
from dateline.knowledge.ontology import load_codebook, load_ontology
from dateline.knowledge.own_actors import read_own_actors, with_own_actors
from dateline.pipeline import code_report
from dateline.records import Claim, Report
from tests.coding import DAY, loaded
from tests.test_docs import DOCS, code_blocks, read

BY_TABLE = ("lexicon", "ontology", "cues")
"""The folders of tables that the lexicon and the ontology are read from."""


def code(text: str, knowledge: Knowledge, day: date = DAY) -> tuple[Claim, ...]:
    return code_report(Report("test", text.encode(), "text/plain", published=day), knowledge, loaded()[1]).claims


def rows_of(page: Path, columns: int) -> list[list[str]]:
    """The cells of the page's tables of so many columns, without their heads."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", read(page), re.MULTILINE)]
    return [row for row in rows if len(row) == columns and not set("".join(row)) <= set("-:")]


# ---------------------------------------------------------------- an event type

TYPE_PAGE = DOCS / "adding-event-type.md"


@pytest.fixture(scope="module")
def with_new_type(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """All knowledge, with the type and the entry of the page in a copy of the tables."""
    known = loaded()[0]
    copy = tmp_path_factory.mktemp("tables")
    for folder in BY_TABLE:
        shutil.copytree(tables.TABLES / folder, copy / folder)
    shutil.copy(tables.TABLES / "irregular_verbs.yaml", copy)
    new_type, new_entry = (b for b in code_blocks(TYPE_PAGE) if b.startswith("- id: "))
    with (copy / "ontology" / "event_types.yaml").open("a", encoding="utf-8") as types:
        types.write(f"\n{new_type}\n")
    (copy / "lexicon" / "displace.yaml").write_text(new_entry, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "TABLES", copy)
        assert load_codebook().types[-1].type.id == "DISPLACE"
        return replace(known, lexicon=load_lexicon(), ontology=load_ontology())


@pytest.mark.parametrize(("text", "coded"), rows_of(TYPE_PAGE, 2)[1:])
def test_a_sentence_of_the_page_is_coded_with_the_new_type_as_it_says(text: str, coded: str, with_new_type: Knowledge) -> None:
    claims = code(text, with_new_type)
    assert code(text, loaded()[0]) == ()
    if coded == "nothing":
        assert claims == ()
        return
    (event,) = (claim.event for claim in claims)
    said = [f"{event.type} · {event.mode}", event.status.value.value]
    said += [f"{count.what} {count.low:,.0f}–{count.high:,.0f}" for count in event.counts if count.high is not None]
    assert ", ".join(said) == coded


def test_the_examples_of_the_new_entry_are_matched(with_new_type: Knowledge) -> None:
    (entry,) = (entry for entry in with_new_type.lexicon.entries if entry.id == "displace.flee")
    assert entry.examples
    for example in entry.examples:
        (event,) = (claim.event for claim in code(example.text, with_new_type))
        assert (event.rule, event.status.value.value) == (entry.id, example.status or "asserted")
    assert [text for text in entry.near_misses if code(text, with_new_type)] == []


def test_the_line_for_other_schemes_fits_their_table() -> None:
    (line,) = (block for block in code_blocks(TYPE_PAGE) if block.strip().startswith("DISPLACE:"))
    assert yaml.safe_load(line) == {"DISPLACE": []}
    assert "ELECTION" in yaml.safe_load((tables.TABLES / "ontology" / "crosswalks.yaml").read_text(encoding="utf-8"))["rows"]


# ---------------------------------------------------------------- actors

ACTOR_PAGE = DOCS / "adding-actors.md"


@pytest.fixture(scope="module")
def with_own_table(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """All knowledge, with the table of the page."""
    (table,) = (block for block in code_blocks(ACTOR_PAGE) if block.startswith("name,"))
    path = tmp_path_factory.mktemp("actors") / "actors.csv"
    path.write_text(table, encoding="utf-8")
    actors = load_actors()
    return replace(loaded()[0], actors=with_own_actors(actors, read_own_actors(path, actors.countries)))


@pytest.mark.parametrize(("report", "who", "coded"), rows_of(ACTOR_PAGE, 3)[1:])
def test_an_actor_of_the_page_is_who_it_says_on_that_day(report: str, who: str, coded: str, with_own_table: Knowledge) -> None:
    day, _, text = report.partition(": ")
    (event,) = (claim.event for claim in code(text, with_own_table, date.fromisoformat(day)))
    assert [(p.actor.name, f"{p.actor.country}, {p.actor.sector}") for p in event.actors] == [(who, coded)]
    assert event.actors[0].actor.id is not None
    assert event.actors[0].actor.id.startswith("own:")


# ---------------------------------------------------------------- a language


def test_a_report_in_another_language_is_refused_as_the_page_shows() -> None:
    blocks = code_blocks(DOCS / "adding-language.md")
    (command,) = (block for block in blocks if block.startswith("echo"))
    (shown,) = (block for block in blocks if block.startswith("standard input"))
    echoed, _, dateline = command.partition(" | ")
    result = CliRunner().invoke(app, shlex.split(dateline)[1:], input=shlex.split(echoed)[1])
    assert result.exit_code == 3
    assert shown in result.output
