"""The page's scripts by themselves: their own tests, and that they count what the server counts."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from dateline.ledger.store import open_ledger
from dateline.runs.board import FIGURE_PART, FIGURE_RUNNING, Board, wire
from dateline.web.filters import FACETS, FLAGS, Filters
from dateline.web.site import Site
from tests.web.ledgers import samples_at

PAGE = Path(__file__).resolve().parents[2] / "page"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (PAGE / "node_modules").exists(),
    reason="no node, or its packages are not there: `cd page && npm ci`",
)


@needs_node
def test_the_scripts_pass_their_own_tests() -> None:
    told = subprocess.run(["npm", "test", "--silent"], cwd=PAGE, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@needs_node
def test_the_page_counts_what_the_server_counts(tmp_path: Path) -> None:
    """On 200 sets of filters drawn at random: rows, facets under the other filters, and figures."""
    site = Site(open_ledger(samples_at(tmp_path / "ledger"), create=False))
    board = site.board()
    (tmp_path / "columns").write_bytes(wire(board))
    drawn = [_drawn(board, random.Random(seed)) for seed in range(200)]
    found = [site.find(board, filters.q).tolist() if filters.q else [] for filters in drawn]
    asked = [{"query": filters.query(), "found": rows} for filters, rows in zip(drawn, found, strict=True)]
    given = json.dumps({"columns": str(tmp_path / "columns"), "asked": asked})
    told = subprocess.run(
        ["node", "test/count.mjs"], cwd=PAGE, input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert told.returncode == 0, told.stderr
    answers = json.loads(told.stdout)
    assert 20 < sum(bool(answer["rows"]) for answer in answers) < 200
    for filters, answer in zip(drawn, answers, strict=True):
        fitting = _fitting(site, board, filters)
        assert answer["rows"] == fitting, filters.query()
        for name, column in (("types", "type"), ("places", "place")):
            unasked: dict[str, Any] = {column: ()}
            others = _fitting(site, board, replace(filters, **unasked))
            size = len(answer[name])
            counts = Counter(min(int(board.columns[column][row]), size - 1) for row in others)
            assert answer[name] == [counts[number] for number in range(size)], filters.query()
        assert {figure["what"]: (figure["low"], figure["events"]) for figure in answer["figures"]} == _figures(board, fitting)


def _fitting(site: Site, board: Board, filters: Filters) -> list[int]:
    found = site.find(board, filters.q) if filters.q else None
    rows: list[int] = filters.rows(board, found).tolist()
    return rows


def _figures(board: Board, rows: list[int]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        for figure in board.figures_of(row):
            if not figure.flags & (FIGURE_RUNNING | FIGURE_PART):
                low, events = sums.get(figure.what, (0, 0))
                sums[figure.what] = low + int(figure.low), events + 1
    return sums


def _drawn(board: Board, chance: random.Random) -> Filters:
    """Filters of values that the board has, some of which leave something and some nothing."""
    tables = board.tables
    known: dict[str, tuple[str, ...]] = {
        "type": tables.types,
        "mode": tables.modes,
        "status": tables.statuses,
        "country": tables.countries,
        "place": tables.places.name,
        "actor": tables.actors.name,
        "flag": tuple(FLAGS),
    }
    params: list[tuple[str, str]] = []
    for name in chance.sample(FACETS, chance.choice((0, 1, 1, 2))):
        values = chance.sample(known[name], min(len(known[name]), chance.randint(1, 6)))
        params += [(name, f"-{value}" if chance.random() < 0.3 else value) for value in values]
    days = [f"2020-08-{chance.randint(8, 24):02}" for _ in range(2)]
    optional: list[tuple[str, Any, float]] = [
        ("since", min(days), 0.4),
        ("until", max(days), 0.4),
        ("dates", "report", 0.2),
        ("review", chance.choice(("reviewed", "machine")), 0.1),
        ("witnesses", "2", 0.15),
        ("box", chance.choice(("20,50,32,56", "27,53.8,28,54", "170,-80,30,60")), 0.2),
        ("q", chance.choice(("strike", "minsk", "police detained", "no such words")), 0.15),
    ]
    params += [(name, value) for name, value, share in optional if chance.random() < share]
    return Filters.parse(QueryParams(params))
