"""Tables are the same whether they were compiled or are parsed, and a changed one is parsed anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.knowledge import tables


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of some tables that may be written to."""
    shutil.copytree(tables.TABLES / "cues", tmp_path / "cues")
    shutil.copytree(tables.TABLES / "times", tmp_path / "times")
    monkeypatch.setattr(tables, "TABLES", tmp_path)
    monkeypatch.setattr(tables, "COMPILED", tmp_path / "compiled.json")
    tables._compiled.cache_clear()
    yield tmp_path
    tables._compiled.cache_clear()


def test_a_compiled_table_is_the_one_that_was_parsed(copied: Path) -> None:
    parsed = {name: tables.read_yaml(name) for name in tables.table_names()}
    version = tables.tables_version()
    tables.compile_tables()
    assert {name: tables.read_yaml(name) for name in tables.table_names()} == parsed
    assert tables.tables_version() == version, "what was compiled is no table of its own"
    assert len(tables._compiled()) > len(parsed) / 2


def test_a_table_that_has_changed_is_parsed(copied: Path) -> None:
    tables.compile_tables()
    (copied / "cues" / "contexts.yaml").write_text("only: [this]\n", encoding="utf-8")
    assert tables.read_yaml("cues/contexts.yaml") == {"only": ["this"]}


@pytest.mark.parametrize("written", ["", "[]", "{not json", '{"cues/status.yaml": 3}'])
def test_a_damaged_compiled_file_is_as_none(copied: Path, written: str) -> None:
    whole = tables.read_yaml("cues/status.yaml")
    (copied / "compiled.json").write_text(written, encoding="utf-8")
    tables._compiled.cache_clear()
    assert tables.read_yaml("cues/status.yaml") == whole


def test_each_reading_is_ones_own(copied: Path) -> None:
    tables.compile_tables()
    tables.read_yaml("cues/reporting.yaml").clear()
    assert tables.read_yaml("cues/reporting.yaml")


def test_a_table_that_does_not_parse_is_named(copied: Path) -> None:
    (copied / "cues" / "status.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"knowledge table cues/status\.yaml does not parse"):
        tables.read_yaml("cues/status.yaml")
