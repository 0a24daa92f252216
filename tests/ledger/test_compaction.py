"""Compaction changes where rows lie and nothing that can be read of them, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dateline.ledger.store import Ledger, Summary, open_ledger
from tests.ledger.examples import NOON
from tests.ledger.test_as_of import HOUR, READINGS, grow

COMPACTED = NOON + timedelta(days=30)


def readings(ledger: Ledger, hours: Sequence[int]) -> list[list[object]]:
    """Everything that can be read as of these hours."""
    return [[_said(reading(ledger, NOON + hour * HOUR)) for reading in READINGS] for hour in hours]


def _said(value: object) -> object:
    """How many shards and volumes there are is all that a compaction may change."""
    return replace(value, shards=0) if isinstance(value, Summary) else value


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    ledger = open_ledger(tmp_path_factory.mktemp("plain") / "l")
    for hour in range(6):
        grow(ledger, hour)
    return ledger


@pytest.fixture(scope="module")
def as_it_was(plain: Ledger) -> list[list[object]]:
    return readings(plain, range(6))


@pytest.mark.parametrize("every", [1, 2, 3])
def test_nothing_that_can_be_read_changes(tmp_path: Path, as_it_was: list[list[object]], every: int) -> None:
    ledger = open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
        if hour % every == every - 1:
            assert ledger.compact(made_at=COMPACTED + hour * HOUR).shards
    for hour, then in enumerate(readings(open_ledger(ledger.path), range(6))):
        for number, (now, before) in enumerate(zip(then, as_it_was[hour], strict=True)):
            assert now == before, f"reading {number} of hour {hour}"


def test_what_lies_beside_the_volumes_is_read_with_them(tmp_path: Path, as_it_was: list[list[object]]) -> None:
    """Codings, failures and links of documents that are sealed already."""
    ledger = open_ledger(tmp_path / "l")
    for hour in range(6):
        grow(ledger, hour)
        if hour in (0, 2):
            ledger.compact(made_at=COMPACTED + hour * HOUR)
    assert readings(ledger, [1, 3, 5]) == [as_it_was[hour] for hour in (1, 3, 5)]
