"""Testimonies for tests: reports in a few words, coded whole, and figures made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from dateline.records import (
    READ,
    Actor,
    Claim,
    Coder,
    Count,
    CountedParty,
    EventMention,
    EventPlace,
    EventTime,
    Exactness,
    Participant,
    PartyRole,
    Place,
    Precision,
    QuoteKind,
    Span,
    Status,
    StatusValue,
    Tallied,
    Teller,
    Testimony,
)
from tests.coding import code_text


@dataclass(frozen=True)
class Told:
    """A report of a spec: its row, and the testimonies of its claims."""

    row: dict[str, Any]
    testimonies: tuple[Testimony, ...]


def tell(rows: Sequence[dict[str, Any]]) -> list[Told]:
    """The reports of a spec, coded. Publisher, copies and corrections are as the rows have them, numbered from 1."""
    codings = [code_text(row["text"], row["day"]) for row in rows]
    documents = [f"{n} {coding.document.id}" for n, coding in enumerate(codings, 1) if coding.document is not None]
    found = []
    for n, (row, coding) in enumerate(zip(rows, codings, strict=True)):
        testimonies = []
        for claim in coding.claims:
            own = replace(claim, id=f"{n + 1} {claim.id}", document=documents[n])
            assert coding.document is not None
            testimonies.append(
                Testimony(
                    claim=own,
                    trigger=claim.event.trigger.of(coding.document.text),
                    evidence=claim.event.evidence.of(coding.document.text),
                    publisher=row["by"],
                    published=row["day"],
                    known_at=datetime.combine(row["day"], time(12), UTC),
                    witness=documents[row.get("same_as", n + 1) - 1],
                    superseded_by=documents[row["corrected_by"] - 1] if "corrected_by" in row else None,
                    is_retracted=row.get("retracted", False),
                )
            )
        found.append(Told(row, tuple(testimonies)))
    return found


def count(
    what: str,
    low: float,
    high: float | None = -1,
    *,
    tallied: Tallied = Tallied.UNSAID,
    is_part: bool = False,
    party: int | None = None,
) -> Count:
    """A figure of `low` to `high`; exact where no upper bound is given. `party` is the place of the recipient counted."""
    upper = low if high == -1 else high
    exactness = Exactness.EXACT if upper == low else Exactness.AT_LEAST if upper is None else Exactness.RANGE
    counted = CountedParty(PartyRole.RECIPIENT, party) if party is not None else None
    return Count(what, Span(0, 1), low, upper, exactness, "people", tallied, is_part, READ, counted)


def say(
    name: str,
    *counts: Count,
    day: date = date(2021, 3, 2),
    witness: str | None = None,
    document: str | None = None,
    publisher: str | None = None,
    teller: str | None = None,
    type: str = "ASSAULT",
    mode: str | None = None,
    status: StatusValue = StatusValue.ASSERTED,
    happened: tuple[date, date] | None = None,
    place: Place | None = None,
    actors: Sequence[Actor] = (),
    recipients: Sequence[Actor] = (),
    superseded_by: str | None = None,
    is_retracted: bool = False,
    trigger: str = "x",
) -> Testimony:
    """A claim made by hand, each of its own witness and document unless the test says so."""
    event = EventMention(
        type=type,
        mode=mode,
        contexts=(),
        trigger=Span(0, 1),
        evidence=Span(0, 1),
        actors=tuple(Participant(a, None, READ) for a in actors),
        recipients=tuple(Participant(a, None, READ) for a in recipients),
        time=EventTime(*happened, Precision.DAY, READ, Span(0, 1)) if happened is not None else None,
        place=EventPlace(place, READ) if place is not None else None,
        counts=counts,
        status=Status(status),
        attribution=(Teller(Actor(teller, None, None), None, None, QuoteKind.INDIRECT),) if teller is not None else (),
        rule="test",
        confidence=1.0,
    )
    return Testimony(
        claim=Claim(name, document or f"d{name}", event, Coder("1", "1", "1")),
        trigger=trigger,
        evidence=trigger,
        publisher=publisher,
        published=day,
        known_at=datetime.combine(day, time(12), UTC),
        witness=witness or f"w{name}",
        superseded_by=superseded_by,
        is_retracted=is_retracted,
    )
