"""Chosen events as rows of the tables of a release, each by column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.ledger.store import Entered
from dateline.records import Account, EventMention, Participant, Tally, Testimony
from dateline.web.sharing.events import Told

Row = dict[str, Any]


def event_row(told: Row) -> Row:
    """The row of an event, of what `Chosen.told` says of it."""
    parties = {
        f"{singular}_{field}": [party[key] for party in told[role]]
        for role, singular in (("actors", "actor"), ("recipients", "recipient"))
        for field, key in (("countries", "country"), ("sectors", "sector"))
    }
    names = {role: [party["name"] for party in told[role]] for role in ("actors", "recipients")}
    return {**told, **names, **parties, "event_id": told["id"]}


def claim_rows(told: Told) -> Iterator[Row]:
    """The claims of an event, in the order of telling."""
    for testimony in told.event.tellings:
        source = told.sources.get(testimony.claim.document)
        yield _claim_row(told.event.id, testimony, source.document.text if source else "")


def _claim_row(event_id: str, testimony: Testimony, text: str) -> Row:
    claim, event = testimony.claim, testimony.claim.event
    cue, time, place = event.status.cue, event.time, event.place
    return {
        "claim_id": claim.id,
        "event_id": event_id,
        "document_id": claim.document,
        "witness": testimony.witness,
        "type": event.type,
        "mode": event.mode,
        "status": event.status.value.value,
        "status_cue": cue.of(text) or None if cue else None,
        "first_day": time.first.isoformat() if time and time.first else None,
        "last_day": time.last.isoformat() if time and time.last else None,
        "day_precision": time.precision.value if time else None,
        "day_origin": time.origin.how.value if time else None,
        "place": place.place.name if place else None,
        "place_origin": place.origin.how.value if place else None,
        "actors": _names(event.actors),
        "recipients": _names(event.recipients),
        "figures": _figures(event),
        "evidence": testimony.evidence,
        "evidence_start": event.evidence.start,
        "evidence_end": event.evidence.end,
        "trigger": testimony.trigger,
        "by": next((t.actor.name for t in reversed(event.attribution) if t.span or t.cue), None),
        "attribution": [teller.actor.name for teller in event.attribution],
        "telling": event.telling.value.value,
        "confidence": event.confidence,
        "published": testimony.published.isoformat() if testimony.published else None,
        "known_at": testimony.known_at,
        "superseded_by": testimony.superseded_by,
        "is_retracted": testimony.is_retracted,
        "program": claim.coder.program,
        "model": claim.coder.model,
        "knowledge": claim.coder.knowledge,
    }


def figure_rows(told: Told) -> Iterator[Row]:
    """The figures of an event, each account a row; a figure that no account gives by itself is one row."""
    for tally in told.event.accounts.tallies:
        whole = _whole(told.event.id, tally)
        if not tally.accounts:
            yield whole
        for number, account in enumerate(tally.accounts, 1):
            yield {**whole, "account": number, **_account(account)}


def _whole(event_id: str, tally: Tally) -> Row:
    return {
        "event_id": event_id,
        "what": tally.what,
        "side": tally.side,
        "event_low": tally.low,
        "event_high": tally.high,
        "event_best": tally.best,
        "event_best_rule": tally.best_rule,
        "verdict": tally.verdict.value,
        "basis": tally.basis.value,
    }


def _account(account: Account) -> Row:
    value = account.value
    return {
        "low": getattr(value, "low", None),
        "high": getattr(value, "high", None),
        "tellers": list(account.tellers),
        "witnesses": len(account.witnesses),
        "claims": list(account.claims),
        "standing": account.standing.value,
        "first_told": account.first_told.isoformat(),
        "last_told": account.last_told.isoformat(),
    }


def document_row(entered: Entered, claims: int) -> Row:
    """The row of a document so many claims of the release stand in."""
    document = entered.document
    return {
        "document_id": document.id,
        "publisher": document.publisher,
        "title": document.title,
        "published": document.published.day.isoformat() if document.published else None,
        "published_origin": document.published.origin.how.value if document.published else None,
        "address": document.address,
        "agencies": list(document.agencies),
        "sha256": document.raw_sha256,
        "fetched": entered.fetched,
        "known_at": entered.known_at,
        "claims": claims,
    }


def _names(participants: tuple[Participant, ...]) -> list[str]:
    return [participant.actor.name for participant in participants]


def _figures(event: EventMention) -> list[str]:
    """`detained 6300..6999`, `killed 40..`; a figure without bounds is left out."""
    return [f"{c.what} {_end(c.low)}..{_end(c.high)}" for c in event.counts if c.low is not None or c.high is not None]


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
