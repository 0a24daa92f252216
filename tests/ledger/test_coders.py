"""Ledgers of other coders lie beside one's own, under names that every disk takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.ledger.coders import other_coder, other_coders


def test_a_ledger_without_other_coders_has_none(tmp_path: Path) -> None:
    assert other_coders(tmp_path) == ()


def test_coders_are_told_in_order_and_stray_files_are_none(tmp_path: Path) -> None:
    for name in ("ucdp", "acled-2024", "Not One"):
        (tmp_path / "coders" / name).mkdir(parents=True)
    (tmp_path / "coders" / "notes").write_text("")
    assert other_coders(tmp_path) == ("acled-2024", "ucdp")
    assert other_coder(tmp_path, "ucdp") == tmp_path / "coders" / "ucdp"


@pytest.mark.parametrize("name", ["", "..", "../away", "ACLED", "-a", "a b", "a" * 65])
def test_what_is_no_folder_everywhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a coder's name"):
        other_coder(tmp_path, name)
