"""Why a value is what it is: told from the claim alone, for a terminal and as data."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from dateline.records import (
    READ,
    Claim,
    ConsideredPlace,
    Document,
    EventPlace,
    How,
    Origin,
    Place,
    PlaceCandidate,
    PlaceKind,
)
from dateline.views.explanation import Explanation, Field, explain, field_named
from dateline.views.terminal import render_explanation
from dateline.views.wording import load_wording
from tests.views import sample

VALLETTA = Place("Valletta", PlaceKind.CITY, "MLT", 2562305, None, (35.9, 14.51))
ELSEWHERE = Place("Valletta", PlaceKind.CITY, "USA", 1, "Florida", (28.0, -82.0))
PARTS = (("people", 3.8), ("same country as Malta", 6.0))


def document() -> Document:
    told = sample.coding().document
    assert told is not None
    return told


def strike(place: EventPlace | None) -> Claim:
    claim = sample.coding().claims[0]
    return replace(claim, event=replace(claim.event, place=place))


def placed() -> Claim:
    """A claim whose place was read, and weighed against a country and a namesake."""
    return strike(
        EventPlace(
            VALLETTA,
            READ,
            sample.at("Valletta", 1),
            (
                ConsideredPlace(sample.at("Valletta", 1), "Valletta", 2.0, (("from the trigger", 2.0),)),
                ConsideredPlace(sample.at("Italy"), "Italy", None, (("inside what is said", 0.0),)),
            ),
            (PlaceCandidate(VALLETTA, 9.8, PARTS), PlaceCandidate(ELSEWHERE, 3.1, (("people", 3.1),))),
        )
    )


def why(claim: Claim, field: Field) -> Explanation:
    return explain(claim, document(), field, load_wording())


def printed(explanation: Explanation, width: int = 80) -> str:
    file = io.StringIO()
    render_explanation(explanation, Console(file=file, width=width))
    return file.getvalue()


def test_a_place_is_explained_by_its_words_and_by_what_lost_against_them() -> None:
    found = why(placed(), Field.PLACE)
    assert found.reasons[0].words == "Valletta"
    assert "nearest words" in found.reasons[0].how
    assert [(w.words, w.distance, w.why_not, w.is_chosen) for w in found.weighed_words] == [
        ("Valletta", 2.0, "", True),
        ("Italy", None, "inside what is said", False),
    ]
    assert [(p.place, p.score, p.is_chosen) for p in found.weighed_places] == [
        ("Valletta, MLT", 9.8, True),
        ("Valletta, Florida, USA", 3.1, False),
    ]


def test_the_parts_of_a_score_add_up_to_it() -> None:
    for place in why(placed(), Field.PLACE).weighed_places:
        assert sum(part.value for part in place.parts) == pytest.approx(place.score)


def test_a_place_of_an_earlier_version_is_explained_by_its_rule_alone() -> None:
    inferred = EventPlace(VALLETTA, Origin(How.INFERRED, "the paragraph's place"))
    found = why(strike(inferred), Field.PLACE)
    assert found.reasons[0].how == "inferred: the paragraph's place"
    assert (found.reasons[0].words, found.weighed_words, found.weighed_places) == (None, (), ())


def test_a_field_without_a_value_says_so() -> None:
    found = why(strike(None), Field.PLACE)
    assert found.reasons == ()
    assert "the record has none" in printed(found)


@pytest.mark.parametrize("field", list(Field))
def test_every_field_of_the_sample_can_be_explained(field: Field) -> None:
    for claim in sample.coding().claims:
        found = why(claim, field)
        assert all(reason.value and reason.how for reason in found.reasons)
        assert printed(found)


def test_the_type_names_the_lexicon_entry_and_the_trigger() -> None:
    claim = sample.coding().claims[0]
    reason = why(claim, Field.TYPE).reasons[0]
    assert claim.event.rule in reason.how
    assert reason.words == claim.event.trigger.of(document().text)


def test_it_is_readable_in_eighty_columns() -> None:
    text = printed(why(placed(), Field.PLACE))
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "→ “Valletta” Valletta  2 = 2 from the trigger" in text
    assert "“Italy” Italy  out: inside what is said" in text
    assert "9.8 = 3.8 people + 6 same country as Malta" in " ".join(text.split())


def test_no_report_drives_the_terminal() -> None:
    nasty = replace(VALLETTA, name=sample.NASTY)
    claim = strike(
        replace(placed().event.place or EventPlace(nasty, READ), place=nasty, candidates=(PlaceCandidate(nasty, 1.0, ()),))
    )
    assert "\x1b" not in printed(why(claim, Field.PLACE))


@pytest.mark.parametrize(
    ("name", "field"),
    [("place", Field.PLACE), ("where", Field.PLACE), ("Who", Field.ACTOR), ("how_many", Field.COUNTS), ("colour", None)],
)
def test_a_field_has_the_names_that_other_commands_use(name: str, field: Field | None) -> None:
    assert field_named(name) is field
