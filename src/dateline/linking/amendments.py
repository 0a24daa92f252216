"""What editors took back: which tellings of an event a correction or a retraction puts out of force.

A document that another edition of its text corrects (linking/corrections.py) is out of force whole. Beyond that a paper may correct
a figure of an older story in a new one: "Corrects the number of injured officers to 121, not 103". Then what its witness told of
the event before is out of force where it has the words that were wrong, or the same kind of figure, reprints included; the rest of
the older story stands. A retraction takes back all that its witness told of the event. Nothing is erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dateline.linking.corrections import CHANGES, Superseded
from dateline.records import Document, NoteKind, Testimony


@dataclass(frozen=True)
class Change:
    """What a document's editors say was wrong: the words that stood there and those that stand there now, if they are told."""

    kind: NoteKind
    earlier: str | None = None
    now: str | None = None


def changes_of(document: Document) -> tuple[Change, ...]:
    """The changes a document tells of, in text order; none: an empty tuple."""
    text = document.text
    return tuple(
        Change(note.kind, note.earlier.of(text) if note.earlier else None, note.now.of(text) if note.now else None)
        for note in document.notes
        if note.kind in CHANGES
    )


def amended(
    tellings: Sequence[Testimony], changes: Mapping[str, Sequence[Change]], superseded: Mapping[str, Superseded]
) -> tuple[Testimony, ...]:
    """The tellings of one event, in the order given, those marked that were corrected or taken back.

    `changes` and `superseded` are by document; most have neither. What was marked before stays as it was.
    """
    if not any(t.claim.document in changes or t.claim.document in superseded for t in tellings):
        return tuple(tellings)
    changing = sorted((t for t in tellings if t.claim.document in changes), key=lambda t: (t.told, t.claim.id))
    return tuple(_amended(t, tellings, changing, changes, superseded.get(t.claim.document)) for t in tellings)


def _amended(
    told: Testimony,
    tellings: Sequence[Testimony],
    changing: Sequence[Testimony],
    changes: Mapping[str, Sequence[Change]],
    edition: Superseded | None,
) -> Testimony:
    if not told.is_current:
        return told
    if edition is not None and edition.is_retracted:
        return replace(told, is_retracted=True)
    if edition is not None:
        by = next((t.claim.id for t in tellings if t.claim.document == edition.by), edition.by)
        return replace(told, superseded_by=by)
    for later in changing:
        for change in changes[later.claim.document]:
            is_own = later.claim.document == told.claim.document
            if change.kind is NoteKind.RETRACTION and (is_own or _is_before(told, later)):
                return replace(told, is_retracted=True)
            if change.kind is not NoteKind.RETRACTION and _is_before(told, later) and _was_wrong(told, later, change):
                return replace(told, superseded_by=later.claim.id)
    return told


def _is_before(earlier: Testimony, later: Testimony) -> bool:
    """One witness, another document, and told earlier; of one day, entered earlier."""
    is_earlier = (earlier.told, earlier.known_at) < (later.told, later.known_at)
    return later.witness == earlier.witness and later.claim.document != earlier.claim.document and is_earlier


def _was_wrong(told: Testimony, later: Testimony, change: Change) -> bool:
    """Whether the telling has what the change says was wrong; a note that does not tell is about nothing in particular."""
    if change.earlier is not None:
        return _has(told.evidence, change.earlier)
    if change.now is None or not _has(later.evidence, change.now):
        return False
    counted = {count.what for count in later.claim.event.counts}
    return any(count.what in counted for count in told.claim.event.counts)


def _has(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words.casefold())}(?!\w)", text.casefold()) is not None
