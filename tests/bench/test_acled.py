"""Every sub-event type of ACLED that a record can have is a label, and the figures are the usual ones."""

from __future__ import annotations

import pytest
import yaml

from bench.acled import NAMES, scores
from dateline.knowledge.crosswalks import load_crosswalks


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
