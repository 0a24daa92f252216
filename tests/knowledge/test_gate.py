"""The gate: what words are good for, and which reports it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.gate import Gate, expected_records, load_gate, may_tell

MADE = Gate({"strike": {"PROTEST": 0.5}, "police": {"PROTEST": 0.1, "COERCE": 0.2}}, {"PROTEST": 0.5, "COERCE": 0.4}, "made")
TEXTS = st.lists(st.sampled_from(["strike", "Police", "the", "STRIKE,", "cake"]), max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
def test_what_two_texts_are_good_for_adds_up(one: str, other: str) -> None:
    both = expected_records(f"{one} {other}", MADE)
    parts = [expected_records(text, MADE) for text in (one, other)]
    assert both == pytest.approx({t: sum(p.get(t, 0.0) for p in parts) for t in both})


def test_a_report_passes_if_it_may_tell_of_one_of_the_types() -> None:
    assert may_tell("A strike.", MADE)
    assert may_tell("A strike.", MADE, ("PROTEST",))
    assert not may_tell("A strike.", MADE, ("COERCE",))
    assert may_tell("Police met police.", MADE, ("PROTEST", "COERCE"))
    assert not may_tell("Cake.", MADE)


@pytest.mark.parametrize(
    ("text", "type_", "is_told"),
    [
        ("Thousands of protesters marched through the city and demanded that the minister resign.", "PROTEST", True),
        ("The keeper saved a penalty as the team won its first match of the season.", "PROTEST", False),
        ("Gunmen killed four soldiers and wounded nine in an attack on a barracks.", "ASSAULT", True),
        ("Bake the cake for an hour and let it cool on a rack before you spread the cream.", "ASSAULT", False),
    ],
)  # fmt: skip
def test_the_packaged_gate_knows_what_is_what(text: str, type_: str, is_told: bool) -> None:
    assert may_tell(text, load_gate(), (type_,)) is is_told


def test_a_file_that_is_no_gate_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "rates.json"
    for data in ("[]", '{"types": ["PROTEST"]}', '{"types": [], "rates": {"strike": {"0": 1}}, "cuts": {}}', "no JSON"):
        broken.write_text(data)
        with pytest.raises(ValueError, match=r"rates\.json"):
            load_gate(broken)
