"""What editors took back: which tellings of an event a correction or a retraction puts out of force.

A text that says of itself that it corrects an earlier one stands in the place of what its witness told of the same event before,
reprints of that included: they are copies of what was wrong. A retraction takes back what was told, and leaves nothing in its
place. Both stay in the ledger and are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dateline.records import NoteKind, Testimony


def amended(tellings: Sequence[Testimony], notes: Mapping[str, Collection[NoteKind]]) -> tuple[Testimony, ...]:
    """The tellings of one event, in the order given, those marked that were corrected or taken back.

    `notes` has for each document what its editors say of it; documents without a note need not be there. What was marked before
    stays as it was.
    """
    correcting = [t for t in tellings if NoteKind.CORRECTION in notes.get(t.claim.document, ())]
    retracting = [t for t in tellings if NoteKind.RETRACTION in notes.get(t.claim.document, ())]
    if not correcting and not retracting:
        return tuple(tellings)
    return tuple(_amended(t, correcting, retracting) for t in tellings)


def _amended(told: Testimony, correcting: Sequence[Testimony], retracting: Sequence[Testimony]) -> Testimony:
    if not told.is_current:
        return told
    if any(told is r or _takes_place_of(r, told) for r in retracting):
        return replace(told, is_retracted=True)
    by = min((c for c in correcting if _takes_place_of(c, told)), key=lambda c: (c.told, c.claim.id), default=None)
    return replace(told, superseded_by=by.claim.id) if by else told


def _takes_place_of(later: Testimony, earlier: Testimony) -> bool:
    """One witness, another document, and told later; of one day, entered later."""
    is_later = (later.told, later.known_at) > (earlier.told, earlier.known_at)
    return later.witness == earlier.witness and later.claim.document != earlier.claim.document and is_later
