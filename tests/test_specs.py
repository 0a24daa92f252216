"""The specs under tests/specs are well formed, and the coder does what they say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bench.status import NO_RECORD, Spec, Verdict, add_up, code_specs, find_trigger, read_specs
from dateline.knowledge.ontology import load_ontology
from dateline.records import StatusValue

STATUS = Path(__file__).parent / "specs" / "status"
PHENOMENA = sorted(path.stem for path in STATUS.glob("*.yaml"))


@cache
def specs() -> tuple[Spec, ...]:
    return read_specs(STATUS)


@cache
def verdicts() -> tuple[Verdict, ...]:
    return code_specs(specs())


def wrong(found: list[Verdict]) -> str:
    """The failing cases one a line, for the message."""
    return "\n".join(f"{v.spec.name} {v.case.trigger}: {', '.join(v.coded) or 'not coded'}: {v.spec.text}" for v in found)


# ---------------------------------------------------------------- the files


def test_it_has_at_least_three_hundred_sentences() -> None:
    assert len({spec.text for spec in specs()}) >= 300


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_case_names_a_known_type_and_status(phenomenon: str) -> None:
    types, statuses = load_ontology().types, {*map(str, StatusValue), NO_RECORD}
    for spec in specs():
        for case in spec.cases if spec.phenomenon == phenomenon else ():
            assert case.type in types, spec.name
            assert case.accepted, spec.name
            assert case.accepted <= statuses, spec.name
            assert case.mode is None or case.mode in types[case.type].modes, spec.name


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_phenomenon_has_positive_controls(phenomenon: str) -> None:
    """A coder that never codes anything as done would pass without them."""
    assert any(case.is_done for spec in specs() for case in spec.cases if spec.phenomenon == phenomenon)


def test_no_case_stands_twice() -> None:
    cases = [(spec.text, find_trigger(spec.text, case.trigger), case.type) for spec in specs() for case in spec.cases]
    assert sorted(map(str, cases)) == sorted({str(c) for c in cases})


def test_it_refuses_a_spec_whose_trigger_is_not_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- {text: Police left., trigger: arrested, type: COERCE, status: asserted}\n", "utf-8")
    with pytest.raises(ValueError, match="broken:1: 'arrested'"):
        read_specs(tmp_path)


# ---------------------------------------------------------------- the coder

LEAST_RIGHT = 0.85
MOST_CODED_AS_DONE = 0.03
LEAST_RIGHT_OF_A_PHENOMENON = 0.6
"""Far below the whole, so that one phenomenon that breaks altogether is seen although the others hold."""


def test_it_tells_what_happened_from_what_did_not() -> None:
    assert add_up(verdicts()).right >= LEAST_RIGHT, wrong([v for v in verdicts() if not v.is_right])


def test_it_hardly_ever_makes_a_fact_of_a_plan_or_a_denial() -> None:
    assert add_up(verdicts()).coded_as_done <= MOST_CODED_AS_DONE, wrong([v for v in verdicts() if v.is_coded_as_done])


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_it_codes_each_phenomenon(phenomenon: str) -> None:
    of_it = [v for v in verdicts() if v.spec.phenomenon == phenomenon]
    assert add_up(of_it).right >= LEAST_RIGHT_OF_A_PHENOMENON, wrong([v for v in of_it if not v.is_right])


def test_it_codes_the_plain_case_of_the_minimal_pairs() -> None:
    """The one sentence whose variants fill the file; if this fails the others mean nothing."""
    plain = next(v for v in verdicts() if v.spec.name == "minimal-pairs:1")
    assert plain.coded == ("asserted",)
