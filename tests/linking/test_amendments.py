"""Corrections and retractions put older tellings of their own witness out of force: those that were wrong, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dateline.linking.amendments import Change, amended
from dateline.linking.corrections import Superseded
from dateline.records import EditorsNote, NoteKind, Span, Testimony
from tests.linking.testimonies import count, say

MONDAY, TUESDAY, WEDNESDAY = date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 3)
NOTE = EditorsNote(NoteKind.CORRECTION, Span(0, 1), Span(0, 1))


def told(name: str, words: str, day: date, *figures: float, witness: str = "w", document: str | None = None) -> Testimony:
    counts = [count("injured", figure) for figure in figures]
    return replace(say(name, *counts, day=day, witness=witness, document=document), evidence=words)


TOLD = (
    told("a", "103 officers were injured", MONDAY, 103),
    told("reprint", "injured were 103 officers", MONDAY, 103),
    told("women", "women formed a chain", MONDAY),
    told("other", "103 officers were injured", MONDAY, 103, witness="x"),
    told("new", "121 officers were injured", TUESDAY, 121, document="later"),
    told("after", "103 were injured", WEDNESDAY, 103),
)


def out(tellings: tuple[Testimony, ...]) -> dict[str, str]:
    return {t.claim.id: "retracted" if t.is_retracted else f"by {t.superseded_by}" for t in tellings if not t.is_current}


def test_a_correction_puts_out_of_force_what_had_the_words_that_were_wrong() -> None:
    changes = {"later": (Change(NoteKind.CORRECTION, earlier="103", now="121"),)}
    assert out(amended(TOLD, changes, {})) == {"a": "by new", "reprint": "by new"}


def test_part_of_a_figure_is_not_the_figure() -> None:
    assert out(amended(TOLD, {"later": (Change(NoteKind.CORRECTION, earlier="10", now="121"),)}, {})) == {}


def test_a_correction_that_tells_only_what_is_right_puts_the_same_kind_of_figure_out_of_force() -> None:
    changes = {"later": (Change(NoteKind.CORRECTION, now="121"),)}
    assert out(amended(TOLD, changes, {})) == {"a": "by new", "reprint": "by new"}
    assert out(amended(TOLD, {"later": (Change(NoteKind.CORRECTION, now="nine"),)}, {})) == {}


def test_a_correction_that_tells_nothing_leaves_other_stories_alone() -> None:
    assert amended(TOLD, {"later": (Change(NoteKind.CORRECTION),)}, {}) == TOLD


def test_a_document_that_another_edition_corrects_is_out_of_force_whole() -> None:
    superseded = {"dwomen": Superseded("dwomen", "later", NOTE, False), "da": Superseded("da", "elsewhere", NOTE, False)}
    assert out(amended(TOLD, {}, superseded)) == {"women": "by new", "a": "by elsewhere"}


def test_a_document_that_was_taken_back_is_taken_back_whole() -> None:
    assert out(amended(TOLD, {}, {"da": Superseded("da", "later", NOTE, True)})) == {"a": "retracted"}


def test_a_retraction_takes_back_its_own_telling_and_those_of_its_witness_before() -> None:
    found = out(amended(TOLD, {"later": (Change(NoteKind.RETRACTION),)}, {}))
    assert found == dict.fromkeys(("a", "reprint", "women", "new"), "retracted")


def test_what_people_said_before_stays_as_it_is() -> None:
    judged = (replace(TOLD[0], superseded_by="somebody"), *TOLD[1:])
    changes = {"later": (Change(NoteKind.CORRECTION, earlier="103"),)}
    assert out(amended(judged, changes, {})) == {"a": "by somebody", "reprint": "by new"}
