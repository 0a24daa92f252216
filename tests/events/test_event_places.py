"""Where events are put: reports against tests/specs/event_places.yaml, read by the whole path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.records import EventPlace
from tests.coding import code_text

SPECS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "specs" / "event_places.yaml").read_text(encoding="utf-8")
)


def told(text: str) -> dict[str, EventPlace | None]:
    """The place of each record by its trigger word, the first of a word."""
    coding = code_text(text)
    assert coding.document is not None
    places: dict[str, EventPlace | None] = {}
    for claim in coding.claims:
        places.setdefault(claim.event.trigger.of(coding.document.text), claim.event.place)
    return places


def as_spec(place: EventPlace | None, expected: list[str] | None) -> list[str | None] | None:
    """The place with as many values as the spec gives."""
    if place is None:
        return None
    values = [place.place.name, place.place.country, place.place.kind.value, place.place.within]
    return values[: len(expected) if expected else 2]


def faults(spec: dict[str, Any]) -> list[str]:
    """What of the spec does not hold."""
    found = told(spec["text"])
    wrong = []
    for word, expected in spec["places"].items():
        if word not in found:
            wrong.append(f"{word}: not coded, but {', '.join(found) or 'nothing'}")
        elif as_spec(place := found[word], expected) != expected:
            wrong.append(f"{word}: {as_spec(place, expected)}, not {expected} ({place.origin if place else 'no place'})")
    for word, reason in spec.get("because", {}).items():
        place = found.get(word)
        if place is None or reason not in place.origin.by:
            wrong.append(f"{word}: because {place and place.origin.by!r}, not {reason!r}")
    return wrong


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["about"])
def test_an_event_is_where_its_spec_says(spec: dict[str, Any]) -> None:
    wrong = faults(spec)
    if spec.get("not_yet"):
        assert wrong, "this works now: strike its not_yet"
    else:
        assert not wrong, "\n".join(wrong)


def test_it_has_at_least_eighty_events() -> None:
    assert sum(len(spec["places"]) for spec in SPECS) >= 80


def test_a_record_keeps_what_was_weighed_for_its_place() -> None:
    place = told("Soldiers killed two men near Paris, police in Lyon said.")["killed"]
    assert place is not None
    assert [c.name for c in place.considered] == ["Paris", "Lyon"]
    for considered in place.considered:
        assert considered.distance == pytest.approx(sum(value for _, value in considered.parts))
    assert place.candidates[0].place == place.place


def test_what_is_kept_is_short() -> None:
    text = "In Lyon, Paris, Nice, Lille, Brest and Metz, police arrested nine men, and soldiers killed a boy in Toulon near Cannes."
    for place in told(text).values():
        assert place is None or (len(place.considered) <= 3 and len(place.candidates) <= 3)


def test_a_place_that_was_inferred_names_its_rule_and_has_no_words() -> None:
    place = told("Police arrested two men in Oslo. Soldiers killed a boy.")["killed"]
    assert place is not None
    assert (place.span, place.origin.by) == (None, "the paragraph's place")


def test_a_place_carried_on_says_what_its_words_may_stand_for() -> None:
    coding = code_text("Workers went on strike in Minsk on Monday. They want the mayor to resign.")
    demand = next(c.event for c in coding.claims if c.event.type == "REQUEST")
    assert demand.place is not None
    assert demand.place.span is None
    assert [c.place.name for c in demand.place.candidates[:1]] == ["Minsk"]
    assert demand.place.candidates[0].parts


def test_harm_befell_where_what_did_it_happened() -> None:
    text = "LONDON (AP) — A man was killed and five people were hurt when a bomb exploded in a market in Lagos on Monday."
    told = {c.event.trigger.of(text): c.event.place for c in code_text(text).claims}
    assert {word: place.place.name for word, place in told.items() if place is not None} == {
        "killed": "Lagos", "hurt": "Lagos", "exploded": "Lagos"
    }  # fmt: skip
