"""The figures of an event, as tests/specs/counts.yaml has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.coding import code_text

SPECS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "specs" / "counts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["text"])
def test_an_event_has_the_figures_of_its_spec(spec: dict[str, Any]) -> None:
    text = spec["text"]
    events = [c.event for c in code_text(text).claims if c.event.trigger.of(text) == spec["trigger"]]
    assert events, "not coded"
    wholes: dict[str, list[float | None]] = {}
    for c in events[0].counts:
        wholes.setdefault(c.what, [c.low, c.high])  # what is part of another stands behind it: specs/protests/sizes.yaml
    assert wholes == spec["counts"]
