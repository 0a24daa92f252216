"""Reports of one story come close together although they share few words."""

from __future__ import annotations

import numpy as np
import pytest

from dateline.linking.stories import Bags, beside, nearest, spread


def bags(*rows: dict[int, float]) -> Bags:
    width = max(map(len, rows))
    numbers, weights = np.full((len(rows), width), -1, np.int32), np.zeros((len(rows), width), np.float32)
    for at, row in enumerate(rows):
        ordered = sorted(row.items(), key=lambda entry: -entry[1])
        numbers[at, : len(row)] = [number for number, _ in ordered]
        weights[at, : len(row)] = [weight for _, weight in ordered]
    return Bags(numbers, (weights / np.linalg.norm(weights, axis=1, keepdims=True)).astype(np.float32))


def likeness(reports: Bags, first: int, second: int) -> float:
    ours = dict(zip(reports.numbers[first].tolist(), reports.weights[first].tolist(), strict=True))
    theirs = dict(zip(reports.numbers[second].tolist(), reports.weights[second].tolist(), strict=True))
    return float(sum(weight * theirs.get(number, 0.0) for number, weight in ours.items() if number >= 0))


CHAIN = bags({0: 1, 1: 1}, {1: 1, 2: 1}, {2: 1, 3: 1}, {7: 1, 8: 1}, {8: 1, 9: 1})
"""Three reports of one story, the first and last of which share no word, and two of another."""


def test_reports_that_share_words_with_a_third_come_close() -> None:
    assert likeness(CHAIN, 0, 2) == 0
    assert likeness(spread(CHAIN), 0, 2) > 0.3


def test_reports_of_another_story_stay_away() -> None:
    assert likeness(spread(CHAIN), 0, 3) == 0


def test_the_nearest_come_in_order_and_a_report_is_not_near_itself() -> None:
    near, like = nearest(bags({0: 1, 1: 1}, {0: 1, 1: 1, 2: 0.1}, {1: 1, 5: 2}, {9: 1}))
    assert near[0].tolist()[:3] == [1, 2, -1]
    assert like[0, 0] > like[0, 1] > 0
    assert near[3].tolist() == [-1] * near.shape[1]


def test_a_report_without_neighbours_stays_as_it_is() -> None:
    alone = bags({0: 3, 1: 4}, {5: 1})
    assert likeness(spread(alone), 0, 0) == pytest.approx(1)
    assert spread(alone).numbers[0, :2].tolist() == [1, 0]


def test_words_and_names_beside_one_another_are_kept_apart() -> None:
    both = beside(bags({0: 1}, {1: 1}), bags({0: 1}, {0: 1}))
    assert likeness(both, 0, 1) == pytest.approx(0.5)


def test_no_reports_have_no_neighbours() -> None:
    empty = Bags(np.zeros((0, 4), np.int32), np.zeros((0, 4), np.float32))
    assert len(spread(empty)) == 0
