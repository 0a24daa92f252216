"""What is known to go wrong, in words. Knowledge: static/gaps.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Gap:
    """Something that is read worse than a careful coder would; `see` is the page of docs/ that tells more."""

    about: str
    words: str
    see: str


def load_gaps() -> tuple[Gap, ...]:
    """The gaps in the order of the table."""
    table = yaml.safe_load(files("dateline.views").joinpath("static/gaps.yaml").read_text(encoding="utf-8"))
    return tuple(Gap(**gap) for gap in table["gaps"])
