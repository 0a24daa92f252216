"""Ledgers to serve: the sample reports, coded, linked and reported on, made once a run."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from typer.testing import CliRunner

from dateline.cli import app

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "belarus-2020"


@cache
def _samples() -> Path:
    folder = Path(mkdtemp(prefix="dateline-samples-")) / "ledger"
    for command in (["add", str(SAMPLES), "--ledger", str(folder)], ["link", "--ledger", str(folder)]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
    return folder


def samples_at(folder: Path) -> Path:
    """A copy of the ledger of the sample reports, to be judged and changed at will."""
    return Path(shutil.copytree(_samples(), folder))
