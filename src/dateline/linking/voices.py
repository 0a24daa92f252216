"""Who says so, and whether it still counts: what all accounts of an event have in common."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.linking.agreement import in_words
from dateline.records import Account, Standing, Testimony, Told


def teller_of(testimony: Testimony) -> str:
    """On whose word: the nearest teller that the text names, or else the publisher, or else the witness."""
    tellers = testimony.claim.event.attribution
    return tellers[-1].actor.name if tellers else testimony.publisher or testimony.witness


def in_order(testimonies: Sequence[Testimony]) -> list[Testimony]:
    """In the order of telling; what was told on one day, in the order in which it became known."""
    return sorted(testimonies, key=lambda t: (t.told, t.known_at, t.claim.id))


def standing_of(testimony: Testimony, *, is_revised: bool = False) -> Standing:
    """Whether what a testimony says still counts."""
    if testimony.is_retracted:
        return Standing.RETRACTED
    if testimony.superseded_by is not None:
        return Standing.SUPERSEDED
    return Standing.REVISED if is_revised else Standing.CURRENT


def account(value: Told, testimonies: Sequence[Testimony], standing: Standing) -> Account:
    """The account of a value that one testimony or more give. None gives it: IndexError, which is our mistake."""
    ordered = in_order(testimonies)
    return Account(
        value=value,
        in_words=in_words(value),
        claims=tuple(dict.fromkeys(t.claim.id for t in ordered)),
        witnesses=tuple(dict.fromkeys(t.witness for t in ordered)),
        tellers=tuple(dict.fromkeys(teller_of(t) for t in ordered)),
        first_told=ordered[0].told,
        last_told=ordered[-1].told,
        first_known=min(t.known_at for t in ordered),
        last_known=max(t.known_at for t in ordered),
        standing=standing,
    )


def account_order(told: Account) -> tuple[bool, int, object, str]:
    """What still stands first, then that of most witnesses, then the earliest."""
    return told.standing is not Standing.CURRENT, -len(told.witnesses), told.first_told, told.in_words
