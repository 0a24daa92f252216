"""Checks: the specs under tests/specs/checks, and the arithmetic by itself."""

from __future__ import annotations

import math
import re

import pytest

from bench.checks import SPECS, Spec, checks_of, read_specs
from dateline.events.checks.bounds import Bounds, add, written_sum
from dateline.knowledge.checks import load_checks
from dateline.knowledge.tables import read_yaml
from dateline.records import Coding
from tests.coding import code_text

PHENOMENA = sorted(path.stem for path in SPECS.glob("*.yaml"))
LEAST_RIGHT = 0.9
"""Share of the specs of a phenomenon that come out as written: the parse is learnt, so one sentence may be misread."""


def specs(phenomenon: str) -> tuple[Spec, ...]:
    return tuple(spec for spec in read_specs() if spec.phenomenon == phenomenon)


def coded(spec: Spec) -> Coding:
    return code_text(spec.text, spec.published)


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_it_checks_as_the_specs_say(phenomenon: str) -> None:
    wrong = [spec for spec in specs(phenomenon) if not spec.is_right(coded(spec))]
    share = 1 - len(wrong) / len(specs(phenomenon))
    assert share >= LEAST_RIGHT, "\n".join(
        f"{s.text}\n    {[(c.name, c.result, c.arithmetic) for c in checks_of(coded(s))]}" for s in wrong
    )


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_it_never_fails_a_sound_report(phenomenon: str) -> None:
    """A contradiction that is none costs a researcher more trust than a missed one."""
    for spec in specs(phenomenon):
        assert not spec.false_contradictions(coded(spec)), spec.text


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_phenomenon_has_failures_passes_and_near_misses(phenomenon: str) -> None:
    results = {e.result for spec in specs(phenomenon) for e in spec.checks}
    assert {"passed", "failed"} <= results
    assert any(not spec.checks for spec in specs(phenomenon))


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_check_rests_on_words(phenomenon: str) -> None:
    assert all(check.spans for spec in specs(phenomenon) for check in checks_of(coded(spec)))


# ---------------------------------------------------------------- bounds

ANY, TWELVE, AT_LEAST_TEN, UP_TO_NINE = Bounds(0, math.inf), Bounds.exactly(12), Bounds(10, math.inf), Bounds(0, 9)


@pytest.mark.parametrize(
    ("a", "b", "equal", "at_most"),
    [
        (TWELVE, TWELVE, True, True),
        (TWELVE, AT_LEAST_TEN, True, True),
        (AT_LEAST_TEN, TWELVE, True, True),
        (AT_LEAST_TEN, UP_TO_NINE, False, False),
        (UP_TO_NINE, TWELVE, False, True),
        (TWELVE, UP_TO_NINE, False, False),
        (ANY, TWELVE, True, True),
    ],
)
def test_figures_contradict_only_when_no_values_agree(a: Bounds, b: Bounds, equal: bool, at_most: bool) -> None:
    assert (a.can_equal(b), a.can_be_at_most(b)) == (equal, at_most)


def test_bounds_are_written_as_people_say_them() -> None:
    assert list(map(str, (TWELVE, AT_LEAST_TEN, UP_TO_NINE, Bounds(6300, 6999), Bounds.exactly(66.666)))) == [
        "12", "10 or more", "at most 9", "6,300–6,999", "66.67",
    ]  # fmt: skip
    assert written_sum((TWELVE, AT_LEAST_TEN)) == "12 + (10 or more)"


def test_a_sum_keeps_its_open_end() -> None:
    assert add((TWELVE, AT_LEAST_TEN)) == Bounds(22, math.inf)
    assert add(()) == Bounds.exactly(0)


# ---------------------------------------------------------------- the tables


def _sides(example: str) -> tuple[str, str]:
    """What stands before and behind the last figure in square brackets, the brackets left out."""
    match = re.fullmatch(r"(.*)\[[^\]]+\](.*)", example)
    assert match is not None, example
    return match[1].replace("[", "").replace("]", ""), match[2]


def _examples(table: str, key: str) -> list[tuple[str, bool]]:
    row = read_yaml(f"checks/{table}.yaml")
    row = row[key] if key else row
    return [(e, True) for e in row["examples"]] + [(e, False) for e in row["near_misses"]]


@pytest.mark.parametrize(("example", "matches"), _examples("ballots", "needed"))
def test_it_knows_what_a_ballot_needed(example: str, matches: bool) -> None:
    assert load_checks().ballots.needed.matches(*_sides(example)) is matches


@pytest.mark.parametrize(("example", "matches"), _examples("ballots", "cast"))
def test_it_knows_how_many_voted(example: str, matches: bool) -> None:
    assert load_checks().ballots.cast.matches(*_sides(example)) is matches


@pytest.mark.parametrize(("example", "matches"), _examples("parts", "before") + _examples("parts", "after"))
def test_it_knows_what_makes_a_part(example: str, matches: bool) -> None:
    assert load_checks().parts.links(*_sides(example)) is matches


@pytest.mark.parametrize(("example", "what"), [(e["text"], e["what"]) for e in read_yaml("checks/totals.yaml")["examples"]])
def test_it_knows_a_toll(example: str, what: str) -> None:
    before, _ = _sides(example)
    assert [w for w, pattern in load_checks().totals.tolls if pattern.search(before)] == [what]


@pytest.mark.parametrize("example", read_yaml("checks/totals.yaml")["near_misses"])
def test_it_knows_what_is_no_toll(example: str) -> None:
    before, _ = _sides(example)
    assert not any(pattern.search(before) for _, pattern in load_checks().totals.tolls)


def test_it_adds_only_nouns_that_exclude_each_other() -> None:
    words = load_checks().parts
    assert words.are_disjoint(["women", "children"])
    assert not words.are_disjoint(["women", "teacher"])
    assert not words.are_disjoint(["woman", "women"])
