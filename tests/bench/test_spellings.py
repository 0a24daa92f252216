"""Pairs of names of a marked document, and a ledger made to be timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.clusters import Tally
from bench.coref_data import MarkedDocument
from bench.pages import CLAIMS_A_DOCUMENT, SHARDS, main, write_ledger
from bench.spellings import pairs_of, score
from dateline.knowledge.name_forms import load_name_forms

WORDS = ["Rita", "Bor", "met", "Ivan", "Bor", ".", "Bor", "saw", "her", ".", "The", "Mayor", "left"]
CHAINS = (frozenset({(0, 1), (6, 6), (8, 8)}), frozenset({(3, 4)}), frozenset({(10, 11)}))


@pytest.fixture
def document() -> MarkedDocument:
    return MarkedDocument("d", tuple(WORDS), CHAINS, ((),) * len(CHAINS))


def test_pairs_are_of_names_only(document: MarkedDocument) -> None:
    assert set(pairs_of(document)) == {
        ("Bor", "Ivan Bor", False),
        ("Bor", "Rita Bor", True),
        ("Ivan Bor", "Rita Bor", False),
    }


def test_a_surname_of_two_people_is_joined_once_too_often(document: MarkedDocument) -> None:
    assert score(document, load_name_forms()) == Tally(1, 1, 1, 2)


def test_the_made_ledger_has_the_claims_asked_for(tmp_path: Path) -> None:
    claims = SHARDS * CLAIMS_A_DOCUMENT
    assert write_ledger(tmp_path / "ledger", claims).summary().claims == claims


def test_pages_are_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--claims", "3000", "--json"]) == 0
    assert '"actor_page_cpu_s"' in capsys.readouterr().out
