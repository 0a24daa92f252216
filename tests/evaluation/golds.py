"""A small gold set of our own: two reports, coded by hand (tests/evaluation/gold) and by another who differs here and there."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent / "gold"

MARCH = (HERE / "march.txt").read_bytes().decode()


def gold_at(folder: Path) -> Path:
    """The set in a folder."""
    return Path(shutil.copytree(HERE, folder, dirs_exist_ok=True))


def second_at(folder: Path) -> Path:
    """The same by a coder who takes the strike for one that happened, and has no accusation."""
    gold_at(folder)
    march, visit = ((HERE / f"{name}.yaml").read_text("utf-8") for name in ("march", "visit"))
    (folder / "march.yaml").write_text(march.replace("status: planned", "status: asserted"), "utf-8")
    (folder / "visit.yaml").write_text(visit.rpartition("- {id: E2")[0], "utf-8")
    return folder
