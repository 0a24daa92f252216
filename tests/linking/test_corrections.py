"""Which documents a correction or a retraction supersedes."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.linking.corrections import Edition, edition_of, find_superseded
from dateline.records import EditorsNote, NoteKind, Span
from dateline.texts import document_of


def edition(document: str, day: int | None, kind: NoteKind | None = None, *, text: str = "t", matter: bool = False) -> Edition:
    note = EditorsNote(kind, Span(0, 9), Span(0, 4), Span(5, 9) if matter else None) if kind else None
    return Edition(document, text, date(2021, 3, day) if day else None, None, (note,) if note else ())


def superseded(*editions: Edition) -> dict[str, tuple[str, bool]]:
    return {s.document: (s.by, s.is_retracted) for s in find_superseded(editions)}


def test_a_corrected_report_supersedes_the_earlier_prints_of_its_text() -> None:
    prints = (edition("a", 1), edition("b", 2), edition("corrected", 2, NoteKind.CORRECTION))
    assert superseded(*prints) == {"a": ("corrected", False), "b": ("corrected", False)}


def test_a_print_of_a_later_day_and_another_text_are_left_alone() -> None:
    assert superseded(edition("c", 2, NoteKind.CORRECTION), edition("late", 3), edition("other", 1, text="u")) == {}


def test_corrected_prints_do_not_supersede_one_another() -> None:
    assert superseded(edition("a", 1, NoteKind.CORRECTION), edition("b", 2, NoteKind.CORRECTION)) == {}


def test_the_latest_correction_supersedes() -> None:
    prints = (edition("a", 1), edition("b", 2, NoteKind.CORRECTION), edition("c", 3, NoteKind.CORRECTION))
    assert superseded(*prints) == {"a": ("c", False)}


def test_what_is_taken_back_whole_is_retracted_and_what_is_taken_out_is_corrected() -> None:
    assert superseded(edition("a", 1), edition("b", 2, NoteKind.RETRACTION)) == {"a": ("b", True)}
    assert superseded(edition("a", 1), edition("b", 2, NoteKind.RETRACTION, matter=True)) == {"a": ("b", False)}


@pytest.mark.parametrize("kind", [NoteKind.UPDATE, NoteKind.REFILE])
def test_an_update_supersedes_nothing(kind: NoteKind) -> None:
    assert superseded(edition("a", 1), edition("b", 2, kind)) == {}


def test_a_page_supersedes_its_earlier_state_though_its_text_is_another() -> None:
    address = "https://bugle.example/strike"
    before = Edition("a", "a", date(2021, 3, 1), address)
    after = Edition("b", "b", date(2021, 3, 2), address, edition("b", 2, NoteKind.CORRECTION).notes)
    assert superseded(before, after) == {"a": ("b", False)}


def test_undated_documents_are_left_alone() -> None:
    assert superseded(edition("a", None), edition("b", 2, NoteKind.CORRECTION)) == {}
    assert superseded(edition("a", 1), edition("b", None, NoteKind.CORRECTION)) == {}


def test_a_document_is_an_edition_of_its_group() -> None:
    assert edition_of(document_of("It rained.", date(2021, 3, 1)), "g") == Edition("text", "g", date(2021, 3, 1), None)
