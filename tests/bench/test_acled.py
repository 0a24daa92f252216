"""Every sub-event type of ACLED that a record can have is a label, and the figures are the usual ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bench.acled import NAMES, label_of, scores
from dateline.knowledge.crosswalks import load_crosswalks
from tests.coding import code_text

SNIPPETS = Path(__file__).resolve().parents[1] / "specs" / "acled" / "snippets.yaml"
LEAST_RIGHT = 0.9


def test_every_code_of_the_crosswalk_has_a_label() -> None:
    names = yaml.safe_load(NAMES.read_text(encoding="utf-8"))["sub_events"]
    crosswalks = load_crosswalks()
    given = {row.codes.acled[1] for rows in crosswalks.rows.values() for row in rows if row.codes.acled}
    given |= {acled[1] for _, acled in crosswalks.incidents}
    assert given <= set(names)


def test_labels_are_weighted_by_how_often_gold_has_them() -> None:
    pairs = [("A", "A"), ("A", "A"), ("A", "B"), ("B", "B")]
    figures = scores(pairs)
    assert figures["weighted_f1"] == pytest.approx((3 * 0.8 + 2 / 3) / 4)
    assert figures["macro_f1"] == pytest.approx((0.8 + 2 / 3) / 2)
    assert figures["micro_f1"] == 0.75


def test_short_reports_come_to_their_sub_event_type() -> None:
    """The project's own snippets, three or more a type, read while the tables were written: a specification, no estimate."""
    names, crosswalks = yaml.safe_load(NAMES.read_text(encoding="utf-8")), load_crosswalks()
    snippets = yaml.safe_load(SNIPPETS.read_text(encoding="utf-8"))
    assert set(snippets) == set(names["sub_events"])
    assert all(len(listed) >= 3 for listed in snippets.values())
    pairs = [
        (names["sub_events"][type], label_of(code_text(text), crosswalks, names)) for type in snippets for text in snippets[type]
    ]
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(pairs), wrong


def test_a_text_without_a_record_has_the_label_of_nothing_known() -> None:
    names = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    assert label_of(code_text("The river is wide."), load_crosswalks(), names) == names["none"]
