"""Krippendorff's alpha as he worked it out, and intervals that do not change from one run to the next."""

from __future__ import annotations

import pytest

from dateline.ledger.agreement import Metric, alpha, interval, interval_of, nominal, ratio

MENO_AND_OWEN = ("0100000010", "1110010000")
BEN_AND_GERRY = ("aabbdcccedda", "babbbccceddd")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def units_of(*observers: str) -> list[list[float | None]]:
    """What each observer says, a letter a unit; a dot: nothing."""
    return [[None if letter == "." else float(ord(letter) - ord("0")) for letter in unit] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "metric", "expected"),
    [
        (MENO_AND_OWEN, nominal, 0.095),
        (BEN_AND_GERRY, nominal, 0.692),
        (FOUR, nominal, 0.743),
        (FOUR, interval, 0.849),
        (FOUR, ratio, 0.797),
    ],
    ids=["two observers, two values", "two observers, five values", "gaps, nominal", "gaps, interval", "gaps, ratio"],
)
def test_it_is_what_krippendorff_worked_out(observers: tuple[str, ...], metric: Metric, expected: float) -> None:
    assert alpha(units_of(*observers), metric) == pytest.approx(expected, abs=0.0005)


def test_all_alike_is_one_if_there_was_anything_to_confuse() -> None:
    assert alpha(units_of("aabb", "aabb")) == 1
    assert alpha(units_of("aaaa", "aaaa")) is None


def test_nothing_said_twice_gives_nothing() -> None:
    assert alpha([]) is None
    assert alpha(units_of("a.", ".b")) is None


def test_an_interval_holds_alpha_and_is_the_same_each_time() -> None:
    units = units_of("aabbccddaabbccddaabb", "aabbccddaabbccddabab")
    bounds, found = interval_of(units), alpha(units)
    assert bounds is not None
    assert found is not None
    assert bounds[0] < found < bounds[1] <= 1
    assert interval_of(units) == bounds


def test_too_few_units_have_no_interval() -> None:
    assert interval_of(units_of("abababab", "abababab")) is None
