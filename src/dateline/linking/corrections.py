"""Which documents are superseded by a corrected version, or taken back: by what editors say of the report itself.

A document that says it corrects supersedes the earlier prints of its text, whoever printed them, and the earlier state of its
page. One that says a report was taken back retracts those. An update supersedes nothing: what was said before was not wrong, and
a later figure is a revision. Nothing is erased; a print of a later day without a note is left alone, since it may be the
corrected text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateline.records import Document, EditorsNote, NoteKind

CHANGES = frozenset({NoteKind.CORRECTION, NoteKind.CLARIFICATION, NoteKind.RETRACTION})


@dataclass(frozen=True)
class Edition:
    """A document as one state of a text. `text` is its group of reprints; a round-up's is its own id, for it is no text's
    edition."""

    document: str
    text: str
    day: date | None
    address: str | None
    notes: tuple[EditorsNote, ...] = ()

    @property
    def changes(self) -> EditorsNote | None:
        """The first note that says something was wrong; none: None."""
        return next((note for note in self.notes if note.kind in CHANGES), None)


@dataclass(frozen=True)
class Superseded:
    """A document that a later one corrects or takes back. `by` is that document, `note` what it says of it.

    `is_retracted`: the whole report was taken back, and no part of it is named.
    """

    document: str
    by: str
    note: EditorsNote
    is_retracted: bool


def edition_of(document: Document, text: str) -> Edition:
    """The document as an edition of the text whose group of reprints is `text`."""
    return Edition(document.id, text, document.published.day if document.published else None, document.address, document.notes)


def find_superseded(editions: Iterable[Edition]) -> tuple[Superseded, ...]:
    """The documents that are superseded, by id, each once: by the latest that says so. Nothing corrected: an empty tuple."""
    kin: dict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        kin[f"text {edition.text}"].append(edition)
        if edition.address:
            kin[f"page {edition.address}"].append(edition)
    found: dict[str, tuple[tuple[date, str], Superseded]] = {}
    for family in kin.values():
        for by in family:
            for superseded in _superseded_by(by, family):
                age = (by.day or date.min, by.document)
                if superseded.document not in found or age > found[superseded.document][0]:
                    found[superseded.document] = (age, superseded)
    return tuple(superseded for _, (_, superseded) in sorted(found.items()))


def _superseded_by(by: Edition, family: Sequence[Edition]) -> Iterable[Superseded]:
    note = by.changes
    if note is None or by.day is None:
        return
    is_retracted = note.kind is NoteKind.RETRACTION and note.matter is None
    for earlier in family:
        is_earlier = earlier.day is not None and earlier.day <= by.day
        if earlier.document != by.document and is_earlier and earlier.changes is None:
            yield Superseded(earlier.document, by.document, note, is_retracted)
