"""Corrections and retractions put older tellings of their own witness out of force, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.linking.amendments import amended
from dateline.records import NoteKind, Testimony
from tests.linking.testimonies import say

MONDAY, TUESDAY, WEDNESDAY = date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 3)

TOLD = (
    say("a", day=MONDAY, witness="w"),
    say("reprint", day=TUESDAY, witness="w"),
    say("other", day=MONDAY),
    say("new", day=TUESDAY, witness="w", document="corrected"),
    say("late", day=WEDNESDAY, witness="w"),
)


def out(tellings: tuple[Testimony, ...]) -> dict[str, str]:
    return {t.claim.id: "retracted" if t.is_retracted else f"by {t.superseded_by}" for t in tellings if not t.is_current}


def test_a_correction_takes_the_place_of_what_its_witness_told_before() -> None:
    assert out(amended(TOLD, {"corrected": {NoteKind.CORRECTION}})) == {"a": "by new"}


def test_a_reprint_of_an_earlier_day_is_out_of_force_too() -> None:
    early = (*TOLD, say("old-reprint", day=MONDAY, witness="w"))
    assert out(amended(early, {"corrected": {NoteKind.CORRECTION}})) == {"a": "by new", "old-reprint": "by new"}


def test_a_retraction_takes_back_its_own_telling_and_those_before() -> None:
    assert out(amended(TOLD, {"corrected": {NoteKind.RETRACTION}})) == {"a": "retracted", "new": "retracted"}


@pytest.mark.parametrize("kind", [NoteKind.UPDATE, NoteKind.REFILE, NoteKind.CLARIFICATION])
def test_other_notes_put_nothing_out_of_force(kind: NoteKind) -> None:
    assert amended(TOLD, {"corrected": {kind}}) == TOLD


def test_what_people_said_before_stays_as_it_is() -> None:
    judged = (say("a", day=MONDAY, witness="w", superseded_by="somebody"), *TOLD[1:])
    assert out(amended(judged, {"corrected": {NoteKind.CORRECTION}})) == {"a": "by somebody"}
