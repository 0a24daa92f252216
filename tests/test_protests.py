"""What records of protest say of sizes, issues, demands and responses: the cases of specs/protests/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bench.protests import LISTS, Verdict, add_up, code_specs, read_specs

SPECS = Path(__file__).parent / "specs" / "protests"
LEAST_F1 = 0.95
"""Of each field, over all specs: they say what is meant to work."""


@cache
def verdicts() -> tuple[Verdict, ...]:
    return code_specs(read_specs(SPECS))


@pytest.mark.parametrize("field", [*LISTS, "response"])
def test_it_reads_what_the_specs_say(field: str) -> None:
    wrong = [v for v in verdicts() if v.field == field and not v.is_right]
    lines = [f"{v.spec.name}: {v.spec.text}\n  wanted {v.wanted}\n  found {v.found}" for v in wrong]
    assert add_up(verdicts(), field).f1 >= LEAST_F1, "\n".join(lines)


def test_it_refuses_a_spec_whose_trigger_is_not_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- {text: Nurses marched., trigger: rioted, issues: []}\n", "utf-8")
    with pytest.raises(ValueError, match="broken:1: 'rioted'"):
        read_specs(tmp_path)


def test_it_refuses_a_spec_with_a_field_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- {text: Nurses marched., trigger: marched, issue: []}\n", "utf-8")
    with pytest.raises(ValueError, match="no field of a spec: issue"):
        read_specs(tmp_path)
