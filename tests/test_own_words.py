"""Every sentence of the repository is our own: none shares a run of words with an article that was coded by hand.

The articles stand beside the repository; where they do not, the test says so and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.knowledge.lexicon import load_lexicon

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
LONGEST = 5
"""Words in a row that two texts may share by chance: "took part in the strike"."""


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    size = LONGEST + 1
    return (tuple(found[i : i + size]) for i in range(len(found) - size + 1))


@pytest.fixture(scope="module")
def theirs() -> frozenset[tuple[str, ...]]:
    if not GOLD.is_dir():
        pytest.skip(f"the hand-coded articles are not at hand: {GOLD}")
    return frozenset(run for path in GOLD.glob("*.txt") for run in runs(path.read_text(encoding="utf-8")))


def shared(texts: list[str], theirs: frozenset[tuple[str, ...]]) -> list[str]:
    return [text for text in texts if any(run in theirs for run in runs(text))]


def test_the_lexicon_speaks_in_our_own_words(theirs: frozenset[tuple[str, ...]]) -> None:
    texts = [
        t for e in load_lexicon().entries for t in (*(x.text for each in e.examples for x in each.spelt_out()), *e.near_misses)
    ]
    assert shared(texts, theirs) == []


@pytest.mark.parametrize("folder", ["tests/specs", "samples", "src/dateline/knowledge"])
def test_specs_samples_and_tables_are_our_own(folder: str, theirs: frozenset[tuple[str, ...]]) -> None:
    paths = [p for p in (ROOT / folder).rglob("*") if p.suffix in {".yaml", ".txt", ".html", ".jsonl"}]
    lines = [f"{p.name}: {line}" for p in paths for line in p.read_text(encoding="utf-8").splitlines()]
    assert shared(lines, theirs) == []
