"""The benchmark of event places: what is compared with what, on texts of our own."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.event_places import Incident, add_up, judge_events, judge_report, read_incidents, read_placed, token_spans
from dateline.records import READ, Claim, Coding, EventPlace, OffsetMap, Place, PlaceKind, Run, Span
from tests.views import sample

HALDEN = Place("Halden", PlaceKind.CITY, "USA", 1, "Ohio", (40.0, -82.0))
QUAY = Place("Quay Street", PlaceKind.FACILITY, "USA", None, "Ohio", (40.0, -82.0), "Halden")
INCIDENT = Incident("US", "Ohio", "Springfield (Halden)")


def coded(place: Place | None, *, type_: str = "ASSAULT") -> Coding:
    coding = sample.coding()
    claim = coding.claims[0]
    event = replace(claim.event, type=type_, place=EventPlace(place, READ, claim.event.trigger) if place else None)
    assert coding.document is not None
    text = coding.document.text
    document = replace(coding.document, offsets=OffsetMap((Run(0, len(text), 0, len(text)),)))
    return Coding("d1", document, (Claim("c", "d1", event, claim.coder),))


@pytest.mark.parametrize(
    ("place", "right"),
    [
        (HALDEN, {"city": True, "state": True, "country": True, "elsewhere": False}),
        (QUAY, {"city": True, "state": True, "country": True, "elsewhere": False}),
        (Place("Ohio", PlaceKind.ADMIN1, "USA"), {"city": False, "state": True, "country": True, "elsewhere": False}),
        (
            replace(HALDEN, name="Oslo", admin1="Oslo", country="NOR"),
            dict.fromkeys(("city", "state", "country"), False) | {"elsewhere": True},
        ),
        (None, dict.fromkeys(("city", "state", "country", "elsewhere"), False)),
    ],
)
def test_a_report_is_judged_at_each_level(place: Place | None, right: dict[str, bool]) -> None:
    verdict = judge_report(coded(place), INCIDENT)
    assert verdict is not None
    assert verdict.right == right


def test_a_report_without_harm_is_not_compared() -> None:
    assert judge_report(coded(HALDEN, type_="PROTEST"), INCIDENT) is None


def test_it_leaves_out_reports_of_several_incidents_and_failed_pages(tmp_path: Path) -> None:
    def line(name: str, incidents: list[str], text: str) -> dict[str, Any]:
        return {"doc_id": name, "text": text, "url": "", "title": "", "dct": "2024-05-15", "incident_ids_with_record": incidents}

    lines = [line("one", ["i"], "A shot. " * 50), line("two", ["i", "j"], "A shot. " * 50), line("short", ["i"], "404")]
    with gzip.open(tmp_path / "docs.dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in lines)
    record = {"incident_id": "i", "country": "US", "state": "Ohio", "city_or_county": "Halden"}
    (tmp_path / "incidents.dev.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    reports, where = read_incidents(tmp_path, "dev")
    assert [report.name for report in reports] == ["one"]
    assert where == {"one": Incident("US", "Ohio", "Halden")}


def test_an_event_is_compared_by_its_trigger_and_by_any_name_of_its_place(tmp_path: Path) -> None:
    words = sample.TEXT.split()
    trigger = words.index("strike")
    document = {
        "doc_id": "d1",
        "text": sample.TEXT,
        "tokens": words,
        "entity_mentions": [{"id": "t1", "text": "city"}, {"id": "t2", "text": "Halden"}],
        "coref": {"clusters": [["t1", "t2"]]},
        "events": [
            {
                "trigger": {"start": trigger, "end": trigger + 1},
                "arguments": [{"role": "Place", "entity_id": "t1", "start": trigger - 1, "end": trigger}],
            }
        ],
    }
    (tmp_path / "dev.jsonl").write_text(json.dumps(document) + "\n", "utf-8")
    _, events = read_placed(tmp_path, "dev")
    assert events["d1"][0].names == {"halden"}
    at_trigger = events["d1"][0].trigger
    for place, is_right in ((QUAY, True), (replace(HALDEN, name="Oslo"), False)):
        coding = coded(place)
        claim = coding.claims[0]
        moved = replace(claim, event=replace(claim.event, trigger=at_trigger))
        (verdict,) = judge_events(replace(coding, claims=(moved,)), events["d1"])
        assert verdict.right == {"place": is_right, "unsaid": False}


def test_tokens_are_found_in_order() -> None:
    assert token_spans("a b a", ["a", "b", "a"]) == [Span(0, 1), Span(2, 3), Span(4, 5)]
    with pytest.raises(ValueError, match="not found"):
        token_spans("a b", ["b", "a"])


def test_shares_are_of_all_that_was_compared() -> None:
    verdicts = [v for place in (HALDEN, None) if (v := judge_report(coded(place), INCIDENT)) is not None]
    assert add_up(verdicts) == {"city": 0.5, "state": 0.5, "country": 0.5, "elsewhere": 0.0}
    assert add_up([]) == {}
