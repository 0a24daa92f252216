"""Which days belong to which event: reports against tests/specs/event_times.yaml, read by the whole path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.records import EventTime
from tests.coding import code_text

SPECS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "specs" / "event_times.yaml").read_text(encoding="utf-8"))


def days_of(time: EventTime | None) -> list[str | None] | None:
    return None if time is None else [str(d) if d else None for d in (time.first, time.last)]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["about"])
def test_an_event_has_the_days_of_its_spec(spec: dict[str, Any]) -> None:
    coding = code_text(spec["text"])
    assert coding.document is not None
    told = {c.event.trigger.of(coding.document.text): c.event.time for c in coding.claims}
    assert {word: days_of(told.get(word)) if word in told else "not coded" for word in spec["days"]} == spec["days"]
    for word, reason in spec.get("because", {}).items():
        time = told[word]
        assert time is not None
        assert reason in time.origin.by
