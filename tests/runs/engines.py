"""What a run on an engine must give, whichever engine it is: the ledger of a local run, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.linking import make
from dateline.knowledge.linking import load_lexis, load_pair_weights
from dateline.ledger.store import open_ledger
from dateline.linking.identity import link
from dateline.linking.partitions import RunParts
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.runs.add import Engine, add_reports
from dateline.runs.coder import load_coder
from dateline.runs.link import USUAL
from dateline.runs.local import Found, LoadCoder, code_reports
from tests.ledger.examples import CODER, NOON, STRIKE, report_of
from tests.runs import coders

ROOT = Path(__file__).resolve().parents[2]

TEXTS = (
    "Some 300 workers marched in Brest on Monday to demand the release of two colleagues. Police detained four of them.",
    "The government rejected the union's demand, the labour ministry said. The strike at the Grodno plant will go on.",
    "Nothing happened.",
)


BAD = {3: "raise", 7: "binary", 11: "die", 20: "unwritable"}


def check(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the engine with a coder that fails in every way and with ours, and compares each ledger with that of a local run."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "src")]))  # its processes need the coders of tests
    bad: list[Found] = [report_of(f"{n}.txt", f"{BAD.get(n, '')} {STRIKE} ({n})".strip()) for n in range(36)]
    good: list[Found] = [report_of(f"{n}.txt", text) for n, text in enumerate(TEXTS)]
    for name, found, load, workers in (("bad", bad, coders.load, 2), ("good", good, load_coder, 1)):
        here = _added(code_reports, found, load, workers, folder / name / "local")
        there = _added(engine, found, load, 2, folder / name / "engine")
        assert there.keys() == here.keys()
        assert [path for path in here if here[path] != there[path]] == []
        assert any(path.startswith("claims/") for path in here)


def check_parts(run: RunParts) -> None:
    """Links a made-up collection in parts, and compares with the links of the whole."""
    some = make(200, 3)
    table = Table.of(some.tellings, some.profiles, load_lexis())
    scorer = Scorer(load_pair_weights()).chances
    here = link(table, scorer, USUAL)
    there = link(table, scorer, replace(USUAL, most=90), run=run)
    assert (there.claims, there.events) == (here.claims, here.events)
    assert there.chances.tobytes() == here.chances.tobytes()


def _added(engine: Engine, found: Iterable[Found], load: LoadCoder, workers: int, folder: Path) -> dict[str, bytes]:
    """Every file of the ledger that a run makes, by name."""
    ledger = open_ledger(folder)
    add_reports(found, ledger, load, coder=CODER, now=lambda: NOON, workers=workers, shard=10, engine=engine)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
