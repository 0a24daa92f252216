"""Reads the cases of tests/specs/sentences and tests/specs/tokens: one a line, | at every boundary, odd characters by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from _pytest.mark.structures import ParameterSet

SPECS = Path(__file__).parents[1] / "specs"

BY_NAME = {
    "⏎": "\n",
    "␣": "\u00a0",
    "⟨thin⟩": "\u2009",
    "⟨ideographic⟩": "\u3000",
    "⟨zwsp⟩": "\u200b",
    "⟨zwnj⟩": "\u200c",
    "⟨bom⟩": "\ufeff",
    "⟨lrm⟩": "\u200e",
    "⟨rlm⟩": "\u200f",
    "⟨shy⟩": "\u00ad",
    "⟨acute⟩": "\u0301",
}
NAMED = re.compile(r"[⏎␣]|⟨[^⟩]*⟩")


@dataclass(frozen=True)
class Case:
    """One line of a file: the text, the pieces it is to be cut into (without spaces around them), whether we get it wrong yet."""

    id: str
    text: str
    pieces: tuple[str, ...]
    is_not_yet: bool


def read_cases(folder: str) -> Iterator[Case]:
    """The cases of every file of a folder, in order. Raises KeyError on a character's name that is not known."""
    for path in sorted((SPECS / folder).glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            for line in group["cases"].splitlines():
                written = NAMED.sub(lambda m: BY_NAME[m[0]], line)
                pieces = tuple(p.strip() for p in written.split("|") if p.strip())
                yield Case(f"{path.stem}, {group['about']}: {line}", written.replace("|", ""), pieces, group.get("not_yet", False))


def as_parameters(cases: Iterable[Case]) -> list[ParameterSet]:
    """The cases for pytest; one that we still get wrong has to fail, so that it is moved when it is mended."""
    wrong = pytest.mark.xfail(reason="not yet", strict=True)
    return [pytest.param(c, id=c.id, marks=wrong if c.is_not_yet else ()) for c in cases]
