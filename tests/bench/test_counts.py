"""`python -m bench counts` on incidents of our own."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.counts import main
from dateline.serial import to_json
from tests.coding import code_text

TEXTS = {
    "a": ("2021-03-02", "Gunmen shot dead two porters in Tartu on Monday. Three clerks were wounded."),
    "b": ("2021-03-04", "Three porters were killed in the shooting in Tartu on Monday, police said. Two clerks were wounded."),
    "c": ("2021-03-09", "A clerk was shot in the leg in Narva on Monday."),
}
RECORDS = [("1", ["a", "b"], 3, 2), ("2", ["c"], 0, 1)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two incidents, one of them told by two reports of which the later knows of one more death."""
    rows = [{"doc_id": d, "title": "", "text": text, "dct": day, "url": None} for d, (day, text) in TEXTS.items()]
    incidents = [{"incident_id": i, "doc_ids": docs, "num_killed": k, "num_injured": n} for i, docs, k, n in RECORDS]
    with gzip.open(tmp_path / "docs.dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "incidents.dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in incidents), encoding="utf-8")
    with gzip.open(tmp_path / "codings.jsonl.gz", "wt", encoding="utf-8") as file:
        for name, (day, text) in TEXTS.items():
            file.write(to_json(replace(code_text(text, date.fromisoformat(day)), report=name)) + "\n")
    return tmp_path


def test_a_death_that_is_told_later_moves_one_of_the_injured(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "--codings", str(data / "codings.jsonl.gz"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["killed_exact"], figures["injured_exact"], figures["n"]) == (1.0, 1.0, 2)
