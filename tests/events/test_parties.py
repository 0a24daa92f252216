"""Who is on either side of an event: the cases of specs/parties/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.records import EventMention, Participant
from tests.coding import code_text

TABLES = sorted((Path(__file__).parents[1] / "specs" / "parties").glob("*.yaml"))
SPECS: list[dict[str, Any]] = [spec for path in TABLES for spec in yaml.safe_load(path.read_text("utf-8"))]
by_text = pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["text"][:50])


def told(spec: dict[str, Any]) -> EventMention:
    """The event of the spec's trigger; none of it: AssertionError that lists what there is."""
    text = spec["text"]
    coding = code_text(text)
    assert coding.document is not None
    events = {c.event.trigger.of(coding.document.text): c.event for c in coding.claims}
    assert spec["trigger"] in events, f"no {spec['trigger']!r} among {sorted(events)}"
    return events[spec["trigger"]]


def shown(participants: tuple[Participant, ...]) -> list[list[str | None]]:
    return sorted(([p.actor.name, p.actor.country, p.actor.sector] for p in participants), key=str)


@by_text
def test_it_finds_both_sides(spec: dict[str, Any]) -> None:
    event = told(spec)
    for side, found in (("actors", event.actors), ("recipients", event.recipients)):
        if side in spec:
            assert shown(found) == sorted(spec[side], key=str), side


@pytest.mark.parametrize("spec", [s for s in SPECS if "how" in s], ids=lambda s: s["text"][:50])
def test_it_says_by_which_rule(spec: dict[str, Any]) -> None:
    assert told(spec).recipients[0].origin.by == spec["how"]
