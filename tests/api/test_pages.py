"""The pages on the Python API: the tour runs and prints what it shows, and the reference has every public name."""

from __future__ import annotations

import inspect
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

import dateline
from dateline.api import adding, coding
from dateline.runs.coder import load_coder
from tests.test_docs import DOCS, code_blocks, read
from tools.api_page import ELSEWHERE, PARTS, members, page

loaded_once = cache(load_coder)
"""Several parts of the tour load the models, which takes longer than all of the rest."""


def test_the_tour_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("pandas", "geopandas", "networkx", "spacy", "sklearn"):
        pytest.importorskip(library)
    monkeypatch.chdir(tmp_path)
    for module in (coding, adding):
        monkeypatch.setattr(module, "load_coder", loaded_once)
    names: dict[str, object] = {}
    blocks = [block for block in code_blocks(DOCS / "python.md") if not block.startswith("pip ")]
    assert len(blocks) > 15
    for block in blocks:
        expected = [line[2:] for line in block.splitlines() if line.startswith("# ")]
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(block, "python.md", "exec"), names)
        assert [line.strip() for line in printed.getvalue().splitlines()] == expected


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert read(DOCS / "api.md") == page(), "run python tools/api_page.py"


def test_every_public_name_is_in_the_reference_and_says_what_it_is() -> None:
    told = [name for names in PARTS.values() for name in names]
    assert sorted([*told, *ELSEWHERE, "__version__"]) == sorted(dateline.__all__)
    for name in told:
        thing = getattr(dateline, name)
        assert inspect.getdoc(thing), name
        for inner, member in members(thing) if inspect.isclass(thing) else ():
            assert inspect.getdoc(member), f"{name}.{inner}"
            assert f"#### .{inner}" in page()
